import re

import pytest

from guarantees import catalog, compare, show
from guarantees.show import codebook

ALLIES = ["nato_article5", "mutual_defence_treaty", "south_korea"]
ARMED = ["taiwan_ambiguity", "israel_qme", "bilateral_agreements"]


def test_every_level_of_every_feature_is_described_and_every_model_stands_on_one():
    html = show.features().body
    features, models = catalog.load("features"), catalog.load("models")
    assert re.findall(r'<section id="feature-([^"]+)"', html) == features["id"].tolist()
    for section, (_, feature) in zip(html.split("<section")[1:], features.iterrows(), strict=True):
        assert feature["definition"].replace("'", "&#x27;") in section
        coded = [cell for cell in re.findall(r'data-head="Coded so">([^<]*)<', section) if cell]
        assert sorted(", ".join(coded).split(", ")) == sorted(models["short_name"])


def test_as_many_models_could_be_coded_otherwise_as_codings_are_contested():
    others = [cell for cell in re.findall(r'data-head="Could be coded so">([^<]+)<', show.features().body) if cell]
    contested = catalog.load("codings")["contested"].sum()
    assert len(", ".join(others).split(", ")) == contested
    assert f"{contested} of 136 codings are contested" in repr(show.contested())


def test_contested_counts_add_up():
    by_model, by_feature = show.contested().body.split("Contested codings by feature</caption>")
    contested = catalog.load("codings")["contested"].sum()
    for part, per, rows in ((by_model, 17, 8), (by_feature, 8, 17)):
        counts = [int(some) for some in re.findall(rf">(\d+) of {per}<", part)]
        assert (len(counts), sum(counts)) == (rows, contested)


def test_criteria_say_how_each_feature_counts():
    html = show.criteria().body
    parts = catalog.load("criterion_features")
    assert html.count("<li>") == len(parts)
    for criterion, features in catalog.criteria().items():
        listed = html.split(f'id="criterion-{criterion}"')[1].split("</tr>")[0]
        assert listed.count(", against.") == sum(sign < 0 for sign in features.values())


def test_ranks_on_a_criterion_are_those_of_its_features():
    html = show.criterion_ranks().body
    alarm = catalog.coding_matrix()["alarm"]
    row = html.split("Freedom from provocation")[1].split("</tr>")[0]
    ranks = [int(rank) for rank in re.findall(r"<td [^>]*>(\d)", row)]
    assert ranks == alarm.rank(method="min").astype(int).tolist()


def test_the_outcome_is_left_out_of_distances():
    for reading in codebook.readings():
        assert "record" not in reading.columns
        assert reading.shape == (8, 16)


@pytest.mark.parametrize("group", [ALLIES, ARMED])
def test_the_groups_that_the_codebook_page_names_hold(group):
    shares = compare.neighbours(*codebook.readings())
    assert (shares.loc[group, group].sum(axis=1) > 0.98).all()


def test_the_nearest_models_are_named_with_their_distance():
    text = repr(show.nearest())
    assert "Defence treaty South Korea (0.10)" in text
    assert "Israel Taiwan or Bilateral (0.17)" in text


def test_ranks_leave_the_model_itself_out():
    html = show.rankings("bilateral_agreements").body
    names = re.findall(r'role="rowheader">([^<]+)<', html)
    assert len(names) == 7
    assert "Bilateral security agreements" not in names
    with pytest.raises(catalog.UnknownId, match="bilateral_agreements"):
        show.rankings("bilateral_agreement")
