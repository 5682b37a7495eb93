import { dress, fill, h } from "./front_end.js";

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
const HELD = "change:models change:features change:contested_only";

const clamp = (value, first, last) => Math.min(Math.max(value, first), last);
const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
const range = (items) => items.map((_, index) => index);

// Three pips: full up to the level, half where only one of the two contested readings reaches.
function pips(value, alternative) {
  const [low, high] = alternative === null ? [value, value] : [value, alternative].sort();
  const reached = (level) => (level <= low ? "full" : level <= high ? "half" : "empty");
  const drawn = [1, 2, 3].map((level) => h("i", { class: reached(level) }));
  return h("span", { class: "pips", "aria-hidden": "true" }, drawn);
}

const shades = ({ light, dark }) => `--light: ${light}; --dark: ${dark}`;
const marker = (named) =>
  h("span", {
    class: "marker by-model",
    "aria-hidden": "true",
    style: `${shades(named)}; clip-path: path("${named.path}")`,
  });

function render({ model, el }) {
  const data = model.get("data");
  const unique = Math.random().toString(36).slice(2);
  const coding = ([row, column]) => {
    const [value, alternative, rationale, reason, source, place, quotes, unverified] = data.codings[column][row];
    return { value, alternative, rationale, reason, source: data.sources[source], place, quotes, unverified };
  };
  let selected = null;

  const choose = (traits) => {
    for (const [name, value] of Object.entries(traits)) model.set(name, value);
    model.save_changes();
  };
  const button = (text, traits) => h("button", { type: "button", onclick: () => choose(traits) }, text);

  const status = h("p", { class: "status", role: "status" });
  const [caption, keys] = [`caption-${unique}`, `keys-${unique}`];
  const table = h("table", { role: "grid", "aria-labelledby": caption, "aria-describedby": keys });
  const frame = h("div", { class: "frame", role: "group", tabindex: 0, "aria-labelledby": caption }, table);
  const reading = h("div", { class: "reading", "aria-live": "polite", "aria-atomic": "true" });
  const context = h("div", { class: "context" });
  const evidence = h("div", { class: "evidence" });
  const about = { class: "panel", role: "group", "aria-label": "The chosen coding" };
  const panel = h("div", about, reading, context, evidence);

  dress(el, "matrix");
  el.append(
    h("p", { class: "hint" }, "To choose several, hold Ctrl (⌘ on a Mac) and click."),
    h(
      "div",
      { class: "bar" },
      status,
      button("All models", { models: range(data.models) }),
      button("All features", { features: range(data.features) }),
      button("Reset", data.initial),
    ),
    frame,
    h(
      "p",
      { class: "key" },
      h("span", {}, pips(2, null), " level 2 of 3; a higher level is more of the named thing, not better"),
      h("span", {}, pips(2, 3), h("em", {}, " or 3"), " contested: a careful reader could choose either"),
      h("span", {}, h("b", { class: "unverified" }, "2"), " not checked against a copy of the source"),
    ),
    panel,
  );

  function cell(at) {
    const { value, alternative, unverified } = coding(at);
    const contested = alternative !== null;
    return h(
      "td",
      {
        tabindex: -1,
        "data-at": at,
        class: contested ? "by-model contested" : "by-model",
        style: shades(data.models[at[1]]),
      },
      h("b", { class: unverified ? "unverified" : null }, value),
      contested && [h("span", { class: "unseen" }, ", contested:"), h("em", {}, ` or ${alternative}`)],
      unverified && h("span", { class: "unseen" }, ", unverified"),
      pips(value, alternative),
    );
  }

  const positionOf = (td) => td.dataset.at.split(",").map(Number);
  const cellAt = (at) => table.querySelector(`td[data-at="${at}"]`);

  function draw() {
    const columns = model.get("models");
    const onlyContested = model.get("contested_only");
    const contested = (row) => columns.filter((column) => coding([row, column]).alternative !== null).length;
    const rows = model.get("features").filter((row) => !onlyContested || contested(row));
    const total = rows.reduce((sum, row) => sum + contested(row), 0);
    const blank = !(columns.length && rows.length);

    frame.hidden = panel.hidden = blank;
    table.classList.toggle("contested-only", onlyContested);
    if (blank) {
      status.textContent =
        columns.length && model.get("features").length
          ? "None of these codings is contested."
          : "Choose at least one model and one feature.";
      return;
    }
    const sizes = [count(columns.length, "model"), count(rows.length, "feature")].join(", ");
    status.textContent = `${sizes}; ${total} of ${count(columns.length * rows.length, "coding")} contested.`;
    fill(
      table,
      h(
        "caption",
        { class: "unseen" },
        h("span", { id: caption }, "Codings of the models, each feature from 0 to 3"),
        h("span", { id: keys }, ". Arrow keys move between codings, Enter shows the reasons for one."),
      ),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col", class: "corner" }, "Feature"),
          columns.map((column) => h("th", { scope: "col" }, marker(data.models[column]), data.models[column].short)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, data.features[row].name),
            columns.map((column) => cell([row, column])),
          ),
        ),
      ),
    );
    const all = rows.flatMap((row) => columns.map((column) => [row, column]));
    const kept = all.find((at) => String(at) === String(selected));
    select(kept ?? all.find((at) => coding(at).alternative !== null) ?? all[0]);
  }

  function reach(td) {
    for (const other of table.querySelectorAll('td[tabindex="0"]')) other.tabIndex = -1;
    td.tabIndex = 0;
  }

  function move(td, [down, right]) {
    const rows = [...table.tBodies[0].rows];
    const { cells } = rows[clamp(rows.indexOf(td.parentElement) + down, 0, rows.length - 1)];
    const next = cells[clamp(td.cellIndex + right, 1, cells.length - 1)];
    reach(next);
    next.focus();
  }

  function select(at) {
    for (const other of table.querySelectorAll("td[aria-selected]")) other.removeAttribute("aria-selected");
    cellAt(at).setAttribute("aria-selected", "true");
    reach(cellAt(at));
    if (String(at) === String(selected)) return;
    selected = at;
    explain(at);
  }

  function explain(at) {
    const [feature, named] = [data.features[at[0]], data.models[at[1]]];
    const { value, alternative, rationale, reason, source, place, quotes, unverified } = coding(at);
    const [title, by, url] = source;
    const role = (level) => (level === value ? "chosen" : level === alternative ? "alternative" : null);
    fill(
      reading,
      h("p", { class: "model" }, marker(named), named.name),
      h("p", { class: "finding" }, h("strong", {}, `${feature.name}: ${value} of 3. `), feature.levels[value]),
      h("p", {}, rationale, unverified && [" ", h("span", { class: "tag" }, "unverified")]),
      alternative !== null && h("p", {}, h("strong", {}, `Contested: it could be ${alternative}. `), reason),
    );
    const work = h("cite", {}, title);
    fill(
      context,
      h("p", {}, feature.definition),
      h(
        "ul",
        { role: "list" },
        feature.levels.map((text, level) =>
          h(
            "li",
            { class: role(level) },
            h("b", {}, level),
            h("span", {}, text, role(level) && h("i", {}, level === value ? "as coded" : "or this")),
          ),
        ),
      ),
    );
    fill(
      evidence,
      quotes.map((quote) => h("blockquote", {}, `“${quote}”`)),
      h("p", {}, "Source: ", by && `${by}, `, url ? h("a", { href: url }, work) : work, `, ${place}.`),
    );
  }

  // The panel comes into sight, but never at the price of the cell that was chosen.
  function open(td) {
    select(positionOf(td));
    panel.scrollIntoView({ block: "nearest" });
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
    if (key in STEPS) move(td, STEPS[key]);
    else if (key === "Enter" || key === " ") open(td);
    else return;
    event.preventDefault();
  });

  model.on(HELD, draw);
  draw();
  return () => model.off(HELD, draw);
}

export default { render };
