"""Which module a call was made in: ``net.0`` (``Linear``)."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from torch import nn
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook

from graphviz_app.engine.scopes import Scopes
from graphviz_app.recording.model import NONE


@dataclass(slots=True)
class _Entry:
    module: nn.Module
    parent: int
    below: str
    """Path from the outermost module of the stack."""
    root: int
    known: bool = True
    """Whether it is one of the modules inside the outermost."""


class ModulePaths:
    """A stack of the modules that are running, as small numbers.

    Parameters
    ----------
    scopes
        Told of every run of a module.
    """

    def __init__(self, scopes: Scopes | None = None) -> None:
        self.current = NONE
        self._scopes = scopes
        self._stack: list[int] = []
        self._entries: list[_Entry] = []
        self._known: dict[tuple[int, int], int] = {}
        self._children: dict[int, dict[int, str]] = {}
        self._handles: list[Any] = []

    def start(self) -> None:
        """Watch every module's forward."""
        self._handles = [
            register_module_forward_pre_hook(self._enter),
            register_module_forward_hook(self._leave, always_call=True),
        ]

    def stop(self) -> None:
        """Stop watching."""
        for handle in self._handles:
            handle.remove()
        self._handles.clear()
        self._stack.clear()
        self.current = NONE
        if self._scopes is not None:
            self._scopes.clear()

    def describe(self, entry: int, names: dict[int, str]) -> tuple[str, str]:
        """Path and class name of an entry.

        Parameters
        ----------
        names
            For each module (by ``id``) reachable from the program's variables, its path: ``net.0``.
        """
        if entry == NONE:
            return "", ""
        item = self._entries[entry]
        kind = type(item.module).__name__
        known = names.get(id(item.module))
        if known is not None:
            return known, kind
        root = self._entries[item.root].module
        start = names.get(id(root), type(root).__name__)
        return (f"{start}.{item.below}" if item.below else start), kind

    def is_part(self, entry: int, names: dict[int, str]) -> bool:
        """Whether an entry has a path of its own; a module made on the spot (a loss, an activation) has none."""
        item = self._entries[entry]
        return item.known or id(item.module) in names

    def outermost(self, names: dict[int, str]) -> list[tuple[str, nn.Module]]:
        """Path and module of everything that ran inside no other module; `names` as for :meth:`describe`."""
        return [
            (self.describe(index, names)[0], entry.module)
            for index, entry in enumerate(self._entries)
            if entry.parent == NONE
        ]

    def _enter(self, module: nn.Module, args: object) -> None:
        key = (id(module), self.current)
        entry = self._known.get(key)
        if entry is None:
            entry = self._known[key] = self._add(module)
        if self._scopes is not None:
            self._scopes.enter_module(entry, sys._getframe(1))
        self._stack.append(entry)
        self.current = entry

    def _leave(self, module: nn.Module, args: object, result: object) -> None:
        if self._stack:
            self._stack.pop()
            if self._scopes is not None:
                self._scopes.leave_module()
        self.current = self._stack[-1] if self._stack else NONE

    def _add(self, module: nn.Module) -> int:
        index = len(self._entries)
        if self.current == NONE:
            self._entries.append(_Entry(module, NONE, "", index))
            return index
        parent = self._entries[self.current]
        below = self._inside(parent.module).get(id(module))
        if below is not None:
            below = ".".join(part for part in (parent.below, below) if part)
        else:  # no module of its own: one of the model's that runs inside another, or one made on the spot
            below = self._inside(self._entries[parent.root].module).get(id(module))
        known = below is not None and parent.known
        if below is None:
            below = ".".join(part for part in (parent.below, type(module).__name__) if part)
        self._entries.append(_Entry(module, self.current, below, parent.root, known))
        return index

    def _inside(self, module: nn.Module) -> dict[int, str]:
        """Path of each module in `module`, by ``id``."""
        found = self._children.get(id(module))
        if found is None:
            found = {id(child): name for name, child in module.named_modules(remove_duplicate=False)}
            self._children[id(module)] = found
        return found
