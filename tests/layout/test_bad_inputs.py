"""Graphs nobody wants to draw: they are laid out all the same, or given up at once when nobody waits for them."""

from __future__ import annotations

import numpy as np
import pytest
from district_graphs import TITLE, Drawing
from test_place_districts import assert_frames_hold_their_own, assert_routes_keep_to_their_frames

from graphviz_app.layout import LayoutCancelled, Options, place_columns
from graphviz_app.recording.model import Edges, NodeKind


def columns(count: int, src: np.ndarray, dst: np.ndarray) -> tuple[np.ndarray, Edges, np.ndarray, np.ndarray]:
    """Kinds, edges, nodes and sizes of a graph of ops."""
    zero = np.zeros(len(src), np.int32)
    slot = np.arange(len(src), dtype=np.int32)
    edges = Edges(src.astype(np.int32), zero, dst.astype(np.int32), slot, zero, zero.astype(np.uint8))
    sizes = np.tile(np.array([120, 44], np.float32), (count, 1))
    return np.full(count, NodeKind.OP, np.uint8), edges, np.arange(count), sizes


@pytest.mark.parametrize("inside", [False, True])
def test_a_node_with_fifty_thousand_inputs(inside: bool) -> None:
    drawing = Drawing()
    frame = drawing.open()
    inputs = [drawing.box(frame if inside else -1) for _ in range(50_000)]
    drawing.box(-1 if inside else frame, *inputs)
    placement = drawing.place()
    assert len(placement.edge_id) == 50_000
    order = np.argsort(placement.x[:50_000])
    apart = np.diff(placement.x[order]) >= 120
    assert apart.all()
    assert placement.crossings == 0


def test_two_thousand_roots_fill_a_page_and_no_endless_row() -> None:
    count = 2_000
    ints = np.arange(count)
    kind, edges, nodes, sizes = columns(2 * count, ints, ints + count)
    kind[count:] = NodeKind.ROOT
    placement = place_columns(kind, edges, nodes, sizes, sizes / 2)
    width, height = np.ptp(placement.x), np.ptp(placement.y)
    assert 0.5 < width / height < 4


def test_a_million_nodes_can_be_given_up() -> None:
    count = 1_000_000
    ints = np.arange(count - 1)
    kind, edges, nodes, sizes = columns(count, ints, ints + 1)
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    with pytest.raises(LayoutCancelled):
        place_columns(kind, edges, nodes, sizes, sizes / 2, cancelled=cancelled)
    assert asked == 4


def test_districts_a_thousand_deep() -> None:
    drawing = Drawing()
    at: list[int] = []
    frames: list[int] = []
    for _ in range(1_000):
        frames.append(drawing.open(frames[-1] if frames else -1))
        at = [drawing.box(frames[-1], *at)]
    for frame in reversed(frames):
        at = [drawing.box(frame, *at)]
    placement = drawing.place()
    parent = placement.frame_parent
    inner = np.flatnonzero(parent >= 0)
    outer = parent[inner]
    for side in (-1, 1):
        for axis, size in (("x", "width"), ("y", "height")):
            border = getattr(placement, f"frame_{axis}") + side * getattr(placement, f"frame_{size}") / 2
            assert (side * (border[outer] - border[inner]) > 0).all()


def test_districts_that_feed_each_other_have_lines_that_climb_at_their_side() -> None:
    drawing = Drawing()
    one, other = drawing.open(), drawing.open()
    at = drawing.box(one)
    for frame in (other, one, other, one):
        at = drawing.box(frame, at)
    placement = drawing.place()
    assert placement.edge_rail.any()
    assert_frames_hold_their_own(drawing, placement)
    assert_routes_keep_to_their_frames(drawing, placement)


def test_titles_wider_than_what_they_stand_over_widen_their_frames() -> None:
    drawing = Drawing()
    drawing.box(drawing.open(), drawing.box(-1))
    for options in (Options(), Options(direction="right")):
        placement = drawing.place(options, title=2_000.0)
        assert placement.frame_width[0] > 2_000
        assert placement.frame_height[0] > TITLE
