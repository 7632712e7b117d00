"""Tensors no screen could list: a million million elements, none in memory, nothing but NaN. All are shown."""

from __future__ import annotations

import psutil
import pytest
from window_at_work import LONG, run

from graphviz_app.ui.imports import import_ahead
from graphviz_app.worker import link
from graphviz_app.worker.protocol import MOST

PROGRAM = """import torch
one = torch.ones(1, requires_grad=True)
wide = one.expand(10**12)
tall = one.expand(10**10, 100)
nowhere = torch.empty(10**6, 10**6, device="meta", requires_grad=True)
nothing = torch.full((700, 700), float("nan"), requires_grad=True)
infinite = torch.full((700, 700), float("inf"), requires_grad=True)
empty = torch.empty(0, 5, requires_grad=True)
deep = torch.ones([1] * 40, requires_grad=True)
loss = one.sum() + (nothing * 2).sum() + (infinite * 2).sum() + empty.sum() + deep.sum()
loss.backward()
"""
FROZEN = 1.0
"""Seconds of work between two turns of the event loop; by the clock it takes longer on a busy machine."""
SIDES = ("value", "gradient")
GROWN = 300e6
"""Bytes the window may grow by: pictures of what it looks at, and nothing in proportion to the tensors."""


@pytest.fixture
def wire(monkeypatch):
    """Bytes of every piece that comes to the window."""
    sizes: list[int] = []
    decode = link.decode
    monkeypatch.setattr(link, "decode", lambda data, kind: (sizes.append(len(data)), decode(data, kind))[1])
    return sizes


def test_every_one_of_them_is_looked_at_and_the_window_stays_small(app, qtbot, heart, wire, tmp_path):
    run(app, qtbot, PROGRAM)
    window, controller = app.window, app.controller
    assert controller.recording.problem is None
    import_ahead().join()
    memory = psutil.Process().memory_info().rss
    heart.start()
    for name in ("wide", "tall", "nowhere", "nothing", "infinite", "empty", "deep", "loss"):
        window.looking.select_variable(name)
        qtbot.waitUntil(window.looking.is_settled, timeout=LONG)
        qtbot.waitUntil(lambda: not any(map(window.tensor_view.presenter.looker.waiting, SIDES)), timeout=LONG)
    for step in range(controller.total + 1):
        controller.set_step(step)
        qtbot.waitUntil(window.looking.is_settled, timeout=LONG)
    heart.stop()
    assert heart.worked < FROZEN
    saved = controller.save_recording(str(tmp_path / "run.safetensors"))
    qtbot.waitUntil(saved.done, timeout=LONG)
    assert saved.result() < 100e6
    assert max(wire) <= MOST
    assert psutil.Process().memory_info().rss - memory < GROWN
    run(app, qtbot, "import torch\ny = torch.ones(1, requires_grad=True).sum()\ny.backward()\n")
    assert not window.banner.isVisible()
