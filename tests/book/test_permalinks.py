"""Set-ups as text: what is written is read again, what cannot be read is said, and addresses move every control."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Locator, Page, expect

from guarantees import catalog
from guarantees.widgets import ModelExplorer, Timeline
from guarantees.widgets.front_end import View
from tests.conftest import PHONE
from tests.widgets.mounting import mount_view, shared_functions
from tests.widgets.pages import open_widgets

OpenPage = Callable[..., Page]
DEFAULTS: dict[str, Any] = {"on": False, "number": 0.5, "text": "", "list": [], "mapping": {}}
ROUND_TRIP = """([choices, defaults, initial]) => {
  const read = shared.decode(shared.encode(choices, defaults, initial), initial);
  return Object.keys(choices).every((name) => JSON.stringify(read[name]) === JSON.stringify(choices[name]));
}"""
REFUSED = """([text, defaults, accepts]) => {
  try { return shared.decode(text, defaults, accepts); } catch (error) { return error.message; }
}"""

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "",
        "true",
        "12",
        "-.5",
        "1e9",
        "_",
        "_1",
        "a~b:c,d=e&f#g",
        "don't (stop)!",
        "100%",
        "~",
        ":",
        "'",
        "é “–” 雪",
        "+ +",
        "a.",
    ]
)
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
items = st.booleans() | numbers | texts
states = st.fixed_dictionaries(
    {
        "on": st.booleans(),
        "number": numbers,
        "text": texts,
        "list": st.lists(items, max_size=4),
        "mapping": st.dictionaries(texts.filter(lambda name: name != "__proto__"), items, max_size=4),
    }
)


@pytest.fixture(scope="module")
def functions(browser: Browser) -> Iterator[Page]:
    """A page that holds what ``front_end.js`` exports."""
    page = browser.new_page()
    shared_functions(page)
    yield page
    page.close()


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(state=states, initial=st.just(DEFAULTS) | states)
def test_every_state_survives_as_text(functions: Page, state: dict[str, Any], initial: dict[str, Any]) -> None:
    assert functions.evaluate(ROUND_TRIP, [state, DEFAULTS, initial])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(state=states)
def test_the_text_stays_whole_in_an_address(functions: Page, state: dict[str, Any]) -> None:
    text = functions.evaluate("([choices, defaults]) => shared.encode(choices, defaults)", [state, DEFAULTS])
    assert functions.evaluate("(text) => new URL(`https://a.example/#w:${text}`).hash", text) == f"#w:{text}"
    assert "&" not in text
    assert not text.endswith((".", "!", "?", ")", "'", "*", ";"))  # which mail programs leave out of a link


def test_a_text_means_the_same_where_a_page_starts_with_something_else(functions: Page) -> None:
    start = {**DEFAULTS, "list": ["nato"], "number": 0.75}
    encode = "([choices, defaults, start]) => shared.encode(choices, defaults, start)"
    text = functions.evaluate(encode, [{**start, "number": 0.5}, DEFAULTS, start])
    assert text == "number=0.5,list=~nato"
    read = functions.evaluate("([text, start]) => shared.decode(text, start)", [text, DEFAULTS])
    assert read == {**DEFAULTS, "list": ["nato"]}


def test_only_what_differs_is_written_and_can_be_read_by_people(functions: Page) -> None:
    state = {"on": True, "number": 0.25, "text": "armed attack", "list": ["nato", "israel_qme"], "mapping": {"arms": 3}}
    text = functions.evaluate("([choices, defaults]) => shared.encode(choices, defaults)", [state, DEFAULTS])
    assert text == "on=true,number=0.25,text=armed+attack,list=~nato~israel_qme,mapping=~arms:3"
    assert functions.evaluate("(defaults) => shared.encode(defaults, defaults)", DEFAULTS) == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour=red", "nothing here is called “colour”"),
        ("constructor=1", "nothing here is called “constructor”"),
        ("on=1", "on should be true or false"),
        ("number=many", "number should be a number"),
        ("number=", "number should be a number"),
        ("text=~a", "text should be a text"),
        ("list=a", "list should be a list"),
        ("mapping=~a", "mapping should be names with values"),
        ("text=%E0%A4", "“%E0%A4” is garbled"),
        ("mapping=~a:1:2", "“~a:1:2” is garbled"),
        ("number=2", "number should be from 0 to 1, not 2"),
        ("list=~c", "list cannot be “c”"),
        ("list=~a~a", "list names something twice"),
        ("mapping=~c:1", "mapping cannot be “c”"),
        ("mapping=~a:9", "mapping should be from 0 to 3, not 9"),
    ],
)
def test_what_cannot_be_read_is_said(functions: Page, text: str, message: str) -> None:
    accepts = {
        "number": {"min": 0, "max": 1},
        "list": {"values": ["a", "b"]},
        "mapping": {"names": ["a"], "min": 0, "max": 3},
    }
    assert functions.evaluate(REFUSED, [text, DEFAULTS, accepts]) == message


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.sampled_from("onumbertxlismapg=~:,'%+.-e0123 é"), max_size=30))
def test_any_text_gives_a_state_or_a_message(functions: Page, text: str) -> None:
    read = functions.evaluate(REFUSED, [text, DEFAULTS, {}])
    assert isinstance(read, str) or read.keys() == DEFAULTS.keys()


# ---- In a page


def ids(table: str) -> list[str]:
    return catalog.load(table)["id"].tolist()


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True)


explorer_states = st.fixed_dictionaries(
    {
        "models": some(ids("models")),
        "features": some(ids("features")),
        "contested_only": st.booleans(),
        "search": st.sampled_from(["", "arms", "no such words", "it's 100% ~"]),
        "near": st.sampled_from(["", *ids("models")]),
        "first": st.sampled_from(["", *ids("models")]),
        "second": st.sampled_from(["", *ids("models")]),
        "coding": st.just([]) | st.tuples(st.sampled_from(ids("models")), st.sampled_from(ids("features"))).map(list),
    }
)
timeline_view = Timeline().view
years = st.integers(timeline_view.setup["accepts"]["since"]["min"], timeline_view.setup["accepts"]["until"]["max"])
timeline_states = st.fixed_dictionaries(
    {
        "models": some(ids("models")),
        "types": some(timeline_view.types),
        "since": years,
        "until": years,
        "events": st.booleans(),
        "selected": st.sampled_from(["", "isr-1979", "us-draft-2025", "israel_qme.1979-03-26"]),
    }
)
TRY = """async ([name, choices, { defaults, initial }]) => {
  const hash = `#${name}:${shared.encode(choices, defaults, initial)}`;
  const heard = new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
  if (location.hash === hash) return;
  location.hash = hash;
  await heard;
}"""
HELD = "(names) => Object.fromEntries(names.map((name) => [name, mounted.model.get(name)]))"


@pytest.mark.parametrize(
    ("make", "states"),
    [
        pytest.param(lambda: ModelExplorer(), explorer_states, id="explorer"),
        pytest.param(lambda: Timeline().view, timeline_states, id="timeline"),
    ],
)
def test_an_address_gives_the_set_up_back(
    open_page: OpenPage, make: Callable[[], View], states: st.SearchStrategy[dict[str, Any]]
) -> None:
    view = make()
    page = open_widgets(open_page, Timeline())
    shared_functions(page)
    widget = mount_view(page, view)
    name = view.kind if view.kind != "timeline" else "timeline-2"
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    @settings(max_examples=25, deadline=None)
    @given(state=states)
    def holds(state: dict[str, Any]) -> None:
        page.evaluate(TRY, [name, state, view.setup])
        assert page.evaluate(HELD, list(state)) == state
        assert widget.get_by_role("alert").inner_text() == ""
        assert widget.get_by_role("status").first.inner_text()  # never a blank

    holds()
    assert errors == []


def address(page: Page) -> str:
    return page.evaluate("location.hash")


def timeline(page: Page) -> Locator:
    return page.locator(".live-widget").first


def test_an_address_moves_the_stock_controls_and_they_move_it(open_page: OpenPage) -> None:
    page = open_widgets(open_page, Timeline(), fragment="timeline:since=1975,events=false")
    widget = timeline(page)
    expect(widget.get_by_role("slider", name="From")).to_have_attribute("aria-valuenow", "1975.0")
    expect(widget.get_by_role("checkbox", name="Events")).not_to_be_checked()
    widget.get_by_role("slider", name="From").press("ArrowRight")
    widget.get_by_role("checkbox", name="Events").check()
    page.wait_for_function("location.hash === '#timeline:models=~israel_qme,since=1976'")
    widget.get_by_role("button", name="Reset").click()
    expect(widget.get_by_role("slider", name="From")).to_have_attribute("aria-valuenow", "1961.0")
    page.wait_for_function("location.hash === ''")


def test_a_link_in_the_text_sets_a_widget_up_without_moving_the_page(open_page: OpenPage) -> None:
    page = open_widgets(open_page, Timeline(), ModelExplorer())
    page.evaluate("scrollTo(0, 400)")
    page.evaluate("location.hash = '#explorer:near=israel_qme'")
    expect(page.get_by_label("Nearest to")).to_have_value("israel_qme")
    assert page.evaluate("scrollY") == 400
    before = page.evaluate("history.length")
    timeline(page).get_by_role("checkbox", name="Events").uncheck()
    page.wait_for_function("location.hash.includes('&timeline:') && location.hash.includes('events=false')")
    assert "explorer:near=israel_qme" in address(page)
    assert page.evaluate("history.length") == before


def test_a_link_brings_its_widget_into_sight(open_page: OpenPage) -> None:
    page = open_widgets(open_page, ModelExplorer(), Timeline(), fragment="timeline:since=1975", viewport=PHONE)
    expect(page.locator(".timeline.guarantee-widget").get_by_role("group", name="Models")).to_be_in_viewport()


def test_two_of_a_kind_have_names_of_their_own(open_page: OpenPage) -> None:
    page = open_widgets(
        open_page, ModelExplorer(), ModelExplorer(["israel_qme"]), fragment="explorer-2:models=~taiwan_ambiguity"
    )
    first, second = (page.locator(".guarantee-widget.explorer").nth(place) for place in range(2))
    expect(first.locator("thead th")).to_have_count(9)
    expect(second.locator("thead th")).to_have_count(2)
    first.get_by_label("Contested only").check()
    page.wait_for_function("location.hash.includes('&explorer:contested_only=true')")
    assert "explorer-2:models=~taiwan_ambiguity" in address(page)


@pytest.mark.parametrize("fragment", ["explorer:models=~natto", "explorer:%", "explorer:search=%E0%A4%A"])
def test_a_bad_link_gives_a_message_and_the_authors_set_up(open_page: OpenPage, fragment: str) -> None:
    page = open_widgets(open_page, ModelExplorer(["israel_qme", "nato_article5"]), fragment=fragment)
    widget = page.locator(".guarantee-widget.explorer")
    expect(widget.get_by_role("alert")).to_contain_text("This set-up cannot be shown:")
    expect(widget.locator("thead th")).to_have_count(3)
    widget.get_by_label("Contested only").check()
    expect(widget.get_by_role("alert")).to_be_empty()
    page.wait_for_function("location.hash.startsWith('#explorer:contested_only=true')")


@pytest.mark.parametrize("fragment", ["widgets", "widgets:", "another:models=~natto", "%%%"])
def test_an_address_that_speaks_of_something_else_is_let_be(open_page: OpenPage, fragment: str) -> None:
    page = open_widgets(open_page, ModelExplorer(), fragment=fragment)
    expect(page.locator(".guarantee-widget.explorer").get_by_role("alert")).to_be_empty()
    expect(page.locator(".guarantee-widget.explorer thead th")).to_have_count(9)
    assert address(page) == f"#{fragment}"


def test_the_link_can_be_copied_and_followed(open_page: OpenPage) -> None:
    page = open_widgets(open_page, ModelExplorer(), permissions=["clipboard-read", "clipboard-write"])
    widget = page.locator(".guarantee-widget.explorer")
    widget.get_by_label("Nearest to").select_option("israel_qme")
    widget.get_by_role("button", name="Copy link").click()
    expect(widget.get_by_text("Link to this set-up copied.")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{page.url.split('#')[0]}#explorer:near=israel_qme"


def test_without_a_clipboard_the_link_is_there_to_copy_by_hand(open_page: OpenPage) -> None:
    page = open_widgets(open_page, ModelExplorer())
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    widget = page.locator(".guarantee-widget.explorer")
    widget.get_by_role("button", name="Copy link").click()
    expect(widget.get_by_text("Copy the text that is selected.")).to_be_visible()
    assert page.evaluate("getSelection().toString() || document.activeElement.value").endswith("#explorer:")


def test_from_disk_the_address_works_too(open_page: OpenPage) -> None:
    page = open_page("chapters/models/israel.html#explorer:near=israel_qme", origin="file")
    near = page.locator(".guarantee-widget.explorer").get_by_label("Nearest to")
    expect(near).to_have_value("israel_qme")
    near.select_option("finlandization")
    page.wait_for_function("location.hash.includes('near=finlandization')")


def test_live_the_set_up_is_text_to_copy_and_paste(open_page: OpenPage) -> None:
    page = open_widgets(open_page, Timeline())
    page.evaluate("document.querySelector('script[type*=widget-state]').remove()")  # as in a live notebook
    widget = mount_view(page, ModelExplorer())
    field = widget.get_by_role("textbox", name="Set-up as text")
    expect(field).to_have_value("explorer:")
    widget.get_by_label("Nearest to").select_option("israel_qme")
    expect(field).to_have_value("explorer:near=israel_qme")
    apply = widget.get_by_role("button", name="Apply")
    for pasted, near in [
        ("explorer:near=finlandization", "finlandization"),
        ("near=nato_article5", "nato_article5"),
        ("https://book.example/israel.html#timeline:since=1975&explorer-2:near=south_korea", "south_korea"),
    ]:
        field.fill(pasted)
        apply.click()
        expect(widget.get_by_label("Nearest to")).to_have_value(near)
        expect(widget.get_by_text("Set-up applied.")).to_be_visible()
    field.fill("explorer:near=nobody")
    field.press("Enter")
    expect(widget.get_by_role("alert")).to_contain_text("near cannot be “nobody”. Nothing was changed.")
    expect(widget.get_by_label("Nearest to")).to_have_value("south_korea")
    assert address(page) == ""
