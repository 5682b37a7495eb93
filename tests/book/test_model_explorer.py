"""The model explorer in the page: mouse, keyboard, no kernel, phone and laptop, light and dark."""

import copy
import csv
import io
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, Page, expect

from guarantees import catalog, compare
from guarantees.widgets import ModelExplorer
from guarantees.widgets.model_explorer import explorer_data
from tests.conftest import PHONE, in_every_look
from tests.widgets.mounting import mount_view
from tests.widgets.pages import open_widgets

OpenPage = Callable[..., Page]
CHAPTER = "chapters/models/israel.html"
AT_ONCE = """AbortSignal.timeout = () => {
  const controller = new AbortController();
  queueMicrotask(() => controller.abort());
  return controller.signal;
};"""
SVG = "{http://www.w3.org/2000/svg}"


def explorer(page: Page) -> Locator:
    found = page.locator(".live-widget[data-ready] .explorer").first
    expect(found).to_be_visible()
    return found


def names(table: str, column: str = "name") -> dict[str, str]:
    rows = catalog.load(table)
    return dict(zip(rows["id"], rows[column], strict=True))


def cell(page: Page, model: str, feature: str) -> Locator:
    return explorer(page).locator(f'td[data-model="{model}"][data-feature="{feature}"]')


def expect_columns(page: Page, shown: list[str]) -> None:
    expect(explorer(page).locator("thead th")).to_have_text(["Feature", *shown])


def expect_rows(page: Page, shown: list[str]) -> None:
    expect(explorer(page).locator("tbody th")).to_have_text(shown)


def status(page: Page) -> Locator:
    return explorer(page).locator(".status")


def choose(page: Page, group: str, *labels: str) -> None:
    """Tick these boxes of a group and no others."""
    boxes = explorer(page).get_by_role("group", name=group, exact=True)
    if group == "Shown":
        explorer(page).locator("details").evaluate("details => (details.open = true)")
        expect(boxes).to_be_visible()
    for box in boxes.get_by_role("checkbox").all():
        box.uncheck()
    for label in labels:
        boxes.get_by_label(label, exact=True).check()


