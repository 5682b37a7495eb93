"""Problem set 2."""

from tests.exercises.answers import Answer, laid_out

MATRIX = {"q1_matrix_examples": 1, "q1_matrix_general": 3}
SHARES = {"q2_shares_examples": 1, "q2_shares_general": 2}
FOUND = {"q2_found_check": 4}
GOWER = {"q3_gower_examples": 1, "q3_gower_general": 3}
RANGE = {"q3_range_examples": 1, "q3_range_general": 2}
PRECEDENTS = {"q4_precedents_examples": 1, "q4_precedents_general": 3}
FINDING = {"q4_found_check": 3}
SEPARATING = {"q5_separating_examples": 1, "q5_separating_general": 2}
SURELY = {"q5_surely_examples": 1, "q5_surely_general": 2}
VERDICT = {"q6_verdict_examples": 1, "q6_verdict_general": 2}
SUMS = {"q6_sums_check": 4}

BANK = {
    "q1_matrix": [
        Answer(
            "by a loop over the rows",
            """
def matrix(codings, reading="value"):
    rows = {}
    for _, row in codings.iterrows():
        level = row["alternative"] if reading == "alternative" and row["contested"] else row["value"]
        rows.setdefault(row["model"], {})[row["feature"]] = level
    return pd.DataFrame.from_dict(rows, orient="index")
""",
            MATRIX,
        ),
        Answer(
            "by fillna and unstack",
            """
def matrix(codings, reading="value"):
    levels = codings["value"] if reading == "value" else codings["alternative"].fillna(codings["value"])
    table = codings[["model", "feature"]].astype(str).assign(level=levels.astype(float))
    return table.set_index(["feature", "model"])["level"].unstack("feature")
""",
            MATRIX,
        ),
        Answer(
            "by crosstab, columns in reverse",
            """
def matrix(codings, reading="value"):
    alternative = (reading == "alternative") & codings["contested"].to_numpy()
    levels = np.where(alternative, codings["alternative"].fillna(-1).to_numpy(), codings["value"].to_numpy())
    table = pd.crosstab(
        codings["model"].astype(str).to_numpy(), codings["feature"].astype(str).to_numpy(), levels, aggfunc="first"
    )
    return table[sorted(table.columns, reverse=True)]
""",
            MATRIX,
        ),
        Answer(
            "takes the column that is named, so that what is settled goes missing",
            """
def matrix(codings, reading="value"):
    return codings.pivot(index="model", columns="feature", values=reading)
""",
            says="an uncontested coding keeps its value in both readings, so 3",
        ),
        Answer(
            "fills what nobody coded with nought",
            """
def matrix(codings, reading="value"):
    level = codings["value"] if reading == "value" else codings["alternative"].fillna(codings["value"])
    table = codings.assign(level=level).pivot(index="model", columns="feature", values="level")
    return table.fillna(0)
""",
            says="nobody coded the statute's forces, so the cell is missing",
        ),
        Answer(
            "features in rows",
            """
def matrix(codings, reading="value"):
    level = codings["value"] if reading == "value" else codings["alternative"].fillna(codings["value"])
    return codings.assign(level=level).pivot(index="feature", columns="model", values="level")
""",
            says="expected a row for each model",
        ),
        Answer(
            "leaves the alternatives out",
            """
def matrix(codings, reading="value"):
    return codings.pivot(index="model", columns="feature", values="value")
""",
            says="matrix(judgements, 'alternative'): the treaty's arms stand at 1, got 2",
        ),
        Answer(
            "writes into the table that it is given",
            """
def matrix(codings, reading="value"):
    if reading == "alternative":
        codings["value"] = codings["alternative"].fillna(codings["value"])
    return codings.pivot(index="model", columns="feature", values="value")
""",
            {"q1_matrix_examples": 1},
            says="matrix changed the course's codings",
        ),
        Answer(
            "works on the models of the example alone",
            """
def matrix(codings, reading="value"):
    level = codings["value"] if reading == "value" else codings["alternative"].fillna(codings["value"])
    table = codings.assign(level=level).pivot(index="model", columns="feature", values="level")
    return table.reindex(index=["statute", "treaty"], columns=["arms", "forces"])
""",
            {"q1_matrix_examples": 1},
            says="the course's codings, value: 136 cells differ",
        ),
        Answer(
            "reads the course's table instead of the one given",
            """
def matrix(table, reading="value"):
    return catalog.coding_matrix(reading)
""",
            says="expected a row for each model",
        ),
        Answer(
            "misspelled",
            "def matrix(codings, reading='value')\n    return codings",
            says="name 'matrix' is not defined",
        ),
    ],
    "q2_shares": [
        Answer(
            "by counting",
            """
def contested_share(codings, by):
    coded, contested = {}, {}
    for _, row in codings.iterrows():
        if pd.notna(row["value"]):
            coded[row[by]] = coded.get(row[by], 0) + 1
            contested[row[by]] = contested.get(row[by], 0) + row["contested"]
    shares = {name: contested[name] / count for name, count in coded.items()}
    return pd.Series(dict(sorted(shares.items(), key=lambda pair: -pair[1])))
""",
            SHARES,
        ),
        Answer(
            "by two group sizes",
            """
def contested_share(codings, by):
    coded = codings[codings["value"].notna()]
    total = coded[by].astype(str).value_counts()
    some = coded.loc[coded["contested"], by].astype(str).value_counts()
    return (some.reindex(total.index, fill_value=0) / total).sort_values(ascending=False)
""",
            SHARES,
        ),
        Answer(
            "by a pivot table",
            """
def contested_share(codings, by):
    coded = codings[~codings["value"].isna()].assign(contested=lambda rows: rows["contested"].astype(float))
    table = coded.pivot_table(index=by, values="contested", aggfunc="mean", observed=True)
    return table["contested"].sort_values()[::-1]
""",
            SHARES,
        ),
        Answer(
            "counts rows without a value",
            """
def contested_share(codings, by):
    return codings.groupby(by, observed=True)["contested"].mean().sort_values(ascending=False)
""",
            {"q2_shares_examples": 1},
            says="expected ['model A', 'model B', 'model C', 'model E']",
        ),
        Answer(
            "sorted the wrong way",
            """
def contested_share(codings, by):
    return codings.dropna(subset="value").groupby(by, observed=True)["contested"].mean().sort_values()
""",
            says="expected the largest first, got [0.0, 0.5]",
        ),
        Answer(
            "counts instead of shares",
            """
def contested_share(codings, by):
    return codings.dropna(subset="value").groupby(by, observed=True)["contested"].sum().sort_values(ascending=False)
""",
            says="expected {'treaty': 0.5, 'statute': 0}",
        ),
        Answer(
            "drops whatever has a gap",
            """
def contested_share(codings, by):
    return codings.dropna().groupby(by, observed=True)["contested"].mean().sort_values(ascending=False)
""",
            says="expected {'treaty': 0.5, 'statute': 0}",
        ),
        Answer(
            "shares of all that is contested",
            """
def contested_share(codings, by):
    contested = codings[codings["contested"]]
    return contested[by].value_counts(normalize=True)
""",
            says="expected {'treaty': 0.5, 'statute': 0}",
        ),
        Answer(
            "leaves out what is settled",
            """
def contested_share(codings, by):
    share = codings.dropna(subset="value").groupby(by, observed=True)["contested"].mean()
    return share[share > 0].sort_values(ascending=False)
""",
            says="got {'treaty': 0.5}",
        ),
        Answer(
            "writes into the table that it is given",
            """
def contested_share(codings, by):
    codings[by] = codings[by].astype(str)
    return codings.dropna(subset="value").groupby(by)["contested"].mean().sort_values(ascending=False)
""",
            {"q2_shares_examples": 1},
            says="contested_share changed the course's codings",
        ),
    ],
    "q2_found": [
        Answer(
            "from groups",
            """
counts = codings.groupby("feature", observed=True)["contested"].sum()
models = codings.groupby("model", observed=True)["contested"].sum()
contested = {
    "features": counts[counts == counts.max()].index.tolist(),
    "models": models[models == models.max()].index.tolist(),
    "settled": counts[counts == 0].index.tolist(),
    "readings": 2 ** codings["contested"].sum().item(),
}
""",
            FOUND,
        ),
        Answer(
            "from the two matrices",
            """
differ = values != alternatives
rows, columns = differ.sum(axis=1), differ.sum()
contested = {
    "features": set(columns.index[columns == columns.max()]),
    "models": rows.index[rows == rows.max()],
    "settled": tuple(columns.index[columns == 0]),
    "readings": str(2 ** int(differ.to_numpy().sum())),
}
""",
            FOUND,
        ),
        Answer(
            "with compare",
            """
shares = compare.contested_shares(values, alternatives)
of_models = compare.contested_shares(values.T, alternatives.T)["share"]
readings = 1
for flag in codings["contested"]:
    if flag:
        readings *= 2
contested = dict(
    features=list(shares.query("share == share.max()").index),
    models=[name for name in of_models.index if of_models[name] == max(of_models)],
    settled=list(shares.query("contested == 0").index),
    readings=readings,
)
""",
            FOUND,
        ),
        Answer(
            "one of two that are level, two readings for each",
            """
by_model = codings.groupby("model", observed=True)["contested"].mean()
contested = {
    "features": ["lock_in"],
    "models": [by_model.idxmax()],
    "settled": ["institutions"],
    "readings": 2 * int(codings["contested"].sum()),
}
""",
            {"q2_found_check": 2},
            says="contested['models']: expected ['israel_qme', 'nato_article5'], got ['nato_article5']",
        ),
        Answer(
            "the least contested, and two readings of all codings",
            """
by_model = codings.groupby("model", observed=True)["contested"].mean()
contested = {
    "features": ["institutions"],
    "models": [by_model.idxmin()],
    "settled": ["institutions"],
    "readings": 2 ** len(codings),
}
""",
            {"q2_found_check": 1},
            says="contested['features']: expected ['lock_in'], got ['institutions']",
        ),
        Answer(
            "names in words",
            """
contested = {"features": "lock_in", "models": ["NATO", "Israel"], "settled": ["institutions"], "readings": "many"}
""",
            {"q2_found_check": 1},
            says="contested['models']: expected ids of models.csv, got ['NATO', 'Israel']",
        ),
        Answer(
            "shares where names are asked",
            """
by_feature = codings.groupby("feature", observed=True)["contested"].mean()
contested = {
    "features": [by_feature.max()],
    "models": ["nato_article5", "israel_qme"],
    "settled": list(by_feature.index[by_feature < 0.2]),
    "readings": 59,
}
""",
            {"q2_found_check": 1},
            says="contested['features']: expected ids of features.csv, got [",
        ),
        Answer(
            "unfinished",
            'contested = {"features": ["lock_in"], "models": ["israel_qme", "nato_article5"]}',
            {"q2_found_check": 2},
            says="contested['settled']: expected a list of ids, got None",
        ),
        Answer(
            "a list in place of a dict",
            'contested = [["lock_in"], ["israel_qme", "nato_article5"], ["institutions"], 2**59]',
            says="contested: expected a dict, got list",
        ),
        Answer("a name that is not there", 'contested = {"features": by_features.idxmax()}', says="name 'contested'"),
    ],
    "q3_gower": [
        Answer(
            "by a loop",
            """
def gower(a, b):
    gaps = []
    for feature in a.keys():
        if feature in b.keys() and not pd.isna(a[feature]) and not pd.isna(b[feature]):
            gaps.append(abs(a[feature] - b[feature]))
    if not gaps:
        return float("nan")
    return sum(gaps) / (3 * len(gaps))
""",
            GOWER,
        ),
        Answer(
            "by aligned arrays",
            """
def gower(a, b):
    left, right = pd.Series(a, dtype=float).align(pd.Series(b, dtype=float), join="inner")
    gaps = np.abs(left.to_numpy() - right.to_numpy()) / 3
    gaps = gaps[~np.isnan(gaps)]
    return gaps.mean() if len(gaps) else np.nan
""",
            GOWER,
        ),
        Answer(
            "by a table",
            """
def gower(a, b):
    both = pd.DataFrame({"a": pd.Series(dict(a), dtype="float"), "b": pd.Series(dict(b), dtype="float")}).dropna()
    return (both["a"] - both["b"]).abs().sum() / len(both) / 3 if len(both) else float("nan")
""",
            GOWER,
        ),
        Answer(
            "divided by the number of levels",
            """
def gower(a, b):
    return float((pd.Series(a, dtype=float) - pd.Series(b, dtype=float)).abs().mean() / 4)
""",
            says="expected 0.500, got 0.375",
        ),
        Answer(
            "what is missing counts as nought",
            """
def gower(a, b):
    features = set(a.keys()) | set(b.keys())
    return sum(abs(a.get(feature, 0) - b.get(feature, 0)) for feature in features) / len(features) / 3
""",
            says="expected 0.667",
        ),
        Answer(
            "divided by all features, compared or not",
            """
def gower(a, b):
    common = [feature for feature in a.keys() if feature in b.keys()]
    return sum(abs(a[feature] - b[feature]) for feature in common) / len(a) / 3
""",
            says="expected 0.667, got 0.333",
        ),
        Answer(
            "squares",
            """
def gower(a, b):
    gaps = (pd.Series(a, dtype=float) - pd.Series(b, dtype=float)) / 3
    return float((gaps**2).mean())
""",
            says="expected 0.667, got 0.444",
        ),
        Answer(
            "likeness in place of distance",
            """
def gower(a, b):
    return 1 - float((pd.Series(a, dtype=float) - pd.Series(b, dtype=float)).abs().mean() / 3)
""",
            says="expected 0.000, got 1.000",
        ),
        Answer(
            "compares by place, not by name",
            """
def gower(a, b):
    common = [feature for feature in a.keys() if feature in b.keys()]
    left = [a[feature] for feature in common]
    right = list(b.values())[: len(common)] if isinstance(b, dict) else list(b)[: len(common)]
    return sum(abs(x - y) for x, y in zip(left, right)) / len(common) / 3
""",
            {"q3_gower_examples": 1},
            says="features are coded by both, expected",
        ),
        Answer(
            "nothing in common is no distance",
            """
def gower(a, b):
    common = [name for name in a.keys() if name in b.keys() and pd.notna(a[name]) and pd.notna(b[name])]
    return sum(abs(a[name] - b[name]) for name in common) / max(len(common), 1) / 3
""",
            {"q3_gower_examples": 1},
            says="nothing to compare, expected nan, got 0",
        ),
        Answer(
            "fills the gaps of the guarantee that it is given",
            """
def gower(a, b):
    for name in list(a.keys()):
        if name not in b or pd.isna(a[name]) or pd.isna(b[name]):
            a.pop(name)
    return sum(abs(a[name] - b[name]) for name in a.keys()) / len(a) / 3 if len(a) else float("nan")
""",
            {"q3_gower_examples": 1},
            says="gower changed a guarantee that it was given",
        ),
    ],
    "q3_range": [
        Answer(
            "by arrays",
            """
def distance_range(a, a_other, b, b_other):
    order = list(a.keys())
    sides = [np.array([side[name] for name in order], dtype=float) for side in (a, a_other, b, b_other)]
    gaps = np.stack([abs(left - right) for left in sides[:2] for right in sides[2:]]) / 3
    return gaps.min(axis=0).mean(), gaps.max(axis=0).mean()
""",
            RANGE,
        ),
        Answer(
            "by tables",
            """
def distance_range(a, a_other, b, b_other):
    table = pd.DataFrame(
        {
            f"{i}{j}": (pd.Series(x) - pd.Series(y)).abs()
            for i, x in enumerate([a, a_other])
            for j, y in enumerate([b, b_other])
        }
    )
    return [float(table.min(axis=1).mean() / 3), float(table.max(axis=1).mean() / 3)]
""",
            RANGE,
        ),
        Answer(
            "by a recursion over features",
            """
def distance_range(a, a_other, b, b_other):
    names = list(a.keys())

    def ends(rest):
        if not rest:
            return 0, 0
        low, high = ends(rest[1:])
        name = rest[0]
        gaps = sorted(abs(x - y) for x in (a[name], a_other[name]) for y in (b[name], b_other[name]))
        return low + gaps[0], high + gaps[-1]

    low, high = ends(names)
    return low / (3 * len(names)), high / (3 * len(names))
""",
            RANGE,
        ),
        Answer(
            "everything at its value, or everything at its alternative",
            """
def distance_range(a, a_other, b, b_other):
    one = sum(abs(a[name] - b[name]) for name in a.keys()) / len(a) / 3
    two = sum(abs(a_other[name] - b_other[name]) for name in a.keys()) / len(a) / 3
    return min(one, two), max(one, two)
""",
            {"q3_range_examples": 1},
            says="expected low 0.000, got 1.000",
        ),
        Answer(
            "four readings of whole models",
            """
def distance_range(a, a_other, b, b_other):
    every = [sum(abs(x[name] - y[name]) for name in a.keys()) / len(a) / 3 for x in (a, a_other) for y in (b, b_other)]
    return min(every), max(every)
""",
            {"q3_range_examples": 1},
            says="expected",
        ),
        Answer(
            "levels between the two readings allowed",
            """
def distance_range(a, a_other, b, b_other):
    low = high = 0
    for name in a.keys():
        left, right = sorted([a[name], a_other[name]]), sorted([b[name], b_other[name]])
        low += max(0, left[0] - right[1], right[0] - left[1])
        high += max(left[1] - right[0], right[1] - left[0])
    return low / len(a) / 3, high / len(a) / 3
""",
            says="low: arms differ by 1 on either reading",
        ),
        Answer(
            "largest first",
            """
def distance_range(a, a_other, b, b_other):
    low = high = 0
    for name in a.keys():
        gaps = [abs(x - y) for x in (a[name], a_other[name]) for y in (b[name], b_other[name])]
        low, high = low + min(gaps), high + max(gaps)
    return high / len(a) / 3, low / len(a) / 3
""",
            says="so 1/6; got 0.500",
        ),
        Answer(
            "only the first guarantee is read otherwise",
            """
def distance_range(a, a_other, b, b_other):
    gaps = [sorted([abs(a[name] - b[name]), abs(a_other[name] - b[name])]) for name in a.keys()]
    return sum(low for low, _ in gaps) / len(a) / 3, sum(high for _, high in gaps) / len(a) / 3
""",
            says="high: arms differ by 1 on either reading, forces by 2 at worst",
        ),
        Answer(
            "sums of levels",
            """
def distance_range(a, a_other, b, b_other):
    low = high = 0
    for name in a.keys():
        gaps = [abs(x - y) for x in (a[name], a_other[name]) for y in (b[name], b_other[name])]
        low, high = low + min(gaps), high + max(gaps)
    return low, high
""",
            says="so 1/6; got 1.000",
        ),
        Answer(
            "keeps the readings that it tried",
            """
def distance_range(a, a_other, b, b_other):
    low = high = 0
    for name in list(a.keys()):
        gaps = [abs(x - y) for x in (a[name], a_other[name]) for y in (b[name], b_other[name])]
        low, high = low + min(gaps), high + max(gaps)
        a[name], a_other[name] = a_other[name], a[name]
    return low / len(a) / 3, high / len(a) / 3
""",
            {"q3_range_examples": 1},
            says="an argument was changed",
        ),
        Answer(
            "typed in from the example",
            "def distance_range(a, a_other, b, b_other):\n    return 1 / 6, 3 / 6",
            {"q3_range_examples": 1},
            says="expected low",
        ),
    ],
    "q4_precedents": [
        Answer(
            "by a loop and sorted",
            """
def precedents(design, matrix, k):
    found = []
    for model in matrix.index:
        gaps = [abs(matrix.loc[model, name] - level) for name, level in design.items() if name != "record"]
        found.append((model, sum(gaps) / len(gaps) / 3))
    return sorted(found, key=lambda pair: round(pair[1], 9))[:k]
""",
            PRECEDENTS,
        ),
        Answer(
            "by compare",
            """
def precedents(design, matrix, k):
    judged = {name: level for name, level in design.items() if name != "record"}
    table = compare.nearest_precedents(judged, matrix, k)
    return table[["model", "distance"]].to_records(index=False).tolist()
""",
            PRECEDENTS,
        ),
        Answer(
            "by arrays",
            """
def precedents(design, matrix, k):
    names = [name for name in design if name != "record"]
    gaps = np.abs(matrix[names].to_numpy() - np.array([design[name] for name in names])).sum(axis=1)
    order = np.argsort(gaps, kind="stable")[:k]
    return [[matrix.index[place], gaps[place] / len(names) / 3] for place in order]
""",
            PRECEDENTS,
        ),
        Answer(
            "farthest first",
            """
def precedents(design, matrix, k):
    names = [name for name in design if name != "record"]
    gaps = (matrix[names] - pd.Series(design)[names]).abs().mean(axis=1) / 3
    return list(gaps.sort_values(ascending=False).head(k).items())
""",
            says="expected [('treaty', 0.167)]",
        ),
        Answer(
            "compares the record",
            """
def precedents(design, matrix, k):
    gaps = (matrix[list(design)] - pd.Series(design)).abs().mean(axis=1) / 3
    return list(gaps.sort_values(kind="stable").head(k).items())
""",
            says="'record': 3}, models, 1): expected [('statute', 0.167)], got",
        ),
        Answer(
            "divides by all features of the table",
            """
def precedents(design, matrix, k):
    names = [name for name in design if name != "record"]
    gaps = (matrix[names] - pd.Series(design)[names]).abs().sum(axis=1) / len(matrix.columns) / 3
    return list(gaps.sort_values(kind="stable").head(k).items())
""",
            says="expected [('treaty', 0.167)], got [('treaty', 0.083)]",
        ),
        Answer(
            "compares what the design leaves out, at nought",
            """
def precedents(design, matrix, k):
    whole = pd.Series(design).reindex(matrix.columns, fill_value=0).drop("record")
    gaps = (matrix.drop(columns="record") - whole).abs().mean(axis=1) / 3
    return list(gaps.sort_values(kind="stable").head(k).items())
""",
            says="expected [('treaty', 0.167)]",
        ),
        Answer(
            "ties in the order of the alphabet",
            """
def precedents(design, matrix, k):
    names = [name for name in design if name != "record"]
    gaps = (matrix[names] - pd.Series(design)[names]).abs().mean(axis=1) / 3
    return sorted(gaps.items(), key=lambda pair: (pair[1], pair[0]))[:k]
""",
            {"q4_precedents_examples": 1},
            says="('taiwan_ambiguity', 0.277778)], got",
        ),
        Answer(
            "always three",
            """
def precedents(design, matrix, k):
    names = [name for name in design if name != "record"]
    gaps = (matrix[names] - pd.Series(design)[names]).abs().mean(axis=1) / 3
    return list(gaps.sort_values(kind="stable").head(3).items())
""",
            says="models, 1): expected [('treaty', 0.167)], got [('treaty', 0.167), ",
        ),
        Answer(
            "takes the record out of the design that it is given",
            """
def precedents(design, matrix, k):
    design.pop("record", None)
    gaps = (matrix[list(design)] - pd.Series(design)).abs().mean(axis=1) / 3
    return list(gaps.sort_values(kind="stable").head(k).items())
""",
            {"q4_precedents_examples": 1},
            says="an argument was changed",
        ),
        Answer(
            "names alone",
            """
def precedents(design, matrix, k):
    judged = {name: level for name, level in design.items() if name != "record"}
    return list(compare.nearest_precedents(judged, matrix, k)["model"])
""",
            says="too many values to unpack",
        ),
    ],
    "q4_found": [
        Answer(
            "by query",
            """
table = compare.rank_ranges(proposal, values, alternatives)
finding = {
    "nearest": table.query("rank == 1")["model"].tolist(),
    "other_reading": table.query("alternative_rank == 1")["model"],
    "possible": set(table.loc[table["best"].eq(1), "model"]),
}
""",
            FINDING,
        ),
        Answer(
            "by rows",
            """
finding = {"possible": [], "nearest": [], "other_reading": []}
for row in compare.rank_ranges(proposal, values, alternatives).to_dict("records"):
    for key, column in [("nearest", "rank"), ("other_reading", "alternative_rank"), ("possible", "best")]:
        if row[column] < 2:
            finding[key].append(row["model"])
""",
            FINDING,
        ),
        Answer(
            "from distances",
            """
names = list(proposal)
one, two = ((table[names] - pd.Series(proposal)).abs() for table in (values, alternatives))
low, high = np.minimum(one, two).sum(axis=1), np.maximum(one, two).sum(axis=1)
finding = {
    "nearest": tuple(one.index[one.sum(axis=1) == one.sum(axis=1).min()]),
    "other_reading": tuple(two.index[two.sum(axis=1) == two.sum(axis=1).min()]),
    "possible": tuple(name for name in low.index if (high.drop(name) >= low[name]).all()),
}
""",
            FINDING,
        ),
        Answer(
            "the worst rank for the best",
            """
ranks = compare.rank_ranges(proposal, values, alternatives).set_index("model")
finding = {
    "nearest": list(ranks.index[ranks["rank"] == 1]),
    "other_reading": list(ranks.index[ranks["alternative_rank"] == 1]),
    "possible": list(ranks.index[ranks["worst"] == 1]),
}
""",
            {"q4_found_check": 2},
            says="finding['possible']: expected ['bilateral_agreements', ",
        ),
        Answer(
            "only the two readings of the whole table",
            """
ranks = compare.rank_ranges(proposal, values, alternatives).set_index("model")
first, other = list(ranks.index[ranks["rank"] == 1]), list(ranks.index[ranks["alternative_rank"] == 1])
finding = {"nearest": first, "other_reading": other, "possible": first + other}
""",
            {"q4_found_check": 2},
            says="got ['mutual_defence_treaty', 'south_korea']",
        ),
        Answer(
            "the first three of the table",
            """
names = compare.rank_ranges(proposal, values, alternatives)["model"]
finding = {"nearest": names[:1], "other_reading": names[1:2], "possible": names[:3]}
""",
            {"q4_found_check": 1},
            says="finding['other_reading']: expected ['south_korea'], got ['israel_qme']",
        ),
        Answer(
            "the alternatives taken for the values",
            """
ranks = compare.rank_ranges(proposal, alternatives, values).set_index("model")
finding = {
    "nearest": list(ranks.index[ranks["rank"] == 1]),
    "other_reading": list(ranks.index[ranks["alternative_rank"] == 1]),
    "possible": list(ranks.index[ranks["best"] == 1]),
}
""",
            {"q4_found_check": 1},
            says="finding['nearest']: expected ['mutual_defence_treaty'], got ['south_korea']",
        ),
        Answer(
            "one name, not a list of one",
            """
ranks = compare.rank_ranges(proposal, values, alternatives).set_index("model")
finding = {"nearest": ranks["rank"].idxmin(), "other_reading": ["South Korea"], "possible": list(ranks.index)}
""",
            says="finding['nearest']: expected a list of models, got 'mutual_defence_treaty'",
        ),
        Answer(
            "the table itself",
            "finding = compare.rank_ranges(proposal, values, alternatives)",
            says="finding: expected a dict, got DataFrame",
        ),
        Answer(
            "ranks where names are asked",
            """
ranks = compare.rank_ranges(proposal, values, alternatives)
finding = {name: list(ranks[name]) for name in ["rank", "alternative_rank", "best"]}
""",
            says="finding['possible']: expected a list of models, got None",
        ),
    ],
    "q5_separating": [
        Answer(
            "by loops",
            """
def separating(one, other, matrix):
    gaps = {}
    for feature in matrix.columns:
        left = [matrix.loc[model, feature] for model in one]
        right = [matrix.loc[model, feature] for model in other]
        if min(left) > max(right):
            gaps[feature] = min(left) - max(right)
        elif min(right) > max(left):
            gaps[feature] = min(right) - max(left)
    return dict(sorted(gaps.items(), key=lambda pair: pair[1], reverse=True))
""",
            SEPARATING,
        ),
        Answer(
            "by compare",
            """
def separating(one, other, matrix):
    table = compare.separating_features(one, other, matrix)
    table = table[table["gap"] > 0]
    return dict(zip(table["feature"], table["gap"]))
""",
            SEPARATING,
        ),
        Answer(
            "by sorting twice",
            """
def separating(one, other, matrix):
    ends = matrix.T.apply(
        lambda row: pd.Series(
            {"up": row[list(one)].min() - row[list(other)].max(), "down": row[list(other)].min() - row[list(one)].max()}
        ),
        axis=1,
    )
    gap = ends.max(axis=1).astype(float)
    return {feature: gap[feature] for feature in gap.sort_values().index[::-1] if gap[feature] > 0}
""",
            SEPARATING,
        ),
        Answer(
            "only where the first family is higher",
            """
def separating(one, other, matrix):
    gaps = matrix.loc[list(one)].min() - matrix.loc[list(other)].max()
    return gaps[gaps > 0].sort_values(ascending=False).to_dict()
""",
            says="expected {'forces': 2, 'arms': 1}, got {'forces': 2}",
        ),
        Answer(
            "a difference of means",
            """
def separating(one, other, matrix):
    gaps = (matrix.loc[list(one)].mean() - matrix.loc[list(other)].mean()).abs()
    return gaps[gaps > 0].sort_values(ascending=False).to_dict()
""",
            says="expected {'forces': 2, 'arms': 1}, got {'forces': 2.5",
        ),
        Answer(
            "counts where they touch",
            """
def separating(one, other, matrix):
    left, right = matrix.loc[list(one)], matrix.loc[list(other)]
    gaps = np.maximum(left.min() - right.max(), right.min() - left.max())
    return gaps[gaps >= 0].sort_values(ascending=False).to_dict()
""",
            says="got {'forces': 2, 'arms': 1, 'speed': 0}",
        ),
        Answer(
            "smallest gap first",
            """
def separating(one, other, matrix):
    left, right = matrix.loc[list(one)], matrix.loc[list(other)]
    gaps = np.maximum(left.min() - right.max(), right.min() - left.max())
    return gaps[gaps > 0].sort_values().to_dict()
""",
            says="expected the largest gap first, got ['arms', 'forces']",
        ),
        Answer(
            "from the highest to the lowest",
            """
def separating(one, other, matrix):
    left, right = matrix.loc[list(one)], matrix.loc[list(other)]
    apart = (left.min() > right.max()) | (right.min() > left.max())
    gaps = np.maximum(left.max() - right.min(), right.max() - left.min())
    return gaps[apart].sort_values(ascending=False).to_dict()
""",
            says="expected {'forces': 2, 'arms': 1}, got {'forces': 3, 'arms': 2}",
        ),
        Answer(
            "the first of each family stands for all",
            """
def separating(one, other, matrix):
    gaps = (matrix.loc[one[0]] - matrix.loc[other[0]]).abs()
    return gaps[gaps > 0].sort_values(ascending=False).to_dict()
""",
            says="expected {'forces': 2, 'arms': 1}, got",
        ),
        Answer(
            "names of the features alone",
            """
def separating(one, other, matrix):
    left, right = matrix.loc[list(one)], matrix.loc[list(other)]
    gaps = np.maximum(left.min() - right.max(), right.min() - left.max())
    return list(gaps[gaps > 0].sort_values(ascending=False).index)
""",
            says="expected a dict, got list",
        ),
        Answer(
            "right for the features of the example alone",
            """
def separating(one, other, matrix):
    return {"forces": 2, "arms": 1} if "speed" in matrix and len(matrix) == 4 else {}
""",
            {"q5_separating_examples": 1},
            says="got {}",
        ),
    ],
    "q5_surely": [
        Answer(
            "by stacking both readings",
            """
def surely_separating(one, other, values, alternatives):
    both = pd.concat([values, alternatives])
    left, right = both.loc[list(one)], both.loc[list(other)]
    return [name for name in both if left[name].min() > right[name].max() or left[name].max() < right[name].min()]
""",
            SURELY,
        ),
        Answer(
            "by sets of levels",
            """
def surely_separating(one, other, values, alternatives):
    found = set()
    for feature in values.columns:
        left, right = (
            {table.loc[name, feature] for name in family for table in (values, alternatives)} for family in (one, other)
        )
        if all(x > y for x in left for y in right) or all(x < y for x in left for y in right):
            found.add(feature)
    return found
""",
            SURELY,
        ),
        Answer(
            "through the gaps of extremes",
            """
def surely_separating(one, other, values, alternatives):
    low = values.where(values < alternatives, alternatives)
    high = values.where(values > alternatives, alternatives)
    gap = np.maximum(
        low.loc[list(one)].min() - high.loc[list(other)].max(), low.loc[list(other)].min() - high.loc[list(one)].max()
    )
    return gap.index[gap >= 1]
""",
            SURELY,
        ),
        Answer(
            "separate on the values and on the alternatives",
            """
def surely_separating(one, other, values, alternatives):
    def apart(table):
        left, right = table.loc[list(one)], table.loc[list(other)]
        return (left.min() > right.max()) | (right.min() > left.max())

    return list(values.columns[apart(values) & apart(alternatives)])
""",
            says="expected ['exit'], got ['arms', 'exit']",
            points={"q5_surely_examples": 1},
        ),
        Answer(
            "separate on the values",
            """
def surely_separating(one, other, values, alternatives):
    left, right = values.loc[list(one)], values.loc[list(other)]
    return list(values.columns[(left.min() > right.max()) | (right.min() > left.max())])
""",
            says="expected ['forces'], got ['arms', 'forces']",
        ),
        Answer(
            "separate on either reading",
            """
def surely_separating(one, other, values, alternatives):
    found = []
    for feature in values:
        for table in (values, alternatives):
            left, right = table.loc[list(one), feature], table.loc[list(other), feature]
            if (left.min() > right.max() or right.min() > left.max()) and feature not in found:
                found.append(feature)
    return found
""",
            says="expected ['forces'], got ['arms', 'forces']",
        ),
        Answer(
            "features without a contested coding",
            """
def surely_separating(one, other, values, alternatives):
    members = list(one) + list(other)
    settled = (values.loc[members] == alternatives.loc[members]).all()
    left, right = values.loc[list(one)], values.loc[list(other)]
    return list(values.columns[settled & ((left.min() > right.max()) | (right.min() > left.max()))])
""",
            says="expected ['forces'], got []",
        ),
        Answer(
            "only one direction",
            """
def surely_separating(one, other, values, alternatives):
    low, high = np.minimum(values, alternatives), np.maximum(values, alternatives)
    return list(values.columns[low.loc[list(one)].min() > high.loc[list(other)].max()])
""",
            {"q5_surely_examples": 1},
            says="expected [",
        ),
        Answer(
            "the mean of the two readings",
            """
def surely_separating(one, other, values, alternatives):
    middle = (values + alternatives) / 2
    left, right = middle.loc[list(one)], middle.loc[list(other)]
    return list(values.columns[(left.min() > right.max()) | (right.min() > left.max())])
""",
            {"q5_surely_examples": 0},
            says="expected ['forces'], got",
        ),
        Answer(
            "touching counts as apart",
            """
def surely_separating(one, other, values, alternatives):
    low, high = np.minimum(values, alternatives), np.maximum(values, alternatives)
    above = low.loc[list(one)].min() >= high.loc[list(other)].max()
    below = low.loc[list(other)].min() >= high.loc[list(one)].max()
    return list(values.columns[above | below])
""",
            says="expected ['forces'], got ['arms', 'forces']",
        ),
        Answer(
            "overwrites the values",
            """
def surely_separating(one, other, values, alternatives):
    both = pd.concat([values, alternatives])
    values[values != alternatives] = 0
    left, right = both.loc[list(one)], both.loc[list(other)]
    return [name for name in both if left[name].min() > right[name].max() or left[name].max() < right[name].min()]
""",
            {"q5_surely_examples": 1},
            says="surely_separating changed a table that it was given",
        ),
    ],
    "q6_verdict": [
        Answer(
            "by early returns",
            """
def verdict(a, b):
    amounts = []
    for figure in (a, b):
        if figure["unit"] == "billion USD":
            amounts.append(figure["value"] * 1000)
        elif figure["unit"] == "million USD":
            amounts.append(figure["value"])
        else:
            return "not comparable"
        if "not stated" in figure["price_basis"] or "not seen" in figure["price_basis"]:
            return "not comparable"
    if a["price_basis"] != b["price_basis"]:
        return "not comparable"
    return "disagree" if max(amounts) - min(amounts) > 0.02 * max(amounts) else "agree"
""",
            VERDICT,
        ),
        Answer(
            "in billions",
            """
def verdict(a, b):
    units = {"million USD": 0.001, "billion USD": 1}
    known = a["price_basis"] == b["price_basis"] and not re.search("not (stated|seen)", a["price_basis"])
    if not (known and a["unit"] in units and b["unit"] in units):
        return "not comparable"
    low, high = sorted(x["value"] * units[x["unit"]] for x in (a, b))
    return "agree" if low >= 0.98 * high else "disagree"


import re
""",
            VERDICT,
        ),
        Answer(
            "by a table",
            """
def verdict(a, b):
    pair = pd.DataFrame([a, b])
    if not pair["unit"].isin(["million USD", "billion USD"]).all() or pair["price_basis"].nunique() > 1:
        return "not comparable"
    if pair["price_basis"].str.contains("not stated|not seen").any():
        return "not comparable"
    amount = pair["value"] * pair["unit"].map({"million USD": 1.0, "billion USD": 1000.0})
    return np.where(np.ptp(amount.to_numpy()) / amount.max() <= 0.02, "agree", "disagree").item()
""",
            VERDICT,
        ),
        Answer(
            "mixes the units",
            """
def verdict(a, b):
    if a["price_basis"] != b["price_basis"] or "USD" not in a["unit"]:
        return "not comparable"
    return "agree" if abs(a["value"] - b["value"]) <= 0.02 * max(a["value"], b["value"]) else "disagree"
""",
            says="25,930 million are 25.93 billion, so expected 'agree', got 'disagree'",
        ),
        Answer(
            "other units cannot be compared",
            """
def verdict(a, b):
    if a["unit"] != b["unit"] or a["price_basis"] != b["price_basis"]:
        return "not comparable"
    return "agree" if abs(a["value"] - b["value"]) <= 0.02 * max(a["value"], b["value"]) else "disagree"
""",
            says="so expected 'agree', got 'not comparable'",
        ),
        Answer(
            "the price basis does not matter",
            """
def verdict(a, b):
    one, two = (side["value"] * (1000 if side["unit"] == "billion USD" else 1) for side in (a, b))
    return "agree" if abs(one - two) <= 0.02 * max(one, two) else "disagree"
""",
            says="the price bases differ, so expected 'not comparable', got 'disagree'",
        ),
        Answer(
            "two unknown price bases are the same",
            """
def verdict(a, b):
    scale = {"million USD": 1, "billion USD": 1000}
    if a["unit"] not in scale or b["unit"] not in scale or a["price_basis"] != b["price_basis"]:
        return "not comparable"
    one, two = (side["value"] * scale[side["unit"]] for side in (a, b))
    return "agree" if abs(one - two) <= 0.02 * max(one, two) else "disagree"
""",
            {"q6_verdict_examples": 1},
            says="'price_basis': 'not stated'}): expected 'not comparable', got 'agree'",
        ),
        Answer(
            "a sum per year is a sum",
            """
def verdict(a, b):
    basis = a["price_basis"]
    if "USD" not in a["unit"] or "USD" not in b["unit"] or basis != b["price_basis"] or "not s" in basis:
        return "not comparable"
    one, two = (side["value"] * (1000 if "billion" in side["unit"] else 1) for side in (a, b))
    return "agree" if abs(one - two) <= 0.02 * max(one, two) else "disagree"
""",
            {"q6_verdict_examples": 1},
            says="'million USD per year'",
        ),
        Answer(
            "equal or nothing",
            """
def verdict(a, b):
    scale = {"million USD": 1, "billion USD": 1000}
    if a["price_basis"] != b["price_basis"] or a["price_basis"] == "not stated" or "not seen" in a["price_basis"]:
        return "not comparable"
    if a["unit"] not in scale or b["unit"] not in scale:
        return "not comparable"
    same = round(a["value"] * scale[a["unit"]], 3) == round(b["value"] * scale[b["unit"]], 3)
    return "agree" if same else "disagree"
""",
            {"q6_verdict_examples": 1},
            says="expected 'agree', got 'disagree'",
        ),
        Answer(
            "two per cent of a hundred",
            """
def verdict(a, b):
    scale = {"million USD": 0.001, "billion USD": 1}
    basis = a["price_basis"]
    if a["unit"] not in scale or b["unit"] not in scale or basis != b["price_basis"] or "not s" in basis:
        return "not comparable"
    return "agree" if abs(a["value"] * scale[a["unit"]] - b["value"] * scale[b["unit"]]) <= 2 else "disagree"
""",
            {"q6_verdict_examples": 1},
            says="expected 'disagree', got 'agree'",
        ),
        Answer("true or false", "def verdict(a, b):\n    return a == b", says="so expected 'agree', got False"),
    ],
    "q6_sums": [
        Answer(
            "by lookups",
            """
def look(table, item, period):
    return catalog.figure(table, "Ukraine", item, period)["value"]


military = 0
for item in [
    "replenish stocks drawn down",
    "Ukraine Security Assistance Initiative",
    "Foreign Military Financing, Ukraine and affected states",
]:
    for period in ["FY2022-FY2023", "FY2024"]:
        military += look("ukraine_appropriations", "supplemental: " + item, period)
committed = "US security assistance committed since "
sums = {
    "military": military,
    "share": military / 174.2,
    "before": look("ukraine_commitments_cumulative", committed + "2014", "2023-12-27")
    - look("ukraine_commitments_cumulative", committed + "24 February 2022", "2023-12-27"),
    "drawn": sum(figures.query("table == 'ukraine_drawdowns' and period > '2022'")["value"]) / 1e3,
}
""",
            SUMS,
        ),
        Answer(
            "worked out on paper", 'sums = {"military": "77.44", "share": 0.4445, "before": 2.8, "drawn": 3.05}', SUMS
        ),
        Answer(
            "by groups",
            """
appropriated = figures[figures["table"].eq("ukraine_appropriations")]
all_of_it = appropriated["value"].max()
is_line = appropriated["item"].str.contains("supplemental: ")
since = figures[figures["table"].eq("ukraine_commitments_cumulative")].pivot(
    index="period", columns="item", values="value"
)
drawn = figures[figures["table"].eq("ukraine_drawdowns")].set_index("period")["value"].loc["2022-02-25":]
sums = {
    "drawn": drawn.sum() / 1000,
    "before": np.ptp(since.loc["2023-12-27"].to_numpy()),
    "military": np.float64(appropriated.loc[is_line, "value"].sum()),
    "share": appropriated.loc[is_line, "value"].sum() / all_of_it,
}
""",
            SUMS,
        ),
        Answer(
            "all drawdowns, in millions",
            """
drawn = figures[figures["table"] == "ukraine_drawdowns"]["value"].sum()
sums = {"military": 77.44, "share": 77.44 / 174.2, "before": 47.0 - 44.2, "drawn": drawn}
""",
            {"q6_sums_check": 3},
            says="sums['drawn']: expected 3.05, got 3310",
        ),
        Answer(
            "the regular appropriations as well",
            """
rows = figures[figures["table"] == "ukraine_appropriations"].set_index("item")["value"]
total = rows.max()
military = rows.sum() - total
sums = {"military": military, "share": military / total, "before": 2.8, "drawn": 3.31}
""",
            {"q6_sums_check": 1},
            says="sums['military']: expected 77.44, got 78.47",
        ),
        Answer(
            "one year only",
            """
rows = figures[(figures["table"] == "ukraine_appropriations") & (figures["period"] == "FY2024")]
military = rows["value"].sum()
sums = {"military": military, "share": military / 174.2, "before": 47.0, "drawn": 3.05}
""",
            {"q6_sums_check": 1},
            says="sums['before']: expected 2.8, got 47",
        ),
        Answer(
            "per cent, and the wrong way round",
            'sums = {"military": 77.44, "share": 44.45, "before": 44.2 - 47.0, "drawn": 3.05}',
            {"q6_sums_check": 2},
            says="sums['share']: expected 0.4445, got 44.45",
        ),
        Answer(
            "the totals of the report, rounded twice",
            'sums = {"military": 48.7 + 28.8, "share": 0.5, "before": 3, "drawn": 3}',
            says="sums['share']: expected 0.4445, got 0.5",
        ),
        Answer(
            "text, and one entry short",
            'sums = {"military": "77.44 billion", "share": 0.4445, "before": 2.8}',
            {"q6_sums_check": 2},
            says="sums['military']: expected a number, got '77.44 billion'",
        ),
        Answer("another shape", "sums = [77.44, 0.4445, 2.8, 3.05]", says="sums: expected a dict, got list"),
    ],
    "q7_precedent": [
        Answer(
            "a paragraph",
            """
The bilateral treaties come nearest, at a distance of 0.17, ahead of Israel at 0.22. But five other models can be nearest
on some reading, because the forces of the treaties are contested. I read them as few, since the unit is the promise, not
the country. New it is not, but how it works is another matter: the record is an outcome, and all features weigh alike.
""",
        ),
        Answer("one sentence", "Every promise has a precedent."),
    ],
}
SUBMISSIONS = laid_out(BANK)
