"""The graph in the window: one painted surface that is panned, zoomed, pointed at and stepped through."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from graphviz_app.layout.placement import Placement
from graphviz_app.recording.model import Recording
from graphviz_app.ui.graph.camera import Camera
from graphviz_app.ui.graph.choosing import Chooser
from graphviz_app.ui.graph.entrance import Entrance
from graphviz_app.ui.graph.geometry import Ints
from graphviz_app.ui.graph.heat import Heat
from graphviz_app.ui.graph.hover_card import description
from graphviz_app.ui.graph.keyboard import pressed, walked
from graphviz_app.ui.graph.morph import can_morph
from graphviz_app.ui.graph.motion import Motions
from graphviz_app.ui.graph.notices import empty_text, paint_badge, paint_empty, paint_frame, paint_legend
from graphviz_app.ui.graph.picture import Picture
from graphviz_app.ui.graph.playing import PlaybackView
from graphviz_app.ui.graph.pointer import Pointer
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.graph.transit import Transit
from graphviz_app.ui.graph.viewfinder import Viewfinder
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.theme import LIGHT, Theme


class GraphCanvas(QWidget):
    """Shows a recording's graph.

    Signals
    -------
    nodeSelected(list)
        The nodes a person chose, empty for none; not sent for :meth:`set_selection`.
    nodeActivated(int)
        A node was double-clicked, or Enter pressed on it.
    hovered(int)
        The node under the pointer; ``-1`` for none.
    viewChanged()
        Panned or zoomed.
    districtsSelected(list)
        The districts a person chose, by their numbers; empty for none.
    districtToggled(int, bool)
        A person wants a district opened or closed: by its sign or name, or (`True`) by zooming.

    Attributes
    ----------
    follow
        Whether the running node is brought into view when a step leaves it.
    entrance
        Opens districts that are zoomed into, and keeps one in place in the next layout.
    """

    nodeSelected = Signal(list)
    nodeActivated = Signal(int)
    hovered = Signal(int)
    viewChanged = Signal()
    districtsSelected = Signal(list)
    districtToggled = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None, *, animations: bool = True) -> None:
        super().__init__(parent)
        self.follow = True
        self._theme = LIGHT
        self._scene: GraphScene | None = None
        self._framed = False
        self._running = False
        self._band: QRectF | None = None
        self._badge = ""
        self._motions = Motions(self)
        self._transit = Transit(self._motions)
        self._motions.frame.connect(self.update)
        self._picture = Picture(self)
        self._picture.improved.connect(self.update)
        self._finder = Viewfinder(self, self._motions)
        self._finder.moved.connect(self._on_moved)
        self._finder.glides = animations
        self._pointer = Pointer(self, self)
        self._chooser = Chooser(self, self._finder)
        self._chooser.changed.connect(self.update)
        self._chooser.chosen.connect(self._on_chosen)
        self._chooser.districtsChosen.connect(self._on_districts_chosen)
        self._chooser.pointed.connect(self.hovered)
        self._chooser.toggled.connect(self._on_toggled)
        self.entrance = Entrance(self, self._finder)
        self.entrance.wanted.connect(lambda thing: self.districtToggled.emit(thing, True))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(tr("Graph"))
        self._describe()

    @property
    def animations(self) -> bool:
        """Whether things move from place to place; off, they are there at once."""
        return self._finder.glides

    @animations.setter
    def animations(self, on: bool) -> None:
        self._finder.glides = on

    # What is shown

    def set_running(self, running: bool) -> None:
        """Whether a program runs, which is what an empty canvas then says."""
        self._running = running
        self.update()

    def show(
        self,
        recording: Recording | None = None,
        placement: Placement | None = None,
        keep_view: bool = False,
        animate: bool = False,
    ) -> None:
        """Show a recording's graph at the places of a layout; without arguments, make the widget visible.

        Parameters
        ----------
        recording, placement
            What, and where.
        keep_view
            Keep zoom and place instead of fitting the picture into the widget.
        animate
            Let nodes move from where they are to where they will be.
        """
        if recording is None or placement is None:
            super().show()
        else:
            self.show_scene(GraphScene(recording, placement, self._theme), keep_view=keep_view, animate=animate)

    def show_scene(self, scene: GraphScene, *, keep_view: bool = False, animate: bool = False) -> None:
        """Show what a thread may have made, in the canvas's own colours; else as :meth:`show`."""
        old, before = self._scene, self._finder.camera
        self._transit.stop()
        self._scene, scene.theme, scene.controls = scene, self._theme, True
        same = old is not None and old.recording is scene.recording
        if old is not None and same:
            scene.take_over(old)
        keep_view = keep_view or (scene.keeps_view and same)
        self._finder.set_geometry(scene.geometry, keep_view=keep_view)
        if old is not None and scene.keeps_view and keep_view:
            self._finder.arrive(self.entrance.camera_for(old, scene, before))
        self._chooser.set_scene(scene, self._theme)
        self.entrance.set_scene(scene)
        self._chooser.leave()
        self._picture.set_scene(scene, self._finder.camera)
        self.update()
        if animate and self.animations and old is not None and can_morph(old, scene):
            self._finder.go(self._finder.camera, before)
            self._transit.morph(old, scene)
        self._describe()
        self.viewChanged.emit()

    def scene(self) -> GraphScene | None:
        """What is shown; ``None`` before anything is."""
        return self._scene

    def is_sharp(self) -> bool:
        """Whether the last frame showed everything as it is, with nothing left to be drawn."""
        return self._picture.is_complete()

    def is_moving(self) -> bool:
        """Whether anything is on its way."""
        return self._motions.are_running()

    def set_playback(self, view: PlaybackView | None) -> None:
        """Show a step of a pass; one step onward lets the gradients travel."""
        scene = self._scene
        if scene is None:
            return
        old = scene.playback
        change = scene.set_playback(view)
        self._picture.change(change)
        self._transit.step(old, view, animate=self.animations)
        if self.follow and view is not None and (old is None or old.running != view.running):
            self._finder.follow(view.running, view.neighbours(scene.recording))
        self.update()

    def set_selection(self, nodes: Iterable[int]) -> None:
        """Outline some nodes as chosen; where they are others than before, no district is any more."""
        if self._scene is not None:
            chosen = tuple(nodes)
            if chosen and chosen != self._scene.selection:
                self._scene.chosen = ()
            self._scene.selection = chosen
            self._describe()
            self.update()

    def set_found(self, nodes: Ints) -> None:
        """Outline what a search has found; from afar, fill it."""
        if self._scene is not None and nodes is not self._scene.found:
            self._scene.set_found(nodes)
            self._picture.refresh_far()
            self.update()

    def set_kept(self, nodes: Ints | None) -> None:
        """Dim every node but some; ``None`` dims none."""
        if self._scene is not None and nodes is not self._scene.kept:
            self._scene.set_kept(nodes)
            self._picture.refresh()
            self.update()

    def set_lit(self, nodes: Iterable[int], edges: Iterable[int]) -> None:
        """Light a path: some nodes, and edges between them."""
        if self._scene is not None:
            self._scene.lit = tuple(nodes), tuple(edges)
            self.update()

    def set_heat(self, heat: Heat | None) -> None:
        """Colour nodes and edges by gradient norm, with a legend; ``None`` brings the usual colours back."""
        if self._scene is not None and self._scene.heat is not heat:
            self._scene.heat = heat
            self._picture.set_scene(self._scene, self._finder.camera)
            self._on_moved(settled=True)

    def set_badge(self, text: str) -> None:
        """Say above the picture that a hypothesis is shown; empty when none is."""
        self._badge = text
        self._describe()
        self.update()

    def badge(self) -> str:
        """What stands above the picture."""
        return self._badge

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        if self._scene is not None:
            self._scene.theme = theme
            self._picture.set_scene(self._scene, self._finder.camera)
        self.update()

    # Where one looks

    def camera(self) -> Camera:
        """Where the picture is looked at."""
        return self._finder.camera

    def look_from(self, camera: Camera) -> None:
        """Look at the picture as once before."""
        self._finder.look_from(camera)

    def choose_as(self, other: GraphCanvas) -> None:
        """Have the districts chosen that are in another canvas with the same recording."""
        mine, theirs = self._scene, other.scene()
        if mine is not None and theirs is not None and mine.recording is theirs.recording:
            mine.choose_as(theirs)
            self._describe()
            self.update()

    def look_as(self, other: GraphCanvas) -> None:
        """Be looked at as another canvas: from the same place, or fitted, or leaning in at the next step."""
        self._finder.take_over(other._finder)

    def fit(self) -> None:
        """Show the whole picture."""
        self._finder.fit()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom around a point of the widget, or its middle; what is entered so is opened."""
        if not self.entrance.is_busy():
            self._finder.zoom_by(factor, at)
            self.entrance.zoomed(factor, at)

    def zoom_to(self, nodes: Iterable[int]) -> None:
        """Show some nodes as large as fits."""
        self._finder.zoom_to(nodes)

    def center_on(self, node: int) -> None:
        """Bring a node to the middle, near enough to be read."""
        self._finder.center_on(node)

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the picture by pixels."""
        self._finder.pan_by(dx, dy)

    def _on_moved(self, settled: bool) -> None:
        self._chooser.hide_card()
        self._picture.set_camera(self._finder.camera, settled=settled)
        self.update()
        self.viewChanged.emit()

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, and over it what belongs to the widget."""
        painter = QPainter(self)
        try:
            if self._scene is None or not len(self._scene.geometry.node):
                text = empty_text(running=self._running, scene=self._scene)
                paint_empty(painter, QRectF(self.rect()), self._theme, text)
            else:
                self._picture.draw(painter, self._transit.moving, self._transit.travel)
                self._paint_notices(painter, self._scene.heat)
            paint_frame(painter, QRectF(self.rect()), self._theme, self._band, focus=self.hasFocus() and self._framed)
        finally:
            painter.end()

    def _paint_notices(self, painter: QPainter, heat: Heat | None) -> None:
        area = QRectF(self.rect())
        if heat is not None:
            paint_legend(painter, area, self._theme, heat)
        if self._badge:
            paint_badge(painter, area, self._theme, self._badge)

    # The pointer's board

    def node_at(self, x: float, y: float) -> int:
        """The node or district at a point of the widget; ``-1`` for none."""
        return self._chooser.thing_at(x, y)

    def nodes_within(self, rect: QRectF) -> list[int]:
        """The nodes and closed districts a rectangle of the widget touches."""
        return self._chooser.things_within(rect)

    def press_control(self, x: float, y: float) -> bool:
        """Open or close the district whose sign is at a point; whether there is one."""
        return self._chooser.press_control(x, y)

    def chosen(self) -> list[int]:
        """What is selected: nodes, then districts."""
        return self._chooser.all_chosen()

    def choose(self, nodes: list[int]) -> None:
        """Select exactly these, as a person does."""
        self._chooser.choose(nodes)

    def activate(self, node: int, at: QPointF | None = None) -> None:
        """A node or district was double-clicked, or Enter pressed on it."""
        if self._scene is not None and node >= len(self._scene.recording.graph.nodes):
            self._chooser.toggle(node, at)
        else:
            self.nodeActivated.emit(node)

    def point_at(self, node: int) -> None:
        """The pointer is over a node or district; ``-1`` for none."""
        self._chooser.point_at(node)

    def pointed_at(self) -> int:
        """The node or district under the pointer; ``-1`` for none."""
        return self._scene.hovered if self._scene is not None else -1

    def _on_chosen(self, nodes: list[int]) -> None:
        self._describe()
        self.nodeSelected.emit(nodes)

    def _on_districts_chosen(self, things: list[int]) -> None:
        self._describe()
        self.districtsSelected.emit(things)

    def _on_toggled(self, thing: int, at: QPointF | None) -> None:
        if self._scene is not None and self._scene.districts is not None:
            self.entrance.keep(self._scene.districts.data.groups_of(thing)[0], at)
            self.districtToggled.emit(thing, False)

    def show_band(self, rect: QRectF | None) -> None:
        """Draw the rubber band."""
        self._band = rect
        self.update()

    def show_grip(self, *, panning: bool) -> None:
        """Show that the picture is being dragged."""
        self.setCursor(Qt.CursorShape.ClosedHandCursor if panning else Qt.CursorShape.ArrowCursor)

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key says; leave the others to the window."""
        if not pressed(self, event):
            super().keyPressEvent(event)

    def focusNextPrevChild(self, onward: bool) -> bool:
        """Tab walks through nodes and districts in forward order, and past the last one out of the canvas."""
        return walked(self, self._finder, onward=onward) or super().focusNextPrevChild(onward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember whether the keyboard came here, so that only then a frame says so."""
        by_key = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._framed = event.reason() in by_key
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture where it was, or fitted."""
        self._finder.resized(event.oldSize())

    def sizeHint(self) -> QSize:
        """A size at which a small graph can be read."""
        return QSize(640, 480)

    def _describe(self) -> None:
        """Tell a screen reader what is shown, and what is chosen."""
        self.setAccessibleDescription(description(self._scene, self._badge, self.chosen()))
