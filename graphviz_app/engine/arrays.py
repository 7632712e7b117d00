"""From any tensor to a numpy array, and statistics of large tensors."""

from __future__ import annotations

import math
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from graphviz_app.recording.model import SMALL, Stats
from graphviz_app.recording.stats import Array

_EXTRA: dict[str, tuple[torch.dtype, Any]] = {
    "bfloat16": (torch.int16, ml_dtypes.bfloat16),
    "float8_e4m3fn": (torch.uint8, ml_dtypes.float8_e4m3fn),
    "float8_e4m3fnuz": (torch.uint8, ml_dtypes.float8_e4m3fnuz),
    "float8_e5m2": (torch.uint8, ml_dtypes.float8_e5m2),
    "float8_e5m2fnuz": (torch.uint8, ml_dtypes.float8_e5m2fnuz),
    "float8_e8m0fnu": (torch.uint8, ml_dtypes.float8_e8m0fnu),
}

ROW = 1 << 15
"""Elements added up at a time in the tensor's own type; the rows' sums are then added in float64."""


def to_numpy(tensor: Tensor) -> Array:
    """All elements of `tensor` in its shape.

    A type numpy lacks comes as its ``ml_dtypes`` twin; half-complex as complex64; quantised as what it stands for;
    sparse as dense; a nested tensor as its elements in one row.

    Raises
    ------
    RuntimeError, TypeError
        When the tensor has no data to read (``meta``), or torch cannot bring it to the CPU.
    """
    with torch.no_grad(), torch._C.DisableTorchFunction():
        return np.array(as_array(plain_of(tensor.detach())))


def to_save(tensor: Tensor, most: int) -> Array | None:
    """All elements of `tensor` for a file, sharing its memory where it can be.

    ``None`` for an expanded tensor of more than `most` bytes: they are copies of a few, and nobody has room for them.
    Raises what :func:`to_numpy` does.
    """
    with torch.no_grad(), torch._C.DisableTorchFunction():
        plain = plain_of(tensor.detach())
        too_many = plain.numel() * plain.element_size() > most and unexpanded(plain) is not None
        return None if too_many else as_array(plain)


def as_array(plain: Tensor) -> Array:
    """An ordinary dense CPU tensor as a numpy array that shares its memory (half-complex as a copy)."""
    extra = _EXTRA.get(str(plain.dtype).removeprefix("torch."))
    if extra is not None:
        as_bits, numpy_type = extra
        result: Array = plain.view(as_bits).numpy().view(numpy_type)
        return result
    shared: Array = (plain.to(torch.complex64) if plain.dtype == torch.complex32 else plain).numpy()
    return shared


def plain_of(tensor: Tensor) -> Tensor:
    """`tensor` as an ordinary dense CPU tensor: itself where it is one; a nested one as its elements in one row."""
    if tensor.is_nested:
        pieces = [plain_of(piece).reshape(-1) for piece in tensor.unbind()]
        return torch.cat(pieces) if pieces else torch.empty(0)
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    if tensor.layout != torch.strided:
        tensor = tensor.to_dense()
    if tensor._is_zerotensor():  # torch's stand-in for zeros has no memory
        return torch.zeros(tensor.shape, dtype=tensor.dtype)
    return tensor.cpu().resolve_conj().resolve_neg()


def unexpanded(tensor: Tensor) -> Tensor | None:
    """The part of an expanded tensor that really has numbers; ``None`` when it is not expanded."""
    if tensor.layout != torch.strided or tensor.is_nested or 0 not in tensor.stride():
        return None
    sizes: Any = [slice(None) if step else slice(0, 1) for step in tensor.stride()]
    return tensor[tuple(sizes)]


