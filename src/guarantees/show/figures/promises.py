"""Who promises what."""

from html import escape
from textwrap import fill

import pandas as pd

from guarantees import catalog, compare
from guarantees.show.figures.canvas import MUTED, RULE, SMALL, Drawing, canvas, model_colours
from guarantees.show.html import Row, table
from guarantees.show.text import level
from guarantees.widgets import palette

FORM, DUTY = "legal_form", "obligation"
LEFT = (0.02, 0.24, 0.48, 0.7)


def legal_form_by_obligation() -> Drawing:
    """Each model by the legal form of its promise and by what it obliges the guarantor to do."""
    models, features = (catalog.load(name).set_index("id") for name in ("models", "features"))
    codings = catalog.load("codings")
    rows = codings[codings["feature"].isin([FORM, DUTY])]
    matrix = catalog.coding_matrix()
    contested = rows.groupby("model", observed=True)["contested"].any()
    picture, axes = canvas(5.2, below=0.75)
    looks, colours = palette.looks(), model_colours()
    for duty in range(compare.LEVELS):
        axes.axhline(duty, color=RULE, linewidth=0.8)
        words = fill(features[f"level_{duty}"][DUTY], 62)
        axes.annotate(words, (0, duty + 0.95), va="top", fontsize=SMALL, color=MUTED)
        for form, left in enumerate(LEFT):
            here = matrix.index[(matrix[FORM] == form) & (matrix[DUTY] == duty)]
            for place, model in enumerate(here):
                height = duty + 0.56 - 0.2 * place
                axes.plot(left, height, color=colours[model], marker=looks[model].marker)
                name = f"{models['short_name'][model]}{'*' if contested[model] else ''}"
                axes.annotate(name, (left, height), (8, 0), textcoords="offset points", va="center", fontsize=SMALL)
    fighting = rows[(rows["feature"] == DUTY) & rows["alternative"].eq(compare.TOP).fillna(False)]["model"]
    axes.annotate(
        f"none as coded; {' and '.join(models['short_name'][fighting])} on the other reading",
        (LEFT[0], compare.TOP + 0.5),
        fontsize=SMALL,
    )
    axes.set(xlim=(0, 1), ylim=(0, compare.LEVELS))
    forms = [fill(features[f"level_{form}"][FORM], 12) for form in range(compare.LEVELS)]
    axes.set_xticks(LEFT, forms, ha="left", fontsize=SMALL)
    axes.yaxis.set_visible(False)
    axes.tick_params(bottom=False)
    for side in axes.spines.values():
        side.set_visible(False)
    coded = {(row["model"], row["feature"]): row for _, row in rows.iterrows()}
    listed = [
        Row((escape(name), *(_levels(features.T[feature], coded[model, feature]) for feature in (FORM, DUTY))))
        for model, name in models["name"].items()
    ]
    return Drawing(
        finding="As coded, no text obliges a guarantor to fight, whatever its legal form",
        picture=picture,
        alternative=(
            "Grid of legal form (columns) by what the guarantor must do if the protégé is attacked (rows). "
            + "; ".join(
                f"{models['name'][model]}: "
                + " / ".join(features[f"level_{matrix[feature][model]}"][feature] for feature in (FORM, DUTY))
                for model in matrix.index
            )
            + ". The row for fighting is empty."
        ),
        rows=rows,
        listed=table("Legal form and obligation", ("Model", *features["name"][[FORM, DUTY]]), listed),
        note="* One of the two codings is contested: see the other reading among the numbers.",
    )


def _levels(feature: pd.Series, coding: pd.Series) -> str:
    """Write the level of a coding in words, with the other reading where one is possible."""
    other = f"<small>or {level(feature, coding['alternative'])}</small>" if coding["contested"] else ""
    return f"{level(feature, coding['value'])}{other}"
