"""The panels around the graph: playback, inspector, variables and tensors. Each is a view with setters and signals."""
