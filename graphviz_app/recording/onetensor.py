"""One tensor as a file of its own, bit for bit: ``.npy`` for numpy, ``.safetensors`` for every type torch has."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from graphviz_app.recording.atomic import replacing
from graphviz_app.recording.elements import Array
from graphviz_app.recording.tensorfile import NAMES, TensorWriter
from graphviz_app.recording.values import ValueUnavailable

NAME = "value"
"""What the tensor is called in a ``.safetensors`` file."""


def save_array(values: Array, path: Path | str) -> int:
    """Write an array to a file that its name's end chooses; returns the bytes written.

    Parameters
    ----------
    values
        Of any shape, in its own type.
    path
        The file. What is there is replaced when all has been written, and only then.

    Raises
    ------
    ValueUnavailable
        When the format has no such type, the name ends in something else, or the disk does not take it.
    """
    path = Path(path)
    try:
        if path.suffix.lower() == ".npy":
            return _save_npy(values, path)
        if path.suffix.lower() == ".safetensors":
            return _save_safetensors(values, path)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ValueUnavailable(f"{path} could not be written: {reason}. What was there before is unchanged.") from error
    raise ValueUnavailable(
        "A tensor is saved as .npy or as .safetensors; give the file a name that ends in one of them."
    )


def _save_npy(values: Array, path: Path) -> int:
    if values.dtype.kind not in "biufc" or values.dtype.isbuiltin != 1:
        raise ValueUnavailable(f"A .npy file has no {values.dtype.name} numbers; save it as .safetensors, which has.")
    with replacing(path) as file:
        np.lib.format.write_array(file, values, allow_pickle=False)
        return file.tell()


def _save_safetensors(values: Array, path: Path) -> int:
    if values.dtype not in NAMES:
        advice = "; save it as .npy, which has" if values.dtype.kind == "c" else ""
        raise ValueUnavailable(f"A .safetensors file has no {values.dtype.name} numbers{advice}.")
    with TensorWriter(path) as writer:
        writer.add(NAME, values)
        return writer.finish({})
