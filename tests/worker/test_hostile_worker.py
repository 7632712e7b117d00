"""A worker that says anything: its run ends in a sentence or in data of the right types, and the next one works."""

from __future__ import annotations

import contextlib
import os
import random
import select
import socket
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, get_args

import msgspec
import numpy as np
import pytest
from panel_sample import VALUES, info_of, recording

from graphviz_app.recording.calculus import AskHealth, AskRule, Health, Rule
from graphviz_app.recording.codec import encode
from graphviz_app.recording.model import Recording, Stats, ValueInfo
from graphviz_app.recording.slices import Cells, Cut, Looked, Slice
from graphviz_app.recording.values import ValueUnavailable
from graphviz_app.worker import supervisor
from graphviz_app.worker.child import _array_parts
from graphviz_app.worker.events import Ended, Event, GraphSketched, RecordingReady
from graphviz_app.worker.framing import frames
from graphviz_app.worker.protocol import (
    AskLayout,
    AskMath,
    Describe,
    Described,
    Fetch,
    Fetched,
    InputWanted,
    LayoutTold,
    LookedInto,
    LookInto,
    MathTold,
    Progress,
    Ready,
    Recorded,
    Refused,
    RunProgram,
    Saved,
    Sketched,
)
from graphviz_app.worker.runs import Order
from graphviz_app.worker.spawn import Process
from graphviz_app.worker.supervisor import Supervisor

FEW, MANY = 250, 20_000
NO_STATS = Stats(0, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0, 0, 0)
RUN = 1
HOSTILE: tuple[Any, ...] = (
    None, True, -1, 0, 2**31, 2**63 - 1, -(2**63), 1e308, float("nan"), "", "x" * 3_000, "\x00\u202e<b>", b"",
    b"\xff" * 9, [], [[]], {}, {"type": "Quit"},
    ["float32", [2**62, 2**62], b""], ["object", [1], b"12345678"], ["<f8", [-1], b""],
)  # fmt: skip


class Fakes:
    """A spawner of processes that are ours: the other ends of their connections stay here."""

    def __init__(self) -> None:
        self.made: list[tuple[Process, socket.socket, int, int]] = []

    def spawn(self, connection: socket.socket, out: int, err: int, *, probe: bool) -> Process:
        """Keep everything."""
        connection.setblocking(False)
        self.made.append((Process(), connection, out, err))
        return self.made[-1][0]

    def filenos(self) -> list[int]:
        """None."""
        return []

    def poll(self) -> None:
        """Nothing happens by itself."""

    def trouble(self) -> str:
        """None."""
        return ""

    def close(self) -> None:
        """Close what is still open."""
        for _, connection, out, err in self.made:
            connection.close()
            for fd in (out, err):
                with contextlib.suppress(OSError):
                    os.close(fd)


