"""What the command line asks about derivatives: names and numbers of a person become questions."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graphviz_app.cli import Wrong
from graphviz_app.recording.calculus import AskCheck, AskPaths, AskRoot, AskWhatIf, Override
from graphviz_app.recording.jsonout import to_json
from graphviz_app.recording.mathjson import answer_row, mathematics_sections
from graphviz_app.recording.model import NONE, NodeKind, Recording
from graphviz_app.recording.values import ValueSource, ValueUnavailable
from graphviz_app.recording.views import View

WHAT = ("gradient", "jacobian", "hessian", "forward")

Array = npt.NDArray[Any]


def node_named(recording: Recording, text: str, option: str) -> int:
    """The node a person means: by its number, its variable, or its class where only one node has it.

    Raises
    ------
    Wrong
        When there is none, or several.
    """
    nodes, count = recording.graph.nodes, len(recording.graph.nodes)
    if text.isdecimal():
        if int(text) >= count:
            raise Wrong(f"{option} {text}: the graph has {count} nodes, numbered from 0.")
        return int(text)
    rows = range(count)
    named = [row for row in rows if _string(recording, nodes.var[row]) == text and nodes.kind[row] != NodeKind.CONSTANT]
    leaves = [row for row in named if nodes.kind[row] == NodeKind.LEAF]
    found = leaves or [row for row in named if nodes.kind[row] == NodeKind.ROOT] or named
    found = found or [row for row in rows if _string(recording, nodes.name[row]) == text]
    if not found:
        known = sorted({_string(recording, nodes.var[row]) for row in rows} - {""})
        raise Wrong(f"{option} {text}: no node is called so. Give a number or one of: {', '.join(known) or 'none'}.")
    if len(found) > 1:
        raise Wrong(f"{option} {text}: several nodes are called so. Give a number: {', '.join(map(str, found))}.")
    return found[0]


def output_named(recording: Recording, text: str, option: str) -> tuple[int, int]:
    """The node a person means and which of its outputs: ``NODE`` or ``NODE:1``; without a number the first.

    Raises
    ------
    Wrong
        When there is no such node or output.
    """
    name, colon, given = text.rpartition(":")
    if not colon or not given.isdecimal():
        return node_named(recording, text, option), 0
    node, nodes = node_named(recording, name, option), recording.graph.nodes
    count = int(nodes.out_start[node + 1]) - int(nodes.out_start[node])
    if int(given) >= count:
        raise Wrong(f"{option} {text}: {name} has {count} output{'s' * (count != 1)}, numbered from 0.")
    return node, int(given)


@dataclass(frozen=True)
class Asked:
    """What the options of the command line ask; see its ``--help`` for each."""

    math: bool = False
    paths: Sequence[str] | None = None
    derivative: Sequence[str] | None = None
    vector: str | None = None
    check: str | None = None
    """A node; empty: the whole program."""
    what_if: Sequence[str] = ()
    gradients: Sequence[str] = ()


_OPTIONS = {
    AskPaths: "--paths",
    AskRoot: "--derivative",
    AskCheck: "--check",
    AskWhatIf: "--what-if-gradient",
}

Supposed = Callable[[list[Override]], AbstractContextManager[tuple[Recording, ValueSource]]]
"""Runs the program once more with other values for leaves."""


def sections_of(
    recording: Recording, source: ValueSource, view: View, asked: Asked, supposed: Supposed
) -> list[tuple[str, object]]:
    """Sections of the JSON about derivatives: those that are always there, and the answers to what is asked.

    Raises
    ------
    Wrong
        When a name or a number is wrong, or something cannot be answered.
    """
    questions = questions_of(recording, view, asked)
    overrides = overrides_of(recording, asked.what_if)
    sections = mathematics_sections(recording, source, every=asked.math)
    answers = []
    for question in questions:
        try:
            answers.append(answer_row(question, source.ask(question).result(), source))
        except ValueUnavailable as error:
            raise Wrong(f"{_OPTIONS[type(question)]}: {error}") from error
    if answers:
        sections.append(("answers", answers))
    if overrides:
        with supposed(overrides) as (other, values):
            sections.append(("what_if", json.loads(to_json(other, values))))
    return sections


def questions_of(recording: Recording, view: View, asked: Asked) -> list[AskPaths | AskRoot | AskCheck | AskWhatIf]:
    """The questions that options of the command line ask.

    Raises
    ------
    Wrong
        When a name or a number is wrong.
    """
    found: list[AskPaths | AskRoot | AskCheck | AskWhatIf] = []
    index = view.index if view.kind == "pass" else NONE
    if (asked.paths or asked.gradients or asked.check is not None) and index == NONE:
        raise Wrong("there is no backward pass to ask about. Run one with --backward.")
    if asked.paths is not None:
        source, target = (node_named(recording, text, "--paths") for text in asked.paths)
        found.append(AskPaths(index, source, target))
    if asked.derivative is not None:
        found.append(_derivative(recording, asked.derivative, asked.vector, index))
    if asked.check is not None:
        node = node_named(recording, asked.check, "--check") if asked.check else NONE
        found.append(AskCheck(node, max(index, 0)))
    if asked.gradients:
        found.append(AskWhatIf(index, tuple(_gradient(recording, text) for text in asked.gradients)))
    return found


def overrides_of(recording: Recording, given: Sequence[str]) -> list[Override]:
    """The leaves that get other values: each text is ``NAME=VALUES``.

    Raises
    ------
    Wrong
        When there is no such leaf, or the values do not fit it.
    """
    found = []
    for text in given:
        name, _, values = text.partition("=")
        if not values:
            raise Wrong(f"--what-if {text}: write it as NAME=VALUES, like x=1,2,3.")
        tensor = next((each for each in recording.tensors if name in each.names and each.leaf), None)
        if tensor is None or tensor.first_use == NONE:
            names = [each.names[0] for each in recording.tensors if each.first_use != NONE and each.names]
            raise Wrong(f"--what-if {name}: no leaf is called so; there are: {', '.join(names) or 'none'}.")
        shape = recording.metas[tensor.meta].shape
        found.append(Override(tensor.first_use, name, numbers(values, shape, f"--what-if {name}")))
    return found


def numbers(text: str, shape: tuple[int, ...], option: str) -> Array:
    """Numbers a person typed, in a tensor's shape.

    ``ones``, ``onehot:K``, or the numbers between commas, nested in brackets or not; one number stands for all.

    Raises
    ------
    Wrong
        When they cannot be read, or are too few or too many.
    """
    count = int(np.prod(shape, dtype=np.int64))
    if text == "ones":
        return np.ones(shape)
    if text.startswith("onehot:"):
        place = text.removeprefix("onehot:")
        if not place.isdecimal() or int(place) >= count:
            raise Wrong(f"{option}: {text!r} must name an element from 0 to {count - 1}.")
        unit: Array = np.zeros(count)
        unit[int(place)] = 1.0
        return unit.reshape(shape)
    flat = [_number(part, option) for part in text.translate(str.maketrans("[]()", "    ")).split(",") if part.strip()]
    dtype = np.complex128 if any(isinstance(x, complex) for x in flat) else np.float64
    values: Array = np.array(flat * count if len(flat) == 1 else flat, dtype=dtype)
    if values.size != count:
        raise Wrong(f"{option}: {values.size} numbers were given, but the shape {list(shape)} has {count}.")
    return values.reshape(shape)


def _number(text: str, option: str) -> complex | float:
    try:
        return float(text)
    except ValueError:
        pass
    try:
        found = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError) as error:
        raise Wrong(f"{option}: {text.strip()!r} is not a number.") from error
    if not isinstance(found, (int, float, complex)):
        raise Wrong(f"{option}: {text.strip()!r} is not a number.")
    return found


def _derivative(recording: Recording, given: Sequence[str], vector: str | None, index: int) -> AskRoot:
    what, root_text, node_text = given
    if what not in WHAT:
        raise Wrong(f"--derivative {what}: must be one of {', '.join(WHAT)}.")
    root = node_named(recording, root_text, "--derivative")
    node, slot = output_named(recording, node_text, "--derivative")
    if root not in recording.roots:
        names = [_string(recording, recording.graph.nodes.var[each]) or str(each) for each in recording.roots]
        raise Wrong(f"--derivative {root_text}: not a result to start from; there are: {', '.join(names) or 'none'}.")
    started = index != NONE and root in recording.passes[index].roots
    values = None
    if vector is not None:
        shape = _shape(recording, node, slot) if what == "forward" else _shape(recording, root)
        values = numbers(vector, shape, "--v")
    return AskRoot(root, node, slot, what, values, index if started else NONE, rerun=True)  # type: ignore[arg-type]


def _gradient(recording: Recording, text: str) -> tuple[int, int, Array]:
    name, _, values = text.partition("=")
    if not values:
        raise Wrong(f"--what-if-gradient {text}: write it as NODE=VALUES, like y=1,0.")
    node, slot = output_named(recording, name, "--what-if-gradient")
    return node, slot, numbers(values, _shape(recording, node, slot), f"--what-if-gradient {name}")


def _shape(recording: Recording, node: int, slot: int = 0) -> tuple[int, ...]:
    nodes = recording.graph.nodes
    return recording.metas[int(nodes.out_meta[int(nodes.out_start[node]) + slot])].shape


def _string(recording: Recording, index: object) -> str:
    number = int(index)  # type: ignore[call-overload]
    return "" if number == NONE else recording.strings[number]
