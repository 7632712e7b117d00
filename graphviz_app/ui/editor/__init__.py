"""Where a program is typed and where its output is read."""
