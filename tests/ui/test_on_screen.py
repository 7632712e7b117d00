"""Displays: a window last closed on a screen that is gone comes back where it can be reached, at any scale."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QRect

from graphviz_app.ui.on_screen import LEAST, placed

MAIN, RIGHT = QRect(0, 0, 1920, 1080), QRect(1920, 0, 1280, 1024)


@pytest.mark.parametrize(
    ("window", "screens", "stays"),
    [
        (QRect(100, 100, 800, 600), [MAIN], True),
        (QRect(1920 - LEAST, 900, 800, 600), [MAIN], True),
        (QRect(2500, 100, 800, 600), [MAIN, RIGHT], True),
        (QRect(2500, 100, 800, 600), [MAIN], False),  # the second monitor is gone
        (QRect(1900, 1070, 800, 600), [MAIN], False),
        (QRect(-9000, -9000, 800, 600), [MAIN], False),
        (QRect(100, -500, 800, 600), [MAIN], False),  # its upper edge cannot be grabbed
        (QRect(9000, 0, 5000, 4000), [MAIN], False),
        (QRect(0, 0, 800, 600), [], True),
    ],
)
def test_enough_of_a_window_is_on_a_screen(window, screens, stays):
    found = placed(window, screens)
    assert (found == window) is stays
    if screens:
        assert any(
            screen.intersected(found).width() >= LEAST and screen.intersected(found).height() >= LEAST
            for screen in screens
        )


START = """
import sys
from PySide6.QtCore import QTimer
from graphviz_app.ui import app
made = []
class Quick(app.App):
    def open_first(self, path, data=()):
        window = self.window
        window.grab()
        made.append((window.width(), window.height(), window.devicePixelRatioF()))
        app.QApplication.instance().exit(0)
app.App = Quick
code = app.run_window(None)
print(code, made)
sys.exit(code)
"""


def start(tmp_path, **more):
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **more}
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        env[name] = str(tmp_path / name)
    ended = subprocess.run(
        [sys.executable, "-c", START], env=env, capture_output=True, text=True, timeout=100, check=False
    )
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.parametrize("scale", ["0.5", "1.25", "3"])
def test_the_window_is_drawn_at_any_scale(tmp_path, scale):
    code, said, trouble = start(tmp_path, QT_SCALE_FACTOR=scale)
    assert code == 0, trouble
    assert f"{float(scale)})" in said


def test_without_any_font_a_sentence_says_what_to_install(tmp_path):
    (tmp_path / "fonts.conf").write_text("<?xml version='1.0'?><fontconfig><dir>/no/such/folder</dir></fontconfig>")
    code, _, trouble = start(
        tmp_path, FONTCONFIG_FILE=str(tmp_path / "fonts.conf"), QT_QPA_FONTDIR=str(tmp_path / "none")
    )
    assert code == 2, trouble
    assert "fonts-dejavu" in trouble
    assert "Traceback" not in trouble


@pytest.mark.parametrize("display", ["", ":99999", "nonsense:1"])
def test_without_a_display_a_sentence_says_what_to_do(tmp_path, display):
    code, _, trouble = start(tmp_path, QT_QPA_PLATFORM="", DISPLAY=display, WAYLAND_DISPLAY="")
    if display == "nonsense:1":  # a host that is not there is Qt's to find out
        assert code != 0
    else:
        assert code == 2
        assert "xvfb-run" in trouble
