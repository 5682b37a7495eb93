"""HTML that a cell displays, with the style it needs outside the book."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from guarantees.widgets import palette


@cache
def style() -> str:
    """Style of everything that ``show`` displays; the book links it once instead of keeping it in each output."""
    return palette.css() + Path(__file__).with_name("show.css").read_text(encoding="utf-8")


@dataclass(frozen=True, repr=False)
class Html:
    """A piece of HTML that displays itself in notebooks and reads as plain text elsewhere."""

    body: str

    def _repr_html_(self) -> str:
        return f"<style data-show>{style()}</style>\n{self.body}"

    def __repr__(self) -> str:
        return " ".join(re.sub(r"<[^>]+>", " ", self.body).split())


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes
    ----------
    cells : sequence of str
        HTML; the first cell names the row.
    source : str
        Id of the source that the row rests on.
    anchor : str
        What a link to the row points to.
    small : str
        HTML of a line in small print below the row.
    """

    cells: Sequence[str]
    source: str = ""
    anchor: str = ""
    small: str = ""


def table(caption: str, heads: Sequence[str], rows: Iterable[Row], stack: bool = False) -> str:
    """Set rows of cells under heads, in a region that scrolls by itself on a narrow screen.

    Parameters
    ----------
    stack : bool
        For cells of prose: on a narrow screen the cells of a row stand below one another, each with its head.
    """
    columns = "".join(f'<th scope="col" role="columnheader">{escape(head)}</th>' for head in heads)
    body = "".join(_row(row, heads) for row in rows)
    # A browser takes a stacked table for none: the roles say that it still is one.
    return (
        f'<div class="shown-scroll" role="region" aria-label="{escape(caption)}" tabindex="0">'
        f'<table role="table"{" class=stacks" if stack else ""}><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{columns}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
    )


def _row(row: Row, heads: Sequence[str]) -> str:
    anchor = f' id="{escape(row.anchor)}"' if row.anchor else ""
    source = f' data-source="{escape(row.source)}"' if row.source else ""
    cells = "".join(
        f'<td role="cell" data-head="{escape(head)}">{cell}</td>'
        for head, cell in zip(heads[1:], row.cells[1:], strict=True)
    )
    small = f'<tr role="row" class="small"><td role="cell" colspan="{len(heads)}">{row.small}</td></tr>'
    return (
        f'<tr role="row"{anchor}{source}><th scope="row" role="rowheader">{row.cells[0]}</th>{cells}</tr>'
        f"{small if row.small else ''}"
    )
