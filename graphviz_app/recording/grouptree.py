"""A forest of groups in the making: pruned, put in order, its twins found and its repeats folded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from graphviz_app.recording.districts import GroupKind, Groups
from graphviz_app.recording.groupleaves import with_leaves
from graphviz_app.recording.model import NONE, Graph, NodeKind, Recording

Longs = npt.NDArray[np.int64]

_ENOUGH = 3
"""Neighbours that are built alike are a REPEAT from this many on."""

_LEAST: dict[int, int] = {GroupKind.MODULE: 1, GroupKind.FUNCTION: 3, GroupKind.LOOP: 2, GroupKind.ITERATION: 2}
"""Calls' nodes that a group of each kind holds at least: one of fewer says no more than they do."""

_DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class Draft:
    """Rows of a forest, a column a list; a row's parent may come after it.

    Attributes
    ----------
    module
        Path of the module that a row is a run of; several rows may have the same.
    at
        int64 -> rows, one for each node of the recording that a call made; ``-1`` for the others.
    """

    parent: list[int] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    cls: list[str] = field(default_factory=list)
    module: list[str] = field(default_factory=list)
    at: Longs = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.parent)

    def add(self, parent: int, kind: int, name: str, path: str, cls: str, module: str = "") -> int:
        """Add a row and return its number."""
        self.parent.append(parent)
        self.kind.append(kind)
        self.name.append(name)
        self.path.append(path)
        self.cls.append(cls)
        self.module.append(module)
        return len(self.parent) - 1

    def top_down(self, key: Sequence[int] | None = None) -> list[int]:
        """Rows in depth-first order, siblings by `key`."""
        children: list[list[int]] = [[] for _ in range(len(self) + 1)]
        for row, parent in enumerate(self.parent):
            children[parent].append(row)  # the last list is the top's
        order: list[int] = []
        stack = _last_first(children[NONE], key)
        while stack:
            row = stack.pop()
            order.append(row)
            stack += _last_first(children[row], key)
        return order

    def reordered(self, order: Sequence[int]) -> Draft:
        """Only the rows of `order`, in it; each is put below the nearest ancestor that is left."""
        new_of = [NONE] * (len(self) + 1)
        for index, row in enumerate(order):
            new_of[row] = index
        for row in set(range(len(self))).difference(order) if len(order) < len(self) else ():
            above = self.parent[row]
            while above != NONE and new_of[above] == NONE:
                above = self.parent[above]
            new_of[row] = NONE if above == NONE else new_of[above]
        return Draft(
            parent=[new_of[self.parent[row]] for row in order],
            kind=[self.kind[row] for row in order],
            name=[self.name[row] for row in order],
            path=[self.path[row] for row in order],
            cls=[self.cls[row] for row in order],
            module=[self.module[row] for row in order],
            at=np.array(new_of, dtype=np.int64)[self.at],
        )


def _last_first(rows: list[int], key: Sequence[int] | None) -> list[int]:
    return (rows if key is None or len(rows) < 2 else sorted(rows, key=key.__getitem__))[::-1]


def groups_of_draft(recording: Recording, draft: Draft) -> Groups:
    """Finish a draft: drop what holds too little, add containers, put it in order, fold repeats, place leaves."""
    draft = _pruned(draft)
    add_containers(draft)
    draft = _in_order(recording, draft)
    _tell_apart(draft)
    twins = _twins(recording.graph, draft)
    draft, twins = _fold_repeats(draft, twins)
    at = with_leaves(recording, draft.parent, draft.module, draft.at)
    return Groups(
        parent=np.array(draft.parent, dtype=np.int32),
        kind=np.array(draft.kind, dtype=np.uint8),
        name=draft.name,
        path=draft.path,
        cls=_with_containers(recording, draft),
        node_group=at.astype(np.int32),
        twins=_only_shared(twins),
    )


