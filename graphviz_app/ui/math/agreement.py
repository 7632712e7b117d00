"""How two ways to the same numbers compare, in words."""

from __future__ import annotations

from graphviz_app.recording.calculus import Agreement
from graphviz_app.recording.formatting import number
from graphviz_app.ui.i18n import tr


def agreement_words(agreement: Agreement, worst: float) -> str:
    """``equal, bit for bit``; empty when nothing was compared.

    Parameters
    ----------
    worst
        Greatest difference, relative to the greatest magnitude.
    """
    if agreement == "equal":
        return tr("equal, bit for bit")
    if agreement == "close":
        return tr("equal up to rounding ({worst} relative)", worst=number(worst, 2))
    if agreement == "differs":
        return tr("differs by {worst} relative", worst=number(worst, 2))
    return ""


def agreement_role(agreement: Agreement) -> str:
    """The role of the theme that a comparison is written in."""
    return {"equal": "ok", "close": "ok", "differs": "error", "unchecked": "text_dim"}[agreement]
