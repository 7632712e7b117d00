"""Writing a formula out: placeholders become the names of this node's tensors, or their numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from graphviz_app.recording.formatting import number
from graphviz_app.recording.formulas import Formula, plain_value
from graphviz_app.recording.model import Column

LARGEST = 4
"""Rows and columns of the largest matrix whose numbers are put into a formula."""
LONGEST_NAME = 14
"""A longer name would make a formula of names; such a tensor goes by a letter, and the letter is explained."""

_PLACEHOLDER = re.compile(r"<([A-Za-z]+)(\d*|\.\.\.)([*^?]?)>")
_FACTOR = re.compile(r"<([A-Za-z]+)\?> ")
_GREEK = {"alpha", "beta", "gamma", "delta", "eps", "lambd", "sigma", "mu", "theta"}
_LETTERS = {"eps": r"\epsilon", "lambd": r"\lambda"}
_TAKEN = {"v", "J", "N"}
"""Letters every formula uses for itself: a tensor called so is set upright."""
_SPARE = "abcpqrsuwz"
_SCALAR = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
_OPERATOR = re.compile(r"(^|[-+*=(\[{|,:&]|\\(odot|cdot|times|leq|geq|lt|left\(|,))\s*$")
_FUNCTIONS = (
    r"\\(?:odot|cdot|frac|sqrt|left|right|overline|sin|cos|tan|sinh|cosh|tanh|ln|exp|max|min|pi|times|top|mathbf|leq|geq"
    r"|lt|quad|,)(?![a-z])|\\mathrm\{(?:diag|squeeze|unsqueeze|H)\}|(?<![A-Za-z])e(?=\^)"
)


@dataclass(frozen=True)
class Written:
    """A formula in LaTeX.

    Attributes
    ----------
    forward
        ``y = x \\odot w``; empty for what computes nothing.
    rules
        One for each input slot: ``v^{\\top} J_{x} = v \\odot w``.
    """

    forward: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Naming:
    """What the placeholders of one node are called.

    Attributes
    ----------
    latex
        Placeholder to LaTeX.
    letters
        Input slot to the letter that stands for it (as plain text), for those that have no name of their own.
    """

    latex: dict[str, str]
    letters: dict[int, str]


def latex_name(name: str) -> str:
    """A variable's name as LaTeX, or the empty string for one that cannot be set.

    ``x`` is ``x``, ``w_1`` and ``w1`` are ``w_{1}``, ``loss`` is upright, ``net.0.weight`` too.
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*", name) or len(name) > LONGEST_NAME:
        return ""
    if name in _TAKEN:
        return rf"\mathrm{{{name}}}"
    if len(name) == 1 and name != "_":
        return name
    if name.lower() in _GREEK - {"eps", "lambd"}:
        return "\\" + name.lower()
    below = re.fullmatch(r"([A-Za-z])_?(\d+|(?<=_)[A-Za-z0-9]+)", name)
    if below:
        tail = below[2] if len(below[2]) == 1 or below[2].isdigit() else rf"\mathrm{{{below[2]}}}"
        return f"{below[1]}_{{{tail}}}"
    return r"\mathrm{" + name.replace("_", r"\_") + "}"


def naming(formula: Formula, variables: Sequence[str] = (), result: str = "") -> Naming:
    """Names for the placeholders of a formula.

    Parameters
    ----------
    variables
        Of each input slot the name of its variable; the empty string for one that has none. May be shorter.
    result
        The name of the output's variable.
    """
    latex: dict[str, str] = {}
    letters: dict[int, str] = {}
    used = {text for text in map(latex_name, [*variables, result]) if text}
    first = formula.inputs[0].removesuffix("...")
    many = formula.inputs[0].endswith("...")
    for slot in range(len(variables) if many else len(formula.inputs)):
        placeholder = f"{first}{slot}" if many else formula.inputs[slot]
        own = latex_name(variables[slot]) if slot < len(variables) else ""
        if not own:
            default = f"{first}_{{{slot}}}" if many else _default(formula, placeholder)
            own = default if default not in used else next(one for one in _SPARE if one not in used)
            letters[slot] = own
            used.add(own)
        latex[placeholder] = own
    output = formula.outputs[0].removesuffix("...")
    default = _default(formula, output)
    latex[output] = latex_name(result) or (default if default not in used else r"\mathrm{out}")
    return Naming(latex, letters)


def _default(formula: Formula, placeholder: str) -> str:
    if placeholder in formula.symbols:
        return formula.symbols[placeholder]
    if placeholder in _LETTERS:
        return _LETTERS[placeholder]
    return "\\" + placeholder if placeholder in _GREEK else placeholder


