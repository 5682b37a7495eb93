"""HTML that a cell displays, with the style it needs outside the book."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path


@cache
def style() -> str:
    """Style of everything that ``show`` displays; the book links it once instead of keeping it in each output."""
    return Path(__file__).with_name("show.css").read_text(encoding="utf-8")


@dataclass(frozen=True, repr=False)
class Html:
    """A piece of HTML that displays itself in notebooks and reads as plain text elsewhere."""

    body: str

    def _repr_html_(self) -> str:
        return f"<style data-show>{style()}</style>\n{self.body}"

    def __repr__(self) -> str:
        return " ".join(re.sub(r"<[^>]+>", " ", self.body).split())


def table(caption: str, heads: Sequence[str], rows: Iterable[str]) -> str:
    """Set rows of cells under heads, in a region that scrolls by itself on a narrow screen."""
    columns = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return (
        f'<div class="shown-scroll" role="region" aria-label="{escape(caption)}" tabindex="0"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{columns}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
