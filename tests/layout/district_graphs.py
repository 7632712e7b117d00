"""Graphs with open and closed districts, written down by hand or drawn at random."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from graphviz_app.layout import Options, Placement, place_districts
from graphviz_app.recording.districts import Folded
from graphviz_app.recording.model import Edges, NodeKind

TITLE = 26.0


@dataclass
class Drawing:
    """What is drawn: boxes (closed districts have kind 255) and frames, as lists."""

    frame: list[int] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    size: list[tuple[float, float]] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    edges: list[tuple[int, int, int]] = field(default_factory=list)

    def open(self, parent: int = -1) -> int:
        """Add an open district."""
        self.parent.append(parent)
        return len(self.parent) - 1

    def box(self, frame: int, *sources: int, kind: int = NodeKind.OP, size: tuple[float, float] = (120, 40)) -> int:
        """Add a box that is fed by `sources`."""
        self.frame.append(frame)
        self.kind.append(int(kind))
        self.size.append(size)
        for slot, source in enumerate(sources):
            self.edges.append((source, len(self.frame) - 1, slot))
        return len(self.frame) - 1

    def leaf(self, frame: int) -> int:
        """Add a leaf."""
        return self.box(frame, kind=NodeKind.LEAF, size=(90, 36))

    def folded(self, order: list[int] | None = None) -> tuple[np.ndarray, Edges, Folded]:
        """As the layout takes it; the drawn edges may be listed in any `order`."""
        count, many = len(self.frame), len(self.edges)
        src, dst, slot = (np.array([edge[at] for edge in self.edges], np.int32) for at in range(3))
        zero = np.zeros(many, np.int32)
        ids = np.arange(many, dtype=np.int32)
        listed = ids if order is None else np.array(order, np.int32)
        boxes = np.arange(count, dtype=np.int32)
        folded = Folded(
            count,
            [],
            boxes,
            boxes,
            np.array(self.frame, np.int32),
            np.arange(len(self.parent), dtype=np.int32),
            np.array(self.parent, np.int32),
            src[listed],
            dst[listed],
            np.arange(many + 1, dtype=np.int32),
            listed,
        )
        return np.array(self.kind, np.uint8), Edges(src, zero, dst, slot, zero, zero.astype(np.uint8)), folded

    def place(self, options: Options | None = None, order: list[int] | None = None, title: float = 90.0) -> Placement:
        """Lay it out."""
        kind, edges, folded = self.folded(order)
        sizes = np.array(self.size, np.float32).reshape(-1, 2)
        titles = np.full(len(self.parent), title)
        chips = np.tile([64.0, 22.0], (len(sizes), 1))
        return place_districts(kind, edges, folded, sizes, chips, TITLE, options, title_width=titles)


@st.composite
def drawings(draw: st.DrawFn, *, convex: bool = True) -> Drawing:
    """Any graph with any forest of frames; with `convex` ones no frame needs an edge that climbs."""
    drawing = Drawing()
    count = draw(st.integers(0, 20))
    stack = [-1]
    frames = [-1]
    for node in range(count):
        if convex:
            while len(stack) > 1 and draw(st.integers(0, 3)) == 0:
                stack.pop()
            while len(stack) < 5 and draw(st.integers(0, 2)) == 0:
                stack.append(drawing.open(stack[-1]))
            frame = stack[-1]
        else:
            if draw(st.integers(0, 2)) == 0:
                frames.append(drawing.open(draw(st.sampled_from(frames))))
            frame = draw(st.sampled_from(frames))
        sources = draw(st.lists(st.integers(0, node - 1), max_size=3)) if node else []
        kind = draw(st.sampled_from([NodeKind.LEAF, NodeKind.CONSTANT, NodeKind.OP, 255]))
        drawing.box(frame, *sources, kind=kind, size=(draw(st.floats(10, 200)), draw(st.floats(10, 90))))
    return drawing
