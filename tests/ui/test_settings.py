"""Remembered choices survive, and nonsense in the store never reaches the window."""

from __future__ import annotations

import os

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


class Disk:
    """A settings file in a folder that can be taken away and given back."""

    def __init__(self, folder):
        self.folder, self.file = folder, folder / "settings.ini"
        folder.mkdir()
        self.settings = Settings(QSettings(str(self.file), QSettings.Format.IniFormat))
        self.said = []
        self.settings.lost.connect(self.said.append)
        self.settings.set("theme", "dark")
        self.settings.write()

    def break_it(self):
        self.kept = self.file.read_bytes()
        self.folder.rename(self.folder.with_name("away"))
        self.folder.write_text("a file where the folder was")

    def mend_it(self):
        self.folder.unlink()
        self.folder.with_name("away").rename(self.folder)


@pytest.fixture
def disk(tmp_path):
    return Disk(tmp_path / "config")


def test_settings_that_cannot_be_written_are_told_once_and_hold(disk, qtbot):
    assert disk.said == []
    disk.break_it()
    for seed in range(5):
        disk.settings.set("seed", seed)
        qtbot.waitUntil(lambda: not disk.settings._soon.isActive())
    [sentence] = disk.said
    assert sentence == (
        f"Your settings cannot be saved in {disk.file}: a part of its path is not a folder. "
        "They hold until you close the window."
    )
    assert disk.settings.number("seed") == 4
    disk.mend_it()
    assert disk.file.read_bytes() == disk.kept


def test_settings_are_written_with_the_next_change_once_they_can_be(disk):
    disk.break_it()
    disk.settings.set("seed", 5)
    disk.settings.write()
    disk.mend_it()
    disk.settings.set("theme", "light")
    disk.settings.write()
    assert len(disk.said) == 1
    again = Settings(QSettings(str(disk.file), QSettings.Format.IniFormat))
    assert (again.number("seed"), again.text("theme")) == (5, "light")
    assert b"seed=5" in disk.file.read_bytes()
    disk.break_it()
    disk.settings.write()
    assert len(disk.said) == 2  # it worked in between


def test_what_was_written_is_read_back(disk, monkeypatch):
    """As on a disk that says it wrote and did not."""
    monkeypatch.setattr(QSettings, "sync", lambda _store: None)
    disk.settings.write()
    assert len(disk.said) == 1


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_a_pipe_or_a_device_in_the_place_of_the_settings_is_not_read(make, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "graphviz_app").mkdir()
    make(tmp_path / "graphviz_app" / "graphviz_app.conf")
    settings = Settings()
    said = []
    settings.lost.connect(said.append)
    settings.set("seed", 3)
    settings.write()
    assert settings.number("seed") == 3
    assert len(said) == 1
