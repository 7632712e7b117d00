"""A row that breaks: texts of one line stand on one baseline whatever script they are in, and nothing is cut off."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from graphviz_app.ui.panels.common import label, sans
from graphviz_app.ui.panels.flow import Flow


def row_of(qtbot: QtBot, texts: list[str], width: int) -> tuple[QWidget, list[QLabel]]:
    paper = QWidget()
    qtbot.addWidget(paper)
    paper.setStyleSheet("background: #ffffff; color: #000000;")
    flow = Flow(spacing=4, baseline=True)
    labels = [label(text, font=sans(12), colour="#000000") for text in texts]
    for each in labels:
        flow.addWidget(each)
    paper.setLayout(flow)
    paper.resize(width, flow.heightForWidth(width))
    paper.show()
    return paper, labels


def foot_of_first_letter(paper: QWidget, text: QLabel) -> int:
    """The lowest row of pixels with ink, in the paper, of the first letter of a text."""
    picture = paper.grab().toImage()
    letter = text.fontMetrics().horizontalAdvance(text.text()[0])
    rows = [
        y
        for y in range(text.y(), text.geometry().bottom() + 1)
        if np.any([picture.pixelColor(text.x() + dx, y).lightness() < 128 for dx in range(letter)])
    ]
    return rows[-1]


def test_latin_and_chinese_texts_stand_on_one_baseline(qtbot: QtBot) -> None:
    paper, labels = row_of(qtbot, ["x", "x 叶子", "x CPU"], 400)
    assert len({foot_of_first_letter(paper, each) for each in labels}) == 1


def test_a_full_line_breaks_and_no_text_lies_over_another(qtbot: QtBot) -> None:
    paper, labels = row_of(qtbot, ["one 叶子", "two", "three 叶子", "four"], 90)
    boxes = [each.geometry() for each in labels]
    assert len({box.top() for box in boxes}) > 1
    assert all(paper.rect().contains(box) for box in boxes)
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])
