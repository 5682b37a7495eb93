"""A structured judgement between guarantees, and what makes one coherent: never which guarantee it favours.

A judgement is plain data, as JSON holds it::

    {
      "weights": {"credibility": 0.3, "low_entrapment": 0.1, …},
      "readings": [["nato_article5", "arms"], …],
      "design": {"legal_form": 3, …},
      "choice": "nato_article5",
      "deviation": {"text": "…", "dimension": "…", "side": "…", "evidence": "…"},
      "claims": [{"text": "…", "dimension": "…", "side": "…", "evidence": "…"}, …],
      "counter": {"text": "…", "criterion": "…", "rival": "…", "evidence": "…"},
      "tipping": {"text": "…", "to": "…", "weights": {…}, "readings": […]}
    }

``weights``
    One for each criterion of ``criteria.csv``, not negative, summing to 1.
``readings``
    The contested codings that are read at their alternative. May be left out.
``design``
    A guarantee of one's own, to be judged beside the models: levels 0 to 3 by feature. May be left out.
``choice``
    A model, or ``"design"``.
``deviation``
    Only if weights and readings put something else first: the reason to choose otherwise, on a side that no criterion
    measures. What a criterion does measure belongs in the weights.
``claims``
    The reasons for the choice, two at least.
``counter``
    The strongest point against it: a criterion on which a rival does better.
``tipping``
    What would change one's mind: weights or readings, or both, that put ``to`` first. What is left out stays.

Evidence is the id of an excerpt that ``claims.csv`` ties to a side of a trade-off, or of a row of that table in which
an article argues. Texts are for human readers; here they need only be there.

The parts are those of an argument after Toulmin [1]_: a claim, its grounds, its warrant (the weights and codings), its
rebuttal.

References
----------
.. [1] Toulmin (1958), *The Uses of Argument*, chapter III.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import pandas as pd

from guarantees import catalog, tradeoffs
from guarantees.tableschema import Unknown, near

Judgement: TypeAlias = Mapping[str, Any]
Side: TypeAlias = tuple[str, str]

PARTS = ("basis", "choice", "claims", "counter", "tipping")
NEEDED = ("weights", "choice", "claims", "counter", "tipping")
OPTIONAL = ("readings", "design", "deviation")
REASON = ("text", "dimension", "side", "evidence")
COUNTER = ("text", "criterion", "rival", "evidence")
TIPPING = ("text", "to")
CHANGES = ("weights", "readings")
DESIGN = "design"
BOTH = "both"
REASONS = 2
# A shorter text says nothing.
WORDS = 5


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold together in a judgement.

    Attributes
    ----------
    part : str
        One of `PARTS`. The ``basis`` is what the others rest on: weights, readings, design and the name of the choice.
    message : str
        What does not hold together, and what would.
    """

    part: str
    message: str

    def __str__(self) -> str:
        return f"{self.part}: {self.message}"


def findings(judgement: Judgement) -> list[Finding]:
    r"""Find what in a judgement does not hold together.

    It is asked whether the choice follows from the stated weights and readings, or a reason is given why not; whether
    evidence exists and speaks to the side of the trade-off that it is given for, and a reason counts for the choice
    against its rival; whether the codings support the counter-argument; and whether the stated tipping point does put
    another alternative first. Opposite choices pass alike.

    Parameters
    ----------
    judgement : mapping
        As described in :mod:`guarantees.argument`.

    Returns
    -------
    list of Finding
        In the order of `PARTS`; empty if the judgement is coherent.

    Examples
    --------
    >>> even = dict.fromkeys(catalog.criteria(), 1 / 8)
    >>> print(*findings({"choice": "nato_article_5", "weights": even}), sep="\n")
    basis: there is no alternative 'nato_article_5' (did you mean nato_article5?)
    choice: cannot be checked before the basis is right
    claims: there is no 'claims'
    counter: there is no 'counter'
    tipping: there is no 'tipping'
    """
    faults: dict[str, list[str]] = defaultdict(list)
    try:
        given = _plain(judgement)
    except (TypeError, ValueError) as error:
        given, faults["basis"] = {}, [f"a judgement is plain data, as JSON holds it: {error}"]
    for part, message in _misshapen(given):
        faults[part].append(message)
    basis = None
    if "basis" not in faults:
        try:
            basis = _Basis.of(given)
        except (Unknown, ValueError, OverflowError) as error:
            faults["basis"].append(str(error))
    for part, rule in {"choice": _choice, "claims": _claims, "counter": _counter, "tipping": _tipping}.items():
        if not faults[part]:
            faults[part] = list(rule(given, basis)) if basis else ["cannot be checked before the basis is right"]
    return [Finding(part, message) for part in PARTS for message in faults[part]]


