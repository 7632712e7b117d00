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
from graphviz_app.recording.forest import Forest, nearest
from graphviz_app.recording.groupleaves import with_leaves
from graphviz_app.recording.model import NONE, Graph, NodeKind, Recording

Longs = npt.NDArray[np.int64]

_ITERATION = int(GroupKind.ITERATION)
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

    def forest(self, key: Longs | None = None) -> Forest:
        """The rows by level, siblings by `key`."""
        return Forest(np.array(self.parent, dtype=np.int64), key)

    def reordered(self, order: Longs) -> Draft:
        """Only the rows of `order`, in it; each is put below the nearest ancestor that is left."""
        if len(order) == len(self) and (order[1:] > order[:-1]).all():
            return self
        new_of = np.full(len(self) + 1, NONE, dtype=np.int64)
        new_of[order] = np.arange(len(order))
        parent = np.array(self.parent, dtype=np.int64)
        if len(order) < len(self):
            new_of = new_of[nearest(parent, new_of[:-1] != NONE)]
        rows = order.tolist()
        kind = [self.kind[row] for row in rows]
        texts = (list(map(column.__getitem__, rows)) for column in (self.name, self.path, self.cls, self.module))
        name, path, cls, module = texts
        return Draft(new_of[parent[order]].tolist(), kind, name, path, cls, module, new_of[self.at])


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
    forest = draft.forest()
    holds = forest.sums(np.bincount(draft.at[draft.at >= 0], minlength=len(draft)))
    kinds = np.array(draft.kind, dtype=np.int64)
    keep = holds >= np.array([_LEAST[kind] for kind in sorted(_LEAST)])[kinds]
    keep[_said_by_modules(draft, kinds, holds)] = False
    order = forest.depth_first()
    return draft.reordered(order[keep[order]])


def _said_by_modules(draft: Draft, kinds: Longs, holds: Longs) -> list[int]:
    """Loops, with their iterations, that turn once, or of which each iteration runs one module of its own and no more.

    Going through the layers of a ``ModuleList`` says what their paths say. Where an iteration does more, as in
    ``x = relu(layer(x))``, it is what belongs together: else all layers were one district, and what is between outside.
    """
    parents, iterations = np.array(draft.parent, dtype=np.int64), dict[int, dict[int, list[int]]]()
    for row in np.flatnonzero((kinds == GroupKind.ITERATION) & (holds > 0)).tolist():
        iterations.setdefault(draft.parent[row], {})[row] = []
    modules = np.flatnonzero((kinds == GroupKind.MODULE) & (holds > 0))
    for inner, around in _up_to_module(parents, kinds, modules) if iterations else ():
        turns = kinds[around] == GroupKind.ITERATION
        for row, iteration in zip(inner[turns].tolist(), around[turns].tolist(), strict=True):
            iterations[draft.parent[iteration]][iteration].append(row)
    said: list[int] = []
    for loop, inside in iterations.items():
        only = [rows[0] for row, rows in inside.items() if len(rows) == 1 and holds[rows[0]] == holds[row]]
        alone = {draft.module[row] for row in only}
        if len(inside) < 2 or len(alone) == len(inside):
            said += [row for row in (loop, *inside) if row != NONE]
    return said


def _up_to_module(parents: Longs, kinds: Longs, rows: Longs) -> Iterator[tuple[Longs, Longs]]:
    """Rows with the one around each, then with the one around that, and so on up to the next module."""
    around = parents[rows]
    while len(rows):
        goes_on = (around != NONE) & (kinds[around] != GroupKind.MODULE)
        rows, around = rows[goes_on], around[goes_on]
        yield rows, around
        around = parents[around]


def add_containers(draft: Draft) -> None:
    """Put modules side by side below the container their paths share (a ModuleList), which did not run itself."""
    parents, kinds = np.array(draft.parent, dtype=np.int64), np.array(draft.kind, dtype=np.int64)
    around_of = nearest(parents, kinds == GroupKind.MODULE).tolist()
    seen: Counter[str] = Counter()
    known: dict[tuple[str, ...], list[str]] = {}
    for rows in _families(parents, np.flatnonzero(kinds == GroupKind.MODULE)):
        parent = draft.parent[rows[0]]
        around = around_of[parent]
        paths = ("" if around == NONE else draft.module[around], *[draft.module[row] for row in rows])
        heads = known.get(paths)
        if heads is None:
            heads = known[paths] = _containers(*paths)
        row_of: dict[str, int] = {}
        for head in heads:
            seen[head] += 1
            path = numbered(head, seen[head])
            row_of[head] = draft.add(parent, GroupKind.MODULE, head.rpartition(".")[2], path, "", head)
        for row in [*rows, *row_of.values()] if row_of else ():
            inner = (head for head, _ in _splits(draft.module[row]) if head in row_of)
            draft.parent[row] = row_of.get(next(inner, ""), parent)
    _contain_loops(draft, seen)


