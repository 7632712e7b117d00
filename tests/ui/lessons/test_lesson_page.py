"""The page of a lesson: foreign text is text, nothing is fetched, and what is pressed asks instead of doing."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QPaintEvent, QTextCursor, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from graphviz_app.lessons.blocks import parse
from graphviz_app.lessons.folder import read_lesson
from graphviz_app.lessons.messages import LessonRefused
from graphviz_app.lessons.model import Lesson
from graphviz_app.ui.editor.tokens import written_out
from graphviz_app.ui.lessons.page import LessonPage
from graphviz_app.ui.lessons.pictures import decode, load_pictures
from graphviz_app.ui.lessons.words import web_address
from graphviz_app.ui.theme import DARK, LIGHT
from graphviz_app.ui.typeset import typesetter
from graphviz_app.worker.typeset_process import Asked


@pytest.fixture
def page(qtbot) -> LessonPage:
    made = LessonPage()
    qtbot.addWidget(made)
    made.resize(460, 700)
    made.show()
    return made


def show(page: LessonPage, text: str, qtbot, images=None) -> str:
    page.show_lesson(Lesson(Path("/nowhere"), Path("/nowhere/lesson.md"), parse(text)), images or {})
    qtbot.waitUntil(page.finished)
    return page.plain_text()


def links(page: LessonPage) -> list[str]:
    found = []
    block = page.document().begin()
    while block.isValid():
        found += [piece.format.anchorHref() for piece in block.textFormats() if piece.format.isAnchor()]
        block = block.next()
    return list(dict.fromkeys(found))


def test_everything_of_a_lesson_can_be_read(page, qtbot):
    text = show(
        page,
        "# Title\n\nA *few* **words**, `code` and $x^2$.\n\n- item\n\n1. first\n\n> quote\n\n"
        "| a | b |\n|--|--|\n| c | d |\n\n"
        "```python\nx = 1  # é😀\n```\n\n---\n\nend",
        qtbot,
    )
    assert [line for line in text.split("\n") if line.strip("\ufdd0\ufdd1")] == [
        "Title",
        "A few words, code and $x^2$.",
        "•\titem",
        "1.\tfirst",
        "quote",
        *"abcd",
        "Program 1",
        "x = 1  # é😀",
        "end",
    ]


def test_a_lesson_is_read_from_its_beginning_though_the_page_is_resized_meanwhile(page, qtbot):
    page.show_lesson(Lesson(Path("/nowhere"), Path("/nowhere/lesson.md"), parse("# Title\n\n" + "words\n\n" * 400)), {})
    page.resize(330, 500)
    qtbot.waitUntil(page.finished)
    page.resize(420, 620)
    assert page.verticalScrollBar().value() == 0
    assert page.verticalScrollBar().maximum() > 0
    assert not page.textCursor().hasSelection()


def tables(number: int, columns: int) -> str:
    """Tables whose cells have names of their own."""
    found = []
    for table in range(number):
        rows = [[f"t{table}r{row}c{column}" for column in range(columns)] for row in range(10)]
        lines = ["|" + "|".join(row) + "|" for row in rows]
        found.append("\n".join([lines[0], "|" + "--|" * columns, *lines[1:]]))
    return "\n\n".join(found)


def test_a_large_table_is_whole_and_only_its_first_row_is_bold(page, qtbot):
    text = show(page, tables(2, 20) + "\n\nafter", qtbot)
    cells = [f"t{table}r{row}c{column}" for table in range(2) for row in range(10) for column in range(20)]
    assert [word for word in text.split() if word.strip("\ufdd0\ufdd1")] == [*cells, "after"]
    bold = []
    block = page.document().begin()
    while block.isValid():
        bold += [piece.length for piece in block.textFormats() if piece.format.font().bold()]
        block = block.next()
    assert len(bold) == 2 * 20


class Paints(QObject):
    """Notes how high the parts of a widget are that are painted."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.heights: list[int] = []
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            assert isinstance(event, QPaintEvent)
            self.heights.append(event.rect().height())
        return False


