"""Is one backward right? The call that made a node, at the very arguments it had, against central differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.forward import tensors_in
from graphviz_app.engine.mathrun import Finished
from graphviz_app.engine.nudging import Rule, chosen, judged, pairs_of, weighed
from graphviz_app.engine.rerun import END, Goal, Meanwhile, Stop, Visitor, nudge, ordinal_of, rerun
from graphviz_app.engine.uses import Arguments
from graphviz_app.recording.calculus import AskCheck, Checked, CheckedInput
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import NONE


def check_call(finished: Finished, ask: AskCheck, meanwhile: Meanwhile) -> Checked:
    """Run the program again up to the call that made a node, and compare the call's gradient there.

    Raises
    ------
    EngineError
        When no call of the program's made the node, or it is not met again.
    """
    graph, log = finished.parts.graph, finished.parts.forward.calls
    call = graph.call[ask.node] if 0 <= ask.node < len(graph) else NONE
    if call == NONE or log.of_node[call] != NONE:
        raise EngineError(MATH_NOTES["check_no_call"])
    visitor = _AtCall(finished, ask, ordinal_of(finished, call), log.function[call], meanwhile)
    found = rerun(replace(finished.program, lab=False), Goal(END, ()), visitor, meanwhile)
    if not isinstance(found, Checked):
        raise EngineError(MATH_NOTES["rerun_differs"])
    return found


class _AtCall(Visitor):
    """Stops the program at one call and checks it."""

    def __init__(self, finished: Finished, ask: AskCheck, ordinal: int, name: str, meanwhile: Meanwhile) -> None:
        self._finished, self._ask, self._meanwhile = finished, ask, meanwhile
        self._ordinal, self._name = ordinal, name
        self._leaves: list[tuple[Tensor, int]] = []

    def before(
        self, function: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Arguments:
        """Check the call if it is the one."""
        wanted = self.forward.ordinal == self._ordinal and name == self._name and torch.is_grad_enabled()
        if wanted and any(tensor.requires_grad for tensor in tensors_in(args, kwargs)):
            self._leaves = self.forward.uses.coming(name, tensors_in(args, kwargs))
            try:
                with torch._C.DisableTorchFunction():
                    found = self._check(_Call(function, args, kwargs))
            except Exception as error:
                raise Stop(error=error) from error
            raise Stop(found)
        return args, kwargs

    def _check(self, call: _Call) -> Checked:
        ask = self._ask
        analytic, rule = call.analytic()
        inputs = [self._check_input(call, at, analytic[at], rule) for at in range(len(call.inputs))]
        notes = [f"check_call|function={self._name}", "check_random_v"]
        if rule.dtype != "float64":
            notes.append(f"check_narrow|dtype={rule.dtype}")
        return Checked(ask, inputs, rule.step, rule.absolute, rule.relative, rule.dtype, notes)

    def _check_input(self, call: _Call, at: int, gradient: Tensor, rule: Rule) -> CheckedInput:
        analytic = pairs_of(gradient)
        indices = chosen(analytic, self._ask.most)
        count = gradient.numel()
        numeric = []
        for index in indices.tolist():
            self._meanwhile()
            delta = rule.step if index < count else complex(0, rule.step)
            ends = [call.value(at, index % count, sign * delta) for sign in (1, -1)]
            numeric.append((ends[0] - ends[1]) / (2 * rule.step))
        return judged(*self._made_by(call.inputs[at]), indices, analytic, np.array(numeric), rule)

    def _made_by(self, tensor: Tensor) -> tuple[int, int]:
        """(node, output) of an input in the recording of the run.

        Sequence numbers grow alike in both runs; what lies between them is where each began.
        """
        graph, calls = self._finished.parts.graph, self._finished.parts.forward.calls
        if tensor.grad_fn is None:
            number, uses = next(n for leaf, n in self._leaves if leaf is tensor), self._finished.parts.forward.uses
            known = [node for leaf, node in graph.leaves.values() if uses.number_of(leaf) == number]
            return (known[0] if known else NONE), 0
        if not self.forward.calls.first:
            return NONE, 0
        sequence = tensor.grad_fn._sequence_nr() - self.forward.calls.first[0] + calls.first[0]
        found = np.flatnonzero(np.array(graph.seq, dtype=np.int64) == sequence)
        return (int(found[0]) if len(found) else NONE), tensor.output_nr


class _Call:
    """One call that can be made again and again, at other inputs.

    Attributes
    ----------
    inputs
        The arguments that a gradient flows to.
    """

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._function, self._args, self._kwargs = function, args, kwargs
        self.inputs: list[Tensor] = []
        for tensor in tensors_in(args, kwargs):
            if tensor.requires_grad and all(tensor is not other for other in self.inputs):
                self.inputs.append(tensor)
        self._random = _random_states()
        self._wide = True
        self._v: list[Tensor] = []

    def analytic(self) -> tuple[list[Tensor], Rule]:
        """vᵀJ for each input by the call's own backward, for a random v; in double precision where the call can.

        Raises
        ------
        EngineError
            When the call or its backward raises.
        """
        try:
            return self._gradients()
        except Exception:  # it insists on its types
            self._wide = False
        try:
            return self._gradients()
        except Exception as error:
            said = str(error).partition("\n")[0] or type(error).__name__
            raise EngineError(MATH_NOTES["check_raised"].format(message=said)) from error

    def value(self, at: int, index: int, delta: complex) -> float:
        """v · f with one element of one input nudged."""
        values = [self._copy(tensor) for tensor in self.inputs]
        nudge(values[at], index, delta)
        with torch.no_grad():
            outputs = self._outputs(values)
        return sum(weighed(output, v) for output, v in zip(outputs, self._v, strict=True))

    def _gradients(self) -> tuple[list[Tensor], Rule]:
        leaves = [self._copy(tensor).requires_grad_() for tensor in self.inputs]
        with torch.enable_grad():
            outputs = self._outputs([leaf.clone() for leaf in leaves])
        if self._wide and any(output.dtype.to_real() != torch.float64 for output in outputs):
            raise TypeError("the result is narrower than its arguments")
        generator = torch.Generator().manual_seed(0)
        self._v = [
            (0.5 + torch.rand(output.shape, generator=generator, dtype=torch.float64))
            .to(output.dtype)
            .to(output.device)
            for output in outputs
        ]
        differentiable = [(o, v) for o, v in zip(outputs, self._v, strict=True) if o.requires_grad]
        found = torch.autograd.grad(
            [output for output, _ in differentiable], leaves, [v for _, v in differentiable], allow_unused=True
        )
        gradients = [torch.zeros_like(leaf) if g is None else g for g, leaf in zip(found, leaves, strict=True)]
        types = [tensor.dtype for tensor in (*leaves, *outputs)]
        value = sum(weighed(output, v) for output, v in zip(outputs, self._v, strict=True))
        rule = Rule.of(types)
        return gradients, rule if rule.dtype == "float64" else rule.beside(value)

    def _outputs(self, values: list[Tensor]) -> list[Tensor]:
        """The floating-point results of the call with its inputs replaced, drawing the same random numbers."""
        now = _random_states()
        _set_random(self._random)
        try:
            args = tuple(self._replaced(value, values) for value in self._args)
            kwargs = {key: self._replaced(value, values) for key, value in self._kwargs.items()}
            result = self._function(*args, **kwargs)
        finally:
            _set_random(now)
        every = [result] if isinstance(result, Tensor) else [item for item in result if isinstance(item, Tensor)]
        return [tensor for tensor in every if tensor.is_floating_point() or tensor.is_complex()]

    def _replaced(self, value: Any, values: list[Tensor]) -> Any:
        if isinstance(value, Tensor):
            known = next((new for old, new in zip(self.inputs, values, strict=True) if old is value), None)
            return self._copy(value) if known is None else known
        if type(value) in (list, tuple):
            return type(value)(self._replaced(item, values) for item in value)
        return value

    def _copy(self, tensor: Tensor) -> Tensor:
        copy = tensor.detach().clone()
        if not self._wide or not (copy.is_floating_point() or copy.is_complex()):
            return copy
        return copy.to(torch.complex128 if copy.is_complex() else torch.float64)


def _random_states() -> list[Tensor]:
    """The states of torch's generators: the CPU's, then each GPU's."""
    cuda = torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
    return [torch.get_rng_state(), *(torch.cuda.get_rng_state_all() if cuda else ())]


def _set_random(states: list[Tensor]) -> None:
    torch.set_rng_state(states[0])
    if len(states) > 1:
        torch.cuda.set_rng_state_all(states[1:])
