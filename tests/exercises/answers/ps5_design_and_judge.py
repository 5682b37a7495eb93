"""Problem set 5."""

from tests.exercises.answers import Answer, laid_out

DESIGN = {"q1_design_check": 5}
RANKING = {"q2_ranking_examples": 1, "q2_ranking_general": 2}
TIPPING = {"q3_tipping_examples": 1, "q3_tipping_general": 2}
READINGS = {"q3_readings_check": 4}
AGAINST = {"q4_against_examples": 1, "q4_against_general": 2}
JUDGEMENT = {"q5_judgement_check": 8}

DESIGNS = [
    Answer(
        "a treaty, from the order of the codebook",
        """
levels = [3, 2, 1, 1, 3, 0, 2, 0, 2, 2, 2, 2, 2, 3, 2, 2]
my_design = dict(zip(design.clauses(), levels))
""",
        DESIGN,
    ),
    Answer(
        "a model, changed",
        """
my_design = codings.loc["south_korea"].to_dict()
my_design.update(legal_form=2, forces=1, institutions=2, nuclear=0, guarantors=2, speed=2, control=2)
my_design["ambiguity"] = 1
""",
        DESIGN,
    ),
    Answer(
        "from the designer's file",
        """
import pathlib, tempfile

file = pathlib.Path(tempfile.mkdtemp()) / "guarantee.json"
design.write_design(file, dict.fromkeys(codings.columns, 2) | {"nuclear": 0, "forces": 0, "ambiguity": 1})
my_design = pd.Series(design.read_design(file, complete=True))
""",
        DESIGN,
    ),
    Answer(
        "quick, alarming, a burden, and soon over",
        """
my_design = {
    "legal_form": 1, "obligation": 1, "conditionality": 2, "ambiguity": 2, "arms": 3, "forces": 0, "institutions": 2,
    "nuclear": 0, "guarantors": 3, "duration": 1, "speed": 3, "lock_in": 1, "control": 2, "autonomy": 3, "alarm": 3,
    "self_burden": 3,
}
""",
        {"q1_design_check": 4},
        "my_design['duration']: the brief accepts [2, 3], got 1",
    ),
    Answer(
        "contradicts itself",
        """
my_design = {
    "legal_form": 3, "obligation": 3, "conditionality": 3, "ambiguity": 1, "arms": 3, "forces": 1, "institutions": 2,
    "nuclear": 0, "guarantors": 3, "duration": 3, "speed": 3, "lock_in": 3, "control": 1, "autonomy": 3, "alarm": 2,
    "self_burden": 1,
}
""",
        {"q1_design_check": 4},
        "legal_form, speed contradict each other",
    ),
    Answer(
        "copies a model",
        "my_design = codings.loc['taiwan_ambiguity'].to_dict()",
        {"q1_design_check": 4},
        "expected four departures from every model, got 0 from taiwan_ambiguity",
    ),
    Answer(
        "half decided",
        "my_design = {'speed': 3, 'duration': 2, 'forces': 0, 'legal_form': 2}",
        {"q1_design_check": 3},
        "not decided yet: obligation, conditionality",
    ),
    Answer(
        "level out of the scale",
        "my_design = {feature: 4 for feature in codings.columns}",
        says="my_design['legal_form']: expected 0, 1, 2 or 3, got 4",
    ),
    Answer(
        "designs the outcome",
        "my_design = catalog.coding_matrix().loc['nato_article5'].to_dict()",
        says="record is an outcome",
    ),
    Answer("words for levels", "my_design = {'legal_form': 'treaty', 'speed': 'fast'}", says="got 'treaty'"),
    Answer("clauses alone", "my_design = ['The parties conclude a treaty and ratify it.']", says="expected a dict"),
]

