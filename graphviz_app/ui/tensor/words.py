"""Words for parts of axes, comparisons and levels: one table each, for chips, menus and headings alike."""

from __future__ import annotations

from graphviz_app.recording.axes import Kind, Role
from graphviz_app.recording.slices import Part
from graphviz_app.ui.i18n import tr, tr_noop
from graphviz_app.ui.tensor.state import Compare, Mode, Scope

ROLE_WORDS: dict[Role, str] = {
    "x": tr_noop("across"),
    "y": tr_noop("down"),
    "rgb": tr_noop("colour"),
    "play": tr_noop("plays"),
    "tile": tr_noop("side by side"),
    "slider": tr_noop("one index"),
    "mean": tr_noop("mean"),
    "max": tr_noop("max"),
    "norm": tr_noop("norm"),
}

ROLE_MENU: dict[Role, str] = {
    "x": tr_noop("Across (x)"),
    "y": tr_noop("Down (y)"),
    "rgb": tr_noop("Colour (RGB)"),
    "play": tr_noop("Plays over time"),
    "tile": tr_noop("Side by side, one picture each"),
    "slider": tr_noop("One index, by slider"),
    "mean": tr_noop("Reduced to its mean"),
    "max": tr_noop("Reduced to its maximum"),
    "norm": tr_noop("Reduced to its 2-norm"),
}

COMPARE_WORDS: dict[Compare, str] = {
    "": tr_noop("Nothing beside them"),
    "difference": tr_noop("value − gradient"),
    "split": tr_noop("split view"),
    "sign": tr_noop("do the signs agree?"),
    "ratio": tr_noop("|gradient| / |value|"),
    "previous_step": tr_noop("gradient − before this step"),
    "previous_pass": tr_noop("gradient − the pass before"),
}

MODE_WORDS: dict[Mode, str] = {
    "linear": tr_noop("linear"),
    "log": tr_noop("log"),
    "symlog": tr_noop("symlog"),
    "asinh": tr_noop("asinh"),
}

SCOPE_WORDS: dict[Scope, str] = {
    "slice": tr_noop("this slice"),
    "tensor": tr_noop("whole tensor"),
    "steps": tr_noop("all steps"),
}

PART_WORDS: dict[Part, str] = {
    "value": tr_noop("magnitude"),
    "magnitude": tr_noop("magnitude"),
    "phase": tr_noop("phase"),
    "real": tr_noop("real part"),
    "imag": tr_noop("imaginary part"),
}

KIND_WORDS: dict[Kind, str] = {
    "scalar": tr_noop("one number"),
    "vector": tr_noop("vector"),
    "matrix": tr_noop("matrix"),
    "series": tr_noop("time series"),
    "sheets": tr_noop("stack of sheets"),
    "images": tr_noop("images"),
    "video": tr_noop("video"),
    "many": tr_noop("slices of many axes"),
}

CONTIGUOUS_WORDS: dict[str, str] = {
    "contiguous": tr_noop("contiguous"),
    "channels_last": tr_noop("channels_last"),
    "channels_last_3d": tr_noop("channels_last_3d"),
    "expanded": tr_noop("expanded (one element stands for many)"),
    "non-contiguous": tr_noop("non-contiguous"),
}


def role_word(role: Role) -> str:
    """What an axis does, in a word or two."""
    return tr(ROLE_WORDS[role])


def kind_words(kind: Kind) -> str:
    """What a tensor is shown as."""
    return tr(KIND_WORDS[kind])
