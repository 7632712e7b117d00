"""How the elements of a tensor follow each other in memory."""

from __future__ import annotations

import math
from collections.abc import Sequence

_ORDERS = {4: ("channels_last", (0, 2, 3, 1)), 5: ("channels_last_3d", (0, 2, 3, 4, 1))}
"""Of tensors with so many axes: what torch calls the order with the channels innermost, and that order."""


def order_in_memory(shape: Sequence[int], strides: Sequence[int]) -> str:
    """How elements that lie `strides` apart follow each other: the words of :attr:`Looked.contiguous`."""
    if not math.prod(shape):
        return "contiguous"
    if any(size > 1 and not step for size, step in zip(shape, strides, strict=True)):
        return "expanded"
    if _is_packed(shape, strides, range(len(shape))):
        return "contiguous"
    name, order = _ORDERS.get(len(shape), ("", ()))
    return name if name and _is_packed(shape, strides, order) else "non-contiguous"


def _is_packed(shape: Sequence[int], strides: Sequence[int], order: Sequence[int]) -> bool:
    """Whether elements lie side by side with the axes in this order, outermost first."""
    expected = 1
    for axis in reversed(order):
        if shape[axis] != 1 and strides[axis] != expected:
            return False
        expected *= shape[axis]
    return True