def evidence() -> dict[str, frozenset[Side]]:
    """List what can be cited, and the sides of trade-offs that it speaks to.

    Returns
    -------
    dict of str to frozenset of (dimension, side)
        By id of an excerpt or of a claim.

    Examples
    --------
    >>> evidence()["stimson-06-bailed-out"]
    frozenset({('entrapment_v_credibility', 'entrapment')})
    """
    return dict(_evidence())


def measured() -> dict[Side, str]:
    """Say which criterion measures which side of a trade-off.

    Examples
    --------
    >>> measured()["entrapment_v_credibility", "entrapment"]
    'low_entrapment'
    """
    table = catalog.load("criteria")
    return dict(zip(zip(table["dimension"], table["side"], strict=True), table["id"], strict=True))


@dataclass(frozen=True)
class _Basis:
    """How the alternatives stand by a judgement's weights, readings and design."""

    weights: Mapping[str, float]
    performances: pd.DataFrame
    levels: Mapping[str, Mapping[str, float]]
    scores: Mapping[str, float]

    @classmethod
    def of(cls, given: Judgement) -> "_Basis":
        criteria = catalog.criteria()
        features = list(dict.fromkeys(feature for parts in criteria.values() for feature in parts))
        codings, alternatives = catalog.coding_matrix().T.to_dict(), catalog.coding_matrix("alternative").T.to_dict()
        for model, feature in given.get("readings", []):
            _require(model, codings, "model")
            _require(feature, features, "feature that counts for a criterion")
            if codings[model][feature] == alternatives[model][feature]:
                raise ValueError(f"the coding of {feature} for {model} is not contested: it has no other reading")
            codings[model][feature] = alternatives[model][feature]
        if DESIGN in given:
            codings[DESIGN] = _levels(given[DESIGN], features)
        _require(given["choice"], codings, "alternative")
        table = tradeoffs.performances(pd.DataFrame(codings).T[features], criteria).round(tradeoffs.DECIMALS)
        scores = tradeoffs.scores(table, given["weights"])
        levels = {str(model): dict(zip(criteria, row, strict=True)) for model, *row in table.itertuples()}
        return cls(given["weights"], table, levels, {str(name): float(score) for name, score in scores.items()})

    def first(self) -> list[str]:
        """List what no alternative scores higher than."""
        return [name for name, score in self.scores.items() if score == max(self.scores.values())]

    def leads(self, one: str, other: str) -> bool:
        """Say whether an alternative comes first and scores higher than another."""
        return one in self.first() and self.scores[one] > self.scores[other]

    def ahead(self, one: str, other: str) -> list[str]:
        """List the criteria on which an alternative does better than another."""
        return [name for name, level in self.levels[one].items() if level > self.levels[other][name]]

    def told(self, *names: str) -> str:
        """Write out scores."""
        return ", ".join(f"{name} {self.scores[name]:.3f}" for name in dict.fromkeys(names))


def _choice(given: Judgement, basis: _Basis) -> Iterator[str]:
    choice, deviation = given["choice"], given.get("deviation")
    unmeasured = sorted(set().union(*evidence().values()) - set(measured()))
    if choice in basis.first():
        if deviation:
            yield f"your weights put {choice} first, so there is nothing to explain: leave 'deviation' out"
    elif not deviation:
        yield (
            f"your weights put something else first ({basis.told(*basis.first(), choice)}): change one or the other, "
            f"or give a 'deviation', a reason on a side that no criterion measures: {_listed(unmeasured)}"
        )
    elif (side := (deviation["dimension"], deviation["side"])) in measured():
        yield (
            f"['deviation']: {measured()[side]} measures this side, so give it more weight instead; no criterion "
            f"measures {_listed(unmeasured)}"
        )
    else:
        yield from _cited("['deviation']", deviation["evidence"], side)


def _claims(given: Judgement, basis: _Basis) -> Iterator[str]:
    claims, choice, counter = given["claims"], given["choice"], given.get("counter")
    rival = counter.get("rival") if isinstance(counter, dict) else None
    sides = [(claim["dimension"], claim["side"]) for claim in claims]
    for number, (claim, side) in enumerate(zip(claims, sides, strict=True)):
        yield from _cited(f"[{number}]", claim["evidence"], side)
    if len({claim["evidence"] for claim in claims}) < REASONS:
        yield f"all rest on {claims[0]['evidence']!r}: cite {REASONS} pieces of evidence at least"
    if isinstance(rival, str) and rival in basis.scores.keys() - {choice}:
        better = basis.ahead(choice, rival)
        if not set(better) & {measured().get(side) for side in sides}:
            does = f"it does on {', '.join(better)}" if better else "by your readings there is none: name another rival"
            yield f"none is on a criterion on which {choice} does better than {rival}; {does}"