def test_what_is_written_below_the_screen_does_not_have_the_screen_painted_again(page, qtbot):
    paints = Paints(page.viewport())
    show(page, tables(30, 10), qtbot)
    high = page.viewport().height()
    assert high in paints.heights, "what is on the screen is painted"
    assert sum(height > high / 2 for height in paints.heights) < 10, "30 tables, most of them far below"


def test_what_changes_on_the_screen_of_a_page_far_down_is_painted(page, qtbot):
    show(page, "words\n\n" * 200, qtbot)
    page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
    QTest.qWaitForWindowExposed(page)
    paints = Paints(page.viewport())
    cursor = QTextCursor(page.document())
    cursor.movePosition(QTextCursor.MoveOperation.End)
    cursor.insertText("changed")
    qtbot.waitUntil(lambda: bool(paints.heights))


def test_html_is_text(page, qtbot):
    hostile = "<b>bold</b> <img src=file:///etc/passwd> <script>alert(1)</script> &lt;"
    everywhere = "# @\n\n@\n\n| @ |\n|--|\n| @ |\n\n- @\n\n```\n@\n```".replace("@", hostile)
    text = show(page, everywhere, qtbot)
    assert text.count(hostile) == 6
    assert links(page) == []


def test_what_cannot_be_seen_is_written_out(page, qtbot):
    text = show(
        page, "user\u202egnp.exe\u202c \u200b\ufeff \ufffc\ufdd0\n\n```python\nx = 1 \u2066# \u2069\n```", qtbot
    )
    assert "user⟨U+202E⟩gnp.exe⟨U+202C⟩ ⟨U+200B⟩⟨U+FEFF⟩ ⟨U+FFFC⟩⟨U+FDD0⟩" in text
    assert "x = 1 ⟨U+2066⟩# ⟨U+2069⟩" in text


def test_a_program_is_handed_on_as_it_is_written(page, qtbot):
    source = "x = 1 \u2066# \u2069\n\ty"
    show(page, f"```python\n{source}\n```\n\n```text\nno button\n```", qtbot)
    with qtbot.waitSignal(page.programChosen) as heard:
        page.buttons.button(0).click()
    assert heard.args[0].text == source
    assert [button.isVisible() for button in page.buttons._made.values()] == [True]


def test_links_lead_only_where_a_lesson_may(page, qtbot):
    text = show(
        page,
        "[a](https://pytorch.org/docs) [b](http://bücher.example/ä) [c](https://bank.example@evil.example/)\n\n"
        "[d](step:3) "
        "[e](select:w) [f](#part) [g](javascript:alert) [h](https://x.example/" + "a" * 3_000 + ")\n\n## Part",
        qtbot,
    )
    assert links(page) == [
        "https://pytorch.org/docs",
        "http://xn--bcher-kva.example/%C3%A4",
        "step:3",
        "select:w",
        "#part",
    ]
    assert "c (https://bank.example@evil.example/)" in text
    assert "[g](javascript:alert)" in text


@pytest.mark.parametrize(
    "target",
    ["https://", "ftp://a.example", "javascript:1", "https://u:p@a.example", "https://a\x00.example", "http://[::"],
)
def test_what_is_no_address_of_the_web(target):
    assert web_address(target) == ""


def test_a_link_is_followed_only_on_a_click(page, qtbot):
    heard: list[str] = []
    page.linkChosen.connect(heard.append)
    show(page, "[somewhere](https://pytorch.org)\n\n" + "text\n\n" * 100 + "[up](#top)\n\n# Top", qtbot)
    assert heard == []
    cursor = QTextCursor(page.document())
    cursor.setPosition(3)
    QTest.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, pos=page.cursorRect(cursor).center() + QPoint(1, 0))
    assert heard == ["https://pytorch.org"]
    page.anchorClicked.emit(QUrl("#top"))
    assert heard == ["https://pytorch.org"]
    assert page.verticalScrollBar().value() > 500


