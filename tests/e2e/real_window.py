"""Run under Xvfb by test_window: a real X window opens, runs the first example, takes one step and is photographed."""

from __future__ import annotations

import os
import sys
import tempfile

os.environ["QT_QPA_PLATFORM"] = "xcb"
for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
    os.environ[name] = tempfile.mkdtemp()

from PySide6.QtCore import QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from graphviz_app.ui.app import App  # noqa: E402
from graphviz_app.ui.display import missing_display  # noqa: E402
from graphviz_app.ui.settings import Settings  # noqa: E402


def main(picture: str) -> int:
    """Open, run, step, grab; the exit code is 0 when all of it happened within 90 seconds."""
    if missing_display():
        print(missing_display(), file=sys.stderr)
        return 2
    application = QApplication([])
    app = App(application, Settings())
    app.window.show()
    app.open_first(None)

    def look() -> None:
        controller = app.controller
        if app.window.canvas.scene() is None or controller.is_running:
            return
        if controller.step == 0:
            controller.set_step(1)
            return
        recording = controller.recording
        print(recording.strings[recording.graph.nodes.name[controller.running_node()]])
        app.window.screen().grabWindow(app.window.winId()).save(picture)
        application.exit(0)

    clock = QTimer()
    clock.timeout.connect(look)
    clock.start(300)
    QTimer.singleShot(90_000, lambda: application.exit(1))
    code = application.exec()
    app.window.close()
    app.close()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
