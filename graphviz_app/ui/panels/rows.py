"""The widgets of a sheet: a row is made for one shape of a piece and takes the words and numbers of any such piece."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from graphviz_app.recording.model import NONE
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import pixmap
from graphviz_app.ui.panels import page
from graphviz_app.ui.panels.common import label, link, mono, sans, tint
from graphviz_app.ui.panels.facts import Grad
from graphviz_app.ui.panels.flow import Flow, Link, Title
from graphviz_app.ui.panels.matrix import MatrixView, Tint
from graphviz_app.ui.panels.value_block import ValueBlock
from graphviz_app.ui.panels.words import grad_words
from graphviz_app.ui.theme import Theme


class Anchor:
    """A link that goes wherever it was last told to."""

    def __init__(self, theme: Theme, pixels: int, *, code: bool, bold: bool = False) -> None:
        self._go: Callable[[], object] = lambda: None
        font = mono(pixels, bold) if code else sans(pixels, bold)
        self.widget: Link = link("", theme, lambda: self._go(), font=font)

    def lead(self, text: str, go: Callable[[], object]) -> None:
        """Show `text`, and do `go` when it is pressed."""
        self._go = go
        self.widget.set_full_text(text)


class Row:
    """One row: :meth:`fill` writes a piece into it. It is put at the end of `column` when it is made.

    Attributes
    ----------
    blocks
        The values it shows.
    texts
        The short texts it shows of values, by ref.
    """

    def __init__(self) -> None:
        self.blocks: list[ValueBlock] = []
        self.texts: list[tuple[int, QLabel]] = []

    def fill(self, piece: Any) -> None:
        """Write a piece of the shape the row was made for."""


class TitleRow(Row):
    """A sign stands beside the expression; a word would crowd it out and stands above."""

    def __init__(self, column: QVBoxLayout, theme: Theme, piece: page.Title) -> None:
        super().__init__()
        self._theme, self._picture = theme, label("")
        row = QHBoxLayout()
        row.setSpacing(8)
        top, middle = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignVCenter
        word = len(piece.sign) > 2
        self._sign = label("", font=sans(13 if word else 22, True), colour=theme.op_symbol)
        self._text = Title("", mono(16, True), theme.text)
        if word:
            column.addWidget(self._sign)
        elif piece.sign:
            row.addWidget(self._sign, 0, top)
        elif piece.icon is not None:
            row.addWidget(self._picture, 0, middle)
        row.addWidget(self._text, 1, middle)
        column.addLayout(row)

    def fill(self, piece: page.Title) -> None:
        """Show sign or icon, and text."""
        self._sign.setText(piece.sign)
        self._text.set_full_text(piece.text)
        if not piece.sign and piece.icon is not None:
            _draw(self._picture, piece.icon, 18, self._theme)


class LinksRow(Row):
    """The line breaks where it is full."""

    def __init__(self, column: QVBoxLayout, theme: Theme, piece: page.Links) -> None:
        super().__init__()
        self._parts: list[QLabel | Anchor] = []
        row = Flow(baseline=True)
        for place, (_, go) in enumerate(piece.parts):
            if place:
                row.addWidget(label(" · ", font=sans(12), colour=theme.text_faint))
            if go is None:
                text = label("", font=sans(12), colour=theme.text_dim)
                self._parts.append(text)
                row.addWidget(text)
            else:
                anchor = Anchor(theme, 12, code=False)
                self._parts.append(anchor)
                row.addWidget(anchor.widget)
        column.addLayout(row)

    def fill(self, piece: page.Links) -> None:
        """Show the facts."""
        for part, (text, go) in zip(self._parts, piece.parts, strict=True):
            _tell(part, text, go)


class HeadingRow(Row):
    """Stands apart from what is above it."""

    def __init__(self, column: QVBoxLayout, theme: Theme, _piece: page.Heading) -> None:
        super().__init__()
        self._text = label("", font=sans(12, True), colour=theme.text_dim, wrap=True)
        column.addSpacing(12)
        column.addWidget(self._text)

    def fill(self, piece: page.Heading) -> None:
        """Show the text."""
        self._text.setText(piece.text)


class LineRow(Row):
    """A sentence, on as many lines as it needs."""

    def __init__(self, column: QVBoxLayout, theme: Theme, piece: page.Line) -> None:
        super().__init__()
        self._text = label("", colour=theme.text_dim if piece.dim else theme.text, wrap=True)
        column.addWidget(self._text)

    def fill(self, piece: page.Line) -> None:
        """Show the text."""
        self._text.setText(piece.text)


class NameRow(Row):
    """A name at the left, what is known of it at the right."""

    def __init__(self, column: QVBoxLayout, theme: Theme, piece: page.Name) -> None:
        super().__init__()
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        self._part: Anchor | QLabel
        if piece.go is None:
            self._part = label("", font=mono(13, True), colour=theme.text, wrap=True)
            row.addWidget(self._part, 1)
        else:
            self._part = Anchor(theme, 13, code=True, bold=True)
            row.addWidget(self._part.widget)
            row.addStretch(1)
        self._about = label("", font=mono(12), colour=theme.text_dim)
        row.addWidget(self._about)
        column.addLayout(row)

    def fill(self, piece: page.Name) -> None:
        """Show the name and what is known."""
        _tell(self._part, piece.text, piece.go)
        self._about.setText(piece.about)


class ValueRow(Row):
    """One block."""

    def __init__(self, column: QVBoxLayout, theme: Theme, piece: page.Value) -> None:
        super().__init__()
        self.blocks = [ValueBlock(piece.tint, theme)]
        column.addWidget(self.blocks[0])

    def fill(self, piece: page.Value) -> None:
        """Show the words, or leave the room to the number."""
        self.blocks[0].says_shape = piece.says_shape
        _begin(self.blocks[0], piece.grad)


class SumRow(Row):
    """Three blocks, one below the other."""

    def __init__(self, column: QVBoxLayout, theme: Theme, _piece: page.Sum) -> None:
        super().__init__()
        grid = QGridLayout()
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        rows: list[tuple[str, str, Tint]] = [
            ("", tr("before"), "plain"),
            ("+", tr("this pass"), "gradient"),
            ("=", ".grad", "plain"),
        ]
        for row, (mark, word, colours) in enumerate(rows):
            block = ValueBlock(colours, theme, narrow=True)
            block.setMinimumHeight(MatrixView.LINE)
            for place, text in enumerate((label(mark, font=mono(15)), label(word))):
                text.setFixedHeight(MatrixView.LINE)
                tint(text, theme.text_dim)
                grid.addWidget(text, row, place, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(block, row, 2)
            self.blocks.append(block)
        column.addLayout(grid)

    def fill(self, piece: page.Sum) -> None:
        """Show the three."""
        for block, grad in zip(self.blocks, (piece.before, piece.increment, piece.after), strict=True):
            _begin(block, grad)


class PairsRow(Row):
    """Two columns."""

    def __init__(self, column: QVBoxLayout, theme: Theme, piece: page.Pairs) -> None:
        super().__init__()
        grid = QGridLayout()
        grid.setContentsMargins(0, 2, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        self._labels: list[tuple[QLabel, QLabel]] = []
        for row in range(len(piece.rows)):
            name = label("", font=mono(), colour=theme.text_dim)
            text = label("", font=mono(), colour=theme.text, wrap=True)
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text, row, 1)
            self._labels.append((name, text))
        column.addLayout(grid)

    def fill(self, piece: page.Pairs) -> None:
        """Show names and texts."""
        for (left, right), (name, text) in zip(self._labels, piece.rows, strict=True):
            left.setText(name)
            right.setText(text)


class EquationRow(Row):
    """Three short texts with their marks between them."""

    def __init__(self, column: QVBoxLayout, theme: Theme, _piece: page.Equation) -> None:
        super().__init__()
        row = Flow(spacing=6)
        self._terms: list[QLabel] = []
        for mark, colour in (("", theme.text), ("+", theme.grad), ("=", theme.text)):
            if mark:
                row.addWidget(label(mark, font=mono(), colour=theme.text_dim))
            self._terms.append(label("", font=mono(), colour=colour))
            row.addWidget(self._terms[-1])
        column.addLayout(row)

    def fill(self, piece: page.Equation) -> None:
        """Show what needs no asking."""
        refs = (piece.before, piece.increment, piece.after)
        for text, ref in zip(self._terms, refs, strict=True):
            text.setText(tr("None") if ref == NONE else "…")
        self.texts = [(ref, text) for text, ref in zip(self._terms, refs, strict=True) if ref != NONE]


class ItemRow(Row):
    """Icon, link, and what it is."""

    def __init__(self, column: QVBoxLayout, theme: Theme, _piece: page.Item) -> None:
        super().__init__()
        self._theme, self._picture = theme, label("")
        self._anchor, self._about = Anchor(theme, 13, code=True), label("", font=sans(12), colour=theme.text_dim)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._picture)
        row.addWidget(self._anchor.widget)
        row.addStretch(1)
        row.addWidget(self._about)
        column.addLayout(row)

    def fill(self, piece: page.Item) -> None:
        """Show all three."""
        _draw(self._picture, piece.icon, 14, self._theme)
        self._anchor.lead(piece.text, piece.go)
        self._about.setText(piece.about)


ROWS: dict[type[page.Piece], Callable[[QVBoxLayout, Theme, Any], Row]] = {
    page.Title: TitleRow,
    page.Links: LinksRow,
    page.Heading: HeadingRow,
    page.Line: LineRow,
    page.Name: NameRow,
    page.Value: ValueRow,
    page.Sum: SumRow,
    page.Pairs: PairsRow,
    page.Equation: EquationRow,
    page.Item: ItemRow,
}
"""The row each kind of piece is written into."""


def _tell(part: Anchor | QLabel, text: str, go: page.Go | None) -> None:
    if isinstance(part, QLabel):
        part.setText(text)
    elif go is not None:
        part.lead(text, go)


def _begin(block: ValueBlock, grad: Grad) -> None:
    words = grad_words(grad)
    if words:
        block.set_words(words)
    else:
        block.expect(grad.ref)


def _draw(picture: QLabel, icon: tuple[str, str], size: int, theme: Theme) -> None:
    picture.setPixmap(pixmap(icon[0], size, picture.devicePixelRatioF(), icon[1], theme))
