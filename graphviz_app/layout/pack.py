"""Disconnected parts side by side: high ones first, small ones stacked beside them."""

from __future__ import annotations

import math

import numpy as np

from graphviz_app.layout.options import FloatArray


def pack(width: FloatArray, height: FloatArray, gap: float, aspect: float) -> tuple[FloatArray, FloatArray]:
    """Place rectangles without overlap, near `aspect` times as wide as high together.

    Parameters
    ----------
    width, height
        Sizes of n rectangles.
    gap
        Least room between two.
    aspect
        Wanted width over height of the whole.

    Returns
    -------
    left, top
        Upper left corner of each, n rows each.
    """
    left, top = np.zeros(len(width)), np.zeros(len(width))
    order = np.argsort(-height, kind="stable").tolist()
    area = float(((width + gap) * (height + gap)).sum())
    limit = max(math.sqrt(area * aspect), float(width.max(initial=0.0)))
    wide, tall = width.tolist(), height.tolist()
    shelf_y = column_x = column_w = column_y = shelf_h = 0.0
    for row in order:
        if column_w and column_y + tall[row] <= shelf_y + shelf_h and wide[row] <= column_w:
            left[row], top[row] = column_x, column_y  # below the one before, in the same column
        else:
            column_x += column_w + gap if column_w else 0.0
            if column_x and column_x + wide[row] > limit:
                shelf_y, column_x, shelf_h = shelf_y + shelf_h + gap, 0.0, 0.0
            shelf_h = max(shelf_h, tall[row])
            column_w = wide[row]
            left[row], top[row] = column_x, shelf_y
        column_y = top[row] + tall[row] + gap
    return left, top
