"""What a choice between guarantees hangs on: criteria, weights, and how far either can move before the choice does.

Codings come as matrices of models by features, as :func:`guarantees.catalog.coding_matrix` returns them; criteria as
mappings of features to 1 (more of it serves the criterion) or -1 (less of it does), as
:func:`guarantees.catalog.criteria` returns them. Which criteria matter is for the reader to say, by weights.

Since criteria are means of levels, a weighted score is a composite of features: :func:`feature_weights` gives its
weights, and :func:`guarantees.compare.rank_shares` then says exactly what survives the contested codings.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guarantees import catalog
from guarantees.tableschema import Unknown, near

Criteria: TypeAlias = Mapping[str, Mapping[str, int]]
Weights: TypeAlias = Mapping[str, float] | pd.Series

TOP = 3
SIGNS = {"strengthens": 1, "gain": 1, "weakens": -1, "cost": -1}
# Scores that differ by less are level.
DECIMALS = 9
TOLERANCE = 1e-6


class UnknownName(Unknown):
    """There is no such feature or criterion; the message lists near matches."""


def directions(features: pd.DataFrame, stated: Mapping[str, int] | None = None) -> dict[str, int]:
    """Say of each feature whether more or less of it is to be wished for.

    Parameters
    ----------
    features : DataFrame, columns ``id``, ``direction``
        ``catalog.load("features")``.
    stated : mapping of feature to 1 or -1, optional
        For features whose direction depends on the side that one takes.

    Returns
    -------
    dict of str to int
        1 or -1 by feature; what depends is left out unless stated, and outcomes always are.

    Raises
    ------
    ValueError
        If ``stated`` names a feature that does not depend, or gives it another sign than 1 or -1.

    Examples
    --------
    >>> signs = directions(catalog.load("features"), stated={"control": -1})
    >>> signs["arms"], signs["alarm"], signs["control"], "record" in signs
    (1, -1, -1, False)
    """
    stated = stated or {}
    given = dict(zip(features["id"], features["direction"], strict=True))
    depend = [feature for feature, direction in given.items() if direction == "depends"]
    for feature, sign in stated.items():
        if feature not in depend or sign not in (1, -1):
            raise ValueError(f"1 or -1 may be stated for {', '.join(depend)}, not {sign!r} for {feature!r}")
    signs = {feature: stated.get(feature) or SIGNS.get(direction) for feature, direction in given.items()}
    return {feature: sign for feature, sign in signs.items() if sign}


def performances(codings: pd.DataFrame, criteria: Criteria) -> pd.DataFrame:
    """Measure how well each model serves each criterion.

    A criterion is the mean of its features, each as a share of the scale, counted from the other end if less of it
    is better. Value functions are straight lines: a step from 0 to 1 is worth as much as one from 2 to 3.

    Parameters
    ----------
    codings : DataFrame, shape (models, features)
        Levels 0 to 3.
    criteria : mapping of criterion to mapping of feature to 1 or -1

    Returns
    -------
    DataFrame, shape (models, criteria)
        From 0, the worst that the codebook can express, to 1, the best.

    Raises
    ------
    UnknownName
        If a criterion names a feature that the codings lack; the message lists near matches.
    ValueError
        If a criterion has no feature, names an outcome, or gives a sign other than 1 or -1.

    Examples
    --------
    >>> criteria = {"strength": {"legal_form": 1, "ambiguity": -1}, "calm": {"alarm": -1}}
    >>> performances(catalog.coding_matrix(), criteria).loc["taiwan_ambiguity"].round(2).to_dict()
    {'strength': 0.33, 'calm': 0.33}
    """
    slopes = _slopes(criteria, codings.columns)
    return (codings @ slopes - TOP * slopes.clip(upper=0).sum()).clip(0, 1)


def feature_weights(criteria: Criteria, weights: Weights) -> pd.Series:
    """Find what weight the features carry, all criteria taken together.

    Parameters
    ----------
    criteria : mapping of criterion to mapping of feature to 1 or -1
    weights : mapping of criterion to float
        Not negative, summing to 1.

    Returns
    -------
    Series, by feature
        What a move over the whole scale adds to the score: less than 0 if less of the feature is better, 0 if it
        takes from one criterion what it gives to another.

    Raises
    ------
    UnknownName, ValueError
        As for :func:`scores`.
    """
    features = pd.Index(dict.fromkeys(feature for parts in criteria.values() for feature in parts))
    return TOP * (_slopes(criteria, features) @ _weights(weights, pd.Index(criteria)))


def swing_weights(points: Mapping[str, float]) -> pd.Series:
    """Turn swing points into weights.

    Imagine a guarantee at the worst end of every criterion, and ask which one you would first move to its best end:
    that swing gets 100 points, the others what they are worth beside it [1]_. The swing is that of the scale, from
    the worst to the best that the codebook can express, not that between the models at hand.

    Parameters
    ----------
    points : mapping of criterion to float
        Not negative; 0 for a criterion that does not matter.

    Returns
    -------
    Series, by criterion
        Summing to 1.

    Raises
    ------
    ValueError
        If a number of points is negative, or none is above 0.

    Examples
    --------
    >>> swing_weights({"credibility": 100, "speed": 60, "autonomy": 40}).to_dict()
    {'credibility': 0.5, 'speed': 0.3, 'autonomy': 0.2}

    References
    ----------
    .. [1] Keeney and Raiffa (1976), *Decisions with Multiple Objectives*, on scaling constants; von Winterfeldt and
       Edwards (1986), *Decision Analysis and Behavioral Research*, on swing weights.
    """
    given = pd.Series(points, dtype=float)
    if not (given >= 0).all() or not given.sum() > 0:
        raise ValueError(f"points must not be negative, and some must be above 0: {dict(points)}")
    return given / given.sum()


def scores(performances: pd.DataFrame, weights: Weights) -> pd.Series:
    """Score the models: the weighted sum of their performances.

    The additive form says that criteria make up for one another at the same rate everywhere [1]_.

    Parameters
    ----------
    performances : DataFrame, shape (models, criteria)
    weights : mapping of criterion to float
        Not negative, summing to 1, such as :func:`swing_weights` returns.

    Returns
    -------
    Series, by model
        From 0 to 1, in the order of the models.

    Raises
    ------
    UnknownName
        If a weight belongs to no criterion; the message lists near matches.
    ValueError
        If a criterion has no weight, a weight is negative, or the weights do not sum to 1.

    References
    ----------
    .. [1] Keeney and Raiffa (1976), *Decisions with Multiple Objectives*, on the additive value function.
    """
    return (performances @ _weights(weights, performances.columns)).round(DECIMALS).clip(0, 1).rename("score")


def dominance(performances: pd.DataFrame) -> pd.DataFrame:
    """Find which models dominate which: at least as good on every criterion and better on one.

    Parameters
    ----------
    performances : DataFrame, shape (models, criteria)

    Returns
    -------
    DataFrame of bool, shape (models, models)
        True if the model of the row dominates that of the column. No weights can then put the second ahead.
    """
    levels = performances.to_numpy().round(DECIMALS)
    gaps = levels[:, None, :] - levels[None, :, :]
    dominates = (gaps >= 0).all(axis=2) & (gaps > 0).any(axis=2)
    return pd.DataFrame(dominates, index=performances.index, columns=performances.index)


def pareto(performances: pd.DataFrame) -> list[str]:
    """List the models that no other dominates, in their order.

    Parameters
    ----------
    performances : DataFrame, shape (models, criteria)

    Returns
    -------
    list of str
    """
    dominated = dominance(performances).any()
    return list(dominated.index[~dominated])


def acceptability(
    criteria: Criteria,
    values: pd.DataFrame,
    alternatives: pd.DataFrame,
    alpha: Weights | None = None,
    draws: int = 10_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Find how often each model takes each rank if neither the weights nor the contested codings are settled.

    The rank acceptability indices of SMAA-2 [1]_. In every draw the weights come from a Dirichlet distribution, and
    each contested coding takes its value or its alternative with equal chance.

    Parameters
    ----------
    criteria : mapping of criterion to mapping of feature to 1 or -1
    values, alternatives : DataFrame, shape (models, features)
        The two readings: ``coding_matrix()`` and ``coding_matrix("alternative")``. Give the first one twice to leave
        only the weights open: the column of rank 1 is then the share of weightings in which each model wins.
    alpha : mapping of criterion to float, optional
        Parameters of the distribution, above 0. By default 1 for each: all weightings are equally likely. Weights
        times 20, say, keep near those weights, and the larger the number the nearer.
    draws : int
        How often to draw, at least 1. A share of a half is off by 0.01 or less in 19 of 20 runs of 10,000.
    seed : int
        The same seed gives the same shares.

    Returns
    -------
    DataFrame, shape (models, ranks)
        Rows and columns sum to 1; models with the same score share their ranks equally.

    Raises
    ------
    UnknownName, ValueError
        As for :func:`performances` and, of ``alpha``, :func:`scores`.

    References
    ----------
    .. [1] Lahdelma and Salminen (2001), *Operations Research* 49(3), 444-454.
    """
    _, drawn = _draw(criteria, values, alternatives, alpha, draws, seed)
    above = (drawn[:, None, :] > drawn[:, :, None]).sum(axis=2)
    level = (drawn[:, None, :] == drawn[:, :, None]).sum(axis=2)
    ranks = range(len(values))
    shares = [(((above <= rank) & (rank < above + level)) / level).mean(axis=0) for rank in ranks]
    return pd.DataFrame(
        np.transpose(shares), index=values.index, columns=pd.Index([rank + 1 for rank in ranks], name="rank")
    )


