"""Keep the 简体中文 catalogue complete: collect every sentence, merge it into the .ts file, compile the .qm.

Usage: ``python tools/translations.py [--check] [--missing] [--merge FILE.json]``

``--check`` changes nothing and fails when a sentence is missing, unused or untranslated, or the .qm is stale.
``--missing`` prints the sentences that have no translation as JSON. ``--merge`` takes such a file, filled in.
"""

from __future__ import annotations

import argparse
import ast
import json
import string
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "graphviz_app"
TS = ROOT / "resources" / "translations" / "zh_CN.ts"
QM = TS.with_suffix(".qm")
CONTEXT = "app"
TABLES = {
    PACKAGE / "lessons" / "messages.py": None,
    PACKAGE / "recording" / "axis_messages.py": None,
    PACKAGE / "recording" / "messages.py": None,
    PACKAGE / "recording" / "problem_messages.py": None,
    PACKAGE / "recording" / "formulas.py": None,
    PACKAGE / "recording" / "query_messages.py": None,
    PACKAGE / "recording" / "refusals.py": None,
    PACKAGE / "worker" / "endings.py": None,
}


def literals_of_tr(tree: ast.AST, path: Path) -> Iterator[str]:
    """Every literal given to ``tr(...)``; a computed one is an error unless it names a table."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"tr", "tr_noop"}):
            continue
        if not node.args:
            continue
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value
        elif isinstance(first, ast.JoinedStr):
            raise SystemExit(f"{path}:{node.lineno}: tr() takes a literal with {{fields}}, not an f-string")


def literals_of_tables(tree: ast.Module) -> Iterator[str]:
    """Every string value (not key) of the module's upper-case dictionaries."""
    for statement in tree.body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        value = getattr(statement, "value", None)
        if isinstance(target, ast.Name) and target.id.isupper() and target.id[0] != "_" and isinstance(value, ast.Dict):
            for item in value.values:
                for node in ast.walk(item):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        yield node.value


def collect() -> list[str]:
    """Every sentence a person can read, once, in order of appearance."""
    found: dict[str, None] = {}
    for path in sorted([*PACKAGE.rglob("*.py")]):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found.update(dict.fromkeys(literals_of_tr(tree, path)))
        if path in TABLES:
            found.update(dict.fromkeys(literals_of_tables(tree)))
    return [text for text in found if text.strip()]


def read_catalogue() -> dict[str, str]:
    """Source -> translation, as the .ts file has it."""
    if not TS.exists():
        return {}
    return {
        message.findtext("source") or "": message.findtext("translation") or ""
        for message in ET.parse(TS).getroot().iter("message")
    }


def write_catalogue(catalogue: dict[str, str]) -> None:
    """Write the .ts file, sorted so that a change shows as a small difference, and compile it."""
    root = ET.Element("TS", version="2.1", language="zh_CN", sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for source in sorted(catalogue):
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = source
        translation = ET.SubElement(message, "translation")
        translation.text = catalogue[source]
        if not catalogue[source]:
            translation.set("type", "unfinished")
    ET.indent(root)
    TS.parent.mkdir(parents=True, exist_ok=True)
    body = ET.tostring(root, encoding="unicode")
    TS.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")
    compile_to(QM)


def compile_to(target: Path) -> None:
    """Compile the .ts file with Qt's own lrelease."""
    import PySide6

    lrelease = Path(PySide6.__file__).parent / "lrelease"
    command = [str(lrelease) if lrelease.exists() else "pyside6-lrelease", str(TS), "-qm", str(target), "-silent"]
    subprocess.run(command, check=True)


def fields(text: str) -> set[str]:
    """Names of the ``{fields}`` in a template."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def problems(sources: list[str], catalogue: dict[str, str]) -> list[str]:
    """What is wrong with the catalogue, one sentence each."""
    result = [f"not in the catalogue: {text!r}" for text in sources if text not in catalogue]
    result += [f"no longer used: {text!r}" for text in catalogue if text not in set(sources)]
    for text in sources:
        translated = catalogue.get(text, "")
        if text in catalogue and not translated:
            result.append(f"no translation: {text!r}")
        elif translated and fields(text) != fields(translated):
            result.append(f"the fields differ: {text!r} and {translated!r}")
    if not result:
        fresh = QM.with_suffix(".check")
        compile_to(fresh)
        if not QM.exists() or fresh.read_bytes() != QM.read_bytes():
            result.append("zh_CN.qm is older than zh_CN.ts: run make translations")
        fresh.unlink()
    return result


def main() -> int:
    """Do what the arguments ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--missing", action="store_true")
    parser.add_argument("--merge", type=Path)
    options = parser.parse_args()
    sources, catalogue = collect(), read_catalogue()
    if options.check:
        found = problems(sources, catalogue)
        for line in found:
            print(line, file=sys.stderr)
        return 1 if found else 0
    if options.missing:
        print(json.dumps({text: "" for text in sources if not catalogue.get(text)}, ensure_ascii=False, indent=1))
        return 0
    if options.merge:
        catalogue.update(json.loads(options.merge.read_text(encoding="utf-8")))
    write_catalogue({text: catalogue.get(text, "") for text in sources})
    return 0


if __name__ == "__main__":
    sys.exit(main())
