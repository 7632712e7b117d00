"""What the files of a lesson are called: all that has to be known of lessons before one is opened."""

from __future__ import annotations

import os
from typing import Final

NAMES: Final = {"en": "lesson.md", "zh": "lesson.zh.md"}
"""The file of each language."""


def is_lesson(path: str | os.PathLike[str]) -> bool:
    """Whether a folder holds a lesson, or a file is the text of one."""
    try:
        if os.path.isdir(path):
            return any(os.path.lexists(os.path.join(path, name)) for name in NAMES.values())
    except ValueError:  # an impossible name
        return False
    return os.path.basename(path) in NAMES.values()
