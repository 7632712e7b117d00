"""What the app remembers between starts, with a type and a default for each."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings

ORGANISATION = "graphviz_app"

_TEXT = {"theme": "system", "language": "system", "device": "cpu", "direction": "down"}
_TEXT |= {"districts": "auto", "district_zoom": "on"}
_TEXT |= {"bottom_tab": "tensor", "derivatives_page": "step"}
_TEXT |= {"minimap": "on"}
_NUMBERS = {"seed": 0, "memory_percent": 80, "font_pixels": 14}
_RANGES = {"seed": (0, 2**31 - 1), "memory_percent": (5, 95), "font_pixels": (8, 48)}
_CHOICES = {"theme": ("system", "light", "dark"), "language": ("system", "en", "zh"), "direction": ("down", "right")}
_CHOICES |= {"bottom_tab": ("tensor", "derivatives", "nodes")}
_CHOICES |= {"minimap": ("on", "off")}
_CHOICES |= {"districts": ("auto", "always", "never"), "district_zoom": ("on", "off")}


class Settings:
    """Remembered choices. A value that makes no sense (edited by hand, from a newer version) reads as the default."""

    def __init__(self, store: QSettings | None = None) -> None:
        self.store = store or QSettings(ORGANISATION, ORGANISATION)

    def text(self, name: str) -> str:
        """A choice among words."""
        value = str(self.store.value(name, _TEXT[name]))
        choices = _CHOICES.get(name)
        return value if choices is None or value in choices else _TEXT[name]

    def number(self, name: str) -> int:
        """A whole number within its range."""
        low, high = _RANGES[name]
        try:
            value = int(str(self.store.value(name, _NUMBERS[name])))
        except ValueError:
            return _NUMBERS[name]
        return value if low <= value <= high else _NUMBERS[name]

    def bounds(self, name: str) -> tuple[int, int]:
        """Smallest and greatest value of a number."""
        return _RANGES[name]

    def set(self, name: str, value: str | int) -> None:
        """Remember `value` under a known name."""
        if name not in _TEXT and name not in _NUMBERS:
            raise KeyError(name)
        self.store.setValue(name, value)

    def state(self, name: str) -> QByteArray:
        """Geometry of a window or splitter; empty when never saved."""
        value = self.store.value(f"state/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_state(self, name: str, value: QByteArray) -> None:
        """Remember the geometry of a window or splitter."""
        self.store.setValue(f"state/{name}", value)
