"""Names and values from anyone are text, never markup: on every label, in every hint, wherever Qt would guess."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QToolTip, QWidget
from window_at_work import LONG, run

from graphviz_app.ui.tensor.statline import StatLine

MARKUP = "<b>bold</b> <img src='/etc/hostname'>"
PROGRAM = f"""import torch
name = {MARKUP!r}
class Odd(torch.nn.Module):
    def __repr__(self): return name
    def forward(self, x): return x * 2
odd = Odd()
x = torch.ones(2, requires_grad=True)
y = odd(x).sum()
y.backward()
print(name)
"""


@pytest.fixture
def shown(app, qtbot):
    run(app, qtbot, PROGRAM)
    assert MARKUP in app.window.console.text()
    app.window.looking.select_variable("y")
    qtbot.waitUntil(app.window.looking.is_settled, timeout=LONG)
    return app.window


def tip():
    """The one that is on the screen."""
    (found,) = [each for each in QApplication.topLevelWidgets() if each.metaObject().className() == "QTipLabel"]
    assert isinstance(found, QLabel)
    return found


def test_a_hint_is_text_wherever_it_is_shown(shown):
    for widget in shown.findChildren(QWidget):
        if widget.isVisible():
            QToolTip.showText(widget.mapToGlobal(widget.rect().center()), MARKUP, widget)
            assert tip().textFormat() == Qt.TextFormat.PlainText, widget
            QToolTip.hideText()


def test_every_label_is_text(shown):
    # The line of statistics has links, and holds nothing but numbers and words of ours.
    labels = [each for each in shown.findChildren(QLabel) if not isinstance(each, StatLine)]
    assert len(labels) > 20
    assert [each for each in labels if each.textFormat() != Qt.TextFormat.PlainText] == []
