"""Where nodes and edges go: a layered layout of autograd graphs. Knows neither torch nor Qt.

>>> graph = from_recording(recording, nodes, sizes, chip_sizes)   # doctest: +SKIP
>>> placement = place(graph, Options(direction="right"))          # doctest: +SKIP
"""

from graphviz_app.layout.build import from_columns, from_recording
from graphviz_app.layout.districts import place_districts
from graphviz_app.layout.engine import place, place_columns
from graphviz_app.layout.nesting import DISTRICT
from graphviz_app.layout.options import LayoutCancelled, Options
from graphviz_app.layout.placement import Placement

__all__ = [
    "DISTRICT",
    "LayoutCancelled",
    "Options",
    "Placement",
    "from_columns",
    "from_recording",
    "place",
    "place_columns",
    "place_districts",
]
