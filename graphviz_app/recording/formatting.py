"""Numbers as text: short enough for a label, aligned for a matrix, and never more certain than the value is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from graphviz_app.recording.model import Column, TensorMeta

PLAIN_INTEGER = 1e6
"""A float below this that is a whole number is written out in full: ``123456``, not ``1.235e5``."""


def number(x: object, digits: int = 4) -> str:
    """One number in at most `digits` significant digits.

    Integers and booleans are exact, whatever their size. ``-0.0``, ``nan`` and the infinities keep their names, and
    exponents lose their padding (``1.5e-7``).

    Parameters
    ----------
    x
        A Python or numpy scalar (bool, integer, float of any width, complex).
    digits
        Significant digits of a float.
    """
    if isinstance(x, (bool, np.bool_)):
        return "True" if x else "False"
    if isinstance(x, (int, np.integer)):
        return str(int(x))
    if isinstance(x, (complex, np.complexfloating)):
        return _complex(complex(x), digits)
    return _real(float(x), digits)  # type: ignore[arg-type]


def _real(x: float, digits: int) -> str:
    if math.isnan(x):
        return "nan"
    if math.isinf(x):
        return "inf" if x > 0 else "-inf"
    if x == 0:
        return "-0" if math.copysign(1.0, x) < 0 else "0"
    if abs(x) < PLAIN_INTEGER and x == int(x):
        return str(int(x))
    text = f"{x:.{digits}g}"
    mantissa, mark, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if mark else text


def _complex(z: complex, digits: int) -> str:
    imaginary = _real(z.imag, digits)
    sign = "" if imaginary.startswith("-") else "+"
    return f"{_real(z.real, digits)}{sign}{imaginary}j"


def shape(sizes: Sequence[int]) -> str:
    """``[2, 3]``; a scalar is ``[]`` and a ragged size ``?``."""
    return _shape(tuple(sizes))


@lru_cache(maxsize=4096)
def _shape(sizes: tuple[int, ...]) -> str:
    return "[" + ", ".join(["?" if size < 0 else str(size) for size in sizes]) + "]"


def meta(info: TensorMeta) -> str:
    """Dtype and shape, and the layout where it is unusual: ``float32 [2, 3]``, ``float32 [4, 4] sparse_coo``."""
    plain = f"{info.dtype} {shape(info.shape)}"
    return plain if info.layout == "strided" else f"{plain} {info.layout}"


def count(info: TensorMeta) -> int:
    """How many elements; a ragged tensor has ``-1``."""
    return -1 if min(info.shape, default=0) < 0 else math.prod(info.shape)


def size(number_of_bytes: int) -> str:
    """Bytes for a person: ``12.0 MB``."""
    amount = float(number_of_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError("unreachable")


def duration(seconds: float) -> str:
    """Seconds as a person says them: ``40 µs``, ``2 ms``, ``1.5 s``, ``2 min 5 s``."""
    if 0 < seconds < 1e-3:
        return f"{seconds * 1e6:.3g} µs"
    if seconds < 1:
        return f"{seconds * 1000:.3g} ms"
    if seconds < 60:
        return f"{seconds:.3g} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def flat(values: Column, limit: int = 8, digits: int = 4) -> str:
    """Nested brackets on one line, ``[[1, 2], [3, 4]]``; past `limit` numbers the rest is an ellipsis."""
    left = [limit]

    def write(part: Column) -> str:
        if part.ndim == 0:
            left[0] -= 1
            return number(part[()], digits)
        left[0] -= not part.size  # there may be a million empty rows
        pieces: list[str] = []
        for item in part:
            if left[0] <= 0:
                pieces.append("…")
                break
            pieces.append(write(np.asarray(item)))
        return "[" + ", ".join(pieces) + "]"

    return write(np.asarray(values))


def aligned(values: Column, digits: int = 4) -> list[list[str]]:
    """The cells of a matrix, padded so that each column is one width and its decimal points stand in line.

    Parameters
    ----------
    values
        0-D, 1-D (one row) or 2-D.

    Returns
    -------
    list of rows of cells
    """
    table = np.atleast_2d(np.asarray(values))
    if table.ndim != 2:
        raise ValueError(f"a matrix has at most two dimensions, not {table.ndim}")
    columns = [_align([number(x, digits) for x in table[:, j]]) for j in range(table.shape[1])]
    return [[column[i] for column in columns] for i in range(table.shape[0])]


def _align(texts: list[str]) -> list[str]:
    if any(text.endswith("j") for text in texts):
        width = max(map(len, texts))
        return [text.rjust(width) for text in texts]
    heads, tails = [], []
    for text in texts:
        # What stands left of the decimal point; an exponent without a point belongs to the right.
        cut = next((i for i, mark in enumerate(text) if mark in ".e"), len(text)) if text[-1].isdigit() else len(text)
        heads.append(text[:cut])
        tails.append(text[cut:])
    left, right = max(map(len, heads), default=0), max(map(len, tails), default=0)
    return [head.rjust(left) + tail.ljust(right) for head, tail in zip(heads, tails, strict=True)]


def block(values: Column, digits: int = 4) -> str:
    """The whole array as lines of text in numpy's brackets, columns aligned over each matrix."""
    array = np.asarray(values)
    if array.ndim == 0:
        return number(array[()], digits)
    if not array.size:
        return flat(array)
    if array.ndim <= 2:
        rows = ["[" + ", ".join(row) + "]" for row in aligned(array, digits)]
        return rows[0] if array.ndim == 1 else "[" + ",\n ".join(rows) + "]"
    return "[" + ",\n\n ".join(block(part, digits).replace("\n", "\n ") for part in array) + "]"
