import copy
import json

from guarantees.book import assets
from tests.chromium import ROOT

LONG = "x" * (assets.LONG_TRAIT + 1)


def state(*models):
    return {
        "version_major": 2,
        "state": {str(n): {"model_name": name, "state": traits} for n, (name, traits) in enumerate(models)},
    }


def test_equal_long_traits_are_shared_and_can_be_restored():
    original = state(("AnyModel", {"_esm": LONG, "rows": {"a": [LONG]}}), ("AnyModel", {"_esm": LONG, "short": "y"}))
    slim = copy.deepcopy(original)
    shared = assets.share_long_traits(slim)
    assert len(shared) == 2
    assert slim["state"]["1"]["state"]["short"] == "y"
    for model in slim["state"].values():
        for trait, value in model["state"].items():
            if isinstance(value, dict) and "@shared" in value:
                model["state"][trait] = json.loads(shared[value["@shared"]])
    assert slim == original


def test_unset_layout_traits_are_dropped_and_others_kept():
    slim = state(("LayoutModel", {"width": None, "height": "1px"}), ("SelectModel", {"index": None}))
    assets.share_long_traits(slim)
    assert slim["state"]["0"]["state"] == {"height": "1px"}
    assert slim["state"]["1"]["state"] == {"index": None}


def test_every_icon_that_a_page_uses_is_drawn():
    css = assets.icon_style({"fa-solid fa-bars", "fab fa-github"}, ROOT / assets.NPM / assets.ICONS)
    assert ".fa-bars{--icon:url(" in css
    assert ".fa-github{--icon:url(" in css
    assert "http:" not in css.replace("http%3A//www.w3.org", "")
