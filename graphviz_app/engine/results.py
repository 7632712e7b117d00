"""Values of what a program computed on the way without giving it a name: a person who selects the node wants to see it.

A node does not hold what it computed, and what nobody names is gone by the end of the run. So each result is kept as it
is made, while there are few of them and they take little room.
"""

from __future__ import annotations

from torch import Tensor

from graphviz_app.engine.values import ValueStore
from graphviz_app.recording.model import SMALL

MOST = 20_000
"""Results that are kept of each pass; past it nobody looks at each."""

MOST_BYTES = 64 << 20
"""Bytes those of a pass may hold in all."""


class Results:
    """Refs of the results of calls, by the node that made them.

    Parameters
    ----------
    store
        Where the values are kept.
    """

    def __init__(self, store: ValueStore) -> None:
        self.refs: dict[tuple[int, int], int] = {}
        """ref of each result, by (sequence number of its node, number of the output)."""
        self._store = store
        self._most = min(store.budget // 32, MOST_BYTES)
        self.close_pass()

    def close_pass(self) -> None:
        """A pass is over: what is computed from now on is the next one's."""
        self._left, self._count = self._most, 0

    def note(self, result: object) -> None:
        """Keep what a call returned: a tensor, or the tensors of a tuple or list, if they are part of a graph."""
        if self._count >= MOST:
            return
        if isinstance(result, Tensor):
            self._keep(result)
        elif isinstance(result, (tuple, list)):
            for item in result:
                if isinstance(item, Tensor):
                    self._keep(item)

    def _keep(self, tensor: Tensor) -> None:
        try:
            node = tensor.grad_fn
            size = tensor.nbytes
        except Exception:  # a sparse tensor has no nbytes, and tensor subclasses raise what they like
            return
        if node is None or size > self._left:
            return
        store = self._store
        if size <= SMALL * 4:
            ref = store.keep(tensor)
        else:
            own = size if tensor._base is None else 0  # a view lies in the memory of what it is a view of
            if not store.room(own):
                return
            ref = store.keep_counted(tensor.detach(), tensor._version, own)
        self._left -= size
        self._count += 1
        self.refs[node._sequence_nr(), tensor.output_nr] = ref