def central_weights(
    criteria: Criteria,
    values: pd.DataFrame,
    alternatives: pd.DataFrame,
    alpha: Weights | None = None,
    draws: int = 10_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Describe who would choose each model: the mean of the weights with which it wins.

    The central weight vectors of SMAA-2 [1]_, from the draws of :func:`acceptability`.

    Parameters
    ----------
    criteria, values, alternatives, alpha, draws, seed
        As for :func:`acceptability`.

    Returns
    -------
    DataFrame, shape (models, criteria)
        Rows sum to 1; missing for a model that never wins.

    Raises
    ------
    UnknownName, ValueError
        As for :func:`acceptability`.

    References
    ----------
    .. [1] Lahdelma and Salminen (2001), *Operations Research* 49(3), 444-454.
    """
    weights, drawn = _draw(criteria, values, alternatives, alpha, draws, seed)
    first = drawn == drawn.max(axis=1, keepdims=True)
    wins = first / first.sum(axis=1, keepdims=True)
    often = wins.sum(axis=0)[:, None]
    return pd.DataFrame(
        wins.T @ weights / np.where(often > 0, often, np.nan), index=values.index, columns=list(criteria)
    )


def smallest_changes(performances: pd.DataFrame, weights: Weights, lead: float = 0.001) -> pd.DataFrame:
    """Find the smallest changes of weights that put another model first.

    A linear programme for each challenger: the nearest weights, by the sum of absolute changes, with which no model
    scores higher than the challenger and the present winner scores lower by ``lead``. Moving a tenth of the weight
    from one criterion to another is a change of 0.2.

    Parameters
    ----------
    performances : DataFrame, shape (models, criteria)
    weights : mapping of criterion to float
        Not negative, summing to 1.
    lead : float
        By how much the challenger must lead, above 0.

    Returns
    -------
    DataFrame, by challenger, columns ``change`` and the criteria (the weights after it)
        The smallest change first, the one that changes the winner; models that no weights put first are left out.

    Raises
    ------
    UnknownName, ValueError
        As for :func:`scores`.

    References
    ----------
    Triantaphyllou and Sánchez (1997), *Decision Sciences* 28(1), 151-194, ask the same of one weight at a time.
    The solver is HiGHS: Huangfu and Hall (2018), *Mathematical Programming Computation* 10, 119-142.
    """
    from scipy.optimize import linprog

    now = _weights(weights, performances.columns)
    winner = str(scores(performances, now).idxmax())
    size = len(now)
    # The unknowns are what each weight gains and what it loses; together neither.
    bounds = [(0, None)] * size + [(0, weight) for weight in now]
    balance = [[1] * size + [-1] * size]
    found = {}
    for challenger in performances.index.drop(winner):
        ahead = performances.loc[challenger] - performances.drop(index=challenger)
        slack = ahead @ now - np.where(ahead.index == winner, lead, 0)
        falls_behind = -np.hstack([ahead, -ahead])
        moves = linprog([1] * 2 * size, A_ub=falls_behind, b_ub=slack, A_eq=balance, b_eq=[0], bounds=bounds)
        if moves.success:
            found[challenger] = [moves.fun, *(now + moves.x[:size] - moves.x[size:]).clip(lower=0)]
    table = pd.DataFrame.from_dict(found, orient="index", columns=["change", *performances.columns])
    return table.rename_axis("challenger").sort_values("change", kind="stable")


def overturning_codings(
    criteria: Criteria, weights: Weights, values: pd.DataFrame, alternatives: pd.DataFrame
) -> pd.DataFrame:
    """Find the contested codings that change the winner when one alone takes its alternative.

    Parameters
    ----------
    criteria : mapping of criterion to mapping of feature to 1 or -1
    weights : mapping of criterion to float
        Not negative, summing to 1.
    values, alternatives : DataFrame, shape (models, features)
        The two readings: ``coding_matrix()`` and ``coding_matrix("alternative")``.

    Returns
    -------
    DataFrame, columns ``model``, ``feature``, ``value``, ``alternative``, ``winner`` (the new one)
        In the order of the codings; empty if the winner stands whichever coding is read otherwise.

    Raises
    ------
    UnknownName, ValueError
        As for :func:`performances` and :func:`scores`.
    """
    table = performances(values, criteria)
    now, winner = table @ _weights(weights, table.columns), str(scores(table, weights).idxmax())
    pull = feature_weights(criteria, weights).reindex(values.columns, fill_value=0) / TOP
    changes = (alternatives - values) * pull
    rows = []
    for model, feature in zip(*np.nonzero(changes.to_numpy()), strict=True):
        then = now.copy()
        then.iloc[model] += changes.iat[model, feature]
        if then.round(DECIMALS).max() > round(then[winner], DECIMALS):
            readings = values.iat[model, feature], alternatives.iat[model, feature]
            rows.append((values.index[model], values.columns[feature], *readings, then.idxmax()))
    return pd.DataFrame(rows, columns=["model", "feature", "value", "alternative", "winner"])


def _draw(
    criteria: Criteria,
    values: pd.DataFrame,
    alternatives: pd.DataFrame,
    alpha: Weights | None,
    draws: int,
    seed: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw weights, shape (draws, criteria), and the scores, up to a constant, that they and a reading give."""
    rng = np.random.default_rng(seed)
    even = dict.fromkeys(criteria, 1.0)
    weights = rng.dirichlet(_aligned(even if alpha is None else alpha, pd.Index(criteria)), size=draws)
    first, second = values.to_numpy(), alternatives.to_numpy()
    readings = np.where(rng.random((draws, *first.shape)) < 0.5, first, second)
    pull = weights @ _slopes(criteria, values.columns).to_numpy().T
    return weights, np.einsum("dmf,df->dm", readings, pull).round(DECIMALS)


def _slopes(criteria: Criteria, features: pd.Index) -> pd.DataFrame:
    """Write the criteria as what one level of each feature adds to each of them, shape (features, criteria)."""
    known = catalog.load("features").set_index("id")["direction"]
    for name, parts in criteria.items():
        if not parts:
            raise ValueError(f"the criterion {name!r} has no features")
        _require_names(parts, features, "feature")
        for feature, sign in parts.items():
            if known.get(feature) == "outcome":
                raise ValueError(f"{feature} is an outcome: a design must not be judged by it")
            if sign not in (1, -1):
                raise ValueError(f"{feature} counts 1 or -1 for {name}, not {sign!r}")
    signs = pd.DataFrame({name: pd.Series(parts, features, dtype=float) for name, parts in criteria.items()}).fillna(0)
    return signs / signs.abs().sum() / TOP


def _weights(weights: Weights, criteria: pd.Index) -> pd.Series:
    given = _aligned(weights, criteria)
    if abs(given.sum() - 1) > TOLERANCE:
        raise ValueError(f"the weights sum to {given.sum():g}, not to 1: see swing_weights")
    return given


def _aligned(given: Weights, criteria: pd.Index) -> pd.Series:
    """Put numbers by criterion in the order of the criteria."""
    numbers = pd.Series(given, dtype=float)
    _require_names(numbers.index, criteria, "criterion")
    if missing := [name for name in criteria if name not in numbers.index]:
        raise ValueError(f"there is nothing for {', '.join(missing)}: give 0 to what does not matter")
    if not (numbers >= 0).all():
        raise ValueError(f"a number must not be negative: {numbers.to_dict()}")
    return numbers[criteria]


def _require_names(names: Iterable[str], known: Iterable[str], kind: str) -> None:
    for name in names:
        if name not in known:
            raise UnknownName(f"there is no {kind} {name!r}{near(str(name), known)}")
