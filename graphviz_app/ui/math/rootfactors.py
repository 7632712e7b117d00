"""A derivative of a result as matrices: ``v · J ⇒ vᵀJ``, the Jacobian, the Hessian, ``u ⇒ J u``."""

from __future__ import annotations

import numpy as np

from graphviz_app.recording.calculus import AskRoot, RootMath
from graphviz_app.recording.model import Column, TensorMeta
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.products import Factor, matrix_of
from graphviz_app.ui.math.terms import Array, Side, flattened
from graphviz_app.ui.panels.colormap import as_real
from graphviz_app.ui.panels.passes import RootOffer

_LABELLED = 256
"""Elements of a tensor whose rows or columns are named."""


def factors_of(
    answer: RootMath, jacobian: RootMath | None, offer: RootOffer, name: str, meta: TensorMeta | None
) -> list[Factor]:
    """What is written of an answer.

    Parameters
    ----------
    jacobian
        J of the same place, where it is known: it stands between v and vᵀJ.
    offer
        The result.
    name, meta
        What it is differentiated by.
    """
    if answer.values is None:
        return []
    shape, dtype = (meta.shape, meta.dtype) if meta is not None else ((), "")
    y = Side(offer.name, offer.shape, "complex" in offer.dtype)
    x = Side(name, shape, "complex" in dtype)
    values, vector = np.asarray(answer.values), answer.ask.vector
    down, across = _labels(y), _labels(x)
    if answer.ask.what == "jacobian":
        return [Factor(_square(values, y, x), "J", rows=down, columns=across)]
    if answer.ask.what == "hessian":
        return [Factor(_square(values, x, x), tr("Hessian"), rows=across, columns=across)]
    if answer.ask.what == "gradient":
        v = np.ones(y.shape) if vector is None else np.asarray(vector)
        head = [Factor(_row(v.reshape(-1), y), "v", "v", columns=down)]
        if jacobian is not None and jacobian.values is not None and same_place(jacobian.ask, answer.ask):
            head.append(Factor(_square(np.asarray(jacobian.values), y, x), "J", sign="·"))
        product, sign = _row(values, x), "=" if len(head) > 1 else "⇒"
        return [*head, Factor(product, "vᵀJ", "product", columns=_fitting(across, product), sign=sign)]
    u = np.ones(shape) if vector is None else np.asarray(vector)
    product = _row(values, y)
    return [
        Factor(_row(u, x), "u", "v", columns=_fitting(across, _row(u, x))),
        Factor(product, "J u", "product", columns=_fitting(down, product), sign="⇒"),
    ]


def same_place(one: AskRoot, other: AskRoot) -> bool:
    """Whether two questions are about the same result and tensor."""
    return (one.root, one.node, one.slot) == (other.root, other.node, other.slot)


def same_question(one: AskRoot, other: AskRoot) -> bool:
    """Whether two questions have the same derivative as their answer; arrays are compared by their numbers."""
    if not same_place(one, other) or one.what != other.what or one.index != other.index:
        return False
    if one.vector is None or other.vector is None:
        return one.vector is other.vector
    return one.vector.shape == other.vector.shape and bool(np.array_equal(one.vector, other.vector, equal_nan=True))


def _labels(side: Side) -> list[str]:
    return [side.label(at) for at in range(side.count)] if side.count <= _LABELLED else []


def _square(values: Column, rows: Side, columns: Side) -> Array:
    """A derivative as a matrix; of complex tensors it is one of pairs already."""
    is_of_pairs = rows.is_complex or columns.is_complex
    return as_real(values) if is_of_pairs else as_real(values).reshape(rows.count, -1)


def _row(values: Column, side: Side) -> Array:
    """A tensor in the order of its labels: one row where it is a vector or complex, else its own rows."""
    if not side.is_complex:
        return matrix_of(values)
    pairs = flattened(values.astype(np.complex128))
    return pairs[None, :]


def _fitting(names: list[str], values: Array) -> list[str]:
    """Labels of a row of numbers; a matrix would need others."""
    return names if values.shape[0] == 1 else []