RANKINGS = [
    Answer(
        "counts who is ahead",
        """
def ranking(swings, table):
    total = sum(swings.values())
    score = {}
    for model in table.index:
        score[model] = sum(table.loc[model, name] * value / total for name, value in swings.items())
    return {model: 1 + sum(other - score[model] > 1e-9 for other in score.values()) for model in score}
""",
        RANKING,
    ),
    Answer(
        "a matrix product, rounded",
        """
def ranking(swings, table):
    names = list(swings)
    score = (table[names] @ np.array([swings[name] for name in names], dtype=float) / sum(swings.values())).round(9)
    return dict(score.rank(ascending=False, method="min").astype(int))
""",
        RANKING,
    ),
    Answer(
        "a Series, by sorting",
        """
def ranking(swings, table):
    weights = tradeoffs.swing_weights(pd.Series(swings).reindex(table.columns).fillna(0))
    ordered = sorted(tradeoffs.scores(table, weights), reverse=True)
    return tradeoffs.scores(table, weights).map(lambda score: ordered.index(score) + 1)
""",
        RANKING,
    ),
    Answer(
        "lowest score first",
        """
def ranking(swings, table):
    weights = tradeoffs.swing_weights({name: swings.get(name, 0) for name in table})
    return tradeoffs.scores(table, weights).rank(method="min").astype(int).to_dict()
""",
        says="expected {'a': 1, 'b': 3, 'c': 2}, got {'a': 3",
    ),
    Answer(
        "swings by position",
        """
def ranking(swings, table):
    score = sum(table.iloc[:, place] * value for place, value in enumerate(swings.values())).round(9)
    return score.rank(method="min", ascending=False).astype(int).to_dict()
""",
        says="ranking({'calm': 100, 'speed': 50}, toy): expected {'a': 3, 'b': 1, 'c': 2}",
    ),
    Answer(
        "level models are counted on",
        """
def ranking(swings, table):
    score = sum(table[name] * value for name, value in swings.items()) / sum(swings.values())
    return score.rank(method="first", ascending=False).astype(int).to_dict()
""",
        says="expected {'a': 1, 'b': 1, 'c': 1}",
    ),
    Answer(
        "the rank after a tie follows at once",
        """
def ranking(swings, table):
    score = (sum(table[name] * value for name, value in swings.items()) / sum(swings.values())).round(9)
    return score.rank(method="dense", ascending=False).astype(int).to_dict()
""",
        {"q2_ranking_examples": 1},
        "expected {'p'",
    ),
    Answer(
        "level to the last bit",
        """
def ranking(swings, table):
    score = sum(table[name] * value / sum(swings.values()) for name, value in swings.items())
    return score.rank(method="min", ascending=False).astype(int).to_dict()
""",
        {"q2_ranking_examples": 1},
        "expected {'p': 1, 'q': 1, 'r': 3}",
    ),
    Answer(
        "every criterion must have swings",
        """
def ranking(swings, table):
    score = tradeoffs.scores(table, tradeoffs.swing_weights(swings))
    return score.rank(method="min", ascending=False).astype(int).to_dict()
""",
        says="there is nothing for speed",
    ),
    Answer(
        "writes into the swings",
        """
def ranking(swings, table):
    for name in table.columns:
        swings.setdefault(name, 0)
    score = tradeoffs.scores(table, tradeoffs.swing_weights(swings))
    return score.rank(method="min", ascending=False).astype(int).to_dict()
""",
        {"q2_ranking_examples": 1},
        "the swings were changed",
    ),
    Answer(
        "the examples by heart",
        """
def ranking(swings, table):
    if len(set(swings.values())) == 1 and len(swings) == 2:
        return {"a": 1, "b": 1, "c": 1}
    return {"a": 1, "b": 3, "c": 2} if swings.get("speed", 0) > swings["calm"] else {"a": 3, "b": 1, "c": 2}
""",
        {"q2_ranking_examples": 1},
        "ranking({'x': 1, 'y': 1}, table)",
    ),
]

