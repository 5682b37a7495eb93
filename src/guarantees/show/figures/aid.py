"""US aid to Israel."""

import pandas as pd

from guarantees.show.figures.canvas import ACCENT, INK, SMALL, Drawing, canvas, face, figure_rows
from guarantees.show.tables import numbers

CLAIMS = {
    "military assistance to date, as the article says": "Stimson says",
    "military aid to date, as the article says": "19FortyFive says over",
}


def year(period: str) -> int:
    """Read the year of an ISO date."""
    return int(period[:4])


def israel_aid_bases() -> Drawing:
    """Total US aid to Israel by price basis, and what two articles make of it."""
    totals, stated = figure_rows("israel_aid_cumulative"), figure_rows("article_statements")
    claims = stated[stated["item"].isin(list(CLAIMS))]
    current = totals[totals["price_basis"] == "current dollars"]
    constant = totals[totals["price_basis"] != "current dollars"]
    picture, axes = canvas(4.2, left=0.6)
    axes.plot(current["period"].map(year), current["value"], color=INK, marker="o")
    first, last = current.iloc[0], current.iloc[-1]

    def label(row: pd.Series, text: str, dx: float, dy: float, side: str) -> None:
        at = (year(row["period"]), row["value"])
        axes.annotate(text, at, (dx, dy), textcoords="offset points", ha=side, fontsize=SMALL)

    label(first, f"{first['value']:.0f}", 0, 8, "center")
    label(last, f"{last['value']:.0f} in dollars of each year", 8, -34, "right")
    for (_, row), dy in zip(constant.iterrows(), (-8, 2), strict=True):
        axes.plot(year(row["period"]), row["value"], color=ACCENT, marker="D", markerfacecolor=face(row, ACCENT))
        label(row, f"{row['value']:.0f} in {row['price_basis']}", -9, dy, "right")
    for (_, row), (dx, dy) in zip(claims.iterrows(), ((8, 14), (9, -30)), strict=True):
        axes.plot(year(row["period"]), row["value"], color=INK, marker="o", markersize=13, markerfacecolor="none")
        label(row, f"{CLAIMS[row['item']]} {row['value']:.0f}", dx, dy, "right")
    axes.set(ylim=(0, 345), xlim=(2012.4, 2025.6), ylabel="billion US dollars")
    axes.set_xticks(range(2013, 2026, 3))
    rows = pd.concat([totals, claims])
    return Drawing(
        finding="One total, two price bases: neither article counts military aid alone",
        picture=picture,
        alternative=(
            f"Line of all US aid to Israel in dollars of each year, from {first['value']:.0f} billion in 2013 to "
            f"{last['value']:.0f} billion in 2023. Far above it two points for 2024 in constant dollars, "
            f"{' and '.join(f'{value:.0f}' for value in constant['value'])} billion. Rings mark what two articles call "
            f"military aid: one stands on the end of the line, {claims['value'].iloc[0]:.0f} billion, the other beside "
            f"the points in constant dollars, {claims['value'].iloc[1]:.0f} billion."
        ),
        rows=rows,
        listed=numbers("Total US aid to Israel", rows),
        note=(
            "Every total includes economic aid. The rings are what the two articles call military; neither states its "
            "prices. Hollow diamonds: reported by a summary of the source, whose own table was not read."
        ),
    )
