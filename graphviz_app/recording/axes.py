"""The axes of a tensor: what each is called, how that is known, and what part it plays on the screen."""

from __future__ import annotations

from typing import Literal

import msgspec

Role = Literal["x", "y", "rgb", "play", "tile", "slider", "mean", "max", "norm"]
"""Part an axis plays in the picture: across, down, colour, time that plays, one picture an index, one index chosen, or
reduced. An axis of size 1 is a ``slider`` (it folds)."""

Kind = Literal["scalar", "vector", "matrix", "series", "sheets", "images", "video", "many"]
"""What a tensor is shown as. ``series``: lines over time (3-D), ``sheets``: a stack of matrices, ``many``: sliders."""

Source = Literal["user", "declared", "proof", "guess", "none"]
"""How the name of an axis is known, strongest first; a guess is drawn dashed, with its reason."""


class AxisName(msgspec.Struct, frozen=True):
    """The name of one axis.

    Attributes
    ----------
    name
        ``"N"``, ``"C"``, ``"H"``, ``"W"``, ``"T"``, ``"D"`` or a name of the user's; empty when nothing is known.
    reason
        Key of ``recording.axes.REASONS`` that says how it is known, with ``|``-separated fields (``"conv|ConvolutionBackward0|x"``).
    """

    name: str
    source: Source
    reason: str = ""


class Reading(msgspec.Struct, frozen=True):
    """One way to understand a tensor: a name and a part for every axis."""

    kind: Kind
    names: tuple[AxisName, ...]
    roles: tuple[Role, ...]