def _counter(given: Judgement, basis: _Basis) -> Iterator[str]:
    counter, choice = given["counter"], given["choice"]
    criterion, rival = counter["criterion"], counter["rival"]
    sides = {name: side for side, name in measured().items()}
    try:
        _require(criterion, sides, "criterion")
        _require(rival, basis.scores.keys() - {choice}, "rival")
    except ValueError as error:
        yield str(error)
        return
    ahead = {name: [model for model in basis.levels if name in basis.ahead(model, choice)] for name in sides}
    if rival not in ahead[criterion]:
        yield (
            f"on {criterion}, {rival} ({basis.levels[rival][criterion]:.2f}) is not ahead of {choice} "
            f"({basis.levels[choice][criterion]:.2f}): there {', '.join(ahead[criterion]) or 'nothing'} would be, "
            f"and {rival} is ahead on {', '.join(basis.ahead(rival, choice)) or 'no criterion'}"
        )
    telling = [name for name, models in ahead.items() if models and basis.weights[name] > 0]
    if rival in ahead[criterion] and telling and criterion not in telling:
        yield f"by your weights {criterion} tells nothing against your choice; {', '.join(telling)} would"
    yield from _cited("", counter["evidence"], sides[criterion])


def _tipping(given: Judgement, basis: _Basis) -> Iterator[str]:
    tipping, choice = given["tipping"], given["choice"]
    changed = {key: tipping[key] for key in CHANGES if key in tipping}
    try:
        _require(tipping["to"], basis.scores.keys() - {choice}, "other alternative")
        then = _Basis.of({**given, **changed})
    except (Unknown, ValueError, OverflowError) as error:
        yield str(error)
        return
    to = tipping["to"]
    if basis.leads(to, choice):
        yield f"your weights put {to} ahead of {choice} already ({basis.told(to, choice)}): name what would be new"
    elif not then.leads(to, choice):
        yield f"it does not put {to} first ({then.told(*then.first(), to, choice)}); {_nearest(then, to)}"


def _nearest(basis: _Basis, to: str) -> str:
    """Say which weights near those given would put an alternative first."""
    if to in basis.first():
        return "the two are level there, so go a little further"
    changes = tradeoffs.smallest_changes(basis.performances, basis.weights)
    if to not in changes.index:
        return "by these readings no weights do: change 'readings', or name another alternative"
    weights = changes.T.to_dict()[to]
    moved = [name for name, weight in basis.weights.items() if abs(weights[name] - weight) > tradeoffs.TOLERANCE]
    return f"the nearest weights that do have {', '.join(f'{name} {weights[name]:.3f}' for name in moved)}"


@cache
def _evidence() -> dict[str, frozenset[Side]]:
    argued = catalog.load("claims").query("kind == 'argued'")
    named = argued[["id", "excerpt", "dimension", "side"]].astype(str).to_numpy().tolist()
    sides = {(dimension, side) for _, _, dimension, side in named if side != BOTH}
    spoken: dict[str, set[Side]] = defaultdict(set)
    for claim, excerpt, dimension, side in named:
        for id in filter(None, (claim, excerpt)):
            spoken[id] |= {known for known in sides if known[0] == dimension and side in (known[1], BOTH)}
    return {id: frozenset(sides) for id, sides in spoken.items()}


def _cited(place: str, id: str, side: Side) -> Iterator[str]:
    """Find what is wrong with a piece of evidence for a side of a trade-off."""
    known = evidence()
    speaking = [name for name, sides in known.items() if side in sides]
    dimension, name = side
    if not speaking:
        sides = sorted(set().union(*known.values()))
        fault = f"there is no side {name!r} of {dimension!r}; there are {_listed(sides)}"
    elif id in speaking:
        return
    elif id in known:
        fault = f"{id!r} speaks to {_listed(sorted(known[id]))}, not to {name}; {', '.join(speaking)} do"
    elif id in set(catalog.load("excerpts")["id"]):
        fault = f"claims.csv ties the excerpt {id!r} to no side of a trade-off; to {name} speak {', '.join(speaking)}"
    elif id in set(catalog.load("claims")["id"]):
        fault = f"the article is silent in {id!r}, and silence proves nothing; to {name} speak {', '.join(speaking)}"
    else:
        fault = f"there is no excerpt or claim {id!r}{near(id, known)}; to {name} speak {', '.join(speaking)}"
    yield f"{place}: {fault}".removeprefix(": ")


