"""From a recording to its groups: which module, function or iteration each node belongs to."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from graphviz_app.recording.bundles import kept_in_bundles, with_bundles
from graphviz_app.recording.collector import collector_paused
from graphviz_app.recording.districts import Folded, GroupKind, Groups
from graphviz_app.recording.folding import MOST_AT_START, carry_open, fold, open_at_start
from graphviz_app.recording.groupleaves import with_leaves
from graphviz_app.recording.grouptree import Draft, groups_of_draft, numbered
from graphviz_app.recording.model import NONE, Column, Recording
from graphviz_app.recording.scopes import ScopeKind

__all__ = [
    "MOST_AT_START",
    "Folded",
    "GroupKind",
    "Groups",
    "carry_open",
    "fold",
    "groups_in_view",
    "groups_of",
    "open_at_start",
]

BACKWARD = "backward"
"""Class of a group of nodes that the backwards of a pass made, and how the paths of the groups in it begin."""

_MODULE, _FUNCTION, _ITERATION = int(ScopeKind.MODULE), int(ScopeKind.FUNCTION), int(ScopeKind.ITERATION)
_AGAIN = re.compile(r" \(\d+\)$")
"""What tells a second run of a module by its path."""


def groups_of(recording: Recording) -> Groups:
    """The groups of a recording's nodes.

    A node lies where its call was made. A leaf lies in the group of the module it is a parameter of, else, like a
    constant, in the innermost group that all its uses lie in. A root, which only names a result, lies in none. What
    a pass with ``create_graph`` made lies in a group of class :data:`BACKWARD`. What would be too much to stand side by
    side lies in bundles.
    """
    with collector_paused():  # thousands of short lists are made
        draft = _from_scopes(recording) if len(recording.scopes) else _from_modules(recording)
        _mirror(recording, draft)
        return with_bundles(recording, groups_of_draft(recording, draft))


def groups_in_view(recording: Recording, groups: Groups, nodes: Column) -> Groups:
    """The same groups, with leaves and constants where the uses that a view shows are.

    A model that ran in each of a hundred passes has its weights around all of these; in a view of one, they lie in it.

    Parameters
    ----------
    groups
        Those of the recording, or of another view of it.
    nodes
        Recording node ids of the view.
    """
    seen = np.zeros(len(recording.graph.nodes), dtype=bool)
    seen[np.asarray(nodes, dtype=np.int64)] = True
    is_run = np.isin(groups.kind, (GroupKind.MODULE, GroupKind.REPEAT)).tolist()
    modules = [
        ("" if not run else _AGAIN.sub("", path) if path.endswith(")") else path)
        for path, run in zip(groups.path, is_run, strict=True)
    ]
    at = with_leaves(recording, groups.parent, modules, groups.node_group.astype(np.int64), seen)
    return replace(groups, node_group=kept_in_bundles(groups, at).astype(np.int32))


def _from_scopes(recording: Recording) -> Draft:
    """Groups by what each call was made in."""
    scopes, strings = recording.scopes, [*recording.strings, ""]
    parents, kinds, numbers = scopes.parent.tolist(), scopes.kind.tolist(), scopes.number.tolist()
    texts, classes = ([strings[at] for at in column.tolist()] for column in (scopes.name, scopes.cls))
    last = {text: text.rpartition(".")[2] for text in set(texts)}
    seen: dict[str, int] = {}
    paths: list[str] = []
    for parent, kind, path, number in zip(parents, kinds, texts, numbers, strict=True):
        if kind == _ITERATION:
            path = f"{paths[parent] if parent != NONE else ''} #{number}"
        elif kind == _FUNCTION:
            path = f"{path}()"
        seen[path] = times = seen.get(path, 0) + 1
        paths.append(numbered(path, times))
    rows = list(zip(kinds, texts, strict=True))
    draft = Draft(
        parent=parents,
        kind=kinds,
        name=[
            last[text] if kind == _MODULE else text or (f"#{number}" if kind == _ITERATION else "")
            for (kind, text), number in zip(rows, numbers, strict=True)
        ],
        path=paths,
        cls=[
            cls if kind == _MODULE else text if kind == _FUNCTION else ""
            for (kind, text), cls in zip(rows, classes, strict=True)
        ],
        module=[text if kind == _MODULE else "" for kind, text in rows],
    )
    of_call = np.append(np.asarray(recording.calls.scope, dtype=np.int64), NONE)
    draft.at = of_call[np.asarray(recording.graph.nodes.call)]
    return draft


def _from_modules(recording: Recording) -> Draft:
    """Groups by the module path of each call."""
    draft = Draft()
    calls, strings = recording.calls, recording.strings
    module = np.asarray(calls.module, dtype=np.int64)
    cls_of = dict(zip(module.tolist(), np.asarray(calls.module_class).tolist(), strict=True))
    row_of: dict[str, int] = {"": NONE}
    of_string = np.full(len(strings) + 1, NONE, dtype=np.int64)
    for path, index in sorted((strings[index], index) for index in cls_of if index != NONE):
        if not path:
            continue
        above = path
        while above == path or above not in row_of:
            above = above.rpartition(".")[0]
        cls = strings[cls_of[index]] if cls_of[index] != NONE else ""
        row_of[path] = draft.add(row_of[above], GroupKind.MODULE, path.rpartition(".")[2], path, cls, path)
        of_string[index] = row_of[path]
    of_call = np.append(of_string[module], NONE)
    draft.at = of_call[np.asarray(recording.graph.nodes.call)]
    return draft


def _mirror(recording: Recording, draft: Draft) -> None:
    """Put the nodes that backwards made (``create_graph``) below a group of their pass, in groups like the forward's.

    They belong to the groups of the nodes whose backward made them, but lie after the loss, not among those.
    """
    call = np.asarray(recording.graph.nodes.call, dtype=np.int64)
    of_node = np.append(np.asarray(recording.calls.of_node, dtype=np.int64), NONE)[call]
    of_pass = np.append(np.asarray(recording.calls.of_pass, dtype=np.int64), NONE)[call]
    waiting = np.flatnonzero(of_node >= 0)
    pending = of_node >= 0
    known: dict[tuple[int, int], int] = {}
    while len(waiting):
        ready = ~pending[of_node[waiting]]
        now = waiting[ready]
        if not len(now):  # a damaged file, in which nodes made each other
            return
        pairs, where = np.unique(np.stack([of_pass[now], draft.at[of_node[now]]]), axis=1, return_inverse=True)
        rows = [_mirrored(recording, draft, known, of, row) for of, row in pairs.T.tolist()]
        draft.at[now] = np.array(rows, dtype=np.int64)[where.ravel()]
        pending[now] = False
        waiting = waiting[~ready]


def _mirrored(recording: Recording, draft: Draft, known: dict[tuple[int, int], int], of_pass: int, row: int) -> int:
    """The row for what pass `of_pass` made of the nodes of `row`."""
    chain: list[int] = []
    while (of_pass, row) not in known and row != NONE:
        chain.append(row)
        row = draft.parent[row]
    if row == NONE and (of_pass, NONE) not in known:
        text = recording.passes[of_pass].text if of_pass != NONE else ""
        path = f"{BACKWARD} {of_pass + 1}"
        known[of_pass, NONE] = draft.add(NONE, GroupKind.FUNCTION, text or BACKWARD, path, BACKWARD)
    made = known[of_pass, row]
    for each in reversed(chain):
        path = f"{BACKWARD} {of_pass + 1}: {draft.path[each]}"
        made = draft.add(made, draft.kind[each], draft.name[each], path, draft.cls[each])
        known[of_pass, each] = made
    return made