class Watch:
    """A supervisor whose loop is turned by hand, and everything it told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fakes = Fakes()
        monkeypatch.setattr(supervisor, "make_spawner", lambda _use_zygote: self.fakes)
        self.told: list[Event] = []
        self.supervisor = Supervisor(self.told.append, 1 << 40, None)
        self.supervisor.begin()

    def turn(self) -> None:
        """Listen once to everybody who has something to say."""
        wanted = list(self.supervisor.wanted())
        readable, writable, _ = select.select(wanted, wanted, [], 0)
        self.supervisor.turn(set(readable), set(writable))

    def order(self, number: int) -> socket.socket:
        """Have a program run; the connection of the worker that got it."""
        program = RunProgram(run=number, source="", filename="p.py", seed=0, device="cpu", value_budget=1)
        connection = self.fakes.made[-1][1]
        self.supervisor.run(Order(program, None))
        self.turn()
        return connection

    def say(self, connection: socket.socket, data: bytes) -> None:
        """Send bytes as a worker; whoever hung up hears no more."""
        view = memoryview(data)
        with contextlib.suppress(ConnectionError):
            while view:
                with contextlib.suppress(BlockingIOError):
                    view = view[connection.send(view[:50_000]) :]
                self.turn()
        self.turn()

    def hang_up(self, number: int) -> None:
        """End worker `number` as the system would."""
        process, connection, _, _ = self.fakes.made[number]
        connection.close()
        process.code = -9
        for _ in range(3):
            self.turn()

    def end(self) -> None:
        """Put everything away."""
        self.supervisor.end()


def framed(message: object) -> bytes:
    return b"".join(bytes(piece) for piece in frames(encode(message)))


def valid() -> list[object]:
    """A message of every kind, as answers to what is asked below."""
    infos = [info_of(ref, VALUES[ref]) for ref in sorted(VALUES)[:3]]
    return [
        Recorded(RUN, recording()),
        Recorded(RUN, recording(1)),
        Sketched(RUN, recording()),
        Ready("2.13.0", "3.11", []),
        Progress(RUN, "running", 1, 2),
        InputWanted(RUN, "name? "),
        Described(RUN, 1, infos),
        Fetched(RUN, 2, np.arange(3.0)),
        LayoutTold(RUN, 3, Looked((1,), "C", 24, (3,))),
        Saved(RUN, 1, "/tmp/x", 3),
        Refused(RUN, 2, "No."),
        LookedInto(RUN, 3, Cells(np.zeros((2, 2)), None, None, (1, 1), 1.0, None)),
        MathTold(RUN, 4, health(0)),
        MathTold(RUN, 4, health(1)),
    ]


def health(index: int) -> Health:
    """How the gradients of a pass of the sample are, as a worker would tell it."""
    graph = recording().graph
    nodes, edges = len(graph.nodes.kind), len(graph.edges)
    return Health(AskHealth(index), np.zeros(nodes), np.zeros(edges), np.zeros(nodes, dtype=np.uint8), -1, -1)


def changed(value: Any, chance: random.Random) -> Any:
    """The same with one leaf, or one branch, replaced, dropped or doubled."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(list(value))
        return {**value, key: changed(value[key], chance)}
    if isinstance(value, (list, tuple)) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        kept = list(value)
        kept[at : at + 1] = chance.choice(
            ([], [kept[at]] * 2, [changed(kept[at], chance)], [changed(kept[at], chance)])
        )
        return kept
    if isinstance(value, int) and chance.random() < 0.3:
        return value + chance.choice((-1, 1))
    return chance.choice(HOSTILE)


def nonsense(chance: random.Random) -> bytes:
    """Bytes that a worker might send: noise, noise in frames, messages changed, messages of the wrong kind."""
    kind, message = chance.randrange(6), chance.choice(valid())
    if kind == 0:
        return chance.randbytes(chance.randrange(200))
    if kind == 1:
        return b"".join(bytes(piece) for piece in frames(chance.randbytes(chance.randrange(3_000))))
    if kind == 2:
        data = bytearray(framed(message))
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        return bytes(data)
    if kind == 3:
        return framed(message)
    plain = msgspec.to_builtins(message, builtin_types=(bytes,), enc_hook=_array_parts)
    for _ in range(chance.randint(1, 3)):
        plain = changed(plain, chance)
    with contextlib.suppress(OverflowError, UnicodeEncodeError):
        return b"".join(bytes(piece) for piece in frames(msgspec.msgpack.encode(plain)))
    return b"\xc1"


ANSWERS: dict[type, type] = {Describe: list, Fetch: np.ndarray, AskLayout: Looked, AskMath: Health}


NINE, SQUARE = (
    Cells(np.zeros(9), None, None, (1,), 1.0, NO_STATS),
    Cells(np.zeros((2, 2)), None, None, (1, 1), 1.0, NO_STATS),
)


def attack(monkeypatch: pytest.MonkeyPatch, chance: random.Random) -> str:
    """One hostile worker, then a good one; what became of the hostile one's run."""
    watch = Watch(monkeypatch)
    try:
        first = watch.order(RUN)
        watch.say(first, framed(valid()[2]))
        if chance.random() < 0.5:  # it has been good until now, and is asked about its values
            watch.say(first, framed(valid()[0]))
        futures: list[tuple[type, Future[Any]]] = []
        for make in (DescribeThree, lambda r, q: Fetch(r, q, 0), AskLayoutOf, AskHealthOf):
            future: Future[Any] = Future()
            watch.supervisor.ask(None, make, future)
            futures.append((type(make(0, 0)), future))
        for _ in range(chance.randint(1, 5)):
            watch.say(first, nonsense(chance))
        watch.hang_up(0)
        checked(watch.told, futures)
        ends = [event for event in watch.told if isinstance(event, Ended) and event.run == RUN]
        assert len(ends) == 1
        second = watch.order(RUN + 1)
        good = Recorded(RUN + 1, recording())
        watch.say(second, framed(Ready("2.13.0", "3.11", [])) + framed(good))
        last = [event for event in watch.told if isinstance(event, (Ended, RecordingReady))][-2:]
        assert [event.run for event in last] == [RUN + 1, RUN + 1]
        assert isinstance(last[1], Ended)
        assert last[1].how in ("done", "failed")
        return ends[0].key or ends[0].how
    finally:
        watch.end()
        watch.fakes.close()


