"""How the gradients of a pass are: norms for colouring the graph, and the first node that made a NaN or an Inf.

Definitions. The norm of a node is the 2-norm over all the gradients that reached its outputs, that of an edge the
2-norm of the gradient sent along it; only finite elements count. A node's gradient is

* *exactly zero* when every element of it is 0;
* *vanishing* when it is not zero and its norm is less than ``1 / FAR`` of both the median norm of the pass and the
  norm the pass began with, or when all its elements lie below the smallest normal number of its type;
* *exploding* when its norm is more than ``FAR`` times both, or an element is within a factor of 8 of the greatest
  number of its type.

Both references are needed: half of a deep network may vanish, and then its median says nothing about the other half.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphviz_app.recording.calculus import AskHealth, Health
from graphviz_app.recording.cause import Fetch, cause_of, limits
from graphviz_app.recording.model import NONE, EventKind, Events, NodeKind, Pass, Recording, Stats
from graphviz_app.recording.playback import ABSENT, Playback

FAR = 1e4
"""How many times smaller or greater than usual a norm must be to be called vanishing or exploding."""

NEAR_OVERFLOW = 8
"""A gradient within this factor of its type's greatest number is called exploding."""

HAS_NAN, HAS_INF, ZERO, VANISHING, EXPLODING = 1, 2, 4, 8, 16
"""Bits of :attr:`Health.state` and :attr:`Health.edge_state`."""

UNKNOWN_NORM, NO_GRADIENT = float("nan"), -1.0

_BATCH = 256

