"""Numbers a person gave, as the tensor they are for."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.errors import EngineError
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import Column


def tensor_given(values: Column, meta: Any) -> Tensor:
    """`values` in the type and on the device of `meta` (a tensor, or what a node knows of one), whose shape they have.

    Raises
    ------
    EngineError
        When they have another shape or are complex where the tensor is real.
    """
    shape = tuple(int(size) for size in meta.shape)
    if tuple(values.shape) != shape:
        raise EngineError(MATH_NOTES["vector_shape"])
    if values.dtype.kind == "c" and not meta.dtype.is_complex:
        raise EngineError(MATH_NOTES["vector_dtype"])
    wide = np.ascontiguousarray(values.astype(np.complex128 if values.dtype.kind == "c" else np.float64))
    try:
        return torch.from_numpy(wide).reshape(shape).to(meta.dtype).to(meta.device)
    except (TypeError, RuntimeError) as error:
        raise EngineError(MATH_NOTES["vector_dtype"]) from error