def _contain_loops(draft: Draft, seen: Counter[str]) -> None:
    """Put a loop over the modules of one container into it, with whatever else its iterations do."""
    parents, kinds = np.array(draft.parent, dtype=np.int64), np.array(draft.kind, dtype=np.int64)
    outermost = np.full(len(draft), NONE, dtype=np.int64)
    for inner, around in _up_to_module(parents, kinds, np.flatnonzero(kinds == GroupKind.MODULE)):
        turns = kinds[around] == GroupKind.LOOP
        outermost[inner[turns]] = around[turns]
    ran: dict[int, list[str]] = {}
    for row in np.flatnonzero(outermost != NONE).tolist():
        ran.setdefault(int(outermost[row]), []).append(draft.module[row])
    for loop, paths in ran.items():
        heads = _containers(_module_path(draft, draft.parent[loop]), *paths)
        if len(heads) == 1:
            (head,) = heads
            seen[head] += 1
            name, path = head.rpartition(".")[2], numbered(head, seen[head])
            draft.parent[loop] = draft.add(draft.parent[loop], GroupKind.MODULE, name, path, "", head)


def _families(parents: Longs, rows: Longs, least: int = 2) -> Iterator[list[int]]:
    """At least so many of some ascending rows that are siblings, for each parent, in the order of their first."""
    rows = rows[parents[rows].argsort(kind="stable")]
    above = parents[rows]
    opens = np.ones(len(rows), dtype=np.bool_)
    opens[1:] = above[1:] != above[:-1]
    start = np.flatnonzero(opens)
    many = np.diff(start, append=len(rows))
    large = many >= least
    start, many = start[large], many[large]
    in_order = rows[start].argsort()
    numbers = rows.tolist()
    for low, count in zip(start[in_order].tolist(), many[in_order].tolist(), strict=True):
        yield numbers[low : low + count]


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
    return draft.reordered(draft.forest(draft.forest().least(first)).depth_first())


def _tell_apart(draft: Draft) -> None:
    """Number the runs of one thing that are side by side: ``cell #1``, ``cell #2``; others say whose: ``norms.0``."""
    number_of = {name: number for number, name in enumerate(dict.fromkeys(draft.name))}
    names = np.array([number_of[name] for name in draft.name], dtype=np.int64)
    same = np.array(draft.parent, dtype=np.int64) * (len(number_of) + 1) + names
    for rows in _families(same, np.arange(len(draft))):
        tails = [".".join(draft.module[row].split(".")[-2:]) for row in rows]
        if draft.name[rows[0]] not in tails and len(set(tails)) == len(rows):
            for row, tail in zip(rows, tails, strict=True):
                draft.name[row] = tail
            continue
        for number, row in enumerate(rows, 1):
            draft.name[row] += f" #{number}"


def _twins(graph: Graph, draft: Draft) -> list[int]:
    """A number for each row; rows with the same number have the same class, ops, shapes and rows inside."""
    parts, kinds, parents = _op_rows(graph, draft), draft.kind, draft.parent
    known: dict[object, int] = {}
    plain: dict[str, str] = {}
    children: list[list[int]] = [[] for _ in range(len(draft) + 1)]
    result = [NONE] * len(draft)
    for row in range(len(draft) - 1, -1, -1):
        kind = kinds[row]
        what = "" if kind == _ITERATION else draft.cls[row]
        if not what and kind != _ITERATION:
            name = draft.name[row]
            what = plain.get(name) or plain.setdefault(name, _plain(name))
        number = result[row] = known.setdefault((kind, what, parts[row], tuple(children[row])), len(known))
        children[parents[row]].append(number)
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
    own = np.bincount(draft.at[draft.at >= 0], minlength=len(draft)).tolist()
    keys = list(range(len(draft)))
    for parent, rows in _with_runs(draft, twins):
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
    order = draft.forest(np.array(keys, dtype=np.int64)).depth_first()
    return draft.reordered(order), [twins[row] for row in order.tolist()]


def _with_runs(draft: Draft, twins: Sequence[int]) -> list[tuple[int, list[int]]]:
    """Parents with :data:`_ENOUGH` twins or more that follow each other, ascending, and what is right below each."""
    parents, alike = np.array(draft.parent, dtype=np.int64), np.array(twins, dtype=np.int64)
    order = parents.argsort(kind="stable")
    above, alike = parents[order], alike[order]
    several = np.ones(max(len(order) - _ENOUGH + 1, 0), dtype=np.bool_)
    for column in (above, alike):
        for step in range(1, _ENOUGH):
            several &= column[step : step + len(several)] == column[: len(several)]
    found = np.unique(above[: len(several)][several])
    low, high = (above.searchsorted(found, side=side).tolist() for side in ("left", "right"))
    rows = order.tolist()
    return [(parent, rows[a:b]) for parent, a, b in zip(found.tolist(), low, high, strict=True)]


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
