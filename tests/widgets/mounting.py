"""A widget's view in an open page, on a model that holds traits and no more: no kernel, no bundle.

The element has the choices of its view as a property: ``expect(element).to_have_js_property("choices", {...})``.
"""

from typing import Any

from playwright.sync_api import Locator, Page

from guarantees.widgets import front_end

MOUNT = """async ([script, style, traits]) => {
  const handlers = new Set();
  const model = {
    get: (name) => traits[name],
    set: (name, value) => {
      Object.assign(traits, typeof name === "string" ? { [name]: value } : name);
      handlers.forEach((handler) => handler());
    },
    save_changes: () => {},
    on: (_, handler) => handlers.add(handler),
    off: (_, handler) => handlers.delete(handler),
  };
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  const el = document.createElement("div");
  el.className = "mounted";
  const choices = () => Object.fromEntries(Object.keys(traits.setup.defaults).map((name) => [name, traits[name]]));
  Object.defineProperty(el, "choices", { get: choices });
  (document.querySelector("main article") ?? document.body).prepend(el);
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const { default: widget } = await import(url);
  const leave = widget.render({ model, el });
  window.mounted = { model, handlers, leave };
  // After this the view knows its width and has drawn to it.
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
}"""
FOLLOW = """(hash) => new Promise((followed) => {
  history.replaceState(null, "", location.pathname);
  addEventListener("hashchange", () => followed(), { once: true });
  location.hash = hash;
})"""
MODULE = """async (script) => {
  window.shared = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
}"""


def mount(page: Page, name: str, traits: dict[str, Any]) -> Locator:
    """Draw the widget of ``<name>.js`` at the top of the page."""
    page.evaluate(MOUNT, [front_end.script(name), front_end.style(name), traits])
    return page.locator(".mounted").first


def mount_view(page: Page, view: front_end.View) -> Locator:
    """Draw a view that Python made at the top of the page, without its stock controls."""
    traits = {name: view.get_state(name)[name] for name in view.keys if not name.startswith("_")}
    page.evaluate(MOUNT, [view._esm, view._css, traits])
    return page.locator(".mounted").first


def shared_functions(page: Page) -> None:
    """Make what ``front_end.js`` exports available as ``shared`` in the page."""
    page.evaluate(MODULE, (front_end.HERE / "front_end.js").read_text(encoding="utf-8"))
