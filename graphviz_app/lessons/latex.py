"""Which formulas of a lesson are typeset: those of a small part of LaTeX, short and not deeply nested."""

from __future__ import annotations

import re
from typing import Final

MOST_CHARACTERS: Final = 240
MOST_DEPTH: Final = 5

COMMANDS: Final = frozenset(
    (
        *("alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "lambda", "mu", "pi", "rho", "sigma", "tau"),
        *("phi", "varphi", "omega", "Delta", "Sigma", "Phi", "Omega", "nabla", "partial", "infty", "ell"),
        *("frac", "sqrt", "sum", "prod", "int", "lim", "exp", "log", "ln", "sin", "cos", "tan", "tanh", "max", "min"),
        *("cdot", "times", "odot", "pm", "to", "mapsto", "Rightarrow", "dots", "cdots", "vdots", "ldots"),
        *("le", "ge", "ne", "approx", "in", "top", "quad", "qquad", "mathbf", "mathrm", "text", "bar", "hat"),
        *("left", "right", "begin", "end"),
    )
)
"""What a backslash may be followed by, beside a sign of punctuation."""

_PART: Final = re.compile(r"\\([A-Za-z]+)|\\([\\,;!{}|])|([{}])|[^\\]")
_GRID: Final = re.compile(r"\\(?:begin|end)(?!\{(?:pmatrix|bmatrix|matrix)\})")


def is_known(latex: str) -> bool:
    """Whether a formula is of the part of LaTeX that lessons may use."""
    if len(latex) > MOST_CHARACTERS or not latex.isprintable() or _GRID.search(latex):
        return False
    at = depth = 0
    while at < len(latex):
        found = _PART.match(latex, at)
        if found is None or (found[1] and found[1] not in COMMANDS):
            return False
        depth += {"{": 1, "}": -1}.get(found[3] or "", 0)
        if not 0 <= depth <= MOST_DEPTH:
            return False
        at = found.end()
    return depth == 0
