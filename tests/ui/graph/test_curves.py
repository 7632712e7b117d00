"""Routes as curves, and the index that finds boxes and routes."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from graphviz_app.layout.placement import Placement
from graphviz_app.ui.graph.anchors import PILL_HEIGHT, Anchors
from graphviz_app.ui.graph.geometry import FEW_ROUTES, Geometry
from graphviz_app.ui.graph.paths import CURVE, LINE, MOVE, rectangles, rounded


def placed(
    boxes: list[tuple[float, float, float, float]],
    routes: list[tuple[int, int, list[tuple[float, float]]]],
    *,
    direction: str = "down",
    nodes: list[int] | None = None,
) -> Placement:
    """Boxes given as centre and size, routes as source, target and knots."""
    rows = np.array(boxes, dtype=np.float32).reshape(-1, 4)
    knots = [point for _, _, points in routes for point in points]
    counts = [len(points) for _, _, points in routes]
    return Placement(
        box_node=np.array(nodes if nodes is not None else range(len(boxes)), dtype=np.int32),
        box_chip=np.zeros(len(boxes), np.uint8),
        x=rows[:, 0],
        y=rows[:, 1],
        width=rows[:, 2],
        height=rows[:, 3],
        layer=np.arange(len(boxes), dtype=np.int32),
        edge_id=np.arange(len(routes), dtype=np.int32),
        edge_src=np.array([route[0] for route in routes], dtype=np.int32),
        edge_dst=np.array([route[1] for route in routes], dtype=np.int32),
        edge_rail=np.zeros(len(routes), np.uint8),
        point_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        point_x=np.array([x for x, _ in knots], np.float32),
        point_y=np.array([y for _, y in knots], np.float32),
        direction=direction,
        crossings=0,
    )


TWO = [(0.0, 0.0, 100.0, 50.0), (200.0, 200.0, 100.0, 50.0)]


def test_a_straight_route_stays_a_line() -> None:
    geometry = Geometry(placed([(0, 0, 40, 20), (0, 100, 40, 20)], [(0, 1, [(0, 10), (0, 90)])]))
    outline = geometry.curves.outline(np.array([0]))
    assert outline.type.tolist() == [MOVE, LINE]
    assert outline.x.tolist() == [0, 0]
    assert outline.y.tolist() == [10, 90]


@pytest.mark.parametrize(("direction", "axis"), [("down", 1), ("right", 0)])
def test_a_slanted_route_leaves_and_arrives_along_the_flow(direction: str, axis: int) -> None:
    geometry = Geometry(placed(TWO, [(0, 1, [(0, 25), (200, 175)])], direction=direction))
    points = geometry.curves.sample(0, 200)
    for first, second in ((0, 1), (-2, -1)):
        step = np.abs(points[second] - points[first])
        assert step[axis] > 4 * step[1 - axis]
    assert points[0] == pytest.approx([0, 25])
    assert points[-1] == pytest.approx([200, 175])


def test_a_curve_never_leaves_the_extent_of_its_knots() -> None:
    knots = [(0.0, 25.0), (120.0, 60.0), (120.0, 140.0), (200.0, 175.0)]
    geometry = Geometry(placed(TWO, [(0, 1, knots)]))
    points = geometry.curves.sample(0, 300)
    left, top, right, bottom = geometry.extents[0]
    assert points[:, 0].min() >= left - 1e-6
    assert points[:, 0].max() <= right + 1e-6
    assert points[:, 1].min() >= top - 1e-6
    assert points[:, 1].max() <= bottom + 1e-6


def test_corners_of_straight_segments_are_rounded_and_the_line_stays_connected() -> None:
    knots = [(0.0, 25.0), (0.0, 60.0), (300.0, 60.0), (300.0, 120.0), (200.0, 120.0), (200.0, 175.0)]
    geometry = Geometry(placed(TWO, [(0, 1, knots)]))
    outline = geometry.curves.outline(np.array([0]))
    assert (outline.type == CURVE).sum() == 4
    points = geometry.curves.sample(0, 2000)
    gaps = np.hypot(*np.diff(points, axis=0).T)
    assert gaps.max() < 2 * gaps.mean()
    assert np.hypot(*(points - [300, 60]).T).min() > 2  # the corner itself is cut
    assert np.hypot(*(points - [300, 90]).T).min() < 0.5  # the middle of a segment is not


def test_several_routes_keep_their_own_points() -> None:
    routes = [(0, 1, [(0.0, 25.0), (200.0, 175.0)]), (0, 1, [(10.0, 25.0), (10.0, 100.0), (210.0, 175.0)])]
    curves = Geometry(placed(TWO, routes)).curves
    assert curves.sample(1)[0] == pytest.approx([10, 25])
    assert curves.sample(1)[-1] == pytest.approx([210, 175])
    both = curves.outline(np.array([1, 0]))
    assert (both.type == MOVE).sum() == 2
    coarse = curves.coarse(np.array([1, 0]))
    assert coarse.x.tolist() == [10, 10, 210, 0, 200]
    assert coarse.type.tolist() == [MOVE, LINE, LINE, MOVE, LINE]


def test_an_arrow_points_the_way_its_route_arrives() -> None:
    geometry = Geometry(placed(TWO, [(0, 1, [(0, 25), (200, 175)])]))
    corners = _triangle(geometry, backward=False)
    assert corners[0] == (200, 175)
    assert corners[1][1] == corners[2][1] < 175
    up = _triangle(geometry, backward=True)
    assert up[0] == (0, 25)
    assert up[1][1] == up[2][1] > 25


def _triangle(geometry: Geometry, *, backward: bool) -> list[tuple[float, float]]:
    outline = geometry.curves.arrows(np.array([0]), 6.0, backward=backward)
    return list(zip(outline.x.tolist(), outline.y.tolist(), strict=True))


def test_outlines_become_painter_paths(qtbot: QtBot) -> None:
    boxes = np.array([[0.0, 0.0, 40.0, 20.0], [100.0, 50.0, 160.0, 90.0]])
    for outline in (rectangles(boxes), rounded(boxes, 6)):
        path = outline.path()
        rect = path.boundingRect()
        assert (rect.left(), rect.top(), rect.right(), rect.bottom()) == (0, 0, 160, 90)
        assert path.contains(rect.center()) is False
    assert rounded(boxes, 1e6).path().elementCount() == rounded(boxes, 6).path().elementCount()


def test_what_touches_a_rectangle_is_found_and_nothing_else() -> None:
    rng = np.random.default_rng(1)
    boxes = np.column_stack([rng.uniform(-500, 500, (300, 2)), rng.uniform(5, 90, (300, 2))])
    geometry = Geometry(placed([tuple(row) for row in boxes.tolist()], []))
    for _ in range(50):
        x, y, w, h = (*rng.uniform(-500, 400, 2), *rng.uniform(1, 200, 2))
        left, top, right, bottom = geometry.boxes.T
        wanted = (left <= x + w) & (right >= x) & (top <= y + h) & (bottom >= y)
        assert geometry.boxes_in((x, y, x + w, y + h)).tolist() == np.flatnonzero(wanted).tolist()


def test_the_nearest_box_within_reach_is_hit() -> None:
    geometry = Geometry(placed([(0, 0, 100, 50), (110, 0, 100, 50)], []))
    assert geometry.hit(0, 0) == 0
    assert geometry.hit(52, 0) == -1
    assert geometry.hit(52, 0, reach=3) == 0
    assert geometry.hit(58, 0, reach=9) == 1
    assert geometry.hit(0, 500, reach=9) == -1


def test_boxes_and_routes_are_found_by_what_they_stand_for() -> None:
    boxes = [(0.0, 0.0, 10.0, 10.0), (50.0, 0.0, 10.0, 10.0), (0.0, 90.0, 10.0, 10.0)]
    geometry = Geometry(placed(boxes, [(0, 2, [(0, 5), (0, 85)])], nodes=[7, 7, 3]))
    assert geometry.boxes_of([7]).tolist() == [0, 1]
    assert geometry.boxes_of([3, 7]).tolist() == [2, 0, 1]
    assert geometry.boxes_of([5, 99, -1]).tolist() == []
    assert geometry.routes_of([0]).tolist() == [0]
    assert geometry.routes_of([4]).tolist() == []
    assert geometry.routes_at(np.array([2])).tolist() == [0]


def test_an_empty_placement_answers_everything_with_nothing() -> None:
    geometry = Geometry(placed([], []))
    assert geometry.bounds == (0, 0, 0, 0)
    assert geometry.boxes_in((-1e9, -1e9, 1e9, 1e9)).tolist() == []
    assert geometry.routes_in((-1e9, -1e9, 1e9, 1e9)).tolist() == []
    assert geometry.hit(0, 0, reach=100) == -1
    assert geometry.boxes_of([0]).tolist() == []


def test_a_shape_stands_in_the_middle_of_its_route_when_there_is_room() -> None:
    anchors = Anchors(Geometry(placed([(0, 0, 100, 50), (0, 200, 100, 50)], [(0, 1, [(0, 25), (0, 175)])])))
    assert anchors.place(0, 40) == pytest.approx((0, 100))


def test_shapes_cover_neither_boxes_nor_each_other() -> None:
    boxes = [(0.0, 0.0, 200.0, 50.0), (0.0, 300.0, 200.0, 50.0), (30.0, 150.0, 50.0, 60.0)]
    routes = [(0, 1, [(x, 25.0), (x, 275.0)]) for x in (-40.0, -30.0, -20.0, 0.0)]
    geometry = Geometry(placed(boxes, routes))
    anchors = Anchors(geometry)
    places = [anchors.place(route, 40) for route in range(4)]
    found = [place for place in places if place is not None]
    assert len(found) >= 3
    for place in found:
        assert not len(geometry.boxes_in((place[0] - 20, place[1] - 10, place[0] + 20, place[1] + 10)))
    for index, one in enumerate(found):
        for other in found[index + 1 :]:
            assert abs(one[0] - other[0]) >= 40 or abs(one[1] - other[1]) >= PILL_HEIGHT
    assert [anchors.place(route, 40) for route in range(4)] == places


def test_a_route_without_room_gets_no_shape() -> None:
    geometry = Geometry(placed([(0, 0, 100, 50), (0, 70, 100, 50)], [(0, 1, [(0, 25), (0, 45)])]))
    assert Anchors(geometry).place(0, 40) is None


def test_among_thousands_of_routes_those_in_a_rectangle_are_found_by_looking_at_each() -> None:
    rng = np.random.default_rng(5)
    ends = rng.uniform(0, 9000, (FEW_ROUTES + 500, 2))
    heights = np.where(np.arange(len(ends)) % 40 == 0, 5000.0, 80.0)
    routes = [
        (0, 1, [(x, y), (x + 30, y + height)]) for (x, y), height in zip(ends.tolist(), heights.tolist(), strict=True)
    ]
    geometry = Geometry(placed(TWO, routes))
    far = geometry.extents
    for left, top, width, height in rng.uniform([0, 0, 1, 1], [9000, 14000, 3000, 3000], (60, 4)).tolist():
        touching = (far[:, 0] <= left + width) & (far[:, 2] >= left) & (far[:, 1] <= top + height) & (far[:, 3] >= top)
        found = geometry.routes_in((left, top, left + width, top + height))
        assert found.tolist() == np.flatnonzero(touching).tolist()


def test_places_asked_for_at_once_are_those_asked_for_one_by_one() -> None:
    rng = np.random.default_rng(3)
    boxes = [(float(x), float(y), 90.0, 40.0) for y in range(0, 1000, 130) for x in rng.uniform(0, 900, 4)]
    ends = [(a, b) for a in range(28) for b in range(28) if boxes[b][1] - boxes[a][1] in (130, 260)]
    routes = [(a, b, [(boxes[a][0], boxes[a][1] + 20), (boxes[b][0], boxes[b][1] - 20)]) for a, b in ends]
    for number, (a, b, (first, last)) in enumerate(routes):
        if number % 3 == 0:
            routes[number] = (a, b, [first, ((first[0] + last[0]) / 2 + 40, (first[1] + last[1]) / 2), last])
    geometry = Geometry(placed(boxes, routes))
    widths = rng.uniform(30, 120, len(routes)).tolist()
    alone = Anchors(geometry)
    wanted = [alone.place(route, width) for route, width in enumerate(widths)]
    found = Anchors(geometry).places(range(len(routes)), widths)
    assert [place is None for place in found] == [place is None for place in wanted]
    assert 0 < wanted.count(None) < len(wanted)
    both = [pair for pair in zip(found, wanted, strict=True) if None not in pair]
    assert all(one == pytest.approx(other) for one, other in both)


@pytest.mark.parametrize("direction", ["down", "right"])
def test_points_of_many_routes_lie_on_their_curves_in_order(direction: str) -> None:
    bent = [(0.0, 25.0), (120.0, 60.0), (120.0, 140.0), (200.0, 175.0)]
    routes = [(0, 1, [(0.0, 25.0), (200.0, 175.0)]), (0, 1, bent), (0, 1, [(10.0, 25.0), (10.0, 175.0)])]
    curves = Geometry(placed(TWO, routes, direction=direction)).curves
    points = curves.points(np.array([2, 1, 0]), (0.0, 0.25, 0.5, 0.75, 1.0))
    for route, found in zip((2, 1, 0), points, strict=True):
        drawn = curves.sample(route, 2000)
        nearest = [int(np.hypot(*(drawn - point).T).argmin()) for point in found]
        assert np.hypot(*(drawn[nearest] - found).T).max() < 0.5
        assert nearest[0] == 0
        assert nearest[-1] == 1999
        assert nearest == sorted(nearest)
