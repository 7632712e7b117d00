"""Sentences made from the recording's data, translated: problems, endings, notes, views."""

from __future__ import annotations

from collections.abc import Iterable

from graphviz_app.recording.axes import AxesError, reason_parts
from graphviz_app.recording.axis_messages import AXIS_ERRORS, AXIS_REASONS
from graphviz_app.recording.given import GivenInfo, NameRefused
from graphviz_app.recording.messages import GIVEN_NAMES, MATH_NOTES, NOTES
from graphviz_app.recording.model import Problem, Recording
from graphviz_app.recording.problem_messages import PROBLEMS
from graphviz_app.recording.query import QueryError
from graphviz_app.recording.query_messages import QUERY_ERRORS
from graphviz_app.recording.refusals import template_of
from graphviz_app.recording.views import View
from graphviz_app.ui.i18n import tr
from graphviz_app.worker.endings import ENDINGS
from graphviz_app.worker.events import Ended


def problem(found: Problem) -> tuple[str, str]:
    """Sentence and advice for what went wrong in a program."""
    sentence, advice = PROBLEMS[found.key]
    return _fill(sentence, found.params), _fill(advice, found.params)


def given_problem(info: GivenInfo) -> str:
    """Why a file of data could not be read, as sentences."""
    return " ".join(_fill(part, info.params) for part in PROBLEMS[info.problem])


def name_refused(error: NameRefused) -> str:
    """Why data cannot be called something."""
    return _fill(GIVEN_NAMES[error.key], {"name": error.name})


def ending(event: Ended) -> tuple[str, str]:
    """Sentence and advice for how a run ended when the program itself could not say."""
    sentence, advice = ENDINGS[event.key]
    return _fill(sentence, event.params), _fill(advice, event.params)


def note(text: str) -> str:
    """A note of the recording (``key|field=value|...``) as a sentence."""
    key, *pairs = text.split("|")
    return _fill(NOTES[key], dict(pair.split("=", 1) for pair in pairs))


def math_note(text: str) -> str:
    """A note of an answer about derivatives (``key|field=value|...``) as a sentence."""
    key, *pairs = text.split("|")
    return _fill(MATH_NOTES[key], dict(pair.split("=", 1) for pair in pairs))


def math_notes(notes: Iterable[str]) -> str:
    """Notes of one answer as sentences, one after the other."""
    told = [math_note(note) for note in notes]
    return " ".join(text if text.endswith((".", "。", "!", "！")) else f"{text}." for text in told)


def math_refusal(message: str) -> tuple[str, str]:
    """Why a derivative cannot be had: the key of its note (empty when it is none of ours), and the sentence."""
    key = message.split("|")[0]
    if key in MATH_NOTES:
        return key, math_note(message)
    key = next((name for name, sentence in MATH_NOTES.items() if sentence == message), "")
    return key, tr(message) if key else refusal(message)


def axis_reason(reason: str) -> str:
    """How the name of an axis is known (``AxisName.reason``), as a sentence; empty when nothing is known."""
    if not reason:
        return ""
    key, params = reason_parts(reason)
    return _fill(AXIS_REASONS[key], params)


def axes_error(error: AxesError) -> str:
    """What is wrong with the names of axes, or the slice, that a person typed."""
    return _fill(AXIS_ERRORS[error.key], error.params)


def query_error(error: QueryError) -> str:
    """What is wrong with a query, and what is allowed."""
    return _fill(QUERY_ERRORS[error.key], error.params)


def refusal(sentence: str) -> str:
    """A sentence in which a worker or a file refused something, translated where it is one of ours."""
    found = template_of(sentence)
    if found is None:
        return sentence
    template, fields = found
    if "why" in fields:
        fields["why"] = refusal(fields["why"])
    return _fill(template, fields)


def view_title(recording: Recording, view: View) -> str:
    """What a view is called in a menu."""
    if view.kind == "pass":
        shown = recording.passes[view.index]
        line = recording.sites[shown.site].line if shown.site >= 0 else 0
        text = tr("{number} · {text}", number=view.index + 1, text=shown.text)
        return f"{text}  {tr('line {line}', line=line)}" if line else text
    if view.kind == "root":
        var = int(recording.graph.nodes.var[view.index])
        return tr("{name} (no backward yet)", name=recording.strings[var] if var >= 0 else tr("result"))
    return tr("whole graph")


def busy(stage: str) -> str:
    """What is going on, in a word or two."""
    words = {
        "running": tr("running…"),
        "recording": tr("recording…"),
        "backward": tr("running backward…"),
        "packing": tr("packing…"),
        "keeping": tr("keeping what was recorded… Stop again drops it"),
        "layout": tr("drawing…"),
        "untangling": tr("untangling, at most 5 s…"),
    }
    return words.get(stage, "")


def _fill(template: str, params: dict[str, str]) -> str:
    return tr(template).format_map(params) if params else tr(template)
