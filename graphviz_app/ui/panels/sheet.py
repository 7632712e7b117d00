"""A column of headings, lines and values: the paper the inspector writes on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from graphviz_app.recording.model import NONE
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import pixmap
from graphviz_app.ui.panels.common import label, link, mono, sans
from graphviz_app.ui.panels.common import tint as tint_text
from graphviz_app.ui.panels.facts import Grad
from graphviz_app.ui.panels.flow import Flow, Title
from graphviz_app.ui.panels.matrix import MatrixView, Tint
from graphviz_app.ui.panels.value_block import ValueBlock
from graphviz_app.ui.panels.watcher import ValueWatcher
from graphviz_app.ui.panels.words import grad_words
from graphviz_app.ui.theme import Theme


class Sheet(QWidget):
    """Written once from top to bottom; its values fill in as they arrive.

    Parameters
    ----------
    theme
        Colours.
    watcher
        Who knows the values, and is asked for those that are put here.
    """

    def __init__(self, theme: Theme, watcher: ValueWatcher) -> None:
        super().__init__()
        self.theme = theme
        self._watcher = watcher
        self._blocks: list[ValueBlock] = []
        self._texts: list[tuple[int, QLabel]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 16)
        self._column.setSpacing(4)

    def end(self) -> None:
        """Nothing follows: push everything up, and ask for the values that were put here."""
        self._column.addStretch(1)
        self._watcher.want([block.ref for block in self._blocks] + [ref for ref, _ in self._texts])
        self.refresh()

    def refresh(self) -> None:
        """Fill in what has become known."""
        for block in self._blocks:
            if block.ref != NONE:
                block.set_value(block.ref, self._watcher.known(block.ref))
        for ref, where in self._texts:
            known = self._watcher.known(ref)
            if known is not None:
                where.setText(known if isinstance(known, str) else known.text)

    def block_of(self, ref: int) -> list[ValueBlock]:
        """Every block that shows a ref."""
        return [block for block in self._blocks if block.ref == ref]

    def title(self, sign: str, icon: tuple[str, str] | None, text: str) -> None:
        """The name of what is shown, with its sign or icon."""
        row = QHBoxLayout()
        row.setSpacing(8)
        if len(sign) > 2:
            # A sign stands beside the expression; a word would crowd it out and stands above.
            self._column.addWidget(label(sign, font=sans(13, True), colour=self.theme.op_symbol))
        elif sign:
            row.addWidget(label(sign, font=sans(22, True), colour=self.theme.op_symbol), 0, Qt.AlignmentFlag.AlignTop)
        elif icon is not None:
            row.addWidget(self._picture(icon, 18), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(Title(text, mono(16, True), self.theme.text), 1, Qt.AlignmentFlag.AlignVCenter)
        self._column.addLayout(row)

    def links(self, parts: list[tuple[str, Callable[[], object] | None]]) -> None:
        """Short facts on a line, some of which go somewhere; the line breaks where it is full."""
        row = Flow()
        for place, (text, go) in enumerate(part for part in parts if part[0]):
            if place:
                row.addWidget(label(" · ", font=sans(12), colour=self.theme.text_faint))
            if go is None:
                row.addWidget(label(text, font=sans(12), colour=self.theme.text_dim))
            else:
                row.addWidget(link(text, self.theme, go, font=sans(12)))
        self._column.addLayout(row)

    def heading(self, text: str) -> None:
        """The name of a section."""
        self._column.addSpacing(12)
        self._column.addWidget(label(text, font=sans(12, True), colour=self.theme.text_dim, wrap=True))

    def line(self, text: str, *, dim: bool = True) -> None:
        """A sentence."""
        self._column.addWidget(label(text, colour=self.theme.text_dim if dim else self.theme.text, wrap=True))

    def name(self, text: str, about: str, go: Callable[[], object] | None = None) -> None:
        """The name of a value, and its shape or version at the right."""
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        if go is None:
            row.addWidget(label(text, font=mono(13, True), colour=self.theme.text, wrap=True), 1)
        else:
            row.addWidget(link(text, self.theme, go, font=mono(13, True)))
            row.addStretch(1)
        row.addWidget(label(about, font=mono(12), colour=self.theme.text_dim))
        self._column.addLayout(row)

    def value(self, ref: int, tint: Tint) -> None:
        """A stored value."""
        block = self._block(tint, ref)
        block.says_shape = True
        self._column.addWidget(block)

    def gradient(self, grad: Grad, tint: Tint) -> None:
        """A gradient at the current step: numbers, or why there are none."""
        block = self._block(tint, grad.ref)
        words = grad_words(grad)
        if words:
            block.set_words(words)
        self._column.addWidget(block)

    def sum(self, before: Grad, increment: Grad, after: Grad) -> None:
        """``before + increment = after`` written one below the other."""
        grid = QGridLayout()
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        rows: list[tuple[str, str, Grad, Tint]] = [
            ("", tr("before"), before, "plain"),
            ("+", tr("this pass"), increment, "gradient"),
            ("=", ".grad", after, "plain"),
        ]
        for row, (mark, word, grad, tint) in enumerate(rows):
            block = self._block(tint, grad.ref)
            block.setMinimumHeight(MatrixView.LINE)
            words = grad_words(grad)
            if words:
                block.set_words(words)
            for column, text in enumerate((label(mark, font=mono(15)), label(word))):
                text.setFixedHeight(MatrixView.LINE)
                tint_text(text, self.theme.text_dim)
                grid.addWidget(text, row, column, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(block, row, 2)
        self._column.addLayout(grid)

    def pairs(self, rows: list[tuple[str, str]]) -> None:
        """Names and short texts in two columns."""
        grid = QGridLayout()
        grid.setContentsMargins(0, 2, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for row, (name, text) in enumerate(rows):
            grid.addWidget(label(name, font=mono(), colour=self.theme.text_dim), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(text, font=mono(), colour=self.theme.text, wrap=True), row, 1)
        self._column.addLayout(grid)

    def equation(self, before: int, increment: int, after: int) -> None:
        """``None + [3, 4] = [3, 4]`` on one line where it fits, in short texts."""
        row = Flow(spacing=6)
        theme = self.theme
        for mark, ref, colour in (("", before, theme.text), ("+", increment, theme.grad), ("=", after, theme.text)):
            if mark:
                row.addWidget(label(mark, font=mono(), colour=theme.text_dim))
            text = label(tr("None") if ref == NONE else "…", font=mono(), colour=colour)
            if ref != NONE:
                self._texts.append((ref, text))
            row.addWidget(text)
        self._column.addLayout(row)

    def item(self, icon: tuple[str, str], text: str, about: str, go: Callable[[], object]) -> None:
        """One line of a list, which goes somewhere."""
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._picture(icon, 14))
        row.addWidget(link(text, self.theme, go, font=mono()))
        row.addStretch(1)
        row.addWidget(label(about, font=sans(12), colour=self.theme.text_dim))
        self._column.addLayout(row)

    def _picture(self, icon: tuple[str, str], size: int) -> QLabel:
        picture = QLabel()
        picture.setPixmap(pixmap(icon[0], size, self.devicePixelRatioF(), icon[1], self.theme))
        return picture

    def _block(self, tint: Tint, ref: int) -> ValueBlock:
        block = ValueBlock(tint, self.theme)
        block.ref = ref
        block.allWanted.connect(self._watcher.fetch)
        self._blocks.append(block)
        return block
