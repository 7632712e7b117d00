"""Finding one's way in the picture: the overview, and back and forward through what was looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent

from graphviz_app.layout.placement import Placement
from graphviz_app.recording.views import View
from graphviz_app.ui import i18n
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.graph.camera import Camera
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.graph.minimap import Minimap
from graphviz_app.ui.history import History
from graphviz_app.ui.settings import Settings
from graphviz_app.ui.theme import Theme

SETTLE_MS = 450
"""A look is remembered when it has rested this long."""
FAR_PART, FAR_ZOOM = 0.5, 1.6
"""A look is another one when its middle lies this part of the view away, or its zoom differs by this factor."""
_BUTTONS = {Qt.MouseButton.BackButton: -1, Qt.MouseButton.ForwardButton: 1}


@dataclass(frozen=True)
class Look:
    """What was looked at.

    Attributes
    ----------
    view
        The pass or result.
    camera, size
        How, in a canvas of that width and height.
    placement
        What the camera's coordinates belong to.
    laid_out
        How it was laid out: the open districts, where forward runs, what a filter left alone, and the language of the
        labels, by which boxes have their sizes. The same again gives the same places.
    anchor, offset
        A node near the middle (``-1`` for none), and where the middle is from its middle: where to look when it is laid
        out otherwise.
    selection
        The nodes chosen.
    """

    view: View | None
    camera: Camera
    size: tuple[int, int]
    placement: Placement
    laid_out: tuple[frozenset[int], str, bool, str]
    anchor: int
    offset: tuple[float, float]
    selection: tuple[int, ...]

    def middle(self) -> tuple[float, float]:
        """The layout point in the middle."""
        return self.camera.to_layout(self.size[0] / 2, self.size[1] / 2)

    def is_near(self, other: Look) -> bool:
        """Whether the other is but a little moved from this one."""
        if self.view != other.view or self.placement is not other.placement:
            return False
        if other.selection and other.selection != self.selection:
            return False
        zoom = other.camera.scale / self.camera.scale
        (x, y), (to_x, to_y) = self.middle(), other.middle()
        away = max(abs(to_x - x) / self.size[0], abs(to_y - y) / self.size[1]) * self.camera.scale
        return away <= FAR_PART and 1 / FAR_ZOOM <= zoom <= FAR_ZOOM


class Navigation(QObject):
    """Keeps the looks of one window.

    Signals
    -------
    changed()
        There is more, or less, to go back or forward to.

    Parameters
    ----------
    controller, canvas
        What is looked at.
    settings
        Remembers whether the overview is wanted.
    """

    changed = Signal()

    def __init__(self, controller: Controller, canvas: GraphCanvas, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._controller, self._canvas, self._settings = controller, canvas, settings
        self.history: History[Look] = History()
        self.minimap = Minimap(canvas)
        self.minimap.set_wanted(settings.text("minimap") == "on")
        self._language = i18n.language()
        self._stepped = False
        self._wanted: Look | None = None
        self._opening = False
        self._settling = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settling.timeout.connect(self.remember)

    def listen(self) -> None:
        """Follow the controller, after the canvas shows what it has."""
        controller = self._controller
        controller.recordingChanged.connect(self._on_recording)
        controller.selectionChanged.connect(self._settling.start)
        controller.stepChanged.connect(self._on_step)
        controller.placed.connect(self._on_placed)
        self._canvas.viewChanged.connect(self._settling.start)
        self._canvas.installEventFilter(self)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions of the table do."""
        return {
            "view.back": lambda: self.go(-1),
            "view.forward": lambda: self.go(1),
            "view.minimap": self._want_minimap,
        }

    def can(self, by: int) -> bool:
        """Whether one can go back (-1) or forward (1)."""
        return self.history.can(by)

    def go(self, by: int) -> None:
        """Go back (-1) or forward (1)."""
        self.remember()
        look = self.history.go(by)
        if look is None:
            return
        self._wanted = look
        self.changed.emit()
        if look.view is not None and look.view != self._controller.view:
            self._controller.set_view(look.view)  # the camera follows once it is laid out
        else:
            self._return_to(look)

    def remember(self) -> None:
        """Take down what is looked at now: as another place, or as the same one a little moved."""
        self._settling.stop()
        if self._controller.placer.is_placing:  # what is wanted comes with the new layout
            self._settling.start()
            return
        look = self._look()
        if look is None or self._wanted is not None:
            return
        here = self.history.here
        if here is None or (self._stepped and here.view == look.view) or here.is_near(look):
            self.history.amend(look)
        else:
            self.history.visit(look)
        self._stepped = False
        self.changed.emit()

    def take_over(self, before: Navigation) -> None:
        """Go back and forward through what was looked at in the window before, too."""
        before.remember()
        self.history, before.history = before.history, History()
        self._stepped = True  # what is looked at now is where that window was
        self.changed.emit()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self.minimap.apply_theme(theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The fourth and fifth button of a mouse go back and forward."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            by = _BUTTONS.get(event.button())
            if by is not None:
                self.go(by)
                return True
        return super().eventFilter(watched, event)

    def _look(self) -> Look | None:
        scene, canvas = self._canvas.scene(), self._canvas
        if scene is None or scene.recording is not self._controller.recording:
            return None
        camera, size = canvas.camera(), (max(1, canvas.width()), max(1, canvas.height()))
        x, y = camera.to_layout(size[0] / 2, size[1] / 2)
        box = scene.geometry.hit(x, y, reach=min(size) / camera.scale / 3)
        anchor, offset = -1, (0.0, 0.0)
        if box >= 0:
            left, top, right, bottom = scene.geometry.boxes[box].tolist()
            anchor, offset = scene.node_in(box), (x - (left + right) / 2, y - (top + bottom) / 2)
        selection = tuple(self._controller.selection)
        laid_out = self._laid_out()
        return Look(self._controller.view, camera, size, scene.placement, laid_out, anchor, offset, selection)

    def _laid_out(self) -> tuple[frozenset[int], str, bool, str]:
        controller = self._controller
        return controller.opened(), controller.direction, controller.shows_only(), self._language

    def _return_to(self, look: Look) -> None:
        """Look as then, with the districts open that were; where it is laid out otherwise now, at the same node."""
        if look.laid_out[0] != self._controller.opened() and not self._opening:
            self._opening = True
            self._controller.open_only(look.laid_out[0])  # the rest follows once it is laid out
            return
        self._wanted, self._opening = None, False
        scene, canvas = self._canvas.scene(), self._canvas
        self._controller.select(list(look.selection))
        if scene is None:
            return
        x, y = look.middle()
        if scene.placement is not look.placement and self._laid_out() != look.laid_out:
            boxes = scene.geometry.boxes_of([look.anchor])
            if not len(boxes):
                return
            left, top, right, bottom = scene.geometry.boxes[boxes[0]].tolist()
            x, y = (left + right) / 2 + look.offset[0], (top + bottom) / 2 + look.offset[1]
        self._stepped = True  # what settles now is this place, not another
        canvas.look_from(Camera(look.camera.scale).centred(x, y, canvas.width(), canvas.height()))

    def _on_recording(self) -> None:
        self.history.clear()
        self._wanted, self._opening = None, False
        self.changed.emit()

    def _on_step(self) -> None:
        """The camera follows the step: that is no place a person went to."""
        self._stepped = True
        self.minimap.show_step()

    def _on_placed(self) -> None:
        if self._wanted is not None:
            self._return_to(self._wanted)
        else:
            self._settling.start()

    def _want_minimap(self, on: bool) -> None:
        self._settings.set("minimap", "on" if on else "off")
        self.minimap.set_wanted(on)
