"""No page states a number that the data contradicts."""

import calendar
import re
from collections.abc import Iterator
from functools import cache

import pytest

from guarantees import catalog
from guarantees.deterrence import World
from tests.chapters.reading import NOT_READ, TAUGHT, WRITTEN, article, paragraphs, source, words

MONTHS = list(calendar.month_name)[1:]
DATE = re.compile(rf"(?<!\d)(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})")
NUMBER = re.compile(r"(?<![\w.,§-])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?![\d\w]|[.,-]\d)")
# A paragraph that leads to where its numbers come from: another site, a work, a paragraph of an article.
SOURCES = 'a.external, a[href*="#cite-"]'
PARAGRAPH = re.compile(r"\bparagraphs? \d")


def of_figure(table: str, entity: str, item: str, period: str) -> str:
    return f"{catalog.figure(table, entity, item, period)['value']:g}"


def of_memorandum(item: str) -> str:
    return of_figure("israel_memorandum", "Israel", f"2016 memorandum, {item}", "FY2019-FY2028")


def of_instrument(id: str, column: str, pattern: str) -> str:
    found = re.search(pattern, catalog.row("instruments", id)[column])
    assert found, f"{id} no longer says {pattern}"
    return found[1]


def votes() -> set[str]:
    rows = catalog.load("figures").query("table == 'senate_votes'")
    pairs = rows.pivot(index=["entity", "period"], columns="item", values="value")
    return {f"{yeas:g} to {nays:g}" for yeas, nays in zip(pairs["yeas"], pairs["nays"], strict=True)}


# What is easily misremembered: where a page states it, it says what the data says.
GUARDED = {
    r"\$?([\d.]+) billion (?:dollars )?(?:is |was |in |of )*Foreign Military Financing": lambda: {
        of_memorandum("Foreign Military Financing")
    },
    r"([\d.]+) billion (?:dollars )?(?:for|of|in) missile[- ]defence": lambda: {of_memorandum("missile defence")},
    r"([\d.]+) billion memorandum": lambda: {of_memorandum("total")},
    r"ANZUS (?:has been|was) invoked (\w+)": lambda: {of_instrument("anzus-1951", "note", r"Invoked (\w+)")},
    r"Article 5 (?:has been|was) invoked (\w+)": lambda: {of_instrument("nato-1949", "note", r"Invoked (\w+)")},
    r"army of ([\d,]+\d)": lambda: {of_instrument("fin-1947", "clause", r"army of ([\d,]+\d)")},
    r"(\d+) (?:states|countries) (?:had |have )?(?:formally )?committed": lambda: {
        of_instrument("cow-2025", "clause", r"(\d+) countries committed")
    },
    r"a further (\d+) states had joined": lambda: {of_instrument("g7-2023", "parties", r"(\d+) more states")},
    r"consult(?:ations)? within (\d+) hours": lambda: {of_instrument("fr-2024", "clause", r"within (\d+) hours")},
    r"(?:Senate|vote)\w*\b[^.]{0,60}?\b(\d{2} (?:votes )?to \d{1,2})\b": votes,
}


# Days that are not in the data, in months of which other days are.
OTHER_DAYS = {
    "1954-12-10": "notes exchanged with Taipei",
    "1979-12-13": "Goldwater v. Carter",
    "1979-12-15": "a slip in an abstract, named as such",
    "2001-09-14": "Australia invokes ANZUS",
}


@cache
def told() -> dict[str, str]:
    """Everything that pages and quizzes say in our words."""
    pages = {name: " ".join(map(words, paragraphs(name))) for name in WRITTEN}
    asked = {f"quiz {id}": " ".join(strings(quiz)) for id, quiz in catalog.quizzes().items()}
    return {**pages, **asked}


def strings(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for part in node.values() if isinstance(node, dict) else node:
            yield from strings(part)


@pytest.mark.parametrize("pattern", GUARDED)
def test_a_guarded_figure_is_that_of_the_data(pattern):
    right = GUARDED[pattern]()
    stated = [(place, match[1]) for place, text in told().items() for match in re.finditer(pattern, text)]
    assert stated, "nothing is guarded: take the pattern out, or mend it"
    assert [(place, value) for place, value in stated if value.replace(" votes", "") not in right] == []


@pytest.mark.parametrize("name", WRITTEN)
def test_every_number_that_a_page_takes_from_the_data_is_there(name):
    asked = re.findall(r"\{eval\}`([^`]+)`", source(name))
    shown = [words(value) for value in article(name).select("span.output, span.pasted-inline")]
    assert len(shown) >= len(asked)
    assert all(shown)
    assert not [value for value in shown if re.search(r"\bnan\b|Error|None", value)]


@cache
def known() -> tuple[frozenset[float], frozenset[str]]:
    """Numbers and days that stand somewhere in the data."""
    numbers, days = set(), set()
    for table in catalog.names():
        if table == "presets":
            continue
        for cell in map(str, catalog.load(table).to_numpy().ravel()):
            numbers |= {float(number.replace(",", "")) for number in NUMBER.findall(cell)}
            days |= set(re.findall(r"\d{4}-\d{2}-\d{2}", cell)) | {iso(*date) for date in DATE.findall(cell)}
    return frozenset(numbers), frozenset(days)


def iso(day: str, month: str, year: str) -> str:
    return f"{year}-{MONTHS.index(month) + 1:02d}-{int(day):02d}"


@pytest.mark.parametrize("name", TAUGHT)
def test_a_number_or_date_is_in_the_data_or_beside_its_source(name):
    numbers, days = known()
    loose = []
    for block in paragraphs(name):
        # What the page evaluates comes from the data already; numbers below 1 are dials of the game.
        text = words(block, f"{NOT_READ}, .output, code")
        if block.select(SOURCES) or PARAGRAPH.search(text):
            continue
        loose += [match[0] for match in DATE.finditer(text) if iso(*match.groups()) not in days]
        values = {match[1]: float(match[1].replace(",", "")) for match in NUMBER.finditer(DATE.sub("", text))}
        loose += [number for number, value in values.items() if value >= 1 and value not in numbers]
    assert loose == []


def test_no_date_is_a_slip_for_one_of_the_data():
    days = known()[1]
    months = {day[:7] for day in days}
    stated = {(name, iso(*date)) for name in WRITTEN for date in DATE.findall(told()[name])}
    near = {(name, day) for name, day in stated if day[:7] in months and day not in days}
    assert [found for found in near if found[1] not in OTHER_DAYS] == []


def test_the_lab_names_the_defaults_of_its_game():
    text = source("chapters/judgement/deterrence_lab")
    listed = re.search(r"the rest at the defaults \(([^)]*)\)", text)
    assert listed
    stated = dict(re.findall(r"\$\\?(\w+) = ([\d.]+)\$", listed[1]))
    assert {"p", "s", "v", "L", "delta", "c", "B"} <= set(stated)
    assert {name: float(value) for name, value in stated.items()} == {name: getattr(World(), name) for name in stated}
