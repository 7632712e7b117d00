"""Lines over one axis: a long vector, or a time series with a line a channel; spikes, gaps and infinities are kept."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graphviz_app.recording.formatting import number
from graphviz_app.recording.slices import NAN, NEGATIVE_INF, POSITIVE_INF, Cells
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import mono
from graphviz_app.ui.tensor.graphs import IndexAxis, pg
from graphviz_app.ui.tensor.heights import height_scale
from graphviz_app.ui.tensor.lines import Lines, lonely
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.tensor.shown import Shown
from graphviz_app.ui.tensor.strokes import Stroke, Strokes
from graphviz_app.ui.theme import LIGHT, Theme

COLOURS = {
    "light": ("#0072b2", "#d55e00", "#008f6a", "#b3528a", "#8a6d00", "#3d8fbf", "#161b26"),
    "dark": ("#56b4e9", "#f0843c", "#2fc79a", "#e08fc0", "#e6c229", "#8fc9ee", "#e8ebf0"),
}
"""Of up to seven lines: after M. Okabe and K. Ito, "Color Universal Design" (2008), darker on a white ground."""
NAMED = 12
"""So many lines have a legend; more are drawn thin, in one colour."""
_NEAREST = 24.0
"""Least number of elements a view can be zoomed to."""
_ZOOM = 1.25
_MOST_SMOOTH = 6000
"""Points of a line up to which its edges are smoothed."""
_BROAD_LINES, _BROAD_POINTS, _BROAD_WAY = 6, 400, 12.0
"""Lines, points of each, and times it may go up or down all the way, up to which a line is broader than a pixel: Qt
takes seconds for a broad line that goes up and down a thousand times."""


class Series(QWidget):
    """Draws ``cells`` whose last axis runs to the right; every index of the others is a line.

    A cell of many elements is a stroke from its least to its greatest, so that one spike among ten million is seen. The
    heights are made by the :class:`Scale` and the ticks with them: pyqtgraph draws, and decides nothing.

    Signals
    -------
    pointed(object), viewChanged(object), menuWanted(QPoint)
        See :class:`graphviz_app.ui.tensor.picture.Picture`; a view is (first, end) along the axis.
    viewWanted(object)
        Axis -> (first, end): a finer answer is wanted of what is visible.
    """

    pointed = Signal(object)
    viewChanged = Signal(object)
    viewWanted = Signal(object)
    menuWanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._cells: Cells | None = None
        self._shown: Shown | None = None
        self._scale: Scale | None = None
        self._lines: Lines | None = None
        self._view: tuple[float, float] | None = None
        self._whole = (0, 1)
        self._cursor: tuple[int, int] | None = None
        self._drag: float | None = None
        self._plot = pg.PlotWidget(parent=self, axisItems={"bottom": IndexAxis("bottom")}, enableMenu=False)
        self._plot.hideButtons()
        self._plot.setMouseEnabled(False, False)
        self._plot.viewport().installEventFilter(self)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setDefaultPadding(0)
        self._cross = pg.InfiniteLine(angle=90, movable=False)
        self._dot = pg.ScatterPlotItem(size=7)
        self._strokes, self._alone = Strokes(), pg.ScatterPlotItem(size=4, pen=None)
        self._marks: list[Any] = []
        self._named: list[tuple[str, QPen]] = []
        """What the legend says: it is made anew only when it would say something else."""
        for item in (self._strokes, self._alone, self._cross, self._dot):
            self._plot.addItem(item, ignoreBounds=True)
        self._legend = self._plot.addLegend(offset=(-6, 4), labelTextSize="8pt", verSpacing=-4)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._plot)
        self.apply_theme(LIGHT)

    # What is shown

    def set_cells(self, cells: Cells, shown: Shown) -> None:
        """Show other numbers; the part in view stays while the axis is the same."""
        if cells is self._cells and shown == self._shown:
            return
        before, axis = self._shown, shown.axes[-1]
        self._cells, self._shown = cells, shown
        self._whole = (0, shown.shape[axis])
        if before is None or before.axes != shown.axes or before.shape != shown.shape:
            self._view = None
        self._cursor = None
        lines, (first, end) = math.prod(cells.low.shape[:-1]), shown.window(axis)
        self.setAccessibleDescription(tr("{lines} lines of {points} numbers", lines=lines, points=f"{end - first:,}"))
        self._lines = None  # drawn with the scale that follows

    def set_scale(self, scale: Scale) -> None:
        """Another range or bend of the heights."""
        if self._lines is None or scale != self._scale:
            self._scale = scale
            self._draw()

    def set_cursor(self, index: tuple[int, ...] | None) -> None:
        """Mark an element of the tensor."""
        self._cursor = None if index is None or self._lines is None else self._lines.cell_of(index)
        self._mark_cursor()

    def set_view(self, view: object) -> None:
        """Show the part of the axis that the picture beside this one shows."""
        if isinstance(view, tuple) and len(view) == 2:
            self._look_at(float(view[0]), float(view[1]), tell=False)

    def view(self) -> tuple[float, float]:
        """First and end of what is visible, in elements of the axis."""
        first, end = self._whole
        return self._view or (float(first), float(max(end, first + 1)))

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self._plot.setBackground(theme.surface)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(QPen(theme.color("border_strong"), 1))
            axis.setTextPen(theme.color("text_dim"))
            axis.setTickFont(mono(10))
            axis.setStyle(tickLength=-4, tickTextOffset=4)
        self._cross.setPen(QPen(theme.color("selection_border"), 1))
        self._legend.setLabelTextColor(theme.color("text"))
        ground = theme.color("surface")
        ground.setAlpha(200)
        self._legend.setBrush(ground)
        self._named = []
        self._draw()

    def sizeHint(self) -> QSize:
        """It takes what there is."""
        return QSize(320, 180)

    def minimumSizeHint(self) -> QSize:
        """Small, but not nothing."""
        return QSize(80, 60)

    # Drawing

    def _draw(self) -> None:
        if self._cells is None or self._shown is None or self._scale is None:
            return
        self._lines = Lines(self._cells, self._shown, height_scale(self._cells, self._scale, zero=False))
        strokes = [self._stroke(self._lines, line) for line in range(self._lines.count)]
        self._strokes.set_strokes(strokes)
        self._draw_lonely(strokes)
        self._draw_legend(self._lines, strokes)
        self._draw_marks(self._lines, self._scale)
        self._ticks_of_heights()
        self._show_view()
        self._mark_cursor()

    def _stroke(self, lines: Lines, line: int) -> Stroke:
        x, y = lines.curve(line)
        pen = self._pen(line)
        pen.setWidthF(1.5 if lines.count <= _BROAD_LINES and _is_calm(y) else 1.0)
        return Stroke(x, y, pen, len(x) < _MOST_SMOOTH)

    def _draw_lonely(self, strokes: list[Stroke]) -> None:
        """A number with a gap on both sides is a dot."""
        found = [(line, stroke, lonely(stroke.y)) for line, stroke in enumerate(strokes)]
        x = np.concatenate([stroke.x[alone] for _, stroke, alone in found])
        y = np.concatenate([stroke.y[alone] for _, stroke, alone in found])
        if len(found) == 1:
            self._alone.setData(x, y, brush=self._ink(0))  # a brush for each spot takes as long as all the rest
        else:
            self._alone.setData(x, y, brush=[self._ink(line) for line, _, alone in found for _ in x[: alone.sum()]])

    def _draw_legend(self, lines: Lines, strokes: list[Stroke]) -> None:
        told = list(enumerate(strokes)) if 1 < lines.count <= NAMED else []
        entries = [(lines.name_of(line), stroke.pen) for line, stroke in told]
        if entries == self._named:
            return
        self._named = entries
        self._legend.clear()
        for name, pen in entries:
            self._legend.addItem(pg.PlotCurveItem(pen=pen), name)

    def _ink(self, line: int) -> QColor:
        count = 1 if self._lines is None else self._lines.count
        role = "grad" if self._scale is not None and self._scale.meaning == "gradient" else "accent"
        if count == 1:
            return self._theme.color(role)
        table = COLOURS[self._theme.name]
        if count <= NAMED:
            return QColor(table[line % len(table)])
        ink = self._theme.color(role)
        ink.setAlpha(max(72, 255 * NAMED // count))
        return ink

    def _pen(self, line: int) -> QPen:
        few = self._lines is None or self._lines.count <= NAMED
        pen = QPen(self._ink(line), 1)
        pen.setCosmetic(True)
        if few and line >= len(COLOURS["light"]):
            pen.setStyle(Qt.PenStyle.DashLine)
        return pen

    def _draw_marks(self, lines: Lines, scale: Scale) -> None:
        """NaN as a cross on the ground line, an infinity as a triangle at the end it went to."""
        for spots in self._marks:
            self._plot.removeItem(spots)
        self._marks.clear()
        marks, flags = scale.marks(self._theme), lines.flags
        if flags is None:
            return
        for bit, symbol, y, colour in (
            (NAN, "x", 0.0, marks.nan),
            (POSITIVE_INF, "t1", 1.0, marks.positive_inf),
            (NEGATIVE_INF, "t", 0.0, marks.negative_inf),
        ):
            at = lines.places()[(flags & bit) > 0]
            if at.size:
                pen, brush = pg.mkPen(colour, width=1.5), pg.mkBrush(colour)
                spots = pg.ScatterPlotItem(at, np.full(at.size, y), symbol=symbol, size=9, pen=pen, brush=brush)
                self._plot.addItem(spots, ignoreBounds=True)
                self._marks.append(spots)

    def _ticks_of_heights(self) -> None:
        if self._lines is not None:
            heights = self._lines.heights
            ticks = heights.ticks(max(2, min(7, self.height() // 30)))
            places = heights.normalise(np.asarray(ticks, dtype=np.float64)).tolist()
            pairs = list(zip(places, ticks, strict=True))
            room = 14 / max(1, self.height() - 40)
            # Zero first: of two that would be written over each other the later one goes.
            kept: list[tuple[float, float]] = []
            for place, tick in sorted(pairs, key=lambda pair: (pair[1] != 0, -abs(pair[1]))):
                if all(abs(place - other) >= room for other, _ in kept):
                    kept.append((place, tick))
            self._plot.getAxis("left").setTicks([[(place, number(tick, 3)) for place, tick in kept], []])

    def _mark_cursor(self) -> None:
        on = self._cursor is not None and self._lines is not None
        self._cross.setVisible(on)
        self._dot.setVisible(on)
        if self._cursor is not None and self._lines is not None:
            line, cell = self._cursor
            x, y = float(self._lines.places()[cell]), float(self._lines.height_of(self._lines.low[line, [cell]])[0])
            self._cross.setValue(x)
            self._dot.setData([x], [y if math.isfinite(y) else 0.0], brush=self._ink(line))

    # What is in view

    def _show_view(self) -> None:
        first, end = self.view()
        # Half an element more on either side: the first and last are whole.
        self._plot.setRange(xRange=(first - 0.5, end - 0.5), yRange=(-0.04, 1.04), padding=0, disableAutoRange=True)

    def _look_at(self, first: float, end: float, *, tell: bool) -> None:
        least, most = self._whole
        wide = min(max(end - first, min(_NEAREST, most - least)), float(most - least))
        first = min(max(first, least), most - wide)
        self._view = None if wide >= most - least else (first, first + wide)
        self._show_view()
        if tell:
            self.viewChanged.emit(self.view())
        self._ask_finer()

    def is_fine(self) -> bool:
        """Whether the cells reach the ends of the view and are no coarser than the screen."""
        lines = self._lines
        if lines is None:
            return False
        first, end = math.floor(self.view()[0]), math.ceil(self.view()[1])
        step = max(1, (end - first) // max(1, round(self._plot.width() * self.devicePixelRatioF())))
        return lines.window[0] <= first and end <= lines.window[1] and lines.step < 2 * step

    def _ask_finer(self) -> None:
        """Ask again when the cells are too coarse or do not reach as far."""
        lines = self._lines
        if lines is not None and not self.is_fine():
            first, end = math.floor(self.view()[0]), math.ceil(self.view()[1])
            wide, (least, most) = end - first, self._whole
            wanted = (max(least, first - wide // 2), min(most, end + wide // 2))
            if wanted != lines.window:
                self.viewWanted.emit({lines.axis: wanted})

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """The pointer over the plot: the wheel zooms, dragging pans, a double click fits."""
        if isinstance(event, QWheelEvent):
            around, factor = self._axis_at(event.position().x()), _ZOOM ** (-event.angleDelta().y() / 120)
            first, end = self.view()
            self._look_at(around - (around - first) * factor, around + (end - around) * factor, tell=True)
            return True
        if isinstance(event, QMouseEvent):
            self._on_mouse(event)
            return True
        if event.type() == QEvent.Type.Leave:
            self.pointed.emit(None)
        return super().eventFilter(watched, event)

    def _on_mouse(self, event: QMouseEvent) -> None:
        kind, x = event.type(), event.position().x()
        if kind == QEvent.Type.MouseButtonDblClick:
            self._look_at(*map(float, self._whole), tell=True)
        elif kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._drag = self._axis_at(x)
        elif kind == QEvent.Type.MouseButtonRelease:
            self._drag = None
        elif kind == QEvent.Type.MouseMove and self._drag is not None:
            first, end = self.view()
            moved = self._drag - self._axis_at(x)
            self._look_at(first + moved, end + moved, tell=True)
        elif kind == QEvent.Type.MouseMove and self._lines is not None:
            place = self._data_at(event.position())
            found = self._lines.nearest(place.x(), place.y())
            self.pointed.emit(None if found is None else self._lines.index(*found))

    def _axis_at(self, x: float) -> float:
        return self._data_at(QPointF(x, 0)).x() + 0.5

    def _data_at(self, point: QPointF) -> QPointF:
        box = self._plot.getViewBox()
        place: QPointF = box.mapSceneToView(self._plot.mapToScene(point.toPoint()))
        return place

    def place_of(self, index: tuple[int, ...]) -> QPointF | None:
        """Where an element is drawn, in this widget's pixels; ``None`` when it is not among the cells."""
        cell = None if self._lines is None else self._lines.cell_of(index)
        if cell is None or self._lines is None:
            return None
        height = float(self._lines.height_of(self._lines.low[cell[0], [cell[1]]])[0])
        spot = self._plot.getViewBox().mapViewToScene(QPointF(float(self._lines.places()[cell[1]]), height))
        return QPointF(self._plot.mapTo(self, self._plot.mapFromScene(spot)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go along the line, up and down to the next one."""
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        move, lines = moves.get(Qt.Key(event.key())), self._lines
        if move is None or lines is None or event.modifiers() or not lines.low.size:
            super().keyPressEvent(event)
            return
        count, cells = lines.low.shape
        line, cell = self._cursor or (-move[0], -move[1])
        self.pointed.emit(lines.index((line + move[0]) % count, min(max(cell + move[1], 0), cells - 1)))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the pane."""
        self.menuWanted.emit(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other heights have room for other ticks, other widths for other cells."""
        super().resizeEvent(event)
        self._ticks_of_heights()
        self._ask_finer()


def _is_calm(heights: Any) -> bool:
    """Whether a line goes up and down so little that a broad pen is quick."""
    return len(heights) <= _BROAD_POINTS and float(np.nansum(np.abs(np.diff(heights)))) <= _BROAD_WAY
