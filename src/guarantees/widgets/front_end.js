// What every widget shares: elements, the set-up and its permalink, the toolbar, exports. See front_end.py.
const SVG = "http://www.w3.org/2000/svg";
const EMBEDDED_STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';

// ---- Elements

// fill(element, "text", node, [node]): the element with new content. Strings become text, never markup.
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  return fill(element, ...children);
}

// h("button", { type: "button", onclick: act }, "Check"): a new element.
export function h(tag, attributes = {}, ...children) {
  return build(document.createElement(tag), attributes, children);
}

// s("path", { d: "M0 0h9" }): a new element of an SVG picture.
export function s(tag, attributes = {}, ...children) {
  return build(document.createElementNS(SVG, tag), attributes, children);
}

export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

// Dress a view's element. JupyterLab's own shortcuts (Enter, letters) must not act on keys meant for the widget.
export function dress(el, name) {
  el.classList.add("guarantee-widget", name);
  el.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  });
}

// The shape of a model, in its colour: drawn by itself, or at a place in a picture.
export function marker(id, look) {
  const path = s("path", { d: look.path, fill: `var(--model-${id})` });
  return s("svg", { class: "marker", viewBox: "0 0 16 16", "aria-hidden": "true" }, path);
}

export function markerAt(id, look, x, y, size = 16) {
  const move = `translate(${x - size / 2} ${y - size / 2}) scale(${size / 16})`;
  return s("path", { class: "mark", d: look.path, fill: `var(--model-${id})`, transform: move });
}

// Call draw(width) now that the element has a width, and whenever it changes. Gives what stops it.
export function onWidth(element, draw) {
  let last = 0;
  const observer = new ResizeObserver(() => {
    const width = Math.floor(element.clientWidth);
    if (width && width !== last) draw((last = width));
  });
  observer.observe(element);
  return () => observer.disconnect();
}

// ---- A set-up as text: models=~nato_article5~israel_qme,weights=~arms:3,search=armed+attack
// Booleans and numbers stand as in JSON; texts are percent-encoded, with an underscore before one that would read as
// something else. Each item of a list follows a ~, and so does each name:value of a mapping.