def statistics_of(tensor: Tensor) -> Stats:
    """Statistics of a large dense tensor (see :class:`Stats`) at about the speed memory can be read.

    Sums run in the tensor's own type over rows of :data:`ROW` elements and in float64 over the rows, which keeps six
    digits of a float32 tensor; when that overflows or vanishes everything is done again in float64.
    """
    with torch.no_grad(), torch._C.DisableTorchFunction():
        plain = tensor.detach()
        base = unexpanded(plain)
        if base is not None and 0 < base.numel() < plain.numel():
            return _repeated(statistics_of(base), plain.numel() // base.numel())
        flat = _countable(_in_memory_order(plain))
        count = flat.numel()
        if not count:
            return _stats(0, 0, 0.0, 0.0, 0.0, 0.0, 0, (0, 0, 0))
        low, high = (float(v) for v in torch.aminmax(flat))
        if not (math.isfinite(low) and math.isfinite(high)):
            return _statistics_with_holes(flat)
        total, squares = _sums(flat)
        if not (math.isfinite(total) and math.isfinite(squares)) or (squares == 0 and (low, high) != (0, 0)):
            total, squares = _sums(flat.to(torch.float64))
        zeros = 0 if low > 0 or high < 0 else count - int(torch.count_nonzero(flat))
        return _stats(count, count, low, high, total, squares, zeros, (0, 0, 0))


def norm_of(tensor: Tensor) -> float:
    """The norm alone of what :func:`statistics_of` tells of a dense tensor, at a third of its price."""
    with torch.no_grad(), torch._C.DisableTorchFunction():
        plain = tensor.detach()
        if unexpanded(plain) is None:
            flat = _countable(_in_memory_order(plain))
            if flat.numel() <= SMALL:
                flat = flat.to(torch.float64)
            squares = sum(float(norms.dot(norms)) for norms in map(_row_norms, _rows(flat)))
            if 0 < squares < math.inf:
                return math.sqrt(squares)
    return statistics_of(tensor).norm  # expanded, holes, nothing but zeros, or numbers whose squares are out of range


def _repeated(once: Stats, times: int) -> Stats:
    """The statistics of `times` copies of the same elements."""
    norm = once.norm * math.sqrt(times)
    counts = (times * each for each in (once.zeros, once.nan, once.positive_inf, once.negative_inf))
    return Stats(times * once.count, once.minimum, once.maximum, once.mean, once.std, norm, *counts)


def _in_memory_order(tensor: Tensor) -> Tensor:
    """The elements of a transposed or otherwise permuted tensor in a row, without copying them."""
    if tensor.layout != torch.strided or tensor.is_nested or tensor.is_quantized or tensor.is_contiguous():
        return tensor
    strides = tuple(tensor.stride())
    order = sorted(range(tensor.dim()), key=lambda axis: -strides[axis])
    return tensor.permute(order)


def _sums(flat: Tensor) -> tuple[float, float]:
    """Sum and sum of squares."""
    total = squares = 0.0
    for piece in _rows(flat):
        total += float(piece.sum(1).to(torch.float64).sum())
        norms = _row_norms(piece)
        squares += float(norms.dot(norms))
    return total, squares


def _rows(flat: Tensor) -> list[Tensor]:
    """The elements in rows of :data:`ROW`, and what is left in one of its own."""
    full = flat.numel() // ROW * ROW
    pieces = [flat[:full].view(-1, ROW)] if full else []
    return [*pieces, flat[full:].view(1, -1)] if full < flat.numel() else pieces


def _row_norms(rows: Tensor) -> Tensor:
    norms: Tensor = torch.linalg.vector_norm(rows, dim=1).to(torch.float64)
    return norms


def _countable(tensor: Tensor) -> Tensor:
    """`tensor` flat, real and in a type the reductions take; a complex one as its magnitudes."""
    if tensor.is_nested or tensor.is_quantized or tensor.layout != torch.strided:
        tensor = plain_of(tensor)
    if tensor.is_complex():
        tensor = (tensor.to(torch.complex64) if tensor.dtype == torch.complex32 else tensor).abs()
    elif not tensor.is_floating_point():
        tensor = tensor.to(torch.float64)
    elif tensor.element_size() <= 2:  # sums in half precision would lose everything
        tensor = tensor.to(torch.float32)
    return tensor.reshape(-1)


def _statistics_with_holes(flat: Tensor) -> Stats:
    """The same for a tensor with NaN or infinities: they are counted, and left out of the rest."""
    nan = int(torch.isnan(flat).sum())
    positive, negative = int(torch.isposinf(flat).sum()), int(torch.isneginf(flat).sum())
    finite = flat[torch.isfinite(flat)].to(torch.float64)
    holes = (nan, positive, negative)
    if not finite.numel():
        return _stats(flat.numel(), 0, 0.0, 0.0, 0.0, 0.0, 0, holes)
    squares = float(torch.linalg.vector_norm(finite)) ** 2
    zeros = int((finite == 0).sum())
    low, high = (float(v) for v in torch.aminmax(finite))
    return _stats(flat.numel(), finite.numel(), low, high, float(finite.sum()), squares, zeros, holes)


def _stats(
    count: int,
    finite: int,
    low: float,
    high: float,
    total: float,
    squares: float,
    zeros: int,
    holes: tuple[int, int, int],
) -> Stats:
    mean = total / finite if finite else 0.0
    variance = max(squares / finite - mean * mean, 0.0) if finite else 0.0
    low, high = (low, high) if finite else (0.0, 0.0)
    return Stats(count, low, high, mean, math.sqrt(variance), math.sqrt(squares), zeros, *holes)


def picture_of(tensor: Tensor, side: int = 64) -> npt.NDArray[np.float32]:
    """At most `side` x `side` evenly spaced elements of the first slice of the last two dimensions, as float32."""
    with torch.no_grad(), torch._C.DisableTorchFunction():
        plain = tensor.detach()
        if plain.is_nested or plain.is_quantized or plain.layout != torch.strided:
            plain = plain_of(plain)
        while plain.dim() > 2:
            plain = plain[0]
        plain = plain.reshape(1, -1) if plain.dim() < 2 else plain
        rows, columns = (-(-size // side) or 1 for size in plain.shape)
        plain = plain[::rows, ::columns]
        if plain.is_complex():
            plain = plain.to(torch.complex64).abs()
        result: npt.NDArray[np.float32] = plain.cpu().to(torch.float32, copy=True).contiguous().numpy()
        return result
