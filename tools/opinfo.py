"""Record every operator of PyTorch's own database, and check each node's v·J against what it returned.

``python tools/opinfo.py [--write docs/opinfo.md] [--samples N] [--every N] [--only NAME ...]``

The operators are shared out among two processes. One that crashes or takes too long is a failure of its operator, and
another process goes on with the next.
"""

from __future__ import annotations

import argparse
import json
import os
import selectors
import subprocess
import sys
import time
import warnings
from collections import Counter, deque
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PROCESSES = 2
PATIENCE = 240.0
"""Seconds for one operator in one type."""

Case = tuple[int, str]
"""Place in the database, and type."""


def serve(samples: int) -> None:
    """Check the cases named on standard input, one a line, and tell what became of each."""
    import torch

    sys.path[:0] = [str(ROOT), str(ROOT / "tools")]
    from opinfo_case import check, database

    torch.set_num_threads(1)
    ops = database()
    warnings.simplefilter("ignore")
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what operators print is not an answer
    print("ready", file=out, flush=True)
    for line in sys.stdin:
        index, dtype = json.loads(line)
        outcome = asdict(check(ops[index], getattr(torch, dtype), samples))
        outcome["kinds"] = sorted(outcome["kinds"])
        print(json.dumps(outcome), file=out, flush=True)


@dataclass
class Worker:
    """One process and the case it works on."""

    process: subprocess.Popen[str]
    case: Case | None = None
    since: float = 0.0


class Pool:
    """Shares cases out among processes.

    Parameters
    ----------
    cases
        What is to be checked, with the name of each operator.
    """

    def __init__(self, cases: list[tuple[Case, str]], samples: int) -> None:
        self.waiting = deque(case for case, _ in cases)
        self.names = {case[0]: name for case, name in cases}
        self.samples = samples
        self.outcomes: list[dict[str, Any]] = []
        self.selector = selectors.DefaultSelector()
        self.workers: list[Worker] = []

    def run(self) -> list[dict[str, Any]]:
        """The outcome of each case."""
        for _ in range(min(PROCESSES, len(self.waiting))):
            self._start()
        while self.workers:
            for key, _ in self.selector.select(timeout=1.0):
                self._hear(key.data)
            for worker in list(self.workers):
                if worker.case is not None and time.monotonic() - worker.since > PATIENCE:
                    self._lose(worker, f"took longer than {PATIENCE:.0f} s")
        return self.outcomes

    def _start(self) -> None:
        command = [sys.executable, __file__, "--serve", "--samples", str(self.samples)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=2, text=True)
        worker = Worker(process)
        self.workers.append(worker)
        assert process.stdout is not None
        self.selector.register(process.stdout, selectors.EVENT_READ, worker)

    def _hear(self, worker: Worker) -> None:
        assert worker.process.stdout is not None
        line = worker.process.stdout.readline()
        if not line:
            self._lose(worker, f"the process ended with {worker.process.wait()}")
            return
        if worker.case is not None:
            self.outcomes.append(json.loads(line))
            self._show(self.outcomes[-1])
        self._give(worker)

    def _give(self, worker: Worker) -> None:
        if not self.waiting:
            self._end(worker)
            return
        worker.case, worker.since = self.waiting.popleft(), time.monotonic()
        assert worker.process.stdin is not None
        worker.process.stdin.write(json.dumps(worker.case) + "\n")
        worker.process.stdin.flush()

    def _lose(self, worker: Worker, why: str) -> None:
        if worker.case is not None:
            index, dtype = worker.case
            lost = {"name": self.names[index], "dtype": dtype, "status": "fail", "reason": why}
            self.outcomes.append(lost)
            self._show(lost)
        worker.process.kill()
        self._end(worker)
        if self.waiting:
            self._start()

    def _end(self, worker: Worker) -> None:
        assert worker.process.stdout is not None
        assert worker.process.stdin is not None
        self.selector.unregister(worker.process.stdout)
        worker.process.stdin.close()
        worker.process.stdout.close()
        worker.process.wait()
        self.workers.remove(worker)

    def _show(self, outcome: dict[str, Any]) -> None:
        if outcome["status"] == "fail":
            print(f"{outcome['name']} {outcome['dtype']}: {outcome['reason'][:300]}", flush=True)
        elif len(self.outcomes) % 100 == 0:
            print(f"... {len(self.outcomes)} done", flush=True)


