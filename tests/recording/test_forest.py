"""Forests walked a level at a time give what walking them row by row gives."""

from __future__ import annotations

import numpy as np
import pytest

from graphviz_app.recording.forest import Forest, holding, nearest
from graphviz_app.recording.model import NONE


def a_forest(seed: int) -> tuple[list[int], list[int]]:
    """Parents and keys of up to thirty rows, in no order."""
    rng = np.random.default_rng(seed)
    rows = rng.permutation(rng.integers(0, 31)).tolist()
    parent = [NONE] * len(rows)
    for at, row in enumerate(rows[1:], 1):
        parent[row] = rows[rng.integers(0, at)] if rng.random() < 0.8 else NONE
    return parent, rng.integers(0, 4, len(rows)).tolist()


def walked(parent: list[int], key: list[int], above: int = NONE) -> list[int]:
    """Rows below one, depth first."""
    found: list[int] = []
    for _, row in sorted((key[row], row) for row, each in enumerate(parent) if each == above):
        found += [row, *walked(parent, key, row)]
    return found


def chain(parent: list[int], row: int) -> list[int]:
    """A row and those above it, the nearest first."""
    return [row, *chain(parent, parent[row])] if row != NONE else []


@pytest.mark.parametrize("seed", range(150))
def test_a_forest_is_what_its_rows_say(seed: int) -> None:
    parent, key = a_forest(seed)
    count = len(parent)
    forest = Forest(parent, np.array(key, dtype=np.int64))
    assert forest.depth_first().tolist() == walked(parent, key)
    assert Forest(parent).depth_first().tolist() == walked(parent, [0] * count)
    below = [[each for each in range(count) if row in chain(parent, each)] for row in range(count)]
    values = np.arange(count) * 7 % 11
    assert forest.sums(values).tolist() == [int(values[rows].sum()) for rows in below]
    assert forest.least(values).tolist() == [int(values[rows].min()) for rows in below]


@pytest.mark.parametrize("seed", range(50))
def test_what_is_above_is_found(seed: int) -> None:
    parent, key = a_forest(seed)
    column, left = np.array(parent, dtype=np.int64), np.array(key, dtype=np.int64) > 1
    wanted = [next((above for above in chain(parent, row) if left[above]), NONE) for row in range(len(parent))]
    assert nearest(column, left).tolist() == [*wanted, NONE]
    marked = {above for row in np.flatnonzero(left).tolist() for above in chain(parent, row)}
    assert set(np.flatnonzero(holding(column, [*np.flatnonzero(left).tolist(), NONE])).tolist()) == marked


def test_rows_that_go_round_in_a_circle_are_left_out() -> None:
    assert Forest([1, 0, NONE, 2]).depth_first().tolist() == [2, 3]
