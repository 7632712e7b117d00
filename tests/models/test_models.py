"""Whole models: groups equal to ``named_modules()``, gradients equal to plain torch's, laid out, stepped and drawn.

Those written here run with every test; those of ``transformers`` are many and slow (``make models``).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from model_programs import PROGRAMS

from tools.model_cases import CASES, Case
from tools.model_check import check


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_hand_written_model_is_grouped_as_its_named_modules(name: str, tmp_path: Path) -> None:
    outcome = check(PROGRAMS[name], tmp_path / "model.svg")
    assert outcome.boxes <= 64
    assert (tmp_path / "model.svg").stat().st_size > 1000


@pytest.mark.models
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_model_of_transformers_is_grouped_as_its_named_modules(case: Case, tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    outcome = check(case.program, tmp_path / "model.svg")
    assert outcome.modules > 20
    assert outcome.boxes <= 64
