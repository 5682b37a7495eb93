"""Passages of an article that was translated into Russian and back: suspect what was lost, then see it."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import traitlets

from guarantees import catalog
from guarantees.widgets.front_end import TextEquivalent, View, choice, script, style

ARTICLE = "19fortyfive-khrestin-inosmi"
LONGEST = 4
JOINERS = {
    "and",
    "as",
    "but",
    "for",
    "from",
    "has",
    "have",
    "in",
    "is",
    "of",
    "on",
    "that",
    "the",
    "to",
    "under",
    "with",
}
CUT = "[...]"

KINDS = {
    "translation": "lost in translation",
    "insertion": "added on the way",
    "loaded": "a loaded word",
    "error": "an error",
    "overstated": "overstated",
}
ARTEFACTS = ("translation", "insertion", "loaded")

# By excerpt, in the order of the exercise: each phrase that is at fault, and its row in source_issues.csv.
PASSAGES: dict[str, dict[str, str]] = {
    "khrestin-24-superiority": {'"qualitative military superiority."': "khrestin-issue-01"},
    "khrestin-18-six": {
        "reinforced these commitments": "khrestin-issue-39",
        '"six guarantees."': "khrestin-issue-02",
    },
    "khrestin-19-uncertainty": {'"strategic uncertainty"': "khrestin-issue-03"},
    "khrestin-25-interceptions": {},
    "khrestin-17-act": {
        '"one China" doctrine.': "khrestin-issue-10",
        "the Law on Relations with Taiwan (TRA)": "khrestin-issue-05",
    },
    "khrestin-12-treaties": {
        "the Inter-American Treaty on Mutual Assistance": "khrestin-issue-07",
        "the Southeast Asia Treaty (SEATO),": "khrestin-issue-09",
        "the Pacific Security Pact": "khrestin-issue-08",
    },
    "khrestin-23-ally": {'"main ally outside of NATO,"': "khrestin-issue-06"},
    "khrestin-25-greater": {'a "greater Israel"': "khrestin-issue-04"},
    "khrestin-02-step": {
        "may decide to take such a step.": "khrestin-issue-22",
        "the Kiev regime.": "khrestin-issue-25",
    },
    "khrestin-28-note": {
        "(the main reason for the current conflict is the aggressive behavior of Ukraine and its Western allies "
        "towards Russia - approx. InoSMI)": "khrestin-issue-23"
    },
    "khrestin-26-unlikely": {},
    "khrestin-01-headline": {
        "Ukraine may receive guarantees": "khrestin-issue-24",
        'under the "Israeli scenario"': "khrestin-issue-24",
    },
    "khrestin-23-sum": {"it has exceeded $ 300 billion).": "khrestin-issue-34"},
    "khrestin-24-edge": {"an obligation to provide Israel with access": "khrestin-issue-35"},
}


def phrases(text: str) -> list[str]:
    """Cut a text into phrases of a few words: after punctuation, or before a word that joins."""
    found: list[list[str]] = []
    for word in text.split():
        last = found[-1] if found else []
        ended = not last or last[-1][-1] in ",.;:)" or CUT in (word, *last)
        joins = len(last) > 1 and word in JOINERS
        if ended or joins or len(last) == LONGEST:
            found.append([word])
        else:
            last.append(word)
    if len(found) > 1 and len(found[-1]) == 1 and CUT not in (*found[-2], *found[-1]):
        found[-2:] = [found[-2] + found[-1]]
    return [" ".join(words) for words in found]


def cut(quote: str, faults: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Cut a passage into phrases, each with the id of what is wrong with it, or nothing.

    Raises
    ------
    ValueError
        If the passage does not hold a phrase that is said to be at fault.
    """
    for fault in faults:
        if fault not in quote:
            raise ValueError(f"{fault!r} does not stand in {quote!r}")
    parts = re.split(f"({'|'.join(map(re.escape, faults))})", quote) if faults else [quote]
    for part in filter(str.strip, parts):
        whole = part in faults and len(part.split()) <= 2 * LONGEST
        for phrase in [part] if whole else phrases(part):
            yield phrase, faults.get(part, "")


def named(excerpt: str, phrase: str, taken: set[str]) -> str:
    """Name a phrase by its passage and its words."""
    name = f"{excerpt}.{'-'.join(re.findall('[a-z0-9]+', phrase.lower()))}"
    return f"{name}-again" if name in taken else name


