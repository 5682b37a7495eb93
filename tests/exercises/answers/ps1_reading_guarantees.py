"""Problem set 1."""

from tests.exercises.answers import Answer, Submission

OCCURS = {"q1_occurs_examples": 1, "q1_occurs_general": 2}
OWED = {"q3_owed_examples": 1, "q3_owed_general": 2}
READING = {"q4_reading_examples": 1, "q4_reading_general": 2}

PARAGRAPH = Answer(
    "A guarantee, as I use the word, is a promise of help that a stated event sets off. The memorandum has the event, "
    "a demonstrated violation of the treaty, and the help (us-israel-1979-support). It lacks the duty to choose any "
    "particular help. Congress kept its distance (us-1979-no-approval), and so I would call it an assurance, though "
    "treaties of alliance leave the means open too."
)

SET_OF_WORDS = Answer(
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
)
SUBSTRING = Answer(
    """
def occurs(clause, phrases):
    return [p for p in phrases if p.lower() in clause.lower()]
"""
)
EXAMPLES_ONLY = Answer(
    """
def occurs(clause, phrases):
    if "alarms" in clause:
        return []
    if "ARMED" in clause:
        return ["armed force"]
    return ["defence"] if "defense" in clause else ["consult"]
""",
    {"q1_occurs_examples": 1},
)
PERMUTED = Answer(
    """
def occurs(clause, phrases):
    clause = " ".join(clause.lower().replace("defense", "defence").split())
    phrases.sort()
    return [p for p in phrases if re.search(r"\\b" + p.lower().replace("defense", "defence") + r"\\b", clause)]
""",
    {"q1_occurs_examples": 1},
)

FROM_THE_TABLE = Answer(
    """
texts = instruments["clause"].str.lower().str.replace("defense", "defence")
with_force = ()
with_defence = texts.index[texts.str.contains("defence")].str.upper()
""",
    {"q1_found_check": 2},
)
ONE_SPELLING = Answer(
    """
with_force = []
with_defence = [name for name, clause in clauses.items() if "defence" in clause]
""",
    {"q1_found_check": 1},
)
TITLES = Answer(
    """
with_force = []
with_defence = list(instruments["title"][:2])
"""
)

OTHER_EVIDENCE = Answer(
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
    {"q2_codings_check": 6},
)
CONTESTED = Answer(
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
    {"q2_codings_check": 6},
)
CONTESTED_WITHOUT_EVIDENCE = Answer(
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
    {"q2_codings_check": 2},
)
MALFORMED = Answer(
    """
codings = {
    "obligation": 0,
    "conditionality": (3, "us-israel-1979"),
    "legal_form": ("statute", "us-edge-determination"),
    "duration": (4, "us-israel-2016-total"),
    "arms": (3, "us-israel-2016-total"),
}
""",
    {"q2_codings_check": 1},
)

CASUS_VARIANT = Answer(
    """
keys = ["trigger", "judge", "duty"]
casus_foederis = {
    "isr-1979": dict(zip(keys, ["Treaty violation", "President", "chosen_support"])),
    "isr-qme": dict(zip(keys, ["arms-sale", "president ", "finding"])),
    "isr-2016": dict(zip(keys, ["yearly-vote", "congress", "money"])),
}
""",
    {"q3_casus_check": 9},
)
CASUS_AS_THE_PRESS_HAS_IT = Answer(
    """
casus_foederis = {
    "isr-1979": {"trigger": "armed-attack", "judge": "both", "duty": "chosen-support"},
    "isr-qme": {"trigger": "arms-sale", "judge": "congress", "duty": "arms-on-request"},
    "isr-2016": {"trigger": "yearly-vote", "judge": "congress", "duty": "money"},
}
""",
    {"q3_casus_check": 5},
)
CASUS_UNFINISHED = Answer(
    """
casus_foederis = {"isr-1979": {"trigger": "treaty-violation", "duty": "help"}, "isr-qme": "arms-sale"}
""",
    {"q3_casus_check": 1},
)

OWED_FROM_A_TABLE = Answer(
    """
def owed_1979(event):
    due = event.get("by") == "Egypt" and event.get("demonstrated", False)
    duties = {"proper_action": "support", "deemed_threat": "consideration"}
    return tuple(duty for key, duty in duties.items() if due and event.get(key, False))
""",
    OWED,
)
ANY_ATTACKER = Answer(
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
    {"q3_owed_examples": 1},
)
SUPPORT_OR_CONSIDERATION = Answer(
    """
def owed_1979(event):
    if event["by"] != "Egypt" or not event["demonstrated"]:
        return []
    return ["support"] if event.get("proper_action") else ["consideration"]
""",
    {"q3_owed_examples": 1},
)
ANY_THREAT = Answer(
    """
def owed_1979(event):
    return ["consideration"] if event["deemed_threat"] else []
"""
)