Look = Callable[[Sequence[int]], "Sequence[tuple[str, Stats | None]]"]
"""Gives the dtype and the statistics of each ref, ``None`` where they are not known."""

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one gradient is like.

    Attributes
    ----------
    norm
        2-norm of its finite elements; NaN when unknown.
    bits
        Of :data:`HAS_NAN`, :data:`HAS_INF`, :data:`ZERO`; and of :data:`VANISHING`, :data:`EXPLODING` as far as its
        type alone tells.
    """

    norm: float
    bits: int

    @property
    def finite(self) -> bool:
        """Whether all of it is, as far as known."""
        return not self.bits & (HAS_NAN | HAS_INF)


UNKNOWN = Reading(UNKNOWN_NORM, 0)


def reading_of(dtype: str, stats: Stats | None) -> Reading:
    """What a gradient is like, from its statistics."""
    if stats is None:
        return UNKNOWN
    bits = (HAS_NAN if stats.nan else 0) | (HAS_INF if stats.positive_inf or stats.negative_inf else 0)
    greatest = max(abs(stats.minimum), abs(stats.maximum))
    if not bits and greatest == 0:
        return Reading(0.0, ZERO)
    smallest, largest = limits(dtype)
    if 0 < greatest < smallest:
        bits |= VANISHING
    if greatest > largest / NEAR_OVERFLOW or bits & HAS_INF:
        bits |= EXPLODING
    return Reading(stats.norm, bits)


def health_of(recording: Recording, ask: AskHealth, look: Look, fetch: Fetch, meanwhile: Callable[[], None]) -> Health:
    """How the gradients of one pass are.

    Parameters
    ----------
    look
        Statistics of values.
    fetch
        All elements of a value, or ``None`` when they were not kept; used at the first bad node alone.
    meanwhile
        Called every few milliseconds of work.

    Raises
    ------
    IndexError
        When the recording has no such pass.
    """
    one = recording.passes[ask.index]
    readings = _read(one, look, meanwhile)
    node_norm, state = _nodes(recording, one, readings)
    edge_norm, edge_state = _edges(recording, ask.index, readings)
    begun = [readings[seed].norm if seed != NONE else 1.0 for seed in one.seeds]
    _mark_far((node_norm, state), (edge_norm, edge_state), math.hypot(*(n for n in begun if not math.isnan(n))))
    health = Health(ask, node_norm, edge_norm, state, NONE, 0, edge_state=edge_state)
    _find_first(recording, one, readings, health, fetch)
    return health


def _read(one: Pass, look: Look, meanwhile: Callable[[], None]) -> dict[int, Reading]:
    """A reading of every gradient of the pass."""
    parts = [
        np.asarray(c, dtype=np.int64) for c in (one.events.in_ref, one.events.out_ref, one.events.after, one.seeds)
    ]
    refs = [int(ref) for ref in np.unique(np.concatenate(parts)) if ref != NONE]
    found: dict[int, Reading] = {}
    for start in range(0, len(refs), _BATCH):
        meanwhile()
        batch = refs[start : start + _BATCH]
        found.update((ref, reading_of(*told)) for ref, told in zip(batch, look(batch), strict=True))
    return found


def _together(refs: Sequence[int], readings: dict[int, Reading]) -> Reading | None:
    """Several gradients as one; ``None`` when there is none."""
    parts = [readings[ref] for ref in refs if ref != NONE]
    if not parts:
        return None
    bits = 0
    for part in parts:
        bits |= part.bits & ~ZERO
    zero = ZERO if all(part.bits & ZERO for part in parts) else 0
    return Reading(math.hypot(*(part.norm for part in parts)), bits | zero)


def _incoming(events: Events, row: int) -> list[int]:
    return [int(ref) for ref in events.in_ref[int(events.in_start[row]) : int(events.in_start[row + 1])]]


def _outgoing(events: Events, row: int) -> list[int]:
    return [int(ref) for ref in events.out_ref[int(events.out_start[row]) : int(events.out_start[row + 1])]]


def _nodes(recording: Recording, one: Pass, readings: dict[int, Reading]) -> tuple[Floats, Bytes]:
    count = len(recording.graph.nodes)
    norm, state = np.full(count, NO_GRADIENT), np.zeros(count, dtype=np.uint8)
    for row, node in enumerate(one.events.node.tolist()):
        reading = _together(_incoming(one.events, row), readings)
        if reading is not None:
            norm[node], state[node] = reading.norm, reading.bits
    for root, seed in zip(one.roots, one.seeds, strict=True):
        reading = readings[seed] if seed != NONE else Reading(1.0, 0)
        norm[root], state[root] = reading.norm, reading.bits
    return norm, state


def _edges(recording: Recording, index: int, readings: dict[int, Reading]) -> tuple[Floats, Bytes]:
    playback, edges = Playback(recording, index), recording.graph.edges
    along = playback.gradients_along(np.arange(len(edges)), playback.total)
    norm, state = np.full(len(edges), NO_GRADIENT), np.zeros(len(edges), dtype=np.uint8)
    for row in np.flatnonzero((along != NONE) & (along != ABSENT)).tolist():
        reading = readings[int(along[row])]
        norm[row], state[row] = reading.norm, reading.bits
    one, kinds = recording.passes[index], np.asarray(recording.graph.nodes.kind)
    seeds = dict(zip(one.roots, one.seeds, strict=True))
    for row in np.flatnonzero(kinds[np.asarray(edges.dst)] == NodeKind.ROOT).tolist():
        root = int(edges.dst[row])
        if root in seeds:
            reading = readings[seeds[root]] if seeds[root] != NONE else Reading(1.0, 0)
            norm[row], state[row] = reading.norm, reading.bits
    return norm, state


def _mark_far(nodes: tuple[Floats, Bytes], edges: tuple[Floats, Bytes], begun: float) -> None:
    """Mark norms far from both the median of the nodes and that of the beginning."""
    with np.errstate(invalid="ignore"):
        usual = nodes[0][np.isfinite(nodes[0]) & (nodes[0] > 0)]
        if not usual.size:
            return
        median = float(np.median(usual))
        low, high = min(median, begun or median) / FAR, max(median, begun) * FAR
        for norm, state in (nodes, edges):
            state[(norm > 0) & (norm < low) & (state & (HAS_NAN | HAS_INF) == 0)] |= VANISHING
            state[norm > high] |= EXPLODING


def _find_first(recording: Recording, one: Pass, readings: dict[int, Reading], health: Health, fetch: Fetch) -> None:
    """The first event that made something that is not finite of what was, and why."""
    if any(seed != NONE and not readings[seed].finite for seed in one.seeds):
        health.notes.append("health_seed")
    bad_edges = set(np.flatnonzero(np.asarray(health.edge_state) & (HAS_NAN | HAS_INF)).tolist())
    edges = recording.graph.edges
    fed_bad = {int(edges.src[row]) for row in bad_edges}
    for row, node in enumerate(one.events.node.tolist()):
        kind = int(one.events.kind[row])
        arrived = _together(_incoming(one.events, row), readings)
        if arrived is not None and not arrived.finite:
            if node not in fed_bad and "health_seed" not in health.notes:
                health.first_bad, health.first_step = node, row + 1
                health.notes.append("health_sum")
                return
            continue
        sent = _outgoing(one.events, row)
        bad = [slot for slot, ref in enumerate(sent) if ref != NONE and not readings[ref].finite]
        if bad:
            health.first_bad, health.first_step, health.first_slot = node, row + 1, bad[0]
            health.notes += cause_of(recording, one, row, bad[0], fetch)
            return
        after = int(one.events.after[row])
        if kind == EventKind.ACCUMULATE and after != NONE and not readings[after].finite:
            health.first_bad, health.first_step = node, row + 1
            health.notes.append("health_accumulated")
            return
