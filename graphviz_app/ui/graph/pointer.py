"""What the mouse, the wheel and the touchpad do to the canvas."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

DRAG = 4.0
"""Pixels the pointer must move before a press becomes a drag."""
_WHEEL = 1.0016
"""Zoom for each eighth of a degree the wheel turns: a notch (120) is 1.21."""


class Board(Protocol):
    """What the pointer may do. A node may be a district, by its number."""

    def node_at(self, x: float, y: float) -> int:
        """The node at a point; ``-1`` for none."""

    def nodes_within(self, rect: QRectF) -> list[int]:
        """The nodes a rectangle touches."""

    def choose(self, nodes: list[int]) -> None:
        """Select exactly these."""

    def chosen(self) -> list[int]:
        """What is selected."""

    def activate(self, node: int, at: QPointF | None = None) -> None:
        """A node was double-clicked, at a point."""

    def press_control(self, x: float, y: float) -> bool:
        """Press what opens or closes a district, if it is at a point; whether it is."""

    def point_at(self, node: int) -> None:
        """The pointer is over a node; ``-1`` for none."""

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the picture."""

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom around a point."""

    def show_band(self, rect: QRectF | None) -> None:
        """Draw the rubber band."""

    def show_grip(self, *, panning: bool) -> None:
        """Show that the picture is being dragged."""


class Pointer(QObject):
    """Watches a widget's events and turns them into calls on a board.

    Parameters
    ----------
    widget
        Whose events.
    board
        What they act on.
    """

    def __init__(self, widget: QWidget, board: Board) -> None:
        super().__init__(widget)
        self._board = board
        self._from: QPointF | None = None
        self._last = QPointF()
        self._does: str = ""
        self._keep: list[int] = []

        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what the pointer does; leave everything else."""
        if isinstance(event, QMouseEvent):
            return self._mouse(event)
        if isinstance(event, QWheelEvent):
            self._wheel(event)
            return True
        if isinstance(event, QNativeGestureEvent):
            return self._gesture(event)
        if event.type() == QEvent.Type.Leave:
            self._board.point_at(-1)
        return False

    def _mouse(self, event: QMouseEvent) -> bool:
        kinds = QEvent.Type
        does = {
            kinds.MouseButtonPress: self._press,
            kinds.MouseMove: self._move,
            kinds.MouseButtonRelease: self._release,
            kinds.MouseButtonDblClick: self._double_click,
        }.get(event.type())
        if does is not None:
            does(event)
        # Focus on click is the widget's own business, and nothing else is left to do for it.
        return does is not None

    def _press(self, event: QMouseEvent) -> None:
        self._from, self._last, self._does = event.position(), event.position(), ""
        if event.button() == Qt.MouseButton.MiddleButton:
            self._start_pan()
            return
        if event.button() != Qt.MouseButton.LeftButton:
            self._from = None
            return
        if self._board.press_control(event.position().x(), event.position().y()):
            self._from = None
            return
        node = self._board.node_at(event.position().x(), event.position().y())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._does, self._keep = "band", self._board.chosen()
        elif node < 0:
            self._does = "empty"
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._toggle(node)
        else:
            self._board.choose([node])

    def _move(self, event: QMouseEvent) -> None:
        """The pointer moved, with or without a button."""
        here = event.position()
        if self._from is None:
            self._board.point_at(self._board.node_at(here.x(), here.y()))
            return
        if self._does == "empty" and (here - self._from).manhattanLength() >= DRAG:
            self._start_pan()
        if self._does == "pan":
            self._board.pan_by(here.x() - self._last.x(), here.y() - self._last.y())
            self._last = here
        elif self._does == "band":
            self._board.show_band(QRectF(self._from, here).normalized())

    def _release(self, event: QMouseEvent) -> None:
        """The button went up."""
        if self._from is None:
            return
        if self._does == "empty" and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._board.choose([])
        elif self._does == "band":
            self._board.show_band(None)
            self._end_band(QRectF(self._from, event.position()).normalized())
        elif self._does == "pan":
            self._board.show_grip(panning=False)
        self._from, self._does = None, ""

    def _double_click(self, event: QMouseEvent) -> None:
        """A second press followed at once."""
        node = self._board.node_at(event.position().x(), event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and node >= 0:
            self._board.activate(node, event.position())

    def _wheel(self, event: QWheelEvent) -> None:
        """Two fingers on a touchpad pan; a wheel zooms where the pointer is."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        zooms = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        fingers = (
            event.phase() != Qt.ScrollPhase.NoScrollPhase or event.device().type() == QInputDevice.DeviceType.TouchPad
        )
        if fingers and not pixels.isNull() and not zooms:
            self._board.pan_by(pixels.x(), pixels.y())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._board.pan_by((angle.x() or angle.y()) / 2, 0)
        else:
            self._board.zoom_by(_WHEEL ** (angle.y() or angle.x()), event.position())
        event.accept()

    def _gesture(self, event: QNativeGestureEvent) -> bool:
        """A pinch zooms; whether this was one."""
        if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._board.zoom_by(max(0.2, 1 + event.value()), event.position())
            return True
        if event.gestureType() == Qt.NativeGestureType.PanNativeGesture:
            self._board.pan_by(event.delta().x(), event.delta().y())
            return True
        return False

    def _start_pan(self) -> None:
        self._does = "pan"
        self._board.point_at(-1)
        self._board.show_grip(panning=True)

    def _toggle(self, node: int) -> None:
        chosen = self._board.chosen()
        self._board.choose([each for each in chosen if each != node] if node in chosen else [*chosen, node])

    def _end_band(self, rect: QRectF) -> None:
        """A band adds what it touches; without a drag, Shift adds the node clicked."""
        if rect.width() + rect.height() < DRAG:
            node = self._board.node_at(rect.x(), rect.y())
            found = [node] if node >= 0 else []
        else:
            found = self._board.nodes_within(rect)
        self._board.choose(list(dict.fromkeys([*self._keep, *found])))
