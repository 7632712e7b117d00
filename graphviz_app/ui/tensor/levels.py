"""From what is known of numbers and what a person chose to a scale of colours."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from graphviz_app.recording.slices import Cells, Scan
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.tensor.shown import Shown
from graphviz_app.ui.tensor.state import Levels


def scale_of(shown: Shown, source: Scan | Cells, levels: Levels) -> Scale:
    """The scale of a picture: automatic, or with the levels chosen by hand; a picture in colour has its own."""
    if shown.in_colour:
        scale = Scale.colour(source, shown.dtype)
    else:
        scale = Scale.automatic(shown.meaning, source, levels.mode)
    return scale if levels.manual is None else scale.with_levels(*levels.manual)


def merged(scans: Sequence[Scan]) -> Scan:
    """What levels for several tensors at once are taken from: the first scan, with the widest range of all."""
    finite = [each for each in scans if each.stats.count > each.stats.nan]
    if not finite:
        return scans[0]
    stats = msgspec.structs.replace(
        scans[0].stats,
        minimum=min(each.stats.minimum for each in finite),
        maximum=max(each.stats.maximum for each in finite),
    )
    return msgspec.structs.replace(
        scans[0],
        stats=stats,
        bound=max(each.bound for each in finite),
        low=min(each.low for each in finite),
        high=max(each.high for each in finite),
    )
