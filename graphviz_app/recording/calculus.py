"""What is asked about derivatives, and what comes back: plain data, computed by torch on the live graph of a run.

Conventions. A node computes y = f(x). Its Jacobian J has a row for each element of y and a column for each element of
x, both flattened in C order: ``J[i, j] = dy_i / dx_j``. Backward multiplies the incoming gradient v from the left:
vᵀJ. Of a complex tensor each element is two numbers: the real parts first, then the imaginary ones; J is then the real
Jacobian of these pairs (torch's convention for gradients is the conjugate Wirtinger derivative, under which the
gradient of a real loss points along steepest ascent).

A *note* is ``key|field=value|...`` with the key in ``recording.messages.MATH_NOTES``, so that a view can translate it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from graphviz_app.recording.model import NONE, Column

MOST_ENTRIES = 1 << 20
"""Entries of a Jacobian block that are kept at once; a larger one is looked through a few rows at a time, up to 16
times as many, and past that only chosen rows or columns are computed."""

SHOWN_ENTRIES = 1 << 12
"""Entries of a block that are sent in full; of a larger one a picture of at most 256 x 256."""

PICTURE = 256
"""Rows and columns of that picture at most."""

Structure = Literal[
    "dense", "zero", "identity", "scaled", "diagonal", "permutation", "selection", "broadcast", "sum", "unknown"
]
"""What J is, found in its entries: ``scaled`` is a number times the identity. The following hold up to one number, the
block's `scale`: ``permutation``; ``selection`` picks elements (each row has at most one entry); ``broadcast`` repeats x
(each row has one entry, some columns several); ``sum`` adds up (each column has one entry, some rows several; a mean is
a sum with a scale). ``diagonal`` also where some entries of the diagonal are 0; ``unknown`` when not all entries were
computed."""

Agreement = Literal["equal", "close", "differs", "unchecked"]
"""Two ways to the same numbers: bit for bit, within the tolerance, not, or not compared."""


class Override(msgspec.Struct, frozen=True):
    """Another value for a leaf of a hypothetical run."""

    leaf: int
    """``TensorInfo.first_use`` of the leaf: which leaf it is in the order the program first uses them."""
    name: str
    """What a person calls it; for messages."""
    values: Column
    """Its elements, in its shape."""


class AskNode(msgspec.Struct, frozen=True, tag=True):
    """The mathematics of one node at one step."""

    node: int
    index: int
    """The pass."""
    step: int
    """Where it ran, from 1; its v is the incoming gradient of that event."""
    rows: tuple[int, ...] = ()
    """Of a block too large to be sent in full: these rows (flat indices of y) ..."""
    columns: tuple[int, ...] = ()
    """... or these columns (flat indices of x)."""


class Block(msgspec.Struct):
    """One block of a node's Jacobian: output `output` with respect to input slot `input`.

    A leaf, which adds what arrives to its ``.grad``, has one block: the identity.
    """

    output: int
    input: int
    y_shape: tuple[int, ...]
    x_shape: tuple[int, ...]
    complex_y: bool
    complex_x: bool
    structure: Structure
    scale: float
    """Of ``scaled``, ``permutation``, ``selection``, ``broadcast`` and ``sum``: the number that every entry is that is
    not 0; else 1."""
    rows: tuple[int, ...]
    """The rows `entries` holds; empty: all of them."""
    columns: tuple[int, ...]
    """The columns `entries` holds; empty: all of them."""
    entries: Column | None
    """float64, (rows, columns), when there are at most :data:`SHOWN_ENTRIES`, or the rows or columns asked for."""
    picture: Column | None
    """float64, at most 256 x 256: for each cell the entry of greatest magnitude; ``None`` when `entries` is whole."""
    diagonal: Column | None
    """float64, of a large ``diagonal`` block: its diagonal."""
    nonzero: int
    """Entries that are not 0, of those computed."""
    greatest: float
    """Greatest finite magnitude of those computed."""


class NodeMath(msgspec.Struct, tag=True):
    """The answer to :class:`AskNode`."""

    ask: AskNode
    blocks: list[Block]
    """Of every output that a gradient reached at this step, with respect to every input that takes one."""
    products: list[Column | None]
    """For each input slot vᵀJ recomputed from the blocks (in the slot's shape and dtype), ``None`` where it takes no
    gradient or J was not computed whole."""
    agreement: Agreement
    """The products against what the node returned in the run; of a leaf, ``.grad`` before plus v against after."""
    worst: float
    """Greatest difference, relative to the greatest |v|ᵀ|J|, which is what rounding errors grow with."""
    tolerance: float
    notes: list[str] = []
    """What could not be computed, why, and what can be seen instead; empty when all was."""
    seconds: float = 0.0


class AskRoot(msgspec.Struct, frozen=True, tag=True):
    """Derivatives of a root with respect to one tensor of its graph."""

    root: int
    """ROOT node."""
    node: int
    """A leaf, or any op node (then: with respect to its output `slot`)."""
    slot: int
    what: Literal["gradient", "jacobian", "hessian", "forward"]
    """``gradient``: vᵀJ with the given v. ``forward``: Ju with a tangent u for `node`."""
    vector: Column | None = None
    """v (shape of the root) or u (shape of the node); ``None``: ones."""
    index: int = NONE
    """The pass whose graph is meant where several start from the root; ``-1``: the last."""
    rerun: bool = False
    """Check a Jacobian or Hessian by ``torch.autograd.functional`` on the program run again, aside."""


class RootMath(msgspec.Struct, tag=True):
    """The answer to :class:`AskRoot`."""

    ask: AskRoot
    values: Column | None
    """``gradient``: shape of the node. ``jacobian``: root shape + node shape. ``hessian``: node shape twice.
    ``forward``: root shape. A Jacobian or Hessian where the root or the node is complex is real and has two axes: a row
    and a column for each number of the pairs."""
    seconds: float
    other_seconds: float = 0.0
    """``forward``: what one reverse pass took, for comparison."""
    forward_runs: int = 0
    """Forward-mode products it takes to fill the whole gradient (or Jacobian): one for each element of x."""
    reverse_runs: int = 0
    """Reverse-mode products for the same: one for each element of y."""
    forward_operations: int = 0
    """Operations torch ran for one forward-mode product, the program itself among them where it was run again."""
    reverse_operations: int = 0
    """The same for one reverse-mode product; 0 when not counted."""
    agreement: Agreement = "unchecked"
    """With what is said in `notes` (a key that begins with ``check_``)."""
    worst: float = 0.0
    notes: list[str] = []
    functional: Agreement = "unchecked"
    """``rerun``: `values` against ``torch.autograd.functional`` alone."""
    functional_difference: float = 0.0
    """Greatest absolute difference between the two."""


class AskPaths(msgspec.Struct, frozen=True, tag=True):
    """Every path of the gradient from one node (nearer the loss) back to another."""

    index: int
    source: int
    """Node nearer the loss."""
    target: int
    """Node farther from it, usually a leaf."""
    most: int = 64
    """Paths that are followed one by one."""


class PathMath(msgspec.Struct):
    """One path and what flows along it."""

    nodes: tuple[int, ...]
    """From `source` to `target`."""
    edges: tuple[int, ...]
    """Rows of the recording's edges, one less than `nodes`."""
    gradient: Column | None
    """v times the product of the Jacobians along the path: its part of the target's gradient, in the target's shape
    (at most :data:`SHOWN_ENTRIES` elements, else ``None``)."""
    jacobian: Column | None
    """The product of the Jacobians itself, float64, (elements of the source, elements of the target), when it has at
    most :data:`SHOWN_ENTRIES` entries."""
    norm: float


class PathsMath(msgspec.Struct, tag=True):
    """The answer to :class:`AskPaths`."""

    ask: AskPaths
    count: float
    """How many paths there are (may be astronomically many)."""
    paths: list[PathMath]
    """The followed ones, greatest norm first."""
    total: Column | None
    """Sum over the followed paths."""
    recorded: Column | None
    """What torch computed for the target from the source's gradient."""
    agreement: Agreement
    """`total` against `recorded`; ``unchecked`` when not every path was followed."""
    worst: float
    notes: list[str] = []


class AskWhatIf(msgspec.Struct, frozen=True, tag=True):
    """The pass again, hypothetically: with another gradient somewhere. Writes no ``.grad``, frees nothing."""

    index: int
    gradients: tuple[tuple[int, int, Column], ...] = ()
    """(node, slot of its output, the gradient that arrives there instead)."""


class WhatIf(msgspec.Struct, tag=True):
    """The answer to :class:`AskWhatIf`: what each node would send, beside what it did send."""

    ask: AskWhatIf
    nodes: Column
    """int32: nodes that ran, in order."""
    in_start: Column
    in_ref: Column
    """refs of the hypothetical incoming gradients, as in ``Events``."""
    out_start: Column
    out_ref: Column
    leaves: list[int] = []
    leaf_refs: list[int] = []
    """ref of each leaf's hypothetical increment."""
    notes: list[str] = []


class AskCheck(msgspec.Struct, frozen=True, tag=True):
    """Compare gradients with central differences."""

    node: int = NONE
    """One node: the whole call that made it is checked, at the arguments it had, for a random v. ``-1``: the whole
    program, each leaf of the pass, for the v the pass began with."""
    index: int = 0
    most: int = 64
    """Elements of each input that are nudged (all when there are fewer; else evenly spaced and the largest
    gradients). Of the whole program each takes two runs."""


class CheckedInput(msgspec.Struct):
    """One input of a finite-difference check."""

    node: int
    """The leaf, or the node that made the input; ``-1`` when it could not be found again."""
    slot: int
    indices: Column
    """int64: flat indices of the elements that were nudged; of a complex tensor of n elements n + i is the imaginary
    part of element i."""
    analytic: Column
    """float64: vᵀJ for these elements."""
    numeric: Column
    """float64: v times the central difference."""
    wrong: Column
    """uint8: 1 where they differ by more than ``absolute + relative * |numeric|``."""


class Checked(msgspec.Struct, tag=True):
    """The answer to :class:`AskCheck`."""

    ask: AskCheck
    inputs: list[CheckedInput]
    step: float
    absolute: float
    relative: float
    dtype: str
    notes: list[str] = []


class AskHealth(msgspec.Struct, frozen=True, tag=True):
    """How the gradients of one pass are."""

    index: int


class Health(msgspec.Struct, tag=True):
    """The answer to :class:`AskHealth`: gradient norms of one pass, for colouring the graph."""

    ask: AskHealth
    node_norm: Column
    """float64, a row a node of the graph: 2-norm of the finite elements of the gradient that reached it; NaN when
    unknown, -1 when it got none."""
    edge_norm: Column
    """float64, a row an edge: 2-norm of the gradient sent along it; likewise."""
    state: Column
    """uint8, a row a node: 1 has NaN, 2 has Inf, 4 exactly zero, 8 vanishing, 16 exploding (bits); what these mean is
    defined in :mod:`graphviz_app.recording.health`."""
    first_bad: int
    """The node that first sent NaN or Inf though all it received was finite, or that it first appeared at when several
    gradients were added up; ``-1`` without one."""
    first_step: int
    first_slot: int = NONE
    """Which of its inputs got it; ``-1`` when it came of adding up."""
    notes: list[str] = []
    """Why: which saved input was 0, negative, infinite ... there."""
    edge_state: Column | None = None
    """uint8, a row an edge, as `state`."""


class AskRule(msgspec.Struct, frozen=True, tag=True):
    """The derivative rule that torch itself has for a node class (``derivatives.yaml``)."""

    name: str


class Rule(msgspec.Struct, tag=True):
    """The answer to :class:`AskRule`."""

    ask: AskRule
    function: str
    """The signature of the operation; empty when torch has no rule under this name."""
    rules: dict[str, str]
    """For each differentiable input: torch's own expression."""


MathQuestion = AskNode | AskRoot | AskPaths | AskWhatIf | AskCheck | AskHealth | AskRule
"""Everything that can be asked about the derivatives of a run."""

MathAnswer = NodeMath | RootMath | PathsMath | WhatIf | Checked | Health | Rule


def needs_rerun(question: MathQuestion) -> bool:
    """Whether the program has to be run again for an answer: it is then asked of a run aside."""
    if isinstance(question, AskRoot):
        return question.what == "forward" or (question.rerun and question.what != "gradient")
    return isinstance(question, AskCheck)
