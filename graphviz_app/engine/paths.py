"""The chain rule across a graph: the paths between two nodes, the product of Jacobians along each, and their sum."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge

from graphviz_app.engine.again import Again, pass_again
from graphviz_app.engine.agree import compared
from graphviz_app.engine.arrays import to_numpy
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.mathrun import Finished
from graphviz_app.engine.replay import Grads, Live, dense, norm_of, run, tried
from graphviz_app.engine.ways import Ways
from graphviz_app.recording.calculus import SHOWN_ENTRIES, AskPaths, PathMath, PathsMath
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import NONE, Pass

MOST_STEPS = 20_000
"""Node calls that are spent on following paths."""

MOST_HELD = 256 << 20
"""Bytes of gradients on their way along paths that are followed later."""

MOST_ROWS = 50_000
"""Node calls that are spent on the products of Jacobians."""

Meanwhile = Callable[[], None]


@dataclass(slots=True)
class Trail:
    """A path from the source so far, as a chain of its steps."""

    before: Trail | None
    node: int
    slot: int
    """Output of `node` that the gradient arrived at."""
    taken: int
    """Input slot of the node before that it came through."""
    gradient: Tensor | None

    def steps(self) -> list[Trail]:
        """From the source to here."""
        found: list[Trail] = []
        at: Trail | None = self
        while at is not None:
            found.append(at)
            at = at.before
        return found[::-1]


@dataclass(slots=True)
class Flow:
    """The gradient that goes from the source to the target.

    Attributes
    ----------
    incoming
        What arrived at each output of the source.
    norms
        For each (node, output) the norm of what arrives there from the source, by all paths together.
    weights
        For each node an estimate of how much of what arrives at the target goes through it: an input's norm as a part
        of the sum of the norms that meet there is taken for its part in the result.
    total
        What arrives at the target, by our own engine.
    """

    incoming: Grads
    norms: dict[tuple[int, int], float] = field(default_factory=dict)
    weights: dict[int, float] = field(default_factory=dict)
    total: Tensor | None = None

    def weigh(self, live: Live, ways: Ways, sent: list[tuple[int, list[float]]]) -> None:
        """Work out the weights from the norms that each node sent, in the order they ran."""
        meeting: dict[tuple[int, int], float] = {}
        for number, norms in sent:
            for place, norm in zip(live.nexts(number), norms, strict=False):
                meeting[place] = meeting.get(place, 0.0) + norm
        self.weights[ways.target] = 1.0
        for number, norms in reversed(sent):
            self.weights[number] = sum(
                self.weights.get(place[0], 0.0) * norm / meeting[place]
                for place, norm in zip(live.nexts(number), norms, strict=False)
                if norm > 0 and ways.leads(*place)
            )

    def part(self, trail: Trail) -> float:
        """Estimate of the part of the result that goes along a trail."""
        whole, own = self.norms.get((trail.node, trail.slot), 0.0), norm_of(trail.gradient)
        return (own / whole if whole > 0 else own) * self.weights.get(trail.node, 0.0)


def answer_paths(finished: Finished, ask: AskPaths, meanwhile: Meanwhile) -> PathsMath:
    """Follow the paths of a pass from one node to another.

    Raises
    ------
    EngineError
        When no gradient goes from one to the other, or the graph was freed.
    """
    parts = finished.parts
    source, _ = {root: place for place, root in parts.graph.root_of.items()}.get(ask.source, (ask.source, 0))
    with pass_again(parts, ask.index) as again:
        ways = Ways(again.live, source, ask.target, meanwhile)
        one = parts.backward.log.passes[ask.index]
        flow = _flow(finished, again, one, ways, meanwhile)
        math = PathsMath(ask, ways.as_float(ways.count), [], None, None, "unchecked", 0.0)
        found, stopped = _follow(again.live, ways, flow, ask.most, meanwhile)
        found.sort(key=lambda trail: -norm_of(trail.gradient))
        math.paths = _described(finished, ask, again.live, ways, found, flow, meanwhile)
        recorded = _recorded(finished, again, one, ways, flow)
        _add_up(math, found, recorded, max(flow.norms.values(), default=0.0), complete=len(found) == ways.count)
    _note(math, finished, ways, len(found), stopped=stopped)
    return math


def _flow(finished: Finished, again: Again, one: Pass, ways: Ways, meanwhile: Meanwhile) -> Flow:
    """What arrived at the source in the run, and what becomes of it on the way to the target."""
    flow = Flow(_arrived(finished, one, ways.source, len(again.live.nodes[ways.source]._input_metadata)))
    starts = [(ways.source, slot, gradient) for slot, gradient in enumerate(flow.incoming)]

    sent: list[tuple[int, list[float]]] = []

    def visit(number: int, incoming: Grads, outgoing: Grads) -> None:
        flow.norms.update(((number, slot), norm_of(gradient)) for slot, gradient in enumerate(incoming))
        sent.append((number, [norm_of(gradient) for gradient in outgoing]))

    arrived = run(again.live, starts, meanwhile, visit=visit, targets=[ways.target])
    flow.weigh(again.live, ways, sent)
    gradients = arrived.get(ways.target, [])
    flow.total = gradients[ways.slot] if gradients else None
    return flow


def _arrived(finished: Finished, one: Pass, node: int, outputs: int) -> Grads:
    """The gradients that a pass recorded at the outputs of a node."""
    events, store = one.events, finished.parts.store
    rows = np.flatnonzero(np.asarray(events.node) == node)
    if not len(rows):
        raise EngineError(MATH_NOTES["not_in_pass"])
    row = int(rows[-1])
    refs = events.in_ref[int(events.in_start[row]) : int(events.in_start[row + 1])].tolist()
    refs += [NONE] * (outputs - len(refs))
    return [None if ref == NONE else store.tensor(ref) for ref in refs]


def _follow(live: Live, ways: Ways, flow: Flow, most: int, meanwhile: Meanwhile) -> tuple[list[Trail], bool]:
    """Trails that reach the target, and whether the search was cut short.

    From the waiting trail that seems to carry the greatest part of the result the search dives to the target along the
    greatest parts; what it passes by waits.
    """
    counter = itertools.count()
    found: list[Trail] = []
    waiting = [(-1.0, 0, Trail(None, ways.source, NONE, NONE, None))]
    held, left = 0, MOST_STEPS
    with torch.no_grad():
        while waiting and len(found) < most:
            _, _, trail = heapq.heappop(waiting)
            held -= _bytes(trail.gradient)
            while trail.node != ways.target:
                meanwhile()
                left -= 1
                steps = sorted(_beyond(live, ways, flow, trail), key=lambda step: -flow.part(step))
                trail = steps[0]
                for step in steps[1:]:
                    heapq.heappush(waiting, (-flow.part(step), next(counter), step))
                    held += _bytes(step.gradient)
                if held > MOST_HELD or left < 0:
                    return found, True
            found.append(trail)
    return found, False


def _beyond(live: Live, ways: Ways, flow: Flow, trail: Trail) -> Iterator[Trail]:
    """A trail, one step farther along each edge that leads to the target."""
    node = live.nodes[trail.node]
    nexts = live.nexts(trail.node)
    if trail.before is None:
        sent = tried(node, flow.incoming)
    elif trail.gradient is None:
        sent = [None] * len(nexts)
    else:
        sent = tried(node, _only(live, trail.node, trail.slot, trail.gradient))
    for taken, ((after, slot), gradient) in enumerate(zip(nexts, sent, strict=False)):
        if ways.leads(after, slot):
            yield Trail(trail, after, slot, taken, gradient)


def _only(live: Live, node: int, slot: int, gradient: Tensor) -> Grads:
    """Gradients of a node's outputs of which only one is there."""
    return [gradient if at == slot else None for at in range(len(live.nodes[node]._input_metadata))]


