"""Pictures of a scene for elsewhere: PNG, SVG, PDF, animated GIF, the clipboard."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from copy import copy
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QMimeData, QRect, QSizeF
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QImage,
    QImageWriter,
    QPageSize,
    QPainter,
    QPdfWriter,
    QStandardItemModel,
)

from graphviz_app.recording.atomic import replace_file
from graphviz_app.ui.graph.geometry import Rect
from graphviz_app.ui.graph.heat import LEGEND_HEIGHT, draw_legend, legend_width
from graphviz_app.ui.graph.overlay import draw_overlay
from graphviz_app.ui.graph.paint import draw, paint
from graphviz_app.ui.graph.playing import PlaybackView
from graphviz_app.ui.graph.scene import GraphScene, Level
from graphviz_app.ui.graph.surface import PainterSurface, Surface
from graphviz_app.ui.graph.svg import SvgSurface
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.watching import Watch, WatchedSurface, unwatched

MARGIN = 24.0
"""Room around the picture, layout units."""
TEXT_REACH = 112.0
"""How far a gradient written on an edge reaches to each side of it at most."""
MOST_PIXELS = 100_000_000
MOST_SIDE = 30_000
PATCH = 1024
GIF_SIDE = 1600
PDF_SIDE = 14_400
"""The longest side a PDF page may have, in points."""
WRITTEN = 20_000
"""A vector picture with more boxes than this shows their signs only: with every word it could not be opened."""


def to_image(scene: GraphScene, scale: float = 1.0, watch: Watch = unwatched) -> QImage:
    """The whole picture at the scene's step, without what is selected or pointed at.

    Parameters
    ----------
    scene
        What to draw.
    scale
        Pixels for one layout unit. Lowered for a picture that would have over 100 million pixels.
    watch
        Told of each square of 1024 pixels.
    """
    view = whole(scene)
    wide, high = view[2] - view[0], view[3] - view[1]
    scale = min(scale, math.sqrt(MOST_PIXELS / (wide * high)), MOST_SIDE / max(wide, high))
    image = QImage(max(1, round(wide * scale)), max(1, round(high * scale)), QImage.Format.Format_RGB32)
    image.fill(QColor(scene.theme.canvas))
    plain = _plain(scene)
    painter = QPainter(image)
    try:
        corners = [(x, y) for y in range(0, image.height(), PATCH) for x in range(0, image.width(), PATCH)]
        for done, (column, row) in enumerate(corners):
            watch(done, len(corners))
            _paint_patch(painter, plain, view, scale, QRect(column, row, PATCH, PATCH))
    finally:
        painter.end()
    return image


def _paint_patch(painter: QPainter, scene: GraphScene, view: Rect, scale: float, patch: QRect) -> None:
    """Draw one square of an image: smoothing a path takes longer than in proportion to its length."""
    painter.save()
    painter.setClipRect(patch)
    painter.translate(patch.left(), patch.top())
    left, top = view[0] + patch.left() / scale, view[1] + patch.top() / scale
    part = (left, top, left + patch.width() / scale, top + patch.height() / scale)
    _paint(painter, scene, part, scale)
    painter.restore()


def save_png(scene: GraphScene, path: Path, scale: float = 2.0, watch: Watch = unwatched) -> None:
    """Write the picture as PNG; see :func:`to_image`.

    Raises
    ------
    OSError
        When the file cannot be written; what was there before is untouched. So for every ``save``.
    GivenUp
        When `watch` says so; what was there before is untouched.
    """
    image = to_image(scene, scale, watch)
    watch(0, 0)
    _keep(path, png_bytes(image), watch)


def save_svg(scene: GraphScene, path: Path, *, outlines: bool = False, watch: Watch = unwatched) -> None:
    """Write the picture as SVG, its text as text or as outlines."""
    _keep(path, svg_text(scene, outlines=outlines, watch=watch).encode(), watch)


def save_pdf(scene: GraphScene, path: Path, *, outlines: bool = False, watch: Watch = unwatched) -> None:
    """Write the picture as a PDF of one page just as large, its text as text or as outlines."""
    _keep(path, pdf_bytes(scene, outlines=outlines, watch=watch), watch)


def _keep(path: Path, data: bytes, watch: Watch) -> None:
    """Replace a file as a whole, without waiting for the disk: a lost picture can be drawn again."""
    watch(0, 0)
    replace_file(path, data, synced=False)


def frames(scene: GraphScene, views: Iterable[PlaybackView], scale: float = 1.0) -> Iterator[QImage]:
    """Pictures of a scene at some steps, made one at a time; the scene itself is left as it is."""
    other = copy(scene)
    for view in views:
        other.set_playback(view)
        yield to_image(other, gif_scale(other, scale))


def gif_scale(scene: GraphScene, scale: float) -> float:
    """`scale`, or what makes the picture of a scene just small enough for an animation."""
    return min(scale, GIF_SIDE / max(1.0, *_size(whole(scene))))


class Copied(NamedTuple):
    """One picture in the forms a program it is pasted into may take."""

    image: QImage
    png: bytes
    svg: bytes


def to_copy(scene: GraphScene, scale: float = 2.0, watch: Watch = unwatched) -> Copied:
    """Draw what :func:`put_on_clipboard` takes; in any thread.

    Raises
    ------
    GivenUp
        When `watch` says so.
    """
    image = to_image(scene, scale, watch)
    watch(0, 0)
    return Copied(image, png_bytes(image), svg_text(scene, watch=watch).encode())


def put_on_clipboard(copied: Copied) -> None:
    """Offer a picture as an image and as SVG: the program pasted into takes what it can. Of the window's thread."""
    data = _mime_data()
    data.setImageData(copied.image)
    data.setData("image/png", QByteArray(copied.png))
    data.setData("image/svg+xml", QByteArray(copied.svg))
    QGuiApplication.clipboard().setMimeData(data)