def DescribeThree(run: int, request: int) -> Describe:
    return Describe(run, request, sorted(VALUES)[:3])


def AskHealthOf(run: int, request: int) -> AskMath:
    return AskMath(run, request, AskHealth(0))


def LookAtSix(run: int, request: int) -> LookInto:
    return LookInto(run, request, Slice(0, (Cut("range", 0, 6),), (0,)))


def AskLayoutOf(run: int, request: int) -> AskLayout:
    return AskLayout(run, request, 0)


def checked(told: list[Event], futures: list[tuple[type, Future[Any]]]) -> None:
    """Every event is one of ours, and every answer is of the kind that was asked for."""
    for event in told:
        assert isinstance(event, get_args(Event))
        if isinstance(event, (RecordingReady, GraphSketched)):
            assert isinstance(event.recording, Recording)
    for question, future in futures:
        assert future.done()
        if future.exception() is None:
            assert isinstance(future.result(), ANSWERS[question])
            if question is Describe:
                assert all(isinstance(info, ValueInfo) for info in future.result())
                assert [info.ref for info in future.result()] == sorted(VALUES)[:3]
            if question is AskMath:
                assert future.result().ask == AskHealth(0)
                assert future.result().state.shape == recording().graph.nodes.kind.shape


def attacks(monkeypatch: pytest.MonkeyPatch, count: int, seed: int) -> dict[str, int]:
    ends: dict[str, int] = {}
    for number in range(count):
        with monkeypatch.context() as patch:
            try:
                end = attack(patch, random.Random(f"{seed} {number}"))
            except Exception as error:
                raise AssertionError(f"attack {number} of seed {seed}") from error
        ends[end] = ends.get(end, 0) + 1
    return ends


def test_a_worker_may_say_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = attacks(monkeypatch, FEW, 1)
    assert sum(ends.values()) == FEW
    assert ends["bad_message"] > FEW // 10  # what is none of ours is told as such


@pytest.mark.chaos
@pytest.mark.timeout(3_600)
def test_twenty_thousand_hostile_workers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    seed = random.SystemRandom().randrange(2**32)
    ends = attacks(monkeypatch, MANY, seed)
    with capsys.disabled():
        print(f"\n{MANY:,} hostile workers (seed {seed}): {ends}")


def test_a_worker_that_sketches_again_and_again_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch(monkeypatch)
    try:
        connection = watch.order(RUN)
        watch.say(connection, framed(Ready("2.13.0", "3.11", [])) + framed(Sketched(RUN, recording())) * 3)
        assert len([event for event in watch.told if isinstance(event, GraphSketched)]) == 1
        (ended,) = [event for event in watch.told if isinstance(event, Ended)]
        assert ended.key == "bad_message"
    finally:
        watch.end()
        watch.fakes.close()


@pytest.mark.parametrize(
    ("make", "answer", "said"),
    [
        (DescribeThree, lambda: Fetched(RUN, 1, np.arange(3.0)), "Fetched is no answer to Describe"),
        (AskHealthOf, lambda: MathTold(RUN, 1, Rule(AskRule("Mul"), "", {})), "Rule is no answer to AskHealth"),
        (AskHealthOf, lambda: MathTold(RUN, 1, health(1)), "Health answers another question"),
        (
            AskHealthOf,
            lambda: MathTold(RUN, 1, msgspec.structs.replace(health(0), state=np.zeros(2, dtype=np.uint8))),
            r"state has the shape \(2,\)",
        ),
        (
            LookAtSix,
            lambda: LookedInto(RUN, 1, SQUARE),
            "no answer",
        ),
        (LookAtSix, lambda: LookedInto(RUN, 1, NINE), "no answer"),
    ],
)
def test_an_answer_to_something_else_than_was_asked_is_nonsense(
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[int, int], Any],
    answer: Callable[[], object],
    said: str,
) -> None:
    watch = Watch(monkeypatch)
    first = watch.order(RUN)
    watch.say(first, framed(valid()[2]) + framed(valid()[0]))
    future: Future[Any] = Future()
    watch.supervisor.ask(None, make, future)
    watch.turn()
    watch.say(first, framed(answer()))
    with pytest.raises(ValueUnavailable, match=said):
        future.result(0)
    watch.end()
    watch.fakes.close()