def main() -> int:
    """Run from the command line; 1 when an operator fails."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--samples", type=int, default=5, help="samples of each operator")
    parser.add_argument("--only", nargs="*", default=[], help="operators")
    parser.add_argument("--every", type=int, default=1, help="only each so manieth operator")
    parser.add_argument("--types", nargs="*", default=["float64", "complex128"])
    parser.add_argument("--write", type=Path, help="where the report goes")
    options = parser.parse_args()
    if options.serve:
        serve(options.samples)
        return 0
    import torch

    sys.path[:0] = [str(ROOT), str(ROOT / "tools")]
    from opinfo_case import database, full_name, why_skipped

    cases: list[tuple[Case, str]] = []
    skipped: list[dict[str, Any]] = []
    for index, op in enumerate(database()):
        name = full_name(op)
        if (options.only and name not in options.only) or index % options.every:
            continue
        for dtype in options.types:
            why = why_skipped(op, getattr(torch, dtype))
            if why:
                skipped.append({"name": name, "dtype": dtype, "status": "skip", "reason": why})
            else:
                cases.append(((index, dtype), name))
    started = time.monotonic()
    outcomes = [*Pool(cases, options.samples).run(), *skipped]
    text = report(outcomes, options.samples, str(torch.__version__), time.monotonic() - started)
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    print(text.partition("\n## ")[0])
    return int(any(outcome["status"] == "fail" for outcome in outcomes))


_COLUMNS = ("operators", "pass", "fail", "skip", "samples", "nodes", "equal", "close", "unchecked", "worst difference")


def report(outcomes: list[dict[str, Any]], samples: int, version: str, seconds: float) -> str:
    """What became of all operators, as Markdown."""
    lines = [
        "# PyTorch's own operators, recorded",
        "",
        f"Written by `make opinfo` with torch {version}, in {seconds:.0f} s. Of every operator in",
        "`torch.testing._internal.common_methods_invocations.op_db` the first samples with something to differentiate",
        f"(at most {samples}) are run plain and recorded. An operator passes when, for each sample, the recorded leaf",
        "gradients are plain torch's bit for bit, and for every node of the backward v·J, put together from the blocks",
        "of its Jacobian, is what the node returned: *equal* bit for bit, or *close* (1e-9 of the greatest |v|ᵀ|J|;",
        "1e-4 where the node takes or gives float32). A node whose J has over 67 million entries is not compared.",
        "",
        f"| type | {' | '.join(_COLUMNS)} |",
        "|---" * (len(_COLUMNS) + 1) + "|",
    ]
    dtypes = sorted({outcome["dtype"] for outcome in outcomes}, reverse=True)
    lines += [_row(dtype, [outcome for outcome in outcomes if outcome["dtype"] == dtype]) for dtype in dtypes]
    kinds = {kind for outcome in outcomes for kind in outcome.get("kinds", ())}
    lines += ["", f"Classes of nodes met: {len(kinds)}.", ""]
    for status, title in (("fail", "Failures"), ("skip", "Skipped")):
        lines += [f"## {title}", "", *_by_reason([o for o in outcomes if o["status"] == status]), ""]
    unchecked: Counter[str] = Counter()
    for outcome in outcomes:
        unchecked.update(outcome.get("unchecked", {}))
    lines += ["## Nodes that could not be compared", ""]
    lines += [f"- {count} x {reason}" for reason, count in sorted(unchecked.items())] or ["None."]
    return "\n".join(lines) + "\n"


def _row(dtype: str, outcomes: list[dict[str, Any]]) -> str:
    status = Counter(outcome["status"] for outcome in outcomes)

    def total(key: str) -> int:
        return sum(outcome.get(key, 0) for outcome in outcomes)

    unchecked = sum(sum(outcome.get("unchecked", {}).values()) for outcome in outcomes)
    worst = max((outcome.get("worst", 0.0) for outcome in outcomes), default=0.0)
    numbers = (len(outcomes), status["pass"], status["fail"], status["skip"], total("samples"), total("nodes"))
    cells = [dtype, *map(str, numbers), str(total("equal")), str(total("close")), str(unchecked), f"{worst:.1e}"]
    return f"| {' | '.join(cells)} |"


def _by_reason(outcomes: list[dict[str, Any]]) -> list[str]:
    if not outcomes:
        return ["None."]
    reasons: dict[str, list[str]] = {}
    for outcome in sorted(outcomes, key=lambda outcome: (outcome["name"], outcome["dtype"])):
        reasons.setdefault(outcome["reason"][:300].replace("\n", " "), []).append(
            f"`{outcome['name']}`" + (" (complex)" if outcome["dtype"].startswith("complex") else "")
        )
    return [f"- **{reason}** ({len(names)}): {', '.join(names)}" for reason, names in sorted(reasons.items())]


if __name__ == "__main__":
    sys.exit(main())
