"""The window on a projector of 1024 by 768: it never grows beyond it, and nothing in it jumps."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from window_at_work import PRODUCT, run, speak

from graphviz_app.ui import texts

STATES = {
    "an error with four buttons": "(x * w).sum()\n",
    "an error with advice": PRODUCT + "loss.backward()\n",
    "an offered backward": "import torch\nresult = (torch.ones(3, 3, requires_grad=True) * 2).relu()\n",
    "many steps": PRODUCT.replace("y = x * w", "y = x * w\nfor _ in range(600):\n    y = y + x"),
}
BUSY = ("running", "recording", "backward", "packing", "keeping", "layout", "untangling")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_window_stays_as_wide_as_the_screen_and_its_panes_where_they_are(app, qtbot, language):
    if language != "en":
        speak(app, qtbot, language)
    app.window.resize(1024, 700)
    places = {}
    for state, program in {"a graph": PRODUCT, **STATES}.items():
        run(app, qtbot, program)
        window = app.window
        assert window.width() == 1024, state
        places[state] = [pane.mapTo(window, QPoint()).x() for pane in (window.canvas, window.inspector)]
    assert len({tuple(place) for place in places.values()}) == 1, places
    toolbar = app.window.toolbar
    for stage in BUSY:
        toolbar.set_busy(texts.busy(stage))
        qtbot.waitUntil(toolbar.progress.isVisible)
        assert app.window.minimumSizeHint().width() <= 1024, stage
        toolbar.set_busy("")


def test_the_scrubber_can_be_dragged_on_a_small_screen(app, qtbot):
    app.window.resize(1024, 700)
    run(app, qtbot, STATES["many steps"])
    bar = app.window.playback_bar
    assert bar.scrubber.width() >= 80
    assert "604" in bar._count.text()
    app.window.resize(1600, 900)
    qtbot.waitUntil(lambda: bar._count.text() == "step 0 of 604")
