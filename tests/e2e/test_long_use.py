"""A window that runs program after program is at the end as it was at the start: nothing piles up."""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
import time

import psutil
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from window_at_work import PRODUCT, run

from graphviz_app.ui.imports import import_ahead

# What Qt says would be kept for the report: a record with a None of its own for each line.
pytestmark = pytest.mark.no_qt_log
FEW, MANY = 8, 1_000
WARM = 24
"""Runs until everything is there that is made when it is first needed."""
PAGE = 60
"""Widgets of one page of the inspector, which may or may not be kept to be written over."""
MOST_MB = 20
MOST_NONES = 0.25
"""References to None gained or lost a run, at most: a version of PySide lost one in every call and aborted after days.
6.11 keeps one for ever for each object and each of its virtual methods that Qt calls for the first time and Python does
not override: a button that is made anew costs 17, an image that is painted on 6. So nothing of that kind is made per
run; what is left is when the one or the other pane makes what it keeps."""
NOISE = 16
"""References more or less after a few runs, by when what is gone is looked for: fewer than one button costs."""
COUNTS_NONE = sys.version_info < (3, 12)
"""Later None is immortal, and nobody counts."""

PROGRAMS = [
    PRODUCT,
    PRODUCT.replace("[1.0, 2.0]", "[5.0, 6.0]") + "print('more ' * 100)\n",
    "import torch\nx = torch.randn(40, 30, requires_grad=True)\nfor _ in range(9): x = (x @ x.T @ x * 1e-3).tanh()\n"
    "x.sum().backward()\n",
    "1 / 0\n",
]


class Patience:
    """Waits as ``qtbot`` does, which makes an event loop for every look at what it waits for: 4 references to None."""

    @staticmethod
    def waitUntil(is_so, timeout):
        deadline = time.monotonic() + timeout / 1000
        while not is_so():
            assert time.monotonic() < deadline
            QTest.qWait(1)


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


def go_on(app, runs):
    for number in range(runs):
        run(app, Patience, PROGRAMS[number % len(PROGRAMS)])
        controller = app.controller
        for step in range(1, controller.total + 1):
            controller.set_step(step)
        controller.select([number % 4] if controller.total else [])
        QCoreApplication.processEvents()


def look(app):
    """Counts once the spare of the last run stands, which is one of the processes."""
    run(app, Patience, PRODUCT)
    Patience.waitUntil(lambda: _spare_is_ready(app), timeout=60_000)
    settle()
    return counted(app)


def _spare_is_ready(app):
    spare = app.controller._runner._supervisor._spare
    return spare is not None and spare.is_ready


def lasting(app, runs):
    # What a window makes and imports while nobody waits must not fall into what is counted.
    import_ahead().join()
    for _ in app.window.derivatives.pane.make_ahead():
        QCoreApplication.processEvents()
    go_on(app, WARM)
    before = look(app)
    memory, nones = psutil.Process().memory_info().rss, sys.getrefcount(None)
    go_on(app, runs)
    after = look(app)
    grown = (psutil.Process().memory_info().rss - memory) / 1e6
    return before, after, grown, sys.getrefcount(None) - nones


def compare(before, after):
    for name in ("descriptors", "threads", "processes"):
        assert after[name] == before[name], name
    for name in ("widgets", "objects"):
        assert after[name] <= before[name] + PAGE, name


def test_run_after_run_leaves_nothing_behind(app):
    before, after, _, _ = lasting(app, FEW)
    compare(before, after)


@pytest.mark.skipif(not COUNTS_NONE, reason="None is immortal from Python 3.12 on")
def test_no_references_to_none_pile_up(app):
    """Each program's panes and pictures are made in the first rounds; after that the same ones serve every run."""
    lasting(app, 0)
    assert min(abs(_gained_by(app)) for _ in range(3)) <= NOISE


def _gained_by(app):
    settle()
    nones = sys.getrefcount(None)
    go_on(app, len(PROGRAMS))
    settle()
    return sys.getrefcount(None) - nones


@pytest.mark.chaos
@pytest.mark.timeout(1_500)
def test_a_thousand_runs_leave_nothing_behind(app, capsys):
    before, after, grown, nones = lasting(app, MANY)
    with capsys.disabled():
        print(f"\n{MANY} runs in one window: {grown:+.1f} MB, {nones:+d} references to None, {after}")
    compare(before, after)
    assert grown <= MOST_MB
    if COUNTS_NONE:
        assert abs(nones) <= MOST_NONES * MANY
