"""Writes what a run left behind: the picture of its graph or of a tensor, JSON, DOT."""

from __future__ import annotations

import os
import sys
from dataclasses import fields
from functools import partial
from pathlib import Path

from graphviz_app.asking import Asked, sections_of
from graphviz_app.cli import DONE, Wrong
from graphviz_app.headless import Options, Run
from graphviz_app.recording.atomic import replace_file
from graphviz_app.recording.dot import to_dot
from graphviz_app.recording.jsonout import to_json
from graphviz_app.recording.model import Recording
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueSource
from graphviz_app.recording.views import View, nodes_of

MOST_NAMED = 20
"""Districts named in the answer to a wrong name."""


def draw(run: Run, output: Path, suffix: str) -> None:
    """Write what the options ask for to `output`, as `suffix` says."""
    recording, source = run.recording, run.source
    if recording is None or source is None:
        raise Wrong("nothing was recorded.")
    view = run.view()
    if run.options.tensor is not None:
        _draw_tensor(run.options, recording, source, view, output)
        return
    if suffix != "json" and not len(nodes_of(recording, view)):
        sentence = f"{output} was not written, because there is no graph to draw."
        if run.exit_code == DONE:
            raise Wrong(sentence)
        sys.stderr.write(f"graphviz-app: {sentence}\n")  # why there is none has an exit code of its own
        return
    if suffix in ("json", "dot"):
        if suffix == "json":
            asked = Asked(**{each.name: getattr(run.options, each.name) for each in fields(Asked)})
            text = to_json(recording, source, sections_of(recording, source, view, asked, run.supposed))
        else:
            text = to_dot(recording, nodes_of(recording, view))
        write = partial(replace_file, output, text.encode())
    else:
        _check_step(recording, view, run.options.step)
        write = partial(_draw_graph, run.options, recording, source, view, output, suffix)
    try:
        write()
    except OSError as error:
        raise Wrong(f"{output} cannot be written: {error.strerror or error}.") from error


def _draw_graph(
    options: Options, recording: Recording, source: ValueSource, view: View, output: Path, suffix: str
) -> None:
    """Write the picture of the graph, in districts if it is large or that was asked for."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from graphviz_app.ui.placing import NoDistrict, Opening
    from graphviz_app.ui.render import write_picture

    mode = {"none": "never", "all": "always"}.get(options.districts, "always" if options.open else "auto")
    try:
        write_picture(
            recording,
            source,
            view,
            output,
            suffix,
            step=options.step,
            theme=options.theme,
            scale=options.scale,
            direction=options.direction,
            outlines=options.outlines,
            untangle=options.untangle,
            opening=Opening(mode, also=tuple(options.open), everything=options.districts == "all"),
        )
    except NoDistrict as error:
        have = ", ".join(error.paths[:MOST_NAMED]) + (", …" if len(error.paths) > MOST_NAMED else "")
        raise Wrong(f"--open {error.path}: there is no such district; there are: {have or 'none'}.") from error


def _draw_tensor(options: Options, recording: Recording, source: ValueSource, view: View, output: Path) -> None:
    """Write the picture of one tensor, after the step asked for or at the end of the pass."""
    _check_step(recording, view, options.step)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from graphviz_app.ui.tensor.render import NoPicture, write_tensor

    playback = Playback(recording, view.index) if view.kind == "pass" else None
    total = 0 if playback is None else playback.total
    try:
        doubt = write_tensor(
            recording,
            source,
            playback,
            options.tensor or "",
            output,
            step=total if options.step is None else options.step,
            part=options.part,
            what=options.what,
            theme=options.theme,
            scale=options.scale,
            axes=options.axes,
        )
        sys.stderr.write(f"graphviz-app: {doubt}\n" if doubt else "")
    except NoPicture as error:
        raise Wrong(f"--tensor {options.tensor}: {error}") from error
    except OSError as error:
        raise Wrong(f"{output} cannot be written: {error.strerror or error}.") from error


def _check_step(recording: Recording, view: View, step: int | None) -> None:
    """Refuse a step that the pass does not have."""
    if step is None:
        return
    if view.kind != "pass":
        raise Wrong(f"--step {step}: there is no backward pass here. Run one with --backward, or leave --step out.")
    total = Playback(recording, view.index).total
    if step > total:
        raise Wrong(f"--step {step}: pass {view.index + 1} has {total} step{'s' if total != 1 else ''}.")
