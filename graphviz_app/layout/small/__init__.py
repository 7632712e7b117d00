"""Small graphs laid out in plain Python: to the last bit as numpy does it, in a third of the time.

Most of what numpy takes for a graph of twenty boxes is the price of some 400 calls of it.
"""

from __future__ import annotations

import numpy as np

from graphviz_app.layout.options import Check, Options
from graphviz_app.layout.placement import Placement
from graphviz_app.layout.rows import FAN, HIGHEST, STEEPER
from graphviz_app.layout.small.across import place_across
from graphviz_app.layout.small.graph import Small, read
from graphviz_app.layout.small.lines import Band, Route, routes
from graphviz_app.layout.small.order import put_in_order
from graphviz_app.recording.model import Column, Edges

MOST = 60
"""Nodes up to which a graph is small."""
MOST_EDGES = 150


def place_small(
    kind: Column, edges: Edges, nodes: Column, sizes: Column, chip_sizes: Column, options: Options, check: Check
) -> Placement | None:
    """Lay out a small graph; ``None`` for one that is not small, or has chips, rails, columns or several parts.

    Parameters are those of :func:`graphviz_app.layout.place_columns`.
    """
    if not 0 < len(nodes) <= MOST or len(edges) > MOST_EDGES or options.effort > 1:
        return None
    check()
    small = read(kind, edges, nodes, sizes, chip_sizes, options)
    if small is None:
        return None
    crossings = put_in_order(small, options, check)
    x = place_across(small, options)
    bands = _bands(small, x, options)
    left = -min([centre - reach for centre, reach in zip(x, small.reach, strict=True)])
    x = [centre + left for centre in x]
    return _placement(small, x, bands, routes(small, x, bands), options, crossings)


def _bands(small: Small, x: list[float], options: Options) -> list[Band]:
    """Stack the layers, leaving room for wide fans of edges."""
    layer = small.layer
    tall, higher = [0.0] * len(small.rows), [0.0] * len(small.rows)
    for at, height in zip(layer, small.height, strict=False):
        if height > tall[at]:
            tall[at] = height
    for upper, lower, _ in small.edges if max(x) - min(x) > FAN else ():
        fan = min((abs(x[upper] - x[lower]) - FAN) * STEEPER, HIGHEST)
        higher[layer[lower]] = max(higher[layer[lower]], fan)
    bands: list[Band] = []
    bottom = 0.0
    for height, more in zip(tall, higher, strict=True):
        bottom += (options.along + more if bands else 0.0) + height
        bands.append((bottom - height, bottom - height + height / 2, bottom))
    return bands


def _placement(
    small: Small, x: list[float], bands: list[Band], lines: list[Route], options: Options, crossings: int
) -> Placement:
    """Put it into columns, and turn the picture if forward runs right."""
    boxes = len(small.node)
    points = [point for line in lines for point in line[3]]
    places = x[:boxes], [bands[layer][1] for layer in small.layer[:boxes]]
    sizes, knots = (small.width, small.height), ([point[0] for point in points], [point[1] for point in points])
    if options.direction == "right":
        sizes, places, knots = sizes[::-1], places[::-1], knots[::-1]
    start = [0]
    for line in lines:
        start.append(start[-1] + len(line[3]))
    return Placement(
        box_node=np.array(small.node, np.int32),
        box_chip=np.zeros(boxes, np.uint8),
        x=np.array(places[0], np.float32),
        y=np.array(places[1], np.float32),
        width=np.array(sizes[0], np.float32),
        height=np.array(sizes[1], np.float32),
        layer=np.array(small.layer[:boxes], np.int32),
        edge_id=np.array([line[0] for line in lines], np.int32),
        edge_src=np.array([line[1] for line in lines], np.int32),
        edge_dst=np.array([line[2] for line in lines], np.int32),
        edge_rail=np.zeros(len(lines), np.uint8),
        point_start=np.array(start, np.int32),
        point_x=np.array(knots[0], np.float32),
        point_y=np.array(knots[1], np.float32),
        direction=options.direction,
        crossings=crossings,
    )