TIPS = [
    Answer(
        "by bisection",
        """
def tipping_weight(one, other, criterion, weights, table):
    def lead(weight):
        scale = (1 - weight) / (1 - weights[criterion])
        new = {name: weight if name == criterion else share * scale for name, share in weights.items()}
        return sum(new[name] * (table.at[one, name] - table.at[other, name]) for name in new)

    low, high = 0.0, 1.0
    if abs(lead(low)) < 1e-15:
        return None if abs(lead(high)) < 1e-12 else 0.0
    if lead(low) * lead(high) > 0:
        return None
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if lead(low) * lead(middle) > 0 else (low, middle)
    return low
""",
        TIPPING,
    ),
    Answer(
        "with numpy",
        """
def tipping_weight(one, other, criterion, weights, table):
    share = pd.Series(weights)
    gap = (table.loc[one] - table.loc[other])[share.index]
    others = share.drop(criterion)
    rest = np.dot(others / others.sum(), gap.drop(criterion))
    if np.isclose(rest, gap[criterion], atol=1e-12, rtol=0):
        return None
    tip = rest / (rest - gap[criterion])
    return float(tip) if -1e-12 <= tip <= 1 + 1e-12 else None
""",
        TIPPING,
    ),
    Answer(
        "where two lines cross",
        """
def tipping_weight(one, other, criterion, weights, table):
    def line(model):
        rest = sum(w * table.at[model, name] for name, w in weights.items() if name != criterion)
        return rest / (1 - weights[criterion]), table.at[model, criterion]

    (start, end), (start_other, end_other) = line(one), line(other)
    bend = (end - start) - (end_other - start_other)
    if abs(bend) < 1e-12:
        return None
    crossing = (start_other - start) / bend
    if crossing < 0 or crossing > 1:
        return None
    return crossing
""",
        TIPPING,
    ),
    Answer(
        "leaves the other weights alone",
        """
def tipping_weight(one, other, criterion, weights, table):
    gaps = table.loc[one] - table.loc[other]
    rest = sum(w * gaps[name] for name, w in weights.items() if name != criterion)
    if abs(gaps[criterion]) < 1e-12:
        return None
    tip = -rest / gaps[criterion]
    return tip if 0 <= tip <= 1 else None
""",
        says="expected 0.285714, got 0.2",
    ),
    Answer(
        "by how much it has to move",
        """
def tipping_weight(one, other, criterion, weights, table):
    gaps = table.loc[one] - table.loc[other]
    rest = sum(w * gaps[name] for name, w in weights.items() if name != criterion) / (1 - weights[criterion])
    if abs(gaps[criterion] - rest) < 1e-12:
        return None
    tip = -rest / (gaps[criterion] - rest)
    return tip - weights[criterion] if 0 <= tip <= 1 else None
""",
        says="expected 0.285714, got -0.2142",
    ),
    Answer(
        "shares what is left evenly",
        """
def tipping_weight(one, other, criterion, weights, table):
    gaps = table.loc[one] - table.loc[other]
    rest = gaps.drop(criterion).mean()
    if abs(gaps[criterion] - rest) < 1e-12:
        return None
    tip = -rest / (gaps[criterion] - rest)
    return tip if 0 <= tip <= 1 else None
""",
        says="'speed'",
    ),
    Answer(
        "any weight, above 1 as well",
        """
def tipping_weight(one, other, criterion, weights, table):
    gaps = table.loc[one] - table.loc[other]
    rest = sum(w * gaps[name] for name, w in weights.items() if name != criterion) / (1 - weights[criterion])
    return -rest / (gaps[criterion] - rest) if gaps[criterion] != rest else None
""",
        {"q3_tipping_examples": 1},
        "expected None, got",
    ),
    Answer(
        "on a coarse grid",
        """
def tipping_weight(one, other, criterion, weights, table):
    gaps = table.loc[one] - table.loc[other]
    rest = sum(w * gaps[name] for name, w in weights.items() if name != criterion) / (1 - weights[criterion])
    grid = np.linspace(0, 1, 1001)
    leads = grid * gaps[criterion] + (1 - grid) * rest
    best = np.abs(leads).argmin()
    return grid[best] if abs(leads[best]) < 1e-3 else None
""",
        says="expected 0.285714, got 0.286",
    ),
    Answer(
        "the other way round",
        """
def tipping_weight(one, other, criterion, weights, table):
    gaps = table.loc[one] - table.loc[other]
    rest = sum(w * gaps[name] for name, w in weights.items() if name != criterion) / (1 - weights[criterion])
    if gaps[criterion] == rest:
        return None
    tip = -rest / (gaps[criterion] - rest)
    return 1 - tip if 0 <= tip <= 1 else None
""",
        says="expected 0.285714, got 0.714",
    ),
    Answer(
        "level everywhere is level at 0",
        """
def tipping_weight(one, other, criterion, weights, table):
    gaps = table.loc[one] - table.loc[other]
    rest = sum(w * gaps[name] for name, w in weights.items() if name != criterion) / (1 - weights[criterion])
    if abs(rest) < 1e-12:
        return 0.0
    tip = -rest / (gaps[criterion] - rest) if gaps[criterion] != rest else -1
    return tip if 0 <= tip <= 1 else None
""",
        {"q3_tipping_examples": 1},
        "expected None, got 0.0",
    ),
    Answer(
        "changes the weights on the way",
        """
def tipping_weight(one, other, criterion, weights, table):
    gaps = table.loc[one] - table.loc[other]
    own = weights.pop(criterion)
    rest = sum(w * gaps[name] for name, w in weights.items()) / (1 - own)
    if abs(gaps[criterion] - rest) < 1e-12:
        return None
    tip = -rest / (gaps[criterion] - rest)
    return tip if 0 <= tip <= 1 else None
""",
        {"q3_tipping_examples": 1},
        "the weights or the table were changed",
    ),
]

