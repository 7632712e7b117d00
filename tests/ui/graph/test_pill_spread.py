"""Gradients written beside each other can all be read."""

from __future__ import annotations

from graphviz_app.ui.graph import fonts
from graphviz_app.ui.graph.overlay import _within, spread
from graphviz_app.ui.graph.paint import pill_width


def test_pills_on_one_line_are_pushed_apart_in_their_order(qapp):
    face = fonts.PILL._replace(size=18)
    pills = [((100.0, 0.0), "[5, 8] ‖·‖ 0.2486"), ((0.0, 0.0), "[-0.03, 0.12]"), ((200.0, 0.0), "[8, 3] ‖·‖ 0.3395")]
    placed = spread(pills, face)
    assert [text for _, text in placed] == ["[-0.03, 0.12]", "[5, 8] ‖·‖ 0.2486", "[8, 3] ‖·‖ 0.3395"]
    halves = [pill_width(text) * 18 / 11 / 2 for _, text in placed]
    for i in (0, 1):
        assert placed[i][0][0] + halves[i] <= placed[i + 1][0][0] - halves[i + 1] + 0.5


def test_pills_that_do_not_touch_stay_on_their_edges(qapp):
    pills = [((0.0, 0.0), "[2]"), ((30.0, 40.0), "[2]"), ((400.0, 0.0), "[2]")]
    assert spread(pills, fonts.PILL) == pills


def test_a_pill_at_the_side_of_the_view_is_not_cut_off(qapp):
    view = (0.0, 0.0, 300.0, 100.0)
    x, y = _within(view, (290.0, 50.0), "[2.718, 0.7389]", fonts.PILL)
    assert x + pill_width("[2.718, 0.7389]") / 2 <= 300
    assert y == 50.0
    # Its edge is out of sight: it stays there.
    assert _within(view, (400.0, 50.0), "[2]", fonts.PILL) == (400.0, 50.0)
