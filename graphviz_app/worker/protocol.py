"""Every message that crosses the process boundary, in both directions.

Messages are tagged msgspec structs (see :mod:`graphviz_app.recording.codec`). Each carries the number of the run it
belongs to, so that an answer to an older run is recognised and dropped.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from graphviz_app.recording.calculus import MathAnswer, MathQuestion, Override
from graphviz_app.recording.given import GivenFile, GivenInfo
from graphviz_app.recording.model import Column, Recording, ValueInfo
from graphviz_app.recording.slices import MOST_BYTES, Cells, Looked, Part, Scan, Slice


class RunProgram(msgspec.Struct, tag=True):
    """Run `source` in a fresh namespace under the recorder."""

    run: int
    source: str
    filename: str
    seed: int
    device: str
    """``"cpu"``, ``"cuda"``, ``"cuda:1"``, ``"mps"`` ...: the default device of the run."""
    value_budget: int
    """Bytes of tensor values the recording may keep whole."""
    make_up: list[str] = []
    """Names the user agreed to have made up as small random leaves (single-expression programs)."""
    keep_graphs: bool = False
    """Keep the graph of every pass alive, however large, so that its derivatives can be asked about."""
    overrides: list[Override] = []
    """Other values for leaves: the run is hypothetical."""
    lab: bool = False
    """The run is only there to be asked about: the program may be run again for an answer."""
    data: list[GivenFile] = []
    """Files that become variables of the program before it starts."""
    sketch: bool = False
    """Tell the graph of a long backward before it runs."""


class LookAtData(msgspec.Struct, tag=True):
    """Ask what a file of data holds; answered before and after a run, and best by a process that runs nothing."""

    run: int
    request: int
    given: GivenFile


class RunBackward(msgspec.Struct, tag=True):
    """Run one more backward pass from `root` of the finished program, on its live graph."""

    run: int
    request: int
    root: int
    """ROOT node id."""
    gradient: Column | None = None
    """v, in the root's shape; ``None`` is the implicit 1 of a scalar."""


class Describe(msgspec.Struct, tag=True):
    """Ask what is known of some values."""

    run: int
    request: int
    refs: list[int]


class Fetch(msgspec.Struct, tag=True):
    """Ask for all elements of one value."""

    run: int
    request: int
    ref: int


class LookInto(msgspec.Struct, tag=True):
    """Ask for the part of a value that is on the screen."""

    run: int
    request: int
    spec: Slice


class ScanWhole(msgspec.Struct, tag=True):
    """Ask what is known of a whole value after reading all of it; other questions are answered meanwhile."""

    run: int
    request: int
    ref: int
    part: Part = "value"


class AskLayout(msgspec.Struct, tag=True):
    """Ask how a value lies in memory."""

    run: int
    request: int
    ref: int


class SaveTensor(msgspec.Struct, tag=True):
    """Write one value whole to `path` (a .npy or .safetensors file)."""

    run: int
    request: int
    ref: int
    path: str


class AskMath(msgspec.Struct, tag=True):
    """Ask about derivatives; other questions are answered meanwhile."""

    run: int
    request: int
    question: MathQuestion


class GiveUp(msgspec.Struct, tag=True):
    """Nobody waits for the answer to `request` any more."""

    run: int
    request: int


class SaveRecording(msgspec.Struct, tag=True):
    """Write the recording with its values to `path` (a .safetensors file)."""

    run: int
    request: int
    path: str


class Provide(msgspec.Struct, tag=True):
    """Answer to :class:`InputWanted`: one line for the program's ``input()``; ``None`` is end of file."""

    run: int
    line: str | None


class Prepare(msgspec.Struct, tag=True):
    """Have a device ready, if it can be had: making a GPU's context takes half a second. Nothing is answered."""

    device: str


class Quit(msgspec.Struct, tag=True):
    """End the child."""


AboutValues = Describe | Fetch | LookInto | ScanWhole | AskLayout | SaveTensor | AskMath
"""Questions a value source answers."""

