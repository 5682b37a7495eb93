"""Quizzes in the page: every kind by mouse and keyboard, what is said, what is remembered, and no network."""

import copy
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from guarantees import catalog
from guarantees.widgets import Quiz
from tests.conftest import in_every_look
from tests.widgets.example import EXAMPLE
from tests.widgets.mounting import mount

OpenPage = Callable[..., Page]
CHAPTER = "chapters/models/israel.html"
SINGLE, MULTIPLE, NUMERIC, ORDERING, MATCHING = range(5)


@pytest.fixture
def example(open_page: OpenPage) -> Locator:
    """The example quiz, drawn in the chapter's page."""
    return mount(open_page(CHAPTER), "quiz", {"content": Quiz("example", EXAMPLE).content})


def question(quiz: Locator, position: int) -> Locator:
    return quiz.get_by_role("group").and_(quiz.locator("fieldset")).nth(position)


def check(asked: Locator) -> None:
    asked.get_by_role("button", name="Check").click()


def says(asked: Locator) -> Locator:
    return asked.get_by_role("status")


def tally(quiz: Locator) -> Locator:
    return quiz.locator(".tally")


def put_in_order(asked: Locator, items: list[str]) -> None:
    rows = asked.get_by_role("listitem")
    for place, item in enumerate(items):
        now = next(index for index, text in enumerate(rows.all_inner_texts()) if item in text)
        for step in range(now, place, -1):
            asked.get_by_role("button", name=f"Move up: {item}").press("Enter")
            expect(rows.nth(step - 1)).to_contain_text(item)


def test_feedback_regions_are_there_from_the_start(example: Locator) -> None:
    expect(example.locator("fieldset > [role=status]:empty")).to_have_count(len(EXAMPLE["questions"]))
    expect(example.locator("fieldset > legend")).to_have_count(len(EXAMPLE["questions"]))


def test_single_choice(example: Locator) -> None:
    asked = question(example, SINGLE)
    check(asked)
    expect(says(asked)).to_have_text("Choose an answer first.")
    asked.get_by_label("A <b>speech</b>").check()
    check(asked)
    expect(says(asked)).to_contain_text("Not yet.")
    expect(says(asked)).to_contain_text("Words & no more.")
    expect(says(asked)).not_to_contain_text("Ratified.")
    asked.get_by_label("A treaty").check()
    expect(says(asked)).to_be_empty()
    check(asked)
    expect(says(asked)).to_contain_text("✓ Right.")
    expect(says(asked)).to_contain_text("Ratified.")
    expect(asked).to_contain_text("Words & no more.")
    expect(tally(example)).to_have_text("1 of 5 answered correctly")


def test_multiple_choice_says_what_is_wrong_and_how_much_is_missing(example: Locator) -> None:
    asked = question(example, MULTIPLE)
    asked.get_by_label("One").check()
    asked.get_by_label("Three").check()
    check(asked)
    expect(says(asked)).to_contain_text("Three Not three.")
    expect(says(asked)).to_contain_text("One right answer is missing.")
    expect(says(asked)).not_to_contain_text("Yes, two.")
    asked.get_by_label("Three").uncheck()
    asked.get_by_label("Two").check()
    check(asked)
    expect(says(asked)).to_contain_text("Right.")


@pytest.mark.parametrize("answer", ["38", "38.4", " 38 ", "37,6", "$38", "+38.0"])
def test_a_number_within_the_tolerance_is_right(example: Locator, answer: str) -> None:
    asked = question(example, NUMERIC)
    asked.get_by_label("Your answer in billion US dollars").fill(answer)
    asked.get_by_label("Your answer").press("Enter")
    expect(says(asked)).to_contain_text("Right.")
    expect(asked.get_by_role("button", name="Try again")).to_be_focused()


