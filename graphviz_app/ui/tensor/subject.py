"""What the tensor pane is about: one tensor of the recording, and its gradient at the current step."""

from __future__ import annotations

from dataclasses import dataclass

from graphviz_app.recording.axes import AxisName
from graphviz_app.recording.axis_proof import Prover
from graphviz_app.recording.model import NONE, EventKind, NodeKind, TensorInfo, TensorMeta
from graphviz_app.recording.playback import Playback
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.facts import Facts, Grad
from graphviz_app.ui.panels.words import grad_words, kind_word, not_yet, title

UNNAMED = "?"
"""What a view is said to be of when that has no name."""


@dataclass(frozen=True)
class Subject:
    """One tensor and its gradient.

    Attributes
    ----------
    title
        Its name or expression.
    about
        What it is: ``leaf``, ``MulBackward0``.
    meta
        Shape, dtype and device, where known.
    value
        ref of its value; ``-1`` when it was not kept.
    gradient
        Its gradient at the current step.
    gradient_title
        What that gradient is, in words.
    value_title
        What that value is, in words.
    code, grad_code
        Python for the tensor and for its ``.grad``; the latter empty where the program has none.
    node, slot
        The output of the graph it is; ``-1`` outside the graph.
    tensor
        What the recording says of it, if the run ended with it.
    before
        ref of the gradient before the last step that changed it; ``-1`` without one.
    last_pass
        ref of the gradient at the end of the pass before; ``-1`` without one.
    history
        refs of this gradient at all steps of all passes, in order.
    unretained
        The gradient passed here, but the program itself has ``None``: no ``retain_grad()``.
    shares
        Names of other tensors of the program that are views of it, or of what it is a view of.
    """

    title: str
    about: str
    meta: TensorMeta | None
    value: int
    gradient: Grad
    gradient_title: str
    value_title: str
    code: str = ""
    grad_code: str = ""
    node: int = NONE
    slot: int = 0
    tensor: TensorInfo | None = None
    before: int = NONE
    last_pass: int = NONE
    history: tuple[int, ...] = ()
    unretained: bool = False
    shares: tuple[str, ...] = ()
    """Names of the other tensors in the same memory, but for the one that it is a view of."""
    twins: tuple[str, ...] = ()
    """Names of the NumPy arrays in the same memory."""
    early: bool = False
    """Whether its run goes on, so that no value is known yet."""
    inside: bool = False
    """Whether torch made it within a call, so that the program never had it."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes; ``()`` when nothing is known of them."""
        return self.meta.shape if self.meta is not None else ()

    @property
    def ragged(self) -> bool:
        """Whether it is nested: rows of different lengths."""
        return any(size < 0 for size in self.shape)

    @property
    def gradient_words(self) -> str:
        """Why its gradient has no numbers to show; empty for one that has."""
        if self.gradient.state == "outside" and self.tensor is not None and not self.tensor.requires_grad:
            return tr("requires_grad is False: it has no gradient")
        return grad_words(self.gradient)

    @property
    def value_words(self) -> str:
        """Why it has no value to show; empty for one that has."""
        if self.value != NONE:
            return ""
        if self.early:
            return not_yet()
        if self.inside:
            return tr("PyTorch makes this inside the call; the program never gets it, so its value was not kept.")
        return tr("Its value was not kept. Give it a name of its own (y = …) to see it.")

    @property
    def row_code(self) -> str:
        """Python for what the pictures show of it: a nested tensor is its elements in one row."""
        code = self.code or "tensor"  # not x: the program may have one
        return f"torch.cat([row.reshape(-1) for row in {code}.unbind()])" if self.ragged else code

    @property
    def dtype(self) -> str:
        """Without ``torch.``; empty when unknown."""
        return self.meta.dtype if self.meta is not None else ""

    @property
    def key(self) -> tuple[str, int]:
        """Under what the person's own changes to it are remembered: what it is called, and its rank."""
        return self.title, len(self.shape)


