"""The program of a run once more, up to one of its passes: with a leaf nudged or replaced, or stopped at a call."""

from __future__ import annotations

import contextlib
import io
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

import torch
import torch.autograd.graph
from torch import Tensor

from graphviz_app.engine.backward import transformed
from graphviz_app.engine.brought import Brought
from graphviz_app.engine.constants import Constants, CutSource
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.forward import ForwardRecorder, tensors_in
from graphviz_app.engine.mathrun import Finished
from graphviz_app.engine.modules import ModulePaths
from graphviz_app.engine.nodecall import quiet
from graphviz_app.engine.program import Namespace, Program, compile_program
from graphviz_app.engine.sites import Sites
from graphviz_app.engine.uses import Arguments, Overrides
from graphviz_app.engine.values import ValueStore
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import NONE

Meanwhile = Callable[[], None]

EVERY = 200
"""Calls of the program between two looks at whether somebody still waits."""


class Stop(BaseException):  # no Exception, so that the program's own handlers let it through
    """The program has come as far as it was to be run."""

    def __init__(self, found: Any = None, error: BaseException | None = None) -> None:
        super().__init__()
        self.found = found
        self.error = error


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a program is stopped.

    Attributes
    ----------
    index
        At the beginning of this pass.
    names
        Variables that hold its roots, should the program end before: a pass offered by the app.
    """

    index: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """Where a pass's graph first uses a leaf: known by number in a program that is run again.

    Attributes
    ----------
    ordinal
        Which of the recorded calls.
    function
        What it calls.
    number
        Which leaf.
    """

    ordinal: int
    function: str
    number: int


class Recorder(ForwardRecorder):
    """Counts calls and numbers leaves as the recorder of the run did, and notes nothing else."""

    def __init__(self, program: Program) -> None:
        sites = Sites(program.filename, program.source)
        super().__init__(sites, Constants(0), ModulePaths(), ValueStore(0, norms=False))

    def _note_call(
        self,
        name: str,
        first: int,
        last: int,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        frame: FrameType,
        nanoseconds: int,
    ) -> None:
        self.ordinal += 1
        if not self.calls.first:
            self.calls.first.append(first)
        self.uses.note(name, list(tensors_in(args, kwargs)))

    def _note_cut(
        self, func: Any, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any], sources: list[CutSource]
    ) -> None:
        outputs = [result] if isinstance(result, Tensor) else [r for r in result if isinstance(r, Tensor)]
        if any(not tensor.requires_grad for tensor in outputs):
            self.uses.note(self._names[func], list(tensors_in(args, kwargs)))


class Visitor:
    """What is done at the calls of a program that is run again; this one does nothing."""

    forward: Recorder

    def before(
        self, function: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Arguments:
        """A call is about to be made; returns the arguments to make it with."""
        return args, kwargs

    def leaf_at(self, use: Use, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Tensor | None:
        """The leaf that `use` speaks of, if the call that is about to be made is that use."""
        if self.forward.ordinal != use.ordinal or name != use.function:
            return None
        coming = self.forward.uses.coming(name, tensors_in(args, kwargs))
        return next((leaf for leaf, number in coming if number == use.number), None)


class Nudge(Visitor):
    """Adds to one element of a leaf just before a call uses it.

    Parameters
    ----------
    use
        The call and the leaf.
    index
        Flat index of the element.
    delta
        What is added.
    """

    def __init__(self, use: Use, index: int, delta: complex) -> None:
        self._use, self._index, self._delta = use, index, delta
        self.done = False

    def before(
        self, function: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Arguments:
        """Nudge the leaf, if this is the call."""
        leaf = None if self.done else self.leaf_at(self._use, name, args, kwargs)
        if leaf is not None:
            nudge(leaf, self._index, self._delta)
            self.done = True
        return args, kwargs


class Replace(Visitor):
    """Puts a tensor in the place of a leaf in every call from one on.

    Parameters
    ----------
    use
        The first of these calls, and the leaf.
    instead
        The tensor.
    """

    def __init__(self, use: Use, instead: Tensor) -> None:
        self._use, self._instead = use, instead
        self._leaf: Tensor | None = None

    def before(
        self, function: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Arguments:
        """Replace the leaf among the arguments."""
        if self._leaf is None:
            self._leaf = self.leaf_at(self._use, name, args, kwargs)
        leaf = self._leaf
        if leaf is None or all(tensor is not leaf for tensor in tensors_in(args, kwargs)):
            return args, kwargs
        self.forward.uses.note(name, list(tensors_in(args, kwargs)))
        return (
            tuple(self._swapped(value, leaf) for value in args),
            {key: self._swapped(value, leaf) for key, value in kwargs.items()},
        )

    def _swapped(self, value: Any, leaf: Tensor) -> Any:
        if value is leaf:
            return self._instead
        if type(value) in (list, tuple):
            return type(value)(self._instead if item is leaf else item for item in value)
        return value


def nudge(tensor: Tensor, index: int, delta: complex) -> None:
    """Add to one element of a tensor, unseen by autograd."""
    with torch.no_grad(), torch._C.DisableTorchFunction():
        data = tensor.data
        place = torch.unravel_index(torch.tensor(index, device=data.device), data.shape) if data.dim() else ()
        data[place] += delta if data.is_complex() else delta.real


def roots_again(
    program: Program, goal: Goal, visitor: Visitor, meanwhile: Meanwhile, *, inside: bool = False
) -> list[Tensor]:
    """Run a program up to a pass; returns the tensors that pass starts from; see :func:`rerun`."""
    found = rerun(program, goal, visitor, meanwhile, inside=inside)
    if not found or not all(isinstance(each, Tensor) for each in found):
        raise EngineError(MATH_NOTES["rerun_differs"])
    return list(found)


def rerun(program: Program, goal: Goal, visitor: Visitor, meanwhile: Meanwhile, *, inside: bool = False) -> Any:
    """Run a program up to a pass, or to where the visitor raises :class:`Stop`; returns what was found there.

    Parameters
    ----------
    inside
        Whether this happens inside a function transform of ours, so that every tensor of the program is a wrapper.

    Raises
    ------
    EngineError
        When the program raises.
    """
    visitor.forward = forward = Recorder(program)
    overrides = Overrides(forward.uses, program.overrides, tensors_in)
    calls = 0

    def before(function: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments:
        nonlocal calls
        calls += 1
        if calls % EVERY == 0:
            try:
                meanwhile()
            except Exception as error:  # nobody waits any more: past the program's handlers
                raise Stop(error=error) from error
        args, kwargs = overrides.before(function, name, args, kwargs)
        return visitor.before(function, name, args, kwargs)

    forward.before = before
    namespace = Namespace(program)
    try:
        Brought().bring(program, namespace.names)
        with _silent(), namespace.entered(), _stopping(goal.index, inside=inside), forward:
            compiled = compile_program(program)
            exec(compiled.body, namespace.names)
            if compiled.last is not None:
                eval(compiled.last, namespace.names)
        return [namespace.names.get(name) for name in goal.names]
    except Stop as stop:
        if stop.error is not None:
            raise stop.error from None
        return stop.found
    except (Exception, SystemExit) as error:
        said = str(error).partition("\n")[0] or type(error).__name__
        raise EngineError(MATH_NOTES["rerun_raised"].format(message=said)) from error
    finally:
        namespace.names.clear()


END = 1 << 60
"""The pass at which a program is stopped that is to run to its end."""


def goal_of(finished: Finished, index: int) -> Goal:
    """Where the program of a run begins pass `index`."""
    assert finished.recording is not None
    recording = finished.recording
    if not 0 <= index < len(recording.passes):
        raise EngineError(MATH_NOTES["no_such_pass"])
    names = [int(recording.graph.nodes.var[root]) for root in recording.passes[index].roots]
    return Goal(index, tuple(recording.strings[name] if name != NONE else "" for name in names))


def use_of(finished: Finished, leaf: int, nodes: Collection[int]) -> Use | None:
    """The first use of a leaf by the nodes of a graph; ``None`` when it cannot be found again."""
    parts = finished.parts
    graph, log = parts.graph, parts.forward.calls
    variable = next((tensor for tensor, number in graph.leaves.values() if number == leaf), None)
    number = NONE if variable is None else parts.forward.uses.number_of(variable)
    inside = set(nodes)
    users = [dst for src, dst in zip(graph.edge_src, graph.edge_dst, strict=True) if src == leaf and dst in inside]
    calls = {call for user in users if (call := _own_call(finished, user)) != NONE}
    if number == NONE or not calls:
        return None
    first = min(calls)
    return Use(ordinal_of(finished, first), log.function[first], number)


def _own_call(finished: Finished, node: int) -> int:
    """The program's own call that made a node, or whose backward did (``create_graph``)."""
    graph, of_node = finished.parts.graph, finished.parts.forward.calls.of_node
    call = graph.call[node]
    while call != NONE and of_node[call] != NONE:
        call = graph.call[of_node[call]]
    return call


