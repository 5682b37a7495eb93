"""One look per guarantee model, the same in widgets and figures: a colour, and a marker and a dash to tell it by."""

from collections.abc import Mapping
from typing import NamedTuple

from guarantees import catalog


class Look(NamedTuple):
    """How one model is drawn.

    Attributes
    ----------
    light, dark : str
        Colour on a light and on a dark page; either has 3:1 contrast with it.
    marker : str
        Matplotlib's code of the shape.
    path : str
        The same shape as an SVG path in a box of 16 by 16.
    dash : tuple of int
        Lengths of strokes and gaps of a line; empty for a solid one.
    """

    light: str
    dark: str
    marker: str
    path: str
    dash: tuple[int, ...]


# The hues are those of Okabe and Ito (2008), "Color universal design"; the shades keep at least 10 apart in CIE Lab
# for readers with normal vision, protanopia, deuteranopia and tritanopia (tests/widgets/test_palette.py).
LOOKS = (
    Look("#333333", "#e6e6e6", "o", "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12z", ()),
    Look("#a16a0b", "#e69f00", "s", "M3 3h10v10H3z", (6, 2)),
    Look("#408ec2", "#56b4e9", "^", "M8 2l6.5 11.5h-13z", (2, 2)),
    Look("#18855e", "#00a578", "v", "M8 14L1.5 2.5h13z", (8, 2, 2, 2)),
    Look("#9f8e00", "#f0e442", "D", "M8 1l6 7-6 7-6-7z", (12, 3)),
    Look("#206ba9", "#2f86c9", "P", "M6 2h4v4h4v4h-4v4H6v-4H2V6h4z", (4, 4)),
    Look("#99440b", "#e0661a", "X", "M5 2l3 3 3-3 3 3-3 3 3 3-3 3-3-3-3 3-3-3 3-3-3-3z", (8, 2, 2, 2, 2, 2)),
    Look(
        "#9b577f",
        "#d48ab4",
        "*",
        "M8 1l2 4.6 5 .5-3.8 3.3 1.1 4.9L8 11.7l-4.3 2.6 1.1-4.9L1 6.1l5-.5z",
        (1, 3),
    ),
)


def looks() -> Mapping[str, Look]:
    """Give each model its look, by its id, in the order of ``models.csv``."""
    return dict(zip(catalog.load("models")["id"], LOOKS, strict=True))


def css() -> str:
    """Write the models' colours as custom properties, ``--model-<id>``, for the page in both themes and for JupyterLab.

    Examples
    --------
    >>> "--model-nato_article5:#333333;" in css()
    True
    """

    def properties(theme: str) -> str:
        return "".join(f"--model-{model}:{getattr(look, theme)};" for model, look in looks().items())

    return (
        f":root{{{properties('light')}}}\n"
        f'html[data-theme="dark"],body[data-jp-theme-light="false"]{{{properties("dark")}}}\n'
    )
