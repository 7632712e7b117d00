"""Runs every benchmark, or those named: ``python -m benchmarks layout canvas``."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks


def main(names: list[str]) -> int:
    """Run the benchmarks called `names` (all without any); each module has a ``main()`` that prints its ratios."""
    have = {
        m.name.removeprefix("bench_"): m.name for m in pkgutil.iter_modules(benchmarks.__path__) if "bench_" in m.name
    }
    unknown = [name for name in names if name not in have]
    if unknown:
        print(f"no benchmark called {', '.join(unknown)}; there are: {', '.join(have)}", file=sys.stderr)
        return 2
    for name in names or have:
        print(f"\n## {name}\n", flush=True)
        importlib.import_module(f"benchmarks.{have[name]}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
