"""What the keyboard does on the canvas: pan, zoom, activate, walk from thing to thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from graphviz_app.ui.graph.scene import GraphScene

if TYPE_CHECKING:
    from graphviz_app.ui.graph.canvas import GraphCanvas
    from graphviz_app.ui.graph.viewfinder import Viewfinder

PAN = 80.0
"""Pixels an arrow key moves the picture by."""
ZOOM = 1.25
_ARROWS = {
    Qt.Key.Key_Left: (PAN, 0.0),
    Qt.Key.Key_Right: (-PAN, 0.0),
    Qt.Key.Key_Up: (0.0, PAN),
    Qt.Key.Key_Down: (0.0, -PAN),
}


def pressed(canvas: GraphCanvas, event: QKeyEvent) -> bool:
    """Shift+arrows pan, + and - zoom, Enter activates, Escape chooses nothing; whether the key did anything."""
    key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    chosen = canvas.chosen()
    if shift and key in _ARROWS:
        canvas.pan_by(*_ARROWS[Qt.Key(key)])
    elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
        canvas.zoom_by(ZOOM)
    elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
        canvas.zoom_by(1 / ZOOM)
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen:
        canvas.activate(chosen[-1])
    elif key == Qt.Key.Key_Escape and chosen:
        canvas.choose([])
    else:
        return False
    return True


def walked(canvas: GraphCanvas, finder: Viewfinder, *, onward: bool) -> bool:
    """Choose the next or previous node or district and bring it into view; whether there was one to go to."""
    scene, chosen = canvas.scene(), canvas.chosen()
    if scene is None or not canvas.hasFocus() or not len(scene.geometry.node):
        return False
    thing = next_thing(scene, chosen[-1] if chosen else -1, onward=onward)
    if thing >= 0:
        canvas.choose([thing])
        finder.bring_into_view(thing)
    return thing >= 0


def next_thing(scene: GraphScene, last: int, *, onward: bool) -> int:
    """The node or closed district after, or before, `last` in forward order; ``-1`` past the end."""
    order = list(dict.fromkeys(scene.geometry.node[scene.geometry.forward_order()].tolist()))
    at = order.index(last) + (1 if onward else -1) if last in order else (0 if onward else len(order) - 1)
    return order[at] if 0 <= at < len(order) else -1
