"""Pictures that are given time cross less."""

from __future__ import annotations

from engine_reading import Read

from graphviz_app.recording.views import default_view
from graphviz_app.ui.pictures import make_scene
from graphviz_app.ui.placing import Opening
from graphviz_app.ui.theme import LIGHT

TANGLED = """
import random
chance = random.Random(1)
row = [torch.ones(1, requires_grad=True) * i for i in range(9)]
for _ in range(12):
    row = [chance.choice(row) * chance.choice(row) + chance.choice(row) for _ in row]
sum(row).backward()
"""


def test_a_picture_that_is_given_time_never_has_more_crossings(qapp: object) -> None:
    recording = Read(TANGLED).recording
    at_once, untangled = (
        make_scene(recording, default_view(recording), LIGHT, "down", Opening("never"), seconds).geometry.placement
        for seconds in (None, 0.5)
    )
    assert untangled.crossings <= at_once.crossings
    assert sorted(untangled.edge_id.tolist()) == sorted(at_once.edge_id.tolist())