READING_OTHERWISE = [
    Answer(
        "one contested coding at a time",
        """
weights = tradeoffs.swing_weights(swings)

def score_of(matrix):
    return tradeoffs.scores(tradeoffs.performances(matrix, criteria), weights)

first = score_of(codings).idxmax()
turning = []
for model in codings.index:
    for feature in codings.columns:
        if codings.at[model, feature] != otherwise.at[model, feature]:
            trial = codings.copy()
            trial.at[model, feature] = otherwise.at[model, feature]
            scores = score_of(trial)
            if scores.max() > scores[first]:
                turning.append([model, feature])
readings = dict(as_coded=first, otherwise=score_of(otherwise).idxmax(), turning=turning)
""",
        READINGS,
    ),
    Answer(
        "a set of pairs, from the table of codings",
        """
weights = tradeoffs.swing_weights(swings)
base = tradeoffs.scores(performances, weights)
contested = catalog.load("codings").query("contested and feature != 'record'")
pairs = set()
for row in contested.itertuples():
    trial = codings.copy()
    trial.loc[row.model, row.feature] = int(row.alternative)
    scores = tradeoffs.scores(tradeoffs.performances(trial, criteria), weights)
    if (scores > scores[base.idxmax()]).any():
        pairs.add((row.model, row.feature))
last = tradeoffs.scores(tradeoffs.performances(otherwise, criteria), weights)
readings = {"turning": pairs, "otherwise": last.index[last.argmax()], "as_coded": base.index[base.argmax()]}
""",
        READINGS,
    ),
    Answer(
        "rows of a table",
        """
weights = tradeoffs.swing_weights(swings)
turns = tradeoffs.overturning_codings(criteria, weights, codings, otherwise)
readings = {
    "as_coded": tradeoffs.scores(performances, weights).sort_values().index[-1],
    "otherwise": tradeoffs.scores(tradeoffs.performances(otherwise, criteria), weights).sort_values().index[-1],
    "turning": turns[["model", "feature"]].to_numpy(),
}
""",
        READINGS,
    ),
    Answer(
        "even weights",
        """
weights = dict.fromkeys(criteria, 1 / 8)
turning = tradeoffs.overturning_codings(criteria, weights, codings, otherwise)
readings = {
    "as_coded": tradeoffs.scores(performances, weights).idxmax(),
    "otherwise": tradeoffs.scores(tradeoffs.performances(otherwise, criteria), weights).idxmax(),
    "turning": list(zip(turning["model"], turning["feature"])),
}
""",
        {"q3_readings_check": 2},
        "readings['turning']: too many: [('nato_article5', 'arms')",
    ),
    Answer(
        "every contested coding",
        """
weights = tradeoffs.swing_weights(swings)
contested = codings.ne(otherwise).stack()
readings = {
    "as_coded": tradeoffs.scores(performances, weights).idxmax(),
    "otherwise": tradeoffs.scores(tradeoffs.performances(otherwise, criteria), weights).idxmax(),
    "turning": list(contested[contested].index),
}
""",
        {"q3_readings_check": 2},
        "too many: [('bilateral_agreements'",
    ),
    Answer(
        "no coding turns it",
        """
weights = tradeoffs.swing_weights(swings)
winner = tradeoffs.scores(performances, weights).idxmax()
readings = {"as_coded": winner, "otherwise": winner, "turning": []}
""",
        {"q3_readings_check": 1},
        "readings['otherwise']: expected south_korea, got nato_article5",
    ),
    Answer(
        "last in place of first",
        """
weights = tradeoffs.swing_weights(swings)
turning = tradeoffs.overturning_codings(criteria, weights, codings, otherwise)
readings = {
    "as_coded": tradeoffs.scores(performances, weights).idxmin(),
    "otherwise": tradeoffs.scores(tradeoffs.performances(otherwise, criteria), weights).idxmin(),
    "turning": list(zip(turning["model"], turning["feature"])),
}
""",
        {"q3_readings_check": 2},
        "readings['as_coded']: expected nato_article5, got finlandization",
    ),
    Answer(
        "the two readings mixed up, from the other reading",
        """
weights = tradeoffs.swing_weights(swings)
turning = tradeoffs.overturning_codings(criteria, weights, otherwise, codings)
readings = {
    "as_coded": tradeoffs.scores(tradeoffs.performances(otherwise, criteria), weights).idxmax(),
    "otherwise": tradeoffs.scores(performances, weights).idxmax(),
    "turning": list(zip(turning["model"], turning["feature"])),
}
""",
        {"q3_readings_check": 2},
        "readings['as_coded']: expected nato_article5, got south_korea",
    ),
    Answer(
        "features without their models",
        """
readings = {"as_coded": "nato_article5", "otherwise": "South Korea", "turning": ["duration", "self_burden"]}
""",
        {"q3_readings_check": 1},
        "readings['turning']: expected a list of (model, feature), got ['duration', 'self_burden']",
    ),
    Answer(
        "a list for a dict",
        "readings = [('nato_article5', 'duration'), ('nato_article5', 'self_burden')]",
        says="readings: expected a dict, got list",
    ),
    Answer("unfinished", "readings = {'as_coded': 'nato_article5'}", {"q3_readings_check": 1}, "no answer"),
]

