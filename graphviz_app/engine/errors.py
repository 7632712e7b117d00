"""The one error the engine raises to its caller."""

from __future__ import annotations


class EngineError(Exception):
    """A question that cannot be answered; the message is one sentence that says why and what to do."""
