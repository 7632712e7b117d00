"""What a slice shows, computed the slow and plain way; and arrays and slices of every kind to try it on."""

from __future__ import annotations

import math
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from graphviz_app.recording.slices import NAN, NEGATIVE_INF, POSITIVE_INF, Cells, Cut, Slice

Array = npt.NDArray[Any]

DTYPES = [
    np.dtype(name)
    for name in ("float32", "float64", "float16", "int64", "uint64", "int8", "uint8", "bool", "complex64", "complex128")
] + [np.dtype(ml_dtypes.bfloat16), np.dtype(ml_dtypes.float8_e4m3fn), np.dtype(ml_dtypes.float8_e5m2)]

_ODD = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-40, 3e38]


@st.composite
def arrays(draw: st.DrawFn, dtypes: list[np.dtype[Any]] = DTYPES, most_axes: int = 6) -> Array:
    """Arrays of 0 to 6 axes: contiguous, transposed, with gaps, or with one element along a whole axis."""
    dtype = draw(st.sampled_from(dtypes))
    shape = draw(st.lists(st.integers(0, 5), max_size=most_axes).filter(lambda sizes: math.prod(sizes) <= 400))
    gaps = [draw(st.sampled_from([1, 1, 2])) for _ in shape]
    seed = np.random.default_rng(draw(st.integers(0, 2**16)))
    base = _numbers(seed, [size * gap for size, gap in zip(shape, gaps, strict=True)], dtype, odd=draw(st.booleans()))
    array: Array = base[(*(slice(None, None, gap) for gap in gaps), ...)]
    if shape and draw(st.booleans()):
        array = array.transpose(draw(st.permutations(range(len(shape)))))
    axis = draw(st.integers(-1, array.ndim - 1))
    if axis >= 0 and array.shape[axis] and draw(st.booleans()):
        one = array[(slice(None),) * axis + (slice(0, 1),)]
        array = np.broadcast_to(one, array.shape)
    return array


def _numbers(seed: np.random.Generator, shape: list[int], dtype: np.dtype[Any], *, odd: bool) -> Array:
    count = math.prod(shape)
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        return seed.integers(info.min, info.max, count, dtype=dtype, endpoint=True).reshape(shape)
    numbers = np.round(seed.normal(size=count), 2)
    if odd and dtype.kind != "b":
        where = seed.random(count) < 0.3
        numbers = np.where(where, seed.choice(_ODD, count), numbers)
    with np.errstate(all="ignore"):
        if dtype.kind == "c":
            return (numbers + 1j * np.round(seed.normal(size=count), 2)).astype(dtype).reshape(shape)
        return (numbers > 0 if dtype.kind == "b" else numbers.astype(dtype)).reshape(shape)


@st.composite
def slices(draw: st.DrawFn, array: Array) -> Slice:
    """Slices that fit an array."""
    cuts = []
    for size in array.shape:
        kind = draw(st.sampled_from(["range", "range", "index", "mean", "max", "norm"] if size else ["range"]))
        if kind == "index":
            cuts.append(Cut("index", draw(st.integers(0, size - 1))))
        elif kind == "range":
            start = draw(st.integers(0, size))
            cuts.append(Cut("range", start, draw(st.integers(start, size)), draw(st.integers(0, 4))))
        else:
            cuts.append(Cut(kind))
    ranges = [axis for axis, cut in enumerate(cuts) if cut.kind == "range"]
    parts = ["value", "real", "imag", "magnitude", "phase"] if array.dtype.kind == "c" else ["value"]
    return Slice(0, tuple(cuts), tuple(draw(st.permutations(ranges))), draw(st.sampled_from(parts)))


