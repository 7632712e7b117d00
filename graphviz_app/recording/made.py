"""Which nodes a place in the program's text or a variable's name stands for, and the other way round."""

from __future__ import annotations

import numpy as np

from graphviz_app.recording.model import Recording, Site


def site_of(recording: Recording, node: int) -> Site | None:
    """Where in the program's text `node` comes from."""
    call = int(recording.graph.nodes.call[node]) if node >= 0 else -1
    if call < 0:
        return None
    site = int(recording.calls.program_site[call])
    return recording.sites[site] if site >= 0 else None


def nodes_at(recording: Recording, line: int, column: int) -> list[int]:
    """Nodes made by the innermost expression of the program around a place in its text."""
    around = [
        (_extent(site), index)
        for index, site in enumerate(recording.sites)
        if site.in_program and (site.line, site.column) <= (line, column) <= (site.end_line, site.end_column)
    ]
    calls = np.asarray(recording.calls.program_site)
    node_calls = np.asarray(recording.graph.nodes.call)
    for _, index in sorted(around):
        found = np.flatnonzero(np.isin(node_calls, np.flatnonzero(calls == index)))
        if len(found):
            return [int(node) for node in found]
    return []


def nodes_named(recording: Recording, name: str) -> list[int]:
    """The node that is, or made, the variable called `name`; none when no node did."""
    for variable in recording.variables:
        if variable.name == name and variable.tensor >= 0:
            node = recording.tensors[variable.tensor].node
            return [node] if node >= 0 else []
    return []


def _extent(site: Site) -> tuple[int, int]:
    return site.end_line - site.line, site.end_column - site.column if site.end_line == site.line else 0
