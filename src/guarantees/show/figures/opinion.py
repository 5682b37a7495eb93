"""What Americans say about sending troops."""

from itertools import pairwise
from typing import Literal

from guarantees.show.figures.canvas import RULE, SMALL, Drawing, canvas, dot_rows, figure_rows, model_colours
from guarantees.show.tables import numbers
from guarantees.widgets import palette

CLOSE = 6
QUESTION = "favour the use of US troops"
PROTEGES = {
    "South Korea, if North Korea invades": "south_korea",
    "NATO ally, if Russia invades": "nato_article5",
    "Baltic NATO ally, if Russia invades": "nato_article5",
    "Israel, if attacked": "israel_qme",
    "Taiwan, if China invades": "taiwan_ambiguity",
    "Ukraine, if Russia invades the rest of it": "bilateral_agreements",
}


def sides(values: list[float]) -> list[Literal["left", "center", "right"]]:
    """Side on which the label of each value in ascending order stands, such that close neighbours do not meet."""
    close = [later - earlier < CLOSE for earlier, later in pairwise(values)]
    return ["right" if after else "left" if before else "center" for before, after in pairwise([False, *close, False])]


def us_opinion_troops() -> Drawing:
    """Share of Americans who favour the use of US troops, by protégé and year."""
    rows = figure_rows("us_opinion_troops")
    asked = rows[rows["item"] == QUESTION]
    picture, axes = canvas(0.55 * len(PROTEGES) + 0.5)
    looks, colours = palette.looks(), model_colours()
    for height, (protege, model) in zip(dot_rows(axes, list(PROTEGES)), PROTEGES.items(), strict=True):
        answers = asked[asked["entity"] == protege].sort_values("value")
        for (_, row), side in zip(answers.iterrows(), sides(answers["value"].tolist()), strict=True):
            axes.plot(row["value"], height, color=colours[model], marker=looks[model].marker)
            axes.annotate(
                row["period"],
                (row["value"], height),
                ({"left": -3, "center": 0, "right": 3}[side], -15),
                textcoords="offset points",
                ha=side,
                fontsize=SMALL,
            )
        axes.axhline(height, color=RULE, linewidth=0.8, zorder=0)
    axes.set(xlim=(23, 67))
    axes.set_xticks([30, 40, 50, 60], ["30%", "40%", "50%", "60%"])
    taiwan = asked[asked["entity"] == "Taiwan, if China invades"]["value"]
    return Drawing(
        finding=(
            f"Support for sending troops moves: for Taiwan between {taiwan.min():.0f} and {taiwan.max():.0f} per cent "
            "in six years"
        ),
        picture=picture,
        alternative="Dots for the share of Americans who favour the use of US troops, in per cent: "
        + "; ".join(f"{row['entity']}, {row['period']}: {row['value']:.0f}" for _, row in asked.iterrows())
        + ".",
        rows=asked,
        listed=numbers("Share of Americans who favour the use of US troops", asked),
        note=(
            "Chicago Council surveys as reported. Compare the dots of one year, or of one row; the questions differ "
            "in more than the protégé. The figure for Taiwan in 2024 is derived from the change to 2025."
        ),
    )
