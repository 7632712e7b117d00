"""Pictures and videos as tensors of bytes: [C, H, W] and [T, C, H, W]."""

from __future__ import annotations

import shlex
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphviz_app.engine.loading import CannotLoad, Loaded, as_tensor, check_size, damaged
from graphviz_app.recording.stats import Array

if TYPE_CHECKING:
    from PIL.Image import Image

IMAGE_AXES, VIDEO_AXES = "C H W", "T C H W"

_KEPT_MODES = {"L", "LA", "RGB", "RGBA", "I;16", "I"}
"""Kinds of pictures whose numbers are taken as they are; any other becomes RGB, or RGBA where it is see-through."""


def read_image(path: Path) -> Loaded:
    """A PNG or JPEG, upright as its camera says."""
    from PIL import ImageOps

    with _opened(path, ("PNG", "JPEG")) as image:
        try:
            upright = _plain(ImageOps.exif_transpose(image))
            pixels = np.array(upright)
        except Exception as error:  # what a damaged picture makes a decoder raise is anybody's guess
            raise damaged(path, error) from error
    return Loaded(as_tensor(_channels_first(pixels), path), axes=IMAGE_AXES)


def read_gif(path: Path) -> Loaded:
    """Every frame of a GIF, as it looks when it is played."""
    from PIL import ImageSequence

    with _opened(path, ("GIF",)) as image:
        try:
            count = int(getattr(image, "n_frames", 1))
            check_size(count * 3 * image.width * image.height, path)
            frames = np.empty((count, 3, image.height, image.width), dtype=np.uint8)
            for number, frame in enumerate(ImageSequence.Iterator(image)):
                frames[number] = _channels_first(np.asarray(frame.convert("RGB")))
        except CannotLoad:
            raise
        except Exception as error:  # as above
            raise damaged(path, error) from error
    return Loaded(torch.from_numpy(frames), axes=VIDEO_AXES)


def read_video(path: Path) -> Loaded:
    """Every frame of the first video track; sound is left out."""
    try:
        import av
    except ImportError as error:
        command = f"{shlex.quote(sys.executable)} -m pip install av"
        raise CannotLoad("given_no_reader", command=command) from error
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise CannotLoad("given_no_video", file=path.name)
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            size = 3 * stream.width * stream.height
            check_size(max(stream.frames, 1) * size, path)
            frames = _stacked(_frames(container, stream), stream.frames, path)
    except (CannotLoad, OSError):
        raise
    except Exception as error:  # as above; FFmpeg's own errors are of many classes
        raise damaged(path, error) from error
    if not len(frames):
        raise CannotLoad("given_no_video", file=path.name)
    return Loaded(torch.from_numpy(frames), axes=VIDEO_AXES)


def _frames(container: Any, stream: Any) -> Iterator[Array]:
    for frame in container.decode(stream):
        yield _channels_first(frame.to_ndarray(format="rgb24"))


def _stacked(frames: Iterator[Array], expected: int, path: Path) -> Array:
    """Frames one after another; what the file said of their number is only where to begin."""
    whole = np.empty((0, 3, 0, 0), dtype=np.uint8)
    count = 0
    for frame in frames:
        if count == 0:
            whole = np.empty((max(expected, 16), *frame.shape), dtype=np.uint8)
        elif count == len(whole):
            check_size(2 * whole.nbytes, path)
            whole = np.concatenate([whole, np.empty_like(whole)])
        whole[count] = frame
        count += 1
    return whole[:count]


def _opened(path: Path, formats: tuple[str, ...]) -> Image:
    """A picture whose header has been read, and that is no bomb."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(path, formats=formats)
    except Image.DecompressionBombError as error:
        most = 2 * (Image.MAX_IMAGE_PIXELS or 0) // 1_000_000
        raise CannotLoad("given_pixels", file=path.name, most=str(most)) from error
    except UnidentifiedImageError as error:
        raise damaged(path, error) from error


def _plain(image: Image) -> Image:
    if image.mode in _KEPT_MODES:
        return image
    if image.mode == "1":
        return image.convert("L")
    see_through = "transparency" in image.info or image.mode in ("PA", "La", "RGBa")
    return image.convert("RGBA" if see_through else "RGB")


def _channels_first(pixels: Array) -> Array:
    """[H, W] or [H, W, C] as [C, H, W]."""
    channels = pixels[np.newaxis] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return np.ascontiguousarray(channels)