@pytest.mark.parametrize(
    ("answer", "feedback"),
    [
        ("", "Enter a number"),
        ("many", "Enter a number"),
        ("43", "That adds the five twice."),
        ("3,800", "Not yet."),
        ("38.6", "Not yet."),
        ("−38", "Not yet."),
    ],
)
def test_another_number_is_wrong_or_none(example: Locator, answer: str, feedback: str) -> None:
    asked = question(example, NUMERIC)
    asked.get_by_label("Your answer").fill(answer)
    check(asked)
    expect(says(asked)).to_contain_text(feedback)


def test_ordering_by_keyboard_keeps_the_focus(example: Locator, open_page: OpenPage) -> None:
    asked = question(example, ORDERING)
    items = EXAMPLE["questions"][ORDERING]["items"]
    expect(asked.get_by_role("listitem")).to_have_count(len(items))
    expect(asked.get_by_role("listitem")).not_to_contain_text(items)
    up = asked.get_by_role("button", name=f"Move up: {items[0]}")
    for _ in items:
        up.press("Enter")
        expect(up).to_be_focused()
    expect(says(asked)).to_have_text("first: now 1 of 4.")
    check(asked)
    put_in_order(asked, items)
    check(asked)
    expect(says(asked)).to_contain_text("Right.")
    expect(says(asked)).to_contain_text("By date.")


def test_matching(example: Locator) -> None:
    asked = question(example, MATCHING)
    asked.get_by_label("a", exact=True).select_option("A")
    check(asked)
    expect(says(asked)).to_have_text("Choose a match for each.")
    asked.get_by_label("b", exact=True).select_option("C")
    asked.get_by_label("c", exact=True).select_option("B")
    check(asked)
    expect(says(asked)).to_contain_text("1 of 3 match.")
    asked.get_by_label("b", exact=True).select_option("B")
    asked.get_by_label("c", exact=True).select_option("C")
    check(asked)
    expect(says(asked)).to_contain_text("By size.")


def test_the_answer_is_shown_after_an_attempt_and_does_not_count(example: Locator) -> None:
    for position in range(len(EXAMPLE["questions"])):
        asked = question(example, position)
        reveal = asked.get_by_role("button", name="Show answer")
        expect(reveal).to_be_hidden()
        if position in (SINGLE, MULTIPLE):
            asked.locator("label").last.click()
        elif position == NUMERIC:
            asked.get_by_label("Your answer").fill("1")
        elif position == MATCHING:
            for label in "abc":
                asked.get_by_label(label, exact=True).select_option("A")
        check(asked)
        expect(says(asked)).to_contain_text("Not yet.")
        reveal.click()
        expect(says(asked)).to_contain_text("The answer.")
        expect(reveal).to_be_hidden()
        expect(asked.get_by_role("button", name="Try again")).to_be_focused()
        expect(asked.locator(":is(input, select, .arrows button):not(:disabled)")).to_have_count(0)
    expect(tally(example)).to_have_text("0 of 5 answered correctly")
    asked = question(example, SINGLE)
    asked.get_by_role("button", name="Try again").click()
    expect(says(asked)).to_be_empty()
    expect(asked.locator("input:checked")).to_have_count(0)


def test_the_keyboard_alone_answers_a_choice(example: Locator) -> None:
    keyboard = example.page.keyboard
    example.get_by_role("button", name="Start over").focus()
    keyboard.press("Tab")
    keyboard.press("Space")
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(says(question(example, SINGLE))).to_contain_text("Right.")
    expect(question(example, SINGLE).get_by_role("button", name="Try again")).to_be_focused()


def answer_first(page: Page) -> Locator:
    quiz = page.locator(".quiz").last
    content = catalog.quizzes()["israel"]["questions"][0]
    assert content["kind"] == "single"
    right = next(index for index, option in enumerate(content["options"]) if option.get("correct"))
    question(quiz, 0).get_by_role("radio").nth(right).check()
    check(question(quiz, 0))
    return quiz


