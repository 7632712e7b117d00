"""DOT text: Graphviz must read it, and every name must come out as it was typed."""

import json
import shutil
import subprocess

import numpy as np
import panel_sample
import pytest

from graphviz_app.recording.dot import quoted, to_dot

HOSTILE = ['a"; b -> c [x="', "back\\slash\\", "<b>&lt;</b>", "two\nlines", "nul\0", "变量", 'end\\"', "\\N", "a & b"]


def drawn(text: str) -> dict:
    """What Graphviz understood."""
    dot = shutil.which("dot")
    if dot is None:
        pytest.fail("Graphviz's dot is needed to check what the app writes for it")
    done = subprocess.run([dot, "-Tjson"], input=text.encode(), capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)


def test_the_graph_arrives_whole_with_what_its_nodes_say() -> None:
    recording = panel_sample.recording()
    picture = drawn(to_dot(recording, np.arange(7)))
    labels = {each["name"]: each["label"] for each in picture["objects"]}
    assert len(labels) == 7
    assert labels["n2"].split("\\n") == ["×", "x * w", "MulBackward0"]
    assert labels["n0"].startswith("x\\n")
    ends = [(edge["tail"], edge["head"]) for edge in picture["edges"]]
    names = [each["name"] for each in picture["objects"]]
    assert {(names[a], names[b]) for a, b in ends} == {("n0", "n2"), ("n1", "n2"), ("n2", "n3"), ("n3", "n4")}
    assert {edge["label"] for edge in picture["edges"]} == {"[2]", "[]"}


def test_only_the_nodes_asked_for_are_drawn() -> None:
    picture = drawn(to_dot(panel_sample.recording(), np.array([0, 2])))
    assert [each["name"] for each in picture["objects"]] == ["n0", "n2"]
    assert len(picture["edges"]) == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_name_holds_it_stays_one_label(name: str) -> None:
    recording = panel_sample.recording()
    recording.strings = [name if each == "x" else each for each in recording.strings]
    picture = drawn(to_dot(recording, np.arange(7)))
    assert len(picture["objects"]) == 7
    assert len(picture["edges"]) == 4


def test_markup_and_quotes_reach_the_picture_as_characters() -> None:
    dot = shutil.which("dot") or "dot"
    label = quoted('<i>&amp; "q" \\N')
    text = f"digraph {{ a [label={label}] }}"
    svg = subprocess.run([dot, "-Tsvg"], input=text.encode(), capture_output=True, check=True, timeout=60)
    assert "&lt;i&gt;&amp;amp; &quot;q&quot; \\N" in svg.stdout.decode()