def of_node(facts: Facts, node: int, playback: Playback | None, step: int) -> Subject:
    """A node's tensor: a leaf with its ``.grad``, anything else with the gradient that has reached it."""
    tensor, kind = facts.tensor(node), facts.kind(node)
    about = facts.class_name(node) if kind is NodeKind.OP else kind_word(kind)
    name = (facts.variable(node) if kind is NodeKind.OP else "") or title(facts, node)
    words = tr(".grad after this step") if kind is NodeKind.LEAF else tr("gradient after this step")
    gradient = gradient_of(facts, node, playback, step)
    if kind not in (NodeKind.LEAF, NodeKind.OP, NodeKind.ROOT):
        words = tr("gradient")
    if playback is None and kind in (NodeKind.OP, NodeKind.ROOT) and gradient.state == "outside":
        gradient = Grad("no_pass")
    history = _history(facts, node)
    value, value_title = _value(facts, node, playback)
    return Subject(
        title=name,
        about=about,
        meta=facts.meta_of(node),
        value=value,
        value_title=value_title,
        gradient=gradient,
        gradient_title=words,
        code=_code(facts.variable(node), facts.expression(node)),
        grad_code=_grad_code(facts.variable(node), kind, tensor),
        node=node,
        early=facts.recording.unfinished,
        inside=kind is NodeKind.OP and value == NONE and tensor is None and facts.is_inside(node),
        slot=0 if tensor is None else max(tensor.slot, 0),
        tensor=tensor,
        before=_before(facts, node, playback, step),
        last_pass=_last_pass(history, playback),
        history=tuple(ref for _, ref in history),
        unretained=_is_unretained(kind, tensor, gradient),
        shares=_sharing(facts, tensor),
        twins=_twins(facts, tensor),
    )


def of_variable(facts: Facts, name: str, playback: Playback | None, step: int) -> Subject | None:
    """A variable's tensor; ``None`` when it is no tensor."""
    recording = facts.recording
    index = next((v.tensor for v in recording.variables if v.name == name and v.tensor != NONE), NONE)
    if index == NONE:
        index = next((i for i, tensor in enumerate(recording.tensors) if name in tensor.names), NONE)
    if index == NONE:
        return None
    tensor = recording.tensors[index]
    meta = recording.metas[tensor.meta]
    if tensor.node == NONE:
        gradient = Grad.of(tensor.grad) if tensor.requires_grad else Grad("outside")
        outside = tr("outside the graph")
        grad_code = f"{name}.grad" if tensor.grad != NONE else ""
        shares = _sharing(facts, tensor)
        return Subject(
            name,
            outside,
            meta,
            tensor.value,
            gradient,
            ".grad",
            tr("value"),
            name,
            grad_code,
            tensor=tensor,
            early=recording.unfinished,
            shares=shares,
        )
    inner = of_node(facts, tensor.node, playback, step)
    grad_code = f"{name}.grad" if inner.grad_code else ""
    return Subject(
        **{
            **vars(inner),
            "title": name,
            "meta": meta,
            "value": inner.value if facts.kind(tensor.node) is NodeKind.LEAF else tensor.value,
            "code": name,
            "grad_code": grad_code,
            "tensor": tensor,
        }
    )


def names_of(prover: Prover, subject: Subject) -> tuple[AxisName, ...] | None:
    """What is proved of a subject's axes, or told by the file it came from; of one outside the graph too."""
    if subject.node != NONE:
        return prover.names(subject.node, subject.slot)
    rows = (row for row, tensor in enumerate(prover.recording.tensors) if tensor is subject.tensor)
    return next((prover.names_of_tensor(row) for row in rows), None)


