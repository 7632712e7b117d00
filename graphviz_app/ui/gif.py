"""An animated GIF of pictures, by Pillow: imported when one is written, since the window need not wait for that."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from graphviz_app.recording.atomic import replace_file
from graphviz_app.ui.export import GIF_SIDE


def save_gif(images: Iterable[QImage], path: Path, seconds: float = 1.0) -> None:
    """Write pictures one after another as an endless GIF, at most 1600 pixels wide or high.

    Parameters
    ----------
    images
        Pictures of one size.
    path
        Where.
    seconds
        How long each is shown; the last three times as long.

    Raises
    ------
    ValueError
        When there are no pictures.
    """
    frames = [_pillow(image) for image in images]
    if not frames:
        raise ValueError("a GIF needs at least one picture")
    palette = _palette(frames)
    drawn = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    shown = [round(1000 * seconds)] * len(drawn)
    shown[-1] *= 3
    file = io.BytesIO()
    drawn[0].save(file, "GIF", save_all=True, append_images=drawn[1:], duration=shown, loop=0, optimize=False)
    replace_file(path, file.getvalue(), synced=False)


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
