"""The lab in its chapter; and the game that the page plays is the one that Python solves, to a billionth."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from guarantees import catalog
from guarantees.deterrence import EXPLAINABLE, Design, InvalidGame, Outcome, World, explain, frontier, solve
from guarantees.widgets import DeterrenceLab
from guarantees.widgets.deterrence_lab import DIALS, NO_GUARANTEE, NUMBERS, WORLD, flat, played
from guarantees.widgets.deterrence_lab import OUTCOMES as LABELS
from guarantees.widgets.guarantee_game import twin
from tests.conftest import DESKTOP, PHONE, in_every_look
from tests.widgets.mounting import FOLLOW, mount_view

OpenPage = Callable[..., Page]
CHAPTER = "chapters/judgement/deterrence_lab.html"
DEFAULTS: dict[str, Any] = {**NO_GUARANTEE, "before": {}, "dial": "k", "outcome": "entrapment"}

# ---- The game in the page

GAMES = 12_000
CHUNK = 2_000
CLOSE = 1e-9
OUTCOMES = [field.name for field in fields(Outcome)]
EDGES: dict[str, tuple[float, ...]] = {
    "k": (0, 1),
    "m": (0, 0.7),
    "t": (0, 1),
    "q": (0, 1),
    "e": (0, 1),
    "p": (0, 1),
    "s": (0, 1),
    "v": (0, 1),
    "L": (0, 1),
    "delta": (0, 1),
    "c": (0.2,),
    "B": (0.01, 2),
    "Abar": (0.1, 2),
    "Gbar": (0.1, 2),
    "phi": (0, 1),
    "psi": (0, 1),
    "theta": (0, 1),
    "h": (0, 0.2),
    "eta": (0, 2),
}
MODULE = """async (text) => {
  window.game = await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
}"""


def random_games(seed: int = 5) -> dict[str, NDArray[np.float64]]:
    """Draw games of all kinds: every number inside its range in some, at an end of it in others."""
    rng = np.random.default_rng(seed)
    games = {}
    corner = rng.random(GAMES) < 0.5
    for name, ends in EDGES.items():
        inside = rng.uniform(min(ends), max(ends), GAMES)
        at_end = corner & (rng.random(GAMES) < 0.4)
        games[name] = np.where(at_end, rng.choice(np.array(ends, dtype=float), GAMES), inside)
    worst = (1 - np.minimum(1, games["p"] + games["m"])) * (1 - games["s"]) + games["c"]
    games["h"] = np.where(games["h"] < worst, games["h"], 0.0)
    return games


def many(games: dict[str, NDArray[np.float64]]) -> tuple[Design, World]:
    dials = {field.name: games[field.name] for field in fields(Design)}
    return Design(**dials), World(**{name: values for name, values in games.items() if name not in dials})


def single(games: dict[str, NDArray[np.float64]], position: int) -> tuple[Design, World]:
    return many({name: values[position] for name, values in games.items()})


def chunks(games: dict[str, NDArray[np.float64]]) -> Iterator[list[dict[str, float]]]:
    for first in range(0, GAMES, CHUNK):
        rows = zip(*(values[first : first + CHUNK].tolist() for values in games.values()), strict=True)
        yield [dict(zip(games, row, strict=True)) for row in rows]


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    page = open_page("chapters/index.html")
    page.evaluate(MODULE, twin())
    return page


def test_every_outcome_is_the_same_in_the_page(page: Page) -> None:
    games = random_games()
    expected = solve(*many(games))
    compute = """(asked) => {
      const { games, names } = JSON.parse(asked);
      return JSON.stringify(games.map(game.solve).map((found) => names.map((name) => found[name])));
    }"""
    asked = (json.dumps({"games": chunk, "names": OUTCOMES}) for chunk in chunks(games))
    found = np.concatenate([json.loads(page.evaluate(compute, text)) for text in asked])
    gaps = np.abs(found - np.stack([getattr(expected, name) for name in OUTCOMES], axis=1))
    assert found.shape == (GAMES, len(OUTCOMES))
    assert gaps.max() < CLOSE, OUTCOMES[int(gaps.max(axis=0).argmax())]
    assert page.evaluate("(one) => Object.keys(game.solve(one)).toSorted()", next(chunks(games))[0]) == sorted(OUTCOMES)


def test_the_games_reach_every_corner() -> None:
    games = random_games()
    outcome = solve(*many(games))
    for name in ("credibility", "attack", "attack_provoked", "provocation"):
        values = np.asarray(getattr(outcome, name))
        for case in (values == 0, values == 1, (values > 0) & (values < 1)):
            assert case.sum() > 100 or (name == "credibility" and case.any()), name
    for extension in ("h", "eta"):
        assert (games[extension] > 0).mean() > 0.5
    assert (games["theta"] < 1).mean() > 0.5


def test_every_explanation_is_the_same_in_the_page(page: Page) -> None:
    games = random_games(seed=6)
    rows = [row for chunk in chunks(games) for row in chunk][:1400]
    names = list(EXPLAINABLE)
    asked = [(2 * pair, 2 * pair + 1, names[pair % len(names)]) for pair in range(len(rows) // 2)]
    compute = "(asked) => asked.map(([before, after, outcome]) => Object.values(game.explain(before, after, outcome)))"
    found = page.evaluate(compute, [[rows[one], rows[other], name] for one, other, name in asked])
    for (one, other, name), effects in zip(asked, found, strict=True):
        expected = explain(single(games, one), single(games, other), name)
        parts = [expected.direct, expected.through_attack, expected.through_provocation]
        assert np.abs(np.subtract(effects, parts)).max() < CLOSE


@pytest.mark.parametrize("dial", ["k", "m", "t", "q", "e"])
def test_the_frontier_is_the_same_in_the_page(page: Page, dial: str) -> None:
    fixed: dict[str, Any] = {"k": 0.5, "m": 0.1, "t": 0.05, "q": 0.6, "e": 0.3}
    values = np.linspace(0, 0.6, 61)
    expected = frontier(Design(**{**fixed, dial: values}), World(L=0.5))
    world = {field.name: getattr(World(L=0.5), field.name) for field in fields(World)}
    compute = (
        "([fixed, dial, values]) => game.efficient(values.map((value) => game.solve({ ...fixed, [dial]: value })))"
    )
    assert page.evaluate(compute, [{**fixed, **world}, dial, values.tolist()]) == expected.efficient.tolist()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"B": 0}, "B > 0"),
        ({"q": 1.2}, "q ≤ 1"),
        ({"k": -0.1}, "k ≥ 0"),
        ({"h": 0.5}, "u(1 − s) + c > h"),
        ({"m": 0.7, "h": 0.2}, "u(1 − s) + c > h"),
        ({"k": 2, "eta": 3}, ""),
    ],
)
def test_the_page_and_python_refuse_the_same_games(page: Page, change: dict[str, float], rule: str) -> None:
    game = {name: getattr(part, name) for part in (Design(), World()) for name in part.__dataclass_fields__} | change
    assert page.evaluate("(one) => game.broken(one)", game) == rule
    design = {name: value for name, value in game.items() if name in Design.__dataclass_fields__}
    world = {name: value for name, value in game.items() if name not in design}
    if rule:
        with pytest.raises(InvalidGame):
            solve(Design(**design), World(**world))
    else:
        solve(Design(**design), World(**world))


# ---- The lab in its chapter


def lab(page: Page) -> Locator:
    found = page.locator(".live-widget[data-ready] .lab").first
    expect(found.get_by_role("status").first).to_contain_text("In 100 games")
    return found


def slider(page: Page, dial: str) -> Locator:
    number = NUMBERS[dial]
    return page.get_by_role("slider", name=f"{number.name} {number.symbol}", exact=True)


def expect_position(page: Page, dial: str, value: float) -> None:
    shown = re.compile(rf"^{re.escape(f'{value:g}')}(\.?0*)$")
    expect(slider(page, dial)).to_have_attribute("aria-valuetext", shown)


def expect_dials(page: Page, link: str) -> None:
    """Expect the dials where a link puts them."""
    for name, value in re.findall(r"[:,](\w+)=([\d.]+)", link):
        if name in DIALS:
            expect_position(page, name, float(value))


def cells(page: Page, name: str) -> Locator:
    """One row of the table: before, now, change."""
    head = page.get_by_role("rowheader", name=LABELS[name], exact=True)
    return lab(page).get_by_role("row").filter(has=head).get_by_role("cell")


def open_table(page: Page) -> None:
    lab(page).get_by_text("The same as a table").click()


def expect_shown(page: Page, name: str, value: float) -> None:
    expect(cells(page, name).nth(1)).to_have_text(f"{value:z.4f}")


def test_every_dial_moves_the_game_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    open_table(page)
    lab_numbers: dict[str, float] = {}
    for dial, key, value in [("k", "End", 1), ("q", "End", 1), ("e", "Home", 0), ("m", "End", 0.4), ("t", "End", 0.4)]:
        slider(page, dial).press(key)
        lab_numbers[dial] = value
        expected = solve(*played(lab_numbers))
        for name in ("credibility", "war", "entrapment", "payoff_guarantor"):
            expect_shown(page, name, getattr(expected, name))
    slider(page, "k").press("ArrowLeft")
    expect_shown(page, "credibility", solve(*played({**lab_numbers, "k": 0.99})).credibility)


def test_a_dial_moves_by_mouse(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    finding = lab(page).get_by_role("status").first
    before = finding.inner_text()
    slider(page, "k").hover()
    page.mouse.down()
    box = slider(page, "k").bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    expect(finding).not_to_have_text(before)


def test_the_world_opens_and_moves(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    open_table(page)
    expect(slider(page, "p")).to_be_hidden()
    page.get_by_label("Change the world as well").press("Space")
    for name in WORLD:
        expect(slider(page, name)).to_be_visible()
    slider(page, "theta").press("Home")
    slider(page, "t").press("End")
    expect_shown(page, "credibility", solve(Design()).credibility)


@pytest.mark.parametrize("model", ["nato_article5", "finlandization", "bilateral_agreements"])
def test_a_model_sets_the_dials_and_gives_its_reasons(open_page: OpenPage, model: str) -> None:
    page = open_page(CHAPTER)
    open_table(page)
    name = catalog.row("models", model)["name"]
    widget = lab(page)
    expect(widget).to_contain_text("teaching judgements, not data")
    widget.get_by_label("Start from").select_option(name)
    expected = solve(*catalog.presets()[model])
    for outcome in LABELS:
        expect_shown(page, outcome, getattr(expected, outcome))
    for dial in DIALS:
        design = catalog.presets()[model][0]
        expect_position(page, dial, getattr(design, dial))
    widget.get_by_text("Why the model has these numbers").click()
    for reason in catalog.load("presets").query("model == @model")["rationale"]:
        expect(widget).to_contain_text(reason)
    slider(page, "k").press("ArrowRight")
    expect(widget.get_by_label("Start from")).to_have_value("")
    expect(widget.get_by_text("Why the model has these numbers")).to_be_hidden()


@pytest.mark.parametrize("outcome", EXPLAINABLE)
def test_what_changed_and_why(open_page: OpenPage, outcome: str) -> None:
    page = open_page(f"{CHAPTER}#lab:k=0.6,m=0.1,q=0.3,before=~k:0.2~t:0.1,outcome={outcome}")
    expected = explain(played({"k": 0.2, "t": 0.1}), played({"k": 0.6, "m": 0.1, "q": 0.3}), outcome)
    why = lab(page).locator(".why")
    expect(why).to_contain_text(f"from {expected.before:.3f} to {expected.after:.3f}")
    parts = (expected.direct, expected.through_attack, expected.through_provocation)
    sizes = [f"{'adds' if effect > 0 else 'takes away'} {abs(effect):.3f}" for effect in parts]
    said = ["makes no difference" if size.endswith(" 0.000") else size for size in sizes]
    expect(why.get_by_role("listitem")).to_have_text([re.compile(re.escape(text)) for text in said])


def test_another_game_can_be_pinned(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    open_table(page)
    widget = lab(page)
    expect(widget.locator(".why")).to_contain_text("The two games are the same")
    widget.get_by_label("Start from").select_option("south_korea")
    widget.get_by_role("button", name="Pin these numbers").press("Enter")
    expect(widget).to_contain_text(f"Compared with: {catalog.row('models', 'south_korea')['name']}.")
    expect(widget.locator(".why")).to_contain_text("The two games are the same")
    slider(page, "t").press("Home")
    game = {**flat(catalog.presets()["south_korea"]), "t": 0.0}
    before, now = solve(*catalog.presets()["south_korea"]), solve(*played(game))
    change = now.provocation - before.provocation
    numbers = [f"{number:z.4f}" for number in (before.provocation, now.provocation, change)]
    expect(cells(page, "provocation")).to_have_text(numbers)
    widget.get_by_role("button", name="Pin no guarantee").click()
    expect(cells(page, "provocation").first).to_have_text(f"{solve(Design()).provocation:.4f}")


@pytest.mark.parametrize(
    ("setup", "says"),
    [
        ("k=0.6", "As hands tied (k) goes from 0 to 1"),
        ("k=0.6,dial=q", "As conditionality (q) goes from 0 to 1"),
        ("dial=q", "Moving conditionality (q) changes neither without tied hands."),
        ("k=0.6,dial=e", "Moving blur (e) changes neither without conditionality."),
        ("k=0.6,q=0.5,dial=e", "As blur (e) goes from 0 to 1"),
    ],
)
def test_the_frontier_follows_one_dial(open_page: OpenPage, setup: str, says: str) -> None:
    page = open_page(f"{CHAPTER}#lab:{setup}")
    expect(lab(page).locator(".frontier")).to_contain_text(says)
    expect(lab(page).get_by_role("img", name=re.compile("Credibility against entrapment"))).to_be_visible()


def test_the_frontier_is_said_in_numbers(open_page: OpenPage) -> None:
    page = open_page(f"{CHAPTER}#lab:q=0.3")
    lab(page).get_by_label("as this dial moves:").select_option("t")
    values = np.linspace(0, 0.4, 101)
    found = solve(Design(q=0.3, t=values))
    ends = [np.asarray(numbers)[[0, -1]] for numbers in (found.credibility, found.entrapment)]
    said = [f"rises from {low:.2f} to {high:.2f}" for low, high in ends]
    expect(lab(page).locator(".frontier")).to_contain_text(f"credibility {said[0]} and entrapment {said[1]}")
    lab(page).get_by_text("The frontier as a table").click()
    expect(lab(page).get_by_role("row")).to_have_count(1 + 21)


def test_numbers_that_break_a_rule_get_a_message_and_a_game(open_page: OpenPage) -> None:
    page = open_page(f"{CHAPTER}#lab:m=0.4,p=0.7,h=0.4,k=0.6")
    finding = lab(page).get_by_role("status").first
    expect(finding).to_contain_text("break a rule of the game, u(1 − s) + c > h")
    expect(finding).to_contain_text("In 100 games")
    expect(lab(page).locator(".games svg .peace")).to_have_count(2)
    page = open_page(f"{CHAPTER}#lab:k=0.6,before=~B:0~k:0.2")
    expect(lab(page).locator(".why")).to_contain_text("break the rule B > 0; no guarantee stands in their place")


@pytest.mark.parametrize("setup", ["k=2", "k=much", "dial=z", "before=~x:1", "nothing=1", "outcome=peace", "k"])
def test_a_link_that_cannot_be_read_gives_a_message_and_the_first_game(open_page: OpenPage, setup: str) -> None:
    page = open_page(f"{CHAPTER}#lab:{setup}")
    expect(lab(page).get_by_role("alert")).to_contain_text("This set-up cannot be shown")
    expect_position(page, "k", 0)


def test_every_link_of_the_chapter_sets_the_lab(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    lab(page)
    links = page.locator('a[href^="#lab:"]')
    assert links.count() >= 8
    for link in links.all():
        target = str(link.get_attribute("href"))
        link.click()
        expect(lab(page).get_by_role("alert")).to_be_empty()
        expect_dials(page, target)
        expect(slider(page, "k")).to_be_in_viewport()


SETUPS = st.fixed_dictionaries(
    {},
    optional={
        **{
            name: st.integers(round(100 * dial.low), round(100 * dial.high)).map(lambda value: value / 100)
            for name, dial in NUMBERS.items()
        },
        "before": st.dictionaries(
            st.sampled_from(list(NUMBERS)), st.integers(0, 200).map(lambda value: value / 100), max_size=4
        ),
        "dial": st.sampled_from(list(DIALS)),
        "outcome": st.sampled_from(list(EXPLAINABLE)),
    },
)
BLANKS = "[...document.querySelectorAll('.mounted svg')].some((svg) => /NaN|undefined|Infinity/.test(svg.outerHTML))"


def test_any_set_up_survives_its_link_and_draws(open_page: OpenPage) -> None:
    page = open_page("chapters/reference/bibliography.html")
    widget = mount_view(page, DeterrenceLab().view)
    field = widget.get_by_label("Set-up as text")

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(SETUPS)
    def holds(setup: dict[str, Any]) -> None:
        page.evaluate("(setup) => mounted.model.set(setup)", {**DEFAULTS, **setup})
        text = field.input_value()
        before = widget.evaluate("widget => widget.choices")
        assert not page.evaluate(BLANKS), text
        page.evaluate("(setup) => mounted.model.set(setup)", DEFAULTS)
        field.fill(text)
        widget.get_by_role("button", name="Apply").click()
        expect(widget).to_have_js_property("choices", before)
        page.evaluate("document.activeElement.blur()")

    holds()


def test_the_table_and_the_picture_can_be_taken_away(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(f"{CHAPTER}#lab:k=0.6,q=0.5")
    widget = lab(page)
    with page.expect_download() as saved:
        widget.get_by_role("button", name="table").click()
    saved.value.save_as(tmp_path / "lab.csv")
    table = pd.read_csv(tmp_path / "lab.csv").set_index("Quantity")
    expected = solve(Design(k=0.6, q=0.5))
    for name, label in LABELS.items():
        assert table.loc[label, "Now"] == pytest.approx(getattr(expected, name), abs=6e-5)
    assert table.loc["Hands tied k", ["Before", "Now", "Change"]].tolist() == [0, 0.6, 0.6]
    with page.expect_download() as saved:
        widget.get_by_role("button", name="picture").click()
    saved.value.save_as(tmp_path / "lab.svg")
    svg = ElementTree.parse(tmp_path / "lab.svg").getroot()
    assert "In 100 games" in svg.findtext("{*}title", "")
    text = (tmp_path / "lab.svg").read_text(encoding="utf-8")
    assert "var(" not in text
    assert not re.search("NaN|undefined", text)
    words = " ".join(element.text or "" for element in svg.findall(".//{*}text"))
    for part in ("k = 0.6", "Credibility", "Payoffs", "it abandons its protégé"):
        assert part in words


@in_every_look
def test_every_state_is_accessible(
    open_page: OpenPage, axe: Callable[..., list[str]], theme: str, viewport: dict[str, int]
) -> None:
    page = open_page(CHAPTER, color_scheme=theme, viewport=viewport)

    def violations() -> list[str]:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        return axe(page, ".live-widget")

    widget = lab(page)
    widget.get_by_label("Start from").select_option("israel_qme")
    page.get_by_label("Change the world as well").check()
    for details in ("The same as a table", "The frontier as a table", "Why the model has these numbers"):
        widget.get_by_text(details).click()
    expect(widget.get_by_role("table")).to_have_count(2)
    expect(widget.locator(".reasons")).to_be_visible()
    assert violations() == []
    page.evaluate("location.hash = '#lab:m=0.4,p=0.7,h=0.4,dial=e,outcome=war,before=~B:0'")
    expect(widget.get_by_role("status").first).to_contain_text("break a rule")
    assert violations() == []
    page.evaluate("location.hash = '#lab:k=9'")
    expect(widget.get_by_role("alert")).to_contain_text("cannot be shown")
    assert violations() == []


def test_without_scripts_the_numbers_are_there(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, java_script_enabled=False)
    expect(page.get_by_role("table").filter(has_text="The guarantee game with no guarantee")).to_be_visible()
    expect(page.get_by_role("table").filter(has_text="The models in the game")).to_be_visible()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_view_takes_the_place_of_the_text_without_moving_the_page(
    open_page: OpenPage, viewport: dict[str, int]
) -> None:
    page = open_page(CHAPTER, viewport=viewport)
    lab(page)
    place, inner = page.locator(".live-widget").first, page.locator(".lab-controls")
    kept = place.evaluate("place => parseFloat(getComputedStyle(place).minHeight)")
    height = "box => box.getBoundingClientRect().height"
    assert kept - 60 <= inner.evaluate(height) <= kept
    for setup in ("k=1,q=1", "k=0.6,m=0.1,q=0.5,e=1,outcome=protege_survives", "L=0.5,k=0.6,q=0.3,e=0.5,dial=t"):
        page.evaluate("(setup) => (location.hash = setup)", f"#lab:{setup}")
        expect_dials(page, f":{setup}")
        expect(lab(page).get_by_role("alert")).to_be_empty()
        assert place.evaluate(height) == kept


def test_a_closed_view_stops_listening(open_page: OpenPage) -> None:
    page = open_page("chapters/reference/bibliography.html")
    mount_view(page, DeterrenceLab().view)
    assert page.evaluate("mounted.handlers.size") == 1
    page.evaluate("mounted.leave()")
    assert page.evaluate("mounted.handlers.size") == 0
    page.evaluate(FOLLOW, "#lab:k=1")
    assert page.evaluate("scrollY") == 0
