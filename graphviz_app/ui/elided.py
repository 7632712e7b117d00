"""Texts that, where they have no room, end in an ellipsis instead of in half a letter."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QLabel, QStyle, QStyleOptionComboBox, QStylePainter

_LEAST_LABEL = 24
"""Pixels a label can be squeezed to."""


class ElidedLabel(QLabel):
    """One line of plain text that gives way to what is beside it: no window grows for it."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def minimumSizeHint(self) -> QSize:
        """It can be squeezed."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), _LEAST_LABEL), hint.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw as much of the text as fits."""
        rect = self.contentsRect()
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class ElidedCombo(QComboBox):
    """A :class:`QComboBox` that leaves out the middle of what does not fit, or the end.

    Parameters
    ----------
    mode
        What is left out.
    """

    def __init__(self, mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle) -> None:
        super().__init__()
        self._mode = mode

    def shown_text(self) -> str:
        """What is written in it now."""
        return self._option().currentText

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as any other, with a text that fits."""
        painter, option = QStylePainter(self), self._option()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def _option(self) -> QStyleOptionComboBox:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(control, option, part, self).width()
        option.currentText = self.fontMetrics().elidedText(option.currentText, self._mode, room)
        return option
