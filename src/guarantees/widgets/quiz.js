import { dress, fill, h } from "./front_end.js";

const VERDICTS = { right: ["✓", "Right."], wrong: ["✗", "Not yet."], shown: ["→", "The answer."] };

// *emphasis* and `code`; everything else is text.
const inline = (text) =>
  String(text)
    .split(/(\*[^*\s][^*]*\*|`[^`]+`)/)
    .map((part, index) => (index % 2 ? h(part[0] === "*" ? "em" : "code", {}, part.slice(1, -1)) : part));
const plain = (text) => text.replace(/[*`]/g, "");
const settled = (verdict) => verdict === "right" || verdict === "shown";
const same = (one, other) => one.length === other.length && one.every((item, index) => item === other[index]);

// Each kind of question has controls, ways to read and write an answer (null for none), a solution, and what to say of
// an answer: right or not, the notes, and whether it is complete enough to be judged at all.

function choice({ kind, options }, name) {
  const solution = options.flatMap(({ correct }, index) => (correct ? [index] : []));
  const several = kind === "multiple";
  const inputs = options.map(() => h("input", { type: several ? "checkbox" : "radio", name }));
  const ticks = options.map(() => h("span", { class: "tick", "aria-hidden": "true" }));
  const reasons = options.map(() => h("p", { class: "reason" }));
  const read = () => inputs.flatMap(({ checked }, index) => (checked ? [index] : []));
  const title = (index) => several && [h("em", {}, inline(options[index].text)), " "];
  const note = (index) => [title(index), inline(options[index].explanation)];
  return {
    controls: h(
      "div",
      { class: "choices" },
      options.map(({ text }, index) => [
        h("label", {}, inputs[index], h("span", {}, inline(text)), ticks[index]),
        reasons[index],
      ]),
    ),
    solution,
    read,
    write: (answer) => inputs.forEach((input, index) => (input.checked = (answer ?? []).includes(index))),
    incomplete: (answer) => !answer.length && "Choose an answer first.",
    judge(answer) {
      const right = same(answer, solution);
      if (right) return { right, notes: answer.map(note) };
      const missing = solution.filter((index) => !answer.includes(index)).length;
      const notes = answer.filter((index) => !solution.includes(index)).map(note);
      if (several && missing === 1) notes.push("One right answer is missing.");
      if (several && missing > 1) notes.push(`${missing} right answers are missing.`);
      return { right, notes };
    },
    // What was chosen is judged beside it; why the others are wrong follows once the question is settled.
    mark(verdict) {
      const chosen = read();
      for (const [index, { correct, explanation }] of options.entries()) {
        const judged = verdict && chosen.includes(index);
        ticks[index].textContent = judged ? VERDICTS[correct ? "right" : "wrong"][0] : "";
        fill(reasons[index], settled(verdict) && !judged && inline(explanation));
      }
    },
  };
}

// 1,234.5 and 1 234,5 are the same number; a currency or percent sign is let pass.
function number(text) {
  const bare = text.replace(/[\s$€%_]/g, "").replace("−", "-");
  const grouped = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare);
  const plain = grouped ? bare.replaceAll(",", "") : bare.replace(",", ".");
  return plain === "" ? NaN : Number(plain);
}

function numeric({ answer: exact, tolerance = 0, unit = "", hints = [], explanation }, name) {
  const input = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", id: name });
  const near = (value, target) => Math.abs(value - target) <= tolerance + 1e-9 * Math.abs(target);
  return {
    controls: h(
      "p",
      { class: "number" },
      h("label", { for: name }, "Your answer", unit && h("span", { class: "unseen" }, ` in ${unit}`)),
      input,
      h("span", { "aria-hidden": "true" }, unit),
    ),
    solution: String(exact),
    read: () => input.value,
    write: (answer) => (input.value = answer ?? ""),
    incomplete: (answer) => !Number.isFinite(number(answer)) && "Enter a number, such as 12.5.",
    judge(answer) {
      const value = number(answer);
      if (near(value, exact)) return { right: true, notes: [inline(explanation)] };
      const hint = hints.find((known) => near(value, known.value));
      return { right: false, notes: hint ? [inline(hint.explanation)] : [] };
    },
  };
}

function ordering({ items, shown, explanation }, name, changed) {
  const solution = [...items.keys()];
  let order = shown;
  const move = (item, step) => {
    const [from, to] = [order.indexOf(item), order.indexOf(item) + step];
    if (to < 0 || to >= order.length) return;
    order = order.with(from, order[to]).with(to, item);
    place();
    changed(`${plain(items[item])}: now ${to + 1} of ${items.length}.`);
  };
  function arrow(item, step, sign, way) {
    const button = h("button", { type: "button", "aria-label": `Move ${way}: ${plain(items[item])}` }, sign);
    button.addEventListener("click", () => {
      move(item, step);
      button.focus();
    });
    return button;
  }
  const rows = items.map((text, item) => {
    const arrows = h("span", { class: "arrows" }, arrow(item, -1, "↑", "up"), arrow(item, 1, "↓", "down"));
    return h("li", {}, h("span", {}, inline(text)), arrows);
  });
  const list = h("ol", {});
  const place = () => fill(list, order.map((item) => rows[item]));
  place();
  return {
    controls: list,
    solution,
    read: () => order,
    write(answer) {
      order = answer?.length === shown.length ? answer : shown;
      place();
    },
    incomplete: () => false,
    judge(answer) {
      if (same(answer, solution)) return { right: true, notes: [inline(explanation)] };
      const inPlace = answer.filter((item, index) => item === index).length;
      return { right: false, notes: [`${inPlace} of ${items.length} in their place.`] };
    },
  };
}

