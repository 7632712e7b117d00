"""torch's own rules, read from its wheel once and kept."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from graphviz_app.engine import rules


@pytest.fixture(scope="module")
def every() -> dict[str, rules.Written]:
    return rules.read_rules()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: dict[str, rules.Written]) -> Path:
    """An empty cache, and nothing remembered in the process; reading the wheel is done once for the module."""
    monkeypatch.setattr(rules, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(rules, "read_rules", lambda: every)
    rules._all_rules.cache_clear()
    return tmp_path / "cache"


def test_an_operation_has_its_signature_and_a_rule_for_each_input_in_its_order(folder: Path) -> None:
    found = rules.rule_of("AddmmBackward0")
    assert found.function.startswith("addmm(Tensor self, Tensor mat1, Tensor mat2")
    assert list(found.rules) == ["self", "mat1", "mat2"]
    assert found.rules["self"] == "maybe_multiply(grad, beta.conj())"


def test_a_class_torch_does_not_know_has_none(folder: Path) -> None:
    found = rules.rule_of("MyExpBackward")
    assert (found.ask.name, found.function, found.rules) == ("MyExpBackward", "", {})


def test_most_node_classes_of_torch_have_one(every: dict[str, rules.Written]) -> None:
    classes = {name for name in dir(torch._C._functions) if name[-1].isdigit()}
    assert len(classes & every.keys()) >= len(classes) - 5


def test_what_was_read_is_kept_for_this_version_of_torch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = rules.rule_of("CtcLossBackward0")
    assert [path.name for path in folder.iterdir()] == [f"rules-{torch.__version__}.json"]
    rules._all_rules.cache_clear()
    monkeypatch.setattr(rules, "read_rules", lambda: pytest.fail("it is in the cache"))
    assert rules.rule_of("CtcLossBackward0") == first


@pytest.mark.parametrize("damage", [b"", b"{", b'{"MulBackward0": 3}', b"\xff\xfe", b"[]"])
def test_a_damaged_cache_is_made_again(folder: Path, damage: bytes) -> None:
    folder.mkdir()
    kept = folder / f"rules-{torch.__version__}.json"
    kept.write_bytes(damage)
    assert rules.rule_of("MulBackward0").rules.keys() == {"self", "other"}
    rules._all_rules.cache_clear()
    assert kept.stat().st_size > 100_000


def test_a_cache_that_cannot_be_written_is_done_without(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    assert rules.rule_of("MulBackward0").rules


def test_a_torch_without_its_rules_has_none(monkeypatch: pytest.MonkeyPatch, every: dict[str, rules.Written]) -> None:
    import torchgen

    monkeypatch.setattr(torchgen, "__file__", "/nowhere/torchgen/__init__.py")
    assert rules.read_rules() == {}
