"""Every string a person reads goes through :func:`tr`; the catalogues are in ``resources/translations``."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

CONTEXT = "app"


def tr(source: str, /, **fields: object) -> str:
    """Translate a literal English sentence and fill its ``{fields}``.

    `source` must be a string literal (``tools/translations.py`` collects them), or come from a table in
    ``graphviz_app.recording.messages``, which it collects as well.
    """
    text = QCoreApplication.translate(CONTEXT, source)
    return text.format(**fields) if fields else text
