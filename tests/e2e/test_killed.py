"""kill -9 of a real window on a virtual screen: what was typed comes back, and files stay as they were."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("window_to_kill.py")
pytestmark = pytest.mark.chaos


@contextmanager
def screen():
    """A virtual screen with a number of its own."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(20)


class Window:
    """One instance of the app on a screen."""

    def __init__(self, display: str, home: Path, file: Path | None, typed: str = "") -> None:
        environment = {**os.environ, "DISPLAY": display, "PYTHONPATH": str(ROOT)}
        environment |= {"XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "data")}
        command = [sys.executable, str(SCRIPT), str(file or ""), typed]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.text = ast.literal_eval(self._process.stdout.readline())

    def wait_two_seconds(self) -> None:
        assert self._process.stdout.readline() == "two seconds\n"

    def kill(self) -> None:
        others = psutil.Process(self._process.pid).children(recursive=True)
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(20)
        self._process.stdout.close()
        psutil.wait_procs(others, timeout=10)


def test_typed_text_is_back_after_a_kill_and_the_file_is_untouched(tmp_path):
    file = tmp_path / "p.py"
    file.write_text("old = 1\n")
    with screen() as display:
        first = Window(display, tmp_path, file, "new = 2 ")
        assert "new = 2 " in first.text
        first.wait_two_seconds()
        first.kill()
        assert file.read_text() == "old = 1\n"
        second = Window(display, tmp_path, None)
        assert second.text == first.text
        second.kill()
        third = Window(display, tmp_path, None)
        assert third.text == first.text
        third.kill()
    assert file.read_text() == "old = 1\n"


def test_two_instances_keep_their_texts_apart(tmp_path):
    files = [tmp_path / "a.py", tmp_path / "b.py"]
    for file in files:
        file.write_text(f"{file.stem} = 1\n")
    with screen() as display:
        one = Window(display, tmp_path, files[0], "one ")
        one.wait_two_seconds()
        two = Window(display, tmp_path, files[1], "two ")
        assert "one" not in two.text
        two.wait_two_seconds()
        new = Window(display, tmp_path, None)
        assert "one" not in new.text
        assert "two" not in new.text
        for window in (new, two, one):
            window.kill()
        back = Window(display, tmp_path, None)
        assert back.text == two.text
        back.kill()
    assert [file.read_text() for file in files] == ["a = 1\n", "b = 1\n"]
