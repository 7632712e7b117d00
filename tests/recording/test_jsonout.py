"""A recording as JSON: strict, exact, and enough to redraw everything."""

from __future__ import annotations

import json
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from panel_sample import VALUES, Source, X, recording

from graphviz_app.recording.jsonout import refs_of, to_json
from graphviz_app.recording.model import NONE, Problem
from graphviz_app.recording.values import ValueUnavailable


def _refuse(name: str) -> object:
    raise AssertionError(f"{name} is not strict JSON")


def read(text: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(text, parse_constant=_refuse)
    return result


def value(document: dict[str, Any], ref: int) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in document["values"] if row["id"] == ref)
    return found


def test_the_leaf_can_be_followed_from_its_node_to_its_gradients_numbers() -> None:
    document = read(to_json(recording(), Source()))
    node = next(row for row in document["nodes"] if row["variable"] == "x")
    tensor = document["tensors"][node["tensor"]]
    assert (node["kind"], tensor["shape"], tensor["requires_grad"]) == ("leaf", [2], True)
    assert value(document, tensor["grad"])["data"] == [6.0, 8.0]
    step = next(row for row in document["passes"][1]["steps"] if row["node"] == X)
    assert [value(document, step[key])["data"] for key in ("grad_before", "grad_after")] == [[3.0, 4.0], [6.0, 8.0]]
    assert document["passes"][0]["steps"][2]["grad_before"] is None


def test_expressions_lines_edges_and_saved_values_are_there() -> None:
    document = read(to_json(recording(), Source()))
    product = next(row for row in document["nodes"] if row["name"] == "MulBackward0")
    assert (product["call"]["site"]["text"], product["call"]["site"]["line"]) == ("x * w", 4)
    assert [row["name"] for row in product["saved"]] == ["self", "other"]
    into = [row for row in document["edges"] if row["to"] == product["id"]]
    assert [(row["from"], row["to_slot"], row["tensor"]["shape"]) for row in into] == [(0, 0, [2]), (1, 1, [2])]
    assert document["passes"][1]["accumulates_into"] == [0, 1]


@pytest.mark.parametrize(
    "dtype",
    [np.float32, np.float64, np.float16, ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, np.int64, np.uint8, np.bool_],
)
def test_every_number_comes_back_bit_for_bit(dtype: type) -> None:
    drawn = np.random.default_rng(0).standard_normal((3, 4)) * 7
    exact = np.abs(drawn).astype(dtype)
    document = read(to_json(recording(), Source({**VALUES, 0: exact})))
    assert np.array(value(document, 0)["data"]).astype(dtype).tobytes() == exact.tobytes()


def test_what_json_has_no_number_for_is_named() -> None:
    odd = np.array([np.nan, np.inf, -np.inf, -0.0])
    document = read(to_json(recording(), Source({**VALUES, 0: odd, 1: np.array(1 - 2j)})))
    assert value(document, 0)["data"][:3] == ["NaN", "Infinity", "-Infinity"]
    assert str(value(document, 0)["data"][3]) == "-0.0"
    assert value(document, 1)["data"] == [1.0, -2.0]


def test_a_large_integer_stays_exact() -> None:
    document = read(to_json(recording(), Source({**VALUES, 0: np.array([2**53 + 1, -(2**63)])})))
    assert value(document, 0)["data"] == [2**53 + 1, -(2**63)]


def test_4096_elements_are_written_and_one_more_is_summarised() -> None:
    document = read(to_json(recording(), Source({**VALUES, 0: np.ones(4096), 1: np.ones(4097)})))
    assert len(value(document, 0)["data"]) == 4096
    assert "data" not in value(document, 1)
    assert value(document, 1)["statistics"]["count"] == 4097


def test_rows_are_lines() -> None:
    text = to_json(recording(), Source())
    document = read(text)
    rows = sum(len(document[key]) for key in ("nodes", "edges", "tensors", "variables", "values"))
    assert text.count("\n") > rows
    assert max(map(len, text.splitlines())) < 2_000


def test_every_ref_is_written_once() -> None:
    document = read(to_json(recording(), Source()))
    assert [row["id"] for row in document["values"]] == refs_of(recording())
    assert NONE not in refs_of(recording())


def test_the_error_of_a_failed_run_is_told_in_full() -> None:
    failed = recording(0)
    failed.problem = Problem("crash", {"a": "b"}, "ValueError", "<html> & “quotes”", "Traceback", failed.sites[0], 2)
    document = read(to_json(failed, Source()))
    assert document["problem"]["message"] == "<html> & “quotes”"
    assert document["problem"]["site"]["line"] == 4


def test_values_that_are_gone_are_an_error_not_a_hole() -> None:
    with pytest.raises(ValueUnavailable, match="run it again"):
        to_json(recording(), Source({}))
