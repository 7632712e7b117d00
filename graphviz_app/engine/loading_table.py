"""A table of numbers in text as a tensor."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import torch

from graphviz_app.engine.loading import CannotLoad, Loaded, note_field

MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "?", "-"))
"""What stands in a cell without a number, in small letters."""

_DELIMITERS = ",;\t|"


def read_table(path: Path) -> Loaded:
    """The columns of numbers of a CSV file, float64: a missing cell is NaN, columns of text are left out.

    Headings are told, not numbers. float64 keeps every number of the file (a date like 19580329 is no float32).
    """
    rows = _rows(path)
    headings = rows.pop(0)[1] if rows and _is_heading(rows[0][1], rows[1:2]) else []
    width = len(headings) or (len(rows[0][1]) if rows else 0)
    for line, cells in rows:
        if len(cells) != width:
            raise CannotLoad("given_rows", file=path.name, line=str(line), given=str(len(cells)), wanted=str(width))
    names = [heading.strip() or str(number) for number, heading in enumerate(headings)] or [""] * width
    numbers = [_numbers([cells[column] for _, cells in rows]) for column in range(width)]
    kept = [(name, column) for name, column in zip(names, numbers, strict=True) if column is not None]
    if not kept or not rows:
        raise CannotLoad("given_no_numbers", file=path.name)
    table = np.stack([column for _, column in kept], axis=1)
    left_out = [name or str(place + 1) for place, name in enumerate(names) if numbers[place] is None]
    notes = []
    if left_out:
        notes.append(f"given_text|file={note_field(path.name)}|columns={note_field(', '.join(left_out))}")
    columns = [name for name, _ in kept if name]
    return Loaded(torch.from_numpy(table[:, 0].copy() if len(kept) == 1 else table), columns=columns, notes=notes)


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """(number of its line, cells) of every line that is not empty."""
    with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
        first = file.readline()
        file.seek(0)
        delimiter = max(_DELIMITERS, key=first.count)
        reader = csv.reader(file, delimiter=delimiter)
        try:
            rows = [(reader.line_num, cells) for cells in reader if cells]
        except csv.Error as error:
            raise CannotLoad("given_damaged", file=path.name, why=str(error)) from error
    if delimiter == ";":  # where a semicolon parts the cells, a comma is the decimal point
        rows = [(line, [cell.replace(",", ".") for cell in cells]) for line, cells in rows]
    return rows


def _is_heading(cells: list[str], following: list[tuple[int, list[str]]]) -> bool:
    """Whether a first line names the columns: it has a word where a number or nothing comes below it."""
    below = following[0][1] if following else []
    words = [_number(cell) is None for cell in cells]
    under = [_number(cell) is not None for cell in below[: len(cells)]]
    return all(words) or any(word and number for word, number in zip(words, under, strict=False))


def _numbers(cells: list[str]) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    """A column as numbers; ``None`` when a cell is text."""
    try:
        return np.array([float(cell) for cell in cells])
    except ValueError:
        found = [_number(cell) for cell in cells]
    return None if any(number is None for number in found) else np.array(found, dtype=np.float64)


def _number(cell: str) -> float | None:
    """The number in a cell, NaN when it says there is none; ``None`` for text."""
    text = cell.strip()
    if text.casefold() in MISSING:
        return float("nan")
    try:
        return float(text)
    except ValueError:
        return None
