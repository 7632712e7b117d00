"""Boxes drawn larger than life where a picture is so small that their names could not be read."""

from __future__ import annotations

import numpy as np

from graphviz_app.ui.graph.geometry import Floats, Geometry, Ints

READABLE_HEIGHT = 14.0
"""Pixels a box must be high for a name to be read in it."""
MOST = 16.0
"""A box grows by at most this much each way, layout units: well under half of what lies between two boxes."""
WIDER_BELOW, WIDEST_BELOW = 0.3, 0.2
"""Zooms from which on boxes are wider than they are laid out, and as wide as they get."""
CHIP_ASIDE = 4.0
"""A chip grows this much towards the node it stands beside, and away from it."""


def drawn_boxes(geometry: Geometry, boxes: Ints, scale: float) -> Floats:
    """Where some boxes are drawn at a zoom (k, 4): grown each way where they would be too small for a name."""
    rects = geometry.boxes[boxes]
    high = rects[:, 3] - rects[:, 1]
    if not len(rects) or scale * float(high.min()) >= READABLE_HEIGHT:
        return rects
    along = np.clip((READABLE_HEIGHT / scale - high) / 2, 0.0, MOST)
    across = np.full(len(rects), MOST * min(1.0, max(0.0, (WIDER_BELOW - scale) / (WIDER_BELOW - WIDEST_BELOW))))
    if geometry.has_chips:
        chips = geometry.chip[boxes]
        along[chips] = np.minimum(along[chips], geometry.chip_room[boxes[chips]])
        across[chips] = np.minimum(along[chips], CHIP_ASIDE)
    grown: Floats = rects + np.stack([-across, -along, across, along], axis=1)
    return grown
