"""Words of the search and the node list that several of their parts say."""

from __future__ import annotations

from graphviz_app.ui.finding.search import Search
from graphviz_app.ui.i18n import tr

EXAMPLES = ("relu", "op = Mul", "shape = [64, 3, *]", "norm > 10", "module = layer1", "nan or inf", "-view", '"x * w"')
"""Queries that show what there is."""


def count_text(search: Search) -> str:
    """How many nodes were found, and which of them one is at."""
    if search.waiting:
        return tr("The gradient norms of this pass are being computed…")
    count = len(search.found)
    if search.at >= 0:
        return tr("{number} of {total}", number=search.at + 1, total=f"{count:,}")
    if not count:
        return tr("Not found")
    return tr("1 node") if count == 1 else tr("{count} nodes", count=f"{count:,}")


def short_count(search: Search) -> str:
    """The same where there is little room; nothing when nothing is looked for or the query is wrong."""
    if not search.is_on or search.error:
        return ""
    if search.waiting:
        return "…"
    return f"{search.at + 1}/{len(search.found):,}" if search.at >= 0 else f"{len(search.found):,}"