def _pruned(draft: Draft) -> Draft:
    """Without the rows that say nothing: those that hold no node or too few, and loops over modules."""
    order = draft.top_down()
    holds = np.bincount(draft.at[draft.at >= 0], minlength=len(draft)).tolist()
    for row in reversed(order):
        if draft.parent[row] != NONE:
            holds[draft.parent[row]] += holds[row]
    said = _said_by_modules(draft, holds)
    return draft.reordered([row for row in order if holds[row] >= _LEAST[draft.kind[row]] and row not in said])


def _said_by_modules(draft: Draft, holds: Sequence[int]) -> set[int]:
    """Loops, with their iterations, that turn once, or of which each iteration runs one module of its own and no more.

    Going through the layers of a ``ModuleList`` says what their paths say. Where an iteration does more, as in
    ``x = relu(layer(x))``, it is what belongs together: else all layers were one district, and what is between outside.
    """
    iterations: dict[int, dict[int, list[int]]] = {}
    for row, kind in enumerate(draft.kind):
        if kind == GroupKind.ITERATION and holds[row]:
            iterations.setdefault(draft.parent[row], {})[row] = []
        if kind == GroupKind.MODULE and holds[row]:
            for around in _up_to_module(draft, row):
                if draft.kind[around] == GroupKind.ITERATION:
                    iterations.setdefault(draft.parent[around], {}).setdefault(around, []).append(row)
    said: set[int] = set()
    for loop, inside in iterations.items():
        only = [rows[0] for row, rows in inside.items() if len(rows) == 1 and holds[rows[0]] == holds[row]]
        alone = {draft.module[row] for row in only}
        if len(inside) < 2 or len(alone) == len(inside):
            said |= {loop, *inside}
    return said


def _up_to_module(draft: Draft, row: int) -> Iterator[int]:
    """The rows around a row, up to the next module."""
    row = draft.parent[row]
    while row != NONE and draft.kind[row] != GroupKind.MODULE:
        yield row
        row = draft.parent[row]


def add_containers(draft: Draft) -> None:
    """Put modules side by side below the container their paths share (a ModuleList), which did not run itself."""
    inside: dict[int, list[int]] = {}
    for row, parent in enumerate(draft.parent):
        if draft.kind[row] == GroupKind.MODULE:
            inside.setdefault(parent, []).append(row)
    seen: Counter[str] = Counter()
    known: dict[tuple[str, ...], list[str]] = {}
    for parent, rows in inside.items():
        paths = (_module_path(draft, parent), *(draft.module[row] for row in rows))
        heads = known.get(paths)
        if heads is None:
            heads = known[paths] = _containers(*paths)
        row_of: dict[str, int] = {}
        for head in heads:
            seen[head] += 1
            path = numbered(head, seen[head])
            row_of[head] = draft.add(parent, GroupKind.MODULE, head.rpartition(".")[2], path, "", head)
        for row in [*rows, *row_of.values()] if row_of else ():
            around = (head for head, _ in _splits(draft.module[row]) if head in row_of)
            draft.parent[row] = row_of.get(next(around, ""), parent)
    _contain_loops(draft, seen)


def _contain_loops(draft: Draft, seen: Counter[str]) -> None:
    """Put a loop over the modules of one container into it, with whatever else its iterations do."""
    ran: dict[int, list[str]] = {}
    for row, kind in enumerate(draft.kind):
        if kind == GroupKind.MODULE and draft.parent[row] != NONE:
            loops = [around for around in _up_to_module(draft, row) if draft.kind[around] == GroupKind.LOOP]
            if loops:
                ran.setdefault(loops[-1], []).append(draft.module[row])
    for loop, paths in ran.items():
        heads = _containers(_module_path(draft, draft.parent[loop]), *paths)
        if len(heads) == 1:
            (head,) = heads
            seen[head] += 1
            name, path = head.rpartition(".")[2], numbered(head, seen[head])
            draft.parent[loop] = draft.add(draft.parent[loop], GroupKind.MODULE, name, path, "", head)


