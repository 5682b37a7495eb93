import { count, dress, fill, h, marker, markerAt, menu, modelPicker, picker, s, share, toolbar } from "./front_end.js";

const STEPS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-5, 0],
  PageDown: [5, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
  "Ctrl+Home": [-Infinity, -Infinity],
  "Ctrl+End": [Infinity, Infinity],
};
const TOP = 3;

const clamp = (value, first, last) => Math.min(Math.max(value, first), last);
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

// ---- The codings

function codebook({ features, sources, codings }, looks) {
  function coding(id, feature) {
    const [value, alternative, rationale, reason, source, place, quotes, unverified] = codings[id][feature];
    const [title, by, url] = sources[source];
    return { value, alternative, rationale, reason, title, by, url, place, quotes, unverified };
  }

  const level = (id, feature) => codings[id][feature][0];
  const isContested = (id, feature) => codings[id][feature][1] !== null;
  const readings = (id, feature) =>
    isContested(id, feature) ? codings[id][feature].slice(0, 2) : [level(id, feature)];

  // Gower's distance over some features, and its ends as the contested codings are read one way or the other.
  function distance(one, other, chosen) {
    const gapsOf = (feature) =>
      readings(one, feature).flatMap((a) => readings(other, feature).map((b) => Math.abs(a - b) / TOP));
    const gaps = chosen.map(gapsOf);
    const end = (pick) => (one === other ? 0 : mean(gaps.map((gap) => pick(...gap))));
    return { coded: mean(gaps.map(([gap]) => gap)), low: end(Math.min), high: end(Math.max) };
  }

  function says(id, feature, wanted) {
    const { rationale, reason, title, by, quotes } = coding(id, feature);
    const text = [rationale, reason, title, by, ...quotes].join(" ").toLowerCase();
    return wanted.length > 0 && wanted.every((word) => text.includes(word));
  }

  function defines(feature, wanted) {
    const text = Object.values(features[feature]).flat().join(" ").toLowerCase();
    return wanted.every((word) => text.includes(word));
  }

  return { looks, features, coding, level, isContested, distance, says, defines };
}

// What the choices come to: columns and rows in order, and how far the columns are from the one they are sorted by.
function arrange(choices, book) {
  const { models, features, contested_only, near, first, second } = choices;
  const wanted = words(choices.search);
  const pair = first && second && first !== second ? [first, second] : null;
  const blank = !((pair ?? models).length && features.length);
  const apart = new Map(near && !pair && !blank ? models.map((id) => [id, book.distance(id, near, features)]) : []);
  const byNearness = (a, b) => (b === near) - (a === near) || apart.get(a).coded - apart.get(b).coded;
  const columns = pair ?? (apart.size ? models.toSorted(byNearness) : models);
  const contested = (feature) => columns.filter((id) => book.isContested(id, feature)).length;
  const found = (feature) => book.defines(feature, wanted) || columns.some((id) => book.says(id, feature, wanted));
  const kept = features.filter((feature) => (!contested_only || contested(feature)) && found(feature));
  const gap = (feature) => pair && Math.abs(book.level(pair[1], feature) - book.level(pair[0], feature));
  const rows = pair ? kept.toSorted((a, b) => gap(b) - gap(a)) : kept;
  return { ...choices, wanted, pair, blank, apart, columns, rows, contested, gap };
}

function finding(
  { wanted, search, pair, first, second, near, blank, apart, columns, rows, features, contested },
  book,
) {
  const { looks, level, distance } = book;
  if (blank) return "Choose at least one model and one feature.";
  if (!rows.length)
    return wanted.length ? `Nothing here says “${search.trim()}”.` : "None of these codings is contested.";
  const said = [];
  if (pair) {
    const { coded, low, high } = distance(...pair, features);
    const differing = features.filter((feature) => level(pair[0], feature) !== level(pair[1], feature)).length;
    const range = low < high ? `, from ${low.toFixed(2)} to ${high.toFixed(2)} as contested codings are read` : "";
    const both = pair.map((id) => looks[id].short).join(" and ");
    said.push(`${both} differ on ${differing} of ${count(features.length, "feature")};`);
    said.push(`distance ${coded.toFixed(2)} (0 alike, 1 opposite)${range}.`);
  } else if (first || second) said.push("Choose two different models to compare.");
  if (apart.size) said.push(`Nearest to ${looks[near].short} first, by distance (0 alike, 1 opposite).`);
  if (wanted.length) said.push(`Underlined codings say “${search.trim()}” themselves.`);
  const total = rows.reduce((sum, feature) => sum + contested(feature), 0);
  const sizes = [count(columns.length, "model"), count(rows.length, "feature")].join(", ");
  said.push(`${sizes}; ${total} of ${count(columns.length * rows.length, "coding")} contested.`);
  return said.join(" ");
}

