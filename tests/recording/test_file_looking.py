"""A recording file answers about parts of its values as the live worker does, and reads little more than is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from cells_reference import all_of, arrays, slices
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from panel_sample import recording

from graphviz_app.recording.cells import cells_of
from graphviz_app.recording.codec import encode
from graphviz_app.recording.file import open_recording, save
from graphviz_app.recording.filevalues import ROW, FileValues
from graphviz_app.recording.model import TensorMeta
from graphviz_app.recording.scan import scan_of
from graphviz_app.recording.slices import Cut, Looked, Slice
from graphviz_app.recording.tensorfile import BadFile, Entry, TensorFile, TensorWriter
from graphviz_app.recording.values import ValueUnavailable

Array = np.ndarray[Any, Any]


def stored(path: Path, *values: Array) -> Path:
    """A recording file with some values; their refs count from 0."""
    save(
        recording(),
        ((ref, TensorMeta(each.shape, each.dtype.name, "cpu"), each) for ref, each in enumerate(values)),
        path,
    )
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.safetensors"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_file_answers_what_the_array_itself_answers(path: Path, data: st.DataObject) -> None:
    array = np.array(data.draw(arrays()), order="C")
    spec = data.draw(slices(array))
    with open_recording(stored(path, array)) as opened:
        assert encode(opened.source.look(spec).result(10)) == encode(cells_of(array, spec))
        with np.errstate(all="ignore"):
            assert encode(opened.source.scan(0).result(10)) == encode(scan_of(array))
        assert opened.source.layout(0).result(10) == Looked(None, "", array.nbytes, array.shape)


def one_layout(path: Path, *strides: int, size: int = 48) -> Path:
    meta = TensorMeta((2, 3), "float64", "cpu")
    looked = Looked(strides, "", size, (2, 3))
    save(recording(), [(0, meta, np.ones((2, 3))), (1, meta, None)], path, lambda _ref: looked)
    return path


def test_a_file_tells_how_a_value_lay_in_memory(path: Path) -> None:
    with open_recording(one_layout(path, 1, 2)) as opened:
        assert opened.source.layout(0).result(10) == Looked((1, 2), "non-contiguous", 48, (2, 3))
        with pytest.raises(ValueUnavailable, match="not kept"):
            opened.source.layout(1).result(10)


def test_a_file_of_an_older_version_tells_a_value_s_size(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = TensorWriter.add
    monkeypatch.setattr(
        TensorWriter,
        "add",
        lambda writer, name, values: None if name == "values.layouts" else original(writer, name, values),
    )
    with open_recording(one_layout(path, 1, 2)) as opened:
        assert opened.source.layout(0).result(10) == Looked(None, "", 48, (2, 3))


@pytest.mark.parametrize("strides", [(1,), (-1, 2), (1, 2, 3)])
def test_strides_that_do_not_fit_are_a_sentence(path: Path, strides: tuple[int, ...]) -> None:
    with open_recording(one_layout(path, *strides)) as opened:
        answer = opened.source.layout(0)
        with pytest.raises(ValueUnavailable, match="strides of value 0 do not fit its shape"):
            answer.result(10)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (np.zeros((1, 2), np.int64), "does not say how each value lay"),
        (np.zeros((2, 2), np.int32), "does not say how each value lay"),
        (np.full((2, 2), 7, np.int64), "point nowhere"),
        (np.full((2, 2), -2, np.int64), "point nowhere"),
    ],
)
def test_a_damaged_table_of_layouts_is_a_sentence(
    path: Path, monkeypatch: pytest.MonkeyPatch, table: Array, said: str
) -> None:
    original = TensorWriter.add
    monkeypatch.setattr(
        TensorWriter,
        "add",
        lambda writer, name, values: original(writer, name, table if name == "values.layouts" else values),
    )
    with pytest.raises(BadFile, match=said):
        open_recording(one_layout(path, 1, 2))


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Bytes of each read of a file."""
    read: list[int] = []
    original = TensorFile.read

    def counting(self: TensorFile, entry: Entry, start: int = 0, stop: int | None = None) -> Array:
        result = original(self, entry, start, stop)
        read.append(result.nbytes)
        return result

    monkeypatch.setattr(TensorFile, "read", counting)
    return read


