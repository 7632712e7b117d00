"""One runner for a file of tests, and a window of its own for each."""

from __future__ import annotations

import sys

import pytest
from heartbeat import Heartbeat
from PySide6.QtCore import QSettings
from window_at_work import Shared

from graphviz_app.ui.app import SWITCH_SECONDS, App
from graphviz_app.ui.settings import Settings


@pytest.fixture(scope="module")
def shared():
    made = Shared()
    yield made
    made.runner.close()


@pytest.fixture
def app(shared, qtbot, qapp, tmp_path, monkeypatch):
    # As the application sets it once its window stands; restored for whoever comes next.
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    settings.set("language", "en")
    settings.set("theme", "light")
    made = App(qapp, settings, runner=shared.runner)
    shared.listener = made.controller.receive
    made.window.canvas.animations = False
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    made.window.close()
    made.close()
    made.window.deleteLater()
    # What was run again aside for an answer would outlive the test with the runner they share.
    shared.runner._laboratory.close()
    sys.setswitchinterval(before)


@pytest.fixture
def heart(request, qapp):
    """Beats in the window's event loop from the start of the test; ``heart.stop()`` gives the longest gap."""
    beating = Heartbeat()
    yield beating
    beating.stop()
    beating.deleteLater()
    # With the report of the test, so that it arrives from whichever process ran it.
    request.node.user_properties.append(("longest gap of the event loop", beating.longest))
