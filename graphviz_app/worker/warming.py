"""A spare that has the chosen device ready: making a GPU's context takes half a second, which each run would wait for.

Only on request: a context takes some hundred megabytes of the GPU's memory, and a program that sets up its GPU by
environment variables, or forks, must find it as untouched as a script of its own would.
"""

from __future__ import annotations

import re

from graphviz_app.worker.link import Link
from graphviz_app.worker.links import Links
from graphviz_app.worker.protocol import Prepare
from graphviz_app.worker.runs import CLOSED

_UNTOUCHED = re.compile(
    r"\b(CUDA|CUBLAS|CUDNN|NVIDIA|PYTORCH|TORCH|HIP|ROCR|XPU|ZE)_[A-Z_]+|environ|multiprocessing|num_workers|os\.fork"
)
"""What a program says that wants a process in which no device was used yet."""


class Warmth:
    """Which device spares have ready."""

    def __init__(self) -> None:
        self._device = "cpu"
        self._warm: Link | None = None

    def choose(self, device: str, spare: Link | None) -> None:
        """Have `device` ready from now on, in this spare too."""
        if device != self._device or self._warm is not spare:
            self._device = device
            self.warm(spare)

    def warm(self, spare: Link | None) -> None:
        """Have a new spare make its device ready."""
        if spare is not None and self._device != "cpu":
            spare.send(Prepare(self._device))
            self._warm = spare

    def fitting(self, spare: Link | None, source: str, links: Links) -> Link | None:
        """The spare, unless it is a warm one and the program has to find its device untouched: that one is let go."""
        if spare is None or spare is not self._warm or _UNTOUCHED.search(source) is None:
            return spare
        links.drop(spare, CLOSED)
        return None
