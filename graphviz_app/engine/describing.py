"""What is told of one tensor without sending it: statistics, a short text, a picture, its elements if they are few."""

from __future__ import annotations

from typing import Literal

from torch import Tensor

from graphviz_app.engine.arrays import picture_of, statistics_of, to_numpy
from graphviz_app.engine.tables import meta_of
from graphviz_app.recording.formatting import shape
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