def _containers(around: str, *paths: str) -> list[str]:
    """Paths between that of the module around and several of those inside it, none of them among these."""
    parts: dict[str, set[str]] = {}
    for path in set(paths):
        for head, tail in _splits(path):
            parts.setdefault(head, set()).add(tail)
    wanted = [head for head, tails in parts.items() if len(tails) > 1 and head not in paths]
    return sorted(head for head in wanted if not (around == head or around.startswith(f"{head}.")))


def numbered(path: str, number: int) -> str:
    """A path that is used for the `number`-th time, made unique."""
    return path if number == 1 else f"{path} ({number})"


def _splits(path: str) -> Iterator[tuple[str, str]]:
    """Each proper head of a dotted path, the longest first, and the part that follows it."""
    parts = path.split(".")
    for length in range(len(parts) - 1, 0, -1):
        yield ".".join(parts[:length]), parts[length]


def _module_path(draft: Draft, row: int) -> str:
    """Path of the innermost module at or above a row."""
    while row != NONE and draft.kind[row] != GroupKind.MODULE:
        row = draft.parent[row]
    return "" if row == NONE else draft.module[row]


def _in_order(recording: Recording, draft: Draft) -> Draft:
    """Rows depth first, siblings by the first call made in each."""
    call = np.asarray(recording.graph.nodes.call, dtype=np.int64)
    first = np.full(len(draft), np.iinfo(np.int64).max)
    inside = draft.at >= 0
    np.minimum.at(first, draft.at[inside], call[inside])
    keys: list[int] = first.tolist()
    for row in reversed(draft.top_down()):
        parent = draft.parent[row]
        if parent != NONE and keys[row] < keys[parent]:
            keys[parent] = keys[row]
    return draft.reordered(draft.top_down(keys))


def _tell_apart(draft: Draft) -> None:
    """Number the runs of one thing that are side by side: ``cell #1``, ``cell #2``."""
    seen: dict[tuple[int, str], list[int]] = {}
    for row, (parent, name) in enumerate(zip(draft.parent, draft.name, strict=True)):
        seen.setdefault((parent, name), []).append(row)
    for rows in seen.values():
        for number, row in enumerate(rows if len(rows) > 1 else (), 1):
            draft.name[row] += f" #{number}"


def _twins(graph: Graph, draft: Draft) -> list[int]:
    """A number for each row; rows with the same number have the same class, ops, shapes and rows inside."""
    parts = _op_rows(graph, draft)
    known: dict[object, int] = {}
    children: list[list[int]] = [[] for _ in range(len(draft) + 1)]
    result = [NONE] * len(draft)
    for row in range(len(draft) - 1, -1, -1):
        kind = draft.kind[row]
        what = "" if kind == GroupKind.ITERATION else draft.cls[row] or _plain(draft.name[row])
        inside = children[row]
        result[row] = known.setdefault((kind, what, parts[row], tuple(inside)), len(known))
        children[draft.parent[row]].append(result[row])
    return result


def _op_rows(graph: Graph, draft: Draft) -> list[bytes]:
    """For each row the ops right inside it, with their shapes, in the order they were made."""
    nodes = graph.nodes
    rows = np.flatnonzero((draft.at >= 0) & (np.asarray(nodes.kind) == NodeKind.OP))
    begin = np.asarray(nodes.out_start, dtype=np.int64)[rows]
    meta = np.append(np.asarray(nodes.out_meta, dtype=np.int64), NONE)[begin]
    what = np.asarray(nodes.name, dtype=np.int64)[rows] << 32 | (meta + 1)
    at = draft.at[rows]
    order = np.lexsort((np.asarray(nodes.seq)[rows], at))
    ends = np.searchsorted(at[order], np.arange(len(draft) + 1)) * what.itemsize
    raw = what[order].tobytes()
    return [raw[low:high] for low, high in pairwise(ends.tolist())]


