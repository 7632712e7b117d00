"""One press of keys means one thing, on keyboards with + beside Shift too."""

from __future__ import annotations

from graphviz_app.ui.actions import ACTIONS

SHIFTED = {"Shift++": "+", "Shift+=": "+", "Shift+_": "_", "Shift+-": "_"}
"""What a key of the American keyboard gives with Shift: Qt takes either name for the press."""


def test_no_press_of_keys_belongs_to_two_actions():
    owners: dict[str, set[str]] = {}
    for action in ACTIONS:
        for keys in action.keys:
            text = str(keys)
            for name, sign in SHIFTED.items():
                text = text.removesuffix(name) + sign if text.endswith(name) else text
            owners.setdefault(text, set()).add(action.id)
    assert {keys: names for keys, names in owners.items() if len(names) > 1} == {}
