"""torch's own derivative rules: what ``derivatives.yaml``, which every torch wheel carries, says of a node class."""

from __future__ import annotations

import contextlib
import os
import sys
from functools import cache
from pathlib import Path

import msgspec
import torch

from graphviz_app.recording.atomic import replace_file
from graphviz_app.recording.calculus import AskRule, Rule


class Written(msgspec.Struct, array_like=True):
    """The signature of an operation, and an expression for each of its inputs (or for several that share one)."""

    function: str
    rules: dict[str, str]


def rule_of(name: str) -> Rule:
    """torch's own rule for a node class.

    Parameters
    ----------
    name
        ``MulBackward0``.

    Returns
    -------
    The rule; its ``function`` is empty when torch has none under this name. The first call reads torch's files, which
    takes two to three seconds once for a version of torch, later ones read a cache of 300 kB.
    """
    found = _all_rules().get(name)
    return Rule(AskRule(name), "", {}) if found is None else Rule(AskRule(name), found.function, found.rules)


@cache
def _all_rules() -> dict[str, Written]:
    path = cache_folder() / f"rules-{torch.__version__}.json"
    # A cache that is damaged, or that cannot be read, is made again.
    with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Written])
    rules = read_rules()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, msgspec.json.encode(rules), synced=False)
    return rules


def cache_folder() -> Path:
    """Where this system keeps what a program can make again."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "graphviz-app"


def read_rules() -> dict[str, Written]:
    """Every rule of the torch that is installed, by node class, its inputs in the order of the signature.

    A torch without these files, or with others than we can read, has no rules: nothing else depends on them.
    """
    try:
        import torchgen
        from torchgen.packaged.autograd.load_derivatives import load_derivatives

        folder = Path(torchgen.__file__).parent / "packaged"
        native = folder / "ATen" / "native"
        infos, _ = load_derivatives(
            str(folder / "autograd" / "derivatives.yaml"),
            str(native / "native_functions.yaml"),
            str(native / "tags.yaml"),
        )
    except (ImportError, OSError, AttributeError, TypeError, ValueError, RuntimeError, AssertionError):
        return {}
    every = [info for by_key in infos.values() for info in by_key.values() if info.op is not None]
    return {info.op: Written(str(info.func.func), _in_order(info)) for info in every if info.derivatives}


def _in_order(info: object) -> dict[str, str]:
    """Input names (joined where a rule serves several) to expression."""
    order = [argument.name for argument in info.args_with_derivatives]  # type: ignore[attr-defined]
    derivatives = sorted(info.derivatives, key=lambda one: order.index(one.var_names[0]))  # type: ignore[attr-defined]
    return {", ".join(one.var_names): " ".join(one.original_formula.split()) for one in derivatives}
