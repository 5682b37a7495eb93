import re

import pytest

from guarantees import show
from guarantees.show.figures import COLOURS, FIGURES, UnknownFigure


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_has_a_finding_alternative_text_numbers_and_sources(name):
    html = show.figure(name).body
    assert re.search(r'<svg role="img" aria-label="[^"]{40,}"', html)
    assert "The numbers" in html
    assert "Sources:" in html
    assert html == show.figure(name).body, "drawn twice, a figure differs: the book would change with each build"


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_takes_the_colours_of_the_page(name):
    html = show.figure(name).body
    assert not [drawn for drawn in COLOURS if drawn in html]
    assert not re.findall(
        r"#[0-9a-fA-F]{6}(?![0-9a-fA-F])", re.sub(r"var\([^)]*\)+", "", html.split("<figcaption>")[0])
    )


def test_an_unknown_figure_names_near_matches():
    with pytest.raises(UnknownFigure, match="israel_aid_bases"):
        show.figure("israel_aid_base")
