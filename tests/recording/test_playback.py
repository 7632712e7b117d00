"""The cursor over a pass: what has climbed along which edge."""

import numpy as np
import panel_sample
from builders import grid_recording

from graphviz_app.recording.model import NONE
from graphviz_app.recording.playback import ABSENT, Playback


def one_by_one(playback: Playback, edge: int, number: int) -> int:
    """The gradient along an edge, read from the event of the node it comes from."""
    edges = playback.recording.graph.edges
    ran = playback.first_step_of(int(edges.dst[edge]))
    slot = int(edges.dst_slot[edge])
    if edges.cut[edge] or slot < 0 or ran is None or ran > number:
        return ABSENT
    step = playback.step(ran)
    return step.outgoing[slot] if step is not None and slot < len(step.outgoing) else ABSENT


def test_the_gradients_of_many_edges_are_those_of_each() -> None:
    for recording in (panel_sample.recording(), grid_recording(60)):
        for index in range(len(recording.passes)):
            playback = Playback(recording, index)
            edges = np.arange(len(recording.graph.edges))
            for number in range(playback.total + 1):
                found = playback.gradients_along(edges, number).tolist()
                assert found == [one_by_one(playback, edge, number) for edge in edges.tolist()]
                for edge, ref in enumerate(found):
                    assert playback.gradient_along(edge, number) == (None if ref == ABSENT else ref)


def test_the_values_of_a_step_are_its_own_and_those_that_came_along_its_edges() -> None:
    recording = panel_sample.recording()
    playback = Playback(recording, 0)
    assert playback.refs_at(0) == []
    for number in range(1, playback.total + 1):
        step = playback.step(number)
        assert step is not None
        refs = playback.refs_at(number)
        assert refs[: len(step.refs())] == step.refs()
        assert NONE not in refs
        assert len(set(refs)) == len(refs)
