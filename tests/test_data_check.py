"""What an author is told after an edit."""

import shutil

import pytest

from guarantees import catalog, data_check


def clear():
    catalog._tables.cache_clear()
    catalog._frame.cache_clear()
    catalog._matrix.cache_clear()


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A copy of the data that the catalog reads instead, and that a test may edit."""

    folder = shutil.copytree(catalog.folder(), tmp_path / "data")
    monkeypatch.setattr(catalog, "folder", lambda: folder)
    clear()
    yield folder
    clear()


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    clear()


def test_the_data_is_in_order(capsys):
    assert data_check.main([]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert "codings: 136 rows, 8 unverified, 59 contested" in printed
    assert printed[-1] == "The data is in order."


def test_faults_come_first_and_alone(data, capsys):
    replace(data / "codings.csv", ",verified", ",verifed")
    assert data_check.main([]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("codings.csv, row 2, column status: found 'verifed'")
    assert printed[-1] == "1 faults: correct these first."


def test_a_fault_in_the_quizzes_is_reported(data, capsys):
    replace(data / "quizzes.yml", "kind: single", "kind: singel")
    assert data_check.main([]) == 1
    assert "quizzes.yml, row " in capsys.readouterr().out


def test_a_new_model_is_told_what_it_lacks(data):
    with (data / "models.csv").open("a", encoding="utf-8") as stream:
        stream.write("swiss_neutrality,Swiss neutrality,Switzerland,1815-,Neutrality that others recognise.,2026-01\n")
    gaps = list(data_check.missing())
    assert "swiss_neutrality is not coded on legal_form: add a row to codings.csv" in gaps
    assert sum(gap.startswith("swiss_neutrality is not coded") for gap in gaps) == 17
    assert "swiss_neutrality has no rows in events.csv" in gaps
    assert "swiss_neutrality has no game: add its rows to presets.csv" in gaps
    assert "README.md does not say that models.csv has 9 rows" in gaps


def test_a_criterion_without_features_is_a_gap(data):
    with (data / "criteria.csv").open("a", encoding="utf-8") as stream:
        stream.write("leverage,Leverage,What the guarantor can ask for.,autonomy_v_leverage,leverage\n")
    assert "leverage has no features: add rows to criterion_features.csv" in list(data_check.missing())


def test_an_unused_source_and_an_unknown_work_are_gaps(data):
    with (data / "sources.csv").open("a", encoding="utf-8") as stream:
        stream.write("unused,An unused source,,,,news,,\n")
    replace(data / "glossary.csv", ",snyder1984", ",snyder1985")
    gaps = list(data_check.missing())
    assert "nothing rests on the source unused: use it or take it out of sources.csv" in gaps
    assert any("snyder1985, not in references.bib" in gap for gap in gaps)


@pytest.fixture
def articles(tmp_path, data):
    """Articles made of the excerpts that quote them, each in its paragraph."""
    folder = tmp_path / "articles"
    folder.mkdir()
    sources = catalog.load("sources").query("kind == 'article'")["id"]
    for id, excerpts in catalog.load("excerpts").groupby("source"):
        if id in set(sources):
            lines = ["Filler that nobody quotes. " * 60] * 40
            for excerpt in excerpts.itertuples():
                lines[int(excerpt.paragraph) - 1] += excerpt.quote.replace("[...]", "and more") + " And so on."
            (folder / f"{id}.txt").write_text("\n\n".join(lines), encoding="utf-8")
    return folder


def test_excerpts_that_stand_in_their_paragraph_are_in_order(articles):
    assert list(data_check.misquoted(articles)) == []


def test_typography_does_not_count(articles, data):
    path = articles / "stimson-red-cell.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("“", '"').replace("’", "'"), encoding="utf-8")
    assert list(data_check.misquoted(articles)) == []


def test_a_changed_word_is_a_misquotation(articles, data, capsys):
    replace(data / "excerpts.csv", "come to believe that Washington", "come to think that Washington")
    assert data_check.main(["--articles", str(articles)]) == 1
    assert "expected words of paragraph 6 of stimson-red-cell" in capsys.readouterr().out


def test_a_wrong_paragraph_is_named_with_the_right_one(articles, data):
    replace(data / "excerpts.csv", "stimson-21-nuclear,stimson-red-cell,21", "stimson-21-nuclear,stimson-red-cell,22")
    [fault] = data_check.misquoted(articles)
    assert fault.accepted == "words of paragraph 22 of stimson-red-cell; they stand in paragraph 21"


def test_passages_and_articles_have_their_caps(articles, data, monkeypatch):
    monkeypatch.setattr(data_check, "PASSAGE_WORDS", 10)
    monkeypatch.setattr(data_check, "ARTICLE_WORDS", 20)
    accepted = [fault.accepted for fault in data_check.misquoted(articles)]
    assert "at most 10" in accepted
    assert "at most 20 in all" in accepted
