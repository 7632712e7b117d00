"""The costs a person can choose among: their words, and how they are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graphviz_app.recording import formatting
from graphviz_app.recording.costs import Costs, Floats
from graphviz_app.ui.i18n import tr, tr_noop


@dataclass(frozen=True)
class Measure:
    """One cost.

    Attributes
    ----------
    name
        ``forward``, ``backward`` or ``memory``.
    title
        What it is called; English, marked for translation.
    column
        Its column of :class:`Costs`.
    write
        Writes an amount with its unit.
    """

    name: str
    title: str
    column: str
    write: Callable[[float], str]

    def of(self, costs: Costs) -> Floats:
        """The numbers, a row a node or a group."""
        values: Floats = getattr(costs, self.column)
        return values

    @property
    def is_time(self) -> bool:
        """Whether it is measured by the clock."""
        return self.column != "saved"

    @property
    def words(self) -> str:
        """What it is called, in the person's language."""
        return tr(self.title)


MEASURES: tuple[Measure, ...] = (
    Measure("backward", tr_noop("time of the backward"), "backward", formatting.duration),
    Measure("forward", tr_noop("time of the forward"), "forward", formatting.duration),
    Measure("memory", tr_noop("memory kept for the backward"), "saved", lambda value: formatting.size(int(value))),
)


def measure(name: str) -> Measure:
    """The measure called `name`."""
    return next(each for each in MEASURES if each.name == name)
