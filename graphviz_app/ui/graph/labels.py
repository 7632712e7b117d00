"""What stands on each node, and how large its box must be for it."""

from __future__ import annotations

import math
import re
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graphviz_app.recording import formatting
from graphviz_app.recording.messages import REASONS
from graphviz_app.recording.model import NONE, Column, NodeKind, Recording, Site
from graphviz_app.recording.symbols import symbol
from graphviz_app.ui.graph import fonts
from graphviz_app.ui.graph.fonts import Face
from graphviz_app.ui.i18n import tr

Floats = npt.NDArray[np.float32]

TITLE_CHARS = 28
SYMBOL_CHARS = 14
NAME_CHARS = 24
VALUE_CHARS = 26
LINE_CHARS = 36
REASON_CHARS = 38
CHIP_CHARS = 20
NORM_LENGTH = len("‖·‖ 0.01234")
"""Characters that the norm of a gradient takes at most, in most cases."""
_KINDS = tuple(NodeKind)
_OP, _LEAF, _ROOT, _CONSTANT, _CUT = _KINDS  # looking a member up in its class takes ten times as long
_SHAPE = re.compile(r"\[[0-9, ]+\]")
_ALONE = np.ones(256, dtype=np.bool_)
_ALONE[[_OP, _CUT]] = False
"""Whether what a node of each kind says is its own, and not of its class and its place in the source."""
SHOWN = 8
"""A leaf with at most this many elements shows them; a larger one shows its shape."""

PAD, GAP = 16.0, 12.0
OP_HEIGHT, LEAF_HEIGHT, ROOT_HEIGHT, GREY_HEIGHT, CHIP_HEIGHT = 54.0, 56.0, 44.0, 46.0, 22.0
OP_LEAST, LEAF_LEAST, ROOT_LEAST = 132.0, 120.0, 96.0
MARK_ROOM = 10.0
"""Kept free at the right of an op node for the sign that it is done."""


class NodeText(NamedTuple):
    """The texts of one node.

    Attributes
    ----------
    kind
        What it is.
    symbol
        Sign or word of an op or a cut; empty for the rest.
    title
        Sub-expression of an op, name of a leaf, ``loss = 11`` of a root.
    subtitle
        ``MulBackward0 · line 4``; a leaf's value; why a constant is constant.
    chip
        What its chip says.
    """

    kind: NodeKind
    symbol: str
    title: str
    subtitle: str
    chip: str


def sign_face(text: str) -> Face:
    """The face a sign or word is drawn in: the shorter, the larger."""
    return fonts.SIGN if len(text) <= 1 else fonts.SHORT_SIGN if len(text) <= 4 else fonts.WORD


def name_face(text: str) -> Face:
    """The face of a leaf's name."""
    return fonts.NAME if len(text) <= 6 else fonts.LONG_NAME


