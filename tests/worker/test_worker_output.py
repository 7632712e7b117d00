"""What a program prints, gathered and bounded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graphviz_app.worker.output import BYTES, LINE, LINES, OutputTail


def told(tail: OutputTail) -> tuple[str, int]:
    return tail.take(0.0)


@given(
    st.text(st.characters(blacklist_characters="\0\r", blacklist_categories=["Cs"]), max_size=200), st.integers(1, 9)
)
def test_ordinary_text_comes_whole_however_it_is_cut(text: str, size: int) -> None:
    tail, data, pieces = OutputTail(), text.encode(), []
    for start in range(0, len(data), size):
        tail.feed(data[start : start + size])
        pieces.append(told(tail))
    assert "".join(piece for piece, _ in pieces) == text
    assert sum(dropped for _, dropped in pieces) == 0


def test_there_is_nothing_to_take_until_something_came() -> None:
    tail = OutputTail()
    assert tail.due() is None
    tail.feed(b"x")
    assert tail.due() is not None


def test_pieces_come_at_most_twenty_times_a_second_and_slower_in_a_flood() -> None:
    tail = OutputTail()
    tail.feed(b"x\n")
    tail.take(100.0)
    tail.feed(b"x\n")
    assert tail.due() == 100.05
    tail.feed(b"x\n" * 5_000)
    tail.take(200.0)
    tail.feed(b"x\n")
    assert tail.due() == 200.25


def test_of_many_lines_the_last_thousand_stay_and_the_others_are_counted() -> None:
    tail = OutputTail()
    tail.feed(b"".join(b"%d\n" % n for n in range(5_000)))
    text, dropped = told(tail)
    assert text == "".join(f"{n}\n" for n in range(5_000 - LINES, 5_000))
    assert dropped == 5_000 - LINES


def test_of_much_text_the_end_stays_and_the_count_is_exact() -> None:
    tail = OutputTail()
    lines = 100_000
    for n in range(lines):
        tail.feed(b"%06d" % n + b"x" * 100 + b"\n")
    text, dropped = told(tail)
    assert len(text) <= BYTES
    assert text.endswith(f"{lines - 1:06d}" + "x" * 100 + "\n")
    assert text.count("\n") + dropped == lines


def test_an_endless_line_is_never_built_up() -> None:
    tail = OutputTail()
    shown, dropped = "", 0
    for _ in range(200):
        tail.feed(b"y" * 100_000)
        text, left_out = told(tail)
        shown, dropped = shown + text, dropped + left_out
        assert len(tail._pending) == 0
    assert (shown, dropped) == ("y" * LINE, 1)
    tail.feed(b"\nnext\n")
    assert told(tail) == ("\nnext\n", 0)


def test_an_endless_line_between_two_pieces_takes_little_memory() -> None:
    tail = OutputTail()
    for _ in range(1_000):
        tail.feed(b"z" * 100_000)
        assert len(tail._pending) < 3 * BYTES
    assert told(tail) == ("z" * LINE, 1)


def test_a_progress_bar_keeps_only_what_is_visible_of_it() -> None:
    tail = OutputTail()
    tail.feed(b"start\n10%\r20%\r30%")
    assert told(tail) == ("start\n\r30%", 0)
    for n in range(2_000):
        tail.feed(b"\r%d%% of very much work" % n)
        told(tail)
    tail.feed(b"\rdone\n")
    assert told(tail) == ("\rdone\n", 0)


def test_windows_line_ends_are_line_ends() -> None:
    tail = OutputTail()
    tail.feed(b"a\r\nb\r\n")
    assert told(tail) == ("a\nb\n", 0)


def test_nul_is_left_out_and_broken_utf8_is_replaced() -> None:
    tail = OutputTail()
    tail.feed(b"a\0b\xff\n")
    assert told(tail) == ("ab\ufffd\n", 0)


def test_a_character_cut_in_two_is_put_together_again() -> None:
    tail = OutputTail()
    first, second = "ä".encode()[:1], "ä".encode()[1:]
    tail.feed(b"x" + first)
    assert told(tail) == ("x", 0)
    tail.feed(second)
    assert told(tail) == ("ä", 0)


def test_half_a_character_at_the_very_end_is_shown_as_such() -> None:
    tail = OutputTail()
    tail.feed("ä".encode()[:1])
    assert tail.take(0.0, last=True) == ("\ufffd", 0)
