import {
  count,
  dress,
  fill,
  h,
  marker,
  markerAt,
  modelPicker,
  numbers,
  onWidth,
  picker,
  s,
  share,
  toolbar,
} from "./front_end.js";

const [HEAD, TITLE, TEXT_LANE, EVENT_LANE, EDGE] = [38, 24, 34, 24, 10];
const STEPS = [1, 2, 5, 10, 20];
const TOLD = { signed: "signed", in_force: "in force", ended: "ended" };
const MOVES = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

const capital = (text) => text[0].toUpperCase() + text.slice(1);
const plural = (word) => `${word.replace(/y$/, "ie")}s`;

// ---- Dates, as precise as they are known

// First and last moment of an ISO date in years: a day, or all of a month or a year.
function span(date) {
  const [year, month, day] = date.split("-").map(Number);
  if (!month) return [year, year + 1];
  if (!day) return [year + (month - 1) / 12, year + month / 12];
  const start = Date.UTC(year, 0, 1);
  const moment = year + (Date.UTC(year, month - 1, day) - start) / (Date.UTC(year + 1, 0, 1) - start);
  return [moment, moment];
}

function inWords(date) {
  const [year, month, day] = date.split("-").map(Number);
  const style = { year: "numeric", month: month && "long", day: day && "numeric", timeZone: "UTC" };
  return new Date(Date.UTC(year, (month ?? 1) - 1, day ?? 1)).toLocaleDateString("en-GB", style);
}

const firstDay = (date) => `${date}-01-01`.slice(0, 10);
const givenOn = (item) => item.on ?? item.signed ?? item.in_force;
const inForce = (text, moment) =>
  Boolean(text.in_force) && span(text.in_force)[0] <= moment && !(text.ended && span(text.ended)[1] <= moment);

// When an item starts and ends on the axis: an event and a declaration are moments, a text in force lasts.
function extent(item) {
  const dates = [item.signed, item.in_force, item.on].filter(Boolean).map(span);
  const start = Math.min(...dates.map(([first]) => first));
  if (item.ended) return [start, span(item.ended)[1]];
  return [start, item.in_force ? Infinity : Math.max(...dates.map(([, last]) => last))];
}

// Rows of a table that comes by column, without what is empty.
function rowsOf(columns) {
  const row = (index) => Object.entries(columns).map(([name, values]) => [name, values[index]]);
  const filled = ([, value]) => value !== "";
  return Object.values(columns)[0].map((_, index) => Object.fromEntries(row(index).filter(filled)));
}

// ---- Layout: groups of lanes, each item with its label in the first lane where both are free

// Measuring is slow, and the same titles are measured again and again.
function textWidths(font) {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  const known = new Map();
  context.font = font;
  return (text) => known.get(text) ?? known.set(text, context.measureText(text).width).get(text);
}

function shorten(text, room, widthOf) {
  if (widthOf(text) <= room) return text;
  const cut = (length) => `${text.slice(0, length).trimEnd()}…`;
  let length = Math.ceil((text.length * room) / widthOf(text));
  while (length > 1 && widthOf(cut(length)) > room) length -= 1;
  return cut(length);
}

const labelOf = (item) => (item.on ? item.title : `${givenOn(item).slice(0, 4)} ${item.title}`);

// The label of a text stands above its line, as near to its start as the width allows.
function above(from, title, width, widthOf) {
  const label = shorten(title, width, widthOf);
  const at = Math.max(0, Math.min(from - 6, width - widthOf(label)));
  return { label, at, anchor: "start", first: Math.min(at, from - 10), last: at + widthOf(label) };
}

// The label of an event stands beside its sign, to the left where the right has less room and too little.
function beside(from, to, title, width, widthOf) {
  const [right, left] = [Math.max(from + 12, to + 6), from - 12];
  if (widthOf(title) <= width - right || width - right >= left) {
    const label = shorten(title, Math.max(width - right, 24), widthOf);
    return { label, at: right, anchor: "start", first: from - 10, last: right + widthOf(label) };
  }
  const label = shorten(title, left, widthOf);
  return { label, at: left, anchor: "end", first: left - widthOf(label), last: Math.max(from + 10, to) };
}

