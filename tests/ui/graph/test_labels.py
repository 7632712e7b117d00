"""What nodes say, and that their boxes are large enough for it."""

import builders
import numpy as np
import panel_sample
import pytest
from msgspec import structs
from panel_sample import CONST, CUT, LOSS, MUL, SUM, X
from pytestqt.qtbot import QtBot

from graphviz_app.recording.model import Recording
from graphviz_app.ui import export
from graphviz_app.ui.graph import fonts
from graphviz_app.ui.graph.labels import Labels, measure
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.panels.facts import Facts
from graphviz_app.ui.theme import LIGHT


def test_an_op_says_its_sign_its_expression_its_name_and_its_line(qtbot: QtBot) -> None:
    text = Labels(panel_sample.recording())[MUL]
    assert (text.symbol, text.title, text.subtitle) == ("×", "x * w", "MulBackward0 · line 4")


def test_leaves_roots_constants_and_cuts_say_what_they_are(qtbot: QtBot) -> None:
    labels = Labels(panel_sample.recording())
    assert (labels[X].title, labels[X].subtitle) == ("x", "[1, 2]")
    assert labels[LOSS].title == "loss = 11"
    assert labels[CONST].title == "c = [0.5, -0]"
    assert labels[CONST].subtitle == "a plain tensor"
    assert labels[CUT].symbol == "detach"
    assert labels[CUT].subtitle == "detach() was called · line 3"


def test_a_result_that_nobody_named_goes_by_its_expression(qtbot: QtBot) -> None:
    recording = panel_sample.recording()
    recording.graph.nodes.var[LOSS] = -1
    recording.tensors[int(recording.graph.nodes.tensor[LOSS])].names.clear()
    assert Labels(recording)[LOSS].title == "y.sum() = 11"
    assert Facts(recording).title(LOSS) == "y.sum()"


def test_a_name_is_not_followed_by_half_a_value(qtbot: QtBot) -> None:
    recording = panel_sample.recording()
    tensor = int(recording.graph.nodes.tensor[CONST])
    recording.strings[int(recording.graph.nodes.var[CONST])] = "net.bn1.running_variance"
    assert Labels(recording)[CONST].title == "net.bn1.running_variance = [0.5, -0]"
    recording.tensors[tensor] = structs.replace(recording.tensors[tensor], text="[0.9029, 0.9023, 0.8999, 0.91]")
    assert Labels(recording)[CONST].title == "net.bn1.running_variance"


def test_a_large_leaf_shows_its_shape_instead_of_its_numbers(qtbot: QtBot) -> None:
    recording = panel_sample.recording()
    recording.metas[0] = type(recording.metas[0])((64, 3, 7, 7), "float32", "cpu")
    assert Labels(recording)[X].subtitle == "[64, 3, 7, 7]"


def test_long_expressions_lose_their_middle_and_many_lines_become_one(qtbot: QtBot) -> None:
    recording = panel_sample.recording()
    site = recording.sites[0]
    text = "torch.nn.functional.scaled(\n    first_argument,\n    the_very_last_argument)"
    recording.sites[0] = type(site)(site.file, 4, 0, 6, 9, text, True)
    title = Labels(recording)[MUL].title
    assert len(title) <= 28
    assert title.startswith("torch.nn.func")
    assert title.endswith("ast_argument)")
    assert "\n" not in title


def test_an_expression_in_a_library_names_its_file(qtbot: QtBot) -> None:
    recording = panel_sample.recording()
    site = recording.sites[0]
    recording.sites[0] = type(site)("/lib/modeling_gpt2.py", 97, 0, 97, 5, "q @ k", False)
    assert Labels(recording)[MUL].subtitle == "MulBackward0 · modeling_gpt2.py:97"


def test_a_box_is_as_wide_as_what_stands_in_it(qtbot: QtBot) -> None:
    recording = panel_sample.recording()
    sizes, chips = measure(recording, np.arange(7))
    assert sizes.shape == chips.shape == (7, 2)
    for node in (MUL, SUM, CUT):
        text = Labels(recording)[node]
        both = fonts.width(text.symbol, fonts.SHORT_SIGN) + fonts.width(text.subtitle, fonts.SUBTITLE)
        assert sizes[node, 0] >= both
    grad = fonts.width("grad [3, 4] + [3, 4]", fonts.PILL) + fonts.width("x", fonts.NAME)
    assert sizes[X, 0] > grad
    assert chips[X, 0] > fonts.width("x", fonts.CHIP)
    assert (chips[:, 1] < sizes[:, 1]).all()


