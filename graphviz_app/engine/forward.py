"""Recording the forward: every torch call that makes a graph node, and every place where the gradient is cut."""

from __future__ import annotations

import re
import sys
import threading
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter_ns
from types import FrameType
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode, resolve_name

from graphviz_app.engine.constants import Constants, Cut, CutSource
from graphviz_app.engine.modules import ModulePaths
from graphviz_app.engine.results import Results
from graphviz_app.engine.sites import Sites
from graphviz_app.engine.uses import Before, LeafUses
from graphviz_app.engine.values import ValueStore
from graphviz_app.recording.model import NONE

_peek: Callable[[], int] = torch.autograd._get_sequence_nr  # type: ignore[attr-defined]

_KEPT_GETTERS = frozenset({"T", "mT", "H", "mH", "real", "imag", "data"})
_ENGINE_CALLS = frozenset({"torch.Tensor.backward", "torch.autograd.backward", "torch.autograd.grad"})

_SHAPE_ONLY = re.compile(r"(zeros|ones|full|empty|rand|randn|randint)_like|new_\w+|size|shape")
"""Functions that take a tensor only for its shape and type: what they return carries none of its numbers."""

_BOOKKEEPING = frozenset({"_set_grad_enabled", "_record_function_enter_new", "_record_function_exit"})
"""What torch's own optimisers call around each step."""

_NEW_DATA = frozenset({"set_", "resize_", "resize_as_"})
"""Functions after which a leaf may be of another shape or type than its graphs were made for."""

_PASS, _RECORD, _ENGINE, _DETACH_IN_PLACE, _NUMPY, _IN_PLACE, _DATA_SET = range(7)


@dataclass(slots=True)
class CallLog:
    """Columns of the calls seen so far; the sequence numbers each may have used are ``[first, last)``."""

    first: array[int] = field(default_factory=lambda: array("q"))
    last: array[int] = field(default_factory=lambda: array("q"))
    function: list[str] = field(default_factory=list)
    site: list[int] = field(default_factory=list)
    program_site: list[int] = field(default_factory=list)
    module: list[int] = field(default_factory=list)
    scope: list[int] = field(default_factory=list)
    target: list[str] = field(default_factory=list)
    of_pass: list[int] = field(default_factory=list)
    of_node: list[int] = field(default_factory=list)
    nanoseconds: list[int] = field(default_factory=list)
    hooked: set[int] = field(default_factory=set)
    """Calls made under saved-tensor hooks (checkpoint): their saved tensors must not be touched."""
    constants: dict[int, list[int]] = field(default_factory=dict)
    """call -> constants among its arguments (ids of :class:`Constants`), in order."""

    def __len__(self) -> int:
        return len(self.first)