function place(item, x, width, widthOf) {
  const [start, end] = item.extent;
  const [from, to] = [Math.max(x(start), EDGE), Math.min(x(end), width)];
  const title = labelOf(item);
  const label = item.on ? beside(from, to, title, width, widthOf) : above(from, title, width, widthOf);
  return { item, from, starts: x(start) >= 0, ...label, last: Math.max(label.last, to) };
}

function pack(placed) {
  const lanes = [];
  for (const each of placed) {
    let lane = lanes.findIndex((last) => last + 8 <= each.first);
    if (lane < 0) lane = lanes.length;
    lanes[lane] = each.last;
    each.lane = lane;
  }
  return lanes.length;
}

function layOut(groups, x, width, widthOf) {
  let top = HEAD;
  return groups.map(({ title, items, height }) => {
    const placed = items.map((item) => place(item, x, width, widthOf));
    const lanes = pack(placed);
    const group = { title, placed, height, top, bottom: top + TITLE + lanes * height };
    top = group.bottom + 6;
    return group;
  });
}

// ---- Drawing

function axis(x, [first, last], width, bottom, asOf) {
  const step = STEPS.find((years) => x(first + years) - x(first) >= 48) ?? 50;
  const years = [];
  for (let year = Math.ceil(first / step) * step; year <= last; year += step) years.push(year);
  const [now] = span(asOf);
  const at = x(now);
  const [side, anchor] = at > width / 2 ? [-4, "end"] : [4, "start"];
  const shown = now > first && now < last;
  const line = (kind, from) => s("line", { class: kind, x1: from, x2: from, y1: HEAD, y2: bottom });
  const word = (from, y, text, more) =>
    s("text", { class: "tick", x: from, y, "text-anchor": "middle", ...more }, text);
  const edge = (year) => Math.min(Math.max(x(year), 16), width - 16);
  return {
    grid: s(
      "g",
      { "aria-hidden": "true" },
      years.map((year) => line("grid", x(year))),
      shown && line("now", at),
    ),
    years: s(
      "g",
      { "aria-hidden": "true" },
      years.map((year) => word(edge(year), 14, year)),
      shown && word(at + side, 32, inWords(asOf), { "text-anchor": anchor }),
    ),
  };
}

function lines(item, x, y, width, now) {
  const colour = `var(--model-${item.model})`;
  const clip = (moment) => Math.min(Math.max(x(moment), 0), width);
  const line = (kind, from, to) =>
    clip(to) - clip(from) > 0.5 &&
    s("line", { class: kind, x1: clip(from), x2: clip(to), y1: y, y2: y, stroke: colour });
  const doubt = (date) => date && line("doubt", ...span(date));
  const [, end] = item.extent;
  const [since] = item.in_force ? span(item.in_force) : [end];
  return [
    doubt(item.on ?? item.signed ?? item.in_force),
    item.signed && item.in_force && line("waiting", span(item.signed)[0], since),
    item.in_force && line("standing", since, Math.min(end, now)),
    item.in_force && end > now && item.ended && line("due", Math.max(since, now), end),
    item.ended &&
      x(end) <= width &&
      x(end) >= 0 &&
      s("line", { class: "end", x1: x(end), x2: x(end), y1: y - 5, y2: y + 5, stroke: colour }),
  ];
}

// The label is no part of the option: the option's name holds all of a title that the label may cut short.
function option({ item, lane, from, starts, label, at, anchor, first, last }, group, x, width, { looks, now }) {
  const top = group.top + TITLE + lane * group.height;
  const y = top + (item.on ? 12 : 24);
  const words = [labelOf(item), inWords(givenOn(item)), looks[item.model].short, item.legal_type ?? "event"];
  const left = Math.max(first, 0);
  const box = { x: left, y: top, width: Math.min(last, width) - left, height: group.height - 2, rx: 3 };
  const word = { class: "label", x: at, y: item.on ? y + 4 : top + 13, "text-anchor": anchor, "aria-hidden": "true" };
  return [
    s(
      "g",
      { role: "option", tabindex: -1, "data-id": item.id, "aria-selected": "false", "aria-label": words.join(", ") },
      s("rect", { class: "hit", ...box }),
      lines(item, x, y, width, now),
      starts && markerAt(item.model, looks[item.model], from, y, item.on ? 13 : 15),
    ),
    s("text", word, label),
  ];
}

// ---- What is shown

