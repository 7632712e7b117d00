"""The word or sign people use for what an autograd node computes: ``×`` for ``MulBackward0``."""

from __future__ import annotations

import re
from functools import lru_cache

_SIGNS: dict[str, str] = {
    # Arithmetic
    "add": "+", "sub": "−", "rsub": "−", "mul": "×", "div": "÷", "floordivide": "÷", "neg": "−x", "pow": "xⁿ",
    "reciprocal": "1/x", "remainder": "mod", "fmod": "mod", "addcmul": "+ a×b", "addcdiv": "+ a÷b", "abs": "|x|",
    "sqrt": "√", "rsqrt": "1/√", "exp": "exp", "expm1": "exp−1", "exp2": "2ˣ", "log": "log", "log1p": "log 1+x",
    "sign": "sign", "square": "x²", "lerp": "lerp", "cross": "a×b", "float_power": "xⁿ",
    # Products of matrices
    "mm": "matmul", "addmm": "matmul +", "bmm": "matmul", "baddbmm": "matmul +", "addbmm": "matmul +",
    "mv": "matmul", "addmv": "matmul +", "dot": "a·b", "vdot": "a·b", "linear": "linear", "addr": "a⊗b +",
    "matmul": "matmul", "ger": "a⊗b", "sparse_addmm": "matmul +", "trilinear": "trilinear", "bilinear": "bilinear",
    "kron": "a⊗b", "linalg_vector_norm": "‖x‖", "norm": "‖x‖", "dist": "‖a−b‖", "cdist": "‖a−b‖",
    "linalg_inv_ex": "A⁻¹", "linalg_det": "det", "linalg_slogdet": "log det", "linalg_solve_ex": "solve",
    "linalg_cholesky_ex": "cholesky", "linalg_svd": "svd", "linalg_qr": "qr", "linalg_eigh": "eigh", "trace": "trace",
    # Reductions
    "sum": "Σ", "mean": "mean", "prod": "∏", "max": "max", "min": "min", "amax": "max", "amin": "min",
    "maximum": "max", "minimum": "min", "std": "std", "var": "var", "var_mean": "var, mean", "std_mean": "std, mean",
    "cumsum": "cumΣ", "cumprod": "cum∏", "logsumexp": "log Σ exp", "logcumsumexp": "log cumΣ exp", "median": "median",
    "kthvalue": "kth", "topk": "top k", "sort": "sort", "nansum": "Σ", "aminmax": "min, max", "cummax": "cummax",
    "cummin": "cummin", "logaddexp": "log(eᵃ+eᵇ)",
    # Shapes
    "t": "Aᵀ", "transpose": "Aᵀ", "permute": "permute", "view": "view", "unsafeview": "view", "reshape": "reshape",
    "reshapealias": "reshape", "expand": "expand", "repeat": "repeat", "unsqueeze": "unsqueeze", "squeeze": "squeeze",
    "cat": "cat", "stack": "stack", "split": "split", "splitwithsizes": "split", "unsafesplit": "split",
    "chunk": "chunk", "unbind": "unbind", "select": "x[i]", "slice": "x[a:b]", "index": "x[…]",
    "indexselect": "x[idx]", "index_put": "x[…]=", "indexput": "x[…]=", "gather": "gather", "scatter": "scatter",
    "scatteradd": "scatter +", "scatterreduce": "scatter", "indexadd": "x[idx]+=", "indexcopy": "x[idx]=",
    "copyslices": "x[…]=", "copy": "copy", "clone": "clone", "alias": "alias", "contiguous": "contiguous",
    "tocopy": "to", "to": "to", "diagonal": "diag", "diag": "diag", "diagembed": "diag", "tril": "tril", "triu": "triu",
    "flip": "flip", "roll": "roll", "unfold": "unfold", "im2col": "unfold", "col2im": "fold", "narrow": "narrow",
    "asstrided": "as_strided", "where": "where", "maskedfill": "mask fill", "maskedselect": "x[mask]",
    "maskedscatter": "mask scatter", "constantpadnd": "pad", "reflectionpad1d": "pad", "reflectionpad2d": "pad",
    "replicationpad1d": "pad", "replicationpad2d": "pad", "take": "take", "repeatinterleave": "repeat",
    "pixelshuffle": "pixel shuffle", "movedim": "movedim", "fill": "fill", "zero": "0", "values": "values",
    # Activations
    "relu": "relu", "leakyrelu": "leaky relu", "prelukernel": "prelu", "elu": "elu", "celu": "celu", "selu": "selu",
    "gelu": "gelu", "silu": "silu", "mish": "mish", "sigmoid": "σ", "logsigmoid": "log σ", "tanh": "tanh",
    "softplus": "softplus", "hardtanh": "hardtanh", "hardsigmoid": "hard σ", "hardswish": "hardswish", "glu": "glu",
    "softmax": "softmax", "logsoftmax": "log softmax", "safesoftmax": "softmax", "rrelu": "rrelu",
    "clamp": "clamp", "clampmin": "clamp", "clampmax": "clamp", "threshold": "threshold", "softshrink": "softshrink",
    "hardshrink": "hardshrink", "nantonum": "nan→num", "erf": "erf", "erfc": "erfc", "erfinv": "erf⁻¹",
    "sin": "sin", "cos": "cos", "tan": "tan", "asin": "asin", "acos": "acos", "atan": "atan", "atan2": "atan2",
    "sinh": "sinh", "cosh": "cosh", "asinh": "asinh", "acosh": "acosh", "atanh": "atanh", "sinc": "sinc",
    "floor": "⌊x⌋", "ceil": "⌈x⌉", "round": "round", "trunc": "trunc", "frac": "frac", "lgamma": "log Γ",
    "digamma": "ψ", "polygamma": "ψⁿ", "logit": "logit", "xlogy": "x log y", "hypot": "√a²+b²",
    # Layers
    "convolution": "conv", "cudnnconvolution": "conv", "mkldnnconvolution": "conv", "thnnconv2d": "conv",
    "slowconvtranspose2d": "conv ᵀ", "convdepthwise2d": "conv", "maxpool2dwithindices": "max pool",
    "maxpool3dwithindices": "max pool", "maxpool2d": "max pool", "avgpool2d": "avg pool", "avgpool3d": "avg pool",
    "adaptiveavgpool2d": "avg pool", "adaptiveavgpool3d": "avg pool", "adaptivemaxpool2d": "max pool",
    "adaptivemaxpool3d": "max pool", "mkldnnadaptiveavgpool2d": "avg pool", "nativebatchnorm": "batch norm",
    "cudnnbatchnorm": "batch norm", "miopenbatchnorm": "batch norm", "nativelayernorm": "layer norm",
    "nativegroupnorm": "group norm", "fusedrmsnorm": "rms norm", "nativedropout": "dropout", "fuseddropout": "dropout",
    "embedding": "embedding", "embeddingbag": "embedding bag", "upsamplenearest2d": "upsample",
    "upsamplebilinear2d": "upsample", "upsamplebicubic2d": "upsample", "gridsampler2d": "grid sample",
    "affinegridgenerator": "affine grid", "scaleddotproductflashattentionforcpu": "attention",
    "scaleddotproductflashattention": "attention", "scaleddotproductefficientattention": "attention",
    "scaleddotproductcudnnattention": "attention", "thnnfusedlstmcell": "lstm cell", "thnnfusedgrucell": "gru cell",
    "cudnnrnn": "rnn", "mkldnnrnnlayer": "rnn", "packpaddedsequence": "pack",
    "convolutionoverrideable": "conv", "convdepthwise3d": "conv", "slowconvdilated2d": "conv",
    "slowconvdilated3d": "conv", "slowconvtranspose3d": "conv ᵀ", "fractionalmaxpool2d": "max pool",
    "fractionalmaxpool3d": "max pool", "mkldnnmaxpool2d": "max pool", "mkldnnmaxpool3d": "max pool",
    "batchnormwithupdate": "batch norm", "batchnormnoupdate": "batch norm", "nativebatchnormlegit": "batch norm",
    "nativebatchnormlegitnotraining": "batch norm", "flashattention": "attention", "efficientattention": "attention",
    "scaleddotproductfusedattentionoverrideable": "attention", "rreluwithnoise": "rrelu",
    **{f"upsample{kind}": "upsample" for kind in (
        "linear1d", "trilinear3d", "nearest1d", "nearest3d", "nearestexact1d", "nearestexact2d", "nearestexact3d",
        "bilinear2daa", "bicubic2daa", "lanczos2daa",
    )},
    "gridsampler3d": "grid sample", "gridsampler2dcpufallback": "grid sample", "reflectionpad3d": "pad",
    "replicationpad3d": "pad", "topaddedtensor": "pad", "pixelunshuffle": "unshuffle", "channelshuffle": "shuffle",
    "embeddingrenorm": "embedding", "softmaxbackwarddata": "softmax", "logsoftmaxbackwarddata": "log softmax",
    # Sparse tensors
    "sparsecootensorwithdimsandtensors": "sparse", "sparsecompressedtensor": "sparse", "sparsesparsematmul": "matmul",
    "sparsemmreduceimpl": "matmul", "sparsesampledaddmm": "matmul +", "sparselogsoftmax": "log softmax",
    # Losses
    "mseloss": "mse", "l1loss": "l1", "smoothl1loss": "smooth l1", "huberloss": "huber", "nllloss": "nll",
    "nllloss2d": "nll", "nlllossnd": "nll", "binarycrossentropy": "bce", "binarycrossentropywithlogits": "bce",
    "kldiv": "KL", "crossentropyloss": "cross entropy", "ctcloss": "ctc", "softmarginloss": "soft margin",
    "multimarginloss": "multi margin", "cosineembeddingloss": "cosine loss",
    # Fourier and complex
    "fftr2c": "fft", "fftc2c": "fft", "fftc2r": "ifft", "viewasreal": "as real", "viewascomplex": "as complex",
    "conj": "conj", "real": "re", "imag": "im", "complex": "a+bi", "polar": "polar", "angle": "∠", "sgn": "sgn",
    # Calls that cut a graph
    "detach": "detach", "argmax": "argmax", "argmin": "argmin", "eq": "=", "ne": "≠", "lt": "<", "le": "≤", "gt": ">",
    "ge": "≥", "logical_not": "not", "item": "item", "tensor": "tensor", "numpy": "numpy", "data": ".data",
    "compiledfunction": "compiled", "checkpointfunction": "checkpoint", "backwardhookfunction": "hook",
    "error": "error", "accumulategrad": "grad +",
}  # fmt: skip
_SIGNS = {key.replace("_", ""): value for key, value in _SIGNS.items()}