class ForwardRecorder(TorchFunctionMode):
    """Sees every torch call of the program's own thread and notes those that matter to the graph.

    While it is on, ``torch.autograd.Function.apply`` is bracketed too: custom functions do not pass through a mode.
    """

    def __init__(self, sites: Sites, constants: Constants, modules: ModulePaths, store: ValueStore) -> None:
        super().__init__()
        self.sites = sites
        self.constants = constants
        self.modules = modules
        self.store = store
        self.calls = CallLog()
        self.results = Results(store)
        self._kinds: dict[Any, int] = {}
        self._names: dict[Any, str] = {}
        self.hooked = False
        """Whether the program has put a hook on a tensor or a node, which then sees gradients on their way."""
        self.on_new_data: Callable[[Tensor], None] = lambda tensor: None
        """Called with a tensor that is about to get other memory (``w.data = ...``)."""
        self.uses = LeafUses()
        self.ordinal = 0
        """How many calls of the program have made nodes so far."""
        self.before: Before | None = None
        """Called before every call that might be noted, when somebody wants to change what it is called with."""
        self._inside_function = 0
        self._thread = threading.get_ident()
        self._apply: Any = None

    @property
    def made_duals(self) -> bool:
        """Whether the program went forward with dual numbers, by ``forward_ad`` or ``torch.func.jvp``."""
        return torch._VF._make_dual in self._kinds

    def __enter__(self) -> ForwardRecorder:
        super().__enter__()  # type: ignore[no-untyped-call]
        self.modules.start()
        self._apply = torch.autograd.Function.__dict__["apply"]
        torch.autograd.Function.apply = classmethod(self._bracketed_apply())  # type: ignore[method-assign, assignment]
        return self

    def __exit__(self, *details: Any) -> None:
        torch.autograd.Function.apply = self._apply  # type: ignore[method-assign]
        self.modules.stop()
        super().__exit__(*details)  # type: ignore[no-untyped-call]

    def __torch_function__(
        self, func: Any, types: Iterable[type], args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Run `func` and note what it did."""
        kind = self._kinds.get(func)
        if kind == _PASS:  # a step of an optimiser asks for each `.grad` several times
            return func(*args, **kwargs) if kwargs else func(*args)
        kwargs = kwargs or {}
        if kind is None:
            kind = self._kinds[func] = self._kind_of(func)
        if kind in (_PASS, _ENGINE) or self._inside_function:
            return func(*args, **kwargs)
        if self.before is not None:
            args, kwargs = self.before(func, self._names[func], args, kwargs)
        if kind in (_IN_PLACE, _NUMPY) and self.store.watched:  # an array may be written to, and nobody would know
            for tensor in tensors_in(args, kwargs):
                self.store.before_change(tensor)
        if kind == _DATA_SET and _becomes_other(args):
            self.on_new_data(args[0])
        sources = self._sources(args, kwargs) if kind == _DETACH_IN_PLACE else []
        before, started = _peek(), perf_counter_ns()
        result = func(*args, **kwargs)
        if _peek() != before:
            took = perf_counter_ns() - started
            if kind == _RECORD:  # what an operation in place returns was there before
                self.results.note(result)
            self._note_call(self._names[func], before, _peek(), args, kwargs, sys._getframe(1), took)
        elif kind == _NUMPY:
            self.constants.note_numpy(result, args[0])
        elif sources or isinstance(result, (Tensor, tuple, list)):
            self._note_cut(func, result, args, kwargs, sources)
        return result

    @contextmanager
    def resumed(self) -> Iterator[None]:
        """See calls again inside the engine, where torch has put the mode aside: checkpoint runs the forward again."""
        super().__enter__()  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            super().__exit__(None, None, None)  # type: ignore[no-untyped-call]

    def note_backward_call(self, first: int, last: int, name: str, site: int, of_pass: int, of_node: int) -> None:
        """Add the call "the backward of node `of_node`" made under ``create_graph``."""
        calls = self.calls
        calls.first.append(first)
        calls.last.append(last)
        calls.function.append(name)
        calls.site.append(site)
        calls.program_site.append(site)
        calls.module.append(-1)
        calls.scope.append(-1)
        calls.target.append("")
        calls.of_pass.append(of_pass)
        calls.of_node.append(of_node)
        calls.nanoseconds.append(NONE)  # it is part of the time of the node whose backward it is

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
        calls = self.calls
        place, scope = self.sites.locate(frame)
        index = len(calls.first)
        calls.first.append(first)
        calls.last.append(last)
        calls.function.append(name)
        calls.site.append(place.site)
        calls.program_site.append(place.program_site)
        calls.module.append(self.modules.current)
        calls.scope.append(scope)
        calls.target.append(place.target)
        calls.of_pass.append(-1)
        calls.of_node.append(-1)
        calls.nanoseconds.append(nanoseconds)
        if torch._C._autograd._top_saved_tensors_default_hooks(True) is not None:
            calls.hooked.add(index)
        self.ordinal += 1
        tensors = tensors_in(args, kwargs)
        self.uses.note(name, tensors)
        plain = [t for t in tensors if not t.requires_grad]
        if plain:
            calls.constants[index] = [self.constants.note(t) for t in plain]

    def _note_cut(
        self, func: Any, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any], sources: list[CutSource]
    ) -> None:
        outputs = [result] if isinstance(result, Tensor) else [r for r in result if isinstance(r, Tensor)]
        outputs = [t for t in outputs if not t.requires_grad]
        if not outputs:
            return
        sources = sources or self._sources(args, kwargs)
        through = self.constants.cuts_of(tensors_in(args, kwargs)) if self.constants.any_cut else []
        made: list[Tensor] = []
        if sources:
            self.uses.note(self._names[func], tensors_in(args, kwargs))
            given = {id(_owner(t)) for t in tensors_in(args, kwargs) if not t.requires_grad}
            made = [t for t in outputs if id(_owner(t)) not in given]  # `index.expand_as(w)` cuts nothing off w
        if made:
            place, scope = self.sites.locate(sys._getframe(2))
            name = self._names[func]
            cut = Cut(name, _reason(name, made[0]), sources, place, self.modules.current, scope, through)
            number = self.constants.new_cut(cut)
            for tensor in made:
                self.constants.taint(tensor, [number])
        if through:
            for tensor in outputs:
                if all(tensor is not other for other in made):
                    self.constants.taint(tensor, through)

    def _sources(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[CutSource]:
        return [self.constants.source_of(t) for t in tensors_in(args, kwargs) if t.requires_grad]

    def _kind_of(self, func: Any) -> int:
        name = getattr(func, "__name__", "")
        full = resolve_name(func) or f"{getattr(func, '__module__', None) or 'torch'}.{name}"
        self._names[func] = full.removesuffix(".__get__")
        if name == "__get__":
            return _RECORD if func.__self__.__name__ in _KEPT_GETTERS else _PASS
        if (name == "__set__" and func.__self__.__name__ == "data") or name in _NEW_DATA:
            return _DATA_SET
        self.hooked = self.hooked or name == "register_hook"
        if name in {"__set__", "__repr__", "__format__", "requires_grad_", "retain_grad", "register_hook"}:
            return _PASS
        if _SHAPE_ONLY.fullmatch(name) or name.partition(".")[0] in _BOOKKEEPING:
            return _PASS
        if full in _ENGINE_CALLS or self._names[func] in _ENGINE_CALLS:
            return _ENGINE
        if name in {"detach_", "numpy"}:
            return _DETACH_IN_PLACE if name == "detach_" else _NUMPY
        return _IN_PLACE if name.endswith("_") or name.startswith("_foreach") else _RECORD

    def _bracketed_apply(self) -> Callable[..., Any]:
        original = self._apply.__func__
        mode = self

        def apply(cls: type, *args: Any, **kwargs: Any) -> Any:
            if mode._thread != threading.get_ident() or torch._C._current_autograd_node() is not None:
                return original(cls, *args, **kwargs)
            name = f"{cls.__name__}.apply"
            if mode.before is not None and not mode._inside_function:
                args, kwargs = mode.before(partial(original, cls), name, args, kwargs)
            before, started = _peek(), perf_counter_ns()
            mode._inside_function += 1
            try:
                result = original(cls, *args, **kwargs)
            finally:
                mode._inside_function -= 1
            if _peek() != before and not mode._inside_function:
                took = perf_counter_ns() - started
                mode.results.note(result)
                mode._note_call(name, before, _peek(), args, kwargs, sys._getframe(1), took)
            return result

        apply.__doc__ = original.__doc__
        return apply


def _becomes_other(args: tuple[Any, ...]) -> bool:
    """Whether a tensor (the first argument) is about to get another shape, type or device."""
    before, after = args[0], args[1] if len(args) > 1 else None
    if not isinstance(after, Tensor):
        return isinstance(before, Tensor)
    return (before.shape, before.dtype, before.device) != (after.shape, after.dtype, after.device)


def tensors_in(args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Tensor]:
    """The tensors among the arguments of a call, also those one list deep."""
    found: list[Tensor] = []
    for value in (*args, *kwargs.values()) if kwargs else args:
        if isinstance(value, Tensor):
            found.append(value)
        elif isinstance(value, (tuple, list)):
            found += [item for item in value if isinstance(item, Tensor)]
    return found


def _owner(tensor: Tensor) -> Tensor:
    """The tensor whose numbers a view shows; itself when it is none."""
    base = None if tensor.is_inference() else tensor._base
    return tensor if base is None else base


def _reason(name: str, result: Tensor) -> str:
    """Key of ``messages.REASONS`` for why `result` carries no gradient though an argument did."""
    short = name.rsplit(".", 1)[-1]
    if short in {"detach", "detach_", "detach_copy"}:
        return "detach"
    if short == "data":
        return "data"
    if torch.is_inference_mode_enabled():
        return "inference_mode"
    if not torch.is_grad_enabled():
        return "no_grad"
    if result.dtype == torch.bool:
        return "bool_result"
    if not (result.is_floating_point() or result.is_complex()):
        return "integer_result"
    return "tensor_copy" if short in {"tensor", "as_tensor", "asarray"} else "not_differentiable"