function archive(data, looks) {
  const [texts, sources] = [rowsOf(data.texts), rowsOf(data.sources)];
  const events = rowsOf(data.events).map((event) => ({ ...event, id: `${event.model}.${firstDay(event.on)}` }));
  const byId = new Map([...texts, ...events].map((item) => [item.id, item]));
  for (const item of byId.values()) item.extent = extent(item);
  return { looks, texts, events, sources, byId, types: data.types, asOf: data.as_of, now: span(data.as_of)[0] };
}

function arrange({ models, types, since, until, events }, archive) {
  const first = Math.min(since, until);
  const years = [first, Math.max(since, until, first + 1)];
  const chosen = (items) => items.filter((item) => models.includes(item.model));
  const texts = chosen(archive.texts).filter((text) => types.includes(text.legal_type));
  const within = ({ extent: [start, end] }) => start < years[1] && end >= years[0];
  const all = [...texts.filter(givenOn), ...(events ? chosen(archive.events) : [])];
  const items = all.filter(within).toSorted((a, b) => a.extent[0] - b.extent[0]);
  const undated = texts.filter((text) => !givenOn(text));
  return { models, years, items, undated, outside: all.length - items.length };
}

function finding({ models, items, undated, outside }, { looks, types, asOf, now }) {
  if (!models.length) return "Choose at least one model.";
  const texts = [...items.filter(({ on }) => !on), ...undated];
  const hidden = outside > 0 ? ` ${outside} more outside these years.` : "";
  if (!items.length && !undated.length) return `Nothing to show in these years and legal types.${hidden}`;
  const number = (type) => texts.filter((text) => text.legal_type === type && inForce(text, now)).length;
  const named = (type) => `${number(type)} ${number(type) === 1 ? type : plural(type)}`;
  const standing = types.filter(number).map(named).join(", ") || "none";
  const told = [count(texts.length, "text"), count(items.filter(({ on }) => on).length, "event")].join(", ");
  const names = models.map((id) => looks[id].short).join(", ");
  return `${names}: ${told}. In force in ${inWords(asOf)}: ${standing}.${hidden}`;
}

function summaryTable(shown, archive) {
  const line = (item) => [
    givenOn(item) ? inWords(givenOn(item)) : "no date",
    item.title,
    archive.looks[item.model].short,
    item.legal_type ?? "event",
    item.not_obliged,
  ];
  const heads = ["Date", "Text or event", "Model", "Kind", "What it does not oblige"];
  return { caption: finding(shown, archive), heads, rows: [...shown.items, ...shown.undated].map(line) };
}

const COLUMNS = {
  "legal type": "legal_type",
  "signed or on": "signed",
  "in force": "in_force",
  ended: "ended",
  says: "clause",
  "does not oblige": "not_obliged",
  exit: "exit",
  note: "note",
};

function fullTable({ items, undated }, { looks, sources }) {
  const line = (item) => {
    const told = item.on ? { ...item, legal_type: "event", signed: item.on, clause: item.description } : item;
    const values = Object.values(COLUMNS).map((name) => told[name]);
    return [item.title, looks[item.model].name, ...values, sources[item.source].title, item.place, item.doubt];
  };
  const heads = ["title", "model", ...Object.keys(COLUMNS), "source", "place", "unverified"];
  return { heads, rows: [...items, ...undated].map(line) };
}

// ---- The picture, in two parts so that the years stay in sight