const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/;
const percent = (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const isMapping = (value) => typeof value === "object" && !Array.isArray(value);

function writeText(text) {
  const safe = encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
  const plain = safe.replaceAll("%20", "+").replace(/[!'()*~]|^_|[.-]$/g, percent);
  return ["", "true", "false"].includes(text) || NUMBER.test(text) ? `_${plain}` : plain;
}

function readText(text) {
  try {
    return decodeURIComponent(text.replace(/^_/, "").replaceAll("+", " "));
  } catch {
    throw new Error(`“${text}” is garbled`);
  }
}

function writeOne(value) {
  return typeof value === "string" ? writeText(value) : String(value).replace("+", "");
}

function readOne(text) {
  if (text === "true" || text === "false") return text === "true";
  return NUMBER.test(text) ? Number(text) : readText(text);
}

function write(value) {
  if (typeof value !== "object") return writeOne(value);
  if (Array.isArray(value)) return value.map((item) => `~${writeOne(item)}`).join("") || "~";
  return (
    Object.entries(value)
      .map(([name, item]) => `~${writeText(name)}:${writeOne(item)}`)
      .join("") || "~:"
  );
}

function read(text) {
  if (!text.startsWith("~")) return readOne(text);
  if (text.length === 1) return [];
  const items = text.slice(1).split("~");
  if (!text.includes(":")) return items.map(readOne);
  const pairs = items.filter((item) => item !== ":").map((item) => item.split(":"));
  if (pairs.some((pair) => pair.length !== 2)) throw new Error(`“${text}” is garbled`);
  return Object.fromEntries(pairs.map(([name, item]) => [readText(name), readOne(item)]));
}

function kind(value) {
  if (Array.isArray(value)) return "a list";
  const kinds = { boolean: "true or false", number: "a number", string: "a text" };
  return kinds[typeof value] ?? "names with values";
}

// Choices as text. What is left out is both the default and what this page starts with, so that a text means the same
// where something else is the start.
export function encode(choices, defaults, initial = defaults) {
  const left = (name) => same(choices[name], defaults[name]) && same(choices[name], initial[name]);
  const told = Object.keys(defaults).filter((name) => !left(name));
  return told.map((name) => `${name}=${write(choices[name])}`).join(",");
}

// All choices, those that the text leaves out as they are at first; or an Error that says what is wrong with the text.
export function decode(text, initial, accepts = {}) {
  const choices = { ...initial };
  for (const part of text.trim().split(",").filter(Boolean)) {
    const [name, value = ""] = part.split("=");
    if (!Object.hasOwn(initial, name)) throw new Error(`nothing here is called “${name}”`);
    choices[name] = read(value);
    if (kind(choices[name]) !== kind(initial[name])) throw new Error(`${name} should be ${kind(initial[name])}`);
    check(name, choices[name], accepts[name] ?? {});
  }
  return choices;
}

function check(name, value, { names, values, min = -Infinity, max = Infinity }) {
  const items = typeof value === "object" ? Object.values(value) : [value];
  const labels = isMapping(value) ? Object.keys(value) : [];
  const unknown =
    items.find((item) => values && !values.includes(item)) ?? labels.find((label) => names && !names.includes(label));
  if (unknown !== undefined) throw new Error(`${name} cannot be “${unknown}”`);
  const outside = items.find((item) => typeof item === "number" && !(item >= min && item <= max));
  if (outside !== undefined) throw new Error(`${name} should be from ${min} to ${max}, not ${outside}`);
  if (values && Array.isArray(value) && new Set(value).size < value.length)
    throw new Error(`${name} names something twice`);
}

// ---- The set-up of a view and its permalink

// The widgets that the address of the page speaks of: #explorer:models=~israel_qme&timeline:search=treaty
function inAddress(hash = location.hash) {
  const parts = hash
    .slice(1)
    .split("&")
    .map((part) => part.match(/^([a-z0-9-]+):(.*)$/));
  return new Map(parts.filter(Boolean).map(([, name, text]) => [name, text]));
}

// A second widget of one kind in a page gets a name of its own, such as explorer-2.
function nameInPage(el, kind) {
  const taken = document.querySelectorAll(`[data-kind="${kind}"]`).length;
  el.dataset.kind = kind;
  return taken ? `${kind}-${taken + 1}` : kind;
}

// The handles of stock sliders carry no accessible name; the label of their control is it.
function nameHandles(controls) {
  for (const handle of controls?.querySelectorAll(".noUi-handle") ?? []) {
    handle.setAttribute("aria-label", handle.closest(".jupyter-widgets").querySelector(".widget-label").textContent);
  }
}

// The choices of a view: shared.get(), shared.set({ models: [...] }), shared.each(draw) before shared.start().
// A page without a kernel keeps them in its address; a live notebook shows them as text.
// What the view knows of accepted values adds to what Python said.
export function share(model, el, known = {}) {
  const { kind, defaults, initial, accepts } = model.get("setup");
  const looks = model.get("looks");
  const inPage = Boolean(document.querySelector(EMBEDDED_STATE));
  const name = inPage ? nameInPage(el, kind) : kind;
  const notice = h("p", { class: "notice", role: "alert" });
  const draws = [];
  let timer;

  for (const [id, { light, dark }] of Object.entries(looks)) {
    el.style.setProperty(`--model-${id}`, `light-dark(${light}, ${dark})`);
  }
  el.append(notice);

  const get = () => Object.fromEntries(Object.keys(defaults).map((key) => [key, model.get(key)]));
  const text = () => `${name}:${encode(get(), defaults, initial)}`;

  function set(change) {
    model.set(change);
    model.save_changes();
  }

  // What cannot be read gives the fallback and a message.
  function apply(text, fallback, told) {
    notice.textContent = "";
    try {
      set(decode(text, initial, { ...accepts, ...known }));
      return true;
    } catch (error) {
      set(fallback);
      notice.textContent = `This set-up cannot be shown: ${error.message}. ${told}`;
      return false;
    }
  }

  // A pasted text, or an address that holds one, perhaps from a page where this is the second of its kind.
  function paste(given) {
    const parts = given
      .trim()
      .replace(/^[^#]*#/, "")
      .split("&")
      .map((part) => part.match(/^([a-z-]+)(?:-\d+)?:(.*)$/));
    const mine = parts.find((part) => part?.[1] === kind);
    return apply(mine?.[2] ?? given, get(), "Nothing was changed.");
  }

  function followAddress(hash) {
    const mine = inAddress(hash).get(name);
    if (mine !== undefined) apply(mine, initial, "You see the one that the page starts with.");
  }

  // Not what the address says by now: an update that was due may have come in between.
  const follow = ({ newURL }) => followAddress(new URL(newURL).hash);

  function updateAddress() {
    const parts = inAddress();
    if (same(get(), initial)) {
      if (!parts.delete(name)) return;
    } else parts.set(name, encode(get(), defaults, initial));
    const hash = [...parts].map(([other, held]) => `${other}:${held}`).join("&");
    try {
      history.replaceState(history.state, "", hash ? `#${hash}` : location.pathname + location.search);
    } catch {
      // A frame that may not touch its address: the link can still be copied.
    }
  }

  function changed() {
    notice.textContent = "";
    for (const draw of draws) draw();
    if (!inPage) return;
    clearTimeout(timer);
    timer = setTimeout(updateAddress, 250); // browsers refuse more than some ten changes a second
  }

  function start() {
    if (inPage) followAddress();
    const said = notice.textContent;
    for (const draw of draws) draw();
    notice.textContent = said;
    model.on("change", changed);
    if (inPage) addEventListener("hashchange", follow);
    const arrived = onWidth(el, () => {
      arrived();
      nameHandles(el.closest(`.${kind}-controls`));
      if (inPage && inAddress().size === 1 && inAddress().has(name) && !scrollY)
        (el.closest(".live-widget") ?? el).scrollIntoView();
    });
    return () => {
      arrived();
      clearTimeout(timer);
      removeEventListener("hashchange", follow);
      model.off("change", changed);
    };
  }

  const link = () => (inPage ? `${location.href.split("#")[0]}#${text()}` : text());
  const each = (draw) => draws.push(draw);
  const reset = () => set(initial);
  return { name, looks, inPage, get, set, reset, paste, link, each, start };
}

// ---- Controls for choices that are ids; numbers and switches are stock controls, linked to the view's traits

// Checkboxes for a choice that is a list; what is ticked later comes later in it.
export function picker(shared, key, legend, items) {
  const toggle = ({ target }) => {
    const others = shared.get()[key].filter((id) => id !== target.value);
    shared.set({ [key]: target.checked ? [...others, target.value] : others });
  };
  const inputs = items.map(({ id }) => h("input", { type: "checkbox", value: id, onchange: toggle }));
  shared.each(() => inputs.forEach((input) => (input.checked = shared.get()[key].includes(input.value))));
  const labels = items.map(({ id, label }, index) =>
    h("label", {}, inputs[index], shared.looks[id] && marker(id, shared.looks[id]), label),
  );
  return h("fieldset", { class: "picker" }, h("legend", {}, legend), labels);
}

// The models as checkboxes, by their short names.
export function modelPicker(shared, key = "models", legend = "Models") {
  const items = Object.entries(shared.looks).map(([id, { short }]) => ({ id, label: short }));
  return picker(shared, key, legend, items);
}

// A menu for a choice that is one id; options are [value, text].
export function menu(shared, key, label, options) {
  const id = `${key}-${Math.random().toString(36).slice(2)}`;
  const select = h("select", { id, onchange: () => shared.set({ [key]: select.value }) });
  fill(
    select,
    options.map(([value, text]) => h("option", { value }, text)),
  );
  shared.each(() => (select.value = shared.get()[key]));
  return h("span", { class: "menu" }, h("label", { for: id }, label), select);
}

// ---- The same as a table

// numbers.show({ caption, heads, rows }) after each drawing; the table is made when it is opened.
export function numbers(summary = "The same as a table") {
  const place = h("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": summary });
  const element = h("details", { class: "numbers" }, h("summary", {}, summary), place);
  let shown = { caption: "", heads: [], rows: [] };

  function draw() {
    if (!element.open) return;
    const head = h(
      "tr",
      {},
      shown.heads.map((text) => h("th", { scope: "col" }, text)),
    );
    const body = shown.rows.map(([first, ...rest]) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, first),
        rest.map((text) => h("td", {}, text)),
      ),
    );
    fill(place, h("table", {}, h("caption", {}, shown.caption), h("thead", {}, head), h("tbody", {}, body)));
  }

  function show(table) {
    shown = table;
    draw();
  }

  element.addEventListener("toggle", draw);
  return { element, show, table: () => shown };
}

// ---- Exports

const CSV_QUOTED = /[",\r\n]/;
const PRINTED =
  "fill fill-opacity stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin stroke-opacity " +
  "font-family font-size font-style font-weight font-variant-numeric text-anchor dominant-baseline opacity";

// Rows as CSV; the first character tells spreadsheets that it is UTF-8.
export function csv({ heads, rows }) {
  const cell = (value) => {
    const text = String(value ?? "");
    return CSV_QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\ufeff${[heads, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

// Turns any CSS colour into one that every drawing program reads.
function plainColours() {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  return (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return alpha === 255 ? `rgb(${red},${green},${blue})` : `rgba(${red},${green},${blue},${(alpha / 255).toFixed(3)})`;
  };
}

// An SVG picture that needs no style sheet: what the page's style gave it stands in its attributes.
export function standalone(svg) {
  const plainColour = plainColours();
  const copy = svg.cloneNode(true);
  const copies = [copy, ...copy.querySelectorAll("*")];
  for (const [index, original] of [svg, ...svg.querySelectorAll("*")].entries()) {
    const [style, above] = [
      getComputedStyle(original),
      original === svg ? {} : getComputedStyle(original.parentElement),
    ];
    for (const name of ["class", "style", "tabindex", "role"]) copies[index].removeAttribute(name);
    for (const name of PRINTED.split(" ")) {
      const value = style.getPropertyValue(name);
      const usual = name === "opacity" ? "1" : original !== svg && above.getPropertyValue(name);
      if (value === usual) copies[index].removeAttribute(name);
      else
        copies[index].setAttribute(name, /^(fill|stroke)$/.test(name) && value !== "none" ? plainColour(value) : value);
    }
    if (style.display === "none" || style.visibility === "hidden") copies[index].setAttribute("display", "none");
  }
  const [x, y, width, height] = svg.getAttribute("viewBox").split(" ");
  const ground = plainColour(getComputedStyle(svg).getPropertyValue("--ground"));
  copy.prepend(
    s("title", {}, svg.getAttribute("aria-label") ?? ""),
    s("rect", { x, y, width, height, fill: ground, stroke: "none" }),
  );
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  return new XMLSerializer().serializeToString(copy);
}

function save(content, type, file) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  h("a", { href: url, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
  return file;
}

// ---- The toolbar: reset, link, downloads, and a line that says what happened

// picture() gives an SVG element with a viewBox, in the view or not; table() gives { heads, rows }.
export function toolbar(shared, { picture, table }) {
  const status = h("p", { class: "said", role: "status" });
  const field = h("input", { type: "text", spellcheck: "false", autocomplete: "off", "aria-label": "Set-up as text" });
  const row = h("form", { class: "setup", hidden: shared.inPage }, field, h("button", { type: "submit" }, "Apply"));
  const say = (text) => (status.textContent = text);
  const short = (verb, rest) => [h("span", { class: "verb" }, `${verb} `), rest];
  const button = (label, act) => h("button", { type: "button", onclick: act }, label);

  async function copy() {
    try {
      await navigator.clipboard.writeText(shared.link());
      say(shared.inPage ? "Link to this set-up copied." : "Set-up copied.");
    } catch {
      row.hidden = false;
      field.value = shared.link();
      field.select();
      say("Copy the text that is selected.");
    }
  }

  function drawn() {
    const svg = picture();
    if (svg.isConnected) return standalone(svg);
    element.append(svg); // it takes its colours from the page
    const text = standalone(svg);
    svg.remove();
    return text;
  }

  row.addEventListener("submit", (event) => {
    event.preventDefault();
    say(shared.paste(field.value) ? "Set-up applied." : "");
  });
  shared.each(() => document.activeElement !== field && (field.value = shared.link()));

  const element = h(
    "div",
    { class: "toolbar", role: "group", "aria-label": "Set-up and downloads" },
    button("Reset", () => {
      shared.reset();
      say("Back to the first set-up.");
    }),
    button(shared.inPage ? "Copy link" : "Copy set-up", copy),
    picture &&
      button(short("Download", "picture (SVG)"), () =>
        say(`Saved ${save(drawn(), "image/svg+xml", `${shared.name}.svg`)}.`),
      ),
    table &&
      button(short("Download", "table (CSV)"), () =>
        say(`Saved ${save(csv(table()), "text/csv", `${shared.name}.csv`)}.`),
      ),
    row,
    status,
  );
  return element;
}
