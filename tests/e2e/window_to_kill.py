"""Run under Xvfb by test_killed: a real X window opens FILE, text is typed into it, and it tells what it holds."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "xcb"

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from graphviz_app.ui.app import App
from graphviz_app.ui.settings import Settings


def main(file: str, typed: str) -> int:
    """Open `file` (or what is recovered), type, say what the editor holds, and stay until killed."""
    application = QApplication([])
    application.setApplicationName("graphviz_app")
    application.setOrganizationName("graphviz_app")
    app = App(application, Settings())
    app.window.show()
    app.open_first(Path(file) if file else None)
    app.window.editor.setFocus()
    for letter in typed:
        QTest.keyClicks(QApplication.focusWidget() or app.window.editor.area, letter)
    print(repr(app.window.editor.text()), flush=True)
    QTimer.singleShot(2_000, lambda: print("two seconds", flush=True))
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
