"""What one run has: its recorders, and how its program ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graphviz_app.engine.alive import KeptGraphs
from graphviz_app.engine.backward import BackwardRecorder
from graphviz_app.engine.brought import Brought
from graphviz_app.engine.constants import Constants
from graphviz_app.engine.forward import ForwardRecorder
from graphviz_app.engine.saved import SavedTensors
from graphviz_app.engine.tables import Metas, Strings
from graphviz_app.engine.uses import Overrides
from graphviz_app.engine.values import ValueStore
from graphviz_app.engine.walk import GraphBuilder
from graphviz_app.recording.model import Problem


@dataclass(slots=True)
class Parts:
    """The recorders of one run."""

    strings: Strings
    metas: Metas
    constants: Constants
    store: ValueStore
    forward: ForwardRecorder
    graph: GraphBuilder
    saved: SavedTensors
    backward: BackwardRecorder
    kept: KeptGraphs
    overrides: Overrides
    live: dict[int, int] = field(default_factory=dict)
    """ref of each live tensor (by ``id``) already in the store."""


@dataclass(slots=True)
class Ending:
    """How the program ended."""

    source: str
    filename: str
    seed: int
    device: str
    names: dict[str, Any]
    last: object
    problem: Problem | None
    seconds: float
    brought: Brought = field(default_factory=Brought)