class Labels:
    """Texts of a recording's nodes, made when asked for and kept by what they are made of.

    Parameters
    ----------
    recording
        The recording.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._kept: dict[int, NodeText] = {}
        self._shapes: dict[int, str] = {NONE: ""}
        self._few: dict[int, bool] = {}
        self._grads: dict[str, str] = {}
        self._said: dict[tuple[NodeKind, str, str, int], NodeText] = {}

    def __getitem__(self, node: int) -> NodeText:
        return self.of(np.array([node]))[0]

    def of(self, nodes: Column) -> list[NodeText]:
        """The texts of some nodes."""
        kept, keys = self._kept, self.keys[nodes].tolist()
        fresh = {key: node for key, node in zip(keys, nodes.tolist(), strict=True) if key not in kept}
        if fresh:
            columns = self.recording.graph.nodes
            rows = [columns.kind, columns.var, columns.tensor, columns.reason]
            said = zip(*(column[list(fresh.values())].tolist() for column in rows), strict=True)
            for (key, node), (kind, var, tensor, reason) in zip(fresh.items(), said, strict=True):
                kept[key] = self._make(node, _KINDS[kind], var, tensor, reason)
        return [kept[key] for key in keys]

    def site(self, node: int) -> Site | None:
        """The source range whose text is the node's title."""
        call = int(self.recording.graph.nodes.call[node])
        site = int(self.recording.calls.site[call]) if call != NONE else NONE
        return self.recording.sites[site] if site != NONE else None

    def reason(self, node: int) -> str:
        """Why a constant is constant or a cut a cut, one sentence; empty for other nodes."""
        key = self._string(int(self.recording.graph.nodes.reason[node]))
        return tr(REASONS[key]) if key in REASONS else key

    def class_name(self, node: int) -> str:
        """Autograd's own name of the node, or the function of a cut."""
        return self._string(int(self.recording.graph.nodes.name[node]))

    def name(self, node: int) -> str:
        """The name a leaf, root or constant is known by; empty when it has none."""
        nodes = self.recording.graph.nodes
        return self._name(int(nodes.var[node]), int(nodes.tensor[node]))

    def _name(self, var: int, tensor: int) -> str:
        name = self._string(var)
        if not name and tensor != NONE and self.recording.tensors[tensor].names:
            name = self.recording.tensors[tensor].names[0]
        return name

    def value(self, node: int) -> str:
        """The value of a leaf, root or constant when it is small, else its shape."""
        return self._value(int(self.recording.graph.nodes.tensor[node]))

    def _value(self, tensor: int) -> str:
        if tensor == NONE:
            return ""
        info = self.recording.tensors[tensor]
        few = self._few.get(info.meta)
        if few is None:
            few = self._few[info.meta] = 0 <= formatting.count(self.recording.metas[info.meta]) <= SHOWN
        return fonts.elided(info.text if few and info.text else self.shape(info.meta), VALUE_CHARS)

    def shape(self, meta: int) -> str:
        """The shape of one of the recording's metas; empty for :data:`NONE`."""
        text = self._shapes.get(meta)
        if text is None:
            text = self._shapes[meta] = formatting.shape(self.recording.metas[meta].shape)
        return text

    def grad(self, value: str) -> str:
        """``grad 0.5``: what stands below a leaf's value."""
        text = self._grads.get(value)
        if text is None:
            text = self._grads[value] = tr("grad {value}", value=value)
        return text

    def where(self, node: int) -> str:
        """``line 4`` of the program, or file and line of a library; empty when unknown."""
        site = self.site(node)
        if site is None:
            return ""
        if site.in_program:
            return tr("line {line}", line=site.line)
        return f"{site.file.replace(chr(92), '/').rsplit('/', 1)[-1]}:{site.line}"

    def _string(self, index: int) -> str:
        return self.recording.strings[index] if index != NONE else ""

    @cached_property
    def _leaf(self) -> str:
        return tr("leaf")

    @cached_property
    def keys(self) -> npt.NDArray[np.int64]:
        """A number for each node; nodes with the same say the same: of one class, from one place in the source."""
        nodes, most = self.recording.graph.nodes, len(self.recording.strings) + 2
        key: npt.NDArray[np.int64] = np.asarray(nodes.name, dtype=np.int64) + 1
        if len(self.recording.calls):
            site = np.concatenate([np.asarray(self.recording.calls.site, dtype=np.int64), [NONE]])[nodes.call]
            key += (site + 1) * most
        key = key * most + np.asarray(nodes.reason) + 1
        alone = _ALONE[nodes.kind].nonzero()[0]
        key[alone] = -1 - alone
        return key

    def _make(self, node: int, kind: NodeKind, var: int, tensor: int, reason: int) -> NodeText:
        if kind in (_OP, _CUT):
            return self._operation(node, kind)
        said = kind, self._name(var, tensor), self._value(tensor), node if kind == _ROOT else reason
        text = self._said.get(said)
        if text is None:  # weights of one shape that nobody named say the same
            text = self._said[said] = self._named(node, kind, *said[1:3])
        return text

    def _named(self, node: int, kind: NodeKind, name: str, value: str) -> NodeText:
        if kind == _LEAF:
            return _leaf_text(name, value, "" if name else self._leaf)
        if kind == _ROOT:
            made = name or fonts.elided(self._made_by(node), TITLE_CHARS)
            return _root_text(made, value, "" if made or value else tr("result"))
        return _constant_text(name, value, "" if name or value else tr("constant"), self._short_reason(node))

    def _made_by(self, root: int) -> str:
        """The expression of which a root that nobody named is the result; empty when unknown."""
        maker = self._makers.get(root)
        site = self.site(maker) if maker is not None else None
        return site.text if site is not None else ""

    @cached_property
    def _makers(self) -> dict[int, int]:
        graph = self.recording.graph
        into = np.asarray(graph.edges.dst)
        rows = np.flatnonzero(np.asarray(graph.nodes.kind)[into] == _ROOT)
        return dict(zip(into[rows].tolist(), np.asarray(graph.edges.src)[rows].tolist(), strict=True))

    def _operation(self, node: int, kind: NodeKind) -> NodeText:
        name, site = self.class_name(node), self.site(node)
        under = self._short_reason(node) if kind == _CUT else fonts.elided(name, TITLE_CHARS)
        if site is None:
            return _operation_text(kind, name, "", under, "")
        return _operation_text(kind, name, site.text, under, self.where(node))

    def _short_reason(self, node: int) -> str:
        """The head of the reason: the sentence after its colon is for the hover card."""
        reason = self.reason(node)
        head = reason.replace("：", ": ").split(": ", 1)[0]
        return fonts.elided(head, REASON_CHARS)


# What follows is made of words alone, and kept for the next recording, which mostly says the same.


@lru_cache(maxsize=16384)
def _operation_text(kind: NodeKind, name: str, said: str, under: str, where: str) -> NodeText:
    sign, title = fonts.elided(symbol(name), SYMBOL_CHARS), fonts.elided(said, TITLE_CHARS)
    subtitle = f"{under} · {where}" if under and where else under or where
    return NodeText(kind, sign, title, subtitle, sign) if title else NodeText(kind, sign, subtitle, "", sign)


