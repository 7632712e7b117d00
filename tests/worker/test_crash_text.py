"""A crash report as a person should read it: the program's lines, and none of this app's."""

from __future__ import annotations

import pytest

import graphviz_app
from graphviz_app.worker.crash import CrashText

APP = graphviz_app.__path__[0]
REPORT = f"""before
Fatal Python error: Segmentation fault

Current thread 0x1 (most recent call first):
  File "/lib/python/ctypes/__init__.py", line 519 in string_at
  File "mine.py", line 7 in helper
  File "{APP}/engine/session.py", line 153 in _execute
  File "<frozen runpy>", line 88 in _run_code

Extension modules: numpy._core (total: 1)
"""
KEPT = """before
Fatal Python error: Segmentation fault

Current thread 0x1 (most recent call first):
  File "/lib/python/ctypes/__init__.py", line 519 in string_at
  File "mine.py", line 7 in helper

"""


@pytest.mark.parametrize("size", [1, 7, 40, 10_000])
def test_our_frames_are_left_out_however_the_report_is_cut(size):
    crash = CrashText()
    start = REPORT.index("Fatal")  # Python writes the head of its report at once
    pieces = [REPORT[:start] + REPORT[start : start + 40]]
    pieces += [REPORT[at : at + size] for at in range(start + 40, len(REPORT), size)]
    assert "".join(crash.pass_on(piece) for piece in pieces) == KEPT


def test_what_is_no_crash_report_passes_as_it_is():
    crash = CrashText()
    for text in ("half a li", "ne\n", f'  File "{APP}/x.py", line 1 in f\n', "Fatal attraction\n", "\r50%"):
        assert crash.pass_on(text) == text
