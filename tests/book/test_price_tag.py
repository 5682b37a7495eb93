"""The price tag in a page: each control, both articles' numbers, permalinks, exports, both widths and themes."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Locator, Page, expect

from guarantees.widgets import PriceTag
from tests.conftest import in_every_look
from tests.widgets.mounting import mount_view, shared_functions

OpenPage = Callable[..., Page]
CHAPTER = "chapters/models/nato.html"
CHOICES: dict[str, list[Any]] = {
    "bill": ["israel", "memorandum", "taiwan", "ukraine"],
    "economic": [True, False],
    "missile": [True, False],
    "sales": [True, False],
    "stage": ["congress", "committed", "delivered"],
    "start": ["early", "late"],
    "basis": ["current", "constant"],
}


def mounted(page: Page, **choices: Any) -> Locator:
    return mount_view(page, PriceTag(**choices))


def figure(tag: Locator) -> Locator:
    return tag.locator(".figure")


def claim(tag: Locator, by: str) -> Locator:
    return tag.locator(".claim").filter(has_text=f"{by}:")


def test_each_control_changes_the_price(open_page: OpenPage) -> None:
    tag = mounted(open_page(CHAPTER))
    expect(figure(tag)).to_have_text("$158 billion")
    tag.get_by_role("checkbox", name="Count missile defence").uncheck()
    expect(figure(tag)).to_have_text("$127.4 billion")
    tag.get_by_role("checkbox", name="Count economic aid").uncheck()
    expect(figure(tag)).to_have_text("$51.3 billion")
    expect(tag.locator(".basis")).to_contain_text("Added up here from 11 published rows")
    tag.get_by_role("combobox", name="Prices").select_option("constant dollars")
    expect(figure(tag)).to_have_text("No published total")
    expect(tag.locator(".basis")).to_contain_text("The data end here")
    tag.get_by_role("radio", name="Ukraine", exact=True).check()
    tag.get_by_role("combobox", name="Prices").select_option("dollars of each year")
    expect(figure(tag)).to_have_text("$77.4 billion")
    tag.get_by_role("checkbox", name="Count civilian aid and US costs").check()
    expect(figure(tag)).to_have_text("$174.2 billion")
    tag.get_by_role("radio", name="Taiwan", exact=True).check()
    expect(figure(tag)).to_have_text("$64.9 billion")
    tag.get_by_role("combobox", name="From").select_option("2021")
    expect(figure(tag)).to_have_text("$8.4 billion or $5.7 billion")
    tag.get_by_role("combobox", name="Stage").select_option("delivered")
    expect(figure(tag)).to_have_text("No published total")
    tag.get_by_role("button", name="Reset").click()
    expect(figure(tag)).to_have_text("$158 billion")


def test_both_numbers_arise_and_neither_in_its_words(open_page: OpenPage) -> None:
    tag = mounted(open_page(CHAPTER), economic=False)
    stimson, other = claim(tag, "Stimson Center"), claim(tag, "19FortyFive")
    expect(stimson.locator(".verdict")).to_contain_text("Counted as the article says, the number does not arise")
    stimson.get_by_role("button", name="Show how the number arises").click()
    expect(figure(tag)).to_have_text("$158 billion")
    expect(stimson.locator(".verdict")).to_contain_text("The number arises, the words do not hold")
    expect(other.locator(".verdict")).to_contain_text("Speaks against it: even with economic aid counted")
    other.get_by_role("button", name="Show how the number arises").click()
    expect(figure(tag)).to_have_text("$298 billion (unverified) or $317 billion (unverified)")
    expect(other.locator(".verdict")).to_contain_text("The number arises, the words do not hold")
    expect(other.locator(".verdict")).to_contain_text("$298 billion, counted as you chose too, does not reach it")
    expect(stimson.locator(".verdict")).to_contain_text("Another number for another thing")
    for held in (stimson, other):
        expect(held.locator(".tally")).to_contain_text("none with the article's words")
        held.get_by_role("button", name="Count what the words say").click()
        expect(tag.get_by_role("checkbox", name="Count economic aid")).not_to_be_checked()
        expect(held.locator(".verdict")).not_to_contain_text("arises")


def test_the_memorandum_is_not_counted_twice(open_page: OpenPage) -> None:
    tag = mounted(open_page(CHAPTER), bill="memorandum")
    expect(figure(tag)).to_have_text("$38 billion")
    expect(claim(tag, "Stimson Center").locator(".tally")).to_have_text("Of 2 ways to count, none reaches the number.")
    expect(claim(tag, "Stimson Center").get_by_role("button", name="Show how")).to_have_count(0)


def test_the_keyboard_alone_settles_every_question(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    tag = mounted(page)
    tag.get_by_role("radio", name="Israel", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(tag.get_by_role("checkbox", name="Count economic aid")).not_to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(tag.get_by_role("checkbox", name="Count missile defence")).not_to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(figure(tag)).to_have_text("No published total")
    tag.get_by_role("radio", name="Israel", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(figure(tag)).to_have_text("$33 billion")
    expect(tag.get_by_role("radio", name="Israel, 2016 memorandum")).to_be_focused()


def test_the_picture_and_the_table_say_what_the_tag_says(open_page: OpenPage) -> None:
    tag = mounted(open_page(CHAPTER), basis="constant")
    picture = tag.get_by_role("img", name="$298 billion (unverified) or $317 billion (unverified)")
    expect(picture).to_be_visible()
    tag.get_by_text("The same as a table").click()
    rows = tag.get_by_role("table").get_by_role("row")
    head, chosen, other = (re.compile(f"{end}$") for end in ("Your choice", "yes", "no"))
    expect(rows).to_have_text([head] + [other] * 6 + [chosen] * 2)
    tag.get_by_role("combobox", name="Prices").select_option("dollars of each year")
    expect(rows).to_have_text([head] + [other] * 4 + [chosen] * 2 + [other] * 2)


def test_exports_hold_what_is_shown(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    tag = mounted(page, bill="taiwan")
    with page.expect_download() as saved:
        tag.get_by_role("button", name="table (CSV)").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Billion dollars"], row["Your choice"]) for row in rows] == [
        ("64.9", "yes"),
        ("8.4", "no"),
        ("5.7", "no"),
    ]
    with page.expect_download() as saved:
        tag.get_by_role("button", name="picture (SVG)").click()
    svg = ElementTree.parse(saved.value.path()).getroot()
    texts = " ".join(part.text or "" for part in svg.iter("{http://www.w3.org/2000/svg}text"))
    assert "US arms for Taiwan" in texts
    assert "$64.9 bn" in texts
    assert "var(" not in ElementTree.tostring(svg, encoding="unicode")


def test_every_set_up_is_drawn_and_linked(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mounted(page)
    shared_functions(page)
    setup = PriceTag().setup

    @settings(max_examples=60, deadline=None)
    @given(st.fixed_dictionaries({key: st.sampled_from(values) for key, values in CHOICES.items()}))
    def holds(choices: dict[str, Any]) -> None:
        back, shown, labels = page.evaluate(
            """([choices, { defaults, accepts }]) => {
              mounted.model.set(choices);
              const figure = document.querySelector(".mounted .figure").textContent;
              const label = document.querySelector(".mounted svg.lanes").getAttribute("aria-label");
              return [shared.decode(shared.encode(choices, defaults), defaults, accepts), figure, label];
            }""",
            [choices, setup],
        )
        assert back == choices
        assert shown.startswith(("$", "No published total"))
        assert labels.startswith(shown)

    holds()


def test_a_link_opens_its_set_up(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mounted(page, economic=False, bill="ukraine", stage="committed", start="late")
    tag = page.locator(".mounted")
    tag.get_by_role("combobox", name="From").select_option("2014")
    page.wait_for_function("location.hash.includes('price:')")
    again = mounted(open_page(CHAPTER + page.evaluate("location.hash")))
    expect(figure(again)).to_have_text("$69.2 billion (unverified)")


@pytest.mark.parametrize("wrong", ["bill=mars", "economic=maybe", "price=3", "stage=~a~b", "basis=%E0"])
def test_a_broken_link_gives_a_message_and_the_first_set_up(open_page: OpenPage, wrong: str) -> None:
    tag = mounted(open_page(f"{CHAPTER}#price:{wrong}"))
    expect(tag.get_by_role("alert")).to_contain_text("This set-up cannot be shown")
    expect(figure(tag)).to_have_text("$158 billion")


def test_sources_are_never_markup(open_page: OpenPage) -> None:
    hostile = "<img src=x onerror=\"document.title='changed'\">"
    tag = PriceTag()
    held = json.loads(json.dumps(tag.data))
    for bill in held.values():
        bill["title"] = hostile
        for part in (*bill["definitions"], *bill["claims"]):
            part["label"] = part["says"] = part["gap"] = hostile
            for point in part.get("points", []):
                point.update(note=hostile, source=[hostile, hostile, ""])
    tag.data = held
    page = open_page(CHAPTER)
    shown = mount_view(page, tag)
    expect(shown.locator(".tag")).to_contain_text(hostile)
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
    tag = mounted(page)
    blank = {"basis": "constant", "economic": False}
    for state in (*({"bill": bill} for bill in CHOICES["bill"]), blank):
        page.evaluate("change => mounted.model.set(change)", state)
        tag.locator("details").evaluate_all("folds => folds.forEach((fold) => (fold.open = true))")
        expect(tag.get_by_role("table")).to_be_visible()
        assert axe(page, ".mounted") == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        edge = tag.locator("svg.lanes").bounding_box()
        assert edge
        for text in tag.locator("svg.lanes text").all():
            box = text.bounding_box()
            assert box
            assert box["x"] >= edge["x"] - 1
            assert box["x"] + box["width"] <= edge["x"] + edge["width"] + 1
