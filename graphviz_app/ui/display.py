"""Whether a window can be opened here, found out before Qt does: where there is no display, Qt aborts the process."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLibraryInfo, QPluginLoader

INSTEAD: Final = "use 'graphviz-app render FILE -o OUT.png', or 'xvfb-run -a graphviz-app'."
PATIENCE: Final = 3.0
"""Seconds a display on another machine has to answer."""

SCALES: Final = {"QT_SCALE_FACTOR": (0.25, 8.0), "QT_SCREEN_SCALE_FACTORS": (0.25, 8.0), "QT_FONT_DPI": (24.0, 960.0)}
"""Variables of Qt that scale a window, with what they may be: beyond that nothing of it can be seen."""


def missing_display() -> str:
    """Why no window can be opened here, as a sentence; empty when one can."""
    if sys.platform != "linux":
        return ""
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    names = [name.partition(":")[0].strip() for name in chosen.split(";") if name.strip()]
    if not names:
        names = ["wayland", "xcb"] if os.environ.get("WAYLAND_DISPLAY") else ["xcb"]
    troubles = [_trouble(name) for name in names]
    return "" if "" in troubles else troubles[-1]


def drop_absurd_scales() -> list[str]:
    """Take variables with which nothing could be seen out of the environment; a sentence for each."""
    said = []
    for name, (low, high) in SCALES.items():
        text = os.environ.get(name, "")
        if text and not all(_is_within(part.rpartition("=")[2], low, high) for part in text.split(";") if part):
            del os.environ[name]
            said.append(f"{name}={text[:40]} is ignored: it has to be a number from {low:g} to {high:g}.")
    return said


def _is_within(text: str, low: float, high: float) -> bool:
    try:
        return low <= float(text) <= high
    except ValueError:
        return False


def _trouble(name: str) -> str:
    """Why Qt's platform `name` cannot be used; empty when it can."""
    kind = name.partition("-")[0]
    reason = _no_x_server() if kind == "xcb" else _no_wayland() if kind == "wayland" else ""
    return reason or _no_plugin(kind)


def _no_x_server() -> str:
    display = os.environ.get("DISPLAY", "")
    if not display:
        return f"there is no display here; {INSTEAD}"
    host, _, number = display.rpartition(":")
    number = number.split(".")[0]
    host = host.rpartition("/")[2]
    if number.isdecimal() and len(number) < 5:
        if host in ("", "unix"):
            path = f"/tmp/.X11-unix/X{number}"
            answers = _is_there(socket.AF_UNIX, path) or _is_there(socket.AF_UNIX, "\0" + path)
        else:
            answers = _answers(host, 6000 + int(number))
        if answers:
            return ""
    return f"the display {display[:80]} does not answer; check DISPLAY, or {INSTEAD}"


def _no_wayland() -> str:
    name = os.environ.get("WAYLAND_DISPLAY") or "wayland-0"
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    if (folder or name.startswith("/")) and _is_there(socket.AF_UNIX, str(Path(folder, name))):
        return ""
    return f"the Wayland display {name[:80]} does not answer; check WAYLAND_DISPLAY, or {INSTEAD}"


def _is_there(family: socket.AddressFamily, address: str) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(PATIENCE)
        try:
            probe.connect(address)
        except (OSError, ValueError):  # a name that is too long, or has a NUL
            return False
        return True


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=PATIENCE).close()
    except (OSError, ValueError, UnicodeError):
        return False
    return True


def _no_plugin(kind: str) -> str:
    """Why Qt's plugin of that name cannot be loaded; empty when it can."""
    files = [path for folder in _folders() if (path := folder / f"libq{kind}.so").is_file()]
    if not files:
        return f"there is no Qt platform called {kind[:40]!r}; unset QT_QPA_PLATFORM, or set it to xcb or wayland."
    loader = QPluginLoader(str(files[0]))
    if loader.load():
        return ""
    detail = loader.errorString().rpartition(f"{files[0]}: ")[2]
    return f"Qt cannot use {kind} here: {detail}; install what is missing, or {INSTEAD}"


def _folders() -> Iterator[Path]:
    for name, inner in (("QT_QPA_PLATFORM_PLUGIN_PATH", ""), ("QT_PLUGIN_PATH", "platforms")):
        for folder in filter(None, os.environ.get(name, "").split(os.pathsep)):
            yield Path(folder, inner)
    yield Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), "platforms")
