"""The layout process: answers, only the newest counts, dies without taking anybody along."""

from __future__ import annotations

import gc
import time
import weakref
from concurrent.futures import CancelledError

import numpy as np
import psutil
import pytest

from graphviz_app.layout.placement import Placement
from graphviz_app.recording import codec
from graphviz_app.recording.districts import Folded
from graphviz_app.recording.model import Edges, Graph, NodeKind, Nodes, Saved
from graphviz_app.worker.layouter import Layouter, LayoutFailed


def chain(length: int) -> tuple[Graph, np.ndarray, np.ndarray, np.ndarray]:
    ints = np.arange(length, dtype=np.int32)
    none = np.full(length, -1, np.int32)
    kind = np.full(length, NodeKind.OP, np.uint8)
    nodes = Nodes(kind, none, none, none, none, none, none.astype(np.int64), np.zeros(length + 1, np.int32), none[:0])
    zero = np.zeros(length - 1, np.int32)
    edges = Edges(ints[:-1], zero, ints[1:], zero, zero, zero.astype(np.uint8))
    graph = Graph(nodes, edges, Saved(none[:0], none[:0], none[:0], none[:0], none[:0]))
    sizes = np.tile(np.array([120, 40], np.float32), (length, 1))
    return graph, ints, sizes, sizes / 2


@pytest.fixture
def layouter():
    made = Layouter()
    yield made
    made.close()


def test_every_node_gets_a_place_below_its_producer(layouter):
    placement = codec.decode(layouter.place(*chain(5), "down").result(60), Placement)
    assert sorted(placement.box_node.tolist()) == [0, 1, 2, 3, 4]
    y = dict(zip(placement.box_node.tolist(), placement.y.tolist(), strict=True))
    assert [y[i] for i in range(5)] == sorted(y.values())


def test_a_newer_request_cancels_the_older(layouter):
    layouter.place(*chain(3), "down").result(60)
    older = layouter.place(*chain(50_000), "down")
    newer = layouter.place(*chain(4), "right")
    placement = codec.decode(newer.result(60), Placement)
    assert (len(placement.x), placement.direction) == (4, "right")
    with pytest.raises(CancelledError):
        older.result(0)


def test_a_module_beside_the_program_is_not_taken_for_pythons_own(layouter, tmp_path, monkeypatch):
    (tmp_path / "random.py").write_text("raise SystemExit('not this one')")
    (tmp_path / "numpy.py").write_text("raise SystemExit('nor this one')")
    monkeypatch.chdir(tmp_path)
    assert len(codec.decode(layouter.place(*chain(3), "down").result(60), Placement).x) == 3


def layout_processes() -> list[psutil.Process]:
    """The children that lay out; others may be there for the application."""
    return [child for child in psutil.Process().children() if any("layout_process" in part for part in child.cmdline())]


def test_when_the_process_is_killed_the_next_request_starts_another(layouter):
    layouter.place(*chain(3), "down").result(60)
    (process,) = layout_processes()
    waiting = layouter.place(*chain(100_000), "down")
    process.kill()
    with pytest.raises(LayoutFailed, match="ended"):
        waiting.result(60)
    assert len(codec.decode(layouter.place(*chain(3), "down").result(60), Placement).x) == 3


def test_what_was_given_up_is_not_waited_for(layouter):
    layouter.place(*chain(3), "down").result(60)
    waiting = layouter.place(*chain(100_000), "down")
    layouter.cancel()
    assert waiting.cancelled()
    assert len(codec.decode(layouter.place(*chain(4), "down").result(60), Placement).x) == 4


def test_closing_twice_leaves_nothing_and_a_late_request_is_cancelled(layouter):
    layouter.place(*chain(3), "down").result(60)
    layouter.close()
    layouter.close()
    assert layouter.place(*chain(3), "down").cancelled()
    assert layout_processes() == []


def test_open_districts_come_back_as_frames(layouter):
    graph, nodes, sizes, chips = chain(4)
    start = np.arange(4, dtype=np.int32)
    frame = np.array([-1, 0, 0, -1], np.int32)
    none, opened = np.array([-1], np.int32), np.array([7], np.int32)
    folded = Folded(4, [], nodes, nodes, frame, opened, none, graph.edges.src, graph.edges.dst, start, start[:-1])
    width = np.array([80], np.float32)
    data = layouter.place_districts(graph, folded, sizes, chips, "down", title_height=26.0, title_width=width).result(
        60
    )
    placement = codec.decode(data, Placement)
    assert placement.frame.tolist() == [7]
    inside = np.abs(placement.y - placement.frame_y[0]) < placement.frame_height[0] / 2
    assert placement.box_node[inside].tolist() == [1, 2]


def test_of_a_large_graph_a_first_draft_comes_before_the_final_picture(layouter):
    drafts: list[bytes] = []
    future = layouter.place(*chain(60_000), "down", drafts.append)
    final = codec.decode(future.result(60), Placement)
    draft = codec.decode(drafts[0], Placement)
    assert len(drafts) == 1
    assert np.array_equal(draft.box_node, final.box_node)
    assert np.array_equal(draft.edge_id, final.edge_id)


def test_a_small_graph_comes_at_once(layouter):
    drafts: list[bytes] = []
    layouter.place(*chain(300), "down", drafts.append).result(60)
    assert not drafts


def test_no_draft_comes_of_what_was_given_up(layouter):
    drafts: list[bytes] = []
    layouter.place(*chain(100_000), "down", drafts.append)
    layouter.place(*chain(4), "down").result(60)
    assert not drafts


def test_a_graph_that_was_laid_out_is_not_kept(layouter):
    graph, *sizes = chain(40)
    gone = weakref.ref(graph.nodes.kind)
    layouter.place(graph, *sizes, "down").result(60)
    del graph, sizes
    deadline = time.monotonic() + 20
    while gone() is not None and time.monotonic() < deadline:
        gc.collect()
    assert gone() is None
