"""LaTeX made into vector pictures by ziamath, in a process: ``python -m graphviz_app.worker.typeset_process``.

ziamath is pure Python: on a thread of the window it would hold the interpreter for some 10 ms a formula, and a painting
of the window, which lets go of the interpreter at every call of Qt, would take twice its time (docs/adr/0014).
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import IO, Final

import msgspec

from graphviz_app.worker.command import command as process_command
from graphviz_app.worker.framing import receive, send
from graphviz_app.worker.helper import Helper

MOST_BYTES: Final = 8 << 20
"""Of one picture; what a lesson or a rule may write has a hundredth of that."""
_MODESTY: Final = 5
"""How much the process stands back (`nice`): a formula may come a moment later, a frame of the window may not."""


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """A piece of LaTeX in a size (pixels) and a colour (``#rrggbb``)."""

    latex: str
    size: float
    colour: str


def typeset(asked: Asked) -> str:
    """One piece of LaTeX as an SVG document of outlines; takes some 10 ms."""
    from ziafont.config import config as font_config
    from ziamath.config import config
    from ziamath.zmath import Latex

    # QtSvg knows nothing of SVG 2's way of reusing glyphs.
    config.svg2 = font_config.svg2 = False
    svg = str(Latex(asked.latex, size=asked.size, color=asked.colour).svg())
    # The bar over a letter comes out black whatever the colour.
    return svg.replace('fill="black"', f'fill="{asked.colour}"')


class TypesetProcess:
    """The asking side: has pieces typeset one at a time; starts the process with the first and again when it died.

    Parameters
    ----------
    command
        The process to start; for tests.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._helper = Helper(command or process_command("typeset_process"))

    @property
    def pid(self) -> int | None:
        """Number of the running process, if there is one."""
        return self._helper.pid

    def typeset(self, asked: Asked) -> str:
        """As :func:`typeset`, waiting for it; empty for what cannot be typeset.

        Raises
        ------
        HelperError
            When the process died or could not be started.
        """
        return self._helper.ask(msgspec.msgpack.encode(asked), MOST_BYTES).decode()

    def kill(self) -> None:
        """End the process in the midst of its work."""
        self._helper.kill()

    def end(self) -> None:
        """End the process; by the thread that asks, or when there is none."""
        self._helper.end()


def serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    """The process main: typeset piece after piece until the stream ends."""
    while (question := receive(questions)) is not None:
        svg = ""
        with contextlib.suppress(Exception):  # a lesson's formula may be anything
            svg = typeset(msgspec.msgpack.decode(question, type=Asked))
        send(answers, svg.encode())


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(_MODESTY)
    with contextlib.suppress(BrokenPipeError):  # the window has gone
        serve(sys.stdin.buffer, sys.stdout.buffer)
