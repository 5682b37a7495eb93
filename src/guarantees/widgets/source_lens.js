import { count, dress, fill, h, menu, numbers, onWidth, s, share, toolbar } from "./front_end.js";

const RADIUS = { high: 8, medium: 6, low: 4.5 };
const STEP = 20;
const MOVES = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

function render({ model, el }) {
  const { passages, article, author } = model.get("data");
  const ids = Object.keys(passages);
  dress(el, "source-lens");
  const shared = share(model, el);
  let width = 640;
  let drawn = "";

  const issuesOf = (id) => Object.entries(passages[id].issues);
  const wordsOf = (id, issue) =>
    passages[id].phrases
      .filter(([, , fault]) => fault === issue)
      .map(([text]) => text)
      .join(" ");

  // What the reader's marks in a passage are worth.
  function judged(id, marked) {
    const hit = (issue) => passages[id].phrases.some(([, name, fault]) => fault === issue && marked.includes(name));
    const faults = issuesOf(id).map(([issue, held]) => ({ issue, ...held, words: wordsOf(id, issue), found: hit(issue) }));
    const sound = passages[id].phrases.filter(([, name, fault]) => !fault && marked.includes(name)).map(([text]) => text);
    return { id, faults, sound, artefacts: faults.filter(({ artefact }) => artefact) };
  }

  const all = ({ marked, revealed }) => ids.filter((id) => revealed.includes(id)).map((id) => judged(id, marked));

  // ---- The passage

  const number = (id) => `Passage ${ids.indexOf(id) + 1} of ${ids.length}, paragraph ${passages[id].paragraph}`;
  const turn = (by) => {
    const next = ids[(ids.indexOf(shared.get().passage) + by + ids.length) % ids.length];
    shared.set({ passage: next });
  };
  const title = h("p", { class: "title" });
  const words = h("div", { class: "words" });
  const reveal = h("button", { type: "button", class: "reveal", onclick: unveil });
  const status = h("p", { class: "finding", role: "status" });
  const terms = h("div", { class: "terms" });

  function unveil() {
    const { passage, revealed } = shared.get();
    const shown = revealed.includes(passage);
    shared.set({ revealed: shown ? revealed.filter((id) => id !== passage) : [...revealed, passage] });
  }

  function toggle({ currentTarget }) {
    const { marked } = shared.get();
    const { name } = currentTarget.dataset;
    shared.set({ marked: marked.includes(name) ? marked.filter((other) => other !== name) : [...marked, name] });
  }

  function step(event) {
    if (!(event.key in MOVES) || event.ctrlKey || event.altKey || event.metaKey) return;
    const buttons = [...words.querySelectorAll("button")];
    const to = buttons.indexOf(event.target) + MOVES[event.key];
    buttons[Math.min(Math.max(to, 0), buttons.length - 1)]?.focus();
    event.preventDefault();
  }

  function open(id) {
    const parts = passages[id].phrases.map(([text, name]) =>
      name ? h("button", { type: "button", "data-name": name, onclick: toggle, onkeydown: step }, text) : h("span", {}, " […] "),
    );
    fill(words, h("p", { role: "group", "aria-label": "The passage, phrase by phrase" }, parts.flatMap((part) => [part, " "])));
  }

  function mark(marked) {
    for (const button of words.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", marked.includes(button.dataset.name));
    }
  }

  // The passage with its faults: each is in words, in colour and in a line style of its own.
  function show(id, marked) {
    const said = (kind, text, note) => h("mark", { class: kind }, text, h("span", { class: "unseen" }, ` (${note})`));
    const parts = passages[id].phrases.map(([text, name, issue]) => {
      const chosen = marked.includes(name);
      if (!issue) return chosen ? said("sound", text, "marked, but sound") : text === "[...]" ? "[…]" : text;
      if (!passages[id].issues[issue].artefact) return said("other", text, "a fault, but not of the translation");
      const found = passages[id].phrases.some(([, other, fault]) => fault === issue && marked.includes(other));
      return said(found ? "found" : "missed", text, found ? "an artefact, found" : "an artefact, missed");
    });
    fill(words, h("p", {}, "“", parts.flatMap((part, index) => [index > 0 && " ", part]), "”"));
  }

  // ---- What is right

  function source({ evidence: [title, by, url], within }) {
    if (within) return ["Evidence: the sense of the article itself."];
    const work = h("cite", {}, title);
    return ["Evidence: ", by && `${by}, `, url ? h("a", { href: url }, work) : work, "."];
  }

  function verdict({ artefact, found }) {
    if (artefact) return found ? "You found it." : "You missed it.";
    return found ? "You marked it: wrong, but not through the translation, as far as can be told." : "Not a matter of translation, as far as can be told.";
  }

  function answer(fault) {
    const kind = fault.artefact ? (fault.found ? "found" : "missed") : "other";
    return h(
      "li",
      { class: kind },
      h("p", { class: "wrong" }, h("span", {}, `In the article, ${fault.kind}: `), fault.words),
      h("p", { class: "right" }, h("span", {}, fault.artefact ? "Official term, or what was meant: " : "What is right: "), fault.right),
      h(
        "p",
        { class: "why" },
        h("strong", {}, `Weight: ${fault.weight}. `),
        fault.unverified && [h("span", { class: "doubt" }, "unverified"), " "],
        source(fault),
      ),
      h("p", { class: "why" }, verdict(fault)),
    );
  }

  function explain(id, marked) {
    const { faults, sound } = judged(id, marked);
    fill(
      terms,
      faults.length > 0 && h("ul", { role: "list" }, faults.map(answer)),
      !faults.length && h("p", {}, "Nothing in this passage is known to be wrong. Not every odd sentence is an artefact."),
      sound.length > 0 && h("p", {}, "Sound, as far as is known: ", sound.map((text, index) => [index > 0 && "; ", h("q", {}, text)]), "."),
    );
  }

  // ---- The score

  function score(choices) {
    const seen = all(choices);
    const artefacts = seen.flatMap((one) => one.artefacts);
    const found = artefacts.filter((fault) => fault.found);
    const heavy = artefacts.filter(({ weight }) => weight === "high");
    const missed = heavy.filter((fault) => !fault.found).length;
    const vain = seen.reduce((sum, { sound }) => sum + sound.length, 0);
    if (!seen.length) return "Nothing is revealed yet.";
    const where = `In ${count(seen.length, "passage")}`;
    const suspected = vain ? `suspected ${count(vain, "sound phrase")}` : "suspected nothing sound";
    if (!artefacts.length) return `${where} there was no artefact to find, and you ${suspected}.`;
    const weighty = heavy.length > 0 ? `, missed ${missed || "none"} of high weight` : "";
    return `${where} you found ${found.length} of ${count(artefacts.length, "artefact")}${weighty} and ${suspected}.`;
  }

  const board = s("svg", { class: "board", role: "img" });
  const frame = h("div", { class: "frame" }, board);

  // A column for each passage: full where found, open where missed, a cross for each sound phrase that was marked.
  function paint(choices) {
    const gap = Math.min(width / ids.length, 48);
    const tallest = Math.max(...ids.map((id) => passages[id].phrases.length));
    const shown = all(choices);
    const high = Math.max(3, ...shown.map(({ artefacts, sound }) => Math.min(artefacts.length + sound.length, tallest)));
    const floor = 22 + high * STEP;
    const key = "Full: found; open: missed; ×: sound";
    const columns = ids.map((id, index) => {
      const x = gap * (index + 0.5);
      const held = shown.find((one) => one.id === id);
      const at = (row) => floor - STEP / 2 - row * STEP;
      const dots = (held?.artefacts ?? []).map(({ weight, found }, row) =>
        s("circle", { class: found ? "found" : "missed", cx: x, cy: at(row), r: RADIUS[weight] }),
      );
      const crosses = (held?.sound ?? []).map((_, row) =>
        s("path", { class: "sound", d: `M${x - 5} ${at(dots.length + row) - 5}l10 10m0 -10l-10 10` }),
      );
      const label = s("text", { class: id === choices.passage ? "now" : null, x, y: floor + 18, "text-anchor": "middle" }, index + 1);
      return s("g", {}, s("path", { class: held ? "seen" : "unseen-yet", d: `M${x - 8} ${floor}h16` }), dots, crosses, label);
    });
    board.setAttribute("viewBox", `0 0 ${width} ${floor + 26}`);
    board.setAttribute("aria-label", score(choices));
    fill(board, s("text", { class: "head", x: 0, y: 13 }, width < 480 ? key : `Artefacts by passage. ${key}; larger weighs more`), columns);
  }

  const table = numbers("What you have revealed, as a table");

  function tabulate(choices) {
    table.show({
      caption: `${score(choices)} Passages that are not revealed are left out.`,
      heads: ["Passage", "Paragraph", "In the article", "Right", "Kind", "Weight", "Evidence", "Status", "Yours"],
      rows: all(choices).flatMap(({ id, faults, sound }) => [
        ...faults.map((fault) => [
          ids.indexOf(id) + 1,
          passages[id].paragraph,
          fault.words,
          fault.right,
          fault.kind,
          fault.weight,
          fault.within ? "the article itself" : fault.evidence[0],
          fault.unverified ? "unverified" : "verified",
          fault.artefact ? (fault.found ? "found" : "missed") : fault.found ? "marked" : "not marked",
        ]),
        ...sound.map((text) => [ids.indexOf(id) + 1, passages[id].paragraph, text, text, "sound", "", "", "", "marked in vain"]),
      ]),
    });
  }

  function put(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function draw() {
    const choices = shared.get();
    const { passage, marked, revealed } = choices;
    const shown = revealed.includes(passage);
    const state = `${passage} ${shown}`;
    const own = marked.filter((name) => name.startsWith(`${passage}.`)).length;
    put(title, number(passage));
    if (shown) show(passage, marked);
    else if (drawn !== state) open(passage);
    if (!shown) mark(marked);
    drawn = state;
    reveal.textContent = shown ? "Hide again" : "Reveal";
    terms.hidden = !shown;
    if (shown) explain(passage, marked);
    put(status, shown ? score(choices) : `${own ? count(own, "phrase") : "Nothing"} marked here. ${score(choices)}`);
    paint(choices);
    tabulate(choices);
  }
  shared.each(draw);

  const options = ids.map((id, index) => [id, index + 1]);
  el.append(
    h(
      "p",
      { class: "task" },
      "Written in English, published in Russian, turned back into English: ",
      author && `${author}, `,
      h("cite", {}, article),
      ". Mark what looks lost or added on the way, then reveal.",
    ),
    h(
      "div",
      { class: "bar" },
      menu(shared, "passage", "Passage", options),
      h("button", { type: "button", onclick: () => turn(-1) }, "Previous"),
      h("button", { type: "button", onclick: () => turn(1) }, "Next"),
    ),
    h("div", { class: "sheet" }, h("div", {}, title, words, reveal), terms),
    status,
    frame,
    table.element,
    toolbar(shared, { picture: () => board, table: table.table }),
  );
  const stop = shared.start();
  const still = onWidth(frame, (now) => {
    width = now;
    paint(shared.get());
  });
  return () => {
    stop();
    still();
  };
}

export default { render };
