"""The recording: everything one run of a program left behind, as plain typed data.

Nodes, edges, calls and events are columns (one numpy array a field, one row a thing) because real graphs have
a hundred thousand rows; what is few (tensors, source sites, passes) is a list of small structs. Text is interned:
a column that holds text holds indices into :attr:`Recording.strings`, and ``-1`` always means "none".

A number called *ref* names a stored tensor value (a gradient, a leaf's value, a saved tensor). Values do not travel
with the recording: whoever wants one asks the :class:`~graphviz_app.recording.values.ValueSource` that goes with it.
"""

from __future__ import annotations

import enum
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from graphviz_app.recording.given import GivenFile
from graphviz_app.recording.scopes import Scopes

SCHEMA = 1
"""Version of the recording's shape. A file with a greater one is refused."""

NONE = -1
"""In any index column: nothing there. In a gradient column: the gradient is ``None``."""

Column = npt.NDArray[np.generic]
"""One field of many rows. The dtype of each is given where it is declared."""


class NodeKind(enum.IntEnum):
    """What a node of the picture is."""

    OP = 0
    """An autograd node that computes: ``MulBackward0``."""
    LEAF = 1
    """A tensor that collects ``.grad``; its ``AccumulateGrad`` is folded into it. One leaf, one node."""
    ROOT = 2
    """A named result nothing else consumes (``loss``), drawn below the node that made it."""
    CONSTANT = 3
    """A tensor that entered the graph without requiring a gradient; ``reason`` says why."""
    CUT = 4
    """A call after which the gradient stops (detach, no_grad, an integer result); ``reason`` says why."""


class EventKind(enum.IntEnum):
    """What happened at one step of a backward pass."""

    RUN = 0
    """An op node turned its incoming gradients into outgoing ones."""
    ACCUMULATE = 1
    """A leaf added its incoming gradient to ``.grad``."""
    CAPTURE = 2
    """``autograd.grad`` took the gradient here; the node itself did not run."""
    RAISED = 3
    """The node began and raised; the pass ended here."""


class TensorMeta(msgspec.Struct, frozen=True, array_like=True):
    """Shape, dtype and device of a tensor.

    Attributes
    ----------
    shape
        Sizes, outermost first; ``()`` is a scalar. A ragged size is ``-1``.
    dtype
        Without the ``torch.`` prefix: ``"float32"``.
    device
        As torch prints it: ``"cpu"``, ``"cuda:0"``.
    layout
        ``"strided"``, ``"sparse_coo"``, ``"jagged"`` ...
    """

    shape: tuple[int, ...]
    dtype: str
    device: str
    layout: str = "strided"


class Site(msgspec.Struct, frozen=True, array_like=True):
    """An exact range of source text.

    Lines count from 1; columns count characters (not bytes) from 0; the end is exclusive.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    in_program: bool
    """True when the range lies in the program that was run, so the editor can light it."""


class Nodes(msgspec.Struct):
    """Columns of the graph's nodes (row = node id)."""

    kind: Column
    """uint8, :class:`NodeKind`."""
    name: Column
    """int32 -> strings: autograd class name (``MulBackward0``, ``AccumulateGrad``), or the function of a cut."""
    var: Column
    """int32 -> strings: the variable or parameter this node's result is known by (``x``, ``net.0.weight``)."""
    call: Column
    """int32 -> calls: the call that made it."""
    tensor: Column
    """int32 -> tensors: for leaves, roots and constants, the tensor itself."""
    reason: Column
    """int32 -> strings: why a constant is constant or a cut is cut (a key of ``recording.messages.REASONS``)."""
    seq: Column
    """int64: autograd's sequence number, ``-1`` where it has none."""
    out_start: Column
    """int32, n+1 rows: node i's forward outputs are rows ``out_start[i]:out_start[i+1]`` of ``out_meta``."""
    out_meta: Column
    """int32 -> metas: shape, dtype and device of each forward output, known before backward runs."""
    out_value: Column = msgspec.field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    """int32, rows as `out_meta`: ref of the value each forward output had when it was computed, where it was kept;
    empty in files of older versions."""
    saved_bytes: Column = msgspec.field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """int64: bytes of the tensors the node kept for its backward, parameters not counted; a tensor that several nodes
    kept is counted once, at the one whose backward comes last. ``-1`` where it was not looked; empty in older files."""

    def __len__(self) -> int:
        return len(self.kind)


