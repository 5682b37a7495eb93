"""The guarantee game played out, from its rules alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from guarantees.deterrence.equilibrium import Outcome
from guarantees.deterrence.game import DEFAULT_WORLD, Design, Flag, Real, World, require_one_game

Numbers: TypeAlias = NDArray[np.float64]
Sample: TypeAlias = Numbers | NDArray[np.bool_]


@dataclass(frozen=True)
class Simulation:
    """What was counted over many plays.

    Attributes
    ----------
    mean : Outcome
        The estimates. What can only be seen after an event (an attack after restraint, say) is nan if that event
        never happened.
    standard_error : Outcome
        Their standard errors.
    plays : int
        How many games were played.
    """

    mean: Outcome
    standard_error: Outcome
    plays: int


@dataclass(frozen=True)
class Rules:
    """The payoff table of one game, and the cut-offs found by comparing its rows.

    Payoffs are linear in the private number of whoever moves, so a cut-off is the difference between the payoffs of
    two actions when that number is zero. The closed form is not used.
    """

    design: Design
    world: World

    def survival(self, fights: Flag) -> Numbers:
        """Return the protégé's odds in a war."""
        alone = np.minimum(1.0, self.world.p + self.design.m)
        return np.where(fights, 1 - (1 - alone) * (1 - self.world.s), alone)

    def guarantor(self, attacked: Flag, fights: Flag, bound: Flag, survives: Real, cost: Real = 0.0) -> Numbers:
        """Return the guarantor's payoff."""
        design, world = self.design, self.world
        deserting = world.theta * design.t + design.k * np.asarray(bound)
        war = world.v * survives - np.where(fights, cost, deserting)
        return np.where(attacked, war, world.v) - world.phi * design.m - world.psi * design.t

    def protege(self, provokes: Flag, attacked: Flag, survives: Real, gain: Real = 0.0) -> Numbers:
        """Return the protégé's payoff."""
        return np.where(attacked, survives - self.world.c, 1 - self.world.h) + gain * np.asarray(provokes)

    def adversary(self, provoked: Flag, attacks: Flag, fights: Flag, survives: Real, cost: Real = 0.0) -> Numbers:
        """Return the adversary's payoff."""
        world = self.world
        peace = world.h - world.delta * np.asarray(provoked) - world.eta * (self.design.m + self.design.t)
        return np.where(attacks, 1 - survives - world.L * np.asarray(fights) - cost, peace)

    def release(self, provoked: Flag) -> Numbers:
        """Return the probability that the promise lapses."""
        return np.where(provoked, self.design.q, self.design.e * self.design.q)

    def cost_of_fighting(self, bound: bool) -> float:
        """Return the highest cost of war at which the guarantor fights."""
        fight, desert = (self.guarantor(True, fights, bound, self.survival(fights)) for fights in (True, False))
        return float(fight - desert)

    def credibility(self, provoked: bool) -> float:
        """Return the probability that the guarantor fights."""
        release = float(self.release(provoked))
        bound, released = (_share_below(self.cost_of_fighting(bound), self.world.Gbar) for bound in (True, False))
        return (1 - release) * bound + release * released

    def cost_of_attacking(self, provoked: bool) -> float:
        """Return the highest cost of war at which the adversary attacks."""
        credibility = self.credibility(provoked)
        joined, alone = (self.adversary(provoked, True, fights, self.survival(fights)) for fights in (True, False))
        return float(credibility * joined + (1 - credibility) * alone - self.adversary(provoked, False, False, 1.0))

    def gain_from_provoking(self) -> float:
        """Return the lowest gain at which the protégé provokes."""

        def safety(provokes: bool) -> Real:
            credibility = self.credibility(provokes)
            attack = _share_below(self.cost_of_attacking(provokes), self.world.Abar)
            joined, alone = (self.protege(provokes, True, self.survival(fights)) for fights in (True, False))
            war = credibility * joined + (1 - credibility) * alone
            return attack * war + (1 - attack) * self.protege(provokes, False, 1.0)

        return float(safety(False) - safety(True))


