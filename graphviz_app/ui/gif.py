"""An animated GIF of pictures, by Pillow: imported when one is written, since the window need not wait for that."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from graphviz_app.recording.atomic import replace_file
from graphviz_app.ui.export import GIF_SIDE
from graphviz_app.ui.watching import Watch, unwatched


def save_gif(
    images: Iterable[QImage], path: Path, seconds: float = 1.0, *, count: int = 0, watch: Watch = unwatched
) -> None:
    """Write pictures one after another as an endless GIF, at most 1600 pixels wide or high.

    Parameters
    ----------
    images
        Pictures of one size.
    path
        Where.
    seconds
        How long each is shown; the last three times as long.
    count
        How many pictures there will be, for who watches.
    watch
        Told of each picture drawn, then of each made into a frame.

    Raises
    ------
    GivenUp
        When `watch` says so; what was there before is unchanged. So for every other error.
    ValueError
        When there are no pictures.
    """
    frames = []
    for image in images:
        frames.append(_pillow(image))
        watch(len(frames), 2 * count)
    if not frames:
        raise ValueError("a GIF needs at least one picture")
    shown = [round(1000 * seconds)] * len(frames)
    shown[-1] *= 3
    drawn = _drawn(frames, watch)
    file = _WatchedFile(watch)
    next(drawn).save(file, "GIF", save_all=True, append_images=drawn, duration=shown, loop=0, optimize=False)
    watch(0, 0)
    replace_file(path, file.getvalue(), synced=False)


class _WatchedFile(io.BytesIO):
    """A file in memory whose writing can be given up."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def write(self, data: Any, /) -> int:
        """Write, unless who watches gives up."""
        self._watch(0, 0)
        return super().write(data)


def _drawn(frames: list[Image.Image], watch: Watch) -> Iterator[Image.Image]:
    """The frames in the colours of one palette, each when it is asked for."""
    palette = _palette(frames)
    for number, frame in enumerate(frames, 1):
        watch(len(frames) + number, 2 * len(frames))
        yield frame.quantize(palette=palette, dither=Image.Dither.NONE)


def _pillow(image: QImage) -> Image.Image:
    if max(image.width(), image.height()) > GIF_SIDE:
        smooth = Qt.TransformationMode.SmoothTransformation
        image = image.scaled(GIF_SIDE, GIF_SIDE, Qt.AspectRatioMode.KeepAspectRatio, smooth)
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    stride = image.bytesPerLine()
    return Image.frombuffer("RGB", (image.width(), image.height()), bytes(image.constBits()), "raw", "RGB", stride, 1)


def _palette(images: list[Image.Image]) -> Image.Image:
    """One palette for all frames, from up to eight of them: colours that flicker from frame to frame would show."""
    some = images[:: max(1, len(images) // 8)][:8]
    sheet = Image.new("RGB", (some[0].width, sum(image.height for image in some)))
    at = 0
    for image in some:
        sheet.paste(image, (0, at))
        at += image.height
    return sheet.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
