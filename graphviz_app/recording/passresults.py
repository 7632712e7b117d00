"""The numbers that passes started from: of a training, its loss step by step."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from graphviz_app.recording.model import NONE, Recording

Floats = npt.NDArray[np.float64]


def is_known(recording: Recording, index: int) -> bool:
    """Whether pass `index` started from one number, and it is known."""
    one, nodes = recording.passes[index], recording.graph.nodes
    if len(one.roots) != 1 or index >= len(recording.pass_results):
        return False
    meta = recording.metas[int(nodes.out_meta[nodes.out_start[one.roots[0]]])]
    return all(size == 1 for size in meta.shape) and meta.dtype.startswith(("float", "bfloat"))


def result_of(recording: Recording, index: int) -> float | None:
    """The number that pass `index` started from, finite or not; ``None`` where it did not start from one."""
    return float(recording.pass_results[index]) if is_known(recording, index) else None


def series_of(recording: Recording) -> npt.NDArray[np.int32]:
    """For each pass, which of the program's calls it is: those of one line, from the same variable, are a series.

    ``-1`` where it did not start from one known number. The series are counted in the order they begin.
    """
    seen: dict[tuple[int, int], int] = {}
    var = recording.graph.nodes.var
    keys = (
        (one.site, int(var[one.roots[0]])) if is_known(recording, index) else None
        for index, one in enumerate(recording.passes)
    )
    series = [NONE if key is None else seen.setdefault(key, len(seen)) for key in keys]
    return np.array(series, dtype=np.int32)
