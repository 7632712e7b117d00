"""Make ``resources/data`` from the packages that carry the originals; see its README for sources and licences.

Usage: ``python tools/lesson_data.py FOLDER``, where FOLDER holds the unpacked wheels of scikit-image, scikit-learn and
statsmodels (``pip download --no-deps scikit-image scikit-learn statsmodels``, then ``unzip`` each).
"""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path

import numpy as np
from PIL import Image

DATA = Path(__file__).resolve().parent.parent / "resources" / "data"
SIDE = 256
"""Pixels of the photograph's side; the original has 512."""
FRAMES, FRAME_SIDE, DIGIT_SIDE = 24, 64, 24
"""The clip: so many square frames, over which a digit of so many pixels travels."""


def main(folder: Path) -> None:
    """Write every file."""
    DATA.mkdir(exist_ok=True)
    images, labels = digits(_only(folder, "digits.csv.gz"))
    np.savez_compressed(DATA / "digits.npz", images=images, labels=labels)
    photograph = Image.open(_only(folder, "skimage/data/astronaut.png")).convert("RGB")
    photograph.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(DATA / "astronaut.png", optimize=True)
    for name in ("sunspots.csv", "co2.csv"):
        shutil.copyfile(_only(folder, f"datasets/{name.removesuffix('.csv')}/{name}"), DATA / name)
    frames = clip(photograph, images[labels == 3][0])
    frames[0].save(DATA / "clip.gif", save_all=True, append_images=frames[1:], duration=80, loop=0)
    for file in sorted(DATA.iterdir()):
        print(f"{file.name}: {file.stat().st_size:,} bytes")


def digits(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Images, uint8 [1797, 8, 8] from 0 to 16, and which digit each is, uint8 [1797]."""
    with gzip.open(path) as file:
        rows = np.loadtxt(file, delimiter=",").astype(np.uint8)
    return rows[:, :-1].reshape(-1, 8, 8), rows[:, -1]


def clip(photograph: Image.Image, digit: np.ndarray) -> list[Image.Image]:
    """A digit that travels over the photograph, from the lower left to the upper right and halfway back."""
    ground = photograph.crop((96, 0, 352, 256)).resize((FRAME_SIDE, FRAME_SIDE), Image.Resampling.LANCZOS)
    ink = Image.fromarray((digit * 15).astype(np.uint8)).resize((DIGIT_SIDE, DIGIT_SIDE), Image.Resampling.NEAREST)
    room = FRAME_SIDE - DIGIT_SIDE
    frames = []
    for number in range(FRAMES):
        along = 1 - abs(1 - 1.5 * number / (FRAMES - 1))
        frame = ground.copy()
        frame.paste(Image.new("RGB", ink.size, (255, 208, 64)), (round(room * along), round(room * (1 - along))), ink)
        frames.append(frame)
    return frames


def _only(folder: Path, end: str) -> Path:
    found = [path for path in folder.rglob(Path(end).name) if path.as_posix().endswith(end)]
    if len(found) != 1:
        raise SystemExit(f"{end} should be found once below {folder}, and is found {len(found)} times")
    return found[0]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
