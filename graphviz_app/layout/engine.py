"""The layout from end to end: a networkx graph in, a placement out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from graphviz_app.layout import rails
from graphviz_app.layout.arrange import arranged, component_sizes, strip_bounds
from graphviz_app.layout.build import flow_from_columns
from graphviz_app.layout.chips import SideChips, take_out
from graphviz_app.layout.coords import place_across, side_by_side
from graphviz_app.layout.flow import Flow, read
from graphviz_app.layout.layers import Layered, build
from graphviz_app.layout.options import Check, FloatArray, IntArray, LayoutCancelled, Options
from graphviz_app.layout.order import Ordering
from graphviz_app.layout.pack import pack
from graphviz_app.layout.placement import Placement
from graphviz_app.layout.rails import Ways
from graphviz_app.layout.routes import Routes, chip_routes, joined, layered_routes, loop_routes
from graphviz_app.layout.rows import Rows, stack_rows
from graphviz_app.layout.small import place_small
from graphviz_app.layout.strips import stack
from graphviz_app.recording.collector import collector_paused
from graphviz_app.recording.model import Column, Edges

if TYPE_CHECKING:
    import networkx as nx


DRAFT_FROM = 30_000
"""Vertices and edges from which a graph takes over 0.3 s, and a draft of it is worth its time."""


def never() -> bool:
    """Nobody cancels."""
    return False


def place(graph: nx.DiGraph, options: Options | None = None, *, cancelled: Callable[[], bool] = never) -> Placement:
    """Lay out an autograd graph in layers.

    The same graph gives the same picture, whatever order its nodes and edges were added in.

    Parameters
    ----------
    graph
        Nodes are recording node ids with the attributes ``kind`` (:class:`~graphviz_app.recording.model.NodeKind`),
        ``width``, ``height``, ``chip_width``, ``chip_height`` (layout units). Edges u -> v run forward and carry
        ``ids`` (the recording edges between the two) and may carry ``slot`` (where they enter v, for left to right
        order; else the least id counts). Cycles, self-loops and isolated nodes are allowed.
    options
        Direction, distances, and what may be done to large graphs.
    cancelled
        Asked now and then.

    Returns
    -------
    Placement
        Routes are knots. A segment along an axis is straight; a slanted one lies between two layers and is meant to
        be drawn as an S that leaves and arrives along the flow (control points at half its length along the flow);
        corners between straight segments may be rounded. Routes never pass through a box, drawn either way.

    Raises
    ------
    LayoutCancelled
        When `cancelled` said yes.
    ValueError
        When a size is negative or not finite.
    """
    options = options or Options()
    return _placed(lambda: read(graph, sideways=options.direction == "right"), options, _checking(cancelled))


def place_columns(
    kind: Column,
    edges: Edges,
    nodes: Column,
    sizes: Column,
    chip_sizes: Column,
    options: Options | None = None,
    *,
    cancelled: Callable[[], bool] = never,
    on_draft: Callable[[Placement], None] | None = None,
) -> Placement:
    """Lay out some of a recording's nodes: as ``place(from_columns(...))``, without the networkx graph in between.

    Parameters
    ----------
    kind, edges, nodes, sizes, chip_sizes
        As :func:`graphviz_app.layout.from_columns` takes them.
    options, cancelled
        As for :func:`place`.
    on_draft
        Given a first picture, with all boxes in their layers but in no particular order, of a graph so large that the
        final one keeps a person waiting.

    Raises
    ------
    LayoutCancelled, ValueError
        As :func:`place`.
    """
    options = options or Options()
    check = _checking(cancelled)
    small = place_small(kind, edges, nodes, sizes, chip_sizes, options, check)
    if small is not None:
        return small
    sideways = options.direction == "right"
    return _placed(
        lambda: flow_from_columns(kind, edges, nodes, sizes, chip_sizes, sideways=sideways),
        options,
        check,
        on_draft,
    )


def _checking(cancelled: Callable[[], bool]) -> Check:
    def check() -> None:
        if cancelled():
            raise LayoutCancelled

    return check


def _placed(
    make: Callable[[], Flow],
    options: Options,
    check: Check,
    on_draft: Callable[[Placement], None] | None = None,
) -> Placement:
    with collector_paused():
        check()
        flow = make()
        if not len(flow):
            return _nothing(flow, options)
        flow, chips, ranks = take_out(flow, options, check)
        strips = stack(flow, ranks, chips, options)
        layered = build(flow, ranks, strips, chips, options)
        check()
        if on_draft is not None and len(layered) + len(layered.upper) > DRAFT_FROM:
            sequence = layered.layer.argsort(kind="stable")
            on_draft(_drawn(flow, chips, layered, side_by_side(layered, sequence, options), -1, options, check))
        ordering = Ordering(layered, options, check)
        x = place_across(layered, ordering.sequence, options, check)
        return _drawn(flow, chips, layered, x, ordering.crossings, options, check)


def _drawn(
    flow: Flow, chips: SideChips, layered: Layered, x: FloatArray, crossings: int, options: Options, check: Check
) -> Placement:
    """Heights and routes, once everything has its place across the flow."""
    strips = layered.strips
    check()
    jumps = rails.find(layered, x)
    rows = stack_rows(layered, jumps, x, options)
    ways = rails.lay(jumps, layered, strip_bounds(layered, x), (rows.lane_below, rows.lane_above), options)
    scene = arranged(layered, jumps, rows, ways, x, _packed(strips.component_of, rows, ways, options))
    check()
    centre = scene.x[: len(flow)], scene.y[: len(flow)]
    parts = [
        layered_routes(flow, layered, jumps, scene),
        chip_routes(flow, chips, *centre),
        loop_routes(flow, chips, *centre),
    ]
    layer = strips.layer - strips.base[strips.component]
    return _result(flow, chips, joined(parts), centre, options, layer, crossings)


def _nothing(flow: Flow, options: Options) -> Placement:
    nowhere, chips = (np.zeros(0), np.zeros(0)), SideChips.none(flow)
    return _result(flow, chips, loop_routes(flow, chips, *nowhere), nowhere, options, flow.node, 0)


def _packed(component: IntArray, rows: Rows, ways: Ways, options: Options) -> tuple[FloatArray, FloatArray]:
    """Find room for the components; return where each of their strips begins across and along."""
    if int(component[-1]) == 0:
        return np.zeros(len(component)), np.full(len(component), ways.top.max())
    width, height, sky = component_sizes(component, rows, ways)
    left, top = pack(width, height, options.component_gap, options.aspect)
    return left[component], (top + sky)[component]


def _result(
    flow: Flow,
    chips: SideChips,
    routes: Routes,
    centre: tuple[FloatArray, FloatArray],
    options: Options,
    layer: IntArray,
    crossings: int,
) -> Placement:
    """Join boxes and chips, and turn the picture if forward runs right."""
    (x, y), node, chip, width, height = centre, flow.node, flow.chip, flow.width, flow.height
    if len(chips.node):
        x = np.concatenate([x, x[chips.consumer] + chips.dx])
        y = np.concatenate([y, y[chips.consumer] + chips.dy])
        width, height = np.concatenate([width, chips.width]), np.concatenate([height, chips.height])
        node = np.concatenate([node, chips.node])
        chip = np.concatenate([chip, np.ones(len(chips.node), np.bool_)])
        layer = np.concatenate([layer, layer[chips.consumer]])
    points = (routes.x, routes.y)
    if options.direction == "right":
        x, y, width, height, points = y, x, height, width, points[::-1]
    return Placement(
        box_node=node.astype(np.int32),
        box_chip=chip.astype(np.uint8),
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        width=width.astype(np.float32),
        height=height.astype(np.float32),
        layer=layer.astype(np.int32),
        edge_id=routes.edge.astype(np.int32),
        edge_src=routes.src.astype(np.int32),
        edge_dst=routes.dst.astype(np.int32),
        edge_rail=routes.rail.astype(np.uint8),
        point_start=routes.start.astype(np.int32),
        point_x=points[0].astype(np.float32),
        point_y=points[1].astype(np.float32),
        direction=options.direction,
        crossings=crossings,
    )
