"""The devices a run can be given, and why the others are missing."""

from __future__ import annotations

import ctypes.util
import os
import platform
from contextlib import suppress
from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """One choice of the device menu.

    Attributes
    ----------
    name
        ``"cpu"``, ``"cuda:0"``.
    title
        ``"NVIDIA H200"``; for the CPU its architecture.
    available
        Whether a program can run on it now.
    reason
        Key of ``messages.DEVICE_REASONS`` saying why it is missing; empty when it is not.
    """

    name: str
    title: str
    available: bool
    reason: str = ""


def devices() -> list[DeviceChoice]:
    """The CPU and every accelerator torch knows by name, present or not; the usable ones first."""
    found = [DeviceChoice("cpu", platform.machine() or "CPU", True)]
    for probe in (_cuda, _mps, _xpu, _other):
        try:
            found += probe()
        except (RuntimeError, AssertionError, OSError, AttributeError):
            found.append(DeviceChoice(probe.__name__.strip("_"), probe.__name__.strip("_").upper(), False, "failed"))
    return sorted(found, key=lambda choice: not choice.available)


def catch_up() -> None:
    """Wait for what the program gave the accelerator to do: it runs behind, and so do its errors.

    Raises
    ------
    RuntimeError
        When something that it was given failed.
    """
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        torch.cuda.synchronize()
    elif torch.accelerator.is_available():
        torch.accelerator.synchronize()


def warm_up(device: str) -> None:
    """Have a device make its context and its library of matrix products; raises what torch does."""
    square = torch.ones(8, 8, device=device)
    torch.mm(square, square)
    catch_up()


def value_budget(device: str, budget: int) -> int:
    """Bytes of values that may be kept whole on a default device: of a GPU's memory at most a quarter of what is free.

    Parameters
    ----------
    device
        ``"cpu"``, ``"cuda:0"``.
    budget
        Bytes that may be kept in the computer's own memory.
    """
    if not device.startswith("cuda"):
        return budget
    with suppress(RuntimeError, AssertionError):  # a device that is not there: the program will say so
        return min(budget, torch.cuda.mem_get_info(device)[0] // 4)
    return budget


def rounds_coarsely(node: str, device: torch.device, dtype: torch.dtype) -> bool:
    """Whether torch multiplies in TF32 within a node: float32 numbers with 10 bits of precision, on a GPU.

    Source: https://docs.pytorch.org/docs/stable/notes/cuda.html#tf32-on-ampere; convolutions and cuDNN's recurrent
    layers do unless told otherwise, matrix products only when told to.

    Parameters
    ----------
    node
        The node's name: ``"ConvolutionBackward0"``.
    """
    if device.type != "cuda" or dtype != torch.float32 or torch.version.hip:
        return False
    if torch.cuda.get_device_capability(device)[0] < 8:
        return False
    by_cudnn = any(word in node for word in ("Convolution", "Cudnn"))
    return bool(torch.backends.cudnn.allow_tf32 if by_cudnn else torch.backends.cuda.matmul.allow_tf32)


def _cuda() -> list[DeviceChoice]:
    kind = "ROCm" if torch.version.hip else "CUDA"
    if not torch.backends.cuda.is_built():  # type: ignore[no-untyped-call]
        return [DeviceChoice("cuda", "NVIDIA CUDA", False, "not_built")]
    count = torch.cuda.device_count()
    if count and torch.cuda.is_available():
        return [DeviceChoice(f"cuda:{n}", torch.cuda.get_device_name(n), True) for n in range(count)]
    return [DeviceChoice("cuda", kind, False, "no_device" if _has_cuda_driver() else "no_driver")]


def _has_cuda_driver() -> bool:
    return os.path.exists("/proc/driver/nvidia/version") or ctypes.util.find_library("cuda") is not None


def _mps() -> list[DeviceChoice]:
    title = "Apple Metal (MPS)"
    if platform.system() != "Darwin":
        return [DeviceChoice("mps", title, False, "wrong_system")]
    if not torch.backends.mps.is_built():
        return [DeviceChoice("mps", title, False, "not_built")]
    if not torch.backends.mps.is_available():
        return [DeviceChoice("mps", title, False, "old_system")]
    return [DeviceChoice("mps", title, True)]


def _xpu() -> list[DeviceChoice]:
    title = "Intel GPU (XPU)"
    if not torch.xpu._is_compiled():
        return [DeviceChoice("xpu", title, False, "not_built")]
    count = torch.xpu.device_count()
    if not count:
        return [DeviceChoice("xpu", title, False, "no_device")]
    return [DeviceChoice(f"xpu:{n}", torch.xpu.get_device_name(n), True) for n in range(count)]


def _other() -> list[DeviceChoice]:
    """Whatever other accelerator this build reports (a plugin's)."""
    current = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    if current is None or current.type in {"cuda", "mps", "xpu"}:
        return []
    return [DeviceChoice(f"{current.type}:{n}", current.type, True) for n in range(torch.accelerator.device_count())]
