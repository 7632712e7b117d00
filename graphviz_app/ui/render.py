"""What ``graphviz-app render`` draws, without a window and without a display."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtGui import QGuiApplication

from graphviz_app.recording.model import Recording
from graphviz_app.recording.values import ValueSource
from graphviz_app.recording.views import View
from graphviz_app.ui.pictures import Stepper, make_scene, write_scene
from graphviz_app.ui.placing import Opening
from graphviz_app.ui.theme import THEMES


def write_picture(
    recording: Recording,
    source: ValueSource,
    view: View,
    path: Path,
    kind: str,
    *,
    step: int | None,
    theme: str,
    scale: float,
    direction: Literal["down", "right"],
    outlines: bool,
    opening: Opening | None = None,
    untangle: float | None = None,
) -> None:
    """Draw a view of a recording into a file.

    Parameters
    ----------
    recording, source, view
        What to draw.
    path, kind
        Where, and as what: ``"png"``, ``"svg"``, ``"pdf"``, ``"gif"``.
    step
        How many steps of the pass have happened; ``None`` shows the graph with its final gradients.
    opening
        Whether it is drawn in districts, and which of them are open.
    untangle
        Seconds that may be spent on fewer crossings; ``None``: as few as a person at a window waits for.

    Raises
    ------
    OSError
        When it cannot be written.
    NoDistrict
        When a district that is to be opened does not exist.
    """
    application = QGuiApplication.instance() or QGuiApplication([])
    scene = make_scene(recording, view, THEMES[theme], direction, opening, untangle)
    if step is not None and view.kind == "pass":
        Stepper(scene, view.index, source).show(step)
    write_scene(scene, view, source, path, kind, scale=scale, outlines=outlines)
    del application