def test_nothing_is_ever_loaded(page, qtbot, tmp_path):
    (tmp_path / "a.png").write_bytes(png(2, 2))
    for name in (
        str(tmp_path / "a.png"),
        "file:///etc/passwd",
        "http://evil.example/a.png",
        "a.png",
        "qrc:/x",
        "data:,x",
    ):
        for kind in QTextDocument.ResourceType:
            assert not page.loadResource(kind.value, QUrl(name))
            assert not page.document().resource(kind.value, QUrl(name))


# Pictures


def png(width: int, height: int, data: bytes | None = None) -> bytes:
    """A grey PNG, or one that says it is and is not."""
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height))) if data is None else data
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    made = b"\x89PNG\r\n\x1a\n"
    for name, body in chunks:
        made += struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return made


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (png(60_000, 60_000, zlib.compress(b"\0" * 1_000)), "more than 16 million pixels"),
        (png(2**31 - 1, 1, b""), "damaged"),
        (png(1, 2**31 - 1, b""), "damaged"),
        (png(16_001, 1_000, b""), "more than 16 million pixels"),
        (png(0, 0, b""), "damaged"),
        (png(100, 100)[:40], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 50, "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
    ],
    ids=["bomb", "wide", "high", "just too many", "empty", "cut short", "garbage", "nothing"],
)
def test_a_picture_that_would_fill_the_memory_or_is_none_is_refused(data, says):
    with pytest.raises(LessonRefused, match=says):
        decode("a.png", "png", data)


def test_pictures_are_shown_no_wider_than_the_page_and_missing_ones_say_why(page, qtbot, tmp_path):
    (tmp_path / "lesson.md").write_text("![wide](a.png)\n\n![gone](b.png)\n\n![](../c.png)", encoding="utf-8")
    (tmp_path / "a.png").write_bytes(png(3_000, 1_000))
    lesson = read_lesson(tmp_path, "en")
    images = load_pictures(lesson.folder, lesson.pictures())
    assert isinstance(images["a.png"], QImage)
    assert images["a.png"].width() == 1_600
    page.show_lesson(lesson, images)
    qtbot.waitUntil(page.finished)
    text = page.plain_text()
    assert "gone There is no file b.png in the lesson's folder." in text
    assert "../c.png is not read: a lesson shows only files inside its own folder." in text
    grabbed = page.grab().toImage()
    assert grabbed.pixelColor(230, 60) == QColor(128, 128, 128)
    assert page.document().size().width() <= page.viewport().width()


def test_in_the_dark_a_picture_may_be_another(page, qtbot, tmp_path):
    (tmp_path / "lesson.md").write_text("![](a.png)", encoding="utf-8")
    (tmp_path / "a.png").write_bytes(png(300, 100))
    dark = QImage(300, 100, QImage.Format.Format_RGB32)
    dark.fill(QColor(10, 20, 30))
    dark.save(str(tmp_path / "a.dark.png"))
    lesson = read_lesson(tmp_path, "en")
    images = load_pictures(lesson.folder, lesson.pictures())
    for theme, colour in ((DARK, QColor(10, 20, 30)), (LIGHT, QColor(128, 128, 128))):
        page.apply_theme(theme)
        page.show_lesson(lesson, images)
        qtbot.waitUntil(page.finished)
        assert page.grab().toImage().pixelColor(220, 60) == colour


# Formulas


def test_a_formula_is_typeset_and_one_that_is_none_stays_as_it_is(page, qtbot):
    setter = typesetter()
    text = show(page, "Here $x^2$ and $x^x^x$ and $\\href{a}{b}$.", qtbot)
    assert text == "Here $x^2$ and $x^x^x$ and $\\href{a}{b}$."
    qtbot.waitUntil(lambda: not setter._waiting)
    assert sum(asked.latex == "x^2" for asked in setter._known) >= 1
    assert any(asked.latex == "x^x^x" for asked in setter._failed)
    assert setter.known(next(asked for asked in setter._failed)) is None
    qtbot.waitUntil(lambda: setter.known(Asked("y", 15, "#000000")) is not None)


# Any text


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_any_text_gives_a_page_with_its_words(page, qtbot, text):
    shown = show(page, text, qtbot)
    for block in parse(text):
        for run in getattr(block, "runs", ()):
            assert all(word in shown for word in written_out(run.text).split())
