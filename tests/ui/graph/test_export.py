"""Pictures for elsewhere: whole, true to the step, readable by others, and never half written."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import builders
import graph_sample
import numpy as np
import panel_sample
import pytest
from panel_sample import MUL
from PIL import Image
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from graphviz_app.recording.model import NodeKind
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.views import View
from graphviz_app.ui import export
from graphviz_app.ui.gif import save_gif
from graphviz_app.ui.graph.labels import measure
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.pictures import write_scene
from graphviz_app.ui.theme import DARK, LIGHT
from graphviz_app.ui.watching import GivenUp

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    """Every word in a picture, as a reader sees it."""
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def stepped(step: int) -> GraphScene:
    scene = graph_sample.scene()
    scene.set_playback(graph_sample.view(Playback(scene.recording, 0), step))
    return scene


def test_an_svg_says_everything_the_screen_says(qtbot: QtBot) -> None:
    words = texts(export.svg_text(stepped(2)))
    for wanted in ("x", "[1, 2]", "×", "x * w", "MulBackward0 · line 4", "Σ", "loss = 11", "v = [1, 1]", "grad None"):
        assert wanted in words, wanted
    assert words.count("[3, 4]") == 2  # the value of w, and the gradient on its way to x


def test_an_svg_has_every_box_where_it_is_drawn_and_as_large(qtbot: QtBot) -> None:
    scene = graph_sample.scene()
    names = ("x", "y", "width", "height", "rx")
    rects = ElementTree.fromstring(export.svg_text(scene)).iter(f"{SVG}rect")
    written = {tuple(float(each.attrib[name]) for name in names) for each in rects if "rx" in each.attrib}
    for (left, top, right, bottom), kind in zip(scene.geometry.boxes.tolist(), scene.box_kind.tolist(), strict=True):
        round_off = (bottom - top) / 2 if kind == NodeKind.LEAF else 10.0
        drawn = (left, top, right - left, bottom - top, round_off)
        assert any(np.allclose(drawn, each, atol=0.006) for each in written), drawn


def test_the_heads_of_edges_in_an_svg_are_triangles_of_three_corners(qtbot: QtBot) -> None:
    scene = graph_sample.scene()
    paths = ElementTree.fromstring(export.svg_text(scene)).iter(f"{SVG}path")
    heads = [head for path in paths if path.attrib["fill"] != "none" for head in path.attrib["d"].split("M")[1:]]
    assert len(heads) == len(scene.geometry.edge)
    assert all(len(set(head.split("L"))) == 3 == len(head.split("L")) for head in heads)


def test_an_svg_follows_the_theme_and_the_step(qtbot: QtBot) -> None:
    light, dark = export.svg_text(graph_sample.scene(LIGHT)), export.svg_text(graph_sample.scene(DARK))
    assert LIGHT.canvas in light
    assert DARK.canvas in dark
    assert DARK.leaf_fill in dark
    assert DARK.leaf_fill not in light
    assert LIGHT.run_fill not in light
    assert LIGHT.run_fill in export.svg_text(stepped(1))


def test_what_is_selected_or_pointed_at_stays_out_of_files(qtbot: QtBot) -> None:
    scene = graph_sample.scene()
    plain = export.svg_text(scene)
    scene.selection, scene.hovered = (MUL,), MUL
    scene.set_found(np.array([MUL]))
    assert export.svg_text(scene) == plain
    assert scene.selection == (MUL,)


@pytest.mark.parametrize(
    "name", ["<script>a()</script>", "\"&<>'", "nul\0bell\x07", "变量 é 🙂", "]]>", "\ud800x", "9% %s %(d"]
)
def test_hostile_names_stay_text(name: str, qtbot: QtBot) -> None:
    recording = panel_sample.recording()
    recording.strings = [name if each == "w" else each for each in recording.strings]
    recording.filename = name
    svg = export.svg_text(graph_sample.scene(recording=recording))
    svg.encode()
    root = ElementTree.fromstring(svg)
    assert not list(root.iter(f"{SVG}script"))
    shown = "".join(c for c in name if c.isprintable() and not "\ud800" <= c <= "\udfff")
    assert any(shown.replace(" ", "") in each.replace(" ", "") for each in texts(svg))


def test_an_svg_with_outlines_needs_no_fonts_and_looks_the_same(qtbot: QtBot) -> None:
    scene = graph_sample.scene()
    outlined = export.svg_text(scene, outlines=True)
    assert texts(outlined) == []
    assert "font-family" not in outlined
    wanted = export.to_image(scene)
    renderer = QSvgRenderer(outlined.encode())
    assert renderer.isValid()
    drawn = QImage(wanted.size(), QImage.Format.Format_RGB32)
    painter = QPainter(drawn)
    renderer.render(painter)
    painter.end()
    assert difference(drawn, wanted) < 2.0


def difference(one: QImage, other: QImage) -> float:
    """Mean difference of two pictures, in 255ths."""
    first, second = (np.frombuffer(image.constBits(), np.uint8).astype(float) for image in (one, other))
    return float(np.abs(first - second).mean())


def test_a_picture_made_in_a_thread_looks_like_the_one_made_for_the_screen(qtbot: QtBot) -> None:
    scene = graph_sample.scene()
    for scale in (1.0, 2.0):
        shown = export.to_image(scene, scale)
        with ThreadPoolExecutor(1) as thread:  # as exports from the window are
            written = thread.submit(export.to_image, scene, scale).result()
        assert written.size() == shown.size()
        assert difference(shown, written) < 0.05  # the edges of letters, a quarter of a pixel apart


@pytest.mark.parametrize("side", [64, 200, 333])
def test_a_picture_drawn_in_squares_shows_no_seams(side: int, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in range(1, 5):
        scene = stepped(step)
        at_once = export.to_image(scene, 2.0)
        with monkeypatch.context() as patched:
            patched.setattr(export, "PATCH", side)
            in_squares = export.to_image(scene, 2.0)
        first, second = (np.frombuffer(image.constBits(), np.uint8).astype(int) for image in (at_once, in_squares))
        assert np.abs(first - second).max() < 64


def test_text_is_told_its_width_so_that_another_font_stays_in_its_box(qtbot: QtBot) -> None:
    svg = export.svg_text(graph_sample.scene())
    long = [e for e in ElementTree.fromstring(svg).iter(f"{SVG}text") if len(e.text or "") >= 4]
    assert long
    assert all(float(element.attrib["textLength"]) > 10 for element in long)


def test_a_model_of_eight_hundred_nodes_is_written_with_every_name_that_fits(qtbot: QtBot) -> None:
    recording = builders.grid_recording(800)
    sizes, _ = measure(recording, np.arange(800))
    svg = export.svg_text(GraphScene(recording, builders.grid_placement(recording, sizes), LIGHT))
    assert len([word for word in texts(svg) if word.startswith(("Mul", "Add", "Mm"))]) > 300


@pytest.mark.parametrize("scale", [1.0, 2.0, 4.0])
def test_a_png_has_the_size_asked_for(scale: float, tmp_path: Path, qtbot: QtBot) -> None:
    scene = stepped(2)
    export.save_png(scene, tmp_path / "graph.png", scale)
    left, top, right, bottom = export.whole(scene)
    with Image.open(tmp_path / "graph.png") as image:
        assert image.size == (round((right - left) * scale), round((bottom - top) * scale))
        colors = {color for _, color in image.convert("RGB").getcolors(1 << 24) or []}
    assert {(0xF5, 0x9E, 0x0B), (0x6D, 0x28, 0xD9)} <= colors


def test_a_huge_graph_becomes_a_picture_that_fits_memory(qtbot: QtBot) -> None:
    recording = builders.grid_recording(40_000)
    sizes, _ = measure(recording, np.arange(40_000))
    image = export.to_image(GraphScene(recording, builders.grid_placement(recording, sizes), LIGHT), 4.0)
    assert image.width() * image.height() <= export.MOST_PIXELS * 1.01
    assert max(image.width(), image.height()) <= export.MOST_SIDE + 1


@pytest.mark.parametrize("outlines", [False, True])
def test_a_pdf_is_one_page_as_large_as_the_picture(outlines: bool, tmp_path: Path, qtbot: QtBot) -> None:
    scene = graph_sample.scene()
    export.save_pdf(scene, tmp_path / "graph.pdf", outlines=outlines)
    data = (tmp_path / "graph.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    found = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert found is not None
    left, top, right, bottom = export.whole(scene)
    assert float(found[1]) == pytest.approx((right - left) * 0.75, abs=1)
    assert float(found[2]) == pytest.approx((bottom - top) * 0.75, abs=1)
    assert (b"/Font" in data.replace(b"/Font <<\n>>", b"")) is not outlines
    assert b"/Subtype /Image" not in data


def test_a_gif_steps_through_the_pass_in_one_palette(tmp_path: Path, qtbot: QtBot) -> None:
    scene = graph_sample.scene()
    playback = Playback(scene.recording, 0)
    views = [graph_sample.view(playback, step) for step in range(playback.total + 1)]
    save_gif(export.frames(scene, views, 1.0), tmp_path / "steps.gif", seconds=0.5)
    assert scene.playback is None
    with Image.open(tmp_path / "steps.gif") as gif:
        assert gif.n_frames == playback.total + 1
        assert gif.info["loop"] == 0
        assert max(gif.size) <= export.GIF_SIDE
        shown = []
        for frame in range(gif.n_frames):
            gif.seek(frame)
            shown.append((gif.info["duration"], gif.convert("RGB").tobytes()))
    assert [duration for duration, _ in shown] == [500] * playback.total + [1500]
    assert len({picture for _, picture in shown}) == playback.total + 1


def test_a_gif_of_a_large_picture_is_made_smaller(tmp_path: Path, qtbot: QtBot) -> None:
    image = QImage(4000, 1000, QImage.Format.Format_RGB32)
    image.fill(0xFF336699)
    save_gif([image, image], tmp_path / "large.gif")
    with Image.open(tmp_path / "large.gif") as gif:
        assert gif.size == (1600, 400)


def test_no_pictures_are_no_gif(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one"):
        save_gif([], tmp_path / "none.gif")
    assert list(tmp_path.iterdir()) == []


def test_the_clipboard_holds_an_image_and_an_svg(qtbot: QtBot) -> None:
    scene = graph_sample.scene()
    export.put_on_clipboard(export.to_copy(scene, 1.0))
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert texts(bytes(data.data("image/svg+xml").data()).decode()).count("x * w") == 1
    assert bytes(data.data("image/png").data()).startswith(b"\x89PNG")
    QGuiApplication.clipboard().clear()


class Impatience:
    """Gives a file up when it has heard of it so often."""

    def __init__(self, patience: int) -> None:
        self.left = patience
        self.told: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int) -> None:
        self.told.append((done, total))
        self.left -= 1
        if not self.left:
            raise GivenUp


@pytest.mark.parametrize("kind", ["png", "svg", "pdf", "gif"])
def test_a_file_given_up_at_any_moment_is_the_one_it_was(kind: str, tmp_path: Path, qtbot: QtBot) -> None:
    path, scene = tmp_path / f"graph.{kind}", graph_sample.scene()
    path.write_bytes(b"the one before")
    patience = Impatience(-1)
    write_scene(scene, View("pass", 0), None, tmp_path / f"other.{kind}", kind, scale=3, watch=patience)
    chances = len(patience.told)
    assert chances >= 5
    for moment in {1, 2, chances // 2, chances - 1, chances}:
        with pytest.raises(GivenUp):
            write_scene(scene, View("pass", 0), None, path, kind, scale=3, watch=Impatience(moment))
        assert path.read_bytes() == b"the one before"
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([f"other.{kind}", f"graph.{kind}"])


@pytest.mark.parametrize("kind", ["png", "gif"])
def test_whoever_waits_for_a_file_is_told_how_far_it_is(kind: str, tmp_path: Path, qtbot: QtBot) -> None:
    patience = Impatience(-1)
    write_scene(graph_sample.scene(), View("pass", 0), None, tmp_path / "a", kind, scale=3, watch=patience)
    shares = [done / total for done, total in patience.told if total]
    assert shares == sorted(shares)
    assert len(set(shares)) >= 3
