"""From a recording and a view to a scene: grouped, folded, measured, laid out, all off the UI thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from graphviz_app.layout.drawn import crossings_of
from graphviz_app.layout.placement import Placement
from graphviz_app.recording import codec
from graphviz_app.recording.costs import costs_of
from graphviz_app.recording.districts import Groups
from graphviz_app.recording.folding import MOST_AT_START, carry_open, fold, open_at_start
from graphviz_app.recording.grouping import groups_in_view, groups_of
from graphviz_app.recording.model import Recording
from graphviz_app.recording.views import View, nodes_of
from graphviz_app.ui.graph.district_labels import TITLE_HEIGHT, DistrictLabels, measure_drawn, title_widths
from graphviz_app.ui.graph.district_scene import DistrictScene
from graphviz_app.ui.graph.districts import Districts
from graphviz_app.ui.graph.labels import Labels, measure
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.later import Later
from graphviz_app.ui.memory import MANY, give_back
from graphviz_app.ui.opening import with_paths
from graphviz_app.ui.theme import LIGHT, Theme
from graphviz_app.worker.layouter import Layouter

READABLE_AT_START = 24
"""Boxes that can be read when a whole picture is fitted into the window's pane."""
ENOUGH_AT_START = 7
UNTANGLE_SECONDS = 4.5
"""Spent on fewer crossings when a person asks for it; with the rest of the layout, five seconds."""
Nodes = npt.NDArray[np.integer]
MODES = ("auto", "always", "never")
"""When a graph is drawn in districts; ``auto``: when it has more nodes than can be read at a glance."""


class NoDistrict(Exception):
    """There is no district of that path; `paths` are those there are."""

    def __init__(self, path: str, paths: list[str]) -> None:
        super().__init__(path)
        self.path, self.paths = path, paths


@dataclass(frozen=True)
class Opening:
    """Which districts are to be open.

    Attributes
    ----------
    mode
        One of :data:`MODES`.
    groups
        The groups that are open; ``None``: as many as can be read at a glance.
    view
        The view in which they were opened; ``None``: the one to be drawn.
    paths
        Paths of those that were open in an earlier run, when `groups` is ``None``.
    also
        Paths of districts to open besides.
    everything
        Whether every district is open.
    """

    mode: str = "auto"
    groups: frozenset[int] | None = None
    view: View | None = None
    paths: frozenset[str] = frozenset()
    also: tuple[str, ...] = ()
    everything: bool = False


@dataclass(frozen=True, eq=False)
class Drawing:
    """What is to be laid out: the nodes of a view, or what is drawn of them in districts, and how large each is.

    Attributes
    ----------
    nodes
        Numbers of what is drawn, ascending.
    groups, opened
        The recording's groups and those that are open, where it is drawn in districts.
    titles
        How wide the title of each open district is.
    """

    recording: Recording
    nodes: Any
    sizes: Any
    chips: Any
    labels: Labels
    districts: DistrictScene | None = None
    groups: Groups | None = None
    opened: frozenset[int] = frozenset()
    titles: Any = None

    def scene(self, placement: Placement, theme: Theme = LIGHT) -> GraphScene:
        """What is drawn of a layout's answer."""
        scene = GraphScene(self.recording, placement, theme, self.labels, self.districts)
        scene.geometry.prepare()
        return scene


def draw_up(
    recording: Recording, view: View, opening: Opening, groups: Groups | None = None, only: Nodes | None = None
) -> Drawing:
    """Group, fold and measure a view. May run in any thread once the application exists.

    Parameters
    ----------
    groups
        The recording's groups, where they are known already.
    only
        Nodes to which the view is confined.

    Raises
    ------
    NoDistrict
        When a district that is to be opened does not exist.
    """
    nodes = nodes_of(recording, view)
    if only is not None:
        nodes = nodes[np.isin(nodes, only)]
    if opening.mode == "never" or (opening.mode == "auto" and len(nodes) <= MOST_AT_START):
        return _flat(recording, nodes)
    if not len(recording.calls) and not opening.also:  # a graph in hand: nothing is known that groups are made of
        return _flat(recording, nodes)
    groups = groups_of(recording) if groups is None else groups
    if opening.also and not len(groups):
        raise NoDistrict(opening.also[0], [])
    if not len(groups):
        return _flat(recording, nodes)
    groups = groups_in_view(recording, groups, nodes)
    opened = _opened(recording, groups, view, nodes, opening)
    folded = fold(recording, groups, nodes, opened)
    if not folded.members and not len(folded.frames):
        return _flat(recording, nodes)
    labels, data = Labels(recording), Districts(recording, groups, folded)
    texts = DistrictLabels(data, costs_of(recording, recording.passes[view.index] if view.kind == "pass" else None))
    districts = DistrictScene(data, texts)
    districts.prepare()
    sizes, chips = measure_drawn(data, labels, texts)
    titles = title_widths(data, texts)
    return Drawing(recording, folded.boxes, sizes, chips, labels, districts, groups, opened, titles)


