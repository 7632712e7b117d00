"""What the picture shows at step k of a pass: who has run, who runs, which gradients travel, what leaves hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from graphviz_app.recording import formatting
from graphviz_app.recording.model import NONE, EventKind, NodeKind, Recording, ValueInfo
from graphviz_app.recording.playback import ABSENT, Ints, Playback, Step
from graphviz_app.ui.graph.fonts import elided
from graphviz_app.ui.graph.labels import SHOWN
from graphviz_app.ui.i18n import tr

Mask = npt.NDArray[np.bool_]

NEVER = np.iinfo(np.int32).max
SHOWN_EDGES = 200
"""Gradients of at most this many edges are written beside them at one step."""
PILL_CHARS = 26
MOST_BESIDE = 6
"""Neighbours of the running node, either way, that the camera tries to show with it."""


@dataclass(frozen=True, eq=False)
class PlaybackView:
    """One step of one pass, as the picture shows it.

    Attributes
    ----------
    playback
        The pass.
    step
        How many of its events have happened; 0 is before the first.
    done
        For each node, whether it has run by now.
    climbed
        For each edge, whether a gradient has travelled along it by now.
    running
        Node of the last event; ``-1`` at step 0.
    kind
        What happened there; ``None`` at step 0.
    incoming, outgoing
        Edge -> text of the gradient that arrives at the running node, and that leaves it.
    infos
        What is known of values, by ref.
    """

    playback: Playback
    step: int
    done: Mask
    climbed: Mask
    running: int
    kind: EventKind | None
    incoming: Mapping[int, str]
    outgoing: Mapping[int, str]
    infos: Mapping[int, ValueInfo]
    known: int
    """How many values were known when it was made: the same mapping may grow."""

    def leaf_line(self, node: int) -> str:
        """What a leaf's ``.grad`` is at this step; empty for a leaf this pass never reaches."""
        ran = self.playback.first_step_of(node)
        event = self.playback.step(ran) if ran is not None else None
        if ran is None or event is None:
            return ""
        if event.kind == EventKind.CAPTURE:
            return "" if self.step < ran else tr("gradient {value}", value=self._text(_first(event)))
        if self.step < ran or event.kind == EventKind.RAISED:
            return tr("grad {value}", value=self._text(event.before))
        if self.step == ran:
            before, more = self._text(event.before), self._text(_first(event))
            return tr("grad {before} + {increment}", before=before, increment=more)
        return tr("grad {value}", value=self._text(event.after))

    def neighbours(self, recording: Recording) -> list[int]:
        """The nodes from which gradients arrive at the running one, and to which it sends them."""
        edges = recording.graph.edges
        arriving, leaving = list(self.incoming)[:MOST_BESIDE], list(self.outgoing)[:MOST_BESIDE]
        return [*edges.dst[arriving].tolist(), *edges.src[leaving].tolist()]

    def leaf_value(self, node: int) -> str:
        """A leaf's value when this pass began, where an optimiser may have changed it since; empty when not known."""
        ref = self.playback.leaf_values.get(node, NONE)
        info = self.infos.get(ref)
        return "" if info is None else elided(info.text, PILL_CHARS)

    def _text(self, ref: int) -> str:
        return value_text(ref, self.infos)


def leaf_value_refs(playback: Playback) -> list[int]:
    """refs of the values that leaves had when the pass began, of those small enough to stand on the leaf."""
    recording = playback.recording
    nodes = recording.graph.nodes
    return [
        ref
        for leaf, ref in playback.leaf_values.items()
        if 0 <= formatting.count(recording.metas[int(nodes.out_meta[int(nodes.out_start[leaf])])]) <= SHOWN
    ]


def value_text(ref: int, infos: Mapping[int, ValueInfo]) -> str:
    """A gradient in a few characters: numbers when it is small, else its norm."""
    if ref == NONE:
        return "None"
    info = infos.get(ref)
    if info is None:
        return "…"
    # The shape stands on the edge and on the leaf already.
    return elided(info.text.removeprefix(formatting.shape(info.meta.shape)).strip() or info.text, PILL_CHARS)


def pill_text(ref: int, infos: Mapping[int, ValueInfo]) -> str:
    """A gradient for the edge it travels on: numbers when it is small, else shape and norm."""
    info = infos.get(ref)
    return value_text(ref, infos) if info is None else elided(info.text, PILL_CHARS)


