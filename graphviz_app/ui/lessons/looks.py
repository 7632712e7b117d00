"""How a lesson's page looks: faces, sizes, distances and colours of each kind of block."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextFormat,
    QTextFrameFormat,
    QTextOption,
    QTextTableCellFormat,
    QTextTableFormat,
)

from graphviz_app.lessons.model import Place, Run
from graphviz_app.ui import theme as themes
from graphviz_app.ui.editor.highlighter import token_formats
from graphviz_app.ui.theme import Theme

_OWN: Final = int(QTextFormat.Property.UserProperty.value)
QUOTES: Final = _OWN + 1
"""Property of a block: in so many quotes it stands; a bar is painted beside it for each."""
BOX: Final = _OWN + 2
"""Property of a block: the number of the box of code it is a line of, from 1."""
LINE_ACROSS: Final = _OWN + 3
"""Property of a block: it is a line across the page."""

PADDING: Final = 12
"""Between a box's border and its text."""
_HEADINGS: Final = {1: (1.60, 0, 10), 2: (1.23, 24, 8), 3: (1.05, 18, 6), 4: (1.0, 14, 4)}
"""Size by level, as a multiple of the text's; room above and below."""
_LEADING, _CODE_LEADING = 0.48, 0.36
"""Between two lines, as a multiple of the text's height: a line with a formula is no further from the next."""
_MORE: Final = QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value
_STEP: Final = 22
"""Indent of a list."""
QUOTE_STEP: Final = 18
"""Indent of a quote."""


