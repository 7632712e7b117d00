"""The process boundary between the window and the program it runs."""
