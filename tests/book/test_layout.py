"""Widgets come alive without moving what stands around them, in the room that they name."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from guarantees import widgets
from tests.widgets.pages import open_widgets

OpenPage = Callable[..., Page]
EXPLORABLE = [name for name in widgets.__all__ if name != "Quiz"]
TALL = {"desktop": {"width": 1280, "height": 2600}, "phone": {"width": 360, "height": 3200}}
SHIFTS = """() => new Promise((resolve) => {
  let total = 0;
  const add = (entries) => entries.forEach(({ value }) => (total += value));
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  const end = () => {
    add(observer.takeRecords());
    resolve(total);
  };
  requestAnimationFrame(() => requestAnimationFrame(end));
})"""
SPARE = """host => {
  const room = parseFloat(getComputedStyle(host).minHeight);
  host.style.minHeight = "0";
  return room - host.offsetHeight;
}"""


@pytest.mark.parametrize("size", TALL)
@pytest.mark.parametrize("name", EXPLORABLE)
def test_nothing_moves(open_page: OpenPage, name: str, size: str) -> None:
    page = open_widgets(open_page, getattr(widgets, name)(), viewport=TALL[size])
    assert page.evaluate(SHIFTS) < 0.01
    assert -10 < page.locator(".live-widget").evaluate(SPARE) < 150
