"""The table of actions: complete, unambiguous, and what menus and keys are made from."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QKeyCombination
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from graphviz_app.ui.actions import ACTIONS, MENUS, ActionSet


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


def test_no_two_actions_share_a_key():
    keys = Counter(QKeySequence(key).toString() for action in ACTIONS for key in action.keys)
    assert [key for key, count in keys.items() if count > 1] == []
    assert "" not in keys


def test_every_action_is_in_the_menu_it_names(window):
    actions = ActionSet(window, {spec.id: lambda *_: None for spec in ACTIONS})
    recent = QMenu("Recent", window)
    colours = actions.submenu("colour", "Colours")
    actions.fill(window.menuBar(), {"file": [recent], "view": [colours]})
    shown = {
        action.objectName()
        for menu in (*window.menuBar().findChildren(QMenu), colours)
        for action in menu.actions()
        if action.objectName()
    }
    assert shown >= {spec.id for spec in ACTIONS}
    assert [menu.title().replace("&", "") for menu in window.menuBar().findChildren(QMenu)][: len(MENUS)]


def test_triggering_runs_the_handler_and_checkable_ones_hear_their_state(window):
    heard: list[object] = []
    handlers = {spec.id: (lambda *args, name=spec.id: heard.append((name, args))) for spec in ACTIONS}
    actions = ActionSet(window, handlers)
    actions["run.run"].trigger()
    actions["view.right"].trigger()
    assert heard == [("run.run", ()), ("view.right", (True,))]


def test_bare_keys_are_found_and_disabled_ones_are_not(window):
    actions = ActionSet(window, {spec.id: lambda *_: None for spec in ACTIONS})
    assert actions.plain(pressed("Space")) is actions["play.toggle"]
    assert actions.plain(pressed("Ctrl+O")) is None
    actions["play.toggle"].setEnabled(False)
    assert actions.plain(pressed("Space")) is None


def test_faster_and_slower_are_found_however_a_keyboard_writes_their_signs(window):
    actions = ActionSet(window, {spec.id: lambda *_: None for spec in ACTIONS})
    for keys in (">", "Shift+>", "Shift+."):
        assert actions.plain(pressed(keys)) is actions["play.faster"], keys
    for keys in ("<", "Shift+<", "Shift+,"):
        assert actions.plain(pressed(keys)) is actions["play.slower"], keys
    assert actions.plain(pressed("Shift+Right")) is None
    assert actions.plain(pressed("Shift+G")) is None


def pressed(keys: str) -> QKeyCombination:
    return QKeySequence(keys)[0]


def test_choosing_one_of_a_group_unchecks_the_others(window):
    actions = ActionSet(window, {spec.id: lambda *_: None for spec in ACTIONS})
    actions.choose("theme", "view.theme_dark")
    actions.choose("theme", "view.theme_light")
    assert [name for name in ("system", "light", "dark") if actions[f"view.theme_{name}"].isChecked()] == ["light"]
