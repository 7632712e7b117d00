"""Names of axes that the graph proves: the input of a convolution is N C H W, and names follow a permute.

From the tensor asked about, tensors whose axes are the same axes are visited, nearest first, forwards and backwards:
through element-wise operations, permutes, squeezes, views that neither split nor merge an axis. Each may be an input
or an output of a node that says what its axes are (:mod:`~graphviz_app.recording.axis_rules`). When two nodes
disagree, nothing is proved. A tensor without a gradient has no history: its views are known by their steps through
memory. A picture or a video that was read from a file has the names that its format gives it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import msgspec
import numpy as np

from graphviz_app.recording.axes import DEPTH_OR_TIME, UNKNOWN, AxisName, reason
from graphviz_app.recording.axis_rules import (
    LOST,
    Evidence,
    Op,
    Shape,
    axis_map,
    core,
    evidence_of_input,
    evidence_of_output,
    is_weight_slot,
    outputs_of,
    saved_slot,
    storage_map,
)
from graphviz_app.recording.model import NONE, NodeKind, Recording

MOST = 2000
"""Tensors visited for one question."""

LONGEST = 40
"""Characters of the proving expression."""

Place = tuple[int, int]
"""A tensor of the graph: the node that made it, and the number of its output. A tensor outside the graph has neither:
its row in ``recording.tensors`` counted down from -2, and 0."""

_FAMILIES = ({"C", "E", "F"}, {"T", "L", DEPTH_OR_TIME})
"""Names of one thing in different layers: the nearest is taken, they do not disagree."""


class _Found(msgspec.Struct, frozen=True):
    """A name found for one axis of the asked tensor."""

    axis: int
    name: str
    key: str
    node: int


class Prover:
    """Answers for one recording what its graph proves of axes; answers are kept.

    Parameters
    ----------
    recording
        Must not change while this is used; a new recording wants a new prover.
    most
        Tensors visited for one question: what is farther away proves nothing.
    """

    def __init__(self, recording: Recording, most: int = MOST) -> None:
        self.recording = recording
        self._most = most
        edges = recording.graph.edges
        count = len(recording.graph.nodes)
        self._into = np.argsort(edges.dst, kind="stable")
        self._into_start = np.searchsorted(np.asarray(edges.dst)[self._into], np.arange(count + 1))
        self._out_of = np.argsort(edges.src, kind="stable")
        self._out_of_start = np.searchsorted(np.asarray(edges.src)[self._out_of], np.arange(count + 1))
        constants = np.flatnonzero(np.asarray(recording.graph.nodes.kind) == NodeKind.CONSTANT)
        self._constant_of = {int(recording.graph.nodes.tensor[node]): int(node) for node in constants}
        self._views = self._read_views()
        self._told = {self._place_of(row): info.axes for row, info in enumerate(recording.tensors) if info.axes}
        self._ops: dict[int, Op] = {}
        self._answers: dict[Place, tuple[AxisName, ...] | None] = {}

    def names(self, node: int, slot: int = 0) -> tuple[AxisName, ...] | None:
        """What is proved of the axes of output `slot` of a node (of a leaf or constant: of the tensor itself).

        A gradient has the names of its tensor. Axes that nothing is proved of are ``UNKNOWN``; ``None`` when nothing is
        proved of any, or two nodes disagree.
        """
        return None if node == NONE else self._answer(self._made_by(node, slot))

    def names_of_tensor(self, tensor: int) -> tuple[AxisName, ...] | None:
        """As :meth:`names`, for row `tensor` of ``recording.tensors``."""
        return self._answer(self._place_of(tensor))

    def names_of_saved(self, node: int, name: str) -> tuple[AxisName, ...] | None:
        """As :meth:`names`, for the tensor that a node saved for its backward under `name`."""
        slot = saved_slot(self._op(node), name)
        if slot == -1:
            return self.names(node)
        found = next((place for place, number in self._producers(node) if number == slot), None)
        return self.names(*found) if found is not None else None

    def is_weight(self, node: int, slot: int = 0) -> bool:
        """Whether some node uses this tensor as the weight or bias of a layer."""
        if node == NONE:
            return False
        return any(is_weight_slot(self._op(user), at) for user, at in self._consumers(self._made_by(node, slot)))

    # The graph --------------------------------------------------------------------------------------------------------

    def _answer(self, place: Place) -> tuple[AxisName, ...] | None:
        if place not in self._answers:
            self._answers[place] = self._prove(place)
        return self._answers[place]

    def _made_by(self, node: int, slot: int) -> Place:
        """A root stands for the tensor it names."""
        if self.recording.graph.nodes.kind[node] != NodeKind.ROOT:
            return node, slot
        edges = self.recording.graph.edges
        for row in self._into[self._into_start[node] : self._into_start[node + 1]]:
            return int(edges.src[row]), int(edges.src_slot[row])
        return node, slot

    def _place_of(self, tensor: int) -> Place:
        info = self.recording.tensors[tensor]
        if info.node != NONE:
            return info.node, info.slot
        return self._constant_of.get(tensor, -2 - tensor), 0

    def _read_views(self) -> dict[Place, list[tuple[Place, tuple[int, ...]]]]:
        """Of a tensor without a gradient: its base and its views, and for each of their axes the axis of its own."""
        tensors, metas = self.recording.tensors, self.recording.metas
        named = {name: row for row, info in reversed([*enumerate(tensors)]) for name in info.names}
        found: dict[Place, list[tuple[Place, tuple[int, ...]]]] = {}
        for row, info in enumerate(tensors):
            base = named.get(info.view_of, NONE) if info.view_of else NONE
            if base in (NONE, row) or info.requires_grad or tensors[base].requires_grad:
                continue
            shape, base_shape = metas[info.meta].shape, metas[tensors[base].meta].shape
            mapped = storage_map(base_shape, tensors[base].stride, shape, info.stride)
            if mapped is not None:
                view, origin = self._place_of(row), self._place_of(base)
                found.setdefault(origin, []).append((view, mapped))
                found.setdefault(view, []).append((origin, _inverse(mapped, len(base_shape))))
        return found

    def _shape(self, place: Place) -> Shape | None:
        if place[0] < 0:
            return self.recording.metas[self.recording.tensors[-2 - place[0]].meta].shape
        nodes = self.recording.graph.nodes
        row = int(nodes.out_start[place[0]]) + place[1]
        if row >= nodes.out_start[place[0] + 1] or nodes.out_meta[row] == NONE:
            return None
        return self.recording.metas[int(nodes.out_meta[row])].shape

    def _outputs(self, node: int) -> int:
        start = self.recording.graph.nodes.out_start
        return int(start[node + 1] - start[node])

    def _consumers(self, place: Place) -> Iterator[tuple[int, int]]:
        """(node, its slot) for each use of a tensor, of which a shared one may have thousands."""
        if place[0] < 0:
            return
        edges = self.recording.graph.edges
        for row in self._out_of[self._out_of_start[place[0]] : self._out_of_start[place[0] + 1]][: self._most].tolist():
            if edges.src_slot[row] == place[1] and edges.dst_slot[row] != NONE:
                yield int(edges.dst[row]), int(edges.dst_slot[row])

    def _producers(self, node: int) -> Iterator[tuple[Place, int]]:
        """(tensor, slot) for each input of a node."""
        edges = self.recording.graph.edges
        for row in self._into[self._into_start[node] : self._into_start[node + 1]].tolist():
            if edges.dst_slot[row] != NONE:
                yield (int(edges.src[row]), int(edges.src_slot[row])), int(edges.dst_slot[row])

    def _op(self, node: int) -> Op:
        if node not in self._ops:
            self._ops[node] = self._read_op(node)
        return self._ops[node]

    def _read_op(self, node: int) -> Op:
        recording = self.recording
        strings, saved = recording.strings, recording.graph.saved
        low, high = np.searchsorted(saved.node, [node, node + 1])
        texts = {
            strings[int(saved.name[row])]: strings[int(saved.text[row])]
            for row in range(int(low), int(high))
            if saved.ref[row] == NONE and saved.text[row] != NONE
        }
        name = int(recording.graph.nodes.name[node])
        call = int(recording.graph.nodes.call[node])
        function = strings[int(recording.calls.function[call])] if call != NONE else ""
        return Op(core(strings[name]) if name != NONE else "", function.rsplit(".", 1)[-1], texts)

    # The walk ---------------------------------------------------------------------------------------------------------

    def _prove(self, asked: Place) -> tuple[AxisName, ...] | None:
        shape = self._shape(asked)
        if not shape:
            return None
        found: list[_Found] = []
        queue: deque[tuple[Place, tuple[int, ...]]] = deque([(asked, tuple(range(len(shape))))])
        seen = {asked}
        while queue and len(seen) < self._most:
            place, axes = queue.popleft()
            here = [*self._told_here(place, axes), *self._named_here(place, axes, len(shape))]
            found += here
            for near, mapped in self._neighbours(place, axes):
                if near not in seen and any(axis != LOST for axis in mapped):
                    seen.add(near)
                    queue.append((near, mapped))
        return self._settled(found, len(shape))

    def _told_here(self, place: Place, axes: tuple[int, ...]) -> Iterator[_Found]:
        """Names that the file a tensor was read from gives its axes."""
        names = self._told.get(place, "").split()
        if len(names) == len(axes):
            yield from (
                _Found(axis, name, "file", NONE) for axis, name in zip(axes, names, strict=True) if axis != LOST
            )

    def _named_here(self, place: Place, axes: tuple[int, ...], rank: int) -> Iterator[_Found]:
        """Names that the nodes around one tensor give to axes of the asked one."""
        shape = self._shape(place)
        if shape is None or len(shape) != len(axes):
            return
        said = [(place[0], evidence_of_output(self._op(place[0]), place[1], shape))] if place[0] >= 0 else []
        said += [(node, evidence_of_input(self._op(node), slot, shape)) for node, slot in self._consumers(place)]
        for node, evidence in said:
            if evidence is not None and len(evidence.names) == len(axes):
                yield from self._named_by(node, evidence, axes, rank)

    def _named_by(self, node: int, evidence: Evidence, axes: tuple[int, ...], rank: int) -> Iterator[_Found]:
        for name, axis in zip(evidence.names, axes, strict=True):
            if name and axis != LOST and not (name == "N" and _lost_before(axis, axes)):
                yield _Found(axis, name, evidence.key, node)

    def _neighbours(self, place: Place, axes: tuple[int, ...]) -> Iterator[tuple[Place, tuple[int, ...]]]:
        """Tensors one node away, and for each of their axes the axis of the asked tensor that it is."""
        here = self._shape(place)
        if here is None:
            return
        for near, same in self._views.get(place, ()):
            yield near, _through(axes, same)
        if place[0] < 0:
            return
        for node, slot in self._consumers(place):
            for output in outputs_of(self._op(node), slot, self._outputs(node)):
                made = self._shape((node, output))
                mapped = axis_map(self._op(node), slot, here, made) if made is not None else None
                if mapped is not None:
                    yield (node, output), _through(axes, mapped)
        made_here, count = self._op(place[0]), self._outputs(place[0])
        for source, slot in self._producers(place[0]):
            given = self._shape(source)
            if given is None or place[1] not in outputs_of(made_here, slot, count):
                continue
            mapped = axis_map(made_here, slot, given, here)
            if mapped is not None:
                yield source, _through(axes, _inverse(mapped, len(given)))

    def _settled(self, found: list[_Found], rank: int) -> tuple[AxisName, ...] | None:
        """The nearest name of each axis; ``None`` when two disagree or one name would stand twice."""
        nearest: dict[int, _Found] = {}
        for each in found:
            first = nearest.setdefault(each.axis, each)
            if not _agree(first.name, each.name):
                return None
        called = [each.name for each in nearest.values()]
        if not called or len(set(called)) != len(called):
            return None
        return tuple(self._axis_name(nearest[axis]) if axis in nearest else UNKNOWN for axis in range(rank))

    def _axis_name(self, found: _Found) -> AxisName:
        if found.node == NONE:
            return AxisName(found.name, "declared", reason(found.key))
        nodes, strings = self.recording.graph.nodes, self.recording.strings
        why = reason(found.key, node=strings[int(nodes.name[found.node])], text=self._expression(found.node))
        return AxisName(found.name, "proof", why, found.node)

    def _expression(self, node: int) -> str:
        recording = self.recording
        call = int(recording.graph.nodes.call[node])
        if call == NONE:
            return ""
        site = int(recording.calls.program_site[call])
        text = (
            " ".join(recording.sites[site].text.split())
            if site != NONE
            else recording.strings[int(recording.calls.function[call])]
        )
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _through(axes: tuple[int, ...], mapped: tuple[int, ...]) -> tuple[int, ...]:
    """Axes of the asked tensor, followed one step further."""
    return tuple(axes[axis] if axis != LOST else LOST for axis in mapped)


def _inverse(mapped: tuple[int, ...], rank: int) -> tuple[int, ...]:
    """A map of axes the other way round, onto a tensor of `rank` axes."""
    back = {origin: axis for axis, origin in enumerate(mapped)}
    return tuple(back.get(axis, LOST) for axis in range(rank))


def _agree(one: str, two: str) -> bool:
    return one == two or any({one, two} <= family for family in _FAMILIES)


def _lost_before(axis: int, axes: tuple[int, ...]) -> bool:
    """Whether an axis before this one was left behind: then "the batch" of a later layer need not be this axis."""
    return any(earlier not in axes for earlier in range(axis))


def proof_of(recording: Recording, node: int, slot: int = 0) -> tuple[AxisName, ...] | None:
    """:meth:`Prover.names` for one question; who asks often keeps a :class:`Prover`."""
    return Prover(recording).names(node, slot)