def gradient_of(facts: Facts, node: int, playback: Playback | None, step: int) -> Grad:
    """The gradient of what a node is or makes, at a step: a leaf's ``.grad``, a root's v."""
    kind = facts.kind(node)
    if kind is NodeKind.LEAF:
        return facts.leaf_grad(node, playback, step)
    if kind is NodeKind.OP:
        tensor = facts.tensor(node)
        return facts.incoming(node, 0 if tensor is None else max(tensor.slot, 0), playback, step)
    if kind is NodeKind.ROOT:
        sources = facts.inputs(node)
        return facts.incoming(sources[0].src, 0, playback, step) if sources else Grad("outside")
    return Grad("outside")


def _value(facts: Facts, node: int, playback: Playback | None) -> tuple[int, str]:
    """The value to show, and what it is: an optimiser may have changed a leaf since the pass began."""
    end, then = facts.value(node), facts.value_in_pass(node, playback)
    if facts.kind(node) is not NodeKind.LEAF or playback is None or then == end or not len(playback.current.leaves):
        return end, tr("value")
    if then == NONE:
        return end, tr("value at the end of the run")
    return then, tr("value in this pass")


def _history(facts: Facts, node: int) -> list[tuple[int, int]]:
    """(pass, ref) of this gradient, at every step that changed it."""
    kind, found = facts.kind(node), []
    if kind is NodeKind.ROOT:
        node = next((each.src for each in facts.inputs(node)), node)
    for number, row in facts.events(node):
        events = facts.recording.passes[number].events
        if kind is NodeKind.LEAF and int(events.kind[row]) == EventKind.ACCUMULATE:
            found += [(number, int(events.before[row])), (number, int(events.after[row]))]
        elif kind is not NodeKind.LEAF and events.in_start[row] < events.in_start[row + 1]:
            found.append((number, int(events.in_ref[int(events.in_start[row])])))
    return list(dict.fromkeys(each for each in found if each[1] != NONE))


def _before(facts: Facts, node: int, playback: Playback | None, step: int) -> int:
    if playback is None or facts.kind(node) is not NodeKind.LEAF:
        return NONE
    last = facts.last_accumulation(node, playback.index, step, done=True)
    return NONE if last is None else last.before


def _last_pass(history: list[tuple[int, int]], playback: Playback | None) -> int:
    if playback is None:
        return NONE
    return next((ref for number, ref in reversed(history) if number < playback.index), NONE)


def _is_unretained(kind: NodeKind, tensor: TensorInfo | None, gradient: Grad) -> bool:
    if kind not in (NodeKind.OP, NodeKind.ROOT) or gradient.state != "value" or tensor is None:
        return False
    return not tensor.retains_grad and tensor.grad == NONE


def _sharing(facts: Facts, tensor: TensorInfo | None) -> tuple[str, ...]:
    """Other tensors in the same memory; what it is itself a view of is said apart."""
    if tensor is None:
        return ()
    base = tensor.view_of
    bases = ({base} if base else set(tensor.names)) - {UNNAMED}
    others = (each for each in facts.recording.tensors if each is not tensor and each.names and base not in each.names)
    return tuple(each.names[0] for each in others if each.view_of in bases or _is_same(each.memory, tensor.memory))


def _twins(facts: Facts, tensor: TensorInfo | None) -> tuple[str, ...]:
    """NumPy arrays in the same memory."""
    memory = NONE if tensor is None else tensor.memory
    return tuple(each.name for each in facts.recording.variables if _is_same(each.memory, memory))


def _is_same(memory: int, other: int) -> bool:
    return memory == other != NONE


def _code(variable: str, expression: str) -> str:
    if variable:
        return variable
    plain = expression.replace("_", "").replace(".", "").isalnum() or expression.endswith((")", "]"))
    return expression if plain or not expression else f"({expression})"


def _grad_code(variable: str, kind: NodeKind, tensor: TensorInfo | None) -> str:
    has = kind is NodeKind.LEAF or (tensor is not None and tensor.retains_grad)
    return f"{variable}.grad" if variable and has else ""