def playback_view(
    recording: Recording, playback: Playback | None, step: int, infos: Mapping[int, ValueInfo]
) -> PlaybackView | None:
    """Read step `step` of a pass for the picture.

    Parameters
    ----------
    recording
        The recording the pass belongs to.
    playback
        The pass; ``None`` when none is shown.
    step
        0 to ``playback.total``.
    infos
        What is known of the values by now; those missing are drawn as an ellipsis.
    """
    if playback is None:
        return None
    event = playback.step(step)
    ran = _edge_steps(playback)
    done = playback.done(step)
    if step > 0:
        done[playback.current.roots] = True
    incoming: dict[int, str] = {}
    outgoing: dict[int, str] = {}
    if event is not None:
        incoming = _incoming(recording, playback, event, ran, infos)
        outgoing = _outgoing(recording, event, infos)
    return PlaybackView(
        playback=playback,
        step=step,
        done=done,
        climbed=ran <= step,
        running=event.node if event is not None else -1,
        kind=event.kind if event is not None else None,
        incoming=incoming,
        outgoing=outgoing,
        infos=infos,
        known=len(infos),
    )


def _edge_steps(playback: Playback) -> Ints:
    """For each edge, the step at which a gradient travels along it; :data:`NEVER` when none does."""
    steps = _STEPS.get(playback)
    if steps is None:
        steps = _STEPS[playback] = _count_edge_steps(playback)
    return steps


_STEPS: WeakKeyDictionary[Playback, Ints] = WeakKeyDictionary()


def _count_edge_steps(playback: Playback) -> Ints:
    edges, events = playback.recording.graph.edges, playback.current.events
    slot = np.asarray(edges.dst_slot, dtype=np.int64)
    ran = playback.step_of[edges.dst].astype(np.int64)
    result = np.full(len(edges), NEVER, dtype=np.int32)
    possible = np.flatnonzero((ran <= playback.total) & (slot >= 0) & (np.asarray(edges.cut) == 0))
    row = ran[possible] - 1
    at = np.asarray(events.out_start)[row] + slot[possible]
    inside = at < np.asarray(events.out_start)[row + 1]
    given = np.zeros(len(possible), dtype=np.bool_)
    given[inside] = np.asarray(events.out_ref)[at[inside]] != NONE
    result[possible[given]] = ran[possible[given]]
    # The seed climbs into the graph from each root, which is not an event of its own.
    result[np.isin(edges.dst, playback.current.roots) & (np.asarray(edges.cut) == 0)] = 1
    return result


def _incoming(
    recording: Recording, playback: Playback, event: Step, ran: Ints, infos: Mapping[int, ValueInfo]
) -> dict[int, str]:
    """Texts of the gradients that arrive at the running node, by edge."""
    edges = recording.graph.edges
    arriving = np.flatnonzero((edges.src == event.node) & (ran <= event.index))[:SHOWN_EDGES]
    slots = np.asarray(edges.src_slot)[arriving].tolist()
    times = Counter(slots)
    texts = {}
    for edge, slot, along in zip(
        arriving.tolist(), slots, playback.gradients_along(arriving, event.index).tolist(), strict=True
    ):
        alone = times[slot] == 1 and slot < len(event.incoming)
        ref = event.incoming[slot] if alone else along
        if ref == ABSENT:
            ref = _seed(playback, int(edges.dst[edge]))
        # torch's implicit seed of a scalar is 1 and is not stored.
        is_seed = ref == NONE and recording.graph.nodes.kind[edges.dst[edge]] == NodeKind.ROOT
        texts[edge] = "v = " + ("1" if is_seed else pill_text(ref, infos))
    return texts


def _seed(playback: Playback, root: int) -> int:
    roots = playback.current.roots
    return playback.current.seeds[roots.index(root)] if root in roots else NONE


def _outgoing(recording: Recording, event: Step, infos: Mapping[int, ValueInfo]) -> dict[int, str]:
    """Texts of the gradients the running node sends on, by edge."""
    if event.kind != EventKind.RUN:
        return {}
    edges = recording.graph.edges
    texts = {}
    for edge in np.flatnonzero((edges.dst == event.node) & (np.asarray(edges.cut) == 0))[:SHOWN_EDGES].tolist():
        slot = int(edges.dst_slot[edge])
        if 0 <= slot < len(event.outgoing) and event.outgoing[slot] != NONE:
            texts[edge] = pill_text(event.outgoing[slot], infos)
    return texts


def _first(event: Step) -> int:
    """ref of what arrives at a leaf: it has one input."""
    return event.incoming[0] if event.incoming else NONE
