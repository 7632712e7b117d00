"""No message of a worker is larger than it may be, and a larger one is refused at both ends in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from runner_told import Told, nothing_left, recorded

from graphviz_app.recording.codec import encode
from graphviz_app.recording.file import open_recording
from graphviz_app.recording.refusals import template_of
from graphviz_app.recording.slices import Cut, Slice
from graphviz_app.recording.values import ValueUnavailable
from graphviz_app.worker import link, protocol
from graphviz_app.worker.child import _encoded
from graphviz_app.worker.framing import FRAME, FrameError, FrameReader, frames
from graphviz_app.worker.protocol import MOST, Progress, Recorded, Refused, most_bytes

VALUES = 300
PROGRAM = f"""
import torch
xs = [torch.full((64, 64), float(i), dtype=torch.complex128, requires_grad=True) for i in range({VALUES})]
picture = torch.rand(3000, 3000, requires_grad=True)
one = torch.ones(1, requires_grad=True)
wide = one.expand(10**12)
nowhere = torch.empty(10**6, 10**6, device="meta")
nothing = torch.full((700, 700), float("nan"), requires_grad=True)
loss = sum(x.abs().sum() for x in xs) + (picture * 2).sum() + (one * 2).sum() + nothing.sum()
loss.backward()
"""


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    with nothing_left():
        told = Told()
        try:
            yield told
        finally:
            told.runner.close()


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> None:
    """The processes of this module's one runner live from test to test; `told` looks when it is closed."""


@pytest.fixture(scope="module")
def ran(told: Told) -> Any:
    run = told.run(PROGRAM)
    return recorded(told.finish(run)[1]).recording, told.runner.values(run)


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Bytes of every message that comes to the window from now on."""
    seen: list[int] = []
    decode = link.decode
    monkeypatch.setattr(link, "decode", lambda data, kind: (seen.append(len(data)), decode(data, kind))[1])
    return seen


def ref_of(ran: Any, name: str) -> int:
    return next(tensor.value for tensor in ran[0].tensors if name in tensor.names)


def test_hundreds_of_values_are_described_in_small_messages_in_the_order_asked(ran: Any, sizes: list[int]) -> None:
    recording, values = ran
    events = recording.passes[0].events
    grads = [info for ref in map(int, events.after) if ref >= 0 for info in values.describe([ref]).result(60)]
    refs = [info.ref for info in grads if info.meta.shape == (64, 64)]
    sizes.clear()
    assert len(refs) == VALUES
    infos = values.describe(refs[::-1]).result(60)
    assert [info.ref for info in infos] == refs[::-1]
    assert all(info.values.nbytes == 64 * 64 * 16 for info in infos)
    assert len(sizes) == VALUES // protocol.MOST_DESCRIBED
    assert sum(sizes) > 2 * MOST  # what would have come at once
    assert max(sizes) <= MOST
    assert values.describe([]).result(60) == []


def test_one_of_many_values_that_is_gone_is_told_like_one_of_few(ran: Any) -> None:
    with pytest.raises(ValueUnavailable, match="no value with this number"):
        ran[1].describe([0] * 200 + [10**6]).result(60)


def test_a_view_of_a_large_tensor_is_at_most_eight_megabytes(ran: Any, sizes: list[int]) -> None:
    for most in (0, 100, 3_000):
        spec = Slice(ref_of(ran, "picture"), tuple(Cut("range", 0, 3_000, most) for _ in range(2)), (0, 1))
        assert ran[1].look(spec).result(60).low.size > 1
    assert max(sizes) <= MOST
    with pytest.raises(ValueUnavailable, match="too many elements to be listed"):
        ran[1].fetch(ref_of(ran, "picture")).result(60)


def test_a_million_million_elements_no_memory_and_only_nan_are_told_in_little(ran: Any, sizes: list[int]) -> None:
    values = ran[1]
    wide, nowhere, nothing = values.describe([ref_of(ran, name) for name in ("wide", "nowhere", "nothing")]).result(60)
    assert (wide.stats.count, wide.stats.mean, nowhere.stats) == (10**12, 1.0, None)
    assert (nothing.stats.nan, nothing.stats.count) == (700 * 700, 700 * 700)
    spec = Slice(wide.ref, (Cut("range", 0, 10**12, 1_000),), (0,))
    assert set(values.look(spec).result(60).low) == {1.0}
    for ref, says in ((wide.ref, "too many elements"), (nowhere.ref, "no numbers to show|not kept")):
        with pytest.raises(ValueUnavailable, match=says):
            values.fetch(ref).result(60)
    assert max(sizes) < 100_000


def test_elements_that_are_copies_of_one_are_not_written_to_a_file(told: Told, ran: Any, tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    size = told.runner.save(str(path)).result(100)
    assert size < 500_000_000
    with open_recording(path) as opened:
        wide, picture = opened.source.describe([ref_of(ran, "wide"), ref_of(ran, "picture")]).result(60)
        assert (wide.kept, picture.kept) == ("dropped", "whole")
        with pytest.raises(ValueUnavailable, match="too many elements to be listed"):
            opened.source.fetch(picture.ref).result(60)


def test_the_frames_of_any_message_are_at_most_four_megabytes(ran: Any) -> None:
    message = encode(Recorded(1, ran[0])) + bytes(3 * FRAME)
    pieces = list(frames(message))
    assert max(map(len, pieces)) <= FRAME == 4 << 20
    assert len(pieces) > 6


def test_only_a_recording_may_be_larger_than_a_view(ran: Any) -> None:
    plain = Recorded(1, ran[0])
    odd = Recorded(1, ran[0])
    odd.recording.strings.append("\ud800")  # goes the other way through the encoder
    for recording in (plain, odd):
        assert most_bytes(_encoded(recording)) == protocol.MOST_RECORDING
    for other in (Progress(1, "running", 0, 0), Refused(1, 2, "Recorded")):
        assert most_bytes(_encoded(other)) == MOST


def stream(message: bytes) -> bytes:
    return b"".join(bytes(piece) for piece in frames(message))


def test_a_message_over_its_limit_is_refused_before_its_bytes_come(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FrameError, match=f"over the limit of {MOST:,} bytes"):
        list(FrameReader(most_bytes).feed(stream(encode(Refused(1, 2, "x" * (MOST + 1))))))
    monkeypatch.setattr(protocol, "MOST_RECORDING", MOST + FRAME)
    for size, fits in ((MOST + FRAME, True), (MOST + FRAME + 1, False)):
        reader, message = FrameReader(most_bytes), protocol._RECORDINGS[0].ljust(size, b"\0")
        if fits:
            assert [len(each) for each in reader.feed(stream(message))] == [size]
        else:
            with pytest.raises(FrameError, match="over the limit"):
                list(reader.feed(stream(message)))


def test_an_answer_too_large_to_be_sent_is_refused_in_a_sentence_of_the_table() -> None:
    with pytest.raises(FrameError) as raised:
        list(frames(bytes(MOST + 1), MOST))
    said = f"This is too large to be sent: {raised.value}. Look at a smaller part of it."
    found = template_of(said)
    assert found is not None
    assert re.fullmatch(r"a message of [\d,]+ bytes is over the limit of [\d,]+", found[1]["error"])
