"""One sentence for every way a run can end, and one that says what to do."""

from __future__ import annotations

import signal
from collections.abc import Mapping

ENDINGS: dict[str, tuple[str, str]] = {
    "done": ("The program ended.", ""),
    "failed": ("The program stopped with an error.", "The mark in the text shows where."),
    "stopped": ("The run was stopped.", "What had been recorded until then is shown."),
    "stopped_killed": (
        "The run was stopped. The program did not react to the interrupt, so its process was ended.",
        "Nothing of this run could be recorded.",
    ),
    "stopped_packing": (
        "The run was stopped while its recording was still being put together.",
        "The program itself had ended; nothing of this run was kept.",
    ),
    "replaced": ("The run was stopped because a newer one was started.", ""),
    "closed": ("The run was stopped because the app was closed.", ""),
    "memory": (
        "The program used more than its limit of {limit} of memory and was stopped.",
        "Use smaller tensors or fewer of them, or raise the memory limit.",
    ),
    "timeout": (
        "The program ran longer than its limit of {seconds} s and was stopped.",
        "Make it do less work, or raise the time limit.",
    ),
    "exited": (
        "The program ended its own process with exit code {code}, so nothing could be recorded.",
        "Take out os._exit(), or use sys.exit() instead: what ran before it is then shown.",
    ),
    "segfault": (
        "The program crashed: it touched memory that is not its own (segmentation fault).",
        "Look for ctypes, a native extension or very deep recursion; the console shows the line it was on.",
    ),
    "aborted": (
        "The program crashed: native code gave up (abort).",
        "The console shows what it said last; look for os.abort() or a failed check in a native extension.",
    ),
    "killed": (
        "The program's process was killed from outside (signal 9), most often because the computer ran out of memory.",
        "Use smaller tensors or set a lower memory limit, close other programs, and run again.",
    ),
    "signal": (
        "The program crashed: its process was ended by the signal {name}.",
        "The console shows the line it was on.",
    ),
    "bad_message": (
        "The program's process sent something that cannot be read ({detail}) and was ended.",
        "Run again. A program that writes to file descriptors it did not open can cause this.",
    ),
    "engine_failed": (
        "The run could not be recorded because of a fault in this app: {detail}.",
        "Run again; if it stays, please report it together with the program.",
    ),
    "spares_die": (
        "The process that waits for the next run was ended three times within five minutes, so none waits any more.",
        "Run starts one when it is pressed. Look for what ends processes on this computer, such as too little memory.",
    ),
    "cannot_start": (
        "No process for the program could be started: {reason}.",
        "Check that PyTorch can be imported: python -c 'import torch'.",
    ),
}
"""By the key of :class:`~graphviz_app.worker.events.Ended`: what happened, and what to do."""

_BY_SIGNAL = {
    signal.SIGSEGV: "segfault",
    signal.SIGABRT: "aborted",
    getattr(signal, "SIGKILL", None): "killed",
}


def ending_text(key: str, params: Mapping[str, str]) -> tuple[str, str]:
    """The sentence and the advice of an ending, in English."""
    sentence, advice = ENDINGS[key]
    return sentence.format_map(params), advice.format_map(params)


def ending_of_exit(code: int) -> tuple[str, dict[str, str]]:
    """Key and fields for a process that ended by itself with `code` (negative: killed by that signal)."""
    if code >= 0:
        return "exited", {"code": str(code)}
    try:
        number = signal.Signals(-code)
    except ValueError:
        return "signal", {"name": str(-code)}
    return _BY_SIGNAL.get(number, "signal"), {"name": number.name}


def amount(count: float) -> str:
    """A number of bytes as a person writes it: ``500 MB``, ``1.5 GB`` (powers of 1024)."""
    for unit in ("bytes", "KB", "MB"):
        if count < 1024:
            return f"{count:.4g} {unit}"
        count /= 1024
    return f"{count:.4g} GB"
