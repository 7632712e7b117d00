"""Names that are gone when the program ends: variables of the functions and the loop a pass is called from."""

from __future__ import annotations

import inspect
from types import FrameType

from torch import Tensor

from graphviz_app.engine.names import module_names, tensors_of
from graphviz_app.engine.walk import GraphBuilder


def note_locals(graph: GraphBuilder, frame: FrameType | None, filename: str) -> None:
    """Remember what the program's functions on the stack, and its top level, call their tensors and modules.

    Parameters
    ----------
    filename
        The program's: only its own functions are looked at.
    """
    while frame is not None:
        code = frame.f_code
        if code.co_filename == filename and not code.co_flags & inspect.CO_NEWLOCALS:
            # What the top level holds is still there at the end, but `loss` of a loop is another one by then.
            graph.pending_hints += [
                (value, name) for name, value in frame.f_locals.items() if isinstance(value, Tensor)
            ]
        elif code.co_filename == filename:
            names = dict(frame.f_locals)
            graph.pending_hints += [(tensor, name) for name, tensor in tensors_of(names)]
            for number, path in module_names(names).items():
                graph.module_hints.setdefault(number, path)
        frame = frame.f_back


def settle_hints(graph: GraphBuilder) -> None:
    """Give the names to leaves and nodes that the walk has met, and let go of the tensors."""
    for tensor, name in graph.pending_hints:
        if tensor.grad_fn is None:
            if graph.leaf_id(tensor) >= 0:
                known = graph.hints.setdefault(id(tensor), [])
                if name not in known:
                    known.append(name)
        else:
            number = graph.id_of(tensor.grad_fn)
            if number >= 0:
                graph.output_hints[number, tensor.output_nr] = name
    graph.pending_hints.clear()
