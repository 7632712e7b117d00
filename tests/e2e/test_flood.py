"""A program that prints without end: the window goes on, the last lines stay, and those that went are counted."""

from __future__ import annotations

import re

import pytest
from window_at_work import LONG

MOST_WORK = 0.1
"""Seconds between two turns of the event loop in which this process computes; the clock's gap is printed."""
KEPT = 1_000
LINE = 100

FLOOD = """import sys
for start in range(0, {lines}, 100):
    lines = [f"{{number:08d}} ".ljust({line} - 1, "x") + "\\n" for number in range(start, start + 100)]
    sys.{stream}.write("".join(lines))
"""
PRINTS = 'for number in range({lines}): print(f"{{number:08d}} ".ljust({line} - 1, "x"))\n'

FLOODS = {
    "5 MB by print": (PRINTS, "stdout", 5),
    "10 MB of errors": (FLOOD, "stderr", 10),
    "100 MB": (FLOOD, "stdout", 100),
    "100 MB by print": (PRINTS, "stdout", 100),
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.chaos if row[2] >= 100 else []) for name, row in FLOODS.items()]
)
@pytest.mark.timeout(300)
def test_a_flood_of_lines_leaves_the_last_thousand_and_the_exact_count_of_the_others(name, app, qtbot, heart, capsys):
    program, stream, megabytes = FLOODS[name]
    lines = megabytes * 1_000_000 // LINE
    window, ended = app.window, []
    app.controller.runEnded.connect(ended.append)
    window.editor.set_text(program.format(lines=lines, stream=stream, line=LINE))
    heart.start()
    window.actions_["run.run"].trigger()
    qtbot.waitUntil(lambda: bool(ended), timeout=5 * LONG)
    qtbot.waitUntil(lambda: f"{lines - 1:08d}" in window.console.pane.toPlainText(), timeout=LONG)
    gap = heart.stop()
    shown = [int(found) for found in re.findall(r"^(\d{8}) x+$", window.console.text(), re.MULTILINE)]
    assert shown[-KEPT:] == list(range(lines - KEPT, lines))
    gaps = [int(found.replace(",", "")) for found in re.findall(r"… ([\d,]+) lines dropped", window.console.text())]
    above = int(re.sub(r"\D", "", window.console.dropped.text()))
    assert above + sum(gaps) + len(shown) == lines
    with capsys.disabled():
        print(f"\n{name}: longest gap {gap * 1e3:.0f} ms, {heart.worked * 1e3:.0f} ms of work between two turns")
    assert heart.worked < MOST_WORK


def test_a_line_without_end_takes_no_memory_and_no_time(app, qtbot, heart):
    window, ended = app.window, []
    app.controller.runEnded.connect(ended.append)
    window.editor.set_text("import sys\nfor _ in range(300): sys.stdout.write('y' * 100_000)\nprint('\\nend of it')\n")
    heart.start()
    window.actions_["run.run"].trigger()
    qtbot.waitUntil(lambda: bool(ended), timeout=LONG)
    qtbot.waitUntil(lambda: "end of it" in window.console.pane.toPlainText(), timeout=LONG)
    heart.stop()
    assert len(window.console.text()) < 20_000
    assert heart.worked < MOST_WORK
