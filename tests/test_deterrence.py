"""The guarantee game: worked numbers, rules, identities and comparative statics."""

import doctest
from dataclasses import FrozenInstanceError, astuple, fields, replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from guarantees import catalog
from guarantees.deterrence import Design, InvalidGame, Outcome, World, equilibrium, q_neutral, robustness, solve

FOUR_DECIMALS, THREE_DECIMALS = 0.5e-4 + 1e-9, 0.5e-3 + 1e-9

WORKED = {
    "none": Design(),
    "promise": Design(k=0.6),
    "conditional": Design(k=0.6, q=0.5),
    "ambiguous": Design(k=0.6, q=0.5, e=1),
    "arms": Design(m=0.25),
    "tripwire": Design(t=0.18),
}


# --- Worked numbers: section 4 of the model document


@pytest.mark.parametrize(
    ("outcome", "expected"),
    {
        "credibility": [0.2100, 0.8100, 0.7350, 0.5100, 0.1350, 0.3900],
        "credibility_provoked": [0.2100, 0.8100, 0.5100, 0.5100, 0.1350, 0.3900],
        "attack": [0.5593, 0.1573, 0.2075, 0.3583, 0.3798, 0.4387],
        "attack_provoked": [0.8593, 0.4573, 0.6583, 0.6583, 0.6798, 0.7387],
        "price_of_provoking": [0.2435, 0.1679, 0.3287, 0.2057, 0.1841, 0.2209],
        "provocation": [0.3912, 0.5801, 0.1782, 0.4857, 0.5398, 0.4479],
        "war": [0.6766, 0.3313, 0.2879, 0.5040, 0.5418, 0.5731],
        "entrapment": [0, 0.1592, 0.0352, 0.0959, 0, 0.0595],
        "abandonment": [0.5345, 0.0630, 0.1027, 0.2470, 0.4686, 0.3496],
        "protege_survives": [0.5860, 0.8808, 0.8763, 0.7552, 0.7760, 0.6927],
    }.items(),
)
def test_worked_probabilities(outcome, expected):
    found = [getattr(solve(design), outcome) for design in WORKED.values()]
    assert found == pytest.approx(expected, abs=FOUR_DECIMALS)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    {
        "payoff_guarantor": [0.278, 0.294, 0.344, 0.261, 0.308, 0.204],
        "payoff_protege": [0.577, 0.979, 0.884, 0.801, 0.825, 0.717],
        "payoff_adversary": [0.122, -0.108, 0.003, -0.007, -0.004, 0.041],
        "leverage_protege": [0.188, 0.440, 0.409, 0.314, 0.386, 0.264],
    }.items(),
)
def test_worked_payoffs(outcome, expected):
    found = [getattr(solve(design), outcome) for design in WORKED.values()]
    assert found == pytest.approx(expected, abs=THREE_DECIMALS)


@pytest.mark.parametrize(
    ("p", "odds", "attack"),
    [
        (0.45, [0.504, 0.716, 0.702], [0.454, 0.261, 0.106]),
        (0.30, [0.388, 0.586, 0.640], [0.559, 0.380, 0.157]),
        (0.15, [0.280, 0.465, 0.586], [0.656, 0.490, 0.200]),
        (0.05, [0.212, 0.388, 0.554], [0.716, 0.559, 0.224]),
    ],
)
def test_arms_help_the_nearly_equal_and_promises_the_weak(p, odds, attack):
    world = World(p=p)
    found = [solve(design, world) for design in (Design(), Design(m=0.25), Design(k=0.6))]
    assert [each.leverage_protege + world.c for each in found] == pytest.approx(odds, abs=THREE_DECIMALS)
    assert [each.attack for each in found] == pytest.approx(attack, abs=THREE_DECIMALS)


TIED = Design(k=np.array([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.79]))


