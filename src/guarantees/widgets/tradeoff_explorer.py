"""What a choice between guarantees hangs on: weights to move, and what moves with them."""

from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

import pandas as pd
import traitlets

from guarantees import catalog, tradeoffs
from guarantees.widgets.front_end import TextEquivalent, View, choice, script, style

Record = dict[str, Any]

TOP_POINTS = 100
EVEN_POINTS = 50
DRAWS = 10_000


def records(table: pd.DataFrame) -> list[Record]:
    """Take a table apart into its rows."""
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


@cache
def explorer_data() -> Record:
    """Gather what the view shows: criteria, both readings of the codings, who wins in what share of all weightings."""
    criteria = catalog.criteria()
    parts, described = catalog.load("criterion_features"), catalog.load("criteria").set_index("id")
    used = [id for id in catalog.load("features")["id"] if any(id in made_of for made_of in criteria.values())]
    values, alternatives = (catalog.coding_matrix(name)[used] for name in ("value", "alternative"))
    names = catalog.load("features").set_index("id")["name"]
    contested = records(catalog.load("codings").query("contested"))
    anybody = tradeoffs.acceptability(criteria, values, alternatives, draws=DRAWS)[1]
    reasons: dict[str, dict[str, str]] = {model: {} for model in values.index}
    for row in contested:
        if row["feature"] in used:
            reasons[row["model"]][row["feature"]] = row["alternative_reason"]
    return {
        "features": {id: names[id] for id in used},
        "criteria": [
            {
                "id": id,
                "name": described.loc[id, "name"],
                "definition": described.loc[id, "definition"],
                "parts": [
                    [row["feature"], criteria[id][row["feature"]], row["rationale"]]
                    for row in records(parts[parts["criterion"] == id])
                ],
            }
            for id in criteria
        ],
        "readings": [
            {model: "".join(map(str, levels)) for model, levels in zip(matrix.index, matrix.to_numpy(), strict=True)}
            for matrix in (values, alternatives)
        ],
        "reasons": reasons,
        "anybody": {model: round(float(share), 4) for model, share in anybody.items()},
        "draws": DRAWS,
        "top": TOP_POINTS,
    }


class TradeoffExplorer(TextEquivalent, View):
    """Say by sliders what matters, and see which model comes first, how firmly, and what would unseat it.

    Parameters
    ----------
    points : mapping of criterion to number (0-100), optional
        Swing points to start from: 100 for the criterion that one would first move from its worst to its best, the
        others what they are worth beside it. What is left out gets none. Even by default.

    Attributes
    ----------
    points : dict of str to float
        What the reader has chosen, as :func:`guarantees.tradeoffs.swing_weights` takes it. Setting it changes the view.

    Raises
    ------
    traitlets.TraitError
        If a criterion does not exist (the message lists near matches), or if points are not from 0 to 100.
    """

    kind = "tradeoffs"
    room = (1360, 2520)
    _esm = script("tradeoff_explorer")
    _css = style("tradeoff_explorer")
    data = traitlets.Dict().tag(sync=True)
    points = choice(traitlets.Dict())

    def __init__(self, points: Mapping[str, float] | None = None) -> None:
        accepts = {"points": {"names": list(catalog.criteria()), "min": 0, "max": TOP_POINTS}}
        given = {} if points is None else {"points": dict(points)}
        super().__init__(accepts, data=explorer_data(), **given)

    @traitlets.default("points")
    def _even(self) -> dict[str, float]:
        return dict.fromkeys(catalog.criteria(), EVEN_POINTS)

    @traitlets.validate("points")
    def _complete_points(self, proposal: Mapping[str, Any]) -> dict[str, float]:
        self._refuse("points", proposal["value"])
        return {name: proposal["value"].get(name, 0) for name in catalog.criteria()}

    def text_equivalent(self) -> str:
        """Write how each model serves each criterion, its score with these weights, and the share of all weightings."""
        criteria, described = catalog.criteria(), explorer_data()["criteria"]
        table = tradeoffs.performances(catalog.coding_matrix(), criteria)
        points = self.points if any(self.points.values()) else self._even()
        scores = tradeoffs.scores(table, tradeoffs.swing_weights(points))
        anybody = explorer_data()["anybody"]
        heads = [*(criterion["name"] for criterion in described), "Score", "First in so many weightings"]
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
        body = "".join(
            f'<tr><th scope="row">{escape(self.looks[model]["name"])}</th>'
            + "".join(f"<td>{value:.2f}</td>" for value in table.loc[model])
            + f"<td>{scores[model]:.3f}</td><td>{anybody[model]:.0%}</td></tr>"
            for model in scores.sort_values(ascending=False, kind="stable").index
        )
        made = "".join(
            f"<dt>{escape(criterion['name'])}</dt><dd>{escape(criterion['definition'])}</dd>" for criterion in described
        )
        given = ", ".join(f"{escape(criterion['name'])} {points[criterion['id']]:g}" for criterion in described)
        return (
            '<div role="group" tabindex="0" aria-label="How the models serve the criteria" style="overflow-x:auto">'
            '<table class="table"><caption>How well each model serves each criterion, from 0 to 1, and its score with '
            f'these points: {given}</caption><thead><tr><th scope="col">Model</th>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div><dl>{made}</dl>"
        )
