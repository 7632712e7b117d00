"""Memory that is free again, given back to the system."""

from __future__ import annotations

import ctypes
import sys

MANY = 20_000
"""Nodes from which a recording leaves so much behind that it is worth a few tens of milliseconds on another thread."""


def give_back() -> None:
    """Give free memory back. The C library of Linux keeps what large messages took; others give it back themselves."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)
