"""Rows sorted by what they belong to."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphviz_app.recording.rows import by_key


@given(st.lists(st.integers(0, 5)))
def test_the_rows_of_each_key_are_found_in_the_order_they_stand(keys: list[int]) -> None:
    order, begins = by_key(np.array(keys, dtype=np.int32), 6)
    found = [order[begins[key] : begins[key + 1]].tolist() for key in range(6)]
    assert found == [[row for row, each in enumerate(keys) if each == key] for key in range(6)]
