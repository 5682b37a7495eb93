"""The role-play on paper."""

from guarantees import catalog
from guarantees.show.positions import DELEGATIONS, issues

PAGE = "chapters/judgement/role_play.html"


def test_every_card_and_every_sheet_begins_a_page_of_its_own(open_page):
    page = open_page(PAGE)
    page.emulate_media(media="print")
    begins = """(selector) => [...document.querySelectorAll(selector)].map(
        (section) => [section.querySelector("h2, h3").firstChild.textContent, getComputedStyle(section).breakBefore])"""
    cards = page.evaluate(begins, "#role-cards > section")
    assert [name for name, _ in cards] == list(DELEGATIONS.values())
    assert page.evaluate(begins, "#role-cards") == [["Role cards", "page"]]
    assert {kind for _, kind in cards[1:]} == {"page"}
    for part in ("#the-clauses", "#sheets-to-print", "#the-matrix-for-the-debrief", "#debrief"):
        assert page.evaluate(begins, part)[0][1] == "page", part


def test_the_sheets_name_the_issues_and_the_delegations(open_page):
    page = open_page(PAGE)
    first = (
        "(section) => [...document.querySelectorAll(`${section} tbody td:first-child`)].map((cell) => cell.innerText)"
    )
    names = catalog.load("features").set_index("id")["name"]
    assert page.evaluate(first, "#negotiation-sheet") == [names[issue].replace("'", "’") for issue in issues()]
    assert page.evaluate(first, "#signing-sheet") == list(DELEGATIONS.values())
