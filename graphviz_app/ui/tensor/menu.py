"""The pane's menus: everything a key or a button does, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from graphviz_app.recording.slices import Part, Scan
from graphviz_app.recording.slicetext import Form
from graphviz_app.ui.i18n import tr, tr_noop
from graphviz_app.ui.tensor.compare import comparison
from graphviz_app.ui.tensor.presenter import held
from graphviz_app.ui.tensor.saving import Kind
from graphviz_app.ui.tensor.scales import MODES
from graphviz_app.ui.tensor.side import Side
from graphviz_app.ui.tensor.state import SPEEDS, Compare, Scope, TensorState
from graphviz_app.ui.tensor.subject import Subject
from graphviz_app.ui.tensor.words import COMPARE_WORDS, MODE_WORDS, PART_WORDS, SCOPE_WORDS, kind_words

SCOPES: tuple[Scope, ...] = ("slice", "tensor", "steps")
PARTS: tuple[Part, ...] = ("magnitude", "phase", "real", "imag")
COMPARES: tuple[Compare, ...] = ("", "difference", "split", "sign", "ratio", "previous_step", "previous_pass")

PLACES: dict[str, str] = {
    "largest": tr_noop("Largest magnitude"),
    "max": tr_noop("Maximum"),
    "min": tr_noop("Minimum"),
    "nan": tr_noop("First NaN"),
    "+inf": tr_noop("First +Inf"),
    "-inf": tr_noop("First −Inf"),
}

FORMS: dict[Form, str] = {
    "python": tr_noop("Numbers as Python"),
    "numpy": tr_noop("Numbers as NumPy"),
    "csv": tr_noop("Numbers as CSV"),
}

FILES: dict[Kind, str] = {
    "npy": tr_noop("Whole tensor as .npy…"),
    "safetensors": tr_noop("Whole tensor as .safetensors…"),
    "csv": tr_noop("Slice as .csv…"),
    "png": tr_noop("Picture as .png…"),
}


class Doer(Protocol):
    """What the menus ask the pane to do."""

    state: TensorState

    def ask_index(self) -> None: ...
    def ask_levels(self, side: str) -> None: ...
    def go_to_place(self, side: str, place: str) -> None: ...
    def copy_code(self) -> None: ...
    def copy_numbers(self, form: Form) -> None: ...
    def save(self, kind: Kind) -> None: ...
    def transpose(self) -> None: ...
    def film_strip(self) -> None: ...
    def toggle_gradient(self) -> None: ...
    def toggle_symlog(self) -> None: ...
    def reset_levels(self) -> None: ...
    def set_histogram(self, on: bool) -> None: ...
    def histogram_on(self) -> bool: ...
    def toggle_maximised(self) -> None: ...
    def place_scan(self, side: str) -> Scan | None: ...
    def side(self, name: str) -> Side: ...


def everything(doer: Doer, subject: Subject, parent: QWidget) -> QMenu:
    """The menu of everything."""
    menu, state = QMenu(parent), doer.state
    many = state.axes is not None and state.axes.kind != "scalar"
    _add(menu, tr("Only the gradient, or both"), doer.toggle_gradient, "G")
    menu.addMenu(compare(doer, subject, menu))
    _add(menu, tr("Transpose"), doer.transpose, "T", on=_has_both(state))
    strip = state.axes is not None and state.axes.strip_axis is not None
    _add(menu, tr("Film strip, or one frame"), doer.film_strip, "F", on=strip)
    _fill_readings(menu.addMenu(tr("Read as")), state)
    if subject.dtype.startswith("complex"):
        _fill_parts(menu.addMenu(tr("Of complex numbers")), state)
    menu.addSeparator()
    _fill_play(menu, state)
    menu.addSeparator()
    for name in ("value", "gradient"):
        menu.addMenu(colours(doer, name, menu)).setEnabled(many)
    _add(menu, tr("Symlog, or linear"), doer.toggle_symlog, "L", on=many)
    _add(menu, tr("Automatic levels"), doer.reset_levels, "0", on=many)
    histogram = _add(menu, tr("Histogram"), lambda: doer.set_histogram(not doer.histogram_on()), on=many)
    histogram.setCheckable(True)
    histogram.setChecked(doer.histogram_on())
    menu.addSeparator()
    _add(menu, tr("Go to index…"), doer.ask_index, on=bool(subject.shape))
    _fill_places(menu.addMenu(tr("Go to")), doer)
    menu.addSeparator()
    _fill_copy(menu.addMenu(tr("Copy")), doer)
    _fill_save(menu.addMenu(tr("Save")), doer)
    menu.addSeparator()
    _add(menu, tr("Maximise, or back"), doer.toggle_maximised)
    return menu


def compare(doer: Doer, subject: Subject, parent: QWidget) -> QMenu:
    """What is shown beside value and gradient; what cannot be says why."""
    menu = QMenu(tr("Compare"), parent)
    menu.setToolTipsVisible(True)
    group = QActionGroup(menu)
    for each in COMPARES:
        action = _add(menu, tr(COMPARE_WORDS[each]), partial(doer.state.set_compare, each))
        _check(action, doer.state.compare == each, group)
        why = comparison(subject, each).why if each else ""
        action.setEnabled(not why)
        action.setToolTip(why)
    return menu


def colours(doer: Doer, name: str, parent: QWidget) -> QMenu:
    """How one side is coloured."""
    state, side = doer.state, doer.side(name)
    levels = state.levels[name]
    in_colour = side.shown is not None and side.shown.in_colour
    menu = QMenu(tr("Colours of the {side}", side=side.name_word()), parent)
    curve, source = QActionGroup(menu), QActionGroup(menu)
    for mode in MODES:
        action = _add(menu, tr(MODE_WORDS[mode]), partial(state.set_levels, name, replace(levels, mode=mode)))
        _check(action, (mode == "linear") if in_colour else levels.mode == mode, curve)
        action.setEnabled(mode == "linear" or not in_colour)
    menu.addSeparator()
    for scope in SCOPES:
        chosen = replace(levels, scope=scope, manual=None, locked=False)
        words = tr("Levels from {what}", what=tr(SCOPE_WORDS[scope]))
        action = _add(menu, words, partial(state.set_levels, name, chosen))
        _check(action, levels.scope == scope and levels.manual is None, source)
        action.setEnabled(scope != "steps" or name == "gradient")
    _add(menu, tr("Levels by hand…"), lambda: doer.ask_levels(name))
    lock = _add(menu, tr("Lock the levels"), lambda: held(state, side))
    lock.setCheckable(True)
    lock.setChecked(levels.locked)
    return menu


def _fill_readings(menu: QMenu, state: TensorState) -> None:
    for reading in state.readings:
        names = " ".join(name.name or "·" for name in reading.names)
        action = _add(menu, f"{kind_words(reading.kind)}   {names}", partial(state.read_as, reading))
        action.setCheckable(True)
        action.setChecked(state.axes is not None and state.axes.roles == reading.roles)


def _fill_parts(menu: QMenu, state: TensorState) -> None:
    group = QActionGroup(menu)
    for part in PARTS:
        action = _add(menu, tr(PART_WORDS[part]), partial(state.set_part, part))
        _check(action, state.part == part or (part == "magnitude" and state.part == "value"), group)


def _fill_play(menu: QMenu, state: TensorState) -> None:
    can = state.play_axis is not None
    _add(menu, tr("Stop playing") if state.playing else tr("Play"), state.toggle_playing, "Space", on=can)
    speeds = menu.addMenu(tr("Frames a second"))
    group = QActionGroup(speeds)
    for speed in SPEEDS:
        _check(_add(speeds, f"{speed:g}", partial(state.set_speed, speed)), state.speed == speed, group)
    speeds.setEnabled(can)


def _fill_places(menu: QMenu, doer: Doer) -> None:
    for side in ("value", "gradient"):
        scan = doer.place_scan(side)
        found = [place for place in PLACES if scan is not None and place in scan.first]
        for place in found:
            words = tr("{what} of the {side}", what=tr(PLACES[place]), side=doer.side(side).name_word())
            _add(menu, words, partial(doer.go_to_place, side, place))
        if found and side == "value":
            menu.addSeparator()
    menu.setEnabled(bool(menu.actions()))


def _fill_copy(menu: QMenu, doer: Doer) -> None:
    _add(menu, tr("The slice as Python"), doer.copy_code)
    menu.addSeparator()
    for form, words in FORMS.items():
        _add(menu, tr(words), partial(doer.copy_numbers, form))


def _fill_save(menu: QMenu, doer: Doer) -> None:
    for kind, words in FILES.items():
        _add(menu, tr(words), partial(doer.save, kind))


def _has_both(state: TensorState) -> bool:
    return state.axes is not None and {"x", "y"} <= set(state.axes.roles)


def _add(menu: QMenu, text: str, do: Callable[[], object], key: str = "", *, on: bool = True) -> QAction:
    action = menu.addAction(text)
    if key:
        # Shown here and heard by the pane, so that the key acts while any part of the pane has the focus.
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.setEnabled(on)
    action.triggered.connect(lambda _checked=False: do())
    return action


def _check(action: QAction, on: bool, group: QActionGroup) -> None:
    action.setCheckable(True)
    action.setChecked(on)
    group.addAction(action)