def test_half_tied_hands_are_worst_for_the_guarantor():
    expected = [0.278, 0.251, 0.238, 0.238, 0.248, 0.267, 0.294, 0.326, 0.358]
    assert solve(TIED).payoff_guarantor == pytest.approx(expected, abs=THREE_DECIMALS)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (0.25, [0, 0.033, 0.066, 0.096, 0.122, 0.144, 0.159, 0.167, 0.167]),
        (0.50, [0, 0.030, 0.057, 0.077, 0.091, 0.095, 0.098, 0.090, 0.057]),
    ],
)
def test_entrapment_is_hump_shaped_where_the_guarantor_hurts(loss, expected):
    assert solve(TIED, World(L=loss)).entrapment == pytest.approx(expected, abs=THREE_DECIMALS)


@pytest.mark.parametrize(
    ("p", "k", "tied", "m", "armed"),
    [(0.5, 0.79, 0.381, 0.21, 0.374), (0.3, None, 0.358, None, 0.308), (0.1, None, 0.307, None, 0.226)],
)
def test_best_single_instrument(p, k, tied, m, armed):
    for grid, dial, best, at in ((np.arange(0, 0.791, 0.01), "k", tied, k), (np.arange(0, 0.251, 0.01), "m", armed, m)):
        payoff = solve(Design(**{dial: grid}), World(p=p)).payoff_guarantor
        assert np.max(payoff) == pytest.approx(best, abs=THREE_DECIMALS)
        assert at is None or grid[np.argmax(payoff)] == pytest.approx(at)


def test_at_equal_war_risk_arms_are_cheaper_and_keep_the_guarantor_out():
    armed, tied = solve(Design(m=0.2)), solve(Design(k=0.185))
    assert [armed.war, tied.war] == pytest.approx([0.570, 0.570], abs=THREE_DECIMALS)
    assert [armed.payoff_guarantor, tied.payoff_guarantor] == pytest.approx([0.304, 0.239], abs=THREE_DECIMALS)
    assert [armed.guarantor_fights, tied.guarantor_fights] == pytest.approx([0.086, 0.225], abs=THREE_DECIMALS)


def test_observability_decides_the_best_condition():
    q, p = np.linspace(0, 1, 21), np.array([[0.5], [0.3], [0.1]])
    observed, blurred, hidden = (solve(Design(k=0.79, q=q, e=e), World(p=p)).payoff_guarantor for e in (0, 0.25, 1))
    assert observed[:, -1] == pytest.approx(observed.max(axis=1))
    assert q[blurred.argmax(axis=1)] == pytest.approx([0.95, 0.65, 0.50])
    assert (hidden.argmax(axis=1) == 0).all()


def test_extensions():
    tripwires = solve(Design(t=0.18), World(theta=np.array([1, 0.5, 0.2])))
    assert tripwires.credibility == pytest.approx([0.390, 0.300, 0.246], abs=THREE_DECIMALS)
    alarms = solve(Design(k=0.1, m=0.25), World(eta=np.array([0, 0.5, 1])))
    assert alarms.attack == pytest.approx([0.328, 0.453, 0.578], abs=THREE_DECIMALS)


# --- The models: section 5

MODELS = {
    "nato_article5": [0.848, 0.073, 0.578, 0.265, 0.145, 0.053, 0.920, 0.294, 1.032, -0.125, 0.515, 0.169],
    "mutual_defence_treaty": [0.780, 0.114, 0.352, 0.265, 0.075, 0.100, 0.904, 0.324, 0.967, -0.050, 0.491, 0.259],
    "south_korea": [0.930, 0.024, 0.425, 0.206, 0.104, 0.056, 0.933, 0.317, 1.025, -0.084, 0.544, 0.230],
    "taiwan_ambiguity": [0.234, 0.440, 0.476, 0.583, 0.021, 0.446, 0.709, 0.280, 0.738, 0.038, 0.301, 0.210],
    "israel_qme": [0.387, 0.249, 0.511, 0.421, 0.054, 0.280, 0.849, 0.274, 0.917, -0.050, 0.454, 0.195],
    "finlandization": [0.210, 0.359, 0.082, 0.384, 0, 0.303, 0.765, 0.374, 0.581, 0.252, 0.188, 0.184],
    "multilateral_assurances": [0.230, 0.546, 0.397, 0.665, 0.007, 0.512, 0.599, 0.272, 0.593, 0.113, 0.197, 0.241],
    "bilateral_agreements": [0.155, 0.369, 0.544, 0.533, 0.007, 0.450, 0.783, 0.301, 0.835, -0.010, 0.392, 0.182],
}


