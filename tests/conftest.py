"""Fixtures for every test: an offscreen Qt, settings of its own, and nothing left behind."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from hypothesis import settings

from graphviz_app.ui.typeset import typesetter

if TYPE_CHECKING:
    from runner_told import Told

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
GAP = "longest gap of the event loop"
"""Under this name the fixture ``heart`` of the end-to-end tests tells with its report how long the window waited."""


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Settings, recovery files and caches go to a folder of this test session."""
    home = tmp_path_factory.mktemp("home")
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
    before = {name: os.environ.get(name) for name in names}
    for name in names:
        os.environ[name] = str(home / name.lower())
        Path(os.environ[name]).mkdir()
    yield
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@pytest.fixture(scope="session", autouse=True)
def _one_application(qapp: object) -> Iterator[None]:
    """One application with widgets from the start: what draws without a window would make one that has none."""
    yield
    typesetter().close()


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    """A runner whose processes live from test to test of a module, and what it told."""
    from runner_told import telling

    with telling() as one:
        yield one


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that leaves a thread or a process behind fails.

    Only direct children count: what a process shared by several tests (a runner's zygote) starts is its own affair.
    What a module's one runner leaves is looked for when it is closed, and the typesetter is the application's.
    """
    if "told" in request.fixturenames:
        yield
        return
    me = psutil.Process()
    threads = set(threading.enumerate())
    children = {child.pid for child in me.children()}
    yield
    new = [child for child in me.children() if child.pid not in {*children, typesetter().pid}]
    _, alive = psutil.wait_procs(new, timeout=5)
    alive = [child for child in alive if child.pid != typesetter().pid]  # it may have been just about to start
    for thread in set(threading.enumerate()) - threads:
        if thread is not threading.current_thread():
            thread.join(5)
    left = [thread.name for thread in set(threading.enumerate()) - threads if thread.is_alive() and not thread.daemon]
    assert not alive, f"left running: {alive}"
    assert not left, f"threads left running: {left}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The longest gaps of the window's event loop, longest first, of every test that had a heart."""
    reports = {report.nodeid: report for kind in terminalreporter.stats.values() for report in kind if is_told(report)}
    gaps = sorted(((dict(report.user_properties)[GAP], name) for name, report in reports.items()), reverse=True)
    for gap, name in gaps[:10]:
        terminalreporter.write_line(f"event loop: longest gap {gap * 1e3:6.0f} ms in {name}")


def is_told(report: object) -> bool:
    """Whether a report has the gap of its test's event loop: it comes when the test is put away."""
    return isinstance(report, pytest.TestReport) and GAP in dict(report.user_properties)
