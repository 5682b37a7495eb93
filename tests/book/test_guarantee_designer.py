"""The designer in a page: it computes what Python computes, by mouse and keyboard, saves, loads and keeps its link."""

import json
import random
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Locator, Page, expect

from guarantees import catalog, design
from guarantees.compare import nearest_precedents, rank_ranges
from guarantees.deterrence import solve
from guarantees.widgets import GuaranteeDesigner
from guarantees.widgets.guarantee_designer import OUTCOMES, levels_of
from tests.conftest import PHONE, in_every_look
from tests.design.test_file import FAULTY, GOOD
from tests.widgets.mounting import FOLLOW, mount_view

OpenPage = Callable[..., Page]
CHAPTER = "chapters/models/israel.html"
FEATURES = list(design.clauses())
NAMES = catalog.load("features").set_index("id")["name"]
SHORT = catalog.load("models").set_index("id")["short_name"]
READ = """(designs) => designs.map((design) => {
  mounted.model.set({ design });
  const texts = (selector) => [...document.querySelectorAll(`.designer ${selector}`)].map((found) => found.textContent);
  return {
    near: texts(".near .who"), distances: texts(".near .figure"), places: texts(".near .places"),
    clashes: texts(".clashes strong"), kinds: texts(".clashes .kind"), numbers: texts(".dials dd"),
  };
})"""


@pytest.fixture
def designer(open_page: OpenPage) -> Locator:
    return mount_view(open_page(CHAPTER), GuaranteeDesigner())


def open_step(designer: Locator, name: str) -> None:
    designer.get_by_role("tab", name=name).click()
    expect(designer.get_by_role("tab", name=name, selected=True)).to_be_visible()
    expect(designer.get_by_role("tabpanel", name=name)).to_be_visible()


def choose(designer: Locator, feature: str, level: int) -> None:
    open_step(designer, design.STEPS[step_of(feature)].name)
    radio(designer, feature, level).check()


