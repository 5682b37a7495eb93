"""What aid to a partner has cost: one number per way of counting it, and the claims that the numbers bear or refute."""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd
import traitlets

from guarantees import catalog
from guarantees.widgets.front_end import TextEquivalent, View, choice, script, style

Terms = Mapping[str, bool | str]

PRICES = {
    "current": ["in dollars of each year", "dollars of each year"],
    "constant": ["in constant dollars", "constant dollars"],
}


@dataclass(frozen=True)
class Question:
    """One thing that a sum has to settle.

    Attributes
    ----------
    key : str
        The choice that answers it.
    label : str
        What the control is called.
    answers : mapping of answer to (str, str)
        How a price tag puts each answer, and how a menu does.
    """

    key: str
    label: str
    answers: Mapping[Any, list[str]]


@dataclass(frozen=True)
class Definition:
    """One way to count, and the published rows that count so.

    Attributes
    ----------
    terms : mapping of question to answer
        A question that is left out is one that the source leaves open.
    rows : sequence of (table, item, periods)
        Rows of ``figures.csv``; no periods means all of them.
    added : bool
        Whether the rows are parts that are added up, and not one total at several dates.
    """

    label: str
    terms: Terms
    rows: list[tuple[str, str, list[str]]]
    added: bool = False


@dataclass(frozen=True)
class Claim:
    """A sum that an article names.

    Attributes
    ----------
    figure : (entity, item, period)
        Its row in the table ``article_statements``.
    over : bool
        Whether the article says "over".
    words : mapping of question to answer
        What the article says that it counts.
    gap : str
        What is wrong with the words where the number is reached.
    arises : mapping of question to answer
        A choice that reaches the number, if one does.
    """

    figure: tuple[str, str, str]
    by: str
    over: bool
    words: Terms
    gap: str = ""
    arises: Terms = field(default_factory=dict)
    excerpt: str = ""


@dataclass(frozen=True)
class Bill:
    """A sum that is asked for: what it leaves to settle, how it has been counted, what articles say of it."""

    name: str
    title: str
    questions: list[Question]
    definitions: list[Definition]
    claims: list[Claim] = field(default_factory=list)
    first: Terms = field(default_factory=dict)


def yes_or_no(key: str, label: str, named: str) -> Question:
    """Ask whether something is counted."""
    return Question(key, label, {True: [f"{named} counted", "yes"], False: [f"{named} left out", "no"]})


PRICE_BASE = Question("basis", "Prices", PRICES)
TOTAL = "US assistance since 1946"
COMMITTED = "US security assistance committed since"
SUPPLEMENTAL = [
    "supplemental: replenish stocks drawn down",
    "supplemental: Ukraine Security Assistance Initiative",
    "supplemental: Foreign Military Financing, Ukraine and affected states",
]

