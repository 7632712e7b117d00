"""What went wrong, told above a graph pane of any width."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from graphviz_app.ui.banner import Banner

ACTIONS = [("make_up", "Make them up and run"), ("line", "Go to line 1"), ("node", "Show the node")]
ADVICE = "Define them, or let the app make them up as small random leaves."


@pytest.mark.parametrize("width", [330, 420, 900])
def test_all_of_a_problem_is_seen_at_any_width(qtbot, width):
    pane = QWidget()
    qtbot.addWidget(pane)
    column, banner = QVBoxLayout(pane), Banner()
    column.addWidget(banner)
    column.addWidget(QWidget(), 1)
    pane.resize(width, 600)
    pane.show()
    banner.show_problem("These names have no value yet: x, w.", ADVICE, "NameError", ACTIONS)
    qtbot.waitUntil(banner.isVisible)
    assert pane.width() == width
    buttons = [button for button in banner.findChildren(QPushButton) if button.isVisible()]
    assert len(buttons) == 5
    for button in buttons:
        assert banner.rect().contains(button.geometry()), button.text()
        assert button.height() >= button.sizeHint().height()
        assert button.width() >= button.sizeHint().width()
    places = [button.geometry() for button in buttons]
    assert not any(a.intersects(b) for a in places for b in places if a is not b)
    for label in banner.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width()), label.text()
