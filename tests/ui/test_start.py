"""What the window waits for before it is painted."""

from __future__ import annotations

import subprocess
import sys

SLOW = (
    *("torch", "networkx", "pyqtgraph", "PIL", "jedi", "sympy", "ziamath", "ssl", "http.client"),
    *("graphviz_app.engine", "graphviz_app.lessons.blocks"),
)


def test_the_window_is_built_without_what_takes_long_to_import() -> None:
    program = "import sys\nfrom graphviz_app.ui import app\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not set(SLOW) & set(done.stdout.split())


def test_a_start_reads_no_source_to_look_for_switches_of_pyside() -> None:
    program = (
        "from graphviz_app.ui.imports import plain_imports\n"
        "plain_imports()\n"
        "from graphviz_app.ui import app\n"
        "import linecache\n"
        "print(any('graphviz_app' in name and 'main_window' in name for name in linecache.cache))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def test_curves_heat_maps_and_animations_are_imported_while_nobody_waits() -> None:
    program = (
        "import sys\n"
        "from graphviz_app.ui.imports import import_ahead\n"
        "import_ahead().join()\n"
        "from graphviz_app.ui.tensor import plane, series\n"
        "print('pyqtgraph' in sys.modules, 'PIL.Image' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]
