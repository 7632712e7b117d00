"""Messages as frames: whatever the pieces a socket gives, whole messages come out, or a clear error."""

from __future__ import annotations

import contextlib
import io
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_app.recording.codec import decode, encode
from graphviz_app.worker import framing
from graphviz_app.worker.framing import FRAME, Channel, FrameError, FrameReader, frames
from graphviz_app.worker.protocol import Fetch, FromChild, ToChild


def stream_of(*messages: bytes) -> bytes:
    return b"".join(bytes(piece) for message in messages for piece in frames(message))


@given(st.lists(st.binary(max_size=40), max_size=6), st.lists(st.integers(1, 7), min_size=1, max_size=50))
def test_messages_survive_any_cutting(messages: list[bytes], cuts: list[int]) -> None:
    reader, stream = FrameReader(), stream_of(*messages)
    got: list[bytes] = []
    start, turn = 0, 0
    while start < len(stream):
        size = cuts[turn % len(cuts)]
        got += [bytes(message) for message in reader.feed(stream[start : start + size])]
        start, turn = start + size, turn + 1
    assert got == messages
    assert reader.is_between


@given(st.binary(max_size=30))
def test_small_frames_join_to_one_message(message: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(framing, "FRAME", 4)
        pieces = [bytes(piece) for piece in frames(message)]
        assert max(map(len, pieces)) <= 4
        assert [bytes(each) for each in FrameReader().feed(b"".join(pieces))] == [message]


def test_a_large_message_comes_in_several_frames() -> None:
    message = bytes(range(256)) * (9 * FRAME // 1024)
    assert len(list(frames(message))) == 6
    assert [bytes(each) for each in FrameReader().feed(stream_of(message))] == [message]


def test_a_message_over_the_limit_is_refused_at_both_ends() -> None:
    with pytest.raises(FrameError, match="over the limit"):
        list(frames(b"x" * 11, limit=10))
    with pytest.raises(FrameError, match="over the limit"):
        list(FrameReader(limit=10).feed(stream_of(b"x" * 11)))


def test_a_frame_longer_than_any_of_ours_is_refused_before_its_bytes_come() -> None:
    with pytest.raises(FrameError, match="not one of ours"):
        list(FrameReader().feed((FRAME + 1).to_bytes(4, "little")))


def test_an_endless_row_of_empty_frames_is_refused() -> None:
    with pytest.raises(FrameError, match="not one of ours"):
        list(FrameReader().feed((1 << 31).to_bytes(4, "little")))


@given(st.binary(max_size=64))
def test_noise_gives_messages_or_a_clear_error_never_anything_else(noise: bytes) -> None:
    messages: list[bytearray] = []
    with contextlib.suppress(FrameError):
        messages.extend(FrameReader(limit=1000).feed(noise))
    assert sum(map(len, messages)) <= len(noise)


def test_a_channel_carries_more_than_the_socket_holds() -> None:
    ours, theirs = socket.socketpair()
    here, there = Channel(ours), Channel(theirs)
    message = bytes(10_000_000)
    sender = threading.Thread(target=lambda: (here.send(message), here.send(b"end"), here.close()))
    sender.start()
    got = [there.receive(), there.receive(), there.receive()]
    sender.join()
    there.close()
    assert got == [message, b"end", None]


def test_messages_are_checked_against_their_schema() -> None:
    data = encode(Fetch(run=1, request=2, ref=3))
    assert decode(data, ToChild) == Fetch(1, 2, 3)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="Fetch"):
        decode(data, FromChild)  # type: ignore[arg-type]


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_messages_go_through_a_pipe_and_its_end_is_told(messages: list[bytes]) -> None:
    pipe = io.BytesIO()
    for message in messages:
        framing.send(pipe, message)
    pipe.seek(0)
    assert [framing.receive(pipe) for _ in messages] == messages
    assert framing.receive(pipe) is None


def test_a_large_message_goes_through_a_pipe_whole() -> None:
    pipe, message = io.BytesIO(), bytes(range(256)) * (FRAME // 128)
    framing.send(pipe, message)
    pipe.seek(0)
    assert framing.receive(pipe) == message
    pipe.seek(0)
    with pytest.raises(FrameError, match="limit"):
        framing.receive(pipe, len(message) - 1)


def test_what_a_dying_process_left_is_no_message() -> None:
    assert framing.receive(io.BytesIO(stream_of(b"whole")[:-1])) is None
    assert framing.receive(io.BytesIO(b"\1")) is None
