"""From a recording to its groups: which module, function or iteration each node belongs to."""

from __future__ import annotations

import numpy as np

from graphviz_app.recording.districts import Folded, GroupKind, Groups
from graphviz_app.recording.folding import MOST_AT_START, fold, open_at_start
from graphviz_app.recording.grouptree import Draft, groups_of_draft
from graphviz_app.recording.model import NONE, Recording

__all__ = ["MOST_AT_START", "Folded", "GroupKind", "Groups", "fold", "groups_of", "open_at_start"]


def groups_of(recording: Recording) -> Groups:
    """The groups of a recording's nodes.

    A node lies where its call was made. A leaf lies in the group of the module it is a parameter of, else, like a
    constant, in the innermost group that all its uses lie in. A root, which only names a result, lies in none.
    """
    return groups_of_draft(recording, _from_modules(recording))


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
        row_of[path] = draft.add(row_of[above], GroupKind.MODULE, path.rpartition(".")[2], path, cls)
        of_string[index] = row_of[path]
    of_call = np.append(of_string[module], NONE)
    draft.at = of_call[np.asarray(recording.graph.nodes.call)]
    return draft
