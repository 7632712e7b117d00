"""Which element every pixel of a picture shows, read back from its colours alone.

A tensor that holds its own index along one axis colours every pixel with that index. One such tensor an axis, and the
colours of a pixel spell the whole index of the element it shows, whatever the program thinks it has drawn there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from graphviz_app.ui.tensor.colourmaps import table
from graphviz_app.ui.theme import LIGHT

Array = np.ndarray[Any, Any]

NOTHING = -1


def pixels(widget: QWidget) -> Array:
    """uint8 [y, x, 3]: what is on the screen."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return raw[:, : image.width(), 2::-1].copy()


def coordinates(shape: Sequence[int], axis: int) -> Array:
    """A tensor whose elements are their place along an axis, from 0 to 1."""
    along = np.linspace(0, 1, shape[axis]).reshape([-1 if at == axis else 1 for at in range(len(shape))])
    return np.array(np.broadcast_to(along, shape))


def steps_of(picture: Array, size: int, name: str = "viridis") -> Array:
    """int [y, x]: which of `size` evenly spaced colours of a map each pixel has; :data:`NOTHING` where it has none."""
    colours = table(name, LIGHT)[(np.linspace(0, 1, size) * 255).round().astype(int)].astype(int)
    away = np.abs(picture.astype(int)[:, :, None] - colours).max(axis=-1)
    return np.where(away.min(axis=-1) <= 3, away.argmin(axis=-1), NOTHING)


def elements_in(
    shape: Sequence[int], axes: Sequence[int], fixed: Sequence[int], picture_of: Callable[[Array], Array]
) -> Array:
    """int [y, x, axes of the tensor]: the element each pixel shows, all :data:`NOTHING` where it shows none.

    Parameters
    ----------
    axes
        Those in the picture.
    fixed
        The index along every axis; counts for those that are not.
    picture_of
        Draws a tensor and gives its pixels.
    """
    found: Array | None = None
    for axis in axes:
        if shape[axis] > 1:
            steps = steps_of(picture_of(coordinates(shape, axis)), shape[axis])
            if found is None:
                found = np.broadcast_to(np.asarray(fixed), (*steps.shape, len(shape))).copy()
                for each in axes:
                    found[..., each] = 0
            found[..., axis] = steps
    assert found is not None
    found[(found == NOTHING).any(axis=-1)] = NOTHING
    return found


def middles(elements: Array) -> dict[tuple[int, ...], tuple[float, float]]:
    """The middle (y, x) of the pixels of each element that is seen."""
    there = np.argwhere(elements[..., 0] != NOTHING)
    indices, which = np.unique(elements[there[:, 0], there[:, 1]], axis=0, return_inverse=True)
    counts = np.bincount(which)
    y, x = (np.bincount(which, there[:, at]) / counts for at in (0, 1))
    return {tuple(map(int, index)): (float(y[at]), float(x[at])) for at, index in enumerate(indices)}
