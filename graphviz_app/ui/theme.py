"""Colours and fonts by role. A view never names a colour; it asks the theme for a role."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QFontDatabase


@dataclass(frozen=True)
class Theme:
    """One set of chrome colours, as ``#rrggbb``.

    Amber: runs; violet: gradient; teal: leaf; olive: hypothetical; pink: found.
    """

    name: str
    window: str
    surface: str
    surface_alt: str
    border: str
    border_strong: str
    text: str
    text_dim: str
    text_faint: str
    accent: str
    accent_text: str
    selection: str
    selection_border: str
    canvas: str
    node_fill: str
    node_border: str
    op_symbol: str
    edge: str
    run: str
    run_fill: str
    run_text: str
    grad: str
    grad_fill: str
    grad_border: str
    leaf: str
    leaf_fill: str
    root_fill: str
    cut: str
    cut_fill: str
    error: str
    error_fill: str
    ok: str
    found: str
    hypothesis: str
    hypothesis_fill: str
    syntax_keyword: str
    syntax_string: str
    syntax_number: str
    syntax_comment: str
    syntax_builtin: str

    def color(self, role: str) -> QColor:
        """The colour of a role by its field name."""
        return QColor(str(getattr(self, role)))


LIGHT = Theme(
    name="light",
    window="#f3f4f6",
    surface="#ffffff",
    surface_alt="#f7f8fa",
    border="#e3e6ea",
    border_strong="#c9ced6",
    text="#161b26",
    text_dim="#5b6472",
    text_faint="#8b93a1",
    accent="#1d4ed8",
    accent_text="#ffffff",
    selection="#e8effd",
    selection_border="#3b6ef0",
    canvas="#ffffff",
    node_fill="#ffffff",
    node_border="#c4cbd6",
    op_symbol="#2f3b52",
    edge="#b4bcc8",
    run="#f59e0b",
    run_fill="#fffaeb",
    run_text="#8f4a07",
    grad="#6d28d9",
    grad_fill="#f3eefe",
    grad_border="#d9c9fb",
    leaf="#0f766e",
    leaf_fill="#e9fbf5",
    root_fill="#f6f8fb",
    cut="#7d8592",
    cut_fill="#f1f2f4",
    error="#b91c1c",
    error_fill="#fef0f0",
    ok="#0f766e",
    found="#c2187f",
    hypothesis="#4d6b0b",
    hypothesis_fill="#f4fadb",
    syntax_keyword="#8a2f8f",
    syntax_string="#2d7a33",
    syntax_number="#a14a06",
    syntax_comment="#76808e",
    syntax_builtin="#1f5fae",
)

DARK = Theme(
    name="dark",
    window="#14171c",
    surface="#1b1f26",
    surface_alt="#20252d",
    border="#2c323c",
    border_strong="#434b58",
    text="#e8ebf0",
    text_dim="#a3acba",
    text_faint="#7a8392",
    accent="#3b6ef0",
    accent_text="#ffffff",
    selection="#22304f",
    selection_border="#6f97ff",
    canvas="#1b1f26",
    node_fill="#262c36",
    node_border="#4a5361",
    op_symbol="#cfd6e2",
    edge="#5a6474",
    run="#fbb034",
    run_fill="#3a2f17",
    run_text="#ffd48a",
    grad="#b79bff",
    grad_fill="#2c2446",
    grad_border="#5d4a94",
    leaf="#3fd0bd",
    leaf_fill="#143733",
    root_fill="#252b35",
    cut="#8b93a1",
    cut_fill="#23272e",
    error="#ff7b7b",
    error_fill="#3d2023",
    ok="#3fd0bd",
    found="#ff6ac1",
    hypothesis="#c3e267",
    hypothesis_fill="#2b3413",
    syntax_keyword="#d79be0",
    syntax_string="#93d398",
    syntax_number="#f0b27a",
    syntax_comment="#8b93a1",
    syntax_builtin="#86b8f5",
)

THEMES = {"light": LIGHT, "dark": DARK}

_MONO = ["JetBrains Mono", "SF Mono", "Cascadia Mono", "Consolas", "DejaVu Sans Mono", "Noto Sans Mono"]
_SANS = ["Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans"]
_CJK = ["Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei", "Source Han Sans SC"]


def _family(wanted: list[str], fallback: QFontDatabase.SystemFont) -> list[str]:
    have = set(QFontDatabase.families())
    found = [name for name in wanted if name in have][:1] or [QFontDatabase.systemFont(fallback).family()]
    return found + [name for name in _CJK if name in have][:1]


def mono(pixels: float = 13, *, bold: bool = False) -> QFont:
    """The face for code and numbers, `pixels` high."""
    return _font(_family(_MONO, QFontDatabase.SystemFont.FixedFont), pixels, bold)


def sans(pixels: float = 13, *, bold: bool = False) -> QFont:
    """The face for words, `pixels` high."""
    return _font(_family(_SANS, QFontDatabase.SystemFont.GeneralFont), pixels, bold)


def _font(families: list[str], pixels: float, bold: bool) -> QFont:
    font = QFont()
    font.setFamilies(families)
    font.setPixelSize(max(1, round(pixels)))
    font.setBold(bold)
    return font
