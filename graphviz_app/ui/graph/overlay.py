"""What moves, drawn over the rest: the node that runs, the gradients that travel, what is chosen and pointed at."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPainter

from graphviz_app.recording.model import NodeKind
from graphviz_app.ui.graph import fonts, nodes
from graphviz_app.ui.graph.anchors import PILL_HEIGHT
from graphviz_app.ui.graph.district_paint import FRAME_ROUND, cards
from graphviz_app.ui.graph.district_paint import ROUND as DISTRICT_ROUND
from graphviz_app.ui.graph.districts import DISTRICT
from graphviz_app.ui.graph.geometry import Floats, Ints, Rect
from graphviz_app.ui.graph.paint import ARROW, PILL, ROUND, draw_pills, draw_shapes, pill_width
from graphviz_app.ui.graph.paths import polyline
from graphviz_app.ui.graph.scene import GraphScene, Level, level_at
from graphviz_app.ui.graph.surface import PainterSurface, Surface
from graphviz_app.ui.graph.swell import drawn_boxes

SHOWN = 4000
"""At most this many chosen or found nodes are outlined; far more is a colour, not a choice."""
FEW_FOUND = 60
"""So few results are outlined from afar too, where every result is filled."""
MOST_RINGS = 400
"""More chosen nodes than this are filled from afar: as many outlines would take half a second."""
NEIGHBOURS = 80
MOST_LIT = 200
"""From afar, a leaf used in more places than this is lit without halos: they would take most of a second."""
_LEAST_PIXELS = 7.0
_PILLS_FROM = 0.4
"""The zoom below which gradients are no longer written: their pills would cover the nodes beside them."""
_PILL_PIXELS = 9.5
MOST_SPREAD = 16
_PUSHES = 12

Pill = tuple[tuple[float, float], str]
"""Centre and text."""


def paint_overlay(
    painter: QPainter,
    scene: GraphScene,
    view: Rect,
    scale: float,
    level: Level | None = None,
    *,
    travel: float = 1.0,
) -> None:
    """Draw what moves; parameters as :func:`graphviz_app.ui.graph.paint.paint`.

    `travel` says how far the outgoing gradients have come, 0 to 1.
    """
    painter.save()
    painter.scale(scale, scale)
    painter.translate(-view[0], -view[1])
    draw_overlay(PainterSurface(painter), scene, view, scale, level, travel=travel)
    painter.restore()


def draw_overlay(
    surface: Surface,
    scene: GraphScene,
    view: Rect,
    scale: float,
    level: Level | None = None,
    *,
    travel: float = 1.0,
) -> None:
    """Draw what moves on any surface, in layout units."""
    level = level_at(scale) if level is None else level
    _lit(surface, scene, scale)
    _neighbours(surface, scene, scale)
    _gradients(surface, scene, scale, travel)
    _running(surface, scene, scale, level, view)
    theme = scene.theme
    _found(surface, scene, scale, level, view)
    _ring(surface, scene, (*scene.selection, *scene.chosen), scale, theme.selection_border, 2.2, view)
    if scene.hovered >= 0 and scene.hovered not in (*scene.selection, *scene.chosen):
        _ring(surface, scene, (scene.hovered,), scale, f"#80{theme.selection_border[1:]}", 1.6, view)
    if level == Level.NEAR and not scene.moving:
        _shapes_again(surface, scene)
    if level == Level.NEAR or (scale >= _PILLS_FROM and _moving(scene) <= NEIGHBOURS):
        _pills(
            surface, scene, view, travel, fonts.PILL._replace(size=max(fonts.PILL.size, round(_PILL_PIXELS / scale)))
        )


def _moving(scene: GraphScene) -> int:
    """How many edges a gradient is on."""
    return len(scene.playback.incoming) + len(scene.playback.outgoing) if scene.playback is not None else 0


def _shapes_again(surface: Surface, scene: GraphScene) -> None:
    """Write anew the shapes that a tinted edge has crossed out."""
    if len(scene.selection) != 1:
        return
    routes = scene.geometry.routes_at(scene.geometry.boxes_of(scene.selection))
    if 0 < len(routes) <= NEIGHBOURS:
        left, top = scene.geometry.extents[routes][:, :2].min(axis=0).tolist()
        right, bottom = scene.geometry.extents[routes][:, 2:].max(axis=0).tolist()
        draw_shapes(surface, scene, routes, (left, top, right, bottom))


def _lit(surface: Surface, scene: GraphScene, scale: float) -> None:
    """Light a path: a broad band along its edges, a broad ring around its nodes."""
    path, edges = scene.lit
    if not (path or edges):
        return
    geometry, color = scene.geometry, scene.theme.accent
    routes = geometry.routes_of(list(edges))
    if len(routes):
        surface.lines(geometry.curves.outline(routes), f"#70{color[1:]}", max(9.0, 5.0 / scale))
    boxes = geometry.boxes_of(list(path))
    # Of a leaf drawn as chips, those at the path's own edges.
    ends = np.concatenate([geometry.source[routes], geometry.target[routes]]) if len(routes) else boxes
    boxes = boxes[np.isin(boxes, ends) | ~geometry.chip[boxes]]
    if len(boxes):
        rects = _grown(_drawn(scene, boxes, scale), max(4.0, 3.0 / scale))
        pills = geometry.chip[boxes] | (scene.box_kind[boxes] == NodeKind.LEAF)
        for rows, radius in ((pills, PILL), (~pills, ROUND + 4)):
            if rows.any():
                surface.boxes(rects[rows], radius, stroke=color, width=max(3.0, 2.4 / scale))


def _neighbours(surface: Surface, scene: GraphScene, scale: float) -> None:
    """Tint the edges of the one chosen node."""
    if len(scene.selection) != 1:
        return
    routes = scene.geometry.routes_at(scene.geometry.boxes_of(scene.selection))
    if 0 < len(routes) <= NEIGHBOURS:
        color = f"#b0{scene.theme.selection_border[1:]}"
        surface.lines(scene.geometry.curves.outline(routes), color, max(1.8, 1.2 / scale))


def _gradients(surface: Surface, scene: GraphScene, scale: float, travel: float) -> None:
    view = scene.playback
    if view is None:
        return
    theme, curves = scene.theme, scene.geometry.curves
    width = max(2.4, 1.6 / scale)
    arrived = scene.geometry.routes_of(list(view.incoming))
    if len(arrived):
        surface.lines(curves.outline(arrived), theme.run, width)
        surface.shapes(curves.arrows(arrived, ARROW + 1, backward=True), theme.run)
    leaving = scene.geometry.routes_of(list(view.outgoing))
    if not len(leaving):
        return
    if travel >= 1.0:
        surface.lines(curves.outline(leaving), theme.grad, width)
        surface.shapes(curves.arrows(leaving, ARROW + 1, backward=True), theme.grad)
        return
    for route in leaving.tolist():
        points = curves.sample(route)[::-1]
        come = max(2, round(travel * len(points)))
        surface.lines(polyline(points[:come]), theme.grad, width)
        x, y = points[come - 1].tolist()
        dot = max(4.0, 3.0 / scale)
        surface.boxes(np.array([[x - dot, y - dot, x + dot, y + dot]]), PILL, fill=theme.grad)


def _running(surface: Surface, scene: GraphScene, scale: float, level: Level, view: Rect) -> None:
    """Light the node that runs, or that raised."""
    if scene.running < 0:
        return
    theme, geometry = scene.theme, scene.geometry
    boxes = geometry.boxes_of([scene.running])
    if not len(boxes):
        return
    color, fill = (theme.error, theme.error_fill) if scene.raised else (theme.run, theme.run_fill)
    rects = _drawn(scene, boxes, scale)
    least = _LEAST_PIXELS / scale
    grow = np.maximum(0, least - (rects[:, 2:] - rects[:, :2])) / 2
    rects = np.concatenate([rects[:, :2] - grow, rects[:, 2:] + grow], axis=1)
    many, halo = len(rects) > MOST_LIT, max(4.5, 4.0 / scale)
    seen = _in_view(_grown(rects, halo), view)
    boxes, rects = boxes[seen], rects[seen]
    if not len(boxes):
        return
    if level == Level.FAR and many:
        surface.boxes(rects, 0, fill=color)
        return
    if scene.box_kind[boxes[0]] == DISTRICT:
        _running_inside(surface, scene, int(boxes[0]), scale, level, (color, halo))
        return
    pill = scene.box_kind[boxes[0]] == NodeKind.LEAF
    radius = PILL if pill else ROUND
    surface.boxes(_grown(rects, halo), radius + halo, fill=f"#48{color[1:]}")
    surface.boxes(rects, radius, fill=fill, stroke=color, width=max(2.2, 1.4 / scale))
    write = nodes.write_nodes if level == Level.NEAR else nodes.write_signs if level == Level.MIDDLE else None
    if write is not None:
        write(surface, scene, boxes, nodes.running_inks(theme, raised=scene.raised), scale)


def _found(surface: Surface, scene: GraphScene, scale: float, level: Level, view: Rect) -> None:
    """Outline what was found of what is in view; from afar many are a colour of the picture below."""
    if scene.found_boxes is None:
        return
    few = len(scene.found) <= FEW_FOUND
    if level == Level.FAR and not few:
        return
    boxes = scene.geometry.boxes_of(scene.found) if few else scene.geometry.boxes_in(view)
    boxes = boxes[scene.found_boxes[boxes]]
    if len(boxes) <= SHOWN:
        _outline(surface, scene, boxes, scale, f"#b0{scene.theme.found[1:]}", 2.6, view)


def _running_inside(
    surface: Surface, scene: GraphScene, box: int, scale: float, level: Level, light: tuple[str, float]
) -> None:
    """Light the closed district in which the node that runs lies: what it says stays, with the step's own gradients."""
    color, halo = light
    rects = cards(scene, np.array([box]), scale) if level != Level.FAR else scene.geometry.boxes[[box]]
    surface.boxes(_grown(rects, halo / 2), DISTRICT_ROUND + halo / 2, stroke=f"#48{color[1:]}", width=halo)
    surface.boxes(rects, DISTRICT_ROUND, stroke=color, width=max(2.4, 1.6 / scale))


