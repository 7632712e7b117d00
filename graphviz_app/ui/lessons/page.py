"""The page of a lesson. It reads nothing by itself: what it shows was read before, and it never goes to the network."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QPoint, QRect, QRectF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextTable,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QToolTip, QWidget

from graphviz_app.lessons.messages import LessonRefused
from graphviz_app.lessons.model import Lesson
from graphviz_app.ui.editor.marks import tool_tip
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.later import SHIFT_SECONDS
from graphviz_app.ui.lessons.looks import Looks
from graphviz_app.ui.lessons.objects import OBJECT, LessonObjects, latex_of
from graphviz_app.ui.lessons.programs import ProgramButtons
from graphviz_app.ui.lessons.under import paint_under
from graphviz_app.ui.lessons.writing import Writer
from graphviz_app.ui.theme import LIGHT, Theme
from graphviz_app.ui.typeset import typesetter

SLICE: Final = SHIFT_SECONDS
"""Seconds of writing at a time; the rest follows between other events."""
_MEASURE: Final = 40
"""The widest a line gets, as a multiple of the text's height: some 75 letters."""
_MARGIN: Final = 20
_REACH: Final = 40
"""So far above and below a block may be what is painted under it."""
_END: Final = object()
_BREAK: Final = re.compile("[\u2029\ufdd0\ufdd1]+")
"""What Qt has between paragraphs, and around cells."""
_SETTLE_MS: Final = 60
"""Formulas that get ready within this time change the page once."""
_LONG_TEXT, _LONG_BLOCKS = 100_000, 2_000
"""Characters, and blocks with the cells of tables, from which a page is not laid out anew in one go."""
_REFIT_MS: Final = 150
"""A long page is written again when its width has been the same for so long."""


