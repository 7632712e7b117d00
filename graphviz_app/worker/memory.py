"""How much memory a process and everything it started really hold, and how much a run may have."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil

SHARE = 0.8
"""Part of the free memory a run may use when no limit was set."""

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_IS_LINUX = sys.platform.startswith("linux")


def default_limit() -> int:
    """Bytes a run started now may use: 80% of what is free, in this container where it has a limit of its own."""
    free = psutil.virtual_memory().available
    room = _container_room()
    return int(SHARE * (free if room is None else min(free, room)))


def _container_room() -> int | None:
    """Bytes left under the control group's limit; ``None`` where there is none."""
    for limit_name, used_name in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        folder = Path("/sys/fs/cgroup")
        try:
            limit, used = (folder / limit_name).read_text().strip(), (folder / used_name).read_text().strip()
        except OSError:
            continue
        if limit.isdecimal():
            return max(int(limit) - int(used), 0)
    return None


def resident(pid: int, over: int = 0) -> int:
    """Bytes of memory that `pid` and its descendants hold; 0 when it is gone.

    Pages several of them share are counted once, and those that only mirror a file (data that is mapped) not at all:
    the system takes them back when it needs room. Counting exactly is slow, so it is done only when a quick sum, which
    is never smaller, is greater than `over`.
    """
    if not _IS_LINUX:
        return _resident_anywhere(pid)
    family = [pid, *_descendants(pid)]
    quick = sum(_resident_pages(each) for each in family) * _PAGE
    if quick <= over:
        return quick
    if len(family) == 1:
        return _own(pid)
    return sum(_proportional(each) for each in family)


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        try:
            tasks = os.listdir(f"/proc/{parent}/task")
        except OSError:
            continue
        for task in tasks:
            children = [int(child) for child in _read(f"/proc/{parent}/task/{task}/children").split()]
            found += children
            waiting += children
    return found


def _resident_pages(pid: int) -> int:
    fields = _read(f"/proc/{pid}/statm").split()
    return int(fields[1]) if len(fields) > 1 else 0


def _proportional(pid: int) -> int:
    """Bytes of `pid` without a file behind them, each shared page divided among those who share it."""
    sizes = _sizes(f"/proc/{pid}/smaps_rollup")
    if b"Pss:" not in sizes:
        return _resident_pages(pid) * _PAGE
    return sizes[b"Pss:"] - sizes.get(b"Pss_File:", 0)


def _own(pid: int) -> int:
    """Bytes of `pid` without a file behind them."""
    sizes = _sizes(f"/proc/{pid}/status")
    if b"RssAnon:" not in sizes:
        return _resident_pages(pid) * _PAGE
    return sizes[b"RssAnon:"] + sizes.get(b"RssShmem:", 0)


def _sizes(path: str) -> dict[bytes, int]:
    """The lines of a table of the kernel's that are sizes, in bytes."""
    rows = (line.split() for line in _read(path).splitlines())
    return {row[0]: int(row[1]) * 1024 for row in rows if len(row) == 3 and row[2] == b"kB"}


def _read(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read()
    except OSError:
        return b""


def _resident_anywhere(pid: int) -> int:
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0
    total = 0
    for each in family:
        try:
            total += each.memory_info().rss
        except psutil.Error:
            continue
    return total
