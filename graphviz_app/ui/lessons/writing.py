"""A lesson's blocks written into a Qt document, a piece at a time: foreign text goes in as text, never as markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import (
    QImage,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextTable,
)

from graphviz_app.lessons.latex import is_known
from graphviz_app.lessons.messages import LessonRefused
from graphviz_app.lessons.model import Block, Code, Heading, Lesson, Paragraph, Picture, Rule, Run, Runs, Table
from graphviz_app.ui.editor.tokens import NOTHING_OPEN, tokenise, written_out
from graphviz_app.ui.editor.veil import utf16
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.lessons.looks import Looks
from graphviz_app.ui.lessons.objects import formula_format, picture_format
from graphviz_app.ui.lessons.pictures import dark_path
from graphviz_app.ui.lessons.words import refusal, web_address

MOST_FORMULAS: Final = 100
"""Formulas of a lesson that are typeset; the others stand as they are written."""


_NOWHERE: Final = -1
_PART_LINES: Final = 50
"""Lines of code written at a time."""
_PART_CELLS: Final = 100
"""Cells of a table filled in at a time: each time Qt lays the table out as a whole."""


@dataclass(frozen=True)
class _CodePart:
    """Some lines of a block of code, with what cannot be seen written out; maybe its first or its last."""

    code: Code
    lines: list[str]
    first: bool
    last: bool


@dataclass(frozen=True)
class _TablePart:
    """Some rows of a table, from one to before another."""

    table: Table
    start: int
    stop: int


class Writer:
    """Writes one lesson.

    Parameters
    ----------
    document
        Empty.
    lesson
        What is written.
    images
        Its pictures, or why one is not shown.
    looks
        How it looks.
    """

    def __init__(
        self, document: QTextDocument, lesson: Lesson, images: dict[str, QImage | LessonRefused], looks: Looks
    ) -> None:
        self._cursor = QTextCursor(document)
        self._lesson, self._images, self._looks = lesson, images, looks
        self._fresh = True  # the last block is empty, and nobody's
        self._formulas = self._boxes = 0
        self._lists = 0  # that the block before stands in
        self._open_string = NOTHING_OPEN
        self._unfilled: QTextTable | None = None
        self.headers: list[tuple[int, Code]] = []
        """Position of the line above each program, and the program."""
        self.boxes: list[tuple[int, int]] = []
        """Positions of the first and last line of each box of code."""
        self.anchors: dict[str, int] = {}
        """Position of each heading by what links to it are called."""
        self.pictures: list[QImage] = []
        """By the numbers of their places."""

    def pieces(self) -> Iterator[None]:
        """Write it; every piece is written when the next is asked for."""
        for block in self._lesson.blocks:
            for part in self._parts(block):
                # Laid out at once, as a whole: so a piece costs what it costs when it is written.
                self._cursor.beginEditBlock()
                self._write(part)
                self._cursor.endEditBlock()
                yield
            self._lists = block.place.lists

    def _parts(self, block: Block) -> Iterable[Block | _CodePart | _TablePart]:
        match block:
            case Code():
                return self._code_parts(block)
            case Table():
                rows = max(1, _PART_CELLS // len(block.aligns))
                starts = range(0, len(block.rows), rows)
                return [_TablePart(block, start, min(start + rows, len(block.rows))) for start in starts]
            case _:
                return [block]

    def _write(self, block: Block | _CodePart | _TablePart) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Paragraph():
                self._paragraph(block)
            case _CodePart():
                self._code(block)
            case Picture():
                self._picture(block)
            case _TablePart():
                self._table(block)
            case Rule():
                self._begin(self._looks.across(block.place))

    def _begin(self, shape: QTextBlockFormat) -> None:
        """Start a block at the end."""
        if self._fresh:
            self._cursor.setBlockFormat(shape)
        else:
            self._cursor.insertBlock(shape, QTextCharFormat())
        self._fresh = False

    def _text(self, text: str, shown: QTextCharFormat) -> None:
        self._cursor.insertText(written_out(text), shown)

    # Kinds of blocks

    def _heading(self, block: Heading) -> None:
        self._begin(self._looks.heading_block(block.level, block.place))
        self.anchors[block.anchor] = self._cursor.position()
        for run in block.runs:
            self._text(run.text, self._looks.heading(block.level, run))

    def _paragraph(self, block: Paragraph) -> None:
        alone = len(block.runs) == 1 and block.runs[0].kind == "formula" and not block.marker
        if alone and self._may_typeset(block.runs[0].text):
            self._begin(self._looks.centred(block.place, 12))
        else:
            self._begin(self._looks.paragraph(block.place, block.marker, after_list=self._lists > block.place.lists))
        if block.marker:
            self._text(block.marker + "\t", self._looks.run(Run(""), "text_dim"))
        self._runs(block.runs, "text_dim" if block.place.quotes else "text")

    def _runs(self, runs: Runs, role: str = "text") -> None:
        for run in runs:
            if run.target:
                self._link(run, role)
            elif run.kind == "formula":
                self._formula(run, role)
            else:
                self._text(run.text, self._looks.run(run, role))

    def _formula(self, run: Run, role: str) -> None:
        shown = self._looks.run(Run("", italic=False), role)
        if self._may_typeset(run.text):
            self._formulas += 1
            self._cursor.insertText("\ufffc", formula_format(shown, run.text))
        else:
            self._text(f"${run.text}$", shown)

    def _may_typeset(self, latex: str) -> bool:
        return self._formulas < MOST_FORMULAS and is_known(latex)

    def _link(self, run: Run, role: str) -> None:
        leaves = run.target.lower().startswith("http")
        target = web_address(run.target) if leaves else run.target
        if not target:
            self._text(f"{run.text} ({run.target})", self._looks.run(run, role))
            return
        shown = self._looks.link(run, leaves=leaves)
        shown.setAnchor(True)
        shown.setAnchorHref(target)
        self._text(run.text, shown)

    def _code_parts(self, block: Code) -> Iterator[_CodePart]:
        lines = written_out(block.text).split("\n")
        self._boxes += 1
        self._open_string = NOTHING_OPEN
        for start in range(0, len(lines), _PART_LINES):
            part = lines[start : start + _PART_LINES]
            yield _CodePart(block, part, start == 0, start + _PART_LINES >= len(lines))

    def _code(self, part: _CodePart) -> None:
        program, place = part.code.is_program, part.code.place
        if part.first and program:
            self._begin(self._looks.code_header(place, self._boxes))
            self.headers.append((self._cursor.position(), part.code))
            self._text(tr("Program {number}", number=len(self.headers)), self._looks.small("text_faint"))
        start = self._cursor.position() if program else _NOWHERE
        for number, line in enumerate(part.lines):
            first = part.first and number == 0 and not program
            last = part.last and number == len(part.lines) - 1
            self._begin(self._looks.code_line(place, self._boxes, first=first, last=last))
            start = self._cursor.position() if start == _NOWHERE else start
            if program:
                self._code_line(line)
            else:
                self._cursor.insertText(line, self._looks.code())
        if part.first:
            self.boxes.append((start, start))
        self.boxes[-1] = (self.boxes[-1][0], self._cursor.position())

    def _code_line(self, line: str) -> None:
        spans, self._open_string = tokenise(line, self._open_string)
        start = self._cursor.position()
        self._cursor.insertText(line, self._looks.code())
        end = self._cursor.position()
        for span in spans:
            shown = self._looks.token(span.kind)
            if shown is not None:
                self._cursor.setPosition(start + utf16(line, span.start))
                self._cursor.setPosition(start + utf16(line, span.end), QTextCursor.MoveMode.KeepAnchor)
                self._cursor.mergeCharFormat(shown)
        self._cursor.setPosition(end)

    def _picture(self, block: Picture) -> None:
        image = self._images.get(block.path)
        if self._looks.theme.name == "dark":
            image = self._images.get(dark_path(block.path), image)
        if isinstance(image, QImage):
            self._begin(self._looks.centred(block.place, 4))
            self._cursor.insertText("\ufffc", picture_format(len(self.pictures)))
            self.pictures.append(image)
            if not block.caption:
                return
            self._begin(self._looks.centred(block.place, 16))
        else:
            self._begin(self._looks.paragraph(block.place))
        for run in block.caption:
            self._text(run.text, self._looks.small_run(run))
        if not isinstance(image, QImage):
            why = refusal(image) if image is not None else block.path
            self._text(f" {why}" if block.caption else why, self._looks.small("error"))

    def _table(self, part: _TablePart) -> None:
        block = part.table
        if part.start == 0:
            if not self._fresh:
                self._cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
            self._unfilled = self._cursor.insertTable(
                len(block.rows), len(block.aligns), self._looks.table(block.place)
            )
        table = self._unfilled
        assert table is not None
        for at in range(part.start, part.stop):
            for column, runs in enumerate(block.rows[at]):
                cell = table.cellAt(at, column)
                cell.setFormat(self._looks.cell_box(first_row=at == 0))
                self._cursor = cell.firstCursorPosition()
                self._cursor.setBlockFormat(self._looks.cell(block.aligns[column]))
                self._runs(tuple(_bold(run) for run in runs) if at == 0 else runs)
        if part.stop == len(block.rows):
            self._cursor = table.lastCursorPosition()
            self._cursor.movePosition(QTextCursor.MoveOperation.End)
            self._fresh = True


def _bold(run: Run) -> Run:
    return Run(run.text, run.kind, True, run.italic, run.target)
