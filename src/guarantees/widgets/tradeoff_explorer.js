import { dress, fill, h, marker, markerAt, numbers, onWidth, s, share, toolbar } from "./front_end.js";

const TOP = 3;
const EXACT = 1e9; // scores that differ by less are level
const NEARNESS = 40; // the parameters of a Dirichlet distribution are the weights times this
const CHUNKS = 8;
const CHUNK = 500;
const SEED = 20240613;

const round = (score) => Math.round(score * EXACT);
const percent = (part) => `${Math.round(100 * part)}%`;
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

// The same numbers at every visit: mulberry32.
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// A draw from the gamma distribution (Marsaglia and Tsang 2000).
function gamma(shape, random) {
  if (shape === 0) return 0;
  if (shape < 1) return gamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const [most, scale] = [shape - 1 / 3, 1 / Math.sqrt(9 * (shape - 1 / 3))];
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const cube = (1 + scale * normal) ** 3;
    if (cube > 0 && Math.log(1 - random()) < normal ** 2 / 2 + most * (1 - cube + Math.log(cube))) return most * cube;
  }
}

const weighted = (points) => points.map((number) => number / sum(points));

// The first of the models with the highest score.
function best(scores) {
  const rounded = scores.map(round);
  return rounded.indexOf(Math.max(...rounded));
}

// How many of some sorted scores lie below one.
function below(sorted, score) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < score) low = middle + 1;
    else high = middle;
  }
  return low;
}

// The chance that a score is the highest when each of the others is drawn from its list; ties are split.
function wins(held, others) {
  let tied = [1]; // the chance that nobody is above and so many are level
  for (const theirs of others) {
    const lower = below(theirs, held) / theirs.length;
    const level = below(theirs, held + 1) / theirs.length - lower;
    tied = [...tied, 0].map((chance, many) => chance * lower + (many ? tied[many - 1] * level : 0));
  }
  return sum(tied.map((chance, many) => chance / (many + 1)));
}

// guarantees.tradeoffs, for a page without Python: models, features and criteria by their place.
function scoring({ features, criteria, readings: [first, second], top }) {
  const names = Object.keys(features);
  const models = Object.keys(first);
  const [values, alternatives] = [first, second].map((reading) => models.map((id) => [...reading[id]].map(Number)));
  const slopes = criteria.map(({ parts }) => {
    const slope = names.map(() => 0);
    for (const [feature, sign] of parts) slope[names.indexOf(feature)] = sign / parts.length / TOP;
    return slope;
  });
  const gain = (step, level) => step * (step < 0 ? level - TOP : level);
  const performances = values.map((levels) => slopes.map((slope) => sum(slope.map((step, at) => gain(step, levels[at])))));
  const score = (weights) => performances.map((row) => sum(row.map((part, at) => part * weights[at])));

  // What a level of each feature adds to the score.
  const pulls = (weights) => names.map((_, feature) => sum(slopes.map((slope, at) => slope[feature] * weights[at])));

  // From which end to which the contested codings let each model range on a criterion.
  const range = (criterion) =>
    models.map((_, at) => {
      const ends = slopes[criterion].map((step, place) => [values, alternatives].map((levels) => gain(step, levels[at][place])));
      return [sum(ends.map((pair) => Math.min(...pair))), sum(ends.map((pair) => Math.max(...pair)))];
    });

  // The contested codings that change the winner when one alone takes its alternative.
  function overturning(weights) {
    const [scores, pull] = [score(weights), pulls(weights)];
    const winner = best(scores);
    return models.flatMap((_, at) =>
      names.flatMap((_, place) => {
        const change = (alternatives[at][place] - values[at][place]) * pull[place];
        if (!change) return [];
        const then = scores.with(at, scores[at] + change);
        const next = best(then);
        return round(then[next]) > round(then[winner]) ? [{ at, place, next }] : [];
      }),
    );
  }

  // Every score that a model reaches under some reading of its contested codings, in ascending order.
  function reached(at, pull) {
    let found = [sum(values[at].map((level, place) => level * pull[place]))];
    values[at].forEach((level, place) => {
      const change = (alternatives[at][place] - level) * pull[place];
      if (change) found = found.concat(found.map((held) => held + change));
    });
    return Float64Array.from(found, round).sort();
  }

  // The share of all readings of the contested codings in which each model comes first; ties are split. Exact: the
  // readings of one model do not hang on those of another. One model after another, as it takes a while.
  function* read(weights) {
    const pull = pulls(weights);
    const scores = models.map((_, at) => reached(at, pull));
    for (const mine of scores) {
      const others = scores.filter((theirs) => theirs !== mine);
      yield sum(Array.from(mine, (held) => wins(held, others))) / mine.length;
    }
  }

  // The share of some other weights, drawn near these, with which each model comes first.
  function near(weights, random, draws) {
    const won = models.map(() => 0);
    for (let drawn = 0; drawn < draws; drawn += 1) {
      const scores = score(weighted(weights.map((weight) => gamma(weight * NEARNESS, random)))).map(round);
      const highest = Math.max(...scores);
      const level = scores.filter((held) => held === highest).length;
      scores.forEach((held, at) => (won[at] += held === highest ? 1 / level : 0));
    }
    return won.map((times) => times / draws);
  }

  // Below and above which points of one criterion alone another model leads, as [points, model], and which.
  function tipping(points, at) {
    const winner = best(score(weighted(points)));
    const crossings = models.flatMap((_, other) => {
      const gaps = performances[winner].map((part, criterion) => part - performances[other][criterion]);
      if (round(gaps[at]) === 0) return [];
      const crossing = points[at] - sum(points.map((number, criterion) => number * gaps[criterion])) / gaps[at];
      return crossing >= 0 && crossing <= top ? [[crossing, other, gaps[at]]] : [];
    });
    const under = crossings.filter(([, , gap]) => gap > 0).sort(([one], [next]) => next - one);
    const over = crossings.filter(([, , gap]) => gap < 0).sort(([one], [next]) => one - next);
    return [under[0], over[0]];
  }

  return { names, models, values, alternatives, performances, score, range, overturning, read, near, tipping };
}

