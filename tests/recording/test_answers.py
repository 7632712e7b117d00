"""An answer about derivatives is taken for one only where it is to the question asked, and hangs together."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest
from panel_sample import recording

from graphviz_app.recording.answers import BadAnswer, check_answer
from graphviz_app.recording.calculus import (
    AskCheck,
    AskHealth,
    AskNode,
    AskPaths,
    AskRoot,
    AskRule,
    AskWhatIf,
    Block,
    Checked,
    CheckedInput,
    Health,
    MathAnswer,
    NodeMath,
    PathMath,
    PathsMath,
    RootMath,
    Rule,
    WhatIf,
)
from graphviz_app.recording.codec import array_from_parts

X, W, MUL, SUM, LOSS = range(5)
SAMPLE = recording()
NODES, EDGES = len(SAMPLE.graph.nodes.kind), len(SAMPLE.graph.edges)
V = np.array([1.0, 1.0])


def ints(*values: int) -> np.ndarray[Any, Any]:
    return np.array(values, dtype=np.int32)


BLOCK = Block(
    0, 0, (2,), (2,), False, False, "diagonal", 1.0, (), (), np.diag([3.0, 4.0]), None, None, 2, 4.0
)  # fmt: skip
NODE = NodeMath(AskNode(MUL, 0, 3), [BLOCK], [V, None], "equal", 0.0, 1e-6)
GRADIENT = RootMath(AskRoot(LOSS, X, 0, "gradient", np.array(1.0, dtype=np.float32)), V, 0.1)
HESSIAN = RootMath(AskRoot(LOSS, X, 0, "hessian"), np.zeros((2, 2)), 0.1)
PATH = PathMath((SUM, MUL, X), (0, 1), V, np.zeros((1, 2)), 1.0)
PATHS = PathsMath(AskPaths(0, SUM, X), 1.0, [PATH], V, V, "equal", 0.0)
WHAT_IF = WhatIf(AskWhatIf(0, ((SUM, 0, V),)), ints(SUM, MUL), ints(0, 1, 2), ints(5, 6), ints(0, 1, 2), ints(7, -1))
CHECK = Checked(AskCheck(), [CheckedInput(X, 0, ints(0, 1), V, V, np.zeros(2, np.uint8))], 1e-3, 1e-5, 1e-3, "float64")
HEALTH = Health(AskHealth(0), np.zeros(NODES), np.zeros(EDGES), np.zeros(NODES, np.uint8), -1, -1)
RULE = Rule(AskRule("MulBackward0"), "mul(a, b)", {"a": "grad * b"})
GOOD: list[MathAnswer] = [NODE, GRADIENT, HESSIAN, PATHS, WHAT_IF, CHECK, HEALTH, RULE]


def changed(answer: Any, **fields: object) -> Any:
    return msgspec.structs.replace(answer, **fields)


def with_block(**fields: object) -> Any:
    return changed(NODE, blocks=[changed(BLOCK, **fields)])


def with_path(**fields: object) -> Any:
    return changed(PATHS, paths=[changed(PATH, **fields)])


@pytest.mark.parametrize("answer", GOOD, ids=lambda answer: type(answer).__name__)
def test_an_answer_to_its_question_is_taken(answer: MathAnswer) -> None:
    check_answer(answer.ask, answer, SAMPLE)


@pytest.mark.parametrize("answer", GOOD, ids=lambda answer: type(answer).__name__)
def test_an_answer_to_any_other_question_is_not(answer: MathAnswer) -> None:
    others = [other.ask for other in GOOD if other is not answer]
    for question in [*others, AskHealth(1), AskNode(MUL, 0, 4), AskRoot(LOSS, X, 0, "gradient", V), AskRule("Mul")]:
        with pytest.raises(BadAnswer, match=r"is no answer to|answers another question"):
            check_answer(question, answer, SAMPLE)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (with_block(entries=np.zeros((2, 3))), r"entries has the shape \(2, 3\)"),
        (with_block(entries=np.zeros(4)), "entries has the shape"),
        (with_block(x_shape=(2**40, 2**40)), "instead of"),
        (with_block(x_shape=(-1,)), "negative size"),
        (with_block(rows=(7,)), "points nowhere"),
        (with_block(input=2), "points nowhere"),
        (with_block(output=-1), "points nowhere"),
        (with_block(entries=None, picture=np.zeros((300, 2))), "no picture"),
        (with_block(entries=None, diagonal=np.zeros(3)), "diagonal has the shape"),
        (changed(NODE, products=[np.zeros(3), None]), r"products\[0\] has the shape"),
        (changed(GRADIENT, values=np.zeros(3)), "values has the shape"),
        (changed(HESSIAN, values=np.zeros(4)), "values has the shape"),
        (with_path(nodes=(SUM, MUL)), "2 nodes and 2 edges"),
        (with_path(nodes=()), "0 nodes"),
        (with_path(nodes=(SUM, MUL, W)), "does not lead"),
        (with_path(nodes=(SUM, 99, X)), "points nowhere"),
        (with_path(edges=(0, EDGES)), "points nowhere"),
        (with_path(jacobian=np.zeros(2)), "no matrix"),
        (changed(WHAT_IF, nodes=ints(SUM, NODES)), "points nowhere"),
        (changed(WHAT_IF, in_start=ints(0, 2, 1)), "does not divide"),
        (changed(WHAT_IF, out_start=ints(0, 1)), "rows instead of"),
        (changed(WHAT_IF, in_ref=V), "whole numbers"),
        (changed(WHAT_IF, leaves=[X]), "leaves have 0 gradients"),
        (changed(CHECK, inputs=[changed(CHECK.inputs[0], numeric=np.zeros(3))]), "numeric has the shape"),
        (changed(CHECK, inputs=[changed(CHECK.inputs[0], node=NODES)]), "points nowhere"),
        (changed(HEALTH, node_norm=np.zeros(NODES + 1)), "node_norm has the shape"),
        (changed(HEALTH, edge_state=np.zeros((EDGES, 1), np.uint8)), "edge_state has the shape"),
        (changed(HEALTH, first_bad=NODES), "points nowhere"),
    ],
)
def test_an_answer_that_does_not_hang_together_is_refused_in_a_sentence(answer: Any, said: str) -> None:
    with pytest.raises(BadAnswer, match=said):
        check_answer(answer.ask, answer, SAMPLE)


@pytest.mark.parametrize(
    "dtype", [",", "2f4,f4", "(2,)f8", "<f8", "f8;", "object", "M8[s]", "U5", "O", "", "x" * 99, "3", "_"]
)
def test_what_is_no_name_of_a_dtype_is_no_array(dtype: str) -> None:
    with pytest.raises(ValueError, match=r"dtype|bytes"):
        array_from_parts(dtype, [0], b"")
