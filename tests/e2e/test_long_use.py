"""A window that runs program after program is at the end as it was at the start: nothing piles up."""

from __future__ import annotations

import ctypes
import gc
import sys
import threading

import psutil
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication
from window_at_work import PRODUCT, run

from graphviz_app.ui.imports import import_ahead

FEW, MANY = 8, 1_000
WARM = 12
"""Runs until everything is there that is made when it is first needed."""
PAGE = 60
"""Widgets of one page of the inspector, which may or may not be kept to be written over."""
MOST_MB, MOST_LOST = 20, 1_000
"""References to None that may be lost: a version of PySide lost one in every call and aborted after days. What others
gain is harmless, and the test prints it: 6.11 keeps one for each object and each of its virtual methods that Qt calls
for the first time and Python does not override (a new label's first font: 3, its second: 0)."""

PROGRAMS = [
    PRODUCT,
    PRODUCT.replace("[1.0, 2.0]", "[5.0, 6.0]") + "print('more ' * 100)\n",
    "import torch\nx = torch.randn(40, 30, requires_grad=True)\nfor _ in range(9): x = (x @ x.T @ x * 1e-3).tanh()\n"
    "x.sum().backward()\n",
    "1 / 0\n",
]


def settle():
    """Let everything that is no longer wanted go, down to what the allocator only keeps for later."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def counted(app):
    me = psutil.Process()
    return {
        # Whoever watches the memory of processes has a file of theirs open now and then, for less than a millisecond.
        "descriptors": min(me.num_fds() for _ in range(50)),
        "widgets": len(QApplication.allWidgets()),
        "objects": len(app.window.findChildren(QObject)),
        "threads": threading.active_count(),
        "processes": len(me.children(recursive=True)),
    }


def go_on(app, qtbot, runs):
    for number in range(runs):
        run(app, qtbot, PROGRAMS[number % len(PROGRAMS)])
        controller = app.controller
        for step in range(1, controller.total + 1):
            controller.set_step(step)
        controller.select([number % 4] if controller.total else [])
        QCoreApplication.processEvents()


def look(app, qtbot):
    """Counts once the spare of the last run stands, which is one of the processes."""
    run(app, qtbot, PRODUCT)
    qtbot.waitUntil(lambda: _spare_is_ready(app), timeout=60_000)
    settle()
    return counted(app)


def _spare_is_ready(app):
    spare = app.controller._runner._supervisor._spare
    return spare is not None and spare.is_ready


def lasting(app, qtbot, runs):
    # What a window makes and imports while nobody waits must not fall into what is counted.
    import_ahead().join()
    for _ in app.window.derivatives.pane.make_ahead():
        QCoreApplication.processEvents()
    go_on(app, qtbot, WARM)
    before = look(app, qtbot)
    memory, nones = psutil.Process().memory_info().rss, sys.getrefcount(None)
    go_on(app, qtbot, runs)
    after = look(app, qtbot)
    grown = (psutil.Process().memory_info().rss - memory) / 1e6
    return before, after, grown, sys.getrefcount(None) - nones


def compare(before, after):
    for name in ("descriptors", "threads", "processes"):
        assert after[name] == before[name], name
    for name in ("widgets", "objects"):
        assert after[name] <= before[name] + PAGE, name


def test_run_after_run_leaves_nothing_behind(app, qtbot):
    before, after, _, _ = lasting(app, qtbot, FEW)
    compare(before, after)


@pytest.mark.chaos
@pytest.mark.timeout(1_500)
def test_a_thousand_runs_leave_nothing_behind(app, qtbot, capsys):
    before, after, grown, nones = lasting(app, qtbot, MANY)
    with capsys.disabled():
        print(f"\n{MANY} runs in one window: {grown:+.1f} MB, {nones:+d} references to None, {after}")
    compare(before, after)
    assert grown <= MOST_MB
    assert nones >= -MOST_LOST
