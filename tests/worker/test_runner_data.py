"""Files of data in other processes: looked at by one that runs nothing, brought along by a run."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import given_files as make
import numpy as np
import pytest
from runner_told import PATIENCE, Told, printed, recorded, telling

from graphviz_app.recording.given import GivenFile
from graphviz_app.worker.client import RequestRefused
from graphviz_app.worker.events import WorkerReady


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    with telling(memory_limit=600 << 20) as told:
        told.wait_for(WorkerReady)
        yield told


def test_a_file_is_looked_at_before_anything_has_run(told: Told, tmp_path: Path) -> None:
    picture = GivenFile("p", str(make.picture(tmp_path / "p.png")))
    info = told.runner.look_at(picture).result(PATIENCE)
    assert (info.shape, info.dtype, info.axes) == ((3, 5, 7), "uint8", "C H W")
    assert told.runner.look_at(GivenFile("p", str(tmp_path / "gone"))).result(PATIENCE).problem == "given_missing"


def test_a_file_is_looked_at_while_a_program_runs(told: Told, tmp_path: Path) -> None:
    run = told.run("while True: pass")
    table = GivenFile("t", str(make.text(tmp_path / "t.csv", "a,b\n1,2\n")))
    assert told.runner.look_at(table).result(PATIENCE).columns == ["a", "b"]
    told.runner.stop()
    told.finish(run)


def test_a_run_has_the_data_and_its_recording_says_so(told: Told, tmp_path: Path) -> None:
    files = [
        GivenFile("x", str(make.npy(tmp_path / "x.npy", np.array([1.0, 2.0])))),
        GivenFile("bild", str(make.picture(tmp_path / "bild.png"))),
    ]
    _, events = told.run_to_end("print(float(x.sum()), tuple(bild.shape))", data=files)
    assert printed(events) == "3.0 (3, 5, 7)\n"
    assert recorded(events).recording.given == files


def test_a_process_that_dies_over_a_file_costs_nothing_else(told: Told, tmp_path: Path) -> None:
    lines = "1,2\n" * 5_000_000
    large = GivenFile("t", str(make.text(tmp_path / "large.csv", lines)))
    spare = told.runner._supervisor._spare
    assert spare is not None
    looking = told.runner.look_at(large)
    os.kill(spare.process.pid, signal.SIGKILL)
    with pytest.raises(RequestRefused, match="ended suddenly"):
        looking.result(PATIENCE)
    _, events = told.run_to_end("print('still here')")
    assert printed(events) == "still here\n"


def test_a_mapped_file_larger_than_the_memory_a_run_may_hold_is_read(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "large.npy"
    with open(path, "wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": (1200 << 20,)})
        file.truncate(file.tell() + (1200 << 20))
    ended, events = told.run_to_end("print(int(x.max()))", data=[GivenFile("x", str(path))])
    assert (ended.how, printed(events)) == ("done", "0\n")
