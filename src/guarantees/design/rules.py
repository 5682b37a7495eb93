"""Levels that do not go together: what cannot both be, and what can but at a price.

A rule is a judgement of this book with its reason and its ground; none follows from the data. Those that say "cannot"
follow from the anchors of the codebook, and no historical model breaks one.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Levels = Mapping[str, tuple[int, ...]]


class Tension(NamedTuple):
    """A rule that a design can come into conflict with.

    Attributes
    ----------
    id : str
    kind : "contradiction" or "tension"
        What cannot both be, or what pulls in two directions.
    when : mapping of feature to levels
        The rule applies if the design has one of these levels on every one of these features,
    either : mapping of feature to levels
        and, if any are given, on at least one of these.
    title, reason : str
    concept : str
        Id of the term in the glossary.
    ground : str
        On what the reason rests, as it is printed: a work, a text or an article.
    source : str
        The key of that work in ``references.bib``, or the id of the text in ``sources.csv``; empty for the codebook.
    """

    id: str
    kind: Literal["contradiction", "tension"]
    when: Levels
    either: Levels
    title: str
    reason: str
    concept: str
    ground: str
    source: str

    def applies(self, design: Mapping[str, int]) -> bool:
        """Say whether a design comes into conflict with the rule; what is not decided conflicts with nothing."""
        every = all(design.get(feature) in levels for feature, levels in self.when.items())
        return every and (not self.either or any(design.get(name) in levels for name, levels in self.either.items()))


def tensions(design: Mapping[str, int]) -> list[Tension]:
    """Find the rules that a design comes into conflict with.

    Parameters
    ----------
    design : mapping of feature to level (0-3)
        Features left out are taken as not decided.

    Returns
    -------
    list of Tension
        Contradictions first.

    Examples
    --------
    >>> [rule.title for rule in tensions({"legal_form": 3, "speed": 3})]
    ['Ratified, yet in force within weeks']
    """
    return [rule for rule in TENSIONS if rule.applies(design)]


ANY = (1, 2, 3)
MUCH = (2, 3)
LITTLE = (0, 1)

TENSIONS = (
    Tension(
        "ratified_in_weeks",
        "contradiction",
        {"legal_form": (3,), "speed": (3,)},
        {},
        "Ratified, yet in force within weeks",
        "A treaty waits for those who ratify it, in Washington two thirds of the Senate; an act of the executive is "
        "quick because nobody is asked.",
        "ratification",
        "19FortyFive, paragraph 13",
        "19fortyfive-khrestin-inosmi",
    ),
    Tension(
        "statute_by_executive",
        "contradiction",
        {"legal_form": (2,), "speed": (3,)},
        {},
        "A statute made by the executive",
        "A statute has to pass a legislature. The Taiwan Relations Act was quick and still took about a hundred days.",
        "statute",
        "19FortyFive, paragraph 17",
        "19fortyfive-khrestin-inosmi",
    ),
    Tension(
        "nobody_promises",
        "contradiction",
        {"guarantors": (0,)},
        {
            "obligation": ANY,
            "forces": ANY,
            "institutions": ANY,
            "nuclear": ANY,
            "lock_in": ANY,
            "control": ANY,
        },
        "Duties without anybody to bear them",
        "If nobody stands behind the promise, nobody owes help, sends troops or pays for desertion.",
        "guarantor",
        "The codebook",
        "",
    ),
    Tension(
        "unconditional_unstated",
        "contradiction",
        {"conditionality": (0,), "ambiguity": (3,)},
        {},
        "Holds always, yet is never stated",
        "A promise for all circumstances has to be made. What is left open on purpose is released by silence alone.",
        "conditionality",
        "Benson (2012)",
        "benson2012",
    ),
    Tension(
        "duty_at_discretion",
        "contradiction",
        {"obligation": (3,), "conditionality": (3,)},
        {},
        "A duty to fight, at the guarantor's discretion",
        "What one may decide freely one is not bound to do: the clause takes back the duty that the text gives.",
        "casus-foederis",
        "Benson (2012)",
        "benson2012",
    ),
    Tension(
        "duty_unstated",
        "contradiction",
        {"obligation": (3,), "ambiguity": (3,)},
        {},
        "A duty to fight that is not stated",
        "Ambiguity means that both sides must guess. A text that says “fight” leaves nothing to guess about the duty.",
        "ambiguity",
        "Taiwan Relations Act, section 3(c)",
        "taiwan-relations-act-1979",
    ),
    Tension(
        "umbrella_unstated",
        "contradiction",
        {"nuclear": MUCH, "ambiguity": (3,)},
        {},
        "An umbrella declared and not declared",
        "To declare nuclear cover is to say that one would respond; it cannot stand beside a response left unstated.",
        "nuclear-umbrella",
        "Fuhrmann and Sechser (2014)",
        "fuhrmannsechser2014",
    ),
    Tension(
        "planning_without_bodies",
        "contradiction",
        {"nuclear": (3,), "institutions": (0,)},
        {},
        "Planning together without meeting",
        "Shared nuclear planning is itself a joint body, like the consultative group set up with Seoul in 2023.",
        "nuclear-umbrella",
        "Washington Declaration (2023)",
        "washington-declaration-2023",
    ),
    Tension(
        "commanded_and_free",
        "contradiction",
        {"control": (3,), "autonomy": (3,)},
        {},
        "Commanded, yet free",
        "Whoever commands or can veto operations holds a part of the protégé's defence policy. Seoul gave that part "
        "up in 1954 in return for aid.",
        "operational-control",
        "Agreed minute with South Korea (1954)",
        "frus-korea-minute-1954",
    ),
    Tension(
        "lasting_statement",
        "contradiction",
        {"legal_form": (0,), "duration": MUCH},
        {},
        "Hard to leave, though nothing was signed",
        "Notice periods and repeal belong to legal texts. A political statement ends when it is no longer repeated.",
        "treaty",
        "Morrow (2000)",
        "morrow2000",
    ),
    Tension(
        "duty_without_law",
        "tension",
        {"obligation": (3,), "legal_form": LITTLE},
        {},
        "War promised without a legislature",
        "A government that binds its country to fight by its signature alone may find that it cannot deliver.",
        "executive-agreement",
        "Morrow (2000)",
        "morrow2000",
    ),
    Tension(
        "beyond_precedent",
        "tension",
        {"obligation": (3,), "legal_form": MUCH},
        {},
        "A duty that no precedent has",
        "No model in this book is coded as a plain duty to fight: even NATO lets each ally choose the action it deems "
        "necessary.",
        "constitutional-processes",
        "North Atlantic Treaty, Article 5",
        "north-atlantic-treaty-1949",
    ),
    Tension(
        "blank_cheque",
        "tension",
        {"obligation": MUCH, "conditionality": (0,), "control": LITTLE},
        {},
        "A blank cheque",
        "Help is owed whoever began, and the guarantor cannot hold the protégé back: the protégé may take risks at "
        "the guarantor's expense.",
        "moral-hazard",
        "Benson (2012)",
        "benson2012",
    ),
    Tension(
        "unseen_provocation",
        "tension",
        {"conditionality": (2,), "institutions": (0,)},
        {},
        "A condition that nobody can check",
        "A promise that lapses after provocation restrains only if it can be seen who provoked. Without joint bodies "
        "the blameless may be punished too.",
        "conditionality",
        "Benson (2012)",
        "benson2012",
    ),
    Tension(
        "words_beyond_text",
        "tension",
        {"ambiguity": (0,), "obligation": LITTLE},
        {},
        "Leaders promise what the text does not",
        "A yes that is repeated in public is costly to take back, so leaders tie themselves where the text leaves "
        "them free.",
        "audience-costs",
        "Fearon (1994)",
        "fearon1994",
    ),
    Tension(
        "troops_without_promise",
        "tension",
        {"forces": MUCH, "obligation": LITTLE},
        {},
        "Troops in place, no duty to fight",
        "Soldiers under fire can decide what the text left open. Whether they also deter is disputed.",
        "tripwire",
        "Reiter and Poast (2021)",
        "reiterpoast2021",
    ),
    Tension(
        "words_alone",
        "tension",
        {"obligation": MUCH, "arms": LITTLE, "forces": (0,)},
        {},
        "A duty with nothing behind it",
        "Help is promised, but no troops stand ready and few arms flow: the promise costs nothing before the day it "
        "is tested.",
        "sinking-costs",
        "Fearon (1997)",
        "fearon1997",
    ),
    Tension(
        "bound_without_text",
        "tension",
        {"obligation": LITTLE, "lock_in": (3,)},
        {},
        "Bound at home, free on paper",
        "The guarantor could hardly walk away, though the text lets it. The adversary reads the text, the protégé the "
        "politics, and each may be wrong.",
        "alignment",
        "Stimson Center, paragraph 27",
        "stimson-red-cell",
    ),
    Tension(
        "lock_in_on_nothing",
        "tension",
        {"lock_in": (3,), "legal_form": LITTLE, "institutions": LITTLE},
        {},
        "Costly to abandon, but why?",
        "No law, no ratification and no joint staff: little is named that would make leaders pay for desertion.",
        "tying-hands",
        "Fearon (1997)",
        "fearon1997",
    ),
    Tension(
        "arms_for_promise",
        "tension",
        {"arms": (3,), "obligation": LITTLE},
        {},
        "Arms in place of a promise",
        "Arms let the protégé hold out and spare the guarantor the decision. Against a much stronger adversary they "
        "replace a promise badly.",
        "patrons-dilemma",
        "Yarhi-Milo, Lanoszka and Cooper (2016)",
        "ylc2016",
    ),
    Tension(
        "quick_to_leave",
        "tension",
        {"speed": (3,), "duration": LITTLE},
        {},
        "Quickly made, quickly dropped",
        "What one government can sign in days the next can end as fast, and the legislature still has to pay for it.",
        "executive-agreement",
        "Newsweek, paragraph 21",
        "newsweek-bush",
    ),
    Tension(
        "quick_yet_lasting",
        "tension",
        {"legal_form": (1,), "speed": (3,), "duration": MUCH},
        {},
        "In force in days, hard to leave for years",
        "A long bond that was never put to a legislature rests on the goodwill of every later government.",
        "commitment-problem",
        "Newsweek, paragraph 21",
        "newsweek-bush",
    ),
    Tension(
        "alliance_in_months",
        "tension",
        {"guarantors": (3,), "legal_form": (3,), "speed": (2,)},
        {},
        "A whole alliance in a few months",
        "Every member has to ratify; the slowest sets the pace.",
        "ratification",
        "objectivo.eu, paragraph 7",
        "west-lagging-viable-model",
    ),
    Tension(
        "command_of_the_uncoordinated",
        "tension",
        {"guarantors": (2,), "institutions": (3,)},
        {},
        "One command for states that act apart",
        "An integrated command supposes that its members act as one, which guarantors that act each for itself avoid. "
        "The UN Command in Korea comes nearest.",
        "combined-command",
        "North Atlantic Treaty, Article 9",
        "north-atlantic-treaty-1949",
    ),
    Tension(
        "waiting_for_others",
        "tension",
        {"guarantors": (2,), "obligation": ANY},
        {},
        "Several promise, and each may wait",
        "Guarantors that act apart can each leave the first move, and the cost, to the others.",
        "free-riding",
        "Blankenship (2023)",
        "blankenship2023",
    ),
    Tension(
        "deters_and_alarms",
        "tension",
        {"alarm": (3,)},
        {"forces": MUCH, "nuclear": MUCH, "arms": (3,)},
        "What deters also alarms",
        "The adversary cannot tell strength meant for defence from strength meant for attack, and may act on its fear.",
        "security-dilemma",
        "Snyder (1984)",
        "snyder1984",
    ),
    Tension(
        "calm_by_wish",
        "tension",
        {"alarm": LITTLE},
        {"forces": MUCH, "nuclear": MUCH, "obligation": (3,)},
        "A calm that cannot be decreed",
        "Alarm is the adversary's answer. With troops, an umbrella or a duty to fight, no model met so little of it.",
        "security-dilemma",
        "Snyder (1984)",
        "snyder1984",
    ),
    Tension(
        "command_without_staff",
        "tension",
        {"control": (3,), "institutions": LITTLE},
        {},
        "Command without a headquarters",
        "A veto needs somebody on the spot who is asked before operations begin.",
        "operational-control",
        "Agreed minute with South Korea (1954)",
        "frus-korea-minute-1954",
    ),
    Tension(
        "lever_without_supply",
        "tension",
        {"control": (2,), "arms": (0,)},
        {},
        "A lever without a supply",
        "Only what is given can be withheld. Unless money takes the place of arms, there is nothing to hold back.",
        "leverage",
        "Stimson Center, paragraph 23",
        "stimson-red-cell",
    ),
    Tension(
        "limits_and_troops",
        "tension",
        {"autonomy": (0,)},
        {"forces": MUCH, "nuclear": MUCH, "institutions": (3,)},
        "The adversary's limits, the guarantor's troops",
        "An adversary that can narrowly limit the protégé's policy would hardly allow foreign forces there.",
        "finlandization",
        "Agreement of Friendship between Finland and the Soviet Union (1948), Article 4",
        "fcma-treaty-1948",
    ),
    Tension(
        "nobody_carries",
        "tension",
        {"self_burden": (0,), "arms": LITTLE, "forces": LITTLE, "nuclear": LITTLE},
        {},
        "A burden that nobody carries",
        "The protégé is to do little, and the guarantor brings few arms, few troops and no umbrella.",
        "burden-sharing",
        "Blankenship (2023)",
        "blankenship2023",
    ),
)
