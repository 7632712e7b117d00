"""The command line: open the window, draw pictures and record without one.

Exit codes: 0 done; 1 the program raised (what was recorded is still written); 2 wrong arguments or a bad file;
3 stopped by a limit.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import stat
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from graphviz_app.recording.collector import collector_paused

if TYPE_CHECKING:
    from graphviz_app.recording.given import GivenFile

DONE, RAISED, WRONG, LIMIT = 0, 1, 2, 3
FORMATS = ("png", "svg", "pdf", "gif", "dot", "json")
COMMANDS = """commands:
  graphviz-app open [FILE]                        open the window, as without a command
  graphviz-app render FILE -o OUT.png             draw without a window: png, svg, pdf, gif, dot, json
  graphviz-app record FILE -o RUN.safetensors     keep a run, to open or render later without running it

"graphviz-app render --help" and "graphviz-app record --help" show all their options.
exit codes: 0 done; 1 the program raised; 2 wrong arguments or a bad file; 3 stopped by a limit"""
RUN_OPTIONS = ("device", "seed", "timeout", "memory", "backward", "make_up", "data")
"""What says how a program is run; it is absent from the parsed arguments unless it was given."""

_MOST_NUMBER, _MOST_DIGITS = 1e15, 40
"""What is larger was not meant: it is refused before Python or the machine stumbles over it."""


class Wrong(Exception):
    """Wrong arguments or a bad file: one sentence for the person."""


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    _hold_standard_streams()
    arguments = list(sys.argv[1:] if argv is None else argv)
    commands = {"render": _render, "record": _record, "open": _window}
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that cannot write a character shows its number
            stream.reconfigure(errors="backslashreplace")
    try:
        if arguments and arguments[0] in commands:
            return commands[arguments[0]](arguments[1:])
        return _window(arguments)
    except Wrong as error:
        print(f"graphviz-app: {error}", file=sys.stderr)
        return WRONG
    except SystemExit as end:  # argparse has said what is wrong, or shown its help
        return end.code if isinstance(end.code, int) else WRONG
    except KeyboardInterrupt:
        print("graphviz-app: stopped.", file=sys.stderr)
        return LIMIT
    except Exception as error:
        hidden = _hidden_module(error)
        if hidden is None:
            raise
        advice = "Rename that file, or take its folder out of PYTHONPATH."
        print(f"graphviz-app: {hidden} stands in the way of the module of that name. {advice}", file=sys.stderr)
        return WRONG


def _hold_standard_streams() -> None:
    """Open what a desktop left closed: a connection to a process would get its number, and be taken for its output."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _hidden_module(error: Exception) -> Path | None:
    """A file in a folder of PYTHONPATH that Python took for a module of its own or of ours, and that failed."""
    folders = {Path(folder).resolve() for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder}
    files = [Path(frame.filename) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, ImportError) and error.path is not None:  # it has not what is looked for in it
        files.append(Path(error.path))
    named = sys.stdlib_module_names | {"numpy", "msgspec", "ml_dtypes", "PIL", "PySide6", "psutil"}
    return next((file for file in files if file.stem in named and file.resolve().parent in folders), None)


def _window(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="graphviz-app",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="See PyTorch's autograd: the graph, and the backward pass step by step.\nOpens the window.",
        epilog=COMMANDS,
    )
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="a program (.py), a recording (.safetensors) or a lesson's folder",
    )
    parser.add_argument("--version", action="version", version=_version())
    _add_data(parser)
    options = parser.parse_args(arguments)
    from graphviz_app.lessons.names import is_lesson

    if options.file is not None and not is_lesson(options.file):
        check_input(options.file)
    data = data_files(options.data if "data" in options else [])
    with collector_paused():
        from graphviz_app.ui.imports import plain_imports

        plain_imports()
        from graphviz_app.ui.app import run_window
    return run_window(options.file, data)


