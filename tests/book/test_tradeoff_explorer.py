"""The trade-off explorer in a page: its scoring is Python's, and every control, export and link works."""

import csv
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Locator, Page, expect

from guarantees import catalog, tradeoffs
from guarantees.compare import rank_shares
from guarantees.widgets import TradeoffExplorer, front_end
from guarantees.widgets.tradeoff_explorer import explorer_data
from tests.conftest import DESKTOP, PHONE, in_every_look
from tests.widgets.mounting import FOLLOW, mount_view

OpenPage = Callable[..., Page]
CHAPTER = "chapters/models/israel.html"
CRITERIA = catalog.criteria()
NAMES = catalog.load("criteria").set_index("id")["name"]
SHORT = catalog.load("models").set_index("id")["short_name"]
DATA = explorer_data()
FEATURES = list(DATA["features"])
EVEN = dict.fromkeys(CRITERIA, 50)
MODULE = """async (script) => {
  window.held = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
}"""
ASK = """([data, cases]) => cases.map(({ readings, points }) => {
  const asked = held.scoring({ ...data, readings });
  const weights = held.weighted(points);
  return {
    performances: asked.performances, scores: asked.score(weights), overturning: asked.overturning(weights),
    read: [...asked.read(weights)], tipping: points.map((_, at) => asked.tipping(points, at)),
  };
})"""


@pytest.fixture
def explorer(open_page: OpenPage) -> Locator:
    return mount_view(open_page(CHAPTER), TradeoffExplorer())


@pytest.fixture
def scoring(open_page: OpenPage) -> Page:
    """A page that holds the scoring of the widget as ``held``."""
    page = open_page(CHAPTER)
    names = "scoring, weighted, generator, gamma"
    text = front_end.script("tradeoff_explorer").replace("export default (() =>", "const inside = (() =>")
    text = text.replace("return { render };", f"return {{ render, {names} }};")
    page.evaluate(MODULE, f"{text}\nexport const {{ {names} }} = inside;")
    return page


def slider(explorer: Locator, criterion: str) -> Locator:
    return explorer.get_by_role("slider", name=NAMES[criterion])


def expect_points(explorer: Locator, points: dict[str, int]) -> None:
    expect(explorer).to_have_js_property("choices.points", points)


