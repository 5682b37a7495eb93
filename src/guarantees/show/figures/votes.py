"""Votes of the US Senate on treaties."""

from guarantees.show.figures.canvas import INK, RULE, SMALL, Drawing, canvas, dot_rows, face, figure_rows
from guarantees.show.tables import numbers

NEEDED = 200 / 3


def senate_votes() -> Drawing:
    """Share of yeas among the votes that the Senate cast on treaties of alliance."""
    rows = figure_rows("senate_votes")
    keys = ["period", "entity", "status"]
    votes = rows.pivot(index=keys, columns="item", values="value").reset_index().sort_values("period", kind="stable")
    votes["share"] = 100 * votes["yeas"] / (votes["yeas"] + votes["nays"])
    picture, axes = canvas(0.44 * len(votes) + 0.5, right=0.6)
    heights = dot_rows(axes, [f"{row['period'][:4]}  {row['entity']}" for _, row in votes.iterrows()])
    for height, (_, row) in zip(heights, votes.iterrows(), strict=True):
        axes.plot(row["share"], height, color=INK, marker="o", markerfacecolor=face(row, INK))
        axes.annotate(
            f"{row['yeas']:.0f}–{row['nays']:.0f}",
            (102, height),
            ha="left",
            va="center",
            fontsize=SMALL,
            annotation_clip=False,
        )
    axes.hlines(heights, NEEDED, 101, color=RULE, linewidth=0.8, zorder=0)
    axes.set(xlim=(NEEDED, 101))
    axes.set_xticks([NEEDED, 80, 90, 100], ["two thirds", "80%", "90%", "100%"])
    axes.get_xticklabels()[0].set_horizontalalignment("left")
    closest = votes.sort_values("share").iloc[0]
    return Drawing(
        finding=f"Each of these {len(votes)} votes cleared two thirds; the closest came in {closest['period'][:4]}",
        picture=picture,
        alternative=(
            f"Dots for {len(votes)} Senate votes on treaties from {votes['period'].iloc[0][:4]} to "
            f"{votes['period'].iloc[-1][:4]}: the share of yeas lies between {votes['share'].min():.0f} and "
            f"{votes['share'].max():.0f} per cent, always right of the two thirds that consent needs. The lowest is "
            f"{closest['entity']}, {closest['yeas']:.0f} to {closest['nays']:.0f}."
        ),
        rows=rows,
        listed=numbers("Senate votes", rows),
        note=(
            "Yeas as a share of votes cast; the left end is the two thirds that consent needs. Hollow: not checked "
            "against a copy of the record. Treaties approved by voice, and those never put to a vote, are not here, so "
            "that this is no sample of chances."
        ),
    )
