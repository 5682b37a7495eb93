"""What every page gets besides its own text: widgets readable without JavaScript, sources, the bibliography."""

import re
import shutil
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from guarantees import catalog, show
from guarantees.book.glossary import BIBLIOGRAPHY
from guarantees.show import download

DATA = "data"
PAGE_LINK = re.compile(r'<a data-page href="(?P<page>[\w./-]+)\.md')
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
EXERCISE = re.compile(r'<a [^>]*data-exercise="(?P<name>[^"]+)"[^>]*>[^<]*</a>')
SOURCE = re.compile(r'data-source="([^"]+)"')


class KeepTextEquivalent(SphinxPostTransform):
    """Keep a widget's ``text/html`` beside its view: the bundle removes it once the widget is alive."""

    default_priority = 3  # before myst-nb selects one type of each output

    def run(self, **kwargs: Any) -> None:
        """Move the text into the view's container."""
        for output in self.document.findall(nodes.container):
            if output.get("nb_element") != "mime_bundle":
                continue
            by_type = {child["mime_type"]: child for child in output.findall(nodes.container) if "mime_type" in child}
            if WIDGET_VIEW in by_type and "text/html" in by_type:
                text = "".join(node.astext() for node in by_type["text/html"].findall(nodes.raw))
                html = f'<div class="text-equivalent">{text}</div>'
                by_type[WIDGET_VIEW] += nodes.raw(html, html, format="html")


def copy_data(app: Sphinx) -> None:
    """Put the published data where a live notebook has them too, so that one link serves both."""
    if app.builder.format != "html":
        return
    (app.outdir / DATA).mkdir(parents=True, exist_ok=True)
    for path in download.files():
        shutil.copy(path, app.outdir / DATA)


def point_to_pages(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Turn links that outputs make to a notebook into links to its page."""
    if context.get("body"):
        context["body"] = PAGE_LINK.sub(r'<a href="\g<page>.html', context["body"])


def append_bibliography(app: Sphinx, docname: str, source: list[str]) -> None:
    """Add the directive that a live notebook could not draw."""
    if docname == BIBLIOGRAPHY:
        source[0] += "\n```{bibliography}\n:all:\n```\n"


def append_sources(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """End a chapter with its date and the sources that its excerpts and tables show."""
    as_of = app.env.metadata.get(pagename, {}).get("as_of")
    if not as_of:
        return
    cited = sorted(set(SOURCE.findall(context["body"])))
    items = "".join(f"<li>{show.source(catalog.row('sources', name))}</li>" for name in cited)
    listed = f"<p>Sources shown on this page:</p><ul>{items}</ul>" if items else ""
    context["body"] += f'<footer class="page-sources"><p>Facts as of {escape(show.month(as_of))}.</p>{listed}</footer>'


def offer_exercises_on_binder(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Add a Binder link after each exercise, made from the page's own Binder button."""
    buttons = [button for group in context.get("header_buttons", []) for button in group.get("buttons", [])]
    binder = next((button["url"] for button in buttons if button.get("text") == "Binder"), None)
    if not binder or not context.get("body"):
        return

    def link(match: re.Match[str]) -> str:
        name = match["name"]
        url = binder.replace(f"{pagename}.md", f"exercises/{name}/{name}.ipynb")
        return f'{match[0]} (<a href="{escape(url)}">open it on Binder</a>)'

    context["body"] = EXERCISE.sub(link, context["body"])
