"""Widgets in JupyterLab with a real kernel: what the reader chooses is Python's, and the other way round."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

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
    assert page.locator(".jp-CodeCell").count() == 1


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
