"""Finding nodes by what a person remembers of them."""

from __future__ import annotations

import numpy as np

from graphviz_app.recording.model import NONE, Recording
from graphviz_app.recording.views import Ints


def find_nodes(recording: Recording, nodes: Ints, text: str) -> list[int]:
    """Those of `nodes` whose class name, variable, expression, function or module contains `text`, in forward order.

    Case does not matter; an empty text finds nothing.
    """
    wanted = text.strip().casefold()
    if not wanted or not len(nodes):
        return []
    graph, calls = recording.graph.nodes, recording.calls
    strings = np.array([wanted in string.casefold() for string in recording.strings] + [False])
    sites = np.array([wanted in site.text.casefold() for site in recording.sites] + [False])
    of_call = np.zeros(len(calls) + 1, dtype=bool)
    if len(calls):
        of_call[:-1] = strings[calls.function] | strings[calls.module] | strings[calls.target] | sites[calls.site]
    # The last entry of each table is False, which is where the index -1 ("none") leads.
    hits = strings[graph.name] | strings[graph.var] | of_call[graph.call]
    found = nodes[hits[nodes]]
    sequence = np.asarray(graph.seq)[found]
    order = np.argsort(np.where(sequence == NONE, np.iinfo(np.int64).max, sequence), kind="stable")
    return [int(node) for node in found[order]]
