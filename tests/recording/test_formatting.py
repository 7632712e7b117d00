"""Numbers as text."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_app.recording.formatting import aligned, block, flat, meta, number, shape, size
from graphviz_app.recording.model import TensorMeta
from graphviz_app.recording.stats import short_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (11.0, "11"),
        (0.1, "0.1"),
        (np.float32(0.1), "0.1"),
        (3.14159265, "3.142"),
        (-0.0, "-0"),
        (0.0, "0"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (1.5e-7, "1.5e-7"),
        (1e22, "1e22"),
        (123456.0, "123456"),
        (1234567.0, "1.235e6"),
        (2**53 + 1, "9007199254740993"),
        (np.int64(-(2**63)), "-9223372036854775808"),
        (np.uint64(2**64 - 1), "18446744073709551615"),
        (True, "True"),
        (np.bool_(False), "False"),
        (1 + 2j, "1+2j"),
        (complex(float("nan"), -0.0), "nan-0j"),
        (ml_dtypes.bfloat16(0.5), "0.5"),
    ],
)
def test_a_number_is_written_as_a_person_would(value: object, text: str) -> None:
    assert number(value) == text


@given(st.floats())
def test_seventeen_digits_give_the_number_back(x: float) -> None:
    back = float(number(x, 17))
    assert np.float64(back).tobytes() == np.float64(x).tobytes() or (back != back and x != x)


def test_shapes_and_metas() -> None:
    assert [shape(()), shape((2, 3)), shape((2, -1))] == ["[]", "[2, 3]", "[2, ?]"]
    assert meta(TensorMeta((4, 4), "float32", "cpu", "sparse_coo")) == "float32 [4, 4] sparse_coo"


def test_the_decimal_points_of_a_column_stand_in_line() -> None:
    rows = aligned(np.array([[1.5, 10.0], [-3.0, 1e-9], [0.25, np.nan]]))
    for column in zip(*rows, strict=True):
        assert len({len(cell) for cell in column}) == 1
    first = [row[0] for row in rows]
    assert first == [" 1.5 ", "-3   ", " 0.25"]


def test_a_cube_is_written_in_nested_brackets() -> None:
    assert block(np.arange(8).reshape(2, 2, 2)) == "[[[0, 1],\n  [2, 3]],\n\n [[4, 5],\n  [6, 7]]]"
    assert block(np.zeros((2, 0))) == "[[], []]"
    with pytest.raises(ValueError, match="two dimensions"):
        aligned(np.zeros((2, 2, 2)))


def test_a_short_form_stops_at_its_limit() -> None:
    assert flat(np.arange(20), limit=3) == "[0, 1, 2, …]"
    assert flat(np.array([[1, 2], [3, 4]])) == "[[1, 2], [3, 4]]"
    assert flat(np.zeros((1_000_000, 0)), limit=3) == "[[], [], …]"


def test_a_label_writes_a_number_as_a_table_does() -> None:
    values = np.array([123456.0, 1.5e-7, -0.0])
    assert short_text((3,), values, None) == "[" + ", ".join(map(number, values)) + "]" == "[123456, 1.5e-7, -0]"
    assert short_text((-1, 2), None, 123456.0) == f"{shape((-1, 2))}  ‖·‖ {number(123456.0)}" == "[?, 2]  ‖·‖ 123456"


def test_bytes_for_a_person() -> None:
    assert [size(12), size(1_500), size(12_000_000), size(5_000_000_000_000)] == [
        "12 B",
        "1.5 kB",
        "12.0 MB",
        "5000.0 GB",
    ]
