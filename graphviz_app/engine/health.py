"""How the gradients of a pass of this run are: their norms and states, computed by torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from graphviz_app.engine.arrays import statistics_of, to_numpy
from graphviz_app.engine.entries import Summary
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.values import ValueStore
from graphviz_app.recording.calculus import AskHealth, Health
from graphviz_app.recording.health import health_of
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import SMALL, Recording, Stats
from graphviz_app.recording.stats import Array, stats_of


def answer_health(recording: Recording, store: ValueStore, ask: AskHealth, meanwhile: Callable[[], None]) -> Health:
    """How the gradients of one pass are.

    Raises
    ------
    EngineError
        When there is no such pass.
    """
    if not 0 <= ask.index < len(recording.passes):
        raise EngineError(MATH_NOTES["no_such_pass"])

    def look(refs: Sequence[int]) -> list[tuple[str, Stats | None]]:
        return [_told(store, ref) for ref in refs]

    def fetch(ref: int) -> Array | None:
        try:
            return store.fetch(ref)
        except EngineError:
            return None

    return health_of(recording, ask, look, fetch, meanwhile)


def _told(store: ValueStore, ref: int) -> tuple[str, Stats | None]:
    entry = store.entries[ref]
    if isinstance(entry, Summary):
        return entry.meta.dtype, entry.stats
    try:
        tensor = store.tensor(ref)
        dtype = str(tensor.dtype).removeprefix("torch.")
        with torch.no_grad():
            return dtype, stats_of(to_numpy(tensor)) if tensor.numel() <= SMALL else statistics_of(tensor)
    except Exception:  # not kept; and tensor subclasses raise what they like
        return "", None
