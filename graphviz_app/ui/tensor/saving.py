"""Taking numbers and pictures out of the pane: onto the clipboard, and into files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QBuffer, QIODevice, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from graphviz_app.recording.atomic import replace_file
from graphviz_app.recording.slices import Cells, Cut, Slice
from graphviz_app.recording.slicetext import Form, slice_as
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui import texts
from graphviz_app.ui.documents import why_refused
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.later import Later
from graphviz_app.ui.panels.common import mono
from graphviz_app.ui.panels.watcher import Unavailable
from graphviz_app.ui.tensor.looker import Looker
from graphviz_app.ui.theme import Theme

Kind = Literal["npy", "csv", "png", "safetensors"]

PNG_SCALE = 2
_MARGIN, _HEAD = 12, 28
_NAME = "numbers"


class Taker(QObject):
    """Copies and saves what one side shows.

    Parameters
    ----------
    window
        Over which questions are asked.
    looker
        Who asks for all numbers of a slice.

    Signals
    -------
    said(str)
        What was done, or why not.
    """

    said = Signal(str)

    def __init__(self, window: QWidget, looker: Looker) -> None:
        super().__init__(window)
        self._window, self._looker = window, looker
        self._later = Later(self)
        self._waiting: dict[Slice, Callable[[Cells], None]] = {}
        looker.cellsCame.connect(self._take)

    def copy_text(self, text: str) -> None:
        """Put a text on the clipboard."""
        QGuiApplication.clipboard().setText(text)
        self.said.emit(tr("Copied: {text}", text=text if len(text) <= 60 else f"{text[:59]}…"))

    def copy_numbers(self, spec: Slice, form: Form) -> None:
        """Put every number of a slice on the clipboard."""
        self._whole(spec, lambda cells: self.copy_text(slice_as(cells.low, form)))

    def save(self, kind: Kind, name: str, spec: Slice, source: ValueSource | None, picture: QImage | None) -> None:
        """Ask where, and write: the whole tensor (``npy``, ``safetensors``), the slice (``csv``) or its picture."""
        start = str(Path.home() / f"{_file_name(name)}.{kind}")
        chosen, _ = QFileDialog.getSaveFileName(self._window, tr("Save tensor"), start, f"*.{kind}")
        if chosen:
            self.write(kind, Path(chosen).with_suffix(f".{kind}"), spec, source, picture)

    def write(
        self, kind: Kind, path: Path, spec: Slice, source: ValueSource | None, picture: QImage | None = None
    ) -> None:
        """Write one file; :attr:`said` says what became of it."""
        if kind == "csv":
            self._whole(spec, lambda cells: self._put(path, slice_as(cells.low, "csv").encode()))
        elif kind == "png" and picture is not None:
            self._put(path, png_bytes(picture))
        elif kind in ("npy", "safetensors") and source is not None:
            future = source.save_tensor(spec.ref, str(path))
            self._later.when(future, lambda _bytes: self._wrote(path), self._failed)

    def _put(self, path: Path, data: bytes) -> None:
        try:
            replace_file(path, data)
        except OSError as error:
            self._failed(error)
        else:
            self._wrote(path)

    def _wrote(self, path: Path) -> None:
        self.said.emit(tr("Wrote {path}.", path=path))

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, OSError):
            self.said.emit(tr("The file could not be written: {why}", why=why_refused(error)))
        else:
            self.said.emit(texts.refusal(str(error)))

    def _whole(self, spec: Slice, then: Callable[[Cells], None]) -> None:
        """Ask for the slice with one cell an element."""
        cuts = tuple(Cut("range", cut.start, cut.stop) if cut.kind == "range" else cut for cut in spec.cuts)
        whole = Slice(spec.ref, cuts, spec.order, spec.part, spec.other, spec.combine)
        self._waiting[whole] = then
        self._looker.look(_NAME, whole)

    def _take(self, name: str, spec: Slice, answer: Cells | Unavailable) -> None:
        then = self._waiting.pop(spec, None) if name == _NAME else None
        if then is None:
            return
        if isinstance(answer, Unavailable):
            self.said.emit(answer.said)
        elif answer.high is not None:
            self.said.emit(tr("The slice has too many numbers for this: choose a smaller one, or save the tensor."))
        else:
            then(answer)


def picture_of(side: QWidget, title: str, theme: Theme, scale: float = PNG_SCALE) -> QImage:
    """A side as it is on the screen, under a line that says which slice it is; `scale` pixels a logical one."""
    size = QSize(side.width() + 2 * _MARGIN, side.height() + _HEAD + 2 * _MARGIN)
    image = QImage(size * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(theme.color("surface"))
    with QPainter(image) as painter:
        painter.setFont(mono(13, True))
        painter.setPen(theme.color("text"))
        line = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, side.width())
        painter.drawText(_MARGIN, _MARGIN, side.width(), _HEAD, int(Qt.AlignmentFlag.AlignVCenter), line)
        side.render(painter, QPoint(_MARGIN, _MARGIN + _HEAD))
    return image


def png_bytes(image: QImage) -> bytes:
    """An image as the bytes of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes, PySide wants text
    return bytes(buffer.data().data())


def _file_name(name: str) -> str:
    kept = "".join(each if each.isalnum() or each in "._-" else "_" for each in name)
    return kept[:60].strip("._") or "tensor"
