"""All that the picture shows, as data: a recording, where its nodes lie, the step, and what is pointed at."""

from __future__ import annotations

from copy import copy
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from graphviz_app.layout.placement import Placement
from graphviz_app.recording.model import NONE, EventKind, NodeKind, Recording
from graphviz_app.ui.graph.anchors import Anchors
from graphviz_app.ui.graph.geometry import Geometry, Ints
from graphviz_app.ui.graph.heat import Heat
from graphviz_app.ui.graph.labels import Labels
from graphviz_app.ui.graph.playing import PlaybackView, playback_view
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


def level_at(scale: float) -> Level:
    """What can be read at a zoom."""
    return Level.NEAR if scale >= 0.62 else Level.MIDDLE if scale >= 0.2 else Level.FAR


class Change:
    """What a new step changes below the moving things: some boxes and routes, or everything.

    `texts` are boxes of which only what is written on them may have changed.
    """

    def __init__(self, boxes: Ints | None, routes: Ints | None, texts: Ints | None = None) -> None:
        self.boxes = boxes
        self.routes = routes
        self.texts = texts if texts is not None else _none()

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
    labels, geometry, anchors
        The texts, the index, and the places of what is written beside edges.
    """

    def __init__(self, recording: Recording, placement: Placement, theme: Theme, labels: Labels | None = None) -> None:
        self.recording = recording
        self.placement = placement
        self.theme = theme
        self.labels = labels if labels is not None else Labels(recording)
        self.geometry = Geometry(placement)
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
        nodes = recording.graph.nodes
        self.box_kind: npt.NDArray[np.uint8] = np.asarray(nodes.kind, dtype=np.uint8)[self.geometry.node]
        self._cut = np.asarray(recording.graph.edges.cut, dtype=np.bool_)[self.geometry.edge]
        grey = (self.box_kind == NodeKind.CONSTANT) | (self.box_kind == NodeKind.CUT)
        self._cut |= grey[self.geometry.source]

    def moved_to(self, placement: Placement) -> GraphScene:
        """The same with its boxes elsewhere: `placement` has the boxes and routes of this one, in the same order."""
        other = copy(self)
        other.placement, other.geometry = placement, Geometry(placement)
        other.anchors = Anchors(other.geometry)
        return other

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
        # Values arrive after their step, and leaves show them.
        texts = np.flatnonzero(self.box_kind == NodeKind.LEAF) if old.known != view.known else None
        return Change(boxes, self.geometry.routes_of(np.flatnonzero(old.climbed != view.climbed)), texts)

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
        done = view.done[self.geometry.node[boxes]]
        return np.where(done, State.DONE, State.WAITING).astype(np.uint8)

    def heat_of_boxes(self, boxes: Ints) -> npt.NDArray[np.uint8]:
        """Class of gradient norm of some boxes; zeros when they have their usual colours."""
        if self.heat is None:
            return np.zeros(len(boxes), dtype=np.uint8)
        classes: npt.NDArray[np.uint8] = self.heat.node[self.geometry.node[boxes]]
        return classes

    def climbed(self, routes: Ints) -> npt.NDArray[np.bool_]:
        """Whether a gradient has travelled along some routes."""
        view = self.playback
        if view is None:
            return np.zeros(len(routes), dtype=np.bool_)
        climbed: npt.NDArray[np.bool_] = view.climbed[self.geometry.edge[routes]]
        return climbed

    def cut(self, routes: Ints) -> npt.NDArray[np.bool_]:
        """Whether some routes carry no gradient, ever."""
        cut: npt.NDArray[np.bool_] = self._cut[routes]
        return cut

    def leaf_value(self, node: int) -> str:
        """What stands beside a leaf's name: the value it had when the pass shown began, or its shape."""
        then = self.playback.leaf_value(node) if self.playback is not None else ""
        return then or self.labels[node].subtitle

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
        metas: list[int] = np.asarray(self.recording.graph.edges.meta)[self.geometry.edge[routes]].tolist()
        return [self.labels.shape(meta) for meta in metas]

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
