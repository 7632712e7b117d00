"""Lessons in the window: those that come with the app are true, and those from anyone are harmless."""

from __future__ import annotations

import contextlib
import io
import os
import re
import socket
import threading
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent
from PySide6.QtWidgets import QMessageBox
from window_at_work import LONG, placed, run, speak

from graphviz_app.lessons.folder import read_lesson
from graphviz_app.lessons.latex import is_known
from graphviz_app.lessons.model import Code, Heading, Lesson, Paragraph, Picture, Table
from graphviz_app.ui import i18n
from graphviz_app.ui.consent import ConsentDialog
from graphviz_app.ui.lessons.shelf import LESSONS, lesson_folder
from graphviz_app.worker.typeset_process import Asked, typeset

FROZEN = 1.0
"""Seconds without a beat that nobody would take for a busy machine. What is promised is 0.1; the session prints it."""

NAMES = [name for name, _ in LESSONS]


def lesson(name: str, language: str) -> Lesson:
    return read_lesson(lesson_folder(name), language)


def runs_of(block):
    match block:
        case Heading() | Paragraph():
            return list(block.runs)
        case Table():
            return [run for row in block.rows for cell in row for run in cell]
        case Picture():
            return list(block.caption)
    return []


def targets_of(read: Lesson) -> list[str]:
    return [run_.target for block in read.blocks for run_ in runs_of(block) if run_.target]


def claims_of(read: Lesson) -> list[tuple[str, str, str]]:
    """What a lesson says is so: (the program above, an expression, its value), and (the program, "", its output)."""
    program, found = "", []
    for block in read.blocks:
        if isinstance(block, Code) and block.is_program:
            program = block.text
        elif isinstance(block, Code):
            found.append((program, "", block.text))
        for run_ in runs_of(block):
            said, sign, value = run_.text.rpartition(" = ")
            if run_.kind == "code" and sign and not said.isidentifier():
                found.append((program, said, value))
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_every_number_a_lesson_states_is_torchs(name, language):
    spaces: dict[str, tuple[dict, str]] = {}
    claims = claims_of(lesson(name, language))
    assert len(claims) >= 4
    for program, said, value in claims:
        if program not in spaces:
            space, printed = {"__name__": "__main__"}, io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(program, space)
            spaces[program] = (space, printed.getvalue())
        space, printed = spaces[program]
        if said:
            found, stated = (torch.tensor(eval(each, dict(space))) for each in (said, value))
            rtol = 2e-3 if "e-" in value else 1e-5
            torch.testing.assert_close(found, stated, rtol=rtol, atol=0.0, check_dtype=False)
        else:
            assert printed.strip() == value


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_say_the_same(name):
    english, chinese = lesson(name, "en"), lesson(name, "zh")
    assert english.file.name == "lesson.md"
    assert chinese.file.name == "lesson.zh.md"
    assert [type(block) for block in english.blocks] == [type(block) for block in chinese.blocks]
    assert claims_of(english) == claims_of(chinese)
    assert english.pictures() == chinese.pictures()
    assert sorted(targets_of(english)) == sorted(targets_of(chinese))


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_is_called_as_in_the_menu_and_fits_the_page(name):
    for language in ("en", "zh"):
        i18n.install(language)
        try:
            read = lesson(name, language)
            assert read.title == i18n.tr(dict(LESSONS)[name])
        finally:
            i18n.install("en")
        for program in read.programs():
            assert max(map(len, program.text.split("\n"))) <= 50
        for path in read.pictures():
            assert (read.folder / path).is_file()
        for block in read.blocks:
            for run_ in runs_of(block):
                if run_.kind == "formula":
                    assert is_known(run_.text)
                    assert typeset(Asked(run_.text, 15, "#000000"))


def test_every_lesson_is_in_the_menu():
    assert sorted(path.name for path in lesson_folder("").iterdir() if path.is_dir()) == NAMES


def opened(app, qtbot, path=None, name=None):
    lessons = app.window.lessons
    before = lessons.opened
    lessons.open(path) if path is not None else lessons.open_ours(name)
    qtbot.waitUntil(lambda: lessons.opened is not before and app.window._panes.aside.page.finished(), timeout=LONG)
    return app.window._panes.aside.page


@pytest.mark.parametrize("name", NAMES)
def test_steps_and_names_that_a_lesson_links_to_are_there(name, app, qtbot):
    page = opened(app, qtbot, name=name)
    app.window.editor.set_text("")
    page.buttons.button(0).click()
    read = lesson(name, "en")
    first = next(read.programs())
    assert app.window.editor.text() == first.text
    run(app, qtbot)
    controller = app.controller
    said: list[str] = []
    app.window.lessons.said.connect(said.append)
    for target in dict.fromkeys(targets_of(read)):
        page.linkChosen.emit(target)
        kind, _, what = target.partition(":")
        if kind == "step":
            assert controller.step == int(what)
        else:
            assert controller.selection == controller.nodes_named(what) != []
    assert said == []


