"""What is painted under a lesson's text: boxes of code, bars beside quotes, lines across the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextBlock

from graphviz_app.ui.lessons.looks import BOX, LINE_ACROSS, PADDING, QUOTE_STEP, QUOTES
from graphviz_app.ui.theme import Theme

if TYPE_CHECKING:
    from graphviz_app.ui.lessons.page import LessonPage

_BAR, _RADIUS = 3.0, 6.0


def paint_under(painter: QPainter, page: LessonPage, theme: Theme, boxes: list[tuple[int, int]], part: QRect) -> None:
    """Paint what is on a part of the screen.

    Parameters
    ----------
    painter
        In the coordinates of the document.
    boxes
        Positions of the first and last line of each box of code, in the order of their numbers.
    part
        In the coordinates of the viewport.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painted: set[int] = set()
    for block in page.blocks_in(part):
        shape = block.blockFormat()
        number = shape.intProperty(BOX)
        if number and number not in painted and number <= len(boxes):
            painted.add(number)
            _paint_box(painter, page, theme, boxes[number - 1])
        if shape.boolProperty(LINE_ACROSS):
            rect = page.rect_of(block)
            painter.setPen(QPen(theme.color("border_strong"), 1))
            painter.drawLine(QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y()))
        if shape.intProperty(QUOTES):
            _paint_bars(painter, page, theme, block)


def _paint_box(painter: QPainter, page: LessonPage, theme: Theme, box: tuple[int, int]) -> None:
    first, last = (page.document().findBlock(position) for position in box)
    top, bottom = page.rect_of(first), page.rect_of(last)
    left = top.left() + first.blockFormat().leftMargin() - PADDING
    rect = QRectF(left, top.top() - PADDING, top.right() - left, bottom.bottom() - top.top() + 2 * PADDING)
    painter.setPen(QPen(theme.color("border"), 1))
    painter.setBrush(theme.color("surface_alt"))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)


def _paint_bars(painter: QPainter, page: LessonPage, theme: Theme, block: QTextBlock) -> None:
    """A bar for each quote the block stands in; between two blocks of a quote it is not broken."""
    rect, following = page.rect_of(block), block.next()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("border_strong"))
    for number in range(block.blockFormat().intProperty(QUOTES)):
        goes_on = following.isValid() and following.blockFormat().intProperty(QUOTES) > number
        bottom = page.rect_of(following).top() if goes_on else rect.bottom()
        painter.drawRect(QRectF(rect.left() + QUOTE_STEP * number, rect.top(), _BAR, bottom - rect.top()))
