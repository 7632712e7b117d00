"""Run programs with nothing watching, in a process of its own, and keep the numbers they leave behind.

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


def ending(path: Path, seed: int) -> dict[str, Any]:
    """What a program's variables and its modules' parameters hold at the end: ``NAME``, and ``NAME.grad`` of leaves."""
    names: dict[str, Any] = {"__name__": "__main__", "__file__": str(path)}
    torch.manual_seed(seed)
    random.seed(seed)
    np.random.seed(seed)
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(path.read_text(), str(path), "exec"), names)
    tensors = {name: value for name, value in names.items() if isinstance(value, torch.Tensor)}
    for name, value in names.items():
        if isinstance(value, torch.nn.Module):
            tensors.update(value.named_parameters(prefix=name))
    grads = {f"{name}.grad": tensor.grad for name, tensor in tensors.items() if tensor.is_leaf}
    every = {**tensors, **{name: grad for name, grad in grads.items() if grad is not None}}
    return {name: (t.to_dense() if t.is_sparse else t).detach().resolve_conj().numpy() for name, t in every.items()}


def main(out: str, *programs: str) -> None:
    found = {}
    for program in programs:
        for name, values in ending(Path(program), seed=0).items():
            found[f"{Path(program).stem}:{name}"] = values
    np.savez(out, **found)


if __name__ == "__main__":
    main(*sys.argv[1:])
