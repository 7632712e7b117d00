"""Draws a scene: the same for the screen, for files, and at every step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPainter

from graphviz_app.recording.model import NodeKind
from graphviz_app.ui.graph import fonts, heat, nodes
from graphviz_app.ui.graph.anchors import PILL_HEIGHT
from graphviz_app.ui.graph.district_paint import DistrictPainter
from graphviz_app.ui.graph.districts import DISTRICT
from graphviz_app.ui.graph.faint import FaintSurface
from graphviz_app.ui.graph.geometry import Floats, Ints, Rect
from graphviz_app.ui.graph.paths import LINE, MOVE, Outline
from graphviz_app.ui.graph.scene import FAR, MIDDLE, NEAR, GraphScene, Level, State, level_at
from graphviz_app.ui.graph.stamps import Style, draw_stamped
from graphviz_app.ui.graph.surface import HAIRLINE, Line, PainterSurface, Surface, write
from graphviz_app.ui.graph.swell import drawn_boxes
from graphviz_app.ui.theme import Theme

ROUND = 10.0
PILL = 1e6
"""Corner radius of a box with half-circles for sides."""
REACH = 60.0
"""How far beyond its box or route anything is drawn, layout units."""
ARROW = 6.5
FOUND_PIXELS = 2.5
WRITTEN_MOVING = 60
"""So many edges are told their shapes while boxes are on their way: a place for each is looked for in every frame."""
ARROWS_FROM = 0.35
"""Zoom from which the heads of edges can be seen."""


@dataclass(frozen=True)
class Look:
    """How boxes of one kind in one state are drawn; colours are roles of the theme, or ``#rrggbb``."""

    fill: str
    stroke: str
    far: str
    width: float = 1.3
    dashed: bool = False


_OP, _LEAF = int(NodeKind.OP), int(NodeKind.LEAF)
_STATES = len(State)
_USUAL = {
    (NodeKind.OP, State.PLAIN): Look("node_fill", "node_border", "node_border"),
    (NodeKind.OP, State.DONE): Look("node_fill", "grad_border", "grad_border", 1.6),
    (NodeKind.OP, State.WAITING): Look("node_fill", "border_strong", "border_strong"),
    (NodeKind.LEAF, State.PLAIN): Look("leaf_fill", "leaf", "leaf", 1.6),
    (NodeKind.LEAF, State.DONE): Look("leaf_fill", "leaf", "leaf", 1.8),
    (NodeKind.LEAF, State.WAITING): Look("leaf_fill", "leaf", "leaf", 1.3),
    (NodeKind.ROOT, State.PLAIN): Look("root_fill", "border_strong", "op_symbol", 1.6),
    (NodeKind.ROOT, State.DONE): Look("root_fill", "grad_border", "grad_border", 1.6),
    (NodeKind.ROOT, State.WAITING): Look("root_fill", "border_strong", "op_symbol", 1.3),
}
_LOOKS = {kind * _STATES + state: look for (kind, state), look in _USUAL.items()}
_GREY = Look("cut_fill", "border_strong", "border_strong", 1.2, dashed=True)


def paint(
    painter: QPainter,
    scene: GraphScene,
    view: Rect,
    scale: float,
    level: Level | None = None,
) -> None:
    """Draw the part `view` of a scene, without what moves, from the painter's origin on.

    Parameters
    ----------
    painter
        Draws; its state is left as it was.
    scene
        What to draw.
    view
        left, top, right, bottom in layout units.
    scale
        Device-independent pixels for one layout unit.
    level
        How much of each node; what can be read at `scale` when left out.
    """
    painter.save()
    painter.scale(scale, scale)
    painter.translate(-view[0], -view[1])
    draw(PainterSurface(painter), scene, view, scale, level)
    painter.restore()