def shown_issue(id: str) -> dict[str, Any]:
    """Gather what is revealed of a fault."""
    row = catalog.row("source_issues", id)
    source = catalog.row("sources", row["evidence"]).fillna("")
    return {
        "says": row["says"],
        "right": row["right"],
        "kind": KINDS[row["kind"]],
        "artefact": row["kind"] in ARTEFACTS,
        "weight": row["weight"],
        "evidence": [source["title"], source["author"] or source["publisher"], source["url"]],
        "within": row["evidence"] == ARTICLE,
        "unverified": row["status"] == "unverified",
    }


def shown_passage(excerpt: str) -> dict[str, Any]:
    """Gather a passage, cut into phrases, and what is at fault in it."""
    row = catalog.row("excerpts", excerpt)
    taken: set[str] = set()
    cuts: list[list[str]] = []
    for phrase, issue in cut(row["quote"], PASSAGES[excerpt]):
        name = "" if phrase == CUT else named(excerpt, phrase, taken)
        taken.add(name)
        cuts.append([phrase, name, issue])
    return {
        "paragraph": row["paragraph"],
        "phrases": cuts,
        "issues": {id: shown_issue(id) for id in dict.fromkeys(PASSAGES[excerpt].values())},
    }


class SourceLens(TextEquivalent, View):
    """Mark what looks like an artefact of translation in a passage, then reveal the official terms beside it.

    Parameters
    ----------
    **choices
        What is chosen at first.

    Attributes
    ----------
    passage : str
        Id of the excerpt that is shown.
    marked : list of str
        The phrases that the reader suspects, each named by its excerpt and its words.
    revealed : list of str
        Ids of the excerpts whose faults are shown.
    """

    kind = "lens"
    room = (580, 720)
    _esm, _css = script("source_lens"), style("source_lens")
    data = traitlets.Dict().tag(sync=True)
    passage = choice(traitlets.Unicode(next(iter(PASSAGES))))
    marked = choice(traitlets.List(traitlets.Unicode()))
    revealed = choice(traitlets.List(traitlets.Unicode()))

    def __init__(self, **choices: Any) -> None:
        passages = {id: shown_passage(id) for id in PASSAGES}
        names = [name for passage in passages.values() for _, name, _ in passage["phrases"] if name]
        article = catalog.row("sources", ARTICLE)
        accepts = {
            "passage": {"values": list(passages)},
            "marked": {"values": names},
            "revealed": {"values": list(passages)},
        }
        data = {"article": article["title"], "author": article["author"], "passages": passages}
        super().__init__(accepts, data=data, **choices)

    def text_equivalent(self) -> str:
        """Write every passage, with what is wrong in it and what is right to unfold."""
        passages = "".join(f"<li>{in_words(passage)}</li>" for passage in self.data["passages"].values())
        return (
            f"<p>From {escape(self.data['author'])}, <cite>{escape(self.data['article'])}</cite>: written in English, "
            f"published in Russian, turned back into English. What was lost or added on the way?</p><ol>{passages}</ol>"
        )


def in_words(passage: Mapping[str, Any]) -> str:
    """Write one passage of the text form."""
    quote = " ".join(phrase for phrase, *_ in passage["phrases"])
    faults = "".join(f"<li>{issue_in_words(issue)}</li>" for issue in passage["issues"].values())
    answer = f"<ul>{faults}</ul>" if faults else "<p>Nothing in it is known to be wrong.</p>"
    return (
        f"<blockquote>“{escape(quote)}”</blockquote><p>Paragraph {passage['paragraph']}.</p>"
        f"<details><summary>Answer</summary>{answer}</details>"
    )


def issue_in_words(issue: Mapping[str, Any]) -> str:
    """Write what is wrong, what is right, and why that is known."""
    title, *_ = issue["evidence"]
    by = "the sense of the article itself" if issue["within"] else f"<cite>{escape(title)}</cite>"
    return (
        f"{escape(issue['says'])} <strong>{escape(issue['right'])}</strong> ({issue['kind']}; weight "
        f"{issue['weight']}; evidence: {by}{'; unverified' if issue['unverified'] else ''})"
    )
