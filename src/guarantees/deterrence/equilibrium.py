"""The guarantee game, solved by backward induction in closed form."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from guarantees.deterrence.game import (
    DEFAULT_WORLD,
    Design,
    Real,
    World,
    common_shape,
    require_one_game,
    require_peace_preferred,
)


@dataclass(frozen=True)
class Outcome:
    """What happens in equilibrium; every field has the shape to which the inputs broadcast.

    Attributes
    ----------
    credibility, credibility_provoked : float or array
        Probability that the guarantor fights if the protégé is attacked, after restraint and after provocation.
    attack, attack_provoked : float or array
        Probability that the adversary attacks, after restraint and after provocation.
    price_of_provoking : float or array
        What provoking costs the protégé in safety, and so the gain at which it provokes: the guarantor's leverage
        over its protégé. Never negative.
    provocation : float or array
        Probability that the protégé provokes: moral hazard.
    war, guarantor_fights : float or array
        Probability of war, and of a war that the guarantor fights.
    entrapment : float or array
        Probability that the guarantor fights, after the protégé provoked, a war that it would have stayed out of on
        interest alone [1]_. It compares the same crisis with and without promise and tripwire: it is a statement
        about the guarantor's last choice, not about whether the crisis would have arisen.
    entanglement : float or array
        The same without provocation [2]_.
    abandonment : float or array
        Probability that the protégé is attacked and left alone [1]_.
    breach : float or array
        Probability that it is left alone while a promise stands.
    protege_survives : float or array
        Probability that the protégé is not conquered.
    leverage_protege : float or array
        The protégé's expected payoff from an unprovoked war: the least it need accept at the table.
    payoff_guarantor, payoff_protege, payoff_adversary : float or array
        Expected payoffs before anything private is learned.

    References
    ----------
    .. [1] Snyder (1984), *World Politics* 36(4), 461-495.
    .. [2] Kim (2011), *Security Studies* 20(3), 350-377.
    """

    credibility: Real
    credibility_provoked: Real
    attack: Real
    attack_provoked: Real
    price_of_provoking: Real
    provocation: Real
    war: Real
    guarantor_fights: Real
    entrapment: Real
    entanglement: Real
    abandonment: Real
    breach: Real
    protege_survives: Real
    leverage_protege: Real
    payoff_guarantor: Real
    payoff_protege: Real
    payoff_adversary: Real


class LastMove(NamedTuple):
    """The guarantor's choice once war has come."""

    u: Real
    alone: Real
    released: Real
    bound: Real


class Branch(NamedTuple):
    """Play after the protégé has restrained itself, or after it has provoked."""

    release: Real
    credibility: Real
    temptation: Real
    attack: Real
    conquest: Real
    war_loss: Real


class Equilibrium(NamedTuple):
    """Everything that the players do."""

    last: LastMove
    restrained: Branch
    provoked: Branch
    price: Real
    provocation: Real


def _unit(value: Real) -> Real:
    return np.minimum(np.maximum(value, 0.0), 1.0)


def _last_move(design: Design, world: World) -> LastMove:
    """Return the adversary's odds and the probabilities that the guarantor fights: alone, released, bound."""
    u = 1 - np.minimum(1.0, world.p + design.m)
    interest = world.v * world.s * u
    with_tripwire = interest + world.theta * design.t
    with_promise = with_tripwire + design.k
    return LastMove(u, *(_unit(stake / world.Gbar) for stake in (interest, with_tripwire, with_promise)))


def _branch(design: Design, world: World, last: LastMove, release: Real, harm: Real) -> Branch:
    """Let the adversary answer the credibility that it expects."""
    credibility = last.bound - release * (last.bound - last.released)
    conquest = last.u * (1 - world.s * credibility)
    temptation = conquest - world.L * credibility + harm + world.eta * (design.m + design.t) - world.h
    attack = _unit(temptation / world.Abar)
    return Branch(release, credibility, temptation, attack, conquest, conquest + world.c - world.h)


def equilibrium(design: Design, world: World) -> Equilibrium:
    """Solve the game backwards: the guarantor, the adversary, the protégé."""
    last = _last_move(design, world)
    require_peace_preferred(world, last.u)
    restrained = _branch(design, world, last, design.e * design.q, 0.0)
    provoked = _branch(design, world, last, design.q, world.delta)
    price = provoked.attack * provoked.war_loss - restrained.attack * restrained.war_loss
    return Equilibrium(last, restrained, provoked, price, _unit(1 - price / world.B))


def endings(design: Design, play: Equilibrium) -> dict[str, tuple[Real, Real]]:
    """Return the chance of each ending of a war that was not provoked, and of one that was.

    The survival of the protégé is given as what the war takes away from it.
    """
    branches, (_, alone, released, bound) = (play.restrained, play.provoked), play.last
    c_0, c_1 = (branch.credibility for branch in branches)
    pressed_0, pressed_1 = (bound - alone - branch.release * (bound - released) for branch in branches)
    deserted = np.where(np.greater(design.k, 0), 1 - bound, 0.0)
    breached_0, breached_1 = ((1 - branch.release) * deserted for branch in branches)
    return {
        "war": (1.0, 1.0),
        "guarantor_fights": (c_0, c_1),
        "entrapment": (0.0, pressed_1),
        "entanglement": (pressed_0, 0.0),
        "abandonment": (1 - c_0, 1 - c_1),
        "breach": (breached_0, breached_1),
        "protege_survives": (-play.restrained.conquest, -play.provoked.conquest),
    }


