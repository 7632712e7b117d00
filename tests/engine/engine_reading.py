"""Reading a recording in tests the way a person would: by names and texts, not by numbers."""

from __future__ import annotations

from typing import Any

from graphviz_app.engine.session import Program, Session
from graphviz_app.recording.model import NONE, EventKind, NodeKind, Pass, Recording, Site

HEAD = "import torch\nfrom torch import nn\n"


class Read:
    """One program, run and recorded.

    Parameters
    ----------
    source
        The program, after ``import torch`` and ``from torch import nn``.
    """

    def __init__(self, source: str, head: str = HEAD, **options: Any) -> None:
        self.session = Session(Program(head + source, **options))
        self.lines_before = head.count("\n")
        self.recording: Recording = self.session.run()

    def string(self, index: int) -> str:
        return "" if index == NONE else self.recording.strings[index]

    def label(self, node: int) -> str:
        """What a node is called: its class for an op, its name for a leaf or root, its reason for a cut."""
        nodes = self.recording.graph.nodes
        kind = NodeKind(int(nodes.kind[node]))
        if kind in (NodeKind.OP, NodeKind.CUT):
            return self.string(int(nodes.name[node]))
        return f"{kind.name.lower()} {self.string(int(nodes.var[node]))}".strip()

    def labels(self, kind: NodeKind | None = None) -> list[str]:
        kinds = self.recording.graph.nodes.kind
        return [self.label(n) for n in range(len(kinds)) if kind is None or kinds[n] == kind]

    def node(self, label: str) -> int:
        return self.labels().index(label)

    def reason(self, label: str) -> str:
        return self.string(int(self.recording.graph.nodes.reason[self.node(label)]))

    def var(self, label: str) -> str:
        return self.string(int(self.recording.graph.nodes.var[self.node(label)]))

    def edges(self) -> set[tuple[str, str]]:
        edges = self.recording.graph.edges
        return {(self.label(int(a)), self.label(int(b))) for a, b in zip(edges.src, edges.dst, strict=True)}

    def site(self, label: str) -> Site:
        recording = self.recording
        call = int(recording.graph.nodes.call[self.node(label)])
        return recording.sites[int(recording.calls.program_site[call])]

    def module(self, label: str) -> tuple[str, str]:
        calls, call = self.recording.calls, int(self.recording.graph.nodes.call[self.node(label)])
        return self.string(int(calls.module[call])), self.string(int(calls.module_class[call]))

    def text(self, ref: int) -> str:
        return "None" if ref == NONE else self.session.describe([int(ref)])[0].text

    def steps(self, index: int = 0) -> list[tuple[str, str, list[str], list[str]]]:
        """(what happened, where, incoming, outgoing) of each event of a pass."""
        events = self.recording.passes[index].events
        return [
            (
                EventKind(int(events.kind[row])).name,
                self.label(int(events.node[row])),
                [self.text(ref) for ref in events.in_ref[events.in_start[row] : events.in_start[row + 1]]],
                [self.text(ref) for ref in events.out_ref[events.out_start[row] : events.out_start[row + 1]]],
            )
            for row in range(len(events))
        ]

    def grads(self, index: int = 0) -> dict[str, tuple[str, str]]:
        """For each leaf of a pass, its ``.grad`` before and after."""
        events = self.recording.passes[index].events
        return {
            self.label(int(node)): (self.text(before), self.text(after))
            for node, kind, before, after in zip(events.node, events.kind, events.before, events.after, strict=True)
            if kind == EventKind.ACCUMULATE
        }

    def saved(self, label: str) -> dict[str, str]:
        saved, node = self.recording.graph.saved, self.node(label)
        return {
            self.string(int(name)): self.text(ref) if ref != NONE else self.string(int(text))
            for owner, name, ref, text in zip(saved.node, saved.name, saved.ref, saved.text, strict=True)
            if owner == node
        }

    def root_names(self) -> list[str]:
        nodes = self.recording.graph.nodes
        return [self.string(int(nodes.var[root])) for root in self.recording.roots]

    def passes(self) -> list[Pass]:
        return self.recording.passes