def _flat(recording: Recording, nodes: Any) -> Drawing:
    labels = Labels(recording)
    return Drawing(recording, nodes, *measure(recording, nodes, labels), labels)


def _opened(recording: Recording, groups: Groups, view: View, nodes: Any, opening: Opening) -> frozenset[int]:
    if opening.everything:
        return frozenset(range(len(groups)))
    if opening.groups is not None:
        if opening.view in (None, view):
            return opening.groups
        return carry_open(groups, opening.groups, nodes_of(recording, opening.view), nodes)
    known = frozenset(number for number, path in enumerate(groups.path) if path in opening.paths)
    found, missing = with_paths(groups, known or _at_start(recording, groups, nodes), opening.also)
    if missing:
        raise NoDistrict(missing[0], groups.path)
    return found


def _at_start(recording: Recording, groups: Groups, nodes: Any) -> frozenset[int]:
    """Open what can be read at a glance; what holds operations alone stays closed where there is enough to see."""
    opened: frozenset[int] = frozenset()
    for most in (READABLE_AT_START, MOST_AT_START):
        opened = open_at_start(recording, groups, nodes, most)
        for wanted in (opened & frozenset(groups.parent.tolist()), opened):
            if len(fold(recording, groups, nodes, wanted).boxes) >= ENOUGH_AT_START:
                return wanted
    return opened


