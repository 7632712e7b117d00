"""When and how modules are imported, so that the window waits for none it does not need."""

from __future__ import annotations

import builtins
import importlib
import threading

import PySide6.QtCore  # noqa: F401  (replaces the import)


def plain_imports() -> None:
    """Import the usual way from here on.

    To know whether a module uses PySide's ``__feature__`` switches, which nothing here does, PySide's own import reads
    and decodes the source of every module that is imported: a tenth of a second until the window stands.
    """
    original = getattr(builtins, "__orig_import__", None)
    if original is not None:
        builtins.__import__ = original


AHEAD = (
    "graphviz_app.ui.tensor.plane",
    "graphviz_app.ui.tensor.series",
    "graphviz_app.ui.tensor.bars",
    "graphviz_app.ui.math.steppage",
    "graphviz_app.ui.math.chain",
    "graphviz_app.ui.math.derivative",
    "graphviz_app.ui.math.whatif",
    "graphviz_app.ui.math.check",
    "graphviz_app.ui.math.health",
    "graphviz_app.ui.gif",
    "graphviz_app.ui.lessons.page",
)
"""What the first pictures of tensors, pages about derivatives, animation and lesson need: half a second."""


def import_ahead() -> threading.Thread:
    """Import on a thread what will be wanted soon; whoever wants it sooner waits for no more than before."""
    thread = threading.Thread(target=lambda: [importlib.import_module(name) for name in AHEAD], daemon=True)
    thread.start()
    return thread