class LessonPage(QTextBrowser):
    """Shows a lesson like a page of a book.

    Signals
    -------
    linkChosen(str)
        A link was pressed: an address of the web, ``step:3`` or ``select:w``. Headings are gone to here.
    programChosen(object)
        A program (:class:`~graphviz_app.lessons.model.Code`) is wanted in the editor.
    """

    linkChosen = Signal(str)
    programChosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Lesson"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setAcceptDrops(False)
        # Its width is set here: Qt would lay all of a page out at every change, half a second for the longest.
        self.setLineWrapMode(QTextBrowser.LineWrapMode.FixedPixelWidth)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setUndoRedoEnabled(False)
        self.document().setDocumentMargin(0)
        self.anchorClicked.connect(self._on_anchor)
        setter = typesetter()
        self._objects = LessonObjects(setter, self)
        layout = self.document().documentLayout()
        layout.registerHandler(OBJECT, self._objects)
        layout.update.disconnect()  # from Qt's own part of this page, which would paint all of it for every table
        layout.update.connect(self._repaint)
        self._looks = Looks(LIGHT, 15)
        self._lesson: Lesson | None = None
        self._images: dict[str, QImage | LessonRefused] = {}
        self._writer: Writer | None = None
        self._pieces: Iterator[None] | None = None
        self._place_to_keep, self._written = 0, 0.0
        self._writing = QTimer(self)
        self._writing.timeout.connect(self._write_some)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLE_MS)
        self._settling.timeout.connect(self._set_formulas)
        setter.ready.connect(self._settling.start)
        # The bar at its side comes while it is written: laid out anew then, but not on top of that piece.
        self._fitting = QTimer(self, singleShot=True, interval=0)
        self._fitting.timeout.connect(self._set_width)
        self._refitting = QTimer(self, singleShot=True, interval=_REFIT_MS)
        self._refitting.timeout.connect(lambda: self._write_again(keep_place=True))
        self.buttons = ProgramButtons(self)
        self.buttons.chosen.connect(self.programChosen)

    # What it shows

    def show_lesson(self, lesson: Lesson, images: dict[str, QImage | LessonRefused]) -> None:
        """Show a lesson from its beginning."""
        self._lesson, self._images = lesson, images
        self._write_again(keep_place=False)

    def finished(self) -> bool:
        """Whether all of the lesson is on the page."""
        return self._pieces is None

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._use(Looks(theme, self._looks.pixels))

    def set_font_pixels(self, pixels: int) -> None:
        """Set the height of the text's face."""
        self._use(Looks(self._looks.theme, pixels))

    def plain_text(self) -> str:
        """The lesson as it reads, formulas as LaTeX."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        return self._plain(cursor)

    def _use(self, looks: Looks) -> None:
        changed = (looks.theme, looks.pixels) != (self._looks.theme, self._looks.pixels)
        self._looks = looks
        self.buttons.apply_theme(looks.theme)
        if changed and self._lesson is not None:
            self._write_again(keep_place=True)

    # Writing

    def _write_again(self, *, keep_place: bool) -> None:
        if self._lesson is None:
            return
        self._place_to_keep = self.verticalScrollBar().value() if keep_place else 0
        self._refitting.stop()
        self.document().clear()
        self._set_width()
        writer = self._writer = Writer(self.document(), self._lesson, self._images, self._looks)
        self._objects.use(self._looks.theme, writer.pictures)
        self.buttons.use(writer.headers)
        self._pieces = writer.pieces()
        self.verticalScrollBar().setValue(0)
        self._write_some()

    def _write_some(self) -> None:
        """Write for a moment; the rest follows between other events."""
        until = time.perf_counter() + SLICE
        while self._pieces is not None and time.perf_counter() < until:
            self._written = self.document().size().height() - 2 * _MARGIN
            if next(self._pieces, _END) is _END:
                self._pieces = None
        # The page's own cursor went to the end with what was written, and the page would follow it when it is resized.
        self.moveCursor(QTextCursor.MoveOperation.Start)
        if self._pieces is not None:
            self._writing.start(0)
            return
        self._writing.stop()
        self.verticalScrollBar().setValue(self._place_to_keep)
        self.buttons.place()

    def _set_formulas(self) -> None:
        """Lay out anew what has a formula that has become ready: it is as large as it is, not as its LaTeX."""
        for position in self._objects.take_ready():
            self.document().markContentsDirty(position, 1)
        self.viewport().update()

    def _repaint(self, changed: QRectF) -> None:
        """Have painted what changed on the screen: what is written below it, whatever Qt says, changes nothing."""
        shown = self.viewport().rect().translated(0, self.verticalScrollBar().value())
        if self._pieces is None or self._written < shown.bottom():
            seen = changed.intersected(QRectF(shown)).toAlignedRect()
            self.viewport().update(seen.translated(0, -shown.top()))

    def _is_long(self) -> bool:
        document = self.document()
        return document.characterCount() > _LONG_TEXT or document.blockCount() > _LONG_BLOCKS

    def _set_width(self) -> None:
        self.setLineWrapColumnOrWidth(self.viewport().width())
        self._set_margins()

    def _set_margins(self) -> None:
        frame = self.document().rootFrame()
        shape = frame.frameFormat()
        side = max(_MARGIN, (self.viewport().width() - _MEASURE * self._looks.pixels) / 2)
        if (shape.leftMargin(), shape.rightMargin()) != (side, side):
            shape.setLeftMargin(side)
            shape.setRightMargin(side)
            shape.setTopMargin(_MARGIN - 4)
            shape.setBottomMargin(2 * _MARGIN)
            frame.setFrameFormat(shape)

    # What happens to it

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        """Nothing: whatever asks, no file and no address is read from here.

        Empty bytes, for at a ``None`` Qt's document goes and reads local files itself.
        """
        return QByteArray(b"")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep lines short enough to be read."""
        super().resizeEvent(event)
        if self._pieces is not None and not self._is_long():
            self._fitting.start()
        elif not self._is_long():
            self._set_width()
        elif self.lineWrapColumnOrWidth() != self.viewport().width():
            self._refitting.start()
        self.buttons.place()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The buttons move with the text."""
        super().scrollContentsBy(dx, dy)
        self.buttons.place()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; Ctrl and the wheel would make only some of the text larger."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the ends of the lesson."""
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self.verticalScrollBar().maximum()}
        if event.key() in ends and not event.modifiers():
            self.verticalScrollBar().setValue(ends[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """A link shows where it leads."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            target = self.anchorAt(event.pos())
            QToolTip.showText(event.globalPos(), tool_tip(target) if target else "", self)
            return True
        return super().viewportEvent(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        """What is copied is text."""
        data = QMimeData()
        data.setText(self._plain(self.textCursor()))
        return data

    def go_to(self, anchor: str) -> None:
        """Scroll to a heading."""
        if self._writer is not None and anchor in self._writer.anchors:
            block = self.document().findBlock(self._writer.anchors[anchor])
            top = self.document().documentLayout().blockBoundingRect(block).top()
            self.verticalScrollBar().setValue(round(top) - 8)

    def _on_anchor(self, url: QUrl) -> None:
        target = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        if target.startswith("#"):
            self.go_to(url.fragment(QUrl.ComponentFormattingOption.FullyDecoded))
        else:
            self.linkChosen.emit(target)

    def _plain(self, cursor: QTextCursor) -> str:
        """Selected text, with the LaTeX of formulas in the place of their objects."""
        document, start, end = self.document(), cursor.selectionStart(), cursor.selectionEnd()
        text = cursor.selectedText()
        parts, last = [], 0
        at = text.find("\ufffc")
        while at >= 0 and start + at < end:
            looked = QTextCursor(document)
            looked.setPosition(start + at + 1)
            latex = latex_of(looked.charFormat())
            parts += [text[last:at], f"${latex}$" if latex else ""]
            last, at = at + 1, text.find("\ufffc", at + 1)
        return _BREAK.sub("\n", "".join([*parts, text[last:]]))

    # What is painted under the text

    def paintEvent(self, event: QPaintEvent) -> None:
        """Boxes under code, bars beside quotes, lines across; then the text."""
        if self._writer is not None:
            with QPainter(self.viewport()) as painter:
                painter.translate(0, -self.verticalScrollBar().value())
                paint_under(painter, self, self._looks.theme, self._writer.boxes, event.rect())
        super().paintEvent(event)

    def blocks_in(self, part: QRect) -> Iterator[QTextBlock]:
        """The blocks in a part of the viewport, and what is next to it; but none of a table."""
        bottom = self.verticalScrollBar().value() + part.bottom() + _REACH
        block = self.cursorForPosition(part.topLeft() - QPoint(0, _REACH)).block()
        block = block.previous() if block.previous().isValid() else block
        while block.isValid() and self.rect_of(block).top() < bottom:
            table = _table_of(block)
            if table is None:
                yield block
                block = block.next()
            else:
                block = self.document().findBlock(table.lastPosition() + 1)

    def rect_of(self, block: QTextBlock) -> QRectF:
        """Where a block lies in the document, from one margin of the page to the other."""
        rect = self.document().documentLayout().blockBoundingRect(block)
        margins = self.document().rootFrame().frameFormat()
        width = self.viewport().width() - margins.leftMargin() - margins.rightMargin()
        return QRectF(margins.leftMargin(), rect.top(), width, rect.height())


def _table_of(block: QTextBlock) -> QTextTable | None:
    """The table a block stands in; Qt's own declaration knows of no block without one."""
    return QTextCursor(block).currentTable()
