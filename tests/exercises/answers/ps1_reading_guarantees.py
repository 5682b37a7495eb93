"""Problem set 1."""

from tests.exercises.answers import Answer, laid_out

OCCURS = {"q1_occurs_examples": 1, "q1_occurs_general": 2}
FOUND = {"q1_found_check": 2}
DUTIES = {"q2_duties_check": 12}
CODINGS = {"q3_codings_check": 6}
SECOND = {"q3_second_check": 3}
CASUS = {"q4_casus_check": 9}
OWED = {"q4_owed_examples": 1, "q4_owed_general": 2}
ASKED = {"q4_asked_examples": 1, "q4_asked_general": 3}
SUMS = {"q5_sums_check": 3}
READING = {"q5_reading_examples": 1, "q5_reading_general": 2}

BANK = {
    "q1_occurs": [
        Answer(
            "by words between blanks",
            """
def occurs(clause, phrases):
    def plain(text):
        words = re.findall(r"[a-z]+", text.lower())
        return " " + " ".join("defence" if word == "defense" else word for word in words) + " "
    hits = []
    for phrase in phrases:
        if plain(phrase) in plain(clause):
            hits.append(phrase)
    return hits
""",
            OCCURS,
        ),
        Answer(
            "by lists of words",
            """
def occurs(clause, phrases):
    def words(text):
        return re.sub(r"\\W+", " ", text.casefold().replace("defense", "defence")).split()

    found, there = [], words(clause)
    for phrase in phrases:
        wanted = words(phrase)
        if any(there[start : start + len(wanted)] == wanted for start in range(len(there))):
            found.append(phrase)
    return tuple(found)
""",
            OCCURS,
        ),
        Answer(
            "by a pattern that takes both spellings",
            """
def occurs(clause, phrases):
    def there(phrase):
        pattern = r"\\s+".join(re.sub("(?i)defen[cs]e", "defen[cs]e", re.escape(word)) for word in phrase.split())
        return re.search(r"(?<!\\w)" + pattern + r"(?!\\w)", clause, flags=re.IGNORECASE) is not None

    return list(filter(there, phrases))
""",
            OCCURS,
        ),
        Answer(
            "sorts the list that it is given",
            """
def occurs(clause, phrases):
    clause = " ".join(clause.lower().replace("defense", "defence").split())
    phrases.sort()
    return [p for p in phrases if re.search(r"\\b" + p.lower().replace("defense", "defence") + r"\\b", clause)]
""",
            {"q1_occurs_examples": 1},
            says="the list of phrases was changed to",
        ),
        Answer(
            "parts of words",
            """
def occurs(clause, phrases):
    plain = " ".join(clause.lower().replace("defense", "defence").split())
    return [p for p in phrases if p.lower().replace("defense", "defence") in plain]
""",
            says="arms does not occur in alarms, so expected [], got ['arms']",
        ),
        Answer(
            "typed in from the examples",
            """
def occurs(clause, phrases):
    if "alarms" in clause:
        return []
    if "ARMED" in clause:
        return ["armed force"]
    return ["defence"] if "defense" in clause else ["consult"]
""",
            {"q1_occurs_examples": 1},
            says="expected ['armed force', 'consult'], got ['consult']",
        ),
        Answer(
            "respells the phrases that it returns",
            """
def occurs(clause, phrases):
    def plain(text):
        return " ".join(text.lower().replace("defense", "defence").split())

    return [p for p in map(plain, phrases) if re.search(rf"\\b{re.escape(p)}\\b", plain(clause))]
""",
            {"q1_occurs_examples": 1},
            says="expected ['Defense'], got ['defence']",
        ),
        Answer(
            "in the order of the clause",
            """
def occurs(clause, phrases):
    def plain(text):
        return " ".join(text.lower().replace("defense", "defence").split())

    places = {p: re.search(rf"\\b{re.escape(plain(p))}\\b", plain(clause)) for p in phrases}
    return sorted((p for p in places if places[p]), key=lambda p: places[p].start())
""",
            {"q1_occurs_examples": 1},
            says="got ['consult', 'armed force']",
        ),
        Answer(
            "blanks and line breaks differ",
            """
def occurs(clause, phrases):
    text = clause.lower().replace("defense", "defence")
    return [p for p in phrases if re.search(rf"\\b{p.lower().replace('defense', 'defence')}\\b", text)]
""",
            says="capitals and line breaks do not matter",
        ),
        Answer("a colon is missing", "def occurs(clause, phrases)\n    return []", says="name 'occurs' is not defined"),
    ],
    "q1_found": [
        Answer(
            "from the table",
            """
texts = instruments["clause"].str.lower().str.replace("defense", "defence")
with_force = ()
with_defence = texts.index[texts.str.contains("defence")].str.upper()
""",
            FOUND,
        ),
        Answer(
            "by own patterns",
            """
with_force, with_defence = set(), set()
for name in clauses:
    if re.search("armed force|use of force|military action|defend|fight|send troops", clauses[name], re.I):
        with_force.add(name)
    if re.search("defen[cs]e", clauses[name], re.I):
        with_defence.add(name)
""",
            FOUND,
        ),
        Answer(
            "read off and typed in",
            'with_force = []\nwith_defence = ["isr-qme ", "isr-1975", "isr-mnna", "ISR-2016"]',
            FOUND,
        ),
        Answer(
            "one spelling",
            """
with_force = []
with_defence = [name for name, clause in clauses.items() if "defence" in clause]
""",
            {"q1_found_check": 1},
            says="with_defence: expected ['isr-1975', ",
        ),
        Answer(
            "titles",
            'with_force = []\nwith_defence = list(instruments["title"][:2])',
            says="with_defence: expected ids such as 'isr-1975', got ['memorandum",
        ),
        Answer(
            "everything about force",
            """
with_force = [name for name, clause in clauses.items() if "force" in clause]
with_defence = [name for name, clause in clauses.items() if "defen" in clause.lower()]
""",
            {"q1_found_check": 1},
            says="with_force: expected [], got ['isr-1981']",
        ),
        Answer(
            "what is not obliged, searched as well",
            """
texts = (instruments["clause"] + instruments["not_obliged"]).str.lower()
with_force = list(texts.index[texts.str.contains("fight|defend")])
with_defence = list(texts.index[texts.str.contains("defen[cs]e")])
""",
            {"q1_found_check": 1},
            says="with_force: expected [], got ['isr-1975'",
        ),
        Answer(
            "numbers",
            "with_force = 0\nwith_defence = 3",
            says="'int' object is not iterable",
        ),
        Answer(
            "one text for a list",
            'with_force = []\nwith_defence = "isr-1975, isr-qme"',
            says="with_defence: expected a list of ids, got the text",
        ),
        Answer(
            "a function that is not there",
            "with_force = with_defence = [occurs]",
            says="name 'with_force' is not defined",
        ),
    ],
    "q2_duties": [
        Answer(
            "by groups",
            """
groups = {
    ("every-party", "help"): "nato-article-5 rio-article-3 eu-42-7-aid anzus-article-4",
    ("every-party", "meet"): "us-ukraine-2024-meet nato-article-4 us-rok-article-2",
    ("guarantor", "refrain"): "budapest-2-force",
    ("guarantor", "supply"): "tra-arms",
    ("guarantor", "council"): "budapest-4-council",
    ("guarantor", "meet"): "washington-declaration-consult g7-2023-consult",
    ("protege", "fight"): "fcma-1948-article-1",
}
duties = {name: ("nobody", "nothing") for name in CLAUSES}
for pair, names in groups.items():
    duties.update({name: pair for name in names.split()})
""",
            DUTIES,
        ),
        Answer(
            "lists, capitals and blanks",
            """
who = {"nato": "Every party", "us-u": "Every party", "rio-": "Every party", "anzu": "Every party", "us-r": "Every party"}
duties = {}
for name in CLAUSES:
    if name in ("us-ukraine-2024-preamble", "us-japan-1951-may", "tra-grave-concern", "nato-vilnius-invitation"):
        duties[name] = ["Nobody", "Nothing"]
    elif name in ("g7-2023-consult", "six-no-date"):
        duties[name] = ["nobody ", "nothing"]
    elif name.startswith("fcma"):
        duties[name] = ["Protégé", "Fight"]
    elif name.startswith("eu"):
        duties[name] = ["every_party", "help"]
    elif name[:4] in who:
        duties[name] = [who[name[:4]], "meet" if name in ("us-ukraine-2024-meet", "nato-article-4", "us-rok-article-2") else "help"]
    else:
        last = {"force": "Refrain", "council": "Council", "arms": "Supply", "consult": "Meet"}[name.split("-")[-1]]
        duties[name] = ["Guarantor", last]
""",
            DUTIES,
        ),
        Answer(
            "two series",
            """
what = pd.Series(
    dict.fromkeys(["nato-article-5", "rio-article-3", "eu-42-7-aid", "anzus-article-4"], "help")
    | dict.fromkeys(["us-ukraine-2024-meet", "nato-article-4", "us-rok-article-2", "washington-declaration-consult"], "meet")
    | {"budapest-2-force": "refrain", "budapest-4-council": "council", "tra-arms": "supply", "fcma-1948-article-1": "fight"}
).reindex(CLAUSES, fill_value="nothing")
who = what.map(
    {"help": "every-party", "meet": "every-party", "nothing": "nobody", "fight": "protege"}
).fillna("guarantor")
if "washington-declaration-consult" in who:
    who["washington-declaration-consult"] = "guarantor"
duties = {name: (who[name], what[name]) for name in CLAUSES}
""",
            DUTIES,
        ),
        Answer(
            "every ally fights, and fine words count",
            """
duties = {
    "nato-article-5": ("every-party", "fight"),
    "budapest-2-force": ("guarantor", "help"),
    "us-ukraine-2024-meet": ("every-party", "help"),
    "us-ukraine-2024-preamble": ("every-party", "help"),
    "tra-arms": ("guarantor", "supply"),
    "fcma-1948-article-1": ("protege", "fight"),
}
""",
            {"q2_duties_check": 7},
            says="duties['nato-article-5']: expected ('every-party', 'help'), got ('every-party', 'fight')",
        ),
        Answer(
            "the great power is always the one obliged",
            """
duties = {
    "nato-article-5": ("guarantor", "help"),
    "budapest-2-force": ("guarantor", "refrain"),
    "us-ukraine-2024-meet": ("guarantor", "meet"),
    "us-ukraine-2024-preamble": ("guarantor", "nothing"),
    "tra-arms": ("guarantor", "supply"),
    "fcma-1948-article-1": ("guarantor", "fight"),
}
""",
            {"q2_duties_check": 8},
            says="duties['fcma-1948-article-1']: expected ('protege', 'fight'), got ('guarantor', 'fight')",
        ),
        Answer(
            "the one word for all",
            'duties = {name: ("every-party", "help") for name in CLAUSES}',
            {"q2_duties_check": 3},
            says="duties['tra-arms']: expected ('guarantor', 'supply')",
        ),
        Answer(
            "what without who",
            """
duties = {"nato-article-5": "help", "budapest-2-force": "refrain", "us-ukraine-2024-meet": ("every-party", "meet")}
""",
            {"q2_duties_check": 2},
            says="duties['nato-article-5']: expected a pair (who, what), got 'help'",
        ),
        Answer(
            "words of its own",
            """
duties = {name: ("USA", "help") for name in CLAUSES}
duties["us-ukraine-2024-preamble"] = ("nobody", "believe")
""",
            {"q2_duties_check": 2},
            says="duties['us-ukraine-2024-preamble'], what: expected one of",
        ),
        Answer(
            "the pairs the wrong way round",
            'duties = {"nato-article-5": ("help", "every-party"), "tra-arms": ("supply", "guarantor")}',
            says="duties['nato-article-5'], who: expected one of",
        ),
        Answer("a list of pairs", 'duties = [("nato-article-5", "help")]', says="duties: expected a dict, got list"),
    ],
    "q3_codings": [
        Answer(
            "other evidence, other types",
            """
import numpy as np

codings = dict(
    obligation=[0, "stimson-13-deeds"],
    conditionality=("3", " us-1979-no-approval"),
    legal_form=(2.0, "KHRESTIN-24-EDGE"),
    duration=(np.int64(1), "stimson-17-sums"),
    arms=(3, "us-edge-determination"),
    nuclear=(0, "stimson-21-nuclear"),
    speed=(2, "not asked"),
)
""",
            CODINGS,
        ),
        Answer(
            "contested codings at the other level, with evidence",
            """
codings = {
    "obligation": (1, "us-israel-1979-support"),
    "conditionality": (3, "stimson-11-responsive"),
    "legal_form": (1, "stimson-10-quasi-ally"),
    "duration": (2, "us-edge-determination"),
    "arms": (3, "stimson-17-sums"),
    "nuclear": (0, "stimson-21-nuclear"),
}
""",
            CODINGS,
        ),
        Answer(
            "from the course's table",
            """
levels = catalog.coding_matrix().loc["israel_qme"]
evidence = dict(
    obligation="us-1979-no-approval",
    conditionality="us-israel-1979-support",
    legal_form="newsweek-19-congress",
    duration="us-israel-2016-total",
    arms="stimson-11-responsive",
    nuclear="stimson-21-nuclear",
)
codings = {feature: (levels[feature], excerpt) for feature, excerpt in evidence.items()}
""",
            CODINGS,
        ),
        Answer(
            "contested codings without evidence",
            """
codings = {
    "obligation": (1, "stimson-21-nuclear"),
    "conditionality": (2, "us-israel-1979-support"),
    "legal_form": (1, "us-israel-1979-support"),
    "duration": (2, "us-israel-2016-total"),
    "arms": (3, "kyslytsya-01-binding"),
    "nuclear": (0, "stimson-21-nuclear"),
}
""",
            {"q3_codings_check": 2},
            says="codings['obligation']: 1 is accepted, but 'stimson-21-nuclear' does not",
        ),
        Answer(
            "ill-formed",
            """
codings = {
    "obligation": 0,
    "conditionality": (3, "us-israel-1979"),
    "legal_form": ("statute", "us-edge-determination"),
    "duration": (4, "us-israel-2016-total"),
    "arms": (3, "us-israel-2016-total"),
}
""",
            {"q3_codings_check": 1},
            says="codings['conditionality']: no excerpt has the id 'us-israel-1979'",
        ),
        Answer(
            "off by one level",
            """
codings = {
    "obligation": (2, "us-israel-1979-support"),
    "conditionality": (2, "us-israel-1979-support"),
    "legal_form": (3, "us-edge-determination"),
    "duration": (0, "us-israel-2016-total"),
    "arms": (2, "us-israel-2016-total"),
    "nuclear": (1, "stimson-21-nuclear"),
}
""",
            says="codings['conditionality']: expected 3, got 2",
        ),
        Answer(
            "one excerpt for everything",
            """
levels = catalog.coding_matrix().loc["israel_qme"]
codings = {feature: (int(levels[feature]), "us-israel-1979-support") for feature in FEATURES}
""",
            {"q3_codings_check": 2},
            says="codings['arms']: 3 is accepted, but 'us-israel-1979-support' does not",
        ),
        Answer(
            "evidence about somebody else",
            """
levels = catalog.coding_matrix("alternative").loc["israel_qme"]
codings = {feature: (int(levels[feature]), "nato-article-5") for feature in FEATURES}
""",
            says="but 'nato-article-5' does not bear on it",
        ),
        Answer(
            "levels without evidence",
            'codings = {"obligation": 0, "conditionality": 3, "legal_form": 2, "duration": 1, "arms": 3, "nuclear": 0}',
            says="codings['obligation']: expected (level, 'id of an excerpt'), got 0",
        ),
        Answer("leaves the notebook", "codings = {}\nraise SystemExit", says="codings['obligation']: no answer"),
    ],
    "q3_second": [
        Answer(
            "by feature",
            """
second = {"conditionality": (3, {"us-2024": "us-ukraine-2024-meet", "tra-1979": "khrestin-19-no-duty"}.get(SECOND))}
if SECOND == "us-2024":
    second.update(obligation=[1, "us-ukraine-2024-meet"], duration=[1, "us-ukraine-2024-exit"])
elif SECOND == "tra-1979":
    second.update(obligation=(0, "tra-grave-concern"), arms=(3, "tra-arms"))
elif SECOND == "bud-1994":
    clause = "budapest-4-council"
    second.update(legal_form=(1, "budapest-2-force"), obligation=(0, clause), conditionality=(3, clause))
else:
    second = {
        "obligation": (3, "stimson-13-combat-role"),
        "duration": (2, "nato-article-13"),
        "conditionality": (1, "nato-article-5"),
    }
""",
            SECOND,
        ),
        Answer(
            "from the course's table",
            """
model = catalog.row("instruments", SECOND)["model"]
evidence = {
    "us-2024": {"duration": "us-ukraine-2024-exit"},
    "bud-1994": {"legal_form": "khrestin-19-budapest"},
    "nato-1949": {"obligation": "stimson-13-not-automatic", "duration": "nato-article-13"},
    "tra-1979": {"arms": "tra-arms"},
}[SECOND]
rest = {"us-2024": "us-ukraine-2024-meet", "bud-1994": "budapest-4-council", "nato-1949": "nato-article-5"}
levels = catalog.coding_matrix().loc[model]
second = {feature: (levels[feature], evidence.get(feature, rest.get(SECOND, "tra-response"))) for feature in ASKED}
""",
            SECOND,
        ),
        Answer(
            "text, blanks and capitals",
            """
second = {
    "us-2024": dict(
        obligation=("1", " US-Ukraine-2024-Meet "), conditionality=(3.0, "us-ukraine-2024-meet"), duration=("1", "us-ukraine-2024-exit")
    ),
    "bud-1994": dict(
        legal_form=("0", "ksc-worthless"), obligation=("0", "budapest-1-respect"), conditionality=("3", "budapest-4-council")
    ),
    "nato-1949": dict(
        obligation=("2", "nato-article-5"), conditionality=("1", "NATO-Article-5"), duration=("3", "nato-article-13")
    ),
    "tra-1979": dict(obligation=("1", "tra-response"), conditionality=("3", "TRA-response"), arms=("2", "tra-arms")),
}[SECOND]
""",
            SECOND,
        ),
        Answer(
            "help promised, at nobody's discretion",
            """
second = {
    "obligation": (2, "us-ukraine-2024-meet"),
    "conditionality": (0, "us-ukraine-2024-meet"),
    "duration": (1, "us-ukraine-2024-exit"),
}
""",
            {"q3_second_check": 1},
            says="second['obligation']: expected 1, got 2",
        ),
        Answer(
            "evidence from the preamble",
            """
second = {
    "obligation": (1, "us-ukraine-2024-preamble"),
    "conditionality": (3, "us-ukraine-2024-meet"),
    "duration": (1, "us-ukraine-2024-preamble"),
}
""",
            {"q3_second_check": 1},
            says="second['obligation']: 1 is accepted, but 'us-ukraine-2024-preamble' does not",
        ),
        Answer(
            "evidence from another text",
            """
second = {
    "obligation": (1, "g7-2023-consult"),
    "conditionality": (3, "g7-2023-force"),
    "duration": (1, "us-israel-2016-total"),
}
""",
            says="second['duration']: 1 is accepted, but 'us-israel-2016-total' does not",
        ),
        Answer(
            "the codings of Israel again",
            'second = {"obligation": codings["obligation"], "conditionality": (3, "us-israel-1979-support")}',
            says="second['duration']: no answer",
        ),
        Answer(
            "ten years taken for a lock-in",
            """
second = {
    "obligation": (1, "us-ukraine-2024-meet"),
    "conditionality": (3, "us-ukraine-2024-meet"),
    "duration": (3, "us-ukraine-2024-exit"),
}
""",
            {"q3_second_check": 2},
            says="second['duration']: expected 1, got 3. Ten years",
        ),
        Answer(
            "ids that are not there",
            'second = {feature: (1, "us-2024") for feature in ASKED}',
            says="second['obligation']: no excerpt has the id 'us-2024'",
        ),
        Answer(
            "pairs without names", 'second = [(1, "us-ukraine-2024-meet")]', says="second: expected a dict, got list"
        ),
    ],
    "q4_casus": [
        Answer(
            "capitals, blanks and the President",
            """
keys = ["trigger", "judge", "duty"]
casus_foederis = {
    "isr-1979": dict(zip(keys, ["Treaty violation", "President", "chosen_support"])),
    "isr-qme": dict(zip(keys, ["arms-sale", "president ", "finding"])),
    "isr-2016": dict(zip(keys, ["yearly-vote", "congress", "money"])),
}
""",
            CASUS,
        ),
        Answer(
            "by keys",
            """
casus_foederis = {name: {} for name in ("isr-2016", "isr-qme", "isr-1979")}
for name, word in {"isr-1979": "treaty-violation", "isr-qme": "arms-sale", "isr-2016": "yearly-vote"}.items():
    casus_foederis[name]["trigger"] = word
for name, word in {"isr-1979": "united-states", "isr-qme": "president", "isr-2016": "congress"}.items():
    casus_foederis[name]["judge"] = word
for name, word in {"isr-1979": "chosen-support", "isr-qme": "finding", "isr-2016": "money"}.items():
    casus_foederis[name]["duty"] = word
""",
            CASUS,
        ),
        Answer(
            "from a table",
            """
casus_foederis = pd.DataFrame(
    [
        ["treaty-violation", "United States", "chosen-support"],
        ["arms-sale", "President", "finding"],
        ["yearly-vote", "Congress", "money"],
    ],
    index=["isr-1979", "isr-qme", "isr-2016"],
    columns=["trigger", "judge", "duty"],
).to_dict(orient="index")
""",
            CASUS,
        ),
        Answer(
            "as the press has it",
            """
casus_foederis = {
    "isr-1979": {"trigger": "armed-attack", "judge": "both", "duty": "chosen-support"},
    "isr-qme": {"trigger": "arms-sale", "judge": "congress", "duty": "arms-on-request"},
    "isr-2016": {"trigger": "yearly-vote", "judge": "congress", "duty": "money"},
}
""",
            {"q4_casus_check": 5},
            says="casus_foederis['isr-qme']['judge']: expected president, got congress",
        ),
        Answer(
            "unfinished",
            """
casus_foederis = {"isr-1979": {"trigger": "treaty-violation", "duty": "help"}, "isr-qme": "arms-sale"}
""",
            {"q4_casus_check": 1},
            says="casus_foederis['isr-qme']: expected a dict, got 'arms-sale'",
        ),
        Answer(
            "Israel judges, America fights",
            """
casus_foederis = {
    "isr-1979": {"trigger": "treaty-violation", "judge": "israel", "duty": "fight"},
    "isr-qme": {"trigger": "outside-forces", "judge": "president", "duty": "arms-on-request"},
    "isr-2016": {"trigger": "yearly-vote", "judge": "president", "duty": "money"},
}
""",
            {"q4_casus_check": 4},
            says="casus_foederis['isr-1979']['duty']: expected chosen-support, got fight",
        ),
        Answer(
            "one guarantee for all three",
            """
promise = {"trigger": "armed-attack", "judge": "united-states", "duty": "chosen-support"}
casus_foederis = dict.fromkeys(["isr-1979", "isr-qme", "isr-2016"], promise)
""",
            {"q4_casus_check": 2},
            says="casus_foederis['isr-2016']['trigger']: expected yearly-vote, got armed-attack",
        ),
        Answer(
            "the columns one place on",
            """
words = ["treaty-violation", "united-states", "chosen-support"]
casus_foederis = {name: dict(zip(["judge", "duty", "trigger"], words)) for name in ["isr-1979", "isr-qme", "isr-2016"]}
""",
            says="casus_foederis['isr-1979']['judge']: expected one of",
        ),
        Answer(
            "other names for the instruments",
            'casus_foederis = {"1979": {"trigger": "treaty-violation", "judge": "president", "duty": "chosen-support"}}',
            says="casus_foederis['isr-1979']['trigger']: expected one of",
        ),
        Answer(
            "looks for a table",
            "casus_foederis = catalog.load('casus_foederis')",
            says="'casus_foederis' is not defined",
        ),
    ],
    "q4_owed": [
        Answer(
            "from a table",
            """
def owed_1979(event):
    due = event.get("by") == "Egypt" and event.get("demonstrated", False)
    duties = {"proper_action": "support", "deemed_threat": "consideration"}
    return tuple(duty for key, duty in duties.items() if due and event.get(key, False))
""",
            OWED,
        ),
        Answer(
            "by four cases",
            """
def owed_1979(event):
    full = {"by": None, "demonstrated": False, "proper_action": False, "deemed_threat": False, **event}
    if full["by"] == "Egypt" and full["demonstrated"]:
        if full["proper_action"] and full["deemed_threat"]:
            return ["support", "consideration"]
        if full["proper_action"]:
            return ["support"]
        if full["deemed_threat"]:
            return ["consideration"]
    return []
""",
            OWED,
        ),
        Answer(
            "by multiplication",
            """
def owed_1979(event):
    event = pd.Series(event)
    due = event.get("by", "") == "Egypt" and bool(event.get("demonstrated", False))
    support = ["support"] * bool(due and event.get("proper_action", False))
    return support + ["consideration"] * bool(due and event.get("deemed_threat", False))
""",
            OWED,
        ),
        Answer(
            "any attacker",
            """
def owed_1979(event):
    owed = []
    if event.get("demonstrated"):
        if event.get("proper_action"):
            owed.append("support")
        if event.get("deemed_threat"):
            owed.append("consideration")
    return owed
""",
            {"q4_owed_examples": 1},
            says="'by': 'Iran', 'demonstrated': True",
        ),
        Answer(
            "support or consideration, never both",
            """
def owed_1979(event):
    if event["by"] != "Egypt" or not event["demonstrated"]:
        return []
    return ["support"] if event.get("proper_action") else ["consideration"]
""",
            {"q4_owed_examples": 1},
            says="expected ['support', 'consideration'], got ['support']",
        ),
        Answer(
            "any threat",
            """
def owed_1979(event):
    return ["consideration"] if event["deemed_threat"] else []
""",
            says="no third state can violate the treaty of peace, so expected [], got ['consideration']",
        ),
        Answer(
            "every key must be there",
            """
def owed_1979(event):
    owed = []
    if event["by"] == "Egypt" and event["demonstrated"]:
        if event.get("proper_action"):
            owed.append("support")
        if event["deemed_threat"]:
            owed.append("consideration")
    return owed
""",
            {"q4_owed_examples": 1},
            says="demonstrated",
        ),
        Answer(
            "in the other order",
            """
def owed_1979(event):
    if event.get("by") != "Egypt" or not event.get("demonstrated"):
        return []
    pairs = [("deemed_threat", "consideration"), ("proper_action", "support")]
    return [duty for key, duty in pairs if event.get(key)]
""",
            {"q4_owed_examples": 1},
            says="expected ['support', 'consideration'], got ['consideration', 'support']",
        ),
        Answer(
            "the second sentence stands alone",
            """
def owed_1979(event):
    violated = event.get("by") == "Egypt" and event.get("demonstrated")
    owed = ["support"] if violated and event.get("proper_action") else []
    return owed + (["consideration"] if event.get("by") == "Egypt" and event.get("deemed_threat") else [])
""",
            {"q4_owed_examples": 1},
            says="'demonstrated': False, 'proper_action': True, 'deemed_threat': True}): expected [], got ['consideration']",
        ),
        Answer("without end", "def owed_1979(event):\n    return owed_1979(event)", says="maximum recursion depth"),
    ],
    "q4_asked": [
        Answer(
            "by one branch for each text",
            """
def asked(text, event, members):
    event = {"kind": "", "victim": "", "area": "", "nuclear": False, "raised_by": "", **event}
    if text == "nato-1949":
        if event["victim"] not in members:
            return "nothing"
        if event["kind"] == "armed attack" and event["area"] in {"Europe", "North America"}:
            return "help"
        if event["raised_by"] in members:
            return "meet"
    elif event["victim"] == "Ukraine":
        if text == "bud-1994" and event["nuclear"]:
            return "council"
        if text == "us-2024" and event["raised_by"] in {"Ukraine", "United States"}:
            return "meet"
    return "nothing"
""",
            ASKED,
        ),
        Answer(
            "by a table of conditions",
            """
def asked(text, event, members):
    ally = event.get("victim") in members
    ukraine = event.get("victim") == "Ukraine"
    area = event.get("area") in ("Europe", "North America")
    conditions = [
        ("nato-1949", "help", ally and area and event.get("kind") == "armed attack"),
        ("nato-1949", "meet", ally and event.get("raised_by") in members),
        ("bud-1994", "council", ukraine and event.get("nuclear", False)),
        ("us-2024", "meet", ukraine and event.get("raised_by") in ("Ukraine", "United States")),
    ]
    return next((word for name, word, holds in conditions if name == text and holds), "nothing")
""",
            ASKED,
        ),
        Answer(
            "by three functions",
            """
def nato(event, members):
    attacked = event.get("kind") == "armed attack" and event.get("area") in ["Europe", "North America"]
    if event.get("victim") not in members:
        return None
    return "help" if attacked else "meet" if event.get("raised_by") in members else None


def budapest(event, members):
    return "council" if event.get("nuclear") and event.get("victim") == "Ukraine" else None


def washington(event, members):
    parties = {"Ukraine", "United States"}
    return "meet" if event.get("victim") == "Ukraine" and event.get("raised_by") in parties else None


def asked(text, event, members):
    return {"nato-1949": nato, "bud-1994": budapest, "us-2024": washington}[text](event, members) or "nothing"
""",
            ASKED,
        ),
        Answer(
            "an attack on anybody",
            """
def asked(text, event, members):
    if text == "nato-1949":
        return "help" if event.get("kind") == "armed attack" else "meet"
    return "council" if text == "bud-1994" else "meet"
""",
            says="Ukraine is not a member, so expected 'nothing', got 'help'",
        ),
        Answer(
            "the attack anywhere",
            """
def asked(text, event, members):
    if text == "nato-1949" and event.get("victim") in members:
        return "help"
    if text == "bud-1994" and event.get("nuclear"):
        return "council"
    return "meet" if text == "us-2024" and event.get("victim") == "Ukraine" else "nothing"
""",
            says="the islands lie outside the area",
        ),
        Answer(
            "nuclear weapons do not matter",
            """
def asked(text, event, members):
    victim = event.get("victim")
    if text == "nato-1949" and victim in members:
        return "help" if event.get("area") in ("Europe", "North America") else "nothing"
    if text == "bud-1994":
        return "council" if victim == "Ukraine" else "nothing"
    return "meet" if victim == "Ukraine" and event.get("raised_by") else "nothing"
""",
            says="expected 'nothing', got",
        ),
        Answer(
            "without Article 4",
            """
def asked(text, event, members):
    victim = event.get("victim")
    if text == "nato-1949" and victim in members and event.get("kind") == "armed attack":
        return "help" if event.get("area") in ("Europe", "North America") else "nothing"
    if text == "bud-1994" and victim == "Ukraine" and event.get("nuclear"):
        return "council"
    if text == "us-2024" and victim == "Ukraine" and event.get("raised_by") in ("Ukraine", "United States"):
        return "meet"
    return "nothing"
""",
            {"q4_asked_examples": 1},
            says="expected 'meet', got 'nothing'",
        ),
        Answer(
            "anybody may ask for the meeting",
            """
def asked(text, event, members):
    victim, raised = event.get("victim"), event.get("raised_by")
    if text == "nato-1949" and victim in members:
        if event.get("kind") == "armed attack" and event.get("area") in ("Europe", "North America"):
            return "help"
        return "meet" if raised else "nothing"
    if text == "bud-1994" and victim == "Ukraine" and event.get("nuclear"):
        return "council"
    return "meet" if text == "us-2024" and victim == "Ukraine" and raised else "nothing"
""",
            {"q4_asked_examples": 1},
            says="expected 'nothing', got 'meet'",
        ),
        Answer(
            "allies of its own",
            """
def asked(text, event, members):
    allies = ["Poland", "Turkey", "United Kingdom", "United States", "Finland"]
    victim, raised = event.get("victim"), event.get("raised_by")
    if text == "nato-1949" and victim in allies:
        if event.get("kind") == "armed attack" and event.get("area") in ("Europe", "North America"):
            return "help"
        return "meet" if raised in allies else "nothing"
    if text == "bud-1994" and victim == "Ukraine" and event.get("nuclear"):
        return "council"
    return "meet" if text == "us-2024" and victim == "Ukraine" and raised in ("Ukraine", "United States") else "nothing"
""",
            {"q4_asked_examples": 1},
            says="got 'help'",
        ),
        Answer(
            "typed in from the examples",
            """
def asked(text, event, members):
    return "meet" if text == "us-2024" else "nothing"
""",
            {"q4_asked_examples": 1},
            says="expected 'help', got 'nothing'",
        ),
        Answer(
            "fills in the event that it is given",
            """
def asked(text, event, members):
    event.setdefault("raised_by", None)
    event.setdefault("area", None)
    if text == "nato-1949" and event.get("victim") in members:
        if event.get("kind") == "armed attack" and event["area"] in ("Europe", "North America"):
            return "help"
        return "meet" if event["raised_by"] in members else "nothing"
    if event.get("victim") == "Ukraine":
        if text == "bud-1994" and event.get("nuclear"):
            return "council"
        if text == "us-2024" and event["raised_by"] in ("Ukraine", "United States"):
            return "meet"
    return "nothing"
""",
            {"q4_asked_examples": 1},
            says="the event was changed to",
        ),
    ],
    "q5_sums": [
        Answer("worked out on paper", 'sums = {"pledged": "38", "too_much": 5, "growth": 15.7}', SUMS),
        Answer(
            "from the rows",
            """
rows = catalog.load("figures").query("entity == 'Israel'").set_index(["table", "period"])["value"]
pledged = rows["israel_memorandum"].loc["FY2019-FY2028"].max()
since_1946 = rows["israel_aid_cumulative"]
sums = dict(growth=since_1946["2023-03-01"] - since_1946["2019-08-07"], pledged=pledged, too_much=43 - pledged)
""",
            SUMS,
        ),
        Answer(
            "parts of the memorandum added up",
            """
def value(item):
    return float(catalog.figure("israel_memorandum", "Israel", f"2016 memorandum, {item}", "FY2019-FY2028")["value"])

whole = value("Foreign Military Financing") + value("missile defence")
sums = {"pledged": whole, "too_much": value("missile defence"), "growth": round(158 - 142.3, 1)}
""",
            SUMS,
        ),
        Answer(
            "mixed price bases",
            'sums = {"pledged": 43, "too_much": 43 - 38, "growth": 298 - 142.3}',
            {"q5_sums_check": 1},
            says="sums['growth']: expected 15.7, got 155.7",
        ),
        Answer(
            "unfinished",
            'sums = {"pledged": 38, "growth": "15.7 billion"}',
            {"q5_sums_check": 1},
            says="sums['growth']: expected a number, got '15.7 billion'",
        ),
        Answer(
            "per year, in millions",
            'sums = {"pledged": 3.8, "too_much": 5000, "growth": 15.7 / 4}',
            says="sums['pledged']: expected 38.0, got 3.8",
        ),
        Answer(
            "another report",
            'sums = {"pledged": 33, "too_much": 43 - 33, "growth": 158.0 - 127.4}',
            says="sums['growth']: expected 15.7, got 30.6",
        ),
        Answer(
            "the sign turned",
            'sums = {"pledged": 38, "too_much": 38 - 43, "growth": 142.3 - 158.0}',
            {"q5_sums_check": 1},
            says="sums['too_much']: expected 5.0, got -5",
        ),
        Answer("three numbers in a row", "sums = [38, 5, 15.7]", says="sums: expected a dict, got list"),
        Answer(
            "fails when it is read",
            "class Sums(dict):\n    def __getitem__(self, key):\n        1 / 0\n\nsums = Sums()",
        ),
    ],
    "q5_reading": [
        Answer(
            "by a loop",
            """
import math

def reading(total, parts, part):
    for answer, left_out in [("included", []), ("on top", [part])]:
        amounts = [amount for name, amount in parts.items() if name not in left_out]
        if math.isclose(sum(amounts), total, abs_tol=0.049, rel_tol=0):
            return answer
    return "neither"
""",
            READING,
        ),
        Answer(
            "by a series",
            """
def reading(total, parts, part):
    amounts = pd.Series(parts, dtype=float)
    if abs(amounts.sum() - total) < 0.05:
        return "included"
    return "on top" if abs(amounts.drop(part).sum() - total) < 0.05 else "neither"
""",
            READING,
        ),
        Answer(
            "by what is left over",
            """
def reading(total, parts, part):
    over = sum(parts.values()) - total
    answers = {"included": over, "on top": over - parts[part]}
    for word, gap in answers.items():
        if -0.05 < gap < 0.05:
            return word
    return "neither"
""",
            READING,
        ),
        Answer(
            "takes the part out of the dict that it is given",
            """
def reading(total, parts, part):
    whole = sum(parts.values())
    rest = whole - parts.pop(part)
    return "included" if abs(whole - total) < 0.05 else "on top" if abs(rest - total) < 0.05 else "neither"
""",
            {"q5_reading_examples": 1},
            says="the dict of parts was changed to",
        ),
        Answer(
            "exact sums",
            """
def reading(total, parts, part):
    if sum(parts.values()) == total:
        return "included"
    if sum(parts.values()) - parts[part] == total:
        return "on top"
    return "neither"
""",
            {"q5_reading_examples": 1},
            says="expected 'included', got 'neither'",
        ),
        Answer(
            "true or false",
            "def reading(total, parts, part):\n    return sum(parts.values()) == total",
            says="expected 'included', got True",
        ),
        Answer(
            "whatever is left is on top",
            """
def reading(total, parts, part):
    return "included" if abs(sum(parts.values()) - total) < 0.05 else "on top"
""",
            says="expected 'neither', got 'on top'",
        ),
        Answer(
            "the two answers exchanged",
            """
def reading(total, parts, part):
    whole = sum(parts.values())
    if abs(whole - total) < 0.05:
        return "on top"
    return "included" if abs(whole - parts[part] - total) < 0.05 else "neither"
""",
            says="expected 'included', got 'on top'",
        ),
        Answer(
            "half a billion is near enough",
            """
def reading(total, parts, part):
    whole = sum(parts.values())
    if abs(whole - total) < 0.5:
        return "included"
    return "on top" if abs(whole - parts[part] - total) < 0.5 else "neither"
""",
            {"q5_reading_examples": 1},
            says="expected '",
        ),
        Answer(
            "two parts only",
            """
def reading(total, parts, part):
    other = max(amount for name, amount in parts.items() if name != part)
    if "minesweepers" in parts:
        other = 16
    if abs(other + parts[part] - total) < 0.05:
        return "included"
    return "on top" if abs(other - total) < 0.05 else "neither"
""",
            {"q5_reading_examples": 1},
            says="expected 'included', got",
        ),
        Answer(
            "loses a name on the way",
            "del catalog\n\ndef reading(total, parts, part):\n    return catalog",
            says="name 'catalog' is not defined",
        ),
    ],
    "q6_word": [
        Answer(
            "a paragraph",
            """
A guarantee, as I use the word, is a promise of help that a stated event sets off. The memorandum has the event, a
demonstrated violation of the treaty, and the help (us-israel-1979-support). It lacks the duty to choose any particular
help. Congress kept its distance (us-1979-no-approval), and so I would call it an assurance, though treaties of alliance
leave the means open too.
""",
        ),
        Answer("one sentence", "It is a guarantee because everybody says so."),
    ],
}
SUBMISSIONS = laid_out(BANK)
