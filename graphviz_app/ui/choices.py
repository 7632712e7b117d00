"""What a person chooses once for all runs and windows: seed, memory, direction of the graph, size of the text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from graphviz_app.ui.controller import Controller
from graphviz_app.ui.dialogs import ask_number
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panes import Panes
from graphviz_app.ui.settings import Settings


class Choices(QObject):
    """Asks for such choices, keeps them and applies them.

    Parameters
    ----------
    controller, panes
        Who follows them.
    settings
        Where they are kept.
    window
        Where questions are asked.
    """

    def __init__(self, controller: Controller, panes: Panes, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._controller, self._panes, self._settings, self._window = controller, panes, settings, window

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions do."""
        return {
            "run.seed": self._ask_seed,
            "run.memory": self._ask_memory,
            "view.right": self._set_right,
            "view.larger_text": lambda: self._zoom_text(1),
            "view.smaller_text": lambda: self._zoom_text(-1),
        }

    def keep_font_pixels(self, pixels: int) -> None:
        """The text of programs has another size now, in pixels."""
        self._settings.set("font_pixels", pixels)
        self._panes.aside.set_font_pixels(pixels)

    def _zoom_text(self, by: int) -> None:
        self.keep_font_pixels(max(8, min(48, self._settings.number("font_pixels") + by)))
        self._panes.editor.set_font_pixels(self._settings.number("font_pixels"))

    def _set_right(self, right: bool) -> None:
        direction = "right" if right else "down"
        self._settings.set("direction", direction)
        self._controller.set_direction(direction)

    def _ask_seed(self) -> None:
        text = tr("Runs with the same seed are repeatable.")
        seed = ask_number(self._window, tr("Seed"), text, self._settings, "seed")
        if seed is not None:
            self._settings.set("seed", seed)

    def _ask_memory(self) -> None:
        text = tr("Stop a program that uses more than this many percent of the memory that was free when it started.")
        percent = ask_number(self._window, tr("Memory limit"), text, self._settings, "memory_percent")
        if percent is not None:
            self._settings.set("memory_percent", percent)
