"""Every level that can be designed has its clause, in the order of the codebook."""

from guarantees import catalog, design
from guarantees.design.wording import step


def test_every_feature_but_the_outcome_can_be_designed() -> None:
    features = catalog.load("features")
    assert list(design.clauses()) == features.loc[features["direction"] != "outcome", "id"].tolist()


def test_clauses_are_sentences_that_differ() -> None:
    texts = [text for levels in design.clauses().values() for text in levels]
    assert len(set(texts)) == len(texts) == 4 * len(design.clauses())
    assert all(text[0] in "0123456789" or text[0].isupper() for text in texts)
    assert all(text.endswith(".") and len(text) <= 120 for text in texts)


def test_the_steps_cut_the_codebook_into_four_equal_parts() -> None:
    order = [step(feature) for feature in design.clauses()]
    assert order == [name for name in design.STEPS for _ in range(4)]
