"""What stands on a district, closed or open, and how large the box of a closed one must be for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from graphviz_app.recording.costs import Costs
from graphviz_app.recording.districts import GroupKind
from graphviz_app.recording.model import NONE, ValueInfo
from graphviz_app.recording.playback import ABSENT, Playback
from graphviz_app.ui.graph import fonts
from graphviz_app.ui.graph.district_costs import DistrictCosts
from graphviz_app.ui.graph.districts import Districts
from graphviz_app.ui.graph.fonts import Face
from graphviz_app.ui.graph.labels import Floats, Labels, measure
from graphviz_app.ui.i18n import tr

TITLE = Face(15, mono=False, bold=True)
LINE = fonts.SUBTITLE
SHAPES = fonts.PILL
TITLE_CHARS, LINE_CHARS, SHAPE_CHARS, MORE_CHARS = 30, 40, 46, 54
PAD = 16.0
CONTROL = 18.0
"""Side of the sign that opens or closes, layout units."""
HEIGHT, LEAST, MOST = 96.0, 208.0, 380.0
STACK = 7.0
"""Kept free at the right and below for the cards behind that of a repeated district."""
LARGE_TITLE, MOST_TITLE = TITLE._replace(size=24), 360.0
"""Room is kept for the title of an open district in this face, so that it can be read from further away."""
TITLE_HEIGHT = 44.0
"""Of an open district's title, layout units."""
MOST_KEPT = 4096
MOST_BORDER = 64
"""So many gradients that cross a border are looked at for what to say of it."""


class DistrictText(NamedTuple):
    """The texts of one district.

    Attributes
    ----------
    title
        ``layer1``, ``12 × BertLayer``, ``t = 3``.
    nodes
        How many recording nodes it holds.
    shapes
        ``[64, 56, 56] → [128, 28, 28]``; empty where unknown.
    more
        Parameters, and what has been measured of it.
    """

    title: str
    nodes: int
    shapes: str
    more: str