def _payoffs(design: Design, world: World, play: Equilibrium, unprovoked: Real, provoked: Real) -> dict[str, Real]:
    """Return expected payoffs, given the probabilities of an unprovoked and of a provoked war."""
    calm, tense, rho = play.restrained, play.provoked, play.provocation
    fought = world.v * play.last.u * (1 - world.s)
    bound, released = (world.Gbar * x * (1 - x / 2) for x in (play.last.bound, play.last.released))

    def guarantor_loss(branch: Branch) -> Real:
        return fought + bound - branch.release * (bound - released)

    def adversary_gain(branch: Branch) -> Real:
        return branch.attack * (branch.temptation - world.Abar * branch.attack / 2)

    return {
        "payoff_guarantor": world.v
        - world.phi * design.m
        - world.psi * design.t
        - unprovoked * guarantor_loss(calm)
        - provoked * guarantor_loss(tense),
        "payoff_protege": 1 - world.h - calm.attack * calm.war_loss + world.B * rho**2 / 2,
        "payoff_adversary": (1 - rho) * adversary_gain(calm)
        + rho * (adversary_gain(tense) - world.delta)
        - world.eta * (design.m + design.t)
        + world.h,
    }


def solve(design: Design, world: World = DEFAULT_WORLD) -> Outcome:
    """Solve the guarantee game exactly.

    The protégé learns its gain from provoking and provokes or restrains itself; the adversary sees this, learns its
    cost of war, and attacks or holds; if it attacks, the promise may lapse, the guarantor learns its cost of war, and
    fights or abandons. Costs are independent, so nobody's move carries news that another player's payoff depends on:
    perfect Bayesian equilibrium is backward induction, every strategy is a cut-off, and the equilibrium is unique up
    to indifferent types. The model joins the endogenous reliability of alliances [1]_ to tied hands and sunk costs
    [2]_ and to conditional commitments [3]_.

    Parameters
    ----------
    design : Design
        The guarantee.
    world : World
        The players; the defaults are those of the chapter.

    Returns
    -------
    Outcome
        Floats for one game, arrays of the common shape for many.

    Raises
    ------
    InvalidGame
        If arrays do not broadcast, or if arms make war better than peace for the protégé.

    References
    ----------
    .. [1] Smith (1995), *International Studies Quarterly* 39(4), 405-425.
    .. [2] Fearon (1997), *Journal of Conflict Resolution* 41(1), 68-90.
    .. [3] Benson (2012), *Constructing International Security*, Cambridge University Press.

    Examples
    --------
    >>> round(solve(Design(k=0.6)).entrapment, 4)
    0.1592
    """
    shape = common_shape(design, world)
    play = equilibrium(design, world)
    calm, tense = play.restrained, play.provoked
    unprovoked, provoked = (1 - play.provocation) * calm.attack, play.provocation * tense.attack
    in_war = {name: unprovoked * f_0 + provoked * f_1 for name, (f_0, f_1) in endings(design, play).items()}
    in_war["protege_survives"] = 1 + in_war["protege_survives"]
    found = {
        "credibility": calm.credibility,
        "credibility_provoked": tense.credibility,
        "attack": calm.attack,
        "attack_provoked": tense.attack,
        "price_of_provoking": play.price,
        "provocation": play.provocation,
        "leverage_protege": 1 - world.h - calm.war_loss,
        **in_war,
        **_payoffs(design, world, play, unprovoked, provoked),
    }
    if not shape:
        return Outcome(**{name: float(value) for name, value in found.items()})
    return Outcome(**{name: np.broadcast_to(value, shape) for name, value in found.items()})


def q_neutral(design: Design, world: World = DEFAULT_WORLD) -> float:
    """Find the conditionality at which a stronger promise stops emboldening the protégé.

    Below it, tying hands harder makes provocation likelier; above it, rarer, because restraint then buys more
    protection than provocation does. The answer holds at the given `k`; the `q` of the design is ignored.

    Parameters
    ----------
    design : Design
        One guarantee.
    world : World
        One world.

    Returns
    -------
    float
        Between 0 and 1; nan if no conditionality does it while every player's choice is open.

    Notes
    -----
    The root in ``q`` of the derivative of `price_of_provoking` by ``k``, found by bisection.
    """
    require_one_game(design, world)
    low, high = 0.0, 1.0
    if _emboldening(replace(design, q=low), world) < 0 or _emboldening(replace(design, q=high), world) >= 0:
        return float("nan")
    while (middle := (low + high) / 2) not in (low, high):
        if _emboldening(replace(design, q=middle), world) >= 0:
            low = middle
        else:
            high = middle
    play = equilibrium(replace(design, q=low), world)
    choices = (play.last.bound, play.restrained.attack, play.provoked.attack, play.provocation)
    return low if all(0 < choice < 1 for choice in choices) else float("nan")


def _emboldening(design: Design, world: World) -> Real:
    """Return the fall of the price of provoking per unit of tied hands, up to a positive factor."""
    play = equilibrium(design, world)

    def marginal(branch: Branch) -> Real:
        us = play.last.u * world.s
        return (1 - branch.release) * ((us + world.L) * branch.war_loss + us * branch.temptation)

    return marginal(play.provoked) - marginal(play.restrained)
