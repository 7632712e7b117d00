"""What is written on a sheet, as plain data: the same pieces in the same order can be written over the last ones."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from graphviz_app.ui.panels.facts import Grad
from graphviz_app.ui.panels.matrix import Tint

Go = Callable[[], object]
Spot = tuple[int, int]
"""Where a sheet lies: before which guest (or after the last), and the how manieth there."""
SHEET = 10
"""So many pieces are written on one sheet: it is made within a frame."""


@dataclass(frozen=True)
class Title:
    """The name of what is shown, with its sign or its icon (name and role)."""

    sign: str
    icon: tuple[str, str] | None
    text: str

    @property
    def shape(self) -> Hashable:
        """What a widget for it cannot change: a word stands above, a sign or an icon beside."""
        return "title", "word" if len(self.sign) > 2 else "sign" if self.sign else "icon" if self.icon else ""


@dataclass(frozen=True)
class Links:
    """Short facts on a line, some of which go somewhere."""

    parts: tuple[tuple[str, Go | None], ...]

    @property
    def shape(self) -> Hashable:
        """Which of them are links."""
        return "links", tuple(go is not None for _, go in self.parts)


@dataclass(frozen=True)
class Heading:
    """The name of a section."""

    text: str
    shape: Hashable = "heading"


@dataclass(frozen=True)
class Line:
    """A sentence."""

    text: str
    dim: bool

    @property
    def shape(self) -> Hashable:
        """Its colour."""
        return "line", self.dim


@dataclass(frozen=True)
class Name:
    """The name of a value, and its shape or version at the right."""

    text: str
    about: str
    go: Go | None

    @property
    def shape(self) -> Hashable:
        """Whether it is a link."""
        return "name", self.go is not None


@dataclass(frozen=True)
class Value:
    """A stored value, or a gradient at the current step: numbers, or why there are none."""

    grad: Grad
    tint: Tint
    says_shape: bool = False

    @property
    def shape(self) -> Hashable:
        """Its colours."""
        return "value", self.tint


@dataclass(frozen=True)
class Sum:
    """``before + increment = after`` written one below the other."""

    before: Grad
    increment: Grad
    after: Grad
    shape: Hashable = "sum"


@dataclass(frozen=True)
class Pairs:
    """Names and short texts in two columns."""

    rows: tuple[tuple[str, str], ...]

    @property
    def shape(self) -> Hashable:
        """How many."""
        return "pairs", len(self.rows)


@dataclass(frozen=True)
class Equation:
    """``None + [3, 4] = [3, 4]`` on one line where it fits, in short texts."""

    before: int
    increment: int
    after: int
    shape: Hashable = "equation"


@dataclass(frozen=True)
class Item:
    """One line of a list, which goes somewhere."""

    icon: tuple[str, str]
    text: str
    about: str
    go: Go
    shape: Hashable = "item"


@dataclass(frozen=True)
class Guest:
    """A widget that fills itself and outlives the sheet."""

    widget: QWidget


Piece = Title | Links | Heading | Line | Name | Value | Sum | Pairs | Equation | Item


class Page:
    """Pieces from top to bottom."""

    def __init__(self) -> None:
        self.pieces: list[Piece | Guest] = []

    def sheets(self, guests: Sequence[QWidget]) -> list[tuple[Spot, list[Piece]]]:
        """What stands on each sheet, and where the sheet lies between `guests`; those here come in that order."""
        found: dict[Spot, list[Piece]] = {}
        place = count = 0
        for piece in self.pieces:
            if isinstance(piece, Guest):
                place, count = guests.index(piece.widget) + 1, 0
            else:
                found.setdefault((place, count // SHEET), []).append(piece)
                count += 1
        return list(found.items())

    def has_guest(self, widget: QWidget) -> bool:
        """Whether a widget is a guest here."""
        return any(isinstance(piece, Guest) and piece.widget is widget for piece in self.pieces)

    def guest(self, widget: QWidget) -> None:
        """See :class:`Guest`."""
        self.pieces.append(Guest(widget))

    def title(self, sign: str, icon: tuple[str, str] | None, text: str) -> None:
        """See :class:`Title`."""
        self.pieces.append(Title(sign, icon, text))

    def links(self, parts: list[tuple[str, Go | None]]) -> None:
        """See :class:`Links`; empty texts are passed over."""
        self.pieces.append(Links(tuple(part for part in parts if part[0])))

    def heading(self, text: str) -> None:
        """See :class:`Heading`."""
        self.pieces.append(Heading(text))

    def line(self, text: str, *, dim: bool = True) -> None:
        """See :class:`Line`."""
        self.pieces.append(Line(text, dim))

    def name(self, text: str, about: str, go: Go | None = None) -> None:
        """See :class:`Name`."""
        self.pieces.append(Name(text, about, go))

    def value(self, ref: int, tint: Tint) -> None:
        """A stored value, see :class:`Value`."""
        self.pieces.append(Value(Grad("value", ref), tint, says_shape=True))

    def gradient(self, grad: Grad, tint: Tint) -> None:
        """A gradient at the current step, see :class:`Value`."""
        self.pieces.append(Value(grad, tint))

    def sum(self, before: Grad, increment: Grad, after: Grad) -> None:
        """See :class:`Sum`."""
        self.pieces.append(Sum(before, increment, after))

    def pairs(self, rows: list[tuple[str, str]]) -> None:
        """See :class:`Pairs`."""
        self.pieces.append(Pairs(tuple(rows)))

    def equation(self, before: int, increment: int, after: int) -> None:
        """See :class:`Equation`."""
        self.pieces.append(Equation(before, increment, after))

    def item(self, icon: tuple[str, str], text: str, about: str, go: Go) -> None:
        """See :class:`Item`."""
        self.pieces.append(Item(icon, text, about, go))