class DistrictLabels:
    """Texts of the districts of one picture, made when asked for.

    Parameters
    ----------
    districts
        The districts.
    costs
        What each node cost; ``None`` where that is not told.
    """

    def __init__(self, districts: Districts, costs: Costs | None = None) -> None:
        self._districts = districts
        self._costs = DistrictCosts(districts, costs) if costs is not None and costs.measured else None
        self._kept: dict[int, DistrictText] = {}
        self._titles: dict[int, str] = {}
        self._second: dict[tuple[int, tuple[int, int] | None], str] = {}

    def __getitem__(self, thing: int) -> DistrictText:
        text = self._kept.get(thing)
        if text is None:
            text = self._kept[thing] = self._make(thing)
        return text

    def short_title(self, thing: int) -> str:
        """Its name, short enough for a card or a frame."""
        title = self._titles.get(thing)
        if title is None:
            title = self._titles[thing] = fonts.elided_name(self.title(thing), TITLE_CHARS)
        return title

    def title(self, thing: int) -> str:
        """Its name in full."""
        groups, held = self._districts.groups, self._districts.groups_of(thing)
        if len(held) == 1:
            return self._name(held[0])
        names = {groups.cls[group] for group in held}
        if len(names) == 1 and (name := names.pop()):
            return f"{len(held)} × {name}"
        first, last = self._name(held[0]), self._name(held[-1])
        if int(groups.kind[held[0]]) == GroupKind.BUNDLE:  # named after their first and last node themselves
            first, last = first.partition(" … ")[0], last.rpartition(" … ")[2]
        return f"{first} … {last}"

    def _name(self, group: int) -> str:
        """Name of a group; a bare number is told with the list it counts: ``layer.3``."""
        name = self._districts.groups.name[group]
        return ".".join(self._districts.groups.path[group].split(".")[-2:]) if name.isdigit() else name

    def class_name(self, thing: int) -> str:
        """Class of the module, or name of the function; empty where the title says it already."""
        groups, held = self._districts.groups, self._districts.groups_of(thing)
        name = groups.cls[held[0]] if held else ""
        if len(held) > 1 and int(groups.kind[held[0]]) != GroupKind.BUNDLE:
            return f"{self._name(held[0])} … {self._name(held[-1])}" if name else f"{len(held)} ×"
        return "" if name and name in self.title(thing) else name

    def parameters(self, thing: int, write: Callable[[int], str] = "{:,}".format) -> list[str]:
        """How many parameters the modules of a district have; nothing for other districts."""
        groups, held = self._districts.groups, self._districts.groups_of(thing)
        owners = (GroupKind.MODULE, GroupKind.REPEAT)
        count = self._districts.parameters(thing) if held and int(groups.kind[held[0]]) in owners else 0
        return [tr("{count} parameters", count=write(count))] if count else []

    def measured(self, thing: int) -> list[str]:
        """What has been counted and measured of a district, a few words each."""
        costs = self._costs
        short = costs.short(self._districts.groups_of(thing)) if costs is not None else []
        return [*self.parameters(thing, compact), *short]

    def _make(self, thing: int) -> DistrictText:
        into, out = self._districts.shapes(thing)
        shapes = " → ".join(_several(side) for side in (into, out) if side)
        return DistrictText(
            title=self.short_title(thing),
            nodes=self._districts.count_in(thing),
            shapes=fonts.elided(shapes, SHAPE_CHARS),
            more=fonts.elided(" · ".join(self.measured(thing)), MORE_CHARS),
        )

    def second_line(self, thing: int, done: tuple[int, int] | None) -> str:
        """Class and number of nodes, or how many of them have run."""
        said = self._second.get((thing, done))
        if said is None:
            kind = fonts.elided(self.class_name(thing), LINE_CHARS // 2)
            said = " · ".join(part for part in (kind, count_text(self._districts.count_in(thing), done)) if part)
            if len(self._second) >= MOST_KEPT:
                self._second.clear()
            self._second[thing, done] = said
        return said

    def card_lines(self, thing: int, done: tuple[int, int] | None, gradients: str) -> list[str]:
        """What the hover card says of a district. The first line is its title."""
        groups, held = self._districts.groups, self._districts.groups_of(thing)
        into, out = self._districts.shapes(thing)
        path = groups.path[held[0]]
        first = self.title(thing)
        lines = [first, self.class_name(thing) or groups.cls[held[0]]]
        lines.append(path if len(held) == 1 and path not in lines else "")
        lines.append(count_text(self._districts.count_in(thing), done))
        lines.append(tr("in {shapes}", shapes=", ".join(into)) if into else "")
        lines.append(tr("out {shapes}", shapes=", ".join(out)) if out else "")
        costs = self._costs.long(held) if self._costs is not None else []
        lines += [*self.parameters(thing), *costs, gradients]
        closed = self._districts.is_district(thing)
        lines.append(tr("double-click to open") if closed else tr("double-click the title to close"))
        return list(dict.fromkeys(line for line in lines if line))


def count_text(nodes: int, done: tuple[int, int] | None) -> str:
    """``45 nodes``, or ``3/45 nodes done`` during a pass that comes here."""
    if done is None or not done[1]:
        return tr("{count} nodes", count=nodes) if nodes != 1 else tr("1 node")
    return tr("{done}/{count} nodes done", done=done[0], count=done[1])


def compact(count: int) -> str:
    """A count in few characters: ``9,408``, ``599.8k``, ``11.2M``."""
    for least, unit, letter in ((1_000_000_000, 1e9, "G"), (1_000_000, 1e6, "M"), (10_000, 1e3, "k")):
        if count >= least:
            return f"{count / unit:.1f}{letter}"
    return f"{count:,}"


def _several(shapes: list[str]) -> str:
    return shapes[0] if len(shapes) == 1 else f"{shapes[0]} +{len(shapes) - 1}"


def border_refs(districts: Districts, thing: int, playback: Playback, step: int) -> tuple[list[int], list[int]]:
    """refs of the gradients that have come into a district by a step, and of those that have left it."""
    into, out = districts.border(thing)
    found = []
    for edges in (out, into):  # gradients climb: they come in where the forward's values go out
        refs = playback.gradients_along(edges[:MOST_BORDER], step).tolist()
        found.append(list(dict.fromkeys(ref for ref in refs if ref not in (NONE, ABSENT))))
    return found[0], found[1]


def gradient_line(refs: tuple[list[int], list[int]], infos: Mapping[int, ValueInfo]) -> str:
    """Norms of the gradients that have come into a district and left it; empty before any has."""
    into, out = (_norms(side, infos) for side in refs)
    if not refs[0]:
        return ""
    if not refs[1]:
        return tr("v in {norm}", norm=into)
    said = f"{tr('v in {norm}', norm=into)} → {tr('out {norm}', norm=out)}"
    # On the narrowest card the arrow has to say what comes in and what goes out.
    return said if fonts.width(said, LINE) <= LEAST - 2 * PAD else f"v {into} → {out}"


def _norms(refs: list[int], infos: Mapping[int, ValueInfo]) -> str:
    """The 2-norm of some values together; an ellipsis until all are known."""
    stats = [infos[ref].stats for ref in refs if ref in infos]
    if len(stats) < len(refs):
        return "…"
    norms = np.array([each.norm for each in stats if each is not None], dtype=np.float64)
    bad = any(each is not None and each.nan for each in stats)
    return "‖NaN‖" if bad else f"‖{float(np.sqrt((norms**2).sum())):.4g}‖"


def box_size(labels: DistrictLabels, thing: int, *, stacked: bool) -> tuple[float, float]:
    """Width and height of a closed district's box, layout units."""
    text = labels[thing]
    title = fonts.width(text.title, TITLE) + 10 + CONTROL
    lines = [
        fonts.width(labels.second_line(thing, None), LINE),
        fonts.width(labels.second_line(thing, (text.nodes, text.nodes)), LINE),
        fonts.width(text.shapes, SHAPES),
        fonts.width(text.more, LINE),
    ]
    width = min(MOST, max(LEAST, title + 2 * PAD, max(lines) + 2 * PAD))
    extra = STACK if stacked else 0.0
    return 2.0 * np.ceil((width + extra) / 2), HEIGHT + extra


def title_widths(districts: Districts, texts: DistrictLabels) -> Floats:
    """float32, (f,): how wide the titles of open districts are when they are written large, layout units."""
    frames = range(len(districts.folded.frames))
    titles = [texts.short_title(districts.thing_of_frame(frame)) for frame in frames]
    return np.array([min(MOST_TITLE, fonts.width(title, LARGE_TITLE)) + PAD for title in titles], dtype=np.float32)


def measure_drawn(districts: Districts, labels: Labels, texts: DistrictLabels) -> tuple[Floats, Floats]:
    """How large the boxes of everything drawn must be: recording nodes and closed districts.

    Returns
    -------
    sizes, chip_sizes
        As :func:`graphviz_app.ui.graph.labels.measure`, a row for each of ``folded.boxes``.
    """
    boxes = np.asarray(districts.folded.boxes, dtype=np.int64)
    nodes, things = boxes[boxes < districts.nodes], boxes[boxes >= districts.nodes]
    sizes, chips = measure(labels.recording, nodes, labels)
    own = np.array(
        [box_size(texts, thing, stacked=districts.is_repeat(thing)) for thing in things.tolist()], dtype=np.float32
    ).reshape(-1, 2)
    return np.concatenate([sizes, own]), np.concatenate([chips, own])
