"""The graph of tensors that are at hand in this very process, without running a program."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from graphviz_app.engine.pack import Packer
from graphviz_app.engine.parts import Ending
from graphviz_app.engine.program import Program
from graphviz_app.engine.reach import Walk
from graphviz_app.engine.session import make_parts
from graphviz_app.engine.tensorinfos import TensorInfos, UnreadInfos
from graphviz_app.recording.collector import collector_paused
from graphviz_app.recording.model import NONE, Column, Recording

_NO_PROGRAM = Program(source="")


def recording_of(**tensors: Tensor) -> Recording:
    """Walk the graphs of named tensors.

    Nothing is read of a tensor that is too large to be written out: its label is its shape, so that a model's picture
    does not wait for the norms of its weights. What the nodes saved for their backward is not read either: no picture
    shows it. The recording has no passes, and no sources: where a node came from is only known of a program that was
    run under the recorder.

    Parameters
    ----------
    tensors
        The results to start from, by the name to show; ``loss`` is offered first, then the last of those that nothing
        uses.
    """
    ending = Ending(
        source="", filename="", seed=0, device="cpu", names=dict(tensors), last=None, problem=None, seconds=0.0
    )
    with collector_paused():
        return _PicturePacker(make_parts(_NO_PROGRAM, keeps=True), ending).recording()


class _PicturePacker(Packer):
    """Leaves out what no picture shows."""

    def _infos(self) -> TensorInfos:
        return UnreadInfos(self.parts, self.ending)

    def _read_saved(self, walk: Walk) -> None:
        """What the nodes saved is not even unpacked."""

    def _saved_bytes(self) -> Column:
        return np.full(len(self.graph), NONE)
