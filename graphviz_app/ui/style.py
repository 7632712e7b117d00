"""One style sheet for the standard widgets, made from the theme's roles."""

from __future__ import annotations

from string import Template

from PySide6.QtGui import QPalette

from graphviz_app.ui.theme import Theme

# A tool tip is text: Qt would guess at HTML in it, and open the files that its pictures name.
_SHEET = Template("""
QMainWindow, QDialog { background: $window; }
QWidget { color: $text; }
QToolTip { qproperty-textFormat: PlainText; background: $surface_alt; color: $text; border: 1px solid $border_strong;
    padding: 4px 6px; }
QLabel#cardTitle { color: $text_dim; font-weight: 600; }
QLabel#dim { color: $text_dim; }
QLabel#warning { color: $error; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $border_strong; border-radius: 3px; }
QMenuBar { background: $window; color: $text; padding: 2px 6px; }
QMenuBar::item { padding: 4px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $selection; }
QMenu { background: $surface; color: $text; border: 1px solid $border_strong; padding: 5px; }
QMenu::item { padding: 5px 26px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $text_faint; }
QMenu::separator { height: 1px; background: $border; margin: 5px 8px; }
QPushButton, QToolButton { background: $surface_alt; color: $text; border: 1px solid $border; border-radius: 6px;
    padding: 5px 12px; }
QPushButton:hover, QToolButton:hover { border-color: $border_strong; background: $selection; }
QPushButton:pressed, QToolButton:pressed { background: $border; }
QPushButton:disabled, QToolButton:disabled { color: $text_faint; background: $surface; }
QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus, QAbstractSpinBox:focus {
    border: 1px solid $selection_border; }
QPushButton#primary { background: $accent; color: $accent_text; border-color: $accent; font-weight: 600; }
QPushButton#primary:hover { background: $selection_border; }
QPushButton#primary:disabled { background: $border; color: $text_faint; border-color: $border; }
QPushButton#choice { background: transparent; border-color: $border; padding: 4px 10px; }
QPushButton#choice:checked { background: $selection; border-color: $selection_border; color: $text; }
QPushButton#link { background: transparent; border: none; color: $selection_border; padding: 2px 4px; }
QPushButton#link:hover { text-decoration: underline; }
QToolButton[popupMode="2"] { padding-right: 26px; }
QToolButton::menu-indicator { image: $chevron; width: 12px; height: 12px; right: 8px;
    subcontrol-origin: padding; subcontrol-position: center right; }
QComboBox, QLineEdit, QAbstractSpinBox { background: $surface; color: $text; border: 1px solid $border_strong;
    border-radius: 6px; padding: 4px 9px; min-height: 20px; selection-background-color: $selection_border;
    selection-color: $accent_text; }
QComboBox:disabled, QLineEdit:disabled { color: $text_faint; }
QComboBox { combobox-popup: 0; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: $chevron; width: 12px; height: 12px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { background: transparent; border: none; width: 18px; }
QAbstractSpinBox::up-arrow { image: $chevron_up; width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: $chevron; width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: $surface; color: $text; border: 1px solid $border_strong; outline: none;
    selection-background-color: $selection; selection-color: $text; padding: 3px; }
QComboBox QAbstractItemView::item { padding: 4px 6px; border-radius: 4px; }
QComboBox QAbstractItemView::item:selected { background: $selection; color: $text; }
QComboBox QAbstractItemView::item:disabled { color: $text_faint; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $text_dim; border: none; border-bottom: 2px solid transparent;
    padding: 5px 8px 4px 8px; margin-right: 2px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $selection_border; }
QTabBar#pages::tab { border: 1px solid transparent; border-radius: 6px; padding: 3px 9px; margin: 3px 2px 0 0; }
QTabBar#pages::tab:hover { border-color: $border_strong; }
QTabBar#pages::tab:selected { background: $selection; border-color: $selection; }
QTabBar QToolButton { padding: 2px; border-radius: 4px; }
QCheckBox { spacing: 7px; }
QPlainTextEdit, QTextEdit, QAbstractItemView { background: $surface; color: $text; border: none;
    selection-background-color: $selection; selection-color: $text; }
QHeaderView::section { background: $surface; color: $text_dim; border: none; border-bottom: 1px solid $border;
    padding: 3px 6px; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 1px; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 1px; }
QScrollBar::handle { background: $border_strong; border-radius: 4px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: $text_faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: $border; border: none; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QFrame#banner { background: $error_fill; border: 1px solid $error; border-radius: 6px; }
QFrame#banner QLabel#bannerTitle { color: $error; font-weight: 600; }
QFrame#banner[calm="true"] { background: $surface_alt; border-color: $border_strong; }
QFrame#banner[calm="true"] QLabel#bannerTitle { color: $text; }
QFrame#note { background: $surface_alt; border: 1px solid $border; border-radius: 6px; }
""")


def style_sheet(theme: Theme) -> str:
    """The application's style sheet in `theme`."""
    from graphviz_app.ui.icons import icon_file

    roles = {name: str(value) for name, value in vars(theme).items()}
    arrows = {"chevron": "chevron-down", "chevron_up": "chevron-up"}
    files = {name: icon_file(icon, theme.text_dim) for name, icon in arrows.items()}
    return _SHEET.substitute(roles | {name: f"url({file})" if file else "none" for name, file in files.items()})


def palette(theme: Theme) -> QPalette:
    """A palette for what no style sheet reaches (text cursors, native item views, placeholder text)."""
    result = QPalette()
    role = QPalette.ColorRole
    pairs = {
        role.Window: "window",
        role.Base: "surface",
        role.AlternateBase: "surface_alt",
        role.Button: "surface_alt",
        role.WindowText: "text",
        role.Text: "text",
        role.ButtonText: "text",
        role.ToolTipBase: "surface_alt",
        role.ToolTipText: "text",
        role.PlaceholderText: "text_faint",
        role.Highlight: "selection_border",
        role.HighlightedText: "accent_text",
        role.Link: "selection_border",
        role.Mid: "border",
        role.Dark: "border_strong",
    }
    for each, name in pairs.items():
        result.setColor(each, theme.color(name))
    for each in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, each, theme.color("text_faint"))
    return result