def matrix(levels: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(levels, index=SHORT.index, columns=FEATURES)


def digits(levels: np.ndarray) -> dict[str, str]:
    return {model: "".join(map(str, row)) for model, row in zip(SHORT.index, levels, strict=True)}


def random_cases(number: int, contested: float) -> list[dict[str, Any]]:
    rng = np.random.default_rng(7)
    shape = len(SHORT), len(FEATURES)
    cases = []
    for _ in range(number):
        first = rng.integers(0, 4, shape)
        second = np.where(rng.random(shape) < contested, rng.integers(0, 4, shape), first)
        given = rng.integers(0, 101, len(CRITERIA)) * (rng.random(len(CRITERIA)) < 0.8)
        given[0] = max(given[0], 1)
        cases.append({"first": first, "second": second, "points": given})
    return cases


def test_the_scoring_is_pythons(scoring: Page) -> None:
    cases = random_cases(300, contested=0.3)
    asked = [
        {"readings": [digits(case["first"]), digits(case["second"])], "points": case["points"].tolist()}
        for case in cases
    ]
    worst = 0.0
    for case, seen in zip(cases, scoring.evaluate(ASK, [DATA, asked]), strict=True):
        values, alternatives = matrix(case["first"]), matrix(case["second"])
        weights = tradeoffs.swing_weights(dict(zip(CRITERIA, map(float, case["points"]), strict=True)))
        table = tradeoffs.performances(values, CRITERIA)
        scores = tradeoffs.scores(table, weights)
        worst = max(
            worst,
            np.abs(table.to_numpy() - seen["performances"]).max(),
            np.abs((table @ weights).to_numpy() - seen["scores"]).max(),
        )
        expected = tradeoffs.overturning_codings(CRITERIA, weights, values, alternatives)
        found = [
            (SHORT.index[each["at"]], FEATURES[each["place"]], SHORT.index[each["next"]])
            for each in seen["overturning"]
        ]
        assert found == list(expected[["model", "feature", "winner"]].itertuples(index=False, name=None))
        shares = rank_shares(tradeoffs.feature_weights(CRITERIA, weights), values, alternatives)[1]
        assert seen["read"] == pytest.approx(shares.tolist(), abs=1e-9)
        assert_tips(case["points"], table, scores, seen["tipping"])
    assert worst < 1e-12


def assert_tips(given: np.ndarray, table: pd.DataFrame, scores: pd.Series, tipping: list[Any]) -> None:
    """The winner stands up to each tipping point and has lost the lead just behind it."""
    winner = scores.idxmax()
    for at, ends in enumerate(tipping):
        for end, outward, last in zip(ends, (-1, 1), (0, 100), strict=True):
            limit = last if end is None else end[0]

            def lead(number: float, at: int = at) -> float:
                moved = given.astype(float)
                moved[at] = number
                sums = table.to_numpy() @ moved
                return sums[table.index.get_loc(winner)] - sums.max()

            assert lead((given[at] + limit) / 2) > -1e-6
            if end is not None and 0 <= limit + outward * 0.01 <= 100:
                assert lead(limit + outward * 0.01) < 0


def test_nearby_weights_are_drawn_from_the_distribution_of_python(scoring: Page) -> None:
    values = matrix(np.array([[int(level) for level in levels] for levels in DATA["readings"][0].values()]))
    for chosen in (EVEN, {**EVEN, "speed": 100, "autonomy": 0, "low_burden": 3}):
        weights = tradeoffs.swing_weights(chosen)
        seen = scoring.evaluate(
            """([data, points]) => held.scoring(data).near(held.weighted(points), held.generator(3), 20000)""",
            [DATA, list(chosen.values())],
        )
        alpha = (weights * 40).clip(lower=1e-9)
        expected = tradeoffs.acceptability(CRITERIA, values, values, alpha=alpha, draws=20_000)[1]
        assert seen == pytest.approx(expected.tolist(), abs=0.02)


def test_a_slider_moves_by_keyboard(explorer: Locator) -> None:
    slider(explorer, "credibility").focus()
    for key, value in [("End", 100), ("ArrowLeft", 99), ("Home", 0), ("ArrowUp", 1)]:
        explorer.page.keyboard.press(key)
        expect_points(explorer, EVEN | {"credibility": value})
    expect(slider(explorer, "credibility")).to_have_attribute("aria-valuetext", "1 points, 0% of the weight")


def test_a_slider_moves_by_mouse_and_the_ranking_follows(explorer: Locator) -> None:
    for criterion in CRITERIA:
        box = slider(explorer, criterion).bounding_box()
        at = box["width"] - 3 if criterion == "speed" else 3
        slider(explorer, criterion).click(position={"x": at, "y": box["height"] / 2})
    expect_points(explorer, dict.fromkeys(CRITERIA, 0) | {"speed": 100})
    expect(explorer.locator(".ranking li").first).to_contain_text("1.000")
    expect(explorer.locator(".finding")).to_contain_text("Budapest comes first, level with Bilateral")


def test_the_view_shows_what_python_finds(explorer: Locator) -> None:
    rng = np.random.default_rng(2)
    values, alternatives = catalog.coding_matrix(), catalog.coding_matrix("alternative")
    table = tradeoffs.performances(values, CRITERIA)
    for _ in range(20):
        chosen = dict(zip(CRITERIA, rng.integers(0, 101, len(CRITERIA)).tolist(), strict=True))
        explorer.page.evaluate("(points) => mounted.model.set({ points })", chosen)
        weights = tradeoffs.swing_weights(chosen)
        scores = tradeoffs.scores(table, weights).sort_values(ascending=False, kind="stable")
        expect(explorer.locator(".ranking .who")).to_have_text([SHORT[model] for model in scores.index])
        expect(explorer.locator(".ranking .figure")).to_have_text([f"{score:.3f}" for score in scores])
        winner = SHORT[scores.index[0]]
        expect(explorer.locator(".finding")).to_contain_text(f"{winner} comes first")
        expected = tradeoffs.overturning_codings(CRITERIA, weights, values, alternatives)
        expect(explorer.locator(".overturn li")).to_have_count(len(expected))
        shares = rank_shares(tradeoffs.feature_weights(CRITERIA, weights), values, alternatives)[1]
        told = f"{winner} is first in {np.floor(100 * shares[scores.index[0]] + 0.5):.0f}%"
        expect(explorer.locator(".test b").first).to_have_text(told)


def test_the_front_is_pythons(explorer: Locator) -> None:
    table = tradeoffs.performances(catalog.coding_matrix(), CRITERIA)[["credibility", "low_entrapment"]]
    expect(explorer.locator(".map")).to_have_accessible_name(
        re.compile(f"On the front: {', '.join(SHORT[model] for model in tradeoffs.pareto(table))}\\.$")
    )


def test_nothing_that_matters_gives_a_message(explorer: Locator) -> None:
    explorer.page.evaluate("(points) => mounted.model.set({ points })", dict.fromkeys(CRITERIA, 0))
    expect(explorer.locator(".finding")).to_have_text("Nothing matters yet: give at least one criterion some points.")
    expect(explorer.locator(".ranking")).to_be_hidden()
    explorer.get_by_role("button", name="Reset").click()
    expect_points(explorer, EVEN)
    expect(explorer.locator(".ranking")).to_be_visible()


def test_the_table_and_the_exports_hold_the_numbers(explorer: Locator, tmp_path: Path) -> None:
    page = explorer.page
    expect(explorer.locator(".test b").nth(1)).to_contain_text("is first in")
    explorer.get_by_text("The same as a table").click()
    expect(explorer.get_by_role("row")).to_have_count(1 + len(SHORT))
    with page.expect_download() as saved:
        explorer.get_by_role("button", name="table (CSV)").click()
    saved.value.save_as(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert len(head) == len(CRITERIA) + 5
    assert rows[0][:2] == ["NATO Article 5", "0.558"]
    for column in (-3, -2, -1):
        assert sum(int(row[column].rstrip("%")) for row in rows) == pytest.approx(100, abs=4)
    with page.expect_download() as saved:
        explorer.get_by_role("button", name="picture (SVG)").click()
    saved.value.save_as(tmp_path / "map.svg")
    assert "var(" not in (tmp_path / "map.svg").read_text(encoding="utf-8")
    words = {found.text for found in ElementTree.parse(tmp_path / "map.svg").iter("{http://www.w3.org/2000/svg}text")}
    assert {"NATO", "Israel", "Credibility →"} <= words


def test_every_state_returns_from_its_text(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    explorer = mount_view(page, TradeoffExplorer())
    copy = explorer.get_by_role("button", name=re.compile("Copy (link|set-up)"))
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    states = st.fixed_dictionaries(dict.fromkeys(CRITERIA, st.integers(0, 100)))

    @settings(max_examples=60, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
    @given(states)
    def round_trip(chosen: dict[str, int]) -> None:
        page.evaluate("(points) => mounted.model.set({ points })", chosen)
        copy.evaluate("button => button.click()")
        page.wait_for_function("window.copied")
        link = page.evaluate("() => { const text = window.copied; window.copied = ''; return text; }")
        page.evaluate("mounted.model.set({ points: {} })")
        page.evaluate(FOLLOW, link.split("#")[-1])
        expect_points(explorer, chosen)

    round_trip()


@pytest.mark.parametrize("broken", ["points=~speed:101", "points=~sped:1", "points=7", "weights=1"])
def test_a_broken_link_gives_a_message_and_the_first_weights(open_page: OpenPage, broken: str) -> None:
    page = open_page(f"{CHAPTER}#tradeoffs:{broken}")
    explorer = mount_view(page, TradeoffExplorer({"speed": 80}))
    expect(explorer.get_by_role("alert")).to_contain_text("This set-up cannot be shown")
    expect_points(explorer, dict.fromkeys(CRITERIA, 0) | {"speed": 80})
    expect(explorer.locator(".finding")).to_contain_text("comes first")


def test_a_link_may_leave_criteria_out(open_page: OpenPage) -> None:
    page = open_page(f"{CHAPTER}#tradeoffs:points=~speed:80~autonomy:much")
    explorer = mount_view(page, TradeoffExplorer())
    expect(slider(explorer, "autonomy")).to_have_value("0")
    expect(slider(explorer, "speed")).to_have_attribute("aria-valuetext", "80 points, 100% of the weight")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_moving_a_slider_moves_nothing_else(open_page: OpenPage, viewport: dict[str, int]) -> None:
    explorer = mount_view(open_page(CHAPTER, viewport=viewport), TradeoffExplorer())
    expect(explorer.locator(".test b").nth(1)).to_contain_text("is first in")
    place = "widget => [widget.offsetHeight, ...[...widget.children].map((child) => child.offsetTop)]"
    before = explorer.evaluate(place)
    for criterion in CRITERIA:
        for key in ("Home", "End"):
            slider(explorer, criterion).press(key)
            assert explorer.evaluate(place) == before, (criterion, key)
    assert explorer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@in_every_look
def test_every_state_is_accessible(
    open_page: OpenPage, axe: Callable[..., list[str]], theme: str, viewport: dict[str, int]
) -> None:
    page = open_page(CHAPTER, color_scheme=theme, viewport=viewport)
    explorer = mount_view(page, TradeoffExplorer())

    expect(explorer.locator(".test b").nth(1)).to_contain_text("is first in")
    explorer.get_by_text("What the criteria are made of").click()
    explorer.get_by_text("The same as a table").click()
    expect(explorer.get_by_role("table")).to_be_visible()
    assert axe(page, ".mounted") == []
    page.evaluate("(points) => mounted.model.set({ points })", dict.fromkeys(CRITERIA, 0) | {"low_provocation": 100})
    expect(explorer.locator(".test b").nth(1)).to_contain_text(re.compile("^(?!NATO).+ is first in"))
    assert axe(page, ".mounted") == []
    page.evaluate("(points) => mounted.model.set({ points })", dict.fromkeys(CRITERIA, 0))
    assert axe(page, ".mounted") == []


def test_a_closed_view_stops_listening_and_computing(explorer: Locator) -> None:
    slider(explorer, "speed").press("End")
    explorer.page.evaluate("mounted.leave()")
    assert explorer.page.evaluate("mounted.handlers.size") == 0