def written(
    formula: Formula,
    names: Naming,
    known: Mapping[str, str],
    *,
    slots: int | None = None,
    scalar: bool = False,
    complex_: bool = False,
) -> Written:
    """The formula with names in place of its placeholders.

    Parameters
    ----------
    names
        From :func:`naming`.
    known
        Values of parameters as text, by placeholder: ``{"alpha": "1", "N": "6"}``; a number replaces its letter.
    slots
        How many inputs there are, for a formula of ``x...``.
    scalar
        Every tensor is a single number: products are written with a dot.
    complex_
        Whether conjugates are shown; those of real numbers are the numbers themselves.
    """

    def resolve(placeholder: str, digits: str, _before: str) -> str:
        return _named(formula, names, known, placeholder, digits, _before)

    many = formula.inputs[0].endswith("...")
    count = slots if slots is not None and many else len(formula.inputs)
    rules = []
    for slot in range(count):
        text = _fill(formula.rules[formula.rule_index(slot)], resolve, known, slot, complex_)
        rules.append(text if r"\leftarrow" in text else f"{side(formula, names, slot)} = {text}")
    forward = _fill(formula.forward, resolve, known, 0, complex_)
    done = Written(forward, tuple(rules))
    return Written(_dotted(done.forward), tuple(map(_dotted, done.rules))) if scalar else done


def side(formula: Formula, names: Naming, slot: int) -> str:
    """The left-hand side of the rule of an input: ``v^{\\top} J_{x}``; one used twice has its slot above."""
    first = formula.inputs[0].removesuffix("...")
    many = formula.inputs[0].endswith("...")
    own = names.latex.get(f"{first}{slot}" if many else formula.inputs[slot], f"{first}_{{{slot}}}")
    inputs = [name for placeholder, name in names.latex.items() if placeholder not in formula.outputs]
    above = f"^{{({slot})}}" if inputs.count(own) > 1 else ""
    return rf"v^{{\top}} J_{{{own}}}{above}"


def _named(
    formula: Formula, names: Naming, known: Mapping[str, str], placeholder: str, digits: str, before: str
) -> str:
    if placeholder == "v":
        return f"v_{{{digits}}}" if digits else "v"
    if digits == "...":
        return _listed(names, placeholder)
    if placeholder in names.latex:
        return names.latex[placeholder]
    value = plain_value(known.get(placeholder, ""))
    if _SCALAR.fullmatch(value):
        # The end of an open slice is the greatest integer there is.
        return "" if len(value) > 15 and "." not in value else _in_place(float(value), before)
    return _default(formula, placeholder)


def _listed(names: Naming, stem: str) -> str:
    """``a, b, c``: the first few of however many there are."""
    every = [text for name, text in names.latex.items() if re.fullmatch(rf"{stem}\d+", name)]
    shown = every[:LARGEST] or [f"{stem}_{{0}}", f"{stem}_{{1}}"]
    return ", ".join(shown) + (r", \ldots" if len(shown) != len(every) else "")


def _fill(
    template: str, resolve: Callable[[str, str, str], str], known: Mapping[str, str], slot: int, complex_: bool
) -> str:
    """Replace every placeholder; the resolver gets its name, its digits and the text before it."""

    ones = {name for name, value in known.items() if plain_value(value) == "1"}
    template = _FACTOR.sub(lambda match: "" if match[1] in ones else match[0], template)

    def put(match: re.Match[str]) -> str:
        placeholder, digits, mark = match[1], match[2], match[3]
        if placeholder == "i":
            return str(slot)
        if digits == "...":
            return resolve(placeholder, digits, "")
        text = resolve(placeholder, digits, template[: match.start()])
        if mark == "*" and complex_:
            text = rf"\overline{{{text}}}"
        elif mark == "^":
            text = rf"{{{text}}}^{{\mathrm{{H}}}}" if complex_ else rf"{{{text}}}^{{\top}}"
        # A name may end in an index of its own: braces keep it together with one that follows.
        return f"{{{text}}}" if template[match.end() :].startswith(("_", "^")) and not _whole(text) else text

    return _PLACEHOLDER.sub(put, template)


def _whole(text: str) -> bool:
    return len(text) == 1 or (text.startswith("(") and text.endswith(")"))


def _dotted(text: str) -> str:
    return text.replace(r"\odot", r"\cdot")


