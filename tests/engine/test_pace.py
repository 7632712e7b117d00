"""How the rows of a Jacobian are computed: together or alone, on one thread or two."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest
import torch
from torch import Tensor

from graphviz_app.engine import pace
from graphviz_app.engine.nodecall import Batches
from graphviz_app.engine.pace import BackwardRaised, paced, spread


class Clock:
    """Time that passes only when it is said to."""

    def __init__(self) -> None:
        self.now = 0.0
        self.lost = 0.0
        """Seconds that others had the processor."""

    def perf_counter(self) -> float:
        return self.now + self.lost

    def thread_time(self) -> float:
        return self.now


class Rows:
    """Stands for a node's rows: each takes so long together, and so long alone."""

    def __init__(self, clock: Clock, together: float, alone: float) -> None:
        self.most, self.batched = 100, True
        self.seconds = {True: together, False: alone}
        self.clock = clock
        self.calls: list[tuple[int, bool]] = []

    def rows(self, rows: Sequence[int]) -> list[Tensor | None]:
        self.calls.append((len(rows), self.batched))
        self.clock.now += len(rows) * self.seconds[self.batched]
        return [torch.tensor([[float(row)] for row in rows])]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(pace, "time", found)
    return found


def _run(rows: Rows, count: int, step: int = 1) -> list[float]:
    parts = paced(cast(Batches, rows), range(count), step, lambda: None, lambda _: None)
    return [float(value) for _, part in parts for value in cast(Any, part[0])[:, 0]]


def test_rows_that_are_quick_together_stay_together_and_all_come_once(clock: Clock) -> None:
    rows = Rows(clock, together=1e-6, alone=1e-4)
    assert _run(rows, 1000) == list(range(1000))
    assert all(together for _, together in rows.calls)
    assert len(rows.calls) == 11  # the first few, then as many as go


def test_where_rows_are_slow_together_they_are_computed_alone_if_that_is_quicker(clock: Clock) -> None:
    rows = Rows(clock, together=1e-3, alone=1e-5)
    assert _run(rows, 500) == list(range(500))
    assert rows.calls[0] == (pace.FIRST, True)
    assert not any(together for _, together in rows.calls[1:])


def test_where_they_are_slower_alone_they_stay_together(clock: Clock) -> None:
    rows = Rows(clock, together=1e-3, alone=1e-2)
    assert _run(rows, 500) == list(range(500))
    assert [together for _, together in rows.calls[:3]] == [True, False, True]
    assert all(together for _, together in rows.calls[2:])
    longest = max(count for count, _ in rows.calls[2:]) * 1e-3
    assert longest <= pace.LONG_CALL  # quick questions are answered in between


def test_a_busy_machine_does_not_make_rows_slow(clock: Clock) -> None:
    class Interrupted(Rows):
        def rows(self, rows: Sequence[int]) -> list[Tensor | None]:
            self.clock.lost += 10.0
            return super().rows(rows)

    rows = Interrupted(clock, together=1e-6, alone=1e-7)
    _run(rows, 1000)
    assert all(together for _, together in rows.calls)


def test_rows_of_one_cell_of_the_picture_come_together(clock: Clock) -> None:
    rows = Rows(clock, together=1e-6, alone=1e-4)
    _run(rows, 1000, step=7)
    assert all(count % 7 == 0 for count, _ in rows.calls[:-1])


def test_a_backward_that_raises_says_what_and_whoever_gave_up_is_not_mistaken_for_it() -> None:
    class Raising:
        most, batched = 10, True

        def rows(self, rows: Sequence[int]) -> list[Tensor | None]:
            raise ValueError("no\nmore")

    with pytest.raises(BackwardRaised) as raised:
        list(paced(cast(Batches, Raising()), range(3), 1, lambda: None, lambda _: None))
    assert (raised.value.key, raised.value.fields) == ("backward_raised", {"error": "no"})

    def give_up() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(paced(cast(Batches, Raising()), range(3), 1, give_up, lambda _: None))


@pytest.mark.parametrize(("running", "is_free"), [("1/99", True), ("2/99", False), ("9/99", False), ("", True)])
def test_a_core_is_free_where_fewer_run_than_there_are(
    monkeypatch: pytest.MonkeyPatch, running: str, is_free: bool
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(pace.Path, "read_text", lambda _: f"0.1 0.2 0.3 {running} 7" if running else "")
    assert pace.has_free_core() is is_free


def _spread(rows: Rows, count: int, step: int = 1, meanwhile: Callable[[], None] = lambda: None) -> list[list[float]]:
    """What became of each part, in the order of the rows."""
    found: dict[int, list[float]] = {}

    def work(start: int, part: list[Tensor | None]) -> None:
        found[start] = cast(Any, part[0])[:, 0].tolist()

    spread(cast(Batches, rows), range(count), step, meanwhile, lambda _: None, work)
    return [found[start] for start in sorted(found)]


class Meeting(Rows):
    """Rows that are only computed, after the first few, when two threads ask for some at the same time."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock, together=1e-5, alone=1e-3)
        self.both = threading.Barrier(2)

    def rows(self, rows: Sequence[int]) -> list[Tensor | None]:
        if rows[0]:
            self.both.wait(10)
        return super().rows(rows)


def test_quick_rows_are_shared_with_an_idle_core(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "has_free_core", lambda: True)
    parts = _spread(Meeting(clock), 1000, step=4)
    assert [value for part in parts for value in part] == list(range(1000))
    assert all(len(part) % 4 == 0 for part in parts[:-1])
    assert max(map(len, parts)) <= 100


@pytest.mark.parametrize(("is_free", "together"), [(False, 1e-5), (True, 1e-7), (True, 1e-2)])
def test_rows_stay_on_one_thread_where_two_would_not_help(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, is_free: bool, together: float
) -> None:
    monkeypatch.setattr(pace, "has_free_core", lambda: is_free)
    monkeypatch.setattr(pace, "_by_two", lambda *_: pytest.fail("two threads"))
    parts = _spread(Rows(clock, together, alone=1e-1), 300)
    assert [value for part in parts for value in part] == list(range(300))


@pytest.mark.parametrize("at", [500, 999])
def test_what_goes_wrong_on_either_thread_comes_back(clock: Clock, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    class Breaking(Rows):
        def rows(self, rows: Sequence[int]) -> list[Tensor | None]:
            if at in rows:
                raise ArithmeticError("no")
            return super().rows(rows)

    monkeypatch.setattr(pace, "has_free_core", lambda: True)
    before = threading.active_count()
    with pytest.raises(BackwardRaised):
        _spread(Breaking(clock, 1e-5, 1e-3), 1000)
    assert threading.active_count() == before


def test_giving_up_stops_both_threads(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[None] = []

    def give_up() -> None:
        asked.append(None)
        if len(asked) > 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(pace, "has_free_core", lambda: True)
    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        _spread(Meeting(clock), 1000, meanwhile=give_up)
    assert threading.active_count() == before