// ---- The matrix

// How full each of three pips is: half where only one of the two contested readings reaches.
function pipsOf(value, alternative) {
  const [low, high] = alternative === null ? [value, value] : [value, alternative].sort();
  return [1, 2, 3].map((level) => (level <= low ? "full" : level <= high ? "half" : "empty"));
}

function pips(value, alternative) {
  const drawn = pipsOf(value, alternative).map((fullness) => h("i", { class: fullness }));
  return h("span", { class: "pips", "aria-hidden": "true" }, drawn);
}

// Two levels on one scale.
function dumbbell(pair, feature, { looks, level }) {
  const x = (id) => 8 + 24 * level(id, feature);
  const ticks = [0, 1, 2, 3].map((tick) => s("circle", { cx: 8 + 24 * tick, cy: 8, r: 1.5 }));
  const bar = s("line", { x1: x(pair[0]), x2: x(pair[1]), y1: 8, y2: 8 });
  const ends = pair.map((id) => markerAt(id, looks[id], x(id), 8, 12));
  return s("svg", { class: "dumbbell", viewBox: "0 0 88 16", "aria-hidden": "true" }, ticks, bar, ends);
}

function cell(id, feature, wanted, book) {
  const { value, alternative, unverified } = book.coding(id, feature);
  const [contested, found] = [alternative !== null, book.says(id, feature, wanted)];
  const unseen = (text) => h("span", { class: "unseen" }, text);
  return h(
    "td",
    {
      tabindex: -1,
      "data-model": id,
      "data-feature": feature,
      class: [contested && "contested", found && "found"].filter(Boolean).join(" "),
      style: `--model: var(--model-${id})`,
    },
    h("b", { class: unverified ? "unverified" : null }, value),
    contested && [unseen(", contested:"), h("em", {}, ` or ${alternative}`)],
    unverified && unseen(", unverified"),
    found && unseen(", found"),
    pips(value, alternative),
  );
}

function columnHead(id, { near, apart }, { looks }) {
  const far = apart.size > 0 && id !== near && apart.get(id).coded.toFixed(2);
  const distance = far && h("small", {}, h("span", { class: "unseen" }, ", distance "), far);
  return h("th", { scope: "col" }, marker(id, looks[id]), looks[id].short, distance);
}

function rowHead(feature, { pair, gap }, book) {
  const apart = pair && h("span", { class: "unseen" }, `, ${gap(feature)} apart`);
  return h("th", { scope: "row" }, book.features[feature].name, apart, pair && dumbbell(pair, feature, book));
}

function drawTable(table, shown, ids, book) {
  const { columns, rows, wanted } = shown;
  const heads = columns.map((id) => columnHead(id, shown, book));
  const row = (feature) =>
    h(
      "tr",
      {},
      rowHead(feature, shown, book),
      columns.map((id) => cell(id, feature, wanted, book)),
    );
  table.classList.toggle("contested-only", shown.contested_only);
  fill(
    table,
    h(
      "caption",
      { class: "unseen" },
      h("span", { id: ids.caption }, "Codings of the models, each feature from 0 to 3"),
      h("span", { id: ids.keys }, ". Arrow keys move between codings, Enter shows the reasons for one."),
    ),
    h("thead", {}, h("tr", {}, h("th", { scope: "col", class: "corner" }, "Feature"), heads)),
    h("tbody", {}, rows.map(row)),
  );
}

// ---- The chosen coding, and with two models side by side the other one's

function reasons(id, feature, { looks, features, coding }) {
  const { value, alternative, rationale, reason, unverified } = coding(id, feature);
  const { name, levels } = features[feature];
  return [
    h("p", { class: "model" }, marker(id, looks[id]), looks[id].name),
    h("p", { class: "finding" }, h("strong", {}, `${name}: ${value} of ${TOP}. `), levels[value]),
    h("p", {}, rationale, unverified && [" ", h("span", { class: "tag" }, "unverified")]),
    alternative !== null && h("p", {}, h("strong", {}, `Contested: it could be ${alternative}. `), reason),
  ];
}

function scale(id, feature, { features, coding }) {
  const { value, alternative } = coding(id, feature);
  const role = (level) => (level === value ? "chosen" : level === alternative ? "alternative" : null);
  const note = { chosen: "as coded", alternative: "or this" };
  const level = (text, index) =>
    h(
      "li",
      { class: role(index) },
      h("b", {}, index),
      h("span", {}, text, role(index) && h("i", {}, note[role(index)])),
    );
  const { definition, levels } = features[feature];
  return [h("p", {}, definition), h("ul", { role: "list" }, levels.map(level))];
}

