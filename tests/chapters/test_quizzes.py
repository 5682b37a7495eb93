"""Quizzes that can be answered, whose keys are those of the data, and that ask about every known trap."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from guarantees import catalog
from guarantees.deterrence import Design, World, solve
from tests.chapters.reading import TAUGHT, WRITTEN, source

Question = dict[str, Any]
QUIZZES = catalog.quizzes()
QUESTIONS: dict[str, Question] = {
    f"{quiz}/{question['id']}": question for quiz, content in QUIZZES.items() for question in content["questions"]
}
OPTIONED = [id for id, question in QUESTIONS.items() if "options" in question]


def shown(name: str) -> list[str]:
    return re.findall(r'show\.quiz\("(\w+)"\)', source(name))


@pytest.mark.parametrize("name", TAUGHT)
def test_a_chapter_has_a_quiz_of_five_questions_or_more(name):
    (quiz,) = shown(name)
    assert len(QUIZZES[quiz]["questions"]) >= 5


def test_every_quiz_is_shown_once():
    assert Counter(quiz for name in WRITTEN for quiz in shown(name)) == Counter(list(QUIZZES))


def test_no_two_questions_of_a_quiz_share_an_id():
    assert len(QUESTIONS) == sum(len(quiz["questions"]) for quiz in QUIZZES.values())


@pytest.mark.parametrize("id", OPTIONED)
def test_the_options_of_a_question_differ_and_one_of_them_is_wrong(id):
    options = QUESTIONS[id]["options"]
    assert len({option["text"] for option in options}) == len(options) >= 3
    assert len({option["explanation"] for option in options}) == len(options)
    assert not all(option.get("correct") for option in options)


@pytest.mark.parametrize("id", [id for id, question in QUESTIONS.items() if question["kind"] == "numeric"])
def test_no_hint_of_a_numeric_question_would_be_accepted(id):
    question = QUESTIONS[id]
    wrong = [hint["value"] for hint in question.get("hints", [])]
    assert len(set(wrong)) == len(wrong)
    assert all(abs(value - question["answer"]) > question.get("tolerance", 0) for value in wrong)


def test_neither_the_place_nor_the_length_of_an_option_gives_it_away():
    places, longest = Counter(), 0
    for question in QUESTIONS.values():
        if question["kind"] == "single":
            options = question["options"]
            key = next(place for place, option in enumerate(options) if option.get("correct"))
            places[key] += 1
            longest += key == max(range(len(options)), key=lambda place: len(options[place]["text"]))
    assert max(places.values()) <= 0.5 * places.total()
    assert longest <= 0.5 * places.total(), "the longest option is the right one too often"


# ---- Keys that come from the data


def right(id: str) -> set[str]:
    return {option["text"] for option in QUESTIONS[id]["options"] if option.get("correct")}


def figure(table: str, entity: str, item: str, period: str) -> float:
    return float(catalog.figure(table, entity, item, period)["value"])


def signed(*instruments: str) -> list[str]:
    return [catalog.row("instruments", id)["signed"] for id in instruments]


def event(model: str, title: str) -> str:
    events = catalog.load("events")
    (day,) = events.loc[(events["model"] == model) & events["title"].str.contains(title), "date"]
    return f"{day:%Y-%m-%d}"


ANSWERS: dict[str, Callable[[], float]] = {
    "israel/total-2016": lambda: figure("israel_memorandum", "Israel", "2016 memorandum, total", "FY2019-FY2028"),
    "bilateral_2024/notice": lambda: figure("us_ukraine_agreement", "Ukraine", "notice to terminate", "2024-06-13"),
    "deterrence_lab/credibility": lambda: float(solve(Design(k=0.4)).credibility),
}
ORDERS: dict[str, Callable[[], list[Any]]] = {
    "israel/sequence": lambda: [
        *signed("isr-1975"),
        event("israel_qme", "Camp David Accords"),
        *signed("isr-1979", "isr-1981", "isr-1983"),
    ],
    "south_korea/sequence": lambda: [
        event("south_korea", "Armistice"),
        event("south_korea", "initialled"),
        *signed("rok-1953"),
        event("south_korea", "Senate approves"),
        event("south_korea", "in force"),
        event("south_korea", "Combined Forces"),
    ],
    "multilateral/order": lambda: [
        *signed("bud-1994"),
        re.findall(r"(\d{4})\.", catalog.row("instruments", "eu-42-7")["note"])[0],
        *signed("crimea-2018"),
        event("multilateral_assurances", "Istanbul"),
        *signed("ksc-2022", "paris-2026"),
    ],
    "bilateral_2024/order": lambda: [
        *signed("g7-2023", "uk-2024", "fr-2024", "us-2024", "uc-2024"),
        event("bilateral_agreements", "aid resumed"),
    ],
    "finlandization/order": lambda: [
        *signed("fin-1947", "fin-1948"),
        event("finlandization", "Porkkala to be returned"),
        event("finlandization", "Note Crisis"),
        catalog.row("instruments", "fin-1948")["ended"],
        event("finlandization", "European Union"),
        event("finlandization", "in NATO"),
    ],
    "deterrence_lab/entrapment": lambda: [
        solve(design).entrapment
        for design in (
            Design(m=0.25),
            Design(k=0.6, q=0.5, e=0),
            Design(k=0.6, q=0.5, e=0.25),
            Design(t=0.18),
            Design(k=0.6),
        )
    ],
}


@pytest.mark.parametrize("id", ANSWERS)
def test_a_number_asked_for_is_that_of_the_data(id):
    assert abs(ANSWERS[id]() - QUESTIONS[id]["answer"]) <= QUESTIONS[id].get("tolerance", 0) + 1e-9


@pytest.mark.parametrize("id", ORDERS)
def test_an_order_asked_for_is_that_of_the_data(id):
    order = ORDERS[id]()
    assert len(order) == len(QUESTIONS[id]["items"])
    assert all(earlier < later for earlier, later in pairwise(order)), order


def test_the_treaties_of_an_attack_on_all_are_those_whose_clause_says_so():
    clauses = catalog.load("instruments").query("legal_type == 'treaty'").set_index("id")["clause"]
    on_all = clauses[clauses.str.contains(r"attack against (?:them all|all the)")].index
    assert set(on_all) == {"nato-1949", "rio-1947"}
    assert right("defence_treaties/attack-on-all") == {"The North Atlantic Treaty", "The Rio Treaty"}


def test_the_signatories_of_budapest_are_its_parties():
    parties = set(catalog.row("instruments", "bud-1994")["parties"].split(", ")) - {"Ukraine"}
    assert {party.removeprefix("The ") for party in right("multilateral/signatories")} == parties


def test_what_rises_with_tied_hands_is_what_rises_in_the_game():
    before, after = solve(Design()), solve(Design(k=0.6))
    outcomes = ("credibility", "provocation", "guarantor_fights", "war", "abandonment")
    rises = [getattr(after, name) > getattr(before, name) for name in outcomes]
    assert [bool(option.get("correct")) for option in QUESTIONS["deterrence_lab/tied"]["options"]] == rises


def test_the_hump_of_entrapment_is_there_in_the_game():
    low, top, high = (solve(Design(k=k), World(L=0.5)) for k in (0.2, 0.6, 0.79))
    assert low.entrapment < top.entrapment > high.entrapment
    assert high.attack_provoked < top.attack_provoked
    assert high.provocation > top.provocation


STATED: dict[str, Callable[[], list[float]]] = {
    "israel/price-base": lambda: [
        figure("israel_aid_cumulative", "Israel", "US assistance since 1946", "2023-03-01"),
        figure("article_statements", "Israel", "military aid to date, as the article says", "2025"),
    ],
    "israel/total-2016": lambda: [
        figure("israel_memorandum", "Israel", f"2016 memorandum, {item}", "FY2019-FY2028")
        for item in ("total", "missile defence")
    ],
    "south_korea/three-counts": lambda: [
        figure("article_statements", "South Korea", "US troops, as the article says", "2025"),
        figure("us_troops", "South Korea", "US active-duty troops", "2024"),
    ],
    "taiwan/arms-total": lambda: [
        figure("article_statements", "Taiwan", "arms received since 1950, as the article says", "2025"),
        round(catalog.load("figures").query("table == 'taiwan_fms_notified'")["value"].sum()),
    ],
    "credibility/what-rates-measure": lambda: [
        figure("alliance_reliability", "all states", "commitments honoured in war, all types", "1816-1944")
    ],
    "defence_treaties/kept-promises": lambda: [
        figure("alliance_reliability", "all states", "commitments honoured in war, all types", "1945-2003")
    ],
    "finlandization/percentages": lambda: [
        figure("article_statements", "Finland", "share of territory annexed, as the article says", "1940")
    ],
}


@pytest.mark.parametrize("id", STATED)
def test_a_question_states_the_numbers_of_the_data(id):
    question = QUESTIONS[id]
    stated = " ".join([question["prompt"], *(pair["left"] for pair in question.get("pairs", []))]).replace(",", "")
    for number in STATED[id]():
        assert re.search(rf"(?<![\d.]){number:g}(?![\d.]*\d)", stated), f"{number:g} is not in the question"


# ---- What readers and the five articles get wrong, and where the course asks about it

# By the trap: the question, and what its right answer or the reason for it says.
TRAPS = {
    "of the treaties coded here only two speak of an attack on all": ("defence_treaties/attack-on-all", "Rio Treaty"),
    "Article 5 leaves the means to each ally": ("nato/soldiers-or-not", "each ally judge what is necessary"),
    "Article 5 was invoked once, for the United States": ("nato/invoked-for-whom", "once"),
    "ANZUS was invoked once, for the United States": ("defence_treaties/anzus-2001", "for the United States"),
    "a President cannot leave NATO alone": ("nato/exit-law", "two thirds"),
    "a President left the treaty with Taipei alone": ("taiwan/ended-alone", "without a vote of Congress"),
    "the Manila Pact outlived SEATO": ("defence_treaties/seato", "the Manila Pact on which it rested was kept"),
    "the right is the Charter's, the duty the treaty's": ("defence_treaties/right-or-duty", "adds is a duty"),
    "the Pacific formula was chosen to be weaker": ("defence_treaties/why-weaker", "constitutional power"),
    "Japan 1960 covers what Japan administers": ("defence_treaties/which-words", "administered by Japan"),
    "the duty to assess Israel's edge is the President's": ("israel/edge-duties", "falls on the President"),
    "the 38 billion include the 5": ("israel/total-2016", "includes both"),
    "totals of aid need their price basis and scope": ("israel/price-base", "current dollars"),
    "1979 went with the peace treaty, not with Camp David": ("israel/sequence", "Camp David"),
    "1981 was aimed at the Soviet Union": ("israel/triggers", "Soviet-controlled forces"),
    "a major non-NATO ally is promised no defence": ("israel/designation", "no promise of defence"),
    "the Six Assurances say what was not agreed to": ("taiwan/six-assurances", "what was not agreed"),
    "the Taiwan Relations Act binds, but not to defend": ("taiwan/binding-to-do-what", "binding statute"),
    "arms notified are not arms received": ("taiwan/arms-total", "different scopes"),
    "only a joint statement of 1953 was automatic": ("south_korea/automatic", "joint statement of August 1953"),
    "counts of troops differ in scope": ("south_korea/three-counts", "count different things"),
    "the jump of 2008 is the source's, not the army's": ("south_korea/jump-2008", "double count"),
    "paragraph 4 of Budapest needs nuclear weapons": ("multilateral/paragraph-four", "nuclear weapons are used"),
    "the United States is not one of the 26": ("reading_sources/who-is-in", "United States was not one of the 26"),
    "troops for Ukraine only after the fighting": ("multilateral/twenty-six", "once there is a ceasefire"),
    "the Crimea Declaration is no law": ("multilateral/press-statement", "no vote of Congress made it law"),
    "Article 42(7) covers members only": ("multilateral/who-must-do-what", "to a fellow member"),
    "the agreement of June 2024 obliges to meet": ("bilateral_2024/the-duty", "Meet"),
    "the two compacts are different texts": ("bilateral_2024/two-questions", "names of the two compacts"),
    "24 joiners and 31 states are one count": ("bilateral_2024/counting", "24 and 7 make 31"),
    "London, not Moscow, wanted limits on Finland's army": ("finlandization/limits", "British demand"),
    "9, 11.5 and 12 per cent measure different things": ("finlandization/percentages", "without its date and its base"),
    "Finland had no guarantor": ("finlandization/who-guards", "Nobody"),
    "a rate of kept promises is not a probability": ("credibility/what-rates-measure", "not a forecast"),
    "the promises that are tested are the weak ones": ("deterrence_lab/selection", "seldom tested"),
    "a text that went through Russian changed on the way": ("reading_sources/what-happened", "lost negation"),
    "two articles may be one source": ("reading_sources/count-sources", "another repeated it"),
}


def strings(node: object) -> Iterator[str]:
    """Texts of a question without its wrong options."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for part in node:
            if not isinstance(part, dict) or "explanation" not in part or part.get("correct"):
                yield from strings(part)
    elif isinstance(node, dict):
        for part in node.values():
            yield from strings(part)


@pytest.mark.parametrize("trap", TRAPS)
def test_a_known_trap_is_asked_about_and_answered(trap):
    id, said = TRAPS[trap]
    answer = {key: value for key, value in QUESTIONS[id].items() if key != "prompt"}
    assert said in " ".join(strings(answer))
