// The guarantee game in closed form, as guarantees.deterrence solves it, for a page without Python. A game is one object:
// the dials of the guarantee and the numbers of the world, by the names of Design and World.

const unit = (x) => Math.min(Math.max(x, 0), 1);

// What the game assumes of every set of numbers; the text is empty if these keep the rules.
export function broken(game) {
  const shares = ["q", "e", "p", "s", "theta", "h"];
  for (const [name, value] of Object.entries(game)) {
    if (!(value >= 0 && value < Infinity)) return `${name} ≥ 0`;
    if (shares.includes(name) && value > 1) return `${name} ≤ 1`;
    if (["B", "Abar", "Gbar"].includes(name) && value === 0) return `${name} > 0`;
  }
  const u = 1 - Math.min(1, game.p + game.m);
  return u * (1 - game.s) + game.c > game.h ? "" : "u(1 − s) + c > h";
}

// Play after restraint (harm 0) or after provocation.
function branch(game, { u, released, bound }, release, harm) {
  const credibility = bound - release * (bound - released);
  const conquest = u * (1 - game.s * credibility);
  const temptation = conquest - game.L * credibility + harm + game.eta * (game.m + game.t) - game.h;
  return { release, credibility, conquest, temptation, attack: unit(temptation / game.Abar), loss: conquest + game.c - game.h };
}

// What the guarantor, the adversary and the protégé do, solved backwards.
export function equilibrium(game) {
  const u = 1 - Math.min(1, game.p + game.m);
  const interest = game.v * game.s * u;
  const [alone, released, bound] = [0, game.theta * game.t, game.theta * game.t + game.k].map((tie) =>
    unit((interest + tie) / game.Gbar),
  );
  const last = { u, alone, released, bound };
  const calm = branch(game, last, game.e * game.q, 0);
  const tense = branch(game, last, game.q, game.delta);
  const price = tense.attack * tense.loss - calm.attack * calm.loss;
  return { last, calm, tense, price, provocation: unit(1 - price / game.B) };
}

// The chance of each ending of a war that was not provoked, and of one that was.
function endings(game, { last, calm, tense }) {
  const deserted = game.k > 0 ? 1 - last.bound : 0;
  return {
    war: [1, 1],
    guarantor_fights: [calm.credibility, tense.credibility],
    entrapment: [0, tense.credibility - last.alone],
    entanglement: [calm.credibility - last.alone, 0],
    abandonment: [1 - calm.credibility, 1 - tense.credibility],
    breach: [(1 - calm.release) * deserted, (1 - tense.release) * deserted],
    protege_survives: [-calm.conquest, -tense.conquest],
  };
}

function payoffs(game, { last, calm, tense, provocation }, unprovoked, provoked) {
  const fought = game.v * last.u * (1 - game.s);
  const [bound, released] = [last.bound, last.released].map((x) => game.Gbar * x * (1 - x / 2));
  const guarantorLoss = ({ release }) => fought + bound - release * (bound - released);
  const adversaryGain = ({ attack, temptation }) => attack * (temptation - (game.Abar * attack) / 2);
  return {
    payoff_guarantor:
      game.v - game.phi * game.m - game.psi * game.t - unprovoked * guarantorLoss(calm) - provoked * guarantorLoss(tense),
    payoff_protege: 1 - game.h - calm.attack * calm.loss + (game.B * provocation ** 2) / 2,
    payoff_adversary:
      (1 - provocation) * adversaryGain(calm) +
      provocation * (adversaryGain(tense) - game.delta) -
      game.eta * (game.m + game.t) +
      game.h,
  };
}

// Every field of guarantees.deterrence.Outcome.
export function solve(game) {
  const play = equilibrium(game);
  const { calm, tense, price, provocation } = play;
  const [unprovoked, provoked] = [(1 - provocation) * calm.attack, provocation * tense.attack];
  const inWar = Object.entries(endings(game, play)).map(([name, [f0, f1]]) => [name, unprovoked * f0 + provoked * f1]);
  const found = Object.fromEntries(inWar);
  return {
    credibility: calm.credibility,
    credibility_provoked: tense.credibility,
    attack: calm.attack,
    attack_provoked: tense.attack,
    price_of_provoking: price,
    provocation,
    leverage_protege: 1 - game.h - calm.loss,
    ...found,
    protege_survives: 1 + found.protege_survives,
    ...payoffs(game, play, unprovoked, provoked),
  };
}

// How much of the change of an outcome comes from the way a war ends, from the adversary's and from the protégé's answer:
// the average over the six orders in which the three can change.
export function explain(before, after, outcome) {
  const [from, to] = [before, after].map((game) => {
    const play = equilibrium(game);
    return [
      endings(game, play)[outcome],
      [play.calm.attack, play.tense.attack],
      [1 - play.provocation, play.provocation],
    ];
  });
  const value = ([ending, attack, share]) => ending[0] * attack[0] * share[0] + ending[1] * attack[1] * share[1];
  const effects = [0, 0, 0];
  for (const order of [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]) {
    const state = [...from];
    for (const part of order) {
      const old = value(state);
      state[part] = to[part];
      effects[part] += (value(state) - old) / 6;
    }
  }
  const [direct, through_attack, through_provocation] = effects;
  return { direct, through_attack, through_provocation };
}

// Positions of the outcomes that none of the others beats: as credible with less entrapment, or more credible with no more.
export function efficient(outcomes) {
  const order = outcomes
    .map((_, position) => position)
    .sort((a, b) => outcomes[b].credibility - outcomes[a].credibility || outcomes[a].entrapment - outcomes[b].entrapment);
  let least = Infinity;
  const kept = order.filter((position) => {
    const better = outcomes[position].entrapment < least;
    if (better) least = outcomes[position].entrapment;
    return better;
  });
  return kept.reverse();
}
