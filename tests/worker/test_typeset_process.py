"""The process that typesets: real formulas, nonsense, deaths, and that it ends with the window."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import psutil
import pytest

from graphviz_app.worker.helper import HelperError
from graphviz_app.worker.typeset_process import Asked, TypesetProcess, typeset

PIECE = Asked(r"\bar{x} = v \cdot \frac{1}{2}", 15.0, "#112233")


@pytest.fixture
def process() -> Iterator[TypesetProcess]:
    made = TypesetProcess()
    yield made
    made.end()


def test_it_draws_what_would_be_drawn_here(process: TypesetProcess) -> None:
    assert process.typeset(PIECE) == typeset(PIECE)


def test_what_is_no_latex_is_told_and_the_next_piece_is_typeset_by_the_same_process(process: TypesetProcess) -> None:
    assert process.typeset(Asked(r"\frac{1}{", 15.0, "#112233")) == ""
    pid = process.pid
    assert process.typeset(PIECE).startswith("<svg")
    assert process.pid == pid


def test_killed_between_two_pieces_it_starts_again(process: TypesetProcess) -> None:
    process.typeset(PIECE)
    running = psutil.Process(process.pid)
    running.kill()
    running.wait(20)
    assert process.typeset(PIECE).startswith("<svg")


def test_one_that_keeps_dying_is_left_alone() -> None:
    process = TypesetProcess([sys.executable, "-c", "raise SystemExit(1)"])
    errors = []
    for _ in range(6):
        with pytest.raises(HelperError) as error:
            process.typeset(PIECE)
        errors.append(str(error.value))
    assert errors[-1] == errors[-2] == "the process keeps dying"
    assert "keeps dying" not in errors[0]


def test_it_ends_with_the_window(process: TypesetProcess) -> None:
    process.typeset(PIECE)
    running = psutil.Process(process.pid)
    process._helper._process.stdin.close()
    running.wait(20)
    assert not running.is_running()
