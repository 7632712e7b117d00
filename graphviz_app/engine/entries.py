"""What a store has under a ref: a copy of the value, the program's own tensor, or what is left of it."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from graphviz_app.recording.model import NONE, Stats, TensorMeta
from graphviz_app.recording.stats import Array

GONE = "This value was not kept: it was larger than what was left of the memory set aside for values."
NO_DATA = "This tensor has no numbers to show: it lives on a device without memory, or torch cannot copy it."
CHANGED = "This value is gone: the program changed the tensor in place after it was used."
UNKNOWN = "The recording has no value with this number."


@dataclass(slots=True)
class Summary:
    """What is left of a value that was too large to keep."""

    meta: TensorMeta
    stats: Stats
    preview: Array


@dataclass(slots=True)
class Dropped:
    """A value that could not be kept at all."""

    meta: TensorMeta
    why: str


@dataclass(slots=True)
class Live:
    """A tensor of the program itself, shown as it is now, or only while it is what it was (`version`)."""

    tensor: Tensor
    version: int = NONE


Entry = Tensor | Summary | Dropped | Live