ToChild = RunProgram | LookAtData | RunBackward | AboutValues | SaveRecording | GiveUp | Provide | Prepare | Quit


class Device(msgspec.Struct):
    """One choice of the device menu."""

    name: str
    """``"cpu"``, ``"cuda:0"``."""
    title: str
    """``"NVIDIA H200"``; for the CPU its architecture."""
    available: bool
    reason: str = ""
    """Key of ``recording.messages.DEVICE_REASONS`` saying why it is missing."""


class Ready(msgspec.Struct, tag=True):
    """The child has imported torch and can run a program."""

    torch: str
    python: str
    devices: list[Device]


class Progress(msgspec.Struct, tag=True):
    """What a run is doing now."""

    run: int
    stage: Literal["running", "recording", "backward", "packing"]
    done: int
    """So many of `total`; `total` is 0 when unknown."""
    total: int


class InputWanted(msgspec.Struct, tag=True):
    """The program called ``input()`` and waits."""

    run: int
    prompt: str


class Sketched(msgspec.Struct, tag=True):
    """What is known of a run before a long backward: its graph, without values. Told once at most."""

    run: int
    recording: Recording


class Recorded(msgspec.Struct, tag=True):
    """The recording of a run; sent again, whole, after each offered backward pass."""

    run: int
    recording: Recording
    request: int = -1
    """The :class:`RunBackward` request it answers, else ``-1``."""


class Described(msgspec.Struct, tag=True):
    """Answer to :class:`Describe`, in the order asked."""

    run: int
    request: int
    values: list[ValueInfo]


class Fetched(msgspec.Struct, tag=True):
    """Answer to :class:`Fetch`."""

    run: int
    request: int
    values: Column


class LookedInto(msgspec.Struct, tag=True):
    """Answer to :class:`LookInto`."""

    run: int
    request: int
    cells: Cells


class Scanned(msgspec.Struct, tag=True):
    """Answer to :class:`ScanWhole`."""

    run: int
    request: int
    scan: Scan


class LayoutTold(msgspec.Struct, tag=True):
    """Answer to :class:`AskLayout`."""

    run: int
    request: int
    layout: Looked


class MathTold(msgspec.Struct, tag=True):
    """Answer to :class:`AskMath`."""

    run: int
    request: int
    answer: MathAnswer


class DataTold(msgspec.Struct, tag=True):
    """Answer to :class:`LookAtData`."""

    run: int
    request: int
    info: GivenInfo


class Saved(msgspec.Struct, tag=True):
    """Answer to :class:`SaveRecording` and :class:`SaveTensor`."""

    run: int
    request: int
    path: str
    size: int
    """Bytes written."""


class Refused(msgspec.Struct, tag=True):
    """A request that could not be done; `sentence` says why and what to do."""

    run: int
    request: int
    sentence: str


Answer = Described | Fetched | LookedInto | Scanned | LayoutTold | MathTold | DataTold | Saved | Refused

FromChild = Ready | Progress | InputWanted | Sketched | Recorded | Answer

MOST: Final = MOST_BYTES + (64 << 10)
"""Most bytes of a child's message: what is shown of a value, and what is said about it."""

MOST_RECORDING: Final = 256 << 20
"""Most bytes of a recording. One of 48,000 nodes has 8 MB; no graph of more than 400,000 is recorded."""

MOST_DESCRIBED: Final = 60
"""Values that one :class:`Describe` may ask about: each may have 4,096 numbers of 16 bytes and as large a preview."""

_TYPE: Final = msgspec.msgpack.encode("type")
_RECORDINGS: Final = (
    b"\x84" + _TYPE + msgspec.msgpack.encode("Recorded"),
    b"\x83" + _TYPE + msgspec.msgpack.encode("Sketched"),
)
"""How a :class:`Recorded` and a :class:`Sketched` begin."""


def most_bytes(message: bytes | bytearray) -> int:
    """Most bytes a child's message may have, told from its beginning: only a recording is larger than a view."""
    return MOST_RECORDING if message.startswith(_RECORDINGS) else MOST