def _bytes(gradient: Tensor | None) -> int:
    return 0 if gradient is None or gradient.layout != torch.strided else gradient.nbytes


def _described(
    finished: Finished,
    ask: AskPaths,
    live: Live,
    ways: Ways,
    found: list[Trail],
    flow: Flow,
    meanwhile: Meanwhile,
) -> list[PathMath]:
    graph = finished.parts.graph
    row_of = dict(zip(zip(graph.edge_dst, graph.edge_dst_slot, strict=True), range(len(graph.edge_dst)), strict=True))
    head = () if ask.source == ways.source else (ask.source,)
    left = MOST_ROWS
    result = []
    for trail in found:
        steps = trail.steps()
        nodes = (*head, *(step.node for step in steps))
        rows = [row_of[ask.source, 0]] if head else []
        rows += [row_of[before.node, step.taken] for before, step in itertools.pairwise(steps)]
        gradient = trail.gradient if trail.gradient is not None else ways.zeros(live)
        jacobian = None
        height, width = _height(live, ways, flow), gradient.numel()
        cost = height * (len(steps) - 1)
        if 0 < height * width <= SHOWN_ENTRIES and cost <= left and not gradient.is_complex():
            left -= cost
            jacobian = _product(live, ways, flow, steps, meanwhile)
        shown = to_numpy(gradient) if width <= SHOWN_ENTRIES else None
        result.append(PathMath(nodes, tuple(rows), shown, jacobian, norm_of(gradient)))
    return result