@lru_cache(maxsize=16384)
def _leaf_text(name: str, value: str, word: str) -> NodeText:
    """The texts of a leaf; `word` stands for a name it has not."""
    title = fonts.elided_name(name, NAME_CHARS) if name else word
    chip = fonts.elided_name(name, CHIP_CHARS) if name else fonts.elided(value, CHIP_CHARS) or word
    return NodeText(_LEAF, "", title, value, chip)


@lru_cache(maxsize=16384)
def _root_text(name: str, value: str, word: str) -> NodeText:
    title = _with_value(name, value) or word
    return NodeText(_ROOT, "", fonts.elided(title, LINE_CHARS), "", fonts.elided(title, CHIP_CHARS))


@lru_cache(maxsize=16384)
def _constant_text(name: str, value: str, word: str, reason: str) -> NodeText:
    named = fonts.elided_name(name, NAME_CHARS) if name else ""
    chip = (fonts.elided_name(name, CHIP_CHARS) if name else "") or fonts.elided(value, CHIP_CHARS) or word
    title = _with_value(named, value) or word
    return NodeText(_CONSTANT, "", fonts.elided(title, LINE_CHARS), reason, chip)


def _with_value(name: str, value: str) -> str:
    """``loss = 11``; the name alone where both have no room: half a number is none."""
    both = f"{name} = {value}" if name and value else name or value
    return both if len(both) <= LINE_CHARS or not name else name


def sign_column(symbol: str) -> float:
    """Width of the column a sign stands in, layout units."""
    return max(26.0, math.ceil(fonts.width(symbol, sign_face(symbol)))) if symbol else 0.0


def box_size(text: NodeText) -> tuple[float, float]:
    """Width and height of a node's box, layout units."""
    title = fonts.width(text.title, fonts.TITLE)
    under = fonts.width(text.subtitle, fonts.SUBTITLE)
    if text.kind == _OP:
        width = PAD + sign_column(text.symbol) + GAP + max(title, under) + PAD + MARK_ROOM
        return _even(max(OP_LEAST, width)), OP_HEIGHT
    if text.kind == _CUT:
        return _even(max(OP_LEAST, PAD + sign_column(text.symbol) + GAP + max(title, under) + PAD)), GREY_HEIGHT
    if text.kind == _ROOT:
        return _even(max(ROOT_LEAST, fonts.width(text.title, fonts.LONG_NAME) + 2 * (PAD + 8))), ROOT_HEIGHT
    if text.kind == _CONSTANT:
        return _even(max(title, under) + 2 * PAD), GREY_HEIGHT
    # A leaf has room for "grad a + b", of which neither is known yet but both are about as long as the value.
    # Of a large one, which says its shape, the norms are told.
    number = NORM_LENGTH if _SHAPE.fullmatch(text.subtitle) else max(6, min(12, len(text.subtitle)))
    second = max(fonts.width(text.subtitle, fonts.VALUE), fonts.width("0" * (8 + 2 * number), fonts.PILL))
    name = fonts.width(text.title, name_face(text.title))
    return _even(max(LEAF_LEAST, 22 + name + GAP + 2 + second + 22)), LEAF_HEIGHT


def chip_size(text: NodeText) -> tuple[float, float]:
    """Width and height of a node's chip, layout units."""
    return _even(fonts.width(text.chip, fonts.CHIP) + 22), CHIP_HEIGHT


@lru_cache(maxsize=16384)
def _sizes(text: NodeText) -> tuple[float, float, float, float]:
    """Width and height of a node's box and of its chip."""
    return (*box_size(text), *chip_size(text))


def _even(width: float) -> float:
    return 2.0 * math.ceil(width / 2)


def measure(recording: Recording, nodes: Column, labels: Labels | None = None) -> tuple[Floats, Floats]:
    """How large the boxes of some nodes must be.

    May run in any thread once the application exists. 100,000 nodes of a loop take as long as one round of it,
    because nodes of one class from one place in the source say the same.

    Parameters
    ----------
    recording
        The recording.
    nodes
        int, k node ids.
    labels
        Keeps the texts for who draws them.

    Returns
    -------
    sizes, chip_sizes
        float32, (k, 2): width and height of the box and of the chip, layout units.
    """
    labels = labels if labels is not None else Labels(recording)
    nodes = np.asarray(nodes, dtype=np.int64)
    keys = labels.keys[nodes].tolist()
    one = dict(zip(keys, nodes.tolist(), strict=True))
    texts = labels.of(np.array(list(one.values()), dtype=np.int64))
    sizes = np.array(list(map(_sizes, texts)), dtype=np.float32).reshape(-1, 4)
    if len(one) < len(keys):
        row = {key: number for number, key in enumerate(one)}
        sizes = sizes[np.array([row[key] for key in keys], dtype=np.int64)]
    return sizes[:, :2], sizes[:, 2:]
