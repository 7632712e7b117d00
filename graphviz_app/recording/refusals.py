"""Sentences in which what runs in other processes, or reads files, refuses something.

They come as English text and are shown to a person; the window finds their template here and translates that. The test
of this table reads the source for every sentence that can be raised.
"""

from __future__ import annotations

import re
import string
from functools import cache

REFUSALS: dict[str, str] = {
    "not_kept": "This value was not kept: it was larger than what was left of the memory set aside for values.",
    "let_go": "This value was let go of: the memory set aside for values was needed for those of later passes.",
    "no_numbers": "This tensor has no numbers to show: it lives on a device without memory, or torch cannot copy it.",
    "changed": "This value is gone: the program changed the tensor in place after it was used.",
    "unknown": "The recording has no value with this number.",
    "too_sparse": "This sparse tensor has too many elements, zeros included, to be read whole; look at a smaller part "
    "of it.",
    "nested": "The rows of a nested tensor have different lengths, so there is no one array to save.",
    "nothing_recorded": "Nothing was recorded that could be asked about.",
    "too_many": "This value has too many elements to be listed. The tensor pane below the graph shows any part of it.",
    "stopped": "This was stopped before it was done.",
    "no_memory": "There is not enough memory to answer this.",
    "fault": "This could not be answered because of a fault in this app: {error}.",
    "too_large": "This is too large to be sent: {error}. Look at a smaller part of it.",
    "too_large_to_ask": "This is too large to be sent: {error}.",
    "not_answered": "{kind} cannot be answered.",
    "not_numbers": "The gradient must be an array of numbers.",
    "no_recording": "There is no recording to ask about. Run the program first.",
    "not_yet": "The values of this run are not there yet: its backward is still running.",
    "older": "These values belong to an older run and are gone. Run the program again.",
    "replaced": "A newer run has taken the place of this one, so its values are gone.",
    "closing": "The app is closing.",
    "unread": "The process that read the file ended suddenly, so the file may be damaged. Nothing else was lost.",
    "slice_axes": "This slice has {count} axes, but the tensor has the shape {shape}.",
    "slice_order": "This slice orders the axes {order}, but shows ranges of {ranges}.",
    "slice_outside": "This slice lies outside axis {axis}, which has {size} elements.",
    "not_complex": "Only complex numbers have a real and an imaginary part, a magnitude and a phase.",
    "not_combined": "Two values are combined, or one is looked at; this slice asks for neither.",
    "shapes_differ": "Only tensors of one shape can be combined, not {one} and {other}.",
    "not_written": "{path} could not be written: {reason}. What was there before is unchanged.",
    "tensor_ending": "A tensor is saved as .npy or as .safetensors; give the file a name that ends in one of them.",
    "npy_type": "A .npy file has no {dtype} numbers; save it as .safetensors, which has.",
    "safetensors_type_npy": "A .safetensors file has no {dtype} numbers; save it as .npy, which has.",
    "safetensors_type": "A .safetensors file has no {dtype} numbers.",
    "unreadable": "This value cannot be read: {error}.",
    "closed": "The recording file was closed.",
    "not_in_file": "This value is not in the file: it was not kept when the program ran.",
    "damaged": "{name} is damaged: {why}",
    "too_many_tensors": "{name} holds more tensors than this app can open: {count}",
    "read_too_slowly": "{name} could not be read within {seconds} seconds",
    "other_file": "{name} is not a recording of this app, but some other safetensors file",
    "newer": "{name} was saved by a newer version of this app (format {schema}); update to open it",
    "larger": "{name} is larger than this app can open",
    "file_memory": "there is not enough memory to read {size} bytes of {name}",
    "file_gone": "{name} cannot be read any more: {reason}",
    "file_shorter": "{name} has become shorter since it was opened",
    "too_short": "{name} is not a recording: it is too short",
    "cut_short": "{name} is not a recording, or it is cut short",
    "bad_header": "{name} is not a recording: its header cannot be read ({error})",
    "no_table": "{name} is not a recording: its header is not a table",
    "not_ordinary": "{name} is not an ordinary file",
    "not_opened": "{name} cannot be opened: {reason}",
}
"""Every such sentence, as a template."""


def template_of(text: str) -> tuple[str, dict[str, str]] | None:
    """The template `text` was made from, and what its fields were filled with; ``None`` when it is none of ours."""
    for template, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            return template, found.groupdict()
    return None


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """The templates with the most fixed text first, so that no general one takes what belongs to another."""
    made = []
    for template in REFUSALS.values():
        parts = list(string.Formatter().parse(template))
        pattern = "".join(re.escape(fixed) + (f"(?P<{name}>.+?)" if name else "") for fixed, name, _, _ in parts)
        made.append((sum(len(fixed) for fixed, *_ in parts), template, re.compile(pattern, re.DOTALL)))
    return [(template, pattern) for _, template, pattern in sorted(made, key=lambda row: -row[0])]
