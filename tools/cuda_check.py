"""What only a real GPU can show: ``python tools/cuda_check.py [DEVICE]`` (default ``cuda``).

Runs every example and some programs of its own with the default device set to DEVICE, under the recorder and plainly in
a process of their own, and compares the leaf gradients bit for bit (deterministic algorithms on). Prints one line a
program and ends with a non-zero code when one differs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import torch  # noqa: E402

from graphviz_app.engine import devices  # noqa: E402
from graphviz_app.engine.program import Program  # noqa: E402
from graphviz_app.engine.session import Session  # noqa: E402
from graphviz_app.recording.model import EventKind  # noqa: E402

DEVICE = sys.argv[1] if len(sys.argv) > 1 else "cuda"

OWN = {
    "explicit device": """
import torch
x = torch.randn(64, 32, device="DEVICE", requires_grad=True)
w = torch.randn(32, 16, requires_grad=True)
loss = (x @ w).relu().pow(2).mean()
loss.backward()
""",
    "leaf moved to the GPU": """
import torch
x = torch.ones(3, device="cpu", requires_grad=True)
y = x.to("DEVICE") * 2
loss = y.sum()
loss.backward()
""",
    "two devices": """
import torch
a = torch.randn(4, device="cpu", requires_grad=True)
b = torch.randn(4, device="DEVICE", requires_grad=True)
loss = (a.to("DEVICE") * b).sum().cpu() + (a * a).sum()
loss.backward()
""",
    "half precision": """
import torch
m = torch.nn.Linear(16, 16)
with torch.autocast("DEVICE", dtype=torch.bfloat16):
    loss = m(torch.randn(4, 16)).float().pow(2).mean()
loss.backward()
""",
    "training": """
import torch
m = torch.nn.Sequential(torch.nn.Linear(8, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
opt = torch.optim.Adam(m.parameters(), lr=0.01)
for _ in range(5):
    opt.zero_grad()
    loss = m(torch.randn(16, 8)).square().mean()
    loss.backward()
    opt.step()
""",
}


def plain(source: str) -> dict[str, np.ndarray[Any, Any]]:
    """Leaf gradients of the program run without us."""
    import random

    torch.manual_seed(0)
    random.seed(0)
    np.random.seed(0)
    scope: dict[str, Any] = {"__name__": "__main__"}
    torch.set_default_device(DEVICE)
    try:
        exec(compile(source, "plain", "exec"), scope)
    finally:
        torch.set_default_device(None)
    return leaves(scope)


def leaves(scope: dict[str, Any]) -> dict[str, np.ndarray[Any, Any]]:
    """``.grad`` of every leaf a namespace holds, parameters of modules included."""
    found: dict[str, torch.Tensor] = {}
    for name, value in scope.items():
        if isinstance(value, torch.Tensor) and value.is_leaf and value.requires_grad:
            found[name] = value
        elif isinstance(value, torch.nn.Module):
            found.update(value.named_parameters(prefix=name))
    return {name: leaf.grad.cpu().numpy() for name, leaf in found.items() if leaf.grad is not None}


def recorded(source: str, name: str) -> tuple[Any, dict[str, np.ndarray[Any, Any]]]:
    """The recording of a program, and the leaf gradients it tells."""
    session = Session(Program(source=source, filename=name, seed=0, device=DEVICE))
    recording = session.run()
    found: dict[str, np.ndarray[Any, Any]] = {}
    for tensor in recording.tensors:
        if tensor.leaf and tensor.requires_grad and tensor.grad >= 0:
            for each in tensor.names:
                found[each] = session.fetch(tensor.grad)
    return recording, found


def main() -> int:
    """Compare every program; returns the number that differ."""
    torch.use_deterministic_algorithms(True, warn_only=True)
    for device in devices.devices():
        print("device:", device)
    programs = {path.name: path.read_text() for path in sorted((ROOT / "resources" / "examples").glob("*.py"))}
    bad = 0
    for name, template in {**programs, **OWN}.items():
        source = template.replace("DEVICE", DEVICE)
        truth = plain(source)
        recording, found = recorded(source, name)
        problem = recording.problem.message if recording.problem else ""
        same = all(key in found and np.array_equal(found[key], value) for key, value in truth.items())
        on = sorted({meta.device for meta in recording.metas})
        steps = [len(each.events) for each in recording.passes]
        raised = any((np.asarray(each.events.kind) == EventKind.RAISED).any() for each in recording.passes)
        good = same and not problem and not raised
        bad += not good
        print(f"{'ok ' if good else 'BAD'} {name}: {len(truth)} leaves, steps {steps}, devices {on} {problem}")
    print(f"{bad} of {len(programs) + len(OWN)} programs differ")
    return bad


if __name__ == "__main__":
    sys.exit(min(main(), 1))
