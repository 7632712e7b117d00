"""The window as a person uses it: real programs in real processes, looked at through what is on the screen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import given_files as make
import pytest
import torch
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QInputDialog,
    QLabel,
    QMessageBox,
    QProgressDialog,
    QPushButton,
    QTreeView,
    QWidget,
)
from window_at_work import LONG, PRODUCT, begin_writing, console, placed, run, speak

from graphviz_app.recording.costs import costs_of, greatest
from graphviz_app.recording.views import View
from graphviz_app.ui.app import App
from graphviz_app.ui.settings import Settings
from graphviz_app.ui.tensor.side import Side


def test_it_opens_on_an_example_already_run_with_the_first_step_waiting(app, qtbot):
    app.open_first(None)
    qtbot.waitUntil(lambda: placed(app), timeout=LONG)
    controller = app.controller
    assert "backward" in app.window.editor.text()
    assert (controller.step, controller.total) == (0, 4)
    assert not app.window.desk.is_dirty()
    qtbot.waitUntil(lambda: "seed 0" in console(app), timeout=LONG)


def test_an_edited_program_runs_and_steps_forward_and_back(app, qtbot):
    run(app, qtbot, PRODUCT)
    controller, window = app.controller, app.window
    window.actions_["play.forward"].trigger()
    window.actions_["play.forward"].trigger()
    strings, nodes = controller.recording.strings, controller.recording.graph.nodes
    assert strings[nodes.name[controller.running_node()]] == "MulBackward0"
    assert controller.site_of(controller.running_node()).text == "x * w"
    qtbot.waitUntil(lambda: any("[3, 4]" in text for text in window.canvas.scene().playback.outgoing.values()))
    window.actions_["play.back"].trigger()
    assert strings[nodes.name[controller.running_node()]] == "SumBackward0"
    window.actions_["play.last"].trigger()
    assert controller.step == 4
    qtbot.waitUntil(lambda: window.canvas.scene().leaf_line(controller.running_node()).endswith("[1, 2]"))
    window.actions_["play.first"].trigger()
    assert controller.running_node() == -1


def test_playing_reaches_the_end_and_stops(app, qtbot):
    run(app, qtbot, PRODUCT)
    window = app.window
    window.player.set_speed(8)
    window.actions_["play.toggle"].trigger()
    qtbot.waitUntil(lambda: app.controller.step == 4 and not window.player.playing, timeout=LONG)


def test_bare_keys_step_when_the_graph_has_the_focus_and_type_when_the_editor_has(app, qtbot):
    run(app, qtbot, PRODUCT)
    window = app.window
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.canvas)
    QTest.keyClick(window.canvas, Qt.Key.Key_Right)
    assert app.controller.step == 1
    window.editor.setFocus()
    before = window.editor.text()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert app.controller.step == 1
    assert len(window.editor.text()) == len(before) + 1


def test_one_selection_is_followed_by_every_pane(app, qtbot):
    run(app, qtbot, PRODUCT)
    controller, window = app.controller, app.window
    window.variables.variableSelected.emit("w")
    (leaf,) = controller.selection
    assert controller.recording.strings[controller.recording.graph.nodes.var[leaf]] == "w"
    assert window.canvas.scene().selection == (leaf,)
    assert window.variables.selected() == ["w"]
    product = controller.nodes_at(4, 5)
    controller.select(product)
    assert window.canvas.scene().selection == tuple(product)
    assert window.variables.selected() == ["y"]


def test_an_error_is_shown_where_it_happened_and_the_next_run_works(app, qtbot):
    ended = run(app, qtbot, "import torch\nx = torch.ones(2, requires_grad=True)\n(x * 2).backward()\n")
    assert ended.how == "failed"
    banner, editor = app.window.banner, app.window.editor
    assert banner.isVisible()
    assert "single number" in banner.text()
    assert [line for line, _ in editor.problems()] == [3]
    assert run(app, qtbot, PRODUCT).how == "done"
    assert not banner.isVisible()
    assert editor.problems() == []


def test_a_syntax_error_keeps_the_text_and_the_old_graph_is_not_mistaken_for_the_new(app, qtbot):
    run(app, qtbot, PRODUCT)
    run(app, qtbot, "import torch\nx = (1,\n")
    assert app.window.editor.text() == "import torch\nx = (1,\n"
    assert app.window.banner.isVisible()
    assert len(app.controller.recording.graph.nodes) == 0


def test_names_of_a_single_expression_are_made_up_only_when_the_person_agrees(app, qtbot):
    run(app, qtbot, "(x * w).sum()")
    assert "x" in app.window.banner.text()
    assert app.controller.total == 0
    ended: list[object] = []
    app.controller.runEnded.connect(ended.append)
    app.window.banner.actionChosen.emit("make_up")
    qtbot.waitUntil(lambda: bool(ended) and placed(app), timeout=LONG)
    assert app.window.editor.text() == "(x * w).sum()"
    names = {variable.name for variable in app.controller.recording.variables}
    assert {"x", "w"} <= names


def test_a_program_without_backward_gets_the_offer_and_its_text_stays(app, qtbot):
    text = "import torch\nx = torch.ones(3, requires_grad=True)\ny = x * 2\n"
    run(app, qtbot, text)
    controller = app.controller
    assert controller.view.kind == "root"
    import numpy as np

    app.window.playback_bar.backwardRequested.emit(controller.view.index, np.array([1.0, 10.0, 100.0]))
    qtbot.waitUntil(lambda: controller.total > 0 and placed(app), timeout=LONG)
    assert controller.recording.passes[0].how == "offered"
    assert app.window.editor.text() == text
    controller.set_step(controller.total)
    leaf = controller.nodes_named("x")[0]
    qtbot.waitUntil(lambda: "[2, 20, 200]" in app.window.canvas.scene().leaf_line(leaf))


def test_several_passes_are_told_apart(app, qtbot):
    run(app, qtbot, PRODUCT + "loss2 = (x * x).sum()\nloss2.backward()\n")
    controller = app.controller
    assert [view.kind for view in controller.views()] == ["pass", "pass"]
    app.window.actions_["play.next_pass"].trigger()
    assert controller.view == View("pass", 1)
    leaf = controller.nodes_named("x")[0]
    assert controller.recording.passes[1].accumulates_into == [leaf]
    qtbot.waitUntil(lambda: placed(app))
    controller.go_to_node(leaf)
    qtbot.waitUntil(lambda: app.window.canvas.scene().leaf_line(leaf) == "grad [3, 4] + [2, 4]")


def test_a_result_without_a_pass_can_be_chosen_beside_the_passes(app, qtbot):
    run(app, qtbot, PRODUCT + "z = x.exp()\n")
    controller = app.controller
    app.window.playback_bar.passSelected.emit(1)
    qtbot.waitUntil(lambda: placed(app) and len(app.window.canvas.scene().placement.box_node) == 3, timeout=LONG)
    assert controller.view.kind == "root"
    assert controller.recording.strings[controller.recording.graph.nodes.var[controller.view.index]] == "z"


def test_an_endless_loop_is_stopped_and_the_last_recording_is_still_there(app, qtbot):
    run(app, qtbot, PRODUCT)
    kept = app.controller.recording
    window = app.window
    window.editor.set_text("while True:\n    pass\n")
    window.actions_["run.run"].trigger()
    ended: list[object] = []
    app.controller.runEnded.connect(ended.append)
    qtbot.waitUntil(lambda: app.controller.is_running and window.toolbar.busy.text() != "", timeout=LONG)
    window.actions_["run.stop"].trigger()
    qtbot.waitUntil(lambda: bool(ended), timeout=LONG)
    assert ended[0].how in ("stopped", "failed")
    assert window.editor.text() == "while True:\n    pass\n"
    assert run(app, qtbot, PRODUCT).how == "done"
    assert len(app.controller.recording.graph.nodes) == len(kept.graph.nodes)


def test_a_crash_of_the_program_leaves_the_window_the_text_and_the_last_recording(app, qtbot):
    run(app, qtbot, PRODUCT)
    kept = app.controller.recording
    ended = run(app, qtbot, "import ctypes\nctypes.string_at(0)\n")
    assert ended.how == "crashed"
    assert app.controller.recording is kept
    assert "crashed" in app.window.banner.text()
    assert "The graph shown is that of the run before." in app.window.banner.text()
    qtbot.waitUntil(lambda: "Segmentation fault" in console(app))
    assert "graphviz_app/" not in console(app)
    app.controller.set_step(2)
    qtbot.waitUntil(lambda: any("[3, 4]" in t for t in app.window.canvas.scene().playback.outgoing.values()))


def test_input_is_answered_in_the_console(app, qtbot):
    ask = "x = torch.tensor(float(input('how many? ')), requires_grad=True)"
    text = f"import torch\n{ask}\n(x * x).backward()\nprint(x.grad)\n"
    window = app.window
    window.editor.set_text(text)
    window.actions_["run.run"].trigger()
    qtbot.waitUntil(lambda: window.console.is_asking, timeout=LONG)
    window.console.inputGiven.emit("3")
    qtbot.waitUntil(lambda: "tensor(6.)" in console(app), timeout=LONG)
    qtbot.waitUntil(lambda: not app.controller.is_running and placed(app), timeout=LONG)


def test_text_that_a_crash_would_lose_comes_back_at_the_next_start(app, shared, qtbot, qapp, tmp_path):
    app.window.editor.set_text("x = 'typed but never saved'\n", undoable=True)
    qtbot.waitUntil(lambda: app.window.desk.is_dirty())
    app.window.close()
    settings = Settings(QSettings(str(tmp_path / "other.ini"), QSettings.Format.IniFormat))
    again = App(qapp, settings, runner=shared.runner)
    try:
        again.open_first(None)
        assert again.window.editor.text() == "x = 'typed but never saved'\n"
        assert again.controller.recording is None
    finally:
        again.window.editor.set_text("")
        again.window.close()
        again.close()
        again.window.deleteLater()


def test_a_recording_saved_opens_again_without_running_anything(app, qtbot, tmp_path, monkeypatch):
    run(app, qtbot, PRODUCT + f"open({str(tmp_path / 'ran')!r}, 'a').write('x')\n")
    path = tmp_path / "run.safetensors"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    app.window.actions_["file.save_recording"].trigger()
    qtbot.waitUntil(path.exists, timeout=LONG)
    (tmp_path / "ran").unlink()
    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Discard)
    before = app.controller.recording
    app.window.desk.open_path(path)
    qtbot.waitUntil(lambda: app.controller.recording is not before and placed(app), timeout=LONG)
    app.controller.set_step(2)
    qtbot.waitUntil(lambda: any("[3, 4]" in t for t in app.window.canvas.scene().playback.outgoing.values()))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("kind", ["png", "svg", "pdf", "gif", "json", "dot"])
def test_every_export_writes_its_file(app, qtbot, tmp_path, monkeypatch, kind):
    run(app, qtbot, PRODUCT)
    path = tmp_path / f"graph.{kind}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr("graphviz_app.ui.exporting.QInputDialog.getItem", lambda *args: (args[3][1], True))
    app.window.actions_[f"export.{kind}"].trigger()
    qtbot.waitUntil(lambda: f"Wrote {path}" in console(app).replace("\n", ""), timeout=LONG)
    assert path.stat().st_size > 200


def test_a_long_export_shows_its_progress_and_is_cancelled_without_a_trace(app, qtbot, tmp_path, monkeypatch):
    path, waiting = begin_writing(app, qtbot, tmp_path, monkeypatch)
    assert "steps.gif" in waiting.labelText()
    assert waiting.value() < waiting.maximum()
    assert app.window.isEnabled()
    QTest.mouseClick(waiting.findChild(QPushButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "steps.gif was not written: cancelled." in console(app), timeout=LONG)
    assert path.read_bytes() == b"the one before"
    assert not list(tmp_path.glob(".*"))  # nor anything half written
    path = tmp_path / "steps.dot"
    app.window.actions_["export.dot"].trigger()
    qtbot.waitUntil(lambda: path.exists() and "Wrote" in console(app), timeout=LONG)
    qtbot.waitUntil(lambda: app.window.findChild(QProgressDialog) is None)


def test_the_json_of_the_window_has_the_mathematics_too(app, qtbot, tmp_path, monkeypatch):
    run(app, qtbot, PRODUCT)
    path = tmp_path / "run.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    app.window.actions_["export.json"].trigger()
    qtbot.waitUntil(lambda: f"Wrote {path}" in console(app).replace("\n", ""), timeout=LONG)
    written = json.loads(path.read_text())
    assert {row["name"] for row in written["rules"]} >= {"MulBackward0"}
    assert [row["first_bad"] for row in written["health"]] == [None]
    steps = [row for row in written["derivatives"] if row.get("blocks")]
    assert steps
    assert {row["agreement"] for row in steps} <= {"equal", "close"}


def test_dropping_a_program_opens_it_without_running_it(app, qtbot, tmp_path):
    path = tmp_path / "dropped.py"
    path.write_text("print('not run by itself')\n")
    drop(app, path)
    assert app.window.editor.text() == path.read_text()
    assert not app.controller.is_running


def drop(app: App, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    app.window.dropEvent(event)
    QApplication.processEvents()


def data_rows(app: App) -> dict[str, dict[str, str]]:
    """The rows of the variables pane, by name."""
    model = app.window.variables.findChild(QTreeView).model()
    heads = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    rows = [
        {head: str(model.index(row, column).data() or "") for column, head in enumerate(heads)}
        for row in range(model.rowCount())
    ]
    return {row["name"]: row for row in rows}


def looked_at(app: App) -> bool:
    given = app.window.desk.given
    return all(file in given.infos for file in given.files)


def test_the_list_of_keys_has_those_of_the_tensor_pane(app, qtbot):
    app.window.actions_["help.keys"].trigger()
    dialog = next(each for each in QApplication.topLevelWidgets() if each.windowTitle() == "Keys" and each.isVisible())
    listed = {label.text() for label in dialog.findChildren(QLabel)}
    assert {"While the tensor pane has the focus", "Transpose", "Automatic levels", "Next axis"} <= listed
    dialog.close()


def test_axes_chosen_by_hand_outlive_a_change_of_language(app, qtbot):
    run(app, qtbot, "import torch\nm = torch.arange(6.).reshape(2, 3)\n")
    app.window.looking.select_variable("m")
    state = app.window.tensor_view.state
    state.change_axes(lambda axes: axes.transposed())
    chosen = state.axes.roles
    speak(app, qtbot, "zh")
    app.window.looking.select_variable("m")
    assert app.window.tensor_view.state is not state
    assert app.window.tensor_view.state.axes.roles == chosen
    speak(app, qtbot, "en")


def test_data_that_is_dropped_is_a_variable_of_the_next_run(app, qtbot, tmp_path):
    picture = make.picture(tmp_path / "my photo.png")
    table = make.text(tmp_path / "t.csv", "year,spots\n1700,5\n")
    drop(app, picture, table)
    qtbot.waitUntil(lambda: looked_at(app), timeout=LONG)
    rows = data_rows(app)
    assert (rows["my_photo"]["shape"], rows["my_photo"]["dtype"]) == ("[3, 5, 7]", "uint8")
    assert rows["my_photo"]["made by"] == "your data: my photo.png"
    assert rows["t"]["value"] == "columns year · spots"
    assert "my photo.png is the variable my_photo from the next run on: uint8 [3, 5, 7], C H W." in console(app)
    run(app, qtbot, "total = my_photo.sum() + t.sum()\n")
    assert app.controller.recording.problem is None
    rows = data_rows(app)
    assert (rows["my_photo"]["shape"], rows["my_photo"]["made by"]) == ("[3, 5, 7]", "your data: my photo.png")
    assert rows["t"]["value"] == "[[1700, 5]]"
    app.window.looking.select_variable("my_photo")
    axes = app.window.tensor_view.state.axes
    assert ([name.name for name in axes.names], axes.roles) == (["C", "H", "W"], ("rgb", "y", "x"))


def test_data_is_renamed_and_removed(app, qtbot, tmp_path, monkeypatch):
    drop(app, make.text(tmp_path / "t.csv", "1,2\n"))
    qtbot.waitUntil(lambda: looked_at(app), timeout=LONG)
    tree = app.window.variables.findChild(QTreeView)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("print", True))
    tree.setFocus()
    tree.setCurrentIndex(tree.model().index(0, 0))
    QTest.keyClick(tree, Qt.Key.Key_F2)
    assert "already means something" in console(app)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("table", True))
    QTest.keyClick(tree, Qt.Key.Key_F2)
    assert list(data_rows(app)) == ["table"]
    assert data_rows(app)["table"]["shape"] == "[1, 2]"
    tree.setCurrentIndex(tree.model().index(0, 0))
    QTest.keyClick(tree, Qt.Key.Key_Delete)
    assert data_rows(app) == {}
    assert app.window.desk.given.files == []


def test_data_that_cannot_be_read_says_so_in_its_row_and_stops_only_who_uses_it(app, qtbot, tmp_path):
    drop(app, make.raw(tmp_path / "bad.npy", b"no array"))
    qtbot.waitUntil(lambda: looked_at(app), timeout=LONG)
    assert data_rows(app)["bad"]["value"].startswith("bad.npy does not begin like any file of data")
    run(app, qtbot, PRODUCT)
    assert app.controller.recording.problem is None
    assert {"bad", "loss"} <= data_rows(app).keys()
    run(app, qtbot, "y = bad + 1\n")
    assert "bad.npy does not begin like any file of data" in app.window.banner.text()
    assert "bad" in data_rows(app)


def test_tensors_of_others_are_data_and_a_recording_is_opened(app, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Discard)
    run(app, qtbot, PRODUCT)
    kept = tmp_path / "run.safetensors"
    app.controller.save_recording(str(kept)).result(60)
    drop(app, make.tensors(tmp_path / "weights.safetensors", a=torch.ones(2), b=torch.ones(3)))
    qtbot.waitUntil(lambda: bool(app.window.desk.given.files) and looked_at(app), timeout=LONG)
    assert data_rows(app)["weights"]["value"] == "2 tensors under their names"
    drop(app, kept)
    qtbot.waitUntil(lambda: "nothing was run" in console(app), timeout=LONG)


def test_data_is_there_again_after_a_change_of_language_and_after_the_next_start(app, qtbot, shared):
    app.window.desk.given.add_lesson("sunspots")
    qtbot.waitUntil(lambda: looked_at(app), timeout=LONG)
    speak(app, qtbot, "zh")
    qtbot.waitUntil(lambda: looked_at(app), timeout=LONG)
    assert [file.path for file in app.window.desk.given.files] == ["lesson:sunspots"]
    speak(app, qtbot, "en")
    qtbot.waitUntil(lambda: looked_at(app), timeout=LONG)
    assert data_rows(app)["sunspots"]["shape"] == "[309, 2]"
    app.window.editor.set_text("years = sunspots[:, 0]\n", undoable=True)
    app.window.close()
    again = App(app._application, app.settings, runner=shared.runner)
    shared.listener = again.controller.receive
    again.open_first(None)
    assert again.window.editor.text() == "years = sunspots[:, 0]\n"
    assert [file.path for file in again.window.desk.given.files] == ["lesson:sunspots"]
    again.window.desk.given.remove("sunspots")
    again.window.editor.set_text("")
    again.window.close()
    again.close()
    again.window.deleteLater()


def test_a_file_is_saved_as_it_was_typed(app, qtbot, tmp_path, monkeypatch):
    path = tmp_path / "saved.py"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    app.window.editor.set_text(PRODUCT, undoable=True)
    app.window.actions_["file.save"].trigger()
    assert path.read_text() == PRODUCT
    assert not app.window.desk.is_dirty()
    assert app.window.windowTitle().startswith("saved.py")


def test_language_and_theme_change_while_a_recording_is_on_the_screen(app, qtbot):
    run(app, qtbot, PRODUCT)
    app.controller.set_step(2)
    app.window.actions_["view.theme_dark"].trigger()
    qtbot.waitUntil(lambda: app.window.canvas.scene().theme.name == "dark")
    speak(app, qtbot, "zh")
    qtbot.waitUntil(lambda: placed(app), timeout=LONG)
    assert app.window.actions_["run.run"].text() == "运行"
    assert app.window.editor.text() == PRODUCT
    assert app.controller.step == 2
    speak(app, qtbot, "en")
    assert app.window.actions_["run.run"].text() == "Run"


def test_left_to_right_turns_the_graph(app, qtbot):
    run(app, qtbot, PRODUCT)
    app.window.actions_["view.right"].trigger()
    qtbot.waitUntil(lambda: app.window.canvas.scene().placement.direction == "right", timeout=LONG)
    app.window.actions_["view.right"].trigger()
    qtbot.waitUntil(lambda: app.window.canvas.scene().placement.direction == "down", timeout=LONG)


def test_finding_a_node_selects_it(app, qtbot):
    run(app, qtbot, PRODUCT)
    app.window.finder.strip.field.setText("mulback")
    app.window.finder.step(1)
    (node,) = app.controller.selection
    assert app.controller.site_of(node).text == "x * w"


def test_a_small_window_shows_every_pane(app, qtbot):
    run(app, qtbot, PRODUCT)
    app.window.resize(900, 600)
    qtbot.waitUntil(lambda: app.window.width() <= 1100)
    for pane in (app.window.editor, app.window.canvas, app.window.inspector, app.window.tensor_view):
        assert pane.visibleRegion().boundingRect().width() > 100


def test_a_real_window_opens_on_a_virtual_screen(tmp_path):
    script = Path(__file__).with_name("real_window.py")
    command = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24", sys.executable, str(script), str(tmp_path / "w.png")]
    result = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert result.returncode == 0, result.stderr
    assert "SumBackward0" in result.stdout
    assert (tmp_path / "w.png").stat().st_size > 20_000


def test_before_the_first_step_the_panes_show_where_the_pass_starts(app, qtbot):
    run(app, qtbot, PRODUCT)
    assert app.controller.selection == []
    assert app.controller.looked_at() == [app.controller.playback.current.roots[0]]
    read = [each.text() for each in app.window.tensor_view.findChildren(QLabel) if each.isVisible()]
    assert "loss" in read


def test_stopping_leaves_the_focus_in_the_editor_and_is_not_shown_as_an_error(app, qtbot):
    run(app, qtbot, PRODUCT)
    window = app.window
    window.editor.set_text("while True:\n    pass\n")
    window.editor.setFocus()
    stop = next(each for each in window.toolbar.findChildren(QPushButton) if each.text() == "Stop")
    ended: list[object] = []
    app.controller.runEnded.connect(ended.append)
    window.actions_["run.run"].trigger()
    qtbot.waitUntil(lambda: stop.isEnabled() and window.toolbar.busy.text() != "", timeout=LONG)
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(ended), timeout=LONG)
    assert not window.toolbar.device.hasFocus()
    assert window.banner.property("calm") is True
    # On a busy machine the interrupt may come too late: then the process was ended, and the banner says so.
    assert window.banner.text().startswith("The run was stopped.")


def test_an_error_is_told_in_the_console_too(app, qtbot):
    run(app, qtbot, "import torch\ntorch.ones(3, 4) @ torch.ones(3, 4)\n")
    qtbot.waitUntil(lambda: "cannot be multiplied" in console(app) and "stopped after" in console(app), timeout=LONG)
    assert app.window.banner.property("calm") is False


def test_what_was_selected_in_one_pass_is_let_go_in_a_pass_without_it(app, qtbot):
    run(app, qtbot, PRODUCT.replace("loss.backward()", "loss.backward()\n(x * x).sum().backward()"))
    controller = app.controller
    leaf, op = controller.nodes_named("x"), controller.nodes_named("y")
    controller.select([*leaf, *op])
    controller.set_view(View("pass", 1))
    assert controller.selection == leaf


def test_a_large_variable_shows_its_shape_once(app, qtbot):
    run(app, qtbot, "import torch\nx = torch.ones(30, 40, requires_grad=True)\nx.sum().backward()\n")
    model = app.window.variables.findChild(QTreeView).model()
    read = [str(model.index(0, column).data() or "") for column in range(model.columnCount())]
    assert read.count("[30, 40]") == 1
    assert sum("[30, 40]" in each for each in read) == 1


def test_without_a_backward_the_gradient_says_that_none_has_run(app, qtbot):
    run(app, qtbot, PRODUCT.replace("loss.backward()\n", ""))
    qtbot.waitUntil(lambda: "no backward pass has run yet" in said(app.window.tensor_view))


def said(widget: QWidget) -> str:
    """What a pane says: its visible labels, and what its pictures tell a screen reader."""
    shown = [each for each in widget.findChildren(QWidget) if each.isVisible()]
    labels = [each.text() for each in shown if isinstance(each, QLabel)]
    return "\n".join(labels + [each.accessibleName() + each.accessibleDescription() for each in shown])


CONVOLVED = """import torch
image = torch.arange(2.0 * 3 * 8 * 8).reshape(2, 3, 8, 8).requires_grad_()
loss = torch.nn.functional.conv2d(image, torch.ones(4, 3, 3, 3)).sum()
loss.backward()
"""


def test_the_tensor_pane_knows_a_convolutions_axes_and_has_its_own_keys(app, qtbot):
    run(app, qtbot, CONVOLVED)
    controller, pane = app.controller, app.window.tensor_view
    controller.select(controller.nodes_named("image"))
    controller.set_step(controller.total)
    sides = {side.name: side for side in pane.findChildren(Side) if side.isVisible()}
    # The picture before stays until the next is there.
    qtbot.waitUntil(
        lambda: all(each.shown is not None and each.shown.shape == (2, 3, 8, 8) for each in sides.values()),
        timeout=LONG,
    )
    assert [(axis.name, axis.source) for axis in pane.state.axes.names] == [(each, "proof") for each in "NCHW"]
    assert float(sides["value"].cells.stats.maximum) == 2 * 3 * 8 * 8 - 1
    assert float(sides["gradient"].cells.stats.maximum) == 36.0

    pane.state.change_axes(lambda axes: axes.with_role(0, "slider"))
    pane.setFocus()
    step = controller.step
    QTest.keyClick(pane, Qt.Key.Key_Right)
    assert pane.state.axes.index[0] == 1
    assert controller.step == step
    QTest.keyClick(pane, Qt.Key.Key_Home)
    assert controller.step == 0


def test_the_tensor_pane_takes_all_the_room_and_gives_it_back(app, qtbot):
    run(app, qtbot, PRODUCT)
    window = app.window
    before = window.tensor_view.height()
    window.tensor_view.commands.toggle_maximised()
    qtbot.waitUntil(lambda: window.tensor_view.height() > 2 * before)
    assert not window.editor.isVisible()
    window.tensor_view.commands.toggle_maximised()
    qtbot.waitUntil(lambda: window.tensor_view.height() == before)
    assert window.editor.isVisible()
    assert window.inspector.isVisible()


VALUE_THEN = "value in this pass"
TRAINING = (
    "import torch\nw = torch.tensor([8.0, 4.0], requires_grad=True)\nfor _ in range(2):\n    w.grad = None\n"
    "    (w * w / 4).sum().backward()\n    with torch.no_grad():\n        w -= w.grad\n"
)


def said_of_leaf(scene, leaf):
    return scene.leaf_value(leaf, scene.labels[leaf])


def test_a_leaf_shows_the_value_it_had_in_the_pass_not_the_one_training_ended_with(app, qtbot):
    run(app, qtbot, TRAINING)
    controller, canvas = app.controller, app.window.canvas
    leaf = controller.nodes_named("w")[0]
    for index, then in ((0, "[8, 4]"), (1, "[4, 2]")):
        controller.set_view(View("pass", index))
        qtbot.waitUntil(lambda: placed(app), timeout=LONG)
        controller.select([leaf])
        qtbot.waitUntil(lambda then=then: said_of_leaf(canvas.scene(), leaf) == then, timeout=LONG)
        qtbot.waitUntil(lambda: app.window.tensor_view._sides["value"].accessibleName() == VALUE_THEN)
        qtbot.waitUntil(lambda: app.window.looking.is_settled())
        said = [label.text() for label in app.window.inspector.findChildren(QLabel)]
        assert "Value in this pass" in said
        assert "Value at the end of the run" in said


def test_colours_by_cost_are_chosen_in_the_menu_seen_in_the_graph_and_exclude_each_other(app, qtbot):
    run(app, qtbot, PRODUCT)
    window = app.window
    window.actions_["colour.backward"].trigger()
    heat = window.canvas.scene().heat
    assert heat.title == "time of the backward"
    assert window.costs.pane.colour.isChecked()
    window.actions_["math.colour"].trigger()
    qtbot.waitUntil(lambda: window.canvas.scene().heat is not None and window.canvas.scene().heat is not heat)
    assert window.canvas.scene().heat.title == "norm of the gradient"
    assert not window.actions_["colour.backward"].isChecked()
    assert not window.costs.pane.colour.isChecked()
    window.actions_["colour.usual"].trigger()
    assert window.canvas.scene().heat is None


def test_the_dearest_nodes_are_listed_and_one_line_leads_to_the_node(app, qtbot):
    run(app, qtbot, PRODUCT)
    window = app.window
    window.actions_["view.costs"].trigger()
    top = window.costs.pane.top
    qtbot.waitUntil(lambda: top.rowCount() > 0)
    top.selectRow(0)
    assert len(app.controller.selection) == 1
    costs = costs_of(app.controller.recording, app.controller.recording.passes[0])
    assert app.controller.selection == greatest(costs.backward, 1)
