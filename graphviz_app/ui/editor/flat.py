"""Small buttons without a frame, for title lines and bars."""

from __future__ import annotations

from graphviz_app.ui.theme import Theme


def flat_buttons(theme: Theme) -> str:
    """A style sheet for the tool buttons of a widget: flat until pointed at, checked or focused."""
    return (
        "QToolButton { background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 3px 5px; }"
        f" QToolButton:hover {{ background: {theme.selection}; }}"
        f" QToolButton:focus {{ border-color: {theme.selection_border}; }}"
        f" QToolButton:checked {{ background: {theme.selection}; border-color: {theme.selection_border}; }}"
    )