CASES = [
    Answer(
        "by loops",
        """
def case_against(choice, weights, table):
    found = []
    for criterion in table.columns:
        rival, best = None, -1
        for model in table.index:
            if table.at[model, criterion] > best:
                rival, best = model, table.at[model, criterion]
        loss = weights[criterion] * (best - table.at[choice, criterion])
        if loss > 1e-9:
            found.append((criterion, rival, loss))
    found.sort(key=lambda entry: entry[2], reverse=True)
    return found
""",
        AGAINST,
    ),
    Answer(
        "vectorised",
        """
def case_against(choice, weights, table):
    losses = (table.max() - table.loc[choice]) * pd.Series(weights)
    losses = losses[losses > 1e-9].sort_values(ascending=False)
    return list(zip(losses.index, table.idxmax()[losses.index], losses))
""",
        AGAINST,
    ),
    Answer(
        "lists from a frame",
        """
def case_against(choice, weights, table):
    frame = pd.DataFrame({"rival": table.idxmax(), "loss": table.max() - table.loc[choice]})
    frame["loss"] *= pd.Series(weights)
    frame = frame.query("loss > 1e-9").sort_values("loss", ascending=False).reset_index(names="criterion")
    return frame[["criterion", "rival", "loss"]].values.tolist()
""",
        AGAINST,
    ),
    Answer(
        "smallest first",
        """
def case_against(choice, weights, table):
    losses = (table.max() - table.loc[choice]) * pd.Series(weights)
    losses = losses[losses > 1e-9].sort_values()
    return list(zip(losses.index, table.idxmax()[losses.index], losses))
""",
        says="expected [('calm', 'b', 0.15), ('speed', 'c', 0.12)], got [('speed'",
    ),
    Answer(
        "without the weights",
        """
def case_against(choice, weights, table):
    losses = (table.max() - table.loc[choice]).sort_values(ascending=False)
    losses = losses[losses > 1e-9]
    return list(zip(losses.index, table.idxmax()[losses.index], losses))
""",
        says="got [('speed', 'c', 0.6)",
    ),
    Answer(
        "one rival, the runner-up, for all",
        """
def case_against(choice, weights, table):
    rival = tradeoffs.scores(table, weights).drop(choice).idxmax()
    losses = (table.loc[rival] - table.loc[choice]) * pd.Series(weights)
    losses = losses[losses > 1e-9].sort_values(ascending=False)
    return [(name, rival, loss) for name, loss in losses.items()]
""",
        says="got [('calm', 'b', 0.15), ('speed', 'b', 0.04)]",
    ),
    Answer(
        "lists what is not lost as well",
        """
def case_against(choice, weights, table):
    losses = ((table.max() - table.loc[choice]) * pd.Series(weights)).sort_values(ascending=False)
    return list(zip(losses.index, table.idxmax()[losses.index], losses))
""",
        says="('thrift', 'a', 0.0)",
    ),
    Answer(
        "weights by position",
        """
def case_against(choice, weights, table):
    losses = (table.max() - table.loc[choice]) * list(weights.values())
    losses = losses[losses > 1e-9].sort_values(ascending=False)
    return list(zip(losses.index, table.idxmax()[losses.index], losses))
""",
        {"q4_against_examples": 1},
        "case_against('p'",
    ),
    Answer(
        "the last of several rivals",
        """
def case_against(choice, weights, table):
    rivals = table[::-1].idxmax()
    losses = (table.max() - table.loc[choice]) * pd.Series(weights)
    losses = losses[losses > 1e-9].sort_values(ascending=False)
    return list(zip(losses.index, rivals[losses.index], losses))
""",
        {"q4_against_examples": 1},
        "case_against(",
    ),
    Answer(
        "the example by heart",
        "def case_against(choice, weights, table):\n    return [('calm', 'b', 0.15), ('speed', 'c', 0.12)]",
        {"q4_against_examples": 1},
        "got [('calm', 'b', 0.15), ('speed', 'c', 0.12)]",
    ),
    Answer(
        "a dict by criterion",
        """
def case_against(choice, weights, table):
    return {name: weights[name] * (table[name].max() - table.at[choice, name]) for name in table}
""",
        says="expected a list of tuples (criterion, rival, loss), got {'speed'",
    ),
]

