"""Run programs with nothing watching, in a process of its own, and keep the gradients they leave behind.

Run as ``python plain_torch.py OUT.npz PROGRAM...``; each array in OUT is called ``PROGRAM:NAME``.
"""

from __future__ import annotations

import contextlib
import io
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch


def gradients(path: Path, seed: int) -> dict[str, Any]:
    """``.grad`` of every leaf a program's variables can name: tensors, and parameters of modules."""
    names: dict[str, Any] = {"__name__": "__main__", "__file__": str(path)}
    torch.manual_seed(seed)
    random.seed(seed)
    np.random.seed(seed)
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(path.read_text(), str(path), "exec"), names)
    leaves = {name: value for name, value in names.items() if isinstance(value, torch.Tensor)}
    for name, value in names.items():
        if isinstance(value, torch.nn.Module):
            leaves.update(value.named_parameters(prefix=name))
    held = {name: leaf.grad for name, leaf in leaves.items() if leaf.is_leaf and leaf.grad is not None}
    return {name: (grad.to_dense() if grad.is_sparse else grad).numpy() for name, grad in held.items()}


def main(out: str, *programs: str) -> None:
    found = {}
    for program in programs:
        for name, grad in gradients(Path(program), seed=0).items():
            found[f"{Path(program).stem}:{name}"] = grad
    np.savez(out, **found)


if __name__ == "__main__":
    main(*sys.argv[1:])
