"""The data: recordings, and how they are read, compared, saved and opened. Knows neither torch nor Qt."""
