"""The layout process: ``python -m graphviz_app.worker.layout_process``.

Reads requests on standard input and answers on standard output. Reading a newer request cancels the one worked on.
"""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue
from typing import IO, Literal

from graphviz_app.layout import LayoutCancelled, Options, Placement, place_columns, place_districts
from graphviz_app.layout.options import WRAP_DISTRICTS
from graphviz_app.recording import codec
from graphviz_app.worker.framing import receive, send
from graphviz_app.worker.layouter import Answer, Request


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """The process main: answer the newest request until the stream ends."""
    newest = 0
    arrived: SimpleQueue[Request | None] = SimpleQueue()

    def read() -> None:
        nonlocal newest
        while (frame := receive(requests)) is not None:
            request = codec.decode(frame, Request)
            newest = request.number
            arrived.put(request)
        newest = -1
        arrived.put(None)

    threading.Thread(target=read, name="requests", daemon=True).start()
    while (request := arrived.get()) is not None:
        if request.number == newest:
            answer = _answer(
                request,
                lambda number=request.number: newest != number,  # type: ignore[misc]
                lambda draft: send(answers, codec.encode(draft)),
            )
            if answer is not None:
                send(answers, codec.encode(answer))


def _answer(request: Request, cancelled: Callable[[], bool], on_draft: Callable[[Answer], None]) -> Answer | None:
    """Lay out one request; ``None`` when a newer one came meanwhile."""

    def draft(placement: Placement) -> None:
        on_draft(Answer(request.number, codec.encode(placement), final=False))

    try:
        placement = _placement(request, cancelled, draft)
    except LayoutCancelled:
        return None
    except Exception as error:
        return Answer(request.number, b"", f"The graph could not be laid out ({type(error).__name__}: {error}).")
    return Answer(request.number, codec.encode(placement))


def _placement(request: Request, cancelled: Callable[[], bool], on_draft: Callable[[Placement], None]) -> Placement:
    direction: Literal["down", "right"] = "right" if request.direction == "right" else "down"
    districts = request.districts
    options = Options(direction=direction) if districts is None else Options(direction, wrap_layers=WRAP_DISTRICTS)
    if request.untangle > 0:
        options = replace(options, effort=math.inf, budget=request.untangle)
    kind, edges, sizes, chip_sizes = request.kind, request.edges, request.sizes, request.chip_sizes
    if districts is None:
        return place_columns(
            kind, edges, request.nodes, sizes, chip_sizes, options, cancelled=cancelled, on_draft=on_draft
        )
    return place_districts(
        kind, edges, districts.folded, sizes, chip_sizes, districts.title_height, options,
        title_width=districts.title_width, cancelled=cancelled,
    )  # fmt: skip


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
