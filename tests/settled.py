"""Waiting for what the window does in turns of its event loop."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop

from graphviz_app.ui.panels.inspector import Inspector


def settle(inspector: Inspector) -> None:
    """Let the rule and the equation come: they follow in turns of their own."""
    patience = QDeadlineTimer(5000)
    while not inspector.is_settled():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        assert not patience.hasExpired()
