"""What stands on one node's box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from graphviz_app.recording.model import NodeKind
from graphviz_app.ui.graph import fonts, labels
from graphviz_app.ui.graph.fonts import Face
from graphviz_app.ui.graph.geometry import Floats, Ints
from graphviz_app.ui.graph.labels import GAP, PAD, NodeText
from graphviz_app.ui.graph.scene import GraphScene, State
from graphviz_app.ui.graph.surface import Anchor, Line, Surface, write
from graphviz_app.ui.graph.swell import drawn_boxes
from graphviz_app.ui.theme import Theme

LEAF_PAD = 22.0
_LEAF = NodeKind.LEAF
_GREY = frozenset((NodeKind.CONSTANT, NodeKind.CUT))
_LEAST_PIXELS = 5.0
_LARGEST, _SMALLEST = 34, 12
_READ_PIXELS, _CALM_PIXELS = 7.5, 10.0
"""Names are at least this large, and cut for it where they must be; in small pictures no larger than the other."""


@dataclass(frozen=True)
class Inks:
    """Colours of a node's texts."""

    sign: str
    title: str
    subtitle: str
    leaf: str
    grad: str
    grey: str


@lru_cache(maxsize=32)
def inks(theme: Theme, state: int) -> Inks:
    """The colours for nodes in a state."""
    waiting = state == State.WAITING
    return Inks(
        sign=theme.text_faint if waiting else theme.op_symbol,
        title=theme.text_dim if waiting else theme.text,
        subtitle=theme.text_faint if waiting else theme.text_dim,
        leaf=theme.leaf,
        grad=theme.grad,
        grey=theme.cut,
    )


@lru_cache(maxsize=8)
def running_inks(theme: Theme, *, raised: bool) -> Inks:
    """The colours for the node that runs."""
    strong = theme.error if raised else theme.run_text
    return Inks(sign=strong, title=theme.text, subtitle=strong, leaf=strong, grad=theme.grad, grey=theme.cut)


def write_nodes(surface: Surface, scene: GraphScene, boxes: Ints, ink: Inks, scale: float) -> None:
    """Write everything some nodes say (near)."""
    write(surface, _everything(scene, boxes, ink))


def _everything(scene: GraphScene, boxes: Ints, ink: Inks) -> Iterator[Line]:
    for node, text, rect, chip in _rows(scene, boxes, scene.geometry.boxes[boxes]):
        kind = text.kind
        if chip:
            yield _centred(rect, text.chip, fonts.CHIP, ink.leaf if kind == _LEAF else ink.grey)
        elif kind == _LEAF:
            yield from _leaf(rect, text, (scene.leaf_value(node, text), scene.leaf_line(node)), ink)
        else:
            yield from _WRITERS[kind](rect, text, ink)


def write_signs(surface: Surface, scene: GraphScene, boxes: Ints, ink: Inks, scale: float) -> None:
    """Write only the signs or names of some nodes, as large as their boxes allow (middle)."""
    write(surface, _signs(scene, boxes, ink, scale))


def _signs(scene: GraphScene, boxes: Ints, ink: Inks, scale: float) -> Iterator[Line]:
    for _, text, (left, top, right, bottom), chip in _rows(scene, boxes, drawn_boxes(scene.geometry, boxes, scale)):
        line = sign_of(text, right - left, bottom - top, ink, scale, chip=chip)
        if line is not None:
            yield (line[0] + left, line[1] + top, *line[2:])


def sign_of(text: NodeText, wide: float, high: float, ink: Inks, scale: float, *, chip: bool) -> Line | None:
    """The sign or name of a node on a box from (0, 0) to (`wide`, `high`); ``None`` where it could not be read."""
    color = ink.leaf if text.kind == _LEAF else ink.grey if text.kind in _GREY else ink.sign
    said = text.chip if chip else text.symbol or text.title.split(" = ")[0]
    face = _large(said, wide - (10 if chip else 18), high - 8, scale)
    if face.size * scale < _LEAST_PIXELS:
        return None
    short = fonts.elided if text.symbol else _last_parts
    return _centred((0.0, 0.0, wide, high), fonts.fitting(said, face, wide - (6 if chip else 12), short), face, color)


def _last_parts(name: str, most: int) -> str:
    """``conv1.weight`` of ``net.conv1.weight``, as its module calls it, where that has at most `most` characters."""
    _, _, inner = name.partition(".")
    return inner if len(inner) <= most < len(name) and "." in inner else fonts.elided_name(name, most)


