"""Formulas on the screen and in files: lines of LaTeX that fit whatever width there is."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeySequence,
    QPageSize,
    QPainter,
    QPaintEvent,
    QPdfWriter,
)
from PySide6.QtWidgets import QFileDialog, QMenu, QSizePolicy, QWidget

from graphviz_app.recording.atomic import replace_file
from graphviz_app.recording.formulatext import broken
from graphviz_app.ui.documents import why_refused
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.theme import LIGHT, Theme
from graphviz_app.ui.typeset import Typeset, typesetter
from graphviz_app.worker.typeset_process import Asked

SIZE = 15.0
"""Height of the type, pixels."""
_GAP, _WIDE_GAP, _INDENT, _LEADING = 0.0, 18.0, 14.0, 8.0
_MARGIN = 12.0
_UNBROKEN = 100_000.0


@dataclass(frozen=True)
class FormulaLine:
    """One formula: LaTeX, and the role of its colour in the theme."""

    latex: str
    role: str = "text"


@dataclass(frozen=True)
class _Placed:
    piece: Typeset
    box: QRectF


class FormulaView(QWidget):
    """Shows formulas one below the other; a long one is broken at its operators, then made smaller, never cut.

    Its context menu and Ctrl+C copy the LaTeX, or save the picture as SVG or PDF.

    Signals
    -------
    said(str)
        What was copied or saved, or why not.
    """

    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._lines: tuple[FormulaLine, ...] = ()
        self._setter = typesetter()
        self._setter.ready.connect(self._on_ready)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        copy = QAction(tr("Copy as LaTeX"), self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        self.addAction(copy)
        for kind in ("svg", "pdf"):
            save = QAction(tr("Save as {kind} …", kind=kind.upper()), self)
            save.triggered.connect(lambda _checked=False, kind=kind: self._ask_where(kind))
            self.addAction(save)

    def set_lines(self, lines: Sequence[FormulaLine], theme: Theme) -> None:
        """Show these formulas."""
        if (tuple(lines), theme) == (self._lines, self._theme):
            return
        self._lines, self._theme = tuple(lines), theme
        self.setAccessibleName(self.latex())
        self.setVisible(bool(self._lines))
        self.updateGeometry()
        self.update()

    def latex(self) -> str:
        """All of it as LaTeX, a formula a line."""
        return "\n".join(line.latex for line in self._lines)

    def is_ready(self) -> bool:
        """Whether everything that is shown has been typeset."""
        return all(self._cut(line, self.width()) is not None for line in self._lines)

    def hasHeightForWidth(self) -> bool:
        """The narrower the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of the lines at `width`."""
        return round(self._place(width)[1]) + 2

    def sizeHint(self) -> QSize:
        """For an ordinary panel."""
        return QSize(233, self.heightForWidth(max(1, self.width() or 233)))

    def minimumSizeHint(self) -> QSize:
        """It can be squeezed."""
        return QSize(60, 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the lines."""
        with QPainter(self) as painter:
            _paint(painter, self._place(self.width())[0])
            if self.hasFocus():
                painter.setPen(self._theme.color("selection_border"))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy and to save."""
        menu = QMenu(self)
        menu.addActions(self.actions())
        menu.exec(event.globalPos())

    def copy(self) -> None:
        """Put the LaTeX on the clipboard."""
        QGuiApplication.clipboard().setText(self.latex())
        self.said.emit(tr("Copied as LaTeX."))

    def svg(self) -> str:
        """The formulas as one SVG, unbroken; empty until they are ready."""
        placed, wide, high = self._document()
        body = "".join(_group(one) for one in placed)
        size = f'width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
        back = f'<rect width="{wide:g}" height="{high:g}" fill="{self._theme.surface}"/>'
        return f"{head}<title>{html.escape(self.latex(), quote=False)}</title>{back}{body}</svg>\n" if placed else ""

    def pdf(self) -> bytes:
        """The formulas as a PDF of one page just as large, unbroken; empty until they are ready."""
        placed, wide, high = self._document()
        return _pdf(placed, wide, high, self._theme) if placed else b""

    def save(self, path: Path) -> None:
        """Write a file, as PDF when its name says so, else as SVG; :attr:`said` says what became of it."""
        data = self.pdf() if path.suffix.lower() == ".pdf" else self.svg().encode()
        try:
            replace_file(path, data)
        except OSError as error:
            self.said.emit(tr("The file could not be written: {why}", why=why_refused(error)))
        else:
            self.said.emit(tr("Wrote {path}.", path=path))

    def _ask_where(self, kind: str) -> None:
        start = str(Path.home() / f"formula.{kind}")
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Save formula"), start, f"*.{kind}")
        if chosen:
            self.save(Path(chosen).with_suffix(f".{kind}"))

    def _on_ready(self) -> None:
        self.updateGeometry()
        self.update()

    def _cut(self, line: FormulaLine, width: float) -> list[Typeset] | None:
        """A line in one piece where there is room for it, else in the parts it may be broken into; when ready."""
        whole = self._set(line.latex, line)
        if whole is None or whole.box.width() <= width:
            return None if whole is None else [whole]
        parts = [self._set(part, line) for part in broken(line.latex)]
        ready = [part for part in parts if part is not None]
        return ready if len(ready) == len(parts) else None

    def _set(self, latex: str, line: FormulaLine) -> Typeset | None:
        return self._setter.known(Asked(latex, SIZE, str(getattr(self._theme, line.role))))

    def _place(self, width: float) -> tuple[list[_Placed], float]:
        """Every piece that is ready with its place, and the height of all."""
        placed: list[_Placed] = []
        top = 1.0
        for line in self._lines:
            pieces = self._cut(line, width)
            if pieces is None:
                top += SIZE + _LEADING
                continue
            starts = [not part.startswith("{}") for part in broken(line.latex)]
            for row in _rows(pieces, starts, width):
                height = max(-one.box.top() for one in row)
                placed += [_Placed(one.piece, one.box.translated(0, top + height)) for one in row]
                top += height + max(one.box.bottom() for one in row) + _LEADING / 2
            top += _LEADING / 2
        return placed, max(1.0, top - _LEADING)

    def _document(self) -> tuple[list[_Placed], float, float]:
        placed, height = self._place(_UNBROKEN)
        if not self._lines or any(self._cut(line, _UNBROKEN) is None for line in self._lines):
            return [], 0.0, 0.0
        wide = max(one.box.right() for one in placed)
        moved = [_Placed(one.piece, one.box.translated(_MARGIN, _MARGIN)) for one in placed]
        return moved, wide + 2 * _MARGIN, height + 2 * _MARGIN


def _rows(pieces: list[Typeset], starts: list[bool], width: float) -> list[list[_Placed]]:
    """Pieces side by side, on the next row where the width ends; one that is wider than a row is made smaller.

    The boxes have their base line at 0.
    """
    rows: list[list[_Placed]] = [[]]
    x = 0.0
    for place, (piece, start) in enumerate(zip(pieces, starts, strict=False)):
        gap = 0.0 if not place else _WIDE_GAP if start else _GAP
        if rows[-1] and x + gap + piece.box.width() > width:
            rows.append([])
            x, gap = _INDENT, 0.0
        scale = min(1.0, max(1.0, width - x - gap) / piece.box.width())
        box = QRectF(x + gap, piece.box.top() * scale, piece.box.width() * scale, piece.box.height() * scale)
        rows[-1].append(_Placed(piece, box))
        x = box.right()
    return rows


def _paint(painter: QPainter, placed: list[_Placed]) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for one in placed:
        one.piece.renderer.render(painter, one.box)


def _group(one: _Placed) -> str:
    """The inside of a piece's SVG, moved to its place."""
    inside = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", one.piece.svg, flags=re.DOTALL)
    origin = QPointF(one.box.left() - one.piece.box.left(), one.box.top() - one.piece.box.top())
    return f'<g transform="translate({origin.x():.3f} {origin.y():.3f})">{inside}</g>'


def _pdf(placed: list[_Placed], wide: float, high: float, theme: Theme) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(tr("Derivative rule"))
    writer.setCreator("graphviz_app")
    writer.setResolution(600)
    page = QSizeF(wide * 0.75, high * 0.75)
    writer.setPageSize(QPageSize(page, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    with QPainter(writer) as painter:
        painter.scale(600 / 96, 600 / 96)
        painter.fillRect(QRectF(0, 0, wide + 1, high + 1), QColor(theme.surface))
        _paint(painter, placed)
    return bytes(buffer.data().data())