def ordinal_of(finished: Finished, call: int) -> int:
    """Which of the program's own calls a recorded call is."""
    return sum(1 for node in finished.parts.forward.calls.of_node[:call] if node == NONE)


@contextmanager
def _stopping(index: int, *, inside: bool) -> Iterator[None]:
    """Stop the program when its pass number `index` begins.

    Inside a function transform torch refuses before it comes to its engine, so the program is stopped at its own call.
    """
    thread, seen = threading.get_ident(), 0
    names = ["_engine_run_backward"] if not inside else ["backward", "grad"]
    before = [
        (place, name, getattr(place, name))
        for place in (torch.autograd.graph, torch.autograd)
        for name in names
        if hasattr(place, name)
    ]

    def stopping(original: Callable[..., Any]) -> Callable[..., Any]:
        def run(outputs: Any, *args: Any, **kwargs: Any) -> Any:
            nonlocal seen
            every = [outputs] if isinstance(outputs, Tensor) else list(outputs)
            if threading.get_ident() == thread and (inside or not any(map(transformed, every))):
                if seen == index:
                    raise Stop([each for each in every if isinstance(each, Tensor)])
                seen += 1
            return original(outputs, *args, **kwargs)

        return run

    for place, name, original in before:
        setattr(place, name, stopping(original))
    try:
        yield
    finally:
        for place, name, original in before:
            setattr(place, name, original)


@contextmanager
def _silent() -> Iterator[None]:
    with contextlib.redirect_stderr(io.StringIO()), quiet():
        yield