@pytest.mark.parametrize("model", MODELS)
def test_models(model):
    found = solve(*catalog.presets()[model])
    assert [
        found.credibility,
        found.attack,
        found.provocation,
        found.war,
        found.entrapment,
        found.abandonment,
        found.protege_survives,
        found.payoff_guarantor,
        found.payoff_protege,
        found.payoff_adversary,
        found.leverage_protege,
        found.price_of_provoking,
    ] == pytest.approx(MODELS[model], abs=THREE_DECIMALS)


def test_a_level_is_the_same_number_wherever_it_appears():
    presets = catalog.load("presets")
    assert (presets.groupby(["parameter", "level"], observed=True)["value"].nunique() == 1).all()
    assert (presets.loc[presets["level"] == "none", "value"] == 0).all()
    ordered = presets.drop_duplicates(["parameter", "level"]).sort_values(["parameter", "level"])
    assert (ordered.groupby("parameter", observed=True)["value"].diff().dropna() > 0).all()


def test_wars_that_occur_understate_credibility():
    found = [solve(*game) for game in catalog.presets().values()]
    assert np.mean([each.credibility for each in found]) == pytest.approx(0.472, abs=THREE_DECIMALS)
    fought = sum(each.guarantor_fights for each in found) / sum(each.war for each in found)
    assert fought == pytest.approx(0.338, abs=THREE_DECIMALS)


# --- Rules


@pytest.mark.parametrize(
    ("part", "numbers", "rule"),
    [
        (Design, {"k": -0.1}, "k = -0.1 breaks the rule k >= 0"),
        (Design, {"m": float("inf")}, "m = inf breaks the rule m >= 0 and finite"),
        (Design, {"q": 1.2}, "q = 1.2 breaks the rule 0 <= q <= 1"),
        (Design, {"e": [0.2, float("nan")]}, "e = nan breaks the rule 0 <= e <= 1"),
        (Design, {"t": "much"}, "t = 'much' is not a number"),
        (World, {"p": np.array([0.5, -1])}, "p = -1 breaks the rule 0 <= p <= 1"),
        (World, {"Gbar": 0}, "Gbar = 0 breaks the rule Gbar > 0"),
        (World, {"h": 0.5}, "h = 0.5 breaks the rule u(1 - s) + c > h: with u(1 - s) + c = 0.48"),
        (World, {"p": 0, "s": 0.5, "c": 0.25, "h": 0.75}, "h = 0.75 breaks the rule u(1 - s) + c > h"),
        (World, {"h": [0.1, 0.6], "c": 0.3}, "h = 0.6 breaks the rule u(1 - s) + c > h"),
        (World, {"p": [0.1, 0.2], "s": [0.1, 0.2, 0.3]}, "do not broadcast: p (2,), s (3,)"),
    ],
)
def test_numbers_outside_the_rules_are_named(part, numbers, rule):
    with pytest.raises(InvalidGame) as error:
        part(**numbers)
    assert rule in str(error.value)


def test_arms_must_not_make_war_better_than_peace():
    world = World(h=0.3)
    solve(Design(), world)
    with pytest.raises(InvalidGame, match=r"u\(1 - s\) \+ c > h"):
        solve(Design(m=[0, 0.6]), world)


def test_arrays_of_different_length_are_named():
    with pytest.raises(InvalidGame, match=r"k \(2,\), p \(3,\)"):
        solve(Design(k=[0, 1]), World(p=[0.1, 0.2, 0.3]))


