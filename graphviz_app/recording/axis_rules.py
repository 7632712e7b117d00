"""What autograd nodes tell about axes: the names a node proves, and which axis of its input each axis of its output is.

The orders are those of the documentation of ``torch.nn.functional``: ``conv2d`` takes ``(N, C, H, W)`` and a weight
``(out, in/groups, kH, kW)``, ``conv_transpose2d`` a weight ``(in, out/groups, kH, kW)``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec

from graphviz_app.recording.axes import DEPTH_OR_TIME

Shape = tuple[int, ...]

LOST = -1
"""In a map of axes: it is no axis of the other tensor."""


class Evidence(msgspec.Struct, frozen=True):
    """What one node says of one of its inputs or outputs: a name an axis (empty: nothing), and why."""

    names: tuple[str, ...]
    key: str


class Op(msgspec.Struct, frozen=True):
    """One node as the rules read it.

    Attributes
    ----------
    name
        Autograd class without ``Backward0``: ``Convolution``.
    function
        Last part of the torch function that made it: ``linear``.
    saved
        Saved values that are no tensors, by name, as text.
    """

    name: str
    function: str
    saved: Mapping[str, str]


_TAIL = re.compile(r"Backward\d+$")


@lru_cache(maxsize=4096)
def core(name: str) -> str:
    """A class of torch's own without its tail: ``Convolution`` for ``ConvolutionBackward0``.

    A ``Function`` that a program defines has no number at its end and is left as it is: nothing is known of it.
    """
    return _TAIL.sub("", name)


# What a node proves --------------------------------------------------------------------------------------------------

_SPATIAL = {1: ("L",), 2: ("H", "W"), 3: (DEPTH_OR_TIME, "H", "W")}
_CONVOLUTIONS = frozenset(("Convolution", "ConvolutionOverrideable", "MkldnnConvolution", "CudnnConvolution"))
_NORMS = frozenset(("NativeBatchNorm", "CudnnBatchNorm", "MiopenBatchNorm", "NativeGroupNorm"))
_POOL = re.compile(r"(?:Pool|Upsample[A-Z][a-z]+?(?:Exact)?|ReplicationPad|ReflectionPad|GridSampler)([123])D")
_ATTENTION = re.compile(r"ScaledDotProduct\w*Attention")


def evidence_of_input(op: Op, slot: int, shape: Shape) -> Evidence | None:
    """What a node proves of the tensor in one of its slots."""
    if op.name in _CONVOLUTIONS:
        return _convolution(op, slot, shape)
    if op.name == "Embedding":
        return Evidence(("V", "E"), "embedding") if slot == 0 and len(shape) == 2 else None
    if op.function == "linear" and op.name in ("Addmm", "Mm"):
        return _linear(slot - (op.name == "Addmm"), shape)
    if op.name in ("NllLoss", "NllLoss2D") and slot == 0:
        return _channels_second(shape, "classes")
    if op.name in _NORMS:
        return _channels_second(shape, "norm") if slot == 0 else None
    if _ATTENTION.match(op.name):
        return _trailing(("L", "E"), shape, "attention") if slot < 3 else None
    if op.name == "MkldnnRnnLayer":
        return Evidence(("T", "N", "F"), "recurrent") if slot == 0 and len(shape) == 3 else None
    return _pool(op, shape) if slot == 0 else None


def evidence_of_output(op: Op, slot: int, shape: Shape) -> Evidence | None:
    """What a node proves of one of its outputs."""
    if slot:
        return None
    if op.name in _CONVOLUTIONS:
        spatial = _SPATIAL.get(len(shape) - 2)
        return Evidence(("N", "C", *spatial), "conv_output") if spatial else None
    if op.name == "Embedding":
        return _trailing(("E",), shape, "embedding")
    if op.function == "linear" and op.name in ("Addmm", "Mm"):
        return Evidence(("N", "F"), "linear")
    if op.name in _NORMS:
        return _channels_second(shape, "norm")
    if _ATTENTION.match(op.name):
        return _trailing(("L", "E"), shape, "attention")
    if op.name == "MkldnnRnnLayer":
        return Evidence(("T", "N", "F"), "recurrent") if len(shape) == 3 else None
    return _pool(op, shape)


_SAVED_SLOTS = {"input": 0, "self": 0, "mat1": 1, "weight": 1, "other": 1, "query": 0, "key": 1, "value": 2}
_SAVED_OUTPUTS = frozenset(("result", "output"))


def saved_slot(op: Op, name: str) -> int | None:
    """The slot whose tensor a node saved under `name`; ``-1`` for its own first output, ``None`` when not known."""
    if name in _SAVED_OUTPUTS:
        return -1
    if name == "mat2":
        return 2 if op.name == "Addmm" else 1
    return _SAVED_SLOTS.get(name)


_WEIGHTS: dict[str, range] = {
    **dict.fromkeys(_CONVOLUTIONS, range(1, 3)),
    **dict.fromkeys((*_NORMS, "NativeLayerNorm"), range(1, 3)),
    "FusedRmsNorm": range(1, 2),
    "Embedding": range(1),
    "EmbeddingBag": range(1),
    "MkldnnRnnLayer": range(1, 5),
    "PreluKernel": range(1, 2),
}


def is_weight_slot(op: Op, slot: int) -> bool:
    """Whether a node takes the weights or the bias of a layer there."""
    if op.function == "linear":
        return slot == {"T": 0, "Transpose": 0, "Mm": 1}.get(op.name, -1) or (op.name == "Addmm" and slot in (0, 2))
    return slot in _WEIGHTS.get(op.name, ())


def _convolution(op: Op, slot: int, shape: Shape) -> Evidence | None:
    spatial = _SPATIAL.get(len(shape) - 2)
    if spatial is None:
        return None
    if slot == 0:
        return Evidence(("N", "C", *spatial), "conv_input")
    if slot == 1:
        outer = {"True": ("I", "O"), "False": ("O", "I")}.get(op.saved.get("transposed", ""), ("", ""))
        kernel = ("D", "H", "W") if len(spatial) == 3 else spatial
        return Evidence((*outer, *kernel), "conv_weight")
    return None


def _linear(operand: int, shape: Shape) -> Evidence | None:
    if operand == 0:
        return Evidence(("N", "F"), "linear")
    if operand == 1 and len(shape) == 2:
        return Evidence(("I", "O"), "linear_weight")
    return None


def _channels_second(shape: Shape, key: str) -> Evidence | None:
    spatial: tuple[str, ...] | None = () if len(shape) == 2 else _SPATIAL.get(len(shape) - 2)
    return None if spatial is None else Evidence(("N", "C", *spatial), key)


def _pool(op: Op, shape: Shape) -> Evidence | None:
    found = _POOL.search(op.name)
    if found is None:
        return None
    spatial = _SPATIAL[int(found[1])]
    if op.function.endswith("1d") and len(spatial) == 2:  # torch pools a signal as an image of height 1
        spatial = ("", "L")
    return _trailing(("N", "C", *spatial)[-len(shape) :], shape, "pool")


def _trailing(names: tuple[str, ...], shape: Shape, key: str) -> Evidence | None:
    blank = len(shape) - len(names)
    return Evidence(("",) * blank + names, key) if blank >= 0 else None


# Which axis is which -------------------------------------------------------------------------------------------------

_SAME_AXES = """
    Add Sub Rsub Mul Div Neg NegView Pow Reciprocal Remainder Fmod Addcmul Addcdiv Abs Sqrt Rsqrt Exp Expm1 Exp2
    Log Log1P Log2 Log10 Sign Lerp Maximum Minimum Relu LeakyRelu PreluKernel Elu Celu Gelu Silu Mish
    Sigmoid LogSigmoid Tanh Softplus Hardtanh Hardsigmoid Hardswish RreluWithNoise Clamp ClampMin ClampMax
    Threshold Softshrink Hardshrink NanToNum Erf Erfc Erfinv Sin Cos Tan Asin Acos Atan Atan2 Sinh Cosh Asinh Acosh
    Atanh Sinc Floor Ceil Round Trunc Frac Lgamma Digamma Logit Xlogy Hypot Where MaskedFill NativeDropout FusedDropout
    Clone ToCopy CopyBackwards Alias Conj ConjPhysical Angle Sgn Logaddexp Logaddexp2 Fill Zero Glu
    Softmax LogSoftmax SafeSoftmax Cumsum Cumprod Logcumsumexp Flip Roll Tril Triu NativeLayerNorm FusedRmsNorm
    ConstantPadNd Slice CopySlices Cat Split SplitWithSizes UnsafeSplit UnsafeSplitWithSizes Sort Renorm Cummax Cummin
    BackwardHookFunctionBackward"""
_ELEMENTWISE = frozenset(_SAME_AXES.split())
"""Every axis of the output is the axis of the same number of the input (its size may differ: padded, cut, joined)."""

_REDUCING = "Sum Mean Max Min Amax Amin Prod Std Var Median Logsumexp LinalgVectorNorm Norm Nansum Mode Kthvalue"
_REDUCTIONS = frozenset(_REDUCING.split())
_VIEWS = frozenset(("View", "UnsafeView", "ReshapeAlias"))


_EVERY_OUTPUT = frozenset(("Split", "SplitWithSizes", "UnsafeSplit", "UnsafeSplitWithSizes", "Unbind"))
_OWN_OUTPUT = "BackwardHookFunctionBackward"
"""Of a module's backward hook, output i is input i."""


