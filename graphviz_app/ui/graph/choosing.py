"""What is under the pointer of a canvas, what is chosen, and the card beside what is pointed at."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from graphviz_app.ui.graph.district_labels import TITLE_HEIGHT
from graphviz_app.ui.graph.district_paint import CONTROLS_FROM, cards, control_of_card, control_of_frame
from graphviz_app.ui.graph.geometry import Rect
from graphviz_app.ui.graph.hover_card import HoverCard, card_lines
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.graph.viewfinder import Viewfinder
from graphviz_app.ui.theme import LIGHT, Theme

HOVER_MS = 350
REACH = 3.0
"""Pixels beside a box, or a border, that still hit it."""


class Chooser(QObject):
    """Answers what lies at a point of a canvas and keeps what is chosen and pointed at in its scene.

    A *thing* is the number of a recording node or, past all nodes, of a district
    (:class:`~graphviz_app.ui.graph.districts.Districts`).

    Signals
    -------
    changed()
        The picture must be drawn again.
    chosen(nodes)
        A person chose other nodes, or none.
    districtsChosen(things)
        A person chose other districts, or none.
    pointed(thing)
        Another thing is under the pointer; ``-1`` for none.
    toggled(thing, at)
        A person wants a district opened or closed, at a point of the widget or (``None``) by a key.

    Parameters
    ----------
    widget
        The canvas.
    finder
        Where it looks.
    """

    changed = Signal()
    chosen = Signal(list)
    districtsChosen = Signal(list)
    pointed = Signal(int)
    toggled = Signal(int, object)

    def __init__(self, widget: QWidget, finder: Viewfinder) -> None:
        super().__init__(widget)
        self._widget, self._finder = widget, finder
        self._scene: GraphScene | None = None
        self._theme = LIGHT
        self._toggled_at = 0.0
        self._card = HoverCard(widget)
        self._hovering = QTimer(self)
        self._hovering.setSingleShot(True)
        self._hovering.setInterval(HOVER_MS)
        self._hovering.timeout.connect(self._show_card)

    def set_scene(self, scene: GraphScene | None, theme: Theme) -> None:
        """Another scene."""
        self._scene, self._theme = scene, theme

    # At a point

    def thing_at(self, x: float, y: float) -> int:
        """The node or district at a point of the widget; ``-1`` for none. An open district is hit at its title."""
        scene = self._scene
        if scene is None:
            return -1
        at = self._finder.camera.to_layout(x, y)
        box = scene.geometry.hit(*at, reach=REACH / self._finder.camera.scale)
        if box >= 0:
            return int(scene.geometry.node[box])
        frame = self._frame_at(scene, at)
        return scene.districts.data.thing_of_frame(frame) if frame >= 0 and scene.districts is not None else -1

    def _frame_at(self, scene: GraphScene, at: tuple[float, float]) -> int:
        """The innermost open district whose title or border is at a layout point."""
        reach = REACH / self._finder.camera.scale
        x, y = at
        for frame in scene.geometry.frames_in((x - reach, y - reach, x + reach, y + reach)).tolist()[::-1]:
            left, top, right, bottom = scene.geometry.frames[frame].tolist()
            inside = left + reach < x < right - reach and top + TITLE_HEIGHT < y < bottom - reach
            if not inside:
                return int(frame)
        return -1

    def control_at(self, x: float, y: float) -> int:
        """The district whose sign to open or close it is at a point of the widget; ``-1`` for none."""
        scene, scale = self._scene, self._finder.camera.scale
        if scene is None or scene.districts is None or scale < CONTROLS_FROM:
            return -1
        at = self._finder.camera.to_layout(x, y)
        box = scene.geometry.hit(*at)
        if box >= 0:
            thing = int(scene.geometry.node[box])
            closed = scene.districts.data.is_district(thing) and scene.level_shows_cards(scale)
            return thing if closed and _within(control_of_card(cards(scene, np.array([box]), scale)[0]), at) else -1
        for frame in scene.geometry.frames_in((*at, *at)).tolist()[::-1]:
            if _within(control_of_frame(scene.geometry.frames[frame]), at):
                return scene.districts.data.thing_of_frame(frame)
        return -1

    def things_within(self, rect: QRectF) -> list[int]:
        """The nodes and closed districts a rectangle of the widget touches."""
        if self._scene is None:
            return []
        camera = self._finder.camera
        corners = (*camera.to_layout(rect.left(), rect.top()), *camera.to_layout(rect.right(), rect.bottom()))
        things = self._scene.geometry.node[self._scene.geometry.boxes_in(corners)]
        return list(dict.fromkeys(things.tolist()))

    def rect_of(self, thing: int, at: QPointF | None = None) -> QRectF | None:
        """Where a thing is on the widget; of a node drawn as chips, the one at a point, or the first."""
        if self._scene is None:
            return None
        point = self._finder.camera.to_layout(at.x(), at.y()) if at is not None else None
        rect = self._scene.rect_of(thing, point)
        if rect is None:
            return None
        corner, end = self._finder.camera.to_widget(rect[0], rect[1]), self._finder.camera.to_widget(rect[2], rect[3])
        return QRectF(QPointF(*corner), QPointF(*end))

    # Choosing

    def all_chosen(self) -> list[int]:
        """What is chosen: nodes, then districts."""
        return [*self._scene.selection, *self._scene.chosen] if self._scene is not None else []

    def choose(self, things: list[int]) -> None:
        """Choose exactly these, as a person does."""
        scene = self._scene
        if scene is None or things == self.all_chosen():
            return
        count = len(scene.recording.graph.nodes)
        nodes, districts = [thing for thing in things if thing < count], [thing for thing in things if thing >= count]
        before, districts_before = list(scene.selection), list(scene.chosen)
        scene.selection, scene.chosen = tuple(nodes), tuple(districts)
        self.changed.emit()
        if nodes != before:
            self.chosen.emit(nodes)
        if districts != districts_before:
            self.districtsChosen.emit(districts)

    def press_control(self, x: float, y: float) -> bool:
        """Open or close the district whose sign is at a point; whether there is one."""
        thing = self.control_at(x, y)
        if thing >= 0:
            self.toggle(thing, QPointF(x, y))
        return thing >= 0

    def toggle(self, thing: int, at: QPointF | None) -> None:
        """Have a district opened or closed. A double click is one wish, however many presses it is made of."""
        now = time.monotonic()
        if now - self._toggled_at > QApplication.doubleClickInterval() / 1000:
            self._toggled_at = now
            self.toggled.emit(thing, at)

    # Pointing

    def point_at(self, thing: int) -> None:
        """The pointer is over a thing; ``-1`` for none."""
        if self._scene is not None and thing != self._scene.hovered:
            self.leave(thing)

    def leave(self, thing: int = -1) -> None:
        """As :meth:`point_at`, when what was pointed at may be gone."""
        self.hide_card()
        self._hovering.stop()
        scene = self._scene
        changed = scene is not None and scene.hovered != thing
        if scene is not None:
            scene.hovered = thing
        if thing >= 0:
            self._hovering.start()
        self.changed.emit()
        if changed:
            self.pointed.emit(thing)

    def hide_card(self) -> None:
        """Hide the card: what it stands beside moves."""
        self._card.hide()

    def _show_card(self) -> None:
        scene = self._scene
        if scene is None or scene.hovered < 0:
            return
        here = self._widget.mapFromGlobal(self._widget.cursor().pos())
        rect = self.rect_of(scene.hovered, QPointF(here))
        if rect is None:
            return
        if scene.frames_among([scene.hovered]):  # the card stands beside the title, not beside all of what is open
            rect.setHeight(min(rect.height(), TITLE_HEIGHT * self._finder.camera.scale))
            rect.setWidth(min(rect.width(), 8.0 + rect.width() / 2))
        self._card.show_for(card_lines(scene, scene.hovered), rect, self._theme)


def _within(rect: Rect, at: tuple[float, float]) -> bool:
    return rect[0] <= at[0] <= rect[2] and rect[1] <= at[1] <= rect[3]
