"""What may run without asking: remembered by content, and never because of where it lies or what it says of itself."""

from __future__ import annotations

import json
import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from graphviz_app.ui.consent import ConsentDialog
from graphviz_app.ui.theme import LIGHT
from graphviz_app.ui.trust import MOST_KNOWN, TrustStore

TEXT = "import torch\nx = torch.ones(2)\n"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "own" / "trust.json"


def test_a_program_agreed_to_is_trusted_by_every_later_start_and_one_letter_more_is_not(path):
    assert not TrustStore(path).trusts(TEXT)
    TrustStore(path).trust(TEXT)
    assert TrustStore(path).trusts(TEXT)
    assert not TrustStore(path).trusts(TEXT + " ")


def test_another_users_store_means_nothing_here(path, tmp_path):
    other = tmp_path / "other" / "trust.json"
    TrustStore(other).trust(TEXT)
    TrustStore(path).trust("x")
    theirs, ours = json.loads(other.read_text()), json.loads(path.read_text())
    path.write_text(json.dumps({"key": ours["key"], "known": theirs["known"]}))
    assert not TrustStore(path).trusts(TEXT)


def test_the_store_holds_no_program_and_is_for_its_owner_only(path):
    TrustStore(path).trust(TEXT)
    assert "torch" not in path.read_text()
    assert os.stat(path).st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "damaged",
    [
        *(b"", b"{", b"[]", b"\xff\xfe", b'{"key": "", "known": []}', b'{"key": "zz", "known": []}', b'{"key": 1}'),
        *(b'{"key": "' + b"00" * 32 + b'", "known": ["\xc3\xa9"]}', b"[" * 100_000, b" " * (2 << 20)),
    ],
)
def test_a_damaged_store_trusts_nothing_and_is_made_anew_by_the_next_consent(path, damaged):
    path.parent.mkdir()
    path.write_bytes(damaged)
    store = TrustStore(path)
    assert not store.trusts(TEXT)
    store.trust(TEXT)
    assert TrustStore(path).trusts(TEXT)


def test_a_store_that_cannot_be_written_remembers_nothing_and_says_nothing(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    store = TrustStore(blocked / "trust.json")
    store.trust(TEXT)
    assert not store.trusts(TEXT)


def test_a_fifo_in_the_stores_place_hangs_nobody(path):
    path.parent.mkdir()
    os.mkfifo(path)
    assert not TrustStore(path).trusts(TEXT)


def test_the_newest_are_kept(path):
    store = TrustStore(path)
    store.trust("first")
    stored = json.loads(path.read_text())
    stored["known"] += ["0" * 64] * (MOST_KNOWN - 1)
    path.write_text(json.dumps(stored))
    store.trust(TEXT)
    assert store.trusts(TEXT)
    assert not store.trusts("first")


def test_text_that_is_no_valid_unicode_can_be_asked_about(path):
    TrustStore(path).trust("x = '\udc80'")
    assert TrustStore(path).trusts("x = '\udc80'")


def dialog(qtbot, text, name="/tmp/lesson/evil.py"):
    made = ConsentDialog(name, text, LIGHT)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_question_shows_path_source_and_what_a_program_may_do(qtbot):
    made = dialog(qtbot, TEXT, "/tmp/<b>evil</b>.py")
    said = [label.text() for label in made.findChildren(QLabel)]
    assert "/tmp/<b>evil</b>.py" in said
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in (made.where, made.warning, made.odd))
    assert any("anything that you can do" in each for each in said)
    assert made.source.toPlainText() == TEXT
    assert made.source.isReadOnly()


def test_enter_refuses(qtbot):
    made = dialog(qtbot, TEXT)
    with qtbot.waitSignal(made.rejected):
        qtbot.keyClick(made, Qt.Key.Key_Return)


def test_characters_that_turn_text_around_are_written_out(qtbot):
    made = dialog(qtbot, "access = 'user\u202e \u2066# admin'\n# \u061c\xad❤\ufe0f")
    assert made.source.toPlainText() == "access = 'user⟨U+202E⟩ ⟨U+2066⟩# admin'\n# ⟨U+061C⟩⟨U+00AD⟩❤\ufe0f"


def test_code_far_to_the_right_is_in_sight(qtbot):
    made = dialog(qtbot, "x = 1" + " " * 3000 + "; import os")
    assert made.source.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\n\ty = 2\n", ""),
        ("x = 'a\u202eb\u2066'", "2 characters that cannot be seen"),
        ("x = 1\n" + "y" * 20_000, "Line 2 has more than 10,000 characters"),
    ],
)
def test_what_a_reader_would_miss_is_said(qtbot, text, said):
    made = dialog(qtbot, text)
    assert said in made.odd.text()
    assert made.odd.isVisibleTo(made) is bool(said)
