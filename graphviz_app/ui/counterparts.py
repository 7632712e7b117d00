"""What a person has set in the widgets of one window is set in those of another that was built alike."""

from __future__ import annotations

from collections import defaultdict

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QHeaderView,
    QLineEdit,
    QScrollBar,
    QSpinBox,
    QSplitter,
    QTabBar,
    QWidget,
)

Pairs = list[tuple[QWidget, QWidget]]
_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


def counterparts(one: QWidget, other: QWidget) -> Pairs:
    """The widgets that have the same place in both, parents first.

    Where two parents have not as many children of a type, nothing is said of those: they were made for what was shown.
    """
    found: Pairs = []
    waiting = [(one, other)]
    while waiting:
        pair = waiting.pop()
        found.append(pair)
        here, there = (_by_type(widget) for widget in pair)
        for kind, children in here.items():
            if len(children) == len(there.get(kind, ())):
                waiting.extend(zip(children, there[kind], strict=True))
    return found


def copy_choices(pairs: Pairs) -> None:
    """Set what is typed and chosen in the first of each pair in the second, which tells of it as if a person had."""
    for one, other in pairs:
        if isinstance(one, QComboBox | QTabBar) and isinstance(other, QComboBox | QTabBar):
            if one.count() == other.count():
                other.setCurrentIndex(one.currentIndex())
        elif isinstance(one, QAbstractButton) and isinstance(other, QAbstractButton) and other.isCheckable():
            other.setChecked(one.isChecked())
    for one, other in pairs:  # what is typed belongs to what is chosen
        if isinstance(one, QSpinBox | QDoubleSpinBox) and isinstance(other, QSpinBox | QDoubleSpinBox):
            other.setValue(one.value())  # type: ignore[arg-type]  # both are of one type
        elif isinstance(one, QLineEdit) and isinstance(other, QLineEdit):
            _copy_line(one, other)
        elif isinstance(one, QHeaderView) and isinstance(other, QHeaderView):
            _copy_header(one, other)
        elif isinstance(one, QSplitter) and isinstance(other, QSplitter) and not one.property("derived"):
            other.restoreState(one.saveState())


def copy_places(pairs: Pairs) -> None:
    """Scroll the second of each pair to where the first is, in parts of the whole where they are not as long."""
    for one, other in pairs:
        if isinstance(one, QScrollBar) and isinstance(other, QScrollBar) and one.maximum() > one.minimum():
            part = (one.value() - one.minimum()) / (one.maximum() - one.minimum())
            same = one.maximum() == other.maximum()
            place = other.minimum() + round(part * (other.maximum() - other.minimum()))
            other.setValue(one.value() if same else place)


def counterpart_of(widget: QWidget | None, pairs: Pairs) -> QWidget | None:
    """The widget in the place of one."""
    return next((other for one, other in pairs if one is widget), None)


def _by_type(parent: QWidget) -> dict[type, list[QWidget]]:
    found: dict[type, list[QWidget]] = defaultdict(list)
    for child in parent.findChildren(QWidget, options=_DIRECT):
        if not child.isWindow():
            found[type(child)].append(child)
    return found


def _copy_line(one: QLineEdit, other: QLineEdit) -> None:
    if isinstance(one.parent(), QAbstractSpinBox) or one.isReadOnly() or one.property("derived"):
        return
    if one.text() != other.text():
        other.setText(one.text())
        other.setModified(one.isModified())
    other.setCursorPosition(one.cursorPosition())
    if one.hasSelectedText():
        other.setSelection(one.selectionStart(), one.selectionLength())


def _copy_header(one: QHeaderView, other: QHeaderView) -> None:
    if one.count() != other.count() or one.orientation() != Qt.Orientation.Horizontal:
        return
    other.setSortIndicator(one.sortIndicatorSection(), one.sortIndicatorOrder())
    for section in range(one.count()):
        wide = max(one.sectionSize(section), other.sectionSizeHint(section))  # its own words are read
        other.resizeSection(section, wide)
