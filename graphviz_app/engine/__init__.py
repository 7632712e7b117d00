"""The torch side: runs a program, records its forward and backward. Does not know Qt."""
