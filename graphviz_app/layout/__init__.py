"""Where nodes and edges go: a layered layout of autograd graphs. Knows neither torch nor Qt."""
