// The widget bundle of the static page: ipywidgets' own controls and anywidget, no kernel, no require.js, no other site.
import "@jupyter-widgets/controls/css/labvariables.css";
import "@jupyter-widgets/controls/css/widgets-base.css";
import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as controls from "@jupyter-widgets/controls";
import { MessageLoop } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import "@lumino/widgets/style/index.css";

const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';

// anywidget's wheel ships an AMD module; the build resolves this name to it.
let anywidget;
globalThis.define = (_dependencies, factory) => {
  anywidget = factory(base);
};
globalThis.define.amd = true;
require("anywidget-amd");
delete globalThis.define;

const MODULES = { "@jupyter-widgets/base": base, "@jupyter-widgets/controls": controls, anywidget };

class PageManager extends ManagerBase {
  async loadClass(name, module) {
    const found = MODULES[module]?.[name];
    if (!found) throw new Error(`The book's widget bundle has no ${module}.${name}`);
    return found;
  }

  async _get_comm_info() {
    return {};
  }

  // Front ends may save state; without a kernel there is nobody to tell.
  async _create_comm() {
    const ignore = () => {};
    return { on_close: ignore, on_msg: ignore, close: ignore, send: ignore };
  }

  async draw(model, host) {
    const view = await this.create_view(model);
    await complete(view);
    Widget.attach(view.luminoWidget, host);
    addEventListener("resize", () => MessageLoop.postMessage(view.luminoWidget, Widget.ResizeMessage.UnknownSize));
  }
}

// Promises that a view is drawn: a box draws its children, and anywidget runs a script, after their own promises.
async function complete(view) {
  if (view.model.get("_esm")) await filled(view.el);
  const children = await Promise.all(view.children_views?.views ?? []);
  await Promise.all(children.map(complete));
}

function filled(element) {
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      resolve();
    });
    observer.observe(element, { childList: true });
    if (element.childElementCount) resolve();
  });
}

// After this a view knows its width and has drawn to it.
async function measured() {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
}

// Long values stand once per site, in scripts of their own (see assets.py).
function restoreShared(models) {
  for (const { state } of Object.values(models)) {
    for (const [trait, value] of Object.entries(state)) {
      const pieces = value?.["@shared"]?.map((digest) => globalThis.sharedTraits[digest]);
      if (pieces) state[trait] = pieces.length > 1 ? pieces.join("\n") : structuredClone(pieces[0]);
    }
  }
}

async function start() {
  const tag = document.querySelector(STATE);
  if (!tag) return;
  const state = JSON.parse(tag.textContent);
  restoreShared(state.state);
  const manager = new PageManager();
  const models = await manager.set_state(state);
  for (const placeholder of document.querySelectorAll(VIEW)) {
    const { model_id } = JSON.parse(placeholder.textContent);
    const model = models.find((candidate) => candidate.model_id === model_id);
    if (!model) continue;
    const text = placeholder.parentElement.querySelector(":scope > .text-equivalent");
    const host = document.createElement("div");
    host.className = "live-widget drawing";
    host.style.cssText = text?.querySelector(":scope > .room")?.style.cssText ?? "";
    placeholder.before(host);
    await manager.draw(model, host);
    await measured();
    text?.remove();
    host.classList.remove("drawing");
    host.dataset.ready = "";
  }
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
else start();
