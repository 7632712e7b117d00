"""Which programs may run without asking: those written here, and those a person has agreed to, each by its content.

Opening a program never runs it; Run is the consent. A program that came from elsewhere is shown before its first run
(:mod:`graphviz_app.ui.consent`). What was agreed to is remembered as an HMAC of its text under a key that only this
user's store has, so no file can say of itself that it is trusted, and no folder makes what lies in it trusted.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QStandardPaths

from graphviz_app.recording.atomic import replace_file

MOST_KNOWN: Final = 2_000
"""Programs remembered; the oldest are asked about again."""
_MOST_BYTES: Final = 1 << 20
_KEY_BYTES: Final = 32


class _Stored(msgspec.Struct):
    """The file of the store."""

    key: str
    known: list[str]


class TrustStore:
    """The programs a person has agreed to run.

    A store that cannot be read trusts nothing, and one that cannot be written remembers nothing; neither stops anybody
    from running, editing or saving.

    Parameters
    ----------
    path
        The store's file; by default in the user's application data.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or _default_path()

    def trusts(self, text: str) -> bool:
        """Whether exactly this text was agreed to, or written here."""
        stored = self._read()
        if stored is None:
            return False
        seal = _seal(stored.key, text)
        return any(hmac.compare_digest(seal, known) for known in stored.known)

    def trust(self, text: str) -> None:
        """Remember this text; quietly nothing when the store cannot be written."""
        stored = self._read() or _Stored(secrets.token_hex(_KEY_BYTES), [])
        seal = _seal(stored.key, text)
        known = [*(each for each in stored.known if each != seal), seal][-MOST_KNOWN:]
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.touch(mode=0o600)  # the new file takes its permissions from the old one
            replace_file(self._path, msgspec.json.encode(_Stored(stored.key, known)))
            self._path.chmod(0o600)

    def _read(self) -> _Stored | None:
        """What the file says; ``None`` when there is none or it makes no sense."""
        try:
            if not self._path.is_file() or self._path.stat().st_size > _MOST_BYTES:
                return None
            stored = msgspec.json.decode(self._path.read_bytes(), type=_Stored)
            proper = len(bytes.fromhex(stored.key)) == _KEY_BYTES and all(each.isascii() for each in stored.known)
        except (OSError, ValueError):  # a damaged file is a ValueError to msgspec too
            return None
        return stored if proper else None


def _seal(key: str, text: str) -> str:
    data = text.encode("utf-8", "surrogatepass")
    return hmac.new(bytes.fromhex(key), data, hashlib.sha256).hexdigest()


def _default_path() -> Path:
    data = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(data) / "trust.json"
