"""Back and forward through places, as in a browser."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graphviz_app.ui.history import MOST, History


def test_back_and_forward_and_a_new_place_forgets_what_lay_ahead():
    history: History[str] = History()
    assert history.here is None
    assert history.go(-1) is None
    for place in "abc":
        history.visit(place)
    assert history.go(-1) == "b"
    assert history.go(-1) == "a"
    assert not history.can(-1)
    assert history.go(1) == "b"
    history.amend("B")
    assert history.places == ["a", "B", "c"]
    history.visit("d")
    assert (history.places, history.can(1)) == (["a", "B", "d"], False)


@given(st.lists(st.one_of(st.integers(0, 9), st.sampled_from(["back", "forward"])), max_size=400))
def test_it_is_always_at_a_place_it_has(moves):
    history: History[int] = History()
    for move in moves:
        if isinstance(move, int):
            history.visit(move)
            assert (history.here, history.can(1)) == (move, False)
        else:
            history.go(-1 if move == "back" else 1)
        assert (history.at >= 0) == bool(history.places)
        assert history.at < len(history.places) <= MOST
