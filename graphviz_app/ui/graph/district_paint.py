"""Draws districts: open ones as tinted frames under everything, closed ones as cards, and the titles of both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphviz_app.ui.graph import fonts
from graphviz_app.ui.graph.district_labels import CONTROL, LINE, PAD, SHAPES, STACK, TITLE, TITLE_HEIGHT
from graphviz_app.ui.graph.district_scene import NAMED_HEIGHT, NAMED_WIDTH, DistrictScene
from graphviz_app.ui.graph.geometry import Floats, Ints, Rect
from graphviz_app.ui.graph.paths import LINE as LINE_TO
from graphviz_app.ui.graph.paths import MOVE, Outline
from graphviz_app.ui.graph.scene import GraphScene, Level, State
from graphviz_app.ui.graph.surface import Surface
from graphviz_app.ui.graph.swell import drawn_boxes
from graphviz_app.ui.graph.tints import Tint

ROUND, FRAME_ROUND = 12.0, 14.0
CONTROLS_FROM = 0.4
"""Zoom from which the signs that open and close are drawn and can be pressed."""
BAR_PIXELS, CALM_BAR, LARGEST_BAR = 12.5, 36, 52
"""The title of an open district is written this large, as long as its bar is high enough."""
ACROSS_PIXELS, LARGEST_ACROSS = 11.0, 26.0
LARGEST_NAME = 44
_LEAST_PIXELS, _READ_PIXELS = 6.2, 7.2
"""What is smaller is not written; what has no room is not made smaller than the other, but cut."""
_LEAST_CHARS = 3
_BAR = 4.0
_AREA_BAR = 2.5
"""Pixels."""


class DistrictPainter:
    """Draws the districts of one scene at one zoom.

    Parameters
    ----------
    surface, scene, scale, level
        As :func:`graphviz_app.ui.graph.paint.draw` has them.
    """

    def __init__(self, surface: Surface, scene: GraphScene, scale: float, level: Level) -> None:
        assert scene.districts is not None
        self._surface, self._scene, self._scale, self._level = surface, scene, scale, level
        self._districts: DistrictScene = scene.districts

    # Open ones

    def frames(self, view: Rect) -> None:
        """Draw the grounds of open districts, those of the outer ones first."""
        rects, radius = self._scene.geometry.frames, 0.0 if self._level == Level.FAR else FRAME_ROUND
        width = max(1.2, 1.0 / self._scale)
        for frame in self._scene.geometry.frames_in(view).tolist():
            tint = self._tint_of_frame(frame)
            self._surface.boxes(rects[frame : frame + 1], radius, fill=tint.ground, stroke=tint.border, width=width)

    def titles(self, view: Rect) -> None:
        """Write the titles of open districts: in their bars, or across them where nothing inside can be named."""
        frames = self._scene.geometry.frames_in(view)
        if self._level == Level.FAR:
            for frame in self._areas(frames).tolist():
                self._area(frame)
            return
        for frame in frames.tolist():
            self._bar(frame)
        if self._scene.controls and self._scale >= CONTROLS_FROM:
            rects = self._scene.geometry.frames[frames]
            self._signs([control_of_frame(rect) for rect in rects], opens=False)

    def _areas(self, frames: Ints) -> Ints:
        """Those of some open districts that are seen from so far that nothing inside can be told."""
        return frames[self._districts.named_across(self._scene.geometry, frames, self._scale)]

    def _area(self, frame: int) -> None:
        """An area with its name across: its streets come when one is nearer. Colours of gradients stay to be seen."""
        rect, thing = self._scene.geometry.frames[frame], self._thing(frame)
        tint = self._tint_of_frame(frame)
        if self._scene.heat is None and self._scene.kept_boxes is None:
            self._surface.boxes(
                rect[None, :], 0, fill=f"#e4{tint.area[1:]}", stroke=tint.border, width=1.0 / self._scale
            )
            done = self._done(thing)
            if done is not None and done[0]:
                wide = float(rect[2] - rect[0]) * done[0] / done[1]
                bar = [rect[0], rect[3] - _AREA_BAR / self._scale, rect[0] + wide, rect[3]]
                self._surface.boxes(np.array([bar]), 0, fill=self._scene.theme.grad)
        self._across(frame)

    def _across(self, frame: int) -> None:
        left, top, right, bottom = self._scene.geometry.frames[frame].tolist()
        scale, title = self._scale, self._districts.labels.short_title(self._thing(frame))
        # As large as leaves a fifth of the width free, within what is read and what is calm.
        wanted = (right - left) * 0.8 * TITLE.size / max(1.0, fonts.width(title, TITLE))
        size = min(LARGEST_ACROSS / scale, (bottom - top) * 0.4, max(ACROSS_PIXELS / scale, wanted))
        face = TITLE._replace(size=max(1, round(size)))
        said = fonts.fitting_title(title, face, right - left - 8 / scale)
        middle = (top + bottom) / 2 + fonts.ascent(face) / 2
        self._surface.text((left + right) / 2, middle, said, face, self._tint_of_frame(frame).title, "middle")

    def _bar(self, frame: int) -> None:
        most = min(LARGEST_BAR, max(CALM_BAR, round(_READ_PIXELS / self._scale)))
        size = min(most, max(TITLE.size, round(BAR_PIXELS / self._scale)))
        if size * self._scale < _LEAST_PIXELS:
            return
        left, top, right, _ = self._scene.geometry.frames[frame].tolist()
        tint, thing, face = self._tint_of_frame(frame), self._thing(frame), TITLE._replace(size=size)
        title, room = self._districts.labels.short_title(thing), right - left - 2 * PAD
        room -= (CONTROL + 8) if self._scene.controls and self._scale >= CONTROLS_FROM else 0
        if (wide := fonts.width(title, face)) > room:
            face = TITLE._replace(size=max(TITLE.size, int(size * room / wide)))
        said, y = fonts.fitting_title(title, face, room), top + TITLE_HEIGHT / 2 + 3
        wide = fonts.width(said, face)
        self._on_ground(left + PAD, y, wide, face, said, tint.title, tint)
        room -= wide + 12
        if self._level == Level.NEAR and said == title and room > 0:
            under = self._districts.labels.second_line(thing, self._done(thing))
            if fonts.width(under, LINE) <= room:
                self._on_ground(left + PAD + wide + 12, y, fonts.width(under, LINE), LINE, under, tint.line, tint)

    def _on_ground(self, x: float, y: float, wide: float, face: fonts.Face, text: str, color: str, tint: Tint) -> None:
        """Write on ground of its own, so that no edge crosses what is said."""
        box = np.array([[x - 4, y - face.size * 0.62, x + wide + 4, y + face.size * 0.62]])
        self._surface.boxes(box, 4.0, fill=tint.ground)
        self._surface.text(x, y + fonts.ascent(face) / 2, text, face, color)

    # Closed ones

    def closed(self, boxes: Ints) -> None:
        """Draw closed districts and what stands on them."""
        if self._level == Level.FAR:
            self._far(boxes)
            return
        states, rects = self._scene.states(boxes).tolist(), cards(self._scene, boxes, self._scale)
        for box, rect, state in zip(boxes.tolist(), rects, states, strict=True):
            self._card(box, rect, State(state))
            self._write(box, rect)
        if self._scene.controls and self._level == Level.NEAR:
            self._signs([control_of_card(rect) for rect in rects], opens=True)

    def _card(self, box: int, rect: Floats, state: State) -> None:
        thing, tint = self._thing_of_box(box), self._tint_of_box(box)
        warm = self._scene.warmth(box)
        fill, stroke = (warm.fill, warm.stroke) if warm is not None else (tint.fill, tint.stroke)
        if state == State.DONE and warm is None:
            stroke = self._scene.theme.grad_border
        one = rect[None, :]
        for shift in (STACK, STACK / 2) if self._districts.data.is_repeat(thing) else ():
            self._surface.boxes(
                one + shift, ROUND, fill=tint.ground, stroke=tint.border, width=max(1.1, 0.8 / self._scale)
            )
        self._surface.boxes(one, ROUND, fill=fill, stroke=stroke, width=max(1.6, 0.9 / self._scale))
        done = self._done(thing)
        if done is not None and done[0]:
            left, right, bottom = float(rect[0]) + ROUND, float(rect[2]) - ROUND, float(rect[3])
            bar = np.array([[left, bottom - _BAR - 1, left + (right - left) * done[0] / done[1], bottom - 1]])
            self._surface.boxes(bar, _BAR, fill=self._scene.theme.grad)

    def _far(self, boxes: Ints) -> None:
        rects, least = self._scene.geometry.boxes[boxes], 1.3 / self._scale
        grow = np.maximum(0, least - (rects[:, 2:] - rects[:, :2])) / 2
        rects = np.concatenate([rects[:, :2] - grow, rects[:, 2:] + grow], axis=1)
        for box, rect in zip(boxes.tolist(), rects, strict=True):
            warm = self._scene.warmth(box)
            fill = warm.far if warm is not None else self._tint_of_box(box).far
            self._surface.boxes(rect[None, :], 0, fill=fill)
            wide, high = (rect[2:] - rect[:2]) * self._scale
            if wide >= NAMED_WIDTH * 0.6 and high >= NAMED_HEIGHT * 0.8:
                self._name(box, rect)

    def _write(self, box: int, rect: Floats) -> None:
        """Write what a closed district says at this zoom, on its card."""
        if self._level == Level.NEAR:
            self._lines(box, rect)
        else:
            self._name(box, rect)

    def _name(self, box: int, rect: Floats) -> None:
        """The title alone, as large as its box allows."""
        left, top, right, bottom = rect.tolist()
        title, room = self._districts.labels.short_title(self._thing_of_box(box)), right - left - 12
        wanted = TITLE.size * room / max(1.0, fonts.width(title, TITLE))
        readable = _READ_PIXELS / self._scale
        size = int(min(max(LARGEST_NAME, readable), (bottom - top) * 0.55, max(wanted, readable, TITLE.size)))
        face = TITLE._replace(size=max(1, size - size % 2))
        said = fonts.fitting_title(title, face, room)
        if size * self._scale >= _LEAST_PIXELS and len(said) >= min(_LEAST_CHARS, len(title)):
            middle = (top + bottom) / 2 + fonts.ascent(face) / 2
            self._surface.text((left + right) / 2, middle, said, face, self._tint_of_box(box).title, "middle")

    def _lines(self, box: int, rect: Floats) -> None:
        """Everything."""
        left, top, right, _ = rect.tolist()
        thing, tint, theme = self._thing_of_box(box), self._tint_of_box(box), self._scene.theme
        text, done, room = self._districts.labels[thing], self._done(thing), right - left - 2 * PAD
        title_room = room - (CONTROL + 6 if self._scene.controls else 0)
        self._surface.text(left + PAD, top + 27, fonts.fitting(text.title, TITLE, title_room), TITLE, tint.title)
        gradients = self._districts.gradient_line(self._scene.playback, thing)
        lines = [
            (self._districts.labels.second_line(thing, done), LINE, tint.line),
            (text.shapes, SHAPES, theme.text),
            (gradients, LINE, theme.grad) if gradients else (text.more, LINE, tint.line),
        ]
        said = [line for line in lines if line[0]]
        for y, (line, face, color) in zip(_baselines(len(said)), said, strict=False):
            self._surface.text(left + PAD, top + y, fonts.fitting(line, face, room), face, color)

    def _signs(self, boxes: list[Rect], *, opens: bool) -> None:
        """A plus or a minus in a circle, at each of some places."""
        rects, theme = np.array(boxes).reshape(-1, 4), self._scene.theme
        self._surface.boxes(rects, CONTROL, fill=theme.node_fill, stroke=theme.border_strong, width=1.2)
        x, y, arm = (rects[:, 0] + rects[:, 2]) / 2, (rects[:, 1] + rects[:, 3]) / 2, CONTROL * 0.24
        xs, ys = np.stack([x - arm, x + arm], axis=1), np.stack([y, y], axis=1)
        if opens:
            xs = np.concatenate([xs, np.stack([x, x], axis=1)])
            ys = np.concatenate([ys, np.stack([y - arm, y + arm], axis=1)])
        types = np.tile(np.array([MOVE, LINE_TO]), len(xs))
        self._surface.lines(Outline(types, xs.ravel(), ys.ravel()), theme.text_dim, 1.6)

    # Of which

    def _thing(self, frame: int) -> int:
        return self._districts.data.thing_of_frame(frame)

    def _thing_of_box(self, box: int) -> int:
        return int(self._scene.geometry.node[box])

    def _tint_of_frame(self, frame: int) -> Tint:
        return self._districts.tint(self._scene.theme, self._thing(frame))

    def _tint_of_box(self, box: int) -> Tint:
        return self._districts.tint(self._scene.theme, self._thing_of_box(box))

    def _done(self, thing: int) -> tuple[int, int] | None:
        return self._districts.done_in(self._scene.playback, thing)


def cards(scene: GraphScene, boxes: Ints, scale: float) -> Floats:
    """The front cards of some closed districts: their boxes, less what shows of the cards behind."""
    rects = drawn_boxes(scene.geometry, boxes, scale).copy()
    if scene.districts is not None:
        data, things = scene.districts.data, scene.geometry.node[boxes].tolist()
        rects[np.array([data.is_repeat(thing) for thing in things], dtype=np.bool_), 2:] -= STACK
    return rects


def control_of_frame(rect: Floats) -> Rect:
    """Where the sign that closes a frame is."""
    right, middle = float(rect[2]) - PAD + 5, float(rect[1]) + TITLE_HEIGHT / 2 + 3
    return right - CONTROL, middle - CONTROL / 2, right, middle + CONTROL / 2


def control_of_card(rect: Floats) -> Rect:
    """Where the sign that opens a closed district is; `rect` is its card."""
    right, top = float(rect[2]) - PAD + 5, float(rect[1]) + 13
    return right - CONTROL, top, right, top + CONTROL


def _baselines(count: int) -> Sequence[float]:
    """Where the lines below a title stand, from the top of the card."""
    return (47.0, 65.0, 83.0) if count >= 3 else (51.0, 72.0)
