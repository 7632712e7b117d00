"""Output as lines: bounded, readable, whatever comes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphviz_app.ui.editor.output import MOST_CHARACTERS, MOST_KEPT, MOST_LINES, MOST_OURS, Output
from graphviz_app.worker.output import OutputTail


def lines(*pieces, kind="stdout"):
    output = Output()
    for piece in pieces:
        output.write(kind, piece)
    return ["".join(text for _, text in line.parts) for line in output.lines]


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (["a\nb\n"], ["a", "b"]),
        (["a", "b", "\n", "\n", "c"], ["ab", "", "c"]),
        (["a\r\nb\r", "\nc"], ["a", "b", "c"]),
        (["10%\r20%\r", "30%", "\rdone\n"], ["done"]),
        (["10%\r"], ["10%"]),
        (["abc\b\bX\n"], ["aX"]),
        (["\b\b\nx"], ["", "x"]),
        (["\x1b[31mred\x1b[0m\n"], ["red"]),
        (["a\x1b", "[3", "1mb\x1b[0m"], ["ab"]),
        (["\x1b]0;title\x07text \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\"], ["text link"]),
        (["\x1b[2K\x1b[1Gx\x1b[?25l"], ["x"]),
        (["a\x00b\x07\x7f\x9b1m"], ["a\\x00b\\x07\\x7f"]),
        (["tab\there"], ["tab\there"]),
        (["中文 é 😀"], ["中文 é 😀"]),
    ],
)
def test_pieces_become_lines(pieces, shown):
    assert lines(*pieces) == shown


def test_two_streams_share_a_line_and_keep_their_kinds():
    output = Output()
    output.write("stdout", "out ")
    output.write("stderr", "err")
    output.write("stdout", " out\n")
    [line] = output.lines
    assert line.parts == [("stdout", "out "), ("stderr", "err"), ("stdout", " out")]


def test_a_line_of_our_own_begins_a_line_of_its_own():
    output = Output()
    output.write("stdout", "unfinished")
    output.line("status", "ran in 2 ms\nseed 0")
    output.write("stdout", "next\n")
    assert [line.parts for line in output.lines] == [
        [("stdout", "unfinished")],
        [("status", "ran in 2 ms")],
        [("status", "seed 0")],
        [("stdout", "next")],
    ]


def test_the_last_lines_are_kept_and_the_others_counted():
    output = Output()
    for start in range(0, 5_000, 7):
        output.write("stdout", "".join(f"{number}\n" for number in range(start, min(start + 7, 5_000))))
    assert len(output.lines) == MOST_LINES
    assert output.first == 5_000 - MOST_LINES
    assert output.lines[0].parts == [("stdout", "4000")]


@pytest.mark.parametrize("before", ["", "whole\n", "whole\nopen "])
def test_one_flood_is_counted_like_many_pieces(before):
    flood = "".join(f"{number}\n" for number in range(30_000)) + "end"
    once, bit_by_bit = Output(), Output()
    once.write("stdout", before)
    once.write("stdout", flood)
    for piece in (before + flood).splitlines(keepends=True):
        bit_by_bit.write("stdout", piece)
    assert once.end == bit_by_bit.end
    assert [line.parts for line in once.lines][-900:] == [line.parts for line in bit_by_bit.lines][-900:]


def test_a_very_long_line_is_cut_and_the_rest_counted():
    output = Output()
    for _ in range(50):
        output.write("stdout", "x" * 1_000)
    output.write("stdout", "y" * 100_000 + "\nnext")
    first, second = output.lines
    assert (first.length, first.cut) == (MOST_CHARACTERS, 150_000 - MOST_CHARACTERS)
    assert second.parts == [("stdout", "next")]


def test_what_is_kept_is_bounded_in_characters_too():
    output = Output()
    for _ in range(200):
        output.write("stdout", "x" * 9_000 + "\n")
    assert sum(line.length for line in output.lines) <= MOST_KEPT
    assert output.end == 200


@settings(max_examples=200)
@given(st.lists(st.text(alphabet="ab\n\r\b\x1b[]0;m\x07\\\x00", max_size=12), max_size=8))
def test_no_piece_however_cut_leaves_a_control_character(pieces):
    output = Output()
    for piece in pieces:
        first = output.write("stdout", piece)
        assert output.first <= first <= output.end
    for line in output.lines:
        assert all(text.isprintable() for _, text in line.parts)


def test_of_a_flood_the_end_is_kept_within_bounds():
    output = Output()
    output.write("stdout", "hello world\n" * 400_000)
    output.write("stdout", "x" * 4_000_000)
    output.write("stderr", "\x1b[31m50%|###\x1b[0m\r" * 20_000)
    assert len(output.lines) <= MOST_LINES
    assert sum(line.length for line in output.lines) <= MOST_KEPT + MOST_CHARACTERS
    assert "".join(text for _, text in output.lines[-1].parts) == "50%|###"


@settings(max_examples=300)
@given(
    st.lists(st.integers(0, 200), min_size=1, max_size=40),
    st.lists(st.integers(1, 30_000), min_size=1, max_size=8),
    st.lists(st.booleans(), min_size=1, max_size=8),
)
def test_lines_shown_and_lines_dropped_are_together_all_that_were_printed(lengths, cuts, takes):
    """Whatever the pieces a pipe gives, and however seldom they are told: the counts of both ends add up."""
    printed = [f"{number} " + "x" * length for number, length in enumerate(lengths * 60)]
    stream, tail, output, start = ("\n".join(printed) + "\n").encode(), OutputTail(), Output(), 0
    for turn in itertools.count():
        size = cuts[turn % len(cuts)]
        tail.feed(stream[start : start + size])
        start += size
        if takes[turn % len(takes)] or start >= len(stream):
            text, dropped = tail.take(0.0)
            if dropped:
                output.line("gap", "…", stands_for=dropped)
            output.write("stdout", text)
        if start >= len(stream):
            break
    assert output.dropped + sum(line.stands_for for line in output.lines) == len(printed)
    shown = ["".join(text for _, text in line.parts) for line in output.lines]
    assert shown[-min(len(printed), MOST_LINES) :] == printed[-MOST_LINES:]


def test_lines_of_our_own_take_no_room_from_those_of_the_program():
    output = Output()
    for number in range(5_000):
        output.write("stdout", f"{number}\n")
        if number % 900 == 0:
            output.line("status", "saved")
    assert sum(not line.ours for line in output.lines) == MOST_LINES
    assert output.dropped == 5_000 - MOST_LINES
    for _ in range(5_000):
        output.line("status", "saved")
    assert len(output.lines) <= MOST_LINES + MOST_OURS
