"""How the rows of a Jacobian are computed: together or alone, and what is done with them beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest
import torch
from torch import Tensor

from graphviz_app.engine import pace
from graphviz_app.engine.nodecall import Batches
from graphviz_app.engine.pace import BackwardRaised, Beside, paced


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


def test_what_is_done_beside_is_done_in_order_and_whole() -> None:
    for is_free in (True, False):
        done: list[int] = []
        with Beside(is_free=is_free) as beside:
            for number in range(50):
                beside.do(lambda number=number, done=done: done.append(number))  # type: ignore[misc]
        assert done == list(range(50))


@pytest.mark.parametrize(("running", "is_free"), [("1/99", True), ("2/99", False), ("9/99", False), ("", True)])
def test_a_core_is_free_where_fewer_run_than_there_are(
    monkeypatch: pytest.MonkeyPatch, running: str, is_free: bool
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(pace.Path, "read_text", lambda _: f"0.1 0.2 0.3 {running} 7" if running else "")
    assert pace.has_free_core() is is_free


def _do_beside(*works: Callable[[], None]) -> None:
    with Beside(is_free=True) as beside:
        for work in works:
            beside.do(work)


def test_what_goes_wrong_beside_comes_back() -> None:
    def wrong() -> None:
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        _do_beside(lambda: None, wrong)
