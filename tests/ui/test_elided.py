"""What a list shows of a text that has no room."""

from __future__ import annotations

from graphviz_app.ui.elided import ElidedCombo


def test_what_does_not_fit_is_left_out_in_the_middle(qtbot):
    combo = ElidedCombo()
    qtbot.addWidget(combo)
    combo.addItem("for model.layers.0.weight")
    combo.show()
    combo.resize(400, 30)
    assert combo.shown_text() == "for model.layers.0.weight"
    combo.resize(120, 30)
    shown = combo.shown_text()
    before, after = shown.split("…")
    assert combo.itemText(0).startswith(before)
    assert combo.itemText(0).endswith(after)
    assert combo.fontMetrics().horizontalAdvance(shown) < 115
    assert combo.currentText() == "for model.layers.0.weight"
