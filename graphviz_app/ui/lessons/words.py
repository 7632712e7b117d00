"""Refusals and addresses as a person reads them: complete, and with nothing in them that cannot be seen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QUrl

from graphviz_app.lessons.messages import LESSON_REFUSALS, LessonRefused
from graphviz_app.ui.editor.tokens import written_out
from graphviz_app.ui.i18n import tr

MOST_ADDRESS: Final = 2_000
"""Characters; a longer one is no link, since nobody could look it over."""


def web_address(target: str) -> str:
    """An address of the web in full, as it would be opened; empty when it is none.

    A name in another script comes as its ``xn--`` form, and an address with a user's name before the host's, which
    makes one look like another, is none.
    """
    url = QUrl(target, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme() not in ("http", "https") or not url.host() or url.userInfo():
        return ""
    address = bytes(url.toEncoded().data()).decode("ascii")
    return address if len(address) <= MOST_ADDRESS else ""


def refusal(refused: LessonRefused) -> str:
    """Why a lesson or a picture is not shown, in the person's language and with nothing invisible in it."""
    return written_out(tr(LESSON_REFUSALS[refused.key], **refused.fields))
