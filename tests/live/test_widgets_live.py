"""Widgets in JupyterLab with a real kernel: what the reader chooses is Python's, and the other way round."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from guarantees import catalog
from tests.conftest import AXE, AXE_TAGS
from tests.live.conftest import execute, wait_until_printed

RunLive = Callable[..., Page]
EXPLORER = (
    "from guarantees.widgets import ModelExplorer\nexplorer = ModelExplorer(['israel_qme', 'nato_article5'])\nexplorer"
)
TIMELINE = "from guarantees.widgets import Timeline\ntimeline = Timeline(since=1970)\ntimeline"


def violations(page: Page, part: str) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    options = json.dumps({"runOnly": {"type": "tag", "values": AXE_TAGS}})
    found = page.evaluate(f"axe.run(document.querySelector({part!r}), {options})")
    return [f"{each['id']}: {node['html'][:200]}" for each in found["violations"] for node in each["nodes"]]


def test_the_explorers_choices_are_python_s(run_live: RunLive) -> None:
    page = run_live(EXPLORER, permissions=["clipboard-read", "clipboard-write"])
    widget = page.locator(".guarantee-widget.explorer")
    expect(widget.locator("thead th")).to_have_count(3)
    widget.get_by_label("Taiwan").check()
    widget.get_by_label("Nearest to").select_option("israel_qme")
    widget.locator('td[data-model="taiwan_ambiguity"][data-feature="obligation"]').click()
    told = "print(explorer.selection['models'], explorer.selection['near'], explorer.selection['coding'])"
    chosen = "['israel_qme', 'nato_article5', 'taiwan_ambiguity'] israel_qme ['taiwan_ambiguity', 'obligation']"
    wait_until_printed(page, told, chosen)
    execute(page, "explorer.selection = {'models': ['south_korea'], 'near': '', 'coding': ['south_korea', 'arms']}")
    expect(widget.locator("thead th")).to_have_count(2)
    expect(widget.get_by_role("group", name="The chosen coding")).to_contain_text("South Korea")
    refused = execute(page, "explorer.selection = {'near': 'isreal_qme'}")
    assert "israel_qme" in refused
    assert violations(page, ".guarantee-widget.explorer") == []

    widget.get_by_role("button", name="Copy set-up").click()
    expect(widget.get_by_text("Set-up copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "explorer:coding=~south_korea~arms,models=~south_korea"
    widget.get_by_role("button", name="Reset").click()
    expect(widget.locator("thead th")).to_have_count(3)
    field = widget.get_by_role("textbox", name="Set-up as text")
    field.fill(copied)
    field.press("Enter")
    expect(widget.locator("thead th")).to_have_count(2)
    wait_until_printed(page, "print(explorer.selection['models'])", "['south_korea']")
    with page.expect_download() as saved:
        widget.get_by_role("button", name="Download table (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(Path(saved.value.path()).read_text(encoding="utf-8-sig"))))
    assert {row["model"] for row in rows} == {"South Korea"}


def test_typing_in_a_widget_is_not_heard_by_the_notebook(run_live: RunLive) -> None:
    page = run_live(EXPLORER)
    widget = page.locator(".guarantee-widget.explorer")
    widget.get_by_role("searchbox").press_sequentially("aabbdd")
    expect(widget.get_by_role("searchbox")).to_have_value("aabbdd")
    wait_until_printed(page, "print(explorer.selection['search'])", "aabbdd")
    expect(page.locator(".jp-CodeCell")).to_have_count(1)


def test_stock_controls_and_python_move_the_timeline(run_live: RunLive) -> None:
    page = run_live(TIMELINE)
    widget = page.locator(".timeline-controls")
    treaty = widget.locator('[data-id="isr-1975"]')
    expect(treaty).to_have_count(1)
    widget.get_by_role("checkbox", name="Events").uncheck()
    expect(widget.locator('[data-id^="israel_qme."]')).to_have_count(0)
    wait_until_printed(page, "print(timeline.selection['events'], timeline.selection['since'])", "False 1970")
    execute(page, "timeline.selection = {'since': 2000, 'selected': 'isr-2016'}")
    expect(treaty).to_have_count(0)
    expect(widget.locator(".widget-readout").first).to_have_text("2000")
    expect(widget.get_by_role("group", name="The chosen text or event")).to_contain_text("fiscal years 2019 to 2028")
    assert violations(page, ".guarantee-widget.timeline") == []
    page.evaluate("void jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })")
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    assert violations(page, ".guarantee-widget.timeline") == []


def started(run_live: RunLive, call: str, kind: str) -> tuple[Page, Locator]:
    page = run_live(f"from guarantees.widgets import *\nchosen = {call}\nchosen")
    return page, page.locator(f".guarantee-widget:has(.{kind}), .guarantee-widget.{kind}").first


def in_both_themes(page: Page, kind: str) -> list[str]:
    light = violations(page, f".guarantee-widget.{kind}")
    page.evaluate("void jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })")
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    return light + violations(page, f".guarantee-widget.{kind}")


def test_the_price_tags_choices_are_python_s(run_live: RunLive) -> None:
    page, tag = started(run_live, "PriceTag()", "price-tag")
    tag.get_by_role("radio", name="Ukraine", exact=True).check()
    tag.get_by_role("checkbox", name="Count civilian aid and US costs").press("Space")
    wait_until_printed(page, "print(chosen.selection['bill'], chosen.selection['economic'])", "ukraine False")
    execute(page, "chosen.selection = {'bill': 'taiwan', 'economic': True, 'start': 'late'}")
    expect(tag.locator(".figure")).to_have_text("$8.4 billion or $5.7 billion")
    assert in_both_themes(page, "price-tag") == []


def test_what_the_lens_marks_is_python_s(run_live: RunLive) -> None:
    page, lens = started(run_live, "SourceLens(passage='khrestin-18-six')", "source-lens")
    phrases = lens.get_by_role("group", name="The passage")
    phrases.get_by_role("button", name="six guarantees").press("Enter")
    phrases.get_by_role("button", name="to Taiwan").click()
    wait_until_printed(page, "print(len(chosen.selection['marked']))", "2")
    execute(page, "chosen.selection = {'revealed': ['khrestin-18-six']}")
    expect(lens.locator(".finding")).to_contain_text("you found 1 of 1 artefact")
    assert in_both_themes(page, "source-lens") == []


def test_weights_set_in_the_notebook_are_python_s(run_live: RunLive) -> None:
    page, explorer = started(run_live, "TradeoffExplorer()", "tradeoffs")
    name = catalog.row("criteria", "credibility")["name"]
    explorer.get_by_role("slider", name=name).press("End")
    wait_until_printed(page, "print(chosen.selection['points']['credibility'])", "100")
    execute(page, "chosen.selection = {'points': {**chosen.selection['points'], 'credibility': 7}}")
    expect(explorer.get_by_role("slider", name=name)).to_have_value("7")
    assert in_both_themes(page, "tradeoffs") == []


def test_a_design_made_in_the_notebook_is_python_s(run_live: RunLive) -> None:
    page, designer = started(run_live, "GuaranteeDesigner()", "designer")
    designer.get_by_label("Start from").select_option("nato_article5")
    designer.get_by_role("tab", name="The promise").press("ArrowRight")
    held = "print(chosen.design == dict(catalog.coding_matrix().loc['nato_article5'].drop('record')), chosen.step)"
    execute(page, "from guarantees import catalog")
    wait_until_printed(page, held.replace("chosen.step", "chosen.selection['step']"), "True means")
    execute(page, "chosen.selection = {'design': {}}")
    expect(designer.locator(".finding")).to_contain_text("Nothing is decided yet")
    assert in_both_themes(page, "designer") == []


def test_the_labs_game_is_python_s(run_live: RunLive) -> None:
    page, lab = started(run_live, "DeterrenceLab()", "lab-controls")
    lab.get_by_role("slider", name="Hands tied k", exact=True).press("End")
    lab.get_by_role("button", name="Pin these numbers").click()
    wait_until_printed(page, "print(chosen.game[0].k, chosen.selection['before'] == {'k': 1})", "1.0 True")
    execute(page, "chosen.selection = {'k': 0.0}")
    expect(lab.get_by_role("slider", name="Hands tied k", exact=True)).to_have_attribute("aria-valuetext", "0")
    assert in_both_themes(page, "lab") == []


def test_a_quiz_answers_in_the_notebook(run_live: RunLive) -> None:
    page = run_live("from guarantees import show\nshow.quiz('israel')")
    first = page.locator(".guarantee-widget.quiz fieldset").first
    first.get_by_role("radio").first.check()
    first.get_by_role("button", name="Check").click()
    expect(first.get_by_role("status")).not_to_be_empty()
    assert in_both_themes(page, "quiz") == []
