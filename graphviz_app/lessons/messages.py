"""Sentences in which a lesson, or a picture of one, is refused; the window translates them."""

from __future__ import annotations

LESSON_REFUSALS: dict[str, str] = {
    "no_lesson": "{folder} is not a lesson: there is no lesson.md in it.",
    "outside": "{path} is not read: a lesson shows only files inside its own folder.",
    "missing": "There is no file {path} in the lesson's folder.",
    "not_a_file": "{path} is not read: it is not a plain file.",
    "unreadable": "{path} could not be read: {why}",
    "file_size": "{path} is too large for a lesson: it has more than {most} kB.",
    "not_text": "{path} is not text in UTF-8.",
    "line_length": "Line {line} of {path} has more than {most} characters, which is too long for a lesson.",
    "paragraph_length": "The paragraph that ends at line {line} of {path} has more than {most} characters, which is "
    "too long for a lesson.",
    "nesting": "Line {line} of {path} nests lists or quotes more than {most} deep.",
    "blocks": "{path} has more than {most} paragraphs, lines of code and cells, which is too many for a lesson.",
    "cells": "The table at line {line} of {path} has more than {most} cells.",
    "columns": "The table at line {line} of {path} has more than {most} columns.",
    "pictures": "{path} is not shown: a lesson has at most {most} pictures.",
    "picture_kind": "{path} is not shown: pictures of a lesson are PNG or JPEG.",
    "picture_size": "{path} is not shown: it has more than {most} million pixels.",
    "picture_damaged": "{path} is not shown: it is damaged.",
}


class LessonRefused(ValueError):
    """A lesson or one of its pictures is not shown; the message is one English sentence.

    Attributes
    ----------
    key, fields
        Of :data:`LESSON_REFUSALS`, for a view that translates.
    """

    def __init__(self, key: str, **fields: object) -> None:
        super().__init__(LESSON_REFUSALS[key].format(**fields))
        self.key, self.fields = key, fields