BILLS = {
    "israel": Bill(
        "Israel",
        "US aid to Israel since the 1940s",
        [
            yes_or_no("economic", "Count economic aid", "economic aid"),
            yes_or_no("missile", "Count missile defence", "missile defence"),
            PRICE_BASE,
        ],
        [
            Definition(
                "Military grants, loans left out",
                {"economic": False, "basis": "current"},
                [("israel_military_grants", "military grants", [])],
                added=True,
            ),
            Definition(
                "Bilateral aid, missile defence not named",
                {"economic": True, "missile": False, "basis": "current"},
                [("israel_aid_cumulative", TOTAL, ["2013-04-11", "2014", "2016-12-22"])],
            ),
            Definition(
                "Bilateral aid and missile defence",
                {"economic": True, "missile": True, "basis": "current"},
                [("israel_aid_cumulative", TOTAL, ["2019-08-07", "2023-03-01"])],
            ),
            Definition(
                "Economic and military, dollars of 2024",
                {"economic": True, "basis": "constant"},
                [("israel_aid_cumulative", TOTAL, ["2024"])],
            ),
            Definition(
                "Economic and military, base year not seen",
                {"economic": True, "basis": "constant"},
                [("israel_aid_cumulative", f"{TOTAL}, USAFacts", [])],
            ),
        ],
        [
            Claim(
                ("Israel", "military assistance to date, as the article says", "2023"),
                "Stimson Center",
                over=False,
                words={"economic": False},
                gap="the article says military, and economic aid is counted here",
                arises={"economic": True, "missile": True, "basis": "current"},
                excerpt="stimson-17-sums",
            ),
            Claim(
                ("Israel", "military aid to date, as the article says", "2025"),
                "19FortyFive",
                over=True,
                words={"economic": False},
                gap="the article says military and names no price basis; economic aid and constant dollars are in here",
                arises={"economic": True, "missile": True, "basis": "constant"},
                excerpt="khrestin-23-sum",
            ),
        ],
    ),
    "memorandum": Bill(
        "Israel, 2016 memorandum",
        "US–Israel memorandum of 2016",
        [yes_or_no("missile", "Count missile defence", "missile defence")],
        [
            Definition(
                "Foreign Military Financing",
                {"missile": False},
                [("israel_memorandum", "2016 memorandum, Foreign Military Financing", [])],
            ),
            Definition(
                "Military financing and missile defence",
                {"missile": True},
                [("israel_memorandum", "2016 memorandum, total", [])],
            ),
        ],
        [
            Claim(
                ("Israel", "2016 memorandum, as the article adds it up", "2023"),
                "Stimson Center",
                over=False,
                words={"missile": True},
                excerpt="stimson-17-sums",
            )
        ],
    ),
    "taiwan": Bill(
        "Taiwan",
        "US arms for Taiwan",
        [
            yes_or_no("sales", "Count arms that Taiwan buys", "purchases"),
            Question(
                "stage",
                "Stage",
                {
                    "congress": ["notified to Congress"] * 2,
                    "committed": ["under contract"] * 2,
                    "delivered": ["delivered"] * 2,
                },
            ),
            Question("start", "From", {"early": ["since 1993", "1993"], "late": ["since 2021", "2021"]}),
            PRICE_BASE,
        ],
        [
            Definition(
                "Sales notified, five presidencies",
                {"sales": True, "stage": "congress", "start": "early", "basis": "current"},
                [
                    ("taiwan_fms_notified", f"Foreign Military Sales notified to Congress, {president}", [])
                    for president in ("Clinton", "G. W. Bush", "Obama", "Trump (first)", "Biden")
                ],
                added=True,
            ),
            Definition(
                "Sales notified, one presidency",
                {"sales": True, "stage": "congress", "start": "late", "basis": "current"},
                [("taiwan_fms_notified", "Foreign Military Sales notified to Congress, Biden", [])],
            ),
            Definition(
                "Sales notified, year by year",
                {"sales": True, "stage": "congress", "start": "late", "basis": "current"},
                [("taiwan_fms_notified_year", "Foreign Military Sales notified to Congress", [])],
                added=True,
            ),
        ],
        [
            Claim(
                ("Taiwan", "arms received since 1950, as the article says", "2025"),
                "19FortyFive",
                over=False,
                words={"stage": "delivered", "start": "early"},
            )
        ],
        first={"stage": "congress", "start": "early"},
    ),
    "ukraine": Bill(
        "Ukraine",
        "US aid to Ukraine",
        [
            yes_or_no("economic", "Count civilian aid and US costs", "civilian aid and US costs"),
            Question(
                "stage",
                "Stage",
                {
                    "congress": ["voted by Congress"] * 2,
                    "committed": ["committed by the administration", "committed"],
                    "delivered": ["delivered"] * 2,
                },
            ),
            Question("start", "From", {"early": ["since 2014", "2014"], "late": ["since 2022", "2022"]}),
            PRICE_BASE,
        ],
        [
            Definition(
                "Security assistance committed since 2014",
                {"economic": False, "stage": "committed", "start": "early", "basis": "current"},
                [("ukraine_commitments_cumulative", f"{COMMITTED} 2014", [])],
            ),
            Definition(
                "Committed since 24 February 2022",
                {"economic": False, "stage": "committed", "start": "late", "basis": "current"},
                [("ukraine_commitments_cumulative", f"{COMMITTED} 24 February 2022", [])],
            ),
            Definition(
                "Voted for security, three budget lines",
                {"economic": False, "stage": "congress", "start": "late", "basis": "current"},
                [("ukraine_appropriations", item, []) for item in SUPPLEMENTAL],
                added=True,
            ),
            Definition(
                "Voted for all purposes, US costs included",
                {"economic": True, "stage": "congress", "start": "late", "basis": "current"},
                [
                    (
                        "ukraine_appropriations",
                        "all supplemental appropriations for the response, all purposes",
                        [],
                    )
                ],
            ),
        ],
        first={"stage": "congress", "start": "late"},
    ),
}