def _ring(
    surface: Surface, scene: GraphScene, chosen: tuple[int, ...], scale: float, color: str, width: float, view: Rect
) -> None:
    """Outline every box of some nodes; a leaf drawn as chips is outlined at every use."""
    if not chosen:
        return
    frames = scene.frames_among(chosen)
    if len(frames):
        surface.boxes(scene.geometry.frames[frames], FRAME_ROUND, stroke=color, width=max(width, 1.6 / scale))
    _outline(surface, scene, scene.geometry.boxes_of(list(chosen[:SHOWN])), scale, color, width, view)


def _outline(
    surface: Surface, scene: GraphScene, boxes: Ints, scale: float, color: str, width: float, view: Rect
) -> None:
    if not len(boxes):
        return
    away = max(3.5, 2.5 / scale)
    rects = _grown(_drawn(scene, boxes, scale), away)
    seen = _in_view(rects, view)
    if np.count_nonzero(seen) > MOST_RINGS and level_at(scale) == Level.FAR:
        surface.boxes(_grown(rects[seen], 1.5 / scale - away), 0, fill=color)
        return
    pills = scene.geometry.chip[boxes] | (scene.box_kind[boxes] == NodeKind.LEAF)
    for rows, radius in ((seen & pills, PILL), (seen & ~pills, ROUND + away)):
        if rows.any():
            surface.boxes(rects[rows], radius, stroke=color, width=max(width, 1.6 / scale))


