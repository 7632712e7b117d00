"""A small program for every node with a written formula that multiplies, reduces or reshapes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from formula_cases import Case, Maker, case, cplx, normal, spd

_ADDED = {"alpha": 2, "beta": 3}
MATRICES: dict[str, list[Case]] = {
    "MmBackward0": [case(lambda A, B: A @ B, A=kind(2, 3), B=kind(3, 4)) for kind in (normal, cplx)],
    "BmmBackward0": [case(lambda A, B: torch.bmm(A, B), A=normal(5, 2, 3), B=normal(5, 3, 4))],
    "AddmmBackward0": [
        case(lambda b, A, B: torch.addmm(b, A, B), b=kind(4), A=kind(2, 3), B=kind(3, 4), alpha=1, beta=1)
        for kind in (normal, cplx)
    ]
    + [
        case(
            lambda b, A, B, alpha, beta: torch.addmm(b, A, B, alpha=alpha, beta=beta),
            b=normal(2, 4), A=normal(2, 3), B=normal(3, 4), **_ADDED,
        )
    ],
    "BaddbmmBackward0": [
        case(
            lambda b, A, B, alpha, beta: torch.baddbmm(b, A, B, alpha=alpha, beta=beta),
            b=normal(5, 2, 4), A=normal(5, 2, 3), B=normal(5, 3, 4), **_ADDED,
        )
    ],
    "AddbmmBackward0": [
        case(
            lambda b, A, B, alpha, beta: torch.addbmm(b, A, B, alpha=alpha, beta=beta),
            b=normal(2, 4), A=normal(5, 2, 3), B=normal(5, 3, 4), **_ADDED,
        )
    ],
    "MvBackward0": [case(lambda A, x: A @ x, A=kind(2, 3), x=kind(3)) for kind in (normal, cplx)],
    "AddmvBackward0": [
        case(
            lambda b, A, x, alpha, beta: torch.addmv(b, A, x, alpha=alpha, beta=beta),
            b=normal(2), A=normal(2, 3), x=normal(3), **_ADDED,
        )
    ],
    "DotBackward0": [case(lambda a, b: a @ b, a=kind(3), b=kind(3)) for kind in (normal, cplx)],
    "VdotBackward0": [case(lambda a, b: torch.vdot(a, b), a=kind(3), b=kind(3)) for kind in (normal, cplx)],
    "AddrBackward0": [
        case(
            lambda C, a, b, alpha, beta: torch.addr(C, a, b, alpha=alpha, beta=beta),
            C=normal(2, 3), a=normal(2), b=normal(3), **_ADDED,
        )
    ],
    "TBackward0": [case(lambda A: A.t(), A=normal(2, 3))],
    "TransposeBackward0": [case(lambda A: A.transpose(0, 2), A=normal(2, 3, 4), dim0=0, dim1=2)],
    "TraceBackward0": [case(lambda A: A.trace(), A=normal(3, 4))],
    "TrilBackward0": [case(lambda A, k: A.tril(k), A=normal(3, 4), k=1)],
    "TriuBackward0": [case(lambda A, k: A.triu(k), A=normal(3, 4), k=1)],
    "LinalgDetBackward0": [case(lambda A: torch.linalg.det(A), A=normal(3, 3))],
    "LinalgSlogdetBackward0": [case(lambda A: torch.linalg.slogdet(A), A=normal(3, 3))],
    "LinalgInvExBackward0": [case(lambda A: torch.linalg.inv_ex(A), A=kind(3, 3)) for kind in (normal, cplx)],
    "LinalgSolveExBackward0": [
        case(lambda A, B: torch.linalg.solve(A, B), A=kind(3, 3), B=kind(3, 2)) for kind in (normal, cplx)
    ],
    "LinalgCholeskyExBackward0": [case(lambda A: torch.linalg.cholesky_ex(A), A=spd(3))],
    "LinalgEighBackward0": [case(lambda A: torch.linalg.eigh(A), A=spd(3))],
    "LinalgMatrixExpBackward0": [case(lambda A: torch.linalg.matrix_exp(A), A=normal(3, 3))],
    "LinalgVectorNormBackward0": [
        case(lambda x, p: torch.linalg.vector_norm(x, p), x=normal(3, 4), p=p) for p in (1.0, 2.0, 3.0)
    ],
    "LinalgCrossBackward0": [
        case(lambda a, b: torch.linalg.cross(a, b), a=kind(2, 3), b=kind(2, 3)) for kind in (normal, cplx)
    ],
    "CdistBackward0": [case(lambda a, b, p: torch.cdist(a, b, p), a=normal(3, 2), b=normal(4, 2), p=3.0)],
    "TrilinearBackward0": [case(
            lambda a, W, b: torch._trilinear(a, W, b, [1, 3], [0], [1, 2], [2, 3]),
            a=normal(5, 3), W=normal(2, 3, 4), b=normal(5, 4),
        ),
    ],
}  # fmt: skip

_AXIS = {"dim": 1, "keepdim": False}
_KEPT = {"dim": 0, "keepdim": True}


def _reduced(make: Callable[..., Any]) -> list[Case]:
    """A reduction of ``x`` along ``dim``, with and without ``keepdim``."""
    return [case(make, x=normal(3, 4), **_AXIS), case(make, x=normal(3, 4), **_KEPT)]


def _ties(*shape: int) -> Maker:
    """Small whole numbers, so that some are equal."""
    return lambda g: torch.randint(0, 3, shape, generator=g).double()


REDUCTIONS: dict[str, list[Case]] = {
    "SumBackward0": [case(lambda x: x.sum(), x=kind(3, 4)) for kind in (normal, cplx)],
    "NansumBackward0": [case(lambda x: x.nansum(), x=normal(3, 4))],
    "SumBackward1": _reduced(lambda x, dim, keepdim: x.sum(dim, keepdim=keepdim)),
    "MeanBackward0": [case(lambda x: x.mean(), x=kind(3, 4)) for kind in (normal, cplx)],
    "MeanBackward1": _reduced(lambda x, dim, keepdim: x.mean(dim, keepdim=keepdim)),
    "ProdBackward0": [case(lambda x: x.prod(), x=kind(3, 2)) for kind in (normal, cplx)],
    "ProdBackward1": _reduced(lambda x, dim, keepdim: x.prod(dim, keepdim=keepdim)),
    "MaxBackward0": _reduced(lambda x, dim, keepdim: x.max(dim, keepdim=keepdim)),
    "MinBackward0": _reduced(lambda x, dim, keepdim: x.min(dim, keepdim=keepdim)),
    "MedianBackward1": _reduced(lambda x, dim, keepdim: x.median(dim, keepdim=keepdim)),
    "NanmedianBackward1": _reduced(lambda x, dim, keepdim: x.nanmedian(dim, keepdim=keepdim)),
    "ModeBackward0": _reduced(lambda x, dim, keepdim: x.mode(dim, keepdim=keepdim)),
    "KthvalueBackward0": _reduced(lambda x, dim, keepdim: x.kthvalue(2, dim, keepdim=keepdim)),
    "CummaxBackward0": [case(lambda x, dim: x.cummax(dim), x=normal(3, 4), dim=1)],
    "CumminBackward0": [case(lambda x, dim: x.cummin(dim), x=normal(3, 4), dim=1)],
    "MaxBackward1": [case(lambda x: x.max(), x=normal(3, 4)), case(lambda x: x.max(), x=_ties(3, 4))],
    "MinBackward1": [case(lambda x: x.min(), x=normal(3, 4)), case(lambda x: x.min(), x=_ties(3, 4))],
    "MedianBackward0": [case(lambda x: x.median(), x=normal(3, 4)), case(lambda x: x.median(), x=_ties(3, 4))],
    "NanmedianBackward0": [case(lambda x: x.nanmedian(), x=normal(3, 4))],
    "AmaxBackward0": [
        *_reduced(lambda x, dim, keepdim: x.amax(dim, keepdim=keepdim)),
        case(lambda x, dim, keepdim: x.amax(dim, keepdim=keepdim), x=_ties(3, 4), **_AXIS),
    ],
    "AminBackward0": _reduced(lambda x, dim, keepdim: x.amin(dim, keepdim=keepdim)),
    "VarBackward0": [case(lambda x, c: x.var(correction=c), x=normal(3, 4), c=c) for c in (0, 1)],
    "StdBackward0": [case(lambda x, c: x.std(correction=c), x=normal(3, 4), c=c) for c in (0, 1)],
    "VarMeanBackward0": [case(lambda x, c: torch.var_mean(x, correction=c), x=normal(3, 4), c=1)],
    "StdMeanBackward0": [case(lambda x, c: torch.std_mean(x, correction=c), x=normal(3, 4), c=1)],
    "CumsumBackward0": [case(lambda x, dim: x.cumsum(dim), x=normal(3, 4), dim=1)],
    "CumprodBackward0": [case(lambda x, dim: x.cumprod(dim), x=normal(3, 4), dim=1)],
    "LogsumexpBackward0": _reduced(lambda x, dim, keepdim: x.logsumexp(dim, keepdim=keepdim)),
    "LogcumsumexpBackward0": [case(lambda x, dim: x.logcumsumexp(dim), x=normal(3, 4), dim=1)],
    "TopkBackward0": [case(lambda x, dim: x.topk(2, dim), x=normal(3, 4), dim=1)],
    "SortBackward0": [case(lambda x, dim: x.sort(dim), x=normal(3, 4), dim=1)],
    "SortBackward1": [case(lambda x, dim: torch.sort(x, stable=True, dim=dim), x=normal(3, 4), dim=1)],
    "NormBackward0": [case(lambda x, p: torch.ops.aten.norm.Scalar(x, p), x=normal(3, 4), p=p) for p in (2, 3)],
    "DistBackward0": [
        case(lambda a, b, p: torch.dist(a, b, p), a=normal(3, 4), b=normal(3, 4), p=3.0),
        case(lambda a, b, p: torch.dist(a, b, p), a=normal(3, 4), b=normal(4), p=2.0),
    ],
}

SHAPES: dict[str, list[Case]] = {
    "ViewBackward0": [case(lambda x: x.view(4, 3), x=normal(3, 4))],
    "UnsafeViewBackward0": [case(lambda x: torch.ops.aten._unsafe_view(x, [4, 3]), x=normal(3, 4))],
    "ReshapeAliasBackward0": [case(lambda x: torch.ops.aten._reshape_alias(x, [4, 3], [3, 1]), x=normal(3, 4))],
    "CloneBackward0": [case(lambda x: x.clone(), x=kind(3, 4)) for kind in (normal, cplx)],
    "AliasBackward0": [case(lambda x: torch.ops.aten.alias(x), x=normal(3, 4))],
    "LiftFreshBackward0": [case(lambda x: torch.ops.aten.lift_fresh(x), x=normal(3, 4))],
    "ToCopyBackward0": [case(lambda x: x.to(torch.float32), x=normal(3, 4))],
    "ExpandBackward0": [case(lambda x: x.expand(2, 3, 4), x=normal(3, 1))],
    "RepeatBackward0": [case(lambda x, repeats: x.repeat(repeats), x=normal(3, 4), repeats=[2, 3])],
    "UnsqueezeBackward0": [case(lambda x: x.unsqueeze(1), x=normal(3, 4))],
    "UnsqueezeBackward1": [case(lambda x: x.clone().unsqueeze_(1), x=normal(3, 4))],
    "SqueezeBackward0": [case(lambda x: x.squeeze(), x=normal(3, 1, 4))],
    "SqueezeBackward1": [case(lambda x: x.squeeze(1), x=normal(3, 1, 4))],
    "SqueezeBackward2": [case(lambda x: x.squeeze((1, 2)), x=normal(3, 1, 1, 4))],
    "PermuteBackward0": [case(lambda x, dims: x.permute(dims), x=normal(2, 3, 4), dims=[2, 0, 1])],
    "FlipBackward0": [case(lambda x, dims: x.flip(dims), x=normal(2, 3), dims=[1])],
    "RollBackward0": [case(lambda x, s, dims: x.roll(s, dims), x=normal(2, 3), s=1, dims=1)],
    "Rot90Backward0": [case(lambda x, k, dims: x.rot90(k, dims), x=normal(2, 3), k=1, dims=[0, 1])],
    "CatBackward0": [case(lambda xs, dim: torch.cat(xs, dim), xs=[normal(2, 3), normal(2, 1), normal(2, 4)], dim=1)],
    "StackBackward0": [case(lambda xs, dim: torch.stack(xs, dim), xs=[normal(2, 3), normal(2, 3)], dim=1)],
    "SplitBackward0": [case(lambda x, dim: x.split(2, dim), x=normal(5, 3), dim=0)],
    "SplitWithSizesBackward0": [case(lambda x, dim: x.split([1, 2], dim), x=normal(5, 3), dim=1)],
    "UnsafeSplitBackward0": [case(lambda x, dim: torch.unsafe_split(x, 2, dim), x=normal(5, 3), dim=0)],
    "UnsafeSplitWithSizesBackward0": [
        case(lambda x, dim: torch.unsafe_split_with_sizes(x, [1, 2], dim), x=normal(5, 3), dim=1)
    ],
    "UnbindBackward0": [case(lambda x, dim: x.unbind(dim), x=normal(2, 3), dim=1)],
    "SelectBackward0": [case(lambda x, dim, k: x.select(dim, k), x=normal(2, 3), dim=1, k=2)],
    "SliceBackward0": [
        case(lambda x: x[:, 1:4:2], x=normal(2, 5), dim=1, start=1, end=4, step=2),
    ],
    "AsStridedBackward0": [
        case(lambda x, size, stride: x.as_strided(size, stride), x=normal(2, 3), size=[2, 2, 2], stride=[1, 2, 1])
    ],
    "UnfoldBackward0": [case(lambda x, dim, size, step: x.unfold(dim, size, step), x=normal(7), dim=0, size=3, step=2)],
    "Im2ColBackward0": [case(lambda x, kernel: F.unfold(x, kernel), x=normal(2, 3, 4, 5), kernel=[2, 3])],
    "Col2ImBackward0": [case(lambda x, kernel: F.fold(x, (4, 5), kernel), x=normal(2, 18, 9), kernel=[2, 3])],
    "PixelShuffleBackward0": [case(lambda x, r: F.pixel_shuffle(x, r), x=normal(1, 8, 2, 3), r=2)],
    "PixelUnshuffleBackward0": [case(lambda x, r: F.pixel_unshuffle(x, r), x=normal(1, 2, 4, 6), r=2)],
    "DiagonalBackward0": [case(lambda A, k: A.diagonal(k), A=normal(3, 4), k=1)],
    "DiagEmbedBackward0": [case(lambda x, k: torch.diag_embed(x, k), x=normal(3), k=1)],
    "ConstantPadNdBackward0": [case(lambda x, pad: F.pad(x, pad), x=normal(2, 3), pad=[1, 2, 0, 1])],
    "ReflectionPad1DBackward0": [
        case(lambda x, pad, mode: F.pad(x, pad, mode), x=normal(1, 2, 4), pad=[1, 2], mode="reflect")
    ],
    "ReflectionPad2DBackward0": [
        case(lambda x, pad, mode: F.pad(x, pad, mode), x=normal(1, 2, 4, 4), pad=[1, 2, 0, 1], mode="reflect")
    ],
    "ReplicationPad1DBackward0": [
        case(lambda x, pad, mode: F.pad(x, pad, mode), x=normal(1, 2, 4), pad=[1, 2], mode="replicate")
    ],
    "ReplicationPad2DBackward0": [
        case(lambda x, pad, mode: F.pad(x, pad, mode), x=normal(1, 2, 4, 4), pad=[1, 2, 0, 1], mode="replicate")
    ],
}