def test_games_cannot_be_changed():
    numbers = np.array([0.1, 0.2])
    design = Design(k=numbers)
    with pytest.raises(FrozenInstanceError):
        design.k = 0.3
    with pytest.raises(ValueError, match="read-only"):
        design.k[0] = 0.3
    numbers[0] = 9
    assert design.k[0] == 0.1


def test_arrays_broadcast_and_agree_with_one_game_at_a_time():
    k, q, p = np.linspace(0, 0.9, 4)[:, None, None], np.linspace(0, 1, 3)[:, None], np.array([0.1, 0.6])
    many = solve(Design(k=k, q=q, m=0.1), World(p=p, eta=0.3))
    for field in fields(Outcome):
        values = getattr(many, field.name)
        assert values.shape == (4, 3, 2)
        for at in np.ndindex(values.shape):
            one = solve(Design(k=k[at[0], 0, 0], q=q[at[1], 0], m=0.1), World(p=p[at[2]], eta=0.3))
            assert values[at] == pytest.approx(getattr(one, field.name), abs=1e-15)


def test_one_game_gives_plain_floats():
    assert all(type(value) is float for value in astuple(solve(Design(k=0.6))))


@pytest.mark.parametrize("module", [equilibrium, robustness])
def test_examples_in_docstrings(module):
    assert doctest.testmod(module).attempted > 0
    assert doctest.testmod(module).failed == 0


# --- Identities and signs over random games


@st.composite
def games(draw, extensions=True):
    """Any game that the rules allow, corners included."""

    def number(low, high):
        return draw(st.floats(low, high) | st.sampled_from([low, high]))

    design = Design(number(0, 1.2), number(0, 0.6), number(0, 0.4), number(0, 1), number(0, 1))
    off = {} if extensions else {"h": 0.0, "eta": 0.0, "theta": 1.0}
    numbers = {
        "p": number(0, 1), "s": number(0, 1), "v": number(0, 1), "L": number(0, 1), "delta": number(0, 0.6),
        "c": number(0.05, 0.4), "B": number(0.1, 0.8), "Abar": number(0.3, 1.5), "Gbar": number(0.3, 1.5),
        "theta": number(0, 1), "h": number(0, 0.4), "eta": number(0, 1),
    } | off  # fmt: skip
    try:
        world = World(**numbers)
        solve(design, world)
    except InvalidGame:
        assume(False)
    return design, world


PROBABILITIES = (
    "credibility", "credibility_provoked", "attack", "attack_provoked", "provocation", "war", "guarantor_fights",
    "entrapment", "entanglement", "abandonment", "breach", "protege_survives",
)  # fmt: skip


@given(games())
def test_probabilities_are_probabilities(game):
    found = solve(*game)
    for name in PROBABILITIES:
        assert -1e-12 <= getattr(found, name) <= 1 + 1e-12, name


@given(games())
def test_provoking_never_pays_in_safety(game):
    found = solve(*game)
    assert found.price_of_provoking >= 0
    assert found.credibility_provoked <= found.credibility + 1e-15
    assert found.attack_provoked >= found.attack - 1e-15


@given(games())
def test_every_war_is_fought_or_the_protege_is_left_alone(game):
    design, world = game
    found = solve(design, world)
    assert found.guarantor_fights + found.abandonment == pytest.approx(found.war, abs=1e-12)
    assert found.breach <= found.abandonment + 1e-12
    on_interest_alone = min(1, world.v * world.s * (1 - min(1, world.p + design.m)) / world.Gbar)
    assert found.guarantor_fights - found.entrapment - found.entanglement == pytest.approx(
        found.war * on_interest_alone, abs=1e-12
    )


