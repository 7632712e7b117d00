"""A tensor's picture without a window: what the pane would show of it, with its colour bar and its index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from graphviz_app.recording.atomic import replace_file
from graphviz_app.recording.axes import AxesError, Reading, Role, declared, merged, without_colour
from graphviz_app.recording.axis_proof import Prover
from graphviz_app.recording.axis_readings import What, readings
from graphviz_app.recording.model import NONE, Recording
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.slicetext import Window, parse_slice, python_text, slice_of
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui.panels.facts import Facts
from graphviz_app.ui.panels.words import grad_words
from graphviz_app.ui.tensor.saving import picture_of, png_bytes
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.tensor.shown import Shown
from graphviz_app.ui.tensor.side import Side
from graphviz_app.ui.tensor.subject import Subject, names_of, of_variable
from graphviz_app.ui.theme import THEMES

SIZE = (720, 420)
"""Width and height of the picture before it is enlarged."""


class NoPicture(Exception):
    """There is nothing to draw; the message is one sentence that says why."""


def write_tensor(
    recording: Recording,
    source: ValueSource,
    playback: Playback | None,
    name: str,
    path: Path,
    *,
    step: int,
    part: str,
    what: Literal["value", "grad"],
    theme: str,
    scale: float,
    axes: str = "",
) -> str:
    """Draw a variable's value or gradient into a PNG file.

    Parameters
    ----------
    playback, step
        The pass, and how much of it has happened: the gradient is the one after that step.
    name
        Of the variable.
    part
        The slice, as :func:`parse_slice` reads it; empty is the whole tensor.
    scale
        Pixels per unit of the picture.
    axes
        What its axes are, as a person declares it: ``"N C T H W"``; empty is what is known or likeliest.

    Returns
    -------
    What else it may be, in one sentence; empty where that is known

    Raises
    ------
    NoPicture
        When there is no such tensor, no such slice, no such axes, or no numbers.
    OSError
        When the file cannot be written.
    """
    application = QApplication.instance() or QApplication([])
    facts = Facts(recording)
    subject = of_variable(facts, name, playback, step)
    if subject is None or subject.meta is None:
        have = ", ".join(each.name for each in recording.variables if each.tensor != NONE) or "none"
        raise NoPicture(f"there is no tensor {name}; there are: {have}.")
    if subject.ragged:
        raise NoPicture(f"{name} is a nested tensor; only the window shows those.")
    ref = _ref(subject, what)
    reading, *others = _readings(recording, subject, axes)
    # A gradient is never a picture in colour.
    plain = reading.roles if what == "value" else without_colour(reading.roles)
    roles, index, windows = _arranged(plain, subject.shape, part)
    spec = slice_of(ref, subject.shape, roles, index, windows)
    try:
        cells, scan = source.look(spec).result(), source.scan(ref).result()
    except Exception as error:
        raise NoPicture(str(error)) from error
    meaning: Literal["value", "gradient"] = "value" if what == "value" else "gradient"
    names = tuple(each.name for each in reading.names)
    shown = Shown(subject.shape, roles, names, index, spec, meaning=meaning, dtype=subject.dtype)
    side = Side(meaning)
    side.apply_theme(THEMES[theme])
    ground = side.palette()
    ground.setColor(QPalette.ColorRole.Window, THEMES[theme].color("surface"))
    side.setPalette(ground)
    side.set_heading("value" if what == "value" else subject.gradient_title)
    colours = Scale.colour(scan, subject.dtype) if "rgb" in roles else Scale.automatic(meaning, scan)
    side.resize(*SIZE)
    side.show_cells(cells, shown, colours)
    side.show_statistics(cells, scan, whole=not part)
    side.ensurePolished()
    code = subject.code if what == "value" else subject.grad_code
    title = python_text(code or name, subject.shape, roles, index, windows)
    image = picture_of(side, title, THEMES[theme], scale=scale)
    side.close()
    side.deleteLater()
    del application
    replace_file(path, png_bytes(image), synced=False)
    return _doubt(name, reading, others)


def _ref(subject: Subject, what: Literal["value", "grad"]) -> int:
    if what == "value":
        if subject.value == NONE:
            raise NoPicture(f"the value of {subject.title} was not kept.")
        return subject.value
    words = grad_words(subject.gradient)
    if words or subject.gradient.ref == NONE:
        raise NoPicture(f"{subject.title} has no gradient to draw: {words or 'None'}.")
    return subject.gradient.ref


def _readings(recording: Recording, subject: Subject, axes: str) -> list[Reading]:
    """The ways to understand the tensor, the likeliest first, as in the window."""
    prover, kind = Prover(recording), "value"
    proved = names_of(prover, subject)
    if subject.node != NONE:
        kind = "weight" if prover.is_weight(subject.node, subject.slot) else "value"
    if proved is not None and len(proved) != len(subject.shape):
        proved = None
    try:
        names = merged(declared(axes, len(subject.shape)) if axes else None, proved)
    except AxesError as error:
        raise NoPicture(f"--axes {axes}: {error}") from error
    what: What = "weight" if kind == "weight" else "value"
    return readings(subject.shape, subject.dtype, names, what)


def _doubt(name: str, drawn: Reading, others: Sequence[Reading]) -> str:
    """Says that the shape can be read in another way too, and how to choose."""
    if not others:
        return ""
    rest = " or ".join(_names(each) for each in others)
    return (
        f"the shape of {name} cannot tell what its axes are: drawn as {_names(drawn)}, it may be {rest}. "
        'Say it with --axes, as in --axes "N T C".'
    )


def _names(reading: Reading) -> str:
    """``N T C (series)``; axes nothing is known of are ``_``."""
    return f"{' '.join(each.name or '_' for each in reading.names)} ({reading.kind})"


def _arranged(
    plain: Sequence[Role], shape: Sequence[int], part: str
) -> tuple[tuple[Role, ...], tuple[int, ...], list[Window | None]]:
    """Parts, indices and ranges of the axes when some are fixed by a slice; what is left still has an x."""
    try:
        cuts = parse_slice(part, shape)
    except AxesError as error:
        raise NoPicture(f"--slice {part}: {error}") from error
    roles = list(plain)
    index, windows = [0] * len(shape), list[Window | None]([None] * len(shape))
    for axis, cut in enumerate(cuts):
        if isinstance(cut, int):
            index[axis], roles[axis] = cut, "slider"
        else:
            windows[axis] = cut
            if roles[axis] in ("play", "slider") and part and cut[1] - cut[0] > 1:
                roles[axis] = "tile"
    _complete(roles)
    return tuple(roles), tuple(index), windows


def _complete(roles: list[Role]) -> None:
    """Give the innermost axes that are left the parts of the picture that the slice has taken away."""
    left = [axis for axis, role in enumerate(roles) if role in ("x", "y", "tile", "rgb")]
    if "x" not in roles and left:
        roles[left[-1]] = "x"
    if "rgb" in roles and "y" not in roles:
        roles[roles.index("rgb")] = "tile"
