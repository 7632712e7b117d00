"""Pictures of tensors: planes, series, bars, numbers, and the pane that holds two of them side by side."""
