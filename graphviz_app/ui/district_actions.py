"""Opening and closing districts in the window: by pointer, key, menu and zoom."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from graphviz_app.ui import opening
from graphviz_app.ui.actions import ActionSet
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.graph.districts import Districts
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.placing import MODES
from graphviz_app.ui.settings import Settings

ZOOM = 1.25


class DistrictActions(QObject):
    """Does what the actions on districts say.

    Signals
    -------
    said(str)
        Why nothing was done.

    Parameters
    ----------
    controller
        Who knows which districts are open.
    canvas
        Where they are chosen.
    settings
        When districts are drawn, and whether zooming opens them.
    parent
        The window.
    """

    said = Signal(str)

    def __init__(self, controller: Controller, canvas: GraphCanvas, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._controller, self._canvas, self._settings = controller, canvas, settings
        self._actions: ActionSet | None = None
        canvas.districtToggled.connect(self._toggle)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions of the table do."""
        handlers: dict[str, Callable[..., object]] = {
            "district.open": self._open,
            "district.close": self._close,
            "district.members": self._open_members,
            "district.open_all": self._open_all,
            "district.close_all": lambda: self._set(frozenset()),
            "district.start": self._controller.open_as_at_start,
            "district.zoom": self._set_zoom,
        }
        for mode in MODES:
            handlers[f"district.{mode}"] = lambda _on, chosen=mode: self._set_mode(chosen)
        return handlers

    def restore(self, actions: ActionSet) -> None:
        """Take over what was remembered."""
        self._actions = actions
        mode, zoom = self._settings.text("districts"), self._settings.text("district_zoom") == "on"
        self._controller.set_districts(mode)
        self._canvas.entrance.on = zoom
        actions.choose("districts", f"district.{mode}")
        actions["district.zoom"].setChecked(zoom)

    def _data(self) -> Districts | None:
        scene = self._canvas.scene()
        return scene.districts.data if scene is not None and scene.districts is not None else None

    def _set(self, groups: opening.Open) -> None:
        if self._data() is None:
            self.said.emit(tr("This graph is not drawn in districts."))
        else:
            self._controller.open_only(groups)

    def _toggle(self, thing: int, _by_zoom: bool) -> None:
        data = self._data()
        if data is None:
            return
        groups, now = data.groups, self._controller.opened()
        if data.is_frame(thing):
            self._set(opening.closed(groups, now, data.groups_of(thing)[0]))
        else:
            self._set(opening.opened(groups, now, data.groups_of(thing)))

    def _open(self) -> None:
        """Open the closed districts chosen, or that under the pointer; where there is none, zoom in."""
        data = self._data()
        things = [thing for thing in self._meant() if data is not None and data.is_district(thing)]
        if data is None or not things:
            self._canvas.zoom_by(ZOOM)
            return
        now = self._controller.opened()
        for thing in things:
            now = opening.opened(data.groups, now, data.groups_of(thing))
        self._canvas.entrance.keep(data.groups_of(things[0])[0], None)
        self._set(now)

    def _close(self) -> None:
        """Close the open district chosen, or around what is; where there is none, zoom out."""
        data = self._data()
        found = [self._frame_meant(data, thing) for thing in self._meant()] if data is not None else []
        wanted = [group for group in found if group >= 0]
        if data is None or not wanted:
            self._canvas.zoom_by(1 / ZOOM)
            return
        now = self._controller.opened()
        for group in wanted:
            now = opening.closed(data.groups, now, group)
        self._canvas.entrance.keep(wanted[0], None)
        self._set(now)

    def _meant(self) -> list[int]:
        """What is chosen, else what is under the pointer."""
        pointed = self._canvas.pointed_at()
        return self._canvas.chosen() or ([pointed] if pointed >= 0 else [])

    @staticmethod
    def _frame_meant(data: Districts, thing: int) -> int:
        """The group of an open district, or of that around something else; ``-1`` for none."""
        frame = data.frame_of(thing) if data.is_frame(thing) else data.frame_around(thing)
        return int(data.folded.frames[frame]) if frame >= 0 else -1

    def _open_members(self) -> None:
        data = self._data()
        groups = [self._group_meant(data, thing) for thing in self._meant()] if data is not None else []
        now = self._controller.opened()
        after = now
        for group in groups:
            after = opening.with_members(data.groups, after, group) if data is not None else after
        if after == now:
            self.said.emit(tr("Choose a repeated district first, or one of its members."))
        else:
            self._set(after)

    def _group_meant(self, data: Districts, thing: int) -> int:
        groups = data.groups_of(thing)
        return groups[0] if groups else self._frame_meant(data, thing)

    def _open_all(self) -> None:
        data = self._data()
        self._set(frozenset(range(len(data.groups))) if data is not None else frozenset())

    def _set_mode(self, mode: str) -> None:
        self._settings.set("districts", mode)
        if self._actions is not None:
            self._actions.choose("districts", f"district.{mode}")
        self._controller.set_districts(mode)

    def _set_zoom(self, on: bool) -> None:
        self._settings.set("district_zoom", "on" if on else "off")
        self._canvas.entrance.on = on