# A judgement that holds together, for each of several choices, and what a student may change in it for the worse.
NATO = """
def weigh(*swings):
    return tradeoffs.swing_weights(dict(zip(criteria, swings))).to_dict()

judgement = {
    "weights": weigh(100, 20, 80, 20, 10, 70, 60, 40),
    "choice": "nato_article5",
    "claims": [
        {
            "text": "A commitment in form can be believed where a promise of arms is not.",
            "dimension": "entrapment_v_credibility", "side": "credibility", "evidence": "objectivo-07-same-level",
        },
        {
            "text": "What a legislature ratified outlives the government that signed it.",
            "dimension": "speed_v_durability", "side": "durability", "evidence": "durability-09",
        },
    ],
    "counter": {
        "text": "An adversary that feels threatened may act before the last ratification.",
        "criterion": "low_provocation", "rival": "multilateral_assurances", "evidence": "objectivo-16-threat",
    },
    "tipping": {
        "text": "Were there only months to act, I would take what a government can sign.",
        "to": "bilateral_agreements", "weights": weigh(20, 60, 40, 10, 100, 10, 40, 60),
    },
}
"""
SPEED = """
judgement = {
    "weights": tradeoffs.swing_weights({name: 100 if name in ("speed", "autonomy") else 40 for name in criteria}),
    "choice": "multilateral_assurances",
    "claims": (
        dict(
            text="Ukrainians ought to decide on their own future, without a lever over them.",
            dimension="autonomy_v_leverage", side="autonomy", evidence="leverage-10",
        ),
        dict(
            text="Better to begin small, with what can be had at once.",
            dimension="speed_v_durability", side="speed", evidence="durability-07",
        ),
    ),
    "counter": dict(
        text="Assurances without forces have been broken before, and by a signatory.",
        criterion="credibility", rival="south_korea", evidence="khrestin-19-budapest",
    ),
    "tipping": dict(
        text="If the giving up of weapons counts as a loss of autonomy, the agreements of 2024 come first.",
        to="bilateral_agreements", readings=[("multilateral_assurances", "autonomy")],
    ),
}
"""
TAIWAN = """
import json

judgement = json.loads('''{
    "weights": {"credibility": 0.05, "low_entrapment": 0.3, "deterrence": 0.15, "low_provocation": 0.05, "speed": 0.15,
                "durability": 0.2, "autonomy": 0.05, "low_burden": 0.05},
    "choice": "taiwan_ambiguity",
    "deviation": {"text": "Openness about whether to fight suits a guarantor with other duties.",
                  "dimension": "flexibility_v_commitment", "side": "flexibility", "evidence": "khrestin-19-no-duty"},
    "claims": [
        {"text": "Ambiguity together with arms has worked up to now.",
         "dimension": "deterrence_v_provocation", "side": "deterrence", "evidence": "deterrence-06"},
        {"text": "Without a formal promise the dangers of one are there in a weaker form.",
         "dimension": "entrapment_v_credibility", "side": "entrapment", "evidence": "credibility-10"}
    ],
    "counter": {"text": "It would leave the protégé unsure of rescue on the day of an attack.",
                "criterion": "credibility", "rival": "mutual_defence_treaty", "evidence": "credibility-13"},
    "tipping": {"text": "If belief in the promise came to matter most, a treaty with troops would be better.",
                "to": "south_korea",
                "weights": {"credibility": 0.5, "low_entrapment": 0.1, "deterrence": 0.1, "low_provocation": 0.1,
                            "speed": 0.05, "durability": 0.05, "autonomy": 0.05, "low_burden": 0.05}}
}''')
"""
OWN = """
treaty = [3, 2, 1, 1, 3, 0, 2, 0, 2, 2, 2, 2, 2, 3, 2, 2]
judgement = {
    "weights": {"credibility": 0.15, "low_entrapment": 0.1, "deterrence": 0.1, "low_provocation": 0.05, "speed": 0.25,
                "durability": 0.15, "autonomy": 0.15, "low_burden": 0.05},
    "design": dict(zip(design.clauses(), treaty)),
    "choice": "design",
    "claims": [
        {
            "text": "A treaty that can be had in months combines belief with speed.",
            "dimension": "entrapment_v_credibility", "side": "credibility", "evidence": "credibility-02",
        },
        {
            "text": "Arms that flow year after year let Ukraine deter by itself.",
            "dimension": "deterrence_v_provocation", "side": "deterrence", "evidence": "deterrence-03",
        },
    ],
    "counter": {
        "text": "A written duty draws the guarantor in more than a mere supply of arms does.",
        "criterion": "low_entrapment", "rival": "israel_qme", "evidence": "credibility-12",
    },
    "tipping": {
        "text": "If nothing counted but that Moscow does not object, the paper of 1994 would do.",
        "to": "multilateral_assurances",
        "weights": {name: 0.93 if name == "low_provocation" else 0.01 for name in criteria},
    },
}
"""