def _rows(scene: GraphScene, boxes: Ints, rects: Floats) -> Iterator[tuple[int, NodeText, list[float], bool]]:
    """Node, what it says, box, and whether it is a chip."""
    geometry = scene.geometry
    nodes = geometry.node[boxes]
    texts = scene.labels.of(nodes)
    return zip(nodes.tolist(), texts, rects.tolist(), geometry.chip[boxes].tolist(), strict=True)


def _large(text: str, width: float, height: float, scale: float) -> Face:
    """The largest bold face in which `text` fits a box; the smallest that can be read when none does."""
    wanted = fonts.MARK.size * width / max(1.0, fonts.width(text, fonts.MARK))
    least = max(_SMALLEST, _READ_PIXELS / scale)
    size = int(min(max(_LARGEST, _CALM_PIXELS / scale), height, max(least, wanted)))
    return Face(size - size % 2, mono=False, bold=True)


def _operation(rect: list[float], text: NodeText, ink: Inks) -> list[Line]:
    return _sign_and_lines(rect, text, ink.sign, (ink.title, ink.subtitle))


def _cut(rect: list[float], text: NodeText, ink: Inks) -> list[Line]:
    return _sign_and_lines(rect, text, ink.grey, (ink.grey, ink.grey))


def _root(rect: list[float], text: NodeText, ink: Inks) -> list[Line]:
    return [_centred(rect, text.title, fonts.LONG_NAME, ink.title)]


def _constant(rect: list[float], text: NodeText, ink: Inks) -> list[Line]:
    left, top, right, bottom = rect
    return _two_lines((left + right) / 2, (top + bottom) / 2, text, (ink.grey, ink.grey), "middle")


_WRITERS = {NodeKind.OP: _operation, NodeKind.CUT: _cut, NodeKind.ROOT: _root, NodeKind.CONSTANT: _constant}


def _sign_and_lines(rect: list[float], text: NodeText, sign: str, colors: tuple[str, str]) -> list[Line]:
    left, top, _, bottom = rect
    middle = (top + bottom) / 2
    face, column, lower = _sign(text.symbol)
    first: Line = (left + PAD + column / 2, middle + lower, text.symbol, face, sign, "middle")
    return [first, *_two_lines(left + PAD + column + GAP, middle, text, colors, "start")]


@lru_cache(maxsize=512)
def _sign(symbol: str) -> tuple[Face, float, float]:
    """The face of a sign, the width of the column it stands in, and how far below the middle its baseline is."""
    face = labels.sign_face(symbol)
    return face, labels.sign_column(symbol), fonts.ascent(face) / 2


def _leaf(rect: list[float], text: NodeText, said: tuple[str, str], ink: Inks) -> list[Line]:
    left, top, right, bottom = rect
    value, line = said
    middle = (top + bottom) / 2
    face = labels.name_face(text.title)
    name: Line = (left + LEAF_PAD, middle + fonts.ascent(face) / 2, text.title, face, ink.leaf, "start")
    x = left + LEAF_PAD + fonts.width(text.title, face) + GAP + 2
    if not line:
        return [name, (x, middle + fonts.ascent(fonts.VALUE) / 2, value, fonts.VALUE, ink.title, "start")]
    room = right - LEAF_PAD + 8 - x
    return [
        name,
        (x, middle - 4, fonts.fitting(value, fonts.VALUE, room), fonts.VALUE, ink.title, "start"),
        (x, middle + 14, fonts.fitting(line, fonts.PILL, room), fonts.PILL, ink.grad, "start"),
    ]


def _centred(rect: Sequence[float], text: str, face: Face, color: str) -> Line:
    left, top, right, bottom = rect
    return (left + right) / 2, (top + bottom) / 2 + fonts.ascent(face) / 2, text, face, color, "middle"


def _two_lines(x: float, y: float, text: NodeText, colors: tuple[str, str], anchor: Anchor) -> list[Line]:
    if not text.subtitle:
        return [(x, y + fonts.ascent(fonts.TITLE) / 2, text.title, fonts.TITLE, colors[0], anchor)]
    return [
        (x, y - 3.5, text.title, fonts.TITLE, colors[0], anchor),
        (x, y + 13, text.subtitle, fonts.SUBTITLE, colors[1], anchor),
    ]
