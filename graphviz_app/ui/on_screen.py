"""A window is always where a person can get at it, wherever it was when it was last closed."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

LEAST = 100
"""Pixels of the window, each way, that must lie on some screen."""


def bring_on_screen(window: QWidget) -> None:
    """Move a window that no screen shows enough of to the main one, no larger than it."""
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    moved = placed(window.geometry(), screens)
    if moved != window.geometry():
        window.setGeometry(moved)


def placed(window: QRect, screens: list[QRect]) -> QRect:
    """Where a window should be: where it is, or in the middle of the first screen if too little of it is on any."""
    if not screens:
        return window
    least_width, least_height = min(LEAST, window.width()), min(LEAST, window.height())
    for screen in screens:
        seen = screen.intersected(window)
        # Its upper edge is what it is dragged by.
        if seen.width() >= least_width and seen.height() >= least_height and window.top() >= screen.top() - LEAST:
            return window
    first = screens[0]
    size = window.size().boundedTo(first.size())
    moved = QRect(first.topLeft(), size)
    moved.moveCenter(first.center())
    return moved
