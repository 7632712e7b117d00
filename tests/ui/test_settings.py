"""Remembered choices survive, and nonsense in the store never reaches the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings

from graphviz_app.ui.settings import Settings


@pytest.fixture
def store(tmp_path):
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def test_a_choice_is_remembered_by_the_next_start(store):
    Settings(store).set("theme", "dark")
    Settings(store).set("seed", 7)
    store.sync()
    again = Settings(QSettings(store.fileName(), QSettings.Format.IniFormat))
    assert (again.text("theme"), again.number("seed")) == ("dark", 7)


@pytest.mark.parametrize(("name", "value"), [("theme", "mauve"), ("language", "tlh"), ("direction", "up")])
def test_an_unknown_word_reads_as_the_default(store, name, value):
    store.setValue(name, value)
    fresh = Settings(QSettings(store.fileName().replace("settings", "other"), QSettings.Format.IniFormat))
    assert Settings(store).text(name) == fresh.text(name)


@pytest.mark.parametrize("value", ["many", "", "-3", "99999999999999999999"])
def test_a_number_out_of_range_reads_as_the_default(store, value):
    store.setValue("memory_percent", value)
    assert Settings(store).number("memory_percent") == 80


def test_only_known_names_are_stored(store):
    with pytest.raises(KeyError):
        Settings(store).set("colour", "red")