@pytest.mark.parametrize("origin", ["http", "file"])
def test_progress_outlasts_the_page(open_page: OpenPage, origin: str) -> None:
    page = open_page(CHAPTER, origin=origin)
    total = len(catalog.quizzes()["israel"]["questions"])
    expect(tally(answer_first(page))).to_have_text(f"1 of {total} answered correctly")
    page.reload()
    quiz = page.locator(".quiz").last
    expect(tally(quiz)).to_have_text(f"1 of {total} answered correctly")
    expect(says(question(quiz, 0))).to_contain_text("Right.")
    quiz.get_by_role("button", name="Start over").click()
    expect(tally(quiz)).to_have_text(f"0 of {total} answered correctly")
    page.reload()
    expect(tally(page.locator(".quiz").last)).to_have_text(f"0 of {total} answered correctly")


@pytest.mark.parametrize(
    "storage",
    [
        pytest.param(
            "Object.defineProperty(window, 'localStorage', {get() {throw new Error('blocked')}})", id="blocked"
        ),
        pytest.param("void (Storage.prototype.setItem = () => {throw new Error('full')})", id="full"),
        pytest.param("void (Storage.prototype.getItem = () => '{broken')", id="broken"),
        pytest.param(
            'void (Storage.prototype.getItem = () => \'[7, null, {"verdict": "right"}, {}, {}, {}, {}]\')', id="odd"
        ),
    ],
)
def test_it_works_whatever_the_storage_does(open_page: OpenPage, storage: str) -> None:
    page = open_page(CHAPTER)
    page.evaluate(storage)
    quiz = mount(page, "quiz", {"content": Quiz("example", EXAMPLE).content})
    expect(quiz.locator("fieldset")).to_have_count(len(EXAMPLE["questions"]))
    question(quiz, SINGLE).get_by_label("A treaty").check()
    check(question(quiz, SINGLE))
    expect(says(question(quiz, SINGLE))).to_contain_text("Right.")


def test_progress_of_a_changed_quiz_starts_afresh(example: Locator) -> None:
    question(example, SINGLE).get_by_label("A treaty").check()
    check(question(example, SINGLE))
    changed = copy.deepcopy(EXAMPLE)
    changed["questions"][NUMERIC]["answer"] = 39
    page = example.page
    expect(tally(mount(page, "quiz", {"content": Quiz("example", EXAMPLE).content}))).to_have_text(
        "1 of 5 answered correctly"
    )
    expect(tally(mount(page, "quiz", {"content": Quiz("example", changed).content}))).to_have_text(
        "0 of 5 answered correctly"
    )


def test_texts_are_never_markup(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    hostile = "<img src=x onerror=\"document.title='changed'\">"

    def spoil(value: object) -> object:
        if isinstance(value, dict):
            return {key: item if key in ("id", "kind") else spoil(item) for key, item in value.items()}
        if isinstance(value, list):
            return [spoil(item) for item in value]
        return f"{value} {hostile}" if isinstance(value, str) else value

    quiz = mount(page, "quiz", {"content": Quiz("example", spoil(EXAMPLE)).content})
    for position in range(len(EXAMPLE["questions"])):
        check(question(quiz, position))
        expect(says(question(quiz, position))).not_to_be_empty()
    expect(question(quiz, SINGLE).locator("legend em")).to_have_text("binding")
    expect(quiz.locator("img")).to_have_count(0)
    assert page.title() != "changed"


@in_every_look
def test_every_state_is_accessible(
    open_page: OpenPage, axe: Callable[..., list[str]], theme: str, viewport: dict[str, int]
) -> None:
    page = open_page(CHAPTER, color_scheme=theme, viewport=viewport)
    quiz = mount(page, "quiz", {"content": Quiz("example", EXAMPLE).content})
    question(quiz, SINGLE).get_by_label("A treaty").check()
    question(quiz, MULTIPLE).get_by_label("Three").check()
    question(quiz, NUMERIC).get_by_label("Your answer").fill("43")
    for position in range(len(EXAMPLE["questions"])):
        check(question(quiz, position))
    question(quiz, ORDERING).get_by_role("button", name="Show answer").click()
    for position, verdict in enumerate(["right", "wrong", "wrong", "shown", "open"]):
        expect(question(quiz, position)).to_have_attribute("data-verdict", verdict)
    assert axe(page, ".mounted") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
