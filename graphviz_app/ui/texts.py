"""Sentences made from the recording's data, translated: problems, endings, notes, views."""

from __future__ import annotations

from graphviz_app.recording.messages import NOTES, PROBLEMS
from graphviz_app.recording.model import Problem, Recording
from graphviz_app.recording.views import View
from graphviz_app.ui.i18n import tr
from graphviz_app.worker.endings import ENDINGS
from graphviz_app.worker.events import Ended


def problem(found: Problem) -> tuple[str, str]:
    """Sentence and advice for what went wrong in a program."""
    sentence, advice = PROBLEMS[found.key]
    return _fill(sentence, found.params), _fill(advice, found.params)


def ending(event: Ended) -> tuple[str, str]:
    """Sentence and advice for how a run ended when the program itself could not say."""
    sentence, advice = ENDINGS[event.key]
    return _fill(sentence, event.params), _fill(advice, event.params)


def note(text: str) -> str:
    """A note of the recording (``key|field=value|...``) as a sentence."""
    key, *pairs = text.split("|")
    return _fill(NOTES[key], dict(pair.split("=", 1) for pair in pairs))


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
        "layout": tr("drawing…"),
    }
    return words.get(stage, "")


def _fill(template: str, params: dict[str, str]) -> str:
    return tr(template).format_map(params) if params else tr(template)
