"""The device menu is honest."""

from __future__ import annotations

import pytest
import torch

from graphviz_app.engine import devices as subject
from graphviz_app.recording.messages import DEVICE_REASONS


def test_the_cpu_is_always_there_and_first() -> None:
    found = subject.devices()
    assert found[0].name == "cpu"
    assert found[0].available


def test_every_missing_device_says_why() -> None:
    missing = [choice for choice in subject.devices() if not choice.available]
    assert missing
    assert all(choice.reason in DEVICE_REASONS for choice in missing)


def test_a_build_with_cuda_but_no_driver_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.cuda, "is_built", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    monkeypatch.setattr(subject, "_has_cuda_driver", lambda: False)
    cuda = next(choice for choice in subject.devices() if choice.name == "cuda")
    assert (cuda.available, cuda.reason) == (False, "no_driver")
    monkeypatch.setattr(subject, "_has_cuda_driver", lambda: True)
    cuda = next(choice for choice in subject.devices() if choice.name == "cuda")
    assert cuda.reason == "no_device"


def test_usable_accelerators_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.cuda, "is_built", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda n: f"GPU {n}")
    found = [(choice.name, choice.title) for choice in subject.devices() if choice.name.startswith("cuda")]
    assert found == [("cuda:0", "GPU 0"), ("cuda:1", "GPU 1")]


def test_a_probe_that_fails_is_a_line_in_the_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> bool:
        raise RuntimeError("driver crashed")

    monkeypatch.setattr(torch.backends.cuda, "is_built", broken)
    cuda = next(choice for choice in subject.devices() if choice.name == "cuda")
    assert (cuda.available, cuda.reason) == (False, "failed")


def test_tf32_is_only_where_a_gpu_multiplies_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu, here = torch.device("cuda"), torch.device("cpu")
    monkeypatch.setattr(torch.version, "hip", None)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (9, 0))
    assert subject.rounds_coarsely("ConvolutionBackward0", gpu, torch.float32)
    assert subject.rounds_coarsely("CudnnRnnBackward0", gpu, torch.float32)
    assert not subject.rounds_coarsely("MmBackward0", gpu, torch.float32)  # unless the program asks for it
    assert not subject.rounds_coarsely("ConvolutionBackward0", gpu, torch.float64)
    assert not subject.rounds_coarsely("ConvolutionBackward0", here, torch.float32)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (7, 5))
    assert not subject.rounds_coarsely("ConvolutionBackward0", gpu, torch.float32)


def test_copies_take_a_quarter_of_what_is_free_on_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (1 << 30, 4 << 30))
    assert subject.value_budget("cuda:0", 2 << 30) == 1 << 28
    assert subject.value_budget("cuda:0", 1000) == 1000
    assert subject.value_budget("cpu", 2 << 30) == 2 << 30
