"""Check the data after an edit: ``python -m guarantees.data_check [--articles FOLDER]``.

Names every fault, says in words what is still missing, and counts what there is. The articles that the excerpts quote
are not part of the project; give their folder to hold the excerpts against them.
"""

import argparse
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from guarantees import catalog
from guarantees.tableschema import Fault

PASSAGE_WORDS, ARTICLE_WORDS, ARTICLE_SHARE = 60, 400, 0.25
CUT = "[...]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the checks and print the outcome.

    Returns
    -------
    int
        0 if nothing is wrong or missing, otherwise 1.
    """
    parser = argparse.ArgumentParser(prog="python -m guarantees.data_check", description="Check the data.")
    parser.add_argument(
        "--articles", type=Path, metavar="FOLDER", help="text files of the quoted articles, by source id"
    )
    articles = parser.parse_args(arguments).articles
    faults = catalog.validate(catalog.folder())
    if faults:
        print(*faults, sep="\n")
        print(f"{len(faults)} faults: correct these first.")
        return 1
    try:
        catalog.quizzes()
    except catalog.CatalogError as error:
        faults += error.faults
    if articles:
        faults += misquoted(articles)
    gaps = list(missing())
    print(*faults, *gaps, *counts(), sep="\n")
    print(f"{len(faults)} faults, {len(gaps)} gaps" if faults or gaps else "The data is in order.")
    return 1 if faults or gaps else 0


def missing() -> Iterator[str]:
    """Say in words what the tables still lack."""
    models, features = catalog.load("models"), catalog.load("features")
    codings = catalog.load("codings").groupby("model", observed=False)["feature"].agg(set)
    for model in models["id"]:
        for feature in features["id"]:
            if feature not in codings[model]:
                yield f"{model} is not coded on {feature}: add a row to codings.csv"
        for name in ("instruments", "events"):
            if model not in set(catalog.load(name)["model"]):
                yield f"{model} has no rows in {name}.csv"
        if model not in set(catalog.load("presets")["model"]):
            yield f"{model} has no game: add its rows to presets.csv"
    for criterion in catalog.load("criteria")["id"]:
        if criterion not in catalog.criteria():
            yield f"{criterion} has no features: add rows to criterion_features.csv"
    used = {id for name in catalog.names() for column in _source_columns(name) for id in catalog.load(name)[column]}
    for id in catalog.load("sources")["id"]:
        if id not in used:
            yield f"nothing rests on the source {id}: use it or take it out of sources.csv"
    bibliography = (catalog.folder() / "references.bib").read_text(encoding="utf-8")
    for row in catalog.load("glossary").to_dict("records"):
        if row["literature"] and f"{{{row['literature']}," not in bibliography:
            yield f"the glossary sends readers of {row['term']!r} to {row['literature']}, not in references.bib"
    readme = (catalog.folder() / "README.md").read_text(encoding="utf-8")
    for name in catalog.names():
        rows = len(catalog.load(name))
        if f"| `{name}.csv` | {rows} |" not in readme:
            yield f"README.md does not say that {name}.csv has {rows} rows"


def _source_columns(name: str) -> list[str]:
    return [column for column in ("source", "evidence", "other") if column in catalog.load(name)]


def counts() -> Iterator[str]:
    """Count the rows of every table, and those that are unverified or contested."""
    for name in catalog.names():
        table = catalog.load(name)
        notes = []
        if "status" in table:
            notes.append(f"{(table['status'] == 'unverified').sum()} unverified")
        if "contested" in table:
            notes.append(f"{table['contested'].sum()} contested")
        if "unverified_fields" in table:
            notes.append(f"{(table['unverified_fields'] != '').sum()} with unverified fields")
        yield f"{name}: {len(table)} rows" + (f", {', '.join(notes)}" if notes else "")


def misquoted(articles: Path) -> Iterator[Fault]:
    """Hold the excerpts against the articles they quote.

    Quotation marks, dashes and white space do not count; paragraphs are numbered by non-empty line from 1.

    Parameters
    ----------
    articles : Path
        Folder with one text file for each article, named by its source id.

    Yields
    ------
    Fault
        For a quotation that is not in its paragraph, that is too long, or that exhausts what may be quoted.
    """
    texts = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in articles.glob("*.txt")}
    paragraphs = {id: [_plain(line) for line in lines if line.strip()] for id, lines in texts.items()}
    quoted = dict.fromkeys(paragraphs, 0)
    for row, excerpt in enumerate(catalog.load("excerpts").to_dict("records"), start=2):
        source, quote, paragraph = excerpt["source"], excerpt["quote"], excerpt["paragraph"]
        if source not in paragraphs:
            continue
        words = len(quote.split())
        quoted[source] += words
        if words > PASSAGE_WORDS:
            yield Fault("excerpts.csv", row, "quote", f"{words} words", f"at most {PASSAGE_WORDS}")
        pieces = [_plain(piece).strip(" .,;:") for piece in quote.split(CUT)]
        found = [str(number) for number, text in enumerate(paragraphs[source], start=1) if _holds(text, pieces)]
        if paragraph not in found:
            hint = f"; they stand in paragraph {' and '.join(found)}" if found else ""
            yield Fault("excerpts.csv", row, "quote", quote, f"words of paragraph {paragraph} of {source}{hint}")
    for id, words in quoted.items():
        limit = int(min(ARTICLE_WORDS, ARTICLE_SHARE * sum(len(text.split()) for text in paragraphs[id])))
        if words > limit:
            yield Fault("excerpts.csv", None, "quote", f"{words} words from {id}", f"at most {limit} in all")


def _plain(text: str) -> str:
    text = re.sub("[–—‐‑]", "-", unicodedata.normalize("NFKC", text))
    return " ".join(re.sub("[\"'`“”„‘’«»]", "", text).lower().split())


def _holds(text: str, pieces: Sequence[str]) -> bool:
    return re.search(r"(?<!\w)" + r"(?!\w).*(?<!\w)".join(map(re.escape, pieces)) + r"(?!\w)", text) is not None


if __name__ == "__main__":
    sys.exit(main())
