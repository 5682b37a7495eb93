"""What two guarantees share, where they differ, and how much of that hangs on contested codings.

Codings come as matrices of models by features, as :func:`guarantees.catalog.coding_matrix` returns them; a proposed
guarantee comes as a mapping of features to levels. Leave the outcome ``record`` out where a design is judged.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guarantees.tableschema import Unknown, near

LEVELS = 4
TOP = LEVELS - 1
# Scores that differ by less are level.
DECIMALS = 9


class UnknownFeature(Unknown):
    """The codings have no such feature; the message lists near matches."""


class UnknownModel(Unknown):
    """The codings have no such model; the message lists near matches."""


@dataclass(frozen=True)
class Agreement:
    """How far two coders agree.

    Attributes
    ----------
    alpha : float
        Krippendorff's alpha for ordered levels: 1 full agreement, 0 what chance would give, below 0 worse.
    low, high : float
        Ends of the bootstrap interval.
    identical : float
        Share of codings on which both chose the same level.
    units : int
        Number of codings that both made.
    """

    alpha: float
    low: float
    high: float
    identical: float
    units: int


def agreement(a: pd.DataFrame, b: pd.DataFrame, level: float = 0.95, draws: int = 2000, seed: int = 0) -> Agreement:
    """Measure how far two codings of the same models agree.

    Krippendorff's alpha with the ordinal metric [1]_; the interval comes from drawing the codings again with
    replacement [2]_. A difference of two levels weighs more where many codings lie between them.

    Parameters
    ----------
    a, b : DataFrame, shape (models, features)
        Levels 0 to 3, missing where a coder made no choice. Only what both coded is compared.
    level : float
        Coverage of the interval, between 0 and 1.
    draws : int
        How often to draw again, at least 1.
    seed : int
        The same seed gives the same interval.

    Returns
    -------
    Agreement

    Raises
    ------
    ValueError
        If a level is not 0, 1, 2 or 3, or if fewer than two levels are in use, so that alpha is not defined.

    Examples
    --------
    >>> from guarantees import catalog
    >>> agreement(catalog.coding_matrix(), catalog.coding_matrix()).alpha
    1.0

    References
    ----------
    .. [1] Krippendorff (2019), *Content Analysis*, 4th edition, chapter 12.
    .. [2] Hayes and Krippendorff (2007), *Communication Methods and Measures* 1(1), 77-89; drawn here over codings.
    """
    left, right = a.align(b, join="inner")
    pairs = np.stack([left.to_numpy(dtype=float).ravel(), right.to_numpy(dtype=float).ravel()])
    pairs = pairs[:, ~np.isnan(pairs).any(axis=0)]
    if wrong := set(pairs.ravel()) - set(range(LEVELS)):
        raise ValueError(f"level {min(wrong):g} is not one of 0, 1, 2, 3")
    counts = np.zeros((LEVELS, LEVELS))
    np.add.at(counts, tuple(pairs.astype(int)), 1)
    units = int(counts.sum())
    alpha = float(_alpha(counts))
    if np.isnan(alpha):
        raise ValueError("alpha is not defined: the codings that both made use fewer than two levels")
    again = np.random.default_rng(seed).multinomial(units, counts.ravel() / units, size=draws)
    ends = np.nanquantile(_alpha(again.reshape(-1, LEVELS, LEVELS)), [(1 - level) / 2, (1 + level) / 2])
    return Agreement(alpha, float(ends[0]), float(ends[1]), float(counts.trace() / units), units)


def _alpha(counts: NDArray[np.float64] | NDArray[np.int64]) -> NDArray[np.float64]:
    """Compute alpha from counts of pairs of levels, shape (..., levels, levels); not a number where undefined."""
    coincidences = counts + np.swapaxes(counts, -1, -2)
    sums = coincidences.sum(axis=-1)
    # The ordinal metric: the codings that lie between two levels, these two counted half.
    below = np.cumsum(sums, axis=-1) - sums / 2
    metric = (below[..., :, None] - below[..., None, :]) ** 2
    total = sums.sum(axis=-1)
    expected = (sums[..., :, None] * sums[..., None, :] * metric).sum(axis=(-1, -2))
    observed = (coincidences * metric).sum(axis=(-1, -2))
    alpha: NDArray[np.float64] = 1 - (total - 1) * observed / np.where(expected > 0, expected, np.nan)
    return alpha


def distance(a: Mapping[Hashable, int] | pd.Series, b: Mapping[Hashable, int] | pd.Series) -> float:
    """Measure how far two guarantees stand apart.

    Gower's distance for ordered features [1]_: the mean absolute difference of levels over the features that both
    code, divided by the range of the scale. All features weigh alike.

    Parameters
    ----------
    a, b : mapping of feature to level (0-3)

    Returns
    -------
    float
        0 identical, 1 opposite ends everywhere, not a number if no feature is common.

    Examples
    --------
    >>> distance({"arms": 3, "forces": 0}, {"arms": 0, "forces": 0})
    0.5

    References
    ----------
    .. [1] Gower (1971), *Biometrics* 27(4), 857-871.
    """
    left, right = pd.Series(a, dtype=float).align(pd.Series(b, dtype=float), join="inner")
    return float((left - right).abs().mean() / TOP)


def distances(codings: pd.DataFrame) -> pd.DataFrame:
    """Measure how far every model stands from every other.

    Parameters
    ----------
    codings : DataFrame, shape (models, features)

    Returns
    -------
    DataFrame, shape (models, models)
        See :func:`distance`.
    """
    levels = codings.to_numpy(dtype=float)
    gaps = np.abs(levels[:, None, :] - levels[None, :, :]).mean(axis=2) / TOP
    return pd.DataFrame(gaps, index=codings.index, columns=codings.index)


def nearest_precedents(design: Mapping[str, int], codings: pd.DataFrame, k: int = 3) -> pd.DataFrame:
    """Rank the historical models by how close they stand to a proposed guarantee.

    Parameters
    ----------
    design : mapping of feature to level (0-3)
        Features left out are not compared.
    codings : DataFrame, shape (models, features)
    k : int
        How many to return, at least 1.

    Returns
    -------
    DataFrame, shape (k,), columns ``model``, ``distance`` (0 identical, 1 opposite), ``compared``
        Nearest first; models at the same distance in the order of the codings.

    Raises
    ------
    UnknownFeature
        If ``design`` names a feature that the codings lack; the message lists near matches.
    ValueError
        If a level is not 0, 1, 2 or 3, if no feature is given, or if ``k`` is below 1.

    Examples
    --------
    >>> from guarantees import catalog
    >>> nearest_precedents({"legal_form": 3, "forces": 3, "nuclear": 3}, catalog.coding_matrix(), k=1)["model"].item()
    'south_korea'
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    gaps = _gaps(design, codings)
    table = pd.DataFrame({"distance": gaps.mean(axis=1) / TOP, "compared": gaps.count(axis=1)})
    return table.sort_values("distance", kind="stable").head(k).rename_axis("model").reset_index()


