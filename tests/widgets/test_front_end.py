"""A browser gets a widget's script as one text, so nothing in it may point to another file."""

import re

import ipywidgets
import pytest
import traitlets

from guarantees import widgets
from guarantees.widgets import Timeline, front_end
from guarantees.widgets.front_end import View, choice, refusal
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


class Dials(View):
    """A view with a choice of each kind."""

    kind = "dials"
    _esm, _css = "", ""
    on = choice(traitlets.Bool(False))
    dial = choice(traitlets.Float(0.5))
    word = choice(traitlets.Unicode())
    words = choice(traitlets.List(traitlets.Unicode()))
    weights = choice(traitlets.Dict(value_trait=traitlets.Float(), key_trait=traitlets.Unicode()))


ACCEPTS = {
    "dial": {"min": 0, "max": 1},
    "word": {"values": ["", "arms", "forces"]},
    "words": {"values": ["arms", "forces"]},
    "weights": {"names": ["arms", "forces"], "min": 0, "max": 3},
}


def test_a_view_tells_the_page_its_choices() -> None:
    view = Dials(ACCEPTS, dial=0.25, words=["arms"])
    defaults = {"dial": 0.5, "on": False, "weights": {}, "word": "", "words": []}
    assert view.setup == {
        "kind": "dials",
        "defaults": defaults,
        "initial": {**defaults, "dial": 0.25, "words": ["arms"]},
        "accepts": ACCEPTS,
    }


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("dial", 2, "dial should be from 0 to 1, not 2"),
        ("dial", "much", "expected a float"),
        ("on", "yes", "expected a boolean"),
        ("word", "armes", "did you mean arms"),
        ("words", ["arms", "arms"], "words names something twice"),
        ("words", {"arms": 1}, "expected a list"),
        ("weights", {"arm": 1.0}, "weights cannot be 'arm'.*arms"),
        ("weights", {"arms": 9.0}, "weights should be from 0 to 3, not 9"),
        ("colour", "red", "there is no choice 'colour'"),
    ],
)
def test_a_choice_is_checked_before_any_is_changed(name: str, value: object, message: str) -> None:
    view = Dials(ACCEPTS)
    before = view.selection
    with pytest.raises(traitlets.TraitError, match=message):
        view.selection = {"on": True, name: value} if name != "on" else {"dial": 0.75, name: value}
    assert view.selection == before
    assert (view.on, view.dial) == (False, 0.5)
    if name != "colour":
        with pytest.raises(traitlets.TraitError):
            Dials(ACCEPTS, **{name: value})


def test_what_is_accepted_is_not_refused() -> None:
    view = Dials(ACCEPTS)
    wanted = {"on": True, "dial": 1.0, "word": "arms", "words": ["forces", "arms"], "weights": {"arms": 3.0}}
    view.selection = wanted
    assert {name: getattr(view, name) for name in wanted} == view.selection == wanted
    assert not refusal("weights", [1, 1], {})  # a list of numbers may repeat itself


def test_stock_controls_are_linked_in_the_browser() -> None:
    timeline = Timeline(["israel_qme"], since=1975)
    first, *_, view = timeline.children
    assert first.value == 1975
    links = [
        (tuple(model["state"]["source"]), tuple(model["state"]["target"]))
        for model in ipywidgets.Widget.get_manager_state()["state"].values()
        if model["model_name"] == "LinkModel"
    ]
    for control, name in zip(timeline.children, ("since", "until", "events"), strict=False):
        assert ((f"IPY_MODEL_{control.model_id}", "value"), (f"IPY_MODEL_{view.model_id}", name)) in links


def test_every_widget_has_a_name_of_its_own_in_the_address() -> None:
    made = [getattr(widgets, name)() for name in widgets.__all__ if name != "Quiz"]
    kinds = [getattr(widget, "view", widget).kind for widget in made]
    assert len(set(kinds)) == len(kinds)
    assert all(re.fullmatch("[a-z]+", kind) for kind in kinds)
