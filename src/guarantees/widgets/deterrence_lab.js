import { dress, fill, h, menu, numbers, onWidth, s, share, toolbar } from "./front_end.js";
import { broken, efficient, equilibrium, explain, solve } from "./guarantee_game.js";

const STEPS = 100;
const CLOSE = 1e-9;
const CHANCES = ["credibility", "credibility_provoked", "provocation", "attack", "attack_provoked", "war", "entrapment", "abandonment"];
const PAYOFFS = ["payoff_guarantor", "payoff_protege", "payoff_adversary"];
const SHORT = {
  credibility_provoked: "… after provocation",
  attack_provoked: "… after provocation",
  payoff_guarantor: "Guarantor",
  payoff_protege: "Protégé",
  payoff_adversary: "Adversary",
};

const near = (one, other) => Math.abs(one - other) < CLOSE;
const two = (value) => Math.abs(value).toFixed(2).replace(/^/, value < -0.005 ? "−" : "");
const three = (value) => Math.abs(value).toFixed(3);
const four = (value) => value.toFixed(4).replace(/^-(?=[0.]+$)/, "");
const short = (value) => String(Math.round(value * 1000) / 1000).replace("-", "−");
const inHundred = (share) => (share > 0 && share < 0.005 ? "fewer than 1" : String(Math.round(100 * share)));
const text = (x, y, words, attributes = {}) => s("text", { x, y, ...attributes }, words);

// A hundred games as a square: width is how often the protégé restrains itself or provokes, height how the game then ends.
function square(width, height, play, earlier) {
  const share = ({ provocation }) => [1 - provocation, provocation];
  const sides = ["calm", "tense"];
  const edge = share(play)[0] * width;
  const tiles = sides.flatMap((side, index) => {
    const [x, wide] = index ? [edge, width - edge] : [0, edge];
    const { attack, credibility } = play[side];
    const { alone } = play.last;
    const parts = [
      ["interest", alone, "fights"],
      ["bound", credibility - alone, index ? "entrapped" : "entangled"],
      ["abandons", 1 - credibility, "abandons"],
    ];
    let y = height;
    return parts.map(([kind, chance, label]) => {
      const tall = attack * chance * height;
      y -= tall;
      const fits = wide > 7.2 * label.length + 34 && tall > 15;
      const named = fits && text(x + wide / 2, y + tall / 2 + 4.5, `${label} ${inHundred((wide / width) * (tall / height))}`, { class: `on-${kind}` });
      return s("g", {}, wide > 0 && tall > 0 && s("rect", { class: kind, x, y, width: wide, height: tall }), named);
    });
  });
  const was = share(earlier)[0] * width;
  const [low, high] = sides.map((side) => height * (1 - earlier[side].attack));
  const outline = s("path", { class: "was", d: `M0 ${low}H${was}V${high}H${width}` });
  const heads = sides.map((side, index) => {
    const part = share(play)[index];
    const words = `${index ? "provokes" : "restrains itself"} ${inHundred(part)}`;
    return text(index ? width : 0, -7, words, { "text-anchor": index ? "end" : "start" });
  });
  const split = edge > 0 && edge < width && s("path", { class: "split", d: `M${edge} 0V${height}` });
  return [s("rect", { class: "peace", width, height }), tiles, split, outline, heads];
}

const KEY = [
  ["interest", "the guarantor fights out of its own interest"],
  ["bound", "it fights only because of the guarantee"],
  ["abandons", "it abandons its protégé"],
  ["peace", "no attack"],
];

function drawGames(width, play, earlier) {
  const tall = Math.round(Math.min(0.6 * width, 230));
  const key = KEY.map(([kind, words], index) =>
    s("g", { transform: `translate(0 ${tall + 40 + 19 * index})` }, s("rect", { class: kind, width: 14, height: 14 }), text(22, 11.5, words)),
  );
  const was = s("g", { transform: `translate(0 ${tall + 40 + 19 * KEY.length})` }, s("path", { class: "was", d: "M0 7H14" }), text(22, 11.5, "edge of war before"));
  return { height: tall + 40 + 19 * (KEY.length + 1), drawn: [s("g", { transform: "translate(0 24)" }, square(width, tall, play, earlier)), key, was] };
}

