"""v, the gradient a person gives to a result that is not a scalar: read from text, or made up."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from graphviz_app.recording.formatting import shape as shape_text
from graphviz_app.ui.i18n import tr

Kind = Literal["ones", "random", "one_hot", "typed"]
Array = np.ndarray[Any, np.dtype[Any]]


class NotAVector(ValueError):
    """What was typed is not a v; the message is one sentence for the person who typed it."""


def parse(text: str, sizes: Sequence[int], dtype: str) -> Array:
    """Read numbers, with or without brackets, into the shape of the root.

    Parameters
    ----------
    text
        Numbers between commas, spaces, semicolons or brackets: ``1, 0.5``, ``[[1, 2], [3, 4]]``.
    sizes
        Shape of the root.
    dtype
        Its dtype, ``"float32"``; only whether it is complex matters.

    Returns
    -------
    float64 or complex128 in that shape

    Raises
    ------
    NotAVector
        A word is no number, or there are too few or too many.
    """
    words = re.split(r"[\s,;\[\]()]+", text.strip(" \t\n,;[]()"))
    words = [word for word in words if word]
    complex_ = dtype.startswith("complex")
    numbers = [_number(word, complex_) for word in words]
    wanted = math.prod(sizes)
    if len(numbers) != wanted:
        raise NotAVector(
            tr(
                "v needs {wanted} numbers for shape {shape}; there are {got}.",
                wanted=wanted,
                shape=shape_text(sizes),
                got=len(numbers),
            )
        )
    return np.array(numbers, dtype=np.complex128 if complex_ else np.float64).reshape(sizes)


def _number(word: str, complex_: bool) -> complex | float:
    try:
        return complex(word.replace("i", "j")) if complex_ and word[-1] in "ij" else float(word)
    except ValueError:
        raise NotAVector(tr("“{word}” is not a number.", word=word)) from None


def make(kind: Kind, sizes: Sequence[int], dtype: str, index: int = 0, seed: int = 0) -> Array:
    """A v that needs no typing.

    Parameters
    ----------
    kind
        ``"ones"``; ``"random"``: normal numbers, the same again for the same `seed`; ``"one_hot"``: 1 at flat `index`.
    sizes, dtype
        Of the root.
    """
    kind_of = np.complex128 if dtype.startswith("complex") else np.float64
    if kind == "random":
        drawn = np.random.default_rng(seed).standard_normal(tuple(sizes))
        # Four decimals, so that what is shown in the field is what is used.
        return np.round(drawn, 4).astype(kind_of)
    result = np.zeros(tuple(sizes), dtype=kind_of) if kind == "one_hot" else np.ones(tuple(sizes), dtype=kind_of)
    if kind == "one_hot" and result.size:
        result.reshape(-1)[index] = 1
    return result
