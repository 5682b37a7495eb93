"""No widget adds more than 30 KB, compressed, to a page: its scripts and data as the book ships them."""

import gzip
import json

import pytest
from ipywidgets.embed import dependency_state

from guarantees import widgets
from guarantees.book import assets
from tests.chromium import ROOT

LIMIT = 30 * 1024
EXPLORABLE = [name for name in widgets.__all__ if name != "Quiz"]


def compressed(content: object) -> int:
    return len(gzip.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()))


@pytest.mark.parametrize("name", EXPLORABLE)
def test_what_a_page_loads_for_a_widget(name: str) -> None:
    widget = getattr(widgets, name)()
    state = {"state": dependency_state([widget], drop_defaults=False)}
    assets.minify_sources(state, ROOT / assets.NPM)
    for model in state["state"].values():
        for trait in assets.LANGUAGES.keys() & model["state"].keys():
            model["state"][trait] = model["state"][trait].split(assets.SEAM)[-1]  # the rest is common to all widgets
    shared = assets.share_long_traits(state)
    sizes = {digest: len(gzip.compress(text.encode())) for digest, text in shared.items()}
    total = sum(sizes.values()) + compressed(state)
    assert total <= LIMIT, (total, sizes)
