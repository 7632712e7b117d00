"""From an exception to what a person can do about it."""

from __future__ import annotations

import re
import traceback
from types import TracebackType

from graphviz_app.engine.loading import CannotLoad
from graphviz_app.engine.program import Program, is_single_expression, missing_names
from graphviz_app.engine.sites import make_site
from graphviz_app.recording.model import NONE, Problem, Site

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (key, re.compile(pattern, re.DOTALL))
    for key, pattern in (
        ("non_scalar_backward", r"grad can be (implicitly )?created only for (scalar|real scalar)"),
        (
            "gradient_shape",
            r"Mismatch in shape: grad_output\[\d+\] has a shape of torch\.Size\((?P<given>.*?)\) and "
            r"output\[\d+\] has a shape of torch\.Size\((?P<wanted>.*?)\)",
        ),
        ("gradient_dtype", r"For complex Tensors, both grad_output and output|Expected a .*grad_output.*dtype"),
        ("backward_twice", r"Trying to backward through the graph a second time"),
        ("modified_in_place", r"one of the variables needed for gradient computation has been modified by an inplace"),
        (
            "leaf_in_place",
            r"(?<!view of )a leaf Variable that requires grad (is being used in an in-place|has been moved into)",
        ),
        ("leaf_view_in_place", r"a view of a leaf Variable that requires grad"),
        ("multi_view_in_place", r"Output \d+ of (?P<function>\w+) is a view and (is being|its base)"),
        ("no_grad_view_in_place", r"A view was created in no_grad mode"),
        ("retain_grad_without_grad", r"can't retain_grad on Tensor that has requires_grad=False"),
        ("no_grad_path", r"element \d+ of tensors does not require grad"),
        (
            "unused_input",
            r"One of the differentiated Tensors (appears to not have been used|does not require grad)"
            r"|The differentiated Tensor at index \d+ appears to not",
        ),
        ("integer_leaf", r"[Oo]nly Tensors of floating point (and complex )?dtype can require gradients"),
        ("flag_on_non_leaf", r"you can only change requires_grad flags of leaf variables"),
        ("optimizer_non_leaf", r"can't optimize a non-leaf Tensor"),
        ("numpy_on_tracked", r"Can't call numpy\(\) on Tensor that requires grad"),
        ("inference_tensor", r"Inference tensors cannot be saved for backward|[Ii]nplace update to inference tensor"),
        ("deepcopy_non_leaf", r"Only Tensors created explicitly by the user"),
        (
            "function_arity",
            r"function (?P<function>\w+) returned an incorrect number of gradients "
            r"\(expected (?P<wanted>\d+), got (?P<got>\d+)\)",
        ),
        (
            "function_shape",
            r"Function (?P<function>\w+) returned an invalid gradient at index \d+ - got "
            r"(?P<got>\[.*?\]) but expected shape compatible with (?P<wanted>\[.*?\])",
        ),
        ("once_differentiable", r"marked with @once_differentiable"),
        ("no_derivative", r"the derivative for '(?P<function>[^']*)' is not implemented"),
        (
            "two_devices",
            r"Expected all tensors to be on the same device|is not on the expected device"
            r"|expected device \S+ but got",
        ),
        (
            "broadcast_shapes",
            r"The size of tensor a \((?P<a>\d+)\) must match the size of tensor b \((?P<b>\d+)\) at non-singleton "
            r"dimension (?P<dimension>\d+)",
        ),
        ("view_size", r"shape '(?P<shape>\[[^']*\])' is invalid for input of size (?P<size>\d+)"),
        ("channels", r"to have (?P<wanted>\d+) channels, but got (?P<got>\d+) channels instead"),
        ("batch_sizes", r"Expected input batch_size \((?P<got>\d+)\) to match target batch_size \((?P<wanted>\d+)\)"),
        ("class_label", r"Target (?P<label>-?\d+) is out of bounds"),
        (
            "index_dtype",
            r"argument #1 'indices' to have one of the following scalar types.*got torch\.(?P<got>\w+)",
        ),
        ("anomaly", r"Function '(?P<function>\w+)' returned nan values in its \d+th output"),
        ("none_used", r"unsupported operand type\(s\) for .*'NoneType'"),
        ("matmul_shape", r"mat1 and mat2 shapes cannot be multiplied \((?P<shapes>[^)]*)\)"),
        (
            "shape_mismatch",
            r"The size of tensor a .* must match the size of tensor b|shape '.*' is invalid for input"
            r"|Sizes of tensors must match|size mismatch|inconsistent tensor size"
            r"|The expanded size of the tensor",
        ),
        ("tensor_truth", r"Boolean value of Tensor with more than one value is ambiguous"),
        (
            "not_a_number",
            r"a Tensor with \d+ elements cannot be converted to Scalar"
            r"|only one element tensors can be converted",
        ),
        ("cuda_missing", r"Torch not compiled with CUDA enabled|Found no NVIDIA driver|No CUDA GPUs are available"),
        (
            "gpu_out_of_memory",
            r"(CUDA|HIP|XPU|MPS\S* backend) out of memory.*?[Tt]ried to allocate (?P<size>[\d.]+ \w+)",
        ),
        ("gpu_fault", r"(CUDA|HIP) error: (?P<detail>[^\n]+?)\.?(\n|$)"),
        ("out_of_memory", r"out of memory|can't allocate memory|not enough memory"),
        (
            "dtype_mismatch",
            r"expected (m1 and m2|scalar type|mat1 and mat2) .*(dtype|type|but found)"
            r"|must have the same dtype|Found dtype \w+ but expected",
        ),
    )
)