def step_of(feature: str) -> str:
    return list(design.STEPS)[FEATURES.index(feature) // 4]


def radio(designer: Locator, feature: str, level: int) -> Locator:
    group = designer.get_by_role("group", name=re.compile(f"^{re.escape(NAMES[feature])}"))
    return group.get_by_role("radio").nth(level)


def expect_design(designer: Locator, levels: dict[str, int]) -> None:
    expect(designer).to_have_js_property("choices.design", levels)


def places(best: int, worst: int) -> str:
    ordinal = {1: "1st", 2: "2nd", 3: "3rd"}
    first, last = (ordinal.get(rank, f"{rank}th") for rank in (best, worst))
    return first if best == worst else f"{first}–{last}"


def test_the_view_computes_what_python_computes(designer: Locator) -> None:
    draw = random.Random(5)
    values, alternatives = catalog.coding_matrix(), catalog.coding_matrix("alternative")
    designs = [
        {feature: draw.randrange(4) for feature in FEATURES if draw.random() < share}
        for share in [1] * 300 + [0.5] * 100
    ]
    designs = [{**each, "arms": each.get("arms", 0)} for each in designs]
    designs += [levels_of(model) for model in values.index]
    for levels, seen in zip(designs, designer.page.evaluate(READ, designs), strict=True):
        near = nearest_precedents(levels, values, k=len(values))
        assert seen["near"] == [SHORT[model] for model in near["model"]]
        assert [float(text) for text in seen["distances"]] == pytest.approx(near["distance"].tolist(), abs=0.0051)
        ranges = rank_ranges(levels, values, alternatives)
        assert seen["places"] == [places(row.best, row.worst) for row in ranges.itertuples()]
        rules = design.tensions(levels)
        assert seen["clashes"] == [f"{rule.title}. " for rule in rules]
        assert [text == "Cannot both be" for text in seen["kinds"]] == [rule.kind == "contradiction" for rule in rules]
        try:
            words, solved = list(design.dials(levels).values()), solve(*design.game(levels))
            outcomes = [getattr(solved, name) for name in OUTCOMES]
        except design.Incomplete:
            assert set(seen["numbers"]) == {"–"}
            continue
        assert seen["numbers"][len(OUTCOMES) :] == words
        assert [float(text) for text in seen["numbers"][: len(OUTCOMES)]] == pytest.approx(outcomes, abs=0.0101)


def test_a_clause_is_chosen_by_mouse(designer: Locator) -> None:
    choose(designer, "legal_form", 3)
    expect(designer).to_have_js_property("choices.design.legal_form", 3)
    expect(designer.get_by_role("listitem").filter(has_text="Ratified, yet in force within weeks")).to_be_visible()
    expect(designer.locator(".finding")).to_contain_text("1 contradiction")
    choose(designer, "speed", 1)
    expect(designer.locator(".finding")).not_to_contain_text("contradiction")
    expect(designer.get_by_text("Ratified, yet in force within weeks")).to_have_count(0)


def test_the_keyboard_alone_designs_a_guarantee(designer: Locator) -> None:
    page = designer.page
    designer.get_by_role("tab").first.focus()
    for key, name in [
        ("ArrowRight", "The means"),
        ("End", "Life under it"),
        ("ArrowLeft", "The bond"),
        ("Home", "The promise"),
    ]:
        page.keyboard.press(key)
        expect(designer.get_by_role("tab", name=name)).to_be_focused()
        expect(designer.get_by_role("tab", selected=True)).to_have_accessible_name(re.compile(name))
    page.keyboard.press("Tab")
    expect(radio(designer, "legal_form", 1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(designer).to_have_js_property("choices.design.legal_form", 2)
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(radio(designer, "legal_form", 2)).not_to_be_focused()
    expect(designer.locator(".panel:not(.open) :focus")).to_have_count(0)
    designer.get_by_label("Start from").focus()
    page.keyboard.press("Home")
    expect(designer.locator(".finding")).to_contain_text("Nothing is decided yet")
    expect_design(designer, {})


def test_starting_from_a_model_takes_its_levels(designer: Locator) -> None:
    designer.get_by_label("Start from").select_option("nato_article5")
    expect_design(designer, levels_of("nato_article5"))
    for step in design.STEPS.values():
        open_step(designer, step.name)
        for feature in (id for id in FEATURES if design.STEPS[step_of(id)] == step):
            expect(radio(designer, feature, levels_of("nato_article5")[feature])).to_be_checked()
    expect(designer.locator(".origin .marker")).to_have_count(len(FEATURES))
    expect(designer.locator(".near .who").first).to_have_text("NATO")


def test_a_blank_page_gives_messages_not_blanks(designer: Locator) -> None:
    designer.get_by_label("Start from").select_option("")
    expect(designer.locator(".finding")).to_contain_text("Nothing is decided yet")
    expect(designer).to_contain_text("Choose a first clause to see which models come nearest")
    expect(designer).to_contain_text("None of the rules of this book is touched")
    expect(designer).to_contain_text("Not placed yet. The game still needs: number and cohesion of guarantors")
    choose(designer, "forces", 3)
    expect(designer.locator(".near .who").first).to_have_text("South Korea")
    expect(designer).to_contain_text("Distance over 1 clause:")


def test_the_text_and_the_table_follow(designer: Locator) -> None:
    designer.get_by_label("Name it").fill("The <b>Kyiv</b> pact")
    designer.get_by_text("Read the guarantee as a text").click()
    designer.get_by_text("The codings as a table").click()
    choose(designer, "forces", 1)
    article = designer.locator(".article")
    expect(article).to_contain_text("The <b>Kyiv</b> pact")
    expect(article).to_contain_text(design.clauses()["forces"][1])
    row = designer.get_by_role("row").filter(has_text=NAMES["forces"])
    expect(row.get_by_role("cell")).to_have_text(["1", design.clauses()["forces"][1], "0"])


def test_a_saved_design_is_read_in_python_and_loaded_again(designer: Locator, tmp_path: Path) -> None:
    page = designer.page
    designer.get_by_label("Name it").fill("Kyiv pact")
    choose(designer, "arms", 1)
    chosen = levels_of("bilateral_agreements") | {"arms": 1}
    expect_design(designer, chosen)
    with page.expect_download() as saved:
        designer.get_by_role("button", name="Save design (JSON)").click()
    assert saved.value.suggested_filename == "kyiv-pact.json"
    saved.value.save_as(tmp_path / "kyiv-pact.json")
    assert design.read_design(tmp_path / "kyiv-pact.json", complete=True) == chosen
    designer.get_by_label("Start from").select_option("")
    expect_design(designer, {})
    designer.get_by_label("Load a design").set_input_files(tmp_path / "kyiv-pact.json")
    expect(designer.get_by_text("Loaded kyiv-pact.json.")).to_be_visible()
    expect_design(designer, chosen)
    expect(designer.get_by_label("Name it")).to_have_value("Kyiv pact")
    expect(designer.get_by_label("Start from")).to_have_value("bilateral_agreements")


def test_a_design_written_in_python_is_loaded(designer: Locator, tmp_path: Path) -> None:
    design.write_design(tmp_path / "mine.json", {"forces": 2, "arms": 1}, "Mine")
    designer.get_by_label("Load a design").set_input_files(tmp_path / "mine.json")
    expect(designer.get_by_text("Loaded mine.json.")).to_be_visible()
    expect_design(designer, {"arms": 1, "forces": 2})


def test_what_python_refuses_the_page_refuses(designer: Locator, tmp_path: Path) -> None:
    before = levels_of("bilateral_agreements")
    expect_design(designer, before)
    path = tmp_path / "design.json"
    texts = {name: json.dumps(content) for name, (content, _) in FAULTY.items()}
    for name, text in {**texts, "not JSON": "{"}.items():
        path.write_text(text, encoding="utf-8")
        designer.get_by_label("Load a design").set_input_files(path)
        expect(designer.get_by_text("design.json was not loaded"), name).to_be_visible()
        expect_design(designer, before)
        path.write_text(json.dumps({**GOOD, "design": before}), encoding="utf-8")
        designer.get_by_label("Load a design").set_input_files(path)
        expect(designer.get_by_text("Loaded design.json."), name).to_be_visible()


def test_exports_open(designer: Locator, tmp_path: Path) -> None:
    page = designer.page
    with page.expect_download() as saved:
        designer.get_by_role("button", name="picture (SVG)").click()
    saved.value.save_as(tmp_path / "map.svg")
    picture = ElementTree.parse(tmp_path / "map.svg").getroot()
    words = {found.text for found in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Yours", "NATO", "Israel", "Credibility →"} <= words
    assert "var(" not in (tmp_path / "map.svg").read_text(encoding="utf-8")
    with page.expect_download() as saved:
        designer.get_by_role("button", name="table (CSV)").click()
    saved.value.save_as(tmp_path / "codings.csv")
    lines = (tmp_path / "codings.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "Feature,Level,Clause,Bilateral"
    assert len(lines) == 1 + len(FEATURES)


def test_reset_gives_the_authors_design(designer: Locator) -> None:
    choose(designer, "arms", 0)
    expect_design(designer, levels_of("bilateral_agreements") | {"arms": 0})
    designer.get_by_role("button", name="Reset").click()
    expect_design(designer, levels_of("bilateral_agreements"))


STATES = st.fixed_dictionaries(
    {
        "base": st.sampled_from(["", *SHORT.index]),
        "design": st.dictionaries(st.sampled_from(FEATURES), st.integers(0, 3)),
        "title": st.text(max_size=80),
        "step": st.sampled_from(list(design.STEPS)),
    }
)


def test_every_state_returns_from_its_text(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, permissions=["clipboard-read", "clipboard-write"])
    designer = mount_view(page, GuaranteeDesigner())
    copy = designer.get_by_role("button", name=re.compile("Copy (link|set-up)"))
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")

    @settings(max_examples=60, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
    @given(STATES)
    def round_trip(chosen: dict[str, Any]) -> None:
        ordered = {feature: chosen["design"][feature] for feature in FEATURES if feature in chosen["design"]}
        chosen = {**chosen, "design": ordered}
        page.evaluate("(chosen) => mounted.model.set(chosen)", chosen)
        copy.evaluate("button => button.click()")
        page.wait_for_function("window.copied")
        link = page.evaluate("() => { const text = window.copied; window.copied = ''; return text; }")
        fragment = link.split("#")[-1]
        page.evaluate("mounted.model.set({ base: '', design: {}, title: 'other', step: 'life' })")
        page.evaluate(FOLLOW, fragment)
        expect(designer).to_have_js_property("choices", chosen)

    round_trip()


@pytest.mark.parametrize(
    "broken",
    [
        "designer:design=~arms:7",
        "designer:design=~record:1",
        "designer:base=narnia",
        "designer:step=9",
        "designer:title=~1",
    ],
)
def test_a_broken_link_gives_a_message_and_the_first_design(open_page: OpenPage, broken: str) -> None:
    page = open_page(f"{CHAPTER}#{broken}")
    designer = mount_view(page, GuaranteeDesigner())
    expect(designer.get_by_role("alert")).to_contain_text("This set-up cannot be shown")
    expect_design(designer, levels_of("bilateral_agreements"))
    expect(designer.locator(".finding")).to_contain_text("Nearest to Bilateral")


def test_choosing_moves_nothing_that_is_chosen_from(designer: Locator) -> None:
    place = "panels => [panels.offsetTop, panels.offsetHeight, panels.closest('.designer').offsetHeight]"
    panels = designer.locator(".panels")
    before = panels.evaluate(place)
    for step in design.STEPS.values():
        open_step(designer, step.name)
        for group in designer.locator(".panel.open").get_by_role("group").all():
            for level in range(4):
                group.get_by_role("radio").nth(level).check()
                assert panels.evaluate(place) == before


def test_on_a_phone_nothing_overflows(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, viewport=PHONE)
    designer = mount_view(page, GuaranteeDesigner("south_korea"))
    for step in design.STEPS.values():
        open_step(designer, step.name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = designer.locator(".map text").evaluate_all(
        "texts => texts.map((text) => text.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 12


@in_every_look
def test_every_state_is_accessible(
    open_page: OpenPage, axe: Callable[..., list[str]], theme: str, viewport: dict[str, int]
) -> None:
    page = open_page(CHAPTER, color_scheme=theme, viewport=viewport)
    designer = mount_view(page, GuaranteeDesigner())

    assert axe(page, ".mounted") == []
    designer.get_by_text("Read the guarantee as a text").click()
    designer.get_by_text("The codings as a table").click()
    expect(designer.locator(".article")).to_be_visible()
    expect(designer.get_by_role("table")).to_be_visible()
    choose(designer, "legal_form", 3)
    choose(designer, "guarantors", 0)
    assert axe(page, ".mounted") == []
    designer.get_by_label("Start from").select_option("")
    open_step(designer, "Life under it")
    assert axe(page, ".mounted") == []


def test_a_closed_view_stops_listening(designer: Locator) -> None:
    assert designer.page.evaluate("mounted.handlers.size") == 1
    designer.page.evaluate("mounted.leave()")
    assert designer.page.evaluate("mounted.handlers.size") == 0
