"""Recordings changed at random: each is refused in a sentence, or drawn like any other; nothing else ever happens."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import struct
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from panel_sample import VALUES, info_of, recording

from graphviz_app.layout import Options, place_columns
from graphviz_app.recording.costs import costs_of, totals
from graphviz_app.recording.dot import to_dot
from graphviz_app.recording.file import BadFile, OpenedRecording, open_recording, save
from graphviz_app.recording.grouping import fold, groups_of, open_at_start
from graphviz_app.recording.jsonout import to_json
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueUnavailable
from graphviz_app.recording.views import nodes_of, views

FEW, MANY = 800, 100_000

_NUMBER = re.compile(rb"-?\d+")
_NUMBERS = (0, 1, -1, 2, 7, 255, 2**31 - 1, 2**31, 2**63 - 1, 2**64 - 1, 2**70, -(2**63))


def mutant(data: bytes, chance: random.Random) -> bytes:
    """The file with one to four changes; half of them leave the header's length right."""
    (length,) = struct.unpack("<Q", data[:8])
    header, body = bytearray(data[8 : 8 + length]), bytearray(data[8 + length :])
    for _ in range(chance.randint(1, 4)):
        kind = chance.randrange(7)
        if kind == 0:  # a number of the header becomes another
            found = chance.choice(list(_NUMBER.finditer(bytes(header))))
            header[found.start() : found.end()] = str(chance.choice(_NUMBERS)).encode()
        elif kind == 1:  # a byte of the header
            header[chance.randrange(len(header))] = chance.randrange(256)
        elif kind == 2:  # a piece of the header comes twice, or goes
            start = chance.randrange(len(header))
            piece = header[start : start + chance.randrange(60)]
            header[start : start + len(piece)] = piece * chance.choice((0, 2))
        elif kind in (3, 4):  # a number of a column
            at = chance.randrange(len(body) // 4) * 4
            body[at : at + 4] = (chance.choice(_NUMBERS) & 0xFFFFFFFF).to_bytes(4, "little")
        elif kind == 5:  # bytes of a column
            at = chance.randrange(len(body))
            body[at : at + 8] = chance.randbytes(len(body[at : at + 8]))
        else:  # the end goes, or more comes
            cut = chance.randrange(-40, 40)
            body = body[:cut] if cut < 0 else body + chance.randbytes(cut)
    size = len(header) if chance.random() < 0.95 else chance.choice(_NUMBERS) & (2**64 - 1)
    return struct.pack("<Q", size) + header + body


def use(opened: OpenedRecording) -> None:
    """Do with it what a window does: no part of it may raise."""
    found = opened.recording
    groups = groups_of(found)
    for view in views(found):
        nodes = nodes_of(found, view)
        folded = fold(found, groups, nodes, open_at_start(found, groups, nodes, most=3))
        assert len(folded.boxes) <= len(nodes) + len(groups)
        sizes = np.full((len(nodes), 2), 40.0, dtype=np.float32)
        place_columns(found.graph.nodes.kind, found.graph.edges, nodes, sizes, sizes, Options())
        to_dot(found, nodes)
    for index, one in enumerate(found.passes):
        Playback(found, index)
        totals(costs_of(found, one), groups)
    with contextlib.suppress(ValueUnavailable):  # a sentence, and no file
        json.loads(to_json(found, opened.source))
    for future in (opened.source.describe([0, 3, 8]), opened.source.fetch(0)):
        error = future.exception(20)
        assert error is None or isinstance(error, ValueUnavailable)


@dataclass
class Tried:
    """What became of mutants."""

    refused: int = 0
    opened: int = 0
    slowest: float = 0.0
    """Seconds that one of them took at most, drawn and all."""


def try_mutants(folder: Path, count: int, seed: int) -> Tried:
    """Open and use `count` mutants, each of which is refused in a sentence or as good as any recording."""
    original = folder / "original.safetensors"
    save(recording(), [(ref, info_of(ref, value).meta, value) for ref, value in sorted(VALUES.items())], original)
    intact, chance, tried = original.read_bytes(), random.Random(seed), Tried()
    path = folder / "mutant.safetensors"
    for number in range(count):
        data = mutant(intact, chance)
        path.write_bytes(data)
        began = time.perf_counter()
        try:
            opened = opens(path)
        except Exception as error:
            kept = Path(os.environ.get("MUTANTS", str(folder))) / f"mutant-{seed}-{number}.safetensors"
            kept.write_bytes(data)
            raise AssertionError(f"mutant {number} of seed {seed} could not be used ({kept})") from error
        tried.slowest = max(tried.slowest, time.perf_counter() - began)
        tried.opened += opened
        tried.refused += not opened
    return tried


def opens(path: Path) -> bool:
    """Whether a file opens, and then all goes well; otherwise it was refused in a sentence that names it."""
    try:
        opened = open_recording(path)
    except BadFile as error:
        assert path.name in str(error)  # noqa: PT017 (one of two outcomes)
        return False
    with opened:
        use(opened)
    return True


def test_mutants_are_refused_or_used(tmp_path: Path) -> None:
    tried = try_mutants(tmp_path, FEW, seed=1)
    assert tried.refused + tried.opened == FEW
    assert min(tried.refused, tried.opened) > FEW // 50  # both happen, so both are tried


@pytest.mark.chaos
@pytest.mark.timeout(3_600)
def test_a_hundred_thousand_mutants(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed = random.SystemRandom().randrange(2**32)
    tried = try_mutants(tmp_path, MANY, seed)
    with capsys.disabled():
        print(
            f"\n{MANY:,} mutants of a recording (seed {seed}): {tried.refused:,} refused, {tried.opened:,} opened and "
            f"used, {tried.slowest:.2f} s for the slowest"
        )