def shown(array: Array, spec: Slice) -> Array:
    """The numbers of a slice with one cell an element, its axes in the order asked for."""
    where = tuple(cut.start if cut.kind == "index" else _range(cut) for cut in spec.cuts)
    part = np.asarray(array[where])
    left = [axis for axis, cut in enumerate(spec.cuts) if cut.kind != "index"]
    reduced = [axis for axis in left if spec.cuts[axis].kind != "range"]
    if reduced or spec.part != "value":
        part = _part(part.astype(np.complex128 if part.dtype.kind == "c" else np.float64), spec.part)
    while reduced:
        kind = spec.cuts[reduced[0]].kind
        group = [axis for axis in reduced if spec.cuts[axis].kind == kind]
        part = _reduce(part, kind, tuple(left.index(axis) for axis in group))
        left = [axis for axis in left if axis not in group]
        reduced = [axis for axis in reduced if axis not in group]
    if any(cut.kind not in ("index", "range") for cut in spec.cuts) and part.dtype.kind == "c":
        part = np.abs(part)
    return np.asarray(part).transpose([left.index(axis) for axis in spec.order])


def _range(cut: Cut) -> slice:
    return slice(cut.start, cut.stop) if cut.kind == "range" else slice(None)


def _part(numbers: Array, part: str) -> Array:
    named: dict[str, Any] = {"real": np.real, "imag": np.imag, "magnitude": np.abs, "phase": np.angle}
    return np.asarray(named[part](numbers)) if part in named else numbers


def _reduce(numbers: Array, kind: str, axes: tuple[int, ...]) -> Array:
    if kind == "mean":
        return np.asarray(numbers.mean(axis=axes))
    sizes = np.abs(numbers) if kind == "norm" or numbers.dtype.kind == "c" else numbers
    if kind == "norm":
        return np.asarray(np.sqrt((sizes**2).sum(axis=axes)))
    return np.asarray(sizes.max(axis=axes))


def assert_shows(cells: Cells, array: Array, spec: Slice) -> None:
    """Every cell has exactly the extremes of the elements it covers, and flags what is not finite."""
    exact = shown(array, spec)
    counts = [-(-size // step) for size, step in zip(exact.shape, cells.steps, strict=True)]
    assert cells.low.shape == tuple(counts)
    flags = np.zeros(counts, np.uint8) if cells.flags is None else cells.flags
    if cells.high is None:
        assert set(cells.steps) <= {1}
        is_plain = spec.part == "value" and all(cut.kind in ("index", "range") for cut in spec.cuts)
        assert cells.low.dtype == (array.dtype if is_plain else np.float64)
        if is_plain:
            assert cells.low.tobytes() == exact.tobytes()
        else:
            np.testing.assert_allclose(cells.low, exact, rtol=1e-12, atol=1e-300)
    numbers = np.abs(exact.astype(np.complex128)) if exact.dtype.kind == "c" else exact.astype(np.float64)
    for at in np.ndindex(*counts):
        covered = numbers[tuple(slice(i * step, (i + 1) * step) for i, step in zip(at, cells.steps, strict=True))]
        assert flags[at] == _flags(covered)
        finite = covered[np.isfinite(covered)]
        if cells.high is not None:
            low, high = (finite.min(), finite.max()) if finite.size else (np.nan, np.nan)
            np.testing.assert_allclose([cells.low[at], cells.high[at]], [low, high], rtol=1e-12)
    finite = numbers[np.isfinite(numbers)]
    assert cells.stats.count == numbers.size
    assert cells.stats.count - cells.stats.nan - cells.stats.positive_inf - cells.stats.negative_inf == finite.size
    if finite.size:
        found = [cells.stats.minimum, cells.stats.maximum]
        np.testing.assert_allclose(found, [finite.min(), finite.max()], rtol=1e-12)


def _flags(numbers: Array) -> int:
    return (
        NAN * bool(np.isnan(numbers).any())
        | POSITIVE_INF * bool((numbers == np.inf).any())
        | NEGATIVE_INF * bool((numbers == -np.inf).any())
    )


def all_of(shape: tuple[int, ...], ref: int = 0, most: int = 0) -> Slice:
    """The slice that is all of a tensor."""
    return Slice(ref, tuple(Cut("range", 0, size, most) for size in shape), tuple(range(len(shape))))
