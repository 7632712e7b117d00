"""The layout in a process of its own, so that the window never waits for it (docs/adr/0004).

This is the asking side; :mod:`graphviz_app.worker.layout_process` is the other. Only the newest request counts.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import IO

import msgspec

from graphviz_app.recording import codec
from graphviz_app.recording.districts import Folded
from graphviz_app.recording.model import Column, Edges, Graph
from graphviz_app.worker.command import command, environment
from graphviz_app.worker.framing import FrameError, receive, send


class LayoutFailed(Exception):
    """The layout could not be made; the message says why."""


class Request(msgspec.Struct):
    """What to lay out: the columns a layout needs, and nothing of the program."""

    number: int
    kind: Column
    edges: Edges
    nodes: Column
    sizes: Column
    chip_sizes: Column
    direction: str
    districts: Districts | None = None
    untangle: float = 0.0
    """Seconds that may be spent on fewer crossings; 0: as few as a person waits for unasked."""


class Districts(msgspec.Struct):
    """What is drawn of a graph some of whose districts are open, and the room for their titles."""

    folded: Folded
    title_height: float
    title_width: Column


class Answer(msgspec.Struct):
    """The placement (encoded by itself), or the reason there is none. Of a large graph a first draft comes before."""

    number: int
    placement: bytes
    error: str = ""
    final: bool = True


class Layouter:
    """Asks the layout process; starts it with the first request and again when it died. Never blocks its caller."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: SimpleQueue[Request | None] = SimpleQueue()
        self._waiting: dict[int, Future[bytes]] = {}
        self._on_partial: Callable[[bytes], None] | None = None
        self._number = 0
        self._sent = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._threads: list[threading.Thread] = []
        self._closed = False

    def place(
        self,
        graph: Graph,
        nodes: Column,
        sizes: Column,
        chip_sizes: Column,
        direction: str,
        on_partial: Callable[[bytes], None] | None = None,
        untangle: float = 0.0,
    ) -> Future[bytes]:
        """Lay out `nodes` of a graph.

        Parameters
        ----------
        graph
            The recording's graph.
        nodes
            int32, k ids, ascending.
        sizes, chip_sizes
            float32, (k, 2): width and height of each node's box, and of its chip, in layout units.
        direction
            ``"down"`` or ``"right"``.
        on_partial
            Called, on a thread of its own, with an encoded first draft when the graph is large; not after the future is
            done or a newer request was made.
        untangle
            Seconds that may be spent on fewer crossings; 0: as few as a person waits for unasked.

        Returns
        -------
        The encoded :class:`~graphviz_app.layout.placement.Placement`. Cancelled by a newer request; fails with
        :class:`LayoutFailed`.
        """
        return self._ask(graph, nodes, sizes, chip_sizes, direction, on_partial=on_partial, untangle=untangle)

    def place_districts(
        self,
        graph: Graph,
        folded: Folded,
        sizes: Column,
        chip_sizes: Column,
        direction: str,
        *,
        title_height: float,
        title_width: Column,
        untangle: float = 0.0,
    ) -> Future[bytes]:
        """Lay out a folded graph: as :func:`graphviz_app.layout.place_districts` does.

        Parameters
        ----------
        graph, direction, untangle
            As for :meth:`place`.
        folded
            What is drawn of it; ``b`` boxes and ``f`` open districts.
        sizes, chip_sizes
            float32, (b, 2).
        title_height, title_width
            Room for the titles of open districts, and float32, (f,): how wide each is.

        Returns
        -------
        As :meth:`place`.
        """
        districts = Districts(folded, title_height, title_width)
        return self._ask(graph, folded.boxes, sizes, chip_sizes, direction, districts, untangle=untangle)

    def _ask(
        self,
        graph: Graph,
        nodes: Column,
        sizes: Column,
        chip_sizes: Column,
        direction: str,
        districts: Districts | None = None,
        on_partial: Callable[[bytes], None] | None = None,
        untangle: float = 0.0,
    ) -> Future[bytes]:
        future: Future[bytes] = Future()
        with self._lock:
            if self._closed:
                future.cancel()
                return future
            self._number += 1
            old, self._waiting = list(self._waiting.values()), {self._number: future}
            self._on_partial = on_partial
            number = self._number
            if not self._threads:
                self._start_thread(self._write, "layout requests")
        for each in old:
            each.cancel()
        self._requests.put(
            Request(number, graph.nodes.kind, graph.edges, nodes, sizes, chip_sizes, direction, districts, untangle)
        )
        return future

    def cancel(self) -> None:
        """Give up what is being laid out. Its process is ended: the next request starts another."""
        with self._lock:
            waiting, self._waiting = list(self._waiting.values()), {}
            process = self._process
            if waiting and process is not None:
                process.kill()
                self._process = None
        for future in waiting:
            future.cancel()

    def close(self) -> None:
        """End the process and its threads; what was asked for is cancelled."""
        with self._lock:
            self._closed = True
            waiting, self._waiting = list(self._waiting.values()), {}
            threads, process = list(self._threads), self._process
        for future in waiting:
            future.cancel()
        self._requests.put(None)
        if process is not None:
            process.kill()
            process.wait()
        for thread in threads:
            thread.join()
        if process is not None:
            _close(process.stdin)

    def _start_thread(self, target: object, name: str, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, name=name, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _write(self) -> None:
        """Send requests, the newest only, starting the process when there is none."""
        while (request := self._requests.get()) is not None:
            while not self._requests.empty():
                newer = self._requests.get()
                if newer is None:
                    return
                request = newer
            process = self._running()
            if process is None:
                return
            self._send(process, request)
            del request  # this thread waits for the next one, and would keep a recording alive meanwhile

    def _send(self, process: subprocess.Popen[bytes], request: Request) -> None:
        assert process.stdin is not None
        self._sent = request.number
        try:
            send(process.stdin, codec.encode(request))
        except (OSError, ValueError, FrameError):
            # Its pipes close before it is gone; the next request must find it gone.
            process.kill()
            process.wait()
            self._fail(request.number)

    def _running(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._closed:
                return None
            if self._process is None or self._process.poll() is not None:
                if self._process is not None:
                    _close(self._process.stdin)
                pipe = subprocess.PIPE
                self._process = subprocess.Popen(
                    command("layout_process"), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment()
                )
                self._start_thread(self._read, "layout answers", self._process)
            return self._process

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        while self._read_one(process.stdout):
            pass
        process.stdout.close()
        process.wait()
        _close(process.stdin)
        if process is self._process:
            self._fail(self._sent)

    def _read_one(self, answers: IO[bytes]) -> bool:
        """Read an answer, which nothing here keeps while the next is waited for; say whether there was one."""
        try:
            frame = receive(answers)
            answer = codec.decode(frame, Answer) if frame is not None else None
        except (OSError, ValueError, FrameError, msgspec.DecodeError):
            answer = None
        if answer is not None:
            self._deliver(answer)
        return answer is not None

    def _deliver(self, answer: Answer) -> None:
        if not answer.final:
            with self._lock:
                on_partial = self._on_partial if answer.number in self._waiting else None
            if on_partial is not None:
                on_partial(answer.placement)
            return
        with self._lock:
            future = self._waiting.pop(answer.number, None)
        if future is not None and future.set_running_or_notify_cancel():
            if answer.error:
                future.set_exception(LayoutFailed(answer.error))
            else:
                future.set_result(answer.placement)

    def _fail(self, number: int) -> None:
        """The process ended: request `number` has no answer any more. Later ones go to the next process."""
        with self._lock:
            future = self._waiting.pop(number, None)
        if future is not None and future.set_running_or_notify_cancel():
            future.set_exception(LayoutFailed("The layout process ended. Draw again to start it anew."))


def _close(pipe: IO[bytes] | None) -> None:
    """Close a pipe whose other end may be gone."""
    if pipe is not None:
        with contextlib.suppress(OSError, ValueError):
            pipe.close()
