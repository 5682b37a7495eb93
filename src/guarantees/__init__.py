"""Security guarantees compared: data, comparisons, the guarantee game, widgets and grading."""

from pathlib import Path


def data_folder() -> Path:
    """Find the tables: ``data/`` of a checkout or an editable install, or the copy inside a wheel."""
    here = Path(__file__).resolve().parent
    packaged = here / "data"
    return packaged if packaged.is_dir() else here.parents[1] / "data"