def outputs_of(op: Op, slot: int, count: int) -> range:
    """Which of a node's `count` outputs have axes of its input `slot`."""
    if op.name in _EVERY_OUTPUT:
        return range(count)
    return range(slot, min(slot + 1, count)) if op.name == _OWN_OUTPUT else range(min(1, count))


def axis_map(op: Op, slot: int, given: Shape, made: Shape) -> tuple[int, ...] | None:
    """For each axis of a node's output, the axis of its input that it is, or :data:`LOST`; ``None``: nothing is known.

    Parameters
    ----------
    slot
        Which input.
    given, made
        Shape of that input, and of an output (one of :func:`outputs_of`).
    """
    if op.name in _ELEMENTWISE:
        whole = len(given) == len(made) and (op.name not in _STRETCHED or given == made)
        return tuple(range(len(made))) if whole and (op.name != "CopySlices" or slot == 0) else None
    if op.name in _VIEWS:
        return _regrouped(given, made)
    if op.name in _REDUCTIONS:
        return _reduced(op, given, made)
    if op.name in ("Mm", "Bmm") and slot == 0:
        return (*range(len(made) - 1), LOST)
    if op.name == "Addmm" and slot == 1:
        return (0, LOST)
    if op.name == "Expand" and len(given) <= len(made):
        extra = len(made) - len(given)
        return (LOST,) * extra + tuple(range(len(given)))
    return _moved(op, given, made)


