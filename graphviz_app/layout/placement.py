"""What a layout gives back: boxes and routes as plain columns, ready to cross a process boundary."""

from __future__ import annotations

import msgspec

from graphviz_app.recording.model import Column


class Placement(msgspec.Struct):
    """Places of boxes and routes of edges, in layout units (one unit = one pixel at zoom 1, y grows down).

    A node usually has one box; a shared leaf or constant has one small box ("chip") beside each use instead.
    """

    box_node: Column
    """int32: recording node each box stands for."""
    box_chip: Column
    """uint8: 1 for a chip."""
    x: Column
    """float32: centre."""
    y: Column
    """float32: centre."""
    width: Column
    """float32."""
    height: Column
    """float32."""
    layer: Column
    """int32: layer of each box (0 first in forward order), for chips that of the box beside."""
    edge_id: Column
    """int32: recording edge of each route."""
    edge_src: Column
    """int32 -> boxes."""
    edge_dst: Column
    """int32 -> boxes."""
    edge_rail: Column
    """uint8: 1 when the route runs along a rail at the side."""
    point_start: Column
    """int32, m+1 rows: route i passes through points ``point_start[i]:point_start[i+1]`` in forward direction; the
    first lies on the border of its source box and the last on the border of its target box. A segment along an axis
    is straight; a slanted one lies between two layers and is an S that leaves and arrives along the flow (cubic, both
    control points half way along the flow); corners between straight segments may be rounded (radius up to 10). Drawn
    so, no route passes through a box."""
    point_x: Column
    """float32."""
    point_y: Column
    """float32."""
    direction: str
    """``"down"`` or ``"right"``: where forward runs."""
    crossings: int
    """Edge crossings between neighbouring layers, as counted by the layout; ``-1`` when not counted."""