def _height(live: Live, ways: Ways, flow: Flow) -> int:
    """Elements of the source; 0 where its gradient came to several outputs, or is complex."""
    given = [gradient for gradient in flow.incoming if gradient is not None]
    return given[0].numel() if len(given) == 1 and not given[0].is_complex() else 0


def _product(live: Live, ways: Ways, flow: Flow, steps: list[Trail], meanwhile: Meanwhile) -> np.ndarray:
    """The product of the Jacobians along a path, a row for each element of the source."""
    output = next(slot for slot, gradient in enumerate(flow.incoming) if gradient is not None)
    v = flow.incoming[output]
    assert v is not None
    rows = []
    for element in range(v.numel()):
        meanwhile()
        unit = torch.zeros(v.numel(), dtype=v.dtype, device=v.device)
        unit[element] = 1
        gradient: Tensor | None = unit.reshape(v.shape)
        slot = output
        for before, step in itertools.pairwise(steps):
            if gradient is None:
                break
            with torch.no_grad():
                sent = tried(live.nodes[before.node], _only(live, before.node, slot, gradient))
            gradient, slot = sent[step.taken], step.slot
        flat = (ways.zeros(live) if gradient is None else dense(gradient)).detach().to(torch.float64).reshape(-1)
        rows.append(to_numpy(flat))
    return np.stack(rows)


def _recorded(finished: Finished, again: Again, one: Pass, ways: Ways, flow: Flow) -> Tensor:
    """What torch computed at the target from the source's gradient.

    Where every path from the roots to the target leads through the source, that is what the pass recorded; else
    torch's engine is asked, or where the program's hooks would be run, our own.
    """
    if ways.all_through(number for number, _, _ in again.starts):
        count = len(again.live.nodes[ways.target]._input_metadata)
        recorded = _arrived(finished, one, ways.target, count)[ways.slot]
        return ways.zeros(again.live) if recorded is None else recorded
    if finished.parts.forward.hooked:
        return ways.zeros(again.live) if flow.total is None else flow.total
    source, target = again.live.nodes[ways.source], again.live.nodes[ways.target]
    given = [(slot, gradient) for slot, gradient in enumerate(flow.incoming) if gradient is not None]
    (found,) = torch.autograd.grad(
        [GradientEdge(source, slot, None) for slot, _ in given],
        [GradientEdge(target, ways.slot, None)],
        [gradient for _, gradient in given],
        retain_graph=True,
        allow_unused=True,
    )
    return ways.zeros(again.live) if found is None else found


def _add_up(math: PathsMath, found: list[Trail], recorded: Tensor, size: float, *, complete: bool) -> None:
    wide = torch.complex128 if recorded.is_complex() else torch.float64
    total = torch.zeros(recorded.shape, dtype=wide, device=recorded.device)
    for trail in found:
        if trail.gradient is not None:
            total += dense(trail.gradient).to(wide)
    total = total.to(recorded.dtype)
    if total.numel() <= SHOWN_ENTRIES:
        math.total, math.recorded = to_numpy(total), to_numpy(recorded)
    if complete:
        math.agreement, math.worst = compared(total, recorded, size=size)


def _note(math: PathsMath, finished: Finished, ways: Ways, followed: int, *, stopped: bool) -> None:
    math.notes.append(f"paths_count|count={ways.text(ways.count)}")
    if followed < ways.count:
        math.notes.append(f"paths_left_out|followed={followed}")
    if stopped:
        math.notes.append("paths_stopped")
    if ways.other_slots:
        math.notes.append(f"paths_one_output|slot={ways.slot}")
    if finished.parts.forward.hooked:
        math.notes.append("hooks_not_run")