def difference(a: str, b: str, codings: pd.DataFrame) -> pd.DataFrame:
    """Set two models side by side, feature by feature.

    Parameters
    ----------
    a, b : str
        Models of the codings.
    codings : DataFrame, shape (models, features)

    Returns
    -------
    DataFrame, columns ``feature``, `a`, `b`, ``difference`` (level of `b` minus level of `a`)
        The largest differences first, then in the order of the codings.

    Raises
    ------
    UnknownModel
        If a model is not in the codings; the message lists near matches.
    """
    for model in (a, b):
        _require_model(model, codings)
    sides = pd.DataFrame({"feature": codings.columns, a: codings.loc[a].to_numpy(), b: codings.loc[b].to_numpy()})
    sides["difference"] = codings.loc[b].to_numpy() - codings.loc[a].to_numpy()
    return sides.sort_values("difference", key=lambda gap: -gap.abs(), kind="stable", ignore_index=True)


def separating_features(one: Collection[str], other: Collection[str], codings: pd.DataFrame) -> pd.DataFrame:
    """Find the features that tell two groups of models apart.

    Parameters
    ----------
    one, other : collection of str
        Models of the codings, no model in both groups.
    codings : DataFrame, shape (models, features)

    Returns
    -------
    DataFrame, columns ``feature``, ``one``, ``other`` (mean levels), ``gap``
        ``gap`` is the distance between the lowest level of the higher group and the highest level of the lower one:
        above 0 the groups do not overlap. Largest gap first, then largest difference of means.

    Raises
    ------
    UnknownModel
        If a model is not in the codings; the message lists near matches.
    ValueError
        If a group is empty or the groups share a model.
    """
    if not one or not other or set(one) & set(other):
        raise ValueError("each group needs a model, and no model may be in both")
    for model in (*one, *other):
        _require_model(model, codings)
    left, right = codings.loc[list(one)], codings.loc[list(other)]
    table = pd.DataFrame({"one": left.mean(), "other": right.mean()})
    table["gap"] = np.maximum(left.min() - right.max(), right.min() - left.max())
    spread = (table["one"] - table["other"]).abs()
    order = np.lexsort((-spread.to_numpy(), -table["gap"].to_numpy()))
    return table.iloc[order].rename_axis("feature").reset_index()


