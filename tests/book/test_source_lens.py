"""The lens in a page: marking by mouse and keyboard, revealing, the score, links, exports, both widths and themes."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Locator, Page, expect

from guarantees import catalog
from guarantees.widgets import SourceLens
from guarantees.widgets.source_lens import PASSAGES
from tests.conftest import in_every_look
from tests.widgets.mounting import mount_view, shared_functions

OpenPage = Callable[..., Page]
CHAPTER = "chapters/models/israel.html"
SIX = "khrestin-18-six"
NAMES = [name for held in SourceLens().data["passages"].values() for _, name, _ in held["phrases"] if name]


def mounted(page: Page, **choices: Any) -> Locator:
    return mount_view(page, SourceLens(**choices))


def phrase(lens: Locator, text: str) -> Locator:
    return lens.get_by_role("group", name="The passage").get_by_role("button", name=text)


def test_an_artefact_is_marked_and_revealed(open_page: OpenPage) -> None:
    lens = mounted(open_page(CHAPTER), passage=SIX)
    status = lens.locator(".finding")
    expect(status).to_have_text("Nothing marked here. Nothing is revealed yet.")
    expect(lens.locator(".terms")).to_be_hidden()
    phrase(lens, "six guarantees").click()
    expect(phrase(lens, "six guarantees")).to_have_attribute("aria-pressed", "true")
    phrase(lens, "to Taiwan").click()
    phrase(lens, "to Taiwan").click()
    expect(phrase(lens, "to Taiwan")).to_have_attribute("aria-pressed", "false")
    expect(status).to_have_text("1 phrase marked here. Nothing is revealed yet.")
    lens.get_by_role("button", name="Reveal").click()
    expect(status).to_have_text(
        "In 1 passage you found 1 of 1 artefact, missed none of high weight and suspected nothing sound."
    )
    row = catalog.row("source_issues", "khrestin-issue-02")
    found = lens.locator(".terms li.found")
    expect(found).to_contain_text(row["right"])
    expect(found).to_contain_text(catalog.row("sources", row["evidence"])["title"])
    expect(found).to_contain_text("Weight: high")
    expect(lens.locator("mark.found")).to_contain_text("six guarantees")
    lens.get_by_role("button", name="Hide again").click()
    expect(phrase(lens, "six guarantees")).to_have_attribute("aria-pressed", "true")


def test_a_miss_a_sound_phrase_and_a_fault_of_another_kind_are_told_apart(open_page: OpenPage) -> None:
    lens = mounted(open_page(CHAPTER), passage=SIX)
    phrase(lens, "to Taiwan").click()
    phrase(lens, "reinforced these commitments").click()
    lens.get_by_role("button", name="Reveal").click()
    expect(lens.locator(".finding")).to_have_text(
        "In 1 passage you found 0 of 1 artefact, missed 1 of high weight and suspected 1 sound phrase."
    )
    expect(lens.locator("mark.missed")).to_contain_text("six guarantees")
    expect(lens.locator("mark.sound")).to_contain_text("to Taiwan")
    expect(lens.locator("mark.other")).to_contain_text("reinforced these commitments")
    expect(lens.locator(".terms")).to_contain_text("not through the translation, as far as can be told")
    expect(lens.locator(".terms")).to_contain_text("Sound, as far as is known: to Taiwan.")


def test_a_sound_passage_says_so(open_page: OpenPage) -> None:
    lens = mounted(open_page(CHAPTER), passage="khrestin-25-interceptions")
    lens.get_by_role("button", name="Reveal").click()
    expect(lens.locator(".terms")).to_contain_text("Nothing in this passage is known to be wrong")
    expect(lens.locator(".finding")).to_have_text(
        "In 1 passage there was no artefact to find, and you suspected nothing sound."
    )


def test_nothing_is_given_away_before_it_is_revealed(open_page: OpenPage) -> None:
    lens = mounted(open_page(CHAPTER), passage=SIX, marked=[f"{SIX}.six-guarantees"])
    expect(lens.locator("svg.board g")).to_have_count(len(PASSAGES))
    expect(lens.locator("mark, .terms li, svg.board circle")).to_have_count(0)
    lens.get_by_text("What you have revealed").click()
    expect(lens.get_by_role("row")).to_have_count(1)


def test_the_keyboard_alone_marks_and_reveals(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    lens = mounted(page)
    lens.get_by_role("combobox", name="Passage").focus()
    page.keyboard.press("ArrowDown")
    expect(lens.locator(".title")).to_have_text("Passage 2 of 13, paragraph 18")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("End")
    page.keyboard.press("Space")
    expect(phrase(lens, "six guarantees")).to_be_focused()
    expect(phrase(lens, "six guarantees")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowLeft")
    expect(phrase(lens, "with the so-called")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(lens.get_by_role("button", name="Hide again")).to_be_focused()
    expect(lens.locator("mark.found")).to_be_visible()


def test_next_and_previous_go_round(open_page: OpenPage) -> None:
    lens = mounted(open_page(CHAPTER))
    lens.get_by_role("button", name="Previous").click()
    expect(lens.locator(".title")).to_contain_text("Passage 13 of 13")
    lens.get_by_role("button", name="Next").click()
    expect(lens.locator(".title")).to_contain_text("Passage 1 of 13")


def test_exports_hold_what_is_revealed(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    lens = mounted(page, passage=SIX, revealed=[SIX], marked=[f"{SIX}.to-taiwan"])
    with page.expect_download() as saved:
        lens.get_by_role("button", name="table (CSV)").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Yours"] for row in rows] == ["not marked", "missed", "marked in vain"]
    with page.expect_download() as saved:
        lens.get_by_role("button", name="picture (SVG)").click()
    svg = ElementTree.parse(saved.value.path()).getroot()
    assert len(list(svg.iter("{http://www.w3.org/2000/svg}circle"))) == 1
    assert "found 0 of 1 artefact" in (svg.findtext("{http://www.w3.org/2000/svg}title") or "")
    assert "var(" not in ElementTree.tostring(svg, encoding="unicode")


def test_every_set_up_is_drawn_and_linked(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mounted(page)
    shared_functions(page)
    setup = SourceLens().setup
    ids = list(PASSAGES)
    states = {
        "passage": st.sampled_from(ids),
        "marked": st.lists(st.sampled_from(NAMES), unique=True, max_size=12),
        "revealed": st.lists(st.sampled_from(ids), unique=True),
    }

    @settings(max_examples=60, deadline=None)
    @given(st.fixed_dictionaries(states))
    def holds(choices: dict[str, Any]) -> None:
        back, found, missed, terms = page.evaluate(
            """([choices, { defaults, accepts }]) => {
              mounted.model.set(choices);
              const count = (selector) => document.querySelectorAll(`.mounted ${selector}`).length;
              const back = shared.decode(shared.encode(choices, defaults), defaults, accepts);
              const { hidden } = document.querySelector(".mounted .terms");
              return [back, count("circle.found"), count("circle.missed"), !hidden];
            }""",
            [choices, setup],
        )
        issues = [
            (issue, held)
            for id in choices["revealed"]
            for issue, held in SourceLens().data["passages"][id]["issues"].items()
            if held["artefact"]
        ]
        assert back == choices
        assert found + missed == len(issues)
        assert terms == (choices["passage"] in choices["revealed"])

    holds()


def test_a_link_opens_its_set_up(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    lens = mounted(page)
    lens.get_by_role("combobox", name="Passage").select_option("2")
    phrase(lens, "six guarantees").click()
    lens.get_by_role("button", name="Reveal").click()
    page.wait_for_function("location.hash.includes('revealed')")
    again = mounted(open_page(CHAPTER + page.evaluate("location.hash")))
    expect(again.locator("mark.found")).to_contain_text("six guarantees")


@pytest.mark.parametrize(
    "wrong", ["passage=mars", "marked=six", "revealed=~khrestin-18-six~khrestin-18-six", "score=3"]
)
def test_a_broken_link_gives_a_message_and_the_first_set_up(open_page: OpenPage, wrong: str) -> None:
    lens = mounted(open_page(f"{CHAPTER}#lens:{wrong}"))
    expect(lens.get_by_role("alert")).to_contain_text("This set-up cannot be shown")
    expect(lens.locator(".title")).to_contain_text("Passage 1 of 13")


def test_sources_are_never_markup(open_page: OpenPage) -> None:
    hostile = "<img src=x onerror=\"document.title='changed'\">"
    lens = SourceLens(passage=SIX, revealed=[SIX])
    held = json.loads(json.dumps(lens.data))
    held["article"] = hostile
    for issue in held["passages"][SIX]["issues"].values():
        issue.update(right=hostile, kind=hostile, evidence=[hostile, hostile, ""])
    lens.data = held
    page = open_page(CHAPTER)
    shown = mount_view(page, lens)
    expect(shown.locator(".terms")).to_contain_text(hostile)
    expect(shown.locator("img")).to_have_count(0)
    assert page.title() != "changed"


def test_a_closed_view_stops_listening(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mounted(page)
    page.evaluate("mounted.leave()")
    assert page.evaluate("mounted.handlers.size") == 0


@in_every_look
def test_every_state_is_accessible_and_fits(
    open_page: OpenPage, axe: Callable[..., list[str]], theme: str, viewport: dict[str, int]
) -> None:
    page = open_page(CHAPTER, color_scheme=theme, viewport=viewport)
    lens = mounted(page)
    marks = {"marked": [f"{SIX}.six-guarantees", f"{SIX}.to-taiwan"]}
    for state in (
        {"passage": "khrestin-28-note"},
        {"passage": SIX, **marks},
        {"passage": SIX, "revealed": [SIX], **marks},
        {"passage": "khrestin-25-interceptions", "revealed": list(PASSAGES)},
    ):
        page.evaluate("change => mounted.model.set(change)", state)
        lens.locator("details").evaluate_all("folds => folds.forEach((fold) => (fold.open = true))")
        expect(lens.get_by_role("row")).not_to_have_count(0)
        assert axe(page, ".mounted") == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