def _share_below(cutoff: float, upper: Real) -> float:
    """Return the share of types, uniform from 0 to `upper`, at or below a cut-off."""
    return float(np.clip(cutoff / upper, 0.0, 1.0))


def _either(provoked: NDArray[np.bool_], cutoff: Callable[[bool], float]) -> Numbers:
    return np.where(provoked, cutoff(True), cutoff(False))


def simulate(
    design: Design, world: World = DEFAULT_WORLD, plays: int = 100_000, seed: int | np.random.Generator = 0
) -> Simulation:
    """Play the guarantee game many times and count what happens.

    Every play draws the three private numbers, the fate of the promise and the fortune of war; every player does what
    its payoffs in the table of the game tell it to, expecting the others to do the same. Compare the estimates with
    `solve`, which knows nothing of the draws.

    Parameters
    ----------
    design : Design
        One guarantee.
    world : World
        One world.
    plays : int
        How many games to play, at least 2.
    seed : int or numpy.random.Generator
        The same seed gives the same plays.

    Returns
    -------
    Simulation
        Estimates with their standard errors, under the names that `solve` uses.

    Raises
    ------
    InvalidGame
        If a parameter is an array.
    ValueError
        If there are fewer than two plays.
    """
    require_one_game(design, world)
    if plays < 2:
        raise ValueError(f"plays = {plays}: at least 2 are needed for a standard error")
    rules = Rules(design, world)
    rng = np.random.default_rng(seed)
    gain, attack_cost, fight_cost = (rng.uniform(0, upper, plays) for upper in (world.B, world.Abar, world.Gbar))

    provoked = gain >= rules.gain_from_provoking()
    war = attack_cost <= _either(provoked, rules.cost_of_attacking)
    bound = rng.random(plays) >= rules.release(provoked)
    fights = war & (fight_cost <= _either(bound, rules.cost_of_fighting))
    survives = np.where(war, rng.random(plays) < rules.survival(fights), True)

    willing_anyway = fight_cost <= Rules(replace(design, k=0.0, t=0.0), world).cost_of_fighting(False)
    pressed = fights & ~willing_anyway
    deserted = war & ~fights
    payoff_protege = rules.protege(provoked, war, survives, gain)
    calm = ~provoked
    return _summary(
        plays,
        credibility=fights[war & calm],
        credibility_provoked=fights[war & provoked],
        attack=war[calm],
        attack_provoked=war[provoked],
        provocation=provoked,
        war=war,
        guarantor_fights=fights,
        entrapment=pressed & provoked,
        entanglement=pressed & calm,
        abandonment=deserted,
        breach=deserted & bound & (design.k > 0),
        protege_survives=survives,
        leverage_protege=payoff_protege[war & calm],
        payoff_guarantor=rules.guarantor(war, fights, bound, survives, fight_cost),
        payoff_protege=payoff_protege,
        payoff_adversary=rules.adversary(provoked, war, fights, survives, attack_cost),
        price_of_provoking=(payoff_protege[calm], (payoff_protege - gain)[provoked]),
    )


def _summary(plays: int, price_of_provoking: tuple[Sample, Sample], **samples: Sample) -> Simulation:
    """Average every sample; the price of provoking is the difference of two averages."""
    means = {name: _mean(sample) for name, sample in samples.items()}
    errors = {name: _standard_error(sample) for name, sample in samples.items()}
    restrained, provoked = price_of_provoking
    return Simulation(
        mean=Outcome(price_of_provoking=_mean(restrained) - _mean(provoked), **means),
        standard_error=Outcome(
            price_of_provoking=float(np.hypot(_standard_error(restrained), _standard_error(provoked))), **errors
        ),
        plays=plays,
    )


def _mean(sample: Sample) -> float:
    return float(np.mean(sample)) if len(sample) else float("nan")


def _standard_error(sample: Sample) -> float:
    return float(np.std(sample, ddof=1) / np.sqrt(len(sample))) if len(sample) > 1 else float("nan")