// Each outcome on its own line, from a ring (before) to a disc (now).
function drawChanges(width, now, earlier, names) {
  const [from, to] = [width < 380 ? 136 : 160, width - 92];
  const row = 27;
  let y = 20;
  const lines = (outcomes, low, high) => {
    const at = (value) => from + ((value - low) / (high - low)) * (to - from);
    return outcomes.map((name) => {
      y += row;
      const [then, value] = [earlier[name], now[name]];
      const same = two(then) === two(value);
      return s(
        "g",
        {},
        text(0, y + 4.5, SHORT[name] ?? names[name]),
        s("path", { class: "track", d: `M${from} ${y}H${to}` }),
        low < 0 && s("path", { class: "track", d: `M${at(0)} ${y - 7}V${y + 7}` }),
        !same && s("path", { class: "moved", d: `M${at(then)} ${y}H${at(value)}` }),
        s("circle", { class: "then", cx: at(then), cy: y, r: 5 }),
        s("circle", { class: "now", cx: at(value), cy: y, r: 5 }),
        text(width, y + 4.5, same ? two(value) : `${two(then)} → ${two(value)}`, { "text-anchor": "end" }),
      );
    });
  };
  const head = (words) => text(0, y + 5, words, { class: "head" });
  const all = PAYOFFS.flatMap((name) => [now[name], earlier[name]]);
  const drawn = [head("Chances, 0 to 1"), lines(CHANCES, 0, 1)];
  y += row + 8;
  drawn.push(head("Payoffs, with a mark at 0"), lines(PAYOFFS, Math.min(-0.25, ...all), Math.max(1.25, ...all)));
  return { height: y + 14, drawn };
}

// Credibility against entrapment as one dial moves; the thick part is what no other place of the dial beats.
function drawFrontier(width, { symbol, swept, best }, now, earlier) {
  const [left, right, top, bottom] = [34, width - 10, 28, 190];
  const highest = Math.max(now.entrapment, earlier.entrapment, ...swept.map(({ outcome }) => outcome.entrapment));
  const ceiling = [0.1, 0.2, 0.3, 0.5, 1].find((level) => level >= highest);
  const place = ({ credibility, entrapment }) => [left + credibility * (right - left), bottom - (entrapment / ceiling) * (bottom - top)];
  const path = (points) => points.map((point, index) => `${index ? "L" : "M"}${place(point).map((at) => at.toFixed(1)).join(" ")}`).join("");
  const outcomes = swept.map(({ outcome }) => outcome);
  const runs = [];
  for (const position of best) {
    if (runs.at(-1)?.at(-1) === position - 1) runs.at(-1).push(position);
    else runs.push([position]);
  }
  const apart = (one, other) => Math.hypot(place(one)[0] - place(other)[0], place(one)[1] - place(other)[1]);
  const taken = [now];
  const label = (point, words) => {
    if (taken.slice(words === "now" ? 1 : 0).some((other) => apart(point, other) < (words === "now" ? 0 : 44))) return null;
    taken.push(point);
    const [x, y] = place(point);
    const end = x - 9 - 7.5 * words.length > left;
    return text(x + (end ? -9 : 9), y - 8, words, { "text-anchor": end ? "end" : "start", class: words === "now" ? "head" : null });
  };
  const ends = [swept[0], swept.at(-1)];
  const marks = [
    ends.map(({ outcome }) => s("circle", { class: "end", cx: place(outcome)[0], cy: place(outcome)[1], r: 2.5 })),
    s("circle", { class: "then", cx: place(earlier)[0], cy: place(earlier)[1], r: 5 }),
    s("circle", { class: "now", cx: place(now)[0], cy: place(now)[1], r: 5.5 }),
    label(now, "now"),
    label(earlier, "before"),
    ends.map(({ outcome, value }) => label(outcome, `${symbol} = ${short(value)}`)),
  ];
  const ticks = [0, 0.5, 1].map((share) => {
    const [x, y] = place({ credibility: share, entrapment: share * ceiling });
    return [
      s("path", { class: "track", d: `M${left} ${y}H${right}` }),
      text(left - 6, y + 4, short(share * ceiling), { "text-anchor": "end" }),
      text(x, bottom + 17, short(share), { "text-anchor": share === 1 ? "end" : share ? "middle" : "start" }),
    ];
  });
  const drawn = [
    ticks,
    text(0, 14, "Entrapment", { class: "head" }),
    text(right, bottom + 36, "Credibility", { class: "head", "text-anchor": "end" }),
    s("path", { class: "beaten", d: path(outcomes) }),
    runs.filter((run) => run.length > 1).map((run) => s("path", { class: "best", d: path(run.map((position) => outcomes[position])) })),
    marks,
  ];
  return { height: bottom + 42, drawn };
}

