import { dress, fill, h, menu, numbers, onWidth, s, share, toolbar } from "./front_end.js";

const LANE = 62;
const money = (value) => `$${Number(value.toPrecision(4))} billion`;
const last = (items) => items[items.length - 1];
const listed = (texts, joint) => (texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} ${joint} ${last(texts)}`);

function render({ model, el }) {
  const data = model.get("data");
  const unique = Math.random().toString(36).slice(2);
  dress(el, "price-tag");
  const shared = share(model, el);
  let width = 640;
  let drawn = "";

  const phrase = ({ answers }, answer) => answers.find(([value]) => value === answer)[1];
  const kept = (terms, choices) => Object.entries(terms).every(([key, answer]) => choices[key] === answer);
  const apart = ({ questions }, { terms }, choices) => questions.filter(({ key }) => key in terms && terms[key] !== choices[key]);
  const open = ({ questions }, { terms }) => questions.filter(({ key }) => !(key in terms));
  const subject = ({ label }) => label.replace(/^Count /, "").toLowerCase();

  // What a choice gives: the totals that count so, or those that come nearest.
  function read(choices) {
    const bill = data[choices.bill];
    const found = bill.definitions.filter((definition) => kept(definition.terms, choices));
    const ways = bill.definitions.map((definition) => ({ definition, apart: apart(bill, definition, choices) }));
    const least = Math.min(...ways.map((way) => way.apart.length));
    return { bill, found, nearest: found.length ? [] : ways.filter((way) => way.apart.length === least) };
  }

  // ---- The controls

  function bills() {
    const inputs = Object.keys(data).map((value) =>
      h("input", { type: "radio", name: unique, value, onchange: () => shared.set({ ...data[value].first, bill: value }) }),
    );
    shared.each(() => inputs.forEach((input) => (input.checked = input.value === shared.get().bill)));
    const labels = inputs.map((input) => h("label", {}, input, data[input.value].name));
    return h("fieldset", { class: "picker" }, h("legend", {}, "Aid to"), labels);
  }

  function control({ key, label, answers }) {
    if (typeof answers[0][0] !== "boolean") return menu(shared, key, label, answers.map(([value, , text]) => [value, text]));
    const input = h("input", { type: "checkbox", onchange: () => shared.set({ [key]: input.checked }) });
    shared.each(() => (input.checked = shared.get()[key]));
    return h("label", { class: "check" }, input, label);
  }

  function terms(id) {
    const box = h("div", { class: "terms", role: "group", "aria-label": "What the sum counts" }, data[id].questions.map(control));
    shared.each(() => (box.hidden = shared.get().bill !== id));
    return box;
  }

  // ---- The tag

  const figure = h("p", { class: "figure" });
  const counts = h("p", { class: "counts" });
  const basis = h("div", { class: "basis" });
  const tag = h("div", { class: "tag" }, h("div", { role: "status" }, figure, counts), basis);

  function source({ source: [title, by, url], place }) {
    const work = h("cite", {}, title);
    return [by && `${by}, `, url ? h("a", { href: url }, work) : work, `, ${place}`];
  }

  function grounds(bill, definition) {
    const point = last(definition.points);
    const unsaid = open(bill, definition).map(subject);
    return h(
      "p",
      {},
      h("strong", {}, `${money(point.value)}: `),
      `${definition.label}, up to ${point.upto}. `,
      definition.added && `Added up here from ${point.parts.length} published rows. `,
      point.unverified && [h("span", { class: "doubt" }, "unverified"), " "],
      point.note && `${point.note} `,
      unsaid.length > 0 && `Whether it holds ${listed(unsaid, "and")}, the source does not say. `,
      "Source: ",
      source(point),
      ".",
    );
  }

  function put(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function price(choices, { bill, found, nearest }) {
    const sums = found.map(({ points }) => money(last(points).value) + (last(points).unverified ? " (unverified)" : ""));
    put(figure, sums.length ? listed(sums, "or") : "No published total");
    put(counts, `${bill.title}: ${bill.questions.map((question) => phrase(question, choices[question.key])).join(", ")}.`);
    tag.classList.toggle("blank", !sums.length);
    fill(
      basis,
      found.map((definition) => grounds(bill, definition)),
      !sums.length && [
        h("p", {}, "The data end here: no row counts all of this, and nothing is computed in its place. Nearest:"),
        nearest.map(({ definition, apart: differing }) =>
          h(
            "p",
            {},
            h("strong", {}, `${money(last(definition.points).value)}: `),
            `${definition.label}; ${listed(differing.map((question) => phrase(question, definition.terms[question.key])), "and")}.`,
          ),
        ),
      ],
    );
    return `${figure.textContent}. ${counts.textContent}`;
  }

  // ---- The claims

  const claims = h("div", { class: "claims", role: "group", "aria-label": "What the articles say" });

  function verdict(claim, choices, found) {
    const sums = found.map(({ points }) => last(points).value);
    const reached = sums.filter((sum) => (claim.over ? sum > claim.value : sum === claim.value));
    const inWords = kept(claim.words, choices);
    if (!sums.length) return ["half", "Nothing to hold it against", "no published total counts this."];
    const rest = sums.filter((sum) => !reached.includes(sum));
    const beside = rest.length ? ` ${listed(rest.map(money), "and")}, counted as you chose too, does not reach it.` : "";
    if (reached.length && inWords) return ["both", "Number and words hold", `the total is ${money(reached[0])}.${beside}`];
    if (reached.length) return ["half", "The number arises, the words do not hold", `${claim.gap}.${beside}`];
    const total = `the total is ${listed(sums.map(money), "or")}, up to ${listed([...new Set(found.map(({ points }) => last(points).upto))], "or")}`;
    if (inWords) return ["half", "Counted as the article says, the number does not arise", `${total}.`];
    const other = data[choices.bill].questions.filter(({ key }) => key in claim.words && claim.words[key] !== choices[key]);
    const counted = listed(other.map((question) => phrase(question, choices[question.key])), "and");
    const more = other.every(({ key }) => choices[key] === true);
    if (more && Math.max(...sums) < claim.value) return ["against", "Speaks against it", `even with ${counted}, ${total}.`];
    return ["half", "Another number for another thing", `with ${counted}, ${total}.`];
  }

  const said = ({ over, value }) => `${over ? "over " : ""}${money(value)}`;

  // How many of all the ways to count reach the number, and whether any counts what the article says.
  function tally(bill, claim) {
    const ways = bill.questions.reduce(
      (sofar, { key, answers }) => sofar.flatMap((way) => answers.map(([answer]) => ({ ...way, [key]: answer }))),
      [{}],
    );
    const totals = (way) => bill.definitions.filter(({ terms }) => kept(terms, way)).map(({ points }) => last(points).value);
    const reach = ways.filter((way) => totals(way).some((sum) => (claim.over ? sum > claim.value : sum === claim.value)));
    const held = reach.filter((way) => kept(claim.words, way)).length;
    const number = reach.length ? `${reach.length} reach${reach.length === 1 ? "es" : ""} the number` : "none reaches the number";
    return `Of ${ways.length} ways to count, ${number}${reach.length ? `, ${held || "none"} with the article's words` : ""}.`;
  }

  function card(claim) {
    const result = h("p", { class: "verdict" });
    const act = (label, change, about) =>
      h("button", { type: "button", "aria-label": `${label}: ${about}`, onclick: () => shared.set(change) }, label);
    const about = `${claim.by}, ${said(claim)}`;
    const element = h(
      "div",
      { class: "claim" },
      h("p", { class: "said" }, h("strong", {}, `${claim.by}: ${said(claim)}`), ` of ${claim.says}`),
      h(
        "details",
        {},
        h("summary", {}, claim.quote ? "In its words" : "Where"),
        claim.quote && h("blockquote", {}, `“${claim.quote}”`),
        h("p", {}, source(claim), "."),
        h("p", {}, claim.note),
      ),
      result,
      h("p", { class: "tally" }, tally(data[shared.get().bill], claim)),
      h(
        "div",
        { class: "acts" },
        Object.keys(claim.arises).length > 0 && act("Show how the number arises", claim.arises, about),
        act("Count what the words say", claim.words, about),
      ),
    );
    return { claim, result, element };
  }

  let cards = [];

  function judge(choices, { bill, found }) {
    if (drawn !== choices.bill) {
      cards = bill.claims.map(card);
      const none = h("p", { class: "said" }, "None of the five articles names a sum here.");
      fill(claims, cards.length ? cards.map(({ element }) => element) : none);
    }
    for (const { claim, result } of cards) {
      const [kind, holds, why] = verdict(claim, choices, found);
      result.className = `verdict ${kind}`;
      fill(result, h("strong", {}, `${holds}: `), why);
    }
  }

  // ---- The picture: a lane for each way of counting, crossed where each claim would stand

  const picture = s("svg", { class: "lanes", role: "img" });
  const frame = h("div", { class: "frame" }, picture);

  function lane(definition, chosen, y, at) {
    const { label, points, added } = definition;
    const point = last(points);
    let from = 0;
    const bars = (added ? point.parts : [point.value]).map((part) => {
      const [left, right] = [at(from), at((from += part))];
      return s("rect", { class: "bar", x: left, y: y + 40, width: Math.max(right - left - (added ? 1 : 0), 0.5), height: 12 });
    });
    const earlier = points.slice(0, -1).map(({ value }) => s("path", { class: "earlier", d: `M${at(value)} ${y + 38}v16` }));
    const upto = `to ${point.upto.replace("fiscal year", "FY")}${point.unverified ? ", unverified" : ""}${added ? ", added up here" : ""}`;
    return s(
      "g",
      { class: `lane${chosen ? " chosen" : ""}${point.unverified ? " unverified" : ""}` },
      s("text", { x: 0, y: y + 14 }, `${chosen ? "▸ " : ""}${label}`),
      s("text", { x: 0, y: y + 32 }, `$${Number(point.value.toPrecision(4))} bn ${upto}`),
      bars,
      earlier,
    );
  }

  function paint(choices, { bill, found }, spoken) {
    const { definitions, claims: held } = bill;
    const largest = Math.max(...[...definitions.flatMap(({ points }) => points), ...held].map(({ value }) => value));
    const at = (value) => 1 + (value / largest) * (width - 14);
    const top = 22 + held.length * 18;
    const height = top + definitions.length * LANE;
    const lines = held.map(({ by, over, value }, index) => {
      const [x, y] = [at(value), 36 + index * 18];
      const marks = definitions.map((_, row) => `M${x} ${top + row * LANE + 34}v24${over ? "m0 -12h9m-3 -3l3 3l-3 3" : ""}`);
      const anchor = x > width - 90 ? "end" : x < 90 ? "start" : "middle";
      const side = { end: width, start: 0, middle: x }[anchor];
      const label = s("text", { x: side, y, "text-anchor": anchor }, `${by}: ${over ? "over " : ""}${value}`);
      return s("g", { class: "claimed" }, s("path", { d: marks.join("") }), label);
    });
    const lanes = definitions.map((definition, index) => lane(definition, found.includes(definition), top + index * LANE, at));
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    picture.setAttribute("aria-label", spoken);
    fill(picture, s("text", { class: "title", x: 0, y: 14 }, `${bill.title}, $ bn`), lanes, lines);
  }

  const table = numbers();

  function tabulate({ bill, found }) {
    const answer = (terms, { key, answers }) => answers.find(([value]) => value === terms[key])?.[2] ?? "not said";
    table.show({
      caption: `${bill.title}: every published total`,
      heads: ["Counted as", "Billion dollars", "Up to", ...bill.questions.map(({ label }) => label), "Added up here", "Status", "Source", "Your choice"],
      rows: bill.definitions.flatMap((definition) =>
        definition.points.map((point) => [
          definition.label,
          point.value,
          point.upto,
          ...bill.questions.map((question) => answer(definition.terms, question)),
          definition.added ? "yes" : "no",
          point.unverified ? "unverified" : "verified",
          `${point.source[0]}, ${point.place}`,
          found.includes(definition) ? "yes" : "no",
        ]),
      ),
    });
  }

  function draw() {
    const choices = shared.get();
    const result = read(choices);
    paint(choices, result, price(choices, result));
    judge(choices, result);
    tabulate(result);
    drawn = choices.bill;
  }
  shared.each(draw);

  el.append(
    bills(),
    h("div", { class: "choices" }, Object.keys(data).map(terms)),
    tag,
    frame,
    claims,
    table.element,
    toolbar(shared, { picture: () => picture, table: table.table }),
  );
  const stop = shared.start();
  const still = onWidth(frame, (now) => {
    width = now;
    const choices = shared.get();
    paint(choices, read(choices), picture.getAttribute("aria-label"));
  });
  return () => {
    stop();
    still();
  };
}

export default { render };
