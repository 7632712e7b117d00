"""Looking into torch's tensors: every layout and type shows its own numbers, whatever lies in memory and how."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from engine_reading import Read
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file
from torch import Tensor

from graphviz_app.engine.arrays import to_numpy
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.looking import Looker, elements_of
from graphviz_app.engine.values import ValueStore
from graphviz_app.recording.axes import Role
from graphviz_app.recording.elements import InMemory
from graphviz_app.recording.slices import NAN, Cells, Cut, Looked, Scan, Slice
from graphviz_app.recording.slicetext import python_text, slice_of
from graphviz_app.recording.strides import order_in_memory
from graphviz_app.recording.values import ValueUnavailable

pytestmark = pytest.mark.filterwarnings("ignore:.*(prototype|beta|deprecated|invariant|experimental).*")


def all_of(shape: tuple[int, ...], ref: int = 0, most: int = 0) -> Slice:
    return Slice(ref, tuple(Cut("range", 0, size, most) for size in shape), tuple(range(len(shape))))


class Kept:
    """A store with some tensors, and who looks into it."""

    def __init__(self, *tensors: Tensor, live: bool = False) -> None:
        self.store = ValueStore(1 << 24)
        self.looker = Looker(self.store)
        for tensor in tensors:
            (self.store.keep_live if live else self.store.keep)(tensor)

    def look(self, spec: Slice) -> Cells:
        return self.looker.look(spec)

    def scan(self, ref: int = 0) -> Scan:
        return self.looker.scan(ref, "value", lambda: None)


def ramp(*shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """A tensor in which every element is its own flat index."""
    return torch.arange(torch.Size(shape).numel()).reshape(shape).to(dtype)


KINDS: dict[str, Callable[[], Tensor]] = {
    "five axes": lambda: ramp(2, 3, 5, 7, 11),
    "channels_last": lambda: ramp(2, 3, 5, 7).to(memory_format=torch.channels_last),
    "transposed": lambda: ramp(11, 7).T,
    "with gaps": lambda: ramp(7, 11)[:, ::2],
    "expanded": lambda: ramp(3, 1).expand(3, 5),
    "bfloat16": lambda: ramp(4, 5, dtype=torch.bfloat16),
    "float8": lambda: ramp(4, 5, dtype=torch.float8_e5m2),
    "float16": lambda: ramp(4, 5, dtype=torch.float16),
    "large int64": lambda: ramp(4, 5, dtype=torch.int64) + 2**53,
    "uint16": lambda: ramp(4, 5, dtype=torch.uint16),
    "bool": lambda: ramp(4, 5) > 9,
    "complex": lambda: torch.complex(ramp(3, 4), -ramp(3, 4)),
    "conjugate": lambda: torch.complex(ramp(3, 4), -ramp(3, 4)).conj(),
    "negative": lambda: torch.complex(ramp(3, 4), -ramp(3, 4)).conj().imag,
    "half complex": lambda: torch.complex(ramp(3, 4), ramp(3, 4)).to(torch.complex32),
    "COO": lambda: ramp(4, 5).to_sparse(),
    "CSR": lambda: ramp(4, 5).to_sparse_csr(),
    "CSC": lambda: ramp(4, 5).to_sparse_csc(),
    "BSR": lambda: ramp(4, 6).to_sparse_bsr((2, 3)),
    "hybrid": lambda: torch.sparse_coo_tensor(torch.tensor([[2, 0, 2]]), ramp(3, 5), (4, 5)),
    "quantised": lambda: torch.quantize_per_tensor(ramp(4, 5), 0.5, 3, torch.quint8),
    "quantised by channel": lambda: torch.quantize_per_channel(
        ramp(3, 5), torch.ones(3) / 4, torch.zeros(3).long(), 0, torch.qint8
    ),
    "scalar": lambda: torch.tensor(2.5),
    "empty": lambda: torch.zeros(3, 0, 2),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("live", [True, False])
def test_a_tensor_of_any_kind_shows_what_torch_says_it_has(kind: str, live: bool) -> None:
    tensor = KINDS[kind]()
    kept = Kept(tensor, live=live)
    shape = tuple(tensor.shape)
    assert kept.looker.layout(0).shape == shape
    cells = kept.look(all_of(shape))
    whole = kept.store.fetch(0)
    assert cells.low.dtype == whole.dtype
    assert cells.low.tolist() == whole.tolist()
    assert kept.scan().stats.count == whole.size
    if whole.size and len(shape) > 1:
        cuts = (Cut("index", shape[0] - 1), *(Cut("range", 1, size) for size in shape[1:]))
        part = kept.look(Slice(0, cuts, tuple(reversed(range(1, len(shape)))))).low
        assert part.tolist() == whole[(-1, *(slice(1, None) for _ in shape[1:]))].transpose().tolist()
        coarse = kept.look(all_of(shape, most=2))
        assert coarse.high is not None
        assert coarse.high.max() == np.abs(whole.astype(np.complex128)).max()


@pytest.mark.parametrize("layout", [torch.strided, torch.jagged])
def test_a_nested_tensor_is_its_elements_in_one_row(layout: torch.layout) -> None:
    kept = Kept(torch.nested.nested_tensor([ramp(2, 3), ramp(4, 3)], layout=layout), live=True)
    looked = kept.looker.layout(0)
    assert looked == Looked(None, "", 72, (18,))
    assert kept.look(all_of(looked.shape)).low.tolist() == [*range(6), *range(12)]
    assert kept.scan().first["max"] == 17
    with pytest.raises(ValueUnavailable, match="different lengths"):
        kept.looker.save(0, "anything.npy")


def test_memory_is_shared_not_copied() -> None:
    tensor = ramp(64, 64)
    elements = elements_of(tensor[:, 3:])
    assert isinstance(elements, InMemory)
    part = elements.read((slice(1, 2), slice(0, 2)))
    tensor[1, 3] = -5
    assert part.tolist() == [[-5, 68]]
    assert isinstance(elements_of(tensor.to(torch.bfloat16)), InMemory)


def test_a_tensor_of_a_billion_billion_elements_that_are_one_number_is_looked_at() -> None:
    million = 10**6
    kept = Kept(torch.tensor(3.0).expand(million, million, million), live=True)
    cells = kept.look(Slice(0, (Cut("range", 0, million, 50), Cut("mean"), Cut("range", 5, 9)), (2, 0)))
    assert cells.low.shape == (4, 50)
    assert (cells.low == 3).all()
    scan = kept.scan()
    assert scan.stats.count == 10**18
    assert (scan.stats.mean, scan.stats.std) == (3, 0)
    assert kept.looker.layout(0).contiguous == "expanded"


def test_a_sparse_tensor_too_large_to_be_read_whole_is_looked_at_in_part() -> None:
    million = 10**6
    sparse = torch.sparse_coo_tensor(
        torch.tensor([[5, 999_999], [7, 999_998]]), torch.tensor([1.0, 2.0]), (million, million)
    )
    kept = Kept(sparse, live=True)
    corner = (Cut("range", 999_990, million), Cut("range", 999_990, million))
    assert kept.look(Slice(0, corner, (0, 1))).low.nonzero() == (np.array([9]), np.array([8]))
    for question in (kept.scan, lambda: kept.look(all_of((million, million), most=100))):
        with pytest.raises(ValueUnavailable, match="smaller part"):
            question()


def test_a_tensor_without_numbers_says_so() -> None:
    kept = Kept(torch.ones(2, 3, device="meta"), live=True)
    with pytest.raises(EngineError, match="no numbers"):
        kept.look(all_of((2, 3)))
    with pytest.raises(EngineError, match="no numbers"):
        kept.scan()


def test_a_value_that_is_gone_says_why() -> None:
    store = ValueStore(0)
    looker = Looker(store)
    store.keep(torch.ones(4))
    changed = torch.ones(4)
    store.keep_live(changed, changed._version)
    changed.add_(1)
    questions: list[Callable[[int], object]] = [
        lambda ref: looker.look(all_of((4,), ref)),
        lambda ref: looker.scan(ref, "value", lambda: None),
        looker.layout,
        lambda ref: looker.save(ref, "anything.npy"),
    ]
    for question in questions:
        with pytest.raises(EngineError, match="not kept"):
            question(0)
        with pytest.raises(EngineError, match="changed the tensor"):
            question(1)
        with pytest.raises(EngineError, match="no value"):
            question(2)


def test_a_value_and_its_gradient_are_subtracted() -> None:
    kept = Kept(ramp(2, 3), torch.full((2, 3), float("nan")).index_fill(1, torch.tensor([1]), 1))
    spec = Slice(0, (Cut("range", 0, 2), Cut("range", 0, 3)), (1, 0), other=1, combine="difference")
    cells = kept.look(spec)
    np.testing.assert_array_equal(cells.low, [[np.nan, np.nan], [0, 3], [np.nan, np.nan]])
    assert cells.flags is not None
    assert cells.flags.tolist() == [[NAN, NAN], [0, 0], [NAN, NAN]]


@settings(max_examples=150)
@given(st.data())
def test_the_order_in_memory_is_what_torch_says(data: st.DataObject) -> None:
    shape = data.draw(st.lists(st.integers(0, 3), max_size=5))
    tensor = torch.zeros([shape[at] for at in data.draw(st.permutations(range(len(shape))))])
    if shape and data.draw(st.booleans()):
        tensor = tensor.permute(data.draw(st.permutations(range(len(shape)))))
    if shape and data.draw(st.booleans()):
        tensor = tensor[..., ::2]
    found = order_in_memory(tensor.shape, tensor.stride())
    assert (found == "contiguous") == tensor.is_contiguous()
    if found != "contiguous" and tensor.dim() in (4, 5):
        name = {4: torch.channels_last, 5: torch.channels_last_3d}[tensor.dim()]
        assert found.startswith("channels_last") == tensor.is_contiguous(memory_format=name)


def test_a_copy_tells_the_strides_the_program_had() -> None:
    read = Read("w = torch.ones(3, 4, requires_grad=True)\n(w * 2).sum().backward()\n")
    refs = {int(ref) for ref in read.recording.passes[0].events.out_ref if ref >= 0}
    found = {read.session.looker.layout(ref).contiguous for ref in refs}
    assert "expanded" in found
    assert {read.session.looker.look(all_of((3, 4), ref)).low.shape for ref in refs} == {(3, 4)}


@pytest.mark.parametrize("name", ["value.npy", "value.safetensors"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.int64, torch.bool, torch.uint8])
def test_a_saved_tensor_is_bit_equal(tmp_path: Path, name: str, dtype: torch.dtype) -> None:
    tensor = torch.tensor([[1.5, -0.0, 3e-45], [float("nan"), float("inf"), 2.0]]).T.to(dtype)
    path = tmp_path / name
    size = Kept(tensor, live=True).looker.save(0, str(path))
    assert size == path.stat().st_size
    loaded = torch.from_numpy(np.load(path)) if path.suffix == ".npy" else load_file(path)["value"]
    assert loaded.dtype == dtype
    assert loaded.shape == tensor.shape
    assert loaded.numpy().tobytes() == tensor.contiguous().numpy().tobytes()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2])
def test_a_type_numpy_lacks_is_saved_as_safetensors(tmp_path: Path, dtype: torch.dtype) -> None:
    tensor = ramp(2, 3, 5).to(dtype)
    looker = Kept(tensor).looker
    with pytest.raises(ValueUnavailable, match=r"\.safetensors"):
        looker.save(0, str(tmp_path / "value.npy"))
    looker.save(0, str(tmp_path / "value.safetensors"))
    loaded = load_file(tmp_path / "value.safetensors")["value"]
    assert loaded.dtype == dtype
    assert torch.equal(loaded.view(torch.uint8), tensor.view(torch.uint8))
    assert [path.name for path in tmp_path.iterdir()] == ["value.safetensors"]


@st.composite
def strange(draw: st.DrawFn) -> Tensor:
    """Tensors of every type, up to six axes, at any distances in memory."""
    shape = draw(st.lists(st.integers(1, 5), min_size=1, max_size=6).filter(lambda sizes: np.prod(sizes) <= 600))
    count = int(np.prod(shape))
    dtype = getattr(torch, draw(st.sampled_from(sorted(TYPES))))
    numbers = torch.arange(count) * draw(st.sampled_from([1, 7, -3])) % 251
    numbers = numbers + 2**53 if dtype == torch.int64 else numbers % 100
    tensor = (
        (torch.complex(numbers.float(), -numbers.float()) if dtype.is_complex else numbers).to(dtype).reshape(shape)
    )
    if draw(st.booleans()):
        tensor = tensor.permute(draw(st.permutations(range(tensor.dim()))))
    if tensor.dim() == 4 and draw(st.booleans()) and dtype not in (torch.float8_e5m2, torch.float8_e4m3fn):
        tensor = tensor.contiguous(memory_format=torch.channels_last)
    axis = draw(st.integers(0, tensor.dim() - 1))
    how = draw(st.sampled_from(["", "steps", "expanded", "a part"]))
    if how == "steps":
        tensor = tensor[(slice(None),) * axis + (slice(None, None, 2),)]
    elif how == "expanded":
        tensor = tensor.narrow(axis, 0, 1).expand([4 if at == axis else n for at, n in enumerate(tensor.shape)])
    elif how == "a part":
        tensor = tensor.narrow(axis, tensor.shape[axis] // 2, tensor.shape[axis] - tensor.shape[axis] // 2)
    return tensor


TYPES = {
    *("float64", "float32", "float16", "bfloat16", "float8_e5m2", "float8_e4m3fn", "complex64", "complex128"),
    *("int64", "int32", "int16", "int8", "uint8", "uint16", "uint32", "uint64", "bool"),
}


@settings(max_examples=200)
@given(st.data())
def test_what_is_shown_is_what_torch_gives_for_the_python_on_the_screen(data: st.DataObject) -> None:
    x = data.draw(strange())
    rank = x.dim()
    pictured: list[Role] = list(data.draw(st.permutations(["y", "x", "tile", "tile", "slider", "slider"])))[:rank]
    roles: list[Role] = [*pictured, *(["slider"] * (rank - len(pictured)))]
    index = [data.draw(st.integers(0, n - 1)) for n in x.shape]
    dtype = str(x.dtype).removeprefix("torch.")
    text = python_text("x", x.shape, roles, index, dtype=dtype)
    wanted = to_numpy(eval(text, {"x": x}))
    for live in (True, False):
        kept = Kept(x, live=live)
        low = kept.look(slice_of(0, x.shape, roles, index)).low
        assert low.dtype == wanted.dtype
        assert low.shape == wanted.shape
        assert low.tobytes() == wanted.tobytes()
        looked = kept.looker.layout(0)
        assert (looked.shape, looked.stride) == (tuple(x.shape), tuple(x.stride()))


@settings(max_examples=60)
@given(strange())
def test_whatever_the_memory_a_saved_tensor_is_bit_equal(tmp_path_factory: pytest.TempPathFactory, x: Tensor) -> None:
    folder, looker = tmp_path_factory.mktemp("saved"), Kept(x, live=True).looker
    if not x.is_complex():  # the format has none
        looker.save(0, str(folder / "x.safetensors"))
        loaded = load_file(folder / "x.safetensors")["value"]
        assert (loaded.dtype, loaded.shape) == (x.dtype, x.shape)
        assert to_numpy(loaded).tobytes() == to_numpy(x).tobytes()
    if not str(x.dtype).startswith(("torch.bfloat16", "torch.float8")):
        looker.save(0, str(folder / "x.npy"))
        array = np.load(folder / "x.npy")
        assert (array.dtype, array.shape) == (to_numpy(x).dtype, tuple(x.shape))
        assert array.tobytes() == to_numpy(x).tobytes()