def _add_data(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    data = "a variable from a file: .npy .npz .safetensors .pt .png .jpg .csv .gif .mp4, or lesson:NAME; repeatable"
    parser.add_argument("--data", action="append", default=argparse.SUPPRESS, metavar="[NAME=]PATH", help=data)


def data_files(texts: Sequence[str]) -> list[GivenFile]:
    """The files of data named on the command line, and the variables they become.

    Raises
    ------
    Wrong
        When a name cannot be one, or a file is missing.
    """
    from graphviz_app.recording.given import NameRefused, file_of, given_file

    files: list[GivenFile] = []
    for text in texts:
        try:
            given = given_file(text, {file.name for file in files})
        except NameRefused as error:
            raise Wrong(f"--data {text}: {error}") from error
        if not os.path.isfile(file_of(given.path)):
            raise Wrong(f"--data {text}: there is no file {file_of(given.path)}.")
        files.append(given)
    return files


def check_input(file: Path) -> None:
    """Refuse a program or recording that cannot be opened, before anything is started for it.

    Raises
    ------
    Wrong
        When it is not a plain file, or too large for a program.
    """
    from graphviz_app.recording.given import KINDS, MOST_PROGRAM

    advice = "give the path of a .py program or a .safetensors recording."
    # os.path says no where Path raises: a name too long, a link to itself.
    if os.path.isdir(file):
        raise Wrong(f"{file} is a folder; {advice}")
    if not os.path.exists(file):
        raise Wrong(f"there is no file {file}; {advice}")
    found = file.stat()
    if not stat.S_ISREG(found.st_mode):  # a pipe that nobody writes to would be waited for, /dev/zero never ends
        raise Wrong(f"{file} is not a plain file; {advice}")
    if found.st_size > MOST_PROGRAM and file.suffix.lower() not in KINDS:
        raise Wrong(f"{file} is too large for a program: {found.st_size / 1e6:,.0f} MB; {advice}")


def check_output(output: Path) -> None:
    """Refuse a place that cannot be written, before a program is run for nothing.

    Raises
    ------
    Wrong
        When it is a folder, or in one that is missing or closed to us.
    """
    if os.path.isdir(output):
        raise Wrong(f"{output} cannot be written: it is a folder. Give the name of a file.")
    if not os.path.isdir(output.parent):
        raise Wrong(f"{output} cannot be written: there is no folder {output.parent}. Make it first.")
    if not os.access(output.parent, os.W_OK | os.X_OK):
        raise Wrong(f"{output} cannot be written: the folder {output.parent} is closed to you. Choose another.")
    try:
        os.stat(output)
    except FileNotFoundError:
        return
    except OSError as error:  # a name too long, a link to itself
        raise Wrong(f"{output} cannot be written: {error.strerror}.") from error


def _version() -> str:
    from graphviz_app import __version__

    return f"graphviz-app {__version__}"


def size(text: str) -> int:
    """A number of bytes written by a person: ``500M``, ``2G``, ``1.5GB``."""
    match = re.fullmatch(r"\s*([0-9]*\.?[0-9]+)\s*([kmgt]?)i?b?\s*", text, re.IGNORECASE)
    if not match or not 0 < float(match[1]) < _MOST_NUMBER:
        raise argparse.ArgumentTypeError(f"{text!r} is not an amount of memory; write it like 500M or 2G")
    return int(float(match[1]) * 1024 ** " kmgt".index(match[2].lower() or " "))


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number greater than 0")
    return value


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 on")
    if len(text) > _MOST_DIGITS:  # Python reads no number of more than some thousand digits
        raise argparse.ArgumentTypeError(f"a number of {len(text)} digits is too large")
    return int(text)


def _seed(text: str) -> int:
    from graphviz_app.worker.client import MOST_SEED

    seed = _whole(text)
    if seed > MOST_SEED:
        raise argparse.ArgumentTypeError(f"{text!r} is too large; the largest seed is {MOST_SEED}")
    return seed


def _add_program(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="a program (.py) or recording (.safetensors)"
    )
    source.add_argument("-c", dest="code", metavar="CODE", help="the program itself")
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="OUT", help="the file to write")
    parser.add_argument("--root", metavar="NAME", help="the result to look at, by variable name")
    _add_run(parser.add_argument_group("how a program is run (a recording is not run)"))


def _add_run(group: argparse._ArgumentGroup) -> None:
    absent = argparse.SUPPRESS
    group.add_argument("--device", default=absent, metavar="D", help="default device: cpu (default), cuda, cuda:1 ...")
    group.add_argument("--seed", type=_seed, default=absent, metavar="N", help="seed of the run (default 0)")
    group.add_argument(
        "--timeout", type=_positive, default=absent, metavar="S", help="stop the program after S seconds"
    )
    memory = "stop it above M bytes (500M, 2G; default: 80%% of free)"
    group.add_argument("--memory", type=size, default=absent, metavar="M", help=memory)
    backward = "run a backward pass from the root (v = ones) if none was"
    group.add_argument("--backward", action="store_true", default=absent, help=backward)
    make_up = "make up missing names of a single expression"
    _add_data(group)
    group.add_argument("--make-up", action="store_true", default=absent, help=make_up)


def _check_recording(options: argparse.Namespace) -> None:
    """Refuse options that say how to run what is not run."""
    if options.file is None or options.file.suffix.lower() != ".safetensors":
        return
    given = [f"--{name.replace('_', '-')}" for name in RUN_OPTIONS if name in options]
    if given:
        raise Wrong(
            f"{options.file} is a recording and is not run, so {', '.join(given)} cannot change it. Leave it out."
        )


