"""The smaller parts of the worker: memory, interrupts, endings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import psutil
import pytest

from graphviz_app.worker.endings import amount, ending_of_exit, ending_text
from graphviz_app.worker.memory import default_limit, resident
from graphviz_app.worker.spawn import last_line
from graphviz_app.worker.stdio import ConsoleInput, Interrupts


def test_resident_memory_counts_this_process() -> None:
    mine = psutil.Process().memory_info().rss
    assert mine / 2 < resident(os.getpid()) < mine * 2 + (64 << 20)


def test_resident_memory_of_nobody_is_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    assert resident(gone.pid) == 0


def test_children_count_and_what_they_share_counts_once() -> None:
    """A forked child shares everything: adding up would give twice as much."""
    script = (
        "import os, sys; x = bytearray(b'x') * (200 << 20); pid = os.fork()\n"
        "if pid: print('up', flush=True)\n"
        "sys.stdin.read()"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", script], stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        exact, quick = resident(process.pid), resident(process.pid, over=1 << 40)
        process.communicate(b"")
    assert 200 << 20 < exact < 300 << 20
    assert quick > 400 << 20


def test_the_default_limit_is_part_of_what_is_free() -> None:
    assert 0 < default_limit() < psutil.virtual_memory().total


@pytest.mark.parametrize(
    ("code", "key"),
    [(3, "exited"), (-11, "segfault"), (-6, "aborted"), (-9, "killed"), (-8, "signal"), (-99, "signal")],
)
def test_an_exit_code_becomes_a_sentence(code: int, key: str) -> None:
    found, params = ending_of_exit(code)
    assert found == key
    assert "{" not in ending_text(found, params)[0]


@pytest.mark.parametrize(
    ("count", "text"), [(500 << 20, "500 MB"), (3 << 29, "1.5 GB"), (12, "12 bytes"), (1 << 40, "1024 GB")]
)
def test_an_amount_of_memory_is_written_as_a_person_would(count: int, text: str) -> None:
    assert amount(count) == text


def test_the_last_line_of_a_traceback_says_what_it_was() -> None:
    assert last_line("Traceback:\n  File x\nImportError: no torch.\n\n") == "ImportError: no torch"
    assert last_line("") == ""


@pytest.fixture
def interrupts() -> Interrupts:
    return Interrupts()


def test_an_interrupt_is_put_off_while_a_message_is_sent(interrupts: Interrupts) -> None:
    reached: list[str] = []

    def send() -> None:
        with interrupts.held():
            interrupts._handle(signal.SIGINT, None)
            reached.append("sent")
        reached.append("never")

    with interrupts.allowed(), pytest.raises(KeyboardInterrupt):
        send()
    assert reached == ["sent"]


def test_an_interrupt_that_nothing_waits_for_is_forgotten(interrupts: Interrupts) -> None:
    interrupts._handle(signal.SIGINT, None)
    with interrupts.allowed(), interrupts.held():
        pass
    assert not interrupts._came


def test_a_late_interrupt_does_not_hit_the_next_run(interrupts: Interrupts) -> None:
    with interrupts.held():
        interrupts._handle(signal.SIGINT, None)
    with interrupts.allowed(), interrupts.held():
        pass
    assert not interrupts._came


def test_standard_input_reads_lines_until_the_end() -> None:
    answers = iter(["a", "b", None])
    assert list(ConsoleInput(lambda prompt: next(answers))) == ["a\n", "b\n"]


def test_standard_input_reads_everything() -> None:
    answers = iter(["a", "", None])
    assert ConsoleInput(lambda prompt: next(answers)).read() == "a\n\n"


def test_only_the_main_thread_can_ask() -> None:
    got: list[str] = []
    console = ConsoleInput(lambda prompt: "line")
    thread = threading.Thread(target=lambda: got.append(console.readline()))
    thread.start()
    thread.join()
    assert (got, console.readline()) == ([""], "line\n")
