"""A recording written by hand, and a value source a test can hold back: what the panels are tested with.

The program::

    import torch
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    w = torch.tensor([3.0, 4.0], requires_grad=True)
    y = x * w
    loss = y.sum()
    loss.backward(retain_graph=True)
    loss.backward()

Nodes: 0 x, 1 w, 2 MulBackward0, 3 SumBackward0, 4 loss, 5 a constant, 6 a cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

import numpy as np

from graphviz_app.recording.calculus import AskNode, Block, MathAnswer, MathQuestion, NodeMath
from graphviz_app.recording.cells import cells_of
from graphviz_app.recording.model import (
    NONE,
    SCHEMA,
    SMALL,
    Calls,
    Edges,
    EventKind,
    Events,
    Graph,
    NodeKind,
    Nodes,
    Pass,
    Recording,
    Saved,
    Site,
    TensorInfo,
    TensorMeta,
    ValueInfo,
    Variable,
)
from graphviz_app.recording.scan import scan_of
from graphviz_app.recording.scopes import Scopes
from graphviz_app.recording.slices import Cells, Looked, Part, Scan, Slice
from graphviz_app.recording.stats import preview_of, short_text, stats_of
from graphviz_app.recording.values import ValueUnavailable

PROGRAM = """import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
w = torch.tensor([3.0, 4.0], requires_grad=True)
y = x * w
loss = y.sum()
loss.backward(retain_graph=True)
loss.backward()
"""

X, W, MUL, SUM, LOSS, CONST, CUT = range(7)

#: ref -> value
VALUES: dict[int, np.ndarray[Any, Any]] = {
    0: np.array([1.0, 2.0], np.float32),
    1: np.array([3.0, 4.0], np.float32),
    2: np.array([3.0, 8.0], np.float32),
    3: np.array(11.0, np.float32),
    4: np.array(1.0, np.float32),
    5: np.array([1.0, 1.0], np.float32),
    6: np.array([3.0, 4.0], np.float32),
    7: np.array([1.0, 2.0], np.float32),
    8: np.array([6.0, 8.0], np.float32),
    9: np.array([2.0, 4.0], np.float32),
    10: np.array([0.5, -0.0], np.float32),
}


def _ints(*values: int) -> np.ndarray[Any, Any]:
    return np.array(values, dtype=np.int32)


class Strings:
    """Interns text the way the engine does."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def __call__(self, text: str) -> int:
        if not text:
            return NONE
        if text not in self.all:
            self.all.append(text)
        return self.all.index(text)


def site(line: int, column: int, text: str) -> Site:
    """A range of the program."""
    return Site("<program>", line, column, line, column + len(text), text, True)


