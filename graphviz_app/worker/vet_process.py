"""The process that reads a stranger's file first: ``python -m graphviz_app.worker.vet_process FILE``."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from graphviz_app.recording.file import BadFile, is_recording, open_recording
from graphviz_app.worker.vetting import RECORDING, REFUSED, TENSORS

MEMORY = 8 << 30
"""Bytes of address space: columns are at most half of it."""
SECONDS = 100
"""Of processor time."""


def main(path: Path) -> int:
    """Read the file; the exit code says what it is."""
    _limit()
    try:
        if not is_recording(path):
            return TENSORS
        open_recording(path).close()
    except BadFile as error:
        sys.stdout.buffer.write(str(error).encode("utf-8", "replace"))
        return REFUSED
    return RECORDING


def _limit() -> None:
    """Make sure that a file can cost this process only so much."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        hard = resource.getrlimit(what)[1]
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
