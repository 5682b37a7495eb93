"""How fast each widget answers: ``python -m benchmarks.widgets``, after ``make book``.

Every control that a widget shows is used in turn, and the time from the event to the end of the next frame is taken in
the page; ``computed`` is the largest share of it that the widget's own script took.
"""

import functools
import http.server
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from guarantees import widgets
from tests.chromium import launch_options
from tests.conftest import HTML, QuietHandler
from tests.widgets.pages import open_widgets

ROUNDS = 3
# Each control is moved as its events would move it; what downloads or copies is left out.
ANSWERS = """async (rounds) => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(0);
  }));
  const LEFT_OUT = /Download|Copy/;
  const send = (element, type) => element.dispatchEvent(new Event(type, { bubbles: true }));
  const key = (element, name) => element.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
  const uses = {
    "input[type=checkbox], input[type=radio]": (input) => input.click(),
    "input[type=range]": (input) => {
      input.value = Number(input.value) > Number(input.max) / 2 ? input.min : input.max;
      send(input, "input");
    },
    "input[type=search]": (input) => { input.value = input.value ? "" : "arms"; send(input, "input"); },
    select: (select) => {
      select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
      send(select, "change");
    },
    ".noUi-handle": (handle) => key(handle, Math.random() < 0.5 ? "ArrowLeft" : "ArrowRight"),
    "td[tabindex], [role=option]": (part) => part.dispatchEvent(new MouseEvent("click", { bubbles: true })),
    "button": (button) => button.click(),
  };
  const host = document.querySelector(".live-widget");
  const usable = (selector) => [...host.querySelectorAll(selector)].filter((each) => !LEFT_OUT.test(each.textContent));
  for (const details of host.querySelectorAll("details")) details.open = true;
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [selector, use] of Object.entries(uses)) {
      usable("button").find(({ textContent }) => textContent === "Reset").click();
      for (const place of usable(selector).keys()) {
        const element = usable(selector)[place];
        if (!element) break;
        await frame();
        const start = performance.now();
        use(element);
        const computed = performance.now() - start;
        await frame();
        times.push([selector, computed, performance.now() - start]);
      }
    }
  }
  return times;
}"""


@contextmanager
def pages() -> Iterator[Any]:
    """Give what opens a page of the built book."""
    handler = functools.partial(QuietHandler, directory=HTML)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser: Browser = playwright.chromium.launch(**launch_options())

        def open_page(path: str) -> Page:
            page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
            page.goto(f"http://127.0.0.1:{server.server_address[1]}/{path}")
            return page

        yield open_page
        browser.close()
        server.shutdown()


def main() -> None:
    """Print the distribution of answers for each widget."""
    print(f"{'widget':20}{'uses':>6}{'median':>10}{'95 %':>10}{'largest':>10}{'computed':>10}  slowest control (ms)")
    with pages() as open_page:
        for name in widgets.__all__:
            if name == "Quiz":
                continue
            page = open_widgets(open_page, getattr(widgets, name)())
            answers = page.evaluate(ANSWERS, ROUNDS)
            computed, shown = (sorted(answer[part] for answer in answers) for part in (1, 2))
            slowest = max(answers, key=lambda answer: answer[2])[0]
            spread = [
                statistics.median(shown),
                statistics.quantiles(shown, n=20, method="inclusive")[-1],
                shown[-1],
                computed[-1],
            ]
            print(f"{name:20}{len(answers):6}{''.join(f'{time:10.1f}' for time in spread)}  {slowest}")
            page.close()


if __name__ == "__main__":
    main()