def test_putting_a_program_into_the_editor_keeps_undo_and_runs_nothing(app, qtbot):
    window = app.window
    window.editor.set_text("mine = 1\n")
    started: list[object] = []
    app.controller.runStarted.connect(lambda: started.append(1))
    opened(app, qtbot, name="1_scalar").buttons.button(0).click()
    assert window.editor.text().startswith("import torch")
    assert not app.controller.is_running
    window.actions_["edit.undo"].trigger()
    assert window.editor.text() == "mine = 1\n"
    assert started == []
    assert window.desk.document.path is None


def test_the_lesson_stands_in_the_inspectors_place_and_follows_the_language(app, qtbot):
    window = app.window
    aside = window._panes.aside
    assert aside.inspector_card.isVisible()
    assert not aside.lesson_card.isVisible()
    window.actions_["view.lesson"].trigger()
    qtbot.waitUntil(lambda: window.lessons.opened is not None and aside.page.finished(), timeout=LONG)
    assert aside.lesson_card.isVisible()
    assert not aside.inspector_card.isVisible()
    assert "A scalar and its gradient" in aside.page.plain_text()
    window.actions_["view.lesson"].trigger()
    assert aside.inspector_card.isVisible()
    aside.next.click()
    qtbot.waitUntil(lambda: window.lessons.opened.name == "2_vector", timeout=LONG)
    speak(app, qtbot, "zh")
    try:
        new = app.window
        qtbot.waitUntil(lambda: new.lessons.opened is not None and new._panes.aside.page.finished(), timeout=LONG)
        assert "向量" in new._panes.aside.page.plain_text()
        new._panes.aside.close_button.click()
        assert new._panes.aside.inspector_card.isVisible()
        assert new.lessons.opened is None
    finally:
        i18n.install("en")


# From anyone


@pytest.fixture
def foreign(tmp_path) -> Path:
    made = tmp_path / "from <b>somebody"
    made.mkdir()
    (made / "lesson.md").write_text(
        "# Hi\n\n```python\nimport os\n```\n\n[out](https://evil.example/<b>)", encoding="utf-8"
    )
    return made


def drop(window, path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, buttons, keys))
    QCoreApplication.processEvents()


@pytest.mark.parametrize("inside", [False, True])
def test_a_dropped_lesson_is_opened_and_its_program_asks_before_it_runs(inside, app, qtbot, foreign):
    window = app.window
    window.editor.set_text("")
    drop(window, foreign / "lesson.md" if inside else foreign)
    aside = window._panes.aside
    qtbot.waitUntil(lambda: window.lessons.opened is not None and aside.page.finished(), timeout=LONG)
    aside.page.buttons.button(0).click()
    assert window.editor.text() == "import os"
    window.actions_["run.run"].trigger()
    dialog = window.findChild(ConsentDialog)
    assert dialog is not None
    assert dialog.where.text() == str(foreign.resolve() / "lesson.md")
    assert not app.controller.is_running
    dialog.reject()
    # Nothing that nobody has agreed to comes back by undo into a program that may run.
    opened(app, qtbot, name="1_scalar").buttons.button(0).click()
    window.actions_["edit.undo"].trigger()
    assert "import os" not in window.editor.text()


def test_a_lesson_named_on_the_command_line_is_opened_beside_the_first_example(app, qtbot, foreign):
    app.open_first(foreign)
    qtbot.waitUntil(lambda: app.window.lessons.opened is not None, timeout=LONG)
    assert app.window.lessons.opened.lesson.folder == foreign.resolve()
    assert app.window.editor.text().startswith("import torch")
    qtbot.waitUntil(lambda: app.controller.recording is not None, timeout=LONG)
    qtbot.waitUntil(lambda: placed(app), timeout=LONG)


def test_an_address_is_shown_in_full_and_opened_only_by_a_yes(app, qtbot, foreign, monkeypatch):
    left: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: left.append(bytes(url.toEncoded().data()).decode()))
    page = opened(app, qtbot, path=foreign)
    for answer, then in (("Cancel", []), ("Open", ["https://evil.example/%3Cb%3E"])):
        page.linkChosen.emit("https://evil.example/%3Cb%3E")
        (box,) = [each for each in app.window.findChildren(QMessageBox) if each.isVisible()]
        assert "https://evil.example/%3Cb%3E" in box.text()
        assert box.textFormat() == Qt.TextFormat.PlainText
        next(button for button in box.buttons() if answer in button.text()).click()
        qtbot.waitUntil(lambda box=box: not [each for each in app.window.findChildren(QMessageBox) if each.isVisible()])
        assert left == then