def test_one_frame_of_a_video_is_read_not_the_whole_of_it(path: Path, counted: list[int]) -> None:
    video = np.arange(20 * 3 * 256 * 256, dtype=np.int32).reshape(20, 3, 256, 256)
    with open_recording(stored(path, video)) as opened:
        counted.clear()
        cuts = (Cut("index", 13), Cut("range", 0, 3), Cut("range", 10, 250), Cut("range", 3, 255))
        cells = opened.source.look(Slice(0, cuts, (2, 3, 1))).result(10)
        assert cells.low.tolist() == video[13, :, 10:250, 3:255].transpose(1, 2, 0).tolist()
        assert sum(counted) < 3 * video[13].nbytes


def test_a_column_of_a_wide_matrix_is_read_without_its_rows(path: Path, counted: list[int]) -> None:
    matrix = np.arange(6 * 4 * ROW, dtype=np.float32).reshape(6, 4 * ROW)
    with open_recording(stored(path, matrix)) as opened:
        counted.clear()
        cells = opened.source.look(Slice(0, (Cut("range", 1, 6), Cut("index", 2 * ROW)), (0,))).result(10)
        assert cells.low.tolist() == matrix[1:, 2 * ROW].tolist()
        assert sum(counted) < 1000


def test_two_values_of_a_file_are_combined(path: Path) -> None:
    one, other = np.arange(6.0).reshape(2, 3), np.ones((2, 3))
    with open_recording(stored(path, one, other)) as opened:
        spec = Slice(0, (Cut("range", 0, 2), Cut("range", 0, 3)), (0, 1), other=1, combine="difference")
        assert opened.source.look(spec).result(10).low.tolist() == (one - 1).tolist()


@pytest.mark.parametrize("dtype", ["int64", "float32", "complex64", "bool"])
def test_a_value_of_a_file_is_saved_bit_for_bit(path: Path, tmp_path: Path, dtype: str) -> None:
    odd = [0, -1, 3, 7] if dtype == "int64" else [-0.0, np.nan, 1e-42, np.inf]
    value = np.array(odd).reshape(4, 1).astype(dtype)
    with open_recording(stored(path, value)) as opened:
        size = opened.source.save_tensor(0, str(tmp_path / "x.npy")).result(10)
    assert size == (tmp_path / "x.npy").stat().st_size
    assert np.load(tmp_path / "x.npy", allow_pickle=False).tobytes() == value.tobytes()


def test_what_a_format_does_not_have_is_refused_and_leaves_the_old_file(path: Path, tmp_path: Path) -> None:
    value = np.ones(3, ml_dtypes.bfloat16)
    old = tmp_path / "old.npy"
    old.write_bytes(b"old")
    with open_recording(stored(path, value, np.ones(3, np.complex64))) as opened:
        for ref, name, words in (
            (0, old, "save it as .safetensors"),
            (1, tmp_path / "c.safetensors", "save it as .npy"),
            (0, tmp_path / "x.csv", "ends in one of them"),
            (0, tmp_path / "nowhere" / "x.safetensors", "could not be written"),
        ):
            with pytest.raises(ValueUnavailable, match=words):
                opened.source.save_tensor(ref, str(name)).result(10)
    assert old.read_bytes() == b"old"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["old.npy", path.name]


def _questions(source: FileValues, ref: int, path: Path) -> list[Any]:
    return [source.look(all_of((2,), ref)), source.scan(ref), source.layout(ref), source.save_tensor(ref, str(path))]


def test_values_that_are_not_there_are_refused_in_a_sentence(path: Path, tmp_path: Path) -> None:
    values = [(0, TensorMeta((2,), "float32", "cpu"), None)]
    save(recording(), values, path)
    with open_recording(path) as opened:
        for ref, words in ((0, "not kept"), (5, "no value with this number")):
            for question in _questions(opened.source, ref, tmp_path / "x.npy"):
                with pytest.raises(ValueUnavailable, match=words):
                    question.result(10)
    for question in _questions(opened.source, 0, tmp_path / "x.npy"):
        with pytest.raises(ValueUnavailable, match="closed"):
            question.result(10)