def _plain(name: str) -> str:
    """A name without its numbers: ``conv1`` and ``conv2`` are alike."""
    return _DIGITS.sub("", name)


def _only_shared(twins: Sequence[int]) -> npt.NDArray[np.int32]:
    """Twins numbered from 0 in order; ``-1`` for a number that only one row has."""
    values = np.array(twins, dtype=np.int64)
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    shared = counts > 1
    number = np.where(shared, np.cumsum(shared) - 1, NONE)
    return number[where].astype(np.int32)


def _fold_repeats(draft: Draft, twins: list[int]) -> tuple[Draft, list[int]]:
    """Put each run of three or more neighbours that are twins below one row of kind REPEAT.

    A list of modules or a loop that holds nothing but such a run is that row itself.
    """
    children: list[list[int]] = [[] for _ in range(len(draft) + 1)]
    for row, parent in enumerate(draft.parent):
        children[parent].append(row)
    own = np.bincount(draft.at[draft.at >= 0], minlength=len(draft)).tolist()
    keys = list(range(len(draft)))
    for parent in range(NONE, len(keys)):
        rows = children[parent]
        if len(rows) < _ENOUGH:
            continue
        for run in list(_runs(draft, rows, twins)):
            title = f"{len(run)} × {_member(draft, run[0], parent)}"
            if parent != NONE and run == rows and not own[parent] and _holds_only(draft, parent, run):
                draft.kind[parent], draft.name[parent] = GroupKind.REPEAT, title
                draft.cls[parent] = draft.cls[run[0]]
                continue
            path = f"{draft.path[run[0]]} × {len(run)}"
            row = draft.add(parent, GroupKind.REPEAT, title, path, draft.cls[run[0]])
            keys.append(run[0])
            twins.append(-1 - row)  # like no other
            for each in run:
                draft.parent[each] = row
    order = draft.top_down(keys)
    return draft.reordered(order), [twins[row] for row in order]


def _holds_only(draft: Draft, row: int, members: Sequence[int]) -> bool:
    """Whether a row says no more than that its members follow each other: a loop, a list of modules by number."""
    if draft.kind[row] != GroupKind.MODULE:
        return draft.kind[row] == GroupKind.LOOP
    parts = (draft.module[member].rpartition(".") for member in members)
    return all(head == draft.module[row] and name.isdigit() for head, _, name in parts)


def _member(draft: Draft, row: int, parent: int) -> str:
    """What the members of a repeat are called."""
    if draft.kind[row] == GroupKind.ITERATION:
        return draft.name[parent]
    return draft.cls[row] or draft.name[row]


def _runs(draft: Draft, rows: Sequence[int], twins: Sequence[int]) -> Iterator[list[int]]:
    """Runs of neighbouring rows that are twins and follow each other: numbered alike, or one thing several times."""
    run: list[int] = []
    for row in rows:
        if run and twins[row] == twins[run[-1]] and _follows(draft, run[-1], row):
            run.append(row)
            continue
        if len(run) >= _ENOUGH:
            yield run
        run = [row]
    if len(run) >= _ENOUGH:
        yield run


def _follows(draft: Draft, before: int, after: int) -> bool:
    """Whether two modules are numbered alike (``layer.0``, ``layer.1``), not just of one class (``query``, ``key``)."""
    if draft.kind[after] != GroupKind.MODULE:
        return True
    one, other = draft.module[before], draft.module[after]
    if one == other:
        return True
    names = [path.rpartition(".")[2] for path in (one, other)]
    return _DIGITS.search(names[0]) is not None and _plain(names[0]) == _plain(names[1])


def _with_containers(recording: Recording, draft: Draft) -> list[str]:
    """Class of every row; that of a container was not needed so far."""
    known = recording.containers
    return [cls or known.get(module, "") for cls, module in zip(draft.cls, draft.module, strict=True)]
