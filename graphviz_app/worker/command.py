"""How a process of ours is started: the same Python, with the package importable and nothing of the person's."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path


def command(module: str, *arguments: object) -> list[str]:
    """``-P`` keeps the current folder out of ``sys.path``: a ``random.py`` there must not replace Python's own."""
    return [sys.executable, "-P", "-m", f"graphviz_app.worker.{module}", *map(str, arguments)]


def environment() -> dict[str, str]:
    """Ours, with the package importable and the order of sets of strings the same in every run."""
    ours = dict(os.environ)
    ours.setdefault("PYTHONHASHSEED", "0")
    root = str(Path(__file__).resolve().parents[2])
    if root not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        known = [root, ours.get("PYTHONPATH", "")]
        ours["PYTHONPATH"] = os.pathsep.join(part for part in known if part)
    return ours
