"""Looking into the tensors of a run in another process: the right part comes over, and failures are sentences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from runner_told import Told, recorded

from graphviz_app.recording.codec import encode
from graphviz_app.recording.file import open_recording
from graphviz_app.recording.model import Recording
from graphviz_app.recording.slices import MOST_BYTES, Cut, Slice
from graphviz_app.recording.values import ValueUnavailable
from graphviz_app.worker.client import RunnerValues

PROGRAM = """
import torch
x = torch.arange(2*3*5*7*11.).reshape(2, 3, 5, 7, 11).requires_grad_()
z = torch.arange(2**53, 2**53 + 4)
b = torch.linspace(-1, 1, 6).bfloat16()
s = torch.eye(4).to_sparse()
c = torch.complex(torch.arange(3.), -torch.ones(3)).conj()
image = torch.zeros(3000, 3000)
image[1234, 567] = 5
image[2345, 678] = float("nan")
wide = torch.zeros(1).expand(10**6, 10**6)
(x * x).sum().backward()
"""

SHAPES = {"x": (2, 3, 5, 7, 11), "z": (4,), "b": (6,), "s": (4, 4), "c": (3,), "image": (3000, 3000)}


@pytest.fixture(scope="module")
def ran(told: Told) -> tuple[Recording, RunnerValues]:
    run = told.run(PROGRAM)
    return recorded(told.finish(run)[1]).recording, told.runner.values(run)


def ref_of(recording: Recording, name: str) -> int:
    return next(tensor.value for tensor in recording.tensors if name in tensor.names)


def all_of(recording: Recording, name: str, most: int = 0) -> Slice:
    shape = SHAPES[name]
    cuts = tuple(Cut("range", 0, size, most) for size in shape)
    return Slice(ref_of(recording, name), cuts, tuple(range(len(shape))))


def test_a_slice_comes_over_in_the_order_asked_for(ran: tuple[Recording, RunnerValues]) -> None:
    recording, values = ran
    cuts = (Cut("index", 1), Cut("range", 0, 3), Cut("index", 4), Cut("mean"), Cut("range", 2, 9))
    cells = values.look(Slice(ref_of(recording, "x"), cuts, (4, 1))).result(20)
    whole = np.arange(2 * 3 * 5 * 7 * 11.0).reshape(2, 3, 5, 7, 11)
    assert cells.low.tolist() == whole[1, :, 4].mean(axis=1)[:, 2:9].T.tolist()


def test_large_whole_numbers_and_exact_types_come_over(ran: tuple[Recording, RunnerValues]) -> None:
    recording, values = ran
    assert values.look(all_of(recording, "z")).result(20).low.tolist() == [2**53 + i for i in range(4)]
    assert values.look(all_of(recording, "b")).result(20).low.dtype.name == "bfloat16"
    assert values.look(all_of(recording, "c")).result(20).low.tolist() == [1j, 1 + 1j, 2 + 1j]


def test_a_spike_and_a_nan_of_a_large_image_are_in_the_answer(ran: tuple[Recording, RunnerValues]) -> None:
    recording, values = ran
    cells = values.look(all_of(recording, "image", most=100)).result(20)
    assert cells.steps == (30, 30)
    assert cells.high is not None
    assert cells.flags is not None
    assert np.unravel_index(np.argmax(cells.high), (100, 100)) == (1234 // 30, 567 // 30)
    assert np.argwhere(cells.flags).tolist() == [[2345 // 30, 678 // 30]]
    assert len(encode(values.look(all_of(recording, "image")).result(20))) <= MOST_BYTES + 1000
    scan = values.scan(ref_of(recording, "image")).result(20)
    assert scan.first == {"min": 0, "max": 1234 * 3000 + 567, "largest": 1234 * 3000 + 567, "nan": 2345 * 3000 + 678}
    assert scan.counts.sum() == 3000 * 3000 - 1


def test_a_tensor_of_a_million_million_elements_that_are_one_is_scanned(ran: tuple[Recording, RunnerValues]) -> None:
    recording, values = ran
    ref = ref_of(recording, "wide")
    assert values.layout(ref).result(20).contiguous == "expanded"
    assert values.scan(ref).result(20).stats.zeros == 10**12


def test_a_slice_is_answered_while_a_whole_tensor_is_read(ran: tuple[Recording, RunnerValues]) -> None:
    recording, values = ran
    order: list[str] = []
    scans = [values.scan(ref_of(recording, "image")) for _ in range(2)]
    look = values.look(all_of(recording, "z"))
    look.add_done_callback(lambda _: order.append("slice"))
    scans[1].add_done_callback(lambda _: order.append("scan"))
    assert look.result(20).low.shape == (4,)
    assert scans[0].result(20).stats == scans[1].result(20).stats
    assert order == ["slice", "scan"]


@pytest.mark.parametrize("name", ["x", "z", "b", "s", "c", "image"])
def test_the_saved_recording_answers_like_the_worker(
    told: Told, ran: tuple[Recording, RunnerValues], tmp_path: Path, name: str
) -> None:
    recording, values = ran
    path = tmp_path / "run.safetensors"
    told.runner.save(str(path)).result(60)
    spec, ref = all_of(recording, name, most=50), ref_of(recording, name)
    with open_recording(path) as opened:
        assert encode(opened.source.look(spec).result(20)) == encode(values.look(spec).result(20))
        assert encode(opened.source.scan(ref).result(20)) == encode(values.scan(ref).result(20))
        assert opened.source.layout(ref).result(20) == values.layout(ref).result(20)


def test_a_tensor_is_saved_from_the_live_process(ran: tuple[Recording, RunnerValues], tmp_path: Path) -> None:
    recording, values = ran
    path = tmp_path / "x.npy"
    assert values.save_tensor(ref_of(recording, "x"), str(path)).result(20) == path.stat().st_size
    assert np.load(path).tolist() == np.arange(2 * 3 * 5 * 7 * 11.0).reshape(2, 3, 5, 7, 11).tolist()
    with pytest.raises(ValueUnavailable, match=r"\.safetensors"):
        values.save_tensor(ref_of(recording, "b"), str(path)).result(20)


def test_what_cannot_be_looked_at_is_refused_in_a_sentence(ran: tuple[Recording, RunnerValues]) -> None:
    recording, values = ran
    outside = Slice(ref_of(recording, "z"), (Cut("index", 4),), ())
    with pytest.raises(ValueUnavailable, match="outside axis 0"):
        values.look(outside).result(20)
    for question in (values.scan(10**6), values.layout(10**6), values.look(Slice(10**6, (), ()))):
        with pytest.raises(ValueUnavailable, match="no value with this number"):
            question.result(20)
    assert values.look(all_of(recording, "z")).result(20).stats.count == 4


# The run of the tests above ends here: this one is another

LAYOUTS = """
import torch
x = torch.arange(2*3*5*7.).reshape(2, 3, 5, 7).requires_grad_()
transposed = x.detach().transpose(0, 3)
expanded = torch.ones(3, 1).expand(3, 5)
last = x.detach().contiguous(memory_format=torch.channels_last)
last_3d = torch.zeros(2, 3, 2, 4, 5).contiguous(memory_format=torch.channels_last_3d)
stepped = torch.arange(12)[::2]
half = stepped.bfloat16()[1:].as_strided((2, 2), (1, 1))
conjugate = torch.complex(torch.arange(6.), torch.ones(6)).conj().reshape(2, 3).t()
quantised = torch.quantize_per_tensor(torch.arange(6.).reshape(2, 3).t(), 0.5, 0, torch.quint8)
sparse = torch.eye(4).to_sparse()
rows = torch.eye(4).to_sparse_csr()
nested = torch.nested.nested_tensor([torch.arange(2.), torch.arange(3.)])
scalar = torch.tensor(3.)
empty = torch.zeros(2, 0, 3)
(x.permute(3, 1, 0, 2).exp() * x.permute(3, 1, 0, 2)).sum().backward()
"""


def test_the_saved_recording_tells_strides_and_order_in_memory_like_the_worker(told: Told, tmp_path: Path) -> None:
    run = told.run(LAYOUTS)
    recording, values = recorded(told.finish(run)[1]).recording, told.runner.values(run)
    path = tmp_path / "run.safetensors"
    told.runner.save(str(path)).result(60)
    orders = {}
    with open_recording(path) as opened:
        for tensor in recording.tensors:
            looked = values.layout(tensor.value).result(20)
            assert opened.source.layout(tensor.value).result(20) == looked, tensor.names
            orders.update(dict.fromkeys(tensor.names, looked.contiguous))
        for ref in refs_of(recording):
            assert opened.source.layout(ref).result(20) == values.layout(ref).result(20)
    assert {orders[name] for name in ("transposed", "stepped", "half", "conjugate")} == {"non-contiguous"}
    assert {orders[name] for name in ("x", "scalar", "empty")} == {"contiguous"}
    assert {orders[name] for name in ("sparse", "rows", "nested")} == {""}
    assert (orders["expanded"], orders["last"], orders["last_3d"]) == ("expanded", "channels_last", "channels_last_3d")


def refs_of(recording: Recording) -> list[int]:
    """What each event of the passes brought and gave, and what nodes saved."""
    columns = [column for one in recording.passes for column in (one.events.in_ref, one.events.out_ref)]
    refs = np.unique(np.concatenate([*columns, recording.graph.saved.ref]))
    return [int(ref) for ref in refs if ref >= 0]
