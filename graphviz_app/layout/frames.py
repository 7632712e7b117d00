"""Places inside of frames, and how large that makes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.layout import rails
from graphviz_app.layout.arrange import arranged, component_sizes, strip_bounds
from graphviz_app.layout.chips import SideChips
from graphviz_app.layout.coords import place_across
from graphviz_app.layout.flow import FRAME, PORT, Flow, firsts
from graphviz_app.layout.levels import Level, Sizes, entrances
from graphviz_app.layout.nesting import Nesting
from graphviz_app.layout.options import Check, FloatArray, IntArray, Options
from graphviz_app.layout.pack import pack
from graphviz_app.layout.portlines import PortLines
from graphviz_app.layout.rails import Ways
from graphviz_app.layout.routes import Routes, Scene, chip_routes, joined, layered_routes, loop_routes
from graphviz_app.layout.rows import Rows, stack_rows

PAD = 20.0
"""Room between a frame's border and what is inside."""
ENTER = 40.0
"""Room along the flow between a frame's ports, or its title, and the first layer inside, and after the last."""
TITLE_GAP = 12.0
"""Room before and after a frame's title."""
EMPTY = 120.0, 24.0
"""Room inside of a frame with nothing in it."""


@dataclass
class Measures:
    """What is known of frames, in flow coordinates, as their levels are placed.

    Attributes
    ----------
    title_height, title_width
        Room a title takes (``title_width`` one row a frame); `sideways`: the flow runs right and the title stands
        beside its start instead of over it.
    width, height
        Across and along the flow, one row a frame, the outermost last.
    left
        Distance of each frame's anchor, where a line runs straight through it if one does, from its left border.
    port
        Distance of each port from the left border of its frame.
    x, y
        Centre of each vertex (of a frame: left and top border) relative to the frame it lies in.
    """

    title_height: float
    title_width: FloatArray
    sideways: bool
    width: FloatArray
    height: FloatArray
    left: FloatArray
    port: FloatArray
    x: FloatArray
    y: FloatArray

    @property
    def across(self) -> float:
        """Room for the title across the flow."""
        return self.title_height if self.sideways else 0.0

    @property
    def along(self) -> float:
        """Room for the title along the flow."""
        return 0.0 if self.sideways else self.title_height


@dataclass
class Placed:
    """A level whose vertices have places relative to the frames they lie in."""

    flow: Flow
    chips: SideChips
    layer: IntArray
    x: FloatArray
    y: FloatArray
    routes: Routes


def guess_sizes(nesting: Nesting, level: Level, sizes: Sizes, measures: Measures, options: Options) -> None:
    """Guess how large a level's frames will be, before anything has its place; changes `sizes`."""
    layered, strips = level.layered, level.layered.strips
    layer, component = layered.layer, strips.component_of
    wide = np.bincount(layer, layered.left + layered.right + options.across, layered.layers)
    half = np.zeros(layered.layers)
    np.maximum.at(half, layer, layered.half)
    width = np.maximum.reduceat(wide, strips.start[:-1])
    height = np.add.reduceat(2 * half + _gaps(nesting, level, options), strips.start[:-1])
    by_component = np.bincount(component, width, len(level.frame))
    tall = np.zeros(len(level.frame))
    np.maximum.at(tall, component, height)
    frames = np.unique(level.frame)
    frames = frames[frames < nesting.frames.outermost]
    across, along = np.zeros(len(measures.width)), np.zeros(len(measures.width))
    np.add.at(across, level.frame, by_component)
    np.maximum.at(along, level.frame, tall)
    at = nesting.first_frame + frames
    sizes.box[0, at] = across[frames] + 2 * PAD + measures.across
    sizes.box[1, at] = along[frames] + measures.along


