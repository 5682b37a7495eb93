"""US troops by country and year."""

from guarantees.show.figures.canvas import MUTED, SMALL, Drawing, canvas, figure_rows, model_colours
from guarantees.show.html import Row, table
from guarantees.widgets import palette

# The model that each country stands for, and how far to move its label so that no two meet.
COUNTRIES = {
    "Japan": ("mutual_defence_treaty", 5),
    "Germany": ("nato_article5", 0),
    "South Korea": ("south_korea", -5),
    "Israel": ("israel_qme", 0),
}
DOUBTFUL = 2008


def us_troops() -> Drawing:
    """US active-duty troops in four countries since 1950."""
    rows = figure_rows("us_troops")
    years = rows.assign(period=rows["period"].astype(int)).pivot(index="period", columns="entity", values="value")
    picture, axes = canvas(4.2, left=0.72, right=1.5)
    looks, colours = palette.looks(), model_colours()
    for country, (model, shift) in COUNTRIES.items():
        series = years[country]
        axes.plot(
            series.where(series.index != DOUBTFUL),
            color=colours[model],
            marker=looks[model].marker,
            markevery=10,
            markersize=5,
        )
        for when, fill in ((DOUBTFUL, "none"), (series.index[-1], colours[model])):
            axes.plot(
                when,
                series[when],
                color=colours[model],
                marker=looks[model].marker,
                markerfacecolor=fill,
                clip_on=False,
            )
        axes.annotate(
            f"{country} {series.iloc[-1]:,.0f}",
            (series.index[-1], series.iloc[-1]),
            (8, shift),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
            annotation_clip=False,
        )
    axes.annotate(f"{DOUBTFUL}: counted twice?", (2014, 2500), ha="right", fontsize=SMALL, color=MUTED)
    axes.set_yscale("log")
    axes.set(ylim=(8, 600_000), xlim=(1949, 2025))
    axes.set_yticks([10, 100, 1000, 10_000, 100_000], ["10", "100", "1,000", "10,000", "100,000"])
    axes.minorticks_off()
    axes.grid(axis="y")
    ends = {country: f"{years[country].iloc[0]:,.0f} to {years[country].iloc[-1]:,.0f}" for country in COUNTRIES}
    listed = table(
        "US active-duty troops",
        ("Year", *COUNTRIES),
        (
            Row((str(when), *(f"{count:,.0f}" for count in counts)), source="troopdata")
            for when, *counts in years[list(COUNTRIES)].itertuples()
        ),
    )
    return Drawing(
        finding="Tens of thousands of US troops in each of three allied countries, about a hundred in Israel",
        picture=picture,
        alternative=(
            "Lines of US active-duty troops on a scale on which each step is ten times the one below, from "
            f"{years.index[0]} to {years.index[-1]}. "
            + "; ".join(f"{country} {span}" for country, span in ends.items())
            + ". The three garrisons stay in the tens of thousands or above from 1951 on, while Israel stays between "
            f"{years['Israel'].min():,.0f} and {years['Israel'].max():,.0f}."
        ),
        rows=rows,
        listed=listed,
        note=(
            "Each step of the scale is ten times the one below. All four countries jump in 2008 (hollow marks), which "
            "looks like a double count in the source."
        ),
    )
