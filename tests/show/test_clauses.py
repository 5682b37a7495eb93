import re

import pytest

from guarantees import design, show
from guarantees.show.clauses import UnknownFeature


def test_the_four_clauses_of_an_issue_stand_in_the_order_of_their_levels():
    html = show.clauses(["forces", "legal_form"]).body
    assert re.findall(r'data-head="Clause \d">(.*?)</td>', html)[4:] == list(design.clauses()["legal_form"])


@pytest.mark.parametrize(("name", "near"), [("force", "forces"), ("record", "forces")])
def test_what_cannot_be_designed_is_refused(name, near):
    with pytest.raises(UnknownFeature, match=near):
        show.clauses([name])
