import re
from html import unescape

import pytest

from guarantees import catalog, compare, show
from guarantees.deterrence import Design, solve
from guarantees.show.figures import FIGURES, UnknownFigure, canvas
from guarantees.show.figures.game import endings


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_has_a_finding_alternative_text_numbers_and_sources(name):
    html = show.figure(name).body
    assert re.search(r'<svg role="img" aria-label="[^"]{80,}"', html)
    assert re.search(r'<p class="shown-title">.{20,}</p>', html)
    assert "<table" in html
    assert "Sources:" in html
    assert html == show.figure(name).body, "drawn twice, a figure differs: the book would change with each build"


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_takes_the_colours_of_the_page(name):
    drawn = show.figure(name).body.split("<figcaption>")[0]
    assert not re.findall(r"#[0-9a-fA-F]{6}(?![0-9a-fA-F])", re.sub(r"var\([^)]*\)+", "", drawn))
    assert set(re.findall(r"var\(--model-(\w+)\)", drawn)) <= set(catalog.load("models")["id"])


def test_models_are_drawn_in_their_own_colours():
    assert len(set(canvas.model_colours().values())) == len(catalog.load("models"))
    assert not set(canvas.model_colours().values()) & set(canvas.PAGE_COLOURS)
    drawn = show.figure("legal_form_by_obligation").body
    for model in catalog.load("models")["id"]:
        assert f"var(--model-{model})" in drawn
        assert f"--model-{model}:" in show.html.style()


def test_every_model_has_its_place_among_the_promises():
    drawn = show.figure("legal_form_by_obligation").body.split("</svg>")[0]
    for name in catalog.load("models")["short_name"]:
        assert len(re.findall(rf">{name}\*?</text>", drawn)) == 1, name


def test_no_two_figures_share_an_id():
    ids = [id for name in FIGURES for id in set(re.findall(r'\bid="([^"]+)"', show.figure(name).body))]
    assert len(ids) == len(set(ids))


def test_every_label_of_a_figure_has_a_place_inside_it():
    for shown in (*map(show.figure, FIGURES), show.game_tree()):
        width = float(re.search(r'viewBox="0 0 ([\d.]+)', shown.body)[1])
        for x in re.findall(r"<text [^>]*translate\(([-\d.]+) ", shown.body):
            assert 0 <= float(x) < width, shown


def test_what_titles_say_is_what_the_numbers_say():
    assert catalog.coding_matrix()["obligation"].max() < compare.TOP, "a text obliges to fight"
    votes = (
        catalog.load("figures")
        .query("table == 'senate_votes'")
        .pivot(index=["entity", "period"], columns="item", values="value")
    )
    shares = votes["yeas"] / votes.sum(axis=1)
    assert shares.min() > 2 / 3
    assert f"the closest came in {shares.idxmin()[1][:4]}" in show.figure("senate_votes").body
    troops = catalog.load("figures").query("table == 'us_troops' and period == '2024'").set_index("entity")["value"]
    assert (troops.drop("Israel") > 20_000).all()
    assert 50 < troops["Israel"] < 150
    garrisons = catalog.load("figures").query("table == 'us_troops' and period > '1950' and entity != 'Israel'")
    assert garrisons["value"].min() > 10_000


def test_the_articles_totals_are_set_apart_from_the_series():
    html = show.figure("israel_aid_bases").body
    text = unescape(html)
    assert "Stimson says 158" in text
    assert "19FortyFive says over 300" in text
    for item in ("US assistance since 1946", "as the article says"):
        assert item in text


def test_an_unknown_figure_names_near_matches():
    with pytest.raises(UnknownFigure, match="israel_aid_bases"):
        show.figure("israel_aid_base")


def test_the_tree_of_the_game_has_words_for_every_move_and_takes_the_colours_of_the_page():
    html = show.game_tree().body
    (told,) = re.findall(r'<svg role="img" aria-label="([^"]+)"', html)
    for move, times in {"restrains": 1, "provokes": 1, "holds": 2, "attacks": 2, "stands": 2, "fights": 4}.items():
        assert move in told
        assert html.count(f">{move}</text>") == times
    drawn = html.split("<figcaption>")[0]
    assert not re.findall(r"#[0-9a-fA-F]{6}(?![0-9a-fA-F])", re.sub(r"var\([^)]*\)+", "", drawn))
    assert html == show.game_tree().body


@pytest.mark.parametrize("design", [Design(k=0.6, q=0.5, e=0.25), Design(k=0.2, m=0.1, t=0.1, q=0.9, e=0.7), Design()])
def test_the_endings_of_the_tree_are_those_of_the_game(design):
    outcome, paths = solve(design), list(endings(design))
    assert sum(path.share for path in paths) == pytest.approx(1)

    def share(*wanted):
        return pytest.approx(sum(path.share for path in paths if {*path.moves, path.name}.issuperset(wanted)))

    assert outcome.war == share("attacks")
    assert outcome.provocation == share("provokes")
    assert outcome.guarantor_fights == share("fights")
    assert outcome.abandonment == share("abandons")
    if design.k:
        assert outcome.breach == share("word broken")