function sourceOf(id, feature, { coding }) {
  const { title, by, url, place, quotes } = coding(id, feature);
  const work = h("cite", {}, title);
  return [
    quotes.map((quote) => h("blockquote", {}, `“${quote}”`)),
    h("p", {}, "Source: ", by && `${by}, `, url ? h("a", { href: url }, work) : work, `, ${place}.`),
  ];
}

function explanation(book) {
  const reading = h("div", { class: "reading", "aria-live": "polite", "aria-atomic": "true" });
  const context = h("div", { class: "context" });
  const evidence = h("div", { class: "evidence" });
  const attributes = { class: "panel", role: "group", "aria-label": "The chosen coding" };
  const element = h("div", attributes, reading, context, evidence);
  let shown = "";

  function show([id, feature], pair) {
    if (shown === `${id} ${feature} ${pair}`) return;
    shown = `${id} ${feature} ${pair}`;
    const others = pair ? pair.filter((other) => other !== id) : [];
    const beside = others.map((other) => h("div", { class: "beside" }, reasons(other, feature, book)));
    fill(reading, reasons(id, feature, book), beside);
    fill(context, scale(id, feature, book));
    const sources = [id, ...others].map((each) => h("div", {}, sourceOf(each, feature, book)));
    fill(evidence, sources[0], others.length > 0 && !sources[1].isEqualNode(sources[0]) && sources[1]);
  }

  return { element, show };
}

// ---- Downloads

function picture(shown, book) {
  const [left, width, top, height] = [232, 104, 60, 26];
  const [right, bottom] = [left + width * shown.columns.length, top + height * shown.rows.length];
  const word = (x, y, text, more = {}) => s("text", { x, y, fill: "var(--text)", "font-size": 13, ...more }, text);
  const head = (id, column) => [
    markerAt(id, book.looks[id], left + column * width + 8, 20),
    word(left + column * width, 46, book.looks[id].short, { "font-weight": 600 }),
  ];
  const row = (feature, index) => {
    const y = top + height * index;
    return [
      s("line", { x1: 0, x2: right, y1: y, y2: y, stroke: "var(--rule)" }),
      word(0, y + 18, book.features[feature].name),
      shown.columns.map((id, column) => drawnCell(id, feature, left + column * width, y + 18, word, book)),
    ];
  };
  const key = "“2 or 3” contested, “?” unverified; a higher level is more of the named thing, not better";
  return s(
    "svg",
    { viewBox: `-12 0 ${right + 24} ${bottom + 40}`, "aria-label": finding(shown, book) },
    shown.columns.map(head),
    shown.rows.map(row),
    word(0, bottom + 24, key, { "font-size": 11, fill: "var(--muted)" }),
  );
}

function drawnCell(id, feature, x, y, word, { coding }) {
  const { value, alternative, unverified } = coding(id, feature);
  const colour = { full: `var(--model-${id})`, half: `var(--model-${id})`, empty: "var(--edge)" };
  const pip = (fullness, index) =>
    s("circle", {
      cx: x + 58 + 11 * index,
      cy: y - 4,
      r: 4,
      fill: fullness === "full" ? colour.full : "none",
      stroke: colour[fullness],
      "stroke-width": 1.5,
      "stroke-dasharray": fullness === "half" ? "2 1.5" : "none",
    });
  const text = `${value}${alternative === null ? "" : ` or ${alternative}`}${unverified ? " ?" : ""}`;
  return [word(x, y, text), pipsOf(value, alternative).map(pip)];
}

function tableOfCodings({ rows, columns }, { looks, features, coding }) {
  const line = (feature, id) => {
    const { value, rationale, title, place, unverified, ...one } = coding(id, feature);
    const { name, levels } = features[feature];
    const level = [value, levels[value], one.alternative, unverified ? "unverified" : "verified"];
    return [name, looks[id].name, ...level, rationale, one.reason, title, place];
  };
  const level = ["level", "in words", "alternative", "status"];
  return {
    heads: ["feature", "model", ...level, "rationale", "alternative reason", "source", "place"],
    rows: rows.flatMap((feature) => columns.map((id) => line(feature, id))),
  };
}

// ---- The widget

