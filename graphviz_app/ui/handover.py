"""What one window gives to the next that takes its place: everything a person has done, chosen and looks at.

What belongs to the run (recording, step, selection, open districts) is the controller's and outlives them both; what is
remembered between starts is in the settings. The rest is handed over here: first what the next window needs to show the
same, in turns of the event loop, and then, in one, whatever can have changed until that moment.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from graphviz_app.ui.controller import Controller
from graphviz_app.ui.counterparts import copy_choices, copy_places, counterpart_of, counterparts
from graphviz_app.ui.graph.camera import Camera, fitted
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.main_window import MainWindow
from graphviz_app.ui.retelling import rewritten


def is_held(window: MainWindow) -> bool:
    """Whether something is asked, read, found or laid out for a window."""
    if window.desk.is_busy() or window.finder.filters.is_busy() or window.controller.placer.is_placing:
        return True
    return (QApplication.activeModalWidget() or QApplication.activePopupWidget()) is not None


def begin_as(old: MainWindow, heir: MainWindow) -> Iterator[None]:
    """Let the next window, which is built and not seen, show what the old one shows, some each time."""
    controller = old.controller
    heir.canvas.animations = False  # it begins where the old one is
    heir.lessons.begin_as(old.lessons)
    heir.tensor_view.state.take_over(old.tensor_view.state)
    heir.finder.search.take_over(old.finder.search)
    heir.derivatives.colouring.show(old.derivatives.colouring.mode)
    yield
    camera = chosen_camera(old)
    if camera is not None:
        heir.looking.arrive_at(camera)
    if controller.recording is not None:
        heir.report.show_recording()
        yield
    old.looking.rest()
    seen = old.canvas.scene()
    if old.untangling.is_untangled and seen is not None and seen.recording is controller.recording:
        heir.untangling.expect()
        _tell_again(controller, rewritten(seen, controller.view))
    else:
        _tell_again(controller, None)
    yield
    yield from heir.derivatives.make_as(old.derivatives)


def _tell_again(controller: Controller, drawn: GraphScene | None) -> None:
    """Have all that is looked at told once more; a picture that cost time is shown as it is, others are laid out."""
    if controller.view is None:
        return
    controller.viewChanged.emit()
    if drawn is None:
        controller.draw_as_usual()
    else:
        controller.placed.emit(drawn, False)
    controller.stepChanged.emit(controller.step, controller.total)
    controller.selectionChanged.emit()


def is_ready(old: MainWindow, heir: MainWindow, before: GraphScene | None) -> bool:
    """Whether the next window shows all there is to see; `before` is the picture it had when it was asked to."""
    drawn = old.canvas.scene() is None or heir.canvas.scene() is not before
    settled = heir.looking.is_settled() and heir.lessons.is_ready()
    return drawn and settled and heir.tensor_view.shows_as(old.tensor_view)


def hand_over(old: MainWindow, heir: MainWindow) -> Callable[[], None]:
    """Let the next window be seen in the place of the old one, with what was done until now.

    Returns what is to be done once it is laid out.
    """
    focus = old.focusWidget()
    pairs = counterparts(old, heir)
    _each(_work(old, heir))
    _take_place(old, heir)
    _each(_looks(old, heir))
    _each([lambda: copy_choices(pairs), lambda: heir.derivatives.take_over(old.derivatives)])
    heir.canvas.look_as(old.canvas)
    heir.canvas.animations = old.canvas.animations
    copy_places(pairs)
    (counterpart_of(focus, pairs) or heir.canvas).setFocus()
    old.hide()
    return lambda: copy_places(pairs)


def _each(gifts: Iterable[Callable[[], object]]) -> None:
    """Give one after another; one that cannot be given is told of and costs nobody the others."""
    for give in gifts:
        try:
            give()
        except Exception:
            sys.excepthook(*sys.exc_info())


def _work(old: MainWindow, heir: MainWindow) -> list[Callable[[], object]]:
    """The program with all that can be undone in it, the output, and what is being written."""
    return [
        lambda: heir.editor.take_over(old.editor),
        lambda: heir.desk.take_over(old.desk),
        lambda: heir.console.take_over(old.console),
        lambda: heir.report.take_over(old.report),
        lambda: heir.exporter.take_over(old.exporter),
    ]


def _looks(old: MainWindow, heir: MainWindow) -> list[Callable[[], object]]:
    """Where and how one looks, what is sought and left out, and what plays."""
    return [
        lambda: heir.navigation.take_over(old.navigation),
        lambda: heir.finder.take_over(old.finder),
        lambda: heir.looking.take_over(old.looking),
        lambda: heir.lessons.take_over(old.lessons),
        lambda: heir.tensor_view.take_over(old.tensor_view),
        lambda: heir.inspector.equation.state.take_over(old.inspector.equation.state),
        lambda: heir.player.take_over(old.player),
        lambda: heir.playback_bar.set_speed(old.player.speed),
        lambda: heir.canvas.choose_as(old.canvas),
        lambda: heir.share_room_as(old),
    ]


def _take_place(old: MainWindow, heir: MainWindow) -> None:
    """Lie on the screen as the old window does."""
    heir.hide()
    heir.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)
    heir.restoreGeometry(old.saveGeometry())
    heir.actions_["view.full_screen"].setChecked(old.isFullScreen())
    if not old.windowState() & (Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen):
        heir.setGeometry(old.geometry())  # a window may be larger than its screen
    if old.isMinimized():
        heir.showMinimized()
    else:
        heir.show()


def chosen_camera(window: MainWindow) -> Camera | None:
    """Where the person looks; ``None`` where all of the picture is in view, as it then is in the next window."""
    canvas, scene = window.canvas, window.canvas.scene()
    if scene is None or canvas.camera() == fitted(scene.geometry.bounds, canvas.width(), canvas.height()):
        return None
    return canvas.camera()
