"""Hooks on autograd nodes: ours, for the time of one pass and without torch's price for each, and the program's."""

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


class Registry:
    """Stands in for torch's way of registering hooks on nodes while a program runs.

    It is put in its place once a run: to change an attribute of a class costs time for each class derived from it.

    Parameters
    ----------
    notice
        Called whenever the program puts a hook on a node.
    """

    def __init__(self, notice: Callable[[], None]) -> None:
        self._notice = notice
        self._tables: list[HookTable] | None = None

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Let ``node.register_hook`` and ``register_prehook`` go through this meanwhile."""
        function = torch.autograd.Function
        before = function.__dict__.get("_register_hook")
        original: Callable[..., tuple[Any, object]] = function._register_hook

        def register(table: Any, hook: Callable[..., Any]) -> tuple[Any, object]:
            if self._tables is None:
                self._notice()
                return original(table, hook)
            if table is None:
                table = HookTable()
            table[OURS] = hook
            self._tables.append(table)
            return table, _HANDLE

        function._register_hook = staticmethod(register)  # type: ignore[method-assign]
        try:
            yield
        finally:
            del function._register_hook
            if before is not None:
                function._register_hook = before  # type: ignore[method-assign]

    @contextmanager
    def cheap(self, tables: list[HookTable]) -> Iterator[None]:
        """Put our hooks on nodes under our own key, without a handle each.

        Parameters
        ----------
        tables
            Receives the table of hooks of each node, for our hook to be taken out again.
        """
        self._tables = tables
        try:
            yield
        finally:
            self._tables = None