def draw(surface: Surface, scene: GraphScene, view: Rect, scale: float, level: Level | None = None) -> None:
    """Draw the part `view` of a scene on any surface, in layout units; see :func:`paint`."""
    level = level_at(scale) if level is None else level
    wide = (view[0] - REACH, view[1] - REACH, view[2] + REACH, view[3] + REACH)
    routes, boxes = scene.geometry.routes_in(wide), scene.geometry.boxes_in(view if level == FAR else wide)
    districts = DistrictPainter(surface, scene, scale, level) if len(scene.geometry.frames) else None
    if districts is not None:
        districts.frames(wide)
    if scene.kept_boxes is not None:
        faint, kept = FaintSurface(surface, scene.theme.canvas), scene.kept_boxes[boxes]
        ways = scene.kept_boxes[scene.geometry.source[routes]] & scene.kept_boxes[scene.geometry.target[routes]]
        draw_routes(faint, scene, routes[~ways], scale, level)
        draw_boxes(faint, scene, boxes[~kept], scale, level)
        routes, boxes = routes[ways], boxes[kept]
    draw_routes(surface, scene, routes, scale, level)
    draw_boxes(surface, scene, boxes, scale, level)
    if districts is not None:
        districts.titles(wide)
    if level == FAR:
        _fill_found(surface, scene, boxes, scale)
    if level == NEAR and not (scene.moving and len(routes) > WRITTEN_MOVING):
        draw_shapes(surface, scene, routes, view)


def draw_routes(surface: Surface, scene: GraphScene, routes: Ints, scale: float, level: Level) -> None:
    """Draw edges in batches of one look."""
    curves = scene.geometry.curves
    for batch, color, width, dashed, backward in _batches_of(scene, routes):
        if not len(batch):
            continue
        if level == FAR:
            surface.lines(curves.coarse(batch), color, HAIRLINE)
            continue
        surface.lines(curves.outline(batch), color, max(width, 1.0 / scale), dashed=dashed)
        if scale >= ARROWS_FROM:
            surface.shapes(curves.arrows(batch, ARROW, backward=backward), color)


def _batches_of(scene: GraphScene, routes: Ints) -> Iterator[tuple[Ints, str, float, bool, bool]]:
    """Routes, colour, width, whether dashed and whether the gradient's arrow: none carried, to be carried, carried."""
    theme = scene.theme
    grey, whole = _parted(routes, scene.cut(routes))
    yield grey, theme.border_strong, 1.2, True, False
    if scene.heat is None:
        climbed, plain = _parted(whole, scene.climbed(whole)) if scene.playback is not None else (whole[:0], whole)
        yield plain, theme.edge, 1.4, False, False
        yield climbed, theme.grad_border, 2.0, False, True
        return
    classes = scene.heat_of_routes(whole)
    for number in np.unique(classes).tolist():
        known = number != heat.Special.NOTHING
        color = heat.looks(theme)[number].stroke if known else theme.edge
        yield whole[classes == number], color, 2.6 if known else 1.4, False, known


