"""Open districts as a person sees them: frames hold what is theirs, and lines only enter where they belong."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from district_graphs import TITLE, Drawing, drawings
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_checks import assert_clear, assert_no_overlap, drawn, knots, on_border, same

from graphviz_app.layout import Options, Placement

CHOICES = [
    Options(),
    Options(direction="right"),
    Options(chips=False, max_dummy_span=2),
    Options(effort=2),
    Options(wrap_layers=3),
    Options(direction="right", wrap_layers=3, max_uses=1),
]


def frame_borders(placement: Placement) -> np.ndarray:
    """Left, top, right, bottom of every frame, (f, 4)."""
    x, y, w, h = (np.asarray(getattr(placement, f"frame_{name}"), np.float64) for name in ("x", "y", "width", "height"))
    return np.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], axis=1)


def around(drawing: Drawing, box: int) -> list[int]:
    """Frames a box lies in, inside out."""
    found, frame = [], drawing.frame[box]
    while frame >= 0:
        found.append(frame)
        frame = drawing.parent[frame]
    return found


def assert_frames_hold_their_own(drawing: Drawing, placement: Placement) -> None:
    """Boxes and frames lie within the frames they belong to, below the title, and in no others."""
    borders = frame_borders(placement)
    box_frames = [set(around(drawing, int(node))) for node in placement.box_node]
    x, y, w, h = (np.asarray(getattr(placement, name), np.float64) for name in ("x", "y", "width", "height"))
    for box, frames in enumerate(box_frames):
        if placement.box_chip[box]:  # it is where its use is
            use = placement.edge_dst[placement.edge_src == box]
            frames = set(around(drawing, int(placement.box_node[use[0]])))
        for frame, (left, top, right, bottom) in enumerate(borders):
            inside = x[box] - w[box] / 2 > left and x[box] + w[box] / 2 < right
            inside = inside and y[box] - h[box] / 2 > top + TITLE and y[box] + h[box] / 2 < bottom
            outside = x[box] + w[box] / 2 < left or x[box] - w[box] / 2 > right
            outside = outside or y[box] + h[box] / 2 < top or y[box] - h[box] / 2 > bottom
            assert inside if frame in frames else outside, (box, frame)
    for frame, (left, top, right, bottom) in enumerate(borders):
        for other, (left2, top2, right2, bottom2) in enumerate(borders[:frame]):
            up, nested = frame, False
            while up >= 0:
                nested |= up == other
                up = drawing.parent[up]
            inside = left > left2 and right < right2 and top > top2 + TITLE and bottom < bottom2
            apart = right < left2 or right2 < left or bottom < top2 or bottom2 < top
            assert inside if nested else apart, (frame, other)


def assert_routes_keep_to_their_frames(drawing: Drawing, placement: Placement) -> None:
    """A route enters the frames its target is in at their start and leaves its source's at their end, and no others."""
    borders = frame_borders(placement)
    along = 1 if placement.direction == "down" else 0
    for route in range(len(placement.edge_id)):
        src, dst = int(placement.edge_src[route]), int(placement.edge_dst[route])
        target = int(placement.box_node[dst])
        source = int(placement.box_node[src])
        to = set(around(drawing, target))
        begin = to if placement.box_chip[src] else set(around(drawing, source))
        points = drawn(placement, route)
        for frame, (left, top, right, bottom) in enumerate(borders):
            x, y = points[:, 0], points[:, 1]
            inside = (x > left + 0.1) & (x < right - 0.1) & (y > top + 0.1) & (y < bottom - 0.1)
            if frame in begin and frame in to:
                assert x.min() > left
                assert x.max() < right
                assert y.min() > top
                assert y.max() < bottom
            elif frame not in begin and frame not in to:
                assert not inside.any(), (route, frame)
            else:
                assert np.count_nonzero(np.diff(inside.astype(int))) == 1, (route, frame)
                assert_straight_over(knots(placement, route), borders[frame], along, leaving=frame in begin)


