"""Everything with a pixel. Does not know torch."""