def _drawn(scene: GraphScene, boxes: Ints, scale: float) -> Floats:
    """Where boxes are drawn: from afar as they are laid out."""
    return scene.geometry.boxes[boxes] if level_at(scale) == Level.FAR else drawn_boxes(scene.geometry, boxes, scale)


def _in_view(rects: Floats, view: Rect) -> npt.NDArray[np.bool_]:
    """Which rectangles can be seen."""
    seen: npt.NDArray[np.bool_] = (
        (rects[:, 0] <= view[2]) & (rects[:, 2] >= view[0]) & (rects[:, 1] <= view[3]) & (rects[:, 3] >= view[1])
    )
    return seen


def _grown(rects: Floats, by: float) -> Floats:
    grown: Floats = rects + np.array([-by, -by, by, by])
    return grown


def _pills(surface: Surface, scene: GraphScene, view: Rect, travel: float, face: fonts.Face) -> None:
    """Write the gradients that arrive and leave; the latter once they have come halfway."""
    shown, theme = scene.playback, scene.theme
    if shown is None:
        return
    _texts(surface, scene, view, shown.incoming, (theme.run_fill, theme.run, theme.run_text), face)
    if travel > 0.5:
        _texts(surface, scene, view, shown.outgoing, (theme.grad_fill, theme.grad_border, theme.grad), face)


