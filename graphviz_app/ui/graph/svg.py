"""Draws on SVG text. Small and quick: a batch is one group, text stays text, and every name is escaped."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtGui import QPainterPath

from graphviz_app.ui.graph import fonts
from graphviz_app.ui.graph.fonts import Face
from graphviz_app.ui.graph.geometry import Rect
from graphviz_app.ui.graph.paths import CURVE, CURVE_DATA, LINE, MOVE, Outline
from graphviz_app.ui.graph.surface import HAIRLINE, Anchor, Floats, Line

_POINTS = {MOVE: "M%.9g %.9g", LINE: "L%.9g %.9g", CURVE: "C%.9g %.9g", CURVE_DATA: " %.9g %.9g"}
_BOX = ("x", "y", "width", "height", "rx")
_FITTED = 4
"""Text of at least this many characters is told its width, so that another font does not run out of its box."""
_GENERIC = {True: "monospace", False: "sans-serif"}


class SvgSurface:
    """Collects SVG elements.

    Parameters
    ----------
    outlines
        Draw text as outlines, for viewers without the fonts.
    """

    def __init__(self, *, outlines: bool = False) -> None:
        self._outlines = outlines
        self._parts: list[str] = []
        self._words: list[str] = []
        self._places: list[float] = []
        self._faces: dict[tuple[Face, str], str] = {}
        self._glyphs: dict[tuple[str, Face], str] = {}
        self._texts: dict[tuple[str, Face, str, Anchor], str] = {}

    def boxes(
        self,
        boxes: Floats,
        radius: float,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 1.0,
        dashed: bool = False,
    ) -> None:
        """Add a group of rectangles."""
        if not len(boxes):
            return
        self._write()
        rows = np.empty((len(boxes), len(_BOX)))
        rows[:, :2] = boxes[:, :2]
        np.subtract(boxes[:, 2:], boxes[:, :2], out=rows[:, 2:4])
        np.minimum(np.minimum(rows[:, 2], rows[:, 3]) / 2, radius, out=rows[:, 4])
        rows = rows.round(2)
        # What all have in common, such as their height, is part of the template.
        common = (rows == rows[0]).all(axis=0)
        said = zip(_BOX, rows[0].tolist(), common.tolist(), strict=True)
        box = "".join([f' {name}="{each:.9g}"' if same else f' {name}="%.9g"' for name, each, same in said])
        group = f"<g{_fill(fill)}{_stroke(stroke, width, dashed)}>"
        self._parts.append(group + f"\n<rect{box}/>" * len(rows) % tuple(rows[:, ~common].ravel().tolist()) + "\n</g>")

    def lines(self, outline: Outline, stroke: str, width: float, *, dashed: bool = False) -> None:
        """Add one path of open curves."""
        if len(outline.type):
            self._write()
            self._parts.append(f'<path d="{path_data(outline)}"{_fill(None)}{_stroke(stroke, width, dashed)}/>')

    def shapes(self, outline: Outline, fill: str) -> None:
        """Add one path of closed curves."""
        if len(outline.type):
            self._write()
            self._parts.append(f'<path d="{path_data(_opened(outline))}"{_fill(fill)}/>')

    def text(self, x: float, y: float, text: str, face: Face, color: str, anchor: Anchor = "start") -> None:
        """Add one line of text."""
        if self._outlines:
            wide = fonts.width(text, face)
            x -= {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
            place = f'transform="translate({x:.2f} {y:.2f})"'
            self._parts.append(f'<path {place} d="{self._glyph_data(text, face)}"{_fill(color)}/>')
            return
        self.texts([(x, y, text, face, color, anchor)])

    def texts(self, lines: Sequence[Line]) -> None:
        """Add lines of text."""
        if self._outlines:
            for line in lines:
                self.text(*line)
            return
        known, words, places = self._texts, self._words, self._places
        for line in lines:
            template = known.get(line[2:])
            if template is None:
                template = known[line[2:]] = self._template(*line[2:])
            words.append(template)
            places += line[:2]

    def _write(self) -> None:
        """Put the texts since the last other thing in their places, all in one go."""
        if self._words:
            self._parts.append("\n".join(self._words) % tuple(self._places))
            self._words.clear()
            self._places.clear()

    def _template(self, text: str, face: Face, color: str, anchor: Anchor) -> str:
        """The element of a text, open where it stands: the same wherever it is written again."""
        name = self._faces.setdefault((face, anchor), f"t{len(self._faces)}")
        return f'<text class="{name}"{_words(text, face, color)}'

    def document(self, view: Rect, background: str, title: str) -> str:
        """The whole file, showing the layout rectangle `view`."""
        self._write()
        left, top, right, bottom = view
        size = f'width="{right - left:.1f}" height="{bottom - top:.1f}"'
        box = f'viewBox="{left:.1f} {top:.1f} {right - left:.1f} {bottom - top:.1f}"'
        back = f'<rect x="{left:.1f}" y="{top:.1f}" {size} fill="{background}"/>'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img" aria-label="{escaped(title)}">'
        styles = "".join(_style(name, face, anchor) for (face, anchor), name in self._faces.items())
        parts = [head, f"<title>{escaped(title)}</title>", f"<style>{styles}</style>", back, *self._parts, "</svg>"]
        return "\n".join(parts) + "\n"

    def _glyph_data(self, text: str, face: Face) -> str:
        data = self._glyphs.get((text, face))
        if data is None:
            path = QPainterPath()
            path.addText(0, 0, fonts.font(face), text)
            elements = [path.elementAt(index) for index in range(path.elementCount())]
            types = np.array([element.type.value for element in elements], dtype=np.int64)
            x, y = np.array([element.x for element in elements]), np.array([element.y for element in elements])
            data = self._glyphs[text, face] = path_data(Outline(types, x, y))
        return data


def path_data(outline: Outline) -> str:
    """The ``d`` of a path."""
    template = "".join(map(_POINTS.__getitem__, outline.type.tolist()))
    numbers = np.empty((len(outline.type), 2))
    numbers[:, 0], numbers[:, 1] = outline.x, outline.y
    return template % tuple(numbers.round(2).ravel().tolist())


def _opened(outline: Outline) -> Outline:
    """Closed curves without the lines back to where they began: what is filled is closed anyway."""
    begins = (outline.type == MOVE).nonzero()[0]
    ends = np.append(begins[1:], len(outline.type)) - 1
    back = (
        (outline.type[ends] == LINE) & (outline.x[ends] == outline.x[begins]) & (outline.y[ends] == outline.y[begins])
    )
    kept = np.ones(len(outline.type), dtype=np.bool_)
    kept[ends[back]] = False
    return Outline(outline.type[kept], outline.x[kept], outline.y[kept])


@lru_cache(maxsize=16384)
def _words(text: str, face: Face, color: str) -> str:
    """What stands in the element of a text after its class, open where it stands: the same in every picture."""
    fitted = ""
    if len(text) >= _FITTED:
        fitted = f' textLength="{fonts.width(text, face):.1f}" lengthAdjust="spacingAndGlyphs"'
    words = escaped(text).replace("%", "%%")
    return f' x="%.2f" y="%.2f"{fitted}{_fill(color)}>{words}</text>'


def escaped(text: str) -> str:
    """`text` for XML: markup as characters, and nothing that XML cannot hold."""
    if not text.isprintable():
        text = "".join(
            c if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff\x7f" else " " for c in text
        )
    return html.escape(text)


def _fill(color: str | None) -> str:
    return _paint("fill", color)


def _stroke(color: str | None, width: float, dashed: bool) -> str:
    if color is None:
        return ""
    wide = (
        ' stroke-width="1" vector-effect="non-scaling-stroke"' if width == HAIRLINE else f' stroke-width="{width:.4g}"'
    )
    dash = f' stroke-dasharray="{4 * width:.3g} {3 * width:.3g}"' if dashed else ""
    return _paint("stroke", color) + wide + dash


def _paint(name: str, color: str | None) -> str:
    """A colour attribute; ``#aarrggbb`` becomes a colour and its opacity."""
    if color is None:
        return f' {name}="none"'
    if len(color) == 9:
        return f' {name}="#{color[3:]}" {name}-opacity="{int(color[1:3], 16) / 255:.3g}"'
    return f' {name}="{color}"'


@lru_cache(maxsize=256)
def _style(name: str, face: Face, anchor: str) -> str:
    named = ", ".join([*(f"'{family}'" for family in fonts.families(face.mono)), _GENERIC[face.mono]])
    bold = "font-weight:bold;" if face.bold else ""
    place = f"text-anchor:{anchor};" if anchor != "start" else ""
    return f".{name}{{font-family:{named};font-size:{face.size}px;{bold}{place}white-space:pre}}"
