"""Files of data as tensors: what each format gives, and one clear sentence for what cannot be read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import given_files as make
import numpy as np
import pytest
import torch

from graphviz_app.engine import loading, loading_media
from graphviz_app.engine.loading import CannotLoad, Loaded, load, look_at
from graphviz_app.recording.given import LESSONS, GivenFile


def read(path: Path, device: str = "cpu") -> Loaded:
    return load(GivenFile("x", str(path)), device)


def refusal(path: Path) -> CannotLoad:
    with pytest.raises(CannotLoad) as caught:
        read(path)
    return caught.value


# Arrays


def test_an_npy_file_is_mapped_and_never_written_to(tmp_path: Path) -> None:
    path = make.npy(tmp_path / "a.npy", np.arange(6.0).reshape(2, 3))
    before = path.read_bytes()
    loaded = read(path)
    assert loaded.mapped
    assert loaded.value.tolist() == [[0, 1, 2], [3, 4, 5]]
    loaded.value.mul_(10)  # the program may write: into its own copy of the page
    assert loaded.value[1, 2] == 50
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("values", "mapped"),
    [
        (np.asfortranarray(np.arange(6.0).reshape(2, 3)), True),
        (np.array(3.0), True),
        (np.arange(5, dtype=np.uint16), True),
        (np.array([1 + 2j]), True),
        (np.array([True, False]), True),
        (np.arange(6).astype(">f4"), False),
    ],
)
def test_numpy_arrays_keep_their_numbers(tmp_path: Path, values: np.ndarray, mapped: bool) -> None:
    loaded = read(make.npy(tmp_path / "a.npy", values))
    assert loaded.mapped == mapped
    assert tuple(loaded.value.shape) == values.shape
    assert np.array_equal(loaded.value.numpy(), values)


def test_an_array_without_elements_is_a_tensor_too(tmp_path: Path) -> None:
    assert tuple(read(make.npy(tmp_path / "none.npy", np.zeros((0, 3)))).value.shape) == (0, 3)


def test_four_gigabytes_open_at_once_and_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.npy"
    with open(path, "wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": (1 << 30,)}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + (4 << 30))
    before = _own_memory()
    loaded = read(path)
    assert loaded.value.shape == (1 << 30,)
    assert loaded.value[-1] == 0
    assert _own_memory() - before < 64 << 20


def _own_memory() -> int:
    import psutil

    return int(psutil.Process().memory_info().rss)


def test_several_arrays_are_a_dict_and_a_single_one_is_itself(tmp_path: Path) -> None:
    np.savez(tmp_path / "two.npz", a=np.arange(3), b=np.eye(2))
    two = read(tmp_path / "two.npz").value
    assert {name: tuple(tensor.shape) for name, tensor in two.items()} == {"a": (3,), "b": (2, 2)}
    np.savez(tmp_path / "one.npz", np.eye(2))
    assert read(tmp_path / "one.npz").value.shape == (2, 2)


def test_safetensors_are_mapped_in_their_own_types(tmp_path: Path) -> None:
    path = make.tensors(tmp_path / "m.safetensors", a=torch.zeros(3), b=torch.ones(2, 2, dtype=torch.bfloat16))
    loaded = read(path)
    assert loaded.mapped
    assert (loaded.value["b"].dtype, loaded.value["b"].sum().item()) == (torch.bfloat16, 4)
    assert read(make.tensors(tmp_path / "one.safetensors", a=torch.zeros(3))).value.shape == (3,)


def test_a_saved_tensor_and_a_state_dict(tmp_path: Path) -> None:
    assert read(make.saved(tmp_path / "t.pt", torch.ones(3, 4))).value.shape == (3, 4)
    state = read(make.saved(tmp_path / "s.pth", torch.nn.Linear(2, 3).state_dict()))
    assert state.mapped
    assert list(state.value) == ["weight", "bias"]
    old = make.saved(tmp_path / "old.pt", torch.ones(2), _use_new_zipfile_serialization=False)
    assert (read(old).value.tolist(), read(old).mapped) == ([1, 1], False)


@pytest.mark.parametrize("new", [True, False])
def test_code_in_a_saved_file_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new: bool) -> None:
    monkeypatch.chdir(tmp_path)
    path = make.saved(tmp_path / "evil.pt", {"a": make.Evil()}, _use_new_zipfile_serialization=new)
    assert refusal(path).key == "given_code"
    assert refusal(make.saved(tmp_path / "model.pt", torch.nn.Linear(2, 3))).key == "given_code"
    assert not (tmp_path / "evil-was-here").exists()


# Pictures and videos


def test_a_picture_is_bytes_channels_first(tmp_path: Path) -> None:
    loaded = read(make.picture(tmp_path / "p.png"))
    assert (loaded.value.dtype, tuple(loaded.value.shape), loaded.axes) == (torch.uint8, (3, 5, 7), "C H W")
    assert np.array_equal(loaded.value.numpy(), make.PIXELS.transpose(2, 0, 1))
    assert tuple(read(make.picture(tmp_path / "p.jpg")).value.shape) == (3, 5, 7)


@pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("LA", 2), ("RGBA", 4), ("P", 3), ("1", 1)])
def test_channels_of_a_png_are_those_it_has(tmp_path: Path, mode: str, channels: int) -> None:
    assert tuple(read(make.picture(tmp_path / "p.png", mode=mode)).value.shape) == (channels, 5, 7)


def test_grey_of_sixteen_bits_keeps_its_numbers(tmp_path: Path) -> None:
    deep = np.arange(35, dtype=np.uint16).reshape(5, 7) * 1000
    value = read(make.picture(tmp_path / "deep.png", deep)).value
    assert (value.dtype, value.shape) == (torch.uint16, (1, 5, 7))
    assert np.array_equal(value[0].numpy(), deep)


def test_a_photograph_stands_as_its_camera_says(tmp_path: Path) -> None:
    exif = make.Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter to the right
    path = make.picture(tmp_path / "turned.png", exif=exif)
    assert np.array_equal(read(path).value.numpy(), np.rot90(make.PIXELS, -1).transpose(2, 0, 1))


def test_a_gif_and_a_video_have_time_first(tmp_path: Path) -> None:
    loaded = read(make.gif(tmp_path / "a.gif"))
    assert (tuple(loaded.value.shape), loaded.axes) == ((3, 3, 4, 6), "T C H W")
    assert loaded.value[:, 0, 0, 0].tolist() == [0, 50, 100]
    loaded = read(make.mp4(tmp_path / "v.mp4"))
    assert (loaded.value.dtype, tuple(loaded.value.shape), loaded.axes) == (torch.uint8, (5, 3, 16, 32), "T C H W")
    reds = loaded.value[:, 0].float().mean((1, 2))
    assert (reds.diff() > 30).all()
    assert loaded.value[-1, 0].float().mean() > 5 * loaded.value[-1, 2].float().mean()


def test_a_video_without_its_reader_says_which_command_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make.mp4(tmp_path / "v.mp4")
    monkeypatch.setitem(loading_media.sys.modules, "av", None)
    error = refusal(path)
    assert error.key == "given_no_reader"
    assert "-m pip install av" in str(error)


# Tables


def test_a_table_has_its_headings_told_and_its_gaps_as_nan(tmp_path: Path) -> None:
    loaded = read(make.text(tmp_path / "t.csv", "date,co2\n19580329,316.1\n19580510,\n"))
    assert loaded.columns == ["date", "co2"]
    assert loaded.value.dtype == torch.float64
    assert loaded.value[:, 0].tolist() == [19580329, 19580510]  # no float32 has these
    assert loaded.value[:, 1].isnan().tolist() == [False, True]


@pytest.mark.parametrize(
    ("content", "numbers", "columns"),
    [
        ("1,2\n3,4\n", [[1, 2], [3, 4]], []),
        ("v\n1\n2\n", [1, 2], ["v"]),
        ("a;b\n1,5;2\n3;4\n", [[1.5, 2], [3, 4]], ["a", "b"]),
        ("a\tb\r\n1\t2\r\n", [[1, 2]], ["a", "b"]),
        ('"a, x","b"\n1,2\n', [[1, 2]], ["a, x", "b"]),
        ("\ufeffa,b\n-1e3,+.5\n", [[-1000, 0.5]], ["a", "b"]),
        (",v\n0,1.5\n1,2.5\n", [[0, 1.5], [1, 2.5]], ["0", "v"]),
    ],
)
def test_ways_to_write_a_table(tmp_path: Path, content: str, numbers: list[object], columns: list[str]) -> None:
    loaded = read(make.text(tmp_path / "t.csv", content))
    assert (loaded.value.tolist(), loaded.columns) == (numbers, columns)


def test_columns_of_text_are_left_out_and_named(tmp_path: Path) -> None:
    loaded = read(make.text(tmp_path / "t.csv", "name,v,w\nanna,1,2\nbob,2,3\n"))
    assert loaded.value.tolist() == [[1, 2], [2, 3]]
    assert loaded.notes == ["given_text|file=t.csv|columns=name"]


# What cannot be read

BAD: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "objects.npy": ("given_dtype", lambda path: make.npy(path, np.array([1, "a"], dtype=object))),
    "words.npy": ("given_dtype", lambda path: make.npy(path, np.array(["a", "b"]))),
    "cut.npy": ("given_damaged", lambda path: make.cut(make.npy(path, np.arange(100.0)), 0.5)),
    "cut.npz": ("given_damaged", lambda path: make.cut(_npz(path), 0.5)),
    "cut.safetensors": ("given_damaged", lambda path: make.cut(make.tensors(path, a=torch.ones(99)), 0.5)),
    "cut.pt": ("given_damaged", lambda path: make.cut(make.saved(path, torch.ones(999)), 0.5)),
    "junk.pt": ("given_damaged", lambda path: make.raw(path, b"no tensors at all")),
    "cut.png": ("given_damaged", lambda path: make.cut(make.picture(path, np.tile(make.PIXELS, (9, 9, 1))), 0.5)),
    "cut.jpg": ("given_damaged", lambda path: make.cut(make.picture(path, np.tile(make.PIXELS, (9, 9, 1))), 0.5)),
    "cut.gif": ("given_damaged", lambda path: make.cut(make.picture(path, np.tile(make.PIXELS, (9, 9, 1))), 0.5)),
    "cut.mp4": ("given_damaged", lambda path: make.cut(make.mp4(path), 0.5)),
    "junk.mp4": ("given_damaged", lambda path: make.raw(path, b"no video at all")),
    "bomb.png": ("given_pixels", make.bomb),
    "wrong.npy": ("given_format", lambda path: make.raw(path, b"hello world")),
    "wrong.png": ("given_format", lambda path: make.raw(path, b"hello world")),
    "empty.npy": ("given_format", lambda path: make.raw(path, b"")),
    "bytes.csv": ("given_format", lambda path: make.raw(path, b"\0\1\2")),
    "words.csv": ("given_no_numbers", lambda path: make.text(path, "name,where\nanna,here\n")),
    "empty.csv": ("given_no_numbers", lambda path: make.text(path, "")),
    "heads.csv": ("given_no_numbers", lambda path: make.text(path, "a,b\n")),
    "ragged.csv": ("given_rows", lambda path: make.text(path, "a,b\n1,2\n3\n")),
}


def _npz(path: Path) -> Path:
    np.savez(path, a=np.arange(999))
    return path


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_read_has_one_sentence(tmp_path: Path, name: str) -> None:
    key, build = BAD[name]
    error = refusal(build(tmp_path / name))
    assert error.key == key
    assert name in str(error)
    assert str(tmp_path) not in str(error)
    assert "\n" not in str(error)


def test_no_file_a_folder_and_a_pipe_are_no_data(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.npy").key == "given_missing"
    assert refusal(tmp_path).key == "given_not_file"
    os.mkfifo(tmp_path / "pipe.npy")  # reading it would never end
    assert refusal(tmp_path / "pipe.npy").key == "given_not_file"


def test_what_is_too_large_to_unpack_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MOST_BYTES", 100)
    for path in (make.gif(tmp_path / "a.gif"), make.mp4(tmp_path / "v.mp4"), _npz(tmp_path / "a.npz")):
        assert refusal(path).key == "given_large"


def test_a_wrong_ending_is_said_and_the_file_read(tmp_path: Path) -> None:
    loaded = read(make.picture(tmp_path / "p.npy.png", format="GIF"))
    assert loaded.kind == "gif"
    assert loaded.notes == ["given_kind|file=p.npy.png|kind=GIF"]


# Elsewhere


def test_data_goes_to_the_device_of_the_run(tmp_path: Path) -> None:
    assert read(make.picture(tmp_path / "p.png"), "meta").value.device.type == "meta"
    leaf = torch.nn.Parameter(torch.ones(3))
    moved = read(make.saved(tmp_path / "leaf.pt", {"w": leaf}), "meta").value["w"]
    assert (moved.device.type, moved.requires_grad, moved.is_leaf) == ("meta", True, True)


def test_what_is_told_of_a_file_before_a_run(tmp_path: Path) -> None:
    info = look_at(GivenFile("p", str(make.picture(tmp_path / "p.png"))))
    assert (info.kind, info.shape, info.dtype, info.axes, info.problem) == ("image", (3, 5, 7), "uint8", "C H W", "")
    info = look_at(GivenFile("p", str(tmp_path / "gone.npy")))
    assert (info.problem, info.params) == ("given_missing", {"name": "p", "path": str(tmp_path / "gone.npy")})


def test_the_lesson_data_is_what_it_says() -> None:
    found = {name: look_at(GivenFile(name, f"lesson:{name}")) for name in LESSONS}
    assert {name: info.shape for name, info in found.items()} == {
        "digits": (),
        "astronaut": (3, 256, 256),
        "sunspots": (309, 2),
        "co2": (2284, 2),
        "clip": (24, 3, 64, 64),
    }
    digits = load(GivenFile("digits", "lesson:digits")).value
    assert (tuple(digits["images"].shape), int(digits["images"].max())) == ((1797, 8, 8), 16)
    assert digits["labels"][:10].tolist() == [*range(10)]
    assert int(load(GivenFile("co2", "lesson:co2")).value.isnan().sum()) == 59