def test_the_boxes_choose_what_is_shown_in_the_order_of_choosing(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    short = names("models", "short_name")
    features = names("features")
    choose(page, "Shown", features["obligation"])
    choose(page, "Models", short["south_korea"], short["finlandization"], short["nato_article5"])
    expect_columns(page, [short["south_korea"], short["finlandization"], short["nato_article5"]])
    expect_rows(page, [features["obligation"]])
    expect(status(page)).to_contain_text("3 models, 1 feature; 2 of 3 codings contested.")


def test_nothing_chosen_gives_a_message_and_a_way_back(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    widget = explorer(page)
    first = widget.locator("thead th").all_text_contents()[1:]
    assert first
    choose(page, "Models")
    expect(status(page)).to_have_text("Choose at least one model and one feature.")
    expect(widget.get_by_role("grid")).to_be_hidden()
    expect(widget.get_by_role("group", name="The chosen coding")).to_be_hidden()
    widget.get_by_role("button", name="All models").click()
    expect_columns(page, list(names("models", "short_name").values()))
    expect(widget.get_by_role("group", name="Models").locator(":checked")).to_have_count(8)
    widget.get_by_role("button", name="Reset").click()
    expect_columns(page, first)


def test_contested_codings_can_stand_alone(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    choose(page, "Models", names("models", "short_name")["finlandization"])
    explorer(page).get_by_label("Contested only").check()
    codings = catalog.load("codings").query("model == 'finlandization' and contested")
    expect_rows(page, [name for id, name in names("features").items() if id in set(codings["feature"])])


def test_search_finds_words_in_features_and_in_the_reasons_of_codings(open_page: OpenPage) -> None:
    page = open_widgets(open_page, ModelExplorer())
    search = explorer(page).get_by_role("searchbox")
    search.fill("  Congress MONEY ")
    codings = catalog.load("codings")
    told = codings["rationale"] + " " + codings["alternative_reason"]
    said = codings[told.str.contains("congress", case=False) & told.str.contains("money", case=False)]
    assert len(said) > 0
    expect(status(page)).to_contain_text("Underlined codings say “Congress MONEY” themselves.")
    found = explorer(page).locator("td.found")
    assert {
        tuple(at) for at in found.evaluate_all("cells => cells.map((td) => [td.dataset.model, td.dataset.feature])")
    } >= {(row.model, row.feature) for row in said.itertuples()}
    feature = names("features")["ambiguity"]
    search.fill(feature)
    expect(status(page)).to_contain_text(f"“{feature}”")
    expect(explorer(page).get_by_role("rowheader", name=feature, exact=True)).to_be_visible()
    search.fill("no such words")
    expect(status(page)).to_have_text("Nothing here says “no such words”.")
    expect(explorer(page).locator("table")).to_be_hidden()
    search.fill("")
    expect_rows(page, list(names("features").values()))


@pytest.mark.parametrize("near", ["israel_qme", "finlandization"])
def test_models_are_sorted_by_similarity_as_in_python(open_page: OpenPage, near: str) -> None:
    page = open_widgets(open_page, ModelExplorer())
    explorer(page).get_by_label("Nearest to").select_option(near)
    distances = compare.distances(catalog.coding_matrix())[near].drop(near).sort_values(kind="stable")
    short = names("models", "short_name")
    heads = explorer(page).locator("thead th")
    order = [re.compile(rf"^{re.escape(short[id])}, distance [\d.]+$") for id in distances.index]
    expect(heads).to_have_text(["Feature", short[near], *order])
    shown = [float(head.split()[-1]) for head in heads.all_text_contents()[2:]]
    assert shown == pytest.approx(distances.tolist(), abs=0.005)


def readings(model: str, features: list[str]) -> list[dict[str, int]]:
    """Every reading of a model's contested codings."""
    value, other = (catalog.coding_matrix(column).loc[model, features] for column in ("value", "alternative"))
    options = [sorted({int(value[feature]), int(other[feature])}) for feature in features]
    return [dict(zip(features, levels, strict=True)) for levels in itertools.product(*options)]


def test_two_models_side_by_side_agree_with_python(open_page: OpenPage) -> None:
    features = ["obligation", "arms", "forces", "nuclear", "lock_in", "legal_form"]
    page = open_widgets(open_page, ModelExplorer(features=features, first="israel_qme", second="nato_article5"))
    matrix = catalog.coding_matrix()[features]
    expected = compare.difference("israel_qme", "nato_article5", matrix)
    short, full = names("models", "short_name"), names("features")
    expect_columns(page, [short["israel_qme"], short["nato_article5"]])
    expect_rows(page, [f"{full[row.feature]}, {abs(row.difference)} apart" for row in expected.itertuples()])
    pairs = itertools.product(readings("israel_qme", features), readings("nato_article5", features))
    every = [compare.distance(one, other) for one, other in pairs]
    coded = compare.distance(matrix.loc["israel_qme"], matrix.loc["nato_article5"])
    differing = (expected["difference"] != 0).sum()
    expect(status(page)).to_contain_text(
        f"{short['israel_qme']} and {short['nato_article5']} differ on {differing} of 6 features; distance {coded:.2f} "
        f"(0 alike, 1 opposite), from {min(every):.2f} to {max(every):.2f} as contested codings are read."
    )


def test_both_reasons_are_read_side_by_side(open_page: OpenPage) -> None:
    page = open_widgets(open_page, ModelExplorer())
    widget = explorer(page)
    widget.get_by_label("Compare").select_option("israel_qme")
    expect(status(page)).to_contain_text("Choose two different models to compare.")
    widget.get_by_label("with", exact=True).select_option("taiwan_ambiguity")
    cell(page, "taiwan_ambiguity", "obligation").click()
    told = catalog.load("codings").set_index(["model", "feature"])["rationale"]
    panel = widget.get_by_role("group", name="The chosen coding")
    expect(panel).to_contain_text(told["taiwan_ambiguity", "obligation"])
    expect(panel).to_contain_text(told["israel_qme", "obligation"])
    widget.get_by_label("with", exact=True).select_option("")
    expect_columns(page, list(names("models", "short_name").values()))


@pytest.mark.parametrize("origin", ["http", "file"])
def test_a_click_shows_the_reasons(open_page: OpenPage, origin: str) -> None:
    page = open_page(CHAPTER, origin=origin)
    explorer(page).get_by_role("button", name="All models").click()
    for model, feature in [("taiwan_ambiguity", "obligation"), ("nato_article5", "nuclear")]:
        target = cell(page, model, feature)
        target.click()
        row = catalog.load("codings").set_index(["model", "feature"]).loc[(model, feature)]
        anchors = catalog.row("features", feature)
        panel = explorer(page).get_by_role("group", name="The chosen coding")
        expect(panel).to_contain_text(names("models")[model])
        coded = row["value"]
        expect(panel).to_contain_text(f"{anchors['name']}: {coded} of 3. {anchors[f'level_{coded}']}")
        expect(panel).to_contain_text(row["rationale"])
        expect(panel).to_contain_text(anchors["definition"])
        for level in range(4):
            expect(panel).to_contain_text(anchors[f"level_{level}"])
        expect(panel).to_contain_text(catalog.row("sources", row["source"])["title"])
        for word, said in {"Contested": row["contested"], "unverified": row["status"] == "unverified"}.items():
            (expect(panel).to_contain_text if said else expect(panel).not_to_contain_text)(word)
        expect(target).to_have_attribute("aria-selected", "true")
        expect(target).to_be_in_viewport()
        expect(panel).to_be_in_viewport()


def test_every_contested_and_unverified_coding_is_marked(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    explorer(page).get_by_role("button", name="All models").click()
    explorer(page).get_by_role("button", name="All features").click()
    codings = catalog.load("codings")
    cells = explorer(page).get_by_role("gridcell")
    expect(cells).to_have_count(len(codings))
    expect(cells.filter(has_text=", contested:")).to_have_count(int(codings["contested"].sum()))
    expect(cells.filter(has_text=", unverified")).to_have_count(int((codings["status"] == "unverified").sum()))


def test_the_keyboard_alone_reaches_and_reads_a_coding(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    widget = explorer(page)
    widget.get_by_role("button", name="All features").focus()
    page.keyboard.press("Tab")
    expect(widget.locator(".frame")).to_be_focused()
    page.keyboard.press("Tab")
    expect(widget.locator("td:focus")).to_have_count(1)
    page.keyboard.press("Control+Home")
    last = widget.locator("thead th").count() - 1
    for key, row, column in [
        ("ArrowDown", 2, 1),
        ("ArrowRight", 2, 2),
        ("End", 2, last),
        ("ArrowRight", 2, last),
        ("Home", 2, 1),
        ("ArrowUp", 1, 1),
        ("ArrowUp", 1, 1),
        ("PageDown", 6, 1),
    ]:
        page.keyboard.press(key)
        expect(widget.locator("tr").nth(row).locator("td").nth(column - 1), key).to_be_focused()
        expect(widget.locator('td[tabindex="0"]')).to_have_count(1)
        expect(widget.locator("td:focus")).to_be_in_viewport()
    feature = list(names("features"))[5]
    for key in ("Enter", "Space"):
        page.keyboard.press("ArrowRight")
        page.keyboard.press(key)
        expect(widget.locator(".reading")).to_contain_text(names("features")[feature])
        expect(widget.locator("td:focus")).to_have_attribute("aria-selected", "true")


def test_on_a_phone_the_matrix_scrolls_and_the_page_does_not(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, viewport=PHONE)
    widget = explorer(page)
    widget.get_by_role("button", name="All models").click()
    expect_columns(page, list(names("models", "short_name").values()))
    frame = widget.locator(".frame")
    assert frame.evaluate("frame => frame.scrollWidth > frame.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    name = widget.get_by_role("rowheader").first
    before = name.bounding_box()
    frame.evaluate("frame => frame.scrollTo(200, 0)")
    assert frame.evaluate("frame => frame.scrollLeft") == 200
    assert name.bounding_box() == before


@in_every_look
def test_every_state_is_accessible(
    open_page: OpenPage, axe: Callable[..., list[str]], theme: str, viewport: dict[str, int]
) -> None:
    page = open_page(CHAPTER, color_scheme=theme, viewport=viewport)

    explorer(page).get_by_role("button", name="All models").click()
    cell(page, "nato_article5", "nuclear").click()
    assert axe(page, ".live-widget") == []
    explorer(page).get_by_label("Contested only").check()
    cell(page, "taiwan_ambiguity", "obligation").click()
    explorer(page).get_by_label("Nearest to").select_option("israel_qme")
    assert axe(page, ".live-widget") == []
    explorer(page).get_by_label("Compare").select_option("israel_qme")
    explorer(page).get_by_label("with", exact=True).select_option("nato_article5")
    explorer(page).get_by_role("searchbox").fill("arms")
    assert axe(page, ".live-widget") == []
    choose(page, "Shown")
    page.evaluate("location.hash = '#explorer:models=~natto'")
    expect(explorer(page).get_by_role("alert")).to_contain_text("natto")
    assert axe(page, ".live-widget") == []
    choose(page, "Models")
    assert axe(page, ".live-widget") == []


def test_without_scripts_the_table_is_there(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, java_script_enabled=False)
    table = page.get_by_role("table").filter(has_text="Codings of the models")
    expect(table).to_be_visible()
    expect(table.get_by_role("row")).to_have_count(1 + len(names("features")))


def test_the_text_form_leaves_when_the_widget_comes_alive(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    explorer(page)
    expect(page.get_by_role("table").filter(has_text="contested: the other reading follows")).to_have_count(0)


def test_a_widget_that_is_slow_to_start_is_no_error(open_page: OpenPage) -> None:
    page = open_page("chapters/reference/bibliography.html")
    page.add_init_script(AT_ONCE)
    page.goto(page.url.replace("chapters/reference/bibliography.html", CHAPTER))
    explorer(page)


def test_text_from_the_tables_is_never_markup(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    hostile = "<img src=x onerror=\"document.title='changed'\">"
    view = ModelExplorer()
    held = copy.deepcopy(explorer_data())
    for feature in held["features"].values():
        feature.update(name=hostile, definition=hostile, levels=[hostile] * 4)
    held["sources"] = [[hostile, hostile, "https://example.org/"]] * len(held["sources"])
    for coded in held["codings"].values():
        for feature, (value, alternative, _, _, source, *_) in coded.items():
            coded[feature] = [value, alternative, hostile, hostile, source, hostile, [hostile], True]
    view.data = held
    view.looks = {id: {**look, "name": hostile, "short": hostile} for id, look in view.looks.items()}
    widget = mount_view(page, view)
    expect(widget.locator(".panel")).to_contain_text(hostile)
    expect(widget.locator("img")).to_have_count(0)
    assert page.title() != "changed"


def test_views_on_one_page_do_not_share_anything(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    explorer(page)
    mounted = mount_view(page, ModelExplorer())
    mounted.get_by_role("gridcell").last.click()
    expect(page.locator(".explorer")).to_have_count(2)
    expect(page.locator(".explorer td[aria-selected]")).to_have_count(2)
    ids = page.locator(".explorer [id]").evaluate_all("elements => elements.map(({ id }) => id)")
    assert len(set(ids)) == len(ids)


def test_a_closed_view_stops_listening(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mount_view(page, ModelExplorer())
    assert page.evaluate("mounted.handlers.size") == 1
    page.evaluate("mounted.leave()")
    assert page.evaluate("mounted.handlers.size") == 0


def test_keys_meant_for_the_widget_do_not_reach_the_shortcuts_of_a_notebook(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    page.evaluate("document.addEventListener('keydown', ({ key }) => (window.heard ??= []).push(key))")
    explorer(page).locator('td[tabindex="0"]').focus()
    for key in ("b", "Enter", "ArrowDown", "Control+j"):
        page.keyboard.press(key)
    page.wait_for_function("window.heard?.length > 1")
    assert page.evaluate("heard") == ["Control", "j"]


def test_downloads_hold_what_is_shown(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_widgets(open_page, ModelExplorer(["israel_qme", "nato_article5"], ["obligation", "arms"]))
    widget = explorer(page)
    with page.expect_download() as saved:
        widget.get_by_role("button", name="Download table (CSV)").click()
    assert saved.value.suggested_filename == "explorer.csv"
    table = list(csv.DictReader(io.StringIO(Path(saved.value.path()).read_text(encoding="utf-8-sig"))))
    codings = catalog.load("codings").set_index(["feature", "model"])
    expected = [
        codings.loc[(feature, model)] for feature in ("obligation", "arms") for model in ("israel_qme", "nato_article5")
    ]
    assert [(int(row["level"]), row["rationale"]) for row in table] == [
        (row["value"], row["rationale"]) for row in expected
    ]
    expect(widget.get_by_text("Saved explorer.csv.")).to_be_visible()
    with page.expect_download() as saved:
        widget.get_by_role("button", name="Download picture (SVG)").click()
    assert saved.value.suggested_filename == "explorer.svg"
    picture = ElementTree.parse(saved.value.path())
    assert "var(" not in Path(saved.value.path()).read_text(encoding="utf-8")
    texts = [element.text for element in picture.iter(f"{SVG}text")]
    assert [names("features")[feature] for feature in ("obligation", "arms")] == [
        text for text in texts if text in names("features").values()
    ]
    assert len(list(picture.iter(f"{SVG}circle"))) == 2 * 2 * 3
