"""Whatever a program holds comes back from Qt's document unchanged."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument

from graphviz_app.ui.editor.veil import LONG, SHOWN, Veil, characters, utf16

AWKWARD = "\u00a0\u2028\u2029\ufdd0\ufdd1\ue000\ue001\uf8ff\ufeff\ufffe\x00\x0b\x0c\x1c\x85\u200b😀é中\t a'\"#\n"


def through_qt(text, veil=None):
    veil = veil or Veil()
    document = QTextDocument()
    document.setPlainText(veil.to_document(text))
    return veil.to_text(document.toRawText())


@settings(max_examples=150)
@given(st.text(alphabet=st.one_of(st.sampled_from(AWKWARD), st.characters(exclude_characters="\r")), max_size=60))
def test_any_text_comes_back(text):
    assert through_qt(text) == text


@settings(max_examples=30)
@given(st.lists(st.text(alphabet=AWKWARD, max_size=20), max_size=4))
def test_texts_pasted_one_after_another_come_back(pieces):
    veil, document = Veil(), QTextDocument()
    shown = "".join(veil.to_document(piece) for piece in pieces)
    document.setPlainText(shown)
    assert veil.to_text(document.toRawText()) == "".join(pieces)


def test_a_very_long_line_is_folded_and_comes_back_whole():
    line = "x = '" + "a\u2028😀" * 400_000 + "'"
    veil = Veil()
    shown = veil.to_document(f"first\n{line}\nlast")
    assert max(map(len, shown.split("\n"))) == SHOWN + 1
    assert veil.folded(shown.split("\n")[1]) == len(line) - SHOWN
    assert veil.folded("first") == 0
    assert through_qt(f"first\n{line}\nlast") == f"first\n{line}\nlast"


def test_a_line_of_ordinary_length_is_left_alone():
    line = "a" * LONG
    assert Veil().to_document(line) == line


def test_other_line_breaks_become_ordinary_ones():
    assert Veil().to_document("a\r\nb\rc\n") == "a\nb\nc\n"


def test_more_hidden_pieces_than_there_are_stand_ins_still_come_back():
    lines = [f"{number:06}" + "x" * LONG for number in range(6_500)]
    veil = Veil()
    shown = veil.to_document("\n".join(lines))
    assert veil.to_text(shown) == "\n".join(lines)


@given(st.text(alphabet="a😀é\U0001f600中", max_size=12), st.integers(0, 12))
def test_columns_are_counted_as_qt_counts_and_back(text, column):
    column = min(column, len(text))
    offset = utf16(text, column)
    assert offset == len(text[:column].encode("utf-16-le")) // 2
    assert characters(text, offset) == column


def test_places_past_the_end_give_the_end():
    assert utf16("ab😀", 99) == 4
    assert characters("ab😀", 99) == 3
    assert characters("ab", 99) == 2
    assert characters("ab", -1) == utf16("ab", -1) == 0
