"""A slice as text: the Python that takes it, what a person types for it, and its numbers for copying."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np

from graphviz_app.recording.axes import AxesError, Role
from graphviz_app.recording.model import NONE, Column
from graphviz_app.recording.slices import Combine, Cut, Part, Slice

Window = tuple[int, int]
"""Visible part of an axis: start and stop (exclusive)."""

Form = Literal["python", "csv", "numpy"]

LONGEST = 20
"""Characters of a wrong part that an error repeats."""

_SHOWN: tuple[Role, ...] = ("tile", "y", "x", "rgb")
"""Parts whose axes are in the picture, in the order the answer has them; colour is last."""

_REDUCED: dict[Role, str] = {"mean": ".mean({dims})", "max": ".amax({dims})", "norm": ".norm(2, {dims})"}

_PARTS: dict[Part, str] = {"value": "", "real": ".real", "imag": ".imag", "magnitude": ".abs()", "phase": ".angle()"}


def shown_axes(roles: Sequence[Role]) -> tuple[int, ...]:
    """Axes in the picture, in the order of :attr:`Slice.order`: tiles outermost first, then y, x and colour."""
    return tuple(axis for part in _SHOWN for axis, role in enumerate(roles) if role == part)


def slice_of(
    ref: int,
    shape: Sequence[int],
    roles: Sequence[Role],
    index: Sequence[int],
    windows: Sequence[Window | None] | None = None,
    most: Mapping[int, int] | None = None,
    part: Part = "value",
    other: int = NONE,
    combine: Combine = "",
) -> Slice:
    """The question whose answer is the picture of a tensor whose axes play these parts.

    Parameters
    ----------
    ref
        The value.
    shape, roles, index
        Size, part and chosen index of every axis. The index counts for ``play`` and ``slider`` axes.
    windows
        Visible range of every axis in the picture; ``None`` is all of it. Cut to the tensor.
    most
        Axis -> at most this many cells along it; an axis that is not named has one cell an element.
    part, other, combine
        As in :class:`Slice`.
    """
    limits = most or {}
    cuts = []
    for axis, role in enumerate(roles):
        if role in _REDUCED:
            cuts.append(Cut(_kind_of(role)))
        elif role in _SHOWN:
            start, stop = _window(windows, axis, shape[axis])
            cuts.append(Cut("range", start, stop, limits.get(axis, 0)))
        else:
            cuts.append(Cut("index", _inside(index[axis], shape[axis])))
    return Slice(ref, tuple(cuts), shown_axes(roles), part, other, combine)


def _kind_of(role: Role) -> Literal["mean", "max", "norm"]:
    return "mean" if role == "mean" else "max" if role == "max" else "norm"


def _inside(index: int, size: int) -> int:
    return min(max(index, 0), max(size - 1, 0))


def _window(windows: Sequence[Window | None] | None, axis: int, size: int) -> Window:
    window = windows[axis] if windows is not None else None
    if window is None:
        return 0, size
    start = min(max(window[0], 0), size)
    return start, min(max(window[1], start), size)


def python_text(
    name: str,
    shape: Sequence[int],
    roles: Sequence[Role],
    index: Sequence[int],
    windows: Sequence[Window | None] | None = None,
    *,
    part: Part = "value",
    dtype: str = "float32",
) -> str:
    """Python that gives exactly what the picture shows: ``x[0, :, 3]``, ``x[0].mean(0)``, ``x[2].permute(1, 2, 0)``.

    Parameters
    ----------
    name
        What the tensor is called in the program, or an expression such as ``x.grad``.
    shape, roles, index, windows
        As in :func:`slice_of`.
    part
        What of a complex tensor is shown.
    dtype
        Of the tensor: whole numbers and short floats are made float64 before a mean or a norm.
    """
    pieces = []
    for axis, role in enumerate(roles):
        if role in _REDUCED:
            pieces.append(":")
        elif role in _SHOWN:
            start, stop = _window(windows, axis, shape[axis])
            pieces.append(
                ":" if (start, stop) == (0, shape[axis]) else f"{start or ''}:{stop if stop < shape[axis] else ''}"
            )
        else:
            pieces.append(str(_inside(index[axis], shape[axis])))
    while pieces and pieces[-1] == ":":
        pieces.pop()
    left = [axis for axis, role in enumerate(roles) if role in _SHOWN or role in _REDUCED]
    text = name + (f"[{', '.join(pieces)}]" if pieces else "") + _PARTS[part]
    text, left = _with_reductions(text, left, roles, dtype if part == "value" else "float64")
    return text + _in_order(left, shown_axes(roles))


def _with_reductions(text: str, left: list[int], roles: Sequence[Role], dtype: str) -> tuple[str, list[int]]:
    """The text with its reductions, all of one kind together, the kinds in the order of their first axes."""
    wanted = [axis for axis in left if roles[axis] in _REDUCED]
    kinds = list(dict.fromkeys(roles[axis] for axis in wanted))
    if kinds and dtype not in _EXACT and (kinds != ["max"] or dtype.startswith("float8")):
        text += ".double()"
    magnitudes = not dtype.startswith("complex")
    for kind in kinds:
        group = [axis for axis in wanted if roles[axis] == kind]
        dims = [left.index(axis) for axis in group]
        if kind == "max" and not magnitudes:
            text += ".abs()"
        text += _REDUCED[kind].format(dims=dims[0] if len(dims) == 1 else tuple(dims))
        magnitudes = magnitudes or kind != "mean"
        left = [axis for axis in left if axis not in group]
    return text, left


_EXACT = frozenset(("float32", "float64", "complex64", "complex128"))
"""Types in which torch can reduce, near enough to float64; others are made float64 first."""


def _in_order(left: list[int], order: tuple[int, ...]) -> str:
    if tuple(left) == order:
        return ""
    if len(order) == 2:
        return ".T"
    return ".permute(" + ", ".join(str(left.index(axis)) for axis in order) + ")"


_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")


def parse_slice(text: str, shape: Sequence[int]) -> tuple[int | Window, ...]:
    """What a person typed for a slice: ``"0,:,3"``, ``"[-1, 2:5]"``, ``"..., 0"``.

    Negative numbers count from the end as in Python, axes that are not named are whole, and a range is cut to the axis.

    Returns
    -------
    For every axis an index, or start and stop of a range.

    Raises
    ------
    AxesError
        With too many parts, an index outside its axis, a step, or a part that is neither.
    """
    inner = text.strip().removeprefix("[").removesuffix("]").strip().removesuffix(",")
    parts = [piece.strip() for piece in inner.split(",")] if inner else []
    if parts.count("...") > 1:
        raise AxesError("slice_dots")
    named = len(parts) - parts.count("...")
    if named > len(shape):
        raise AxesError("slice_count", given=str(named), wanted=str(len(shape)))
    at = parts.index("...") if "..." in parts else len(parts)
    filled = parts[:at] + [":"] * (len(shape) - named) + parts[at + 1 :]
    return tuple(_parse_part(piece, axis, size) for axis, (piece, size) in enumerate(zip(filled, shape, strict=True)))


def _parse_part(piece: str, axis: int, size: int) -> int | Window:
    if _NUMBER.fullmatch(piece):
        index = int(piece)
        if not size:
            raise AxesError("slice_empty_axis", axis=str(axis), index=piece)
        if not -size <= index < size:
            raise AxesError("slice_outside", index=piece, axis=str(axis), first="0", last=str(size - 1))
        return index % size
    ends = [end.strip() for end in piece.split(":")]
    if len(ends) > 3 or len(ends) < 2 or any(end and not _NUMBER.fullmatch(end) for end in ends):
        raise AxesError("slice_word", part=_quoted(piece))
    if len(ends) == 3 and ends[2] not in ("", "1"):
        raise AxesError("slice_step", part=_quoted(piece))
    start, stop, _ = slice(int(ends[0]) if ends[0] else None, int(ends[1]) if ends[1] else None).indices(size)
    return start, max(start, stop)


def _quoted(piece: str) -> str:
    """A part of what was typed, short enough for a sentence."""
    return piece if 0 < len(piece) <= LONGEST else f'"{piece[:LONGEST]}…"' if piece else '""'


def slice_as(values: Column, form: Form) -> str:
    """Numbers for the clipboard, each written with the fewest digits that give exactly it back in its dtype.

    Parameters
    ----------
    values
        The numbers in shape.
    form
        ``python``: nested lists that Python evaluates. ``numpy``: an ``np.array(...)`` with its dtype. ``csv``: a line
        a row; of more than two dimensions, matrices one below the other with an empty line between.
    """
    array = np.asarray(values)
    if form == "csv":
        return _csv(array)
    if form == "python":
        return _nested(array, _python_number)
    dtype = array.dtype.name if array.dtype.isbuiltin == 1 else "float64"
    body = _nested(array, _numpy_number)
    shape = f".reshape({array.shape})" if not array.size and array.ndim > 1 else ""
    return f"np.array({body}, dtype=np.{'bool_' if dtype == 'bool' else dtype}){shape}"


def _csv(array: Column) -> str:
    if array.ndim <= 2:
        return "".join(",".join(_plain(x) for x in row) + "\n" for row in np.atleast_2d(array))
    return "\n".join(_csv(part) for part in array)


def _nested(array: Column, write: Callable[[object], str]) -> str:
    if array.ndim == 0:
        return write(array[()])
    return "[" + ", ".join(_nested(np.asarray(part), write) for part in array) + "]"


def _plain(x: object) -> str:
    """One number as Python prints it: ``0.1``, ``-inf``, ``nan``, ``(1+2j)``, ``True``."""
    if isinstance(x, (np.bool_, np.integer)):
        return str(x.item())
    if isinstance(x, np.complexfloating):
        sign = "" if str(x.imag).startswith("-") else "+"
        return f"({_plain(x.real)}{sign}{_plain(x.imag)}j)"
    if isinstance(x, np.floating):
        return str(x)
    return repr(float(x))  # type: ignore[arg-type]  # bfloat16 and the float8 types: exact as a Python float


def _python_number(x: object) -> str:
    return _evaluable(x, 'float("{}")', "complex({}, {})")


def _numpy_number(x: object) -> str:
    return _evaluable(x, "np.{}", "complex({}, {})")


def _evaluable(x: object, strange: str, pair: str) -> str:
    if isinstance(x, np.complexfloating):
        if np.isfinite(x):
            return _plain(x)
        return pair.format(_evaluable(x.real, strange, pair), _evaluable(x.imag, strange, pair))
    text = _plain(x)
    if text not in ("nan", "inf", "-inf"):
        return text
    return ("-" if text == "-inf" else "") + strange.format(text.removeprefix("-"))
