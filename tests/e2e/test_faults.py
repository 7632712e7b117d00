"""What people's programs do to the window: it says in a sentence what happened, loses nothing, and the next run works.

The tables are the editor's door. The window may wait for nobody: the
heart that beats in its event loop is asked at the end of each.
"""

from __future__ import annotations

import re

import psutil
import pytest
from window_at_work import LONG, PRODUCT, run

FROZEN = 1.0
"""Seconds without a beat that nobody would take for a busy machine. What is promised is 0.1; the session prints it."""

SAYS = "import os\nprint('at it', os.getpid(), flush=True)\n"
"""The first lines of a program that tell when it has begun, and which process it is."""

STOPPED = {
    "an endless loop": "while True:\n    pass",
    "a loop that swallows every exception": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    ),
    "an interrupt that is ignored": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    "a sleep in C that begins again": (
        "import ctypes\nlibc = ctypes.PyDLL(None)\nwhile True: libc.sleep(1000)"  # with the interpreter's lock held
    ),
    "a matrix product of many seconds": "import torch\na = torch.rand(9000, 9000)\nwhile True: a = a @ a",
    "a thread that is waited for": (
        "import threading\nt = threading.Thread(target=threading.Event().wait)\nt.start()\nt.join()"
    ),
}

CRASHES = {
    "segfault": ("import ctypes; ctypes.string_at(0)", "touched memory that is not its own"),
    "abort": ("import os; os.abort()", "gave up"),
    "_exit": ("import os; os._exit(3)", "ended its own process with exit code 3"),
    "kill -9": ("import os, signal; os.kill(os.getpid(), 9)", "was killed from outside"),
    "kill -9 while it packs": (
        "import os, threading, time, torch\nx = torch.ones(3, requires_grad=True)\n"
        "y = x\nfor _ in range(3000): y = y * 1.0\ny.sum().backward()\nos.kill(os.getpid(), 9)",
        "was killed from outside",
    ),
    "noise on our own connection": (
        "import os\nfor fd in range(3, 40):\n    try: os.write(fd, b'\\xff' * 5000)\n"
        "    except OSError: pass\nwhile True: pass",
        "cannot be read|ended|was killed",
    ),
    "a descriptor closed": (
        "import os\nos.closerange(3, 64)\nwhile True: pass",
        "ended|cannot be read|connection|was killed|stopped",
    ),
}

RAISES = {
    "fifty gigabytes": ("import torch\nx = torch.empty(50_000_000_000, dtype=torch.uint8)", "memory"),
    "empty text": ("", "empty|nothing"),
    "only a comment": ("# nothing", "no tensors|nothing|There is no"),
    "syntax error": ("def f(:\n", "invalid syntax|cannot be read"),
    "indentation": ("if 1:\nx = 1\n", "indent"),
    "a NUL in the text": ("x = 1\0\n", "null|NUL"),
    "division by zero": ("1 / 0", "zero"),
    "endless recursion": ("def f(): return f()\nf()", "recursion|calls itself|too deep"),
    "system exit": ("import sys; sys.exit('bye')", "exit"),
    "a module that is not there": ("import no_such_module", "no_such_module"),
    "a name that is not there": ("y = undefined_name + 1\n", "undefined_name"),
    "shapes that do not fit": ("import torch\ntorch.ones(2, 3) @ torch.ones(4, 5)", "2x3 and 4x5"),
    "backward of a vector": (
        "import torch\nx = torch.ones(3, requires_grad=True)\n(x * 2).backward()",
        "scalar|gradient",
    ),
    "backward twice": (
        "import torch\nx = torch.ones(3, requires_grad=True)\ny = (x * x).sum()\ny.backward()\ny.backward()",
        "second time|twice|freed",
    ),
    "in place on a leaf": ("import torch\nx = torch.ones(3, requires_grad=True)\nx += 1", "in-place|in place|leaf"),
    "an exception with a hostile message": (
        "raise ValueError('<img src=x onerror=alert(1)><b>bold</b>\\x1b[31m\\x00\\u202e')",
        "value it cannot use",
    ),
    "an exception whose str raises": (
        "class E(Exception):\n    def __str__(self): raise RuntimeError('no')\nraise E()",
        "E",
    ),
}


QUICK = {"a loop that swallows every exception", "a sleep in C that begins again", "segfault", "kill -9 while it packs"}
QUICK |= {"noise on our own connection", "fifty gigabytes", "endless recursion", "an exception whose str raises"}
"""Rows that are part of make test; make chaos runs all of them."""


def rows(table):
    return [name if name in QUICK else pytest.param(name, marks=pytest.mark.chaos) for name in table]


def is_gone(process):
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize("name", rows(STOPPED))
def test_stop_works_within_three_seconds_and_the_next_run_at_once(app, qtbot, heart, name):
    run(app, qtbot, PRODUCT)
    window, controller = app.window, app.controller
    ended = []
    controller.runEnded.connect(ended.append)
    text = SAYS + STOPPED[name]
    window.editor.set_text(text)
    before = controller.recording
    window.actions_["run.run"].trigger()
    qtbot.waitUntil(lambda: "at it" in window.console.text(), timeout=LONG)
    worker = psutil.Process(int(re.search(r"at it (\d+)", window.console.text())[1]))
    heart.start()
    window.actions_["run.stop"].trigger()
    qtbot.waitUntil(lambda: bool(ended), timeout=3_000)
    assert heart.stop() < FROZEN
    # It may stay only to answer questions about what it has recorded.
    qtbot.waitUntil(lambda: is_gone(worker) or controller.recording.program == text, timeout=3_000)
    assert window.editor.text() == text
    assert controller.recording is before or controller.recording.program == text
    run(app, qtbot, PRODUCT)
    assert controller.recording.program == PRODUCT


@pytest.mark.parametrize("name", rows(CRASHES))
def test_a_crash_is_named_and_nothing_is_lost(app, qtbot, heart, name):
    run(app, qtbot, PRODUCT)
    before = app.controller.recording
    text, said = CRASHES[name]
    text = SAYS + text
    heart.start()
    started = []
    app.controller.runStarted.connect(lambda: started.append(1))
    app.window.editor.set_text(text)
    ended = []
    app.controller.runEnded.connect(ended.append)
    app.window.actions_["run.run"].trigger()
    if name in ("noise on our own connection", "a descriptor closed"):
        qtbot.waitUntil(lambda: bool(ended) or "at it" in app.window.console.text(), timeout=LONG)
        if not ended:
            app.window.actions_["run.stop"].trigger()
    qtbot.waitUntil(lambda: bool(ended), timeout=LONG)
    assert heart.stop() < FROZEN
    assert re.search(said, app.window.banner.text())
    assert app.window.editor.text() == text
    assert app.controller.recording is before
    run(app, qtbot, PRODUCT)
    assert started == [1, 1]  # nothing was run again by itself
    assert app.controller.recording.program == PRODUCT


@pytest.mark.parametrize("name", rows(RAISES))
def test_what_is_wrong_is_said_in_a_sentence_and_the_text_stays(app, qtbot, heart, name):
    text, said = RAISES[name]
    run(app, qtbot, text)
    words = app.window.banner.text() + app.window.console.text()
    assert re.search(said, words, re.IGNORECASE), words
    assert app.window.editor.text() == text
    run(app, qtbot, PRODUCT)
    assert app.controller.recording.program == PRODUCT
