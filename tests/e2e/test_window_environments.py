"""The window's own command in odd environments: it opens and runs its example, or says in a sentence why it cannot."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DRIVER = Path(__file__).with_name("window_in_environment.py")
CHAOS = pytest.mark.chaos
XDG = ("CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "RUNTIME_DIR")
NO_FONTS = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>'
DESKTOP = {"QT_QPA_PLATFORM": None, "DISPLAY": None, "WAYLAND_DISPLAY": None}

# Refused: (variables, what the terminal is told). ``None`` takes a variable away.

REFUSED = {
    "no display": (DESKTOP, "there is no display here; use"),
    "a display nobody serves": (DESKTOP | {"DISPLAY": ":97"}, "the display :97 does not answer"),
    "a display that is none": (DESKTOP | {"DISPLAY": "screen"}, "the display screen does not answer"),
    "a display with a huge number": (DESKTOP | {"DISPLAY": ":" + "9" * 400}, "does not answer"),
    "a display of another machine": (DESKTOP | {"DISPLAY": "127.0.0.1:55"}, "the display 127.0.0.1:55 does not answer"),
    "Wayland and nobody there": (
        DESKTOP | {"QT_QPA_PLATFORM": "wayland", "WAYLAND_DISPLAY": "w-9"},
        "the Wayland display w-9 does not answer",
    ),
    "neither Wayland nor X": (DESKTOP | {"WAYLAND_DISPLAY": "w-9"}, "there is no display here"),
    "a platform there is not": ({"QT_QPA_PLATFORM": "nonsense"}, "there is no Qt platform called 'nonsense'"),
    "two platforms there are not": ({"QT_QPA_PLATFORM": "abacus;slate:x"}, "there is no Qt platform called 'slate'"),
    "no fonts": ({"FONTCONFIG_FILE": "{folder}/no_fonts.conf"}, "no fonts were found; install one"),
    "another random.py": ({"PYTHONPATH": "{root}:{folder}/random"}, "random.py stands in the way"),
    "another numpy.py": ({"PYTHONPATH": "{root}:{folder}/numpy"}, "numpy.py stands in the way"),
}

# Survived: (variables, what the terminal is told or nothing, what the window says, least pixels seen).

SURVIVED = {
    "nothing odd": ({}, "", "5 nodes"),
    "no HOME": ({"HOME": None}, "", "5 nodes"),
    "HOME is a file": (
        {"HOME": "{file}", "XDG_CONFIG_HOME": None, "XDG_DATA_HOME": None},
        "Your settings cannot be saved in .*a part of its path is not a folder",
        "5 nodes",
    ),
    "HOME where nothing can be made": (
        {"HOME": "/proc/home", "XDG_CONFIG_HOME": None, "XDG_DATA_HOME": None},
        "Your settings cannot be saved in",
        "5 nodes",
    ),
    "XDG folders are files": ({f"XDG_{name}": "{file}" for name in XDG}, "Your settings cannot be saved in", "5 nodes"),
    "TMPDIR is missing": ({"TMPDIR": "/no/such/tmp"}, "", "5 nodes"),
    "a locale of C": ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "", "5 nodes"),
    "a locale there is not": ({"LANG": "xx", "LC_ALL": "xx"}, "", "5 nodes"),
    "Chinese": ({"LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "", "5 个节点"),
    "half the size": ({"QT_SCALE_FACTOR": "0.5"}, "", "5 nodes"),
    "one and a quarter": ({"QT_SCALE_FACTOR": "1.25"}, "", "5 nodes"),
    "three times the size": ({"QT_SCALE_FACTOR": "3"}, "", "5 nodes"),
    "a font of 288 dpi": ({"QT_FONT_DPI": "288"}, "", "5 nodes"),
    "a font of 48 dpi": ({"QT_FONT_DPI": "48"}, "", "5 nodes"),
    "no size": ({"QT_SCALE_FACTOR": "0"}, "QT_SCALE_FACTOR=0 is ignored", "5 nodes"),
    "a size below nothing": ({"QT_SCALE_FACTOR": "-1"}, "QT_SCALE_FACTOR=-1 is ignored", "5 nodes"),
    "an absurd size": ({"QT_SCALE_FACTOR": "1e9"}, "QT_SCALE_FACTOR=1e9 is ignored: .*from 0.25 to 8", "5 nodes"),
    "a size that is no number": ({"QT_SCALE_FACTOR": "nan"}, "QT_SCALE_FACTOR=nan is ignored", "5 nodes"),
    "an absurd screen": ({"QT_SCREEN_SCALE_FACTORS": "a=2;b=0"}, "QT_SCREEN_SCALE_FACTORS=a=2;b=0 is ign", "5 nodes"),
    "an absurd font": ({"QT_FONT_DPI": "1000000"}, "QT_FONT_DPI=1000000 is ignored", "5 nodes"),
    "a style there is not": ({"QT_STYLE_OVERRIDE": "nonsense"}, "", "5 nodes"),
    "plugins elsewhere": ({"QT_PLUGIN_PATH": "{folder}"}, "", "5 nodes"),
    "the second platform of two": ({"QT_QPA_PLATFORM": "nonsense;offscreen"}, "", "5 nodes"),
    "threads that are no number": ({"OMP_NUM_THREADS": "abc"}, "", "5 nodes"),
    "an empty PATH": ({"PATH": ""}, "", "5 nodes"),
    "another torch.py": ({"PYTHONPATH": "{root}:{folder}/torch"}, "", "Check that PyTorch can be imported"),
    "no terminal at all": ({"CLOSED": "1"}, "", "5 nodes"),
    "few open files": ({"FILES": "48"}, "", "5 nodes"),
}
QUICK = {"a platform there is not", "neither Wayland nor X", "HOME is a file", "an absurd size"}


def rows(table):
    return [row if row in QUICK else pytest.param(row, marks=CHAOS) for row in table]


def start(change: dict[str, str | None], folder: Path) -> subprocess.CompletedProcess[str]:
    for name in ("random", "numpy", "torch"):
        (folder / name).mkdir()
        (folder / name / f"{name}.py").write_text("raise RuntimeError('mine')\n")
    (folder / "file").write_text("")
    (folder / "no_fonts.conf").write_text(NO_FONTS)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TOLD": str(folder / "told.json")}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "LANG": "en_US.UTF-8"}
    environment |= {f"XDG_{name}": str(folder / name.lower()) for name in XDG[:3]}
    for name, value in change.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value.format(root=ROOT, folder=folder, file=folder / "file")
    own = (
        "random" in environment["PYTHONPATH"] or "numpy" in environment["PYTHONPATH"]
    )  # the driver would fall over them
    command = [sys.executable, *(["-m", "graphviz_app"] if own else [str(DRIVER)])]
    if "CLOSED" in change:
        command = ["sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', *command]
    limit = change.get("FILES")
    files = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (int(limit), int(limit)))) if limit else None
    return subprocess.run(
        command, capture_output=True, text=True, timeout=100, check=False, env=environment, preexec_fn=files, cwd=folder
    )


@pytest.mark.parametrize("row", rows(REFUSED))
def test_where_no_window_can_be_opened_a_sentence_says_why(row, tmp_path):
    change, says = REFUSED[row]
    done = start(change, tmp_path)
    assert done.returncode == 2, done.stderr
    [sentence] = [line for line in done.stderr.splitlines() if line.startswith("graphviz-app: ")]
    assert says in sentence
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("row", rows(SURVIVED))
def test_the_window_opens_and_runs_its_example(row, tmp_path):
    change, terminal, window = SURVIVED[row]
    done = start(change, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    said = " ".join(line for line in done.stderr.splitlines() if line.startswith("graphviz-app: "))
    assert (terminal == "") == (said == ""), said
    assert re.search(terminal, said)
    told = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert window in told["banner"] + told["console"]
    assert told["seen"] >= 100
    assert told["colours"] > 20  # it is painted