function matching({ pairs, choices, explanation }, name) {
  const solution = pairs.map(({ right }) => choices.indexOf(right));
  const id = (index) => `${name}-${index}`;
  const offered = () => choices.map((text, value) => h("option", { value }, plain(text)));
  const selects = pairs.map((_, index) =>
    h("select", { id: id(index) }, h("option", { value: "" }, "Choose"), offered()),
  );
  return {
    controls: h(
      "div",
      { class: "pairs" },
      pairs.map(({ left }, index) => h("div", {}, h("label", { for: id(index) }, inline(left)), selects[index])),
    ),
    solution,
    read: () => selects.map(({ value }) => (value === "" ? null : Number(value))),
    write: (answer) => selects.forEach((select, index) => (select.value = answer?.[index] ?? "")),
    incomplete: (answer) => answer.includes(null) && "Choose a match for each.",
    judge(answer) {
      if (same(answer, solution)) return { right: true, notes: [inline(explanation)] };
      const matched = answer.filter((value, index) => value === solution[index]).length;
      return { right: false, notes: [`${matched} of ${pairs.length} match.`] };
    },
  };
}

const KINDS = { single: choice, multiple: choice, numeric, ordering, matching };

// One question: open until checked, then right, wrong or (after an attempt) shown; an edit opens it again.
function question(content, position, name, save) {
  const form = KINDS[content.kind](content, name, edited);
  const feedback = h("div", { class: "feedback", role: "status" });
  const main = h("button", { type: "button", onclick: () => (state.verdict ? clear() : check()) });
  const reveal = h("button", { type: "button", onclick: show }, "Show answer");
  const element = h(
    "fieldset",
    {},
    h("legend", {}, h("span", { class: "position" }, `${position}. `), inline(content.prompt)),
    form.controls,
    h("p", { class: "actions" }, main, reveal),
    feedback,
  );
  let state = { solved: false, tried: false, verdict: null };

  function put(change, notes = []) {
    state = { ...state, ...change };
    const { verdict, tried } = state;
    const closed = settled(verdict);
    const within = form.controls.contains(document.activeElement);
    for (const control of form.controls.querySelectorAll("input, select, button")) control.disabled = closed;
    form.mark?.(verdict);
    element.dataset.verdict = verdict ?? "open";
    main.textContent = verdict ? "Try again" : "Check";
    reveal.hidden = !tried || closed;
    if (closed && within) main.focus();
    const [icon, words] = VERDICTS[verdict] ?? [];
    fill(
      feedback,
      verdict && h("p", { class: "verdict" }, h("span", { "aria-hidden": "true" }, icon), ` ${words}`),
      notes.map((note) => h("p", {}, note)),
    );
  }

  function edited(note) {
    put({ verdict: null }, note ? [note] : []);
    save();
  }

  function check() {
    const answer = form.read();
    const missing = form.incomplete(answer);
    if (missing) return put({}, [missing]);
    const { right, notes } = form.judge(answer);
    put({ verdict: right ? "right" : "wrong", tried: true, solved: state.solved || right }, notes);
    save();
  }

  function show() {
    form.write(form.solution);
    put({ verdict: "shown" }, form.judge(form.solution).notes);
    main.focus();
    save();
  }

  function clear() {
    form.write(null);
    put({ verdict: null });
    save();
  }

  form.controls.addEventListener("input", () => edited());
  form.controls.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches('input[type="text"]')) return;
    event.preventDefault(); // the button that takes the focus must not take the key as well
    check();
  });
  put({});

  return {
    element,
    solved: () => state.solved,
    state: () => ({ ...state, answer: form.read() }),
    restore({ answer, ...saved }) {
      form.write(answer);
      put(saved, saved.verdict ? form.judge(answer).notes : []);
    },
    reset() {
      form.write(null);
      put({ solved: false, tried: false, verdict: null });
    },
  };
}

// Storage may be blocked, full or spoilt by hand: the quiz then works without it.
const memory = (key) => ({
  read() {
    try {
      const value = JSON.parse(localStorage.getItem(key));
      return Array.isArray(value) ? value : [];
    } catch {
      return [];
    }
  },
  write(value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Progress then lasts as long as the page.
    }
  },
});

function render({ model, el }) {
  const { title, key, questions } = model.get("content");
  const unique = `quiz-${Math.random().toString(36).slice(2)}`;
  const kept = memory(key);
  const progress = h("p", { class: "tally", role: "status" });
  const parts = questions.map((content, index) => question(content, index + 1, `${unique}-${index}`, save));

  function report() {
    const solved = parts.filter((part) => part.solved()).length;
    const text = `${solved} of ${parts.length} answered correctly`;
    if (progress.textContent !== text) progress.textContent = text;
  }

  function save() {
    kept.write(parts.map((part) => part.state()));
    report();
  }

  function reset() {
    for (const part of parts) part.reset();
    save();
  }

  kept.read().forEach((saved, index) => {
    try {
      parts[index].restore(saved);
    } catch {
      parts[index]?.reset();
    }
  });
  report();

  dress(el, "quiz");
  el.setAttribute("role", "group");
  el.setAttribute("aria-labelledby", unique);
  el.append(
    h(
      "div",
      { class: "head" },
      h("p", { class: "title", id: unique }, title),
      progress,
      h("button", { type: "button", onclick: reset }, "Start over"),
    ),
    ...parts.map((part) => part.element),
  );
}

export default { render };