def hostile_text(kind: str) -> str:
    return {
        "a megabyte of headings": "# a\n" * 9_999,
        "ten thousand lines of code": "```python\n" + "x = f'{x}'\n" * 9_990 + "```",
        "ten thousand cells": ("|" + "a|" * 20 + "\n|" + "-|" * 20 + "\n" + ("|" + "`b`|" * 20 + "\n") * 9 + "\n") * 49,
        "long paragraphs": ("word *and* `code` " * 250 + "\n\n") * 20 + ("w" * 4_900 + "\n\n") * 180,
        "quotes and lists": ("> " * 16 + "a\n\n") * 3_000 + "- a\n" * 3_000,
        "formulas": "$\\frac{a}{b}$\n\n" * 4_000,
        "links": "[a](https://pytorch.org)\n\n" * 4_000,
        "pictures": "".join(f"![a](p{number}.png)\n\n" for number in range(3_000)),
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "a megabyte of headings",
        pytest.param("ten thousand lines of code", marks=pytest.mark.chaos),
        "ten thousand cells",
        "long paragraphs",
        pytest.param("quotes and lists", marks=pytest.mark.chaos),
        pytest.param("formulas", marks=pytest.mark.chaos),
        pytest.param("links", marks=pytest.mark.chaos),
        "pictures",
    ],
)
def test_the_window_never_stops_for_a_lesson(kind, app, qtbot, tmp_path, heart):
    (tmp_path / "lesson.md").write_text(hostile_text(kind), encoding="utf-8")
    heart.start()
    page = opened(app, qtbot, path=tmp_path)
    page.setFixedWidth(page.width() - 40)
    qtbot.waitUntil(lambda: page.finished() and page.lineWrapColumnOrWidth() == page.viewport().width(), timeout=LONG)
    assert heart.stop() < FROZEN


REFUSED = {
    "no lesson": (lambda path: None, "is not a lesson"),
    "a pipe": (lambda path: os.mkfifo(path), "not a plain file"),
    "/dev/zero": (lambda path: path.symlink_to("/dev/zero"), "only files inside its own folder"),
    "/etc/passwd": (lambda path: path.symlink_to("../../../../../../../etc/passwd"), "only files inside"),
    "binary": (lambda path: path.write_bytes(bytes(range(256))), "is not text in UTF-8"),
    "one line": (lambda path: path.write_bytes(b"a" * 999_999), "more than 5,000 characters"),
    "nested": (lambda path: path.write_text("\n".join(">" * n for n in range(4_000))[:900_000]), "16 deep"),
    "huge": (lambda path: (path.touch(), os.truncate(path, 1 << 34)), "more than 1,000 kB"),
}


@pytest.mark.parametrize("row", REFUSED)
def test_a_lesson_that_is_refused_is_told_in_one_sentence(row, app, qtbot, tmp_path, heart):
    make, says = REFUSED[row]
    made = tmp_path / "<img src=x>"
    made.mkdir()
    make(made / "lesson.md")
    said: list[str] = []
    app.window.lessons.said.connect(said.append)
    heart.start()
    app.window.lessons.open(made)
    qtbot.waitUntil(lambda: bool(said), timeout=LONG)
    heart.stop()
    assert len(said) == 1
    assert says in said[0]
    assert app.window.lessons.opened is None
    (box,) = [each for each in app.window.findChildren(QMessageBox) if each.isVisible()]
    assert box.textFormat() == Qt.TextFormat.PlainText
    assert box.text() == said[0]
    box.close()


def test_hostile_resources_open_no_file_and_no_connection(app, qtbot, tmp_path, monkeypatch, heart):
    """What is opened while a lesson that tries everything is read and shown: its own text and its one good picture."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"\x89PNG\r\n\x1a\n")
    made = tmp_path / "lesson"
    made.mkdir()
    os.mkfifo(made / "pipe.png")
    (made / "zero.png").symlink_to("/dev/zero")
    (made / "out.png").symlink_to(secret)
    (made / "good.png").write_bytes((lesson_folder("1_scalar") / "graph.png").read_bytes())
    sources = ["pipe.png", "zero.png", "out.png", "../secret.png", "%2e%2e/secret.png", "/etc/passwd.png", "good.png"]
    sources += ["//host/share.png", "http://127.0.0.1:9/a.png", "file:///dev/zero.png", "data:image/png;base64,AA.png"]
    text = "\n\n".join(f"![{n}]({source})" for n, source in enumerate(sources))
    (made / "lesson.md").write_text(f'{text}\n\n<img src="http://127.0.0.1:9/a.png">\n', encoding="utf-8")
    touched: list[str] = []
    real = os.open

    def opening(path, *args, **more):
        if threading.current_thread().name.startswith("lesson"):
            touched.append(str(path))
        return real(path, *args, **more)

    def connecting(*_args, **_more):
        raise AssertionError("a connection was made")

    monkeypatch.setattr(os, "open", opening)
    monkeypatch.setattr(socket.socket, "connect", connecting)
    page = opened(app, qtbot, path=made)
    heart.stop()
    assert [Path(path).name for path in touched] == ["lesson.md", "good.png"]
    shown = page.plain_text()
    assert len(re.findall("not read|not shown|no file", shown)) == len(sources) - 1
    assert '<img src="http://127.0.0.1:9/a.png">' in shown
    assert "PySide6.QtNetwork" not in __import__("sys").modules