def assert_straight_over(knot: np.ndarray, border: np.ndarray, along: int, *, leaving: bool) -> None:
    """Where a route passes the end (the start) of a frame, it runs along the flow or has a knot."""
    line = border[2 + along] if leaving else border[along]
    low, high = border[1 - along], border[3 - along]
    beyond = knot[:, along] > line + 0.1
    within = (knot[:, 1 - along] > low) & (knot[:, 1 - along] < high)
    passing = (beyond[1:] != beyond[:-1]) & (within[1:] | within[:-1])
    straight = knot[1:, 1 - along] == knot[:-1, 1 - along]
    at_line = np.isclose(knot[:, along], line, atol=0.1)
    assert (straight | at_line[1:] | at_line[:-1])[passing].all()


def assert_titles_are_clear(placement: Placement, title: float) -> None:
    """No line runs through the room of a title."""
    for left, top, *_ in frame_borders(placement):
        for route in range(len(placement.edge_id)):
            x, y = drawn(placement, route).T
            hit = (x > left + 1) & (x < left + title) & (y > top + 1) & (y < top + TITLE)
            assert not hit.any(), route


def assert_routed(drawing: Drawing, placement: Placement) -> None:
    """Every edge has one route between its boxes."""
    assert placement.edge_id.tolist() == list(range(len(drawing.edges)))
    for route, (source, target, _) in enumerate(drawing.edges):
        src, dst = int(placement.edge_src[route]), int(placement.edge_dst[route])
        assert (int(placement.box_node[src]), int(placement.box_node[dst])) == (source, target)
        points = knots(placement, route)
        assert np.isfinite(points).all()
        assert on_border(placement, points[0], src)
        assert on_border(placement, points[-1], dst)


@given(drawings(), st.sampled_from(CHOICES))
@settings(max_examples=150)
def test_any_forest_of_frames_is_drawn_soundly(drawing: Drawing, options: Options) -> None:
    placement = drawing.place(options)
    assert_no_overlap(placement)
    assert_frames_hold_their_own(drawing, placement)
    assert_routed(drawing, placement)
    assert_clear(placement)
    assert_routes_keep_to_their_frames(drawing, placement)
    assert_titles_are_clear(placement, 90.0)


@given(drawings(convex=False), st.sampled_from(CHOICES))
@settings(max_examples=100)
def test_frames_that_lie_in_each_others_way_are_drawn_soundly(drawing: Drawing, options: Options) -> None:
    placement = drawing.place(options)
    assert_no_overlap(placement)
    assert_frames_hold_their_own(drawing, placement)
    assert_routed(drawing, placement)
    assert_clear(placement)
    assert_routes_keep_to_their_frames(drawing, placement)


@given(drawings())
@settings(max_examples=60)
def test_forward_runs_down_through_frames(drawing: Drawing) -> None:
    placement = drawing.place(Options(wrap=False))
    for route in range(len(placement.edge_id)):
        src, dst = placement.edge_src[route], placement.edge_dst[route]
        if not placement.box_chip[src]:
            assert placement.layer[src] < placement.layer[dst]
            assert (np.diff(knots(placement, route)[:, 1]) >= 0).all()


