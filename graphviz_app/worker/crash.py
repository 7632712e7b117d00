"""What Python says when it dies of a signal, without the lines that are about this app and not about the program."""

from __future__ import annotations

import re
from pathlib import Path

HEAD = "Fatal Python error: "
_APP = str(Path(__file__).resolve().parents[1])
_FRAME = re.compile(r'  File "(?P<file>[^"]*)", line \d+ in ')


class CrashText:
    """Reads the program's standard error as it comes, and leaves our own frames out of a crash report.

    Until a line begins with :data:`HEAD` everything passes at once and unchanged; from there on whole lines do.
    """

    def __init__(self) -> None:
        self._crashed = False
        self._rest = ""

    def pass_on(self, text: str) -> str:
        """What of `text`, and of what was held back, is to be shown now."""
        if not self._crashed:
            start = 0 if text.startswith(HEAD) else text.find("\n" + HEAD) + 1
            if not text.startswith(HEAD, start):
                return text
            self._crashed = True
            return text[:start] + self.pass_on(text[start:])
        lines = (self._rest + text).split("\n")
        self._rest = lines.pop()
        return "".join(line + "\n" for line in lines if not _is_ours(line))


def _is_ours(line: str) -> bool:
    frame = _FRAME.match(line)
    if frame is None:
        return line.startswith("Extension modules: ")
    return frame["file"].startswith((_APP, "<frozen "))
