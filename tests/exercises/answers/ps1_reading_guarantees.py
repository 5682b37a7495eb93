"""Problem set 1."""

from tests.exercises.answers import Answer, laid_out

BANK = {
    "q1_occurs": [
        Answer(
            "set of words",
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
            {"q1_occurs_examples": 1, "q1_occurs_general": 2},
        ),
        Answer(
            "permuted",
            """
def occurs(clause, phrases):
    clause = " ".join(clause.lower().replace("defense", "defence").split())
    phrases.sort()
    return [p for p in phrases if re.search(r"\\b" + p.lower().replace("defense", "defence") + r"\\b", clause)]
""",
            {"q1_occurs_examples": 1},
        ),
        Answer(
            "substring",
            """
def occurs(clause, phrases):
    return [p for p in phrases if p.lower() in clause.lower()]
""",
        ),
        Answer(
            "examples only",
            """
def occurs(clause, phrases):
    if "alarms" in clause:
        return []
    if "ARMED" in clause:
        return ["armed force"]
    return ["defence"] if "defense" in clause else ["consult"]
""",
            {"q1_occurs_examples": 1},
        ),
        Answer(
            "crashes",
            """
def occurs(clause, phrases)
    return []
""",
        ),
    ],
    "q1_found": [
        Answer(
            "from the table",
            """
texts = instruments["clause"].str.lower().str.replace("defense", "defence")
with_force = ()
with_defence = texts.index[texts.str.contains("defence")].str.upper()
""",
            {"q1_found_check": 2},
        ),
        Answer(
            "one spelling",
            """
with_force = []
with_defence = [name for name, clause in clauses.items() if "defence" in clause]
""",
            {"q1_found_check": 1},
        ),
        Answer(
            "titles",
            """
with_force = []
with_defence = list(instruments["title"][:2])
""",
        ),
        Answer("crashes", "with_force = with_defence = [occurs]"),
    ],
    "q2_codings": [
        Answer(
            "other evidence",
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
        ),
        Answer(
            "contested",
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
        ),
        Answer(
            "contested without evidence",
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
        ),
        Answer(
            "malformed",
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
        ),
        Answer(
            "crashes",
            """
codings = {}
raise SystemExit
""",
        ),
    ],
    "q3_casus": [
        Answer(
            "casus variant",
            """
keys = ["trigger", "judge", "duty"]
casus_foederis = {
    "isr-1979": dict(zip(keys, ["Treaty violation", "President", "chosen_support"])),
    "isr-qme": dict(zip(keys, ["arms-sale", "president ", "finding"])),
    "isr-2016": dict(zip(keys, ["yearly-vote", "congress", "money"])),
}
""",
            {"q3_casus_check": 9},
        ),
        Answer(
            "casus as the press has it",
            """
casus_foederis = {
    "isr-1979": {"trigger": "armed-attack", "judge": "both", "duty": "chosen-support"},
    "isr-qme": {"trigger": "arms-sale", "judge": "congress", "duty": "arms-on-request"},
    "isr-2016": {"trigger": "yearly-vote", "judge": "congress", "duty": "money"},
}
""",
            {"q3_casus_check": 5},
        ),
        Answer(
            "casus unfinished",
            """
casus_foederis = {"isr-1979": {"trigger": "treaty-violation", "duty": "help"}, "isr-qme": "arms-sale"}
""",
            {"q3_casus_check": 1},
        ),
        Answer("crashes", "casus_foederis = catalog.load('casus_foederis')"),
    ],
    "q3_owed": [
        Answer(
            "owed from a table",
            """
def owed_1979(event):
    due = event.get("by") == "Egypt" and event.get("demonstrated", False)
    duties = {"proper_action": "support", "deemed_threat": "consideration"}
    return tuple(duty for key, duty in duties.items() if due and event.get(key, False))
""",
            {"q3_owed_examples": 1, "q3_owed_general": 2},
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
            {"q3_owed_examples": 1},
        ),
        Answer(
            "support or consideration",
            """
def owed_1979(event):
    if event["by"] != "Egypt" or not event["demonstrated"]:
        return []
    return ["support"] if event.get("proper_action") else ["consideration"]
""",
            {"q3_owed_examples": 1},
        ),
        Answer(
            "any threat",
            """
def owed_1979(event):
    return ["consideration"] if event["deemed_threat"] else []
""",
        ),
        Answer(
            "crashes",
            """
def owed_1979(event):
    return owed_1979(event)
""",
        ),
    ],
    "q4_sums": [
        Answer("sums typed", 'sums = {"pledged": "38", "too_much": 5, "growth": 15.7}', {"q4_sums_check": 3}),
        Answer(
            "sums mixed bases",
            'sums = {"pledged": 43, "too_much": 43 - 38, "growth": 298 - 142.3}',
            {"q4_sums_check": 1},
        ),
        Answer("sums unfinished", 'sums = {"pledged": 38, "growth": "15.7 billion"}', {"q4_sums_check": 1}),
        Answer(
            "crashes",
            """
class Sums(dict):
    def __getitem__(self, key):
        1 / 0

sums = Sums()
""",
        ),
    ],
    "q4_reading": [
        Answer(
            "reading by loop",
            """
import math

def reading(total, parts, part):
    for answer, left_out in [("included", []), ("on top", [part])]:
        amounts = [amount for name, amount in parts.items() if name not in left_out]
        if math.isclose(sum(amounts), total, abs_tol=0.049, rel_tol=0):
            return answer
    return "neither"
""",
            {"q4_reading_examples": 1, "q4_reading_general": 2},
        ),
        Answer(
            "empties the parts",
            """
def reading(total, parts, part):
    whole = sum(parts.values())
    rest = whole - parts.pop(part)
    return "included" if abs(whole - total) < 0.05 else "on top" if abs(rest - total) < 0.05 else "neither"
""",
            {"q4_reading_examples": 1},
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
            {"q4_reading_examples": 1},
        ),
        Answer(
            "returns truth",
            """
def reading(total, parts, part):
    return sum(parts.values()) == total
""",
        ),
        Answer(
            "crashes",
            """
del catalog

def reading(total, parts, part):
    return catalog
""",
        ),
    ],
    "q5_word": [
        Answer(
            "paragraph",
            "A guarantee, as I use the word, is a promise of help that a stated event sets off. The memorandum "
            "has the event, a demonstrated violation of the treaty, and the help (us-israel-1979-support). It "
            "lacks the duty to choose any particular help. Congress kept its distance (us-1979-no-approval), and "
            "so I would call it an assurance, though treaties of alliance leave the means open too.",
        ),
    ],
}
SUBMISSIONS = laid_out(BANK)
