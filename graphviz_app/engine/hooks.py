"""Hooks on autograd nodes for the time of one pass, without torch's price for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

OURS = -1
"""Key of our hook among a node's: torch numbers the program's own from 0."""

_HANDLE = object()


class HookTable(dict[int, Callable[..., Any]]):
    """A node's hooks as torch keeps them, but ten times cheaper to make; torch's handles refer to it weakly."""

    __slots__ = ("__weakref__",)


@contextmanager
def cheap_registration(tables: list[HookTable], met_other: Callable[[], None]) -> Iterator[None]:
    """Let ``node.register_hook`` and ``register_prehook`` put our hook under our own key, without a handle each.

    Parameters
    ----------
    tables
        Receives the table of hooks of each node, for our hook to be taken out again.
    met_other
        Called when a node has a hook of the program's already.
    """

    def register(table: Any, hook: Callable[..., Any]) -> tuple[Any, object]:
        if table is None:
            table = HookTable()
        elif table:
            met_other()
        table[OURS] = hook
        tables.append(table)
        return table, _HANDLE

    torch.autograd.Function._register_hook = staticmethod(register)  # type: ignore[method-assign]
    try:
        yield
    finally:
        del torch.autograd.Function._register_hook