class Placer(QObject):
    """Lays views out and keeps which of their districts are open. Only the newest request counts.

    Signals
    -------
    placed(scene, animate)
        A scene is ready; `animate` when its boxes may move there from where they are. Of a large graph a first draft is
        shown before, while the window is busy with the final one.
    busyChanged(str)
        ``"layout"`` while one is made, ``"untangling"`` while time is spent on a better one, or empty.
    untangled(before, after)
        How many crossings are drawn, and how many will be now that time was spent on fewer: the picture comes next.
        Where these are no fewer, none comes.
    refused(error)
        The layout could not be made.
    """

    placed = Signal(object, bool)
    untangled = Signal(int, int)
    busyChanged = Signal(str)
    refused = Signal(object)

    def __init__(self, later: Later, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._later = later
        self._layouter = Layouter()
        self._measuring = ThreadPoolExecutor(1, thread_name_prefix="measure")
        self._ticket = 0
        self.is_placing = False
        self.mode = "auto"
        self._recording: Recording | None = None
        self._groups: Groups | None = None
        self._opened: frozenset[int] | None = None
        self._opened_in: View | None = None
        self._chosen = False
        self._paths: frozenset[str] = frozenset()

    # Districts

    @property
    def groups(self) -> Groups | None:
        """The groups of the recording shown; ``None`` where it is not drawn in districts."""
        return self._groups

    @property
    def opened(self) -> frozenset[int]:
        """The groups that are open."""
        return self._opened or frozenset()

    def use(self, recording: Recording) -> None:
        """Another recording. What a person has opened in the one before stays open in it, where it has it too."""
        if recording is self._recording:
            return
        if self._chosen and self._groups is not None:
            self._paths = frozenset(self._groups.path[group] for group in self.opened)
        self._recording, self._groups, self._opened, self._opened_in = recording, None, None, None

    def set_opened(self, groups: Iterable[int]) -> None:
        """Open exactly these from the next layout on."""
        self._opened, self._opened_in, self._chosen = frozenset(groups), None, True

    def forget(self) -> None:
        """Open as many districts as can be read at a glance, from the next layout on."""
        self._opened, self._chosen, self._paths = None, False, frozenset()

    # Laying out

    def place(
        self,
        view: View,
        direction: str,
        only: Nodes | None = None,
        *,
        animate: bool,
        keep_view: bool = False,
        fewer_than: int | None = None,
    ) -> None:
        """Lay out a view of the recording in another process, with a thread for what comes before and after.

        Parameters
        ----------
        view, direction
            What, and where forward runs.
        only
            Nodes to which the view is confined; ``None`` for all of it.
        animate
            Whether boxes may move to their new places.
        keep_view
            Whether what is looked at is to stay in place.
        fewer_than
            How many crossings are drawn now, if :data:`UNTANGLE_SECONDS` are to be spent on fewer.
        """
        recording = self._recording
        if recording is None:
            return
        self._ticket += 1
        self.is_placing = True
        ticket, groups = self._ticket, self._groups
        same = self._chosen or self._opened_in in (None, view)
        opening = Opening(self.mode, self._opened if same else None, self._opened_in, self._paths)
        self.busyChanged.emit("layout" if fewer_than is None else "untangling")

        def place(drawing: Drawing) -> None:
            if ticket != self._ticket:
                return
            self._groups = drawing.groups or self._groups
            if drawing.districts is not None:
                self._opened, self._opened_in = drawing.opened, view
            on_draft = None if animate else lambda data: drafted(drawing, data)
            asked = self._ask(drawing, direction, on_draft, 0.0 if fewer_than is None else UNTANGLE_SECONDS)
            self._later.when(asked, lambda data: ready(drawing, data), self._fail)

        def drafted(drawing: Drawing, data: bytes) -> None:
            self._later.call(lambda: ready(drawing, data, show_draft))

        def show_draft(scene: GraphScene) -> None:
            if ticket == self._ticket and self.is_placing:
                self.placed.emit(scene, False)

        def ready(drawing: Drawing, data: bytes, show: Callable[[GraphScene], None] | None = None) -> None:
            if ticket == self._ticket:
                future = self._measuring.submit(lambda: drawing.scene(codec.decode(data, Placement)))
                self._later.when(future, show or (done if fewer_than is None else compare), self._fail)

        def compare(scene: GraphScene) -> None:
            future = self._measuring.submit(crossings_of, scene.placement)
            self._later.when(future, lambda crossings: told(scene, crossings), self._fail)

        def told(scene: GraphScene, crossings: int) -> None:
            if ticket == self._ticket and fewer_than is not None:
                self.untangled.emit(fewer_than, crossings)
                if crossings < fewer_than:
                    done(scene)
                else:
                    self._stop_being_busy()

        def done(scene: GraphScene) -> None:
            if ticket == self._ticket:
                self._stop_being_busy()
                scene.keeps_view = keep_view
                self.placed.emit(scene, animate)
                if len(recording.graph.nodes.kind) > MANY:
                    self._measuring.submit(give_back)

        self._later.when(
            self._measuring.submit(lambda: draw_up(recording, view, opening, groups, only)), place, self._fail
        )

    def untangle(self, view: View, direction: str, only: Nodes | None, shown: Placement) -> None:
        """Lay out what is shown once more, with time for fewer crossings; as :meth:`place`."""
        self._ticket += 1
        self.is_placing = True
        ticket = self._ticket
        self.busyChanged.emit("untangling")

        def counted(crossings: int) -> None:
            if ticket == self._ticket and crossings:
                self.place(view, direction, only, animate=True, fewer_than=crossings)
            elif ticket == self._ticket:
                self.untangled.emit(0, 0)
                self._stop_being_busy()

        self._later.when(self._measuring.submit(crossings_of, shown), counted, self._fail)

    def _stop_being_busy(self) -> None:
        self.is_placing = False
        self.busyChanged.emit("")

    def _ask(
        self, drawing: Drawing, direction: str, on_partial: Callable[[bytes], None] | None, untangle: float
    ) -> Future[bytes]:
        graph, nodes, sizes, chips = drawing.recording.graph, drawing.nodes, drawing.sizes, drawing.chips
        if drawing.districts is None:
            return self._layouter.place(graph, nodes, sizes, chips, direction, on_partial, untangle)
        folded = drawing.districts.data.folded
        return self._layouter.place_districts(
            graph, folded, sizes, chips, direction,
            title_height=TITLE_HEIGHT, title_width=drawing.titles, untangle=untangle,
        )  # fmt: skip

    def _fail(self, error: BaseException) -> None:
        self.is_placing = False
        self.refused.emit(error)

    def give_up(self) -> None:
        """Give up what is being laid out."""
        self._layouter.cancel()
        self._ticket += 1
        self._stop_being_busy()

    def close(self) -> None:
        """End the layout process and the thread."""
        self._layouter.close()
        self._measuring.shutdown(wait=True, cancel_futures=True)
