"""Districts: the parts of a large graph, each of which can be drawn as one box or opened.

Groups are a forest over a recording's nodes: modules, functions, loops and their iterations. What is drawn of it at one
moment, given which groups are open, is a :class:`Folded`. Plain data; :mod:`graphviz_app.recording.grouping` and
:mod:`graphviz_app.recording.folding` make it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]


class GroupKind(enum.IntEnum):
    """What a group of nodes is a part of."""

    MODULE = 0
    """One run of an ``nn.Module``'s forward, or a container of modules that ran."""
    FUNCTION = 1
    """One run of a function of the program."""
    LOOP = 2
    """All iterations of a loop of the program."""
    ITERATION = 3
    """One iteration of it."""
    REPEAT = 4
    """Three or more neighbours that are built alike: 12 blocks, 500 time steps; or very many nodes, in bundles."""
    BUNDLE = 5
    """A few of very many inputs of one node, or of the results of one pass."""


@dataclass(frozen=True, eq=False)
class Groups:
    """A forest of groups, in depth-first order: a parent's number is less than its children's.

    Attributes
    ----------
    parent
        int32 -> groups, g rows: the group around each; ``-1`` at the top.
    kind
        uint8, :class:`GroupKind`.
    name
        What its title says: ``layer1``, ``for t in range(500)``, ``t = 3`` (``#3`` where no name tells iterations
        apart), ``12 × BertLayer``.
    path
        Unique, and the same in every run of the same program: ``encoder.layer.3``.
    cls
        Class of the module (``BertLayer``) or name of the function; empty where there is none. Of a REPEAT, that of
        its members.
    node_group
        int32 -> groups, a row for each node of the recording: the innermost group it lies in; ``-1``: none.
    twins
        int32: groups with the same number are built alike (same class, same ops and shapes inside); ``-1``: nothing is
        like it.
    """

    parent: Ints
    kind: npt.NDArray[np.uint8]
    name: list[str]
    path: list[str]
    cls: list[str]
    node_group: Ints
    twins: Ints

    def __len__(self) -> int:
        return len(self.parent)


@dataclass(frozen=True, eq=False)
class Folded:
    """What is drawn of some nodes while some groups are open and the others closed.

    A *drawn id* below :attr:`nodes` is that recording node; ``nodes + k`` is closed district k.

    Attributes
    ----------
    nodes
        n: how many nodes the recording has.
    members
        For each closed district the groups it stands for: usually one, else a run of neighbouring members of a REPEAT
        of which another member is open.
    drawn
        int32, n rows: drawn id that shows each recording node; ``-1``: it is not in the view.
    boxes
        int32, b rows: every drawn id, ascending.
    frame
        int32 -> frames, b rows: the open district right around each box; ``-1``: none.
    frames
        int32 -> groups, f rows: each open district, parents first.
    frame_parent
        int32 -> frames, f rows; ``-1``: none.
    edge_src, edge_dst
        int32, m rows: drawn ids of the drawn edges. Those between the same two are one where an end is a district.
    edge_start, edge_ids
        int32: drawn edge i stands for the recording's edges ``edge_ids[edge_start[i]:edge_start[i + 1]]``; the first of
        them speaks for all (it carries a gradient where one does).
    """

    nodes: int
    members: list[tuple[int, ...]]
    drawn: Ints
    boxes: Ints
    frame: Ints
    frames: Ints
    frame_parent: Ints
    edge_src: Ints
    edge_dst: Ints
    edge_start: Ints
    edge_ids: Ints