def _listed(sides: list[Side]) -> str:
    return ", ".join(f"{side} ({dimension})" for dimension, side in sides)


def _require(name: str, known: Any, kind: str) -> None:
    if name not in known:
        others = near(name, known) or f"; there are {', '.join(known)}"
        raise ValueError(f"there is no {kind} {name!r}{others}")


def _levels(design: Mapping[str, int], features: list[str]) -> dict[str, int]:
    if missing := [feature for feature in features if feature not in design]:
        raise ValueError(f"['design'] has no level for {', '.join(missing)}")
    for feature in features:
        if design[feature] not in range(tradeoffs.TOP + 1):
            raise ValueError(f"['design']: {feature} should be 0, 1, 2 or 3, not {design[feature]!r}")
    return {feature: design[feature] for feature in features}


def _plain(judgement: Judgement) -> Any:
    """Turn what Python and pandas hold into what JSON does."""

    def plain(value: Any) -> Any:
        for method in ("to_dict", "tolist"):
            if hasattr(value, method):
                return getattr(value, method)()
        raise TypeError(f"{value!r} is none")

    return json.loads(json.dumps(judgement, default=plain, allow_nan=False))


def _misshapen(given: Any) -> Iterator[tuple[str, str]]:
    """Find what is missing or of the wrong kind, with the part that it makes useless."""
    if not isinstance(given, dict):
        yield "basis", f"a judgement is a dict with {', '.join(NEEDED)}, not {given!r}"
        return
    for key in given:
        if key not in NEEDED + OPTIONAL:
            yield "basis", f"nothing in a judgement is called {key!r}{near(key, NEEDED + OPTIONAL)}"
    for key in NEEDED:
        if key not in given:
            yield key if key in ("claims", "counter", "tipping") else "basis", f"there is no {key!r}"
    shapes = {
        "weights": ("basis", _numbers),
        "readings": ("basis", _pairs),
        "design": ("basis", _numbers),
        "choice": ("basis", _text),
        "deviation": ("choice", lambda place, value: _texts(place, value, REASON)),
        "claims": ("claims", _reasons),
        "counter": ("counter", lambda place, value: _texts(place, value, COUNTER)),
        "tipping": ("tipping", _change),
    }
    for key, (part, shape) in shapes.items():
        if key in given:
            for fault in shape(f"[{key!r}]", given[key]):
                yield part, fault


def _texts(place: str, value: Any, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> Iterator[str]:
    """Find what keeps a value from being a dict of texts; the one called ``text`` has to say something."""
    if not isinstance(value, dict):
        yield f"{place} should be a dict with {', '.join(needed)}, not {value!r}"
        return
    for key in value:
        if key not in needed + optional:
            yield f"{place} has no place for {key!r}{near(key, needed + optional)}"
    for key in needed:
        if key not in value:
            yield f"{place} lacks {key!r}"
        else:
            yield from _text(f"{place}[{key!r}]", value[key])
    text = value.get("text")
    if isinstance(text, str) and len(text.split()) < WORDS:
        yield f"{place}['text'] should say something in {WORDS} words or more, not {text!r}"


def _text(place: str, value: Any) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{place} should be a text, not {value!r}"


def _numbers(place: str, value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place} should be a dict of numbers, not {value!r}"
        return
    for key, number in value.items():
        if isinstance(number, bool) or not isinstance(number, int | float):
            yield f"{place}[{key!r}] should be a number, not {number!r}"


def _pairs(place: str, value: Any) -> Iterator[str]:
    pairs = value if isinstance(value, list) else [value]
    for pair in pairs:
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(name, str) for name in pair)):
            yield f"{place} should be a list of pairs such as ['nato_article5', 'arms']; {pair!r} is none"


def _reasons(place: str, value: Any) -> Iterator[str]:
    if not isinstance(value, list) or len(value) < REASONS:
        yield f"{place} should be a list of {REASONS} reasons or more, not {value!r}"
        return
    for number, claim in enumerate(value):
        yield from _texts(f"{place}[{number}]", claim, REASON)


def _change(place: str, value: Any) -> Iterator[str]:
    yield from _texts(place, value, TIPPING, CHANGES)
    if isinstance(value, dict):
        if not value.keys() & set(CHANGES):
            yield f"{place} should have 'weights' or 'readings', or both: what is it that would be otherwise?"
        yield from _numbers(f"{place}['weights']", value.get("weights", {}))
        yield from _pairs(f"{place}['readings']", value.get("readings", []))
