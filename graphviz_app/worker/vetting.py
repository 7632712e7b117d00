"""Files from strangers are read in a process that can be lost before the window reads them.

This is the asking side; :mod:`graphviz_app.worker.vet_process` is the other.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from graphviz_app.recording.tensorfile import BadFile
from graphviz_app.worker.command import command, environment

PATIENCE = 120.0
"""Seconds the reading may take."""
MOST_SAID = 2_000
"""Characters of its sentence that are shown."""
RECORDING, TENSORS, REFUSED = 0, 3, 4
"""How the process ends: a sound recording, a sound file of other tensors, a file that it refuses on standard output."""


def vet(path: Path, patience: float = PATIENCE) -> bool:
    """Have a ``.safetensors`` file read as a whole by a process of its own, with limits on its memory and time.

    Parameters
    ----------
    patience
        Seconds to wait.

    Returns
    -------
    Whether it is a recording; ``False`` for a file of other tensors. Blocks: ask from a thread.

    Raises
    ------
    BadFile
        When it is neither, or reading it ended the process.
    """
    try:
        ended = subprocess.run(
            command("vet_process", path),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BadFile(f"{path.name} could not be read within {patience:g} seconds") from error
    except (OSError, ValueError) as error:  # no process, or a path that cannot be given to one
        raise BadFile(f"{path.name} cannot be opened: {error}") from error
    if ended.returncode in (RECORDING, TENSORS):
        return ended.returncode == RECORDING
    said = ended.stdout.decode("utf-8", "replace").strip()[:MOST_SAID] if ended.returncode == REFUSED else ""
    raise BadFile(said or f"{path.name} is damaged: reading it ended the process that tried")
