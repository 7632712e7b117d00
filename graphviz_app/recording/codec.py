"""Turning recordings and messages into bytes and back: schema-checked, no pickles.

Numpy columns travel as ``[dtype, shape, bytes]``. Decoding checks every type against the declared one and raises
:class:`msgspec.ValidationError` with the path of the first field that does not fit.
"""

from __future__ import annotations

import math
import re
from typing import Any, TypeVar

import ml_dtypes  # noqa: F401  (registers bfloat16 and the float8 types with numpy by name)
import msgspec
import numpy as np

T = TypeVar("T")

_KINDS = frozenset("biufcV")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
"""What a dtype is called: ``float32``, ``float8_e4m3fn``."""


def _enc_hook(obj: object) -> object:
    if isinstance(obj, np.ndarray):
        return (obj.dtype.name, obj.shape, np.ascontiguousarray(obj).tobytes())
    raise TypeError(f"cannot encode {type(obj).__name__}")


def array_from_parts(dtype: object, shape: object, data: object) -> np.ndarray[Any, Any]:
    """Build an array from untrusted parts.

    Raises
    ------
    ValueError
        When the dtype is not a plain number type, or the shape does not fit the bytes.
    """
    if not isinstance(dtype, str) or not isinstance(data, (bytes, bytearray, memoryview)):
        raise ValueError("expected an array as [dtype, shape, bytes]")
    if not isinstance(shape, (list, tuple)) or not all(isinstance(n, int) and n >= 0 for n in shape):
        raise ValueError("an array's shape must be a list of sizes")
    try:
        if _NAME.fullmatch(dtype) is None:  # numpy would take more than names: lists of fields, and evaluate them
            raise TypeError(dtype)
        kind = np.dtype(dtype)
    except (TypeError, ValueError) as error:
        raise ValueError(f"unknown array dtype {dtype!r}") from error
    if kind.kind not in _KINDS or kind.hasobject or kind.itemsize == 0:
        raise ValueError(f"array dtype {dtype!r} is not a plain number type")
    if math.prod(shape) * kind.itemsize != len(data):
        raise ValueError(f"an array of shape {tuple(shape)} and dtype {dtype} does not have {len(data)} bytes")
    return np.frombuffer(data, dtype=kind).reshape(shape)


def _dec_hook(kind: type, obj: object) -> object:
    if kind is np.ndarray or getattr(kind, "__origin__", None) is np.ndarray:
        if not isinstance(obj, (list, tuple)) or len(obj) != 3:
            raise ValueError("expected an array as [dtype, shape, bytes]")
        return array_from_parts(*obj)
    raise NotImplementedError(kind)


_encoder = msgspec.msgpack.Encoder(enc_hook=_enc_hook)
_decoders: dict[object, msgspec.msgpack.Decoder[Any]] = {}


def encode(obj: object) -> bytes:
    """Encode a struct as msgpack."""
    return _encoder.encode(obj)


def decode(data: bytes | bytearray | memoryview, kind: type[T]) -> T:
    """Decode msgpack into `kind`, checking every field.

    Raises
    ------
    msgspec.DecodeError
        When the bytes are not msgpack, or a field does not fit (its subclass ``ValidationError``).
    """
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.msgpack.Decoder(kind, dec_hook=_dec_hook)
    try:
        result: T = decoder.decode(data)
    except (UnicodeDecodeError, RecursionError, OverflowError) as error:  # msgspec lets these through
        raise msgspec.DecodeError(f"not one of our messages: {error}") from error
    return result