def place_level(nesting: Nesting, level: Level, measures: Measures, options: Options, check: Check) -> Placed:
    """Place what lies in a level's frames, and measure them; the frames inside of them have been.

    Changes `measures`.
    """
    flow, layered, chips = level.flow, level.layered, level.chips
    _set_sizes(nesting, level, measures)
    _lower_ports_of_columns(nesting, level)
    lines = PortLines(nesting, level, measures.port, measures.left)
    layered.lean = lines.lean()
    x = place_across(layered, level.sequence, options, check)
    lines.straighten(x)
    check()
    jumps = rails.find(layered, x)
    gaps = _gaps(nesting, level, options) + lines.slants(x)
    rows = stack_rows(layered, jumps, x, options, gaps)
    ways = rails.lay(jumps, layered, strip_bounds(layered, x), (rows.lane_below, rows.lane_above), options)
    ways.strip_x = np.ceil(ways.strip_x * 2) / 2  # so that what is straight stays so in the frames around
    place = _Frames(nesting, level, rows, ways, x).arrange(measures, options)
    component = layered.strips.component_of
    scene = arranged(layered, jumps, rows, ways, x, (place[0][component], place[1][component]))
    _note_places(nesting, level, scene, measures)
    check()
    centre = scene.x[: len(flow)], scene.y[: len(flow)]
    parts = [
        layered_routes(flow, layered, jumps, scene, (lines.out, lines.into)),
        chip_routes(flow, chips, *centre),
        loop_routes(flow, chips, *centre),
    ]
    strips = layered.strips
    return Placed(flow, chips, strips.layer - strips.base[strips.component], *centre, joined(parts))


def _set_sizes(nesting: Nesting, level: Level, measures: Measures) -> None:
    """Give the frames inside a level the sizes they came to."""
    rows = np.flatnonzero(level.flow.kind == FRAME)
    frame = level.flow.node[rows] - nesting.first_frame
    width, height, left = measures.width[frame], measures.height[frame], measures.left[frame]
    level.flow.width[rows], level.flow.height[rows] = width, height
    level.layered.left[rows], level.layered.right[rows], level.layered.half[rows] = left, width - left, height / 2


def _lower_ports_of_columns(nesting: Nesting, level: Level) -> None:
    """Let ports take no room where all columns begin below the title, not the first layer alone."""
    strips = level.layered.strips
    enter, _ = entrances(nesting, level.flow)
    wrapped = (np.bincount(strips.component_of) > 1)[strips.component]
    rows = np.flatnonzero(enter & wrapped)
    level.flow.height[rows] = level.layered.half[rows] = 0.0


def _gaps(nesting: Nesting, level: Level, options: Options) -> FloatArray:
    """Least room above each layer: less beside ports."""
    layer = level.layered.layer[: len(level.flow)]
    enter, leave = entrances(nesting, level.flow)
    gaps = np.full(level.layered.layers + 1, options.along)
    gaps[layer[enter] + 1] = ENTER
    gaps[layer[leave]] = ENTER
    return gaps[:-1]