def _mime_data() -> QMimeData:
    """Empty data made by Qt itself: the clipboard outlives Python, and data made there would crash at exit."""
    model = QStandardItemModel(1, 1)
    data = model.mimeData([model.index(0, 0)])
    for name in data.formats():
        data.removeFormat(name)
    return data


def svg_text(scene: GraphScene, *, outlines: bool = False, watch: Watch = unwatched) -> str:
    """The picture as the text of an SVG file."""
    surface, view = SvgSurface(outlines=outlines), whole(scene)
    _draw_whole(surface, scene, view, watch)
    title = tr("Autograd graph of {name}", name=scene.recording.filename or tr("a program"))
    return surface.document(view, scene.theme.canvas, title)


def _draw_whole(surface: Surface, scene: GraphScene, view: Rect, watch: Watch) -> None:
    """Draw all of a scene, which is `view`, in layout units."""
    if watch is not unwatched:
        surface = WatchedSurface(surface, watch)
    plain, level = _plain(scene), _level(scene)
    draw(surface, plain, view, 1.0, level)
    draw_overlay(surface, plain, view, 1.0, level)
    _legend(surface, scene, view)


def pdf_bytes(scene: GraphScene, *, outlines: bool = False, watch: Watch = unwatched) -> bytes:
    """The picture as a PDF file; one layout unit is three quarters of a point, as a pixel is in a browser."""
    view = whole(scene)
    wide, high = _size(view)
    points = min(0.75, PDF_SIDE / max(wide, high))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(tr("Autograd graph of {name}", name=scene.recording.filename or tr("a program")))
    writer.setCreator("graphviz_app")
    resolution = 600
    writer.setResolution(resolution)
    page = QSizeF(wide * points, high * points)
    writer.setPageSize(QPageSize(page, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    try:
        scale = points * resolution / 72
        painter.fillRect(0, 0, math.ceil(wide * scale), math.ceil(high * scale), QColor(scene.theme.canvas))
        painter.scale(scale, scale)
        painter.translate(-view[0], -view[1])
        _draw_whole(PainterSurface(painter, outlines=outlines), scene, view, watch)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def png_bytes(image: QImage) -> bytes:
    """An image as a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def whole(scene: GraphScene) -> Rect:
    """What a picture of all of a scene covers, its margin included."""
    left, top, right, bottom = scene.geometry.bounds
    left, top, right, bottom = left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN
    routes = scene.geometry.extents
    if len(routes):
        # What is written on an edge that runs along the side; all steps must be of one size, so whatever is written.
        left = min(left, float(np.minimum.reduce(routes[:, 0])) - TEXT_REACH)
        right = max(right, float(np.maximum.reduce(routes[:, 2])) + TEXT_REACH)
    if scene.heat is not None:
        right = max(right, left + legend_width(scene.heat) + 2 * MARGIN)
        bottom += LEGEND_HEIGHT
    return left, top, right, bottom


def _size(view: Rect) -> tuple[float, float]:
    return view[2] - view[0], view[3] - view[1]


def _plain(scene: GraphScene) -> GraphScene:
    """The scene without what belongs to the moment: selection, search, pointer."""
    plain = copy(scene)
    plain.selection, plain.hovered, plain.lit = (), -1, ((), ())
    plain.clear_found()
    plain.chosen, plain.controls = (), False
    return plain


def _level(scene: GraphScene) -> Level:
    return Level.NEAR if len(scene.geometry.node) <= WRITTEN else Level.MIDDLE


def _paint(painter: QPainter, scene: GraphScene, view: Rect, scale: float) -> None:
    paint(painter, scene, view, scale)
    painter.save()
    painter.scale(scale, scale)
    painter.translate(-view[0], -view[1])
    # Both keep away from the sides of what is seen, and that is the whole picture, not its part `view`.
    surface, every = PainterSurface(painter), whole(scene)
    draw_overlay(surface, scene, every, scale)
    _legend(surface, scene, every)
    painter.restore()


def _legend(surface: Surface, scene: GraphScene, view: Rect) -> None:
    """What colours by gradient norm mean, at the lower left of the picture `view`."""
    if scene.heat is not None:
        draw_legend(surface, scene.heat, scene.theme, view[0] + MARGIN, view[3] - MARGIN / 2 - LEGEND_HEIGHT)