class Edges(msgspec.Struct):
    """Columns of the graph's edges, in forward direction: producer -> consumer.

    For consumer ``dst``, ``dst_slot`` is the index in its ``next_functions``, so it is also the slot of
    its outgoing gradient. For producer ``src``, ``src_slot`` is the number of its output, so also the slot of its
    incoming gradient.
    """

    src: Column
    """int32 -> nodes."""
    src_slot: Column
    """int32."""
    dst: Column
    """int32 -> nodes."""
    dst_slot: Column
    """int32; ``-1`` when the tensor is used but not differentiated (an index, a mask)."""
    meta: Column
    """int32 -> metas: the tensor that flows along this edge."""
    cut: Column
    """uint8: 1 when no gradient can flow here (drawn grey)."""

    def __len__(self) -> int:
        return len(self.src)


class Calls(msgspec.Struct):
    """Columns of the torch calls that made graph nodes (row = call id), in the order they were made."""

    function: Column
    """int32 -> strings: ``torch.matmul``, ``Tensor.__mul__``."""
    site: Column
    """int32 -> sites: the innermost range outside torch itself (may be in a library the program calls)."""
    program_site: Column
    """int32 -> sites: the innermost range inside the program's own text."""
    module: Column
    """int32 -> strings: module path (``net.0``)."""
    module_class: Column
    """int32 -> strings: class of that module (``Linear``)."""
    target: Column
    """int32 -> strings: name the whole result was assigned to on that line (``y`` in ``y = x * w``)."""
    of_pass: Column
    """int32 -> passes: the pass during which it was made (``create_graph``), else ``-1``."""
    of_node: Column
    """int32 -> nodes: the node whose backward made it, else ``-1``."""
    scope: Column = msgspec.field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    """int32 -> scopes: the innermost one it was made in; empty in files of older versions."""
    nanoseconds: Column = msgspec.field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """int64: how long the call took, by the clock (on an accelerator: until it was queued); ``-1`` where that was not
    measured; empty in older files."""

    def __len__(self) -> int:
        return len(self.function)


class Saved(msgspec.Struct):
    """Columns of what nodes saved for backward, sorted by node."""

    node: Column
    """int32 -> nodes."""
    name: Column
    """int32 -> strings: ``self``, ``other``, ``dim``."""
    ref: Column
    """int32: stored value when it is a tensor, else ``-1``."""
    text: Column
    """int32 -> strings: value in words when it is not a tensor, or why it could not be read."""
    version: Column
    """int32: the tensor's version counter when saved; ``-1`` when not a tensor."""


class Graph(msgspec.Struct):
    """Every autograd node any pass or result of the run can reach."""

    nodes: Nodes
    edges: Edges
    saved: Saved


class TensorInfo(msgspec.Struct):
    """One tensor the run ended with, or that entered its graph.

    ``text`` and ``grad_text`` are short forms for a label, at most about 40 characters.
    """

    names: list[str]
    meta: int
    leaf: bool
    requires_grad: bool
    retains_grad: bool
    version: int
    node: int
    """Graph node that made it (or is it, for a leaf); ``-1`` when outside the graph."""
    slot: int
    value: int
    """ref of its value at the end of the run (a leaf's: as it is now)."""
    grad: int
    """ref of its ``.grad`` at the end of the run; ``-1`` is ``None``."""
    text: str = ""
    grad_text: str = ""
    stride: tuple[int, ...] = ()
    view_of: str = ""
    first_use: int = NONE
    """Of a leaf: how many leaves the program had used before it. A run of the same program uses them in the same order,
    as long as its control flow is the same."""
    axes: str = ""
    """Names of its axes where the file it was read from tells them (``"T C H W"``)."""
    memory: int = NONE
    """Number of the memory it lies in, where another named tensor or array does too; ``-1`` where none does."""


class Variable(msgspec.Struct):
    """One name of the program's namespace when it ended."""

    name: str
    type: str
    text: str
    tensor: int = NONE
    memory: int = NONE
    """Of a NumPy array: :attr:`TensorInfo.memory` of the tensors whose memory it shares; else ``-1``."""


class Events(msgspec.Struct):
    """Columns of one pass's events in true execution order (row = step - 1)."""

    node: Column
    """int32 -> nodes."""
    kind: Column
    """uint8, :class:`EventKind`."""
    in_start: Column
    """int32, n+1 rows: event i's incoming gradients are rows ``in_start[i]:in_start[i+1]`` of ``in_ref``."""
    in_ref: Column
    """int32: ref a slot, ``-1`` for a gradient that is ``None``."""
    out_start: Column
    """int32, n+1 rows, as ``in_start``."""
    out_ref: Column
    """int32: ref a slot of ``next_functions``; ``-1`` for ``None``."""
    before: Column
    """int32: ref of ``.grad`` before an ACCUMULATE, ``-1`` when it was ``None``."""
    after: Column
    """int32: ref of ``.grad`` after an ACCUMULATE."""
    nanoseconds: Column = msgspec.field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """int64: how long the node took, by the clock, without the time we took to record it (on an accelerator: until its
    work was queued); ``-1`` where it did not run; empty in older files."""

    def __len__(self) -> int:
        return len(self.node)


