"""Hooks on autograd nodes: ours, for the time of one pass and without torch's price for each, and the program's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import torch

OURS = -1
"""Key of our hook among a node's: torch numbers the program's own from 0."""

_HANDLE = object()


class HookTable(dict[int, Callable[..., Any]]):
    """A node's hooks as torch keeps them, but ten times cheaper to make; torch's handles refer to it weakly."""

    __slots__ = ("__weakref__",)


@contextmanager
def _registering(register: Callable[[Any, Callable[..., Any]], tuple[Any, object]]) -> Iterator[None]:
    """Let ``node.register_hook`` and ``register_prehook`` go through a function of ours."""
    function = torch.autograd.Function
    before = function.__dict__.get("_register_hook")
    function._register_hook = staticmethod(register)  # type: ignore[method-assign]
    try:
        yield
    finally:
        del function._register_hook
        if before is not None:
            function._register_hook = before  # type: ignore[method-assign]


def cheap_registration(tables: list[HookTable]) -> AbstractContextManager[None]:
    """Put our hooks on nodes under our own key, without a handle each.

    Parameters
    ----------
    tables
        Receives the table of hooks of each node, for our hook to be taken out again.
    """

    def register(table: Any, hook: Callable[..., Any]) -> tuple[Any, object]:
        if table is None:
            table = HookTable()
        table[OURS] = hook
        tables.append(table)
        return table, _HANDLE

    return _registering(register)


def noticing_hooks(notice: Callable[[], None]) -> AbstractContextManager[None]:
    """Call `notice` whenever the program puts a hook on a node."""
    original: Callable[..., tuple[Any, object]] = torch.autograd.Function._register_hook

    def register(table: Any, hook: Callable[..., Any]) -> tuple[Any, object]:
        notice()
        return original(table, hook)

    return _registering(register)
