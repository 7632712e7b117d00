"""Districts as a scene shows them: their texts and colours, how far a pass has come inside, whose title can be read."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from graphviz_app.recording.districts import GroupKind
from graphviz_app.recording.model import NONE
from graphviz_app.recording.playback import Playback
from graphviz_app.ui.graph.district_labels import MOST_BORDER, DistrictLabels, border_refs, gradient_line
from graphviz_app.ui.graph.districts import Districts, Ints, Mask
from graphviz_app.ui.graph.geometry import Geometry
from graphviz_app.ui.graph.heat import COUNT, NAMED, STEPS, Heat, Special
from graphviz_app.ui.graph.playing import PlaybackView
from graphviz_app.ui.graph.tints import HUES, Tint, tint
from graphviz_app.ui.theme import Theme

NAMED_WIDTH, NAMED_HEIGHT = 46.0, 15.0
"""Pixels a district must cover to be named across it."""
MOST_TOLD, MOST_REFS = 120, 600
"""So many closed districts are told the gradients at their borders, and so many of these."""
SHAPES = 8
"""So many edges drawn as one are looked at for the shapes that flow along them."""


class DistrictScene:
    """What a scene knows of its districts.

    Parameters
    ----------
    data
        Which they are.
    labels
        Their texts, when they are made already.
    """

    def __init__(self, data: Districts, labels: DistrictLabels | None = None) -> None:
        self.data = data
        self.labels = labels if labels is not None else DistrictLabels(data)
        self._counted: tuple[PlaybackView | None, tuple[Ints, Ints], Mask, Mask] | None = None
        self._named: tuple[Geometry, npt.NDArray[np.float64], npt.NDArray[np.float64]] | None = None
        self._stepped: tuple[Playback, npt.NDArray[np.int32], Ints] | None = None
        self._told: tuple[PlaybackView, dict[int, str]] | None = None
        self._heated: tuple[Heat, npt.NDArray[np.uint8], npt.NDArray[np.uint8]] | None = None

    def prepare(self) -> None:
        """Make at once what is otherwise made when it is first asked for."""
        self.data.prepare()
        _ = self._hues, self._depths

    # Colours

    def tint(self, theme: Theme, thing: int) -> Tint:
        """Colours of a district."""
        group = self.data.groups_of(thing)[0]
        return tint(theme, self._hues[group], self._depths[group])

    @cached_property
    def _depths(self) -> list[int]:
        """How many open districts lie around each group."""
        groups = self.data.groups
        opened = {int(group) for group in self.data.folded.frames.tolist()}
        depth = [0] * len(groups.name)
        for group, parent in enumerate(np.asarray(groups.parent).tolist()):
            depth[group] = 0 if parent == NONE else depth[parent] + (parent in opened)
        return depth

    @cached_property
    def _hues(self) -> list[int]:
        """One hue a class, in the order in which they come up; a repeat has that of its members."""
        groups, hues, known = self.data.groups, [], dict[str, int]()
        kinds = np.asarray(groups.kind).tolist()
        for group, name in enumerate(groups.cls):
            if kinds[group] in (GroupKind.MODULE, GroupKind.REPEAT) and name:
                hues.append(known.setdefault(name, len(known) % (len(HUES) - 1)))
            else:
                hues.append(len(HUES) - 1)
        return hues

    # A step of a pass

    def done_in(self, view: PlaybackView | None, thing: int) -> tuple[int, int] | None:
        """How many nodes of a district have run, and how many ever do in the pass; ``None`` before its first step."""
        if view is None or view.step == 0:
            return None
        if self.data.is_frame(thing):
            inside = self._steps(view.playback)[0][self.data.rows_of(self.data.groups_of(thing)[0])]
            return int(np.count_nonzero(inside <= view.step)), int(np.count_nonzero(inside <= view.playback.total))
        so_far, in_all = self._count(view)[1]
        return int(so_far[thing - self.data.nodes]), int(in_all[thing - self.data.nodes])

    def _steps(self, playback: Playback) -> tuple[npt.NDArray[np.int32], Ints]:
        """The step at which each node runs, by group, and how many nodes of each closed district ever do."""
        if self._stepped is None or self._stepped[0] is not playback:
            ever = self.data.marked_in(playback.step_of <= playback.total)
            self._stepped = playback, playback.step_of[self.data.by_group[0]], ever
        return self._stepped[1:]

    def done(self, view: PlaybackView) -> Mask:
        """Whether each thing but a frame has run: of a district, everything inside that ever does."""
        return self._count(view)[2]

    def climbed(self, view: PlaybackView) -> Mask:
        """For each edge, whether a gradient has travelled along any of those drawn as it."""
        return self._count(view)[3]

    def _count(self, view: PlaybackView) -> tuple[PlaybackView | None, tuple[Ints, Ints], Mask, Mask]:
        if self._counted is None or self._counted[0] is not view:
            done, ever = self.data.marked_in(view.playback.step_of <= view.step), self._steps(view.playback)[1]
            mask = np.concatenate([view.done, (done == ever) & (ever > 0)])
            self._counted = view, (done, ever), mask, self.data.any_edge(view.climbed)
        return self._counted

    def gradient_line(self, view: PlaybackView | None, thing: int) -> str:
        """Norms of the gradients that have come into a district and left it by now."""
        if view is None or view.step == 0:
            return ""
        if self._told is None or self._told[0] is not view:
            self._told = view, {}
        lines = self._told[1]
        if thing not in lines:
            lines[thing] = gradient_line(border_refs(self.data, thing, view.playback, view.step), view.infos)
        return lines[thing]

    def refs(self, playback: Playback, step: int) -> list[int]:
        """refs of the gradients that closed districts tell of at a step."""
        if step <= 0 or not len(self._borders):
            return []
        refs = playback.gradients_along(self._borders, step)
        return [int(ref) for ref in np.unique(refs[refs >= 0])[:MOST_REFS]]

    @cached_property
    def _borders(self) -> Ints:
        """Recording edges that cross the border of a closed district, of the first so many."""
        things = range(self.data.nodes, self.data.nodes + min(self.data.closed, MOST_TOLD))
        edges = [side[:MOST_BORDER] for thing in things for side in self.data.border(thing)]
        return np.unique(np.concatenate(edges)) if edges else np.zeros(0, dtype=np.int64)

    def bars(self, geometry: Geometry, frames: Ints, old: PlaybackView, new: PlaybackView) -> npt.NDArray[np.float64]:
        """(k, 4): what two steps tell apart of the bars along the lower sides of some open districts."""
        rects = np.zeros((len(frames), 4))
        for row, frame in enumerate(frames.tolist()):
            left, _, right, bottom = geometry.frames[frame].tolist()
            thing, ends = self.data.thing_of_frame(frame), [left]
            for view in (old, new):
                done = self.done_in(view, thing)
                ends.append(left + (right - left) * done[0] / done[1] if done is not None and done[1] else left)
            rects[row] = min(ends[1:]), bottom, max(ends[1:]), bottom
        return rects

    def frames_of(self, nodes: Ints) -> Ints:
        """The open districts around some recording nodes, at any depth."""
        parent = np.asarray(self.data.folded.frame_parent, dtype=np.int64)
        rows = np.searchsorted(self.data.folded.boxes, self.data.drawn_of(nodes))
        found: set[int] = set()
        for frame in np.unique(np.asarray(self.data.folded.frame, dtype=np.int64)[rows]).tolist():
            while frame != NONE and frame not in found:
                found.add(frame)
                frame = int(parent[frame])
        return np.array(sorted(found), dtype=np.int64)

    def card_lines(self, view: PlaybackView | None, thing: int) -> list[str]:
        """What the hover card says of a district at a step."""
        return self.labels.card_lines(thing, self.done_in(view, thing), self.gradient_line(view, thing))

    # Gradient norms

    def heat_of_nodes(self, heat: Heat) -> npt.NDArray[np.uint8]:
        """Class of gradient norm of each thing but a frame: of a district, that of its worst or greatest node."""
        return self._heat(heat)[1]

    def heat_of_edges(self, heat: Heat) -> npt.NDArray[np.uint8]:
        """Class of gradient norm of each edge: the worst or greatest of those drawn as it."""
        return self._heat(heat)[2]

    def _heat(self, heat: Heat) -> tuple[Heat, npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
        if self._heated is None or self._heated[0] is not heat:
            data = self.data
            order, start = data.inside_closed
            of_nodes = _worst(heat.node[order], np.diff(start))
            edges = np.flatnonzero(data.representative != NONE)
            rank = np.zeros(len(heat.edge), dtype=np.uint8)
            np.maximum.at(rank, data.representative[edges], _RANK[heat.edge[edges]])
            self._heated = heat, np.concatenate([heat.node, of_nodes]), _CLASS[rank]
        return self._heated

    # Shapes along edges

    def metas_along(self, edges: Ints) -> list[list[int]]:
        """Metas of the tensors that flow along each of some drawn edges, each once."""
        metas, first, ids = np.asarray(self.data.recording.graph.edges.meta), *self._edges
        found = []
        for edge in edges.tolist():
            low, high = first[edge], first[edge + 1]
            found.append(list(dict.fromkeys(metas[ids[low : min(high, low + SHAPES)]].tolist())))
        return found

    @cached_property
    def _edges(self) -> tuple[Ints, Ints]:
        """For each edge, where those drawn as it begin, and these."""
        known = np.flatnonzero(self.data.representative != NONE)
        start = np.zeros(len(self.data.representative) + 1, dtype=np.int64)
        shown = self.data.representative[known]
        np.cumsum(np.bincount(shown, minlength=len(start) - 1), out=start[1:])
        return start, known[np.argsort(shown, kind="stable")]

    # Titles from afar

    def named_across(self, geometry: Geometry, frames: Ints, scale: float) -> Mask:
        """Which of some frames are named across: large enough, and nothing inside is large enough to be named."""
        if self._named is None or self._named[0] is not geometry:
            self._named = geometry, self._named_from(geometry), self._inner_from(geometry)
        _, named, inner = self._named
        return (scale >= named[frames]) & (scale < inner[frames])

    def _named_from(self, geometry: Geometry) -> npt.NDArray[np.float64]:
        """The zoom from which each frame is large enough to be named."""
        size = np.maximum(1.0, geometry.frames[:, 2:] - geometry.frames[:, :2])
        return np.maximum(NAMED_WIDTH / size[:, 0], NAMED_HEIGHT / size[:, 1])

    def _inner_from(self, geometry: Geometry) -> npt.NDArray[np.float64]:
        """The zoom from which something right inside each frame is large enough to be named."""
        found = np.full(len(geometry.frames), np.inf)
        parent = np.asarray(self.data.folded.frame_parent, dtype=np.int64)
        inside = np.flatnonzero(parent != NONE)
        np.minimum.at(found, parent[inside], self._named_from(geometry)[inside])
        closed = np.flatnonzero(geometry.node >= self.data.nodes)
        if len(closed):
            row = np.searchsorted(self.data.folded.boxes, geometry.node[closed])
            frame = np.asarray(self.data.folded.frame, dtype=np.int64)[row]
            size = geometry.boxes[closed, 2:] - geometry.boxes[closed, :2]
            from_scale = np.maximum(NAMED_WIDTH * 0.6 / size[:, 0], NAMED_HEIGHT * 0.8 / size[:, 1])
            held = frame != NONE
            np.minimum.at(found, frame[held], from_scale[held])
        return found


_ORDER = [Special.NOTHING, Special.ZERO, *range(STEPS), *range(NAMED, COUNT), Special.INF, Special.NAN]
_RANK = np.zeros(256, dtype=np.uint8)
_RANK[_ORDER] = np.arange(len(_ORDER))
_CLASS = np.array(_ORDER, dtype=np.uint8)
"""Classes ordered so that the greatest says most: nothing, zero, small to large, infinite, no number."""


def _worst(classes: npt.NDArray[np.uint8], counts: Ints) -> npt.NDArray[np.uint8]:
    """The class that says most, of each of some runs."""
    rank = np.zeros(len(counts), dtype=np.uint8)
    np.maximum.at(rank, np.repeat(np.arange(len(counts)), counts), _RANK[classes])
    return _CLASS[rank]
