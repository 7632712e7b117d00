"""A file is saved as it was, apart from what was edited; and as a whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QSettings

from graphviz_app.ui import documents
from graphviz_app.ui.documents import Document, DocumentError, RecentFiles
from graphviz_app.ui.editor.code_editor import CodeEditor

FILES = {
    "crlf": b"a = 1\r\nb = 2\r\n",
    "no final newline": b"a = 1\nb = 2",
    "bom": b"\xef\xbb\xbfa = 1\n",
    "bom and crlf": b"\xef\xbb\xbfa = 1\r\nb",
    "nbsp": "a = '\u00a0\u2028\u2029\u0085\x0c'\n".encode(),
    "mixed": b"a\r\nb\nc\rd\n\r\ne",
    "old mac": b"a\rb\r",
    "tabs and trailing": b"\tif x:  \n\t\ty \n\n\n",
    "declared": "# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"),
    "not utf-8": b"x = '\xe9\xff'\n",
    "utf-16": "x = 'é'\r\n".encode("utf-16"),
    "empty": b"",
    "wide": "x = '😀' # 中文\n".encode(),
    "a long line": b"x = '" + b"a" * 50_000 + b"'\r\n",
}


@pytest.fixture
def editor(qtbot):
    editor = CodeEditor()
    qtbot.addWidget(editor)
    return editor


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_saving_what_was_not_edited_changes_no_byte(editor, tmp_path, data):
    path = tmp_path / "program.py"
    path.write_bytes(data)
    document = Document.open(path)
    editor.set_text(document.text)
    assert not document.is_dirty(editor.text())
    document.save(editor.text())
    assert path.read_bytes() == data


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_an_edit_taken_back_by_hand_changes_no_byte(tmp_path, data):
    path = tmp_path / "program.py"
    path.write_bytes(data)
    document = Document.open(path)
    original = document.text
    document.save("y = 1\n" + original)
    document.save(original)
    assert path.read_bytes() == data


def test_an_edit_keeps_the_line_endings_and_the_mark(tmp_path):
    path = tmp_path / "program.py"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\r\n")
    document = Document.open(path)
    document.save("a\nnew\nb\n")
    assert path.read_bytes() == b"\xef\xbb\xbfa\r\nnew\r\nb\r\n"


def test_in_a_file_of_mixed_line_endings_only_the_edited_lines_change(tmp_path):
    path = tmp_path / "program.py"
    path.write_bytes(b"a\r\nb\nc\rd\r\ne\r\nf\n")
    document = Document.open(path)
    document.save("a\nb\nX\nY\nd\ne\nf\n")
    assert path.read_bytes() == b"a\r\nb\nX\r\nY\r\nd\r\ne\r\nf\n"


@example("\ra\n\na\r", "\n\n\na\n")
@settings(max_examples=200)
@given(st.text(alphabet="ab\r\n", max_size=14), st.text(alphabet="ab\n", max_size=14))
def test_any_edit_of_any_mixture_reads_back_as_typed(tmp_path_factory, before, after):
    path = tmp_path_factory.getbasetemp() / "mixture.py"
    path.write_bytes(before.encode())
    document = Document.open(path)
    document.save(after)
    assert Document.open(path).text == after
    document.save(document.text)
    assert Document.open(path).text == after


def test_a_file_that_is_not_utf8_is_read_and_says_so(tmp_path):
    path = tmp_path / "program.py"
    path.write_bytes(b"x = '\xe9'\n")
    document = Document.open(path)
    assert document.text == "x = 'é'\n"
    assert "Latin-1" in document.note
    document.save("x = 'éè'\n")
    assert path.read_bytes() == b"x = '\xe9\xe8'\n"
    document.save("x = '中'\n")
    assert path.read_bytes() == "x = '中'\n".encode()


def test_a_declared_encoding_is_kept_and_what_it_cannot_hold_is_said(tmp_path):
    path = tmp_path / "program.py"
    data = "# coding: latin-1\nx = 'é'\n".encode("latin-1")
    path.write_bytes(data)
    document = Document.open(path)
    with pytest.raises(DocumentError, match="中"):
        document.save(document.text + "'中'\n")
    assert path.read_bytes() == data
    changed = document.text.replace("latin-1", "utf-8") + "'中'\n"
    document.save(changed)
    assert path.read_bytes() == changed.encode()


def test_saving_under_another_name_makes_it_the_documents_own(tmp_path):
    document = Document(text="")
    assert document.path is None
    assert document.name == "untitled.py"
    with pytest.raises(DocumentError, match="name"):
        document.save("x = 1\n")
    document.save("x = 1\n", tmp_path / "new.py")
    assert (document.path, document.name) == (tmp_path / "new.py", "new.py")
    assert not document.is_dirty("x = 1\n")
    assert document.is_dirty("x = 2\n")
    assert (tmp_path / "new.py").read_bytes() == b"x = 1\n"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.mkdir(), "folder"),
        (lambda path: os.mkfifo(path), "not a file"),
        (lambda path: path.write_bytes(b"\x00\x01\x02"), "not a text file"),
        (lambda path: (path.touch(), os.truncate(path, 1 << 36)), "too large"),
        (lambda path: path.write_bytes(b"# coding: ascii\n'\xe9'"), "not ascii"),
        (lambda path: path.write_bytes(b"\xef\xbb\xbf\xff"), "not utf-8"),
    ],
    ids=["missing", "folder", "pipe", "binary", "huge", "wrongly declared", "broken"],
)
def test_what_cannot_be_opened_gets_a_sentence(tmp_path, make, sentence):
    path = tmp_path / "program.py"
    make(path)
    with pytest.raises(DocumentError, match=f"program.py.*{sentence}"):
        Document.open(path)


def test_a_file_saved_keeps_its_permissions_and_a_link_stays_a_link(tmp_path):
    real, link = tmp_path / "real.py", tmp_path / "link.py"
    real.write_text("x = 1\n")
    real.chmod(0o750)
    link.symlink_to(real)
    document = Document.open(link)
    document.save("x = 2\n")
    assert link.is_symlink()
    assert real.read_text() == "x = 2\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o750
    assert [each.name for each in tmp_path.iterdir() if each.name not in ("real.py", "link.py")] == []


def test_a_read_only_file_is_not_replaced(tmp_path):
    path = tmp_path / "program.py"
    path.write_text("x = 1\n")
    path.chmod(0o444)
    document = Document.open(path)
    with pytest.raises(DocumentError, match="read-only"):
        document.save("x = 2\n")
    assert path.read_text() == "x = 1\n"


def _full(handle, data):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("call", "broken"),
    [
        ("write", _full),
        ("write", lambda handle, data: 0),
        ("fsync", lambda handle: _full(handle, b"")),
        ("replace", lambda source, target: _full(0, b"")),
    ],
    ids=["write fails", "write writes nothing", "sync fails", "replace fails"],
)
def test_a_full_disk_leaves_the_old_file_and_the_text(tmp_path, monkeypatch, call, broken):
    path = tmp_path / "program.py"
    path.write_text("x = 1\n")
    document = Document.open(path)
    monkeypatch.setattr(documents.os, call, broken)
    with pytest.raises(DocumentError, match="disk is full"):
        document.save("x = 2\n")
    monkeypatch.undo()
    assert path.read_text() == "x = 1\n"
    assert document.is_dirty("x = 2\n")
    assert [each.name for each in tmp_path.iterdir()] == ["program.py"]
    document.save("x = 2\n")
    assert path.read_text() == "x = 2\n"


def test_a_disk_that_takes_a_little_at_a_time_gets_all_of_it(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(documents.os, "write", lambda handle, data: write(handle, data[:7]))
    Document().save("x = 1\n" * 100, tmp_path / "program.py")
    assert (tmp_path / "program.py").read_text() == "x = 1\n" * 100


def test_a_missing_folder_gets_a_sentence(tmp_path):
    with pytest.raises(DocumentError, match="no such file or folder"):
        Document().save("x", tmp_path / "nowhere" / "program.py")


def test_a_change_by_another_program_is_noticed(tmp_path):
    path = tmp_path / "program.py"
    path.write_text("x = 1\n")
    document = Document.open(path)
    assert not document.changed_on_disk()
    path.write_text("x = 1000\n")
    assert document.changed_on_disk()
    document.save("x = 3\n")
    assert not document.changed_on_disk()
    path.unlink()
    assert document.changed_on_disk()
    assert not Document().changed_on_disk()


# Recent files


@pytest.fixture
def store(tmp_path):
    return lambda: QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def test_recent_files_are_newest_first_once_each_and_bounded(store, tmp_path):
    recent = RecentFiles(store())
    assert recent.entries() == []
    paths = [tmp_path / f"{number}, é 😀.py" for number in range(15)]
    for path in [*paths, paths[5]]:
        recent.add(path)
    found = [entry.path for entry in RecentFiles(store()).entries()]
    assert found == [paths[5], *reversed(paths[6:]), *reversed(paths[3:5])]
    assert len(found) == documents.MOST_RECENT


def test_a_missing_file_is_told_and_can_be_removed(store, tmp_path):
    recent, path, gone = RecentFiles(store()), tmp_path / "here.py", tmp_path / "gone.py"
    path.write_text("")
    recent.add(gone)
    recent.add(path)
    assert [(entry.path, entry.exists) for entry in recent.entries()] == [(path, True), (gone, False)]
    recent.remove(gone)
    assert [entry.path for entry in RecentFiles(store()).entries()] == [path]
    recent.clear()
    assert RecentFiles(store()).entries() == []


def test_two_windows_share_one_list(store, tmp_path):
    one, two = RecentFiles(store()), RecentFiles(store())
    one.add(tmp_path / "a.py")
    two.add(tmp_path / "b.py")
    assert [entry.path.name for entry in one.entries()] == ["b.py", "a.py"]


@pytest.mark.parametrize("value", [42, [1, None], {"a": 1}, ""])
def test_a_list_that_makes_no_sense_reads_as_empty(store, value):
    settings_ = store()
    settings_.setValue("recent_files", value)
    settings_.sync()
    for entry in RecentFiles(store()).entries():
        assert isinstance(entry.path, Path)
