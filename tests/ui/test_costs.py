"""Costs below the graph and as its colours: the dearest is the largest area, the first line and the last colour."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from panel_sample import MUL, X, recording
from PySide6.QtWidgets import QLabel

from graphviz_app.layout.treemap import Treemap, squarify
from graphviz_app.recording.districts import Groups
from graphviz_app.recording.model import NONE
from graphviz_app.ui.costs.colouring import MODES
from graphviz_app.ui.costs.pane import CostsPane
from graphviz_app.ui.graph.colourings import by_cost, by_device, by_dtype
from graphviz_app.ui.graph.heat import NAMED, STEPS, Special


@given(
    st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=60).map(lambda values: sorted(values, reverse=True)),
    st.floats(1, 2000),
    st.floats(1, 2000),
)
def test_areas_are_as_the_numbers_and_fill_the_room_without_overlap(values, width, height):
    rects = squarify(values, (3.0, 5.0, width, height))
    areas = rects[:, 2] * rects[:, 3]
    np.testing.assert_allclose(areas, np.array(values) / sum(values) * width * height, rtol=1e-6, atol=1e-6)
    assert (rects[:, :2] >= [3 - 1e-6, 5 - 1e-6]).all()
    assert (rects[:, 0] + rects[:, 2] <= 3 + width + 1e-6).all()
    assert (rects[:, 1] + rects[:, 3] <= 5 + height + 1e-6).all()


def groups(parents, of_nodes):
    count = len(parents)
    names = [f"g{number}" for number in range(count)]
    return Groups(
        parent=np.array(parents, dtype=np.int32),
        kind=np.zeros(count, dtype=np.uint8),
        name=names,
        path=names,
        cls=["Linear"] * count,
        node_group=np.array(of_nodes, dtype=np.int32),
        twins=np.full(count, -1, dtype=np.int32),
    )


def test_parts_lie_inside_their_group_and_small_ones_are_drawn_as_one():
    values = np.concatenate([np.full(1000, 1.0), [500.0, np.nan, 0.0]])
    areas = Treemap(groups([-1, 0], [1] * 1000 + [0, 0, -1]), values)
    tiles = areas.tiles((0, 0, 800, 600), header=16, pad=2, least=14)
    outer, inner = (
        next(tile for tile in tiles if tile.group == group and tile.node == NONE and not tile.others)
        for group in (0, 1)
    )
    assert outer.value == 1500
    assert inner.value == 1000
    for tile in tiles:
        if tile.depth == 2:
            assert tile.rect[0] >= inner.rect[0]
            assert tile.rect[1] >= inner.rect[1] + 15
    assert sum(tile.others for tile in tiles) == 700
    drawn = {tile.node for tile in tiles if tile.node != NONE}
    assert 1001 not in drawn
    assert 1002 not in drawn


def test_the_dearest_has_the_last_colour_and_what_was_not_measured_none():
    heat = by_cost(np.array([1e-6, 1e-3, np.nan, 0.0]), 2, "time", lambda value: f"{value:.0e}")
    assert heat.node.tolist() == [0, STEPS - 1, Special.NOTHING, Special.ZERO]
    assert heat.ends == ("1e-06", "1e-03")
    assert [word for _, word in heat.words] == ["0", "not measured"]


def test_devices_and_dtypes_have_a_colour_each():
    sample = recording()
    for heat in (by_device(sample), by_dtype(sample)):
        assert heat.node[MUL] == heat.node[X] == NAMED
        assert len(heat.words) == 1
    assert by_device(sample).words[0][1] == "cpu"
    assert by_dtype(sample).words[0][1] == "float32"


@pytest.fixture
def pane(qtbot):
    made = CostsPane(lambda: None)
    made.resize(1100, 260)
    qtbot.addWidget(made)
    yield made
    made.close_work()


def timed():
    sample = recording()
    one = sample.passes[0]
    one.events.nanoseconds = np.array([1000 * (10 if node == MUL else 1) for node in one.events.node], dtype=np.int64)
    return sample, one


def sum_of(pane):
    return " ".join(each.text() for each in pane.strip.findChildren(QLabel))


def test_times_of_a_gpu_are_said_to_be_those_of_the_calls(qtbot, pane):
    sample, one = timed()
    sample = msgspec.structs.replace(sample, metas=[msgspec.structs.replace(m, device="cuda:0") for m in sample.metas])
    pane.show_pass(sample, one)
    pane.show()
    qtbot.waitUntil(lambda: pane.top.rowCount() > 0)
    assert "until each call returned" in sum_of(pane)
    pane.chooser.setCurrentIndex(pane.chooser.findData("memory"))
    assert "until each call returned" not in sum_of(pane)


def test_lists_and_areas_name_the_dearest_first_and_choosing_tells_its_nodes(qtbot, pane):
    sample, one = timed()
    pane.show_pass(sample, one)
    pane.show()
    qtbot.waitUntil(lambda: pane.top.rowCount() > 0)
    assert pane.top.item(0, 1).text() == "10 µs"
    tile = next(tile for tile in pane.areas.tiles() if tile.node == MUL)
    assert max(pane.areas.tiles(), key=lambda each: each.value if each.node != NONE else 0) == tile
    with qtbot.waitSignal(pane.nodesChosen) as told:
        pane.top.selectRow(0)
    assert told.args == [[MUL]]
    x, y, width, height = tile.rect
    assert pane.areas.tile_at(x + width / 2, y + height / 2) == tile


def test_modules_are_the_groups_the_graph_is_drawn_in(qtbot):
    sample, one = timed()
    at = np.full(len(sample.graph.nodes), NONE, dtype=np.int32)
    at[MUL] = 0
    one_group = np.zeros(1, dtype=np.int32)
    drawn = Groups(one_group - 1, one_group.astype(np.uint8), ["drawn"], ["drawn"], [""], at, one_group - 1)
    pane = CostsPane(lambda: drawn)
    qtbot.addWidget(pane)
    pane.show_pass(sample, one)
    pane.show()
    qtbot.waitUntil(lambda: pane.modules.rowCount() > 0)
    assert [pane.modules.item(row, 0).text() for row in range(pane.modules.rowCount())] == ["drawn"]
    pane.close_work()


def test_a_recording_without_measurements_says_so_instead_of_showing_zeros(qtbot, pane):
    sample = recording()
    pane.show_pass(sample, sample.passes[0])
    pane.show()
    qtbot.waitUntil(lambda: pane._known is not None)
    assert pane.top.rowCount() == 0
    assert pane.areas.tiles() == []


def test_the_pane_follows_the_colours_chosen_elsewhere(pane):
    pane.set_colouring("memory")
    assert pane.measure.name == "memory"
    assert pane.colour.isChecked()
    pane.set_colouring("norm")
    assert not pane.colour.isChecked()
    assert set(MODES) >= {"norm", "memory", "forward", "backward", "device", "dtype"}