function controls(shared, book) {
  const [models, features] = [book.looks, book.features].map(Object.keys);
  const names = (none) => [["", none], ...models.map((id) => [id, book.looks[id].short])];
  const search = h("input", { type: "search", oninput: () => shared.set({ search: search.value }) });
  const contested = h("input", { type: "checkbox", onchange: () => shared.set({ contested_only: contested.checked }) });
  const summary = h("summary", {});
  shared.each(() => {
    const choices = shared.get();
    if (search.value !== choices.search) search.value = choices.search;
    contested.checked = choices.contested_only;
    fill(summary, `Features: ${choices.features.length} of ${features.length}`);
  });
  const items = features.map((id) => ({ id, label: book.features[id].name }));
  const compare = [menu(shared, "first", "Compare", names("(all)")), menu(shared, "second", "with", names("(all)"))];
  return h(
    "div",
    { class: "controls" },
    modelPicker(shared),
    h("details", {}, summary, picker(shared, "features", "Shown", items)),
    h(
      "div",
      { class: "line" },
      h("label", {}, "Search", search),
      h("label", {}, contested, "Contested only"),
      menu(shared, "near", "Nearest to", names("(no order)")),
      h("span", { class: "two" }, compare),
    ),
  );
}

function key() {
  return h(
    "p",
    { class: "key" },
    h("span", {}, pips(2, null), " level 2 of 3; a higher level is more of the named thing, not better"),
    h("span", {}, pips(2, 3), h("em", {}, " or 3"), " contested: a careful reader could choose either"),
    h("span", {}, h("b", { class: "unverified" }, "2"), " not checked against a copy of the source"),
  );
}

function reach(table, td) {
  for (const other of table.querySelectorAll('td[tabindex="0"]')) other.tabIndex = -1;
  td.tabIndex = 0;
}

function move(table, td, [down, right]) {
  const rows = [...table.tBodies[0].rows];
  const { cells } = rows[clamp(rows.indexOf(td.parentElement) + down, 0, rows.length - 1)];
  const next = cells[clamp(td.cellIndex + right, 1, cells.length - 1)];
  reach(table, next);
  next.focus();
}

function render({ model, el }) {
  dress(el, "explorer");
  const shared = share(model, el);
  const book = codebook(model.get("data"), shared.looks);
  const unique = Math.random().toString(36).slice(2);
  const ids = { caption: `caption-${unique}`, keys: `keys-${unique}` };
  const status = h("p", { class: "status", role: "status" });
  const table = h("table", { role: "grid", "aria-labelledby": ids.caption, "aria-describedby": ids.keys });
  const frame = h("div", { class: "frame", role: "group", tabindex: 0, "aria-labelledby": ids.caption }, table);
  const panel = explanation(book);
  let drawn = "";

  // The table is made anew only when it changes, so that the focus stays where it is.
  function draw() {
    const { coding, ...rest } = shared.get();
    const shown = arrange(shared.get(), book);
    const empty = shown.blank || !shown.rows.length;
    const said = finding(shown, book);
    if (status.textContent !== said) status.textContent = said;
    frame.hidden = panel.element.hidden = empty;
    if (empty) return;
    if (drawn !== JSON.stringify(rest)) drawTable(table, shown, ids, book);
    drawn = JSON.stringify(rest);
    select(coding, shown);
  }

  function select([id, feature], { rows, columns, pair }) {
    const all = rows.flatMap((row) => columns.map((column) => [column, row]));
    const chosen = all.find(([column, row]) => column === id && row === feature);
    const at = chosen ?? all.find((each) => book.isContested(...each)) ?? all[0];
    const td = table.querySelector(`td[data-model="${at[0]}"][data-feature="${at[1]}"]`);
    for (const other of table.querySelectorAll("td[aria-selected]")) other.removeAttribute("aria-selected");
    td.setAttribute("aria-selected", "true");
    reach(table, td);
    panel.show(at, pair);
  }

  // The panel comes into sight, but never at the price of the cell that was chosen.
  function open(td) {
    shared.set({ coding: [td.dataset.model, td.dataset.feature] });
    panel.element.scrollIntoView({ block: "nearest" });
    td.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  table.addEventListener("click", ({ target }) => {
    const td = target.closest("td");
    if (td) open(td);
  });
  table.addEventListener("keydown", (event) => {
    const td = event.target.closest("td");
    const key = `${event.ctrlKey ? "Ctrl+" : ""}${event.key}`;
    if (!td || event.altKey || event.metaKey) return;
    if (key in STEPS) move(table, td, STEPS[key]);
    else if (key === "Enter" || key === " ") open(td);
    else return;
    event.preventDefault();
  });

  const every = (name, change) => h("button", { type: "button", onclick: () => shared.set(change) }, `All ${name}`);
  const models = { models: Object.keys(book.looks), first: "", second: "" };
  const shown = () => arrange(shared.get(), book);
  shared.each(draw);
  el.append(
    controls(shared, book),
    h(
      "div",
      { class: "bar" },
      status,
      every("models", models),
      every("features", { features: Object.keys(book.features) }),
    ),
    frame,
    key(),
    panel.element,
    toolbar(shared, { picture: () => picture(shown(), book), table: () => tableOfCodings(shown(), book) }),
  );
  return shared.start();
}

export default { render };
