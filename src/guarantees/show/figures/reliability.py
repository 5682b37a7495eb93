"""How often alliance promises were kept in war."""

from guarantees.show.figures.canvas import INK, RULE, SMALL, Drawing, canvas, dot_rows, figure_rows
from guarantees.show.tables import numbers

STUDIES = {"leeds-2000": "L", "berkemeier-fuhrmann-2018": "B"}
LEADING_WORDS = "commitments honoured in war, "


def alliance_reliability() -> Drawing:
    """Rates at which alliance promises were kept, by study, period and type of pact."""
    rows = figure_rows("alliance_reliability")
    rates = rows[rows["source"].isin(list(STUDIES)) & rows["item"].str.startswith(LEADING_WORDS)]
    labels = [
        f"{row['item'].removeprefix(LEADING_WORDS)}, {row['period'].replace('-', '–')} ({STUDIES[row['source']]})"
        for _, row in rates.iterrows()
    ]
    picture, axes = canvas(0.48 * len(rates) + 0.5)
    heights = dot_rows(axes, labels)
    axes.hlines(heights, 0, rates["value"], color=RULE, linewidth=0.8, zorder=0)
    for height, value in zip(heights, rates["value"], strict=True):
        axes.plot(value, height, color=INK, marker="o")
        axes.annotate(f"{value:g}", (value, height), (8, 0), textcoords="offset points", va="center", fontsize=SMALL)
    axes.set(xlim=(0, 100))
    axes.set_xticks([0, 50, 100], ["never", "half", "always"])
    axes.get_xticklabels()[0].set_horizontalalignment("left")
    axes.get_xticklabels()[-1].set_horizontalalignment("right")
    return Drawing(
        finding="Kept in three wars of four, or in one of five: it depends on the years and the type of pact",
        picture=picture,
        alternative="Dots for the share of alliance promises kept when war came, in per cent: "
        + "; ".join(f"{label}: {value:g}" for label, value in zip(labels, rates["value"], strict=True))
        + ".",
        rows=rates,
        listed=numbers("Share of alliance promises kept in war", rates),
        note=(
            "L: Leeds, Long and Mitchell (2000). B: Berkemeier and Fuhrmann (2018). Only promises that war has tested "
            "are counted: those that deter are rarely tested, so a low rate does not mean that most promises fail."
        ),
    )