def _render(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="graphviz-app render", description="Run a program (or open a recording) and draw its autograd graph."
    )
    _add_program(parser)
    step = "show the backward pass after K steps (default: the graph with its final gradients)"
    parser.add_argument("--step", type=_whole, metavar="K", help=step)
    parser.add_argument("--pass", type=_whole, dest="number", metavar="N", help="which backward pass, from 1")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--scale", type=_positive, default=1.0, help="pixels per unit, up to 4")
    parser.add_argument("--direction", choices=("down", "right"), default="down")
    untangle = "spend up to S seconds on fewer crossings, where there are any"
    parser.add_argument("--untangle", type=_positive, default=None, metavar="S", help=untangle)
    parser.add_argument("--outlines", action="store_true", help="SVG and PDF: text as outlines")
    districts = "draw modules, functions and loops as districts: large graphs (auto), all open (all), none"
    parser.add_argument("--districts", choices=("auto", "all", "none"), default="auto", help=districts)
    opened = "open the district of that path (encoder.layer.3); may be given again"
    parser.add_argument("--open", action="append", default=[], metavar="PATH", help=opened)
    tensor = parser.add_argument_group("the picture of one tensor instead of the graph (PNG)")
    tensor.add_argument("--tensor", metavar="NAME", help="variable to draw")
    tensor.add_argument("--slice", dest="part", default="", metavar="S", help='what of it, as in Python: "0,:,3"')
    tensor.add_argument("--axes", default="", metavar="NAMES", help='what its axes are, as in "N C T H W"')
    tensor.add_argument(
        "--what", choices=("value", "grad"), default="value", help="its value (default) or its gradient"
    )
    _add_math(parser.add_argument_group("derivatives, in the JSON (a node: its variable, class or number)"))
    options = parser.parse_args(arguments)
    suffix = options.output.suffix.lower().lstrip(".")
    _check_tensor(options, suffix)
    _check_math(options, suffix)
    if options.open and options.districts == "none":
        raise Wrong("--open opens a district and --districts none draws none. Give one of them.")
    if suffix not in FORMATS:
        raise Wrong(
            f"cannot write {options.output}: the name must end in one of {', '.join('.' + f for f in FORMATS)}."
        )
    if options.scale > 4:
        raise Wrong("--scale must be at most 4.")
    _check_recording(options)
    check_output(options.output)
    from graphviz_app.drawing import draw
    from graphviz_app.headless import Options, Run

    with Run(Options.of(options)) as run:
        if run.recording is not None:
            draw(run, options.output, suffix)
        return run.exit_code


def _add_math(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--math", action="store_true", help="the mathematics of every node, however many steps")
    group.add_argument("--paths", nargs=2, metavar=("FROM", "TO"), help="the chain rule from a node back to another")
    what = "gradient, jacobian, hessian or forward of a result with respect to a tensor"
    group.add_argument("--derivative", nargs=3, metavar=("WHAT", "ROOT", "NODE"), help=what)
    group.add_argument("--v", dest="vector", metavar="V", help="for --derivative: 1,0,2 or onehot:0 (default: ones)")
    check = "compare with central differences: one node, or the whole program"
    group.add_argument("--check", nargs="?", const="", metavar="NODE", help=check)
    leaf = "what if a leaf had other values: x=1,2,3; may be given again"
    group.add_argument("--what-if", action="append", default=[], metavar="NAME=VALUES", help=leaf)
    gradient = "what if another gradient arrived at a node, or at an output of it: y=1,0 or y:1=1,0"
    group.add_argument(
        "--what-if-gradient", dest="gradients", action="append", default=[], metavar="NODE=VALUES", help=gradient
    )


def _check_math(options: argparse.Namespace, suffix: str) -> None:
    """Refuse questions about derivatives where their answers would not be written."""
    asked = {
        "--math": options.math,
        "--paths": options.paths,
        "--derivative": options.derivative,
        "--check": options.check is not None,
        "--what-if": options.what_if,
        "--what-if-gradient": options.gradients,
    }
    given = [name for name, value in asked.items() if value]
    if given and suffix != "json":
        raise Wrong(f"{', '.join(given)}: derivatives are written to JSON; give -o a name that ends in .json.")
    if options.vector is not None and options.derivative is None:
        raise Wrong("--v is the vector of --derivative; give that too.")


def _check_tensor(options: argparse.Namespace, suffix: str) -> None:
    """Refuse what does not go with a tensor, or not without one."""
    if options.tensor is None:
        if options.part or options.axes or options.what != "value":
            raise Wrong("--slice, --axes and --what say what of a tensor is drawn; name it with --tensor.")
    elif suffix != "png":
        raise Wrong(f"cannot write {options.output}: the picture of a tensor is a .png.")


def _record(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="graphviz-app record", description="Run a program and keep its recording in a file."
    )
    _add_program(parser)
    options = parser.parse_args(arguments)
    if options.output.suffix.lower() != ".safetensors":
        raise Wrong(f"cannot write {options.output}: a recording's name must end in .safetensors.")
    _check_recording(options)
    check_output(options.output)
    from graphviz_app.headless import Options, Run

    with Run(Options.of(options)) as run:
        if run.recording is not None:
            run.save(options.output)
        return run.exit_code
