"""Every string a person reads goes through :func:`tr`; the catalogues are in ``resources/translations``."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from graphviz_app.resources import resource

CONTEXT = "app"


def tr(source: str, /, **fields: object) -> str:
    """Translate a literal English sentence and fill its ``{fields}``.

    `source` must be a string literal (``tools/translations.py`` collects them), be marked by :func:`tr_noop`, or come
    from a table in ``graphviz_app.recording.messages``, which it collects as well.
    """
    text = QCoreApplication.translate(CONTEXT, source)
    return text.format(**fields) if fields else text


def tr_noop(source: str) -> str:
    """Mark a literal for translation where it stands in a table; it is translated when it is shown."""
    return source


def install(language: str) -> str:
    """Load the catalogue of `language` (``"en"``, ``"zh"`` or ``"system"``) and return the one chosen.

    Replaces whatever was installed before. Qt's own words (dialog buttons) follow where Qt ships them.
    """
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("install() needs a QCoreApplication")
    for old in _installed:
        app.removeTranslator(old)
    _installed.clear()
    if language == "system":
        language = "zh" if QLocale.system().language() == QLocale.Language.Chinese else "en"
    QLocale.setDefault(QLocale(QLocale.Language.Chinese if language == "zh" else QLocale.Language.English))
    if language == "zh":
        ours, qts = QTranslator(app), QTranslator(app)
        if ours.load(str(resource("translations", "zh_CN.qm"))):
            app.installTranslator(ours)
            _installed.append(ours)
        if qts.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(qts)
            _installed.append(qts)
    return language


def language() -> str:
    """The language of the interface: ``"en"`` or ``"zh"``."""
    return "zh" if QLocale().language() == QLocale.Language.Chinese else "en"


_installed: list[QTranslator] = []
