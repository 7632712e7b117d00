"""Starting the window: a display to draw on, a language, a theme, and the first program."""

from __future__ import annotations

import gc
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication

from graphviz_app.lessons.names import is_lesson
from graphviz_app.recording.given import KINDS, GivenFile
from graphviz_app.ui import i18n
from graphviz_app.ui.ahead import Ahead
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.display import drop_absurd_scales, missing_display
from graphviz_app.ui.examples import EXAMPLES
from graphviz_app.ui.imports import import_ahead
from graphviz_app.ui.main_window import MainWindow
from graphviz_app.ui.settings import ORGANISATION, Settings
from graphviz_app.ui.succession import Succession
from graphviz_app.ui.theme import DARK, LIGHT, THEMES, Theme
from graphviz_app.ui.typeset import typesetter
from graphviz_app.worker.client import Runner
from graphviz_app.worker.completer import Completer

SWITCH_SECONDS = 0.0002
OFTEN, NEVER = (700, 10), 2**30
"""After how much the cycle collector looks through what was made just now, and through everything."""
NO_FONTS = {"Monospace", "Sans Serif", "Serif"}
"""What Qt lists where there is no font at all: names for others."""


class App(QObject):
    """Owns what outlives a window: the application, the settings and the controller.

    Parameters
    ----------
    application
        The running QApplication.
    settings
        Remembered choices.
    runner
        See :class:`Controller`.
    """

    def __init__(self, application: QApplication, settings: Settings, *, runner: Runner | None = None) -> None:
        super().__init__(application)
        self._application, self.settings = application, settings
        settings.lost.connect(_say)
        i18n.install(settings.text("language"))
        self.controller = Controller(self, runner=runner)
        self.completer = Completer()
        self._ahead: Ahead | None = None
        self._succession, self._spoken = Succession(self), ""
        self._succession.over.connect(self._on_over)
        self.window = self._make_window()
        application.styleHints().colorSchemeChanged.connect(lambda _: self._use_theme())

    def theme(self) -> Theme:
        """The theme chosen, or that of the system."""
        chosen = self.settings.text("theme")
        if chosen in THEMES:
            return THEMES[chosen]
        scheme = self._application.styleHints().colorScheme()
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT

    def open_first(self, path: Path | None, data: Sequence[GivenFile] = ()) -> None:
        """Open `path`, or unsaved text of last time, or the first example, which is run at once; with `data`.

        A lesson is opened beside them.
        """
        desk = self.window.desk
        only_data = path is None or is_lesson(path) or KINDS.get(path.suffix.lower(), "safetensors") != "safetensors"
        if only_data and not desk.recover():
            desk.open_example(EXAMPLES[0][0])
        if path is not None and is_lesson(path):
            self.window.lessons.open(path)
        elif path is not None:
            desk.open_path(path)
        if data:
            desk.given.use(data)

    def prepare(self) -> Ahead:
        """Import on a thread, and then make, what will be wanted soon, while no program runs and no pass plays."""
        imports, window = import_ahead(), self.window

        def is_free() -> bool:
            return not (imports.is_alive() or self.controller.is_running or window.player.playing)

        self._ahead = Ahead(window.make_ahead(), is_free, window)
        self._ahead.start()
        return self._ahead

    def close(self) -> None:
        """End everything that runs beside the window."""
        self._succession.stop()
        self.window.give_up()
        self.controller.close()
        self.completer.close()

    def _make_window(self, *, whole: bool = True) -> MainWindow:
        window = MainWindow(self.controller, self.settings, self.theme(), self.completer, whole=whole)
        window.themeChosen.connect(self._choose_theme)
        window.languageChosen.connect(self._choose_language)
        window.closed.connect(lambda: self._on_closed(window))
        return window

    def _choose_theme(self, name: str) -> None:
        self.settings.set("theme", name)
        self.window.actions_.choose("theme", f"view.theme_{name}")
        self._use_theme()

    def _use_theme(self) -> None:
        self.window.change_theme(self.theme())

    def _choose_language(self, name: str) -> None:
        """Build the window again in another language, on the same state, and show it in the same place."""
        self.settings.set("language", name)
        if self._succession.is_over():
            self._succeed()

    def _succeed(self) -> None:
        self._spoken = self.settings.text("language")
        i18n.install(self._spoken)
        self._succession.begin(self.window, self._make_window(whole=False), self._on_succeeded)

    def _on_closed(self, window: MainWindow) -> None:
        if window is self.window:
            self._succession.stop()  # no window comes after it

    def _on_over(self) -> None:
        if self._spoken != self.settings.text("language"):  # another was chosen meanwhile
            self._succeed()

    def _on_succeeded(self, window: MainWindow) -> None:
        self.window = window
        if self._ahead is not None:
            self.prepare()  # what was made ahead goes with the old window
        if window.theme is not self.theme():
            self._use_theme()


def run_window(path: Path | None, data: Sequence[GivenFile] = ()) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    reason = missing_display()
    if reason:
        _say(reason)
        return 2
    for sentence in drop_absurd_scales():
        _say(sentence)
    gc.disable()  # until the window stands: nothing that is made for it is garbage
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication(sys.argv[:1])
    application.setApplicationName(ORGANISATION)
    application.setOrganizationName(ORGANISATION)
    application.setStyle("Fusion")
    if set(QFontDatabase.families()) <= NO_FONTS:
        _say("no fonts were found; install one (fonts-dejavu, say) and start again.")
        return 2
    app = App(application, Settings())
    sys.excepthook = lambda kind, error, trace: _report(app, kind, error, trace)
    # Python sees Ctrl+C in the terminal only between two steps of the event loop.
    signal.signal(signal.SIGINT, lambda *_: application.quit())
    pulse = QTimer(app)
    pulse.timeout.connect(lambda: None)
    pulse.start(250)
    app.window.show()
    favour_the_window(application)
    QTimer.singleShot(0, lambda: app.open_first(path, data))
    # After the first run, so that they do not fight for the processor.
    QTimer.singleShot(2500, app.prepare)
    QTimer.singleShot(5000, app.completer.warm)
    try:
        return application.exec()
    finally:
        app.close()
        typesetter().close()


def _say(sentence: str) -> None:
    """On the terminal, if there is one: a program started from a menu may have none."""
    if sys.stderr is not None:
        sys.stderr.write(f"graphviz-app: {sentence}\n")


def favour_the_window(application: QApplication) -> None:
    """Let nothing of ours hold up the event loop for long; called once the window stands.

    Modules and widgets are no garbage: a collection that looks through them all stops the window for a tenth of a
    second; and what a dozen runs leave behind in cycles that grew old is a few thousand small objects, so only the
    young are looked through while somebody works, and the rest when they turn to another window. And a thread that
    computes (the sizes of boxes, a recording that is read) gives way after a fifth of a millisecond instead of five:
    painting lets go of the interpreter at every call of Qt, and then waits that long to have it back.
    """
    gc.freeze()
    gc.set_threshold(*OFTEN, NEVER)
    gc.enable()
    sys.setswitchinterval(SWITCH_SECONDS)
    application.applicationStateChanged.connect(_tidy)


def _tidy(state: Qt.ApplicationState) -> None:
    """Collect what is in no young cycle while nobody looks: it takes 20 to 60 ms."""
    if state != Qt.ApplicationState.ApplicationActive:
        gc.collect()


def _report(app: App, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A fault of ours is shown and survived: the text and the recording are still there."""
    text = "".join(traceback.format_exception(kind, error, trace))
    if sys.stderr is not None:
        sys.stderr.write(text)
    app.window.show_fault(text)
