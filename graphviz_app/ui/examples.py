"""The programs of the Examples menu, in teaching order."""

from __future__ import annotations

from pathlib import Path

from graphviz_app.resources import resource
from graphviz_app.ui.i18n import tr_noop

EXAMPLES: tuple[tuple[str, str], ...] = (
    ("00_first_steps", tr_noop("First steps: a product and a sum")),
    ("01_scalar", tr_noop("A scalar")),
    ("02_vector", tr_noop("A vector with v")),
    ("03_matrix", tr_noop("A matrix")),
    ("04_broadcasting", tr_noop("Broadcasting")),
    ("05_accumulation", tr_noop("Accumulation")),
    ("06_branch", tr_noop("A branch")),
    ("07_loop", tr_noop("A loop")),
    ("08_mlp", tr_noop("A multi-layer perceptron")),
    ("09_convolution", tr_noop("A small convolution")),
    ("10_lstm_step", tr_noop("An LSTM step")),
    ("11_sunspots", tr_noop("3-D: sunspots, a forecast from windows of years")),
    ("12_co2_gaps", tr_noop("3-D: weekly CO2, a series with gaps")),
    ("13_digits", tr_noop("4-D: handwritten digits")),
    ("14_photograph", tr_noop("4-D: a photograph and its gradient")),
    ("15_clip", tr_noop("5-D: a video and its gradient")),
)


def example_path(name: str) -> Path:
    """Where the example called `name` lies."""
    return resource("examples", f"{name}.py")
