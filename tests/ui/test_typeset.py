"""Formulas come from a process of their own, whatever becomes of that process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import psutil
import pytest
from pytestqt.qtbot import QtBot

from graphviz_app.ui.typeset import Typesetter
from graphviz_app.worker.typeset_process import Asked, TypesetProcess

DIES_AT_FIRST = """
import os, sys
from pathlib import Path
from graphviz_app.worker.typeset_process import serve
mark = Path(sys.argv[1])
if not mark.exists():
    mark.touch()
    sys.stdin.buffer.read(1)
    os._exit(3)
serve(sys.stdin.buffer, sys.stdout.buffer)
"""


def piece(latex: str) -> Asked:
    return Asked(latex, 15.0, "#112233")


@pytest.fixture
def setter() -> Iterator[Typesetter]:
    made = Typesetter()
    yield made
    made.close()


def test_no_thread_of_the_window_typesets(setter: Typesetter, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: setter.known(piece("x + y")) is not None)
    assert setter.pid not in (None, os.getpid())


def test_a_formula_comes_though_the_process_died_over_it(qtbot: QtBot, tmp_path) -> None:
    setter = Typesetter(process=TypesetProcess([sys.executable, "-c", DIES_AT_FIRST, str(tmp_path / "died")]))
    qtbot.waitUntil(lambda: setter.known(piece("x")) is not None)
    assert (tmp_path / "died").exists()
    setter.close()


def test_after_it_was_closed_what_is_asked_for_is_typeset_all_the_same(setter: Typesetter, qtbot: QtBot) -> None:
    for name in "abcdefgh":
        setter.known(piece(name))
    setter.prepared()
    setter.close()
    assert setter.pid is None
    qtbot.waitUntil(lambda: setter.known(piece("h")) is not None and setter.prepared())


def test_closed_it_leaves_no_process(setter: Typesetter, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: setter.known(piece("x")) is not None)
    running = psutil.Process(setter.pid)
    setter.close()
    assert not running.is_running()
