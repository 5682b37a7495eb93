"""The lens shows excerpts word for word, and every fault with the term, the evidence and the weight of its row."""

import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st

from guarantees import catalog
from guarantees.widgets import SourceLens
from guarantees.widgets.source_lens import ARTEFACTS, ARTICLE, KINDS, PASSAGES, cut, phrases
from tests.widgets.text import Page

WORDS = st.lists(st.text("abc,.;()", min_size=1, max_size=6), min_size=1, max_size=40)


@pytest.mark.parametrize("excerpt", PASSAGES)
def test_a_passage_is_its_excerpt(excerpt: str) -> None:
    row = catalog.row("excerpts", excerpt)
    shown = SourceLens().data["passages"][excerpt]
    assert " ".join(text for text, *_ in shown["phrases"]) == row["quote"]
    assert (row["source"], shown["paragraph"]) == (ARTICLE, row["paragraph"])


@pytest.mark.parametrize("excerpt", PASSAGES)
def test_a_fault_is_the_row_of_the_table(excerpt: str) -> None:
    issues = SourceLens().data["passages"][excerpt]["issues"]
    assert set(issues) == set(PASSAGES[excerpt].values())
    for id, shown in issues.items():
        row = catalog.row("source_issues", id)
        assert row["source"] == ARTICLE
        assert (shown["right"], shown["weight"]) == (row["right"], row["weight"])
        assert shown["artefact"] == (row["kind"] in ARTEFACTS)
        assert shown["kind"] == KINDS[row["kind"]]
        assert shown["unverified"] == (row["status"] == "unverified")
        assert shown["evidence"][0] == catalog.row("sources", row["evidence"])["title"]


def test_a_phrase_has_a_name_of_its_own() -> None:
    named = [name for held in SourceLens().data["passages"].values() for _, name, _ in held["phrases"] if name]
    assert len(set(named)) == len(named)


def test_faults_do_not_stand_out_by_length() -> None:
    for shown in SourceLens().data["passages"].values():
        lengths = {bool(issue): [] for _, _, issue in shown["phrases"]}
        for text, name, issue in shown["phrases"]:
            if name:
                lengths[bool(issue)].append(len(text.split()))
        assert min(lengths.get(True, [2])) >= 2
        assert max(lengths[False]) >= 2


def test_some_passages_are_sound_and_some_are_wrong_without_the_translators() -> None:
    kinds = {
        id: {catalog.row("source_issues", issue)["kind"] for issue in held.values()} for id, held in PASSAGES.items()
    }
    assert set() in kinds.values()
    assert any(held and not held & set(ARTEFACTS) for held in kinds.values())


@given(WORDS)
def test_phrases_lose_no_word(words: list[str]) -> None:
    found = phrases(" ".join(words))
    assert " ".join(found) == " ".join(words)
    assert all(found)


def test_a_phrase_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="six guarantees"):
        list(cut("Six Assurances", {"six guarantees": "khrestin-issue-02"}))


def test_choices_are_traits_both_ways() -> None:
    lens = SourceLens(passage="khrestin-18-six")
    lens.selection = {"marked": ["khrestin-18-six.six-guarantees"]}
    assert lens.marked == ["khrestin-18-six.six-guarantees"]
    lens.revealed = ["khrestin-18-six"]
    assert lens.selection["revealed"] == ["khrestin-18-six"]
    with pytest.raises(traitlets.TraitError, match="khrestin-18-six"):
        SourceLens(passage="khrestin-18-sex")
    with pytest.raises(traitlets.TraitError, match="marked"):
        lens.selection = {"marked": ["nothing"]}


def test_the_text_form_has_every_passage_and_answer() -> None:
    lens = SourceLens()
    page = Page(lens.text_equivalent())
    for excerpt, faults in PASSAGES.items():
        assert catalog.row("excerpts", excerpt)["quote"] in page.text
        for issue in faults.values():
            assert catalog.row("source_issues", issue)["right"] in page.text
    assert page.text.count("unverified") == sum(
        issue["unverified"] for held in lens.data["passages"].values() for issue in held["issues"].values()
    )
    assert not page.tags & {"script", "button", "svg"}