_TAIL = re.compile(r"(Backward(AutogradNestedTensor)?\d*|Backward)$")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_METHODS = {"matmul": "matmul", "truediv": "÷", "invert": "not", "getitem": "x[…]", "setitem": "x[…]="}
_METHODS.update({f"r{name}": sign for name, sign in {**_METHODS, **_SIGNS}.items() if f"r{name}" not in _SIGNS})


@lru_cache(maxsize=4096)
@lru_cache(maxsize=4096)
def symbol(name: str) -> str:
    """The sign or word for an autograd node or for the function of a cut.

    Parameters
    ----------
    name
        ``MulBackward0``, ``AccumulateGrad``, a custom ``Function``'s ``MyExpBackward``, or a function such as
        ``torch.argmax``, ``Tensor.__gt__``.

    Returns
    -------
    A few characters; for what the table does not know, the name itself in lower case: ``my exp``.
    """
    core = _TAIL.sub("", name.removesuffix(".__get__").rsplit(".", 1)[-1]) or name
    function = core.strip("_")
    if core.startswith("__") and function in _METHODS:
        return _METHODS[function]
    plain = function.replace("_", "").lower()
    for key in (plain, plain.removesuffix("backward")):
        if key in _SIGNS:
            return _SIGNS[key]
    words = _HUMP.sub(" ", function.replace("_", " ")).strip().lower()
    return words or name


def stem(name: str) -> str:
    """A class without what says that it is a backward: ``Mul`` of ``MulBackward0``; the last part of a function."""
    return _TAIL.sub("", name.rsplit(".", 1)[-1]) or name
