"""Taking an equation elsewhere: the numbers of J as text, the picture as PNG and SVG."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QBuffer, QIODevice, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from graphviz_app.recording.atomic import replace_file
from graphviz_app.recording.slicetext import slice_as
from graphviz_app.ui.i18n import tr, tr_noop
from graphviz_app.ui.math.canvas import EquationCanvas
from graphviz_app.ui.math.terms import Array, Terms
from graphviz_app.ui.tensor.saving import png_bytes

Form = Literal["python", "numpy", "csv", "latex", "equation"]

FORMS: dict[Form, str] = {
    "python": tr_noop("J as Python"),
    "numpy": tr_noop("J as NumPy"),
    "csv": tr_noop("J as CSV"),
    "latex": tr_noop("J as LaTeX"),
    "equation": tr_noop("The equation as LaTeX"),
}
_PNG_SCALE = 2
_MARGIN = 12


def as_text(terms: Terms, form: Form) -> str:
    """J (or, as ``equation``, all of ``v · J = vᵀJ``) as text; every digit that tells the numbers apart is there.

    Parameters
    ----------
    terms
        The equation, with all of J.
    form
        ``python``, ``numpy``, ``csv``; ``latex``: a ``bmatrix``; ``equation``: LaTeX of the whole line.
    """
    entries = terms.entries
    if entries is None:
        raise ValueError("not all entries are here")
    if form in ("python", "numpy", "csv"):
        return slice_as(entries, form)
    if form == "latex" or terms.v is None or terms.product is None:
        return latex(entries)
    return f"{latex(terms.v[None, :])} \\cdot {latex(entries)} = {latex(terms.product[None, :])}"


def latex(matrix: Array) -> str:
    """A ``bmatrix``."""
    rows = " \\\\ ".join(" & ".join(_latex_number(float(x)) for x in row) for row in matrix)
    return f"\\begin{{bmatrix}} {rows} \\end{{bmatrix}}"


def _latex_number(x: float) -> str:
    text = repr(int(x)) if x == int_or_nan(x) else repr(x)
    mantissa, mark, exponent = text.partition("e")
    if mark:
        return f"{mantissa} \\cdot 10^{{{int(exponent)}}}"
    return {"nan": "\\mathrm{NaN}", "inf": "\\infty", "-inf": "-\\infty"}.get(text, text)


def int_or_nan(x: float) -> float:
    """The whole number `x` is, where it is a small one; NaN otherwise."""
    return float(int(x)) if abs(x) < 1e6 else float("nan")


def save_picture(canvas: EquationCanvas, path: Path) -> None:
    """Write what the canvas shows, by the ending of the name as SVG or PNG.

    Raises
    ------
    OSError
        When it cannot be written; what was there before is untouched.
    """
    data = svg_bytes(canvas) if path.suffix == ".svg" else png_bytes(canvas.picture(_PNG_SCALE))
    replace_file(path, data, synced=False)


def svg_bytes(canvas: EquationCanvas) -> bytes:
    """What the canvas shows as an SVG file: lines and text stay lines and text."""
    size = canvas.sizeHint() + QSize(2 * _MARGIN, 2 * _MARGIN)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle("v · J = vᵀJ")
    with QPainter(generator) as painter:
        painter.fillRect(QRect(0, 0, size.width(), size.height()), canvas.ground())
        painter.translate(_MARGIN, _MARGIN)
        canvas.paint_on(painter)
    return bytes(buffer.data().data())


class EquationTaker(QObject):
    """Copies and saves what an equation view shows.

    Parameters
    ----------
    canvas
        Its picture.
    terms
        Its numbers, when there are any.
    window
        Over which files are asked for.

    Signals
    -------
    said(str)
        What was done, or why it could not be.
    """

    said = Signal(str)

    def __init__(self, canvas: EquationCanvas, terms: Callable[[], Terms | None], window: QWidget) -> None:
        super().__init__(window)
        self._canvas, self._terms, self._window = canvas, terms, window

    def menu(self) -> QMenu:
        """Everything that can be taken."""
        menu, terms = QMenu(self._window), self._terms()
        for form, text in FORMS.items():
            action = menu.addAction(tr("Copy {what}", what=tr(text)))
            action.setEnabled(terms is not None and terms.entries is not None)
            action.triggered.connect(lambda _checked=False, chosen=form: self.copy(chosen))
        menu.addSeparator()
        menu.addAction(tr("Copy the picture")).triggered.connect(lambda _checked=False: self.copy_picture())
        for kind in ("png", "svg"):
            action = menu.addAction(tr("Save the picture as {kind}…", kind=kind.upper()))
            action.triggered.connect(lambda _checked=False, chosen=kind: self.save_as(chosen))
        return menu

    def pop_up(self, below: QWidget) -> None:
        """Show the menu below its button."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(below.mapToGlobal(below.rect().bottomLeft()))

    def copy(self, form: Form) -> None:
        """Put numbers on the clipboard."""
        terms = self._terms()
        if terms is not None and terms.entries is not None:
            QGuiApplication.clipboard().setText(as_text(terms, form))
            self.said.emit(tr("Copied: {text}", text=tr(FORMS[form])))

    def copy_picture(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self._canvas.picture(_PNG_SCALE))
        self.said.emit(tr("Copied: {text}", text=tr("the picture of the equation")))

    def save_as(self, kind: str) -> None:
        """Ask where, and write the picture as ``png`` or ``svg``."""
        start = str(Path.home() / f"equation.{kind}")
        chosen, _ = QFileDialog.getSaveFileName(self._window, tr("Save the equation"), start, f"*.{kind}")
        if chosen:
            self.write(Path(chosen).with_suffix(f".{kind}"))

    def write(self, path: Path) -> None:
        """Write the picture; :attr:`said` says what became of it."""
        try:
            save_picture(self._canvas, path)
        except OSError as error:
            self.said.emit(tr("The file could not be written: {why}", why=str(error)))
        else:
            self.said.emit(tr("Wrote {path}.", path=path))
