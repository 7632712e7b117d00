"""The process that stands by has the chosen device ready, except for a program that must find it untouched."""

from __future__ import annotations

from typing import cast

import pytest
from runner_told import Told

from graphviz_app.worker.link import Link
from graphviz_app.worker.links import Links
from graphviz_app.worker.protocol import Prepare
from graphviz_app.worker.warming import Warmth

PLAIN = "import torch\nx = torch.ones(2, requires_grad=True)\n(x * 2).sum().backward()\n"


class Standing:
    """A spare that notes what it is told."""

    def __init__(self) -> None:
        self.sent: list[object] = []

    def send(self, message: object) -> None:
        self.sent.append(message)


class Dropping(Links):
    """Children that are only noted when they are let go of."""

    def __init__(self) -> None:
        super().__init__()
        self.dropped: list[Link] = []

    def drop(self, link: Link, sentence: str) -> None:
        self.dropped.append(link)


def standing() -> tuple[Standing, Link]:
    made = Standing()
    return made, cast(Link, made)


def test_a_spare_is_told_once_of_the_device_that_was_chosen() -> None:
    warmth, (spare, link) = Warmth(), standing()
    warmth.choose("cuda:0", link)
    warmth.choose("cuda:0", link)
    assert spare.sent == [Prepare("cuda:0")]
    warmth.choose("cuda:1", link)
    assert spare.sent == [Prepare("cuda:0"), Prepare("cuda:1")]
    warmth.choose("cuda:0", link)
    later, other = standing()
    warmth.warm(other)
    assert later.sent == [Prepare("cuda:0")]


def test_nothing_is_made_ready_for_the_cpu() -> None:
    warmth, (spare, link) = Warmth(), standing()
    warmth.warm(link)
    warmth.choose("cpu", link)
    assert not spare.sent


@pytest.mark.parametrize(
    "line",
    [
        'os.environ["CUDA_LAUNCH_BLOCKING"] = "1"',
        'os.putenv("CUDA_VISIBLE_DEVICES", "1")',
        "loader = DataLoader(data, num_workers=2)",
        "import torch.multiprocessing as mp",
    ],
)
def test_a_program_that_sets_up_its_device_or_forks_gets_a_process_that_used_none(line: str) -> None:
    warmth, (_, link), children = Warmth(), standing(), Dropping()
    warmth.choose("cuda:0", link)
    assert warmth.fitting(link, PLAIN, children) is link
    assert warmth.fitting(link, f"import os\n{line}\n{PLAIN}", children) is None
    assert children.dropped == [link]


def test_a_spare_that_is_not_warm_suits_every_program() -> None:
    warmth, (_, link), children = Warmth(), standing(), Dropping()
    assert warmth.fitting(link, 'os.environ["CUDA_LAUNCH_BLOCKING"] = "1"', children) is link
    assert not children.dropped


def test_a_device_that_is_not_there_costs_no_run(told: Told) -> None:
    told.runner.prepare("cuda:9")
    for source in (PLAIN, f'import os\nos.environ["CUDA_VISIBLE_DEVICES"] = ""\n{PLAIN}', PLAIN):
        ended, _ = told.run_to_end(source)
        assert ended.how == "done"
    told.runner.prepare("cpu")
