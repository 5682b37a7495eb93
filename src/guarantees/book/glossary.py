"""Links from the first use of a term on a page to its entry in the glossary.

They are made when the book is built, so that a chapter stays plain text in a live notebook.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from guarantees import catalog

GLOSSARY = "chapters/reference/glossary"
BIBLIOGRAPHY = "chapters/reference/bibliography"
LINKED_IN = (nodes.paragraph,)
NEVER_IN = (
    nodes.block_quote,
    nodes.caption,
    nodes.literal,
    nodes.math,
    nodes.raw,
    nodes.reference,
    nodes.table,
    nodes.title,
)


class Term(NamedTuple):
    """A term of the glossary."""

    id: str
    definition: str


@cache
def terms() -> dict[str, Term]:
    """Terms of the glossary with their entries."""
    rows = catalog.load("glossary")
    return {row["term"]: Term(row["id"], row["definition"]) for _, row in rows.iterrows()}


def pattern(term: str) -> str:
    """Write a regular expression for a term and its plural, blind to line breaks and the kind of apostrophe.

    Examples
    --------
    >>> bool(re.fullmatch(pattern("price basis"), "price bases"))
    True
    >>> bool(re.fullmatch(pattern("treaty"), "treaties"))
    True
    """
    words = r"\s+".join(re.escape(word) for word in term.split()).replace("'", "['’]")
    for ending, plural in (("y", "ies"), ("is", "es")):
        if words.endswith(ending):
            return f"{words.removesuffix(ending)}(?:{ending}|{plural})"
    return f"{words}s?"


def link_first_uses(document: nodes.document, known: Mapping[str, Term], glossary: str) -> None:
    """Link the first use of each term in running text; of two terms that fit, the longer one counts.

    Parameters
    ----------
    document : nodes.document
        Changed in place.
    known : mapping of str to Term
    glossary : str
        Address of the page that defines them.
    """
    ordered = sorted(known, key=len, reverse=True)
    either = "|".join(f"({pattern(term)})" for term in ordered)
    whole = re.compile(rf"(?<![\w-])(?:{either})(?![\w-])", re.IGNORECASE)
    linked: set[str] = set()
    for text in list(document.findall(nodes.Text)):
        if not is_running_text(text):
            continue
        pieces: list[nodes.Node] = []
        end = 0
        for match in whole.finditer(text):
            term = ordered[(match.lastindex or 0) - 1]
            if term in linked:
                continue
            linked.add(term)
            pieces += [nodes.Text(text[end : match.start()]), _link(match[0], known[term], glossary)]
            end = match.end()
        if pieces:
            text.parent.replace(text, [*pieces, nodes.Text(text[end:])])


def is_running_text(text: nodes.Text) -> bool:
    """Tell whether text stands in a paragraph or list item, outside links, code, quotations, tables and headings."""
    above: nodes.Node | None = text.parent
    found = False
    while above is not None:
        if isinstance(above, NEVER_IN):
            return False
        found = found or isinstance(above, LINKED_IN)
        above = above.parent
    return found


def _link(word: str, term: Term, glossary: str) -> nodes.reference:
    return nodes.reference(
        "",
        word,
        internal=True,
        refuri=f"{glossary}#term-{term.id}",
        reftitle=term.definition,
        classes=["glossary-term"],
    )


class LinkTerms(SphinxPostTransform):
    """Link terms on every page of a book with a glossary, except there and in the bibliography."""

    default_priority = 500  # after citations and references have become links
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Link the first uses."""
        here = self.env.docname
        if GLOSSARY in self.env.found_docs and here not in (GLOSSARY, BIBLIOGRAPHY):
            link_first_uses(self.document, terms(), self.app.builder.get_relative_uri(here, GLOSSARY))
