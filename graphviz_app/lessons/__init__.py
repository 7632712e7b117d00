"""Lessons as plain data: folders of Markdown read strictly and within limits. Knows neither torch nor Qt."""