def written(period: str) -> str:
    """Write a day or a month out; of a span, its end."""
    end = period.replace("FY", "").replace("/", "-to-").split("-to-")[-1]
    if period.startswith("FY"):
        return f"fiscal year {end.split('-')[-1]}"
    year, *rest = end.split("-")
    month = calendar.month_name[int(rest[0])] if rest else ""
    return " ".join([*(str(int(day)) for day in rest[1:]), *([month] if month else []), year])


def figures(definition: Definition) -> list[pd.Series]:
    """Find the rows that a definition rests on, in the order of the table.

    Raises
    ------
    guarantees.catalog.UnknownFigure
        If there is no row for a part of the definition.
    """
    table = catalog.load("figures")
    found: list[pd.Series] = []
    for name, item, periods in definition.rows:
        held = table[(table["table"] == name) & (table["item"] == item)]
        if held.empty:
            raise catalog.UnknownFigure(f"figures.csv has no row of {name} for {item!r}")
        found += [catalog.figure(name, held["entity"].iloc[0], item, period) for period in periods or held["period"]]
    return found


def billions(row: pd.Series) -> float:
    """Read a sum in billion dollars."""
    return round(float(row["value"]) / {"billion USD": 1, "million USD": 1000}[row["unit"]], 3)


def shown_source(id: str) -> list[str]:
    """Gather what is shown of a source: title, author or publisher, address."""
    source = catalog.row("sources", id).fillna("")
    return [source["title"], source["author"] or source["publisher"], source["url"]]


def shown_points(definition: Definition) -> Iterator[dict[str, Any]]:
    """Gather the totals of a definition, oldest first; parts make up one total."""
    rows = figures(definition)
    groups = [rows] if definition.added else [[row] for row in rows]
    for group in groups:
        last = max(group, key=lambda row: str(row["period"]).split("/")[-1].split("-FY")[-1].removeprefix("FY"))
        yield {
            "value": round(sum(billions(row) for row in group), 1),
            "parts": [billions(row) for row in group],
            "upto": written(last["period"]),
            "source": shown_source(last["source"]),
            "place": last["locator"],
            "unverified": any(row["status"] == "unverified" for row in group),
            "note": last["note"] if len(group) == 1 and pd.notna(last["note"]) else "",
        }


def shown_claim(claim: Claim) -> dict[str, Any]:
    """Gather what is shown of a claim."""
    entity, item, period = claim.figure
    row = catalog.figure("article_statements", entity, item, period)
    return {
        "says": item.split(", as the article")[0],
        "value": billions(row),
        "over": claim.over,
        "by": claim.by,
        "place": f"paragraph {row['locator']}",
        "source": shown_source(row["source"]),
        "quote": catalog.row("excerpts", claim.excerpt)["quote"] if claim.excerpt else "",
        "words": claim.words,
        "gap": claim.gap,
        "arises": claim.arises,
        "note": row["note"],
    }