def _texts(
    surface: Surface,
    scene: GraphScene,
    view: Rect,
    texts: Mapping[int, str],
    colors: tuple[str, str, str],
    face: fonts.Face,
) -> None:
    geometry = scene.geometry
    said = scene.drawn_texts(texts)
    routes: Ints = geometry.routes_of(list(said))
    pills = []
    widths = [pill_width(shape) for shape in scene.shape_texts(routes)]
    for route, found in zip(routes.tolist(), scene.anchors.places(routes.tolist(), widths), strict=True):
        text = said[int(geometry.edge[route])]
        pills.append((found or _beside(scene, route, text), text))
    if len(pills) <= MOST_SPREAD:
        moved = spread([(_off_boxes(scene, place, text, face), text) for place, text in pills], face)
        pills = [(_within(view, place, text, face), text) for place, text in moved]
    draw_pills(surface, pills, *colors, face)


def _within(view: Rect, place: tuple[float, float], text: str, face: fonts.Face) -> tuple[float, float]:
    """Keep a pill whose middle is in view from being cut off at its side."""
    x, y = place
    half = pill_width(text) * face.size / fonts.PILL.size / 2 + 4
    left, right = view[0] + half, view[2] - half
    return (min(max(x, left), right), y) if view[0] <= x <= view[2] and left <= right else place


def _off_boxes(scene: GraphScene, place: tuple[float, float], text: str, face: fonts.Face) -> tuple[float, float]:
    """Move a pill sideways off the box it would cover, as far as it still lies on its edge."""
    x, y = place
    larger = face.size / fonts.PILL.size
    half, high = pill_width(text) * larger / 2, PILL_HEIGHT * larger / 2
    geometry = scene.geometry

    def covered(at: float) -> Ints:
        return geometry.boxes_in((at - half, y - high, at + half, y + high))

    for left, _, right, _ in geometry.boxes[covered(x)].tolist():
        for to in sorted((right + 4 + half, left - 4 - half), key=lambda to: abs(to - x)):
            if abs(to - x) < half and not len(covered(to)):
                return to, y
    return place


def spread(pills: list[Pill], face: fonts.Face) -> list[Pill]:
    """Push pills that would cover each other apart sideways, keeping their order from left to right."""
    larger = face.size / fonts.PILL.size
    order = sorted(pills, key=lambda pill: pill[0][0])
    places = [list(place) for place, _ in order]
    widths = [pill_width(text) * larger for _, text in order]
    for _ in range(_PUSHES):
        for right in range(1, len(order)):
            for left in range(right):
                over = (widths[left] + widths[right]) / 2 + 4 - (places[right][0] - places[left][0])
                if over > 0 and abs(places[right][1] - places[left][1]) < PILL_HEIGHT * larger:
                    places[left][0] -= over / 2
                    places[right][0] += over / 2
    return [((x, y), text) for (x, y), (_, text) in zip(places, order, strict=True)]


def _beside(scene: GraphScene, route: int, text: str) -> tuple[float, float]:
    """Where a text goes whose edge is too short for it: above or below the chip the edge comes from."""
    geometry = scene.geometry
    box = int(geometry.source[route])
    if not geometry.chip[box]:
        return geometry.curves.point(route, 0.5)
    left, top, right, bottom = geometry.boxes[box].tolist()
    wide, half, away = pill_width(text), PILL_HEIGHT / 2, PILL_HEIGHT / 2 + 4
    user = geometry.boxes[int(geometry.target[route])]
    # Flush with the side of the chip that faces its user, so as not to cover the user.
    flush = left + wide / 2 if left >= user[2] else right - wide / 2 if right <= user[0] else (left + right) / 2
    for lift in (away, away + PILL_HEIGHT + 4):
        for y in (top - lift, bottom + lift):
            if not len(geometry.boxes_in((flush - wide / 2, y - half, flush + wide / 2, y + half))):
                return flush, y
    return flush, top - away
