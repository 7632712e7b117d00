"""Pictures without a window: from a recording to a scene, laid out here and now."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from graphviz_app.layout import Options, place_columns, place_districts
from graphviz_app.layout.options import WRAP_DISTRICTS
from graphviz_app.recording.collector import collector_paused
from graphviz_app.recording.model import NONE, Recording, ValueInfo
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueSource, ValueUnavailable
from graphviz_app.recording.views import View
from graphviz_app.ui import export
from graphviz_app.ui.graph.district_labels import TITLE_HEIGHT
from graphviz_app.ui.graph.playing import leaf_value_refs, playback_view
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.placing import Opening, draw_up
from graphviz_app.ui.theme import Theme
from graphviz_app.ui.watching import Watch, unwatched

MOST_FRAMES = 240
"""A longer pass is shown in an animation by this many of its steps, evenly spaced, the last one included."""
MOST_ASKED = 4096
"""Refs asked for in one question."""
_USUAL: dict[str, Options] = {"down": Options("down"), "right": Options("right")}


def make_scene(
    recording: Recording,
    view: View,
    theme: Theme,
    direction: Literal["down", "right"],
    opening: Opening | None = None,
    untangle: float | None = None,
) -> GraphScene:
    """Lay out a view of a recording and put it into a scene that shows no step.

    Parameters
    ----------
    opening
        Whether it is drawn in districts, and which of them are open.
    untangle
        Seconds that may be spent on fewer crossings; ``None``: as few as a person at a window waits for.
    """
    options = _USUAL[direction] if untangle is None else Options(direction, effort=math.inf, budget=untangle)
    with collector_paused():
        drawing = draw_up(recording, view, opening or Opening())
        kind, edges = recording.graph.nodes.kind, recording.graph.edges
        if drawing.districts is None:
            placement = place_columns(kind, edges, drawing.nodes, drawing.sizes, drawing.chips, options)
        else:
            folded, options = drawing.districts.data.folded, replace(options, wrap_layers=WRAP_DISTRICTS)
            placement = place_districts(
                kind,
                edges,
                folded,
                drawing.sizes,
                drawing.chips,
                TITLE_HEIGHT,
                options,
                title_width=drawing.titles,
            )
    return GraphScene(recording, placement, theme, drawing.labels, drawing.districts)


class Stepper:
    """Shows steps of one pass in a scene, with the values each needs.

    Parameters
    ----------
    scene
        What to show them in.
    index
        Which pass.
    source
        Who knows the values; without one, gradients are drawn as an ellipsis.
    """

    def __init__(self, scene: GraphScene, index: int, source: ValueSource | None) -> None:
        self._scene, self._source = scene, source
        self.playback = Playback(scene.recording, index)
        self._infos: dict[int, ValueInfo] = {}

    def show(self, step: int) -> None:
        """Put the scene at `step`."""
        step = self.playback.clamp(step)
        self._ask(step)
        self._scene.set_playback(playback_view(self._scene.recording, self.playback, step, self._infos))

    @property
    def count(self) -> int:
        """How many pictures :meth:`frames` gives."""
        return min(self.playback.total + 1, MOST_FRAMES)

    def frames(self) -> Iterator[GraphScene]:
        """The scene at each step in turn (at most :data:`MOST_FRAMES` of them), from before the first to the last."""
        for step in np.unique(np.linspace(0, self.playback.total, self.count).round().astype(int)).tolist():
            self.show(step)
            yield self._scene

    def _ask(self, step: int) -> None:
        """Every value on the screen at this step: of the event, what leaves hold by now, what crosses districts."""
        if self._source is None:
            return
        events = self.playback.current.events
        shown = np.concatenate([events.before, events.after])
        refs = [int(ref) for ref in shown] + self.playback.refs_at(step) + leaf_value_refs(self.playback)
        if self._scene.districts is not None:
            refs += self._scene.districts.refs(self.playback, step)
        wanted = [ref for ref in dict.fromkeys(refs) if ref != NONE and ref not in self._infos]
        try:
            for start in range(0, len(wanted), MOST_ASKED):
                for info in self._source.describe(wanted[start : start + MOST_ASKED]).result():
                    self._infos[info.ref] = info
        except ValueUnavailable:
            self._source = None


def write_scene(
    scene: GraphScene,
    view: View,
    source: ValueSource | None,
    path: Path,
    kind: str,
    *,
    scale: float = 1.0,
    outlines: bool = False,
    watch: Watch = unwatched,
) -> None:
    """Write a scene as it stands (for ``gif``: every step of its pass).

    Parameters
    ----------
    kind
        ``"png"``, ``"svg"``, ``"pdf"`` or ``"gif"``.
    scale
        Pixels a layout unit, for pixels.
    outlines
        Text as outlines, for vectors.
    watch
        Told how far it has come.

    Raises
    ------
    OSError
        When it cannot be written; what was there before is unchanged.
    GivenUp
        When `watch` says so; what was there before is unchanged.
    """
    if kind == "gif":
        from graphviz_app.ui.gif import save_gif

        stepper = Stepper(scene, view.index, source) if view.kind == "pass" else None
        frames, count = (stepper.frames(), stepper.count) if stepper is not None else (iter([scene]), 1)
        scale = export.gif_scale(scene, scale)
        save_gif((export.to_image(frame, scale) for frame in frames), path, count=count, watch=watch)
    elif kind == "png":
        export.save_png(scene, path, scale, watch)
    elif kind == "svg":
        export.save_svg(scene, path, outlines=outlines, watch=watch)
    else:
        export.save_pdf(scene, path, outlines=outlines, watch=watch)
