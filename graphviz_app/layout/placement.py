"""What a layout gives back: boxes and routes as plain columns, ready to cross a process boundary."""

from __future__ import annotations

import msgspec
import numpy as np

from graphviz_app.recording.model import Column

_NONE, _NOWHERE = np.zeros(0, np.int32), np.zeros(0, np.float32)


def _none() -> Column:
    return _NONE


def _nowhere() -> Column:
    return _NOWHERE


class Placement(msgspec.Struct):
    """Places of boxes and routes of edges, in layout units (one unit = one pixel at zoom 1, y grows down).

    A node usually has one box; so has a closed district, numbered after all nodes. A shared leaf or constant has one
    small box ("chip") beside each use instead.
    """

    box_node: Column
    """int32: recording node (or closed district) each box stands for."""
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
    frame: Column = msgspec.field(default_factory=_none)
    """int32: group of each open district. All boxes and frames inside of it lie within its border, no others do."""
    frame_parent: Column = msgspec.field(default_factory=_none)
    """int32 -> frames: the frame around each frame, which comes before it; -1: none."""
    frame_x: Column = msgspec.field(default_factory=_nowhere)
    """float32: centre of each frame. Edges pass its border along the flow only: in at the start, out at the end."""
    frame_y: Column = msgspec.field(default_factory=_nowhere)
    """float32: centre."""
    frame_width: Column = msgspec.field(default_factory=_nowhere)
    """float32."""
    frame_height: Column = msgspec.field(default_factory=_nowhere)
    """float32. Below its upper border there is room for a title, in which there is nothing but lines going straight."""
