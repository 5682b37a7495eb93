"""The built book in a headless browser."""

import functools
import http.server
import json
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.chromium import ROOT, launch_options

HTML = ROOT / "_build" / "html"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# A deadline would be a timing assertion.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
# How long to wait for what must come; two busy processes on a small machine are slow.
expect.set_options(timeout=20_000)

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
# Every widget of the page is drawn, next to the script that calls for it: the book's own script starts after "load".
ALIVE = """() => [...document.querySelectorAll('script[type="application/vnd.jupyter.widget-view+json"]')]
  .every((script) => "ready" in (script.previousElementSibling?.dataset ?? {}))"""
NEXT_FRAME = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


def in_every_look(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test in both themes, on a desktop and on a phone: its parameters ``theme`` and ``viewport``."""
    sizes = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
    return pytest.mark.parametrize("theme", ["light", "dark"])(sizes(test))


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Address of the built book on the loopback interface."""
    assert (HTML / "index.html").exists(), "Build the book first: make book"
    handler = functools.partial(QuietHandler, directory=HTML)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open a page of the book, its widgets alive; its console and what it asks of other sites must stay empty."""
    contexts, console, outside = [], [], []

    def open_page(path: str, origin: str = "http", **context_options: object) -> Page:
        base = site if origin == "http" else HTML.as_uri()
        context = browser.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce", **context_options})
        contexts.append(context)
        page = context.new_page()

        def note_message(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                console.append(message.text)

        def note_request(request: Request) -> None:
            if not request.url.startswith((base, "blob:", "data:")):
                outside.append(request.url)

        page.on("console", note_message)
        page.on("pageerror", lambda error: console.append(str(error)))
        page.on("request", note_request)
        page.goto(f"{base}/{path}", wait_until="load")
        if context_options.get("java_script_enabled", True):
            page.wait_for_function(ALIVE)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not console, f"console: {console}"
    assert not outside, f"requests to other sites: {outside}"


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """Violations of WCAG 2.2 AA and best practice, one line each, in a page or in what a selector finds there."""
    script = AXE.read_text(encoding="utf-8")

    def axe(page: Page, within: str = "html") -> list[str]:
        # So that nothing is hovered over, and the theme's sticky header covers nothing, when that has been drawn.
        page.mouse.move(0, 0)
        page.evaluate("scrollTo(0, 0)")
        page.evaluate(NEXT_FRAME)
        page.evaluate(script)
        options = json.dumps({"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]})
        found = page.evaluate(f"axe.run({json.dumps(within)}, {options})")
        return [
            f"{violation['id']}: {node['html'][:200]} ({' '.join(check['message'] for check in node['any'][:1])})"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return axe
