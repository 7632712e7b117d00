"""Every program of the Examples menu: it runs, it is short, and its tensors are shown as what they are."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from graphviz_app.layout import Options, from_columns, place, place_columns
from graphviz_app.layout.small import place_small
from graphviz_app.recording.axis_proof import Prover
from graphviz_app.recording.axis_readings import readings
from graphviz_app.recording.model import Recording
from graphviz_app.recording.views import default_view
from graphviz_app.ui.examples import EXAMPLES, example_path
from graphviz_app.ui.panels.facts import Facts
from graphviz_app.ui.placing import Opening, draw_up
from graphviz_app.ui.tensor.subject import names_of, of_variable

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "layout"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "worker"))

from layout_checks import same
from runner_told import Told, recorded


def run(told: Told, name: str) -> Recording:
    _, events = told.run_to_end(example_path(name).read_text(encoding="utf-8"))
    return recorded(events).recording


@pytest.mark.parametrize("name", [name for name, _ in EXAMPLES])
def test_it_runs_backward_and_fits_a_screen(told: Told, name: str) -> None:
    lines = example_path(name).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 25
    assert max(map(len, lines)) <= 65
    recording = run(told, name)
    assert recording.problem is None
    assert recording.passes


@pytest.mark.parametrize("name", [name for name, _ in EXAMPLES])
def test_its_graph_is_small_and_laid_out_as_numpy_lays_it_out(told: Told, name: str) -> None:
    recording = run(told, name)
    drawing = draw_up(recording, default_view(recording), Opening("never"))
    columns = (recording.graph.nodes.kind, recording.graph.edges, drawing.nodes, drawing.sizes, drawing.chips)
    for options in (Options(), Options(direction="right")):
        small = place_small(*columns, options, lambda: None)
        assert (small is None) == (name == "07_loop")  # its weight is used in every turn, and drawn as chips
        assert same(place_columns(*columns, options), place(from_columns(*columns), options))


def test_every_example_is_in_the_menu() -> None:
    files = sorted(path.stem for path in example_path("00_first_steps").parent.glob("*.py"))
    assert files == [name for name, _ in EXAMPLES]


@pytest.mark.parametrize(
    ("name", "variable", "kind", "roles"),
    [
        ("11_sunspots", "past", "series", ("tile", "slider", "x")),
        ("11_sunspots", "features", "series", ("slider", "tile", "x")),
        ("12_co2_gaps", "past", "series", ("slider", "tile", "x")),
        ("13_digits", "images", "images", ("tile", "slider", "y", "x")),
        ("14_photograph", "astronaut", "images", ("rgb", "y", "x")),
        ("14_photograph", "image", "images", ("slider", "rgb", "y", "x")),
        ("15_clip", "clip", "video", ("play", "rgb", "y", "x")),
        ("15_clip", "video", "video", ("slider", "rgb", "play", "y", "x")),
    ],
)
def test_its_data_is_shown_as_what_it_is(
    told: Told, name: str, variable: str, kind: str, roles: tuple[str, ...]
) -> None:
    recording = run(told, name)
    subject = of_variable(Facts(recording), variable, None, 0)
    assert subject is not None
    found = readings(subject.shape, subject.dtype, names_of(Prover(recording), subject))
    assert (len(found), found[0].kind, found[0].roles) == (1, kind, roles)
