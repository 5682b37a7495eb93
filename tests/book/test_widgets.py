"""The model explorer in the page: mouse, keyboard, no kernel, phone and laptop, light and dark."""

import copy
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from guarantees import catalog
from guarantees.widgets.model_explorer import explorer_data
from tests.conftest import DESKTOP, PHONE
from tests.widgets.mounting import mount

OpenPage = Callable[..., Page]
CHAPTER = "chapters/models/israel.html"


def matrix(page: Page) -> Locator:
    found = page.locator(".matrix").first
    expect(found.get_by_role("grid")).to_be_visible()
    return found


def names(table: str, column: str = "name") -> dict[str, str]:
    rows = catalog.load(table)
    return dict(zip(rows["id"], rows[column], strict=True))


def cell(page: Page, model: str, feature: str) -> Locator:
    grid = matrix(page).get_by_role("grid")
    heads = grid.get_by_role("columnheader").all_inner_texts()
    row = grid.get_by_role("row").filter(has=page.get_by_role("rowheader", name=names("features")[feature], exact=True))
    return row.get_by_role("gridcell").nth(heads.index(names("models", "short_name")[model]) - 1)


def columns(page: Page) -> list[str]:
    return matrix(page).get_by_role("columnheader").all_inner_texts()[1:]


def test_the_lists_choose_what_is_shown(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    models, features = names("models"), names("features")
    page.get_by_role("listbox", name="Models").select_option([models["south_korea"], models["finlandization"]])
    page.get_by_role("listbox", name="Features").select_option([features["obligation"]])
    short = names("models", "short_name")
    assert columns(page) == [short["south_korea"], short["finlandization"]]
    assert matrix(page).get_by_role("rowheader").all_inner_texts() == [features["obligation"]]
    expect(matrix(page).get_by_role("status")).to_contain_text("2 models, 1 feature; 1 of 2 codings contested.")


def test_nothing_chosen_gives_a_message_and_a_way_back(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    first = columns(page)
    page.get_by_role("listbox", name="Models").select_option([])
    widget = page.locator(".matrix").first
    expect(widget.get_by_role("status")).to_have_text("Choose at least one model and one feature.")
    expect(widget.get_by_role("grid")).to_be_hidden()
    expect(widget.get_by_role("group", name="The chosen coding")).to_be_hidden()
    widget.get_by_role("button", name="All models").click()
    assert columns(page) == list(names("models", "short_name").values())
    assert len(page.get_by_role("listbox", name="Models").evaluate("list => [...list.selectedOptions]")) == 8
    widget.get_by_role("button", name="Reset").click()
    assert columns(page) == first


def test_contested_codings_can_stand_alone(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    page.get_by_role("listbox", name="Models").select_option([names("models")["finlandization"]])
    page.get_by_label("Contested codings only").check()
    codings = catalog.load("codings").query("model == 'finlandization' and contested")
    shown = matrix(page).get_by_role("rowheader").all_inner_texts()
    assert shown == [name for id, name in names("features").items() if id in set(codings["feature"])]


@pytest.mark.parametrize("origin", ["http", "file"])
def test_a_click_shows_the_reasons(open_page: OpenPage, origin: str) -> None:
    page = open_page(CHAPTER, origin=origin)
    matrix(page).get_by_role("button", name="All models").click()
    for model, feature in [("taiwan_ambiguity", "obligation"), ("nato_article5", "nuclear")]:
        target = cell(page, model, feature)
        target.click()
        row = catalog.load("codings").set_index(["model", "feature"]).loc[(model, feature)]
        anchors = catalog.row("features", feature)
        panel = matrix(page).get_by_role("group", name="The chosen coding")
        expect(panel).to_contain_text(names("models")[model])
        coded = row["value"]
        expect(panel).to_contain_text(f"{anchors['name']}: {coded} of 3. {anchors[f'level_{coded}']}")
        expect(panel).to_contain_text(row["rationale"])
        expect(panel).to_contain_text(anchors["definition"])
        for level in range(4):
            expect(panel).to_contain_text(anchors[f"level_{level}"])
        expect(panel).to_contain_text(catalog.row("sources", row["source"])["title"])
        assert ("Contested" in panel.inner_text()) == row["contested"]
        assert ("unverified" in panel.inner_text()) == (row["status"] == "unverified")
        expect(target).to_have_attribute("aria-selected", "true")
        expect(target).to_be_in_viewport()
        expect(panel).to_be_in_viewport()


def test_every_contested_and_unverified_coding_is_marked(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    matrix(page).get_by_role("button", name="All models").click()
    matrix(page).get_by_role("button", name="All features").click()
    codings = catalog.load("codings")
    cells = matrix(page).get_by_role("gridcell").all_text_contents()
    assert len(cells) == len(codings)
    assert sum(", contested:" in text for text in cells) == codings["contested"].sum()
    assert sum(", unverified" in text for text in cells) == (codings["status"] == "unverified").sum()


def test_the_keyboard_alone_reaches_and_reads_a_coding(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    widget = matrix(page)
    widget.get_by_role("button", name="Reset").focus()
    page.keyboard.press("Tab")
    expect(widget.locator(".frame")).to_be_focused()
    page.keyboard.press("Tab")
    expect(widget.locator("td:focus")).to_have_count(1)
    page.keyboard.press("Control+Home")
    for key, row, column in [
        ("ArrowDown", 2, 1),
        ("ArrowRight", 2, 2),
        ("End", 2, len(columns(page))),
        ("ArrowRight", 2, len(columns(page))),
        ("Home", 2, 1),
        ("ArrowUp", 1, 1),
        ("ArrowUp", 1, 1),
        ("PageDown", 6, 1),
    ]:
        page.keyboard.press(key)
        at = widget.locator("td:focus").evaluate("cell => [cell.parentElement.rowIndex, cell.cellIndex]")
        assert at == [row, column], key
        assert widget.locator('td[tabindex="0"]').count() == 1
        expect(widget.locator("td:focus")).to_be_in_viewport()
    feature = list(names("features"))[5]
    for key in ("Enter", "Space"):
        page.keyboard.press("ArrowRight")
        page.keyboard.press(key)
        expect(widget.locator(".reading")).to_contain_text(names("features")[feature])
        expect(widget.locator("td:focus")).to_have_attribute("aria-selected", "true")


def test_on_a_phone_the_matrix_scrolls_and_the_page_does_not(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, viewport=PHONE)
    widget = matrix(page)
    widget.get_by_role("button", name="All models").click()
    frame = widget.locator(".frame")
    assert frame.evaluate("frame => frame.scrollWidth > frame.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    name = widget.get_by_role("rowheader").first
    before = name.bounding_box()
    frame.evaluate("frame => frame.scrollTo(200, 0)")
    assert frame.evaluate("frame => frame.scrollLeft") == 200
    assert name.bounding_box() == before


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_state_is_accessible(
    open_page: OpenPage, axe: Callable[[Page], list[str]], theme: str, viewport: dict[str, int]
) -> None:
    page = open_page(CHAPTER, color_scheme=theme, viewport=viewport)

    def violations() -> list[str]:
        page.mouse.move(0, 0)
        page.evaluate("scrollTo(0, 0)")  # so that the theme's sticky header covers nothing
        return axe(page)

    matrix(page).get_by_role("button", name="All models").click()
    cell(page, "nato_article5", "nuclear").click()
    assert violations() == []
    page.get_by_label("Contested codings only").check()
    cell(page, "taiwan_ambiguity", "obligation").click()
    assert violations() == []
    page.get_by_role("listbox", name="Features").select_option([])
    assert violations() == []


def test_without_scripts_the_table_is_there(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, java_script_enabled=False)
    table = page.get_by_role("table").filter(has_text="Codings of the models")
    expect(table).to_be_visible()
    assert table.get_by_role("row").count() == 1 + len(names("features"))


def test_the_text_form_leaves_when_the_widget_comes_alive(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    matrix(page)
    expect(page.get_by_role("table").filter(has_text="contested: the other reading follows")).to_have_count(0)


def traits() -> dict:
    data = explorer_data()
    everything = {"models": list(range(8)), "features": list(range(17)), "contested_only": False}
    return {"data": {**data, "initial": everything}, **everything}


def test_text_from_the_tables_is_never_markup(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    hostile = "<img src=x onerror=\"document.title='changed'\">"
    held = copy.deepcopy(traits())
    for model in held["data"]["models"]:
        model["name"] = model["short"] = hostile
    for feature in held["data"]["features"]:
        feature.update(name=hostile, definition=hostile, levels=[hostile] * 4)
    held["data"]["sources"] = [[hostile, hostile, "https://example.org/"]] * len(held["data"]["sources"])
    held["data"]["codings"] = [
        [
            [value, alternative, hostile, hostile, source, hostile, [hostile], True]
            for value, alternative, _, _, source, *_ in row
        ]
        for row in held["data"]["codings"]
    ]
    widget = mount(page, "model_explorer", held)
    assert widget.locator("img").count() == 0
    expect(widget.locator(".panel")).to_contain_text(hostile)
    assert page.title() != "changed"


def test_views_on_one_page_do_not_share_anything(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    matrix(page)
    mounted = mount(page, "model_explorer", traits())
    mounted.get_by_role("gridcell").last.click()
    chosen = page.locator(".matrix td[aria-selected]")
    assert chosen.count() == page.locator(".matrix").count() == 2
    ids = page.locator(".matrix [id]").evaluate_all("elements => elements.map(({ id }) => id)")
    assert len(set(ids)) == len(ids)


def test_a_closed_view_stops_listening(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mount(page, "model_explorer", traits())
    assert page.evaluate("mounted.handlers.size") == 1
    page.evaluate("mounted.leave()")
    assert page.evaluate("mounted.handlers.size") == 0


def test_keys_meant_for_the_widget_do_not_reach_the_shortcuts_of_a_notebook(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    page.evaluate("document.addEventListener('keydown', ({ key }) => (window.heard ??= []).push(key))")
    matrix(page).locator('td[tabindex="0"]').focus()
    for key in ("b", "Enter", "ArrowDown", "Control+j"):
        page.keyboard.press(key)
    assert page.evaluate("heard") == ["Control", "j"]