@given(drawings(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_picture_does_not_depend_on_the_order_of_edges(drawing: Drawing, rng: object) -> None:
    order = list(range(len(drawing.edges)))
    rng.shuffle(order)
    assert same(drawing.place(), drawing.place(order=order))


def test_without_frames_it_is_the_flat_layout() -> None:
    drawing = Drawing()
    x = drawing.leaf(-1)
    a, b = drawing.box(-1, x), drawing.box(-1, x)
    drawing.box(-1, a, b)
    placement = drawing.place()
    assert len(placement.frame) == 0
    assert placement.x[a] < placement.x[b]
    assert placement.x[x] == placement.x[3] == (placement.x[a] + placement.x[b]) / 2


def test_a_chain_runs_straight_through_frames() -> None:
    drawing = Drawing()
    at = drawing.box(-1)
    outer = drawing.open()
    for _ in range(3):
        frame = drawing.open(outer)
        for _ in range(3):
            at = drawing.box(frame, at, drawing.leaf(frame))
    drawing.box(-1, at)
    placement = drawing.place()
    trunk = [box for box, kind in enumerate(drawing.kind) if kind == 0]
    assert len({float(placement.x[box]) for box in trunk}) == 1
    for route, (source, _, _) in enumerate(drawing.edges):
        if source in trunk:
            assert len(knots(placement, route)) == 2


def test_a_skip_over_a_frame_passes_beside_it() -> None:
    drawing = Drawing()
    begin = drawing.box(-1)
    frame = drawing.open()
    inner = drawing.box(frame, begin)
    for _ in range(3):
        inner = drawing.box(frame, inner)
    end = drawing.box(-1, inner, begin)
    placement = drawing.place()
    skip = drawing.edges.index((begin, end, 1))
    assert_routes_keep_to_their_frames(drawing, placement)
    chain = range(len(drawing.frame))
    assert len({float(placement.x[box]) for box in chain}) == 1
    assert drawn(placement, skip)[:, 0].max() > frame_borders(placement)[0, 2]


def test_one_tensor_enters_a_frame_by_one_port_however_often_it_is_used() -> None:
    drawing = Drawing()
    x = drawing.box(-1)
    frame = drawing.open()
    for _ in range(3):
        drawing.box(frame, x)
    placement = drawing.place()
    top = frame_borders(placement)[0, 1]
    entered = set()
    for route in range(3):
        points = drawn(placement, route)
        inside = int(np.argmax(points[:, 1] >= top - 0.1))
        entered.add(float(points[inside, 0]))
    assert len(entered) == 1


def test_ports_stand_in_the_order_of_what_they_lead_to() -> None:
    drawing = Drawing()
    sources = [drawing.box(-1) for _ in range(4)]
    frame = drawing.open()
    inside = [drawing.box(frame, source) for source in sources[::-1]]
    for box in inside:
        drawing.box(-1, box)
    placement = drawing.place()
    assert placement.crossings == 0
    points = [drawn(placement, route) for route in range(len(drawing.edges))]
    for one, other in pairwise(points[:4]):
        assert (one[:, 0] < other[:, 0]).all() or (one[:, 0] > other[:, 0]).all()


def test_a_long_chain_of_closed_districts_wraps_into_columns_within_its_frame() -> None:
    drawing = Drawing()
    at = drawing.box(-1)
    frame = drawing.open()
    for _ in range(152):
        at = drawing.box(frame, at, kind=255, size=(180, 70))
    drawing.box(-1, at)
    placement = drawing.place()
    left, top, right, bottom = frame_borders(placement)[0]
    assert 0.5 < (right - left) / (bottom - top) < 4
    assert_clear(placement)
    assert_frames_hold_their_own(drawing, placement)


def test_a_shared_weight_is_a_chip_in_each_frame_that_uses_it() -> None:
    drawing = Drawing()
    weight, at = drawing.leaf(-1), drawing.box(-1)
    for _ in range(3):
        at = drawing.box(drawing.open(), at, weight)
    placement = drawing.place()
    assert np.count_nonzero(placement.box_node == weight) == 3
    assert_frames_hold_their_own(drawing, placement)


def test_an_empty_district_is_a_small_frame() -> None:
    drawing = Drawing()
    drawing.box(-1, drawing.box(-1))
    drawing.open(drawing.open())
    placement = drawing.place()
    assert (placement.frame_width >= 100).all()
    assert (placement.frame_height >= TITLE).all()
    assert_frames_hold_their_own(drawing, placement)


def test_nothing_at_all_is_an_empty_picture() -> None:
    placement = Drawing().place()
    assert len(placement.x) == len(placement.frame) == len(placement.edge_id) == 0
