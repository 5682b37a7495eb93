import { count, dress, fill, h, marker, markerAt, numbers, onWidth, s, share, toolbar } from "./front_end.js";

const CREDIBLE = 1000; // per mille
const TRAPPED = 180;
const NAMED = 3;

const ordinal = (rank) => ["1st", "2nd", "3rd"][rank - 1] ?? `${rank}th`;
const decimal = (perMille) => (perMille / 1000).toFixed(2);

function render({ model, el }) {
  dress(el, "designer");
  const shared = share(model, el);
  const data = model.get("data");
  const unique = Math.random().toString(36).slice(2);
  const ids = Object.keys(data.features);
  const models = Object.keys(data.models);
  const [values, alternatives] = data.readings.map((reading) =>
    Object.fromEntries(models.map((id) => [id, [...reading[id]].map(Number)])),
  );

  const ordered = (design) => Object.fromEntries(ids.filter((id) => id in design).map((id) => [id, design[id]]));
  const coded = (base) => (base ? Object.fromEntries(ids.map((id, at) => [id, values[base][at]])) : {});
  const say = (element, text) => element.textContent !== text && (element.textContent = text);

  // ---- What a design amounts to

  // The models by distance, and the ranks that their contested codings allow.
  function precedents(design) {
    const chosen = ids.map((id, at) => [at, design[id]]).filter(([, level]) => level !== undefined);
    const gapAt = (reading, id, [at, level]) => Math.abs(reading[id][at] - level);
    const sum = (id, gap) =>
      chosen.reduce((total, each) => total + gap(gapAt(values, id, each), gapAt(alternatives, id, each)), 0);
    const rows = models.map((id) => ({ id, gap: sum(id, (one) => one), near: sum(id, Math.min), far: sum(id, Math.max) }));
    const rank = (row, own, theirs) => 1 + rows.filter((other) => other !== row && other[theirs] < row[own]).length;
    return rows
      .map((row) => ({
        ...row,
        distance: row.gap / (3 * chosen.length),
        best: rank(row, "near", "far"),
        worst: rank(row, "far", "near"),
      }))
      .sort((one, other) => one.gap - other.gap);
  }

  function clashes(design) {
    const holds = ([id, levels]) => levels.includes(design[id]);
    return data.tensions.filter(({ when, either }) => {
      const others = Object.entries(either);
      return Object.entries(when).every(holds) && (!others.length || others.some(holds));
    });
  }

  // The words at which the dials stand, or nothing while a clause is missing.
  function dials(design) {
    if (data.needed.some((id) => !(id in design))) return null;
    return data.dials.map(({ features, words, values: range, promised }) => {
      const mean = Math.round(features.reduce((total, id) => total + design[id], 0) / features.length);
      return promised && design.guarantors === 0 ? range[0] : words[mean];
    });
  }

  function play(words) {
    const cell = words.reduce((at, word, dial) => {
      const range = data.dials[dial].values;
      return at * range.length + range.indexOf(word);
    }, 0);
    return Object.fromEntries(Object.keys(data.outcomes).map((name) => [name, data.grid[name][cell]]));
  }

  // ---- Where to start

  const start = h(
    "select",
    { onchange: () => shared.set({ base: start.value, design: coded(start.value) }) },
    h("option", { value: "" }, "A blank page"),
    models.map((id) => h("option", { value: id }, shared.looks[id].name)),
  );
  const rename = () => shared.set({ title: title.value });
  const title = h("input", { type: "text", maxlength: data.titleLength, autocomplete: "off", oninput: rename });
  const opening = h(
    "div",
    { class: "opening" },
    h("label", { class: "menu" }, "Start from", start),
    h("label", { class: "menu" }, "Name it", title),
  );

  // ---- The clauses, step by step

  function option(id, text, level) {
    const input = h("input", {
      type: "radio",
      name: `${id}-${unique}`,
      value: level,
      onchange: () => shared.set({ design: ordered({ ...shared.get().design, [id]: level }) }),
    });
    const origin = h("span", { class: "origin" });
    return { input, origin, element: h("label", {}, input, h("b", {}, level), h("span", {}, text), origin) };
  }

  const fields = Object.fromEntries(
    ids.map((id) => {
      const { name, definition, clauses } = data.features[id];
      const options = clauses.map((text, level) => option(id, text, level));
      const clash = h("span", { class: "clash" });
      const about = `${id}-about-${unique}`;
      const element = h(
        "fieldset",
        { "aria-describedby": about },
        h("legend", {}, name, clash),
        h("p", { class: "about", id: about }, definition),
        options.map((each) => each.element),
      );
      return [id, { options, clash, element }];
    }),
  );

  const tabs = data.steps.map(({ id, name }, at) => {
    const state = h("span", { class: "state" });
    const button = h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${id}-${unique}`,
        "aria-controls": `panel-${id}-${unique}`,
        onclick: () => shared.set({ step: id }),
      },
      h("span", {}, `${at + 1}. ${name}`),
      state,
    );
    return { id, button, state };
  });
  const tablist = h("div", { class: "tabs", role: "tablist", "aria-label": "Steps" }, tabs.map(({ button }) => button));
  const panels = data.steps.map(({ id, note, features }) =>
    h(
      "div",
      { class: "panel", role: "tabpanel", id: `panel-${id}-${unique}`, "aria-labelledby": `tab-${id}-${unique}` },
      h("p", { class: "note" }, note),
      features.map((feature) => fields[feature].element),
    ),
  );

  const TURNS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
  tablist.addEventListener("keydown", (event) => {
    if (!(event.key in TURNS) || event.altKey || event.metaKey || event.ctrlKey) return;
    const now = tabs.findIndex(({ id }) => id === shared.get().step);
    const next = tabs[Math.min(Math.max(now + TURNS[event.key], 0), tabs.length - 1)];
    shared.set({ step: next.id });
    next.button.focus();
    event.preventDefault();
  });

  const key = h("p", { class: "small key" });

  function drawSteps({ step, design, base }, found) {
    if (key.dataset.base !== base) {
      key.dataset.base = base;
      const named = base && [marker(base, shared.looks[base]), `marks the clauses of ${shared.looks[base].name}.`];
      fill(key, named || "No clause is marked: the page was blank.");
    }
    const inClash = new Map();
    for (const rule of found) {
      const either = Object.keys(rule.either).filter((id) => rule.either[id].includes(design[id]));
      for (const id of [...Object.keys(rule.when), ...either]) {
        if (inClash.get(id) !== "contradiction") inClash.set(id, rule.kind);
      }
    }
    tabs.forEach(({ id, button, state }, at) => {
      const { features } = data.steps[at];
      const open = id === step;
      button.setAttribute("aria-selected", open);
      button.tabIndex = open ? 0 : -1;
      panels[at].classList.toggle("open", open);
      const decided = features.filter((feature) => feature in design).length;
      const troubled = features.filter((feature) => inClash.has(feature)).length;
      say(state, `${decided} of ${features.length}${troubled ? `, ${troubled} in tension` : ""}`);
    });
    ids.forEach((id, at) => {
      const { options, clash } = fields[id];
      options.forEach(({ input, origin }, level) => {
        input.checked = design[id] === level;
        const here = base && values[base][at] === level ? base : "";
        if (origin.dataset.base === here) return;
        origin.dataset.base = here;
        const look = shared.looks[here];
        fill(origin, here && [marker(here, look), h("span", { class: "unseen" }, `, as in ${look.short}`)]);
      });
      say(clash, { contradiction: "cannot stand", tension: "in tension" }[inClash.get(id)] ?? "");
    });
  }

  // ---- What it resembles, where it clashes

  const finding = h("p", { class: "finding", role: "status" });
  const near = h("ol", { class: "near", role: "list" });
  const nearNote = h("p", { class: "small" });
  const clashList = h("ul", { class: "clashes", role: "list" });
  const clashName = "What does not go together";
  const clashBox = h("div", { class: "box", role: "group", tabindex: 0, "aria-label": clashName }, clashList);

  function drawNear(rows, decided) {
    say(
      nearNote,
      decided
        ? `Distance over ${count(decided, "clause")}: 0 is the same throughout, 1 the opposite. ` +
            "Behind it, the places that contested codings allow."
        : "Choose a first clause to see which models come nearest.",
    );
    fill(
      near,
      rows.map(({ id, distance, best, worst }) => {
        const style = `width: ${100 * distance}%; background: var(--model-${id})`;
        const places = best === worst ? ordinal(best) : `${ordinal(best)}–${ordinal(worst)}`;
        return h(
          "li",
          {},
          marker(id, shared.looks[id]),
          h("span", { class: "who" }, shared.looks[id].short),
          h("span", { class: "bar", "aria-hidden": "true" }, decided > 0 && h("i", { style })),
          h("span", { class: "figure" }, decided ? distance.toFixed(2) : "–"),
          h("span", { class: "places" }, decided > 0 && places),
        );
      }),
    );
  }

  function drawClashes(found) {
    const key = found.map(({ id }) => id).join();
    if (clashList.dataset.shown === key) return;
    clashList.dataset.shown = key;
    const about = { contradiction: "Cannot both be", tension: "Pulls both ways" };
    fill(
      clashList,
      found.map(({ kind, title: named, reason, concept, ground }) =>
        h(
          "li",
          { class: kind },
          h("p", { class: "kind" }, about[kind]),
          h("p", {}, h("strong", {}, `${named}. `), reason),
          h("p", { class: "small" }, `On ${concept}: ${ground}.`),
        ),
      ),
      !found.length && h("li", { class: "none" }, "None of the rules of this book is touched."),
    );
  }

  // ---- Its place in the guarantee game

  const picture = s("svg", { class: "map", viewBox: "0 0 640 360", role: "img" });
  const dialList = h("dl", { class: "dials" });
  const playList = h("dl", { class: "dials" });
  const playNote = h("p", { class: "small" });
  let width = 640;

  // A label at the first place that is free of other labels and marks; the shape of its mark must do where none is.
  function label(text, x, y, taken, plot) {
    const wide = text.length * 6.9 + 2;
    const beside = [4, -10, 18].flatMap((dy) => [[12, dy], [-12 - wide, dy]]);
    const spots = [...beside, [-wide / 2, -16], [10, -28], [10, -44]];
    const boxes = spots.map(([dx, dy]) => ({ left: x + dx, right: x + dx + wide, top: y + dy - 12, bottom: y + dy + 3 }));
    const free = ({ left, right, top, bottom }) =>
      left >= plot.left &&
      right <= plot.right + 8 &&
      top >= 0 &&
      bottom <= plot.bottom + 4 &&
      taken.every((other) => right < other.left || left > other.right || bottom < other.top || top > other.bottom);
    const box = boxes.find(free);
    if (!box) return null;
    taken.push(box);
    const far = box.bottom < y - 20 && s("line", { class: "lead", x1: x, y1: y - 7, x2: box.left, y2: box.bottom - 1 });
    return [far, s("text", { x: box.left, y: box.bottom - 3 }, text)];
  }

  function drawMap(played, heading) {
    const height = Math.max(300, Math.min(380, width * 0.6));
    const plot = { left: 56, right: width - 10, top: 14, bottom: height - 44 };
    const across = (perMille) => plot.left + ((plot.right - plot.left) * perMille) / CREDIBLE;
    const up = (perMille) => plot.bottom - ((plot.bottom - plot.top) * perMille) / TRAPPED;
    const at = ({ credibility, entrapment }) => [across(credibility), up(entrapment)];
    const points = models.map((id) => [id, ...at(data.models[id])]);
    const mine = played && at(played);
    const marks = [...points.map(([, x, y]) => [x, y]), ...(mine ? [mine] : [])];
    const taken = marks.map(([x, y]) => ({ left: x - 9, right: x + 9, top: y - 9, bottom: y + 9 }));
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    picture.setAttribute("aria-label", heading);
    fill(
      picture,
      [0, 250, 500, 750, 1000].map((at) => [
        s("line", { class: "grid", x1: across(at), x2: across(at), y1: plot.top, y2: plot.bottom }),
        s("text", { class: "tick", x: across(at), y: plot.bottom + 17, "text-anchor": "middle" }, at / 1000),
      ]),
      [0, 50, 100, 150].map((at) => [
        s("line", { class: "grid", x1: plot.left, x2: plot.right, y1: up(at), y2: up(at) }),
        s("text", { class: "tick", x: plot.left - 6, y: up(at) + 4, "text-anchor": "end" }, at / 1000),
      ]),
      s("text", { class: "axis", x: plot.left, y: height - 8 }, "Credibility →"),
      s("text", { class: "axis", x: 13, y: plot.bottom, transform: `rotate(-90 13 ${plot.bottom})` }, "Risk of entrapment →"),
      points.map(([id, x, y]) => markerAt(id, shared.looks[id], x, y, 14)),
      mine && [
        s("path", { class: "mine", d: `M${mine}m-11 0a11 11 0 1 0 22 0a11 11 0 1 0-22 0m-5 0h10m12 0h10m-16-16v10m0 12v10` }),
        s("g", { class: "mine-label" }, label("Yours", mine[0] + 6, mine[1], taken, plot)),
      ],
      points.map(([id, x, y]) => s("g", { class: "label" }, label(shared.looks[id].short, x, y, taken, plot))),
    );
  }

  function drawGame(design, words, played) {
    if (!words) {
      const missing = data.needed.filter((id) => !(id in design)).map((id) => data.features[id].name.toLowerCase());
      say(playNote, `Not placed yet. The game still needs: ${missing.join(", ")}.`);
    } else {
      say(
        playNote,
        "Teaching values, not estimates: the words follow from your clauses by a simple rule, " +
          "the models stand where the book plays them.",
      );
    }
    const named = (features) => features.map((id) => data.features[id].name.toLowerCase()).join(", ");
    fill(
      dialList,
      data.dials.map(({ name, features }, at) => [
        h("dt", {}, name, h("span", { class: "small" }, ` from ${named(features)}`)),
        h("dd", {}, words ? words[at] : "–"),
      ]),
    );
    fill(
      playList,
      Object.entries(data.outcomes).map(([name, text]) => [h("dt", {}, text), h("dd", {}, played ? decimal(played[name]) : "–")]),
    );
  }

  // ---- The whole text, the table, the file

  const article = h("div", { class: "article" });
  const whole = h("details", { class: "whole" }, h("summary", {}, "Read the guarantee as a text"), article);
  const table = numbers("The codings as a table");

  function drawText({ design, title: named }) {
    fill(
      article,
      h("p", { class: "named" }, named || "A guarantee without a name"),
      data.steps.map(({ name, features }, at) => {
        const written = features.filter((id) => id in design).map((id) => data.features[id].clauses[design[id]]);
        const text = written.join(" ") || "Nothing is decided yet.";
        return [h("p", { class: "heading" }, `${at + 1}. ${name}`), h("p", {}, text)];
      }),
    );
  }

  function tableOf({ design, base }) {
    const origin = base ? shared.looks[base].short : "Started from";
    return {
      caption: "Levels from 0 to 3: more of the named thing, not better.",
      heads: ["Feature", "Level", "Clause", origin],
      rows: ids.map((id, at) => {
        const { name, clauses } = data.features[id];
        return [name, design[id] ?? "", clauses[design[id]] ?? "not decided", base ? values[base][at] : ""];
      }),
    };
  }

  const heard = h("p", { class: "said", role: "status" });

  function save() {
    const { title: named, base, design } = shared.get();
    const content = { format: data.format, version: data.version, title: named, base, design };
    const url = URL.createObjectURL(new Blob([`${JSON.stringify(content, null, 2)}\n`], { type: "application/json" }));
    const file = `${named.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "guarantee"}.json`;
    h("a", { href: url, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
    say(heard, `Saved ${file}.`);
  }

  // What is wrong with a file, or nothing; guarantees.design.read_design refuses the same.
  function fault(content) {
    if (content?.format !== data.format) return "it is not a design that was saved here";
    if (content.version !== data.version) return `its version should be ${data.version}`;
    const stray = Object.keys(content).find((key) => !data.keys.includes(key));
    if (stray) return `nothing in a design is called “${stray}”`;
    const { title: named = "", base = "", design } = content;
    if (typeof named !== "string") return "its title is not a text";
    if (base !== "" && !models.includes(base)) return `there is no model “${base}”`;
    if (typeof design !== "object" || !design || Array.isArray(design)) return "it holds no levels";
    const wrong = Object.entries(design).find(([id, level]) => !ids.includes(id) || ![0, 1, 2, 3].includes(level));
    if (!wrong) return "";
    return ids.includes(wrong[0]) ? `${wrong[0]} should be 0, 1, 2 or 3` : `“${wrong[0]}” cannot be designed`;
  }

  async function load() {
    const [file] = picker.files;
    picker.value = "";
    if (!file) return;
    let problem;
    try {
      const content = JSON.parse(await file.text());
      problem = fault(content);
      if (!problem) {
        const { title: named = "", base = "", design } = content;
        shared.set({ title: named.slice(0, data.titleLength), base, design: ordered(design) });
      }
    } catch {
      problem = "it is not JSON";
    }
    say(heard, problem ? `${file.name} was not loaded: ${problem}. Nothing was changed.` : `Loaded ${file.name}.`);
  }

  const picker = h("input", { type: "file", accept: ".json,application/json", onchange: load });
  const keeping = h(
    "div",
    { class: "keeping", role: "group", "aria-label": "Save and load" },
    h("button", { type: "button", onclick: save }, "Save design (JSON)"),
    h("label", { class: "load" }, "Load a design", picker),
    heard,
  );

  // ---- All of it

  function draw() {
    const chosen = shared.get();
    const { design, base } = chosen;
    const decided = Object.keys(design).length;
    const [rows, found, words] = [precedents(design), clashes(design), dials(design)];
    const played = words && play(words);
    const cannot = found.filter(({ kind }) => kind === "contradiction").length;
    start.value = base;
    if (title.value !== chosen.title) title.value = chosen.title;
    drawSteps(chosen, found);
    drawNear(rows, decided);
    drawClashes(found);
    drawGame(design, words, played);
    const seen = played
      ? `In the game its credibility is ${decimal(played.credibility)} and its risk of entrapment ${decimal(played.entrapment)}.`
      : "The game needs more clauses.";
    drawMap(played, `Credibility and risk of entrapment of the models. ${seen}`);
    drawText(chosen);
    table.show(tableOf(chosen));
    const level = rows.filter(({ gap }) => gap === rows[0].gap).slice(0, NAMED);
    const nearest = level.map(({ id }) => shared.looks[id].short).join(" and ");
    const kinds = [[cannot, "contradiction"], [found.length - cannot, "tension"]];
    const trouble = kinds.filter(([number]) => number).map(([number, noun]) => count(number, noun));
    say(
      finding,
      decided
        ? `Nearest to ${nearest} (${rows[0].distance.toFixed(2)}); ${trouble.join(" and ") || "no tension"}. ${seen}`
        : "Nothing is decided yet: choose a first clause, or start from a model.",
    );
  }

  const section = (name, ...content) => h("section", { "aria-label": name }, h("p", { class: "heading" }, name), content);
  const frame = h("div", { class: "frame" }, picture);
  el.append(
    opening,
    tablist,
    finding,
    key,
    h(
      "div",
      { class: "bench" },
      h("div", { class: "panels" }, panels),
      h(
        "div",
        { class: "results" },
        section("Nearest precedents", nearNote, near),
        h("section", { "aria-label": clashName }, h("p", { class: "heading" }, clashName), clashBox),
      ),
    ),
    section("Its place in the guarantee game", h("div", { class: "game" }, frame, h("div", {}, playList, dialList, playNote))),
    whole,
    table.element,
    keeping,
    toolbar(shared, { picture: () => picture, table: table.table }),
  );
  shared.each(draw);
  const stop = shared.start();
  const still = onWidth(frame, (room) => {
    width = Math.max(280, room);
    draw();
  });
  return () => {
    stop();
    still();
  };
}

export default { render };
