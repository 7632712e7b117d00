"""Python's own import, which PySide replaces, put back."""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401  (replaces the import)


def plain_imports() -> None:
    """Import the usual way from here on.

    To know whether a module uses PySide's ``__feature__`` switches, which nothing here does, PySide's own import reads
    and decodes the source of every module that is imported: a tenth of a second until the window stands.
    """
    original = getattr(builtins, "__orig_import__", None)
    if original is not None:
        builtins.__import__ = original