class Pass(msgspec.Struct):
    """One backward pass: every entry into autograd's engine is one.

    ``how`` tells who asked for it: ``backward`` and ``grad`` are the program's own, ``offered`` was run by the app
    after the program ended. ``parent`` is the pass it ran inside (reentrant checkpoint), else ``-1``.
    """

    how: Literal["backward", "grad", "offered"]
    text: str
    """The call as typed: ``loss.backward()``."""
    site: int
    roots: list[int]
    """Graph nodes the pass starts from (ROOT nodes)."""
    root_slots: list[int]
    seeds: list[int]
    """ref of the gradient given to each root; ``-1`` for the implicit 1 of a scalar."""
    inputs: list[int]
    """Graph nodes named by ``inputs=`` (empty: all leaves)."""
    retain_graph: bool
    create_graph: bool
    events: Events
    nodes: Column
    """int32 -> nodes: what this pass can reach, ascending; it is what the graph shows for it."""
    parent: int = NONE
    parent_node: int = NONE
    leaves: Column = msgspec.field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    """int32 -> nodes: the leaves this pass can reach; empty in files of older versions."""
    leaf_values: Column = msgspec.field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    """int32, rows as `leaves`: ref of the value each had when the pass began, ``-1`` when that was not kept."""
    accumulates_into: list[int] = []
    """Leaves whose ``.grad`` was not ``None`` when it began, so that this pass adds to an earlier one."""
    error: str = ""
    seconds: float = 0.0


class Problem(msgspec.Struct):
    """What went wrong, where, and what to do, in data a view can translate.

    ``key`` indexes ``recording.messages.PROBLEMS`` (sentence and advice); ``params`` fill its ``{fields}``.
    """

    key: str
    params: dict[str, str]
    type: str
    message: str
    """The original message, untouched."""
    traceback: str
    site: Site | None = None
    node: int = NONE


class Recording(msgspec.Struct):
    """One run of one program: the one truth everything on the screen is drawn from."""

    schema: int
    program: str
    filename: str
    seed: int
    device: str
    versions: dict[str, str]
    strings: list[str]
    metas: list[TensorMeta]
    sites: list[Site]
    calls: Calls
    graph: Graph
    tensors: list[TensorInfo]
    variables: list[Variable]
    passes: list[Pass]
    roots: list[int]
    """ROOT nodes in the order a person should be offered them: the loss or last expression first."""
    problem: Problem | None = None
    notes: list[str] = []
    """Keys of ``recording.messages.NOTES`` with ``|``-separated fields: what was left out, and why."""
    seconds: float = 0.0
    given: list[GivenFile] = []
    """Files of data that became variables before the program started."""
    scopes: Scopes = msgspec.field(default_factory=Scopes)
    """What the calls were made in; empty in files of older versions."""
    containers: dict[str, str] = {}
    """Class of each module that only holds others (``ModuleList``) around those that ran, by path."""
    unfinished: bool = False
    """The run goes on: a sketch of its graph, whose last pass is about to run. No value is known."""
    pass_results: Column = msgspec.field(default_factory=lambda: np.zeros(0, dtype=np.float64))
    """float64, a row a pass that has begun: the number it started from, where that is one
    (:mod:`~graphviz_app.recording.passresults`); empty in files of older versions."""


class Stats(msgspec.Struct, array_like=True):
    """Statistics of one tensor, computed in float64 over its finite elements (norm: of the finite ones, 2-norm)."""

    count: int
    minimum: float
    maximum: float
    mean: float
    std: float
    norm: float
    zeros: int
    nan: int
    positive_inf: int
    negative_inf: int


class ValueInfo(msgspec.Struct):
    """What is known of one stored value without fetching all of it."""

    ref: int
    meta: TensorMeta
    kept: Literal["whole", "summary", "dropped"]
    """``summary``: over the memory budget, statistics and preview only; ``dropped``: not even these."""
    stats: Stats | None
    text: str
    """Short form for a label: ``[3, 4]``, or ``[64, 3, 7, 7] norm 0.25`` when it is not small."""
    values: Column | None = None
    """All elements in shape, when there are at most :data:`SMALL` of them."""
    preview: Column | None = None
    """float32, at most 64 x 64: a downsampled picture of a larger tensor, its last two dimensions."""


SMALL = 4096
"""A tensor of at most this many elements is shown in full."""