@given(games())
def test_payoffs_add_up_to_the_table_of_outcomes(game):
    """What players get in all, less what fighting and provoking cost them, is fixed by who survives and who fights."""
    design, world = game
    found = solve(design, world)
    rho, attack, attack_provoked = found.provocation, found.attack, found.attack_provoked
    gain = world.B * (1 - (1 - rho) ** 2) / 2
    protege = found.protege_survives - world.c * found.war - world.h * (1 - found.war) + gain
    assert found.payoff_protege == pytest.approx(protege, abs=1e-12)
    cost = world.Abar * ((1 - rho) * attack**2 + rho * attack_provoked**2) / 2
    tension = world.delta * rho * (1 - attack_provoked) + world.eta * (design.m + design.t) * (1 - found.war)
    adversary = (
        1 - found.protege_survives + world.h * (1 - found.war) - world.L * found.guarantor_fights - cost - tension
    )
    assert found.payoff_adversary == pytest.approx(adversary, abs=1e-12)


@given(games())
def test_a_promise_that_always_lapses_is_no_promise(game):
    design, world = game
    lapsed = solve(replace(design, q=1.0, e=1.0), world)
    none = solve(replace(design, k=0.0), world)
    for name in set(PROBABILITIES) - {"breach"}:
        assert getattr(lapsed, name) == pytest.approx(getattr(none, name), abs=1e-12)


@given(games())
def test_nothing_promised_nothing_broken(game):
    design, world = game
    found = solve(replace(design, k=0.0, t=0.0), world)
    assert found.breach == found.entrapment == found.entanglement == 0


STEP = 1e-6


def interior(design, world, margin=1e-3):
    """Whether every player's choice is open."""
    found, bound = solve(design, world), solve(replace(design, q=0.0), world).credibility
    choices = (bound, found.credibility_provoked, found.attack, found.attack_provoked, found.provocation)
    return all(margin < choice < 1 - margin for choice in choices)


def slopes(game, dial):
    """Change per unit of one dial of an interior game."""
    part = 0 if hasattr(game[0], dial) else 1
    moved = list(game)
    moved[part] = replace(game[part], **{dial: getattr(game[part], dial) + STEP})
    before, after = solve(*game), solve(*moved)
    return {
        name: (getattr(after, name) - getattr(before, name)) / STEP
        for name in ("credibility", "credibility_provoked", "attack", "attack_provoked", "provocation")
    }


@st.composite
def interior_games(draw):
    def number(low, high):
        return draw(st.floats(low, high))

    design = Design(number(0.02, 0.5), number(0, 0.3), number(0, 0.2), number(0.02, 0.98), number(0.02, 0.98))
    world = World(
        p=number(0.05, 0.6), s=number(0.1, 0.95), v=number(0.1, 0.9), L=number(0, 0.5), delta=number(0.05, 0.5),
        c=number(0.05, 0.4), B=number(0.2, 0.8), Abar=number(0.8, 1.5), Gbar=number(0.8, 1.5),
    )  # fmt: skip
    assume(interior(design, world))
    return design, world


ROUNDING = 1e-7


@given(interior_games())
def test_tied_hands_deter(game):
    design, world = game
    found, us = slopes(game, "k"), (1 - min(1, world.p + design.m)) * world.s
    assert found["credibility"] == pytest.approx((1 - design.e * design.q) / world.Gbar, abs=1e-6)
    expected = -(us + world.L) * (1 - design.e * design.q) / (world.Abar * world.Gbar)
    assert found["attack"] == pytest.approx(expected, abs=1e-6)
    assert found["attack_provoked"] < ROUNDING


@given(interior_games())
def test_tied_hands_embolden_unless_conditional_enough(game):
    design, world = game
    unconditional = replace(design, q=0.0)
    if interior(unconditional, world):
        assert slopes((unconditional, world), "k")["provocation"] > -ROUNDING
    neutral = q_neutral(design, world)
    assume(not np.isnan(neutral) and abs(neutral - design.q) > 0.01)
    assert np.sign(slopes(game, "k")["provocation"]) == np.sign(neutral - design.q)


@given(interior_games())
def test_a_tripwire_deters_and_emboldens(game):
    found = slopes(game, "t")
    assert found["credibility"] == pytest.approx(1 / game[1].Gbar, abs=1e-6)
    assert found["attack"] < ROUNDING
    assert found["provocation"] > -ROUNDING


