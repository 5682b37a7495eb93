"""Problem set 4."""

from tests.exercises.answers import Answer, laid_out

PROVOCATION = {"q1_provocation_examples": 1, "q1_provocation_general": 3}
CLASSIFY = {"q2_classify_examples": 1, "q2_classify_general": 2}
ENTRAPMENT = {"q2_entrapment_examples": 1, "q2_entrapment_general": 2}
EFFICIENT = {"q3_efficient_examples": 1, "q3_efficient_general": 2}
CLAUSE = {"q4_clause_examples": 1, "q4_clause_general": 2}

BANK = {
    "q1_provocation": [
        Answer(
            "payoffs, then their difference",
            """
def provocation(game, restrained, provoked):
    alone = min(1.0, game["p"] + game["m"])
    helped = 1 - (1 - alone) * (1 - game["s"])
    safety = []
    for case in (restrained, provoked):
        war = case["credibility"] * helped + (1 - case["credibility"]) * alone - game["c"]
        safety.append(case["attack"] * war + (1 - case["attack"]) * 1)
    price = safety[0] - safety[1]
    if price >= game["B"]:
        return {"price": price, "probability": 0}
    return {"price": price, "probability": min(1, (game["B"] - price) / game["B"])}
""",
            PROVOCATION,
        ),
        Answer(
            "arrays",
            """
def provocation(game, restrained, provoked):
    cases = pd.DataFrame([restrained, provoked], dtype=float)
    u = max(0, 1 - game["p"] - game["m"])
    loss = cases["attack"] * (u - u * game["s"] * cases["credibility"] + game["c"])
    price = loss.diff().iloc[-1]
    return {"probability": np.clip(1 - price / game["B"], 0, 1), "price": price}
""",
            PROVOCATION,
        ),
        Answer(
            "a Series, and odds by odds",
            """
def provocation(game, restrained, provoked):
    u = 1 - np.minimum(1, game["p"] + game["m"])
    war = lambda case: np.dot([case["credibility"], 1 - case["credibility"]], [u * (1 - game["s"]), u]) + game["c"]
    price = provoked["attack"] * war(provoked) - restrained["attack"] * war(restrained)
    return pd.Series([price, np.interp(price, [0, game["B"]], [1, 0])], ["price", "probability"])
""",
            PROVOCATION,
        ),
        Answer(
            "the cost of war left out",
            """
def provocation(game, restrained, provoked):
    u = 1 - min(1, game["p"] + game["m"])
    risk = lambda case: case["attack"] * u * (1 - game["s"] * case["credibility"])
    price = risk(provoked) - risk(restrained)
    return {"price": price, "probability": min(max(1 - price / game["B"], 0), 1)}
""",
            says="0.7 + 0.2",
        ),
        Answer(
            "the guarantor's answer left out",
            """
def provocation(game, restrained, provoked):
    u = 1 - min(1, game["p"] + game["m"])
    loss = u * (1 - game["s"] * restrained["credibility"]) + game["c"]
    price = (provoked["attack"] - restrained["attack"]) * loss
    return {"price": price, "probability": min(max(1 - price / game["B"], 0), 1)}
""",
            says="attacked as often as before, and now alone",
        ),
        Answer(
            "the probability of restraint",
            """
def provocation(game, restrained, provoked):
    u = 1 - min(1, game["p"] + game["m"])
    risk = lambda case: case["attack"] * (u * (1 - game["s"] * case["credibility"]) + game["c"])
    price = risk(provoked) - risk(restrained)
    return {"price": price, "probability": min(max(price / game["B"], 0), 1)}
""",
            {"q1_provocation_general": 2},
            says="expected probability 0.775",
        ),
        Answer(
            "below zero",
            """
def provocation(game, restrained, provoked):
    u = 1 - min(1, game["p"] + game["m"])
    risk = lambda case: case["attack"] * (u * (1 - game["s"] * case["credibility"]) + game["c"])
    price = risk(provoked) - risk(restrained)
    return {"price": price, "probability": 1 - price / game["B"]}
""",
            {"q1_provocation_general": 2},
            says="no gain is worth so much",
        ),
        Answer(
            "arms left out",
            """
def provocation(game, restrained, provoked):
    u = 1 - game["p"]
    risk = lambda case: case["attack"] * (u * (1 - game["s"] * case["credibility"]) + game["c"])
    price = risk(provoked) - risk(restrained)
    return {"price": price, "probability": min(max(1 - price / game["B"], 0), 1)}
""",
            {"q1_provocation_examples": 1},
        ),
        Answer(
            "the price the wrong way round",
            """
def provocation(game, restrained, provoked):
    u = 1 - min(1, game["p"] + game["m"])
    risk = lambda case: case["attack"] * (u * (1 - game["s"] * case["credibility"]) + game["c"])
    price = risk(restrained) - risk(provoked)
    return {"price": price, "probability": min(max(1 - price / game["B"], 0), 1)}
""",
            says="expected price 0.09",
        ),
        Answer(
            "changes what it was given",
            """
def provocation(game, restrained, provoked):
    u = 1 - min(1, game["p"] + game["m"])
    for case in (restrained, provoked):
        case["attack"] *= u * (1 - game["s"] * case["credibility"]) + game["c"]
    price = provoked["attack"] - restrained["attack"]
    return {"price": price, "probability": min(max(1 - price / game["B"], 0), 1)}
""",
            {"q1_provocation_examples": 1},
            says="changed a dict",
        ),
        Answer(
            "solves the game it was given",
            """
def provocation(game, restrained, provoked):
    outcome = solved(game)
    return {"price": outcome.price_of_provoking, "probability": outcome.provocation}
""",
            says="expected price 0.09",
        ),
        Answer(
            "prints instead of returning",
            """
def provocation(game, restrained, provoked):
    u = 1 - min(1, game["p"] + game["m"])
    war = [u * (1 - game["s"] * case["credibility"]) + game["c"] for case in (restrained, provoked)]
    print({"price": provoked["attack"] * war[1] - restrained["attack"] * war[0]})
""",
            says="Does your function end with return?",
        ),
    ],
    "q2_classify": [
        Answer(
            "row by row",
            """
def classify(crises):
    words = []
    for crisis in crises.itertuples():
        if not crisis.attacked:
            words.append("peace")
        elif not crisis.fought:
            words.append("abandonment")
        elif crisis.cost <= crisis.interest:
            words.append("own interest")
        elif crisis.provoked:
            words.append("entrapment")
        else:
            words.append("entanglement")
    return pd.Series(words, crises.index, dtype=object)
""",
            CLASSIFY,
        ),
        Answer(
            "one word painted over another",
            """
def classify(crises):
    words = pd.Series("entanglement", index=crises.index)
    words[crises["provoked"].astype(bool)] = "entrapment"
    words[crises["cost"].le(crises["interest"])] = "own interest"
    words[~crises["fought"].astype(bool)] = "abandonment"
    words[~crises["attacked"].astype(bool)] = "peace"
    return words
""",
            CLASSIFY,
        ),
        Answer(
            "a categorical",
            """
def classify(crises):
    pressed = ~(crises["cost"] <= crises["interest"])
    code = np.where(crises["provoked"], 3, 4) * pressed + 2 * ~pressed
    code = np.where(crises["fought"], code, 1) * crises["attacked"].astype(int)
    words = ["peace", "abandonment", "own interest", "entrapment", "entanglement"]
    return pd.Series(pd.Categorical.from_codes(code.astype(int), words), index=crises.index)
""",
            CLASSIFY,
        ),
        Answer(
            "every provoked war is entrapment",
            """
def classify(crises):
    conditions = [~crises["attacked"], ~crises["fought"], crises["provoked"], crises["cost"] <= crises["interest"]]
    words = ["peace", "abandonment", "entrapment", "own interest"]
    return pd.Series(np.select(conditions, words, "entanglement"), index=crises.index)
""",
            says="expected 'own interest', got 'entrapment'",
        ),
        Answer(
            "a cost equal to the interest is too much",
            """
def classify(crises):
    conditions = [~crises["attacked"], ~crises["fought"], crises["cost"] < crises["interest"], crises["provoked"]]
    words = ["peace", "abandonment", "own interest", "entrapment"]
    return pd.Series(np.select(conditions, words, "entanglement"), index=crises.index)
""",
            says="expected 'own interest', got 'entanglement'",
        ),
        Answer(
            "entrapment and entanglement swapped",
            """
def classify(crises):
    conditions = [~crises["attacked"], ~crises["fought"], crises["cost"] <= crises["interest"], crises["provoked"]]
    words = ["peace", "abandonment", "own interest", "entanglement"]
    return pd.Series(np.select(conditions, words, "entrapment"), index=crises.index)
""",
            says="expected 'entrapment', got 'entanglement'",
        ),
        Answer(
            "abandoned in peace",
            """
def classify(crises):
    conditions = [~crises["fought"], ~crises["attacked"], crises["cost"] <= crises["interest"], crises["provoked"]]
    words = ["abandonment", "peace", "own interest", "entrapment"]
    return pd.Series(np.select(conditions, words, "entanglement"), index=crises.index)
""",
            says="expected 'peace', got 'abandonment'",
        ),
        Answer(
            "a new index",
            """
def classify(crises):
    crises = crises.sort_index()
    conditions = [~crises["attacked"], ~crises["fought"], crises["cost"] <= crises["interest"], crises["provoked"]]
    words = ["peace", "abandonment", "own interest", "entrapment"]
    return pd.Series(np.select(conditions, words, "entanglement"), index=crises.index)
""",
            {"q2_classify_examples": 1},
            says="expected the index",
        ),
        Answer(
            "writes into the crises",
            """
def classify(crises):
    crises["cost"] = crises["cost"].fillna(0)
    conditions = [~crises["attacked"], ~crises["fought"], crises["cost"] <= crises["interest"], crises["provoked"]]
    words = ["peace", "abandonment", "own interest", "entrapment"]
    return pd.Series(np.select(conditions, words, "entanglement"), index=crises.index)
""",
            {"q2_classify_examples": 1},
            says="changed the crises",
        ),
        Answer(
            "the interest of the examples",
            """
def classify(crises):
    conditions = [~crises["attacked"], ~crises["fought"], crises["cost"] <= 0.2, crises["provoked"]]
    words = ["peace", "abandonment", "own interest", "entrapment"]
    return pd.Series(np.select(conditions, words, "entanglement"), index=crises.index)
""",
            {"q2_classify_examples": 1},
        ),
        Answer("counts", 'def classify(crises):\n    return {"entrapment": len(crises)}', says="expected a Series"),
        Answer(
            "a column misspelt",
            'def classify(crises):\n    return crises["attack"].map({True: "entrapment", False: "peace"})',
            says="attack",
        ),
    ],
    "q2_entrapment": [
        Answer(
            "one expression",
            """
def entrapment(game, provocation, attack, credibility):
    sigma = game["v"] * game["s"] * max(0, 1 - game["p"] - game["m"])
    return provocation * attack * (credibility - np.clip(sigma / game["Gbar"], 0, 1))
""",
            ENTRAPMENT,
        ),
        Answer(
            "all fights less those of interest",
            """
def entrapment(game, provocation, attack, credibility):
    held = min(1, game["p"] + game["m"])
    wars = provocation * attack
    fought = wars * credibility
    worth_it = game["v"] * (held + (1 - held) * game["s"]) - game["v"] * held
    if worth_it >= game["Gbar"]:
        return fought - wars
    return fought - wars * worth_it / game["Gbar"]
""",
            ENTRAPMENT,
        ),
        Answer(
            "a product of an array",
            """
def entrapment(game, provocation, attack, credibility):
    g = pd.Series(game)
    anyway = np.interp(g.v * g.s * (1 - min(1, g.p + g.m)), [0, g.Gbar], [0, 1])
    return np.prod([provocation, attack, credibility - anyway])
""",
            ENTRAPMENT,
        ),
        Answer(
            "everybody who fights is entrapped",
            "def entrapment(game, provocation, attack, credibility):\n    return provocation * attack * credibility",
            says="would have fought in any case",
        ),
        Answer(
            "wars left out",
            """
def entrapment(game, provocation, attack, credibility):
    u = 1 - min(1, game["p"] + game["m"])
    return provocation * (credibility - min(1, game["v"] * game["s"] * u / game["Gbar"]))
""",
            says="four in ten of those end in war",
        ),
        Answer(
            "costs between 0 and 1",
            """
def entrapment(game, provocation, attack, credibility):
    u = 1 - min(1, game["p"] + game["m"])
    return provocation * attack * (credibility - min(1, game["v"] * game["s"] * u))
""",
            says="where war is cheap",
        ),
        Answer(
            "more than certain",
            """
def entrapment(game, provocation, attack, credibility):
    u = 1 - min(1, game["p"] + game["m"])
    return provocation * attack * (credibility - game["v"] * game["s"] * u / game["Gbar"])
""",
            {"q2_entrapment_examples": 1},
        ),
        Answer(
            "arms left out",
            """
def entrapment(game, provocation, attack, credibility):
    u = 1 - game["p"]
    return provocation * attack * (credibility - min(1, game["v"] * game["s"] * u / game["Gbar"]))
""",
            says="not worth fighting for",
        ),
        Answer(
            "the interest multiplied in",
            """
def entrapment(game, provocation, attack, credibility):
    u = 1 - min(1, game["p"] + game["m"])
    return provocation * attack * credibility * (1 - min(1, game["v"] * game["s"] * u / game["Gbar"]))
""",
            says="expected 0.6",
        ),
        Answer(
            "changes the game",
            """
def entrapment(game, provocation, attack, credibility):
    game["u"] = 1 - min(1, game["p"] + game["m"])
    return provocation * attack * (credibility - min(1, game["v"] * game["s"] * game["u"] / game["Gbar"]))
""",
            {"q2_entrapment_examples": 1},
            says="changed the game",
        ),
        Answer(
            "the interest of the examples",
            """
def entrapment(game, provocation, attack, credibility):
    anyway = 0 if game["m"] else 0.42 if game["Gbar"] == 0.5 else 0.21
    return provocation * attack * (credibility - anyway)
""",
            {"q2_entrapment_examples": 1},
        ),
        Answer(
            "claims to be no distance from anything",
            """
class Near(float):
    __sub__ = __rsub__ = lambda self, other: 0.0

def entrapment(game, provocation, attack, credibility):
    return Near(0.3)
""",
            says="expected 0.6",
        ),
    ],
    "q3_efficient": [
        Answer(
            "every pair compared",
            """
def efficient(table):
    rows = list(table[["credibility", "entrapment"]].itertuples())
    kept = []
    for place, (name, c, e) in enumerate(rows):
        dominated = any(c2 >= c and e2 <= e and (c2 > c or e2 < e) for _, c2, e2 in rows)
        copy = any((c2, e2) == (c, e) for _, c2, e2 in rows[:place])
        if not dominated and not copy:
            kept.append((c, name))
    return [name for _, name in sorted(kept, key=lambda pair: pair[0])]
""",
            EFFICIENT,
        ),
        Answer(
            "numpy",
            """
def efficient(table):
    c, e = table["credibility"].to_numpy(), table["entrapment"].to_numpy()
    no_worse = (c[:, None] >= c) & (e[:, None] <= e)
    beaten = (no_worse & ~no_worse.T).any(axis=0)
    unique = ~table.duplicated(["credibility", "entrapment"]).to_numpy()
    places = np.flatnonzero(~beaten & unique)
    return table.index[places[np.argsort(c[places])]]
""",
            EFFICIENT,
        ),
        Answer(
            "one pass from the most credible",
            """
def efficient(table):
    kept, least = [], float("inf")
    distinct = table.drop_duplicates(["credibility", "entrapment"])
    for name, row in distinct.sort_values(["credibility", "entrapment"], ascending=[False, True]).iterrows():
        if row["entrapment"] < least:
            kept.insert(0, name)
            least = row["entrapment"]
    return tuple(kept)
""",
            EFFICIENT,
        ),
        Answer(
            "from the most credible down",
            """
def efficient(table):
    ranked = table.sort_values(["credibility", "entrapment"], ascending=[False, True], kind="stable")
    least = ranked["entrapment"].cummin().shift(fill_value=np.inf)
    return list(ranked.index[ranked["entrapment"] < least])
""",
            says="expected ['b', 'a']",
        ),
        Answer(
            "dominated only if worse in both",
            """
def efficient(table):
    kept = []
    for name, row in table.sort_values("credibility", kind="stable").iterrows():
        better = (table["credibility"] > row["credibility"]) & (table["entrapment"] < row["entrapment"])
        if not better.any():
            kept.append(name)
    return kept
""",
            says="equally credible, but b entraps less",
        ),
        Answer(
            "equals dominate each other",
            """
def efficient(table):
    kept = []
    for name, row in table.sort_values("credibility").iterrows():
        others = table.drop(index=name)
        better = (others["credibility"] >= row["credibility"]) & (others["entrapment"] <= row["entrapment"])
        if not better.any():
            kept.append(name)
    return kept
""",
            says="of equals the first stays",
        ),
        Answer(
            "keeps all equals",
            """
def efficient(table):
    c, e = table["credibility"].to_numpy(), table["entrapment"].to_numpy()
    no_worse = (c[:, None] >= c) & (e[:, None] <= e)
    kept = table[~(no_worse & ~no_worse.T).any(axis=0)]
    return list(kept.sort_values("credibility", kind="stable").index)
""",
            says="of equals the first stays",
        ),
        Answer(
            "less credibility taken for better",
            """
def efficient(table):
    ranked = table.sort_values(["credibility", "entrapment"], kind="stable")
    least = ranked["entrapment"].cummin().shift(fill_value=np.inf)
    return list(ranked.index[ranked["entrapment"] < least])
""",
            says="expected ['b', 'a']",
        ),
        Answer(
            "least entrapment at each level of credibility alone",
            """
def efficient(table):
    kept = table.sort_values("entrapment", kind="stable").drop_duplicates("credibility")
    return list(kept.sort_values("credibility").index)
""",
            says="a is better in both",
        ),
        Answer(
            "writes into the table",
            """
def efficient(table):
    table["least"] = [table["entrapment"][table["credibility"] >= c].min() for c in table["credibility"]]
    kept = table[table["entrapment"] <= table["least"]].sort_values("credibility", ascending=False, kind="stable")
    kept = kept.drop_duplicates(["credibility", "entrapment"]).drop_duplicates("entrapment")
    return list(kept.index[::-1])
""",
            {"q3_efficient_examples": 1},
            says="changed the table",
        ),
        Answer(
            "columns by their place",
            """
def efficient(table):
    kept, least = [], np.inf
    rows = sorted(zip(table.index, *table.to_numpy().T), key=lambda row: (-row[1], row[2]))
    for name, credibility, entrapment in rows:
        if entrapment < least:
            kept.append(name)
            least = entrapment
    return kept[::-1]
""",
            {"q3_efficient_examples": 1},
        ),
        Answer(
            "prints instead of returning",
            """
def efficient(table):
    ranked = table.sort_values(["credibility", "entrapment"], ascending=[False, True], kind="stable")
    print(ranked.index[ranked["entrapment"] < ranked["entrapment"].cummin().shift(fill_value=np.inf)])
""",
            says="Does your function end with return?",
        ),
    ],
    "q3_best": [
        Answer(
            "a table of the grid",
            """
outcome = solve(grid)
k, q = np.broadcast_arrays(KS[:, None], QS[None, :])
columns = {"k": k, "q": q, "c": outcome.credibility, "e": outcome.entrapment}
table = pd.DataFrame({name: np.ravel(values) for name, values in columns.items()})
enough = table[table["c"] >= DEMANDED].sort_values("e")
best = enough.iloc[0][["k", "q"]].to_dict()
best["entrapment"] = enough["e"].iloc[0]
best["without"] = enough.loc[enough["q"] == 0, "e"].min()
""",
            {"q3_best_check": 4},
        ),
        Answer(
            "two loops",
            """
best = {"entrapment": 1, "without": 1}
for k in KS:
    for q in QS:
        outcome = solve(Design(k=k, q=q, e=BLUR))
        if outcome.credibility < DEMANDED:
            continue
        if outcome.entrapment < best["entrapment"]:
            best.update(k=k, q=q, entrapment=outcome.entrapment)
        if q == 0:
            best["without"] = min(best["without"], outcome.entrapment)
""",
            {"q3_best_check": 4},
        ),
        Answer(
            "rounded, as text",
            """
at = found.best(DEMANDED)
plain = frontier(Design(k=KS))
numbers = [KS[at // len(QS)], QS[at % len(QS)], found.entrapment[at], plain.entrapment[plain.best(DEMANDED)]]
best = {name: f"{number:.4f}" for name, number in zip(["k", "q", "entrapment", "without"], numbers)}
""",
            {"q3_best_check": 4},
        ),
        Answer(
            "rows and columns swapped",
            """
place = found.best(DEMANDED)
column, row = np.unravel_index(place, (len(QS), len(KS)))
plain = frontier(Design(k=KS, e=BLUR))
best = {"k": KS[row], "q": QS[min(column, 10)], "entrapment": found.entrapment[place]}
best["without"] = plain.entrapment[plain.best(DEMANDED)]
""",
            {"q3_best_check": 2},
        ),
        Answer(
            "the most credible",
            """
place = found.efficient[-1]
best = {"k": KS[place // len(QS)], "q": QS[place % len(QS)], "entrapment": found.entrapment[place]}
""",
            {"q3_best_check": 0},
            says="best['without']: no answer",
        ),
        Answer(
            "the least entrapping, demand forgotten",
            """
place = found.efficient[0]
best = {"k": KS[place // len(QS)], "q": QS[place % len(QS)], "entrapment": found.entrapment[place], "without": 0}
""",
            {"q3_best_check": 0},
        ),
        Answer(
            "a default blur for both",
            """
sharp = frontier(Design(k=KS[:, None], q=QS[None, :], e=0))
place = sharp.best(DEMANDED)
plain = frontier(Design(k=KS))
best = {"k": KS[place // len(QS)], "q": QS[place % len(QS)], "entrapment": sharp.entrapment[place]}
best["without"] = plain.entrapment[plain.best(DEMANDED)]
""",
            {"q3_best_check": 2},
        ),
        Answer(
            "positions instead of dials",
            """
place = found.best(DEMANDED)
row, column = np.unravel_index(place, (len(KS), len(QS)))
best = {"k": row, "q": column, "entrapment": found.entrapment[place], "without": found.entrapment[place]}
""",
            {"q3_best_check": 1},
            says="best['k']: expected",
        ),
        Answer(
            "the saving instead of what remains",
            """
place = found.best(DEMANDED)
plain = frontier(Design(k=KS, e=BLUR))
best = {"k": KS[place // len(QS)], "q": QS[place % len(QS)], "entrapment": found.entrapment[place]}
best["without"] = plain.entrapment[plain.best(DEMANDED)] - best["entrapment"]
""",
            {"q3_best_check": 3},
            says="best['without']: expected",
        ),
        Answer(
            "a position",
            'best = {"k": found, "q": None, "entrapment": "low"}',
            {"q3_best_check": 0},
            says="best['entrapment']: expected a number, got 'low'",
        ),
        Answer("an array", "best = found.efficient", says="expected a dict"),
        Answer("asks for too much", "best = {'k': KS[found.best(1.0)]}"),
    ],
    "q4_clause": [
        Answer(
            "the grid at once",
            """
def clause(game, most):
    qs = np.arange(101) / 100
    enough = qs[solved(game | {"q": qs}).entrapment <= most]
    return enough[0] if enough.size else None
""",
            CLAUSE,
        ),
        Answer(
            "by halving",
            """
def clause(game, most):
    within = lambda hundredths: solved({**game, "q": hundredths / 100}).entrapment <= most
    if within(0):
        return 0
    if not within(100):
        return None
    low, high = 0, 100
    while high - low > 1:
        middle = (low + high) // 2
        if within(middle):
            high = middle
        else:
            low = middle
    return high / 100
""",
            CLAUSE,
        ),
        Answer(
            "the first of a generator",
            """
def clause(game, most):
    steps = (round(0.01 * step, 2) for step in range(0, 101))
    return next((q for q in steps if solved(dict(game, q=q)).entrapment <= most), None)
""",
            CLAUSE,
        ),
        Answer(
            "never gives up",
            """
def clause(game, most):
    qs = np.linspace(0, 1, 101)
    return qs[np.argmax(solved(game | {"q": qs}).entrapment <= most)]
""",
            says="no clause releases from a tripwire",
        ),
        Answer(
            "no clause is never tried",
            """
def clause(game, most):
    for hundredths in range(1, 100):
        if solved(game | {"q": hundredths / 100}).entrapment <= most:
            return hundredths / 100
    return None
""",
            says="no clause is needed",
        ),
        Answer(
            "one step too many",
            """
def clause(game, most):
    q = 0
    while solved(game | {"q": q / 100}).entrapment > most:
        q += 1
        if q == 100:
            return None
    return (q + 1) / 100 if q else 0
""",
            says="everybody can see who provoked",
        ),
        Answer(
            "the blur left at its default",
            """
def clause(game, most):
    qs = np.linspace(0, 1, 101)
    enough = qs[solve(Design(k=game["k"], t=game["t"], q=qs)).entrapment <= most]
    return enough[0] if len(enough) else None
""",
            says="everybody can see who provoked",
        ),
        Answer(
            "all wars that the guarantor fights",
            """
def clause(game, most):
    qs = np.linspace(0, 1, 101)
    enough = qs[solved(game | {"q": qs}).guarantor_fights <= most]
    return enough[0] if len(enough) else None
""",
            says="expected 0.38",
        ),
        Answer(
            "starts from the present clause",
            """
def clause(game, most):
    qs = np.arange(round(100 * game["q"]), 101) / 100
    enough = qs[solved(game | {"q": qs}).entrapment <= most]
    return enough[0] if len(enough) else None
""",
            says="the mildest clause, not the present one",
        ),
        Answer(
            "changes the game",
            """
def clause(game, most):
    for hundredths in range(101):
        game["q"] = hundredths / 100
        if solved(game).entrapment <= most:
            return game["q"]
    return None
""",
            {"q4_clause_examples": 1},
            says="changed the game",
        ),
        Answer(
            "the examples alone",
            """
def clause(game, most):
    return None if game["t"] else 0 if most > 0.1 else 0.75 if game["e"] else 0.38
""",
            {"q4_clause_examples": 1},
        ),
        Answer("a slip of the keyboard", "def clause(game, most)\n    return 0.5"),
    ],
    "q4_effects": [
        Answer(
            "by trying many games",
            """
rng = np.random.default_rng(5)
seen = {pair: set() for pair in PAIRS}
for _ in range(400):
    game = {**GAME, **{name: rng.uniform(*ends) for name, ends in RANGES.items()}, "h": 0}
    outcome = solved(game)
    names = ["credibility", "credibility_provoked", "attack", "attack_provoked", "provocation"]
    if not all(0.05 < getattr(outcome, name) < 0.95 for name in names) or game["k"] + game["t"] > 0.5:
        continue
    for dial, name in PAIRS:
        change = getattr(solved(game | {dial: game[dial] + 1e-4}), name) - getattr(outcome, name)
        seen[dial, name].add("same" if abs(change) < 1e-12 else "up" if change > 0 else "down")
effects = {pair: words.pop() if len(words) == 1 else "depends" for pair, words in seen.items()}
""",
            {"q4_effects_check": 4},
        ),
        Answer(
            "in capitals, in another order",
            """
effects = {pair: "Up" for pair in PAIRS}
effects["k", "provocation"] = effects["q", "war"] = " DEPENDS"
effects["e", "attack_provoked"] = "Same"
effects["q", "provocation"] = "down"
""",
            {"q4_effects_check": 4},
        ),
        Answer(
            "word by word",
            'effects = dict(zip(PAIRS, "down up depends up up same up depends".split()))',
            {"q4_effects_check": 4},
        ),
        Answer(
            "from the default game",
            """
effects = {}
start = GAME | {"k": 0.3, "m": 0.1, "t": 0.1, "q": 0.3}
for dial, name in PAIRS:
    change = getattr(solved(start | {dial: start[dial] + 0.01}), name) - getattr(solved(start), name)
    effects[dial, name] = "same" if abs(change) < 1e-12 else "up" if change > 0 else "down"
""",
            {"q4_effects_check": 3},
            says="expected 'depends'",
        ),
        Answer(
            "a promise always emboldens",
            'effects = dict(zip(PAIRS, "down up depends up up same up up".split()))',
            {"q4_effects_check": 3.5},
            says="effects[('k', 'provocation')]: expected 'depends', got 'up'",
        ),
        Answer(
            "blur protects those who provoke",
            'effects = dict(zip(PAIRS, "down up down down up down up up".split()))',
            {"q4_effects_check": 2},
        ),
        Answer("depends on everything", 'effects = dict.fromkeys(PAIRS, "depends")', {"q4_effects_check": 1}),
        Answer(
            "the wrong way round",
            'effects = dict(zip(PAIRS, "up down up down down up down down".split()))',
            {"q4_effects_check": 0},
        ),
        Answer(
            "unfinished",
            'effects = {("q", "provocation"): "down", ("t", "provocation"): "more"}',
            {"q4_effects_check": 0.5},
            says="got 'more'",
        ),
        Answer("a list", 'effects = ["down", "up", "depends"]', says="expected a dict"),
        Answer(
            "names instead of pairs",
            'effects = {"q": "down", "e": "up", "t": "up", "k": "depends"}',
            {"q4_effects_check": 0},
            says="got None",
        ),
        Answer("a function", "def effects(dial, outcome):\n    return 'up'", says="expected a dict, got function"),
    ],
    "q5_counter": [
        Answer(
            "other games",
            """
counterexamples = {
    "A": [{"k": 0.2, "q": 0.8, "e": 0.0}, {"k": 0.5, "q": 0.8, "e": 0.0}],
    "B": [{}, {"t": 0.3}],
    "C": [{"k": 0.5, "q": 0.4, "e": 0.5}, {"k": 0.6, "q": 0.8, "e": 0.4}],
    "D": [{"k": 0.5, "e": 0.0, "B": 0.6, "delta": 0.1}, {"k": 0.5, "e": 0.0, "B": 0.6, "delta": 0.1, "q": 0.25}],
    "E": None,
}
""",
            {"q5_counter_check": 5},
        ),
        Answer(
            "found by search",
            """
rng = np.random.default_rng(3)

def drawn():
    world = {name: float(rng.uniform(*RANGES[name])) for name in ("p", "s", "v", "L", "delta", "c", "B")}
    return {"k": rng.uniform(0, 0.5), "q": rng.uniform(0, 0.8), "e": 0.0} | world

def search(dial, refutes):
    while True:
        before = drawn()
        after = before | {dial: before[dial] + 0.2}
        if refutes(solved(GAME | before), solved(GAME | after)):
            return before, after

counterexamples = {
    "A": search("k", lambda old, new: new.provocation < old.provocation - 0.01),
    "B": search("k", lambda old, new: new.provocation > old.provocation + 0.01 and new.war < old.war - 0.01),
    "C": search("q", lambda old, new: new.entrapment < old.entrapment - 0.01 and new.credibility >= old.credibility),
    "D": search("q", lambda old, new: new.war > old.war + 0.01),
    "E": None,
}
""",
            {"q5_counter_check": 5},
        ),
        Answer(
            "a dict filled step by step",
            """
base = {"k": 0.6, "q": 0.7, "e": 0}
counterexamples = dict.fromkeys("ABCDE")
counterexamples["A"] = base | {"k": 0.3}, base
counterexamples["B"] = {"m": 0}, {"m": 0.2}
counterexamples["C"] = {"k": 0.6}, {"k": 0.65, "q": 0.5, "e": 0}
counterexamples["D"] = {**base, "q": 0, "B": 0.7, "delta": 0.15}, {**base, "q": 0.3, "B": 0.7, "delta": 0.15}
""",
            {"q5_counter_check": 5},
        ),
        Answer(
            "before and after swapped",
            """
counterexamples = {
    "A": ({"k": 0.6, "q": 0.5, "e": 0.1}, {"k": 0.3, "q": 0.5, "e": 0.1}),
    "B": ({"k": 0.6}, {}),
    "C": ({"k": 0.6, "q": 0.5, "e": 0}, {"k": 0.6}),
    "D": ({"k": 0.6, "q": 0.3, "e": 0, "B": 0.7, "delta": 0.1}, {"k": 0.6, "e": 0, "B": 0.7, "delta": 0.1}),
    "E": None,
}
""",
            {"q5_counter_check": 1},
            says="A: expected guarantees that differ in k alone, larger after",
        ),
        Answer(
            "cases in which the claims hold",
            """
counterexamples = {
    "A": ({}, {"k": 0.6}),
    "B": ({"k": 0.6}, {"k": 0.6, "q": 0.5}),
    "C": ({"k": 0.6}, {"k": 0.3}),
    "D": ({"k": 0.6, "e": 0}, {"k": 0.6, "q": 0.5, "e": 0}),
    "E": ({"k": 0.6, "e": 0}, {"k": 0.6, "q": 0.5, "e": 0}),
}
""",
            {"q5_counter_check": 0},
            says="E: expected a pair that refutes the claim, but here it holds",
        ),
        Answer(
            "another world",
            """
counterexamples = {
    "A": ({"k": 0.3}, {"k": 0.6, "B": 0.2}),
    "B": ({"k": 0.3}, {"k": 0.6, "B": 0.7}),
    "C": ({"k": 0.6, "B": 0.4}, {"k": 0.6, "B": 0.2}),
    "D": ({"k": 0.6, "e": 0}, {"k": 0.6, "q": 0.5, "e": 0, "p": 0.1}),
    "E": ({"k": 0.6, "e": 0}, {"k": 0.6, "q": 0.5, "e": 0, "p": 0.1}),
}
""",
            {"q5_counter_check": 0},
            says="A: expected two guarantees in the same world",
        ),
        Answer(
            "everything holds",
            'counterexamples = dict.fromkeys("ABCDE")',
            {"q5_counter_check": 1},
            says="A: expected a pair of games, got None",
        ),
        Answer(
            "blurred clauses, and more than one dial",
            """
counterexamples = {
    "A": ({"k": 0.3}, {"k": 0.6, "q": 0.8}),
    "B": ({"k": 0.1}, {"k": 0.6, "t": 0.05}),
    "C": ({"k": 0.6}, {"k": 0.6, "q": 0.5}),
    "D": ({"k": 0.6, "q": 0.1, "e": 1}, {"k": 0.6, "q": 0.9, "e": 1}),
    "E": ({"k": 0.6, "q": 0.1, "e": 1}, {"k": 0.6, "q": 0.9, "e": 1}),
}
""",
            {"q5_counter_check": 1},
            says="E: expected guarantees that differ in q alone",
        ),
        Answer(
            "out of range",
            """
counterexamples = {
    "A": ({"k": 0.3, "q": 0.5, "e": 0.1}, {"k": 6, "q": 0.5, "e": 0.1}),
    "B": ({}, {"k": "0.6"}),
    "C": ({"k": 0.6, "theta": 0}, {"k": 0.6, "q": 0.5, "e": 0, "theta": 0}),
    "D": ({"k": 0.6, "q": 0.6, "e": 0, "B": 2}, {"k": 0.6, "q": 1, "e": 0, "B": 2}),
    "E": None,
}
""",
            {"q5_counter_check": 1},
            says="A: expected dials from 0 to 1",
        ),
        Answer(
            "differences too small to count",
            """
counterexamples = {
    "A": ({"k": 0.3, "q": 0.5, "e": 0.1}, {"k": 0.301, "q": 0.5, "e": 0.1}),
    "B": ({}, {"k": 0.001}),
    "C": ({"k": 0.6}, {"k": 0.6, "q": 0.001, "e": 0}),
    "D": ({"k": 0.6, "q": 0.999, "e": 0, "B": 0.7}, {"k": 0.6, "q": 1, "e": 0, "B": 0.7}),
}
""",
            {"q5_counter_check": 0},
            says="E: expected (before, after), two dicts, or None",
        ),
        Answer(
            "one game for each",
            'counterexamples = {letter: {"k": 0.6} for letter in "ABCDE"}',
            {"q5_counter_check": 0},
            says="expected (before, after)",
        ),
        Answer("a list", "counterexamples = [({}, {'k': 0.6})]", says="expected a dict, got list"),
    ],
    "q6_judgement": [
        Answer(
            "entrapment weighs more",
            """
judgement = {
    "weighs_more": "entrapment",
    "for": ["credibility-05", "credibility-12", "credibility-16"],
    "against": ["khrestin-19-budapest", "credibility-03"],
    "concession": ({"k": 0.6}, {"k": 0.3}),
}
""",
            {"q6_judgement_check": 6},
        ),
        Answer(
            "credibility weighs more, excerpts and claims mixed",
            """
judgement = dict(
    weighs_more="Credibility",
    against=("stimson-06-bailed-out", "credibility-16", "credibility-18"),
    concession=[{"k": 0.1}, {"k": 0.5, "t": 0.05}],
)
judgement["for"] = {"stimson-13-deeds", "credibility-02", "objectivo-07-same-level"}
""",
            {"q6_judgement_check": 6},
        ),
        Answer(
            "entrapment weighs more, taken from the table",
            """
argued = catalog.load("claims").query("dimension == 'entrapment_v_credibility' and kind == 'argued'")
first = argued.groupby(["side", "source"], observed=True)["id"].first()
judgement = {
    "weighs_more": "entrapment",
    "for": first["entrapment"].tolist()[:3],
    "against": first["credibility"].tolist()[:4],
    "concession": ({"k": 0.6, "p": 0.2}, {"k": 0.6, "q": 0.8, "e": 1, "p": 0.2}),
}
""",
            {"q6_judgement_check": 6},
        ),
        Answer(
            "sides swapped",
            """
judgement = {
    "weighs_more": "credibility",
    "for": ["credibility-05", "credibility-12"],
    "against": ["credibility-03", "credibility-13"],
    "concession": ({"k": 0.6}, {"k": 0.3}),
}
""",
            {"q6_judgement_check": 0},
            says="does not speak for credibility",
        ),
        Answer(
            "silence as evidence",
            """
judgement = {
    "weighs_more": "credibility",
    "for": ["credibility-03", "credibility-04", "credibility-17"],
    "against": ["credibility-19", "credibility-04"],
    "concession": ({"k": 0.3}, {"k": 0.6}),
}
""",
            {"q6_judgement_check": 3},
            says="silence is no evidence",
        ),
        Answer(
            "one article for each side",
            """
judgement = {
    "weighs_more": "entrapment",
    "for": ["credibility-05", "credibility-09", "stimson-06-bailed-out"],
    "against": ["credibility-07", "credibility-08"],
    "concession": ({"k": 0.6}, {"k": 0.3}),
}
""",
            {"q6_judgement_check": 4},
            says="from at least two articles",
        ),
        Answer(
            "another trade-off, and an excerpt of none",
            """
judgement = {
    "weighs_more": "credibility",
    "for": ["durability-06", "credibility-13", "credibility-15"],
    "against": ["nato-article-5", "credibility-12", "credibility-16"],
    "concession": ({"k": 0.3}, {"k": 0.6}),
}
""",
            {"q6_judgement_check": 4},
            says="durability-06 does not speak for credibility",
        ),
        Answer(
            "no concession",
            """
judgement = {
    "weighs_more": "entrapment",
    "for": ["credibility-05", "credibility-12"],
    "against": ["credibility-03", "credibility-13"],
    "concession": ({"k": 0.6}, {"k": 0.6, "q": 0.5, "e": 0}),
}
""",
            {"q6_judgement_check": 4},
            says="concession: expected entrapment down by 0.02 and attack after restraint up by 0.05",
        ),
        Answer(
            "everything on both sides",
            """
both = ["credibility-03", "credibility-05", "credibility-12", "credibility-18"]
judgement = {"weighs_more": "credibility", "for": both, "against": both, "concession": ({}, {"k": 0.6, "B": 0.7})}
""",
            {"q6_judgement_check": 1},
            says="cannot speak for both sides",
        ),
        Answer(
            "undecided",
            """
judgement = {
    "weighs_more": "both",
    "for": ["credibility-03", "credibility-13"],
    "against": ["credibility-05", "credibility-12"],
    "concession": ({"k": 0.3}, {"k": 0.6}),
}
""",
            says="expected 'credibility' or 'entrapment', got 'both'",
        ),
        Answer(
            "one id, and words for the rest",
            """
judgement = {
    "weighs_more": "credibility",
    "for": ["credibility-03"],
    "against": "credibility-05",
    "concession": "entrapment rises",
}
""",
            {"q6_judgement_check": 0},
            says="expected a list of two to four different ids",
        ),
        Answer("prose", 'judgement = "Credibility should weigh more."', says="expected a dict, got str"),
    ],
    "q7_memo": [
        Answer(
            "credibility, with a clause",
            "Credibility should weigh more. Promises without forces did not stop Russia (credibility-13), and one "
            "made in public ties hands (credibility-08). In the game war falls from 0.68 to 0.33 as k goes from 0 to "
            "0.6. The best case against it is moral hazard (stimson-06-bailed-out): provocation rises from 0.39 to "
            "0.58. A clause on visible conduct takes most of that away. If conduct cannot be told apart in practice, I "
            "would change my mind. The game shows a mechanism; it knows no nuclear weapons and no second guarantor.",
        ),
    ],
}

SUBMISSIONS = laid_out(BANK)
