"""A price tag carries published rows only, and says of each sum what it counts."""

import itertools

import pytest
import traitlets

from guarantees import catalog
from guarantees.widgets import PriceTag
from guarantees.widgets.price_tag import BILLS, Definition, billions, figures, written
from tests.widgets.text import Page

DEFINITIONS = [definition for bill in BILLS.values() for definition in bill.definitions]


def totals(bill: str, **terms: bool | str) -> list[float]:
    shown = PriceTag().data[bill]["definitions"]
    return [
        held["points"][-1]["value"] for held in shown if all(terms[key] == held["terms"][key] for key in held["terms"])
    ]


def test_every_total_is_a_published_row_or_a_sum_of_some() -> None:
    rows = [billions(row) for row in catalog.load("figures").query("unit in ['billion USD', 'million USD']").iloc]
    for bill in PriceTag().data.values():
        for definition in bill["definitions"]:
            for point in definition["points"]:
                assert set(point["parts"]) <= set(rows)
                assert point["value"] == round(sum(point["parts"]), 1)
                assert definition["added"] or len(point["parts"]) == 1


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.label)
def test_rows_are_in_the_dollars_that_the_definition_names(definition: Definition) -> None:
    bases = {row["price_basis"].split()[0] for row in figures(definition)}
    assert bases == {definition.terms.get("basis", "current")}


def test_terms_answer_questions_of_the_bill() -> None:
    for bill in BILLS.values():
        answers = {question.key: set(question.answers) for question in bill.questions}
        parts = [held.terms for held in bill.definitions] + [bill.first]
        parts += [terms for claim in bill.claims for terms in (claim.words, claim.arises)]
        for terms in parts:
            assert all(answer in answers[key] for key, answer in terms.items())


def test_each_number_arises_and_neither_as_military_aid() -> None:
    assert totals("israel", economic=True, missile=True, basis="current") == [158]
    assert totals("israel", economic=True, missile=True, basis="constant") == [298, 317]
    assert totals("israel", economic=False, missile=True, basis="current") == [51.3]
    assert totals("israel", economic=False, missile=True, basis="constant") == []


def test_no_choice_gives_a_number_with_the_articles_words() -> None:
    for id, bill in PriceTag().data.items():
        keys = [question["key"] for question in bill["questions"]]
        for answers in itertools.product(*([answer for answer, *_ in held["answers"]] for held in bill["questions"])):
            way = dict(zip(keys, answers, strict=True))
            for claim in bill["claims"]:
                if all(way[key] == answer for key, answer in claim["words"].items()):
                    assert claim["value"] not in totals(id, **way)
                    assert not claim["over"] or max(totals(id, **way), default=0) < claim["value"]


def test_the_memorandum_holds_the_missile_defence() -> None:
    assert (totals("memorandum", missile=False), totals("memorandum", missile=True)) == ([33], [38])
    assert PriceTag().data["memorandum"]["claims"][0]["value"] == 43


def test_unverified_rows_are_marked() -> None:
    for definition in DEFINITIONS:
        for shown in (held for bill in PriceTag().data.values() for held in bill["definitions"]):
            if shown["label"] == definition.label:
                expected = [row["status"] == "unverified" for row in figures(definition)]
                found = [point["unverified"] for point in shown["points"]]
                assert found == ([any(expected)] if definition.added else expected)


def test_a_definition_without_rows_is_an_error() -> None:
    with pytest.raises(catalog.UnknownFigure, match="no such item"):
        figures(Definition("None", {}, [("israel_memorandum", "no such item", [])]))


@pytest.mark.parametrize(
    ("period", "text"),
    [
        ("2023-03-01", "1 March 2023"),
        ("2025-01", "January 2025"),
        ("2014", "2014"),
        ("2021-01-20/2024-12-20", "20 December 2024"),
        ("FY2006", "fiscal year 2006"),
        ("FY2019-FY2028", "fiscal year 2028"),
    ],
)
def test_periods_are_written_out(period: str, text: str) -> None:
    assert written(period) == text


def test_choices_are_traits_both_ways() -> None:
    tag = PriceTag(bill="ukraine", stage="committed")
    assert tag.selection["bill"] == "ukraine"
    tag.selection = {"basis": "constant", "economic": False}
    assert (tag.basis, tag.economic, tag.stage) == ("constant", False, "committed")
    with pytest.raises(traitlets.TraitError, match="israel"):
        PriceTag(bill="isreal")
    with pytest.raises(traitlets.TraitError, match="basis"):
        tag.selection = {"basis": "gold"}


def test_the_text_form_has_every_total_and_claim() -> None:
    tag = PriceTag()
    page = Page(tag.text_equivalent())
    points = [point for bill in tag.data.values() for held in bill["definitions"] for point in held["points"]]
    assert len(page.rows) == len(points) + len(tag.data)
    assert page.text.count("(unverified)") == sum(point["unverified"] for point in points)
    for said in ("$158 billion", "over $300 billion", "$43 billion", "$50 billion"):
        assert said in page.text
    assert not page.tags & {"script", "button", "svg"}
