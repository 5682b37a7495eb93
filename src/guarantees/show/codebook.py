"""The codebook: what each level of a feature means, and how much hangs on contested codings."""

from html import escape

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
    codings = catalog.load("codings")

    def counted(column: str, name: str, head: str) -> str:
        names = catalog.load(f"{column}s").set_index("id")[name]
        shares = codings.groupby(column, observed=True)["contested"].agg(["sum", "count"])
        rows = [Row((escape(names[id]), f"{some} of {every}")) for id, some, every in shares.itertuples()]
        return table(f"Contested codings by {column}", (head, "Contested"), rows)

    return Html(
        f'<div class="shown"><p><strong>{codings["contested"].sum()} of {len(codings)} codings are contested '
        f"({codings['contested'].mean():.0%}).</strong></p>"
        f'<div class="beside">{counted("model", "name", "Model")}{counted("feature", "name", "Feature")}</div></div>'
    )


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

    def span(row: pd.Series) -> str:
        return str(row["best"]) if row["best"] == row["worst"] else f"{row['best']} to {row['worst']}"

    rows = [
        Row(
            (
                escape(names[row["model"]]),
                f"{row['distance']:.2f}",
                str(row["rank"]),
                str(row["alternative_rank"]),
                span(row),
            )
        )
        for _, row in ranks.iterrows()
    ]
    heads = ("Model", "Distance", "Rank as coded", "Rank with every alternative", "Ranks that are possible")
    return Html(f'<div class="shown">{table(f"Closeness to: {names[model]}", heads, rows)}</div>')
