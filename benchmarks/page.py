"""Weight of a page and time to a live widget, against a stock Jupyter Book page, measured in one run.

Both pages show the same stock slider and the same front end. The stock page's scripts come from outside servers; here
they are replaced by local copies of the same files, so that both pages load from 127.0.0.1, gzipped, over a throttled
line (1.6 Mbit/s, 150 ms, processor four times slower).

    .venv/bin/python -m benchmarks.page
"""

import functools
import gzip
import http.server
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.chromium import ROOT, launch_options

RUNS = 5
SLIDER = ".noUi-handle"
PAGE = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3, display_name: Python 3}
---
# A live page

```{code-cell} ipython3
import ipywidgets
from guarantees.widgets import ModelExplorer

explorer = ModelExplorer()
slider = ipywidgets.IntSlider(description="Level")
ipywidgets.VBox([slider, explorer])
```
"""
CONFIG = """title: Benchmark
only_build_toc_files: true
exclude_patterns: [node_modules]
execute: {execute_notebooks: inline}
sphinx:
  extra_extensions: [%s]
"""
NPM = ROOT / "node_modules"
LOCAL = {
    r"https://cdn[^\"']*require(?:\.min)?\.js": NPM / "requirejs" / "require.js",
    r"https://cdn[^\"']*embed-amd\.js": NPM / "@jupyter-widgets" / "html-manager" / "dist" / "embed-amd.js",
    r"https://cdn[^\"']*tex-[a-z-]+\.js": NPM / "mathjax" / "es5" / "tex-mml-chtml.js",
}
ANYWIDGET = Path(sys.prefix, "share", "jupyter", "nbextensions", "anywidget", "index.js")
WATCH = f"""new MutationObserver(() => {{
  if (!globalThis.liveAt && document.querySelector("{SLIDER}")) globalThis.liveAt = performance.now();
}}).observe(document, {{ childList: true, subtree: true }})"""


def with_tools() -> dict[str, str]:
    """Environment in which the tools of this Python are found first."""
    return {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}


def build(folder: Path, extension: str) -> Path:
    """Build a book of one page, stock or with the project's extension."""
    folder.mkdir()
    (folder / "index.md").write_text(PAGE, encoding="utf-8")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: index\n", encoding="utf-8")
    (folder / "_config.yml").write_text(CONFIG % extension, encoding="utf-8")
    (folder / "node_modules").symlink_to(NPM)
    command = ["jupyter-book", "build", "-q", str(folder)]
    subprocess.run(command, check=True, env=with_tools(), capture_output=True)
    return folder / "_build" / "html"


def localise(html: Path) -> None:
    """Replace a stock page's outside scripts by local copies of the same files."""
    copies = html / "_static" / "local"
    copies.mkdir()
    text = (html / "index.html").read_text(encoding="utf-8")
    for address, file in LOCAL.items():
        text, found = re.subn(address, f"_static/local/{file.name}", text)
        if found:
            minify: list[str | Path] = [NPM / ".bin" / "esbuild", file, "--minify", f"--outfile={copies / file.name}"]
            subprocess.run(minify, check=True, env=with_tools(), capture_output=True)
    text = re.sub(r' (?:integrity|crossorigin)="[^"]*"', "", text)
    # The widget manager fetches third-party widgets from this address followed by <module>@<version>/dist/index.js.
    text = text.replace(
        'data-jupyter-widgets-cdn="https://cdn.jsdelivr.net/npm/"', 'data-jupyter-widgets-cdn="_static/local/"'
    )
    (html / "index.html").write_text(text, encoding="utf-8")


class Gzipped(http.server.SimpleHTTPRequestHandler):
    """Serves files gzipped, as a host of static pages does; a request for anywidget gets the wheel's own file."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        """Answer with the gzipped file."""
        path = ANYWIDGET if "/anywidget@" in self.path else Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            self.send_error(404)
            return
        body = zipped(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@functools.cache
def zipped(path: Path) -> bytes:
    """Gzip a file once."""
    return gzip.compress(path.read_bytes(), 6)


def visit(browser: Browser, address: str) -> dict[str, float]:
    """Open the page with an empty cache on a slow line; count requests, kB and seconds to a live slider."""
    context = browser.new_context()
    page = context.new_page()
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url) if "127.0.0.1" not in request.url else None)
    page.add_init_script(WATCH)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    line = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
    devtools.send("Network.emulateNetworkConditions", line)
    loaded: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    page.goto(address)
    page.wait_for_function("globalThis.liveAt", timeout=60_000)
    page.wait_for_load_state("networkidle")
    live = page.evaluate("globalThis.liveAt") / 1000
    context.close()
    blocked = [url for url in outside if not url.startswith(("blob:", "data:"))]
    if blocked:
        print(f"  asked other sites: {blocked}")
    return {"requests": len(loaded), "kB": sum(loaded) / 1000, "seconds to a live widget": live}


def main() -> None:
    """Build both books, measure them in turn and print medians and ratios."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        pages = {"stock": build(Path(folder, "stock"), ""), "this book": build(Path(folder, "own"), "guarantees.book")}
        localise(pages["stock"])
        browser = playwright.chromium.launch(**launch_options())
        servers = {}
        for name, html in pages.items():
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Gzipped, directory=html))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            servers[name] = server
        visits: dict[str, list[dict[str, float]]] = {name: [] for name in pages}
        for _ in range(RUNS):
            for name, server in servers.items():
                visits[name].append(visit(browser, f"http://127.0.0.1:{server.server_address[1]}/index.html"))
        browser.close()
        for server in servers.values():
            server.shutdown()
    for figure in visits["stock"][0]:
        stock, own = (statistics.median(one[figure] for one in visits[name]) for name in ("stock", "this book"))
        print(f"{figure:26} stock {stock:8.1f}   this book {own:8.1f}   ratio {own / stock:.2f}")


if __name__ == "__main__":
    main()
