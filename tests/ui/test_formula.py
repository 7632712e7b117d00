"""Formulas on the screen: all of them can be typeset, none is cut off, and they can be taken elsewhere."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import msgspec
import numpy as np
import pytest
from latex2mathml.converter import convert
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QAction, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot
from ziamath.zmath import Latex

from graphviz_app.recording.formulas import all_formulas
from graphviz_app.recording.formulatext import naming, written
from graphviz_app.ui.formula import FormulaLine, FormulaView
from graphviz_app.ui.theme import DARK, LIGHT, Theme
from graphviz_app.ui.typeset import read_svg
from graphviz_app.worker.typeset_process import Asked, typeset

LONG = (
    r"v^{\top} J_{x} = \begin{bmatrix} 1 & 2.345 & 3 & 4 \end{bmatrix}"
    r" \odot \begin{bmatrix} 5 & 6 & 7 & -8.125 \end{bmatrix}"
)


def every_latex() -> list[str]:
    found = []
    for formula in all_formulas().values():
        for one in (formula, *formula.special):
            whole = msgspec.structs.replace(formula, forward=one.forward, rules=one.rules)
            for complex_ in (False, True):
                full = written(whole, naming(whole), {}, slots=2, complex_=complex_)
                found += [text for text in (full.forward, *full.rules) if text]
    return list(dict.fromkeys(found))


def test_every_formula_uses_only_what_the_font_and_the_typesetter_have() -> None:
    font = Latex("x").font
    for latex in every_latex():
        mathml = convert(latex)
        assert "\\" not in mathml, f"not understood: {latex}"
        letters = set("".join(ET.fromstring(mathml).itertext())) - set(" \u2009")
        missing = [letter for letter in letters if not font.glyphindex(letter)]
        assert not missing, f"no glyph for {missing} in {latex}"


def test_every_formula_can_be_typeset() -> None:
    for latex in every_latex():
        made = read_svg(typeset(Asked(latex, 15, "#112233")))
        assert made.renderer.isValid(), latex
        assert made.box.width() > 5, latex
        assert set(re.findall(r'fill="([^"]+)"', made.svg)) == {"#112233"}, latex


@pytest.fixture
def view(qtbot: QtBot) -> FormulaView:
    made = FormulaView()
    qtbot.addWidget(made)
    return made


def shown(qtbot: QtBot, view: FormulaView, latex: list[str], width: int, theme: Theme = LIGHT) -> QImage:
    """The view at a width, as a picture on white or black."""
    view.set_lines([FormulaLine(one) for one in latex], theme)
    view.resize(width, 1000)
    qtbot.waitUntil(view.is_ready)
    view.resize(width, view.heightForWidth(width))
    picture = QImage(view.size() + QSize(40, 0), QImage.Format.Format_RGB32)
    picture.fill(theme.color("surface"))
    view.render(picture)
    return picture


def ink(picture: QImage) -> QRect:
    """What of a picture is written on."""
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())[:, : grey.width()]
    rows, columns = np.nonzero(np.abs(pixels.astype(int) - int(pixels[0, -1])) > 40)
    return QRect(int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)


@pytest.mark.parametrize("width", [60, 120, 233, 600])
def test_nothing_is_cut_off_however_narrow_it_is(qtbot: QtBot, view: FormulaView, width: int) -> None:
    written_on = ink(shown(qtbot, view, [LONG], width))
    assert written_on.right() <= width
    assert written_on.bottom() < view.height()
    assert written_on.top() >= 0


def test_a_long_one_is_broken_before_it_is_made_smaller(qtbot: QtBot, view: FormulaView) -> None:
    wide = ink(shown(qtbot, view, [LONG], 600)).height()
    narrow = ink(shown(qtbot, view, [LONG], 233)).height()
    assert narrow > 1.5 * wide


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_it_has_the_colours_of_the_theme(qtbot: QtBot, view: FormulaView, theme: Theme) -> None:
    picture = shown(qtbot, view, ["x = y"], 200, theme)
    shades = {picture.pixelColor(x, y).lightness() for x in range(60) for y in range(picture.height())}
    text = theme.color("text").lightness()
    assert min(abs(shade - text) for shade in shades) < 30


def test_it_can_be_heard_and_copied(qtbot: QtBot, view: FormulaView) -> None:
    shown(qtbot, view, ["y = x", r"v^{\top} J_{x} = v"], 200)
    assert view.accessibleName() == "y = x\nv^{\\top} J_{x} = v"
    with qtbot.waitSignal(view.said):
        action(view, "Copy as LaTeX").trigger()
    assert QGuiApplication.clipboard().text() == view.latex()


def action(view: FormulaView, text: str) -> QAction:
    return next(one for one in view.actions() if one.text() == text)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_file_holds_the_formulas_unbroken(qtbot: QtBot, view: FormulaView, tmp_path: Path, theme: Theme) -> None:
    shown(qtbot, view, [LONG, r"y = x \lt z"], 233, theme)
    for kind in ("svg", "pdf"):
        view.save(tmp_path / f"rule.{kind}")
    svg = ET.parse(tmp_path / "rule.svg").getroot()
    assert float(svg.get("width", "0")) > 265
    assert theme.surface in (tmp_path / "rule.svg").read_text()
    picture = QImage(QSvgRenderer(str(tmp_path / "rule.svg")).defaultSize(), QImage.Format.Format_RGB32)
    with QPainter(picture) as painter:
        QSvgRenderer(str(tmp_path / "rule.svg")).render(painter)
    corner = picture.pixelColor(picture.width() - 2, picture.height() - 2)
    assert corner.name() == theme.surface, "the ground reaches every corner"
    assert (tmp_path / "rule.pdf").read_bytes().startswith(b"%PDF")


def test_a_file_that_cannot_be_written_is_told(qtbot: QtBot, view: FormulaView, tmp_path: Path) -> None:
    shown(qtbot, view, ["y = x"], 233)
    with qtbot.waitSignal(view.said) as said:
        view.save(tmp_path / "nowhere" / "rule.svg")
    assert "could not be written" in said.args[0]
