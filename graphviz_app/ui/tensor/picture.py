"""Which picture a tensor gets, and the one way the pane talks to every picture."""

from __future__ import annotations

from typing import Any, Literal, Protocol, cast, runtime_checkable

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from graphviz_app.recording.slices import Cells
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.tensor.shown import Shown
from graphviz_app.ui.theme import Theme

PictureName = Literal["scalar", "bars", "series", "plane"]

MOST_BARS = 64
"""Elements of a vector that are drawn as one bar each; more are a line."""


class Picture(Protocol):
    """What every picture of a tensor can do.

    Signals
    -------
    pointed(object)
        The full index of the element under the pointer, or ``None``.
    viewChanged(object)
        What is visible, for :meth:`set_view` of the picture beside it.
    menuWanted
        The menu was asked for.
    """

    pointed: SignalInstance
    viewChanged: SignalInstance
    menuWanted: SignalInstance

    def set_cells(self, cells: Cells, shown: Shown) -> None:
        """Show other numbers."""

    def set_scale(self, scale: Scale) -> None:
        """Colour them in another way."""

    def set_cursor(self, index: tuple[int, ...] | None) -> None:
        """Mark an element of the tensor."""

    def set_view(self, view: object) -> None:
        """Show what the picture beside it shows."""

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""


@runtime_checkable
class Zoomed(Protocol):
    """A picture of which a part can be shown."""

    def view(self) -> object:
        """What is visible, for :meth:`Picture.set_view`."""


def picture_for(shown: Shown) -> PictureName:
    """The right picture for what is shown."""
    if not shown.axes:
        return "scalar"
    if "y" in shown.roles:
        return "plane"
    start, stop = shown.window(shown.axes[0])
    return "bars" if len(shown.axes) == 1 and stop - start <= MOST_BARS else "series"


def make_picture(name: PictureName) -> tuple[QWidget, Picture]:
    """A picture, as the widget it is and as what the pane talks to; what draws curves is imported here, when needed."""
    made: Any
    if name == "plane":
        from graphviz_app.ui.tensor.plane import Plane

        made = Plane()
    elif name == "series":
        from graphviz_app.ui.tensor.series import Series

        made = Series()
    elif name == "bars":
        from graphviz_app.ui.tensor.bars import Bars

        made = Bars()
    else:
        from graphviz_app.ui.tensor.scalar import Scalar

        made = Scalar()
    return cast(QWidget, made), cast(Picture, made)
