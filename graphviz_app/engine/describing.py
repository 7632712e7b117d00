"""What is told of one tensor without sending it: statistics, a short text, a picture, its elements if they are few."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

from graphviz_app.engine.arrays import norm_of, picture_of, statistics_of, to_numpy
from graphviz_app.engine.tables import meta_of
from graphviz_app.recording.formatting import flat, number, shape
from graphviz_app.recording.model import SMALL, TensorMeta, ValueInfo
from graphviz_app.recording.stats import FEW, preview_of, short_text, stats_of


def described(ref: int, tensor: Tensor) -> ValueInfo:
    """What is known of a value that is there, after reading all of it; never raises."""
    meta = meta_of(tensor)
    kept: Literal["whole", "dropped"] = "whole"
    try:
        if tensor.numel() <= SMALL:
            values = to_numpy(tensor)
            stats = stats_of(values)
            text = short_text(meta.shape, values, stats.norm)
            preview = preview_of(values) if values.size > FEW else None
            return ValueInfo(ref, meta, kept, stats, text, values, preview)
        stats = statistics_of(tensor)
        return ValueInfo(ref, meta, kept, stats, short_text(meta.shape, None, stats.norm), None, picture_of(tensor))
    except Exception:  # tensor subclasses raise what they like
        return ValueInfo(ref, meta, "dropped", None, shape(meta.shape))


def safe_meta(tensor: Tensor) -> TensorMeta:
    """Shape, dtype and device of any tensor; never raises."""
    try:
        return meta_of(tensor)
    except Exception:  # an exotic subclass: the label must still be drawn
        return TensorMeta((), "unknown", "unknown")


NORM_LIMIT = 1 << 20
"""Elements up to which a label's norm is worth computing."""


_AS_PYTHON = frozenset((torch.float32, torch.float64, torch.int64, torch.bool))
"""Types whose single numbers are asked for as Python's: what most losses are, in a fifth of an array's time."""
_PLAIN = frozenset((Tensor, torch.nn.Parameter))
"""Classes whose sizes are numbers, or not told at all: those of a class of the program's own may be symbols."""


def text_of_tensor(tensor: Tensor, *, norm: bool = True) -> str:
    """Short form of a tensor for a label, with its `norm` when it is too large to be written out; never raises."""
    try:
        if type(tensor) is Tensor and not tensor.dim() and tensor.dtype in _AS_PYTHON:
            return number(tensor.item())
        if tensor.numel() <= FEW:
            return flat(to_numpy(tensor), FEW)
        if not norm or tensor.numel() > NORM_LIMIT:
            return shape(tensor.shape if type(tensor) in _PLAIN else safe_meta(tensor).shape)
        return short_text(safe_meta(tensor).shape, None, norm_of(tensor))
    except Exception:  # tensor subclasses raise what they like
        return shape(safe_meta(tensor).shape)
