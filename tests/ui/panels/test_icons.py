"""Icons: there, tinted, and crisp."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QColor, QIcon, QImage

from graphviz_app.ui import icons
from graphviz_app.ui.actions import ACTIONS
from graphviz_app.ui.icons import icon, icon_file, names, pixmap
from graphviz_app.ui.style import style_sheet
from graphviz_app.ui.theme import DARK, LIGHT


def inks(image: QImage) -> set[str]:
    """Colours of the pixels that are fully drawn."""
    found = set()
    for x in range(image.width()):
        for y in range(image.height()):
            colour = image.pixelColor(x, y)
            if colour.alpha() == 255:
                found.add(colour.name())
    return found


@pytest.mark.parametrize("name", names())
def test_every_icon_draws_in_its_role_and_fades_when_disabled(qapp: QCoreApplication, name: str) -> None:
    made = icon(name, "accent", DARK)
    normal = made.pixmap(QSize(40, 40), 1.0, QIcon.Mode.Normal).toImage()
    disabled = made.pixmap(QSize(40, 40), 1.0, QIcon.Mode.Disabled).toImage()
    assert inks(normal) == {QColor(DARK.accent).name()}
    assert inks(disabled) == {QColor(DARK.border_strong).name()}


def test_at_twice_the_density_it_has_twice_the_pixels(qapp: QCoreApplication) -> None:
    for size in (14, 16, 20, 24, 28):
        assert icon("play").pixmap(QSize(size, size), 2.0).size() == QSize(2 * size, 2 * size)
    assert pixmap("leaf", 18, 2.0).size() == QSize(36, 36)


def test_every_action_that_names_an_icon_has_it() -> None:
    assert {action.icon for action in ACTIONS if action.icon} <= set(names())


def test_no_icon_brings_a_colour_of_its_own() -> None:
    from graphviz_app.resources import resource

    for name in names():
        text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
        assert "#" not in text
        assert "currentColor" in text


def test_a_style_sheet_gets_a_file_in_the_themes_colour() -> None:
    path = Path(icon_file("chevron-down", LIGHT.text_dim))
    assert LIGHT.text_dim in path.read_text(encoding="utf-8")
    assert icon_file("chevron-down", LIGHT.text_dim) == path.as_posix()


def test_an_unknown_icon_is_an_error(qapp: QCoreApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")


def test_where_no_file_can_be_written_icons_are_pictures_and_the_window_opens_all_the_same(qapp, monkeypatch) -> None:
    def full() -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(icons, "_folder", full)
    icon.cache_clear()
    try:
        assert icon_file("play", "#123456") == ""
        assert inks(icon("play", "accent", DARK).pixmap(QSize(40, 40), 1.0).toImage()) == {QColor(DARK.accent).name()}
        assert "url()" not in style_sheet(LIGHT)
    finally:
        icon.cache_clear()
