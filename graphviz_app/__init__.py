"""graphviz_app: see PyTorch's autograd.

The recording, the engine and the window are imported only when asked for, so that the window's process never
loads torch.
"""

__version__ = "0.1.0"