@given(interior_games())
def test_arms_lower_credibility(game):
    design, world = game
    assume(world.p + design.m < 0.99)
    assert slopes(game, "m")["credibility"] == pytest.approx(-world.v * world.s / world.Gbar, abs=1e-6)


@given(interior_games())
def test_conditions_restrain(game):
    design, world = game
    found = slopes(game, "q")
    assert found["credibility"] == pytest.approx(-design.e * design.k / world.Gbar, abs=1e-6)
    assert found["credibility_provoked"] == pytest.approx(-design.k / world.Gbar, abs=1e-6)
    assert found["attack"] > -ROUNDING
    assert found["provocation"] < ROUNDING


@given(interior_games())
def test_blur_punishes_the_innocent(game):
    found = slopes(game, "e")
    assert found["credibility"] < ROUNDING
    assert found["attack"] > -ROUNDING
    assert found["provocation"] > -ROUNDING


@given(interior_games())
def test_a_stronger_adversary_raises_the_guarantor_s_own_interest(game):
    assert slopes(game, "p")["credibility"] < ROUNDING


@given(interior_games())
def test_against_the_strong_promises_deter_more_at_the_margin_and_arms_less(game):
    """Mixed second differences of the adversary's temptation, exact because it is a polynomial of low degree."""
    design, world = game
    step = 0.01

    def attack(k, m, p):
        game = replace(design, k=design.k + k, m=design.m + m), replace(world, p=world.p - p)
        assume(interior(*game))
        return solve(*game).attack

    assume(world.p > 2 * step and world.p + design.m < 0.95 and design.e * design.q < 0.9)
    promise = attack(step, 0, step) - attack(step, 0, 0) - attack(0, 0, step) + attack(0, 0, 0)
    arms = attack(0, step, step) - attack(0, step, 0) - attack(0, 0, step) + attack(0, 0, 0)
    s, v, scale = world.s, world.v, step**2 / (world.Abar * world.Gbar)
    assert promise == pytest.approx(-s * (1 - design.e * design.q) * scale, abs=1e-12)
    assert arms == pytest.approx(2 * v * s**2 * scale, abs=1e-12)


# --- Case boundaries: section 2


def test_full_deterrence_needs_a_guarantor_that_hurts():
    """With the default loss no promise deters everybody; with twice the loss k = 0.551 does."""
    assert solve(Design(k=5.0)).attack > 0
    threshold = 0.7 / (0.7 * 0.6 + 0.5) - 0.21
    assert threshold == pytest.approx(0.551, abs=THREE_DECIMALS)
    assert solve(Design(k=threshold - 1e-6), World(L=0.5)).attack > 0
    assert solve(Design(k=threshold + 1e-6), World(L=0.5)).attack == 0


def test_an_automatic_guarantor():
    assert solve(Design(k=0.79 + 1e-12)).credibility == 1
    assert solve(Design(k=0.79 - 1e-6)).credibility < 1


def test_a_guarantee_so_good_that_provocation_is_free():
    found = solve(Design(k=1.0), World(L=1.0))
    assert found.attack_provoked == 0
    assert (found.price_of_provoking, found.provocation) == (0, 1)


def test_a_protege_that_never_dares():
    found = solve(Design(k=0.6, q=1, e=0), World(B=0.2))
    assert found.price_of_provoking > 0.2
    assert found.provocation == found.entrapment == 0


def test_neutral_conditionality():
    assert q_neutral(Design(k=0.3, e=0.1)) == pytest.approx(0.225, abs=THREE_DECIMALS)
    assert q_neutral(Design(k=0.3, e=0.1, q=0.9)) == q_neutral(Design(k=0.3, e=0.1))
    assert np.isnan(q_neutral(Design(k=0.3, e=1)))
    assert np.isnan(q_neutral(Design(k=2.0, e=0.1)))
    with pytest.raises(InvalidGame, match="one game is needed"):
        q_neutral(Design(k=[0.1, 0.2]))