function picture() {
  const svg = s("svg", { role: "img" });
  return { svg, box: h("div", { class: "picture" }, svg), width: 0 };
}

function render({ model, el }) {
  const data = model.get("data");
  const { numbers: named, dials, defaults, outcomes, explainable, models, reasons } = data;
  dress(el, "lab");
  const shared = share(model, el);
  const symbol = (name) => named[name][0];

  const finding = h("p", { class: "finding", role: "status" });
  const pinned = h("p", { class: "pinned" });
  const change = h("p", {});
  const causes = h("ul", { role: "list" });
  const course = h("p", {});
  const why = h("div", { class: "reasons" });
  const reasonsBox = h("details", { class: "numbers" }, h("summary", {}, "Why the model has these numbers"), why);
  const [games, changes, frontier] = [picture(), picture(), picture()];
  const table = numbers();
  const swept = numbers("The frontier as a table");
  let state;

  // ---- What is set and what follows

  function mended(game) {
    const rule = broken(game);
    return rule ? [{ ...game, h: 0 }, rule] : [game, ""];
  }

  function compute() {
    const set = shared.get();
    const [game, rule] = mended(Object.fromEntries(Object.keys(named).map((name) => [name, set[name]])));
    const kept = { ...defaults, ...set.before };
    const refused = broken(kept);
    const before = refused ? defaults : kept;
    const sweep = sweepOf(game, set.dial);
    state = {
      game, rule, before, refused, sweep,
      dial: set.dial,
      outcome: set.outcome,
      play: equilibrium(game),
      earlierPlay: equilibrium(before),
      now: solve(game),
      earlier: solve(before),
      moved: Object.keys(named).some((name) => !near(game[name], before[name])),
    };
  }

  function sweepOf(game, dial) {
    const [, , low, high] = named[dial];
    const values = Array.from({ length: STEPS + 1 }, (_, step) => low + ((high - low) * step) / STEPS);
    const points = values.filter((value) => !broken({ ...game, [dial]: value }));
    const found = points.map((value) => ({ value, outcome: solve({ ...game, [dial]: value }) }));
    return { symbol: symbol(dial), swept: found, best: efficient(found.map(({ outcome }) => outcome)).sort((a, b) => a - b) };
  }

  function nameOf(game) {
    const like = (other) => data.set_by_models.every((name) => near(game[name], other[name]));
    const id = like(defaults) ? "none" : (Object.keys(models).find((each) => like(models[each])) ?? "");
    const world = Object.keys(named).filter((name) => !data.set_by_models.includes(name) && !near(game[name], defaults[name]));
    return { id, words: id === "none" ? "no guarantee" : (shared.looks[id]?.name ?? ""), world };
  }

  const listed = (game, names) => names.map((name) => `${symbol(name)} = ${short(game[name])}`).join(", ");

  function inWords(game) {
    const { words, world } = nameOf(game);
    const changed = words ? world : Object.keys(named).filter((name) => !near(game[name], defaults[name]));
    return [words, listed(game, changed)].filter(Boolean).join(", ");
  }

  // ---- In words

  function find() {
    const { now, rule } = state;
    const warning = rule
      ? `These numbers break a rule of the game, ${rule}: the protégé would rather have war than this peace. What follows is for h = 0. `
      : "";
    const wars = now.war < CLOSE ? "there is no war" : `war comes in ${inHundred(now.war)}`;
    const fate =
      now.war < CLOSE
        ? ""
        : `. The guarantor fights in ${inHundred(now.guarantor_fights)}, ${inHundred(now.entrapment)} of them by entrapment, and abandons its protégé in ${inHundred(now.abandonment)}`;
    return `${warning}In 100 games the protégé provokes in ${inHundred(now.provocation)} and ${wars}${fate}.`;
  }

  const moving = (from, to) => (two(from) === two(to) ? `stays at ${two(to)}` : `${to > from ? "rises" : "falls"} from ${two(from)} to ${two(to)}`);
  const both = (from, to) => (from === to ? from : `${from} after restraint, ${to} after provocation`);

  function reasonsOfChange() {
    const { play, earlierPlay, game, before } = state;
    const pairs = ["calm", "tense"].map((side) => [earlierPlay[side], play[side]]);
    const [willing, attacking] = ["credibility", "attack"].map((field) => both(...pairs.map(([old, last]) => moving(old[field], last[field]))));
    const [then, odds] = [before, game].map(({ p, m }) => Math.min(1, p + m));
    const alone = near(then, odds) ? "" : `; the protégé's odds alone: ${moving(then, odds)}`;
    return [
      ["direct", "The way a war would end", `The guarantor's readiness to fight ${willing}${alone}.`],
      ["through_attack", "The adversary's answer", `The chance that it attacks ${attacking}.`],
      ["through_provocation", "The protégé's answer", `The chance that it provokes ${moving(earlierPlay.provocation, play.provocation)}.`],
    ];
  }

  function sayWhy() {
    const { outcome, now, earlier, moved, refused, game, before } = state;
    const [then, value] = [earlier[outcome], now[outcome]];
    const effects = explain(before, game, outcome);
    const amount = three(then) === three(value) ? `stays at ${three(value)}` : `${value > then ? "rises" : "falls"} from ${three(then)} to ${three(value)}`;
    fill(change, refused && `The pinned numbers break the rule ${refused}; no guarantee stands in their place. `, `${explainable[outcome]} ${amount}.`, !moved && " The two games are the same. Move a dial, and read here what it does and by which way.");
    fill(
      causes,
      moved && reasonsOfChange().map(([effect, cause, because]) => {
        const size = effects[effect];
        const none = three(size) === "0.000";
        const sum = none ? "makes no difference." : [size > 0 ? "adds " : "takes away ", h("b", {}, three(size)), "."];
        return h("li", { class: none ? "none" : null }, h("strong", {}, `${cause} `), sum, h("span", {}, because));
      }),
    );
  }

  function sayCourse() {
    const { sweep, dial, game } = state;
    const found = sweep.swept;
    const [first, last] = [found[0], found.at(-1)];
    const name = `${named[dial][1].toLowerCase()} (${sweep.symbol})`;
    const still = (field) => found.every(({ outcome }) => near(outcome[field], first.outcome[field]));
    if (still("credibility") && still("entrapment")) {
      const idle = (dial === "q" || dial === "e") && near(game.k, 0) ? " without tied hands" : dial === "e" && near(game.q, 0) ? " without conditionality" : "";
      course.textContent = `Moving ${name} changes neither${idle}.`;
      return;
    }
    const peak = found.reduce((most, point) => (point.outcome.entrapment > most.outcome.entrapment + CLOSE ? point : most));
    const top = peak === first || peak === last ? "" : ` It is highest, ${two(peak.outcome.entrapment)}, at ${sweep.symbol} = ${short(peak.value)}.`;
    const beaten = sweep.best.length < found.length ? " The dashed part is beaten: another place of the dial is at least as good on both." : "";
    course.textContent =
      `As ${name} goes from ${short(first.value)} to ${short(last.value)}, credibility ${moving(first.outcome.credibility, last.outcome.credibility)} ` +
      `and entrapment ${moving(first.outcome.entrapment, last.outcome.entrapment)}.${top}${beaten}`;
  }

  // ---- In pictures

  const titles = {
    games: () => `A hundred games. ${finding.textContent}`,
    changes: () => `Outcomes before and now. ${[...CHANCES, ...PAYOFFS].map((name) => `${outcomes[name]}: ${two(state.earlier[name])}, now ${two(state.now[name])}`).join(". ")}.`,
    frontier: () => `Credibility against entrapment. ${course.textContent}`,
  };
  const drawers = {
    games: (width) => drawGames(width, state.play, state.earlierPlay),
    changes: (width) => drawChanges(width, state.now, state.earlier, outcomes),
    frontier: (width) => drawFrontier(width, state.sweep, state.now, state.earlier),
  };
  const pictures = { games, changes, frontier };

  function drawOne(name) {
    const { svg, width } = pictures[name];
    if (!width) return;
    const { height, drawn } = drawers[name](width);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("height", height);
    svg.setAttribute("aria-label", titles[name]());
    fill(svg, drawn);
  }

  // All three in one picture, at one size, for the download.
  function poster() {
    const parts = [["games", 0, 44], ["frontier", 0, 420], ["changes", 420, 44]];
    const drawn = parts.map(([name, x, y]) => s("g", { transform: `translate(${x} ${y})` }, drawers[name](380).drawn));
    const title = text(0, 14, `The guarantee game: ${inWords(state.game)}; before: ${inWords(state.before)}`, { class: "head" });
    return s("svg", { class: "poster", viewBox: "-10 -10 820 680", "aria-label": finding.textContent }, title, drawn);
  }

  function tabulate() {
    const { game, before, now, earlier, sweep } = state;
    const row = (name, then, value) => [name, four(then), four(value), four(value - then)];
    const inputs = Object.keys(named).map((name) => row(`${named[name][1]} ${symbol(name)}`, before[name], game[name]));
    const found = Object.keys(outcomes).map((name) => row(outcomes[name], earlier[name], now[name]));
    table.show({ caption: "Outcomes first, then the numbers that were set", heads: ["Quantity", "Before", "Now", "Change"], rows: [...found, ...inputs] });
    swept.show({
      caption: "Credibility and entrapment as one dial moves",
      heads: [`${named[state.dial][1]} ${sweep.symbol}`, "Credibility", "Entrapment"],
      rows: sweep.swept.filter((_, step) => step % 5 === 0).map(({ value, outcome }) => [short(value), four(outcome.credibility), four(outcome.entrapment)]),
    });
  }

  // ---- Controls of the view

  const select = h("select", {
    onchange: () => {
      const chosen = select.value === "none" ? defaults : models[select.value];
      if (chosen) shared.set(Object.fromEntries(data.set_by_models.map((name) => [name, chosen[name]])));
    },
  });
  const own = h("option", { value: "" }, "your own numbers");
  const offered = Object.keys(models).map((id) => h("option", { value: id }, shared.looks[id].name));
  fill(select, own, h("option", { value: "none" }, "no guarantee"), offered);

  const pin = () => {
    const set = state.game;
    const changed = Object.keys(named).filter((name) => !near(set[name], defaults[name]));
    shared.set({ before: Object.fromEntries(changed.map((name) => [name, Number(short(set[name]))])) });
  };
  const button = (words, act) => h("button", { type: "button", onclick: act }, words);

  function showReasons(id) {
    reasonsBox.hidden = !reasons[id];
    if (why.dataset.id === id || !reasons[id]) return;
    why.dataset.id = id;
    const rows = reasons[id].map(([name, level, value, reason]) => h("li", {}, h("b", {}, `${symbol(name)} ${level} (${value})`), ` ${reason}`));
    fill(why, h("p", {}, "Levels were judged in words and then given numbers, the same for every model. They are for teaching: contestable, and not estimates."), h("ul", { role: "list" }, rows));
  }

  function say(element, words) {
    if (element.textContent !== words) element.textContent = words;
  }

  function draw() {
    compute();
    const { id } = nameOf(state.game);
    select.value = id;
    showReasons(id);
    say(finding, find());
    say(pinned, `Compared with: ${inWords(state.before)}.`);
    sayWhy();
    sayCourse();
    tabulate();
    for (const name of Object.keys(pictures)) drawOne(name);
  }

  shared.each(draw);
  const part = (kind, title, ...children) => h("div", { class: `part ${kind}` }, h("p", { class: "title" }, title), children);
  el.append(
    h(
      "div",
      { class: "bar" },
      h("label", { class: "menu" }, "Start from", select),
      h("p", { class: "note" }, "Numbers for the models are teaching judgements, not data."),
    ),
    finding,
    h("div", { class: "bar" }, pinned, button("Pin these numbers", pin), button("Pin no guarantee", () => shared.set({ before: {} }))),
    h(
      "div",
      { class: "parts" },
      part("games", "A hundred games", games.box),
      part("changes", "Before and now", changes.box),
      part("frontier", "Credibility against entrapment", menu(shared, "dial", "as this dial moves:", dials.map((name) => [name, `${named[name][1]} ${symbol(name)}`])), frontier.box, course),
      part("why", "What changed, and why", menu(shared, "outcome", "Outcome", Object.entries(explainable)), change, causes),
    ),
    table.element,
    swept.element,
    reasonsBox,
    toolbar(shared, { picture: poster, table: table.table }),
  );

  // A link of the chapter that sets the lab also leads to it.
  const follow = () => location.hash.includes(`${shared.name}:`) && (el.closest(".lab-controls") ?? el).scrollIntoView();
  const stop = shared.start();
  addEventListener("hashchange", follow);
  const stops = Object.entries(pictures).map(([name, one]) =>
    onWidth(one.box, (width) => {
      one.width = width;
      drawOne(name);
    }),
  );
  return () => {
    stop();
    removeEventListener("hashchange", follow);
    for (const still of stops) still();
  };
}

export default { render };