def rank_ranges(design: Mapping[str, int], values: pd.DataFrame, alternatives: pd.DataFrame) -> pd.DataFrame:
    """Rank the models by closeness to a design, with every rank that contested codings allow.

    Exact: the distance of a model hangs on its own codings alone, so a model ranks best when its contested codings
    fall as close to the design as they can and those of all others as far, and worst the other way round.

    Parameters
    ----------
    design : mapping of feature to level (0-3)
    values, alternatives : DataFrame, shape (models, features)
        The two readings: ``coding_matrix()`` and ``coding_matrix("alternative")``.

    Returns
    -------
    DataFrame, columns ``model``, ``distance``, ``rank``, ``alternative_rank``, ``best``, ``worst``
        Ranks count the models that are strictly nearer, plus one. ``alternative_rank`` is the rank when every
        contested coding takes its alternative.

    Raises
    ------
    UnknownFeature, ValueError
        As for :func:`nearest_precedents`.
    """
    first, second = (-_gaps(design, reading).to_numpy() for reading in (values, alternatives))
    table = _ranges(values.index, "distance", first, second)
    return table.assign(distance=table["distance"].abs() / (TOP * len(design)))


def composite_ranks(
    weights: Mapping[str, float] | pd.Series, values: pd.DataFrame, alternatives: pd.DataFrame
) -> pd.DataFrame:
    """Rank the models by a composite of features, with every rank that contested codings allow.

    Exact, as for :func:`rank_ranges`: the composite of a model hangs on its own codings alone.

    Parameters
    ----------
    weights : mapping of feature to float
        Negative for a feature that counts against; features left out do not count.
    values, alternatives : DataFrame, shape (models, features)
        The two readings: ``coding_matrix()`` and ``coding_matrix("alternative")``.

    Returns
    -------
    DataFrame, columns ``model``, ``score``, ``rank``, ``alternative_rank``, ``best``, ``worst``
        ``score`` is the weighted sum of levels, each as a share of the scale; the highest comes first. Ranks count
        the models that are strictly higher, plus one. ``alternative_rank`` is the rank when every contested coding
        takes its alternative.

    Raises
    ------
    UnknownFeature
        If ``weights`` names a feature that the codings lack; the message lists near matches.
    """
    return _ranges(values.index, "score", *(_parts(weights, reading) for reading in (values, alternatives)))


def rank_shares(
    weights: Mapping[str, float] | pd.Series, values: pd.DataFrame, alternatives: pd.DataFrame
) -> pd.DataFrame:
    """Find in what share of all readings of the contested codings each model takes each rank in a composite.

    Exact, though the readings are too many to go through: those of one model are few, and the models are read
    independently of one another, so that the ranks follow from how many others lie above and level at each score.

    Parameters
    ----------
    weights, values, alternatives
        As for :func:`composite_ranks`.

    Returns
    -------
    DataFrame, shape (models, ranks)
        Rows and columns sum to 1; models with the same score share their ranks equally.

    Raises
    ------
    UnknownFeature
        As for :func:`composite_ranks`.
    """
    first, second = (_parts(weights, reading) for reading in (values, alternatives))
    scores = [_reading_scores(*parts) for parts in zip(first, second, strict=True)]
    models = len(scores)
    shares = np.zeros((models, models))
    for model, own in enumerate(scores):
        # How often so many others lie above (second axis) and level (third axis) with each score of the model.
        counts = np.zeros((len(own), models, models))
        counts[:, 0, 0] = 1 / len(own)
        for other in scores[:model] + scores[model + 1 :]:
            level = np.searchsorted(other, own, "right") - np.searchsorted(other, own, "left")
            above = len(other) - np.searchsorted(other, own, "right")
            below = len(other) - above - level
            after = counts * below[:, None, None]
            after[:, 1:] += counts[:, :-1] * above[:, None, None]
            after[:, :, 1:] += counts[:, :, :-1] * level[:, None, None]
            counts = after / len(other)
        for higher, tied in np.ndindex(models, models):
            shares[model, higher : higher + tied + 1] += counts[:, higher, tied].sum() / (tied + 1)
    return pd.DataFrame(shares, index=values.index, columns=pd.RangeIndex(1, models + 1, name="rank"))