def csr(rows: Sequence[Sequence[int]]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Lists of refs as start and value columns."""
    starts = np.cumsum([0, *map(len, rows)]).astype(np.int32)
    return starts, _ints(*(ref for row in rows for ref in row))


def events(rows: Sequence[tuple[int, EventKind, Sequence[int], Sequence[int], int, int]]) -> Events:
    """Rows of (node, kind, incoming, outgoing, before, after) as columns."""
    in_start, in_ref = csr([row[2] for row in rows])
    out_start, out_ref = csr([row[3] for row in rows])
    return Events(
        node=_ints(*(row[0] for row in rows)),
        kind=np.array([row[1] for row in rows], np.uint8),
        in_start=in_start,
        in_ref=in_ref,
        out_start=out_start,
        out_ref=out_ref,
        before=_ints(*(row[4] for row in rows)),
        after=_ints(*(row[5] for row in rows)),
    )


def one_pass(number: int, grads: tuple[int, int, int, int]) -> Pass:
    """``loss.backward()``: sum, mul, x, w; `grads` are x before, x after, w before, w after."""
    x_before, x_after, w_before, w_after = grads
    text = "loss.backward(retain_graph=True)" if number == 0 else "loss.backward()"
    return Pass(
        how="backward",
        text=text,
        site=4 + number,
        roots=[LOSS],
        root_slots=[0],
        seeds=[NONE],
        inputs=[],
        retain_graph=number == 0,
        create_graph=False,
        events=events(
            [
                (SUM, EventKind.RUN, [4], [5], NONE, NONE),
                (MUL, EventKind.RUN, [5], [6, 7], NONE, NONE),
                (X, EventKind.ACCUMULATE, [6], [], x_before, x_after),
                (W, EventKind.ACCUMULATE, [7], [], w_before, w_after),
            ]
        ),
        nodes=_ints(X, W, MUL, SUM, LOSS),
        accumulates_into=[X, W] if number else [],
        seconds=0.001,
    )


def recording(passes: int = 2) -> Recording:
    """The whole recording with its first `passes` passes."""
    s = Strings()
    metas = [TensorMeta((2,), "float32", "cpu"), TensorMeta((), "float32", "cpu"), TensorMeta((2,), "int64", "cpu")]
    sites = [
        site(4, 4, "x * w"),
        site(5, 7, "y.sum()"),
        site(2, 4, "torch.tensor([0.5, -0.0])"),
        site(3, 4, "y.detach()"),
        site(6, 0, "loss.backward(retain_graph=True)"),
        site(7, 0, "loss.backward()"),
    ]
    kinds = [NodeKind.LEAF, NodeKind.LEAF, NodeKind.OP, NodeKind.OP, NodeKind.ROOT, NodeKind.CONSTANT, NodeKind.CUT]
    names = ["AccumulateGrad", "AccumulateGrad", "MulBackward0", "SumBackward0", "", "", "detach"]
    nodes = Nodes(
        kind=np.array(kinds, np.uint8),
        name=_ints(*(s(name) for name in names)),
        var=_ints(*(s(name) for name in ["x", "w", "y", "", "loss", "c", "d"])),
        call=_ints(NONE, NONE, 0, 1, NONE, 2, 3),
        tensor=_ints(0, 1, NONE, NONE, 3, 4, NONE),
        reason=_ints(*(s(key) for key in ["", "", "", "", "", "no_requires_grad", "detach"])),
        seq=np.array([NONE, NONE, 0, 1, NONE, NONE, NONE], np.int64),
        out_start=_ints(0, 1, 2, 3, 4, 5, 6, 7),
        out_meta=_ints(0, 0, 0, 1, 1, 0, 0),
    )
    edges = Edges(
        src=_ints(X, W, MUL, SUM),
        src_slot=_ints(0, 0, 0, 0),
        dst=_ints(MUL, MUL, SUM, LOSS),
        dst_slot=_ints(0, 1, 0, 0),
        meta=_ints(0, 0, 0, 1),
        cut=np.zeros(4, np.uint8),
    )
    saved = Saved(
        node=_ints(MUL, MUL, SUM),
        name=_ints(s("self"), s("other"), s("self_sym_sizes")),
        ref=_ints(0, 1, NONE),
        text=_ints(NONE, NONE, s("(2,)")),
        version=_ints(0, 0, NONE),
    )
    calls = Calls(
        function=_ints(s("Tensor.__mul__"), s("Tensor.sum"), s("torch.tensor"), s("Tensor.detach")),
        site=_ints(0, 1, 2, 3),
        program_site=_ints(0, 1, 2, 3),
        module=_ints(NONE, s("net.0"), NONE, NONE),
        module_class=_ints(NONE, s("Summer"), NONE, NONE),
        target=_ints(s("y"), s("loss"), s("c"), s("d")),
        of_pass=_ints(NONE, NONE, NONE, NONE),
        of_node=_ints(NONE, NONE, NONE, NONE),
        scope=_ints(NONE, 0, NONE, NONE),
    )
    last_x, last_w = {0: (NONE, NONE), 1: (6, 7), 2: (8, 9)}[passes]
    grad_x, grad_w = {0: ("", ""), 1: ("[3, 4]", "[1, 2]"), 2: ("[6, 8]", "[2, 4]")}[passes]
    tensors = [
        TensorInfo(["x"], 0, True, True, False, 0, X, 0, 0, last_x, "[1, 2]", grad_x, (1,)),
        TensorInfo(["w"], 0, True, True, False, 0, W, 0, 1, last_w, "[3, 4]", grad_w, (1,)),
        TensorInfo(["y"], 0, False, True, False, 0, MUL, 0, 2, NONE, "[3, 8]", "", (1,)),
        TensorInfo(["loss"], 1, False, True, False, 0, LOSS, 0, 3, NONE, "11", "", ()),
        TensorInfo(["c"], 0, True, False, False, 0, CONST, 0, 10, NONE, "[0.5, -0]", "", (1,)),
    ]
    return Recording(
        schema=SCHEMA,
        program=PROGRAM,
        filename="chain_rule.py",
        seed=0,
        device="cpu",
        versions={"torch": "2.13.0"},
        strings=s.all,
        metas=metas,
        sites=sites,
        calls=calls,
        graph=Graph(nodes, edges, saved),
        tensors=tensors,
        variables=[
            Variable("torch", "module", "<module 'torch'>"),
            *(Variable(t.names[0], "Tensor", t.text, i) for i, t in enumerate(tensors)),
            Variable("epochs", "int", "3"),
        ],
        passes=[one_pass(0, (NONE, 6, NONE, 7)), one_pass(1, (6, 8, 7, 9))][:passes],
        roots=[LOSS],
        scopes=Scopes(_ints(NONE), np.zeros(1, np.uint8), _ints(s("net.0")), _ints(s("Summer")), _ints(NONE)),
    )


def info_of(ref: int, values: np.ndarray[Any, Any]) -> ValueInfo:
    """What a worker would say of a value."""
    stats = stats_of(values)
    small = values.size <= SMALL
    return ValueInfo(
        ref=ref,
        meta=TensorMeta(tuple(values.shape), values.dtype.name, "cpu"),
        kept="whole",
        stats=stats,
        text=short_text(values.shape, values if small else None, stats.norm),
        values=values if small else None,
        preview=None if small else preview_of(values),
    )


def block(entries: object | None, y_shape: Sequence[int], x_shape: Sequence[int], slot: int = 0, **more: Any) -> Block:
    """A block of a Jacobian as the worker sends it."""
    rows = None if entries is None else np.asarray(entries, np.float64)
    whole: dict[str, Any] = {
        "output": 0,
        "input": slot,
        "y_shape": tuple(y_shape),
        "x_shape": tuple(x_shape),
        "complex_y": False,
        "complex_x": False,
        "structure": "dense",
        "scale": 1.0,
        "rows": (),
        "columns": (),
        "entries": rows,
        "picture": None,
        "diagonal": None,
        "nonzero": 0 if rows is None else int(np.count_nonzero(rows)),
        "greatest": float(np.abs(rows).max()) if rows is not None and rows.size else 0.0,
    }
    return Block(**(whole | more))


def node_math(question: MathQuestion) -> object:
    """The answer about the product or the sum of the program; a refusal for anything else."""
    if not isinstance(question, AskNode) or question.node not in (MUL, SUM):
        return ValueUnavailable("There is no such question here.")
    if question.node == SUM:
        ones = block([[1.0, 1.0]], (), (2,), structure="sum")
        return NodeMath(question, [ones], [np.ones(2, np.float32)], "equal", 0.0, 1e-6)
    x, w = VALUES[0], VALUES[1]
    blocks = [
        block(np.diag(w), (2,), (2,), 0, structure="diagonal"),
        block(np.diag(x), (2,), (2,), 1, structure="diagonal"),
    ]
    return NodeMath(question, blocks, [w, x], "equal", 0.0, 1e-6)


def _layout(values: np.ndarray[Any, Any]) -> Looked:
    steps = tuple(step // values.itemsize for step in values.strides)
    order = "contiguous" if values.flags.c_contiguous else "non-contiguous"
    return Looked(steps, order, values.nbytes, values.shape)


class Source:
    """A value source: answers at once, or when the test says so.

    Parameters
    ----------
    values
        ref -> array.
    held
        Answers wait for :meth:`release`.
    """

    def __init__(self, values: dict[int, np.ndarray[Any, Any]] | None = None, *, held: bool = False) -> None:
        self.values = VALUES if values is None else values
        self.held = held
        self.asked: list[list[int]] = []
        self.questions: list[MathQuestion] = []
        self.given_up: list[Future[MathAnswer]] = []
        self.math: Callable[[MathQuestion], object] = node_math
        self.looked: list[Slice] = []
        self._waiting: list[tuple[Future[Any], Any]] = []

    def describe(self, refs: Sequence[int]) -> Future[list[ValueInfo]]:
        """What is known of some values."""
        self.asked.append(list(refs))
        future: Future[list[ValueInfo]] = Future()
        missing = [ref for ref in refs if ref not in self.values]
        answer: object = ValueUnavailable("The program's process has ended; run it again to see this value.")
        if not missing:
            answer = [info_of(ref, self.values[ref]) for ref in refs]
        self._end(future, answer)
        return future

    def fetch(self, ref: int) -> Future[np.ndarray[Any, Any]]:
        """All of one value."""
        future: Future[np.ndarray[Any, Any]] = Future()
        self._end(future, self.values[ref] if ref in self.values else ValueUnavailable("It was not kept."))
        return future

    def ask(self, question: MathQuestion) -> Future[MathAnswer]:
        """The mathematics of a node: a product and a sum, worked out with numpy."""
        self.questions.append(question)
        future: Future[MathAnswer] = Future()
        self._end(future, self.math(question))
        return future

    def give_up(self, future: Future[MathAnswer]) -> None:
        """Nobody waits for an answer any more."""
        self.given_up.append(future)

    def look(self, spec: Slice) -> Future[Cells]:
        """What a slice shows of one value."""
        self.looked.append(spec)
        future: Future[Cells] = Future()
        self._end(future, self._attempt(lambda: cells_of(self.values[spec.ref], spec, self.values.get(spec.other))))
        return future

    def scan(self, ref: int, part: Part = "value") -> Future[Scan]:
        """What is known of a whole value."""
        future: Future[Scan] = Future()
        self._end(future, self._attempt(lambda: scan_of(self.values[ref], part)))
        return future

    def layout(self, ref: int) -> Future[Looked]:
        """How a value lies in memory."""
        future: Future[Looked] = Future()
        self._end(future, self._attempt(lambda: _layout(self.values[ref])))
        return future

    def save_tensor(self, ref: int, path: str) -> Future[int]:
        """Write one value to a ``.npy`` file."""
        future: Future[int] = Future()
        with open(path, "wb") as file:
            np.save(file, self.values[ref], allow_pickle=False)
            self._end(future, file.tell())
        return future

    @staticmethod
    def _attempt(compute: Callable[[], object]) -> object:
        """An answer, or why there is none."""
        try:
            return compute()
        except KeyError:
            return ValueUnavailable("It was not kept.")
        except ValueUnavailable as gone:
            return gone

    def release(self) -> None:
        """Answer everything that was asked so far."""
        waiting, self._waiting = self._waiting, []
        for future, answer in waiting:
            self._finish(future, answer)

    def _end(self, future: Future[Any], answer: object) -> None:
        if self.held:
            self._waiting.append((future, answer))
        else:
            self._finish(future, answer)

    @staticmethod
    def _finish(future: Future[Any], answer: object) -> None:
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
