"""Every page and what opens on it: on every screen, in every light, in both languages."""

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.browser.pages import OPENED, PAGES, flaws, settled, visitor
from tests.running import Running

pytestmark = pytest.mark.timeout(600)
NAMES = {"Playground"}
"""Sentences that are names, too: there is a maker of models called Playground."""


@pytest.fixture(scope="module", autouse=True)
def asked(studio: Running, signed_in: StorageState) -> None:
    """Something to show."""
    for question in ("Say hello.", "Name three rivers."):
        body = {"model": studio.models[-1], "messages": [{"role": "user", "content": question}]}
        studio.call("/v1/chat/completions", {**body, "max_tokens": 12})


def complaints(page: Page) -> list[str]:
    """What the browser says on its console, from now on."""
    found: list[str] = []
    page.on("console", lambda told: found.append(told.text) if told.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def views(page: Page, studio: Running) -> Iterator[str]:
    """Each page, then each with what opens on it; the names of those on the screen."""
    for name, path in PAGES.items():
        page.goto(studio.studio + path)
        settled(page)
        yield name
        for label, locate in OPENED.get(name, {}).items():
            locate(page)
            page.get_by_role("dialog").first.wait_for()
            settled(page)
            yield f"{name}, {label}"
            page.keyboard.press("Escape")
            page.get_by_role("dialog").first.wait_for(state="detached")


@pytest.mark.parametrize(("width", "scheme"), list(itertools.product((390, 1440, 2560), ("light", "dark"))))
def test_every_page_is_sound(
    studio: Running, browser: Browser, signed_in: StorageState, axe: str, width: int, scheme: str
) -> None:
    found: list[str] = []
    settings = {
        "viewport": {"width": width, "height": 900},
        "color_scheme": scheme,
        "reduced_motion": "reduce",
    }
    with visitor(browser, storage_state=signed_in, **settings) as page:
        told = complaints(page)
        for name in views(page, studio):
            if width < 2560:
                found += [f"{name}: {flaw}" for flaw in flaws(page, axe)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{name}: wider than the screen")
        found += told
    assert found == []


def test_no_page_speaks_english_in_french(
    studio: Running, browser: Browser, signed_in: StorageState, repository: Path
) -> None:
    english = sentences(repository, "en")
    only_english = english - sentences(repository, "fr") - NAMES
    found: list[str] = []
    with visitor(browser, storage_state=signed_in, locale="fr-FR") as page:
        for name in views(page, studio):
            shown = page.evaluate(SHOWN)
            found += [f"{name}: {text}" for text in shown if text in only_english]
    assert found == []


def sentences(repository: Path, language: str) -> set[str]:
    """Of the studio's catalogue, those that stand alone: without values, and long enough to be no name."""
    folder = repository / "studio" / "src" / "i18n" / language
    texts = [text for path in folder.glob("*.json") for text in json.loads(path.read_text("utf-8")).values()]
    return {text for text in texts if "{" not in text and "||" not in text and re.search(r"[a-z]{3}", text)}


SHOWN = """() => {
  const texts = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (!parentElement.closest('[lang=en], script, style')) texts.add(data.trim());
  }
  for (const element of document.querySelectorAll('[aria-label], [placeholder], [title]')) {
    for (const name of ['aria-label', 'placeholder', 'title']) texts.add(element.getAttribute(name) ?? '');
  }
  texts.add(document.title.split(' · ')[0]);
  return [...texts].filter(Boolean);
}"""
