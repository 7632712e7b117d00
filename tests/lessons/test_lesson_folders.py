"""A lesson's folder from anyone: nothing but plain files inside it is read, and every refusal is one sentence."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from graphviz_app.lessons import folder as folders
from graphviz_app.lessons.folder import MOST_BYTES, read_inside, read_lesson, read_picture
from graphviz_app.lessons.messages import LessonRefused
from graphviz_app.lessons.model import plain
from graphviz_app.lessons.names import is_lesson

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def lesson(tmp_path) -> Path:
    made = tmp_path / "lesson"
    made.mkdir()
    (made / "lesson.md").write_text("# Hello\n", encoding="utf-8")
    (tmp_path / "secret.png").write_bytes(PNG + b"secret")
    return made.resolve()


def refusal(call) -> str:
    with pytest.raises(LessonRefused) as refused:
        call()
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_the_language_asked_for_or_else_the_other(lesson):
    assert read_lesson(lesson, "zh").title == "Hello"
    (lesson / "lesson.zh.md").write_text("# 你好\n", encoding="utf-8")
    assert read_lesson(lesson, "zh").title == "你好"
    assert read_lesson(lesson, "en").title == "Hello"
    (lesson / "lesson.md").unlink()
    assert read_lesson(lesson, "en").title == "你好"


def test_a_byte_order_mark_and_any_line_ends(lesson):
    (lesson / "lesson.md").write_bytes(b"\xef\xbb\xbf# A\r\n\r\nb\rc\n")
    read = read_lesson(lesson, "en")
    assert read.title == "A"
    assert plain(read.blocks[1].runs) == "b c"


def test_a_lesson_without_a_heading_is_called_as_its_folder(lesson):
    (lesson / "lesson.md").write_text("text", encoding="utf-8")
    assert read_lesson(lesson, "en").title == "lesson"


def write(data):
    return lambda path: path.write_bytes(data)


def fifo(path):
    os.mkfifo(path)


def a_socket(path):
    made = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(path.parent)  # the whole path is too long for one
    try:
        made.bind(path.name)
    finally:
        os.chdir(here)
        made.close()


def link_to(target):
    return lambda path: path.symlink_to(target)


HOSTILE = {
    "no lesson.md": (lambda path: None, "is not a lesson: there is no lesson.md in it"),
    "a folder": (Path.mkdir, "lesson.md is not read: it is not a plain file"),
    "a pipe": (fifo, "lesson.md is not read: it is not a plain file"),
    "a socket": (a_socket, "lesson.md is not read: it is not a plain file"),
    "a link to a secret": (link_to("/etc/passwd"), "only files inside its own folder"),
    "a link up": (link_to("../secret.png"), "only files inside its own folder"),
    "a link to a device": (link_to("/dev/zero"), "only files inside its own folder"),
    "a link to /proc": (link_to("/proc/self/environ"), "only files inside its own folder"),
    "a link to itself": (link_to("lesson.md"), "There is no file lesson.md"),
    "a link to nothing": (link_to("nothing"), "There is no file lesson.md"),
    "too large": (write(b"a\n" * (MOST_BYTES // 2 + 1)), "more than 1,000 kB"),
    "NUL": (write(b"# a\0b"), "lesson.md is not text in UTF-8"),
    "not UTF-8": (write(b"\xff\xfe\x80"), "lesson.md is not text in UTF-8"),
    "surrogates": (write(b"\xed\xa0\x80"), "lesson.md is not text in UTF-8"),
    "one long line": (write(b"a" * 999_999), "Line 1 of lesson.md has more than 5,000 characters"),
}


@pytest.mark.parametrize("row", HOSTILE)
def test_a_hostile_text_is_refused(row, lesson):
    make, says = HOSTILE[row]
    (lesson / "lesson.md").unlink()
    make(lesson / "lesson.md")
    assert says in refusal(lambda: read_lesson(lesson, "en"))


def test_a_folder_that_is_gone_or_impossible(tmp_path):
    for path in (tmp_path / "gone", tmp_path / ("n" * 300), Path("a\0b"), tmp_path / "secret.png"):
        assert "is not a lesson" in refusal(lambda path=path: read_lesson(path, "en"))
        assert not is_lesson(path)


def test_what_may_not_be_read_says_why(lesson, monkeypatch):
    def denied(*_args, **_more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(folders.os, "open", denied)
    assert refusal(lambda: read_lesson(lesson, "en")) == "lesson.md could not be read: Permission denied"


@pytest.mark.parametrize(
    "path",
    [
        "../secret.png",
        "a/../../secret.png",
        "./a.png",
        "/etc/passwd.png",
        "//server/share/a.png",
        "\\\\server\\share\\a.png",
        "..\\secret.png",
        "C:/a.png",
        "file:///a.png",
        "http://evil.example/a.png",
        "https://evil.example/a.png",
        "data:image/png;base64,AAAA.png",
        "a//b.png",
    ],
)
def test_a_picture_elsewhere_is_not_even_looked_for(path, lesson, monkeypatch):
    def looked(*_args, **_more):
        raise AssertionError("a file was looked for")

    monkeypatch.setattr(folders.os, "open", looked)
    monkeypatch.setattr(folders.os, "lstat", looked)
    monkeypatch.setattr(folders.Path, "resolve", looked)
    assert "only files inside its own folder" in refusal(lambda: read_picture(lesson, path))


@pytest.mark.parametrize(
    "path", ["%2e%2e/secret.png", "..%2fsecret.png", "%2Fetc%2Fpasswd.png", "a\0b.png", "n" * 300 + ".png"]
)
def test_a_path_is_taken_as_it_is_written(path, lesson):
    assert "There is no file" in refusal(lambda: read_picture(lesson, path))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (fifo, "not a plain file"),
        (Path.mkdir, "not a plain file"),
        (link_to("/dev/zero"), "only files inside"),
        (link_to("../secret.png"), "only files inside"),
        (write(b"GIF89a"), "PNG or JPEG"),
        (write(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "PNG or JPEG"),
        (write(b""), "PNG or JPEG"),
        (lambda path: (path.touch(), os.truncate(path, 1 << 30)), "more than 4,000 kB"),
    ],
)
def test_a_hostile_picture_is_refused(make, says, lesson):
    make(lesson / "a.png")
    assert says in refusal(lambda: read_picture(lesson, "a.png"))


def test_a_link_inside_the_folder_is_followed_and_a_linked_folder_outside_is_not(lesson, tmp_path):
    (lesson / "real.png").write_bytes(PNG)
    (lesson / "same.png").symlink_to("real.png")
    (lesson / "out").symlink_to(tmp_path, target_is_directory=True)
    assert read_picture(lesson, "same.png") == ("png", PNG)
    assert "only files inside" in refusal(lambda: read_picture(lesson, "out/secret.png"))


def test_other_kinds_of_pictures_are_not_opened_at_all(lesson):
    for name in ("a.svg", "a.gif", "a.webp", "a", "lesson.md"):
        assert "PNG or JPEG" in refusal(lambda name=name: read_picture(lesson, name))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among its files")
def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(lesson, monkeypatch):
    """Between the look at a file and its opening, another may come in its place."""
    real = os.lstat

    def swapped(path, *args, **more):
        found = real(path, *args, **more)
        if Path(path).name == "a.png" and Path(path).is_file():
            Path(path).unlink()
            os.mkfifo(path)
        return found

    (lesson / "a.png").write_bytes(PNG)
    monkeypatch.setattr(folders.os, "lstat", swapped)
    assert "not a plain file" in refusal(lambda: read_inside(lesson, "a.png", 1_000))
