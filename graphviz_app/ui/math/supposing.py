"""A hypothesis in words, and what it starts from."""

from __future__ import annotations

from graphviz_app.recording.calculus import WhatIf
from graphviz_app.recording.formatting import flat
from graphviz_app.recording.formatting import shape as shape_text
from graphviz_app.recording.model import NONE, NodeKind, Recording
from graphviz_app.recording.playback import Playback
from graphviz_app.ui import texts
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.compared import Line, gradient_lines, run_lines, same_way
from graphviz_app.ui.math.focus import Focus, name_of
from graphviz_app.ui.math.outputs import output_name
from graphviz_app.ui.panels.vector import Array
from graphviz_app.ui.panels.vector_editor import EDITABLE


def words_for(focus: Focus, node: int, slot: int, values: Array) -> str:
    """The hypothesis, to stand after "if"."""
    if focus.facts.kind(node) is NodeKind.LEAF:
        return tr("{name} were {value}", name=name_of(focus.facts, node), value=_short(values))
    return tr("the gradient at {name} were {value}", name=output_name(focus.facts, node, slot), value=_short(values))


def lines_of(focus: Focus, answer: WhatIf | Recording) -> list[Line]:
    """What can be compared with what is true: of another gradient, or of another run."""
    return gradient_lines(focus, answer) if isinstance(answer, WhatIf) else run_lines(focus, answer)


def remark_of(focus: Focus, answer: WhatIf | Recording) -> str:
    """What has to be said of a result beside its numbers."""
    if isinstance(answer, WhatIf):
        return texts.math_notes(answer.notes)
    if answer.problem is not None:
        return " ".join(texts.problem(answer.problem))
    if not same_way(focus.facts.recording, answer):
        return tr("With this value the program goes another way, so only what has a name is compared.")
    return ""


def node_of(focus: Focus) -> int:
    """What is looked at: the chosen node, else the one that runs, else the first leaf."""
    chosen = focus.chosen(NodeKind.LEAF, NodeKind.OP, NodeKind.ROOT)
    if chosen:
        return chosen[0]
    return focus.running if focus.running != NONE else next(iter(focus.leaves()), NONE)


def arriving_slot(focus: Focus, node: int) -> int:
    """The first output of a node at which a gradient arrived."""
    return next((slot for slot, ref in enumerate(_arrived(focus, node)) if ref != NONE), 0)


def _arrived(focus: Focus, node: int) -> tuple[int, ...]:
    """ref of the gradient that arrived at each output of a node."""
    step = focus.playback.first_step_of(node) if focus.playback is not None else None
    event = focus.playback.step(step) if focus.playback is not None and step is not None else None
    return event.incoming if event is not None else ()


def true_ref(focus: Focus, node: int, slot: int) -> int:
    """ref of a leaf's value, or of the gradient that arrived at a node."""
    kind = focus.facts.kind(node)
    if kind is NodeKind.LEAF:
        # The value is changed where the program first uses the leaf: before its first pass.
        passes = (Playback(focus.facts.recording, index) for index in range(len(focus.facts.recording.passes)))
        refs = (focus.facts.value_in_pass(node, one) for one in passes)
        return next((ref for ref in refs if ref != NONE), focus.facts.value(node))
    if kind is NodeKind.ROOT:
        seed = focus.facts.seed(node, focus.playback.current) if focus.playback is not None else None
        return NONE if seed is None else seed
    arrived = _arrived(focus, node)
    return arrived[slot] if slot < len(arrived) else NONE


def _short(values: Array) -> str:
    return flat(values, 6) if values.size <= EDITABLE else shape_text(values.shape)
