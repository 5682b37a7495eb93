"""The timeline in the page: what stands on the axis, what is read in it, by mouse and by keyboard."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from playwright.sync_api import Locator, Page, expect

from guarantees import catalog, show
from guarantees.widgets import Timeline
from guarantees.widgets.timeline import events, texts
from tests.conftest import in_every_look
from tests.widgets.pages import open_widgets

OpenPage = Callable[..., Page]
SVG = "{http://www.w3.org/2000/svg}"
MODELS = ["israel_qme", "bilateral_agreements"]


def options(page: Page) -> Locator:
    return page.get_by_role("option").and_(page.locator(".timeline [role=option]"))


def option(page: Page, id: str) -> Locator:
    return page.locator(f'.timeline [role=option][data-id="{id}"]')


def panel(page: Page) -> Locator:
    return page.get_by_role("group", name="The chosen text or event")


def status(page: Page) -> Locator:
    return page.locator(".timeline .status")


def expect_shown(page: Page, ids: set[str]) -> None:
    for id in ids:
        expect(option(page, id)).to_have_count(1)
    expect(options(page)).to_have_count(len(ids))


def of(models: list[str], rows: list[dict]) -> list[dict]:
    return [row for row in rows if row["model"] in models]


def test_every_dated_text_and_event_of_the_models_stands_on_the_axis(open_page: OpenPage) -> None:
    page = open_widgets(open_page, Timeline(MODELS))
    dated = {row["id"] for row in of(MODELS, texts()) if row["signed"] or row["in_force"]}
    expect_shown(page, dated | {row["id"] for row in of(MODELS, events())})
    undated = [row["title"] for row in of(MODELS, texts()) if row["id"] not in dated]
    assert undated
    for title in undated:
        page.get_by_role("button", name=title).click()
        expect(panel(page)).to_contain_text("without a date")


def test_a_text_is_read_with_what_it_does_not_oblige(open_page: OpenPage) -> None:
    page = open_widgets(open_page, Timeline())
    for row in of(["israel_qme"], texts()):
        option(page, row["id"]).click()
        for field in ("title", "clause", "not_obliged", "exit", "note"):
            expect(panel(page)).to_contain_text(row[field])
        expect(panel(page)).to_contain_text(f"signed {show.month(row['signed'])}")
        expect(panel(page)).to_contain_text(catalog.row("sources", row["source"])["title"])
        doubts = [name for name in row["unverified_fields"].split("; ") if name not in ("", "locator", "parties")]
        expect(panel(page).locator(".tag")).to_have_count(len(doubts))
        expect(option(page, row["id"])).to_have_attribute("aria-selected", "true")
        expect(option(page, row["id"])).to_be_in_viewport()
        expect(panel(page)).to_be_in_viewport()


def test_an_event_leads_to_the_texts_in_force_then(open_page: OpenPage) -> None:
    page = open_widgets(open_page, Timeline(selected="israel_qme.2025-06-22"))
    event = next(row for row in events() if row["id"] == "israel_qme.2025-06-22")
    expect(panel(page)).to_contain_text(event["description"])
    standing = {
        row["title"]: row["not_obliged"]
        for row in of(["israel_qme"], texts())
        if row["in_force"] and row["in_force"] < "2025-06-22" and not ("" < row["ended"] < "2025-06-22")
    }
    assert len(standing) > 2
    listed = panel(page).get_by_role("listitem")
    expect(listed).to_have_count(len(standing))
    for title, not_obliged in standing.items():
        expect(listed.filter(has_text=title)).to_contain_text(not_obliged)
    panel(page).get_by_role("button", name="Public Law 110-429").click()
    expect(panel(page)).to_contain_text("What it says")
    page.evaluate("location.hash = '#timeline:selected=israel_qme.1962-12-27'")
    expect(panel(page)).to_contain_text("No text of this model was in force then.")


def test_dates_are_written_as_precisely_as_they_are_known(open_page: OpenPage) -> None:
    page = open_widgets(open_page, Timeline())
    for row in of(["israel_qme"], events()):
        expected = f"{row['title']}, {show.month(row['on'])}, Israel, event"
        expect(option(page, row["id"])).to_have_attribute("aria-label", expected)
        wide = option(page, row["id"]).locator(".doubt")
        expect(wide, row["id"]).to_have_count(0 if row["precision"] == "day" else 1)


def test_what_is_in_force_is_counted(open_page: OpenPage) -> None:
    page = open_widgets(open_page, Timeline(["nato_article5", "finlandization"]))
    expect(status(page)).to_contain_text("NATO, Finland: 4 texts, 24 events. In force in January 2026: 1 treaty.")


def test_years_and_legal_types_narrow_the_axis(open_page: OpenPage) -> None:
    page = open_widgets(open_page, Timeline(since=2000, types=["statute"]))
    recent = {row["id"] for row in of(["israel_qme"], events()) if row["on"] >= "2000"}
    expect_shown(page, {"isr-qme", "isr-mnna"} | recent)  # the statute of 1987 is still in force
    earlier = len(of(["israel_qme"], events())) - len(recent)
    expect(status(page)).to_contain_text(f"{earlier} more outside these years.")
    page.get_by_role("checkbox", name="Events").uncheck()
    expect_shown(page, {"isr-qme", "isr-mnna"})
    page.evaluate("location.hash = '#timeline:since=1990,until=1985,events=false'")
    expect(option(page, "isr-qme")).to_have_count(0)
    expect_shown(page, {"isr-mnna"})


def test_nothing_to_show_is_said(open_page: OpenPage) -> None:
    page = open_widgets(open_page, Timeline(types=["recommendation"], events=False))
    expect(status(page)).to_have_text("Nothing to show in these years and legal types.")
    expect(panel(page)).to_be_hidden()
    page.get_by_role("group", name="Models").get_by_label("Israel").uncheck()
    expect(status(page)).to_have_text("Choose at least one model.")
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("group", name="Models").get_by_label("Budapest").check()
    expect_shown(page, {"ksc-2022"})


def test_the_keyboard_alone_reaches_and_reads_everything(open_page: OpenPage) -> None:
    page = open_widgets(open_page, Timeline())
    order = options(page).evaluate_all("all => all.map(({ dataset }) => dataset.id)")
    page.locator(".timeline .types summary").focus()
    page.keyboard.press("Tab")
    focused = page.locator(".timeline [role=option]:focus")
    for key, place in [
        ("Home", 0),
        ("ArrowDown", 1),
        ("ArrowRight", 2),
        ("ArrowUp", 1),
        ("End", -1),
        ("ArrowDown", -1),
    ]:
        page.keyboard.press(key)
        expect(focused).to_have_attribute("data-id", order[place])
        expect(focused).to_be_in_viewport()
    expect(page.locator(".timeline [role=option][tabindex='0']")).to_have_count(1)
    titles = catalog.load("events").query("model == 'israel_qme'")["title"]
    for key in ("Enter", "Space"):
        page.keyboard.press("ArrowUp")
        page.keyboard.press(key)
        expect(focused).to_have_attribute("aria-selected", "true")
        expect(panel(page)).to_contain_text(re.compile("|".join(map(re.escape, titles))))
    slider = page.get_by_role("slider", name="From")
    before = slider.get_attribute("aria-valuetext")
    slider.press("ArrowRight")
    expect(slider).not_to_have_attribute("aria-valuetext", str(before))


def test_the_table_and_the_downloads_hold_what_is_shown(open_page: OpenPage) -> None:
    page = open_widgets(open_page, Timeline(MODELS))
    widget = page.locator(".guarantee-widget.timeline")
    page.get_by_text("The same as a table").click()
    table = widget.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(1 + len(of(MODELS, texts())) + len(of(MODELS, events())))
    page.get_by_role("checkbox", name="Events").uncheck()
    expect(table.get_by_role("row")).to_have_count(1 + len(of(MODELS, texts())))
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download table (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(Path(saved.value.path()).read_text(encoding="utf-8-sig"))))
    told = {(row["title"], row["says"], row["does not oblige"], row["signed or on"], row["unverified"]) for row in rows}
    assert told == {
        (row["title"], row["clause"], row["not_obliged"], row["signed"], row["unverified_fields"])
        for row in of(MODELS, texts())
    }
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download picture (SVG)").click()
    picture = ElementTree.parse(saved.value.path())
    assert "var(" not in Path(saved.value.path()).read_text(encoding="utf-8")
    words = [element.text or "" for element in picture.iter(f"{SVG}text")]
    assert {"Statutes", "Executive agreements", "January 2026", "2020"} <= set(words)
    assert sum(word.startswith("2024 ") for word in words) == sum(
        row["signed"].startswith("2024") for row in of(MODELS, texts())
    )
    assert picture.getroot().find(f"{SVG}title") is not None


@in_every_look
def test_every_state_is_accessible(
    open_page: OpenPage, axe: Callable[..., list[str]], theme: str, viewport: dict[str, int]
) -> None:
    page = open_widgets(open_page, Timeline(MODELS), color_scheme=theme, viewport=viewport)

    assert axe(page) == []
    option(page, "isr-1979").click()
    page.get_by_text("Legal types:").click()
    page.get_by_text("The same as a table").click()
    expect(page.locator(".timeline").get_by_role("row")).not_to_have_count(0)
    assert axe(page) == []
    option(page, "israel_qme.2025-06-22").click()
    page.evaluate("location.hash = '#timeline:models=~natto'")
    expect(page.locator(".guarantee-widget.timeline").get_by_role("alert")).to_contain_text("natto")
    assert axe(page) == []
    for box in page.get_by_role("group", name="Models").get_by_role("checkbox").all():
        box.uncheck()
    expect(status(page)).to_have_text("Choose at least one model.")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_the_tables_are_there(open_page: OpenPage) -> None:
    text = Timeline(MODELS).text_equivalent()
    page = open_page("search.html", java_script_enabled=False)
    page.set_content(text)
    expect(page.get_by_role("table")).to_have_count(4)
    expect(page.get_by_role("row")).to_have_count(4 + len(of(MODELS, texts())) + len(of(MODELS, events())))


def test_text_from_the_tables_is_never_markup(open_page: OpenPage) -> None:
    hostile = "<img src=x onerror=\"document.title='changed'\">"
    widget = Timeline()
    view = widget.view
    texts_ = view.data["texts"]
    changed = {name: [hostile] * len(texts_["id"]) for name in ("title", "clause", "not_obliged", "exit", "note")}
    view.data = {**view.data, "texts": {**texts_, **changed}}
    page = open_widgets(open_page, widget)
    expect(panel(page)).to_contain_text(hostile)
    expect(page.locator(".timeline img")).to_have_count(0)
    assert page.title() != "changed"
