"""The one table of actions: menus, toolbar and keys are all made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from graphviz_app.ui.i18n import tr, tr_noop
from graphviz_app.ui.icons import icon
from graphviz_app.ui.theme import Theme


@dataclass(frozen=True)
class Action:
    """One thing a person can do.

    Attributes
    ----------
    id
        ``menu.verb``.
    text
        What menus say; English, marked for translation.
    keys
        Shortcuts, the first one shown.
    plain
        The keys are bare (Space, arrows): they act only while no text is being edited.
    menu
        One of :data:`MENUS`; actions of another are in a menu of their group.
    group
        Actions of one group exclude each other (theme, language, colours).
    """

    id: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    plain: bool = False
    checkable: bool = False
    group: str = ""
    separator: bool = False


MENUS: tuple[tuple[str, str], ...] = (
    ("file", tr_noop("&File")),
    ("edit", tr_noop("&Edit")),
    ("run", tr_noop("&Run")),
    ("play", tr_noop("&Playback")),
    ("view", tr_noop("&View")),
    ("filter", tr_noop("Fi&lter")),
    ("district", tr_noop("D&istricts")),
    ("math", tr_noop("&Derivatives")),
    ("help", tr_noop("&Help")),
)

ACTIONS: tuple[Action, ...] = (
    Action("file.new", "file", tr_noop("New program"), ("Ctrl+N",), "new"),
    Action("file.open", "file", tr_noop("Open…"), ("Ctrl+O",), "open"),
    Action("file.open_data", "file", tr_noop("Open data…"), ("Ctrl+Shift+O",)),
    Action("file.open_lesson", "file", tr_noop("Open a lesson folder…")),
    Action("file.save", "file", tr_noop("Save"), ("Ctrl+S",), "save"),
    Action("file.save_as", "file", tr_noop("Save as…"), ("Ctrl+Shift+S",)),
    Action("file.save_recording", "file", tr_noop("Save recording…"), ("Ctrl+Alt+S",), separator=True),
    Action("export.png", "file", tr_noop("Export picture as PNG…"), ("Ctrl+E",), "camera", separator=True),
    Action("export.svg", "file", tr_noop("Export picture as SVG…")),
    Action("export.pdf", "file", tr_noop("Export picture as PDF…")),
    Action("export.gif", "file", tr_noop("Export step-through as GIF…"), (), "film"),
    Action("export.json", "file", tr_noop("Export recording as JSON…")),
    Action("export.dot", "file", tr_noop("Export graph as DOT…")),
    Action("export.copy", "file", tr_noop("Copy picture"), ("Ctrl+Shift+C",)),
    Action("file.quit", "file", tr_noop("Quit"), ("Ctrl+Q",), separator=True),
    Action("edit.undo", "edit", tr_noop("Undo"), ("Ctrl+Z",), "undo"),
    Action("edit.redo", "edit", tr_noop("Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Action("edit.find", "edit", tr_noop("Find in program"), ("Ctrl+Shift+F",), "search", separator=True),
    Action("edit.find_node", "edit", tr_noop("Find a node"), ("Ctrl+F",)),
    Action("edit.find_next", "edit", tr_noop("Next result"), ("F3",)),
    Action("edit.find_previous", "edit", tr_noop("Previous result"), ("Shift+F3",)),
    Action("edit.comment", "edit", tr_noop("Comment or uncomment"), ("Ctrl+/",)),
    Action("run.run", "run", tr_noop("Run"), ("Ctrl+Return", "Ctrl+Enter", "F5"), "run"),
    Action("run.stop", "run", tr_noop("Stop"), ("Esc",), "stop"),
    Action("run.seed", "run", tr_noop("Set the seed…"), separator=True),
    Action("run.memory", "run", tr_noop("Set the memory limit…")),
    Action("play.toggle", "play", tr_noop("Play or pause"), ("Space",), "play", plain=True),
    Action("play.forward", "play", tr_noop("Next step"), ("Right",), "step-forward", plain=True),
    Action("play.back", "play", tr_noop("Previous step"), ("Left",), "step-back", plain=True),
    Action("play.first", "play", tr_noop("First step"), ("Home",), "first", plain=True),
    Action("play.last", "play", tr_noop("Last step"), ("End",), "last", plain=True),
    Action("play.to_node", "play", tr_noop("Go to the selected node's step"), ("G",), plain=True, separator=True),
    Action("play.faster", "play", tr_noop("Faster"), (">", "Shift+."), plain=True),
    Action("play.slower", "play", tr_noop("Slower"), ("<", "Shift+,"), plain=True),
    Action("play.next_pass", "play", tr_noop("Next pass"), ("Ctrl+PgDown",), separator=True),
    Action("play.previous_pass", "play", tr_noop("Previous pass"), ("Ctrl+PgUp",)),
    Action("play.go_to_pass", "play", tr_noop("Go to a pass…"), ("Ctrl+G",)),
    Action("view.fit", "view", tr_noop("Fit the graph"), ("Ctrl+0",), "fit"),
    Action("view.zoom_in", "view", tr_noop("Zoom in"), ("Ctrl++", "Ctrl+="), "zoom-in"),
    Action("view.zoom_out", "view", tr_noop("Zoom out"), ("Ctrl+-",), "zoom-out"),
    Action("view.right", "view", tr_noop("Draw left to right"), ("Ctrl+D",), "direction", checkable=True),
    Action("view.untangle", "view", tr_noop("Untangle: fewer crossing lines"), ("U",), plain=True, checkable=True),
    Action("view.back", "view", tr_noop("Back to what was looked at before"), ("Alt+Left", "Back"), separator=True),
    Action("view.forward", "view", tr_noop("Forward"), ("Alt+Right", "Forward")),
    Action("view.minimap", "view", tr_noop("Overview in the corner"), ("Ctrl+Shift+M",), checkable=True),
    *(
        Action(f"colour.{name}", "colour", text, checkable=True, group="colour")
        for name, text in (
            ("usual", tr_noop("Usual colours")),
            ("backward", tr_noop("Colour by time of the backward")),
            ("forward", tr_noop("Colour by time of the forward")),
            ("memory", tr_noop("Colour by memory kept for the backward")),
            ("device", tr_noop("Colour by device")),
            ("dtype", tr_noop("Colour by dtype")),
        )
    ),
    Action("view.costs", "view", tr_noop("Costs"), ("Ctrl+9",)),
    Action("view.lesson", "view", tr_noop("Lesson"), ("Ctrl+L",), "lesson"),
    Action("view.nodes", "view", tr_noop("List of nodes"), ("Ctrl+8",), "list", separator=True),
    Action("view.larger_text", "view", tr_noop("Larger program text"), ("Ctrl+Alt+=", "Ctrl+Alt++"), separator=True),
    Action("view.smaller_text", "view", tr_noop("Smaller program text"), ("Ctrl+Alt+-",)),
    Action("view.full_screen", "view", tr_noop("Full screen"), ("F11",), checkable=True),
    Action("view.theme_system", "view", tr_noop("Theme of the system"), checkable=True, group="theme", separator=True),
    Action("view.theme_light", "view", tr_noop("Light theme"), checkable=True, group="theme"),
    Action("view.theme_dark", "view", tr_noop("Dark theme"), checkable=True, group="theme"),
    Action(
        "view.language_system",
        "view",
        tr_noop("Language of the system"),
        checkable=True,
        group="language",
        separator=True,
    ),
    Action("view.language_en", "view", "English", checkable=True, group="language"),
    Action("view.language_zh", "view", "简体中文", checkable=True, group="language"),
    Action("filter.neighbours", "filter", tr_noop("Neighbours of the selected nodes"), ("B",), plain=True),
    Action("filter.ancestors", "filter", tr_noop("What the selected nodes are computed from"), ("A",), plain=True),
    Action("filter.descendants", "filter", tr_noop("What is computed from the selected nodes"), ("D",), plain=True),
    Action("filter.between", "filter", tr_noop("Paths between the two selected nodes"), ("P",), plain=True),
    Action("filter.found", "filter", tr_noop("Results of the search"), ("R",), plain=True),
    Action(
        "filter.only",
        "filter",
        tr_noop("Leave the rest out instead of dimming it"),
        ("O",),
        plain=True,
        checkable=True,
        separator=True,
    ),
    Action("filter.off", "filter", tr_noop("Show all nodes again"), ("Backspace",), plain=True),
    Action("district.open", "district", tr_noop("Open district"), ("+",), plain=True),
    Action("district.close", "district", tr_noop("Close district"), ("-",), plain=True),
    Action("district.members", "district", tr_noop("Open all members of the repeated district")),
    Action("district.open_all", "district", tr_noop("Open all districts"), ("*",), plain=True, separator=True),
    Action("district.close_all", "district", tr_noop("Close all districts")),
    Action("district.start", "district", tr_noop("Open what can be read at a glance")),
    Action("district.zoom", "district", tr_noop("Zooming opens and closes districts"), checkable=True, separator=True),
    Action(
        "district.auto",
        "district",
        tr_noop("Districts in large graphs"),
        checkable=True,
        group="districts",
        separator=True,
    ),
    Action("district.always", "district", tr_noop("Districts always"), checkable=True, group="districts"),
    Action("district.never", "district", tr_noop("Districts never"), checkable=True, group="districts"),
    Action("math.tensor", "math", tr_noop("Tensor"), ("Ctrl+1",)),
    Action("math.step", "math", tr_noop("The step as an equation"), ("Ctrl+2",)),
    Action("math.chain", "math", tr_noop("Chain rule between two nodes"), ("Ctrl+3",)),
    Action("math.derivative", "math", tr_noop("Derivative of a result"), ("Ctrl+4",)),
    Action("math.whatif", "math", tr_noop("What if"), ("Ctrl+5",)),
    Action("math.check", "math", tr_noop("Check by finite differences"), ("Ctrl+6",)),
    Action("math.health", "math", tr_noop("Gradient health"), ("Ctrl+7",)),
    Action("math.suppose", "math", tr_noop("What if the selected node…"), ("W",), plain=True, separator=True),
    Action("math.check_node", "math", tr_noop("Check the selected node by differences"), ("C",), plain=True),
    Action("math.first_bad", "math", tr_noop("Go to the first NaN or infinity"), ("N",), plain=True),
    Action(
        "math.colour",
        "math",
        tr_noop("Colour the graph by gradient norm"),
        ("H",),
        plain=True,
        checkable=True,
        group="colour",
    ),
    Action("help.keys", "help", tr_noop("Keys"), ("F1",)),
    Action("help.about", "help", tr_noop("About graphviz_app")),
)


class ActionSet:
    """The live actions of one window.

    Parameters
    ----------
    parent
        The window they belong to.
    handlers
        What each action does, by id; every action of the table needs one. A checkable action's handler is given
        its new state.
    """

    def __init__(self, parent: QWidget, handlers: dict[str, Callable[..., object]]) -> None:
        self._parent = parent
        self._actions: dict[str, QAction] = {}
        for spec in ACTIONS:
            action = QAction(tr(spec.text), parent)
            action.setObjectName(spec.id)
            action.setCheckable(spec.checkable)
            action.setShortcuts([QKeySequence(key) for key in spec.keys])
            # A bare key belongs to whatever text is being edited; the window hands it on when nothing is.
            action.setShortcutContext(
                Qt.ShortcutContext.WidgetShortcut if spec.plain else Qt.ShortcutContext.WindowShortcut
            )
            handler = handlers[spec.id]
            if spec.checkable:
                action.triggered.connect(lambda checked, run=handler: run(checked))
            else:
                action.triggered.connect(lambda _checked=False, run=handler: run())
            parent.addAction(action)
            self._actions[spec.id] = action

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def plain(self, pressed: QKeyCombination) -> QAction | None:
        """The enabled action a bare key stands for, or ``None``.

        A sign that needs Shift (``>``) comes with Shift pressed on one keyboard and without on another.
        """
        keys = [QKeySequence(pressed)]
        if pressed.keyboardModifiers() == Qt.KeyboardModifier.ShiftModifier and not _is_letter(pressed.key()):
            keys.append(QKeySequence(pressed.key()))
        for spec in ACTIONS:
            if spec.plain and any(QKeySequence(text) in keys for text in spec.keys):
                action = self._actions[spec.id]
                return action if action.isEnabled() else None
        return None

    def fill(self, bar: QMenuBar, submenus: dict[str, Iterable[QMenu]]) -> None:
        """Build the menu bar; `submenus` are put at the top of the menu of that name."""
        for name, title in MENUS:
            menu = bar.addMenu(tr(title))
            menu.setObjectName(f"menu.{name}")
            for submenu in submenus.get(name, ()):
                menu.addMenu(submenu)
            for spec in ACTIONS:
                if spec.menu != name:
                    continue
                if spec.separator:
                    menu.addSeparator()
                menu.addAction(self._actions[spec.id])

    def submenu(self, group: str, title: str) -> QMenu:
        """A menu of the actions that exclude each other."""
        menu = QMenu(title, self._parent)
        for spec in ACTIONS:
            if spec.group == group:
                menu.addAction(self._actions[spec.id])
        return menu

    def apply_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        for spec in ACTIONS:
            if spec.icon:
                self._actions[spec.id].setIcon(icon(spec.icon, "text", theme))

    def choose(self, group: str, name: str) -> None:
        """Check the action `name` of an exclusive group and uncheck its fellows."""
        for spec in ACTIONS:
            if spec.group == group:
                self._actions[spec.id].setChecked(spec.id == name)


def _is_letter(key: Qt.Key) -> bool:
    """Whether Shift changes a key's case instead of giving another sign; keys that write nothing count as letters."""
    return not (Qt.Key.Key_Exclam <= key <= Qt.Key.Key_AsciiTilde) or Qt.Key.Key_A <= key <= Qt.Key.Key_Z
