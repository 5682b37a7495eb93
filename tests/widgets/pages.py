"""Any widget in a page of the book, alive: the real bundle, theme and stock controls, but no chapter that shows it."""

import json
import re
from collections.abc import Callable

import ipywidgets
from ipywidgets.embed import dependency_state
from playwright.sync_api import Page, Route

from guarantees.widgets.front_end import TextEquivalent
from tests.conftest import ALIVE, HTML

CHAPTER = "chapters/models/israel.html"
START = "_static/pygments.css"  # a small file of the site, so that the page has an address
PATH = "chapters/models/widget.html"
STATE = re.compile(r'(<script type="application/vnd\.jupyter\.widget-state\+json">).*?(</script>)', re.DOTALL)
ARTICLE = re.compile(r'(<article class="bd-article">).*?(</article>)', re.DOTALL)
CONTENTS = re.compile(r'(<nav id="pst-page-toc-nav"[^>]*>).*?(</nav>)', re.DOTALL)
VIEW = "application/vnd.jupyter.widget-view+json"
OUTPUT = (
    '<div class="cell tag_remove-input docutils container"><div class="cell_output docutils container">'
    '<script type="{type}">{view}</script><div class="text-equivalent">{text}</div></div></div>'
)
OpenPage = Callable[..., Page]


def embedded(content: object) -> str:
    return json.dumps(content).replace("</", "<\\/")


def page_with(*widgets: TextEquivalent) -> str:
    """The built chapter with widgets in place of its text, one paragraph before and after each."""
    shown = [widget._repr_mimebundle_()[0] for widget in widgets]
    outputs = [OUTPUT.format(type=VIEW, view=embedded(each[VIEW]), text=each["text/html"]) for each in shown]
    between = '<p class="between">Text of a chapter.</p>'
    article = f"<h1>Widgets</h1>{between}{between.join(outputs)}{between}"
    parts = [widget for widget in widgets if isinstance(widget, ipywidgets.Widget)]
    state = embedded({"version_major": 2, "version_minor": 0, "state": dependency_state(parts, drop_defaults=False)})
    html = (HTML / CHAPTER).read_text(encoding="utf-8")
    html = CONTENTS.sub(r"\1\2", html)
    html = ARTICLE.sub(lambda match: f"{match[1]}{article}{match[2]}", html)
    return STATE.sub(lambda match: f"{match[1]}{state}{match[2]}", html)


def open_widgets(open_page: OpenPage, *widgets: TextEquivalent, fragment: str = "", **context: object) -> Page:
    """Open a page that shows widgets, and wait until they are alive."""
    page = open_page(START, **context)
    html = page_with(*widgets)

    def fulfill(route: Route) -> None:
        route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route(f"**/{PATH}", fulfill)
    page.goto(f"{page.url.removesuffix(START)}{PATH}{fragment and '#'}{fragment}", wait_until="load")
    page.wait_for_function(ALIVE)
    return page