_SEVERAL = "Add Sub Rsub Mul Div Pow Maximum Minimum Where Addcmul Addcdiv Lerp Atan2 Fmod Remainder Xlogy Hypot"
_STRETCHED = frozenset(_SEVERAL.split())
"""Element-wise operations of several tensors: one that is stretched to the others' shape proves nothing of them."""


def _moved(op: Op, given: Shape, made: Shape) -> tuple[int, ...] | None:
    """Operations that only move, add or remove axes."""
    rank, dims = len(given), _numbers(op.saved.get("dim", op.saved.get("dims", "")))
    if op.name == "Permute":
        return tuple(dim % rank for dim in dims) if len(dims) == rank else None
    if op.name == "Transpose":
        dims = (*_numbers(op.saved.get("dim0", "")), *_numbers(op.saved.get("dim1", "")))
        return _swapped(rank, dims[0] % rank, dims[1] % rank) if rank and len(dims) == 2 else None
    if op.name == "T":
        return tuple(reversed(range(rank)))
    if op.name in ("Unsqueeze", "Stack"):
        at = dims[0] % len(made) if dims and made else 0
        return (*range(at), LOST, *range(at, rank)) if dims and len(made) == rank + 1 else None
    if op.name == "Squeeze":
        gone = {dim % rank for dim in dims if given[dim % rank] == 1} if dims else {*_ones(given)}
        return tuple(axis for axis in range(rank) if axis not in gone) if rank - len(gone) == len(made) else None
    if op.name in ("Select", "Unbind"):
        gone = {dims[0] % rank} if dims and rank else set()
        return tuple(axis for axis in range(rank) if axis not in gone) if rank - len(gone) == len(made) else None
    return None


def _ones(shape: Shape) -> list[int]:
    return [axis for axis, size in enumerate(shape) if size == 1]


def _swapped(rank: int, one: int, two: int) -> tuple[int, ...]:
    order = list(range(rank))
    order[one], order[two] = two, one
    return tuple(order)


def _reduced(op: Op, given: Shape, made: Shape) -> tuple[int, ...] | None:
    rank, dims = len(given), _numbers(op.saved.get("dim", ""))
    if len(made) == rank:
        return tuple(range(rank))
    gone = {dim % rank for dim in dims}
    left = tuple(axis for axis in range(rank) if axis not in gone)
    return left if len(left) == len(made) else None


def _regrouped(given: Shape, made: Shape) -> tuple[int, ...]:
    """A view: axes that neither split nor merge, found by cutting both shapes into runs with equal products.

    Axes of size 1 could belong to either neighbour; a run maps only where both sides are written alike.
    """
    result = [LOST] * len(made)
    if 0 in given or -1 in given or -1 in made:
        return tuple(range(len(made))) if given == made else tuple(result)
    i = j = 0
    while i < len(given) or j < len(made):
        start, row = (i, j), [1, 1]
        first = True
        while first or row[0] != row[1]:
            first = False
            if (row[0] <= row[1] and i < len(given)) or j >= len(made):
                row[0] *= given[i]
                i += 1
            else:
                row[1] *= made[j]
                j += 1
        while i < len(given) and given[i] == 1:
            i += 1
        while j < len(made) and made[j] == 1:
            j += 1
        if given[start[0] : i] == made[start[1] : j]:
            result[start[1] : j] = range(start[0], i)
    return tuple(result)


def _numbers(text: str) -> Sequence[int]:
    return tuple(int(number) for number in re.findall(r"-?\d+", text))


def storage_map(base: Shape, base_stride: Shape, view: Shape, view_stride: Shape) -> tuple[int, ...] | None:
    """For each axis of a view, the axis of its base that has the same size and stride, or :data:`LOST`.

    Steps through memory identify an axis whatever call made the view. An axis that was cut, split or merged has another
    size or stride; where two axes of one tensor have the same, neither is identified.
    """
    if len(base) != len(base_stride) or len(view) != len(view_stride):
        return None
    given, made = list(zip(base, base_stride, strict=True)), list(zip(view, view_stride, strict=True))
    return tuple(
        given.index(axis) if axis[0] > 1 and axis[1] > 0 and given.count(axis) == made.count(axis) == 1 else LOST
        for axis in made
    )
