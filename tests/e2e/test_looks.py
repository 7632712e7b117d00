"""Another theme and another language, as a person chooses them while the window is in use."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QDialog
from shiboken6 import delete
from window_at_work import PRODUCT, run

from graphviz_app.ui.dress import parts_of
from graphviz_app.ui.style import style_sheet
from graphviz_app.ui.theme import DARK

SOON = 20_000


def _is_dark(widget) -> bool:
    """Whether there is nothing but dark ground where the widget lies, and a little that is light on it."""
    image = widget.window().grab(QRect(widget.mapTo(widget.window(), QPoint()), widget.size())).toImage()
    points = [(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)]
    return sum(image.pixelColor(x, y).lightness() > 128 for x, y in points) < len(points) / 8


def test_another_theme_is_painted_once_it_is_whole(app, qtbot):
    run(app, qtbot, PRODUCT)
    window = app.window
    window.themeChosen.emit("dark")
    assert not window.updatesEnabled()  # nothing half dark is seen
    qtbot.waitUntil(window.updatesEnabled, timeout=SOON)
    assert window.looking.is_settled()
    assert all(part.styleSheet() == style_sheet(DARK) for part in parts_of(window))
    for widget in (window.toolbar, window.editor.area, window.variables, window.canvas, window.inspector):
        assert _is_dark(widget), widget


def test_a_theme_chosen_before_the_last_is_whole_is_the_one_that_is_seen(app, qtbot):
    window = app.window
    for name in ("dark", "light", "dark"):
        window.themeChosen.emit(name)
    qtbot.waitUntil(window.updatesEnabled, timeout=SOON)
    assert _is_dark(window.canvas)
    assert all(part.styleSheet() == style_sheet(DARK) for part in parts_of(window))


def test_what_opens_over_the_window_looks_like_it(app, qtbot):
    window = app.window
    window.themeChosen.emit("dark")
    qtbot.waitUntil(window.updatesEnabled, timeout=SOON)
    dialog = QDialog(window)
    dialog.show()
    assert dialog.styleSheet() == style_sheet(DARK)
    assert _is_dark(dialog)
    dialog.close()
    page = window.derivatives.show_page("health")
    assert page.styleSheet() == style_sheet(DARK)


def test_what_closes_while_the_theme_changes_is_not_missed(app, qtbot):
    window = app.window
    dialog = QDialog(window)
    dialog.show()
    window.themeChosen.emit("dark")
    delete(dialog)
    qtbot.waitUntil(window.updatesEnabled, timeout=SOON)
    assert _is_dark(window.canvas)
