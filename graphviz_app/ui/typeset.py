"""LaTeX made into vector pictures in a process of its own: the window never waits for a formula."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict, deque
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Literal

from PySide6.QtCore import QByteArray, QCoreApplication, QObject, QRectF, Signal
from PySide6.QtSvg import QSvgRenderer

from graphviz_app.recording.formulas import all_formulas
from graphviz_app.ui.later import Later
from graphviz_app.worker.helper import HelperError
from graphviz_app.worker.typeset_process import Asked, TypesetProcess

_KEPT = 600
"""So many pieces are remembered; one takes some 10 kB."""
_BOX = re.compile(r'width="([\d.]+)" height="([\d.]+)" viewBox="([-\d.]+) ([-\d.]+) ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True)
class Typeset:
    """A piece as SVG.

    Attributes
    ----------
    svg
        The document.
    box
        What it covers, pixels; its base line is at 0, so that the top is negative.
    renderer
        Paints it, on the thread of the window.
    """

    svg: str
    box: QRectF
    renderer: QSvgRenderer


class Typesetter(QObject):
    """Has pieces typeset in the order they are asked for and remembers them.

    Parameters
    ----------
    parent
        Its owner.
    process
        Typesets them.

    Signals
    -------
    ready()
        Something more has been typeset, or the formulas have been read.
    """

    ready = Signal()

    def __init__(self, parent: QObject | None = None, process: TypesetProcess | None = None) -> None:
        super().__init__(parent)
        self._process = process or TypesetProcess()
        self._known: OrderedDict[Asked, Typeset] = OrderedDict()
        self._waiting: set[Asked] = set()
        self._failed: set[Asked] = set()
        self._queue: deque[Asked | None] = deque()
        self._lock = threading.Lock()
        self._running = False
        self._thread: threading.Thread | None = None
        self._prepared = self._preparing = False
        self._later = Later(self)

    def known(self, asked: Asked) -> Typeset | None:
        """The piece if it has been typeset; asks for it if not. What is no LaTeX never is."""
        found = self._known.get(asked)
        if found is not None:
            self._known.move_to_end(asked)
        elif asked not in self._waiting and asked not in self._failed:
            self._waiting.add(asked)
            self._work(asked)
        return found

    def prepared(self) -> bool:
        """Whether the written formulas have been read; has them read if not."""
        if not self._prepared and not self._preparing:
            self._preparing = True
            self._work(None)
        return self._prepared

    @property
    def pid(self) -> int | None:
        """Number of the process that typesets, if it runs."""
        return self._process.pid

    def close(self) -> None:
        """Drop what is asked for and end the process; whoever asks afterwards has it started again."""
        with self._lock:
            thread = self._thread
            self._queue.clear()
        self._process.kill()
        if thread is not None:
            thread.join()
        self._process.end()
        self._waiting.clear()
        self._preparing = self._prepared

    def _work(self, asked: Asked | None) -> None:
        """Have a piece typeset, or the formulas read (``None``); the thread lives while there is work."""
        with self._lock:
            self._queue.append(asked)
            if not self._running:
                self._running = True
                self._thread = threading.Thread(target=self._run, name="typesetter", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while (asked := self._next()) is not False:
            if asked is None:
                all_formulas()
                self._later.call(self._take_formulas)
            else:
                self._later.call(partial(self._take, asked, self._typeset(asked)))

    def _typeset(self, asked: Asked) -> str | None:
        """The piece as SVG; empty for what is no LaTeX, ``None`` when the process died over it twice."""
        for _ in range(2):
            with suppress(HelperError):
                return self._process.typeset(asked)
        return None

    def _next(self) -> Asked | Literal[False] | None:
        """What to do next; ``False`` when there is nothing, and the thread ends."""
        with self._lock:
            self._running = bool(self._queue)
            return self._queue.popleft() if self._queue else False

    def _take_formulas(self) -> None:
        self._prepared = True
        self.ready.emit()

    def _take(self, asked: Asked, svg: str | None) -> None:
        self._waiting.discard(asked)
        if svg is None:
            return  # nobody is told, or all would ask at once again: the next painting does
        if _BOX.search(svg) is None:
            self._failed.add(asked)
        else:
            self._known[asked] = read_svg(svg)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        self.ready.emit()


def read_svg(svg: str) -> Typeset:
    """What ziamath wrote, ready to be painted."""
    found = _BOX.search(svg)
    if found is None:
        raise ValueError("an SVG of a formula says how large it is")
    left, top, wide, high = map(float, found.groups()[2:])
    return Typeset(svg, QRectF(left, top, wide, high), QSvgRenderer(QByteArray(svg.encode())))


def typesetter() -> Typesetter:
    """The one of this application."""
    application = QCoreApplication.instance()
    if application is None:
        raise RuntimeError("typesetter() needs a QCoreApplication")
    found = application.findChild(Typesetter)
    return found if found is not None else Typesetter(application)
