"""What the groups of nodes cost, as a few words on a district: its share of the time, and what it keeps."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from graphviz_app.recording import formatting
from graphviz_app.recording.costs import Costs, Floats, totals
from graphviz_app.ui.graph.districts import Districts
from graphviz_app.ui.i18n import tr


class DistrictCosts:
    """Costs of a recording's groups beside those of the whole run.

    Parameters
    ----------
    districts
        The groups.
    costs
        What each node cost.
    """

    def __init__(self, districts: Districts, costs: Costs) -> None:
        self._whole = [float(np.nansum(column)) for column in (costs.forward, costs.backward, costs.saved)]
        summed = totals(costs, districts.groups)
        self._groups = (summed.forward, summed.backward, summed.saved)

    def short(self, groups: tuple[int, ...]) -> list[str]:
        """``31% time``, ``12.0 kB``; nothing of what was not measured."""
        forward, backward, saved = (_sum(column, groups) for column in self._groups)
        spent, all_of_it = _known(forward) + _known(backward), self._whole[0] + self._whole[1]
        words = [tr("{share} time", share=_share(spent, all_of_it))] if spent > 0 else []
        return words + ([_size(saved)] if _known(saved) > 0 else [])

    def long(self, groups: tuple[int, ...]) -> list[str]:
        """A line for each cost, with its part of that of the whole run."""
        said = (
            tr("forward {amount} ({share})"),
            tr("backward {amount} ({share})"),
            tr("kept for the backward {amount} ({share})"),
        )
        write: tuple[Callable[[float], str], ...] = (formatting.duration, formatting.duration, _size)
        lines = []
        for words, column, whole, amount_of in zip(said, self._groups, self._whole, write, strict=True):
            amount = _sum(column, groups)
            if _known(amount) > 0:
                lines.append(words.format(amount=amount_of(amount), share=_share(amount, whole)))
        return lines


def _size(number_of_bytes: float) -> str:
    return formatting.size(int(number_of_bytes))


def _sum(column: Floats, groups: tuple[int, ...]) -> float:
    values = column[list(groups)]
    known = values[np.isfinite(values)]
    return float(known.sum()) if len(known) else math.nan


def _known(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def _share(part: float, whole: float) -> str:
    percent = 100 * part / whole if whole > 0 else 0.0
    return f"{percent:.0f}%" if percent >= 1 or percent == 0 else "<1%"
