"""What stands on one node's box."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from graphviz_app.recording.model import NodeKind
from graphviz_app.ui.graph import fonts, labels
from graphviz_app.ui.graph.fonts import Face
from graphviz_app.ui.graph.labels import GAP, PAD, NodeText
from graphviz_app.ui.graph.scene import GraphScene, State
from graphviz_app.ui.graph.surface import Anchor, Surface
from graphviz_app.ui.theme import Theme

LEAF_PAD = 22.0
_LEAST_PIXELS = 5.0
_LARGEST, _SMALLEST = 34, 12


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
def inks(theme: Theme, state: State) -> Inks:
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


def write_node(surface: Surface, scene: GraphScene, box: int, ink: Inks, scale: float) -> None:
    """Write everything a node says (near)."""
    text = scene.labels[int(scene.geometry.node[box])]
    left, top, right, bottom = scene.geometry.boxes[box].tolist()
    middle = (top + bottom) / 2
    if scene.geometry.chip[box]:
        color = ink.leaf if text.kind == NodeKind.LEAF else ink.grey
        _centred(surface, (left + right) / 2, middle, text.chip, fonts.CHIP, color)
    elif text.kind == NodeKind.LEAF:
        _leaf(surface, scene, box, text, ink)
    elif text.kind == NodeKind.ROOT:
        _centred(surface, (left + right) / 2, middle, text.title, fonts.LONG_NAME, ink.title)
    elif text.kind == NodeKind.CONSTANT:
        _two_lines(surface, (left + right) / 2, middle, text, (ink.grey, ink.grey), "middle")
    else:
        grey = text.kind == NodeKind.CUT
        face = labels.sign_face(text.symbol)
        column = labels.sign_column(text)
        _centred(surface, left + PAD + column / 2, middle, text.symbol, face, ink.grey if grey else ink.sign)
        colors = (ink.grey, ink.grey) if grey else (ink.title, ink.subtitle)
        _two_lines(surface, left + PAD + column + GAP, middle, text, colors, "start")


def write_sign(surface: Surface, scene: GraphScene, box: int, ink: Inks, scale: float) -> None:
    """Write only a node's sign or name, as large as its box allows (middle)."""
    text = scene.labels[int(scene.geometry.node[box])]
    left, top, right, bottom = scene.geometry.boxes[box].tolist()
    grey = text.kind in (NodeKind.CONSTANT, NodeKind.CUT)
    color = ink.leaf if text.kind == NodeKind.LEAF else ink.grey if grey else ink.sign
    chip = bool(scene.geometry.chip[box])
    said = text.chip if chip else text.symbol or text.title.split(" = ")[0]
    face = _large(said, right - left - 18, bottom - top - 8)
    if face.size * scale < _LEAST_PIXELS:
        return
    said = fonts.fitting(said, face, right - left - 12)
    _centred(surface, (left + right) / 2, (top + bottom) / 2, said, face, color)


def _large(text: str, width: float, height: float) -> Face:
    """The largest bold face in which `text` fits a box; the smallest when none does."""
    wanted = _LARGEST * width / max(1.0, fonts.width(text, fonts.MARK) * _LARGEST / fonts.MARK.size)
    size = int(min(_LARGEST, height, max(_SMALLEST, wanted)))
    return Face(size - size % 2, mono=False, bold=True)


def _leaf(surface: Surface, scene: GraphScene, box: int, text: NodeText, ink: Inks) -> None:
    left, top, right, bottom = scene.geometry.boxes[box].tolist()
    middle = (top + bottom) / 2
    face = labels.name_face(text.title)
    surface.text(left + LEAF_PAD, middle + fonts.ascent(face) / 2, text.title, face, ink.leaf)
    x = left + LEAF_PAD + fonts.width(text.title, face) + GAP + 2
    line = scene.leaf_line(int(scene.geometry.node[box]))
    if not line:
        surface.text(x, middle + fonts.ascent(fonts.VALUE) / 2, text.subtitle, fonts.VALUE, ink.title)
        return
    surface.text(x, middle - 4, text.subtitle, fonts.VALUE, ink.title)
    room = right - LEAF_PAD + 8 - x
    surface.text(x, middle + 14, fonts.fitting(line, fonts.PILL, room), fonts.PILL, ink.grad)


def _centred(surface: Surface, x: float, y: float, text: str, face: Face, color: str) -> None:
    surface.text(x, y + fonts.ascent(face) / 2, text, face, color, "middle")


def _two_lines(surface: Surface, x: float, y: float, text: NodeText, colors: tuple[str, str], anchor: Anchor) -> None:
    if not text.subtitle:
        surface.text(x, y + fonts.ascent(fonts.TITLE) / 2, text.title, fonts.TITLE, colors[0], anchor)
        return
    surface.text(x, y - 3.5, text.title, fonts.TITLE, colors[0], anchor)
    surface.text(x, y + 13, text.subtitle, fonts.SUBTITLE, colors[1], anchor)
