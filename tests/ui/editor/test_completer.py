"""The completer's process: real questions, deaths, and that nothing of the person's runs."""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import CancelledError

import psutil
import pytest

from graphviz_app.worker import completer as module
from graphviz_app.worker import helper
from graphviz_app.worker.command import environment
from graphviz_app.worker.completer import Completer, CompleterError


@pytest.fixture
def completer():
    completer = Completer()
    yield completer
    completer.close()


@pytest.fixture
def other():
    """A completer that talks to a small program in place of jedi."""
    made = []

    def make(code):
        made.append(Completer([sys.executable, "-c", code]))
        return made[-1]

    yield make
    for each in made:
        each.close()


ECHO = """
import sys, time
from graphviz_app.worker.completer import *
while True:
    question = msgspec.msgpack.decode(receive(sys.stdin.buffer), type=Question)
    if "die" in question.source:
        raise SystemExit(3)
    if "slow" in question.source:
        time.sleep(60)
    if "noise" in question.source:
        sys.stdout.buffer.write(b"\\5\\0\\0\\0hello"); sys.stdout.flush(); continue
    send(sys.stdout.buffer, msgspec.msgpack.encode(Answer(question.number, [Completion(question.source, "", "")])))
"""


def ask(completer, source):
    lines = source.split("\n")
    return completer.complete(source, len(lines), len(lines[-1]))


def test_names_kinds_and_signatures(completer):
    found = ask(completer, "import math\nmath.isq").result(60)
    assert [(each.name, each.kind, each.signature) for each in found] == [("isqrt", "function", "(n: SupportsIndex)")]
    own = ask(completer, "weights = 1\ndef f(x):\n    return wei").result(60)
    assert [each.name for each in own] == ["weights"]


def test_broken_code_and_odd_places_give_no_completion_and_no_death(completer):
    assert ask(completer, "x = (((\n'''").result(60) == []
    pid = completer.pid
    assert completer.complete("x", 99, 99).result(60) == []
    assert completer.complete("", -1, -5).result(60) == []
    assert ask(completer, "(" * 5_000 + "x.").result(60) == []
    assert completer.pid == pid


def test_nothing_of_the_persons_is_imported(completer, tmp_path, monkeypatch):
    mark = tmp_path / "ran"
    code = f"open({str(mark)!r}, 'w').close()\nanswer = 1\n"
    for name in ("mine", "jedi", "msgspec"):
        (tmp_path / f"{name}.py").write_text(code)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", "")
    ask(completer, f"import mine\n{code}mine.").result(60)
    ask(completer, "from mine import ans").result(60)
    assert not mark.exists()


def test_only_the_standard_library_may_be_imported_once_it_answers():
    code = """
from graphviz_app.worker.completer import refuse_imports
refuse_imports()
import wave
try:
    import networkx
except ImportError as error:
    print(error)
"""
    import os
    import subprocess

    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment()},
    )
    assert result.stdout == "networkx is not imported for completion\n"
    assert result.stderr == ""


def test_a_newer_question_cancels_those_before_it(other):
    completer = other(ECHO)
    assert ask(completer, "ready").result(60)[0].name == "ready"
    first = ask(completer, "slow")
    second = ask(completer, "second")
    third = ask(completer, "third")
    for dropped in (first, second):
        with pytest.raises(CancelledError):
            dropped.result(10)
    assert not third.done()


def test_a_process_that_hangs_is_given_up_for_a_newer_question(other, monkeypatch):
    completer = other(ECHO)
    ask(completer, "ready").result(60)
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    hung = ask(completer, "slow")
    wait_until(lambda: completer._asked is hung)
    assert ask(completer, "alive").result(60)[0].name == "alive"


@pytest.mark.parametrize("how", ["die", "noise"])
def test_it_starts_again_after_a_death_or_nonsense(other, how):
    completer = other(ECHO)
    with pytest.raises(CompleterError):
        ask(completer, how).result(60)
    assert ask(completer, "again").result(60)[0].name == "again"


def test_killed_between_two_questions_it_starts_again(other):
    completer = other(ECHO)
    ask(completer, "one").result(60)
    process = psutil.Process(completer.pid)
    process.kill()
    wait_until(lambda: completer.pid is None)
    assert ask(completer, "two").result(60)[0].name == "two"


def test_one_that_keeps_dying_is_left_alone_for_a_while(other, monkeypatch):
    completer = other("raise SystemExit(1)")
    errors = []
    for _ in range(helper.MOST_STARTS + 2):
        with pytest.raises(CompleterError) as error:
            ask(completer, "x").result(60)
        errors.append(str(error.value))
    assert errors[-1] == errors[-2] == "the process keeps dying"
    assert "keeps dying" not in errors[0]
    monkeypatch.setattr(helper, "START_WINDOW", 0.0)
    with pytest.raises(CompleterError) as error:
        ask(completer, "x").result(60)
    assert "keeps dying" not in str(error.value)


def test_a_command_that_does_not_exist_is_an_error_not_a_crash():
    completer = Completer(["/nowhere/python"])
    with pytest.raises(CompleterError, match="nowhere"):
        ask(completer, "x").result(60)
    completer.close()


def test_asking_never_blocks_however_long_the_text(other):
    completer = other(ECHO)
    futures = [ask(completer, "slow" + "x" * 2_000_000) for _ in range(10)]
    assert not futures[-1].done()


def test_closing_leaves_no_process_and_no_thread_and_cancels_what_waits(other):
    completer = other(ECHO)
    ask(completer, "ready").result(60)
    process, waiting = psutil.Process(completer.pid), ask(completer, "slow")
    completer.close()
    assert not process.is_running()
    assert waiting.cancelled()
    assert "completer" not in [thread.name for thread in threading.enumerate()]
    assert ask(completer, "x").cancelled()
    completer.close()


def test_the_process_ends_with_its_parent(completer):
    ask(completer, "x = 1\nx").result(60)
    process = psutil.Process(completer.pid)
    completer._helper._process.stdin.close()
    process.wait(20)
    assert not process.is_running()


def wait_until(true, seconds=20):
    """Poll without sleeping a fixed time."""
    gate, end = threading.Event(), time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        gate.wait(0.005)
