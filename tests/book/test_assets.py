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


def restored(slim, shared):
    for model in slim["state"].values():
        for trait, value in model["state"].items():
            if isinstance(value, dict) and "@shared" in value:
                pieces = [json.loads(shared[digest]) for digest in value["@shared"]]
                model["state"][trait] = assets.SEAM.join(pieces) if len(pieces) > 1 else pieces[0]
    return slim


def test_equal_long_traits_are_shared_and_can_be_restored():
    original = state(("AnyModel", {"_esm": LONG, "rows": {"a": [LONG]}}), ("AnyModel", {"_esm": LONG, "short": "y"}))
    slim = copy.deepcopy(original)
    shared = assets.share_long_traits(slim)
    assert len(shared) == 2
    assert slim["state"]["1"]["state"]["short"] == "y"
    assert restored(slim, shared) == original


def test_what_widgets_have_in_common_is_shared_between_different_widgets():
    common = f"{LONG}{assets.SEAM}"
    original = state(("AnyModel", {"_esm": f"{common}one"}), ("AnyModel", {"_esm": f"{common}other"}))
    slim = copy.deepcopy(original)
    shared = assets.share_long_traits(slim)
    assert sorted(map(json.loads, shared.values())) == sorted([LONG, "one", "other"])
    assert restored(slim, shared) == original


def test_shortened_sources_keep_their_names_across_the_seam():
    script = (
        f"function shared(first) {{ return first + 1; }}{assets.SEAM}export default (() => {{ return shared(1); }})();"
    )
    style = f".a {{ & b {{ color: red; }} }}{assets.SEAM}.c {{ color: blue; }}"
    slim = state(("AnyModel", {"_esm": script, "_css": style}))
    assets.minify_sources(slim, ROOT / assets.NPM)
    traits = slim["state"]["0"]["state"]
    assert traits["_esm"].count("shared(") == 2
    assert len(traits["_esm"]) < len(script)
    assert len(traits["_css"]) < len(style)


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