def contested_shares(values: pd.DataFrame, alternatives: pd.DataFrame) -> pd.DataFrame:
    """Count the contested codings of each feature; of each model if the readings are given transposed.

    Parameters
    ----------
    values, alternatives : DataFrame, shape (models, features)
        The two readings: ``coding_matrix()`` and ``coding_matrix("alternative")``.

    Returns
    -------
    DataFrame, columns ``contested``, ``codings``, ``share``
        One row for each feature, in the order of the codings.
    """
    differ = values != alternatives
    return pd.DataFrame({"contested": differ.sum(), "codings": differ.count(), "share": differ.mean()})


def neighbours(values: pd.DataFrame, alternatives: pd.DataFrame, draws: int = 4000, seed: int = 0) -> pd.DataFrame:
    """Ask how often each model is the nearest to each other one, over readings of the contested codings.

    Sampled: in every draw each contested coding takes its value or its alternative with equal chance, so that a
    model's reading is the same whichever other it is compared with.

    Parameters
    ----------
    values, alternatives : DataFrame, shape (models, features)
        The two readings: ``coding_matrix()`` and ``coding_matrix("alternative")``.
    draws : int
        How many readings to draw, at least 1.
    seed : int
        The same seed gives the same shares.

    Returns
    -------
    DataFrame, shape (models, models)
        Share of readings in which the column's model is nearest to the row's; rows sum to 1, ties are split.
    """
    rng = np.random.default_rng(seed)
    first, second = values.to_numpy(dtype=float), alternatives.to_numpy(dtype=float)
    models = len(first)
    shares = np.zeros((models, models))
    for _ in range(draws):
        reading = np.where(rng.random(first.shape) < 0.5, first, second)
        gaps = np.abs(reading[:, None, :] - reading[None, :, :]).sum(axis=2)
        np.fill_diagonal(gaps, np.inf)
        nearest = gaps == gaps.min(axis=1, keepdims=True)
        shares += nearest / nearest.sum(axis=1, keepdims=True)
    return pd.DataFrame(shares / draws, index=values.index, columns=values.index)


def _parts(weights: Mapping[str, float] | pd.Series, codings: pd.DataFrame) -> NDArray[np.float64]:
    """Compute what each feature adds to the composite of each model."""
    weight = pd.Series(weights, dtype=float)
    _require_features(weight.index, codings)
    return (codings[weight.index] * weight / TOP).to_numpy(dtype=float)


def _ranges(models: pd.Index, name: str, first: NDArray[np.float64], second: NDArray[np.float64]) -> pd.DataFrame:
    """Rank sums of parts, highest first, and find the ranks that a choice between two readings of each part allows."""
    total, other, low, high = (
        parts.sum(axis=1).round(DECIMALS)
        for parts in (first, second, np.minimum(first, second), np.maximum(first, second))
    )
    ranks = {
        "rank": _rank(total, total),
        "alternative_rank": _rank(other, other),
        "best": _rank(high, low),
        "worst": _rank(low, high),
    }
    table = pd.DataFrame({"model": models, name: total, **ranks})
    return table.sort_values(name, ascending=False, kind="stable", ignore_index=True)


def _rank(own: NDArray[np.float64], theirs: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rank each model by its own score against the scores of the others."""
    higher = theirs[None, :] > own[:, None]
    np.fill_diagonal(higher, False)
    ranks: NDArray[np.int64] = 1 + higher.sum(axis=1)
    return ranks


def _reading_scores(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Score a model under every reading of its contested codings, in ascending order."""
    scores = np.array([first.sum()])
    for change in (second - first)[first != second]:
        scores = np.concatenate([scores, scores + change])
    return np.sort(scores.round(DECIMALS))


def _gaps(design: Mapping[str, int], codings: pd.DataFrame) -> pd.DataFrame:
    """Levels between each model and a design on each feature of the design."""
    if not design:
        raise ValueError("the design names no feature")
    _require_features(design, codings)
    for feature, level in design.items():
        if level not in range(LEVELS):
            raise ValueError(f"level {level!r} of {feature} is not one of 0, 1, 2, 3")
    gaps: pd.DataFrame = (codings[list(design)] - pd.Series(design)).abs()
    return gaps


def _require_features(features: Iterable[str], codings: pd.DataFrame) -> None:
    for feature in features:
        if feature not in codings.columns:
            raise UnknownFeature(f"the codebook has no feature {feature!r}{near(str(feature), codings.columns)}")


def _require_model(model: str, codings: pd.DataFrame) -> None:
    if model not in codings.index:
        raise UnknownModel(f"the codings have no model {model!r}{near(model, codings.index)}")
