"""Problem set 3."""

from tests.exercises.answers import Answer, laid_out

CUTOFF = {"q1_cutoff_examples": 1, "q1_cutoff_general": 2}
CREDIBILITY = {"q1_credibility_examples": 1, "q1_credibility_general": 2}
ATTACK = {"q2_attack_examples": 1, "q2_attack_general": 2}
PLAY = {"q3_play_examples": 1, "q3_play_general": 3}
SUSPICIOUS = {"q3_suspicious_examples": 1, "q3_suspicious_general": 2}
THRESHOLD = {"q4_threshold_examples": 1, "q4_threshold_general": 3}
KIND = {"q5_kind_examples": 1, "q5_kind_general": 2}
BILL = {"q5_bill_examples": 1, "q5_bill_general": 2}

BANK = {
    "q1_cutoff": [
        Answer(
            "difference of two payoffs",
            """
def fights_up_to(game, bound):
    def payoff(fights):
        held = min(1.0, game["p"] + game["m"])
        if fights:
            return game["v"] * (1 - (1 - held) * (1 - game["s"]))
        return game["v"] * held - game["theta"] * game["t"] - game["k"] * bound
    return payoff(True) - payoff(False)
""",
            CUTOFF,
        ),
        Answer(
            "a Series, and numpy numbers",
            """
def fights_up_to(game, bound):
    g = pd.Series(game, dtype=float)
    u = np.clip(1 - g.p - g.m, 0, 1)
    return g.v * g.s * u + g.theta * g.t + np.where(bound, g.k, 0).item()
""",
            CUTOFF,
        ),
        Answer(
            "step by step",
            """
def fights_up_to(game, bound):
    odds = game["p"] + game["m"]
    if odds > 1:
        odds = 1
    cost = 0
    cost += (1 - odds) * game["s"] * game["v"]
    cost += game["t"] * game["theta"]
    if bound:
        cost += game["k"]
    return cost
""",
            CUTOFF,
        ),
        Answer(
            "a probability instead of a cost",
            """
def fights_up_to(game, bound):
    u = 1 - min(1, game["p"] + game["m"])
    cost = game["v"] * game["s"] * u + game["theta"] * game["t"] + (game["k"] if bound else 0)
    return min(cost / game["Gbar"], 1)
""",
            {"q1_cutoff_examples": 1},
        ),
        Answer(
            "a tripwire that always binds in full",
            """
def fights_up_to(game, bound):
    u = 1 - min(1, game["p"] + game["m"])
    return game["v"] * game["s"] * u + game["t"] + game["k"] * bound
""",
            {"q1_cutoff_examples": 1},
        ),
        Answer(
            "odds above one",
            """
def fights_up_to(game, bound):
    u = 1 - game["p"] - game["m"]
    return game["v"] * game["s"] * u + game["theta"] * game["t"] + game["k"] * bound
""",
            {"q1_cutoff_examples": 1},
        ),
        Answer(
            "the guarantor's own odds forgotten: arms left out",
            """
def fights_up_to(game, bound):
    return game["v"] * game["s"] * (1 - game["p"]) + game["theta"] * game["t"] + game["k"] * bound
""",
            says="a protégé that holds out alone needs its guarantor less",
        ),
        Answer(
            "bound and released the wrong way round",
            """
def fights_up_to(game, bound):
    u = 1 - min(1, game["p"] + game["m"])
    return game["v"] * game["s"] * u + game["theta"] * game["t"] + (0 if bound else game["k"])
""",
            says="expected 0.81",
        ),
        Answer(
            "the tripwire lapses with the promise",
            """
def fights_up_to(game, bound):
    u = 1 - min(1, game["p"] + game["m"])
    extra = game["theta"] * game["t"] + game["k"]
    return game["v"] * game["s"] * u + (extra if bound else 0)
""",
            says="soldiers under fire are not released",
        ),
        Answer(
            "changes the game",
            """
def fights_up_to(game, bound):
    game["p"] = min(1, game["p"] + game["m"])
    return game["v"] * game["s"] * (1 - game["p"]) + game["theta"] * game["t"] + game["k"] * bound
""",
            {"q1_cutoff_examples": 1},
            says="changed the game",
        ),
        Answer(
            "the examples alone",
            """
def fights_up_to(game, bound):
    if game["m"]:
        return 0.135
    return 0.39 if game["t"] else 0.81 if bound else 0.21
""",
            {"q1_cutoff_examples": 1},
        ),
        Answer("a slip of the keyboard", "def fights_up_to(game, bound)\n    return game['k']"),
    ],
    "q1_credibility": [
        Answer(
            "min and max",
            """
def credibility(game, provoked, bound, released):
    def share(cost):
        return max(0.0, min(1.0, cost / game["Gbar"]))
    q = game["q"] if provoked else game["e"] * game["q"]
    return share(bound) - q * (share(bound) - share(released))
""",
            CREDIBILITY,
        ),
        Answer(
            "a weighted average",
            """
def credibility(game, provoked, bound, released):
    lapse = game["q"] * (1 if provoked else game["e"])
    chances = np.interp([bound, released], [0, game["Gbar"]], [0, 1])
    return np.average(chances, weights=[1 - lapse, lapse])
""",
            CREDIBILITY,
        ),
        Answer(
            "a loop over what may happen",
            """
def credibility(game, provoked, bound, released):
    total = 0
    for lapsed in [True, False]:
        chance = game["q"] if provoked else game["q"] * game["e"]
        if not lapsed:
            chance = 1 - chance
        cost = released if lapsed else bound
        if cost >= game["Gbar"]:
            total += chance
        elif cost > 0:
            total += chance * cost / game["Gbar"]
    return total
""",
            CREDIBILITY,
        ),
        Answer(
            "cut off after averaging",
            """
def credibility(game, provoked, bound, released):
    q = game["q"] if provoked else game["e"] * game["q"]
    return min(1, max(0, ((1 - q) * bound + q * released) / game["Gbar"]))
""",
            says="nobody can be more than certain to fight",
        ),
        Answer(
            "no blur",
            """
def credibility(game, provoked, bound, released):
    q = game["q"] if provoked else 0
    return (1 - q) * min(1, bound / game["Gbar"]) + q * min(1, released / game["Gbar"])
""",
            says="one case out of ten",
        ),
        Answer(
            "released below zero",
            """
def credibility(game, provoked, bound, released):
    q = game["q"] if provoked else game["e"] * game["q"]
    return (1 - q) * min(1, bound / game["Gbar"]) + q * min(1, released / game["Gbar"])
""",
            {"q1_credibility_examples": 1},
            says="expected 0.2",
        ),
        Answer(
            "costs between 0 and 1",
            """
def credibility(game, provoked, bound, released):
    q = game["q"] if provoked else game["e"] * game["q"]
    return (1 - q) * np.clip(bound, 0, 1) + q * np.clip(released, 0, 1)
""",
            says="costs of war lie between 0 and Gbar",
        ),
        Answer(
            "lapses when it should hold",
            """
def credibility(game, provoked, bound, released):
    q = game["q"] if provoked else game["e"] * game["q"]
    return q * min(1, bound / game["Gbar"]) + (1 - q) * min(1, released / game["Gbar"])
""",
            says="expected 0.74",
        ),
        Answer(
            "restraint and provocation swapped",
            """
def credibility(game, provoked, bound, released):
    q = game["e"] * game["q"] if provoked else game["q"]
    return (1 - q) * np.clip(bound / game["Gbar"], 0, 1) + q * np.clip(released / game["Gbar"], 0, 1)
""",
            says="expected 0.5",
        ),
        Answer(
            "solves the game it was given",
            """
def credibility(game, provoked, bound, released):
    outcome = solved(game)
    return outcome.credibility_provoked if provoked else outcome.credibility
""",
            says="it lapses in half of the cases",
        ),
        Answer(
            "the examples alone",
            """
def credibility(game, provoked, bound, released):
    if bound == 3.0:
        return 0.6
    if game["Gbar"] == 2:
        return 0.4
    return 0.5 if provoked else 0.74
""",
            {"q1_credibility_examples": 1},
        ),
        Answer("leaves", "def credibility(game, provoked, bound, released):\n    raise SystemExit"),
    ],
    "q2_attack": [
        Answer(
            "in closed form",
            """
def attack(game, credibility, provoked):
    u = max(0, 1 - game["p"] - game["m"])
    cutoff = u * (1 - game["s"] * credibility) - game["L"] * credibility + game["delta"] * provoked
    return np.where(cutoff < 0, 0, np.where(cutoff > game["Abar"], 1, cutoff / game["Abar"]))
""",
            ATTACK,
        ),
        Answer(
            "a dot product",
            """
def attack(game, credibility, provoked):
    u = 1 - np.minimum(1, game["p"] + game["m"])
    war = np.dot([credibility, 1 - credibility], [u - u * game["s"] - game["L"], u])
    return np.interp(war + (game["delta"] if provoked else 0), [0, game["Abar"]], [0, 1])
""",
            ATTACK,
        ),
        Answer(
            "by cases",
            """
def attack(game, credibility, provoked):
    odds_alone = min(1, game["p"] + game["m"])
    odds_helped = 1 - (1 - odds_alone) * (1 - game["s"])
    gain = credibility * (1 - odds_helped - game["L"]) + (1 - credibility) * (1 - odds_alone)
    if provoked:
        gain += game["delta"]
    if gain <= 0:
        return 0
    if gain >= game["Abar"]:
        return 1
    return gain / game["Abar"]
""",
            ATTACK,
        ),
        Answer(
            "peace without the harm",
            """
def attack(game, credibility, provoked):
    u = 1 - min(1, game["p"] + game["m"])
    gain = u * (1 - game["s"] * credibility) - game["L"] * credibility
    return min(max(gain / game["Abar"], 0), 1)
""",
            says="a provoked adversary leaves a peace that hurts",
        ),
        Answer(
            "harm deters",
            """
def attack(game, credibility, provoked):
    u = 1 - min(1, game["p"] + game["m"])
    gain = u * (1 - game["s"] * credibility) - game["L"] * credibility - game["delta"] * provoked
    return min(max(gain / game["Abar"], 0), 1)
""",
            says="by 0.3",
        ),
        Answer(
            "fights the guarantor in every case",
            """
def attack(game, credibility, provoked):
    u = 1 - min(1, game["p"] + game["m"])
    gain = u * (1 - game["s"] * credibility) - game["L"] + game["delta"] * provoked
    return min(max(gain / game["Abar"], 0), 1)
""",
            says="expected 0.7",
        ),
        Answer(
            "below zero",
            """
def attack(game, credibility, provoked):
    u = 1 - min(1, game["p"] + game["m"])
    gain = u * (1 - game["s"] * credibility) - game["L"] * credibility + game["delta"] * provoked
    return min(gain / game["Abar"], 1)
""",
            says="full deterrence",
        ),
        Answer(
            "a cost instead of a probability",
            """
def attack(game, credibility, provoked):
    u = 1 - min(1, game["p"] + game["m"])
    return max(0, u * (1 - game["s"] * credibility) - game["L"] * credibility + game["delta"] * provoked)
""",
            says="every cost of war is below 0.5",
        ),
        Answer(
            "arms left out",
            """
def attack(game, credibility, provoked):
    u = 1 - game["p"]
    gain = u * (1 - game["s"] * credibility) - game["L"] * credibility + game["delta"] * provoked
    return min(max(gain / game["Abar"], 0), 1)
""",
            {"q2_attack_examples": 1},
        ),
        Answer(
            "changes the game",
            """
def attack(game, credibility, provoked):
    game.update(p=min(1, game["p"] + game["m"]), m=0)
    u = 1 - game["p"]
    gain = u * (1 - game["s"] * credibility) - game["L"] * credibility + game["delta"] * provoked
    return min(max(gain / game["Abar"], 0), 1)
""",
            {"q2_attack_examples": 1},
            says="changed the game",
        ),
        Answer("no function", "attack = solved(GAME).attack", says="not callable"),
        Answer(
            "calls itself",
            "def attack(game, credibility, provoked):\n    return attack(game, credibility, provoked)",
            says="recursion",
        ),
    ],
    "q2_moves": [
        Answer(
            "by trying it",
            """
start = GAME | {"k": 0.2, "m": 0.1, "t": 0.1, "q": 0.5, "e": 0.5, "B": 0.6}
moves = {}
for name in ["k", "t", "q", "e", "v", "L", "delta", "B"]:
    change = solved(start | {name: start[name] + 0.01}).attack - solved(start).attack
    moves[name] = "same" if abs(change) < 1e-12 else "up" if change > 0 else "down"
""",
            {"q2_moves_check": 4},
        ),
        Answer(
            "in capitals, with more than was asked",
            """
moves = {name: "DOWN" for name in "k t v L".split()} | dict.fromkeys(["q", "e"], " Up ")
moves.update(delta="Same", B="same", c="same", s="down")
""",
            {"q2_moves_check": 4},
        ),
        Answer(
            "from signs",
            """
signs = pd.Series([-1, -1, 1, 1, -1, -1, 0, 0], index=["k", "t", "q", "e", "v", "L", "delta", "B"])
moves = signs.map({-1: "down", 0: "same", 1: "up"}).to_dict()
""",
            {"q2_moves_check": 4},
        ),
        Answer(
            "provocation mixed in",
            """
moves = {"k": "down", "t": "down", "q": "up", "e": "up", "v": "down", "L": "down", "delta": "up", "B": "up"}
""",
            {"q2_moves_check": 3},
            says="moves['delta']: expected 'same', got 'up'",
        ),
        Answer(
            "a clause that touches provokers alone",
            """
moves = {"k": "down", "t": "down", "q": "same", "e": "same", "v": "down", "L": "down", "delta": "same", "B": "same"}
""",
            {"q2_moves_check": 3},
            says="moves['q']: expected 'up', got 'same'",
        ),
        Answer("all down", 'moves = dict.fromkeys(GAME, "down")', {"q2_moves_check": 2}),
        Answer(
            "the wrong way round",
            """
moves = {"k": "up", "t": "up", "q": "down", "e": "down", "v": "up", "L": "up", "delta": "same", "B": "same"}
""",
            {"q2_moves_check": 1},
        ),
        Answer("unfinished", 'moves = {"k": "down", "t": "falls"}', {"q2_moves_check": 0.5}, says="got 'falls'"),
        Answer(
            "a list", 'moves = ["down", "down", "up", "up", "down", "down", "same", "same"]', says="expected a dict"
        ),
        Answer(
            "numbers instead of words",
            'moves = {"k": -1, "t": -1, "q": 1, "e": 1, "v": -1}',
            says="expected 'up', 'down'",
        ),
        Answer(
            "a key misspelt",
            """
moves = dict(K="down", t="down", q="up", e="up", v="down", l="down", delta="same", b="same")
""",
            {"q2_moves_check": 2.5},
            says="moves['k']: expected 'up', 'down' or 'same', got None",
        ),
    ],
    "q3_play": [
        Answer(
            "row by row",
            """
def play(draws, rules):
    rows = []
    for _, row in draws.iterrows():
        provoked = row["gain"] >= rules["provokes_from"]
        after = "_provoked" if provoked else ""
        war = row["attack_cost"] <= rules["attack" + after]
        lapsed = row["fate"] < rules["lapse" + after]
        limit = rules["released"] if lapsed else rules["bound"]
        rows.append([bool(provoked), bool(war), bool(war and row["fight_cost"] <= limit)])
    return pd.DataFrame(rows, index=draws.index, columns=["provoked", "war", "fights"])
""",
            PLAY,
        ),
        Answer(
            "ones and zeros, columns in another order",
            """
def play(draws, rules):
    tense = (draws.gain.to_numpy() >= rules["provokes_from"]).astype(int)
    limit = np.array([rules["attack"], rules["attack_provoked"]])[tense]
    lapse = np.array([rules["lapse"], rules["lapse_provoked"]])[tense]
    war = draws.attack_cost.to_numpy() <= limit
    ready = draws.fight_cost.to_numpy() <= np.where(draws.fate.to_numpy() < lapse, rules["released"], rules["bound"])
    columns = {"war": war.astype(int), "fights": (war & ready).astype(int), "provoked": tense}
    return pd.DataFrame(columns, index=draws.index)
""",
            PLAY,
        ),
        Answer(
            "in a copy",
            """
def play(draws, rules):
    games = draws.copy()
    games["provoked"] = games["gain"] >= rules["provokes_from"]
    limit = games["provoked"].map({True: rules["attack_provoked"], False: rules["attack"]})
    games["war"] = games["attack_cost"] <= limit
    lapse = games["provoked"].map({True: rules["lapse_provoked"], False: rules["lapse"]})
    bound = games["fate"] >= lapse
    ready = (bound & (games["fight_cost"] <= rules["bound"])) | (~bound & (games["fight_cost"] <= rules["released"]))
    games["fights"] = games["war"] & ready
    return games
""",
            PLAY,
        ),
        Answer(
            "fights without a war",
            """
def play(draws, rules):
    provoked = draws["gain"] >= rules["provokes_from"]
    war = draws["attack_cost"] <= np.where(provoked, rules["attack_provoked"], rules["attack"])
    lapsed = draws["fate"] < np.where(provoked, rules["lapse_provoked"], rules["lapse"])
    fights = draws["fight_cost"] <= np.where(lapsed, rules["released"], rules["bound"])
    return pd.DataFrame({"provoked": provoked, "war": war, "fights": fights})
""",
            says="restrained, and left in peace",
        ),
        Answer(
            "holds when it should lapse",
            """
def play(draws, rules):
    provoked = draws["gain"] >= rules["provokes_from"]
    war = draws["attack_cost"] <= np.where(provoked, rules["attack_provoked"], rules["attack"])
    bound = draws["fate"] < np.where(provoked, rules["lapse_provoked"], rules["lapse"])
    fights = war & (draws["fight_cost"] <= np.where(bound, rules["bound"], rules["released"]))
    return pd.DataFrame({"provoked": provoked, "war": war, "fights": fights})
""",
            says="attacked although restrained, and defended",
        ),
        Answer(
            "an adversary that does not look",
            """
def play(draws, rules):
    provoked = draws["gain"] >= rules["provokes_from"]
    war = draws["attack_cost"] <= rules["attack"]
    lapsed = draws["fate"] < np.where(provoked, rules["lapse_provoked"], rules["lapse"])
    fights = war & (draws["fight_cost"] <= np.where(lapsed, rules["released"], rules["bound"]))
    return pd.DataFrame({"provoked": provoked, "war": war, "fights": fights})
""",
            says="provoked, was attacked, and the promise held",
        ),
        Answer(
            "one chance of lapsing",
            """
def play(draws, rules):
    provoked = draws["gain"] >= rules["provokes_from"]
    war = draws["attack_cost"] <= np.where(provoked, rules["attack_provoked"], rules["attack"])
    lapsed = draws["fate"] < rules["lapse_provoked"]
    fights = war & (draws["fight_cost"] <= np.where(lapsed, rules["released"], rules["bound"]))
    return pd.DataFrame({"provoked": provoked, "war": war, "fights": fights})
""",
            {"q3_play_examples": 1},
            says="column 'fights'",
        ),
        Answer(
            "writes into the draws",
            """
def play(draws, rules):
    draws["provoked"] = draws["gain"] >= rules["provokes_from"]
    draws["war"] = draws["attack_cost"] <= np.where(draws["provoked"], rules["attack_provoked"], rules["attack"])
    lapsed = draws["fate"] < np.where(draws["provoked"], rules["lapse_provoked"], rules["lapse"])
    draws["fights"] = draws["war"] & (draws["fight_cost"] <= np.where(lapsed, rules["released"], rules["bound"]))
    return draws[["provoked", "war", "fights"]]
""",
            {"q3_play_examples": 1},
            says="changed the draws",
        ),
        Answer(
            "a new index",
            """
def play(draws, rules):
    provoked = draws["gain"] >= rules["provokes_from"]
    war = draws["attack_cost"] <= np.where(provoked, rules["attack_provoked"], rules["attack"])
    lapsed = draws["fate"] < np.where(provoked, rules["lapse_provoked"], rules["lapse"])
    fights = war & (draws["fight_cost"] <= np.where(lapsed, rules["released"], rules["bound"]))
    return pd.DataFrame({"provoked": provoked, "war": war, "fights": fights}).sort_index()
""",
            {"q3_play_examples": 1},
            says="expected the index of draws",
        ),
        Answer(
            "strictly below the limits",
            """
def play(draws, rules):
    provoked = draws["gain"] > rules["provokes_from"]
    war = draws["attack_cost"] < np.where(provoked, rules["attack_provoked"], rules["attack"])
    lapsed = draws["fate"] <= np.where(provoked, rules["lapse_provoked"], rules["lapse"])
    fights = war & (draws["fight_cost"] < np.where(lapsed, rules["released"], rules["bound"]))
    return pd.DataFrame({"provoked": provoked, "war": war, "fights": fights})
""",
            {"q3_play_examples": 1},
            says="exactly at its limit",
        ),
        Answer(
            "a dict of counts", 'def play(draws, rules):\n    return {"war": len(draws)}', says="expected a DataFrame"
        ),
        Answer("an argument short", "def play(draws):\n    return draws > 0.5", says="positional argument"),
    ],
    "q3_suspicious": [
        Answer(
            "a loop",
            """
def suspicious(counted, claimed, plays):
    names = []
    for name in claimed:
        variance = claimed[name] * (1 - claimed[name]) / plays
        if (counted[name] - claimed[name]) ** 2 > 16 * variance:
            names.append(name)
    return names
""",
            SUSPICIOUS,
        ),
        Answer(
            "Series",
            """
def suspicious(counted, claimed, plays):
    claimed = pd.Series(claimed, dtype=float)
    counted = pd.Series(counted, dtype=float).reindex(claimed.index)
    error = np.sqrt(claimed * (1 - claimed) / plays)
    return claimed.index[(counted - claimed).abs() > 4 * error]
""",
            SUSPICIOUS,
        ),
        Answer(
            "an interval",
            """
import math

def suspicious(counted, claimed, plays):
    def inside(name):
        x = claimed[name]
        margin = 4 * math.sqrt(x * (1 - x) / plays)
        return x - margin <= counted[name] <= x + margin
    return tuple(name for name in claimed if not inside(name))
""",
            SUSPICIOUS,
        ),
        Answer(
            "above only",
            """
def suspicious(counted, claimed, plays):
    return [name for name, x in claimed.items() if counted[name] - x > 4 * (x * (1 - x) / plays) ** 0.5]
""",
            says="more than four below",
        ),
        Answer(
            "two standard errors",
            """
def suspicious(counted, claimed, plays):
    return [name for name, x in claimed.items() if abs(counted[name] - x) > 2 * (x * (1 - x) / plays) ** 0.5]
""",
            says="less than four standard errors above",
        ),
        Answer(
            "one hundredth, whatever the number of plays",
            """
def suspicious(counted, claimed, plays):
    return [name for name, x in claimed.items() if abs(counted[name] - x) > 0.02]
""",
            says="with fewer plays",
        ),
        Answer(
            "the variance",
            """
def suspicious(counted, claimed, plays):
    return [name for name, x in claimed.items() if abs(counted[name] - x) > 4 * x * (1 - x) / plays]
""",
            says="expected [] (less than four",
        ),
        Answer(
            "the error of the count",
            """
def suspicious(counted, claimed, plays):
    return [
        name for name, x in claimed.items()
        if abs(counted[name] - x) >= 4 * (counted[name] * (1 - counted[name]) / plays) ** 0.5
    ]
""",
            {"q3_suspicious_examples": 1},
        ),
        Answer(
            "in the order of the counts",
            """
def suspicious(counted, claimed, plays):
    return [n for n in counted if abs(counted[n] - claimed[n]) > 4 * (claimed[n] * (1 - claimed[n]) / plays) ** 0.5]
""",
            {"q3_suspicious_examples": 1},
        ),
        Answer(
            "divides by an error of zero",
            """
def suspicious(counted, claimed, plays):
    return [n for n, x in claimed.items() if abs(counted[n] - x) / (x * (1 - x) / plays) ** 0.5 > 4]
""",
            {"q3_suspicious_examples": 1},
            says="division by zero",
        ),
        Answer(
            "one half for every probability",
            """
def suspicious(counted, claimed, plays):
    return [n for n, x in claimed.items() if abs(counted[n] - x) > 2 / plays ** 0.5]
""",
            {"q3_suspicious_examples": 1},
        ),
        Answer(
            "prints instead of returning",
            """
def suspicious(counted, claimed, plays):
    print([name for name, x in claimed.items() if abs(counted[name] - x) > 4 * (x * (1 - x) / plays) ** 0.5])
""",
            says="Does your function end with return?",
        ),
    ],
    "q4_threshold": [
        Answer(
            "in closed form",
            """
def deterring_promise(game):
    u = 1 - min(1, game["p"] + game["m"])
    interest = game["v"] * game["s"] * u + game["theta"] * game["t"]
    lapse = game["e"] * game["q"]
    needed = u / (u * game["s"] + game["L"])
    released = min(1, interest / game["Gbar"])
    if released >= needed:
        return 0
    if lapse == 1 or (needed - lapse * released) / (1 - lapse) > 1:
        return None
    return game["Gbar"] * (needed - lapse * released) / (1 - lapse) - interest
""",
            THRESHOLD,
        ),
        Answer(
            "a fine grid, solved at once",
            """
def deterring_promise(game):
    ks = np.linspace(0, 2 * game["Gbar"], 8001)
    deterred = np.flatnonzero(solved(game | {"k": ks}).attack <= 0)
    return ks[deterred[0]] if deterred.size else None
""",
            THRESHOLD,
        ),
        Answer(
            "step by step, first coarse and then fine",
            """
def deterring_promise(game):
    k = 0
    for step in [0.1, 0.01, 0.001, 0.0001]:
        while solved({**game, "k": k}).attack > 0:
            k = k + step
            if k > 3:
                return None
        k = max(0, k - step)
    return 0 if solved({**game, "k": 0}).attack == 0 else k
""",
            THRESHOLD,
        ),
        Answer(
            "a guarantor more than certain",
            """
def deterring_promise(game):
    u = 1 - min(1, game["p"] + game["m"])
    interest = game["v"] * game["s"] * u + game["theta"] * game["t"]
    needed = u / (u * game["s"] + game["L"])
    return max(0, (game["Gbar"] * needed - interest) / (1 - game["e"] * game["q"]))
""",
            says="even a certain guarantor",
        ),
        Answer(
            "never none",
            """
def deterring_promise(game):
    ks = np.linspace(0, 2, 4001)
    return ks[np.argmin(solved(game | {"k": ks}).attack)]
""",
            says="expected None",
        ),
        Answer(
            "the promise cannot lapse",
            """
def deterring_promise(game):
    ks = np.linspace(0, 2, 4001)
    deterred = np.flatnonzero(solved(game | {"k": ks, "q": 0}).attack <= 0)
    return ks[deterred[0]] if deterred.size else None
""",
            says="what may lapse deters less",
        ),
        Answer(
            "starts from the present promise",
            """
def deterring_promise(game):
    ks = game["k"] + np.linspace(0, 2, 4001)
    deterred = np.flatnonzero(solved(game | {"k": ks}).attack <= 0)
    return ks[deterred[0]] if deterred.size else None
""",
            says="the smallest promise, not the present one",
        ),
        Answer(
            "stops at one, although Gbar is larger",
            """
def deterring_promise(game):
    ks = np.linspace(0, 1 - game["v"] * game["s"] * (1 - game["p"]), 2001)
    deterred = np.flatnonzero(solved(game | {"k": ks}).attack <= 0)
    return ks[deterred[0]] if deterred.size else None
""",
            {"q4_threshold_examples": 1},
        ),
        Answer(
            "deters the provoked adversary too",
            """
def deterring_promise(game):
    ks = np.linspace(0, 2, 4001)
    deterred = np.flatnonzero(solved(game | {"k": ks}).attack_provoked <= 0)
    return ks[deterred[0]] if deterred.size else None
""",
            says="fighting the guarantor costs twice as much",
        ),
        Answer(
            "changes the game",
            """
def deterring_promise(game):
    low, high = 0, 2
    while high - low > 1e-5:
        game["k"] = (low + high) / 2
        if solved(game).attack > 0:
            low = game["k"]
        else:
            high = game["k"]
    return None if high == 2 else high
""",
            {"q4_threshold_examples": 1},
            says="changed the game",
        ),
        Answer(
            "the examples alone",
            """
def deterring_promise(game):
    if game["L"] == 0.25 or game["q"] == 0.9:
        return None
    return 0 if game["t"] else 0.787 if game["q"] else 0.551
""",
            {"q4_threshold_examples": 1},
        ),
        Answer("uses what is not there", "def deterring_promise(game):\n    return k_star(game)", says="k_star"),
    ],
    "q4_survives": [
        Answer(
            "a loop",
            """
survives = []
for outcome, higher, lower in STATEMENTS:
    if rankings.share(outcome, higher, lower) > 0.95:
        survives.append([outcome, higher, lower])
""",
            {"q4_survives_check": 3},
        ),
        Answer(
            "from all that is safe",
            "survives = set(STATEMENTS) & set(rankings.safe())",
            {"q4_survives_check": 3},
        ),
        Answer(
            "other numberings, counted by hand",
            """
numbered = robust_rankings(catalog.presets(), draws=5000, seed=8)
place = {model: column for column, model in enumerate(numbered.models)}

def holds(outcome, higher, lower):
    values = getattr(numbered.outcomes, outcome)
    return (values[:, place[higher]] > values[:, place[lower]] + 1e-12).mean()

survives = tuple(filter(lambda statement: holds(*statement) > 0.95, reversed(STATEMENTS)))
""",
            {"q4_survives_check": 3},
        ),
        Answer("keeps everything", "survives = STATEMENTS", {"q4_survives_check": 2}, says="of the numberings"),
        Answer("keeps nothing", "survives = []", {"q4_survives_check": 1}),
        Answer(
            "credibility alone",
            'survives = [s for s in STATEMENTS if s[0] == "credibility"]',
            {"q4_survives_check": 1.5},
        ),
        Answer(
            "those that fall",
            "survives = [s for s in STATEMENTS if rankings.share(*s) <= 0.95]",
            {"q4_survives_check": 0},
        ),
        Answer(
            "the models turned round",
            "survives = [(o, low, high) for o, high, low in STATEMENTS if rankings.share(o, high, low) > 0.95]",
            {"q4_survives_check": 0},
            says="is not one of STATEMENTS",
        ),
        Answer(
            "shares instead of statements",
            "survives = [rankings.share(*s) for s in STATEMENTS]",
            says="with three parts",
        ),
        Answer(
            "by the default numbers",
            """
presets = {model: solve(*game) for model, game in catalog.presets().items()}
survives = [s for s in STATEMENTS if getattr(presets[s[1]], s[0]) > 1.5 * getattr(presets[s[2]], s[0])]
""",
            {"q4_survives_check": 2},
        ),
        Answer("a number", "survives = 4", says="expected a list"),
        Answer("indices", "survives = [0, 2, 3, 5]", says="with three parts"),
    ],
    "q5_kind": [
        Answer(
            "a table of words",
            """
def kind(without, with_it):
    sinks = without["peace"] - with_it["peace"] > 1e-6
    gap = (with_it["fights"] - with_it["abandons"]) - (without["fights"] - without["abandons"])
    return {(0, 0): "neither", (0, 1): "ties hands", (1, 0): "sinks costs", (1, 1): "both"}[sinks, gap > 1e-6]
""",
            KIND,
        ),
        Answer(
            "Series",
            """
def kind(without, with_it):
    change = (pd.Series(with_it) - pd.Series(without)).round(6)
    words = []
    if change["abandons"] < change["fights"]:
        words.append("ties hands")
    if change["peace"] < 0:
        words.append("sinks costs")
    return "both" if len(words) == 2 else words[0] if words else "neither"
""",
            KIND,
        ),
        Answer(
            "rounded first",
            """
def kind(without, with_it):
    loss = {ending: round(without[ending] - with_it[ending], 6) for ending in without}
    if loss["peace"] > 0 and loss["abandons"] > loss["fights"]:
        return "both"
    elif loss["peace"] > 0:
        return "sinks costs"
    elif loss["abandons"] > loss["fights"]:
        return "ties hands"
    else:
        return "neither"
""",
            KIND,
        ),
        Answer(
            "rounding taken for a difference",
            """
def kind(without, with_it):
    gain = {ending: with_it[ending] - without[ending] for ending in with_it}
    sinks, ties = gain["peace"] < 0, gain["fights"] > gain["abandons"]
    return "both" if sinks and ties else "ties hands" if ties else "sinks costs" if sinks else "neither"
""",
            {"q5_kind_examples": 1},
        ),
        Answer(
            "any loss from abandoning ties hands",
            """
def kind(without, with_it):
    sinks, ties = (without[ending] - with_it[ending] > 1e-6 for ending in ("peace", "abandons"))
    return "both" if sinks and ties else "ties hands" if ties else "sinks costs" if sinks else "neither"
""",
            {"q5_kind_examples": 1},
            says="expected 'sinks costs', got 'both'",
        ),
        Answer(
            "costs that fall due in war are sunk too",
            """
def kind(without, with_it):
    sinks = without["fights"] - with_it["fights"] > 1e-6
    ties = with_it["fights"] - with_it["abandons"] - without["fights"] + without["abandons"] > 1e-6
    return "both" if sinks and ties else "ties hands" if ties else "sinks costs" if sinks else "neither"
""",
            {"q5_kind_examples": 1},
        ),
        Answer(
            "the gap with the instrument alone",
            """
def kind(without, with_it):
    sinks = with_it["peace"] < without["peace"] - 1e-6
    ties = with_it["fights"] > with_it["abandons"]
    return "both" if sinks and ties else "ties hands" if ties else "sinks costs" if sinks else "neither"
""",
            says="expected 'sinks costs', got 'both'",
        ),
        Answer(
            "never both",
            """
def kind(without, with_it):
    if with_it["peace"] < without["peace"] - 1e-6:
        return "sinks costs"
    if with_it["fights"] - with_it["abandons"] > without["fights"] - without["abandons"] + 1e-6:
        return "ties hands"
    return "neither"
""",
            says="troops in the line of fire",
        ),
        Answer(
            "without and with swapped",
            """
def kind(with_it, without):
    sinks = with_it["peace"] < without["peace"] - 1e-6
    ties = with_it["fights"] - with_it["abandons"] > without["fights"] - without["abandons"] + 1e-6
    return "both" if sinks and ties else "ties hands" if ties else "sinks costs" if sinks else "neither"
""",
            says="a ratified promise",
        ),
        Answer(
            "changes the payoffs",
            """
def kind(without, with_it):
    for ending in with_it:
        with_it[ending] -= without[ending]
    sinks, ties = with_it["peace"] < -1e-6, with_it["fights"] - with_it["abandons"] > 1e-6
    return "both" if sinks and ties else "ties hands" if ties else "sinks costs" if sinks else "neither"
""",
            {"q5_kind_examples": 1},
            says="changed the payoffs",
        ),
        Answer(
            "the examples alone",
            """
def kind(without, with_it):
    return {0.425: "sinks costs", 0.464: "both"}.get(
        with_it["peace"], "ties hands" if with_it["abandons"] < 0 else "neither"
    )
""",
            {"q5_kind_examples": 1},
        ),
        Answer(
            "claims to equal everything",
            """
class Yes(str):
    __eq__ = lambda self, other: True
    __hash__ = str.__hash__

def kind(without, with_it):
    return Yes("ties hands")
""",
            says="got 'ties hands'",
        ),
    ],
    "q5_bill": [
        Answer(
            "line by line",
            """
def bill(game, breach, abandonment):
    costs = {}
    costs["ex post"] = abandonment * game["theta"] * game["t"]
    costs["ex post"] += breach * game["k"]
    costs["ex ante"] = game["m"] * game["phi"]
    costs["ex ante"] += game["t"] * game["psi"]
    return costs
""",
            BILL,
        ),
        Answer(
            "dot products",
            """
def bill(game, breach, abandonment):
    before = np.dot([game["phi"], game["psi"]], [game["m"], game["t"]])
    after = np.dot([game["k"], game["theta"] * game["t"]], [breach, abandonment])
    return pd.Series({"ex ante": before, "ex post": after})
""",
            BILL,
        ),
        Answer(
            "released and bound apart",
            """
def bill(game, breach, abandonment):
    troops = game["theta"] * game["t"]
    after = breach * (game["k"] + troops) + (abandonment - breach) * troops
    return {"ex post": after, "ex ante": sum(game[price] * game[dial] for price, dial in [("phi", "m"), ("psi", "t")])}
""",
            BILL,
        ),
        Answer(
            "a lapsed promise is broken",
            """
def bill(game, breach, abandonment):
    return {
        "ex ante": game["phi"] * game["m"] + game["psi"] * game["t"],
        "ex post": (game["k"] + game["theta"] * game["t"]) * abandonment,
    }
""",
            {"q5_bill_general": 1},
            says="a promise that has lapsed is not broken",
        ),
        Answer(
            "troops cost nothing in advance",
            """
def bill(game, breach, abandonment):
    return {"ex ante": game["phi"] * game["m"], "ex post": game["k"] * breach + game["theta"] * game["t"] * abandonment}
""",
            {"q5_bill_general": 1},
            says="troops are paid for twice",
        ),
        Answer(
            "a tripwire that is broken only with the promise",
            """
def bill(game, breach, abandonment):
    return {
        "ex ante": game["phi"] * game["m"] + game["psi"] * game["t"],
        "ex post": (game["k"] + game["theta"] * game["t"]) * breach,
    }
""",
            {"q5_bill_general": 1},
            says="troops are paid for twice",
        ),
        Answer(
            "the full price of a breach",
            """
def bill(game, breach, abandonment):
    return {"ex ante": game["phi"] * game["m"] + game["psi"] * game["t"], "ex post": game["k"] + game["t"]}
""",
            {"q5_bill_general": 1},
            says="tied hands cost only those who break their word",
        ),
        Answer(
            "ante and post swapped",
            """
def bill(game, breach, abandonment):
    return {
        "ex post": game["phi"] * game["m"] + game["psi"] * game["t"],
        "ex ante": game["k"] * breach + game["theta"] * game["t"] * abandonment,
    }
""",
            says="expected ex ante 0",
        ),
        Answer(
            "theta forgotten",
            """
def bill(game, breach, abandonment):
    return {
        "ex ante": game["phi"] * game["m"] + game["psi"] * game["t"],
        "ex post": game["k"] * breach + game["t"] * abandonment,
    }
""",
            {"q5_bill_examples": 1, "q5_bill_general": 1},
        ),
        Answer(
            "changes the game",
            """
def bill(game, breach, abandonment):
    arms, troops = game.pop("m"), game.pop("t")
    return {
        "ex ante": game["phi"] * arms + game["psi"] * troops,
        "ex post": game["k"] * breach + game["theta"] * troops * abandonment,
    }
""",
            {"q5_bill_examples": 1},
            says="changed the game",
        ),
        Answer(
            "one sum",
            """
def bill(game, breach, abandonment):
    return {"ex ante": game["phi"] * game["m"] + game["psi"] * game["t"] + game["k"] * breach}
""",
            says="expected ex ante 0",
        ),
        Answer(
            "prints instead of returning",
            """
def bill(game, breach, abandonment):
    print(game["phi"] * game["m"] + game["psi"] * game["t"])
    print(game["k"] * breach + game["theta"] * game["t"] * abandonment)
""",
            says="Does your function end with return?",
        ),
    ],
    "q6_deeds": [
        Answer(
            "deeds deter, words bind",
            "Deeds are arms and troops (m, t), which are paid for in advance; words are tied hands (k). With m = 0.25 "
            "attack falls from 0.56 to 0.38, but credibility falls too, from 0.21 to 0.14. With k = 0.6 credibility "
            "rises to 0.81. So in the game it comes down to words that somebody would be punished for breaking. The "
            "best reply is that such punishment has to come from somewhere, and past deeds may be where: the game "
            "carries no reputation from one crisis to the next.",
        ),
    ],
}

SUBMISSIONS = laid_out(BANK)
