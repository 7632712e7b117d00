"""The first picture of a large graph, which is shown until the final one is there."""

from __future__ import annotations

import numpy as np
import pytest
from district_graphs import Drawing, drawings
from hypothesis import given, settings
from layout_checks import assert_clear, assert_no_overlap, same

from graphviz_app.layout import Options, Placement, engine, place_columns


def placements(drawing: Drawing, options: Options | None = None) -> tuple[list[Placement], Placement]:
    """Drafts, and the final picture, of what is drawn of a graph, without its frames."""
    kind, edges, folded = drawing.folded()
    sizes = np.array(drawing.size, np.float32).reshape(-1, 2)
    chips = np.tile([64.0, 22.0], (len(sizes), 1))
    drafts: list[Placement] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "DRAFT_FROM", 0)
        final = place_columns(kind, edges, folded.boxes, sizes, chips, options, on_draft=drafts.append)
    assert same(final, place_columns(kind, edges, folded.boxes, sizes, chips, options))
    return drafts, final


@given(drawings())
@settings(max_examples=60)
def test_a_draft_is_sound_and_the_final_picture_is_the_same_with_and_without_it(drawing: Drawing) -> None:
    drafts, final = placements(drawing)
    for draft in drafts:
        assert_no_overlap(draft)
        assert_clear(draft)
        assert np.array_equal(draft.box_node, final.box_node)
        assert np.array_equal(draft.edge_id, final.edge_id)
        assert np.array_equal(draft.layer, final.layer)


def test_in_a_draft_boxes_are_where_they_will_be_along_the_flow() -> None:
    drawing = Drawing()
    x = drawing.leaf(-1)
    sources = [drawing.box(-1, x) for _ in range(5)]
    for source in reversed(sources):
        drawing.box(-1, source)
    (draft,), final = placements(drawing)
    assert np.array_equal(draft.y, final.y)


def test_a_small_graph_has_no_draft() -> None:
    drawing = Drawing()
    drawing.box(-1, drawing.box(-1))
    kind, edges, folded = drawing.folded()
    sizes = np.array(drawing.size, np.float32)
    place_columns(kind, edges, folded.boxes, sizes, sizes / 2, on_draft=lambda _: pytest.fail("a draft of two boxes"))
