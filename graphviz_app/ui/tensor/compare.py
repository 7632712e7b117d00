"""What can be shown beside value and gradient, and why something cannot be."""

from __future__ import annotations

from dataclasses import dataclass

from graphviz_app.recording.model import NONE
from graphviz_app.recording.slices import Combine
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.tensor.shown import Meaning
from graphviz_app.ui.tensor.state import Compare
from graphviz_app.ui.tensor.subject import Subject
from graphviz_app.ui.tensor.words import COMPARE_WORDS


@dataclass(frozen=True)
class Comparison:
    """Two values of one shape and how they are combined.

    Attributes
    ----------
    this, other
        refs; ``-1`` when there is no such value, and `why` says so.
    why
        Why there is nothing to compare, in a sentence; empty otherwise.
    """

    title: str
    this: int
    other: int
    combine: Combine
    meaning: Meaning
    why: str = ""


_COMBINE: dict[Compare, Combine] = {
    "difference": "difference",
    "sign": "sign",
    "ratio": "ratio",
    "previous_step": "difference",
    "previous_pass": "difference",
}


def comparison(subject: Subject, compare: Compare) -> Comparison:
    """The two values a comparison is made of."""
    gradient = subject.gradient.ref if subject.gradient.state == "value" else NONE
    this, other = subject.value, gradient
    if compare == "previous_step":
        this, other = gradient, subject.before
    elif compare == "previous_pass":
        this, other = gradient, subject.last_pass
    why = "" if NONE not in (this, other) else _why(subject, compare, gradient)
    meaning: Meaning = "value" if compare == "ratio" else "difference"
    return Comparison(tr(COMPARE_WORDS[compare]), this, other, _COMBINE.get(compare, ""), meaning, why)


def _why(subject: Subject, compare: Compare, gradient: int) -> str:
    if gradient == NONE:
        return tr("There is no gradient to compare at this step.")
    if compare == "previous_step":
        return tr("Before this step its gradient was None: there is nothing to compare with.")
    if compare == "previous_pass":
        return tr("No pass before this one gave it a gradient.")
    return tr("Its value was not kept, so it cannot be compared.")
