"""The districts of one picture as data: which are closed and open, what each stands for and what hides a node.

Everything drawn has a number: recording nodes keep theirs (0 to n - 1), closed district k is n + k, and the open
district (frame) f of K closed ones is n + K + f. "Thing" below means any of these.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from graphviz_app.recording import formatting
from graphviz_app.recording.districts import Folded, GroupKind, Groups
from graphviz_app.recording.model import NONE, NodeKind, Recording
from graphviz_app.ui.graph.curves import ranges

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

DISTRICT = 255
"""Kind of the box of a closed district, beside those of :class:`~graphviz_app.recording.model.NodeKind`."""


class Districts:
    """What a picture's closed and open districts are.

    Parameters
    ----------
    recording
        The recording.
    groups
        How its nodes are grouped.
    folded
        Which groups are open, and what is drawn of it all.

    Attributes
    ----------
    nodes
        Number of recording nodes.
    closed
        Number of closed districts.
    drawn
        (nodes,): the number each recording node is drawn under; ``-1`` outside the view.
    """

    def __init__(self, recording: Recording, groups: Groups, folded: Folded) -> None:
        self.recording, self.groups, self.folded = recording, groups, folded
        self.nodes = folded.nodes
        self.closed = len(folded.members)
        self.drawn: Ints = np.asarray(folded.drawn, dtype=np.int64)
        self._borders: dict[int, tuple[Ints, Ints]] = {}

    def prepare(self) -> None:
        """Make at once what is otherwise made when it is first asked for."""
        _ = self.kind, self.representative, self.inside_closed, self._subtree, self._counts, self.by_group
        _ = self._by_source, self._by_target, self._edges

    @cached_property
    def kind(self) -> npt.NDArray[np.uint8]:
        """(nodes + closed,): kind of what is drawn under each number."""
        kinds = np.asarray(self.recording.graph.nodes.kind, dtype=np.uint8)
        return np.concatenate([kinds, np.full(self.closed, DISTRICT, dtype=np.uint8)])

    @cached_property
    def representative(self) -> Ints:
        """For each recording edge, the one under whose number it is drawn; ``-1`` for one that is not."""
        start, ids = self._edges
        found = np.full(len(self.recording.graph.edges), NONE, dtype=np.int64)
        count = np.diff(start)
        first = ids[start[:-1]] if len(count) else ids
        found[ids] = np.repeat(first, count)
        return found

    # Which group is what

    def is_district(self, thing: int) -> bool:
        """Whether a thing is a closed district."""
        return self.nodes <= thing < self.nodes + self.closed

    def is_frame(self, thing: int) -> bool:
        """Whether a thing is an open district."""
        return thing >= self.nodes + self.closed

    def thing_of_frame(self, frame: int) -> int:
        """The number of a frame."""
        return self.nodes + self.closed + frame

    def frame_of(self, thing: int) -> int:
        """The frame of that number."""
        return thing - self.nodes - self.closed

    def groups_of(self, thing: int) -> tuple[int, ...]:
        """The groups a thing stands for; empty for a node."""
        if self.is_frame(thing):
            return (int(self.folded.frames[self.frame_of(thing)]),)
        return self.folded.members[thing - self.nodes] if self.is_district(thing) else ()

    def thing_of(self, group: int) -> int:
        """What a group is drawn as: itself, open or closed, else the closed district around it; ``-1`` for nothing."""
        while group != NONE:
            thing = self._things.get(group)
            if thing is not None:
                return thing
            group = int(self.groups.parent[group])
        return NONE

    def frame_around(self, thing: int) -> int:
        """The frame right around a node or closed district; ``-1`` for none."""
        row = int(np.searchsorted(self.folded.boxes, thing))
        inside = row < len(self.folded.boxes) and int(self.folded.boxes[row]) == thing
        return int(self.folded.frame[row]) if inside else NONE

    @cached_property
    def _frame_of_group(self) -> dict[int, int]:
        return {int(group): frame for frame, group in enumerate(self.folded.frames.tolist())}

    @cached_property
    def _things(self) -> dict[int, int]:
        things = {group: self.nodes + k for k, members in enumerate(self.folded.members) for group in members}
        return things | {group: self.thing_of_frame(frame) for group, frame in self._frame_of_group.items()}

    # What is inside

    def nodes_in(self, thing: int) -> Ints:
        """Recording nodes of the view inside a closed or open district, ascending."""
        if self.is_district(thing):
            order, start = self.inside_closed
            k = thing - self.nodes
            return np.sort(order[start[k] : start[k + 1]])
        found = [self.by_group[0][self.rows_of(group)] for group in self.groups_of(thing)]
        return np.sort(np.concatenate(found)) if found else np.array([thing], dtype=np.int64)

    def count_in(self, thing: int) -> int:
        """How many recording nodes of the view are inside."""
        return int(sum(int(self._counts[group]) for group in self.groups_of(thing)))

    def rows_of(self, group: int) -> slice:
        """Where the nodes of a group and of those inside it stand in :attr:`by_group`."""
        start = self.by_group[1]
        return slice(int(start[group]), int(start[self._subtree[group]]))

    @cached_property
    def by_group(self) -> tuple[Ints, Ints]:
        """Recording nodes of the view that are in groups, by the group right around each, and where each one's begin.

        Groups are numbered depth first, so that those of a group and of all inside it stand together.
        """
        own = np.asarray(self.groups.node_group, dtype=np.int64)
        rows = np.flatnonzero((own != NONE) & (self.drawn != NONE))
        start = np.zeros(len(self._subtree) + 1, dtype=np.int64)
        np.cumsum(np.bincount(own[rows], minlength=len(self._subtree)), out=start[1:])
        return rows[np.argsort(own[rows], kind="stable")], start

    @cached_property
    def inside_closed(self) -> tuple[Ints, Ints]:
        """Recording nodes in closed districts, by district, and where each one's begin."""
        rows = np.flatnonzero(self.drawn >= self.nodes)
        which = self.drawn[rows] - self.nodes
        start = np.zeros(self.closed + 1, dtype=np.int64)
        np.cumsum(np.bincount(which, minlength=self.closed), out=start[1:])
        return rows[np.argsort(which, kind="stable")], start

    @cached_property
    def _subtree(self) -> list[int]:
        """For each group, one past the last group inside it: they are numbered depth first."""
        parent = np.asarray(self.groups.parent).tolist()
        end = list(range(1, len(parent) + 1))
        for group in range(len(parent) - 1, -1, -1):
            if parent[group] != NONE:
                end[parent[group]] = max(end[parent[group]], end[group])
        return end

    @cached_property
    def _counts(self) -> Ints:
        """Nodes of the view in each group, those of the groups inside it included."""
        start = self.by_group[1]
        return start[np.array(self._subtree, dtype=np.int64)] - start[:-1]

    # What crosses the border

    def border(self, thing: int) -> tuple[Ints, Ints]:
        """Recording edges that lead into a district, and those that lead out of it; those without gradient left out.

        Remembered: every frame tells the gradients at the borders in view.
        """
        if thing not in self._borders:
            self._borders[thing] = self._border(thing)
        return self._borders[thing]

    def _border(self, thing: int) -> tuple[Ints, Ints]:
        if self.is_district(thing):
            into, out = (self._edges_at(thing, ends) for ends in (self._by_target, self._by_source))
        else:
            inside = np.zeros(self.nodes, dtype=np.bool_)
            inside[self.nodes_in(thing)] = True
            edges = self.recording.graph.edges
            source, target = inside[np.asarray(edges.src)], inside[np.asarray(edges.dst)]
            seen = (self.drawn[np.asarray(edges.src)] != NONE) & (self.drawn[np.asarray(edges.dst)] != NONE)
            into, out = np.flatnonzero(target & ~source & seen), np.flatnonzero(source & ~target & seen)
        cut = np.asarray(self.recording.graph.edges.cut, dtype=np.bool_)
        return into[~cut[into]], out[~cut[out]]

    def _edges_at(self, thing: int, ends: tuple[Ints, Ints]) -> Ints:
        order, keys = ends
        low, high = np.searchsorted(keys, [thing, thing + 1])
        rows = order[low:high]
        start, ids = self._edges
        return ids[ranges(start[rows], start[rows + 1] - start[rows])]

    @cached_property
    def _edges(self) -> tuple[Ints, Ints]:
        """Where the recording edges of each drawn one begin, and these."""
        return np.asarray(self.folded.edge_start, np.int64), np.asarray(self.folded.edge_ids, np.int64)

    @cached_property
    def _by_source(self) -> tuple[Ints, Ints]:
        return _sorted(self.folded.edge_src)

    @cached_property
    def _by_target(self) -> tuple[Ints, Ints]:
        return _sorted(self.folded.edge_dst)

    def shapes(self, thing: int) -> tuple[list[str], list[str]]:
        """Shapes that enter a district and that leave it, each once, in the order they do."""
        metas = np.asarray(self.recording.graph.edges.meta)
        kinds = np.asarray(self.recording.graph.nodes.kind)
        into, out = self.border(thing)
        # What a district is given is data; a weight kept outside of it is told only where nothing else enters.
        from_op = kinds[np.asarray(self.recording.graph.edges.src)[into]] == NodeKind.OP
        return self._shape_texts(metas[into[from_op] if from_op.any() else into]), self._shape_texts(metas[out])

    def _shape_texts(self, metas: npt.NDArray[np.generic]) -> list[str]:
        known = [int(meta) for meta in metas.tolist() if meta != NONE]
        return list(dict.fromkeys(formatting.shape(self.recording.metas[meta].shape) for meta in dict.fromkeys(known)))

    def parameters(self, thing: int) -> int:
        """Elements of the leaves inside."""
        nodes, metas = self.recording.graph.nodes, self.recording.metas
        inside = self.nodes_in(thing)
        leaves = inside[np.asarray(nodes.kind)[inside] == NodeKind.LEAF]
        start = np.asarray(nodes.out_start)
        leaves = leaves[start[leaves + 1] > start[leaves]]
        counts = (formatting.count(metas[int(meta)]) for meta in np.asarray(nodes.out_meta)[start[leaves]] if meta >= 0)
        return sum(max(0, count) for count in counts)

    def is_repeat(self, thing: int) -> bool:
        """Whether a thing stands for several groups built alike."""
        groups = self.groups_of(thing)
        return len(groups) > 1 or any(int(self.groups.kind[group]) == GroupKind.REPEAT for group in groups)

    # Playback

    def marked_in(self, marked: Mask) -> Ints:
        """For each closed district, how many of its nodes are marked; `marked` is (nodes,)."""
        order, start = self.inside_closed
        before = np.zeros(len(order) + 1, dtype=np.int64)
        np.cumsum(marked[order], out=before[1:])
        counts: Ints = before[start[1:]] - before[start[:-1]]
        return counts

    def any_inside(self, marked: Mask) -> Mask:
        """(nodes + closed,): whether each node, or any in each closed district, is marked."""
        return np.concatenate([marked, self.marked_in(marked) > 0])

    def any_edge(self, marked: Mask) -> Mask:
        """(edges,): whether any of the edges drawn as each representative is marked."""
        found = np.zeros(len(marked), dtype=np.bool_)
        rows = self.representative[np.flatnonzero(marked)]
        found[rows[rows != NONE]] = True
        return found

    def drawn_edges(self, edges: Ints) -> Ints:
        """Edges under whose numbers some recording edges are drawn, each once, in their order."""
        found = self.representative[edges[(edges >= 0) & (edges < len(self.representative))]]
        return _once(found[found != NONE])

    def drawn_of(self, nodes: Ints) -> Ints:
        """Numbers under which some recording nodes are drawn, each once, in their order; things stay what they are."""
        wanted = np.asarray(nodes, dtype=np.int64)
        inside = (wanted >= 0) & (wanted < self.nodes)
        found = wanted.copy()
        found[inside] = self.drawn[wanted[inside]]
        return _once(found[found >= 0])


def _once(numbers: Ints) -> Ints:
    """Each number, none of them negative, once, in the order of their first places."""
    if len(numbers) < 2:
        return numbers
    rows = np.arange(len(numbers))
    first = np.empty(int(numbers.max()) + 1, dtype=np.int64)
    first[numbers[::-1]] = rows[::-1]  # of several the last one written is the first; nothing is sorted
    found: Ints = numbers[first[numbers] == rows]
    return found


def _sorted(ends: npt.NDArray[np.generic]) -> tuple[Ints, Ints]:
    keys = np.asarray(ends, dtype=np.int64)
    order = np.argsort(keys, kind="stable")
    return order, keys[order]