def substituted(
    formula: Formula,
    names: Naming,
    slot: int,
    values: Mapping[str, Column],
    known: Mapping[str, str],
    result: Column | None,
) -> str:
    """The rule of one input with numbers in place of tensors, or the empty string where they cannot be put.

    Parameters
    ----------
    values
        Tensors by placeholder, the incoming gradient as ``v`` (``v0``, ``v1`` with several outputs). Each has at most
        two dimensions of at most 4.
    known
        As in :func:`written`.
    result
        What torch returned for this input; written after a second ``=``.
    """
    template = formula.rules[formula.rule_index(slot)]
    if not template or _speaks_of_more(template) or (result is not None and not fits(result)):
        return ""
    needed = {f"{m[1]}{m[2]}" for m in _PLACEHOLDER.finditer(template)} - {"i"}
    if any(name in values and not fits(values[name]) for name in needed):
        return ""
    if any(name not in values and not _SCALAR.fullmatch(plain_value(known.get(name, ""))) for name in needed):
        return ""
    complex_ = any(np.iscomplexobj(values[name]) for name in needed & values.keys())

    def resolve(placeholder: str, digits: str, before: str) -> str:
        found = values.get(f"{placeholder}{digits}")
        if found is None:
            return _named(formula, names, known, placeholder, digits, before)
        return _in_place(found[()], before) if found.ndim == 0 else matrix(found, column=formula.columns)

    text = _fill(template, resolve, known, slot, complex_)
    if all(values[name].ndim == 0 for name in needed & values.keys()):
        text = _dotted(text)
    answer = "" if result is None else matrix(result, column=formula.columns)
    return f"{side(formula, names, slot)} = {text}" + (f" = {answer}" if answer and answer != text else "")


def _speaks_of_more(template: str) -> bool:
    """Whether a rule has letters of its own (an index, an abbreviation), which no number can replace."""
    if re.search(r">(\}|\s)*_|>\[", template):
        return True
    left = re.sub(_FUNCTIONS, "", _PLACEHOLDER.sub("", template))
    return re.search(r"[A-Za-z]", left) is not None


def fits(values: Column) -> bool:
    """Whether a tensor's numbers can stand in a formula."""
    return values.ndim <= 2 and values.size > 0 and all(size <= LARGEST for size in values.shape)


def matrix(values: Column, *, column: bool = False) -> str:
    """A scalar, vector or small matrix in LaTeX, four significant digits."""
    array = np.asarray(values)
    if array.ndim == 0:
        return _number(array[()])
    rows = array.reshape(-1, 1) if array.ndim == 1 and column else np.atleast_2d(array)
    lines = r" \\ ".join(" & ".join(_number(one) for one in row) for row in rows)
    return rf"\begin{{bmatrix}} {lines} \end{{bmatrix}}"


def inline(value: Column) -> str:
    """A number that stands for a tensor by name: in parentheses when it has a sign."""
    text = _number(np.asarray(value)[()])
    return f"({text})" if text.startswith("-") or "+" in text else text


def _in_place(value: object, before: str) -> str:
    """A number where something stands before it: in parentheses where it would run into that."""
    text = _number(value)
    opened = before.rstrip().endswith("{")
    alone = _OPERATOR.search(before) is not None
    if opened and not text.startswith("-"):
        return text
    return text if alone and not text.startswith("-") and "+" not in text else f"({text})"


def _number(value: object) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "1" if value else "0"
    text = number(value)
    if isinstance(value, (complex, np.complexfloating)):
        return text.replace("j", "i")
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        return rf"{mantissa} \times 10^{{{exponent}}}"
    return {"nan": r"\mathrm{nan}", "inf": r"\infty", "-inf": r"-\infty"}.get(text, text)


_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_BREAK_BEFORE = {"=", "+", "-", r"\odot", r"\cdot", r"\leftarrow"}
_OPENS = {"{", "(", "[", r"\left", r"\begin"}
_CLOSES = {"}", ")", "]", r"\right", r"\end"}


@lru_cache(maxsize=1024)
def broken(latex: str) -> tuple[str, ...]:
    """A formula cut where a line may end: before a relation or an operator that stands in no parentheses.

    Each part can be typeset by itself; one that begins with an operator keeps the room before it.
    """
    parts, now, depth, after_operator, bare = [], "", 0, True, ""
    tokens = _TOKEN.findall(latex)
    for place, token in enumerate(tokens):
        matrix_begins = r"\begin" in tokens[place : place + 2] and token in (r"\begin", "{") and "matrix" in now
        if depth == 0 and not after_operator and (token in _BREAK_BEFORE or matrix_begins):
            parts.append(now)
            now = "{} "
        if bare not in (r"\left", r"\right"):  # the parenthesis that follows belongs to them
            depth += (token in _OPENS) - (token in _CLOSES)
        now += token
        if depth == 0 and token == r"\quad":
            parts.append(now.removesuffix(r"\quad"))
            now, after_operator = "", True
        elif not token.isspace():
            after_operator = depth == 0 and (token in _BREAK_BEFORE or token in (",", r"\,"))
        bare = token if not token.isspace() else bare
    return tuple(part.strip() for part in [*parts, now] if part.strip() not in ("", "{}"))
