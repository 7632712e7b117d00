"""What the window is looking at, as the pages about derivatives need it, and what nodes are called there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.recording.model import NONE, NodeKind
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueSource
from graphviz_app.recording.views import Ints, View
from graphviz_app.ui.graph.fonts import elided
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.facts import Facts
from graphviz_app.ui.panels.words import kind_word, title

NAME_CHARS = 32


@dataclass(frozen=True)
class Focus:
    """One moment of the window.

    Attributes
    ----------
    facts
        The recording.
    source
        Who answers questions about it.
    view
        The pass or result on the canvas.
    playback
        The pass; ``None`` when the view is none.
    step
        How many of its steps have run.
    selection
        The chosen nodes, in the order they were chosen.
    nodes
        Those of the view, ascending, as far as they are known.
    """

    facts: Facts
    source: ValueSource | None
    view: View
    playback: Playback | None
    step: int
    selection: tuple[int, ...]
    nodes: Ints

    @property
    def index(self) -> int:
        """The pass, or ``-1``."""
        return self.playback.index if self.playback is not None else NONE

    @property
    def running(self) -> int:
        """The node whose step is shown, or ``-1``."""
        step = self.playback.step(self.step) if self.playback is not None else None
        return step.node if step is not None else NONE

    def root(self) -> int:
        """Where the gradient starts: the pass's first root, else the likeliest root, else ``-1``."""
        if self.playback is not None and self.playback.current.roots:
            return self.playback.current.roots[0]
        roots = self.facts.recording.roots
        return self.view.index if self.view.kind == "root" else roots[0] if roots else NONE

    def chosen(self, *kinds: NodeKind) -> list[int]:
        """The chosen nodes of some kinds."""
        return [node for node in self.selection if self.facts.kind(node) in kinds]

    def operation(self) -> int:
        """The operation that is looked at: the first chosen one, else the one that runs; ``-1`` without one."""
        chosen = self.chosen(NodeKind.OP)
        if chosen or self.running == NONE:
            return chosen[0] if chosen else NONE
        return self.running if self.facts.kind(self.running) is NodeKind.OP else NONE

    def leaves(self) -> list[int]:
        """Leaves of the view, in the order of their nodes."""
        if self.playback is None:
            nodes = np.arange(len(self.facts.recording.graph.nodes))
        else:
            nodes = np.asarray(self.playback.current.nodes)
        kinds = np.asarray(self.facts.recording.graph.nodes.kind)[nodes]
        return [int(node) for node in nodes[kinds == NodeKind.LEAF]]

    def from_the_root(self, nodes: list[int]) -> list[int]:
        """`nodes` as the gradient reaches them: the nearest to the root first."""
        playback = self.playback

        def step(node: int) -> int:
            if self.facts.kind(node) is NodeKind.ROOT or playback is None:
                return 0
            return int(playback.step_of[node])

        return sorted(nodes, key=step)


def name_of(facts: Facts, node: int) -> str:
    """What a node is called in a line: its variable or expression, cut in the middle where it is long."""
    return elided(title(facts, node), NAME_CHARS)


def about(facts: Facts, node: int) -> str:
    """What tells a node from others of its name: its class and its line."""
    if facts.kind(node) is not NodeKind.OP:
        return kind_word(facts.kind(node))
    site = facts.site(node)
    where = tr("line {line}", line=site.line) if site is not None and site.in_program else ""
    return " · ".join(part for part in (facts.class_name(node), where) if part)