function chart(archive, el, open) {
  const years = s("svg", { class: "scale", "aria-hidden": "true" });
  const lanes = s("svg", { class: "lanes" });
  const element = h("div", { class: "frame" }, years, lanes);
  let widthOf;
  const options = () => [...lanes.querySelectorAll("[role=option]")];
  const reach = (target) => options().forEach((each) => each.setAttribute("tabindex", each === target ? 0 : -1));

  function parts(shown, width) {
    const [first, last] = shown.years;
    const x = (moment) => EDGE + ((moment - first) / (last - first)) * (width - 2 * EDGE);
    widthOf ??= textWidths(`12.5px ${getComputedStyle(el).fontFamily}`);
    const ofType = (type) => shown.items.filter((item) => item.legal_type === type);
    const groups = archive.types.map((type) => ({ title: plural(type), items: ofType(type), height: TEXT_LANE }));
    groups.push({ title: "events", items: shown.items.filter(({ on }) => on), height: EVENT_LANE });
    const filled = groups.filter(({ items }) => items.length);
    const laid = layOut(filled, x, width, widthOf);
    const bottom = (laid.at(-1)?.bottom ?? HEAD) + 4;
    const drawn = laid.map((group) => drawGroup(group, x, width, archive));
    return { ...axis(x, shown.years, width, bottom, archive.asOf), drawn, bottom };
  }

  function draw(shown, width) {
    const { grid, years: ticks, drawn, bottom } = parts(shown, width);
    const label = "Texts and events; arrow keys move, Enter reads";
    years.setAttribute("viewBox", `0 0 ${width} ${HEAD}`);
    lanes.setAttribute("viewBox", `0 ${HEAD} ${width} ${bottom - HEAD}`);
    fill(years, ticks);
    fill(lanes, grid, s("g", { role: "listbox", "aria-label": label }, drawn));
  }

  function whole(shown, width) {
    const { grid, years: ticks, drawn, bottom } = parts(shown, width);
    const viewBox = `-12 -4 ${width + 24} ${bottom + 12}`;
    return s("svg", { class: "lanes", viewBox, "aria-label": finding(shown, archive) }, ticks, grid, drawn);
  }

  function select(id) {
    const chosen = options().find(({ dataset }) => dataset.id === id);
    for (const each of options()) each.setAttribute("aria-selected", String(each === chosen));
    reach(chosen ?? options()[0]);
  }

  function step(from, by) {
    const all = options();
    const next = all[Math.min(Math.max(all.indexOf(from) + by, 0), all.length - 1)];
    reach(next);
    next.focus();
  }

  lanes.addEventListener("click", ({ target }) => {
    const found = target.closest("[role=option]");
    if (found) open(found);
  });
  lanes.addEventListener("keydown", (event) => {
    const found = event.target.closest("[role=option]");
    if (!found || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in MOVES) step(found, MOVES[event.key]);
    else if (event.key === "Enter" || event.key === " ") open(found);
    else return;
    event.preventDefault();
  });

  return { element, draw, whole, select };
}

function drawGroup(group, x, width, archive) {
  return s(
    "g",
    { role: "group", "aria-label": group.title },
    s("text", { class: "title", x: 0, y: group.top + 16, "aria-hidden": "true" }, capital(group.title)),
    group.placed.map((placed) => option(placed, group, x, width, archive)),
  );
}

// ---- What is read in it

const tag = (item, field) =>
  item.doubt?.split("; ").includes(field) && [" ", h("span", { class: "tag" }, "unverified")];

function reader({ looks, texts, sources, now }, select) {
  const reading = h("div", { class: "reading", "aria-live": "polite" });
  const beside = h("div", { class: "beside" });
  const attributes = { class: "panel", role: "group", "aria-label": "The chosen text or event" };
  const element = h("div", attributes, reading, beside);
  let shown = null;

  function source({ source, place }) {
    const { title, by, url } = sources[source];
    const work = h("cite", {}, title);
    const linked = url ? h("a", { href: url }, work) : work;
    return h("p", { class: "source" }, "Source: ", by && `${by}, `, linked, `, ${place}.`);
  }

  const heading = (item, ...line) => [
    h("p", { class: "model" }, marker(item.model, looks[item.model]), looks[item.model].name),
    h("p", { class: "finding" }, h("strong", {}, item.title)),
    h("p", { class: "dates" }, line),
  ];

  function dates(text) {
    const words = { ...TOLD, ended: text.ended && span(text.ended)[0] > now ? "due to end" : "ended" };
    const known = Object.keys(TOLD).filter((name) => text[name]);
    if (!known.length) return "; without a date";
    return known.map((name) => [`; ${words[name]} ${inWords(text[name])}`, tag(text, name)]);
  }

  function readText(text) {
    const part = (title, name) => [h("dt", {}, title, tag(text, name)), h("dd", {}, text[name])];
    const kind = [capital(text.legal_type), tag(text, "legal_type")];
    fill(reading, heading(text, kind, dates(text)), h("dl", {}, part("What it says", "clause")));
    const rest = [
      part("What it does not oblige", "not_obliged"),
      part("Exit", "exit"),
      text.note && part("Note", "note"),
    ];
    fill(beside, h("dl", {}, rest), source(text));
  }

  function readEvent(event) {
    const [moment] = span(event.on);
    const standing = texts.filter((text) => text.model === event.model && inForce(text, moment));
    const open = (text) => h("button", { type: "button", class: "go", onclick: () => select(text.id) }, text.title);
    const told = standing.map((text) => h("li", {}, open(text), ` ${text.not_obliged}`));
    const lead = standing.length
      ? "In force then, and what it did not oblige:"
      : "No text of this model was in force then.";
    fill(
      reading,
      heading(event, inWords(event.on)),
      h("p", {}, event.description, tag(event, "unverified")),
      source(event),
    );
    fill(beside, h("p", { class: "then" }, lead), h("ul", { role: "list" }, told));
  }

  function show(item) {
    element.hidden = !item;
    if (!item || item === shown) return;
    shown = item;
    if (item.on) readEvent(item);
    else readText(item);
  }

  return { element, show };
}

