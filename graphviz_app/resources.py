"""Where the data files are: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path


def resource(*parts: str) -> Path:
    """Path of a file or folder under ``resources/``."""
    package = Path(__file__).parent
    inside = package / "_resources"
    return (inside if inside.is_dir() else package.parent / "resources").joinpath(*parts)
