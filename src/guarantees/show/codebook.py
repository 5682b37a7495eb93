"""The codebook: what each level of a feature means, and how much hangs on contested codings."""

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from guarantees import catalog, compare
from guarantees.show.html import Html, Row, table

OUTCOME = "record"
ROUNDED_AWAY = 0.005
DIRECTIONS = {
    "strengthens": "more of it strengthens the promise",
    "weakens": "more of it weakens the promise",
    "gain": "more of it is a gain",
    "cost": "more of it is a cost",
    "depends": "a gain for one side and a cost for the other",
    "outcome": "an outcome, never to be used to predict itself",
}


def features() -> Html:
    """Describe every feature, with what its levels mean and which models stand on each."""
    rows = catalog.load("features")
    jumps = ", ".join(f'<a href="#feature-{id}">{escape(name)}</a>' for id, name in rows[["id", "name"]].to_numpy())
    sections = "".join(_feature(row) for _, row in rows.iterrows())
    return Html(f'<div class="shown"><p>Go to: {jumps}.</p>{sections}</div>')


def _feature(feature: pd.Series) -> str:
    names = catalog.load("models").set_index("id")["short_name"]
    codings = catalog.load("codings")
    codings = codings[codings["feature"] == feature["id"]]

    def standing(level: int, column: str) -> str:
        return ", ".join(escape(names[model]) for model in codings["model"][codings[column].eq(level).fillna(False)])

    levels = [
        Row((str(level), escape(feature[f"level_{level}"]), standing(level, "value"), standing(level, "alternative")))
        for level in range(compare.LEVELS)
    ]
    heads = ("Level", "What it stands for", "Coded so", "Could be coded so")
    name = feature["name"]
    return (
        f'<section id="feature-{escape(feature["id"])}"><h3>{escape(name)}</h3><p>{escape(feature["definition"])}</p>'
        f"{table(f'Levels: {name}', heads, levels)}"
        f'<p class="small">{DIRECTIONS[feature["direction"]].capitalize()}. '
        f"{codings['contested'].sum()} of {len(codings)} codings are contested. "
        f"Follows: {escape(feature['concept'])}.</p></section>"
    )


def contested() -> Html:
    """Count the contested codings, by model and by feature."""
    values, alternatives = catalog.coding_matrix(), catalog.coding_matrix("alternative")
    by_feature = compare.contested_shares(values, alternatives)
    by_model = compare.contested_shares(values.T, alternatives.T)

    def counted(shares: pd.DataFrame, of: str, head: str) -> str:
        names = catalog.load(of).set_index("id")["name"]
        rows = [Row((escape(names[id]), f"{some} of {every}")) for id, some, every, _ in shares.itertuples()]
        return table(f"Contested codings by {head.lower()}", (head, "Contested"), rows)

    some, every = by_feature["contested"].sum(), by_feature["codings"].sum()
    return Html(
        f'<div class="shown"><p><strong>{some} of {every} codings are contested ({some / every:.0%}).</strong></p>'
        f'<div class="beside">{counted(by_model, "models", "Model")}{counted(by_feature, "features", "Feature")}</div>'
        "</div>"
    )


def criteria() -> Html:
    """Describe the criteria that group the features, and how each feature counts."""
    names = catalog.load("features").set_index("id")["name"]
    parts = catalog.load("criterion_features")

    def counting(criterion: str) -> str:
        return "".join(
            f"<li><strong>{escape(names[row['feature']])}, {row['counts']}.</strong> {escape(row['rationale'])}</li>"
            for _, row in parts[parts["criterion"] == criterion].iterrows()
        )

    rows = [
        Row(
            (escape(row["name"]), escape(row["definition"]), f'<ul class="entries">{counting(row["id"])}</ul>'),
            anchor=f"criterion-{row['id']}",
        )
        for _, row in catalog.load("criteria").iterrows()
    ]
    heads = ("Criterion", "What it asks", "Features that count for or against it")
    return Html(f'<div class="shown">{table("Criteria", heads, rows, stack=True)}</div>')


def criterion_ranks() -> Html:
    """Rank the models on each criterion, with the ranks that contested codings allow."""
    names = catalog.load("models").set_index("id")["short_name"]
    criteria = catalog.load("criteria").set_index("id")["name"]
    values, alternatives = readings()

    def ranked(criterion: str, parts: Mapping[str, int]) -> Row:
        ranks = compare.composite_ranks(parts, values, alternatives).set_index("model").loc[values.index]
        return Row((escape(criteria[criterion]), *map(_moving, ranks.itertuples())))

    rows = [ranked(criterion, parts) for criterion, parts in catalog.criteria().items()]
    caption = "Rank on each criterion, and below it the ranks that are possible"
    return Html(f'<div class="shown ranks">{table(caption, ("Criterion", *names), rows)}</div>')


def _moving(row: Any) -> str:
    """Write a rank, the rank with every alternative if it is another, and the ranks that are possible."""
    moved = f" → {row.alternative_rank}" if row.alternative_rank != row.rank else ""
    return f"{row.rank}{moved}<small>{_span(row)}</small>"


def _span(row: Any) -> str:
    return str(row.best) if row.best == row.worst else f"{row.best}–{row.worst}"


def readings() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both readings of the designs, as coded and with every alternative taken; the outcome is not part of a design."""
    first, second = catalog.coding_matrix(), catalog.coding_matrix("alternative")
    return first.drop(columns=OUTCOME), second.drop(columns=OUTCOME)


def nearest() -> Html:
    """Table the nearest other model of each, as coded, with every alternative taken, and over both readings."""
    names = catalog.load("models").set_index("id")["short_name"]
    values, alternatives = readings()
    shares = compare.neighbours(values, alternatives)

    def closest(reading: pd.DataFrame, model: str) -> str:
        gaps = compare.distances(reading)[model].drop(model)
        return f"{' or '.join(escape(names[id]) for id in gaps.index[gaps == gaps.min()])} ({gaps.min():.2f})"

    def drawn(model: str) -> str:
        often = shares.T[model].sort_values(ascending=False)
        often = often[often >= ROUNDED_AWAY]
        return ", ".join(f"{escape(names[str(id)])} {share:.0%}" for id, share in often.items())

    rows = [
        Row((escape(names[model]), closest(values, model), closest(alternatives, model), drawn(model)))
        for model in values.index
    ]
    heads = (
        "Model",
        "Nearest as coded",
        "Nearest if every contested coding takes its alternative",
        "Over all readings",
    )
    return Html(f'<div class="shown">{table("Nearest other model (distance)", heads, rows, stack=True)}</div>')


def rankings(model: str) -> Html:
    """Rank the other models by closeness to one, with every rank that the contested codings allow.

    Parameters
    ----------
    model : str
        An id of ``models.csv``; its own codings are taken as they stand.

    Raises
    ------
    guarantees.catalog.UnknownId
        If there is no such model; the message lists near matches.
    """
    catalog.row("models", model)
    names = catalog.load("models").set_index("id")["name"]
    values, alternatives = readings()
    design = {str(feature): level for feature, level in values.T[model].items()}
    ranks = compare.rank_ranges(design, values.drop(index=model), alternatives.drop(index=model))

    rows = [
        Row(
            (escape(names[str(row.model)]), f"{row.distance:.2f}", str(row.rank), str(row.alternative_rank), _span(row))
        )
        for row in ranks.itertuples()
    ]
    heads = ("Model", "Distance", "Rank as coded", "Rank with every alternative", "Ranks that are possible")
    return Html(f'<div class="shown">{table(f"Closeness to: {names[model]}", heads, rows)}</div>')
