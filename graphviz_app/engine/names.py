"""What the program's variables call things, and which tensors hide inside its containers."""

from __future__ import annotations

import dataclasses
import reprlib
from collections.abc import Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from torch import Tensor, nn

DEEPEST = 4
"""How far into nested containers tensors are looked for."""

WIDEST = 200
"""Members of a container that are looked at."""

_short = reprlib.Repr()
_short.maxstring = _short.maxother = 60
_short.maxlist = _short.maxtuple = _short.maxdict = _short.maxset = 4


def tensors_of(names: Mapping[str, Any]) -> Iterator[tuple[str, Tensor]]:
    """Every tensor the namespace can name: (``x`` / ``out.logits`` / ``net.0.weight`` / ``losses[2]``, tensor).

    Plain variables come first, then parameters of modules, then members of containers.
    """
    for name, value in names.items():
        if isinstance(value, Tensor):
            yield name, value
    for name, value in names.items():
        if isinstance(value, nn.Module):
            yield from value.named_parameters(prefix=name)
            yield from value.named_buffers(prefix=name)
    for name, value in names.items():
        if value is not None and not isinstance(value, (Tensor, nn.Module, ModuleType, type, FunctionType)):
            yield from _members(name, value)


def _members(name: str, value: object) -> Iterator[tuple[str, Tensor]]:
    """Tensors inside a container, without recursion."""
    stack: list[tuple[str, object, int]] = [(name, value, 0)]
    seen: set[int] = set()
    while stack:
        path, current, depth = stack.pop()
        if isinstance(current, Tensor):
            yield path, current
            continue
        if isinstance(current, nn.Module):
            yield from current.named_parameters(prefix=path)
            continue
        if id(current) in seen or depth > DEEPEST:
            continue
        seen.add(id(current))
        try:
            inside = [(path + tail, item, depth + 1) for tail, item in _inside(current)]
        except Exception:  # a property or a container of the program's own that raises
            continue
        stack += reversed(inside)


def _inside(value: object) -> list[tuple[str, object]]:
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return [(f".{name}", getattr(value, name)) for name in value._fields]
    if isinstance(value, (list, tuple)):
        return [(f"[{index}]", item) for index, item in enumerate(value[:WIDEST])]
    if isinstance(value, dict):
        dotted = type(value) is not dict
        return [(_key_text(key, dotted), item) for key, item in list(value.items())[:WIDEST]]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [(f".{item.name}", getattr(value, item.name, None)) for item in dataclasses.fields(value)]
    if type(value).__module__ == "__main__" and hasattr(value, "__dict__"):
        return [(f".{name}", item) for name, item in list(vars(value).items())[:WIDEST]]
    return []


def _key_text(key: object, dotted: bool) -> str:
    """How a member of a mapping is written: ``["a"]``, or ``.a`` in an output class that has attributes too."""
    if isinstance(key, str) and dotted:
        return f".{key}"
    return f"[{key!r}]" if type(key) in (str, int, float, bool, tuple) else f"[{type(key).__name__}]"


def module_names(names: Mapping[str, Any]) -> dict[int, str]:
    """For each module (by ``id``) the namespace can reach, its path: ``net.0``."""
    found: dict[int, str] = {}
    for name, value in names.items():
        if isinstance(value, nn.Module):
            for path, module in value.named_modules(prefix=name):
                found.setdefault(id(module), path)
    return found


def is_shown(value: object) -> bool:
    """Whether a variable belongs in the variables pane: not imports, functions or classes."""
    return not isinstance(value, (ModuleType, type, FunctionType)) and not (
        callable(value) and type(value).__name__ in {"builtin_function_or_method", "_VariableFunctionsClass"}
    )


def text_of(value: object) -> str:
    """A variable that is not a tensor, in a few words; no code of the program's own classes is run."""
    if isinstance(value, nn.Module):
        return f"{sum(p.numel() for p in value.parameters()):,} parameters"
    if _plain(value):
        return _short.repr(value)
    if isinstance(value, (list, tuple, dict, set)):
        return f"{len(value)} items"
    return ""


def _plain(value: object, depth: int = 0) -> bool:
    if type(value) in (int, float, complex, bool, str, bytes, type(None), range):
        return True
    if type(value) in (list, tuple, set) and depth < 2:
        return all(_plain(item, depth + 1) for item in list(value)[:8])  # type: ignore[call-overload]
    if type(value) is dict and depth < 2:
        return all(_plain(item, depth + 1) for item in list(value.values())[:8])
    return False
