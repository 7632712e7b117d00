"""The graph as one painted surface (house.md, "The canvas")."""
