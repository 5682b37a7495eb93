"""A widget's view in an open page, on a model that holds traits and no more: no kernel, no bundle."""

from typing import Any

from playwright.sync_api import Locator, Page

from guarantees.widgets import front_end

MOUNT = """async ([script, style, traits]) => {
  const handlers = new Set();
  const model = {
    get: (name) => traits[name],
    set: (name, value) => { traits[name] = value; handlers.forEach((handler) => handler()); },
    save_changes: () => {},
    on: (_, handler) => handlers.add(handler),
    off: (_, handler) => handlers.delete(handler),
  };
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  const el = document.createElement("div");
  el.className = "mounted";
  (document.querySelector("main article") ?? document.body).prepend(el);
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const { default: widget } = await import(url);
  const leave = widget.render({ model, el });
  window.mounted = { model, handlers, leave };
}"""


def mount(page: Page, name: str, traits: dict[str, Any]) -> Locator:
    """Draw the widget of ``<name>.js`` at the top of the page."""
    page.evaluate(MOUNT, [front_end.script(name), front_end.style(name), traits])
    return page.locator(".mounted").first