def test_sizes_come_in_the_order_asked(qtbot: QtBot) -> None:
    recording = panel_sample.recording()
    whole, _ = measure(recording, np.arange(7))
    some, _ = measure(recording, np.array([SUM, X, MUL]))
    assert np.array_equal(some, whole[[SUM, X, MUL]])


def test_no_nodes_have_no_sizes(qtbot: QtBot) -> None:
    sizes, chips = measure(panel_sample.recording(), np.zeros(0, np.int32))
    assert sizes.shape == chips.shape == (0, 2)


def test_a_hundred_thousand_nodes_of_a_loop_have_few_sizes(qtbot: QtBot) -> None:
    recording = builders.grid_recording(100_000, 4)
    sizes, _ = measure(recording, np.arange(100_000))
    assert len(np.unique(sizes, axis=0)) < 12


def test_wide_characters_are_measured_not_counted(qtbot: QtBot) -> None:
    recording: Recording = panel_sample.recording()
    recording.strings = ["变量名称" if each == "x" else each for each in recording.strings]
    sizes, _ = measure(recording, np.array([X]))
    assert Labels(recording)[X].title == "变量名称"
    assert sizes[0, 0] > fonts.width("变量名称", fonts.NAME) + fonts.width("[1, 2]", fonts.VALUE)


@pytest.mark.parametrize(
    ("text", "most", "said"),
    [
        ("[-0.3241, -0.2231, 0.1124, 0.2423]", 26, "[-0.3241, …, 0.2423]"),
        ("[-0.3241, -0.2231, 0.1124, 0.2423]", 30, "[-0.3241, -0.2231, …, 0.2423]"),
        ("v = [[0.4605, 0.0235, 0.01205]]", 28, "v = [[0.4605, …, 0.01205]]"),
        ("grad [1.5, 2.5, 3.5] + [4.5, 5.5, 6.5]", 34, "grad [1.5, …, 3.5] + [4.5, …, 6.5]"),
        ("[nan, -inf, 1e-07, 3]", 16, "[nan, …, 3]"),
        ("images[10, 20, 30, 40]", 16, "images[1…30, 40]"),
    ],
)
def test_a_list_of_numbers_is_made_shorter_by_whole_numbers(text, most, said):
    assert fonts.elided(text, most) == said


def test_eliding_keeps_both_ends_and_never_exceeds_the_room(qtbot: QtBot) -> None:
    assert fonts.elided("abcdefghij", 10) == "abcdefghij"
    assert fonts.elided("abcdefghij", 5) == "ab…ij"
    assert fonts.elided("abcdefghij", 1) == "…"
    for room in (20.0, 55.0, 90.0):
        short = fonts.fitting("a long line of text that is cut", fonts.PILL, room)
        assert fonts.width(short, fonts.PILL) <= room
        assert "…" in short


def test_a_long_parameter_name_keeps_the_end_that_tells_it_apart(qtbot: QtBot) -> None:
    recording = panel_sample.recording()
    recording.strings = ["model.transformer.h.6.ln_1.weight" if s == "x" else s for s in recording.strings]
    assert Labels(recording)[X].title == "…h.6.ln_1.weight"
    assert fonts.elided_name("net.0.weight", 24) == "net.0.weight"
    assert fonts.elided_name("a_name_without_any_dots_in_it", 12) == fonts.elided("a_name_without_any_dots_in_it", 12)


def test_texts_made_for_measuring_are_those_drawn(qtbot: QtBot) -> None:
    recording = builders.grid_recording(60)
    labels = Labels(recording)
    sizes, chips = measure(recording, np.arange(60), labels)
    placement = builders.grid_placement(recording, sizes)
    again, chips_again = measure(recording, np.arange(60))
    assert np.array_equal(sizes, again)
    assert np.array_equal(chips, chips_again)
    drawn = export.svg_text(GraphScene(recording, placement, LIGHT, labels))
    assert drawn == export.svg_text(GraphScene(recording, placement, LIGHT))
    assert labels[0].title in drawn


def test_a_title_is_cut_where_it_tells_least(qapp) -> None:
    face, room = fonts.PILL, fonts.width("12 × GPT2", fonts.PILL)
    for title, begins, ends in (
        ("12 × GPT2Block", "12 × G", "…"),
        ("dropout_of_it", "drop", "…"),
        ("layer2.encoder.10", "l", "10"),
    ):
        short = fonts.fitting_title(title, face, room)
        assert short.startswith(begins)
        assert short.endswith(ends)
        assert fonts.width(short, face) <= room
    assert fonts.fitting_title("short", face, room) == "short"
