"""A picture with its labels written anew, in the language of now."""

from __future__ import annotations

from graphviz_app.recording.costs import costs_of
from graphviz_app.recording.views import View
from graphviz_app.ui.graph.district_labels import DistrictLabels
from graphviz_app.ui.graph.district_scene import DistrictScene
from graphviz_app.ui.graph.labels import Labels
from graphviz_app.ui.graph.scene import GraphScene


def rewritten(scene: GraphScene, view: View | None) -> GraphScene:
    """The same boxes in the same places, as large as they are: what does not fit any more is cut short.

    Parameters
    ----------
    view
        What of the recording is drawn.
    """
    recording, districts = scene.recording, None
    if scene.districts is not None:
        one = recording.passes[view.index] if view is not None and view.kind == "pass" else None
        data = scene.districts.data
        districts = DistrictScene(data, DistrictLabels(data, costs_of(recording, one)))
        districts.prepare()
    again = GraphScene(recording, scene.placement, scene.theme, Labels(recording), districts)
    again.geometry.prepare()
    return again
