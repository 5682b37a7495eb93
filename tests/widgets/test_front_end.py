"""A browser gets a widget's script as one text, so nothing in it may point to another file."""

import re

import pytest

from guarantees.widgets import front_end
from guarantees.widgets.guarantee_game import with_game

SVG_NAMESPACE = "http://www.w3.org/2000/svg"
MODULES = ("front_end", "guarantee_game")
WIDGETS = sorted(path.stem for path in front_end.HERE.glob("*.js") if path.stem not in MODULES)


@pytest.mark.parametrize("name", WIDGETS)
def test_a_script_stands_alone(name: str) -> None:
    script = with_game(front_end.script(name))
    assert not re.search(r"^\s*import\b", script, re.MULTILINE)
    assert re.findall(r"^export .*", script, re.MULTILINE) == ["export default (() => {"]
    assert "function h(" in script


@pytest.mark.parametrize("name", WIDGETS)
def test_nothing_is_fetched_or_parsed_as_markup(name: str) -> None:
    text = (with_game(front_end.script(name)) + front_end.style(name)).replace(SVG_NAMESPACE, "")
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|fetch\(|https?:|@import|url\((?!#)", text)


@pytest.mark.parametrize("name", WIDGETS)
def test_styles_stay_inside_the_widget(name: str) -> None:
    top_level = re.findall(r"^([^\s}/@][^{]*)\{", front_end.style(name), re.MULTILINE)
    assert top_level
    for selectors in top_level:
        for selector in selectors.split(","):
            assert ".guarantee-widget" in selector or "-controls" in selector
