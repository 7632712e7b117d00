"""Draws on SVG text. Small and quick: a batch is one group, text stays text, and every name is escaped."""

from __future__ import annotations

import html

import numpy as np
from PySide6.QtGui import QPainterPath

from graphviz_app.ui import theme as themes
from graphviz_app.ui.graph import fonts
from graphviz_app.ui.graph.fonts import Face
from graphviz_app.ui.graph.geometry import Rect
from graphviz_app.ui.graph.paths import CURVE, LINE, MOVE, Outline
from graphviz_app.ui.graph.surface import HAIRLINE, Anchor, Floats

_LETTERS = {MOVE: "M", LINE: "L", CURVE: "C"}
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
        self._faces: dict[tuple[Face, str], str] = {}
        self._glyphs: dict[tuple[str, Face], str] = {}

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
        self._parts.append(f"<g{_fill(fill)}{_stroke(stroke, width, dashed)}>")
        corners = np.minimum(radius, np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) / 2)
        rows = np.column_stack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2], corners]).round(2).tolist()
        for x, y, w, h, r in rows:
            corner = f' rx="{r:g}"' if r else ""
            self._parts.append(f'<rect x="{x:.9g}" y="{y:.9g}" width="{w:g}" height="{h:g}"{corner}/>')
        self._parts.append("</g>")

    def lines(self, outline: Outline, stroke: str, width: float, *, dashed: bool = False) -> None:
        """Add one path of open curves."""
        if len(outline.type):
            self._parts.append(f'<path d="{path_data(outline)}"{_fill(None)}{_stroke(stroke, width, dashed)}/>')

    def shapes(self, outline: Outline, fill: str) -> None:
        """Add one path of closed curves."""
        if len(outline.type):
            self._parts.append(f'<path d="{path_data(outline)}"{_fill(fill)}/>')

    def text(self, x: float, y: float, text: str, face: Face, color: str, anchor: Anchor = "start") -> None:
        """Add one line of text."""
        wide = fonts.width(text, face)
        if self._outlines:
            if anchor != "start":
                x -= wide / (2 if anchor == "middle" else 1)
            place = f'transform="translate({x:.2f} {y:.2f})"'
            self._parts.append(f'<path {place} d="{self._glyph_data(text, face)}"{_fill(color)}/>')
            return
        name = self._faces.setdefault((face, anchor), f"t{len(self._faces)}")
        fitted = f' textLength="{wide:.1f}" lengthAdjust="spacingAndGlyphs"' if len(text) >= _FITTED else ""
        where = f'x="{x:.2f}" y="{y:.2f}"'
        self._parts.append(f'<text class="{name}" {where}{fitted}{_fill(color)}>{escaped(text)}</text>')

    def document(self, view: Rect, background: str, title: str) -> str:
        """The whole file, showing the layout rectangle `view`."""
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
    points = [f"{x:.9g} {y:.9g}" for x, y in zip(outline.x.round(2).tolist(), outline.y.round(2).tolist(), strict=True)]
    return " ".join(_LETTERS.get(kind, "") + point for kind, point in zip(outline.type.tolist(), points, strict=True))


def escaped(text: str) -> str:
    """`text` for XML: markup as characters, and nothing that XML cannot hold."""
    held = "".join(
        c if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff\x7f" else " " for c in text
    )
    return html.escape(held)


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


def _style(name: str, face: Face, anchor: str) -> str:
    families = (themes.mono if face.mono else themes.sans)(face.size).families()
    named = ", ".join([*(f"'{family}'" for family in families), _GENERIC[face.mono]])
    bold = "font-weight:bold;" if face.bold else ""
    place = f"text-anchor:{anchor};" if anchor != "start" else ""
    return f".{name}{{font-family:{named};font-size:{face.size}px;{bold}{place}white-space:pre}}"