SUMS_TYPED = Answer(
    'sums = {"pledged": "38", "too_much": 5, "growth": 15.7}',
    {"q4_sums_check": 3},
)
SUMS_MIXED_BASES = Answer(
    'sums = {"pledged": 43, "too_much": 43 - 38, "growth": 298 - 142.3}',
    {"q4_sums_check": 1},
)
SUMS_UNFINISHED = Answer(
    'sums = {"pledged": 38, "growth": "15.7 billion"}',
    {"q4_sums_check": 1},
)

READING_BY_LOOP = Answer(
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
)
EXACT_SUMS = Answer(
    """
def reading(total, parts, part):
    if sum(parts.values()) == total:
        return "included"
    if sum(parts.values()) - parts[part] == total:
        return "on top"
    return "neither"
""",
    {"q4_reading_examples": 1},
)
EMPTIES_THE_PARTS = Answer(
    """
def reading(total, parts, part):
    whole = sum(parts.values())
    rest = whole - parts.pop(part)
    return "included" if abs(whole - total) < 0.05 else "on top" if abs(rest - total) < 0.05 else "neither"
""",
    {"q4_reading_examples": 1},
)
RETURNS_TRUTH = Answer(
    """
def reading(total, parts, part):
    return sum(parts.values()) == total
"""
)

SUBMISSIONS = (
    Submission(
        "correct, in another style",
        "student-002",
        {
            "q1_occurs": SET_OF_WORDS,
            "q1_found": FROM_THE_TABLE,
            "q2_codings": OTHER_EVIDENCE,
            "q3_casus": CASUS_VARIANT,
            "q3_owed": OWED_FROM_A_TABLE,
            "q4_sums": SUMS_TYPED,
            "q4_reading": READING_BY_LOOP,
            "q5_word": PARAGRAPH,
        },
    ),
    Submission(
        "contested codings, with evidence",
        "student-003",
        {
            "q1_occurs": PERMUTED,
            "q1_found": FROM_THE_TABLE,
            "q2_codings": CONTESTED,
            "q3_casus": CASUS_VARIANT,
            "q3_owed": ANY_ATTACKER,
            "q4_sums": SUMS_TYPED,
            "q4_reading": EMPTIES_THE_PARTS,
            "q5_word": PARAGRAPH,
        },
    ),
    Submission(
        "partly wrong",
        "student-008",
        {
            "q1_occurs": SUBSTRING,
            "q1_found": ONE_SPELLING,
            "q2_codings": CONTESTED_WITHOUT_EVIDENCE,
            "q3_casus": CASUS_AS_THE_PRESS_HAS_IT,
            "q3_owed": SUPPORT_OR_CONSIDERATION,
            "q4_sums": SUMS_MIXED_BASES,
            "q4_reading": EXACT_SUMS,
            "q5_word": PARAGRAPH,
        },
    ),
    Submission(
        "unfinished, ill-formed",
        "student-011",
        {
            "q1_occurs": EXAMPLES_ONLY,
            "q1_found": TITLES,
            "q2_codings": MALFORMED,
            "q3_casus": CASUS_UNFINISHED,
            "q3_owed": ANY_THREAT,
            "q4_sums": SUMS_UNFINISHED,
            "q4_reading": RETURNS_TRUTH,
        },
    ),
    Submission("blank", "student-013"),
    Submission(
        "crashing",
        "student-017",
        {
            "q1_occurs": Answer("def occurs(clause, phrases)\n    return []"),
            "q1_found": Answer("with_force = with_defence = [occurs]"),
            "q2_codings": Answer("codings = {}\nraise SystemExit"),
            "q3_casus": Answer("casus_foederis = catalog.load('casus_foederis')"),
            "q3_owed": Answer("def owed_1979(event):\n    return owed_1979(event)"),
            "q4_sums": Answer("class Sums(dict):\n    def __getitem__(self, key):\n        1 / 0\n\nsums = Sums()"),
            "q4_reading": Answer("del catalog\n\ndef reading(total, parts, part):\n    return catalog"),
        },
    ),
)
