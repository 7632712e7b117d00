"""What a search can ask of a node: the fields of the query language, their other names and their units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldKind = Literal["text", "path", "code", "choice", "shape", "number"]

SECONDS: dict[str, float] = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0}
BYTES: dict[str, float] = {
    "b": 1.0, "kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 2.0**10, "mib": 2.0**20, "gib": 2.0**30,
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One field.

    Attributes
    ----------
    name
        As it is offered.
    kind
        ``text``: one of the texts of an operation. ``path``: a dotted name, of which any whole part may be given.
        ``code``: source text, compared without its spaces. ``choice``: one of :attr:`choices`, or of what the
        recording has. ``shape``: sizes. ``number``: compared as a number.
    aliases
        Other names it goes by.
    units
        What may stand behind a number, and what it multiplies it by.
    choices
        Every value there is; empty when the recording decides.
    """

    name: str
    kind: FieldKind
    aliases: tuple[str, ...] = ()
    units: tuple[tuple[str, float], ...] = ()
    choices: tuple[str, ...] = ()

    def comparisons(self) -> tuple[str, ...]:
        """The signs that may stand behind it."""
        if self.kind == "number":
            return "=", "!=", "<", "<=", ">", ">="
        return ("=", "!=", ":") if self.kind in ("text", "path", "code") else ("=", "!=")


KINDS = ("op", "leaf", "root", "constant", "cut")
"""Words for :class:`~graphviz_app.recording.model.NodeKind`, in its order."""
GRADIENTS = ("nan", "inf", "zero", "vanishing", "exploding", "none")
"""What the gradient that reached a node can be."""
FLAGS = ("nan", "inf", "vanishing", "exploding")
"""Of those, what can be asked for by the word alone."""

FIELDS: tuple[Field, ...] = (
    Field("op", "text", ("class", "operation", "运算", "算子")),
    Field("variable", "path", ("var", "name", "变量")),
    Field("module", "path", ("layer", "模块")),
    Field("expression", "code", ("expr", "code", "表达式")),
    Field("function", "path", ("fn", "函数")),
    Field("kind", "choice", ("is", "种类"), choices=KINDS),
    Field("shape", "shape", ("形状",)),
    Field("dims", "number", ("dim", "ndim", "rank", "维数")),
    Field("elements", "number", ("numel", "元素数")),
    Field("dtype", "choice", ("数据类型",)),
    Field("device", "choice", ("设备",)),
    Field("line", "number", ("行",)),
    Field("step", "number", ("步",)),
    Field("norm", "number", ("norm_in", "范数")),
    Field("norm_out", "number", ("sent",)),
    Field("gradient", "choice", ("grad", "梯度"), choices=GRADIENTS),
    Field("time", "number", ("时间",), tuple(SECONDS.items())),
    Field("forward", "number", ("forward_time", "前向时间"), tuple(SECONDS.items())),
    Field("backward", "number", ("backward_time", "反向时间"), tuple(SECONDS.items())),
    Field("memory", "number", ("saved", "内存"), tuple(BYTES.items())),
)
BY_NAME: dict[str, Field] = {name: field for field in FIELDS for name in (field.name, *field.aliases)}
DTYPES: dict[str, str] = {"half": "float16", "float": "float32", "double": "float64", "long": "int64", "int": "int32"}
"""Other names of dtypes, as in ``torch.half``."""


def field_named(name: str) -> Field | None:
    """The field a person means, or ``None``."""
    return BY_NAME.get(name.casefold())
