"""Some of PyTorch's own operators (``make opinfo`` takes all): recorded as plain, and every node's v·J as returned."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_every_ninth_operator_of_torchs_own_database_records_and_agrees_with_its_jacobian() -> None:
    """In processes of their own: the database changes global flags of torch when it is imported."""
    command = [sys.executable, str(ROOT / "tools" / "opinfo.py"), "--every", "9", "--samples", "3"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    rows = dict(re.findall(r"\| (float64|complex128) \| \d+ \| (\d+) \| 0 \|", ended.stdout))
    assert int(rows["float64"]) > 50
    assert int(rows["complex128"]) > 30
