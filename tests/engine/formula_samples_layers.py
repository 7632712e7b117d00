"""A small program for every node with a written formula that looks up, normalises, pools or measures a loss."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from formula_cases import Case, between, binary, case, cplx, normal
from torch import Tensor

K = torch.tensor([2, 0, 2])
UNIQUE = torch.tensor([2, 0])
MASK = torch.tensor([[True, False, True], [False, True, True]])
CLASSES = torch.tensor([1, 0, 2, 1])
BAGS = torch.tensor([0, 0, 0, 0, 1, 1])
GRID = torch.tensor([[0, 1, 0], [1, 1, 2]])


def _part_written(x: Tensor, w: Tensor) -> Tensor:
    y = x.clone()
    y[1:3] = w
    return y


INDEXING: dict[str, list[Case]] = {
    "IndexBackward0": [case(lambda x, k: x[k], x=normal(3, 2), k=K)],
    "IndexSelectBackward0": [case(lambda x, dim, k: x.index_select(dim, k), x=normal(2, 3), dim=1, k=K)],
    "GatherBackward0": [case(lambda x, dim, k: x.gather(dim, k), x=normal(2, 3), dim=1, k=GRID)],
    "TakeBackward0": [case(lambda x, k: x.take(k), x=normal(2, 3), k=K)],
    "IndexPutBackward0": [
        case(lambda x, w, k: x.index_put((k,), w), x=normal(3, 2), w=normal(2, 2), k=UNIQUE, accumulate=False),
        case(
            lambda x, w, k: x.index_put((k,), w, accumulate=True),
            x=normal(3, 2), w=normal(3, 2), k=K, accumulate=True,
        ),
    ],
    "IndexAddBackward0": [
        case(
            lambda x, w, dim, k, alpha: x.index_add(dim, k, w, alpha=alpha),
            x=normal(3, 2), w=normal(3, 2), dim=0, k=K, alpha=2,
        )
    ],
    "IndexCopyBackward0": [
        case(lambda x, w, dim, k: x.index_copy(dim, k, w), x=normal(3, 2), w=normal(2, 2), dim=0, k=UNIQUE)
    ],
    "IndexFillBackward0": [case(lambda x, dim, k: x.index_fill(dim, k, 5.0), x=normal(3, 2), dim=0, k=UNIQUE)],
    "ScatterBackward0": [
        case(lambda x, w, dim, k: x.scatter(dim, k, w), x=normal(2, 3), w=normal(2, 2), dim=1, k=GRID[:, 1:])
    ],
    "ScatterBackward1": [case(lambda x, dim, k: x.scatter(dim, k, 5.0), x=normal(2, 3), dim=1, k=GRID)],
    "ScatterAddBackward0": [
        case(lambda x, w, dim, k: x.scatter_add(dim, k, w), x=normal(2, 3), w=normal(2, 3), dim=1, k=GRID)
    ],
    "SelectScatterBackward0": [
        case(lambda x, w, dim, k: x.select_scatter(w, dim, k), x=normal(2, 3), w=normal(2), dim=1, k=2)
    ],
    "WhereBackward0": [
        *binary(lambda a, b, c: torch.where(c, a, b), c=torch.tensor([True, False, True, False]))[:2],
        case(lambda a, b, c: torch.where(c, a, b), a=cplx(2, 3), b=cplx(2, 3), c=MASK),
    ],
    "MaskedFillBackward0": [case(lambda x, m: x.masked_fill(m, 7.0), x=normal(2, 3), m=MASK)],
    "MaskedFillBackward1": [case(lambda x, w, m: x.masked_fill(m, w), x=normal(2, 3), w=normal(), m=MASK)],
    "MaskedSelectBackward0": [case(lambda x, m: x.masked_select(m), x=normal(2, 3), m=MASK)],
    "MaskedScatterBackward0": [case(lambda x, w, m: x.masked_scatter(m, w), x=normal(2, 3), w=normal(6), m=MASK)],
    "EmbeddingBackward0": [case(lambda W, k: F.embedding(k, W), W=normal(5, 3), k=GRID)],
    "EmbeddingBagBackward0": [
        case(
            lambda W, k, s: torch.embedding_bag(W, k, torch.tensor([0, 4]), False, 0, False, s),
            W=normal(5, 2), k=GRID.reshape(-1), s=normal(6), bag=BAGS, how=0,
        ),
        case(
            lambda W, k: torch.embedding_bag(W, k, torch.tensor([0, 4]), False, 1),
            W=normal(5, 2), k=GRID.reshape(-1), s=torch.zeros(()), bag=BAGS, how=1,
        ),
    ],
    "FillBackward0": [case(lambda x: torch.fill(x, 3.0), x=normal(3))],
    "FillBackward2": [case(lambda x: x.clone().fill_(3.0), x=normal(3))],
    "ZeroBackward0": [case(lambda x: x.clone().zero_(), x=normal(3))],
}  # fmt: skip

_BATCH = {"x": normal(5, 3, 4), "w": normal(3), "b": normal(3), "eps": 1e-5}
_HEADS = {"Q": normal(2, 2, 4, 3), "K": normal(2, 2, 5, 3), "V": normal(2, 2, 5, 3)}

LAYERS: dict[str, list[Case]] = {
    "ConvolutionBackward0": [
        case(
            lambda x, W, b, stride, padding: F.conv2d(x, W, b, stride, padding),
            x=normal(2, 3, 5, 6), W=normal(4, 3, 3, 2), b=normal(4), stride=(2, 1), padding=(1, 0),
        )
    ],
    "MaxPool2DWithIndicesBackward0": [case(lambda x: F.max_pool2d_with_indices(x, 2), x=normal(2, 3, 4, 6))],
    "MaxPool3DWithIndicesBackward0": [case(lambda x: F.max_pool3d_with_indices(x, 2), x=normal(2, 3, 4, 6, 2))],
    "AdaptiveMaxPool2DBackward0": [case(lambda x: torch._C._nn.adaptive_max_pool2d(x, (2, 3)), x=normal(2, 3, 4, 6))],
    "AdaptiveMaxPool3DBackward0": [
        case(lambda x: torch._C._nn.adaptive_max_pool3d(x, (2, 3, 1)), x=normal(2, 3, 4, 6, 2))
    ],
    "AvgPool2DBackward0": [case(lambda x, size: F.avg_pool2d(x, size), x=normal(2, 3, 4, 6), size=2)],
    "AvgPool3DBackward0": [case(lambda x, size: F.avg_pool3d(x, size), x=normal(2, 3, 4, 6, 2), size=2)],
    "AdaptiveAvgPool2DBackward0": [case(lambda x: F.adaptive_avg_pool2d(x, (2, 3)), x=normal(2, 3, 4, 6))],
    "AdaptiveAvgPool3DBackward0": [case(lambda x: F.adaptive_avg_pool3d(x, (2, 3, 2)), x=normal(2, 3, 4, 6, 2))],
    "NativeBatchNormBackward0": [
        case(lambda x, w, b, eps: torch.native_batch_norm(x, w, b, None, None, True, 0.1, eps), **_BATCH)
    ],
    "NativeBatchNormLegitBackward0": [
        case(
            lambda x, w, b, eps: torch.ops.aten._native_batch_norm_legit(
                x, w, b, torch.zeros(3).double(), torch.ones(3).double(), True, 0.1, eps
            ),
            **_BATCH,
        )
    ],
    "NativeLayerNormBackward0": [
        case(lambda x, w, b: torch.native_layer_norm(x, [4], w, b, 1e-5), x=normal(3, 4), w=normal(4), b=normal(4))
    ],
    "NativeGroupNormBackward0": [
        case(
            lambda x, w, b: torch.native_group_norm(x, w, b, 2, 6, 5, 3, 1e-5),
            x=normal(2, 6, 5), w=normal(6), b=normal(6),
        )
    ],
    "ScaledDotProductFlashAttentionForCpuBackward0": [
        case(lambda Q, K, V: torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(Q, K, V), **_HEADS)
    ],
    "UpsampleNearest1DBackward0": [case(lambda x: F.interpolate(x, scale_factor=2), x=normal(2, 3, 4))],
    "UpsampleNearest2DBackward0": [case(lambda x: F.interpolate(x, scale_factor=2), x=normal(2, 3, 4, 5))],
    "UpsampleNearest3DBackward0": [case(lambda x: F.interpolate(x, scale_factor=2), x=normal(2, 3, 4, 5, 2))],
    **{
        name: [
            case(
                lambda x, size, mode: F.interpolate(x, size=size, mode=mode, align_corners=False),
                x=normal(2, 3, *shape), size=size, mode=mode,
            )
        ]
        for name, mode, shape, size in (
            ("UpsampleLinear1DBackward0", "linear", (4,), (7,)),
            ("UpsampleBilinear2DBackward0", "bilinear", (4, 3), (7, 5)),
            ("UpsampleTrilinear3DBackward0", "trilinear", (2, 3, 2), (3, 5, 4)),
            ("UpsampleBicubic2DBackward0", "bicubic", (4, 5), (7, 8)),
        )
    },
    "WeightNormInterfaceBackward0": [
        case(lambda u, g: torch._weight_norm_interface(u, g, 0), u=normal(3, 4), g=normal(3, 1))
    ],
}  # fmt: skip

_SAME = {"x": normal(3, 4), "t": normal(3, 4)}
_MEAN, _SUM, _NONE = 1, 2, 0

LOSSES: dict[str, list[Case]] = {
    "MseLossBackward0": [
        case(lambda x, t: F.mse_loss(x, t, reduction="mean"), how="1", **_SAME),
        case(lambda x, t: F.mse_loss(x, t, reduction="sum"), how="2", **_SAME),
        case(lambda x, t: F.mse_loss(x, t, reduction="none"), how="0", **_SAME),
    ],
    "SmoothL1LossBackward0": [case(lambda x, t, beta: F.smooth_l1_loss(x, t, beta=beta), beta=0.7, **_SAME)],
    "HuberLossBackward0": [case(lambda x, t, delta: F.huber_loss(x, t, delta=delta), delta=0.7, **_SAME)],
    "NllLossBackward0": [case(lambda x, t: F.nll_loss(x, t), x=normal(4, 3), t=CLASSES)],
    "NllLoss2DBackward0": [case(lambda x, t: F.nll_loss(x, t), x=normal(2, 3, 2, 1), t=CLASSES.reshape(2, 2, 1))],
    "BinaryCrossEntropyBackward0": [
        case(lambda p, t: F.binary_cross_entropy(p, t), p=between(0.1, 0.9, 3, 4), t=between(0, 1, 3, 4))
    ],
    "BinaryCrossEntropyWithLogitsBackward0": [case(lambda x, t: F.binary_cross_entropy_with_logits(x, t), **_SAME)],
    "SoftMarginLossBackward0": [
        case(lambda x, t: F.soft_margin_loss(x, t), x=normal(4), t=torch.tensor([1.0, -1, -1, 1]).double())
    ],
    "MultiMarginLossBackward0": [
        case(lambda x, t, m: F.multi_margin_loss(x, t, margin=m), x=normal(4, 3), t=CLASSES, m=0.5)
    ],
}

COMPLEX: dict[str, list[Case]] = {
    "ConjBackward0": [case(lambda x: x.conj(), x=cplx(3))],
    "ConjPhysicalBackward0": [case(lambda x: torch.conj_physical(x), x=cplx(3))],
    "ViewAsRealBackward0": [case(lambda x: torch.view_as_real(x), x=cplx(3))],
    "ViewAsComplexBackward0": [case(lambda x: torch.view_as_complex(x), x=normal(3, 2))],
    "ComplexBackward0": binary(lambda a, b: torch.complex(a, b)),
    "PolarBackward0": [case(lambda r, t: torch.polar(r, t), r=between(0.5, 2, 3), t=normal(3))],
    "AngleBackward0": [case(lambda x: x.angle(), x=cplx(3))],
    "SgnBackward0": [case(lambda x: x.sgn(), x=cplx(3))],
    "FftC2CBackward0": [case(lambda x: torch.fft.fft(x), x=cplx(4))],
}

AUTOGRAD: dict[str, list[Case]] = {
    "CopySlices": [case(_part_written, x=normal(4, 2), w=normal(2, 2))],
    "CopyBackwards": [case(lambda x, w: x.clone().copy_(w), x=normal(3), w=normal(3))],
}