def shown_bill(bill: Bill) -> dict[str, Any]:
    """Gather what the view shows of a bill."""
    return {
        "name": bill.name,
        "title": bill.title,
        "first": bill.first,
        "questions": [
            {
                "key": question.key,
                "label": question.label,
                "answers": [[answer, *texts] for answer, texts in question.answers.items()],
            }
            for question in bill.questions
        ],
        "definitions": [
            {
                "label": definition.label,
                "terms": definition.terms,
                "added": definition.added,
                "points": list(shown_points(definition)),
            }
            for definition in bill.definitions
        ],
        "claims": [shown_claim(claim) for claim in bill.claims],
    }


class PriceTag(TextEquivalent, View):
    """Settle what a sum of aid counts and in which dollars; see the published total, and the claims that it refutes.

    Parameters
    ----------
    **choices
        What is chosen at first.

    Attributes
    ----------
    bill : {"israel", "memorandum", "taiwan", "ukraine"}
        The sum that is asked for.
    economic, missile, sales : bool
        Whether economic and civilian aid, missile defence, and arms that the partner pays for are counted.
    stage : {"congress", "committed", "delivered"}
        How far the money or the arms have come: put to Congress, contracted, handed over.
    start : {"early", "late"}
        Which of a bill's two first years is meant.
    basis : {"current", "constant"}
        Dollars of each year, or of one.
    """

    kind = "price"
    room = (1030, 1600)
    _esm, _css = script("price_tag"), style("price_tag")
    data = traitlets.Dict().tag(sync=True)
    bill = choice(traitlets.Unicode("israel"))
    economic = choice(traitlets.Bool(True))
    missile = choice(traitlets.Bool(True))
    sales = choice(traitlets.Bool(True))
    stage = choice(traitlets.Unicode("congress"))
    start = choice(traitlets.Unicode("early"))
    basis = choice(traitlets.Unicode("current"))

    def __init__(self, **choices: Any) -> None:
        accepts = {
            "bill": {"values": list(BILLS)},
            "stage": {"values": ["congress", "committed", "delivered"]},
            "start": {"values": ["early", "late"]},
            "basis": {"values": list(PRICES)},
        }
        super().__init__(accepts, data={id: shown_bill(bill) for id, bill in BILLS.items()}, **choices)

    def text_equivalent(self) -> str:
        """Write every published total with what it counts, and every claim with what holds it up or does not."""
        return "".join(bill_in_words(bill) for bill in self.data.values())


def money(value: float) -> str:
    """Write a sum."""
    return f"${value:.4g} billion"


def in_words(terms: Terms, questions: list[dict[str, Any]]) -> str:
    """Write what a sum counts, and what its source leaves open."""
    said = []
    for question in questions:
        texts = {answer: text for answer, text, _ in question["answers"]}
        subject = texts[True].removesuffix(" counted") if True in texts else question["label"].lower()
        said.append(texts[terms[question["key"]]] if question["key"] in terms else f"{subject}: not said")
    return "; ".join(said)


def bill_in_words(bill: dict[str, Any]) -> str:
    """Write one bill: its totals as a table, its claims as a list."""
    rows = "".join(
        f'<tr><th scope="row">{escape(definition["label"])}</th><td>{money(point["value"])}'
        f"{' (unverified)' if point['unverified'] else ''}{' (added up here)' if definition['added'] else ''}</td>"
        f"<td>{escape(point['upto'])}</td><td>{escape(in_words(definition['terms'], bill['questions']))}</td>"
        f"<td>{escape(point['source'][0])}</td></tr>"
        for definition in bill["definitions"]
        for point in definition["points"]
    )
    claims = "".join(
        f"<li>{escape(claim['by'])}, {claim['place']}: {escape(claim['says'])}, "
        f"{'over ' if claim['over'] else ''}{money(claim['value'])}. {escape(claim['note'])}</li>"
        for claim in bill["claims"]
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Counted as", "Total", "Up to", "Counts", "Source"))
    return (
        f'<div role="group" tabindex="0" aria-label="{escape(bill["title"])}" style="overflow-x:auto">'
        f'<table class="table"><caption>{escape(bill["title"])}: every published total</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        + (f"<p>What the articles say:</p><ul>{claims}</ul>" if claims else "")
    )
