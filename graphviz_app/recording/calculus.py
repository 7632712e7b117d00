"""What is asked about derivatives, and what comes back: plain data, computed by torch on the live graph of a run.

Conventions. A node computes y = f(x). Its Jacobian J has a row for each element of y and a column for each element of
x,
both flattened in C order: ``J[i, j] = dy_i / dx_j``. Backward multiplies the incoming gradient v from the left: vᵀJ.
Of a complex tensor each
element is two: the real parts first, then the imaginary ones (torch's convention: the conjugate Wirtinger derivative,
under which the gradient of a real loss points along steepest ascent); J is then the real Jacobian of these pairs.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from graphviz_app.recording.model import NONE, Column

MOST_ENTRIES = 1 << 20
"""Entries of a Jacobian block that are computed whole; of a larger one, chosen rows or columns."""

SHOWN_ENTRIES = 1 << 12
"""Entries of a block that are sent in full; of a larger one a picture of at most 256 x 256."""

Structure = Literal[
    "dense", "zero", "identity", "scaled", "diagonal", "permutation", "selection", "broadcast", "sum", "unknown"
]
"""What J is, found in its entries: ``scaled`` is a number times the identity; ``selection`` picks elements (each row
has at most one 1);
``broadcast`` repeats x (each row has one 1, columns several); ``sum`` adds up (each column has one 1, rows several)."""


class AskNode(msgspec.Struct, frozen=True):
    """The mathematics of one node at one step."""

    node: int
    index: int
    """The pass."""
    step: int
    """Where it ran, from 1; its v is the incoming gradient of that event."""
    rows: tuple[int, ...] = ()
    """Of a block too large to be computed whole: these rows (flat indices of y) ..."""
    columns: tuple[int, ...] = ()
    """... or these columns (flat indices of x)."""


class Block(msgspec.Struct):
    """One block of a node's Jacobian: output `output` with respect to input slot `input`."""

    output: int
    input: int
    y_shape: tuple[int, ...]
    x_shape: tuple[int, ...]
    complex_y: bool
    complex_x: bool
    structure: Structure
    scale: float
    """Of ``scaled``: the number; else 1."""
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


class NodeMath(msgspec.Struct):
    """The answer to :class:`AskNode`."""

    ask: AskNode
    blocks: list[Block]
    products: list[Column | None]
    """For each input slot vᵀJ recomputed from the blocks (in the slot's shape and dtype), ``None`` where it takes no
    gradient
    or J was not computed whole."""
    agreement: Literal["equal", "close", "differs", "unchecked"]
    """The products against what the node returned in the run: bit for bit, within `tolerance`, or not."""
    worst: float
    """Greatest difference, relative to the greatest magnitude."""
    tolerance: float
    sentence: str = ""
    """What could not be computed, why, and what can be seen instead; empty when all was."""


class AskRoot(msgspec.Struct, frozen=True):
    """Derivatives of a root with respect to one tensor."""

    root: int
    """ROOT node."""
    node: int
    """A leaf, or any node of the graph (its output `slot`)."""
    slot: int
    what: Literal["gradient", "jacobian", "hessian", "forward"]
    """``gradient``: vᵀJ with the given v. ``forward``: J·u with a tangent u for `node`, which must be a leaf."""
    vector: Column | None = None
    """v (shape of the root) or u (shape of the node); ``None``: ones."""


class RootMath(msgspec.Struct):
    """The answer to :class:`AskRoot`."""

    values: Column | None
    """``gradient``: shape of the node. ``jacobian``: root shape + node shape. ``hessian``: node shape twice.
    ``forward``: root shape."""
    seconds: float
    other_seconds: float = 0.0
    """``forward``: what one reverse pass took, for comparison."""
    agreement: Literal["equal", "close", "differs", "unchecked"] = "unchecked"
    """Of ``jacobian`` and ``hessian``: the same by ``torch.autograd.functional`` or by the other mode."""
    worst: float = 0.0
    sentence: str = ""


class AskPaths(msgspec.Struct, frozen=True):
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
    gradient: Column | None
    """v times the product of the Jacobians along the path: its part of the target's gradient, in the target's shape
    (at most
    :data:`SHOWN_ENTRIES` elements, else ``None``)."""
    norm: float


class PathsMath(msgspec.Struct):
    """The answer to :class:`AskPaths`."""

    count: float
    """How many paths there are (may be astronomically many)."""
    paths: list[PathMath]
    """The followed ones, greatest norm first."""
    total: Column | None
    """Sum over the followed paths."""
    recorded: Column | None
    """What torch computed for the target from the source's gradient."""
    agreement: Literal["equal", "close", "differs", "unchecked"]
    worst: float
    sentence: str = ""


class AskWhatIf(msgspec.Struct, frozen=True):
    """The pass again, hypothetically: with another gradient somewhere, or another value of a leaf."""

    index: int
    gradients: tuple[tuple[int, int, Column], ...] = ()
    """(node, slot of its output, the gradient that arrives there instead)."""
    values: tuple[tuple[int, Column], ...] = ()
    """(leaf node, its other value): the program is run again with it."""


class WhatIf(msgspec.Struct):
    """The answer to :class:`AskWhatIf`: what each node would send, beside what it did send."""

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
    roots: list[int] = []
    root_refs: list[int] = []
    """ref of each root's hypothetical value."""
    sentence: str = ""


class AskCheck(msgspec.Struct, frozen=True):
    """Compare gradients with central differences."""

    node: int = NONE
    """One node; ``-1``: the whole program, each leaf of the pass."""
    index: int = 0
    most: int = 64
    """Elements of each input that are nudged (all when there are fewer; else evenly spaced and the largest
    gradients)."""


class CheckedInput(msgspec.Struct):
    """One input of a finite-difference check."""

    node: int
    """The leaf, or the node that made the input."""
    slot: int
    indices: Column
    """int64: flat indices of the elements that were nudged."""
    analytic: Column
    numeric: Column
    wrong: Column
    """uint8: 1 where they differ by more than ``absolute + relative * |numeric|``."""


class Checked(msgspec.Struct):
    """The answer to :class:`AskCheck`."""

    inputs: list[CheckedInput]
    step: float
    absolute: float
    relative: float
    dtype: str
    sentence: str = ""


class Health(msgspec.Struct):
    """Gradient norms of one pass, a row an event slot, for colouring the graph."""

    node_norm: Column
    """float64, a row a node of the graph: 2-norm of the gradient that reached it last; NaN when unknown, -1 when it
    got none."""
    edge_norm: Column
    """float64, a row an edge."""
    state: Column
    """uint8, a row a node: 1 has NaN, 2 has Inf, 4 exactly zero, 8 vanishing, 16 exploding (bits)."""
    first_bad: int
    """The node that first sent NaN or Inf though all it received was finite; ``-1`` without one."""
    first_step: int
    cause: str = ""
    """Of ``first_bad`` in one sentence: which saved input was 0, negative, infinite ... there."""