def but(change: str) -> str:
    """Change the judgement for NATO."""
    return f"{NATO}\n{change}"


JUDGEMENTS = [
    Answer("a treaty of many", NATO, JUDGEMENT, "the judgement holds together"),
    Answer("assurances at once", SPEED, JUDGEMENT),
    Answer("ambiguity, against its weights", TAIWAN, JUDGEMENT),
    Answer("a design of one's own", OWN, JUDGEMENT),
    Answer(
        "does not follow, and does not say why",
        but("judgement['choice'] = 'finlandization'; judgement['counter']['rival'] = 'taiwan_ambiguity'"),
        {"q5_judgement_check": 2},
        "choice: your weights put something else first (nato_article5",
    ),
    Answer(
        "explains by what a criterion measures",
        but("judgement |= dict(choice='south_korea', deviation=judgement['claims'][0])"),
        {"q5_judgement_check": 6},
        "choice: ['deviation']: credibility measures this side, so give it more weight instead",
    ),
    Answer(
        "quotes what speaks to the other side, and invents an excerpt",
        but(
            "judgement['claims'][0]['evidence'] = 'stimson-06-bailed-out'; judgement['counter']['evidence'] = 'pravda'"
        ),
        {"q5_judgement_check": 4},
        "claims: [0]: 'stimson-06-bailed-out' speaks to entrapment",
    ),
    Answer(
        "a counter-argument that the codings do not support",
        but("judgement['counter'].update(criterion='deterrence', rival='israel_qme', evidence='deterrence-03')"),
        {"q5_judgement_check": 6},
        "counter: on deterrence, israel_qme (0.33) is not ahead of nato_article5 (0.83): there nothing would be",
    ),
    Answer(
        "a tipping point that tips nothing",
        but("judgement['tipping']['weights'] = dict(judgement['weights'], speed=judgement['weights']['speed'])"),
        {"q5_judgement_check": 6},
        "tipping: it does not put bilateral_agreements first (nato_article5",
    ),
    Answer(
        "swings for weights",
        but("judgement['weights'] = dict.fromkeys(criteria, 100)"),
        {},
        "basis: the weights sum to 800, not to 1: see swing_weights",
    ),
    Answer(
        "prose for a structure",
        "judgement = 'NATO, because it is the most credible, although it provokes.'",
        says="basis: a judgement is a dict with weights, choice, claims, counter, tipping",
    ),
]

MEMOS = [
    Answer(
        "for a treaty",
        "Minister, I recommend a ratified treaty. It gives up speed and some of our freedom (stimson-06-bailed-out) to "
        "gain belief and duration (credibility-13, durability-09). I accept that it deters and alarms at once. If the "
        "Senate has not voted by the end of the year I would sign what a government can sign.",
    ),
    Answer(
        "for agreements",
        "Minister, I recommend to build on the agreements of 2024. They promise no force (khrestin-19-budapest), and "
        "yet they are in place, leave us free, and bind nobody to a war that he did not choose (credibility-10). What "
        "can be made quickly can be left as quickly: a lapse of aid would change my mind.",
    ),
]

BANK = {
    "q1_design": DESIGNS,
    "q2_ranking": RANKINGS,
    "q3_tipping": TIPS,
    "q3_readings": READING_OTHERWISE,
    "q4_against": CASES,
    "q5_judgement": JUDGEMENTS,
    "q6_memo": MEMOS,
}
SUBMISSIONS = laid_out(BANK)
