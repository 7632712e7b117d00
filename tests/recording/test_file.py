"""Recording files: bit for bit what was saved, lazily read, and never more than a clear sentence when damaged."""

from __future__ import annotations

import errno
import json
import os
import resource
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ml_dtypes
import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from panel_sample import VALUES, recording
from safetensors import safe_open

from graphviz_app.recording.codec import encode
from graphviz_app.recording.file import BadFile, CannotSave, OpenedRecording, open_recording, save
from graphviz_app.recording.filevalues import CHUNK
from graphviz_app.recording.model import Recording, Stats, TensorMeta
from graphviz_app.recording.moments import stats_in
from graphviz_app.recording.stats import preview_of, stats_of
from graphviz_app.recording.values import ValueUnavailable

Array = np.ndarray[Any, Any]


@dataclass
class Left:
    """What is left of a value that was too large."""

    stats: Stats
    preview: Array


def meta_of(values: Array) -> TensorMeta:
    return TensorMeta(values.shape, values.dtype.name, "cpu")


def values_of(arrays: dict[int, Array]) -> Iterator[tuple[int, TensorMeta, Array]]:
    return ((ref, meta_of(values), values) for ref, values in sorted(arrays.items()))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.safetensors"


def saved(path: Path, arrays: dict[int, Array] | None = None) -> Path:
    save(recording(), values_of(VALUES if arrays is None else arrays), path)
    return path


def fetched(opened: OpenedRecording, ref: int) -> Array:
    return np.asarray(opened.source.fetch(ref).result(10))


def test_a_recording_comes_back_as_it_was(path: Path) -> None:
    original = recording()
    size = save(original, values_of(VALUES), path)
    assert size == path.stat().st_size
    with open_recording(path) as opened:
        assert encode(opened.recording) == encode(original)
        for ref, values in VALUES.items():
            assert fetched(opened, ref).tobytes() == values.tobytes()


BITS = np.random.default_rng(1).integers(0, 256, 1 << 12, dtype=np.uint8)
DTYPES = [
    *(np.dtype(name) for name in ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")),
    *(np.dtype(name) for name in ("float16", "float32", "float64", "complex64", "complex128")),
    *(np.dtype(getattr(ml_dtypes, name)) for name in ("bfloat16", "float8_e4m3fn", "float8_e5m2")),
    *(np.dtype(getattr(ml_dtypes, name)) for name in ("float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu")),
]


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.name)
def test_values_of_every_type_come_back_bit_for_bit(path: Path, dtype: np.dtype[Any]) -> None:
    """Random bits: NaN with payloads, infinities, denormals, minus zero."""
    flat = (BITS[:1024] % 2 if dtype.kind == "b" else BITS).view(dtype)
    shapes: dict[int, Array] = {1: flat[:6].reshape(1, 2, 3), 2: flat[3], 3: flat[:0].reshape(3, 0), 5: flat[:64]}
    saved(path, {ref: np.asarray(values) for ref, values in shapes.items()})
    with open_recording(path) as opened:
        for ref, values in shapes.items():
            back = fetched(opened, ref)
            assert (back.dtype, back.shape, back.tobytes()) == (dtype, values.shape, values.tobytes())
            assert opened.source.describe([ref]).result(10)[0].meta.shape == values.shape


def test_arrays_that_do_not_lie_in_one_piece_come_back_too(path: Path) -> None:
    base = np.arange(24, dtype=np.float32).reshape(4, 6)
    arrays = {1: base.T, 2: base[::2, ::-1], 3: np.broadcast_to(base[0], (3, 6)), 4: np.asfortranarray(base)}
    saved(path, arrays)
    with open_recording(path) as opened:
        for ref, values in arrays.items():
            assert np.array_equal(fetched(opened, ref), values)


def test_other_programs_can_read_the_tensors(path: Path) -> None:
    saved(path, {3: np.arange(6, dtype=np.float64).reshape(2, 3), 4: np.array(True), 7: np.array([1], np.uint8)})
    with safe_open(path, framework="np") as file:
        assert file.get_tensor("value.3").tolist() == [[0, 1, 2], [3, 4, 5]]
        assert file.get_tensor("graph.nodes.kind").tolist() == recording().graph.nodes.kind.tolist()
        assert file.metadata()["format"] == "graphviz_app.recording"


