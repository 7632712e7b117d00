"""Record models nobody here wrote, and compare each with plain torch and with its own ``named_modules()``.

``python tools/models.py [--write docs/models.md] [--pictures FOLDER] [--only NAME ...]``

Ends with 1 when anything differs.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import torch  # noqa: E402
from model_cases import CASES, Case  # noqa: E402
from model_check import Outcome, Wrong, check  # noqa: E402

HEAD = """\
# Models nobody here wrote

Written by `make models` ({versions}). Each row is one step of training of a model of `transformers` with a random small
configuration, run once in plain torch and once recorded. For each it was checked that

- the gradient of every parameter is plain torch's, bit for bit;
- the modules among the groups are exactly those of `named_modules()` that made nodes (with a `ModuleList` that holds
  several of them), and each node lies in the innermost module that made it, as torch's own hooks and sequence numbers
  tell it;
- the graph is laid out both as it is first shown and with every district open, and no two boxes overlap;
- every step of the pass can be shown, and at the last one everything the pass can reach has run;
- the graph is drawn as SVG, as it is first shown and whole; both are read back, and the whole one names more ops.

"Boxes" is what is drawn before anybody has opened anything; a repeat is three or more neighbours that are built alike.
Seconds are of one run on a shared machine: they say what to expect, not what is fast.

"""
COLUMNS = (
    "model",
    "family",
    "nodes",
    "parameters",
    "modules",
    "repeats",
    "boxes",
    "steps",
    "gradients equal",
    "record, s",
    "group and fold, ms",
    "lay out, ms",
    "all open, ms",
    "SVG, s",
)


def row(case: Case, outcome: Outcome) -> str:
    """One line of the table."""
    spent = outcome.seconds
    cells = (
        case.name,
        case.family,
        *(str(getattr(outcome, name)) for name in ("nodes", "parameters", "modules", "repeats", "boxes", "steps")),
        f"{outcome.parameters} of {outcome.parameters}",
        f"{spent['record']:.2f}",
        f"{(spent['group'] + spent['fold']) * 1e3:.1f}",
        f"{spent['lay out'] * 1e3:.0f}",
        f"{spent['lay out, all open'] * 1e3:.0f}",
        f"{spent['draw']:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Check every model; print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", type=Path, help="the table goes here")
    parser.add_argument("--pictures", type=Path, help="folder that the pictures stay in")
    parser.add_argument("--only", nargs="+", help="names of models", default=())
    options = parser.parse_args()
    import transformers

    warnings.simplefilter("ignore")
    transformers.logging.set_verbosity_error()
    rows, wrong = [], 0
    with tempfile.TemporaryDirectory() as folder:
        pictures = options.pictures or Path(folder)
        pictures.mkdir(parents=True, exist_ok=True)
        for case in CASES:
            if options.only and case.name not in options.only:
                continue
            try:
                rows.append(row(case, check(case.program, pictures / f"{case.name}.svg")))
            except Wrong as error:
                wrong += 1
                rows.append(f"| {case.name} | {case.family} | **{error}** |" + " |" * (len(COLUMNS) - 3))
            print(rows[-1], flush=True)
    if options.write:
        versions = (
            f"transformers {transformers.__version__}, torch {torch.__version__}, Python {platform.python_version()}"
        )
        table = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|", *rows]
        options.write.write_text(HEAD.format(versions=versions) + "\n".join(table) + "\n", encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