_BY_TYPE: tuple[tuple[type[BaseException], str], ...] = (
    (KeyboardInterrupt, "stopped"),
    (RecursionError, "recursion"),
    (MemoryError, "out_of_memory"),
    (AssertionError, "assertion"),
    (ZeroDivisionError, "zero_division"),
    (IndexError, "index_error"),
    (EOFError, "no_input"),
    (ValueError, "value_error"),
    (TypeError, "type_error"),
)

_OUR_FILES = ("graphviz_app/engine/", "graphviz_app\\engine\\")


def problem_of(error: BaseException, program: Program, namespace: set[str], node: int = NONE) -> Problem:
    """Explain an exception that a program ended with.

    Parameters
    ----------
    namespace
        Names the program could see, to tell what was missing.
    node
        The graph node that raised it, or ``-1``.
    """
    key, params = _explain(error, program, namespace)
    return Problem(
        key=key,
        params=params,
        type=type(error).__name__,
        message=_message(error),
        traceback=_traceback(error),
        site=_site(error, program.filename),
        node=node,
    )


def explain_message(message: str) -> tuple[str, dict[str, str]] | None:
    """The key and fields of a message torch is known to give; ``None`` for any other."""
    for key, pattern in _PATTERNS:
        found = pattern.search(message)
        if found is not None:
            return key, {name: _size_text(value) for name, value in found.groupdict(default="").items()}
    return None


def _explain(error: BaseException, program: Program, namespace: set[str]) -> tuple[str, dict[str, str]]:
    message = _message(error)
    if isinstance(error, CannotLoad):
        return error.key, error.params
    if isinstance(error, SystemExit):
        return "system_exit", {"code": str(0 if error.code is None else error.code)}
    if isinstance(error, SyntaxError):
        kind = "indentation_error" if isinstance(error, IndentationError) else "syntax_error"
        return kind, {"line": str(error.lineno or 1), "detail": str(error.msg)}
    if isinstance(error, UnboundLocalError):
        return "unbound_local", {"name": _quoted(message)}
    if isinstance(error, NameError):
        return _explain_name(error, program, namespace)
    if isinstance(error, ImportError):
        return "import_error", {"name": error.name or _quoted(message)}
    if isinstance(error, AttributeError) and error.obj is None and "'NoneType' object" in message:
        return "none_used", {}
    if isinstance(error, AttributeError):
        owner = type(error.obj).__name__ if error.obj is not None else message.partition(" has no")[0]
        return "attribute_error", {"owner": owner, "name": error.name or _quoted(message)}
    if isinstance(error, KeyError):
        return "key_error", {"key": message}
    if isinstance(error, FileNotFoundError):
        return "file_missing", {"name": str(error.filename or "")}
    known = explain_message(message)
    if known is not None:
        if known[0] == "integer_leaf":
            known[1]["dtype"] = "int64"
        return known
    for kind_of_error, key in _BY_TYPE:
        if isinstance(error, kind_of_error):
            return key, {}
    return "other", {"type": type(error).__name__}


def _explain_name(error: NameError, program: Program, namespace: set[str]) -> tuple[str, dict[str, str]]:
    name = error.name or _quoted(_message(error))
    if is_single_expression(program.source):
        missing = missing_names(program.source, namespace)
        if missing:
            return "name_made_up_offer", {"names": ", ".join(missing)}
    close = _closest(name, namespace)
    if close:
        return "name_error_similar", {"name": name, "similar": close}
    return "name_error", {"name": name}


def _closest(name: str, namespace: set[str]) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, sorted(namespace - {name}), n=1, cutoff=0.75)), "")


def _quoted(message: str) -> str:
    found = re.search(r"'([^']*)'", message)
    return found.group(1) if found else ""


def _size_text(text: str) -> str:
    """Sizes as the program writes them: ``(2, 3)`` without its brackets, ``3x4 and 5x6`` as a product."""
    return text[1:-1] if text.startswith("(") else text.replace(" and ", " @ ")


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # an exception of the program's own whose __str__ raises
        return type(error).__name__


def _traceback(error: BaseException) -> str:
    """The traceback without this package's own frames."""
    try:
        found = traceback.TracebackException.from_exception(error, compact=True)
        frames = [frame for frame in found.stack if not any(part in frame.filename for part in _OUR_FILES)]
        found.stack = traceback.StackSummary.from_list(frames)
        return "".join(found.format())
    except Exception:  # the program's own exception classes may break formatting
        return f"{type(error).__name__}: {_message(error)}"


def _site(error: BaseException, filename: str) -> Site | None:
    """Where in the program's text the error happened: its innermost frame there, or where the syntax breaks."""
    if isinstance(error, SyntaxError) and error.filename == filename and error.lineno:
        return _syntax_site(error, filename)
    found: TracebackType | None = None
    current = error.__traceback__
    while current is not None:
        if current.tb_frame.f_code.co_filename == filename:
            found = current
        current = current.tb_next
    if found is None:
        return None
    positions = list(found.tb_frame.f_code.co_positions())[found.tb_lasti // 2]
    line, end_line, column, end_column = positions
    if line is None or end_line is None or column is None or end_column is None:
        return Site(filename, found.tb_lineno, 0, found.tb_lineno, 0, "", True)
    return make_site(filename, (line, column, end_line, end_column), True)


def _syntax_site(error: SyntaxError, filename: str) -> Site:
    line = error.lineno or 1
    start = max((error.offset or 1) - 1, 0)
    end_line = error.end_lineno or line
    end = (error.end_offset or 0) - 1
    if end_line == line and end <= start:
        end = start + 1
    return Site(filename, line, start, end_line, max(end, 0), (error.text or "").rstrip("\n"), True)