class Looks:
    """The formats of a page.

    Parameters
    ----------
    theme
        Its colours.
    pixels
        Height of its text's face.
    """

    def __init__(self, theme: Theme, pixels: int) -> None:
        self.theme, self.pixels = theme, pixels
        self._runs: dict[tuple[str, bool, bool, bool, str], QTextCharFormat] = {}
        self._cell_boxes: dict[bool, QTextTableCellFormat] = {}
        self._cells: dict[str, QTextBlockFormat] = {}
        self._tokens = token_formats(theme)
        for shown in self._tokens.values():
            self._give_font(shown, themes.mono(pixels * 0.88))
            shown.setFontWeight(QFont.Weight.Normal)

    # Text

    def run(self, run: Run, role: str = "text") -> QTextCharFormat:
        """A piece of a paragraph; made once for all that look alike, and not to be changed."""
        alike = run.kind, run.bold, run.italic, bool(run.target), role
        if alike not in self._runs:
            self._runs[alike] = self._run(run, role)
        return self._runs[alike]

    def _run(self, run: Run, role: str) -> QTextCharFormat:
        font = themes.mono(self.pixels * 0.92) if run.kind == "code" else themes.sans(self.pixels)
        if run.bold:
            font.setWeight(QFont.Weight.DemiBold)
        font.setItalic(run.italic)
        result = self._text(font, role)
        if run.kind == "code" and not run.target:
            result.setBackground(self.theme.color("surface_alt"))
        return result

    def link(self, run: Run, *, leaves: bool) -> QTextCharFormat:
        """A link; one that leaves the app is underlined, one that stays has dots."""
        result = QTextCharFormat(self.run(run, "selection_border"))
        style = QTextCharFormat.UnderlineStyle
        result.setUnderlineStyle(style.SingleUnderline if leaves else style.DotLine)
        return result

    def heading(self, level: int, run: Run) -> QTextCharFormat:
        """A piece of a heading."""
        size = self.pixels * _HEADINGS[level][0]
        font = themes.mono(size * 0.94) if run.kind == "code" else themes.sans(size)
        font.setWeight(QFont.Weight.DemiBold)
        return self._text(font, "text")

    def code(self) -> QTextCharFormat:
        """Code without colours."""
        return self._text(themes.mono(self.pixels * 0.88), "text")

    def token(self, kind: str) -> QTextCharFormat | None:
        """A token of a program; ``None`` when it looks like any code."""
        return self._tokens.get(kind)

    def small(self, role: str = "text_dim") -> QTextCharFormat:
        """A caption, the name of a program."""
        return self._text(themes.sans(self.pixels * 0.86), role)

    def small_run(self, run: Run) -> QTextCharFormat:
        """A piece of a caption."""
        result = QTextCharFormat(self.run(run, "text_dim"))
        font = themes.mono(self.pixels * 0.82) if run.kind == "code" else themes.sans(self.pixels * 0.86)
        font.setItalic(run.italic)
        self._give_font(result, font)
        return result

    # Blocks

    def paragraph(self, place: Place, marker: str = "", *, after_list: bool = False) -> QTextBlockFormat:
        """A paragraph; with `marker`, the first of an item, whose marker hangs to the left."""
        result = self._block(place)
        result.setTopMargin(7 if after_list and not place.lists else 0)
        result.setBottomMargin(5 if place.lists else 11)
        if marker:
            result.setTextIndent(-_STEP)
            result.setTabPositions([QTextOption.Tab(_STEP, QTextOption.TabType.LeftTab)])
        return result

    def heading_block(self, level: int, place: Place) -> QTextBlockFormat:
        """A heading."""
        _, above, below = _HEADINGS[level]
        result = self._block(place)
        result.setLineHeight(0.25 * self.pixels, _MORE)
        result.setTopMargin(above)
        result.setBottomMargin(below)
        result.setHeadingLevel(level)
        return result

    def code_line(self, place: Place, box: int, *, first: bool, last: bool) -> QTextBlockFormat:
        """A line of code."""
        result = self._in_box(place, box)
        result.setLineHeight(_CODE_LEADING * self.pixels, _MORE)
        result.setTopMargin(6 + PADDING if first else 0)
        result.setBottomMargin(16 + PADDING if last else 0)
        return result

    def code_header(self, place: Place, box: int) -> QTextBlockFormat:
        """The line above a program."""
        result = self._in_box(place, box)
        result.setTopMargin(6 + PADDING)
        result.setBottomMargin(14)
        result.setLineHeight(0, QTextBlockFormat.LineHeightTypes.SingleHeight.value)
        return result

    def centred(self, place: Place, below: int) -> QTextBlockFormat:
        """A picture, its caption, a formula by itself."""
        result = self._block(place)
        result.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        result.setBottomMargin(below)
        return result

    def across(self, place: Place) -> QTextBlockFormat:
        """A line across."""
        result = self._block(place)
        result.setProperty(LINE_ACROSS, True)
        result.setBottomMargin(8)
        return result

    def table(self, place: Place) -> QTextTableFormat:
        """A table, as books have them: lines under the rows, none between the columns."""
        result = QTextTableFormat()
        result.setCellSpacing(0)
        result.setBorder(0)
        result.setBorderCollapse(True)
        result.setLeftMargin(self.indent(place))
        result.setTopMargin(2)
        result.setBottomMargin(14)
        result.setHeaderRowCount(1)
        return result

    def cell_box(self, *, first_row: bool) -> QTextTableCellFormat:
        """The line under a cell, stronger under a heading, and the room around its text; made once."""
        if first_row not in self._cell_boxes:
            self._cell_boxes[first_row] = self._cell_box(first_row)
        return self._cell_boxes[first_row]

    def _cell_box(self, first_row: bool) -> QTextTableCellFormat:
        result = QTextTableCellFormat()
        result.setBottomBorder(1)
        result.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        result.setBottomBorderBrush(self.theme.color("border_strong" if first_row else "border"))
        result.setTopPadding(5)
        result.setBottomPadding(5)
        result.setRightPadding(20)
        result.setLeftPadding(2)
        result.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        return result

    def cell(self, align: str) -> QTextBlockFormat:
        """A cell of a table; made once for each way of aligning."""
        if align not in self._cells:
            result = self._cells[align] = QTextBlockFormat()
            flags = Qt.AlignmentFlag
            result.setAlignment({"centre": flags.AlignHCenter, "right": flags.AlignRight}.get(align, flags.AlignLeft))
        return self._cells[align]

    def indent(self, place: Place) -> int:
        """Pixels from the page's left edge to a block's text."""
        return _STEP * place.lists + QUOTE_STEP * place.quotes

    def _block(self, place: Place) -> QTextBlockFormat:
        result = QTextBlockFormat()
        result.setLeftMargin(self.indent(place))
        result.setLineHeight(_LEADING * self.pixels, _MORE)
        if place.quotes:
            result.setProperty(QUOTES, place.quotes)
        return result

    def _in_box(self, place: Place, box: int) -> QTextBlockFormat:
        result = self._block(place)
        result.setLeftMargin(self.indent(place) + PADDING)
        result.setRightMargin(PADDING)
        result.setProperty(BOX, box)
        return result

    def _text(self, font: QFont, role: str) -> QTextCharFormat:
        result = QTextCharFormat()
        self._give_font(result, font)
        result.setForeground(self.theme.color(role))
        return result

    def _give_font(self, shown: QTextCharFormat, font: QFont) -> None:
        shown.setFont(font, QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesAll)
