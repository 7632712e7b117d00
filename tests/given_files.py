"""Small files of data of every kind, made for the tests that read them."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file

PIXELS = (np.arange(5 * 7 * 3) * 2).astype(np.uint8).reshape(5, 7, 3)
"""Height 5, width 7, RGB: no two alike."""


class Evil:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, ("evil-was-here",)


def cut(path: Path, keep: float) -> Path:
    """The first part of a file."""
    os.truncate(path, int(path.stat().st_size * keep))
    return path


def npy(path: Path, values: np.ndarray) -> Path:
    np.save(path, values, allow_pickle=values.dtype == object)
    return path


def picture(path: Path, pixels: np.ndarray = PIXELS, mode: str | None = None, **options: Any) -> Path:
    image = Image.fromarray(pixels)
    (image.convert(mode) if mode else image).save(path, **options)
    return path


def gif(path: Path, count: int = 3) -> Path:
    """Frames of one grey each: 0, 50, 100 ..."""
    frames = [Image.fromarray(np.full((4, 6), 50 * number, dtype=np.uint8)) for number in range(count)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    return path


def mp4(path: Path, count: int = 5) -> Path:
    """Frames of 16 x 32 that become redder."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 16, "yuv420p"
        for number in range(count):
            frame = np.zeros((16, 32, 3), dtype=np.uint8)
            frame[..., 0] = 50 * number
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    return path


def bomb(path: Path) -> Path:
    """A PNG of a hundred bytes that says it has 50,000 x 50,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b""))
    return path


def tensors(path: Path, **members: torch.Tensor) -> Path:
    save_file(members, path)
    return path


def saved(path: Path, value: Any, **options: Any) -> Path:
    torch.save(value, path, **options)
    return path


def text(path: Path, content: str) -> Path:
    path.write_text(content)
    return path


def raw(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
