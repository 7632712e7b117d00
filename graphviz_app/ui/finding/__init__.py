"""Finding nodes: the search, the list of nodes, and filters."""
