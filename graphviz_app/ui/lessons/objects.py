"""What stands in a lesson's text and is no text: formulas and pictures, painted by us at their places."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QImage,
    QPainter,
    QPen,
    QPyTextObject,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
)

from graphviz_app.ui.theme import LIGHT, Theme
from graphviz_app.ui.typeset import Typesetter
from graphviz_app.worker.typeset_process import Asked

OBJECT: Final = int(QTextFormat.ObjectTypes.UserObject.value) + 1
"""The type of the text objects that are ours."""
_LATEX: Final = int(QTextFormat.Property.UserProperty.value) + 11
_PICTURE: Final = int(QTextFormat.Property.UserProperty.value) + 12
_GREATER: Final = 1.12
"""Size of a formula beside that of the text around it, whose letters are larger for their height."""


def formula_format(shown: QTextCharFormat, latex: str) -> QTextCharFormat:
    """The format of a formula in text that looks like `shown`."""
    result = QTextCharFormat(shown)
    result.setObjectType(OBJECT)
    result.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
    result.setProperty(_LATEX, latex)
    return result


def picture_format(number: int) -> QTextCharFormat:
    """The format of the picture with a number."""
    result = QTextCharFormat()
    result.setObjectType(OBJECT)
    result.setProperty(_PICTURE, number)
    return result


def latex_of(shown: QTextFormat) -> str:
    """The LaTeX of a formula; empty for anything else."""
    return str(shown.property(_LATEX) or "")


class LessonObjects(QPyTextObject):
    """Measures and paints them.

    Parameters
    ----------
    setter
        Typesets formulas. Until one is ready its LaTeX stands in its place.
    """

    def __init__(self, setter: Typesetter, parent: QObject) -> None:
        super().__init__(parent)
        self._setter = setter
        self._theme = LIGHT
        self._pictures: list[QImage] = []
        self._scaled: dict[tuple[int, int], QImage] = {}
        self._waiting: dict[int, Asked] = {}

    def use(self, theme: Theme, pictures: list[QImage]) -> None:
        """Draw in a theme, with these pictures."""
        self._theme, self._pictures = theme, pictures
        self._scaled.clear()
        self._waiting.clear()

    def take_ready(self) -> list[int]:
        """Positions of the formulas that have become ready since they were measured."""
        ready = [at for at, asked in self._waiting.items() if self._setter.known(asked) is not None]
        for at in ready:
            del self._waiting[at]
        return ready

    def intrinsicSize(self, document: QTextDocument, position: int, shown: QTextFormat) -> QSizeF:
        """How much room one takes."""
        room = max(1.0, _room(document))
        if not latex_of(shown):
            size = QSizeF(self._pictures[int(shown.property(_PICTURE))].size())
            return size if size.width() <= room else size * (room / size.width())
        metrics = QFontMetricsF(shown.toCharFormat().font())
        box = self._box(shown, metrics, room)
        if self._setter.known(self._asked(shown)) is None:
            self._waiting[position] = self._asked(shown)
        # Qt puts the middle of an object on the middle of the small letters: so high that the base lines meet.
        above, below, middle = -box.top(), box.bottom(), metrics.xHeight()
        return QSizeF(box.right() + 2, max(2 * above - middle, 2 * below + middle))

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, _position: int, shown: QTextFormat
    ) -> None:
        """Paint one."""
        rect = QRectF(rect)
        if not latex_of(shown):
            self._draw_picture(painter, rect, int(shown.property(_PICTURE)))
            return
        format_ = shown.toCharFormat()
        metrics = QFontMetricsF(format_.font())
        base = rect.top() + (rect.height() + metrics.xHeight()) / 2
        piece = self._setter.known(self._asked(shown))
        if piece is None:
            painter.setFont(format_.font())
            painter.setPen(self._theme.color("text_dim"))
            painter.drawText(QPointF(rect.left(), base), latex_of(shown))
            return
        box = self._box(shown, metrics, max(1.0, _room(document)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        piece.renderer.render(painter, box.translated(rect.left() + 1, base))

    def _box(self, shown: QTextFormat, metrics: QFontMetricsF, room: float) -> QRectF:
        """What a formula covers, its base line at 0; one that is wider than the page is made smaller."""
        piece = self._setter.known(self._asked(shown))
        if piece is None:
            width = metrics.horizontalAdvance(latex_of(shown))
            return QRectF(0, -metrics.ascent(), min(width, room), metrics.height())
        scale = min(1.0, (room - 2) / max(1.0, piece.box.width()))
        box = piece.box
        return QRectF(box.left() * scale, box.top() * scale, box.width() * scale, box.height() * scale)

    def _asked(self, shown: QTextFormat) -> Asked:
        format_ = shown.toCharFormat()
        size = round(format_.font().pixelSize() * _GREATER, 1)
        return Asked(latex_of(shown), size, format_.foreground().color().name())

    def _draw_picture(self, painter: QPainter, rect: QRectF, number: int) -> None:
        ratio = painter.device().devicePixelRatioF()
        wide = max(1, round(rect.width() * ratio))
        picture = self._pictures[number]
        if wide < picture.width():
            known = self._scaled.get((number, wide))
            if known is None:
                smooth = Qt.TransformationMode.SmoothTransformation
                known = self._scaled[number, wide] = picture.scaledToWidth(wide, smooth)
            picture = known
        painter.drawImage(rect, picture)
        painter.setPen(QPen(self._theme.color("border"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))


def _room(document: QTextDocument) -> float:
    """How wide the text of the page is."""
    margins = document.rootFrame().frameFormat()
    return document.textWidth() - margins.leftMargin() - margins.rightMargin() - 2 * document.documentMargin()
