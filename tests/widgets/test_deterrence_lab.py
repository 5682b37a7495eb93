"""The lab carries the whole game, its controls are linked without a kernel, and it reads without scripts."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import ipywidgets
import pytest
import traitlets

from guarantees import catalog
from guarantees.deterrence import EXPLAINABLE, Design, InvalidGame, Outcome, World, explain, solve
from guarantees.widgets import DeterrenceLab
from guarantees.widgets.deterrence_lab import DIALS, NO_GUARANTEE, NUMBERS, OUTCOMES, WORLD, Lab
from guarantees.widgets.guarantee_game import twin
from tests.widgets.text import Page

VIEW = "application/vnd.jupyter.widget-view+json"


def sliders(lab: DeterrenceLab) -> dict[str, ipywidgets.FloatSlider]:
    dials, _, world, _ = lab.children
    return dict(zip(NUMBERS, [*dials.children, *world.children], strict=True))


def test_every_number_and_every_outcome_of_the_game_is_there() -> None:
    assert list(DIALS) == [field.name for field in fields(Design)]
    assert list(WORLD) == [field.name for field in fields(World)]
    assert sorted(OUTCOMES) == sorted(field.name for field in fields(Outcome))
    lab = DeterrenceLab()
    assert {name: lab.selection[name] for name in NUMBERS} == NO_GUARANTEE
    assert set(Lab.class_trait_names(choice=True)) == {*NUMBERS, "before", "dial", "outcome"}


def test_the_models_are_those_of_the_table_with_every_reason() -> None:
    data = DeterrenceLab().view.data
    presets = catalog.load("presets")
    assert list(data["models"]) == list(catalog.presets())
    assert sum(len(reasons) for reasons in data["reasons"].values()) == len(presets)
    assert set(data["set_by_models"]) == set(presets["parameter"])


@pytest.mark.parametrize("model", catalog.presets())
def test_a_model_can_come_first(model: str) -> None:
    lab = DeterrenceLab(model)
    assert lab.game == catalog.presets()[model]
    for name, slider in sliders(lab).items():
        assert slider.value == pytest.approx(lab.selection[name], abs=1e-12)


def test_controls_are_linked_in_the_browser() -> None:
    lab = DeterrenceLab()
    links = [
        (tuple(model["state"]["source"]), tuple(model["state"]["target"]))
        for model in ipywidgets.Widget.get_manager_state()["state"].values()
        if model["model_name"] == "LinkModel"
    ]
    for name, slider in sliders(lab).items():
        assert ((f"IPY_MODEL_{slider.model_id}", "value"), (f"IPY_MODEL_{lab.view.model_id}", name)) in links


def test_what_the_reader_chose_can_be_read_and_set() -> None:
    lab = DeterrenceLab(k=0.6, before="israel_qme", outcome="war")
    assert lab.game == (Design(k=0.6), World())
    assert lab.selection["before"] == {"k": 0.3, "m": 0.25, "q": 0.4, "e": 0.4}
    lab.selection = {"q": 0.5, "e": 0}
    assert lab.game == (Design(k=0.6, q=0.5, e=0), World())
    assert lab.view.q == 0.5
    lab.view.k = 0.1
    assert lab.selection["k"] == 0.1


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"model": "isreal_qme"}, catalog.UnknownId, "israel_qme"),
        ({"before": "nato"}, catalog.UnknownId, "nato"),
        ({"h": 0.9}, InvalidGame, "h"),
        ({"before": {"B": 0}}, InvalidGame, "B > 0"),
        ({"k": 3}, traitlets.TraitError, "k should be from 0 to 1"),
        ({"dial": "p"}, traitlets.TraitError, "dial cannot be 'p'"),
        ({"outcome": "peace"}, traitlets.TraitError, "outcome cannot be"),
        ({"before": {"x": 1}}, traitlets.TraitError, "no number 'x'"),
        ({"thetta": 1}, traitlets.TraitError, "theta"),
    ],
)
def test_what_the_game_excludes_is_refused_by_name(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        DeterrenceLab(**arguments)


def test_the_text_form_has_the_numbers_and_the_reasons() -> None:
    lab = DeterrenceLab(k=0.6, q=0.5)
    page = Page(lab.text_equivalent().replace("</tbody>", "<tr>"))
    assert explain((Design(), World()), lab.game).words in page.text
    now, before = solve(*lab.game), solve(Design())
    listed = {row[0]: row[1:] for row in page.rows if row}
    for name, words in OUTCOMES.items():
        assert listed[words] == [f"{getattr(before, name):.2f}", f"{getattr(now, name):.2f}"]
    for model, game in catalog.presets().items():
        cells = listed[catalog.row("models", model)["name"]]
        assert cells[:5] == [f"{getattr(game[0], dial):.2f}" for dial in DIALS]
        assert cells[-1] == f"{solve(*game).abandonment:.2f}"


def test_the_text_form_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    load: Callable[[str], Any] = catalog.load

    def hostile(name: str) -> Any:
        table = load(name)
        return table.assign(name="<script>alert(1)</script>") if "name" in table else table

    monkeypatch.setattr(catalog, "load", hostile)
    assert "script" not in Page(DeterrenceLab().text_equivalent()).tags


def test_it_shows_the_view_and_the_text_form() -> None:
    lab = DeterrenceLab()
    shown, _ = lab._repr_mimebundle_()
    assert shown[VIEW]["model_id"] == lab.model_id
    assert lab.text_equivalent() in shown["text/html"]


def test_the_script_stands_alone_and_holds_the_game() -> None:
    script = DeterrenceLab().view._esm
    assert "import " not in script
    assert script.count("export ") == 1
    assert twin().split("\n")[0] in script


# ---- The quiz of the chapter, against the game

QUESTIONS = {question["id"]: question for question in catalog.quizzes()["deterrence_lab"]["questions"]}
TIED = Design(k=0.6)
CLAUSE, MISREAD, VAGUE = (Design(k=0.6, q=0.5, e=e) for e in (0, 0.25, 1))


def right(question: str) -> list[bool]:
    return [bool(option.get("correct")) for option in QUESTIONS[question]["options"]]


def test_quiz_what_tied_hands_raise() -> None:
    none, tied = solve(Design()), solve(TIED)
    asked = ("credibility", "provocation", "guarantor_fights", "war", "abandonment")
    assert right("tied") == [getattr(tied, name) > getattr(none, name) for name in asked]


def test_quiz_credibility_by_hand() -> None:
    question = QUESTIONS["credibility"]
    found = solve(Design(k=0.4)).credibility
    assert abs(found - question["answer"]) < 1e-9
    assert all(abs(found - hint["value"]) > question["tolerance"] for hint in question["hints"])


def test_quiz_a_blurred_condition_is_a_smaller_promise() -> None:
    vague = solve(VAGUE)
    offered = [Design(k=0.3), TIED, CLAUSE, Design()]
    same = [
        all(
            getattr(solve(design), name) == pytest.approx(getattr(vague, name), abs=1e-12)
            for name in ("credibility", "credibility_provoked", "attack", "attack_provoked", "provocation", "war")
        )
        for design in offered
    ]
    assert same == right("blur")


def test_quiz_order_of_entrapment() -> None:
    order = [Design(m=0.25), CLAUSE, MISREAD, Design(t=0.18), TIED]
    found = [solve(design).entrapment for design in order]
    assert found == sorted(found)
    assert len(set(found)) == len(QUESTIONS["entrapment"]["items"]) == len(found)


def test_quiz_what_each_instrument_does() -> None:
    steps = [(Design(), TIED), (Design(), Design(m=0.25)), (TIED, CLAUSE), (CLAUSE, VAGUE)]

    def moves(name: str) -> list[int]:
        pairs = [(getattr(solve(before), name), getattr(solve(after), name)) for before, after in steps]
        return [0 if abs(after - before) < 1e-12 else 1 if after > before else -1 for before, after in pairs]

    assert moves("credibility") == [1, -1, 0, -1]
    assert moves("provocation")[0] == 1
    assert moves("attack")[1] == -1
    assert moves("provocation")[2] == -1
    assert moves("attack")[3] == 1
    assert len(QUESTIONS["instruments"]["pairs"]) == len(steps)


def test_quiz_why_entrapment_falls_again() -> None:
    world = World(L=0.5)
    found = explain((Design(k=0.6), world), (Design(k=0.79), world), "entrapment")
    assert found.after < found.before
    assert right("hump") == [found.through_attack < 0, found.through_provocation < 0, found.direct < 0, False]


def test_quiz_the_rate_in_wars_understates() -> None:
    outcomes = [solve(*game) for game in catalog.presets().values()]
    in_wars = sum(outcome.guarantor_fights for outcome in outcomes) / sum(outcome.war for outcome in outcomes)
    average = sum(outcome.credibility for outcome in outcomes) / len(outcomes)
    assert 0.30 < in_wars < 0.36 < average
    assert right("selection")[0]
    assert set(EXPLAINABLE) <= set(OUTCOMES)
