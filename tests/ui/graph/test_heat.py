"""Colours by gradient norm: small, great, zero and broken gradients look different, on the screen and on paper."""

from __future__ import annotations

import graph_sample
import numpy as np
import panel_sample
import pytest
from panel_sample import LOSS, MUL, SUM, W, X
from pytestqt.qtbot import QtBot

from graphviz_app.recording.calculus import AskHealth, Health
from graphviz_app.recording.health import HAS_INF, HAS_NAN, ZERO
from graphviz_app.recording.model import NONE
from graphviz_app.ui import export
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.graph.heat import STEPS, Heat, HeatLook, Special, heat_of, looks
from graphviz_app.ui.theme import DARK, LIGHT, Theme


def health(norms: dict[int, float], state: dict[int, int] | None = None) -> Health:
    """Norms of the nodes of the sample; those left out got no gradient."""
    node = np.full(7, -1.0)
    node[list(norms)] = list(norms.values())
    bits = np.zeros(7, np.uint8)
    for number, bit in (state or {}).items():
        bits[number] = bit
    return Health(AskHealth(0), node, np.array([1e-6, 1.0, 1e3, -1.0]), bits, NONE, 0, edge_state=np.zeros(4, np.uint8))


def test_the_scale_runs_over_whole_decades_from_the_smallest_norm_to_the_greatest() -> None:
    heat = heat_of(health({X: 3e-6, W: 1.0, MUL: 5e3}))
    assert heat.ends == ("1e-6", "1e4")
    assert heat.node[X] < heat.node[W] < heat.node[MUL] < STEPS
    assert heat.edge.tolist() == [0, 9, 14, Special.NOTHING]


def test_zero_nan_inf_and_no_gradient_have_classes_of_their_own() -> None:
    heat = heat_of(health({X: 0.0, W: 2.0, MUL: 2.0}, {X: ZERO, W: HAS_INF, MUL: HAS_NAN | HAS_INF}))
    assert heat.node[[X, W, MUL, SUM]].tolist() == [Special.ZERO, Special.INF, Special.NAN, Special.NOTHING]


def test_a_pass_without_any_finite_gradient_has_no_scale() -> None:
    none = Health(AskHealth(0), np.array([np.nan, -1.0]), np.array([-1.0]), np.zeros(2, np.uint8), NONE, 0)
    heat = heat_of(none)
    assert heat.ends == ()
    assert set(heat.node.tolist()) == {Special.NOTHING}


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_class_can_be_told_from_the_canvas_and_its_words_can_be_read(theme: Theme) -> None:
    for number, look in enumerate(looks(theme)):
        assert _contrast(look.fill, theme.text) >= 4.5, number
        if number != Special.NOTHING:
            assert _contrast(look.stroke, theme.canvas) >= 1.6, number


def _contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def heated() -> tuple[Heat, HeatLook]:
    heat = heat_of(health({X: 1e-6, W: 1e3, MUL: 1.0, SUM: 1.0, LOSS: 1.0}))
    return heat, looks(LIGHT)[int(heat.node[X])]


def test_the_canvas_shows_the_colours_and_what_they_mean_until_they_are_switched_off(qtbot: QtBot) -> None:
    canvas = GraphCanvas(animations=False)
    qtbot.addWidget(canvas)
    canvas.resize(700, 520)
    canvas.show_scene(graph_sample.scene())
    canvas.show()
    usual = canvas.grab().toImage()
    heat, look = heated()
    canvas.set_heat(heat)
    coloured = canvas.grab().toImage()
    x, y = canvas.camera().to_widget(*graph_sample.CENTRES[X])
    corner = coloured.pixelColor(round(x), round(y - 22))
    assert corner.name() == look.fill
    assert corner != usual.pixelColor(round(x), round(y - 22))
    legend = [coloured.pixelColor(at, canvas.height() - 11).name() for at in range(canvas.width())]
    assert {looks(LIGHT)[0].far, looks(LIGHT)[STEPS - 1].far} <= set(legend)
    canvas.set_heat(None)
    assert canvas.grab().toImage() == usual


def test_exported_pictures_have_the_colours_and_the_legend(qtbot: QtBot) -> None:
    scene = graph_sample.scene()
    before, small = export.svg_text(scene), export.to_image(scene)
    scene.heat, look = heated()
    svg = export.svg_text(scene)
    assert look.fill in svg
    assert look.fill not in before
    assert ">1e-6<" in svg
    assert ">1e3<" in svg
    image = export.to_image(scene)
    assert image.height() > small.height()
    names = {image.pixelColor(at, image.height() - 23).name() for at in range(image.width())}
    assert looks(LIGHT)[0].far in names
    assert export.pdf_bytes(scene).startswith(b"%PDF")


def test_a_lit_path_is_seen_on_the_screen_and_stays_out_of_files(qtbot: QtBot) -> None:
    canvas = GraphCanvas(animations=False)
    qtbot.addWidget(canvas)
    canvas.resize(700, 520)
    canvas.show_scene(graph_sample.scene(recording=panel_sample.recording()))
    plain = canvas.grab().toImage()
    scene = canvas.scene()
    assert scene is not None
    file = export.svg_text(scene)
    canvas.set_lit([X, MUL, SUM], [0, 2])
    assert canvas.grab().toImage() != plain
    assert export.svg_text(scene) == file
    canvas.set_lit([], [])
    assert canvas.grab().toImage() == plain
