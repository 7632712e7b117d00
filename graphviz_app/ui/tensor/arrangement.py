"""How the axes of a tensor are laid out on the screen: parts, indices and windows, and what a person may do to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from graphviz_app.recording.axes import (
    DEPTH_OR_TIME,
    AxesError,
    AxisName,
    Kind,
    Reading,
    Role,
    declared,
    without_colour,
)
from graphviz_app.recording.model import NONE
from graphviz_app.recording.slices import Combine, Part, Slice
from graphviz_app.recording.slicetext import Window, slice_of

ALONE: tuple[Role, ...] = ("x", "y", "rgb", "play")
"""Parts only one axis plays."""

REDUCING: tuple[Role, ...] = ("mean", "max", "norm")

IN_PICTURE: tuple[Role, ...] = ("x", "y", "rgb", "tile")

ROLES: tuple[Role, ...] = ("x", "y", "rgb", "play", "tile", "slider", *REDUCING)
"""In the order a menu has them."""

MOST_TILES = 2
"""Axes of tiles: rows and columns of pictures."""


@dataclass(frozen=True)
class Arrangement:
    """Sizes, names, parts, chosen indices and visible windows of the axes of a tensor, outermost first."""

    shape: tuple[int, ...]
    names: tuple[AxisName, ...]
    roles: tuple[Role, ...]
    index: tuple[int, ...]
    windows: tuple[Window | None, ...]
    known_kind: Kind | None = None
    """Of a reading; ``None`` once the parts were changed by hand."""

    @staticmethod
    def of(shape: tuple[int, ...], reading: Reading) -> Arrangement:
        """As a reading has it: the first index of everything, all of every axis."""
        rank = len(shape)
        return Arrangement(shape, reading.names, reading.roles, (0,) * rank, (None,) * rank, reading.kind)

    @property
    def kind(self) -> Kind:
        """What it is shown as."""
        return self.known_kind or kind_of(self.roles)

    @property
    def empty(self) -> bool:
        """Whether there is no element."""
        return 0 in self.shape

    def axis_with(self, role: Role) -> int | None:
        """The innermost axis that plays a part."""
        return next((axis for axis in reversed(range(len(self.roles))) if self.roles[axis] == role), None)

    def label(self, axis: int) -> str:
        """What an axis is called; its number where it has no name."""
        return self.names[axis].name or str(axis)

    def with_role(self, axis: int, role: Role) -> Arrangement:
        """Give an axis a part; an axis that loses it takes the part this one had.

        Raises
        ------
        AxesError
            When the axis cannot play it.
        """
        if role == self.roles[axis]:
            return self
        self.check_role(axis, role)
        roles, former = list(self.roles), self.roles[axis]
        if role in ALONE and role in roles:
            loser = roles.index(role)
            roles[loser] = former if former not in REDUCING and former != "rgb" else "slider"
        roles[axis] = role
        return replace(self, roles=_tidy(roles, axis), windows=(None,) * len(roles), known_kind=None)

    def exchanged(self, one: int, other: int) -> Arrangement:
        """Two axes with their parts exchanged.

        Raises
        ------
        AxesError
            When one of them cannot play the other's part.
        """
        roles = list(self.roles)
        self.check_role(one, roles[other])
        self.check_role(other, roles[one])
        roles[one], roles[other] = roles[other], roles[one]
        return replace(self, roles=_tidy(roles, other), windows=(None,) * len(roles), known_kind=None)

    def check_role(self, axis: int, role: Role) -> None:
        """Raise :class:`AxesError` when an axis cannot play a part."""
        if role == "rgb" and self.shape[axis] not in (3, 4):
            raise AxesError("role_rgb", axis=self.label(axis), size=str(self.shape[axis]))

    def allows(self, axis: int, role: Role) -> bool:
        """Whether :meth:`with_role` would accept it."""
        try:
            self.check_role(axis, role)
        except AxesError:
            return False
        return True

    def transposed(self) -> Arrangement:
        """x and y exchanged; the same where there is only one of them."""
        x, y = self.axis_with("x"), self.axis_with("y")
        if x is None or y is None:
            return self
        roles = list(self.roles)
        roles[x], roles[y] = "y", "x"
        return replace(self, roles=tuple(roles))

    @property
    def strip_axis(self) -> int | None:
        """The axis a film strip has side by side, or could have: the one that plays, else tiles that are time."""
        plays = self.axis_with("play")
        if plays is not None:
            return plays
        times = (axis for axis, name in enumerate(self.names) if name.name in ("T", DEPTH_OR_TIME))
        return next((axis for axis in times if self.roles[axis] == "tile"), None)

    def as_strip(self) -> Arrangement:
        """A film strip, a row a clip and a column a frame, of what plays; and back."""
        axis = self.strip_axis
        if axis is None:
            return self
        return self.with_role(axis, "tile" if self.roles[axis] == "play" else "play")

    def with_index(self, axis: int, index: int) -> Arrangement:
        """Another index along one axis, brought into it."""
        chosen = list(self.index)
        chosen[axis] = min(max(index, 0), max(self.shape[axis] - 1, 0))
        return replace(self, index=tuple(chosen))

    def step_from(self, before: Arrangement) -> tuple[int, int] | None:
        """The axis along which this is one index further than `before`, round at the ends, and 1 or -1."""
        if (self.shape, self.roles) != (before.shape, before.roles):
            return None
        changed = [axis for axis, (now, then) in enumerate(zip(self.index, before.index, strict=True)) if now != then]
        if len(changed) != 1:
            return None
        axis = changed[0]
        far = (self.index[axis] - before.index[axis]) % self.shape[axis]
        return (axis, 1) if far == 1 else (axis, -1) if far == self.shape[axis] - 1 else None

    def with_windows(self, windows: Mapping[int, Window | None]) -> Arrangement:
        """Other visible parts of some axes; the whole axis is ``None``."""
        result = list(self.windows)
        for axis, window in windows.items():
            result[axis] = None if window is None or window == (0, self.shape[axis]) else window
        return replace(self, windows=tuple(result))

    def with_name(self, axis: int, name: str) -> Arrangement:
        """An axis named by the person; an empty name takes theirs away.

        Raises
        ------
        AxesError
            When it is no name, or another axis has it.
        """
        words = ["_" if each.source != "user" else each.name for each in self.names]
        words[axis] = name.strip() or "_"
        mine = declared(" ".join(words), len(self.shape), "user")
        names = list(self.names)
        names[axis] = mine[axis]
        twice = [each for at, each in enumerate(names) if at != axis and each.name and each.name == mine[axis].name]
        if any(each.source == "user" for each in twice):
            raise AxesError("name_twice", name=name)
        names = [AxisName("", "none") if each in twice else each for each in names]
        return replace(self, names=tuple(names))

    def fitted(self, shape: tuple[int, ...]) -> Arrangement:
        """The same for a tensor of another shape of the same rank."""
        if shape == self.shape:
            return self
        index = tuple(min(i, max(size - 1, 0)) for i, size in zip(self.index, shape, strict=True))
        roles = tuple("tile" if r == "rgb" and n not in (3, 4) else r for r, n in zip(self.roles, shape, strict=True))
        return replace(self, shape=shape, index=index, roles=_tidy(list(roles), -1), windows=(None,) * len(shape))

    def without_colour(self) -> Arrangement:
        """The same with one picture a channel: a gradient is never in colour."""
        roles = tuple(without_colour(self.roles))
        return self if roles == self.roles else replace(self, roles=_tidy(list(roles), self.roles.index("rgb")))

    def slice(
        self,
        ref: int,
        most: Mapping[int, int] | None = None,
        part: Part = "value",
        other: int = NONE,
        combine: Combine = "",
    ) -> Slice:
        """The question whose answer is this picture of the value `ref`."""
        return slice_of(ref, self.shape, self.roles, self.index, self.windows, most, part, other, combine)


def kind_of(roles: tuple[Role, ...]) -> Kind:
    """What axes with these parts are shown as."""
    if "x" not in roles:
        return "scalar"
    if "y" not in roles:
        return "series" if "tile" in roles else "vector"
    if "play" in roles:
        return "video"
    if "rgb" in roles:
        return "images"
    return "sheets" if "tile" in roles else "matrix"


def _tidy(roles: list[Role], kept: int) -> tuple[Role, ...]:
    """Parts that can be drawn together: across before down, colour only of a picture, two axes of tiles.

    Parameters
    ----------
    kept
        The axis that keeps its part whatever happens, or ``-1``.
    """
    if "y" in roles and "x" not in roles:
        roles[roles.index("y")] = "x"
    if "rgb" in roles and not ("x" in roles and "y" in roles):
        roles[roles.index("rgb")] = "slider"
    tiles = [axis for axis, role in enumerate(roles) if role == "tile"]
    room = MOST_TILES if "y" in roles else 1 if "x" in roles else 0
    excess = max(len(tiles) - room, 0)
    for axis in [axis for axis in tiles if axis != kept][:excess]:
        roles[axis] = "slider"
    if not room and 0 <= kept < len(roles) and roles[kept] == "tile":
        roles[kept] = "x"
    return tuple(roles)
