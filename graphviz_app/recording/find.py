"""Finding nodes by what a person remembers of them: a query over the columns of a recording."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase

import numpy as np
import numpy.typing as npt

from graphviz_app.recording.fields import BY_NAME, GRADIENTS, Field
from graphviz_app.recording.health import EXPLODING, HAS_INF, HAS_NAN, VANISHING, ZERO
from graphviz_app.recording.model import Recording
from graphviz_app.recording.nodecolumns import Bools, Floats, Ints, NodeColumns, Texts
from graphviz_app.recording.query import (
    ANY,
    REST,
    All,
    Between,
    Comparison,
    Not,
    Query,
    QueryError,
    Word,
    fields_of,
    parse,
)
from graphviz_app.recording.symbols import stem, symbol

NEED_PASS = frozenset({"step", "norm", "norm_out", "gradient", "backward"})
NEED_HEALTH = frozenset({"norm", "norm_out", "gradient"})
"""Fields that need :attr:`NodeColumns.health`."""
MEASURED = frozenset({"time", "forward", "backward", "memory"})
_BITS = dict(zip(GRADIENTS, (HAS_NAN, HAS_INF, ZERO, VANISHING, EXPLODING), strict=False))


def find(query: Query, columns: NodeColumns, nodes: Ints) -> Ints:
    """Those of `nodes` that meet a query, in forward order.

    Raises
    ------
    QueryError
        When it compares what this recording cannot tell.
    """
    _check(query, columns)
    found = nodes[_meets(query, columns)[nodes]]
    return found[np.argsort(columns.order[found], kind="stable")]


def waits_for_health(query: Query | None, columns: NodeColumns) -> bool:
    """Whether a query compares norms, which are not known yet."""
    return columns.health is None and columns.playback is not None and bool(fields_of(query) & NEED_HEALTH)


def _check(query: Query, columns: NodeColumns) -> None:
    for name in sorted(fields_of(query)):
        if name in NEED_PASS and columns.playback is None:
            raise QueryError("no_pass", field=name)
        if name in MEASURED and columns.number(name) is None:
            raise QueryError("unmeasured", field=name)


def _meets(query: Query, columns: NodeColumns) -> Bools:
    if isinstance(query, Word):
        return _word(query, columns)
    if isinstance(query, Comparison):
        return _test(query, columns)
    if isinstance(query, Not):
        return ~_meets(query.part, columns)
    parts = [_meets(part, columns) for part in query.parts]
    join = np.logical_and if isinstance(query, All) else np.logical_or
    found: Bools = join.reduce(parts)
    return found


def _word(word: Word, columns: NodeColumns) -> Bools:
    """Nodes that say a text anywhere: class, variable, expression, function, module, or what kind of node they are."""
    wanted = word.text.casefold()
    whole = columns.kind.where(lambda text: text == wanted)

    def inside(text: str) -> bool:
        return wanted in text

    for texts in (columns.op, columns.variable, columns.module, columns.module_class, columns.function, columns.target):
        whole |= texts.where(inside)
    for texts in (columns.expression, columns.program):
        whole |= texts.where(inside, squeezed=not word.exact)
    signs = [at for at, name in enumerate(columns.op.strings) if symbol(name).casefold() == wanted]
    return whole | np.isin(columns.op.index, signs) if signs else whole


def _test(test: Comparison, columns: NodeColumns) -> Bools:
    field = BY_NAME[test.field]
    if isinstance(test.value, tuple):
        fits = np.array([_fits(test.value, meta.shape) for meta in columns.recording.metas], dtype=np.bool_)
        return columns.any_meta(fits)
    if isinstance(test.value, str):
        return _text(field, test.sign, test.value.casefold(), columns)
    numbers = columns.number(test.field)
    assert numbers is not None
    return _compare(test.sign, test.value, numbers)


def _compare(sign: str, value: float | Between, numbers: Floats) -> Bools:
    with np.errstate(invalid="ignore"):
        if isinstance(value, Between):
            found: Bools = (numbers >= value.low) & (numbers <= value.high)
            return found
        compare: dict[str, Callable[[Floats, float], Bools]] = {
            "=": lambda a, b: np.isclose(a, b, rtol=1e-4, atol=0.0),
            "<": np.less,
            "<=": np.less_equal,
            ">": np.greater,
            ">=": np.greater_equal,
        }
        return compare[sign](numbers, value)


def _text(field: Field, sign: str, value: str, columns: NodeColumns) -> Bools:
    if field.name == "gradient":
        return _gradient(value, columns)
    if field.name in ("dtype", "device"):
        metas = columns.recording.metas
        said = [meta.dtype if field.name == "dtype" else meta.device for meta in metas]
        return columns.any_meta(np.array([_is_part(text, value, ":") for text in said], dtype=np.bool_))
    if sign == ":":
        squeezed = "".join(value.split()) if field.kind == "code" else value
        return _any(field, columns, lambda text: squeezed in text)
    if field.kind == "code":
        squeezed = "".join(value.split())
        return _any(field, columns, lambda text: text == squeezed)
    if field.name == "op":
        called = [at for at, name in enumerate(columns.op.strings) if _is_op(name, value)]
        return np.isin(columns.op.index, called) | columns.function.where(lambda name: _is_part(name, value))
    return _any(field, columns, lambda text: _is_part(text, value))


def _any(field: Field, columns: NodeColumns, meets: Callable[[str], bool]) -> Bools:
    """Nodes of which any text of a field meets a condition."""
    every: dict[str, tuple[Texts, ...]] = {
        "op": (columns.op, columns.function),
        "variable": (columns.variable, columns.target),
        "module": (columns.module, columns.module_class),
        "expression": (columns.expression, columns.program),
        "function": (columns.function,),
        "kind": (columns.kind,),
    }
    parts = [texts.where(meets, squeezed=field.kind == "code") for texts in every[field.name]]
    found: Bools = np.logical_or.reduce(parts)
    return found


def _gradient(value: str, columns: NodeColumns) -> Bools:
    if columns.health is None:
        return np.zeros(len(columns), dtype=np.bool_)
    if value == "none":
        none: Bools = np.asarray(columns.health.node_norm, dtype=np.float64) < 0
        return none
    found: Bools = (np.asarray(columns.health.state, dtype=np.uint8) & _BITS[value]) != 0
    return found


def _is_op(name: str, wanted: str) -> bool:
    """Whether a class is called that: in full, without ``Backward0``, or by its sign."""
    return any(_matches(each.casefold(), wanted) for each in (name, stem(name), symbol(name)))


def _is_part(text: str, wanted: str, separator: str = ".") -> bool:
    """Whether `wanted` is a text or whole parts of it, one after the other: ``layer1.0`` of ``net.layer1.0.conv1``."""
    if "*" not in wanted and "?" not in wanted:
        return wanted in text and f"{separator}{wanted}{separator}" in f"{separator}{text}{separator}"
    parts, patterns = text.split(separator), wanted.split(separator)
    spans = range(len(parts) - len(patterns) + 1)
    return fnmatchcase(text, wanted) or any(
        all(map(fnmatchcase, parts[at : at + len(patterns)], patterns)) for at in spans
    )


def _matches(text: str, wanted: str) -> bool:
    return text == wanted or (("*" in wanted or "?" in wanted) and fnmatchcase(text, wanted))


def _fits(wanted: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether a shape is one that is asked for: after each part of it, which numbers of sizes may be used up."""
    used = {0}
    for size in wanted:
        if size == REST:
            used = set(range(min(used), len(shape) + 1)) if used else used
        else:
            used = {at + 1 for at in used if at < len(shape) and size in (ANY, shape[at])}
    return len(shape) in used


def find_text(recording: Recording, nodes: npt.ArrayLike, text: str) -> list[int]:
    """Those of `nodes` that a query finds without a pass, in forward order; none when it cannot be understood."""
    columns = NodeColumns(recording)
    try:
        query = parse(text)
        return find(query, columns, np.asarray(nodes, dtype=np.int64)).tolist() if query is not None else []
    except QueryError:
        return []
