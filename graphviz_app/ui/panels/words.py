"""Signs and sentences the panels take from the recording's tables, translated."""

from __future__ import annotations

from graphviz_app.recording.messages import REASONS
from graphviz_app.recording.model import NONE, NodeKind, TensorMeta
from graphviz_app.recording.symbols import symbol
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.facts import Facts, Grad

_KINDS = {
    NodeKind.LEAF: "kind-leaf",
    NodeKind.ROOT: "kind-root",
    NodeKind.CONSTANT: "kind-constant",
    NodeKind.CUT: "kind-constant",
    NodeKind.OP: "kind-tensor",
}


def sign(facts: Facts, node: int) -> str:
    """The word or sign people use for what a node computes: ``×`` for ``MulBackward0``."""
    return symbol(facts.class_name(node)) if facts.kind(node) in (NodeKind.OP, NodeKind.CUT) else ""


def title(facts: Facts, node: int) -> str:
    """What to call a node; one without name and expression is called what it is."""
    return facts.title(node) or kind_word(facts.kind(node))


def kind_icon(kind: NodeKind) -> tuple[str, str]:
    """Icon and colour role of a kind of node."""
    roles = {NodeKind.LEAF: "leaf", NodeKind.ROOT: "op_symbol", NodeKind.OP: "text_faint"}
    return _KINDS[kind], roles.get(kind, "cut")


def kind_word(kind: NodeKind) -> str:
    """A kind of node in a word."""
    words = {
        NodeKind.OP: tr("operation"),
        NodeKind.LEAF: tr("leaf"),
        NodeKind.ROOT: tr("root"),
        NodeKind.CONSTANT: tr("constant"),
        NodeKind.CUT: tr("cut"),
    }
    return words[kind]


def reason(facts: Facts, node: int) -> str:
    """Why a constant is constant or a cut is cut, in a sentence; empty for other nodes."""
    key = facts.text(facts.recording.graph.nodes.reason[node])
    return tr(REASONS[key]) if key in REASONS else key


def grad_words(grad: Grad) -> str:
    """A gradient that has no numbers to show, in words; empty for one that has."""
    if grad.state == "none":
        return tr("None")
    if grad.state == "waiting":
        return tr("not computed yet: comes at step {step}", step=grad.step)
    if grad.state == "no_pass":
        return tr("no backward pass has run yet")
    if grad.state == "outside":
        return tr("this pass does not compute it")
    if grad.state == "unfinished":
        return not_yet()
    return ""


def not_yet() -> str:
    """Why nothing is known of a value of a run that goes on."""
    return tr("known when the run has ended")


def device(meta: TensorMeta | None) -> str:
    """``CPU``, ``cuda:0``."""
    return "" if meta is None else "CPU" if meta.device == "cpu" else meta.device


def version_word(version: int) -> str:
    """A saved tensor's version counter."""
    return "" if version == NONE else tr("version {number}", number=version)
