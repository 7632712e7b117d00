"""The backward passes of a recording in words, and the roots from which one more can be run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from graphviz_app.recording.formatting import number
from graphviz_app.recording.model import NONE, Pass, Recording
from graphviz_app.recording.passresults import result_of
from graphviz_app.recording.views import views
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.facts import Facts


@dataclass(frozen=True)
class PassTitle:
    """One pass of the selector.

    Attributes
    ----------
    text
        ``1 · loss.backward()``.
    where
        ``line 7``, or empty for a pass the program did not ask for.
    what
        What it is besides a backward pass: adds to an earlier ``.grad``, only captures, was run by the app.
    result
        ``loss 0.25``: the number it started from, or empty.
    """

    text: str
    where: str
    what: str
    result: str = ""

    def line(self) -> str:
        """Everything on one line."""
        return "   ".join(part for part in (self.text, self.where, self.result, self.what) if part)


@dataclass(frozen=True)
class RootOffer:
    """A result from which a backward pass can be run: a scalar alone, anything else with a v."""

    node: int
    name: str
    shape: tuple[int, ...]
    dtype: str

    @property
    def scalar(self) -> bool:
        """Whether autograd takes it without a v: one element."""
        return all(size == 1 for size in self.shape)


def pass_titles(recording: Recording) -> list[PassTitle]:
    """Every pass of a recording in words, in the order they ran."""
    return [pass_title(recording, index) for index in range(len(recording.passes))]


class ViewTitles(Sequence[PassTitle]):
    """Every view of a recording that ran a backward pass, in the order of ``recording.views.views``.

    After the passes come the results no pass started from. Without any pass there is nothing to choose from: the bar
    offers to run one instead. A title is made when it is asked for: there may be thousands.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._others = [view.index for view in views(recording) if view.kind == "root"] if recording.passes else []

    def __len__(self) -> int:
        return len(self._recording.passes) + len(self._others)

    @overload
    def __getitem__(self, index: int) -> PassTitle: ...
    @overload
    def __getitem__(self, index: slice) -> list[PassTitle]: ...
    def __getitem__(self, index: int | slice) -> PassTitle | list[PassTitle]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        count = len(self._recording.passes)
        if not 0 <= index < len(self):
            raise IndexError(index)
        if index < count:
            return pass_title(self._recording, index)
        return PassTitle(Facts(self._recording).title(self._others[index - count]), "", tr("no backward yet"))


def pass_title(recording: Recording, index: int) -> PassTitle:
    """One pass of a recording in words."""
    one = recording.passes[index]
    site = recording.sites[one.site] if one.site != NONE else None
    where = tr("line {line}", line=site.line) if site is not None and site.in_program else ""
    text = " ".join(one.text.split())
    short = text if len(text) <= 48 else f"{text[:31]}…{text[-16:]}"
    return PassTitle(f"{index + 1} · {short}", where, ", ".join(_what(one)), result_text(recording, index))


def result_text(recording: Recording, index: int) -> str:
    """``loss 0.25``: the number a pass started from, under the name of the variable; empty where it is not one."""
    result = result_of(recording, index)
    if result is None:
        return ""
    return f"{Facts(recording).variable(recording.passes[index].roots[0]) or tr('result')} {number(result)}"


def _what(one: Pass) -> list[str]:
    words = []
    if one.error:
        words.append(tr("raised an error"))
    if one.how == "offered":
        words.append(tr("run by the app"))
    if one.parent != NONE:
        words.append(tr("inside pass {number}", number=one.parent + 1))
    if one.accumulates_into:
        words.append(tr("accumulates into .grad"))
    elif one.how == "grad":
        words.append(tr("returns gradients, leaves .grad alone"))
    if one.create_graph:
        words.append(tr("builds a graph for higher derivatives"))
    return words


def root_offers(recording: Recording) -> list[RootOffer]:
    """The roots of a recording in the order they should be offered. Ragged results are left out: v has no shape."""
    facts, found = Facts(recording), []
    for node in recording.roots:
        meta = facts.meta_of(node)
        if meta is not None and all(size >= 0 for size in meta.shape):
            found.append(RootOffer(node, facts.title(node), meta.shape, meta.dtype))
    return found
