"""Names of data, and the lesson data a program asks for."""

from __future__ import annotations

import builtins
import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_app.recording.given import (
    LESSONS,
    GivenFile,
    NameRefused,
    check_name,
    file_of,
    given_file,
    lessons_in,
    name_for,
    with_lessons,
)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/home/me/my photo-1.png", "my_photo_1"),
        ("2024-co2.csv", "data_2024_co2"),
        ("list.npy", "list_data"),
        ("torch.pt", "torch_data"),
        ("class.csv", "class_data"),
        ("weights.tar.gz.pt", "weights"),
        ("图片.png", "图片"),
        ("---.png", "data"),
        ("lesson:digits", "digits"),
    ],
)
def test_a_variable_is_called_like_its_file(path: str, name: str) -> None:
    assert name_for(path) == name


@given(st.text(max_size=30), st.sets(st.sampled_from(["x", "data", "data_2", "x_2"])))
def test_whatever_a_file_is_called_its_variable_can_be_used(stem: str, taken: set[str]) -> None:
    name = name_for(stem + ".npy", taken)
    check_name(name, taken)
    assert not keyword.iskeyword(name)
    assert not hasattr(builtins, name)


def test_two_files_of_one_name_are_two_variables() -> None:
    assert name_for("b/x.npy", {"x"}) == "x_2"
    assert name_for("c/x.npy", {"x", "x_2"}) == "x_3"


@pytest.mark.parametrize(
    ("name", "key"),
    [("1x", "word"), ("a b", "word"), ("__x", "word"), ("print", "reserved"), ("torch", "reserved"), ("old", "taken")],
)
def test_names_that_are_refused_say_why(name: str, key: str) -> None:
    with pytest.raises(NameRefused) as caught:
        check_name(name, {"old"})
    assert caught.value.key == key
    assert name in str(caught.value)


def test_data_on_the_command_line() -> None:
    assert given_file("x=/a/b.npy") == GivenFile("x", "/a/b.npy")
    assert given_file("/a/b.npy", {"b"}) == GivenFile("b_2", "/a/b.npy")
    assert given_file("d=lesson:digits") == GivenFile("d", "lesson:digits")
    assert given_file("/a=b/c.npy") == GivenFile("c", "/a=b/c.npy")
    with pytest.raises(NameRefused):
        given_file("torch=/a/b.npy")


def test_only_the_comments_at_the_top_ask_for_lesson_data() -> None:
    text = "# A lesson.\n# data: digits, co2\n\nimport torch\n# data: clip\n"
    assert [each.name for each in lessons_in(text)] == ["digits", "co2"]
    assert lessons_in("import torch\n# data: digits") == []
    assert lessons_in("# data: something else entirely\n") == []
    assert lessons_in("") == []


def test_what_a_program_was_given_comes_before_what_it_asks_for() -> None:
    mine = GivenFile("digits", "/mine.npy")
    assert with_lessons("# data: digits, clip", [mine]) == [mine, GivenFile("clip", "lesson:clip")]


def test_every_lesson_is_there() -> None:
    for name in LESSONS:
        assert file_of(f"lesson:{name}").is_file()
    assert not file_of("lesson:nothing").exists()
