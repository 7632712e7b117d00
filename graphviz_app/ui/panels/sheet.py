"""A column of headings, lines and values: the paper the inspector writes on, over and over."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from graphviz_app.recording.model import NONE
from graphviz_app.ui.panels.page import Page
from graphviz_app.ui.panels.rows import ROWS
from graphviz_app.ui.panels.value_block import ValueBlock
from graphviz_app.ui.panels.watcher import Unavailable, ValueWatcher
from graphviz_app.ui.theme import Theme

_SHEETS = 24
"""So many sheets are kept: most steps of a pass run one of a few kinds of node."""


class Sheet(QWidget):
    """Takes pages of one shape; their values fill in as they arrive.

    Parameters
    ----------
    theme
        Colours.
    watcher
        Who knows the values, and is asked for those that are put here.
    page
        A page of its shape.
    """

    def __init__(self, theme: Theme, watcher: ValueWatcher, page: Page) -> None:
        super().__init__()
        self._watcher = watcher
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(4)
        self._rows = [ROWS[type(piece)](column, theme, piece) for piece in page.pieces]
        column.addStretch(1)
        self._blocks: list[ValueBlock] = [block for row in self._rows for block in row.blocks]
        for block in self._blocks:
            block.allWanted.connect(watcher.fetch)

    def write(self, page: Page) -> None:
        """Write a page over the last one, and ask for the values that are put there."""
        for row, piece in zip(self._rows, page.pieces, strict=True):
            row.fill(piece)
        texts = [ref for row in self._rows for ref, _ in row.texts]
        self._watcher.want([block.ref for block in self._blocks] + texts)
        self.refresh()

    def refresh(self) -> None:
        """Fill in what has become known."""
        for block in self._blocks:
            if block.ref != NONE:
                block.set_value(block.ref, self._watcher.known(block.ref))
        for row in self._rows:
            for ref, where in row.texts:
                known = self._watcher.known(ref)
                if known is not None:
                    where.setText(known.said if isinstance(known, Unavailable) else known.text)

    def block_of(self, ref: int) -> list[ValueBlock]:
        """Every block that shows a ref."""
        return [block for block in self._blocks if block.ref == ref]


class Book(QWidget):
    """Shows one page at a time, on a sheet of its shape that is made once: making all widgets anew takes as long as
    several frames, and a pass that plays turns the page five times a second."""

    def __init__(self, theme: Theme, watcher: ValueWatcher) -> None:
        super().__init__()
        self._theme, self._watcher = theme, watcher
        self._sheets: dict[tuple[Hashable, ...], Sheet] = {}
        self.sheet: Sheet | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def turn_to(self, page: Page) -> None:
        """Show a page."""
        shape = page.shape
        sheet = self._sheets.pop(shape, None)
        if sheet is None:
            sheet = Sheet(self._theme, self._watcher, page)
            sheet.hide()
            self._column.addWidget(sheet)
        self._sheets[shape] = sheet
        sheet.write(page)
        if sheet is not self.sheet:
            if self.sheet is not None:
                self.sheet.hide()
            sheet.show()
            self.sheet = sheet
        while len(self._sheets) > _SHEETS:
            # It may hold the very button whose press brought us here.
            self._sheets.pop(next(iter(self._sheets))).deleteLater()
