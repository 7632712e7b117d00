"""All that the picture shows, as data: a recording, where its nodes lie, the step, and what is pointed at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from graphviz_app.layout.placement import Placement
from graphviz_app.recording.model import NONE, EventKind, NodeKind, Recording
from graphviz_app.ui.graph.anchors import Anchors
from graphviz_app.ui.graph.district_scene import DistrictScene
from graphviz_app.ui.graph.districts import DISTRICT
from graphviz_app.ui.graph.geometry import Floats, Geometry, Ints, Rect
from graphviz_app.ui.graph.heat import Heat, HeatLook, Special, looks
from graphviz_app.ui.graph.labels import Labels, NodeText
from graphviz_app.ui.graph.playing import PlaybackView, playback_view
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.theme import Theme

__all__ = ["Change", "GraphScene", "Level", "PlaybackView", "State", "level_at", "playback_view"]


class Level(IntEnum):
    """How much is drawn of each node."""

    FAR = 0
    """Coloured boxes and straight lines."""
    MIDDLE = 1
    """Boxes with their sign."""
    NEAR = 2
    """Everything."""


class State(IntEnum):
    """Where a node stands at the step shown."""

    PLAIN = 0
    """No step is shown, or the pass has not begun."""
    DONE = 1
    WAITING = 2
    """The pass has begun and has not come here."""


NAMED_FROM = 0.13
"""Zoom from which names are written on boxes."""
FAR, MIDDLE, NEAR = Level  # looking a member up in its class takes ten times as long


def level_at(scale: float) -> Level:
    """What can be read at a zoom."""
    return NEAR if scale >= 0.62 else MIDDLE if scale >= NAMED_FROM else FAR


_GREY = np.zeros(256, dtype=np.bool_)
_GREY[[NodeKind.CONSTANT, NodeKind.CUT]] = True
"""Whether what a node of each kind gives carries no gradient."""


class Change:
    """What a new step changes below the moving things: some boxes and routes, or everything.

    `texts` are boxes, and `frames` open districts, of which only what is written on them may have changed; `bars` are
    the rectangles in which the bars that tell from afar how much of these is done have.
    """

    def __init__(
        self,
        boxes: Ints | None,
        routes: Ints | None,
        texts: Ints | None = None,
        frames: Ints | None = None,
        bars: Floats | None = None,
    ) -> None:
        self.boxes = boxes
        self.routes = routes
        self.texts = texts if texts is not None else _none()
        self.frames = frames if frames is not None else _none()
        self.bars = bars if bars is not None else np.zeros((0, 4))

    @property
    def everything(self) -> bool:
        """Whether all of the picture must be drawn again."""
        return self.boxes is None or self.routes is None


class GraphScene:
    """What is to be drawn.

    Parameters
    ----------
    recording
        The recording.
    placement
        Where its nodes lie.
    theme
        The colours.
    labels
        Texts made before, such as those :func:`graphviz_app.ui.graph.labels.measure` has made.

    Attributes
    ----------
    selection, found
        Recording nodes chosen, and those a search has found.
    found_boxes
        Whether each box was found; ``None`` when none was.
    kept, kept_boxes
        Recording nodes a filter leaves as they are while the rest is dimmed, and whether each box is one of them;
        ``None`` when none is dimmed.
    hovered
        Recording node under the pointer; ``-1`` for none.
    lit
        Recording nodes and edges of a path that is shown.
    heat
        Colours by gradient norm; ``None`` for the usual ones.
    districts
        The districts the nodes are grouped in; ``None`` where they are not.
    chosen
        Numbers of the districts chosen.
    controls
        Whether the signs that open and close districts are drawn.
    keeps_view
        Whether what is looked at should stay in place when this is shown.
    moving
        Whether its boxes are on their way.
    unwritten
        Which boxes are drawn without their texts, because they are on their way; ``None`` for none.
    labels, geometry, anchors
        The texts, the index, and the places of what is written beside edges.
    """

    def __init__(
        self,
        recording: Recording,
        placement: Placement,
        theme: Theme,
        labels: Labels | None = None,
        districts: DistrictScene | None = None,
    ) -> None:
        self.recording = recording
        self.placement = placement
        self.theme = theme
        self.labels = labels if labels is not None else Labels(recording)
        self.districts = districts
        self.geometry = Geometry(placement, districts.data if districts is not None else None)
        self.anchors = Anchors(self.geometry)
        self.selection: tuple[int, ...] = ()
        self.found: Ints = _none()
        self.found_boxes: npt.NDArray[np.bool_] | None = None
        self.kept: Ints | None = None
        self.kept_boxes: npt.NDArray[np.bool_] | None = None
        self.hovered = -1
        self.lit: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
        self.heat: Heat | None = None
        self.playback: PlaybackView | None = None
        self.chosen: tuple[int, ...] = ()
        self.controls = False
        self.keeps_view = False
        self.moving = False
        self.unwritten: npt.NDArray[np.bool_] | None = None
        kinds = np.asarray(recording.graph.nodes.kind, dtype=np.uint8)
        self.box_kind: npt.NDArray[np.uint8] = (kinds if districts is None else districts.data.kind)[self.geometry.node]
        cut = np.asarray(recording.graph.edges.cut, dtype=np.bool_)
        self._cut = (cut if districts is None else ~districts.data.any_edge(~cut))[self.geometry.edge]
        self._cut |= _GREY[self.box_kind[self.geometry.source]]

    def moved_to(self, placement: Placement) -> GraphScene:
        """The same with its boxes elsewhere: `placement` has the boxes and routes of this one, in the same order."""
        other = copy(self)
        other.placement, other.moving = placement, True
        other.geometry = self.geometry.moved_to(placement)
        other.anchors = Anchors(other.geometry)
        return other

    def take_over(self, old: GraphScene) -> None:
        """Show the step, the choice and the colours of another scene of the same recording."""
        self.set_playback(old.playback)
        self.selection, self.lit = old.selection, old.lit
        self.set_found(old.found)
        self.set_kept(old.kept)
        self.choose_as(old)

    def choose_as(self, old: GraphScene) -> None:
        """Have the districts chosen that are in another scene of the same recording."""
        if self.districts is not None and old.districts is not None:
            groups = [group for thing in old.chosen for group in old.districts.data.groups_of(thing)[:1]]
            things = [self.districts.data.thing_of(group) for group in groups]
            self.chosen = tuple(dict.fromkeys(thing for thing in things if thing >= 0))

    def summary(self) -> list[str]:
        """How much is shown, in words."""
        if self.districts is None:
            return [tr("{count} nodes", count=np.count_nonzero(np.bincount(self.geometry.node)))]
        data = self.districts.data
        alone = int(np.count_nonzero(np.asarray(data.folded.boxes) < data.nodes))
        opened = len(data.folded.frames)
        return [
            tr("{count} nodes", count=alone),
            tr("{count} closed districts", count=data.closed),
            tr("{count} open districts", count=opened),
        ]

    def set_playback(self, view: PlaybackView | None) -> Change:
        """Show another step; tells what must be drawn again below the moving things."""
        old, self.playback = self.playback, view
        if old is None or view is None:
            return Change(None, None) if (old is None) != (view is None) else Change(_none(), _none())
        if old.playback is not view.playback or old.infos is not view.infos or (old.step > 0) != (view.step > 0):
            return Change(None, None)
        nodes = np.flatnonzero(old.done != view.done)
        touched = np.concatenate([nodes, [node for node in (old.running, view.running) if node >= 0]])
        boxes = self.geometry.boxes_of(touched.astype(np.int64))
        routes = self.geometry.routes_of(np.flatnonzero(old.climbed != view.climbed))
        # Values arrive after their step, and leaves and districts show them.
        shows = (self.box_kind == NodeKind.LEAF) | (self.box_kind == DISTRICT)
        texts = np.flatnonzero(shows) if old.known != view.known else None
        if self.districts is None:
            return Change(boxes, routes, texts)
        ends = np.concatenate([self.geometry.source[routes], self.geometry.target[routes]])
        told = ends[self.box_kind[ends] == DISTRICT] if texts is None else texts
        frames = self.districts.frames_of(nodes.astype(np.int64))
        return Change(boxes, routes, told, frames, self.districts.bars(self.geometry, frames, old, view))

    def set_found(self, nodes: Ints) -> None:
        """Show what a search has found."""
        self.found, self.found_boxes = nodes, None
        if len(nodes):
            marked = np.zeros(len(self.recording.graph.nodes), dtype=np.bool_)
            marked[nodes] = True
            self.found_boxes = self.geometry.marked(marked)

    def set_kept(self, nodes: Ints | None) -> None:
        """Dim every node but some; ``None`` dims none."""
        self.kept, self.kept_boxes = nodes, None
        if nodes is not None:
            marked = np.zeros(len(self.recording.graph.nodes), dtype=np.bool_)
            marked[nodes] = True
            self.kept_boxes = self.geometry.marked(marked)

    def clear_found(self) -> None:
        """Nothing is looked for."""
        self.found, self.found_boxes = _none(), None

    def states(self, boxes: Ints) -> npt.NDArray[np.uint8]:
        """:class:`State` of some boxes."""
        view = self.playback
        if view is None or view.step == 0:
            return np.zeros(len(boxes), dtype=np.uint8)
        done = (view.done if self.districts is None else self.districts.done(view))[self.geometry.node[boxes]]
        return np.where(done, State.DONE, State.WAITING).astype(np.uint8)

    def heat_of_boxes(self, boxes: Ints) -> npt.NDArray[np.uint8]:
        """Class of gradient norm of some boxes; zeros when they have their usual colours."""
        if self.heat is None:
            return np.zeros(len(boxes), dtype=np.uint8)
        every = self.heat.node if self.districts is None else self.districts.heat_of_nodes(self.heat)
        classes: npt.NDArray[np.uint8] = every[self.geometry.node[boxes]]
        return classes

    def warmth(self, box: int) -> HeatLook | None:
        """Colours of a box by gradient norm; ``None`` when it has its usual ones."""
        number = int(self.heat_of_boxes(np.array([box]))[0]) if self.heat is not None else Special.NOTHING
        return looks(self.theme)[number] if number != Special.NOTHING else None

    def heat_of_routes(self, routes: Ints) -> npt.NDArray[np.uint8]:
        """Class of gradient norm of some routes; zeros when they have their usual colours."""
        if self.heat is None:
            return np.zeros(len(routes), dtype=np.uint8)
        every = self.heat.edge if self.districts is None else self.districts.heat_of_edges(self.heat)
        classes: npt.NDArray[np.uint8] = every[self.geometry.edge[routes]]
        return classes

    def climbed(self, routes: Ints) -> npt.NDArray[np.bool_]:
        """Whether a gradient has travelled along some routes."""
        view = self.playback
        if view is None:
            return np.zeros(len(routes), dtype=np.bool_)
        every = view.climbed if self.districts is None else self.districts.climbed(view)
        climbed: npt.NDArray[np.bool_] = every[self.geometry.edge[routes]]
        return climbed

    def cut(self, routes: Ints) -> npt.NDArray[np.bool_]:
        """Whether some routes carry no gradient, ever."""
        cut: npt.NDArray[np.bool_] = self._cut[routes]
        return cut

    def drawn_texts(self, texts: Mapping[int, str]) -> dict[int, str]:
        """Texts of some edges by the edges they are drawn as: the first of several, and how many more there are."""
        if self.districts is None:
            return dict(texts)
        drawn: dict[int, list[str]] = {}
        for edge, text in texts.items():
            drawn.setdefault(int(self.districts.data.representative[edge]), []).append(text)
        return {edge: said[0] + f" +{len(said) - 1}" * (len(said) > 1) for edge, said in drawn.items()}

    def rect_of(self, thing: int, at: tuple[float, float] | None = None) -> Rect | None:
        """Where a thing is, layout units: of a node drawn as chips, the one at a point, else the first."""
        frames = self.frames_among([thing])
        if frames:
            left, top, right, bottom = self.geometry.frames[frames[0]].tolist()
            return left, top, right, bottom
        boxes = self.geometry.boxes_of([thing])
        if not len(boxes):
            return None
        hit = self.geometry.hit(*at) if at is not None else -1
        left, top, right, bottom = self.geometry.boxes[hit if hit in boxes else int(boxes[0])].tolist()
        return left, top, right, bottom

    def node_in(self, box: int) -> int:
        """The recording node of a box; of a closed district, the first inside."""
        thing = int(self.geometry.node[box])
        return thing if self.districts is None else int(self.districts.data.nodes_in(thing)[0])

    @staticmethod
    def level_shows_cards(scale: float) -> bool:
        """Whether closed districts are drawn with all they say."""
        return level_at(scale) == Level.NEAR

    def frames_among(self, things: Iterable[int]) -> list[int]:
        """The open districts among some things."""
        data = self.districts.data if self.districts is not None else None
        return [data.frame_of(thing) for thing in things if data.is_frame(thing)] if data is not None else []

    def leaf_value(self, node: int, text: NodeText) -> str:
        """What stands beside the name of a leaf that says `text`: its value when the pass shown began, or its shape."""
        then = self.playback.leaf_value(node) if self.playback is not None else ""
        return then or text.subtitle

    def leaf_line(self, node: int) -> str:
        """What stands below a leaf's value: its ``.grad`` at the step shown."""
        if self.playback is not None:
            return self.playback.leaf_line(node)
        tensor = int(self.recording.graph.nodes.tensor[node])
        info = self.recording.tensors[tensor] if tensor != NONE else None
        if info is None or not info.requires_grad:
            return ""
        if info.grad == NONE:
            return self.labels.grad("None")
        shape = self.labels.shape(info.meta)
        text = info.grad_text.removeprefix(shape).strip() or info.grad_text
        return self.labels.grad(text)

    def shape_text(self, route: int) -> str:
        """Shape of the tensor that flows along a route; empty when unknown."""
        return self.shape_texts(np.array([route]))[0]

    def shape_texts(self, routes: Ints) -> list[str]:
        """:meth:`shape_text` of some routes."""
        if self.districts is None:
            metas: list[int] = np.asarray(self.recording.graph.edges.meta)[self.geometry.edge[routes]].tolist()
            shapes = {meta: self.labels.shape(meta) for meta in set(metas)}
            return [shapes[meta] for meta in metas]
        along = self.districts.metas_along(self.geometry.edge[routes])
        texts = [list(dict.fromkeys(self.labels.shape(meta) for meta in metas)) for metas in along]
        return [shapes[0] + f" +{len(shapes) - 1}" * (len(shapes) > 1) if shapes else "" for shapes in texts]

    @property
    def running(self) -> int:
        """The node that runs at this step; ``-1`` for none."""
        return self.playback.running if self.playback is not None else -1

    @property
    def raised(self) -> bool:
        """Whether the node that runs at this step raised."""
        return self.playback is not None and self.playback.kind == EventKind.RAISED


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)
