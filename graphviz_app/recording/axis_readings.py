"""How a tensor is best understood from its shape and what is known of its axes; where that cannot tell, every way.

What is known (by the user, declared, proved from the graph) is never contradicted. What is not known is guessed from
the sizes by the templates below, and a guess stands alone only where the other templates do not fit the sizes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from graphviz_app.recording.axes import CERTAIN, DEPTH_OR_TIME, UNKNOWN, AxisName, Kind, Reading, Role, reason

What = Literal["value", "gradient", "weight", "data"]
"""What the tensor is: only a ``value`` or ``data`` (brought by the person) can be in colour."""

Names = tuple[AxisName, ...]

Order = tuple[str, ...]
"""Names of all axes by a template; empty for none: then the last two axes are a sheet, and no name is claimed."""

COLOURS = (1, 3, 4)
"""Sizes an axis of colours has: grey, RGB, RGB with alpha."""

LEAST_SIDE = 16
"""Both sides of a picture are at least this long, else a guess that it is one is not made alone."""

LONG = 32
"""An axis at least this long, and four times as long as the others, may be time."""

BIG_PICTURE = 200
"""Two outer axes this long with three numbers each are a picture, whatever their ratio."""

VIDEO_SIDE = 64
VIDEO_FRAMES = 24
"""A stack of at least this many pictures at least that large, not a power of two of them, may be one video."""

LARGEST_KERNEL = 11

MOST_TILED = 4
"""Axes that are not folded, up to which all but two are laid out as tiles; of more, all but two are sliders."""

MANY = 1000
"""A stack of at least this many square sheets is one of examples; fewer may be the heads of an attention."""

SMALL_KERNEL = 7
"""Square pictures no larger than this are rather a weight than images: nothing is claimed of their axes."""


class Hints(msgspec.Struct, frozen=True):
    """What is known of the numbers.

    Attributes
    ----------
    unit
        Whether every element lies in [0, 1]; ``None`` when nobody has looked.
    contiguous
        :attr:`slices.Looked.contiguous`: ``channels_last`` is only said of N C H W.
    """

    unit: bool | None = None
    contiguous: str = ""


def readings(
    shape: Sequence[int],
    dtype: str,
    names: Sequence[AxisName] | None = None,
    what: What = "value",
    hints: Hints | None = None,
) -> list[Reading]:
    """Ways to understand a tensor, the best first; more than one means the shape cannot tell and the person is asked.

    Parameters
    ----------
    shape
        Sizes, outermost first; a ragged size is ``-1``.
    dtype
        Without the ``torch.`` prefix.
    names
        What is known of each axis, or ``None``.
    what
        Weights are never asked about; weights and gradients are never in colour.
    """
    hints = hints or Hints()
    known = tuple(names) if names is not None else (UNKNOWN,) * len(shape)
    if len(known) != len(shape):
        raise ValueError(f"{len(known)} names for {len(shape)} axes")
    real = dtype.startswith(("float", "bfloat"))
    picture = dtype == "uint8" or (real and hints.unit is True)
    colour = what in ("value", "data") and (picture or real)
    guesses = _weight(shape, known) if what == "weight" else _guesses(shape, known, picture, hints.contiguous)
    found = [_reading(shape, each, colour, picture, dtype) for each in guesses]
    return list({(each.kind, each.roles): each for each in reversed(found)}.values())[::-1]


def live_axes(shape: Sequence[int]) -> tuple[int, ...]:
    """Axes that do not fold: every size but 1."""
    return tuple(axis for axis, size in enumerate(shape) if size != 1)


# Names ---------------------------------------------------------------------------------------------------------------


def _weight(shape: Sequence[int], known: Names) -> list[Names]:
    kernel = len(shape) in (4, 5) and max(shape[2:]) <= LARGEST_KERNEL and len(set(shape[2:])) == 1
    if not kernel or any(axis.name for axis in known):
        return [known]
    return [_template(("O", "I", "H", "W") if len(shape) == 4 else ("O", "I", "D", "H", "W"), known, "guess_kernel")]


def _guesses(shape: Sequence[int], known: Names, picture: bool, contiguous: str) -> list[Names]:
    """Names of all axes in every way that fits, the best first; nothing fits: what is known, the rest unnamed."""
    if all(known[axis].name for axis in live_axes(shape)):
        return [known]
    templates = {3: _three, 4: _four, 5: _five}.get(len(shape))
    if templates is None or 0 in shape or min(shape, default=0) < 0:
        return [known]
    found = [names for names in templates(shape, picture, contiguous) if not names or _fits(names, known)]
    if not found and any(_canonical(axis.name) in _TELLING for axis in known):
        found = [names for names in _ORDERS[len(shape)] if _fits(names, known)][:1]
    return [_named(names, known, shape) if names else known for names in found] or [known]


_TELLING = frozenset(("T", "L", "H", "W", DEPTH_OR_TIME))
"""Names from which the others may be guessed where the sizes speak against every template."""

_ORDERS: dict[int, list[Order]] = {
    3: [("C", "H", "W"), ("H", "W", "C"), ("N", "T", "C"), ("T", "N", "C"), ("N", "C", "T")],
    4: [("N", "C", "H", "W"), ("N", "H", "W", "C"), ("T", "C", "H", "W"), ("T", "H", "W", "C")],
    5: [("N", "C", "T", "H", "W"), ("N", "T", "C", "H", "W"), ("N", "T", "H", "W", "C")],
}
"""Orders in use, the commonest first."""

_ALIASES = {
    **dict.fromkeys(("B", "BATCH", "EXAMPLE", "EXAMPLES", "SAMPLE", "SAMPLES"), "N"),
    **dict.fromkeys(("CH", "CHANNEL", "CHANNELS", "COLOUR", "COLOR", "RGB"), "C"),
    **dict.fromkeys(("HEIGHT", "ROW", "ROWS", "Y"), "H"),
    **dict.fromkeys(("WIDTH", "COLUMN", "COLUMNS", "COL", "X"), "W"),
    **dict.fromkeys(("TIME", "FRAME", "FRAMES", "STEP", "STEPS"), "T"),
    **dict.fromkeys(("LENGTH", "SEQ", "S"), "L"),
    **dict.fromkeys(("FEATURE", "FEATURES"), "F"),
    "DEPTH": "D",
}
"""What people call axes, in capitals."""


def _canonical(name: str) -> str:
    """The letter whose part an axis of this name plays; a name that is not known is left as it is."""
    return _ALIASES.get(name.upper(), name.upper())


def _fits(names: Order, known: Names) -> bool:
    """Whether an order says the same as what is known, of every axis that is."""
    return all(not axis.name or _same(_canonical(axis.name), name) for axis, name in zip(known, names, strict=True))


def _same(known: str, name: str) -> bool:
    return known == name or (known in (DEPTH_OR_TIME, "D", "L") and name == "T") or (known == "F" and name == "C")


def _three(shape: Sequence[int], picture: bool, _contiguous: str) -> list[Order]:
    first, middle, last = shape
    if first in (3, 4) and min(middle, last) >= LEAST_SIDE and (picture or first == 3):
        alike = middle == last >= LONG or min(middle, last) >= BIG_PICTURE
        return [("C", "H", "W")] if picture or alike else [("C", "H", "W"), ("N", "T", "C")]
    if last in (3, 4) and min(first, middle) >= LEAST_SIDE:
        alike = last == 3 and (first == middle >= 28 or min(first, middle) >= BIG_PICTURE)
        return [("H", "W", "C")] if picture or alike else [("H", "W", "C"), ("N", "T", "C")]
    if 1 in shape:
        return [()]
    return _three_in_time(first, middle, last) or [("N", "H", "W") if middle == last >= 8 and first >= MANY else ()]


def _three_in_time(first: int, middle: int, last: int) -> list[Order]:
    """One axis much longer than the others may be time: offered beside the stack of sheets it certainly is."""
    if middle >= max(LONG, 4 * first, 4 * last):
        return [("N", "T", "C"), ()]
    if last >= max(LONG, 4 * middle) and middle <= LEAST_SIDE:
        return [("N", "C", "T"), ()]
    if first >= max(LONG, 4 * middle) and middle > last:
        return [("N", "T", "C"), ("T", "N", "C"), ()]
    return []


def _four(shape: Sequence[int], _picture: bool, contiguous: str) -> list[Order]:
    batch, second, third, last = shape
    if contiguous == "channels_last":
        return [("N", "C", "H", "W")]
    found: list[Order] = []
    if second in COLOURS and min(third, last) > 1 and not third == last <= SMALL_KERNEL:
        found.append(("N", "C", "H", "W"))
    if last in COLOURS and min(second, third) > 1:
        found.append(("N", "H", "W", "C"))
    if not found:
        return [("N", "H", "W", "C"), ()] if second == third != last and second > SMALL_KERNEL else [()]
    side = min(third, last) if second in COLOURS else min(second, third)
    if len(found) == 1 and _may_be_frames(batch, side):
        found.append(("T", *found[0][1:]))
    return found


def _may_be_frames(count: int, side: int) -> bool:
    return count >= VIDEO_FRAMES and side >= VIDEO_SIDE and count & (count - 1) != 0


def _five(shape: Sequence[int], _picture: bool, _contiguous: str) -> list[Order]:
    sized = [(names, dict(zip(names, shape, strict=True))) for names in _ORDERS[5]]
    coloured = [(names, size) for names, size in sized if size["C"] in COLOURS]
    large = [(names, size) for names, size in coloured if min(size["H"], size["W"]) >= LEAST_SIDE]
    return [
        tuple(DEPTH_OR_TIME if name == "T" and size["C"] == 1 else name for name in names)
        for names, size in large or coloured
    ]


def _template(names: Order, known: Names, key: str) -> Names:
    return tuple(
        have if have.name or not name else AxisName(name, "guess", reason(key))
        for name, have in zip(names, known, strict=True)
    )


def _named(names: Order, known: Names, shape: Sequence[int]) -> Names:
    return tuple(
        have if have.name else AxisName(name, "guess", _why(name, size))
        for name, have, size in zip(names, known, shape, strict=True)
    )


def _why(name: str, size: int) -> str:
    if name == "C":
        return reason("guess_channels", size=str(size))
    keys = {"N": "guess_batch", "T": "guess_time", DEPTH_OR_TIME: "guess_depth_or_time"}
    return reason(keys.get(name, "guess_plane"))


# Parts ---------------------------------------------------------------------------------------------------------------


def _reading(shape: Sequence[int], names: Names, colour: bool, picture: bool, dtype: str) -> Reading:
    live = live_axes(shape)
    called = {_canonical(axis.name): number for number, axis in enumerate(names) if axis.name and number in live}
    kind, roles = _roles(shape, live, called)
    if kind == "sheets" and "H" in called and any(_canonical(axis.name) == "C" for axis in names):
        kind = "images"  # grey ones: their axis of channels folded
    channel = called.get("C")
    if kind in ("images", "video") and channel is not None and colour:
        sure = names[channel].source in CERTAIN or picture
        if (shape[channel] == 3 and sure) or (shape[channel] == 4 and picture and dtype == "uint8"):
            roles[channel] = "rgb"
    return Reading(kind, names, tuple(roles))


def _roles(shape: Sequence[int], live: tuple[int, ...], called: dict[str, int]) -> tuple[Kind, list[Role]]:
    roles: list[Role] = ["slider"] * len(shape)
    if not live:
        return "scalar", roles
    if len(live) == 1:
        roles[live[0]] = "x"
        return "vector", roles
    if "H" in called and "W" in called:
        return _picture_roles(roles, live, called)
    time = called.get("T", called.get("L"))
    if time is not None and "E" not in called and len(live) <= 3:
        return _series_roles(roles, live, time, called)
    roles[live[-2]], roles[live[-1]] = "y", "x"
    if len(live) == 2:
        return "matrix", roles
    if len(live) > MOST_TILED:
        return "many", roles
    for axis in live[:-2]:
        roles[axis] = "tile"
    return "sheets", roles


def _picture_roles(roles: list[Role], live: tuple[int, ...], called: dict[str, int]) -> tuple[Kind, list[Role]]:
    """Height and width are known: channels and examples are tiles, time plays, the rest are sliders."""
    plays = called.get("T", called.get(DEPTH_OR_TIME))
    tiles = {called[name] for name in ("N", "C", "O", "I") if name in called}
    if plays is None and len(live) <= MOST_TILED:
        tiles.update(axis for axis in live if "D" not in called)
    for axis in live:
        roles[axis] = "play" if axis == plays else "tile" if axis in tiles else "slider"
    roles[called["H"]], roles[called["W"]] = "y", "x"
    if plays is not None:
        if "C" in called:  # a film strip has room for a row a clip, not for one a channel
            roles[called["C"]] = "slider"
        return "video", roles
    if len(live) == 2:
        return "matrix", roles
    return ("images" if "C" in called else "sheets"), roles


def _series_roles(
    roles: list[Role], live: tuple[int, ...], time: int, called: dict[str, int]
) -> tuple[Kind, list[Role]]:
    """Time runs across; channels, else the innermost other axis, have a line an index; the rest are sliders."""
    roles[time] = "x"
    others = [axis for axis in live if axis != time]
    roles[called.get("C", called.get("F", others[-1]))] = "tile"
    return "series", roles
