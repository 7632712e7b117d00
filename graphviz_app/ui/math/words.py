"""Sentences about a Jacobian: what it is, what a row or an entry says, and whether vᵀJ is what torch returned."""

from __future__ import annotations

from graphviz_app.recording.calculus import NodeMath
from graphviz_app.recording.formatting import block as block_text
from graphviz_app.recording.formatting import number
from graphviz_app.recording.formatting import shape as shape_text
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import NONE
from graphviz_app.ui import texts
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.drawing import Place
from graphviz_app.ui.math.terms import Terms

_SPOKEN = 64
"""Entries of a Jacobian that are read out; of a larger one its size."""
NEEDS_GRAPHS = (MATH_NOTES["graph_freed"], MATH_NOTES["saved_changed"])
"""Refusals that running again with the graphs kept would overcome."""


def structure_words(terms: Terms) -> str:
    """What J is, in a sentence a student understands."""
    y, x = terms.y.name, terms.x.name
    block = terms.block
    words = {
        "zero": tr("J is zero: {y} does not change with {x} here, so no gradient gets through.", y=y, x=x),
        "identity": tr("J is the identity: {y} changes exactly as {x} does, so v passes through unchanged.", y=y, x=x),
        "scaled": tr(
            "J is {number} times the identity: every element of v is multiplied by {number}.",
            number=number(block.scale),
        ),
        "diagonal": tr("J is diagonal: each element of {y} depends only on its own element of {x}.", y=y, x=x),
        "permutation": tr("J is a permutation: {y} holds the elements of {x} in another order.", y=y, x=x),
        "selection": tr(
            "J selects: each element of {y} is a copy of at most one element of {x}; those not copied get 0.", y=y, x=x
        ),
        "broadcast": tr(
            "J repeats: several elements of {y} are copies of one element of {x}, so their gradients add up.", y=y, x=x
        ),
        "sum": tr("J adds up: each element of {x} enters one sum, so it gets the gradient of that sum.", x=x),
        "dense": _dense(terms),
        "unknown": tr("Not every entry of J was computed: choose an element to see its derivatives."),
    }
    if block.scale != 1 and block.structure in ("permutation", "selection", "broadcast", "sum"):
        return f"{words[block.structure]} {tr('All of it times {number}.', number=number(block.scale))}"
    return words[block.structure]


def _dense(terms: Terms) -> str:
    count = terms.y.count * terms.x.count
    if terms.block.nonzero >= count:
        return tr("J is dense: every element of {y} depends on every element of {x}.", y=terms.y.name, x=terms.x.name)
    return tr(
        "{count} of the {all} entries of J are not zero: only there does {y} depend on {x}.",
        count=f"{terms.block.nonzero:,}",
        all=f"{count:,}",
        y=terms.y.name,
        x=terms.x.name,
    )


def nothing_words(answer: NodeMath, terms: Terms | None) -> str:
    """Why there is no equation though there is an answer; empty when there is one."""
    if terms is None:
        notes = " ".join(texts.math_note(note) for note in answer.notes)
        return notes or tr("No gradient flows between this output and this input.")
    if terms.y.count and terms.x.count:
        return ""
    empty = terms.y if terms.x.count else terms.x
    return tr(
        "{name} {shape} has no elements, so J is empty: {rows} × {columns}.",
        name=empty.name,
        shape=shape_text(empty.shape),
        rows=terms.y.count,
        columns=terms.x.count,
    )


def others_words(terms: Terms) -> str:
    """That vᵀJ is more than this J gives, where the node has other outputs with a gradient; else empty."""
    if not terms.others:
        return ""
    if terms.others == 1:
        return tr("The other output adds its own part to the same vᵀJ.")
    return tr("{count} other outputs add their own parts to the same vᵀJ.", count=terms.others)


def agreement_words(answer: NodeMath) -> tuple[str, str]:
    """Whether vᵀJ is what the node returned in the run, and the colour role of that sentence."""
    if answer.agreement == "equal":
        return tr("equals what torch returned, bit for bit"), "ok"
    if answer.agreement == "close" and answer.worst == 0:
        return tr("equals what torch returned wherever both are finite"), "ok"
    if answer.agreement == "close":
        return tr("close to what torch returned: differs by {worst} at most", worst=number(answer.worst, 2)), "ok"
    if answer.agreement == "differs":
        worst, tolerance = number(answer.worst, 2), number(answer.tolerance, 2)
        return (
            tr("differs from what torch returned by {worst}, more than {tolerance}", worst=worst, tolerance=tolerance),
            "error",
        )
    return tr("not compared with what torch returned: J was not computed whole"), "text_dim"


def line_words(terms: Terms, row: int, column: int) -> str:
    """What a chosen row or column of J says; empty for none."""
    if row != NONE:
        y = terms.y.label(row)
        return tr("row {y}: how {y} depends on each element of {x}", y=y, x=terms.x.name)
    if column != NONE:
        x = terms.x.label(column)
        return tr("column {x}: how each element of {y} depends on {x}", x=x, y=terms.y.name)
    return ""


def hint(*, is_flat: bool) -> str:
    """What can be done with what is shown."""
    if is_flat:
        return tr("Point at an entry to read it; press it to look at its row, then at its column.")
    return tr("Press an element for its derivatives, or a derivative to look from its other end.")


def spoken(terms: Terms) -> str:
    """The equation in a line, for who cannot see it."""
    entries = terms.entries
    if entries is None or entries.size > _SPOKEN or terms.v is None or terms.product is None:
        y, x = terms.y, terms.x
        return tr("Jacobian of {y} by {x}: {rows} × {columns}", y=y.name, x=x.name, rows=y.count, columns=x.count)
    v, j, product = (" ".join(block_text(each).split()) for each in (terms.v, entries, terms.product))
    return f"v {v} · J {j} = {product}"


def place_words(terms: Terms, place: Place) -> str:
    """What is under the pointer: an entry with its row, its column and its part of vᵀJ, or an element of v or vᵀJ."""
    if place.part == "v":
        return _element(terms, place, "v")
    if place.part == "product":
        return _element(terms, place, "vᵀJ")
    if place.row == NONE or place.column == NONE:
        return line_words(terms, place.row, place.column)
    row, column = terms.y.label(place.row), terms.x.label(place.column)
    if place.rows > 1 or place.columns > 1:
        last_row = terms.y.label(place.row + place.rows - 1)
        last_column = terms.x.label(place.column + place.columns - 1)
        return tr(
            "rows {row} to {last_row}, columns {column} to {last_column}",
            row=row,
            last_row=last_row,
            column=column,
            last_column=last_column,
        )
    line = terms.row(place.row)
    if line is None:
        return f"∂{row}/∂{column}"
    entry = float(line[place.column])
    words = f"∂{row}/∂{column} = {number(entry, 6)}"
    if terms.v is None:
        return words
    v = float(terms.v[place.row])
    return f"{words} · v·J = {number(v, 6)} · {number(entry, 6)} = {number(v * entry, 6)}"


def _element(terms: Terms, place: Place, name: str) -> str:
    values, side, at, count = (
        (terms.v, terms.y, place.row, place.rows)
        if name == "v"
        else (terms.product, terms.x, place.column, place.columns)
    )
    label = side.label(at)
    if count > 1:
        return tr("{name} from {first} to {last}", name=name, first=label, last=side.label(at + count - 1))
    if values is None:
        return f"{name} · {label}"
    return f"{name} · {label} = {number(float(values[at]), 6)}"
