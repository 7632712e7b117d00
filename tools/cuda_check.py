"""What only a real GPU can show: ``python tools/cuda_check.py [DEVICE]`` (default ``cuda``).

Runs every example, PyTorch's tutorials and some programs of its own with the default device set to DEVICE, plainly and
under the recorder, and compares the leaf gradients bit for bit (deterministic algorithms on). Asks every node of the
first passes for its Jacobian and counts how vᵀJ agrees with what the node returned. Then it breaks the GPU from the
command line, in every way that is known to, and reads what is said. Prints one line a program and ends with a non-zero
code when one is not as it should be.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import Any

os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import torch  # noqa: E402

from graphviz_app.engine import devices  # noqa: E402
from graphviz_app.engine.errors import EngineError  # noqa: E402
from graphviz_app.engine.program import Program  # noqa: E402
from graphviz_app.engine.session import Session  # noqa: E402
from graphviz_app.recording.calculus import AskNode  # noqa: E402
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

LONG = {"extending_linear.py"}
"""1,203 passes of gradcheck: minutes, and nothing that the others do not show."""

KNOWN = {
    "higher_order.py": "(nodes made by a backward are numbered by thread, so torch adds up in another order)",
    "mechanics_notes.py": "(a hook doubles a gradient; what arrives is recorded)",
}
"""Programs whose last bits may differ on a GPU, and why."""

STOPPED = "The GPU stopped the program: device-side assert triggered."
BROKEN = {
    "more memory than there is": ("torch.empty(400 << 30, dtype=torch.uint8)", 1, "The GPU has not enough memory"),
    "an index out of range": ("torch.nn.Embedding(10, 4)(torch.tensor([30])).sum().backward()", 1, STOPPED),
    "a label out of range": (
        "torch.nn.functional.cross_entropy(x, torch.tensor([0, 1, 2, 9])).backward()",
        1,
        STOPPED,
    ),
    "a write out of range after a backward": (
        "(x * x).sum().backward()\nt = torch.zeros(4)\nt[torch.tensor([9])] = 1",
        1,
        STOPPED,
    ),
    "an endless loop": ("(x * x).sum().backward()\nwhile True:\n    x @ x", 3, "ran longer than its limit"),
}
"""A line that breaks the GPU, the exit code, and what is to be said."""

PASSES, STEPS = 4, 150
"""Passes, and steps of each, whose Jacobians are asked for."""


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
    grads = {name: leaf.grad for name, leaf in found.items() if leaf.grad is not None}
    return {name: (grad.to_dense() if grad.is_sparse else grad).cpu().numpy() for name, grad in grads.items()}


def recorded(source: str, name: str) -> tuple[Session, Any, dict[str, list[np.ndarray[Any, Any]]]]:
    """The session, the recording of a program, and the leaf gradients it tells, by every name that had one."""
    session = Session(Program(source=source, filename=name, seed=0, device=DEVICE, keep_graphs=True))
    recording = session.run()
    found: dict[str, list[np.ndarray[Any, Any]]] = {}
    for tensor in recording.tensors:
        if tensor.leaf and tensor.grad >= 0:
            for each in tensor.names:
                found.setdefault(each, []).append(session.fetch(tensor.grad))
    return session, recording, found


def agreements(session: Session, recording: Any) -> Counter[str]:
    """How vᵀJ agrees with what each node returned, over the first steps of the first passes."""
    counts: Counter[str] = Counter()
    for index, one in enumerate(recording.passes[:PASSES]):
        for step, node in enumerate(one.events.node.tolist()[:STEPS], 1):
            with suppress(EngineError):  # a graph that the program has freed
                answer = session.mathematics.answer(AskNode(node, index, step), lambda: None)
                counts[getattr(answer, "agreement", "")] += 1
    return counts


def check(name: str, source: str) -> bool:
    """Compare one program; returns whether all is as it should be."""
    try:
        with redirect_stdout(StringIO()):
            truth = plain(source)
    except Exception as error:
        print(f"--  {name}: plain torch cannot run it on {DEVICE}: {type(error).__name__}")
        return True
    with redirect_stdout(StringIO()):
        session, recording, found = recorded(source, name)
    problem = recording.problem.message if recording.problem else ""
    apart = [
        key
        for key, value in truth.items()
        if not any(np.array_equal(each, value, equal_nan=True) for each in found.get(key, ()))
    ]
    on = sorted({meta.device for meta in recording.metas})
    raised = any((np.asarray(each.events.kind) == EventKind.RAISED).any() for each in recording.passes)
    counts = agreements(session, recording)
    session.close()
    good = not problem and not raised and not counts["differs"] and (not apart or name in KNOWN)
    known = KNOWN.get(name, "") if apart else ""
    print(
        f"{'ok ' if good else 'BAD'} {name}: {len(truth)} leaves, {apart} apart, {dict(counts)}, {on} {problem} {known}"
    )
    return good


def break_it(name: str, line: str, code: int, sentence: str) -> bool:
    """Run a program that breaks the GPU from the command line; returns whether it ended with `code` and `sentence`."""
    source = f"import torch\nx = torch.randn(4, 4, requires_grad=True)\n{line}\nprint(float(x.sum()))\n"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "g.png")
        options = ["render", "-c", source, "-o", str(out), "--device", DEVICE, "--timeout", "20"]
        done = subprocess.run(
            [sys.executable, "-m", "graphviz_app", *options], capture_output=True, text=True, cwd=ROOT
        )
    good = done.returncode == code and sentence in done.stderr and "fault in this app" not in done.stderr
    print("ok " if good else "BAD", f"{name}: exit code {done.returncode}")
    if not good:
        print(done.stderr[-2000:])
    return good


def main() -> int:
    """Compare every program; returns the number that are not as they should be."""
    torch.use_deterministic_algorithms(True, warn_only=True)
    warnings.simplefilter("ignore")
    for device in devices.devices():
        print("device:", device)
    folders = (ROOT / "resources" / "examples", ROOT / "tests" / "e2e" / "programs")
    programs = {path.name: path.read_text() for folder in folders for path in sorted(folder.glob("*.py"))}
    ended = [
        check(name, source.replace("DEVICE", DEVICE))
        for name, source in {**programs, **OWN}.items()
        if name not in LONG
    ]
    if DEVICE.startswith("cuda"):
        ended += [break_it(name, *case) for name, case in BROKEN.items()]
    print(f"{ended.count(False)} of {len(ended)} are not as they should be")
    return ended.count(False)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
