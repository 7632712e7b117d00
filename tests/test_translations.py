"""简体中文 is complete: every sentence a person can read has a translation with the same fields."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("translations_tool", ROOT / "tools" / "translations.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_catalogue_is_complete_and_compiled(tool):
    assert tool.problems(tool.collect(), tool.read_catalogue()) == []


def test_a_missing_sentence_and_a_lost_field_are_found(tool):
    catalogue = {"Run {n}": "运行", "gone": "没了", "empty": ""}
    found = tool.problems(["Run {n}", "empty", "new"], catalogue)
    assert [line.split(":")[0] for line in found] == [
        "not in the catalogue",
        "no longer used",
        "the fields differ",
        "no translation",
    ]


def test_the_language_can_be_switched_while_running(qapp):
    from graphviz_app.ui import i18n

    try:
        assert i18n.install("zh") == "zh"
        assert i18n.tr("Run") == "运行"
        assert i18n.install("en") == "en"
        assert i18n.tr("Run") == "Run"
    finally:
        i18n.install("en")


def test_a_refusal_of_a_worker_is_shown_in_chinese(qapp):
    from graphviz_app.ui import i18n, texts

    i18n.install("zh")
    try:
        assert texts.refusal("This value cannot be read: run.safetensors is too short.") == (
            "无法读取这个值：run.safetensors is too short。"
        )
        assert texts.refusal("run.safetensors is not an ordinary file") == "run.safetensors 不是普通文件"
        assert texts.refusal("torch's own words") == "torch's own words"
    finally:
        i18n.install("en")
