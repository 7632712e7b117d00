"""What is known of every node, in columns: what a search compares, a list shows and a table is sorted by.

Texts are kept once each, with a number a node that says which one: a condition on 100,000 nodes of a loop looks at the
few texts there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from graphviz_app.recording import formatting
from graphviz_app.recording.calculus import Health
from graphviz_app.recording.costs import Costs, costs_of
from graphviz_app.recording.fields import KINDS
from graphviz_app.recording.model import NONE, Column, NodeKind, Recording
from graphviz_app.recording.playback import Playback

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_KEPT = frozenset(
    {"op", "variable", "module", "module_class", "function", "target", "expression", "program", "kind", "order", "meta"}
    | {"costs"}
)
"""Columns that do not depend on the norms of a pass."""
_OWN = ("line", "step", "norm", "norm_out", "dims", "elements")


class Texts:
    """A text for each node: those that any node has, once each.

    Parameters
    ----------
    strings
        The texts there are.
    index
        Which of them each node has; ``-1`` for none.

    Attributes
    ----------
    strings
        The texts that any node has.
    index
        Which of these each node has; ``-1`` for none.
    """

    def __init__(self, strings: Sequence[str], index: npt.ArrayLike) -> None:
        which = np.asarray(index, dtype=np.int64)
        has = np.zeros(len(strings) + 1, dtype=np.bool_)
        has[which] = True
        has[-1] = False
        places = np.flatnonzero(has)
        compact = np.full(len(strings) + 1, NONE, dtype=np.int64)
        compact[places] = np.arange(len(places))
        self.strings = [strings[place] for place in places.tolist()]
        self.index: Ints = compact[which]

    def __getitem__(self, node: int) -> str:
        at = int(self.index[node])
        return self.strings[at] if at != NONE else ""

    @cached_property
    def folded(self) -> list[str]:
        """The texts, case folded."""
        return [text.casefold() for text in self.strings]

    @cached_property
    def squeezed(self) -> list[str]:
        """The texts, case folded and without spaces."""
        return ["".join(text.split()) for text in self.folded]

    @cached_property
    def sorted(self) -> list[int]:
        """Places of the texts in alphabetical order."""
        return sorted(range(len(self.strings)), key=lambda at: (self.folded[at], self.strings[at]))

    @cached_property
    def rank(self) -> Ints:
        """For each node, the place of its text among all of them in alphabetical order; none comes last."""
        place = np.full(len(self.strings) + 1, len(self.strings), dtype=np.int64)
        place[self.sorted] = np.arange(len(self.strings))
        return place[self.index]

    def where(self, meets: Callable[[str], bool], *, squeezed: bool = False) -> Bools:
        """Nodes whose text, case folded, meets a condition; those without a text do not."""
        texts = self.squeezed if squeezed else self.folded
        hits = np.zeros(len(texts) + 1, dtype=np.bool_)
        hits[:-1] = np.fromiter(map(meets, texts), dtype=np.bool_, count=len(texts))
        found: Bools = hits[self.index]
        return found


class NodeColumns:
    """The columns of one recording, read when they are first asked for.

    Parameters
    ----------
    recording
        The recording.
    playback
        The pass that is looked at; without one there are no steps.
    health
        How the gradients of that pass are; without it norms are not known yet.
    """

    def __init__(
        self,
        recording: Recording,
        playback: Playback | None = None,
        health: Health | None = None,
    ) -> None:
        self.recording, self.playback, self.health = recording, playback, health

    def __len__(self) -> int:
        return len(self.recording.graph.nodes)

    def with_health(self, health: Health | None) -> NodeColumns:
        """The same with the norms of a pass; what has been read is kept."""
        other = NodeColumns(self.recording, self.playback, health)
        other.__dict__.update({name: value for name, value in self.__dict__.items() if name in _KEPT})
        return other

    # Texts

    @cached_property
    def op(self) -> Texts:
        """Autograd's class of each node, or the function of a cut."""
        return Texts(self.recording.strings, self.recording.graph.nodes.name)

    @cached_property
    def variable(self) -> Texts:
        """What the result is known by: the variable, else a name of the tensor that a leaf, root or constant is."""
        nodes, tensors = self.recording.graph.nodes, self.recording.tensors
        strings = self.recording.strings
        first = np.array([NONE if not info.names else at for at, info in enumerate(tensors)] + [NONE])
        names = first[np.asarray(nodes.tensor)]
        index = np.where(np.asarray(nodes.var) != NONE, nodes.var, np.where(names != NONE, names + len(strings), NONE))
        return Texts([*strings, *(info.names[0] if info.names else "" for info in tensors)], index)

    @cached_property
    def module(self) -> Texts:
        """Path of the module each node was made in."""
        return self._of_call(self.recording.strings, self.recording.calls.module)

    @cached_property
    def module_class(self) -> Texts:
        """Class of that module."""
        return self._of_call(self.recording.strings, self.recording.calls.module_class)

    @cached_property
    def function(self) -> Texts:
        """The torch function each node was made by."""
        return self._of_call(self.recording.strings, self.recording.calls.function)

    @cached_property
    def target(self) -> Texts:
        """The name the whole result of the line was given."""
        return self._of_call(self.recording.strings, self.recording.calls.target)

    @cached_property
    def expression(self) -> Texts:
        """The exact source each node comes from: in a library where that is what made it, else in the program."""
        calls = self.recording.calls
        site = np.where(np.asarray(calls.site) != NONE, calls.site, calls.program_site)
        return self._of_call([" ".join(site.text.split()) for site in self.recording.sites], site)

    @cached_property
    def program(self) -> Texts:
        """The source of the program's own that each node comes from."""
        texts = [" ".join(site.text.split()) for site in self.recording.sites]
        return self._of_call(texts, self.recording.calls.program_site)

    @cached_property
    def kind(self) -> Texts:
        """What each node is, by the words of :data:`~graphviz_app.recording.fields.KINDS`."""
        return Texts(KINDS, self.recording.graph.nodes.kind)

    @cached_property
    def shape(self) -> Texts:
        """The shape of the first tensor each node computes or is."""
        return Texts([formatting.shape(meta.shape) for meta in self.recording.metas], self.meta)

    @cached_property
    def dtype(self) -> Texts:
        """The dtype of that tensor."""
        return Texts([meta.dtype for meta in self.recording.metas], self.meta)

    @cached_property
    def device(self) -> Texts:
        """The device of that tensor."""
        return Texts([meta.device for meta in self.recording.metas], self.meta)

    def _of_call(self, strings: Sequence[str], column: Column) -> Texts:
        return Texts(strings, np.append(np.asarray(column, dtype=np.int64), NONE)[self.recording.graph.nodes.call])

    # Tensors

    @cached_property
    def meta(self) -> Ints:
        """Which of the recording's metas tells of the first tensor a node computes or is; ``-1`` for none."""
        nodes = self.recording.graph.nodes
        own = np.array([info.meta for info in self.recording.tensors] + [NONE], dtype=np.int64)[
            np.asarray(nodes.tensor)
        ]
        start, metas = (
            np.asarray(nodes.out_start, dtype=np.int64),
            np.append(np.asarray(nodes.out_meta, dtype=np.int64), NONE),
        )
        first = np.where(start[1:] > start[:-1], metas[start[:-1]], NONE)
        found: Ints = np.where(own != NONE, own, first)
        return found

    def any_meta(self, meets: Bools) -> Bools:
        """Nodes of which any tensor they compute or are is of a meta that meets a condition (a bool a meta)."""
        nodes, hits = self.recording.graph.nodes, np.append(meets, False)
        total = np.concatenate([[0], np.cumsum(hits[np.asarray(nodes.out_meta)])])
        start = np.asarray(nodes.out_start)
        found: Bools = (total[start[1:]] > total[start[:-1]]) | hits[self.meta]
        return found

    # Numbers

    @cached_property
    def line(self) -> Floats:
        """Line of the program each node comes from; NaN when none is known."""
        lines = np.array([site.line for site in self.recording.sites] + [np.nan])
        found: Floats = lines[self.program.index]
        return found

    @cached_property
    def step(self) -> Floats:
        """Step of the pass at which each node runs; NaN when it does not."""
        if self.playback is None:
            return np.full(len(self), np.nan)
        steps = self.playback.step_of.astype(np.float64)
        steps[steps > self.playback.total] = np.nan
        return steps

    @cached_property
    def norm(self) -> Floats:
        """Norm of the gradient that reached each node's outputs; NaN when none did or it is not known."""
        if self.health is None:
            return np.full(len(self), np.nan)
        norm = np.array(self.health.node_norm, dtype=np.float64)
        norm[norm < 0] = np.nan
        return norm

    @cached_property
    def norm_out(self) -> Floats:
        """2-norm of all the gradients each node sent on; NaN when it sent none or they are not known."""
        if self.health is None:
            return np.full(len(self), np.nan)
        along = np.array(self.health.edge_norm, dtype=np.float64)
        sent = np.flatnonzero(~(along < 0))
        to = np.asarray(self.recording.graph.edges.dst)[sent]
        squares = np.bincount(to, weights=along[sent] ** 2, minlength=len(self))
        squares[np.bincount(to, minlength=len(self)) == 0] = np.nan
        squares[np.asarray(self.recording.graph.nodes.kind) == NodeKind.ROOT] = np.nan
        norms: Floats = np.sqrt(squares)
        return norms

    @cached_property
    def dims(self) -> Floats:
        """Number of dimensions of the first tensor a node computes or is."""
        found: Floats = np.array([len(meta.shape) for meta in self.recording.metas] + [np.nan])[self.meta]
        return found

    @cached_property
    def elements(self) -> Floats:
        """Number of its elements; NaN when it is ragged."""
        counts = [float(formatting.count(meta)) for meta in self.recording.metas]
        found: Floats = np.array([np.nan if count < 0 else count for count in counts] + [np.nan])[self.meta]
        return found

    @cached_property
    def order(self) -> Floats:
        """Where each node stands in the forward: what has no sequence number stands beside what uses or made it."""
        nodes, edges = self.recording.graph.nodes, self.recording.graph.edges
        order = np.asarray(nodes.seq).astype(np.float64)
        order[np.asarray(nodes.seq) == NONE] = np.nan
        bare = np.isnan(order)
        src, dst = np.asarray(edges.src, dtype=np.int64), np.asarray(edges.dst, dtype=np.int64)
        first, last = np.full(len(order), np.inf), np.full(len(order), -np.inf)
        np.fmin.at(first, src, order[dst])
        np.fmax.at(last, dst, order[src])
        beside = np.where(np.isfinite(first), first - 0.5, np.where(np.isfinite(last), last + 0.5, np.inf))
        order[bare] = beside[bare]
        return order

    @cached_property
    def costs(self) -> Costs:
        """What each node cost."""
        return costs_of(self.recording, self.playback.current if self.playback is not None else None)

    @property
    def time(self) -> Floats:
        """Seconds of forward and backward together; NaN where neither was measured."""
        forward, backward = self.costs.forward, self.costs.backward
        both: Floats = np.where(np.isnan(forward), backward, forward + np.nan_to_num(backward))
        return both

    def number(self, name: str) -> Floats | None:
        """A column of numbers by the name of its field; ``None`` when it was not measured in this run."""
        if name in _OWN:
            own: Floats = getattr(self, name)
            return own
        cost = {"forward": "forward", "backward": "backward", "memory": "saved"}.get(name)
        found: Floats = self.time if name == "time" else getattr(self.costs, cost or "saved")
        return found if np.isfinite(found).any() else None