def test_tensors_are_aligned_for_their_type(path: Path) -> None:
    saved(path, {0: np.array([True]), 1: np.array([1.0]), 2: np.array([1], np.int16), 3: np.array([2.0])})
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    widths = {"F64": 8, "I64": 8, "I32": 4, "I16": 2, "BOOL": 1, "U8": 1}
    header = json.loads(data[8 : 8 + length])
    assert length % 8 == 0
    for name, entry in header.items():
        assert name == "__metadata__" or entry["data_offsets"][0] % widths[entry["dtype"]] == 0


def test_small_values_are_described_in_full_and_large_ones_by_statistics(path: Path) -> None:
    large = np.linspace(-1, 1, CHUNK * 2 + 5, dtype=np.float32).reshape(1, -1)
    large[0, 7], large[0, -1] = np.nan, np.inf
    saved(path, {0: np.array([3.0, 4.0]), 1: large})
    with open_recording(path) as opened:
        small, big = opened.source.describe([0, 1]).result(30)
    assert (small.text, small.kept, small.values is not None) == ("[3, 4]", "whole", True)
    assert (big.kept, big.values) == ("whole", None)
    assert big.stats is not None
    expected = stats_of(large)
    assert (big.stats.nan, big.stats.positive_inf, big.stats.count) == (1, 1, large.size)
    assert np.allclose(msgspec.to_builtins(big.stats)[1:6], msgspec.to_builtins(expected)[1:6], rtol=1e-12)
    assert np.array_equal(np.asarray(big.preview), preview_of(large), equal_nan=True)


@pytest.mark.parametrize("shape", [(5000,), (70, 90), (3, 2, 70, 90), (2, 100, 1, 40), (9000, 1)])
def test_the_picture_of_a_large_value_is_the_one_a_live_run_shows(path: Path, shape: tuple[int, ...]) -> None:
    values = np.random.default_rng(0).standard_normal(shape)
    saved(path, {4: values})
    with open_recording(path) as opened:
        info = opened.source.describe([4]).result(10)[0]
    assert np.array_equal(np.asarray(info.preview), preview_of(values))


def test_what_was_not_kept_whole_says_what_is_left(path: Path) -> None:
    stats = Stats(10**6, -1.0, 2.0, 0.5, 0.25, 3.0, 4, 1, 2, 0)
    picture = np.arange(12, dtype=np.float32).reshape(3, 4)
    meta = TensorMeta((1000, 1000), "bfloat16", "cuda:0")
    save(recording(), iter([(4, meta, Left(stats, picture)), (9, meta, None)]), path)
    with open_recording(path) as opened:
        summary, dropped = opened.source.describe([4, 9]).result(10)
        assert (summary.kept, summary.stats, summary.meta) == ("summary", stats, meta)
        assert np.array_equal(np.asarray(summary.preview), picture)
        assert (dropped.kept, dropped.stats, dropped.text) == ("dropped", None, "[1000, 1000]")
        for ref in (4, 9):
            with pytest.raises(ValueUnavailable, match="not kept"):
                fetched(opened, ref)


def test_values_nobody_saved_are_unavailable_not_an_error_of_ours(path: Path) -> None:
    saved(path)
    opened = open_recording(path)
    for question in (opened.source.fetch(99_999), opened.source.fetch(-1), opened.source.describe([0, 99_999])):
        with pytest.raises(ValueUnavailable, match="no value"):
            question.result(10)
    opened.close()
    with pytest.raises(ValueUnavailable, match="closed"):
        opened.source.fetch(0).result(10)


