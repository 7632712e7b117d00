"""A column of headings, lines and values: the paper the inspector writes on, over and over."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from graphviz_app.recording.model import NONE
from graphviz_app.ui.later import Turns
from graphviz_app.ui.panels.page import Page, Piece, Spot
from graphviz_app.ui.panels.rows import ROWS
from graphviz_app.ui.panels.value_block import ValueBlock
from graphviz_app.ui.panels.watcher import Unavailable, ValueWatcher
from graphviz_app.ui.theme import Theme

_SHEETS = 60
"""So many sheets are kept: most steps of a pass run one of a few kinds of node."""


class Sheet(QWidget):
    """Takes pieces of one shape; their values fill in as they arrive.

    Parameters
    ----------
    theme
        Colours.
    watcher
        Who knows the values, and is asked for those that are put here.
    pieces
        Pieces of its shape.
    """

    def __init__(self, theme: Theme, watcher: ValueWatcher, pieces: Sequence[Piece]) -> None:
        super().__init__()
        self._watcher = watcher
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._rows = [ROWS[type(piece)](column, theme, piece) for piece in pieces]
        self._blocks: list[ValueBlock] = [block for row in self._rows for block in row.blocks]
        for block in self._blocks:
            block.allWanted.connect(watcher.fetch)

    def write(self, pieces: Sequence[Piece]) -> None:
        """Write pieces over the last ones."""
        for row, piece in zip(self._rows, pieces, strict=True):
            row.fill(piece)

    @property
    def refs(self) -> list[int]:
        """The values that are put here."""
        return [block.ref for block in self._blocks] + [ref for row in self._rows for ref, _ in row.texts]

    def refresh(self) -> None:
        """Fill in what is known, and say of the rest that it is on its way."""
        for fill in self.stale():
            fill()

    def stale(self) -> list[Callable[[], object]]:
        """What there is to fill in: a task for each value, since a large one takes as long as half a frame."""
        known = self._watcher.known
        stale = [block for block in self._blocks if block.ref != NONE and not block.shows(known(block.ref))]
        return [*[partial(self._fill, block) for block in stale], self._fill_texts]

    def _fill(self, block: ValueBlock) -> None:
        if block.ref != NONE:
            block.set_value(block.ref, self._watcher.known(block.ref))

    def _fill_texts(self) -> None:
        for row in self._rows:
            for ref, where in row.texts:
                known = self._watcher.known(ref)
                if known is not None:
                    where.setText(known.said if isinstance(known, Unavailable) else known.text)

    def blocks_of(self, ref: int) -> list[ValueBlock]:
        """Every block that shows a ref."""
        return [block for block in self._blocks if block.ref == ref]


class Book(QWidget):
    """Shows one page at a time, on sheets of its shapes that are made once: making all widgets anew takes as long as
    several frames, and a pass that plays turns the page five times a second.

    The guests keep their places for the same reason, in the order in which they are given: a widget that moves is
    styled anew with all there is inside it. What is written before, between and after them is on sheets of its own.

    Parameters
    ----------
    theme, watcher
        As for a :class:`Sheet`.
    guests
        Widgets that fill themselves and outlive the book.
    """

    def __init__(self, theme: Theme, watcher: ValueWatcher, guests: Sequence[QWidget]) -> None:
        super().__init__()
        self._theme, self._watcher, self._guests = theme, watcher, tuple(guests)
        self._sheets: dict[tuple[Hashable, ...], Sheet] = {}
        self._open: list[Sheet] = []
        self._turns = Turns(self)
        self._fillings = Turns(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 16)
        self._column.setSpacing(4)
        self._spots: list[tuple[int, float]] = []
        """Where each widget of the column lies, in its order; a guest behind all sheets before it."""
        for place, guest in enumerate(self._guests):
            self._column.addWidget(guest)
            self._spots.append((place, math.inf))
            guest.hide()
        self._column.addStretch(1)

    def turn_to(self, page: Page, turned: Callable[[], object] = lambda: None) -> None:
        """Show a page, and ask for the values that are put there; then call `turned`.

        At once when there are sheets for it. Otherwise what is shown stays until they are made, each in a turn of the
        event loop.
        """
        missing = [
            partial(self._make, spot, pieces)
            for spot, pieces in page.sheets(self._guests)
            if _shape(spot, pieces) not in self._sheets
        ]
        if missing:
            self._turns.ask(*missing, partial(self._turn, page, turned))
        else:
            self._turns.ask()
            self._turn(page, turned)

    def is_turned(self) -> bool:
        """Whether the page last asked for is shown."""
        return self._turns.are_done()

    def is_filled(self) -> bool:
        """Whether every value that has arrived stands there."""
        return self._fillings.are_done()

    def _turn(self, page: Page, turned: Callable[[], object]) -> None:
        sheets = []
        for spot, pieces in page.sheets(self._guests):
            shape = _shape(spot, pieces)
            sheet = self._sheets.pop(shape, None) or self._make(spot, pieces)
            self._sheets[shape] = sheet  # the last one used
            sheet.write(pieces)
            sheets.append(sheet)
        self._watcher.want([ref for sheet in sheets for ref in sheet.refs])
        for sheet in sheets:
            sheet.refresh()
        self._fillings.ask()
        before, self._open = self._open, sheets
        for widget in (*before, *self._guests):
            if widget not in sheets and not page.has_guest(widget):
                widget.hide()
        for sheet in sheets:
            if sheet not in before:
                sheet.show()
        while len(self._sheets) > max(_SHEETS, len(sheets)):
            self._throw_away(next(iter(self._sheets)))
        turned()

    def apply_theme(self, theme: Theme) -> None:
        """Make the sheets of the pages that follow in another theme; those there are go, the guests stay."""
        self._theme = theme
        self._turns.ask()
        self._fillings.ask()
        self._open = []
        for shape in list(self._sheets):
            self._throw_away(shape)

    def refresh(self) -> None:
        """Fill in what has become known, soon."""
        self._fillings.ask(*[fill for sheet in self._open for fill in sheet.stale()])

    def blocks_of(self, ref: int) -> list[ValueBlock]:
        """Every block that shows a ref."""
        return [block for sheet in self._open for block in sheet.blocks_of(ref)]

    def _make(self, spot: Spot, pieces: Sequence[Piece]) -> Sheet:
        """A sheet for pieces, in its place, ready and unseen."""
        sheet = Sheet(self._theme, self._watcher, pieces)
        sheet.hide()
        at = bisect_right(self._spots, spot)
        self._spots.insert(at, spot)
        self._column.insertWidget(at, sheet)
        for part in sheet.findChildren(QWidget):
            part.ensurePolished()
        self._sheets[_shape(spot, pieces)] = sheet
        return sheet

    def _throw_away(self, shape: tuple[Hashable, ...]) -> None:
        sheet = self._sheets.pop(shape)
        sheet.hide()
        del self._spots[self._column.indexOf(sheet)]
        self._column.removeWidget(sheet)
        # It may hold the very button whose press brought us here.
        sheet.deleteLater()


def _shape(spot: Spot, pieces: Sequence[Piece]) -> tuple[Hashable, ...]:
    """Pieces of one shape and place differ in words and numbers alone."""
    return (spot, *(piece.shape for piece in pieces))
