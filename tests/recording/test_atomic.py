"""Files that are wholly old or wholly new."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from graphviz_app.recording.atomic import replace_file, replacing


def in_pieces(path: Path, data: bytes) -> None:
    with replacing(path) as file:
        for byte in data:
            file.write(bytes([byte]))


def unsynced(path: Path, data: bytes) -> None:
    replace_file(path, data, synced=False)


WRITERS = pytest.mark.parametrize("write", [replace_file, unsynced, in_pieces])
Write = Callable[[Path, bytes], None]


@WRITERS
def test_a_file_is_replaced_whole_or_left_alone(write: Write, tmp_path: Path) -> None:
    target = tmp_path / "graph.svg"
    target.write_text("before")
    with pytest.raises(OSError, match="No such file") as gone:
        write(tmp_path / "no" / "graph.svg", b"after")
    assert gone.value.filename == str(tmp_path / "no" / "graph.svg")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OSError, match="directory"):
        write(folder, b"after")
    assert target.read_text() == "before"
    write(target, b"after")
    assert target.read_text() == "after"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder", "graph.svg"]


def test_an_error_in_the_midst_of_writing_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "run.safetensors"
    target.write_text("before")

    def write_half() -> None:
        with replacing(target) as file:
            file.write(b"aft")
            raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        write_half()
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


@WRITERS
def test_a_new_file_has_the_rights_any_new_file_has(write: Write, tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    write(tmp_path / "graph.svg", b"x")
    assert os.stat(tmp_path / "graph.svg").st_mode == os.stat(tmp_path / "plain").st_mode


def test_the_rights_of_the_old_file_stay_and_a_read_only_one_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "graph.svg"
    target.write_text("before")
    target.chmod(0o640)
    replace_file(target, b"after")
    assert target.stat().st_mode & 0o777 == 0o640
    target.chmod(0o440)
    with pytest.raises(PermissionError):
        replace_file(target, b"again")
    assert target.read_text() == "after"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("before")
    (tmp_path / "link").symlink_to("real")
    replace_file(tmp_path / "link", b"after")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "after"