function render({ model, el }) {
  dress(el, "tradeoffs");
  const shared = share(model, el);
  const data = model.get("data");
  const unique = Math.random().toString(36).slice(2);
  const { names, models, values, alternatives, performances, score, ...ask } = scoring(data);
  const nameOf = (at) => shared.looks[models[at]].short;
  const markOf = (at) => marker(models[at], shared.looks[models[at]]);

  // ---- The weights

  // A link can leave criteria out.
  const given = () => data.criteria.map(({ id }) => Number(shared.get().points[id]) || 0);
  const say = (element, text) => element.textContent !== text && (element.textContent = text);

  const sliders = data.criteria.map(({ id, name }, at) => {
    const change = () => {
      const points = given().with(at, Number(input.value));
      shared.set({ points: Object.fromEntries(data.criteria.map((criterion, place) => [criterion.id, points[place]])) });
    };
    const about = `${id}-${unique}`;
    const range = { type: "range", min: 0, max: data.top, step: 1, "aria-label": name, "aria-describedby": about };
    const input = h("input", { ...range, oninput: change });
    const weight = h("b", {});
    const tips = h("p", { class: "tips", id: about });
    const element = h("div", { class: "slider" }, h("p", {}, name, weight), input, tips);
    return { id, input, weight, tips, element };
  });

  function drawSliders(points) {
    const total = sum(points);
    sliders.forEach(({ input, weight, tips }, at) => {
      if (Number(input.value) !== points[at]) input.value = points[at];
      const part = percent(total ? points[at] / total : 0);
      say(weight, part);
      input.setAttribute("aria-valuetext", `${points[at]} points, ${part} of the weight`);
      if (!total) return say(tips, "");
      const [under, over] = ask.tipping(points, at);
      const told = [
        under && `Below ${Math.ceil(under[0])} ${nameOf(under[1])} leads.`,
        over && `Above ${Math.floor(over[0])} ${nameOf(over[1])} leads.`,
      ].filter(Boolean);
      say(tips, told.join(" ") || "Alone it cannot change who is first.");
    });
  }

  // ---- The ranking

  const finding = h("p", { class: "finding", role: "status" });
  const why = h("p", { class: "why" });
  const ranking = h("ol", { class: "ranking", role: "list" });
  const rows = models.map((id) => {
    const bar = h("i", { style: `background: var(--model-${id})` });
    const figure = h("span", { class: "figure" });
    const who = h("span", { class: "who" }, shared.looks[id].short);
    const track = h("span", { class: "bar", "aria-hidden": "true" }, bar);
    return { bar, figure, element: h("li", {}, marker(id, shared.looks[id]), who, track, figure) };
  });

  function drawRanking(scores, order) {
    rows.forEach(({ bar, figure }, at) => {
      bar.style.width = percent(scores[at]);
      say(figure, scores[at].toFixed(3));
    });
    const elements = order.map((at) => rows[at].element);
    if (elements.some((element, at) => ranking.children[at] !== element)) fill(ranking, elements);
  }

  function reasons(weights, winner, next) {
    const gaps = data.criteria.map(({ name }, at) => {
      const gap = weights[at] * (performances[winner][at] - performances[next][at]);
      return { gap, name: name.toLowerCase() };
    });
    const [ahead, behind] = [1, -1].map((sign) => {
      const favouring = gaps.filter(({ gap }) => sign * round(gap) > 0).sort((one, other) => sign * (other.gap - one.gap));
      return favouring.slice(0, 2).map(({ name }) => name).join(" and ");
    });
    return [ahead && `ahead on ${ahead}`, behind && `behind on ${behind}`].filter(Boolean).join(", ");
  }

  function lead(gap) {
    if (round(gap) === 0) return "level with";
    return gap < 0.01 ? "by a hair before" : gap < 0.05 ? "before" : "well before";
  }

  // ---- Who wins if something moves

  const tests = [
    ["codings", "Contested codings read either way, with your weights"],
    ["near", "Your weights shifted a little, codings as they are"],
    ["anybody", "Anybody's weights, contested codings read either way"],
  ].map(([id, text]) => {
    const parts = models.map((model) => h("i", { style: `background: var(--model-${model})` }));
    const bar = h("div", { class: "shares", "aria-hidden": "true" }, parts);
    const [still, words] = [h("b", {}), h("p", { class: "words" })];
    return { id, parts, still, words, element: h("div", { class: "test" }, h("p", {}, text, ": ", still), bar, words) };
  });
  const shares = { codings: [], near: [], anybody: models.map((id) => data.anybody[id]) };

  function drawTests(winner) {
    for (const { id, parts, still, words } of tests) {
      const found = shares[id];
      if (!found.length) continue;
      say(still, `${nameOf(winner)} is first in ${percent(found[winner])}`);
      parts.forEach((part, at) => (part.style.flexGrow = found[at]));
      const told = models.map((_, at) => [found[at], at]).filter(([part]) => part >= 0.005);
      fill(
        words,
        told
          .sort(([one], [other]) => other - one)
          .map(([part, at]) => h("span", {}, markOf(at), `${nameOf(at)} ${percent(part)}`)),
      );
    }
  }

  // ---- Which coding would overturn it

  const overturn = h("ul", { class: "overturn", role: "list" });
  const overturned = h("p", { class: "small" });

  function drawOverturn(found, winner) {
    const key = `${winner}:${found.map(({ at, place, next }) => [at, place, next]).join(";")}`;
    if (overturn.dataset.shown === key) return;
    overturn.dataset.shown = key;
    const one = found.length === 1 ? "this coding alone takes" : `each of these ${found.length} alone takes`;
    say(
      overturned,
      found.length
        ? `Read otherwise, ${one} the first place from ${nameOf(winner)}.`
        : `No single contested coding takes the first place from ${nameOf(winner)}.`,
    );
    fill(
      overturn,
      found.map(({ at, place, next }) => {
        const [id, feature] = [models[at], names[place]];
        const change = `${data.features[feature]} ${alternatives[at][place]} instead of ${values[at][place]}`;
        const reason = `${data.reasons[id][feature]} Then ${nameOf(next)} is first.`;
        return h("li", {}, markOf(at), h("span", {}, h("b", {}, `${nameOf(at)}: ${change}. `), reason));
      }),
    );
  }

  // ---- Credibility against the risk of entrapment

  const picture = s("svg", { class: "map", viewBox: "0 0 400 320", role: "img" });
  const [credible, free] = ["credibility", "low_entrapment"].map((id) => data.criteria.findIndex((each) => each.id === id));
  const spots = performances.map((row) => [row[credible], 1 - row[free]]);
  const ranges = ask.range(credible).map((ends, at) => [ends, ask.range(free)[at].map((end) => 1 - end)]);
  const front = models.map((_, at) => at).filter((at) => !spots.some((spot) => beats(spot, spots[at])));
  let width = 400;

  function beats([credibility, risk], [other, theirs]) {
    const [more, less] = [round(credibility) - round(other), round(theirs) - round(risk)];
    return more >= 0 && less >= 0 && more + less > 0;
  }

  function label(text, x, y, taken, plot) {
    const wide = text.length * 6.9 + 2;
    const beside = [4, -10, 18].flatMap((dy) => [[12, dy], [-12 - wide, dy]]);
    const spots = [...beside, [-wide / 2, -14], [-wide / 2, 24]];
    const boxes = spots.map(([dx, dy]) => ({ left: x + dx, right: x + dx + wide, top: y + dy - 12, bottom: y + dy + 3 }));
    const apart = (box) => (other) =>
      box.right < other.left || box.left > other.right || box.bottom < other.top || box.top > other.bottom;
    const inside = ({ left, right, top, bottom }) =>
      left >= plot.left && right <= plot.right + 8 && top >= 0 && bottom <= plot.bottom + 4;
    const box = boxes.find((each) => inside(each) && taken.every(apart(each)));
    if (!box) return null;
    taken.push(box);
    return s("text", { x: box.left, y: box.bottom - 3 }, text);
  }

  function drawMap(winner) {
    const height = Math.max(300, Math.min(360, width * 0.8));
    const plot = { left: 52, right: width - 10, top: 14, bottom: height - 44 };
    const across = (part) => plot.left + (plot.right - plot.left) * part;
    const up = (part) => plot.bottom - (plot.bottom - plot.top) * part;
    const points = spots.map(([x, y]) => [across(x), up(y)]);
    const taken = points.map(([x, y]) => ({ left: x - 11, right: x + 11, top: y - 8, bottom: y + 8 }));
    const ticks = [0, 0.25, 0.5, 0.75, 1];
    const line = front.map((at) => points[at]).sort(([one], [other]) => one - other);
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    picture.setAttribute(
      "aria-label",
      `Credibility against the risk of entrapment by the codings. On the front: ${front.map(nameOf).join(", ")}.`,
    );
    fill(
      picture,
      ticks.map((at) => [
        s("line", { class: "grid", x1: across(at), x2: across(at), y1: plot.top, y2: plot.bottom }),
        s("line", { class: "grid", x1: plot.left, x2: plot.right, y1: up(at), y2: up(at) }),
        s("text", { class: "tick", x: across(at), y: plot.bottom + 17, "text-anchor": "middle" }, at),
        s("text", { class: "tick", x: plot.left - 6, y: up(at) + 4, "text-anchor": "end" }, at),
      ]),
      s("text", { class: "axis", x: plot.left, y: height - 8 }, "Credibility →"),
      s("text", { class: "axis", x: 12, y: plot.bottom, transform: `rotate(-90 12 ${plot.bottom})` }, "Risk of entrapment →"),
      ranges.map(([[left, right], [low, high]], at) => {
        const [x, y] = points[at];
        const d = `M${across(left)} ${y}H${across(right)}M${x} ${up(low)}V${up(high)}`;
        return s("path", { class: "range", d, stroke: `var(--model-${models[at]})` });
      }),
      s("path", { class: "front", d: `M${line.join("L")}` }),
      winner !== null && s("circle", { class: "winner", cx: points[winner][0], cy: points[winner][1], r: 12 }),
      models.map((id, at) => markerAt(id, shared.looks[id], ...points[at], 14)),
      models.map((_, at) =>
        s("g", { class: front.includes(at) && "best" }, label(nameOf(at), ...points[at], taken, plot)),
      ),
    );
  }

  // ---- All of it

  const table = numbers();

  function showTable(scores, order) {
    const cases = ["contested codings either way", "weights near yours", "anybody's weights"];
    table.show({
      caption: "How well each model serves each criterion, from 0 to 1; its score; how often it comes first.",
      heads: ["Model", "Score", ...data.criteria.map(({ name }) => name), ...cases.map((each) => `First: ${each}`)],
      rows: order.map((at) => [
        shared.looks[models[at]].name,
        scores?.[at].toFixed(3) ?? "",
        ...performances[at].map((part) => part.toFixed(2)),
        ...Object.values(shares).map((found) => (found.length ? percent(found[at]) : "")),
      ]),
    });
  }

  let drawn = "";
  let job = 0;

  // What takes longer comes after the first answer, in pieces, and not at all if the weights have moved on.
  async function follow(weights, show) {
    const mine = (job += 1);
    const pause = () => new Promise((go) => setTimeout(() => mine === job && go()));
    const [random, codings, near] = [generator(SEED), [], models.map(() => 0)];
    await pause();
    for (const part of ask.read(weights)) {
      codings.push(part);
      await pause();
    }
    for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
      ask.near(weights, random, CHUNK).forEach((part, at) => (near[at] += part / CHUNKS));
      await pause();
    }
    show({ codings, near });
  }

  function drawNothing() {
    job += 1;
    say(finding, "Nothing matters yet: give at least one criterion some points.");
    say(why, "");
    drawMap(null);
    Object.assign(shares, { codings: [], near: [] });
    showTable(null, [...models.keys()]);
  }

  function draw() {
    const points = given();
    if (String(points) === drawn) return;
    drawn = String(points);
    el.classList.toggle("empty", !sum(points));
    drawSliders(points);
    if (!sum(points)) return drawNothing();
    const weights = weighted(points);
    const scores = score(weights);
    const order = [...models.keys()].sort((one, other) => round(scores[other]) - round(scores[one]));
    const [winner, next] = order;
    const told = reasons(weights, winner, next);
    say(finding, `With your weights ${nameOf(winner)} comes first, ${lead(scores[winner] - scores[next])} ${nameOf(next)}.`);
    say(why, told ? `Against ${nameOf(next)} it is ${told}.` : "The two serve alike what you weigh.");
    drawRanking(scores, order);
    drawMap(winner);
    drawOverturn(ask.overturning(weights), winner);
    Object.assign(shares, { codings: [], near: [] });
    drawTests(winner);
    showTable(scores, order);
    follow(weights, (found) => {
      Object.assign(shares, found);
      drawTests(winner);
      showTable(scores, order);
    });
  }

  const made = h(
    "details",
    { class: "made" },
    h("summary", {}, "What the criteria are made of"),
    h("p", { class: "small" }, "Each is the mean of its features as shares of the scale; a minus counts from the other end."),
    h(
      "dl",
      {},
      data.criteria.map(({ name, definition, parts }) => [
        h("dt", {}, name),
        h(
          "dd",
          {},
          h("p", {}, definition),
          h(
            "ul",
            { role: "list" },
            parts.map(([feature, sign, rationale]) =>
              h("li", {}, h("b", {}, `${sign > 0 ? "+" : "−"} ${data.features[feature]}. `), rationale),
            ),
          ),
        ),
      ]),
    ),
  );
  const section = (name, ...content) => h("section", { "aria-label": name }, h("p", { class: "heading" }, name), content);
  const frame = h("div", { class: "frame" }, picture);
  const reading =
    "The line joins the models that no other beats on both counts, whatever the weights. Crosses show how far contested " +
    "codings reach, the ring who is first.";
  const overturnName = "Which coding would overturn it";
  const box = h("div", { class: "box", role: "group", tabindex: 0, "aria-label": overturnName }, overturn);
  el.append(
    h("p", { class: "small" }, "100 points for what you would first move from its worst to its best; the others beside it."),
    h("div", { class: "sliders", role: "group", "aria-label": "Points" }, sliders.map(({ element }) => element)),
    finding,
    why,
    h(
      "div",
      { class: "pair" },
      section("Ranking", h("p", { class: "small" }, "Weighted score, 0 to 1"), ranking),
      section("What buys credibility", frame, h("p", { class: "small" }, reading)),
    ),
    h(
      "div",
      { class: "pair" },
      section("Who comes first if…", tests.map(({ element }) => element)),
      section(overturnName, overturned, box),
    ),
    made,
    table.element,
    toolbar(shared, { picture: () => picture, table: table.table }),
  );
  shared.each(draw);
  const stop = shared.start();
  const still = onWidth(frame, (room) => {
    width = Math.max(260, room);
    const points = given();
    drawMap(sum(points) ? best(score(weighted(points))) : null);
  });
  return () => {
    job += 1;
    stop();
    still();
  };
}

export default { render };
