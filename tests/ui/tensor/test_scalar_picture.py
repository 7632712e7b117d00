"""A number alone: what it says of itself."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
from curve_sample import give
from PySide6.QtCore import QEvent
from pytestqt.qtbot import QtBot

from graphviz_app.ui.tensor.scalar import Scalar


@pytest.fixture
def scalar(qtbot: QtBot) -> Scalar:
    made = Scalar()
    qtbot.addWidget(made)
    made.resize(300, 160)
    return made


@pytest.mark.parametrize(
    ("value", "text", "details"),
    [
        (np.array(0.1, np.float32), "0.1", ["0.100000001", "0x1.99999a0000000p-4"]),
        (np.array(0.1), "0.1", [(0.1).hex()]),
        (np.array(2**53 + 1), "9007199254740993", []),
        (np.array(True), "True", []),
        (np.array(3 + 4j), "3+4j", ["magnitude 5, phase 0.92729522"]),
        (np.array(np.nan), "nan", []),
        (np.array(1.5, ml_dtypes.bfloat16), "1.5", ["0x1.8000000000000p+0"]),
    ],
)
def test_a_number_is_said_briefly_and_then_exactly(
    scalar: Scalar, value: np.ndarray, text: str, details: list[str]
) -> None:
    give(scalar, value)
    assert scalar.text() == text
    assert scalar.details() == details


def test_pointing_at_it_names_the_only_element(scalar: Scalar, qtbot: QtBot) -> None:
    give(scalar, np.array(1.0))
    pointed: list[object] = []
    scalar.pointed.connect(pointed.append)
    scalar.show()
    qtbot.mouseMove(scalar)
    scalar.leaveEvent(_leaving())
    assert pointed[-1] is None
    assert not pointed[:-1] or pointed[0] == ()


def test_the_number_is_painted_and_smaller_where_there_is_little_room(scalar: Scalar) -> None:
    give(scalar, np.array(-1.2345678e-11))
    wide = _inked(scalar)
    scalar.resize(90, 50)
    narrow = _inked(scalar)
    assert narrow[1] <= 90  # nothing is cut off
    assert wide[1] - wide[0] > narrow[1] - narrow[0]


def _leaving() -> QEvent:
    return QEvent(QEvent.Type.Leave)


def _inked(widget: Scalar) -> tuple[int, int]:
    """First and last column that is not ground."""
    image = widget.grab().toImage()
    ground = image.pixel(0, 0)
    columns = [x for x in range(image.width()) if any(image.pixel(x, y) != ground for y in range(image.height()))]
    return columns[0], columns[-1]
