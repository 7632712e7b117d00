"""A small program for every node with a written formula that works element by element."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from formula_cases import Case, between, binary, case, cplx, normal, unary

ARITHMETIC: dict[str, list[Case]] = {
    "AddBackward0": [
        *binary(lambda a, b, alpha: torch.add(a, b, alpha=alpha), both=True, alpha=1),
        *binary(lambda a, b, alpha: torch.add(a, b, alpha=alpha), alpha=2.5),
    ],
    "AddBackward1": [case(lambda a: torch.ops.aten.add.Scalar(a, 2.5), a=normal(3))],
    "SubBackward1": [case(lambda a: torch.ops.aten.sub.Scalar(a, 2.5), a=normal(3))],
    "DivBackward1": [case(lambda a, b: torch.ops.aten.div.Scalar(a, b), a=normal(3), b=2.5)],
    "SubBackward0": binary(lambda a, b, alpha: torch.sub(a, b, alpha=alpha), both=True, alpha=2),
    "RsubBackward0": binary(lambda a, b, alpha: torch.rsub(a, b, alpha=alpha), alpha=2),
    "RsubBackward1": [case(lambda a, alpha: torch.rsub(a, 3.0, alpha=alpha), a=normal(3), alpha=2)],
    "MulBackward0": binary(lambda a, b: a * b, both=True),
    "MulBackward1": [case(lambda a, c: torch.ops.aten.mul.Scalar(a, c), a=normal(3), c=2.5)],
    "DivBackward0": binary(lambda a, b: a / b, both=True),
    "DivBackward2": binary(lambda a, b: torch.div(a, b, rounding_mode="floor")),
    "NegBackward0": unary(lambda x: -x, both=True),
    "PowBackward0": [
        case(lambda x, n: x**n, x=between(0.5, 2, 3, 4), n=3),
        case(lambda x, n: x**n, x=between(0.5, 2, 3, 4), n=-0.5),
        case(lambda x, n: x**n, x=cplx(3), n=3),
        case(lambda x, n: x**n, x=normal(3, 4), n=2),
        case(lambda x, n: x.square(), x=cplx(3), n=2),
    ],
    "PowBackward1": [
        case(lambda x, n: x**n, x=between(0.5, 2, 3, 4), n=normal(4)),
        case(lambda x, n: x**n, x=cplx(3), n=cplx(3)),
    ],
    "PowBackward2": [case(lambda c, n: c**n, c=2.0, n=normal(3, 4))],
    "ReciprocalBackward0": unary(lambda x: x.reciprocal(), 0.5, 2, both=True),
    "AddcmulBackward0": [
        case(lambda c, a, b, k: torch.addcmul(c, a, b, value=k), c=normal(4), a=normal(3, 4), b=normal(3, 1), k=2)
    ],
    "AddcdivBackward0": [
        case(lambda c, a, b, k: torch.addcdiv(c, a, b, value=k), c=normal(4), a=normal(3, 4), b=normal(3, 1), k=2)
    ],
    "LerpBackward0": binary(lambda a, b, w: torch.lerp(a, b, w), w=0.25),
    "LerpBackward1": [case(lambda a, b, w: torch.lerp(a, b, w), a=normal(3, 4), b=normal(3, 4), w=normal(4))],
    "RemainderBackward0": [case(lambda a: a % 0.7, a=normal(3, 4))],
    "RemainderBackward1": binary(lambda a, b: torch.remainder(a, b)),
    "FmodBackward0": [case(lambda a: torch.fmod(a, 0.7), a=normal(3, 4))],
    "FmodBackward1": [
        case(lambda a, b: torch.fmod(a, b), a=normal(3, 4), b=normal(4)),
        case(lambda a, b: torch.fmod(a, b), a=normal(3, 4), b=normal(3, 4)),
    ],
    "MaximumBackward0": [
        *binary(lambda a, b: torch.maximum(a, b)),
        case(lambda a, b: torch.maximum(a, b), a=lambda g: torch.ones(3).double(), b=lambda g: torch.ones(3).double()),
    ],
    "MinimumBackward0": binary(lambda a, b: torch.minimum(a, b)),
    "FmaxBackward0": binary(lambda a, b: torch.fmax(a, b)),
    "FminBackward0": binary(lambda a, b: torch.fmin(a, b)),
    "Atan2Backward0": binary(lambda a, b: torch.atan2(a, b)),
    "HypotBackward0": binary(lambda a, b: torch.hypot(a, b)),
    "LogaddexpBackward0": binary(lambda a, b: torch.logaddexp(a, b)),
    "XlogyBackward0": binary(lambda a, b: torch.xlogy(a, b), positive=True),
    "CopysignBackward0": binary(lambda a, b: torch.copysign(a, b)),
}

FUNCTIONS: dict[str, list[Case]] = {
    "ExpBackward0": unary(lambda x: x.exp(), both=True),
    "Exp2Backward0": unary(lambda x: x.exp2(), both=True),
    "Expm1Backward0": unary(lambda x: x.expm1(), both=True),
    "LogBackward0": unary(lambda x: x.log(), 0.1, 3, both=True),
    "Log2Backward0": unary(lambda x: x.log2(), 0.1, 3, both=True),
    "Log10Backward0": unary(lambda x: x.log10(), 0.1, 3, both=True),
    "Log1PBackward0": unary(lambda x: x.log1p(), 0.1, 3, both=True),
    "SqrtBackward0": unary(lambda x: x.sqrt(), 0.1, 3, both=True),
    "RsqrtBackward0": unary(lambda x: x.rsqrt(), 0.1, 3, both=True),
    "AbsBackward0": unary(lambda x: x.abs(), both=True),
    "SignBackward0": unary(lambda x: x.sign()),
    "FloorBackward0": unary(lambda x: x.floor()),
    "CeilBackward0": unary(lambda x: x.ceil()),
    "RoundBackward0": unary(lambda x: x.round()),
    "TruncBackward0": unary(lambda x: x.trunc()),
    "FracBackward0": unary(lambda x: x.frac()),
    "SinBackward0": unary(lambda x: x.sin(), both=True),
    "CosBackward0": unary(lambda x: x.cos(), both=True),
    "TanBackward0": unary(lambda x: x.tan(), -1, 1, both=True),
    "AsinBackward0": unary(lambda x: x.asin(), -0.9, 0.9, both=True),
    "AcosBackward0": unary(lambda x: x.acos(), -0.9, 0.9, both=True),
    "AtanBackward0": unary(lambda x: x.atan(), both=True),
    "SinhBackward0": unary(lambda x: x.sinh(), both=True),
    "CoshBackward0": unary(lambda x: x.cosh(), both=True),
    "AsinhBackward0": unary(lambda x: x.asinh(), both=True),
    "AcoshBackward0": unary(lambda x: x.acosh(), 1.2, 3),
    "AtanhBackward0": unary(lambda x: x.atanh(), -0.9, 0.9, both=True),
    "ErfBackward0": unary(lambda x: x.erf()),
    "ErfcBackward0": unary(lambda x: x.erfc()),
    "ErfinvBackward0": unary(lambda x: x.erfinv(), -0.9, 0.9),
    "LgammaBackward0": unary(lambda x: x.lgamma(), 0.5, 3),
    "DigammaBackward0": unary(lambda x: x.digamma(), 0.5, 3),
    "LogitBackward0": unary(lambda x: x.logit(), 0.1, 0.9),
    "SincBackward0": unary(lambda x: x.sinc(), 0.1, 2, both=True),
    "Deg2RadBackward0": unary(lambda x: x.deg2rad()),
    "Rad2DegBackward0": unary(lambda x: x.rad2deg()),
    "ClampBackward1": [case(lambda x, lo, hi: x.clamp(lo, hi), x=normal(3, 4), lo=-0.5, hi=0.7)],
    "ClampBackward0": [
        case(lambda x, lo, hi: x.clamp(lo, hi), x=normal(5, 4), lo=normal(4), hi=normal(5, 4)),
        case(lambda x, lo, hi: x.clamp(lo, hi), x=normal(5, 4), lo=between(-1, 0, 4), hi=between(0, 1, 4)),
    ],
    "ClampMinBackward0": [case(lambda x, lo: x.clamp_min(lo), x=normal(3, 4), lo=0.1)],
    "ClampMinBackward1": [case(lambda x, lo: x.clamp_min(lo), x=normal(3, 4), lo=normal(4))],
    "ClampMaxBackward0": [case(lambda x, hi: x.clamp_max(hi), x=normal(3, 4), hi=0.1)],
    "ClampMaxBackward1": [case(lambda x, hi: x.clamp_max(hi), x=normal(3, 4), hi=normal(4))],
    "NanToNumBackward0": [
        case(lambda x: x.nan_to_num(0.0), x=lambda g: torch.tensor([1.0, float("nan"), float("inf"), -2.0]).double())
    ],
}

ACTIVATIONS: dict[str, list[Case]] = {
    "ReluBackward0": unary(lambda x: x.relu()),
    "LeakyReluBackward0": [case(lambda x, alpha: F.leaky_relu(x, alpha), x=normal(3, 4), alpha=0.1)],
    "PreluKernelBackward0": [
        case(lambda x, w: torch._prelu_kernel(x, w), x=normal(3, 4), w=between(0.1, 0.5, 1, 4)),
        case(lambda x, w: torch._prelu_kernel(x, w), x=normal(3, 4), w=between(0.1, 0.5, 3, 4)),
    ],
    "EluBackward0": [
        case(lambda x, alpha: F.elu(x, alpha), x=normal(3, 4), alpha=1.5, s=1, c=1),
        case(
            lambda x: F.selu(x),
            x=normal(3, 4),
            alpha=1.6732632423543772848170429916717,
            s=1.0507009873554804934193349852946,
            c=1,
        ),
    ],
    "CeluBackward0": [case(lambda x, alpha: F.celu(x, alpha), x=normal(3, 4), alpha=1.5)],
    "GeluBackward0": [
        case(lambda x, how: F.gelu(x, approximate=how), x=normal(3, 4), how="none"),
        case(lambda x, how: F.gelu(x, approximate=how), x=normal(3, 4), how="tanh"),
    ],
    "SiluBackward0": unary(lambda x: F.silu(x)),
    "MishBackward0": unary(lambda x: F.mish(x)),
    "SigmoidBackward0": unary(lambda x: x.sigmoid(), both=True),
    "LogSigmoidBackward0": unary(lambda x: F.logsigmoid(x)),
    "TanhBackward0": unary(lambda x: x.tanh(), both=True),
    "SoftplusBackward0": [case(lambda x, beta: F.softplus(x, beta), x=normal(3, 4), beta=2)],
    "HardtanhBackward0": [case(lambda x, lo, hi: F.hardtanh(x, lo, hi), x=normal(3, 4), lo=-0.5, hi=0.7)],
    "HardsigmoidBackward0": unary(lambda x: F.hardsigmoid(x), -5, 5),
    "HardswishBackward0": unary(lambda x: F.hardswish(x), -5, 5),
    "GluBackward0": [case(lambda x, dim: F.glu(x, dim), x=normal(3, 4), dim=1)],
    "SoftmaxBackward0": [case(lambda x, dim: x.softmax(dim), x=normal(3, 4), dim=dim) for dim in (0, 1)],
    "SafeSoftmaxBackward0": [case(lambda x, dim: torch._safe_softmax(x, dim), x=normal(3, 4), dim=1)],
    "LogSoftmaxBackward0": [case(lambda x, dim: x.log_softmax(dim), x=normal(3, 4), dim=dim) for dim in (0, 1)],
    "ThresholdBackward0": [case(lambda x, t: F.threshold(x, t, 9.0), x=normal(3, 4), t=0.2)],
    "SoftshrinkBackward0": [case(lambda x, lambd: F.softshrink(x, lambd), x=normal(3, 4), lambd=0.5)],
    "HardshrinkBackward0": [case(lambda x, lambd: F.hardshrink(x, lambd), x=normal(3, 4), lambd=0.5)],
    "NativeDropoutBackward0": [case(lambda x, p: torch.native_dropout(x, p, True), x=normal(30), p=0.4)],
}
