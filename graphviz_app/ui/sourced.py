"""Between the nodes of the recording on the screen and the places of its program's text."""

from __future__ import annotations

from graphviz_app.recording import made
from graphviz_app.recording.model import Recording, Site


class Sourced:
    """Whoever shows a recording can be asked where its nodes come from, and which come from where.

    Attributes
    ----------
    recording
        What is shown; ``None`` before anything is.
    """

    recording: Recording | None

    def site_of(self, node: int) -> Site | None:
        """Where in the program's text `node` comes from."""
        return made.site_of(self.recording, node) if self.recording is not None else None

    def nodes_at(self, line: int, column: int) -> list[int]:
        """Nodes made by the innermost expression of the program around a place in its text."""
        return made.nodes_at(self.recording, line, column) if self.recording is not None else []

    def nodes_named(self, name: str) -> list[int]:
        """The node that is, or made, the variable called `name`."""
        return made.nodes_named(self.recording, name) if self.recording is not None else []
