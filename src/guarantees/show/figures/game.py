"""The guarantee game drawn as a tree."""

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import NamedTuple

from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from guarantees.deterrence import Design, solve
from guarantees.show.figures.canvas import ACCENT, INK, MUTED, SMALL, STYLE, WIDTH, canvas, svg
from guarantees.show.html import Html, Row, table

EXAMPLE = Design(k=0.6, q=0.5, e=0.25)
MOVERS = ("protégé", "adversary", "the promise", "guarantor")
# In inches from the left: the four moves, and the endings.
COLUMNS = (0.08, 0.9, 1.72, 2.62, 3.42)
ROW, GAP = 0.34, 0.2


ALTERNATIVE = (
    "Tree of the guarantee game. First the protégé restrains itself or provokes. Then the adversary holds, which ends "
    "the game without war, or attacks. After an attack chance decides whether the promise stands or lapses: it lapses "
    "with probability e times q after restraint, and q after a provocation. Last, the guarantor fights, so that the "
    "protégé is helped, or abandons it: its word is broken if the promise stands, and the protégé is left alone if it "
    "has lapsed."
)
NOTE = (
    "Each of the three learns one number just before it moves and keeps it to itself: the protégé its gain from "
    "provoking, the adversary and the guarantor their cost of war. All else is seen by all. Entrapment is the part of "
    "the help after a provocation that the guarantor's own interest would not have given."
)


class Ending(NamedTuple):
    """A path through the game.

    Attributes
    ----------
    moves : tuple of str
        What the protégé, the adversary, chance and the guarantor do; two moves if there is no attack.
    name : str
    share : float
        How often the example ends so.
    """

    moves: tuple[str, ...]
    name: str
    share: float


def endings(design: Design = EXAMPLE) -> Iterator[Ending]:
    """Follow every path of the game, in the order in which the tree shows them.

    Parameters
    ----------
    design : Design
        Of one game in the default world.
    """
    outcome = solve(design)
    bound, released = (solve(replace(design, **change)).credibility for change in ({"q": 0}, {"k": 0}))
    lapse = design.e * design.q
    for move, chance, attack, release in (
        ("restrains", 1 - outcome.provocation, outcome.attack, lapse),
        ("provokes", outcome.provocation, outcome.attack_provoked, design.q),
    ):
        yield Ending((move, "holds"), "no war", float(chance * (1 - attack)))
        for fate, how_often, fights, deserted in (
            ("stands", 1 - release, bound, "word broken"),
            ("lapses", release, released, "left alone"),
        ):
            reached = chance * attack * how_often
            yield Ending((move, "attacks", fate, "fights"), "helped", float(reached * fights))
            yield Ending((move, "attacks", fate, "abandons"), deserted, float(reached * (1 - fights)))


def game_tree() -> Html:
    """Show the moves of the guarantee game, who makes them in which order, and how the game can end."""
    paths = list(endings())
    rows = [Row((*path.moves, *[""] * (4 - len(path.moves)), path.name, f"{1000 * path.share:.0f}")) for path in paths]
    listed = table(
        f"The ten endings, and how often each is reached with k = {EXAMPLE.k:g}, q = {EXAMPLE.q:g}, e = {EXAMPLE.e:g}",
        ("Protégé", "Adversary", "Promise", "Guarantor", "Ending", "Of 1,000 plays"),
        rows,
    )
    with style.context(STYLE):
        drawn = svg("game_tree", _draw([path.name for path in paths]), ALTERNATIVE)
    return Html(
        '<figure class="shown"><p class="shown-title">Four moves and ten endings: the last to move knows whether its '
        f"promise still stands</p>{drawn}<figcaption>{escape(NOTE)}</figcaption>"
        f"<details><summary>The endings as a table</summary>{listed}</details></figure>"
    )


def _draw(names: list[str]) -> Figure:
    half = len(names) // 2
    heights = [-ROW * place - (GAP if place >= half else 0) for place in range(len(names))]
    picture, axes = canvas(ROW * (len(names) + 1.2) + GAP, left=0, right=0, below=0.05)
    axes.set(xlim=(0, WIDTH), ylim=(heights[-1] - ROW / 2, 1.5 * ROW))
    axes.set_axis_off()
    for column, mover in zip(COLUMNS, MOVERS, strict=False):
        axes.annotate(mover, (column, 1.1 * ROW), fontsize=SMALL, color=MUTED)
    nodes = [_subtree(axes, heights[:half], "eq"), _subtree(axes, heights[half:], "q")]
    _fork(axes, COLUMNS[0], COLUMNS[1], nodes, ("restrains", "provokes"))
    for height, name in zip(heights, names, strict=True):
        axes.annotate(name, (COLUMNS[-1] + 0.07, height), va="center")
    return picture


def _subtree(axes: Axes, heights: list[float], lapse: str) -> float:
    """Draw what follows the protégé's move; return the height of the adversary's node."""
    _, adversary, chance, guarantor, end = COLUMNS
    pairs = [heights[1:3], heights[3:5]]
    for pair in pairs:
        _fork(axes, guarantor, end, pair, ("fights", "abandons"))
    middles = [sum(pair) / 2 for pair in pairs]
    _fork(axes, chance, guarantor, middles, ("stands", f"lapses ({lapse})"), ACCENT, "D")
    attacked = sum(middles) / 2
    _fork(axes, adversary, chance, [heights[0], attacked], ("holds", "attacks"))
    axes.plot([chance, end], [heights[0]] * 2, color=MUTED, linestyle=":", linewidth=1)
    return (heights[0] + attacked) / 2


def _fork(
    axes: Axes,
    left: float,
    right: float,
    heights: list[float],
    words: tuple[str, str],
    colour: str = INK,
    marker: str = "o",
) -> None:
    """Draw a node and its two branches, each with its word above."""
    middle = sum(heights) / 2
    for height, word in zip(heights, words, strict=True):
        axes.plot([left, left, right], [middle, height, height], color=colour, linewidth=1.2, solid_joinstyle="miter")
        axes.annotate(word, (left + 0.07, height + 0.05), fontsize=SMALL)
    axes.plot(left, middle, color=colour, marker=marker, clip_on=False)