class _Frames:
    """Puts the components of each frame side by side, those with ports first, and measures the frames."""

    def __init__(self, nesting: Nesting, level: Level, rows: Rows, ways: Ways, x: FloatArray) -> None:
        self._level, self._outermost = level, nesting.frames.outermost
        self._first_port = nesting.first_port
        strips = level.layered.strips
        self._width, self._height, self._sky = component_sizes(strips.component_of, rows, ways)
        self._enter, self._leave = entrances(nesting, level.flow)
        self._component = strips.component
        strip = strips.of_layer[level.layered.layer[: len(level.flow)]]
        self._x = x[: len(level.flow)] + ways.strip_x[strip]
        self._columns = np.bincount(strips.component_of)
        self._bottom = _bottoms(level, rows, np.unique(strip[self._leave]))
        count = len(level.frame)
        self._entered, self._left = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
        self._entered[self._component[self._enter]] = True
        self._left[self._component[self._leave]] = True

    def arrange(self, measures: Measures, options: Options) -> tuple[FloatArray, FloatArray]:
        """Left border, and top of the first layer, of each component, in its frame; changes `measures`."""
        left, top = self._side_by_side(options)
        if self._level.frame[0] == self._outermost:
            return left, top + self._sky
        frame, outside = self._level.frame, self._entered | self._left
        begin = measures.along + PAD
        top = np.where(outside, 0.0, top) + np.where(self._entered & (self._columns == 1), 0.0, begin + self._sky)
        frames = np.unique(frame)
        left += (PAD + measures.across + self._beside_title(left, measures))[frame]
        width, height = np.zeros(len(measures.width)), np.zeros(len(measures.width))
        np.maximum.at(width, frame, left + self._width + PAD)
        np.maximum.at(height, frame, top + self._bottom)
        title = measures.title_width + 2 * TITLE_GAP
        if measures.sideways:
            height = np.maximum(height, title)
        else:
            width = np.maximum(width, title)
        measures.width[frames], measures.height[frames] = np.ceil(width[frames]), height[frames]
        return left, top

    def _side_by_side(self, options: Options) -> tuple[FloatArray, FloatArray]:
        """Left and upper border of each component, from 0 in each frame."""
        frame, gap = self._level.frame, options.component_gap
        left, top = np.zeros(len(frame)), np.zeros(len(frame))
        many = np.flatnonzero(np.bincount(frame)[frame] > 1)
        outside = self._entered | self._left
        for number in np.unique(frame[many]).tolist():
            here = many[frame[many] == number]
            first, others = here[outside[here]], here[~outside[here]]
            left[others], top[others] = pack(self._width[others], self._height[others], gap, options.aspect)
            if len(first):
                left[others] += self._width[first].max() + gap
        return left, top

    def _beside_title(self, left: FloatArray, measures: Measures) -> FloatArray:
        """How far what is in each frame has to make way for its title, so that no line runs through that."""
        way = np.zeros(len(measures.width))
        if not measures.sideways and self._enter.any():
            component = self._component[self._enter]
            frame = self._level.frame[component]
            room = measures.title_width[frame] + 2 * TITLE_GAP - PAD
            np.maximum.at(way, frame, np.ceil(room - self._x[self._enter] - left[component]))
        return way


def _bottoms(level: Level, rows: Rows, leaving: IntArray) -> FloatArray:
    """How far below its first layer each component needs room; the strips `leaving` end on the border."""
    strips = level.layered.strips
    needed = rows.height + PAD
    needed[leaving] -= PAD
    result = np.zeros(len(level.frame))
    np.maximum.at(result, strips.component_of, needed)
    return result


def _note_places(nesting: Nesting, level: Level, scene: Scene, measures: Measures) -> None:
    """Note where vertices and ports are within their frames, and where the frames want to be straight."""
    flow = level.flow
    x, y = scene.x[: len(flow)].copy(), scene.y[: len(flow)].copy()
    rows = np.flatnonzero(flow.kind == FRAME)
    x[rows] -= level.layered.left[rows]
    y[rows] -= level.layered.half[rows]
    own = np.flatnonzero(~flow.chip)
    measures.x[flow.node[own]], measures.y[flow.node[own]] = x[own], y[own]
    rows = np.flatnonzero(flow.kind == PORT)
    measures.port[flow.node[rows] - nesting.first_port] = x[rows]
    _choose_anchors(nesting, level, rows, x[rows], measures)


def _choose_anchors(nesting: Nesting, level: Level, rows: IntArray, x: FloatArray, measures: Measures) -> None:
    """Let the line run straight through each frame that does so inside, or else the one nearest its middle."""
    frames = np.unique(level.frame)
    frames = frames[frames < nesting.frames.outermost]
    measures.left[frames] = measures.width[frames] / 2
    if not len(rows):
        return
    port = level.flow.node[rows] - nesting.first_port
    frame, enter = nesting.port_frame[port], nesting.port_in[port]
    order = np.lexsort((x, frame))
    through = np.zeros(len(rows), np.bool_)
    a, b = order[:-1], order[1:]
    same = (frame[a] == frame[b]) & (x[a] == x[b]) & (enter[a] != enter[b])
    through[a[same]] = through[b[same]] = True
    away = np.abs(x - measures.width[frame] / 2)
    best = np.lexsort((port, away, ~enter, ~through, frame))
    first = firsts(frame[best])
    measures.left[frame[best[first]]] = x[best[first]]
