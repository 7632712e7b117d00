"""The main job without a window: run a program or open a recording, and keep its values at hand."""

from __future__ import annotations

import argparse
import os
import queue
import sys
import tokenize
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import numpy as np

from graphviz_app.cli import DONE, LIMIT, RAISED, Wrong, check_input, data_files
from graphviz_app.recording.calculus import Override
from graphviz_app.recording.file import BadFile, open_recording
from graphviz_app.recording.messages import note_text
from graphviz_app.recording.model import Recording
from graphviz_app.recording.problem_messages import problem_text
from graphviz_app.recording.values import ValueSource
from graphviz_app.recording.views import View, default_view, root_named
from graphviz_app.worker.client import Runner, RunRequest
from graphviz_app.worker.crash import CrashText
from graphviz_app.worker.endings import ending_text
from graphviz_app.worker.events import Ended, Event, InputNeeded, OutputText, RecordingReady, WorkerReady

ENDINGS = {"done": DONE, "failed": RAISED, "crashed": RAISED, "stopped": LIMIT, "memory": LIMIT, "timeout": LIMIT}


@dataclass
class Options:
    """What the command line was asked for; see its ``--help`` for each."""

    file: Path | None = None
    code: str | None = None
    device: str = "cpu"
    seed: int = 0
    timeout: float | None = None
    memory: int | None = None
    backward: bool = False
    root: str | None = None
    make_up: bool = False
    data: list[str] = field(default_factory=list)
    number: int | None = None
    step: int | None = None
    theme: str = "light"
    scale: float = 1.0
    direction: Literal["down", "right"] = "down"
    untangle: float | None = None
    outlines: bool = False
    districts: Literal["auto", "all", "none"] = "auto"
    open: list[str] = field(default_factory=list)
    tensor: str | None = None
    part: str = ""
    axes: str = ""
    what: Literal["value", "grad"] = "value"
    math: bool = False
    paths: list[str] | None = None
    derivative: list[str] | None = None
    vector: str | None = None
    check: str | None = None
    what_if: list[str] = field(default_factory=list)
    gradients: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, given: argparse.Namespace) -> Options:
        """Take from parsed arguments what is meant for here."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in vars(given).items() if name in known})


class Run:
    """One program run, or one recording opened, with its values at hand while the ``with`` block lasts.

    Attributes
    ----------
    recording
        ``None`` when the run left none.
    source
        Answers questions about values.
    exit_code
        What the command should return.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self._runner: Runner | None = None
        self._request: RunRequest | None = None
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.recording: Recording | None = None
        self.source: ValueSource | None = None
        self.exit_code = DONE
        self._close: Callable[[], None] = lambda: None
        self._errors = CrashText()
        self._dropped = 0

    def __enter__(self) -> Run:
        file = self.options.file
        if file is not None:
            check_input(file)
        try:
            if file is not None and file.suffix.lower() == ".safetensors":
                self._open(file)
            else:
                self._run(self._source(file))
            self._find_root()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        if self._runner is not None:
            self._runner.close()

    def save(self, path: Path) -> None:
        """Write the recording with its values."""
        if self._runner is None:
            raise Wrong(f"{self.options.file} is a recording already; copy it instead.")
        try:
            self._runner.save(str(path)).result()
        except Exception as error:
            raise Wrong(str(error)) from error

    @contextmanager
    def supposed(self, overrides: list[Override]) -> Iterator[tuple[Recording, ValueSource]]:
        """The program once more, in a process of its own, with other values for leaves; what it prints is dropped."""
        if self._runner is None or self._request is None:
            raise Wrong(f"{self.options.file} is a recording and is not run, so --what-if cannot change it.")
        events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        runner = Runner(events.put, memory_limit=self.options.memory)
        try:
            run = runner.run(replace(self._request, overrides=overrides))
            recording: Recording | None = None
            while not isinstance(event := events.get(), Ended):
                if isinstance(event, InputNeeded):
                    runner.provide(None)
                elif isinstance(event, RecordingReady):
                    recording = event.recording
            if recording is None:
                raise Wrong("--what-if: " + " ".join(ending_text(event.key, event.params)))
            yield recording, runner.values(run)
        finally:
            runner.close()

    def view(self) -> View:
        """The part of the graph the options name."""
        recording = self._recorded()
        number, name = self.options.number, self.options.root
        root = None if name is None else root_named(recording, name)
        if name is not None and root is None:
            there = ", ".join(dict.fromkeys(self._root_names())) or "none"  # each name once: training makes many a loss
            raise Wrong(f"--root {name}: no result of that name; there are: {there}.")
        if number is not None:
            have = len(recording.passes)
            if not 1 <= number <= have:
                raise Wrong(f"--pass {number}: this run has {have} backward pass{'es' if have != 1 else ''}.")
            if root is not None and root not in recording.passes[number - 1].roots:
                raise Wrong(f"--pass {number} does not start from {name}. Give --pass or --root, not both.")
            return View("pass", number - 1)
        if root is None:
            return default_view(recording)
        started = [index for index, each in enumerate(recording.passes) if root in each.roots]
        return View("pass", started[0]) if started else View("root", root)

    def _recorded(self) -> Recording:
        if self.recording is None:
            raise Wrong("nothing was recorded.")
        return self.recording

    def _root_names(self) -> list[str]:
        recording = self._recorded()
        names = (int(recording.graph.nodes.var[root]) for root in recording.roots)
        return [recording.strings[name] for name in names if name >= 0]

    def _source(self, file: Path | None) -> tuple[str, str]:
        if file is None:
            return self.options.code or "", "<command line>"
        try:
            with tokenize.open(file) as text:  # in the encoding it declares, as Python would read it
                return text.read(), str(file)
        except SyntaxError as error:  # declares none that there is, or is not UTF-8 where it would
            raise Wrong(f"{file} is not UTF-8 text ({error.msg}); a program is a text file.") from error
        except UnicodeDecodeError as error:
            raise Wrong(
                f"{file} is not {error.encoding.upper()} text (byte {error.start}); a program is a text file."
            ) from error
        except OSError as error:
            raise Wrong(f"{file} cannot be read: {error.strerror}.") from error

    def _open(self, file: Path) -> None:
        try:
            opened = open_recording(file)
        except BadFile as error:
            raise Wrong(str(error)) from error
        self.recording, self.source, self._close = opened.recording, opened.source, opened.close

    def _run(self, program: tuple[str, str]) -> None:
        options = self.options
        self._runner = Runner(self._events.put, memory_limit=options.memory)
        self._check_device()
        self._start(program, [])
        self._wait()
        if self.recording is not None and self.recording.problem is not None:
            problem = self.recording.problem
            if options.make_up and problem.key == "name_made_up_offer":
                self.exit_code, names = DONE, problem.params["names"].split(", ")
                self._start(program, names)
                self._wait()
        self._explain()

    def _start(self, program: tuple[str, str], make_up: list[str]) -> None:
        assert self._runner is not None
        options, (source, filename) = self.options, program
        request = RunRequest(
            source,
            filename,
            seed=options.seed,
            device=options.device,
            make_up=make_up,
            timeout=options.timeout,
            data=data_files(options.data),
        )
        self._request = request
        self._runner.run(request)

    def _check_device(self) -> None:
        """Refuse a device torch does not have before anything is run on it."""
        if self.options.device == "cpu":
            return
        assert self._runner is not None
        while not isinstance(event := self._events.get(), WorkerReady):
            if isinstance(event, Ended):
                return
        wanted = self.options.device
        names = {device.name for device in event.devices if device.available}
        if wanted not in names and f"{wanted}:0" not in names:
            raise Wrong(f"--device {wanted}: torch has no such device here; there are: {', '.join(sorted(names))}.")

    def _wait(self) -> None:
        while True:
            event = self._events.get()
            if isinstance(event, OutputText):
                self._on_output(event)
            elif isinstance(event, InputNeeded):
                line = sys.stdin.readline()
                assert self._runner is not None
                self._runner.provide(line.rstrip("\n") if line else None)
            elif isinstance(event, RecordingReady):
                assert self._runner is not None
                self.recording, self.source = event.recording, self._runner.values(event.run)
            elif isinstance(event, Ended):
                self._on_end(event)
                return

    def _on_output(self, event: OutputText) -> None:
        self._dropped += event.dropped
        is_error = event.stream == "stderr"
        stream = sys.stderr if is_error else sys.stdout
        try:
            stream.write(self._errors.pass_on(event.text) if is_error else event.text)
            stream.flush()
        except BrokenPipeError:  # nobody reads on (`| head`): the picture is drawn all the same
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())

    def _on_end(self, event: Ended) -> None:
        self.exit_code = ENDINGS[event.how]
        if self._dropped:
            sys.stderr.write(
                f"graphviz-app: {self._dropped:,} lines of output were left out: the program printed faster than it "
                "can be shown. Let it print less, or write to a file.\n"
            )
            self._dropped = 0
        if event.how not in ("done", "failed"):
            sys.stderr.write("graphviz-app: " + " ".join(ending_text(event.key, event.params)) + "\n")

    def _explain(self) -> None:
        recording = self.recording
        if recording is None:
            return
        problem = recording.problem
        if problem is not None:
            where = f"{problem.site.file}:{problem.site.line}: " if problem.site is not None else ""
            if self.exit_code == LIMIT:  # what stopped it has been told; the interrupt only knows where it was
                sys.stderr.write(f"graphviz-app: {where}This is where it was.\n" if where else "")
            else:
                self.exit_code = RAISED
                sentence, advice = problem_text(problem)
                if problem.key == "name_made_up_offer":
                    advice += " Here: --make-up."
                sys.stderr.write(f"graphviz-app: {where}{sentence} {advice}\n{problem.type}: {problem.message}\n")
        for note in recording.notes:
            sys.stderr.write(f"graphviz-app: {note_text(note)}\n")

    def _find_root(self) -> None:
        """Run the backward pass that was asked for, where the program ran none."""
        recording = self.recording
        if not self.options.backward or recording is None or self._runner is None:
            return
        view = self.view()
        if view.kind != "root":
            return
        tensor = recording.tensors[int(recording.graph.nodes.tensor[view.index])]
        meta = recording.metas[tensor.meta]
        gradient: np.ndarray[Any, Any] | None = None if not meta.shape else np.ones(meta.shape, dtype=np.float32)
        try:
            self._runner.backward(view.index, gradient).result()
        except Exception as error:
            raise Wrong(str(error)) from error
        while not isinstance(event := self._events.get(), RecordingReady):
            pass
        self.recording = event.recording
