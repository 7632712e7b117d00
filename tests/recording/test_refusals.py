"""Every sentence with which a value or a file is refused can be shown in the person's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import graphviz_app
from graphviz_app.recording.refusals import REFUSALS, template_of

PACKAGE = Path(graphviz_app.__file__).parent
RAISING = {
    "ValueUnavailable",
    "EngineError",
    "RequestRefused",
    "BadFile",
    "CannotSave",
    "_refuse",
    "refusal",
    "_damaged",
}
OURS = ("recording", "worker", "engine")


def _sentences() -> Iterator[tuple[str, str]]:
    """(place, sentence with its fields filled in) of every refusal in the source."""
    for folder in OURS:
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            constants = {
                target.id: statement.value
                for statement in tree.body
                if isinstance(statement, ast.Assign)
                for target in statement.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and _name(node.func) in RAISING:
                    for argument in node.args:
                        given = constants.get(argument.id, argument) if isinstance(argument, ast.Name) else argument
                        text = _filled(given)
                        if not any(sign.isalpha() for sign in text):
                            continue  # an error of ours, word for word: the window says that it was one
                        if _name(node.func) == "_damaged":
                            text = f"run.safetensors is damaged: {text}"
                        if " " in text:
                            yield f"{path.name}:{node.lineno}", text


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _filled(value: ast.expr) -> str:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    if isinstance(value, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "12" for part in value.values)
    return ""


def test_every_refusal_in_the_source_has_a_template() -> None:
    found = list(_sentences())
    assert len(found) > 40
    assert [place for place, text in found if template_of(text.replace("numbers12.", "numbers.")) is None] == []


def test_fields_are_found_again() -> None:
    for template in REFUSALS.values():
        fields = {name: f"<{name}>" for name in ("error", "name", "why", "size", "reason", "path", "count", "shape")}
        wanted = {name: text for name, text in fields.items() if "{" + name + "}" in template}
        others = dict.fromkeys(("order", "ranges", "axis", "one", "other", "dtype", "schema", "kind", "seconds"), "7")
        found = template_of(template.format(**fields, **others))
        assert found is not None
        assert found[0] == template
        assert {name: text for name, text in found[1].items() if name in wanted} == wanted
