"""The axes of a tensor: what each is called, how that is known, and what part it plays on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from graphviz_app.recording.axis_messages import AXIS_ERRORS, AXIS_REASONS
from graphviz_app.recording.model import NONE

REASONS = AXIS_REASONS
"""How the name of an axis is known, in English with ``{fields}``."""

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
        Key of ``recording.axes.REASONS`` that says how it is known, with ``|``-separated fields
        (``"conv|node=ConvolutionBackward0|text=conv(x)"``), read by :func:`reason_parts`; empty when nothing is known.
    node
        Graph node that proves it, to be shown on request; ``-1`` without a proof.
    """

    name: str
    source: Source
    reason: str = ""
    node: int = NONE


class Reading(msgspec.Struct, frozen=True):
    """One way to understand a tensor: a name and a part for every axis, outermost first."""

    kind: Kind
    names: tuple[AxisName, ...]
    roles: tuple[Role, ...]


UNKNOWN = AxisName("", "none")
"""An axis nothing is known of."""

CERTAIN: frozenset[Source] = frozenset(("user", "declared", "proof"))
"""Sources of names that a guess never contradicts."""


class AxesError(ValueError):
    """What a person wrote about axes or a slice cannot be read; the message is one English sentence.

    Attributes
    ----------
    key, params
        Of ``recording.axis_messages.AXIS_ERRORS``, for a view that translates.
    """

    def __init__(self, key: str, **params: str) -> None:
        super().__init__(AXIS_ERRORS[key].format(**params))
        self.key = key
        self.params = params


def reason(key: str, **fields: str) -> str:
    """A reason as :attr:`AxisName.reason` holds it; a ``|`` in a field survives."""
    return "|".join((key, *(f"{name}={value.replace('|', _BAR)}" for name, value in fields.items())))


def reason_parts(text: str) -> tuple[str, dict[str, str]]:
    """The key of a reason and the values of its fields."""
    key, *fields = text.split("|")
    pairs = (field.split("=", 1) for field in fields)
    return key, {name: value.replace(_BAR, "|") for name, value in pairs}


def reason_text(text: str) -> str:
    """A reason as a sentence in English; empty for an axis nothing is known of."""
    if not text:
        return ""
    key, fields = reason_parts(text)
    return REASONS[key].format(**fields)


_BAR = "\x1f"
"""Stands for ``|`` inside a field: program text may contain one (``a | b``)."""


def declared(text: str, ndim: int, source: Literal["user", "declared"] = "declared") -> tuple[AxisName, ...]:
    """Names of all axes as a person writes them: ``"N C T H W"``, commas or spaces between; ``_`` leaves one unnamed.

    A single word of capital letters names one axis a letter (``"NCHW"``) when there are as many as axes.

    Raises
    ------
    AxesError
        With another number of names than axes, a name twice, or a name that is no identifier.
    """
    names = text.replace(",", " ").split()
    if len(names) == 1 and len(names[0]) == ndim and names[0].isalpha() and names[0].isupper():
        names = list(names[0])
    if len(names) != ndim:
        raise AxesError("name_count", given=str(len(names)), wanted=str(ndim))
    for name in names:
        if not (name.isidentifier() or name in DEPTH_OR_TIME):
            raise AxesError("name_word", name=name)
    twice = next((name for name in names if name != "_" and names.count(name) > 1), None)
    if twice is not None:
        raise AxesError("name_twice", name=twice)
    why = reason(source)
    return tuple(UNKNOWN if name == "_" else AxisName(name, source, why) for name in names)


DEPTH_OR_TIME = "D/T"
"""Third axis of a 3-D convolution's input: depth of a volume or time of a video, torch does not know which."""


def merged(*sources: Sequence[AxisName] | None) -> tuple[AxisName, ...] | None:
    """Names of each axis from several sources, the strongest first; ``None`` when no source says anything.

    A name taken by a stronger source is not given to a second axis.
    """
    known = [names for names in sources if names is not None]
    if not known:
        return None
    result: list[AxisName] = [UNKNOWN] * len(known[0])
    for names in known:
        taken = {axis.name for axis in result if axis.name}
        for axis, name in enumerate(names):
            if not result[axis].name and name.name and name.name not in taken:
                result[axis] = name
    return tuple(result)


def without_colour(roles: Iterable[Role]) -> tuple[Role, ...]:
    """The same parts with one picture a channel instead of colour: a gradient or a weight is never shown in colour."""
    return tuple("tile" if role == "rgb" else role for role in roles)
