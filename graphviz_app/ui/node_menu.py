"""What can be done with a node of the graph, in a menu where it is pointed at."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from graphviz_app.ui.actions import ActionSet
from graphviz_app.ui.graph.canvas import GraphCanvas

_GROUPS = (
    ("play.to_node",),
    ("district.open", "district.close", "district.members"),
    ("filter.neighbours", "filter.ancestors", "filter.descendants", "filter.between", "filter.only", "filter.off"),
    ("math.suppose", "math.check_node"),
    ("view.fit", "view.back", "view.forward"),
)
_WITHOUT_NODE = ("filter.only", "filter.off", "view.fit", "view.back", "view.forward")


class NodeMenu:
    """Opens the menu of a canvas: of the node under the pointer, which is chosen by that, or of what is chosen.

    Parameters
    ----------
    canvas
        Where it opens.
    actions
        What stands in it.
    """

    def __init__(self, canvas: GraphCanvas, actions: ActionSet) -> None:
        self._canvas, self._actions = canvas, actions
        canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        canvas.customContextMenuRequested.connect(self.open)

    def open(self, at: QPoint) -> None:
        """Open the menu at a point of the canvas."""
        self.made(at).popup(self._canvas.mapToGlobal(at))

    def made(self, at: QPoint) -> QMenu:
        """The menu for a point of the canvas; what is there is chosen."""
        node = self._canvas.node_at(at.x(), at.y())
        if node >= 0 and node not in self._canvas.chosen():
            self._canvas.choose([node])
        menu = QMenu(self._canvas)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for names in _GROUPS:
            shown = [name for name in names if self._is_meant(name)]
            for name in shown:
                menu.addAction(self._actions[name])
            if shown:
                menu.addSeparator()
        return menu

    def _is_meant(self, name: str) -> bool:
        """Whether an action has something to do here."""
        scene = self._canvas.scene()
        if name.startswith("district.") and (scene is None or scene.districts is None):
            return False
        return bool(self._canvas.chosen()) or name in _WITHOUT_NODE