def _parted(rows: Ints, chosen: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Those of some rows that are chosen, and the others."""
    found = chosen.nonzero()[0]
    return (rows[found], rows[~chosen]) if len(found) else (rows[:0], rows)


def draw_boxes(surface: Surface, scene: GraphScene, boxes: Ints, scale: float, level: Level) -> None:
    """Draw nodes in batches of one look, then what stands on them."""
    if scene.districts is not None:
        closed = scene.box_kind[boxes] == DISTRICT
        if closed.any():
            DistrictPainter(surface, scene, scale, level).closed(boxes[closed])
            boxes = boxes[~closed]
    states, kinds = scene.states(boxes), scene.box_kind[boxes]
    stamping = _stamping(surface, scene) if level == MIDDLE and scene.unwritten is None else None
    for batch, kind, state, look in _alike(scene, boxes, kinds, states):
        if stamping is not None:
            _stamp(stamping, scene, batch, kind, look, nodes.inks(scene.theme, state), scale)
        else:
            _batch(surface, scene, batch, kind, look, scale, level)
    if level == FAR or stamping is not None:
        return
    if scene.playback is not None and level == NEAR:
        marked = boxes[(kinds == _OP) & (states == State.DONE)]
        if len(marked):
            surface.lines(_checks(scene, marked), scene.theme.ok, 1.6)
    if scene.unwritten is not None:
        written = ~scene.unwritten[boxes]
        boxes, states = boxes[written], states[written]
    write_on = nodes.write_nodes if level == NEAR else nodes.write_signs
    for state, batch in _each(states, boxes):
        write_on(surface, scene, batch, nodes.inks(scene.theme, state), scale)


def _stamping(surface: Surface, scene: GraphScene) -> PainterSurface | None:
    """The surface, if what is drawn on it may come from stored pictures: none are worth making for one moment."""
    return surface if isinstance(surface, PainterSurface) and surface.raster and not scene.moving else None


def _alike(
    scene: GraphScene, boxes: Ints, kinds: npt.NDArray[np.uint8], states: npt.NDArray[np.uint8]
) -> Iterator[tuple[Ints, int, int, Look]]:
    """Boxes of one look at a time, with their kind and state."""
    for number, batch in _each(kinds * _STATES + states, boxes):
        kind, state, look = number // _STATES, number % _STATES, _LOOKS.get(number, _GREY)
        if scene.heat is None or look.dashed:
            yield batch, kind, state, look
            continue
        for warmth, part in _each(scene.heat_of_boxes(batch), batch):
            warm = heat.looks(scene.theme)[warmth]
            warmer = look if warmth == heat.Special.NOTHING else Look(warm.fill, warm.stroke, warm.far, 2.6)
            yield part, kind, state, warmer


def _each(classes: npt.NDArray[np.uint8], rows: Ints) -> Iterator[tuple[int, Ints]]:
    """The rows of each class that there is, in ascending order of the classes."""
    present = np.bincount(classes).nonzero()[0].tolist()
    for number in present:
        yield number, rows[classes == number] if len(present) > 1 else rows


def _fill_found(surface: Surface, scene: GraphScene, boxes: Ints, scale: float) -> None:
    """What a search has found, from afar: larger than life, so that a few among thousands are seen."""
    if scene.found_boxes is not None:
        found = boxes[scene.found_boxes[boxes]]
        if len(found):
            surface.boxes(_at_least(scene.geometry.boxes[found], FOUND_PIXELS / scale), 0, fill=scene.theme.found)


def _at_least(rects: Floats, side: float) -> Floats:
    """Rectangles, each at least that wide and high."""
    grow = np.maximum(0, side - (rects[:, 2:] - rects[:, :2])) / 2
    grown: Floats = np.concatenate([rects[:, :2] - grow, rects[:, 2:] + grow], axis=1)
    return grown


def _batch(surface: Surface, scene: GraphScene, batch: Ints, kind: int, look: Look, scale: float, level: Level) -> None:
    theme, geometry = scene.theme, scene.geometry
    rects = geometry.boxes[batch] if level == FAR else drawn_boxes(geometry, batch, scale)
    if level == FAR:
        # A box below a pixel would vanish.
        surface.boxes(_at_least(rects, 1.3 / scale), 0, fill=_color(theme, look.far))
        return
    fill, stroke, width = _color(theme, look.fill), _color(theme, look.stroke), max(look.width, 0.9 / scale)
    round_ends = PILL if kind == _LEAF else ROUND
    if geometry.has_chips:
        chips = geometry.chip[batch]
        if chips.any():
            surface.boxes(rects[chips], PILL, fill=fill, stroke=stroke, width=width, dashed=look.dashed)
            rects = rects[~chips]
    if len(rects):
        surface.boxes(rects, round_ends, fill=fill, stroke=stroke, width=width, dashed=look.dashed)


def _stamp(
    surface: PainterSurface, scene: GraphScene, batch: Ints, kind: int, look: Look, ink: nodes.Inks, scale: float
) -> None:
    """Draw boxes that are too small for more than a sign or a name, with it."""
    theme, geometry = scene.theme, scene.geometry
    texts, chips = scene.labels.of(geometry.node[batch]), geometry.chip[batch].tolist()
    radii = [PILL if chip or kind == _LEAF else ROUND for chip in chips]
    width = max(look.width, 0.9 / scale)
    style = Style(_color(theme, look.fill), _color(theme, look.stroke), width, look.dashed, (ink, scale))

    def word(row: int, wide: float, high: float) -> Line | None:
        return nodes.sign_of(texts[row], wide, high, ink, scale, chip=chips[row])

    says = list(zip(texts, chips, strict=True))
    draw_stamped(surface, drawn_boxes(geometry, batch, scale), says, radii, style, word)


def _checks(scene: GraphScene, boxes: Ints) -> Outline:
    """The signs that nodes are done, at their upper right corners."""
    corner = scene.geometry.boxes[boxes][:, [2, 1]]
    points = corner[:, None, :] + np.array([[-17.0, 12.5], [-14.0, 15.5], [-8.5, 8.5]])
    types = np.tile(np.array([MOVE, LINE, LINE]), len(boxes))
    return Outline(types, points[:, :, 0].ravel(), points[:, :, 1].ravel())


def draw_shapes(surface: Surface, scene: GraphScene, routes: Ints, view: Rect) -> None:
    """Write the shape of what flows along each edge where there is room."""
    said = [(route, text) for route, text in zip(routes.tolist(), scene.shape_texts(routes), strict=True) if text]
    wide = {text: pill_width(text) for text in {text for _, text in said}}
    widths = [wide[text] for _, text in said]
    places = scene.anchors.places([route for route, _ in said], widths)
    all_in = scene.geometry.all_in(view)
    pills = [
        (place, text)
        for (_, text), width, place in zip(said, widths, places, strict=True)
        if place is not None and (all_in or _touches(place, width, view))
    ]
    if not pills:
        return
    fill, stroke, color = scene.theme.canvas, scene.theme.border, scene.theme.text_dim
    stamping = _stamping(surface, scene)
    if stamping is None:
        draw_pills(surface, pills, fill, stroke, color)
    else:
        _stamp_pills(stamping, pills, Style(fill, stroke, 1.0, False, color))


def _stamp_pills(surface: PainterSurface, pills: list[tuple[tuple[float, float], str]], style: Style) -> None:
    """Write texts on pills from stored pictures: many edges carry the same shape."""
    half, high, low = {text: pill_width(text) / 2 for _, text in pills}, PILL_HEIGHT / 2, fonts.ascent(fonts.PILL) / 2
    rects = np.array([(x - half[text], y - high, x + half[text], y + high) for (x, y), text in pills])

    def word(row: int, wide: float, tall: float) -> Line:
        return wide / 2, tall / 2 + low, pills[row][1], fonts.PILL, str(style.inks), "middle"

    draw_stamped(surface, rects, [text for _, text in pills], [PILL] * len(pills), style, word)


def _touches(place: tuple[float, float], width: float, view: Rect) -> bool:
    half = PILL_HEIGHT / 2
    across = view[0] - width / 2 <= place[0] <= view[2] + width / 2
    return across and view[1] - half <= place[1] <= view[3] + half


def pill_width(text: str) -> float:
    """Width of a text's pill, layout units."""
    return fonts.width(text, fonts.PILL) + 16


def draw_pills(
    surface: Surface,
    pills: list[tuple[tuple[float, float], str]],
    fill: str,
    stroke: str,
    color: str,
    face: fonts.Face = fonts.PILL,
) -> None:
    """Write texts on pills of one look, each centred at its place; a larger face makes larger pills."""
    if not pills:
        return
    larger = face.size / fonts.PILL.size
    half = {text: pill_width(text) / 2 * larger for text in {text for _, text in pills}}
    high, low = PILL_HEIGHT / 2 * larger, fonts.ascent(face) / 2
    rects = [(x - half[text], y - high, x + half[text], y + high) for (x, y), text in pills]
    surface.boxes(np.array(rects), PILL, fill=fill, stroke=stroke, width=larger)
    write(surface, ((x, y + low, text, face, color, "middle") for (x, y), text in pills))


def _color(theme: Theme, role: str) -> str:
    color: str = role if role.startswith("#") else getattr(theme, role)
    return color
