"""The tables as the course loads them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from guarantees import catalog

ROOT = Path(__file__).resolve().parents[1]
ARTICLES = {
    "newsweek-bush",
    "stimson-red-cell",
    "19fortyfive-khrestin-inosmi",
    "west-lagging-viable-model",
    "kyslytsya-breakthrough",
}

# Russian state outlets, scraping mirrors, and hosts of advocacy that only carry somebody else's text.
UNWANTED = (
    r"sputnik|tass\.com|riafan|gazeta\.ru|rusnewshub|fanyv88|uncensored-wiki|issuhub|liquisearch|friendlywiki|wikimili"
    r"|freerepublic|americanprosperity|jstreet"
)


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """Make the catalog read a copy of the data in which one text is replaced by another."""

    def replace(file: str, old: str, new: str) -> Path:
        folder = Path(shutil.copytree(catalog.folder(), tmp_path / "data"))
        content = (folder / file).read_text(encoding="utf-8")
        assert old in content
        (folder / file).write_text(content.replace(old, new), encoding="utf-8")
        monkeypatch.setattr(catalog, "folder", lambda: folder)
        catalog._tables.cache_clear()
        catalog._frame.cache_clear()
        catalog._matrix.cache_clear()
        return folder

    yield replace
    catalog._tables.cache_clear()
    catalog._frame.cache_clear()
    catalog._matrix.cache_clear()


def test_every_table_loads_with_types_that_fit():
    codings, events, figures = catalog.load("codings"), catalog.load("events"), catalog.load("figures")
    assert str(codings["value"].dtype) == "int64"
    assert str(codings["alternative"].dtype) == "Int64"
    assert str(codings["contested"].dtype) == "bool"
    assert str(codings["rationale"].dtype) == "str"
    assert str(events["date"].dtype).startswith("datetime64")
    assert events["precision"].cat.ordered
    assert events["precision"].cat.categories.tolist() == ["year", "month", "day"]
    assert str(figures["value"].dtype) == "float64"


def test_references_to_models_and_features_sort_in_the_order_of_the_files():
    codings = catalog.load("codings").sample(frac=1, random_state=0).sort_values(["model", "feature"])
    assert codings["model"].unique().tolist() == catalog.load("models")["id"].tolist()
    assert codings["feature"].tolist()[:17] == catalog.load("features")["id"].tolist()


def test_missing_text_is_empty_so_that_it_prints_as_nothing():
    sources = catalog.load("sources").set_index("id")
    assert sources.loc["stimson-red-cell", "author"] == ""
    assert not sources.isna().any(axis=None)


def test_a_loaded_table_is_the_callers_own():
    models = catalog.load("models")
    models.loc[0, "name"] = "changed"
    assert catalog.load("models").loc[0, "name"] == "NATO Article 5"


def test_an_unknown_table_names_near_matches():
    with pytest.raises(catalog.UnknownTable, match=r"no table is called 'coding' \(did you mean codings"):
        catalog.load("coding")


def test_an_unknown_id_names_table_and_near_matches():
    near = r"sources has no row with the id 'stimson-redcell' \(did you mean stimson-red-cell"
    with pytest.raises(catalog.UnknownId, match=near):
        catalog.row("sources", "stimson-redcell")


def test_a_table_without_ids_says_which_have_them():
    with pytest.raises(catalog.UnknownTable, match="the rows of codings have no ids; those of sources, models"):
        catalog.row("codings", "nato_article5")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (("us_troop", "Israel", "US active-duty troops", "2024"), "no figure has table 'us_troop'.*us_troops"),
        (("us_troops", "Isreal", "US active-duty troops", "2024"), "no figure has entity 'Isreal'.*Israel"),
        (("us_troops", "Israel", "US active-duty troops", "2050"), "no figure has period '2050'.*20"),
    ],
)
def test_an_unknown_figure_lists_what_there_is(wanted, message):
    with pytest.raises(catalog.UnknownFigure, match=message):
        catalog.figure(*wanted)


def test_the_matrix_holds_every_coding_in_the_order_of_the_files():
    matrix = catalog.coding_matrix()
    assert matrix.index.tolist() == catalog.load("models")["id"].tolist()
    assert matrix.columns.tolist() == catalog.load("features")["id"].tolist()
    assert matrix.shape == (8, 17)
    assert matrix.isin(range(4)).all(axis=None)
    assert (matrix.loc["taiwan_ambiguity", "ambiguity"], matrix.loc["finlandization", "self_burden"]) == (3, 3)


def test_the_alternative_matrix_differs_exactly_where_codings_are_contested():
    differs = catalog.coding_matrix("alternative") != catalog.coding_matrix()
    contested = catalog.load("codings").query("contested")
    assert differs.to_numpy().sum() == len(contested)
    assert all(differs.loc[row.model, row.feature] for row in contested.itertuples())


def test_the_matrix_has_two_readings_only():
    with pytest.raises(ValueError, match="'value' or 'alternative', not 'values'"):
        catalog.coding_matrix("values")


def test_counts_of_the_codebook():
    codings = catalog.load("codings")
    assert len(catalog.load("models")) == 8
    assert len(catalog.load("features")) == 17
    assert len(codings) == 136
    assert codings["contested"].sum() == 59
    assert codings["source"].isin(ARTICLES).sum() == 59


def test_a_contested_coding_has_a_neighbouring_or_other_level_and_a_reason():
    contested = catalog.load("codings").query("contested")
    assert (contested["alternative"] != contested["value"]).all()
    assert contested["alternative_reason"].str.len().gt(10).all()


def test_a_coding_of_an_article_points_to_a_paragraph():
    codings = catalog.load("codings")
    articles = codings[codings["source"].isin(ARTICLES)]
    assert articles["locator"].str.fullmatch(r"[1-9]\d?").all()


def test_the_record_is_an_outcome_and_never_a_criterion():
    directions = catalog.load("features").set_index("id")["direction"]
    assert directions[directions == "outcome"].index.tolist() == ["record"]


def test_every_model_has_instruments_and_a_timeline():
    instruments, events = catalog.load("instruments"), catalog.load("events")
    assert len(instruments) == 43
    assert instruments["model"].value_counts().min() >= 2
    assert events["model"].value_counts().min() >= 9
    assert all(group["date"].is_monotonic_increasing for _, group in events.groupby("model", observed=True))


def test_an_event_does_not_claim_more_than_its_precision():
    events = catalog.load("events")
    coarse = events[events["precision"] < "day"]
    assert (coarse["date"].dt.day == 1).all()
    assert (events[events["precision"] == "year"]["date"].dt.day_of_year == 1).all()


def test_claims_cover_both_sides_of_six_trade_offs():
    claims = catalog.load("claims")
    assert len(claims) == 77
    assert (claims["kind"] == "silent").sum() == 6
    assert claims["dimension"].value_counts().min() >= 9
    assert set(claims["source"]) == ARTICLES


def test_source_issues_are_97_and_ten_disagreements():
    issues = catalog.load("source_issues")
    assert (issues["kind"] == "disagreement").sum() == 10
    assert len(issues) == 107
    assert set(issues["source"]) == ARTICLES


def test_every_source_is_used():
    tables = [catalog.load(name) for name in catalog.names()]
    used = {
        id for table in tables for column in ("source", "evidence", "other") if column in table for id in table[column]
    }
    assert set(catalog.load("sources")["id"]) <= used


def test_the_literature_of_the_glossary_is_in_the_bibliography():
    keys = set(re.findall(r"^@\w+\{(\w+),", (catalog.folder() / "references.bib").read_text("utf-8"), re.MULTILINE))
    assert len(keys) >= 50
    assert set(catalog.load("glossary")["literature"]) - {""} <= keys
    assert len(catalog.load("glossary")) >= 60


def test_the_readme_counts_the_rows_of_every_table():
    text = (catalog.folder() / "README.md").read_text("utf-8")
    counted = {name: int(rows) for name, rows in re.findall(r"^\| `(\w+)\.csv` \| (\d+) \|", text, re.MULTILINE)}
    assert counted == {name: len(catalog.load(name)) for name in catalog.names()}


def test_each_troop_series_runs_without_gaps():
    troops = catalog.load("figures").query("table == 'us_troops'")
    assert {entity: len(rows) for entity, rows in troops.groupby("entity")} == dict.fromkeys(
        ["Germany", "Israel", "Japan", "South Korea"], 75
    )
    assert set(troops["period"]) == {str(year) for year in range(1950, 2025)}


def test_senate_votes_come_in_pairs():
    votes = catalog.load("figures").query("table == 'senate_votes'")
    pairs = votes.pivot(index=["entity", "period"], columns="item", values="value")
    assert pairs.notna().all(axis=None)
    assert (pairs["yeas"] >= 2 * pairs["nays"]).all()


def test_the_parts_of_the_2016_memorandum_add_up():
    total, financing, missiles = (
        catalog.figure("israel_memorandum", "Israel", f"2016 memorandum, {item}", "FY2019-FY2028")["value"]
        for item in ("total", "Foreign Military Financing", "missile defence")
    )
    assert total == financing + missiles == 38


def test_no_source_is_a_state_outlet_or_a_scraper():
    assert not catalog.load("sources")["url"].str.contains(UNWANTED).any()


def test_presets_are_one_game_for_each_model():
    games = catalog.presets()
    assert list(games) == catalog.load("models")["id"].tolist()
    design, world = games["finlandization"]
    assert (design.k, world.h) == (0, 0.2)


def test_criteria_are_made_of_every_feature_but_the_outcome():
    criteria = catalog.criteria()
    assert list(criteria) == catalog.load("criteria")["id"].tolist()
    used = {feature for parts in criteria.values() for feature in parts}
    assert used == set(catalog.load("features")["id"]) - {"record"}


def test_no_feature_counts_twice_in_the_same_direction():
    counted = [(feature, sign) for parts in catalog.criteria().values() for feature, sign in parts.items()]
    assert len(counted) == len(set(counted))


def test_a_criterion_stands_on_a_side_that_an_article_argues():
    sides = ["dimension", "side"]
    assert set(catalog.load("criteria")[sides].itertuples(index=False, name=None)) <= set(
        catalog.load("claims")[sides].itertuples(index=False, name=None)
    )


def test_faults_stop_every_load_and_are_all_reported(broken):
    broken("codings.csv", ",verified", ",verifed")
    with pytest.raises(catalog.CatalogError) as raised:
        catalog.load("models")
    assert len(raised.value.faults) > 100
    assert str(raised.value).count("codings.csv, row ") == len(raised.value.faults)


@pytest.mark.parametrize(
    ("old", "new", "column", "accepted"),
    [
        (",true,3,Leaders", ",true,,Leaders", "alternative", "something, as the coding is contested"),
        (",true,3,Leaders", ",false,3,Leaders", "alternative", "nothing, as the coding is not contested"),
        (",true,3,Leaders", ",true,2,Leaders", "alternative", "another level than the value"),
    ],
)
def test_an_alternative_goes_with_a_contested_coding(broken, old, new, column, accepted):
    faults = catalog.validate(broken("codings.csv", old, new))
    assert (faults[0].row, faults[0].column, faults[0].accepted) == (3, column, accepted)


RULES = {
    "an unverified field is a column": (
        "instruments.csv",
        "clause; not_obliged; in_force",
        "clauses; not_obliged; in_force",
        "found 'clauses', expected names of columns, with '; ' between them (did you mean clause?)",
    ),
    "a silent article has no paragraph": (
        "claims.csv",
        "silent,,newsweek-bush,",
        "silent,,newsweek-bush,3",
        "column paragraph: found '3', expected nothing, as the article is silent",
    ),
    "a claim's excerpt comes from its paragraph": (
        "claims.csv",
        "stimson-06-bailed-out,stimson-red-cell,6",
        "stimson-06-bailed-out,stimson-red-cell,7",
        "found 'stimson-06-bailed-out', expected an excerpt from stimson-red-cell, paragraph 7",
    ),
    "a disagreement names the other article": (
        "source_issues.csv",
        ",low,west-lagging-viable-model,",
        ",low,,",
        "column other: found nothing, expected something, as the articles disagree",
    ),
    "no criterion is made of an outcome": (
        "criterion_features.csv",
        "low_provocation,alarm",
        "low_provocation,record",
        "found 'record', expected a feature of the design, not an outcome",
    ),
    "related terms are in the glossary": (
        "glossary.csv",
        "entrapment,snyder1984",
        "entrapement,snyder1984",
        "found 'entrapement', expected ids of terms, with '; ' between them (did you mean entrapment",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), RULES.values(), ids=RULES)
def test_the_course_has_rules_of_its_own(broken, file, old, new, message):
    faults = catalog.validate(broken(file, old, new))
    assert {fault.file for fault in faults} == {file}
    assert message in str(faults[0])


def test_quizzes_are_a_mapping_by_id():
    assert all({"title", "questions"} <= quiz.keys() for quiz in catalog.quizzes().values())


def test_a_fault_in_a_quiz_names_its_line_and_place(broken):
    folder = broken("quizzes.yml", "kind: numeric", "kind: nummeric")
    with pytest.raises(catalog.CatalogError) as raised:
        catalog.quizzes()
    lines = (folder / "quizzes.yml").read_text(encoding="utf-8").splitlines()
    fault = next(fault for fault in raised.value.faults if fault.column and fault.column.endswith("kind"))
    assert "nummeric" in lines[fault.row - 1]
    assert "'numeric'" in fault.accepted


def test_a_day_in_a_quiz_is_text(broken):
    broken("quizzes.yml", "title: ", "title: 1949-04-04 # ")
    assert {quiz["title"] for quiz in catalog.quizzes().values()} == {"1949-04-04"}


@pytest.mark.parametrize("content", ["israel: [", None], ids=["not YAML", "missing"])
def test_a_quiz_file_that_cannot_be_read_is_a_fault(broken, content):
    path = broken("quizzes.yml", "israel", "israel") / "quizzes.yml"
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(catalog.CatalogError, match=r"quizzes\.yml"):
        catalog.quizzes()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The package as installed from a wheel, unpacked."""
    project = tmp_path_factory.mktemp("project")
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-CONTENT"):
        shutil.copy(ROOT / name, project)
    for name in ("src", "data"):
        shutil.copytree(ROOT / name, project / name)
    uv = [Path(sys.executable).parent / "uv", "build", "--wheel", "--no-build-isolation", "--quiet", "--offline"]
    subprocess.run([*uv, "--python", sys.executable, project], check=True)
    site = tmp_path_factory.mktemp("site")
    shutil.unpack_archive(next((project / "dist").glob("*.whl")), site, "zip")
    return site


def test_a_wheel_carries_the_data(wheel, tmp_path):
    code = "from guarantees import catalog as c; print(c.folder(), len(c.load('codings')), len(c.quizzes()))"
    # -S hides the editable install; the libraries come back by path.
    libraries = Path(pd.__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = [{str(wheel)!r}, {str(libraries)!r}]\n{code}"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.split() == [str(wheel / "guarantees" / "data"), "136", str(len(catalog.quizzes()))]