// ---- The widget

function typePicker(shared, types) {
  const summary = h("summary", {});
  const items = types.map((id) => ({ id, label: capital(id) }));
  shared.each(() => fill(summary, `Legal types: ${shared.get().types.length} of ${types.length}`));
  return h("details", { class: "types" }, summary, picker(shared, "types", "Shown", items));
}

function key() {
  const sample = (kind, words) => {
    const line = s("line", { class: kind, x1: 0, x2: 28, y1: 8, y2: 8, stroke: "var(--text)" });
    return h("span", {}, s("svg", { viewBox: "0 0 28 16", class: "sample", "aria-hidden": "true" }, line), ` ${words}`);
  };
  return h(
    "p",
    { class: "key" },
    sample("standing", "in force"),
    sample("waiting", "signed, not yet in force"),
    sample("due", "due to end"),
    sample("doubt", "only the month or year is known"),
    h("span", {}, "A sign alone: no entry into force."),
  );
}

function render({ model, el }) {
  dress(el, "timeline");
  const data = model.get("data");
  const { byId, ...rest } = archive(data, model.get("looks"));
  const shared = share(model, el, { selected: { values: ["", ...byId.keys()] } });
  const status = h("p", { class: "status", role: "status" });
  const undated = h("p", { class: "undated" });
  const panel = reader(rest, (id) => shared.set({ selected: id }));
  const picture = chart(rest, el, open);
  const table = numbers();
  const shown = () => arrange(shared.get(), rest);
  let [width, drawn] = [0, ""];

  function draw() {
    const view = shown();
    const said = finding(view, rest);
    if (status.textContent !== said) status.textContent = said;
    picture.element.hidden = !view.items.length;
    const { selected, ...others } = shared.get();
    if (width && drawn !== JSON.stringify([width, others])) {
      drawn = JSON.stringify([width, others]);
      picture.draw(view, width);
      table.show(summaryTable(view, rest));
      fill(undated, view.undated.length > 0 && ["Without a date: ", view.undated.map(button)]);
    }
    const item = byId.get(selected);
    const first = view.items.find(({ on }) => !on) ?? view.items[0] ?? view.undated[0];
    const chosen = item && view.models.includes(item.model) ? item : first;
    picture.select(chosen?.id);
    panel.show(chosen);
  }

  function button(text) {
    const act = () => shared.set({ selected: text.id });
    return h(
      "button",
      { type: "button", class: "go", onclick: act },
      marker(text.model, rest.looks[text.model]),
      text.title,
    );
  }

  // The panel comes into sight, but never at the price of what was chosen.
  function open(target) {
    shared.set({ selected: target.dataset.id });
    panel.element.scrollIntoView({ block: "nearest" });
    target.scrollIntoView({ block: "nearest" });
  }

  shared.each(draw);
  const downloads = { picture: () => picture.whole(shown(), width), table: () => fullTable(shown(), rest) };
  const parts = [typePicker(shared, data.types), status, picture.element, undated, key(), panel.element, table.element];
  el.append(modelPicker(shared), ...parts, toolbar(shared, downloads));
  const stop = shared.start();
  const still = onWidth(picture.element, (wide) => {
    width = wide;
    draw();
  });
  return () => {
    stop();
    still();
  };
}

export default { render };