def test_a_file_that_shrinks_after_it_was_opened_is_a_sentence(path: Path) -> None:
    saved(path, {1: np.arange(100_000.0)})
    with open_recording(path) as opened:
        os.truncate(path, path.stat().st_size // 2)
        with pytest.raises(ValueUnavailable, match="shorter"):
            fetched(opened, 1)


def test_a_file_that_is_replaced_after_it_was_opened_still_answers(path: Path) -> None:
    saved(path, {1: np.array([1.0])})
    with open_recording(path) as opened:
        saved(path, {1: np.array([2.0])})
        assert fetched(opened, 1).tolist() == [1.0]


# Saving


def fails_at_the_end() -> Iterator[tuple[int, TensorMeta, Array]]:
    yield from values_of({0: np.array([1.0])})
    raise OSError(errno.EIO, "Input/output error")


def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(path: Path) -> None:
    saved(path)
    before = path.read_bytes()
    with pytest.raises(CannotSave, match="Input/output error"):
        save(recording(), fails_at_the_end(), path)
    assert (path.read_bytes(), os.listdir(path.parent)) == (before, [path.name])


def test_a_disk_that_takes_no_more_leaves_the_old_file(path: Path) -> None:
    saved(path)
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, hard))
    try:
        with pytest.raises(CannotSave, match="File too large"):
            saved(path, {0: np.zeros(1 << 20)})
        with pytest.raises(CannotSave, match="File too large"):  # here only the last copy is over
            saved(path, {0: np.zeros((4 << 20) - 4000, np.uint8)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (path.read_bytes(), os.listdir(path.parent)) == (before, [path.name])


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotSave, match="No such file"):
        saved(tmp_path / "none" / "run.safetensors")


def test_saving_keeps_permissions_and_follows_links(tmp_path: Path) -> None:
    real, link = tmp_path / "real.safetensors", tmp_path / "link.safetensors"
    saved(real)
    real.chmod(0o640)
    link.symlink_to(real)
    saved(link, {5: np.array([5.0])})
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    with open_recording(real) as opened:
        assert fetched(opened, 5).tolist() == [5.0]


# Damage


Header = dict[str, Any]


def rewritten(path: Path, change: Callable[[Header], None]) -> Path:
    """The file with its header changed."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    change(header)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length :])
    return path


def meta(key: str, value: object) -> Callable[[Header], None]:
    return lambda header: header["__metadata__"].__setitem__(key, value)


def entry(name: str, key: str, value: object) -> Callable[[Header], None]:
    return lambda header: header[name].__setitem__(key, value)


def refused(path: Path) -> str:
    with pytest.raises(BadFile) as caught:
        open_recording(path)
    sentence = str(caught.value)
    assert path.name in sentence
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (meta("schema", "2"), "newer version"),
        (meta("schema", "9" * 50), "which version"),
        (meta("schema", "-1"), "which version"),
        (meta("format", "pt"), "some other safetensors file"),
        (lambda header: header.pop("__metadata__"), "some other safetensors file"),
        (meta("recording", "{"), "damaged"),
        (meta("recording", "[" * 100_000), "damaged"),
        (meta("values", "{}"), "damaged"),
        (meta("recording", 3), "texts"),
        (entry("graph.nodes.kind", "dtype", "PICKLE"), "proper type"),
        (entry("graph.nodes.kind", "dtype", ["U8"]), "proper type"),
        (entry("graph.nodes.kind", "shape", [2**64 - 1, 0]), "proper type"),
        (entry("graph.nodes.kind", "shape", [2**31, 2**31, 2**31]), "proper type"),
        (entry("graph.nodes.kind", "shape", [-7]), "proper type"),
        (entry("graph.nodes.kind", "shape", [7.0]), "proper type"),
        (entry("graph.nodes.kind", "shape", [True]), "proper type"),
        (entry("graph.nodes.kind", "data_offsets", [0, 2**70]), "proper type"),
        (entry("graph.nodes.kind", "data_offsets", [0, 7]), "overlap"),
        (entry("graph.nodes.kind", "more", 1), "proper type"),
        (lambda header: header.pop("graph.nodes.kind"), "gaps"),
        (lambda header: header.__setitem__("x", [1]), "proper type"),
        (lambda header: header.__setitem__("__metadata__", "text"), "texts"),
    ],
)
def test_a_hostile_header_is_one_sentence(path: Path, change: Callable[[Header], None], says: str) -> None:
    assert says in refused(rewritten(saved(path), change))


def test_a_name_that_occurs_twice_is_refused(path: Path) -> None:
    data = saved(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = data[8 : 8 + length].rstrip()
    twice = header[:-1] + b',"value.0":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}'
    path.write_bytes(struct.pack("<Q", len(twice)) + twice + data[8 + length :])
    assert "twice" in refused(path)


def test_a_column_that_points_outside_its_table_is_refused(path: Path) -> None:
    broken = recording()
    broken.graph.edges.src = np.full_like(broken.graph.edges.src, 1000)
    save(broken, values_of(VALUES), path)
    assert "graph.edges.src has the number 1000" in refused(path)


@pytest.mark.parametrize("keep", [0, 1, 7, 8, 100, 0.5, -1])
def test_a_truncated_file_is_refused(path: Path, keep: float) -> None:
    data = saved(path).read_bytes()
    path.write_bytes(data[: int(len(data) * keep) if 0 < keep < 1 else int(keep)])
    refused(path)


def test_what_was_added_at_the_end_is_refused(path: Path) -> None:
    saved(path).write_bytes(path.read_bytes() + b"x")
    assert "instead of" in refused(path)


@pytest.mark.parametrize("content", [b"", b"\x80\x04K\x01.", b"PK\x03\x04" * 40, b"import torch\n" * 9, b"\0" * 64])
def test_other_files_are_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    refused(path)


def test_what_is_not_an_ordinary_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder", "missing", "a\0b"):
        refused(tmp_path / name)


def test_a_sparse_giant_is_refused_without_being_read(path: Path) -> None:
    """A header that claims columns of a terabyte, in a file that takes no room on the disk."""
    size = 1 << 40
    header = {
        "__metadata__": {"format": "graphviz_app.recording", "schema": "1", "recording": "{}", "values": "{}"},
        "graph.nodes.kind": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]},
    }
    text = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + size)
    assert "larger than this app can open" in refused(path)


def test_a_value_larger_than_memory_is_unavailable(path: Path) -> None:
    saved(path, {1: np.zeros(4, np.uint8)})
    size = 1 << 42

    def grow(header: Header) -> None:
        entries = [one for name, one in header.items() if name != "__metadata__"]
        old = header["value.1"]["data_offsets"]
        for one in entries:
            if one["data_offsets"][0] >= old[1]:
                one["data_offsets"] = [offset + size - 4 for offset in one["data_offsets"]]
        header["value.1"].update(shape=[size], data_offsets=[old[0], old[0] + size])

    rewritten(path, grow)
    os.truncate(path, path.stat().st_size + size - 4)
    with open_recording(path) as opened:
        with pytest.raises(ValueUnavailable, match="too many elements to be listed"):
            fetched(opened, 1)
        with pytest.raises(ValueUnavailable, match="not enough memory"):
            opened.source.save_tensor(1, str(path.with_name("whole.npy"))).result(10)


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("intact") / "run.safetensors"
    return saved(path, {0: np.arange(5.0), 3: np.array([1 + 2j]), 8: np.array([1.5], ml_dtypes.bfloat16)}).read_bytes()


@st.composite
def damage(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """A few bytes flipped, most often in the header, and sometimes a cut or an insertion."""
    flips = draw(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), max_size=4))
    cut = draw(st.none() | st.floats(0, 1))
    inserted = draw(st.none() | st.tuples(st.floats(0, 1), st.binary(max_size=9)))

    def apply(data: bytes) -> bytes:
        broken = bytearray(data)
        for place, bits in flips:
            broken[int(place * len(broken))] ^= bits
        if inserted is not None:
            at = int(inserted[0] * len(broken))
            broken[at:at] = inserted[1]
        return bytes(broken if cut is None else broken[: int(cut * len(broken))])

    return apply


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=damage())
def test_a_damaged_file_is_a_sentence_or_still_answers(
    change: Callable[[bytes], bytes], intact: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "broken.safetensors"
    path.write_bytes(change(intact))
    try:
        opened = open_recording(path)
    except BadFile as error:
        assert path.name in str(error)  # noqa: PT017 (one of two outcomes)
        return
    with opened:
        assert isinstance(opened.recording, Recording)
        for ref in (0, 3, 8):
            for question in (opened.source.describe([ref]), opened.source.fetch(ref)):
                error = question.exception(10)
                assert error is None or isinstance(error, ValueUnavailable)


# Statistics in parts

numbers = st.floats(width=32, allow_nan=True, allow_infinity=True)


@given(st.lists(st.lists(numbers, max_size=6), min_size=1, max_size=5))
def test_statistics_of_parts_add_up_to_those_of_the_whole(parts: list[list[float]]) -> None:
    whole = stats_of(np.array([value for part in parts for value in part], dtype=np.float32))
    joined = stats_in(np.array(part, dtype=np.float32) for part in parts)
    exact = ("count", "minimum", "maximum", "zeros", "nan", "positive_inf", "negative_inf")
    assert [getattr(joined, name) for name in exact] == [getattr(whole, name) for name in exact]
    scale = max(abs(whole.minimum), abs(whole.maximum))
    for name in ("mean", "std", "norm"):
        assert np.isclose(getattr(joined, name), getattr(whole, name), rtol=1e-6, atol=1e-6 * scale)
