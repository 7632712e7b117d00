"""What is on its way in the picture: boxes to where another layout has them, gradients along their edges."""

from __future__ import annotations

from graphviz_app.ui.graph.morph import eased, scene_morph
from graphviz_app.ui.graph.motion import Motions
from graphviz_app.ui.graph.playing import PlaybackView
from graphviz_app.ui.graph.scene import GraphScene

MORPH_SECONDS = 0.25
TRAVEL_SECONDS = 0.24


class Transit:
    """Keeps how far everything has come.

    Parameters
    ----------
    motions
        Move it.

    Attributes
    ----------
    moving
        Drawn instead of the scene while boxes are on their way; ``None`` when none is.
    travel
        How far the outgoing gradients have come, 0 to 1.
    """

    def __init__(self, motions: Motions) -> None:
        self._motions = motions
        self.moving: GraphScene | None = None
        self.travel = 1.0

    def stop(self) -> None:
        """Everything is there."""
        self._motions.stop()
        self.moving, self.travel = None, 1.0

    def morph(self, old: GraphScene, new: GraphScene) -> None:
        """Let boxes move from where they are in one scene to where they are in another."""
        between = scene_morph(old, new)

        def advance(t: float) -> None:
            self.moving = between(eased(t)) if t < 1 else None

        self._motions.start("morph", MORPH_SECONDS, advance)

    def step(self, old: PlaybackView | None, new: PlaybackView | None, *, animate: bool) -> None:
        """Another step is shown: one step onward, gradients travel where they are to be seen moving."""
        same = old is not None and new is not None and old.playback is new.playback
        by = new.step - old.step if same and old is not None and new is not None else None
        if by == 1 and new is not None and new.outgoing and animate:
            self._motions.start("travel", TRAVEL_SECONDS, self._set_travel)
        elif by != 0:
            self._motions.end("travel")
            self.travel = 1.0

    def _set_travel(self, t: float) -> None:
        self.travel = t
