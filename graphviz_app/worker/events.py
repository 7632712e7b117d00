"""What a :class:`~graphviz_app.worker.client.Runner` tells: everything that happens to a run, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from graphviz_app.recording.model import Recording
from graphviz_app.worker.protocol import Device

How = Literal["done", "failed", "stopped", "crashed", "memory", "timeout"]
"""How a run ended: by itself, by an exception of the program (told in ``recording.problem``), or from outside."""


@dataclass(frozen=True)
class WorkerReady:
    """A process has imported torch; the devices a run can be given are known."""

    devices: tuple[Device, ...]
    torch: str
    python: str


@dataclass(frozen=True)
class Started:
    """Run number `run` was handed to its process."""

    run: int


@dataclass(frozen=True)
class OutputText:
    """Text the program wrote.

    Attributes
    ----------
    text
        Whole or partial lines. A carriage return means: write over the current line.
    dropped
        How many lines before `text` were left out, wholly or in part, because there were too many.
    """

    run: int
    stream: Literal["stdout", "stderr"]
    text: str
    dropped: int = 0


@dataclass(frozen=True)
class ProgressMade:
    """What the run is doing now; `total` is 0 when unknown."""

    run: int
    stage: str
    done: int
    total: int


@dataclass(frozen=True)
class InputNeeded:
    """The program called ``input()`` and waits for :meth:`Runner.provide`."""

    run: int
    prompt: str


@dataclass(frozen=True)
class GraphSketched:
    """The graph of a run whose backward will take a while, before it has run: nobody can be asked for values yet."""

    run: int
    recording: Recording


@dataclass(frozen=True)
class RecordingReady:
    """A recording arrived: of a run (`request` is ``-1``), or again with an offered backward pass added."""

    run: int
    recording: Recording
    request: int = -1


@dataclass(frozen=True)
class Ended:
    """The last event of a run.

    Attributes
    ----------
    run
        Its number; 0 when no process could be started before any run was asked for.
    key
        Which sentence of :data:`graphviz_app.worker.endings.ENDINGS`; `params` fill its fields.
    exit_code
        What its process ended with (negative: the signal that killed it); ``None`` while it lives on to answer.
    """

    run: int
    how: How
    key: str
    params: dict[str, str] = field(default_factory=dict)
    exit_code: int | None = None


Event = WorkerReady | Started | OutputText | ProgressMade | InputNeeded | GraphSketched | RecordingReady | Ended
