"""A route is made on its page, tried without a call, called, seen at work, changed and taken away."""

import time
from typing import Any
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import PATIENCE_MS, settled
from tests.running import Running

pytestmark = pytest.mark.timeout(900)


def _open(page: Page, studio: Running, path: str = "routes") -> None:
    page.goto(f"{studio.studio}/{path}")
    settled(page)


def _called(studio: Running, body: dict[str, Any]) -> Any:
    """Workers learn of a new route within a second."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while True:
        try:
            return studio.call("/v1/chat/completions", body)
        except HTTPError as error:
            if error.code != 404 or time.monotonic() > end:
                raise
            time.sleep(0.1)


def test_a_route_is_made_tried_and_called(studio: Running, page: Page) -> None:
    model = f"local/{studio.models[-1]}"
    _open(page, studio)
    page.locator("main .pagehead").get_by_role("button", name="New route").click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name="Name").fill("careful")
    form.get_by_label("Target 1", exact=True).fill(model)
    dry = form.get_by_role("region", name="Dry run")
    expect(dry.get_by_role("row", name=model)).to_contain_text("runs on this machine")
    form.get_by_role("button", name="Create route").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    row = page.get_by_role("row", name="careful")
    expect(row).to_contain_text("In order")
    body = {"model": "careful", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 3}
    assert _called(studio, body)["choices"]
    expect(row).to_contain_text("100%")


def test_conditions_show_at_once_what_they_leave(studio: Running, page: Page) -> None:
    _open(page, studio)
    page.get_by_role("button", name="careful", exact=True).click()
    form = page.get_by_role("dialog")
    dry = form.get_by_role("region", name="Dry run")
    expect(dry.get_by_role("table")).to_contain_text("runs on this machine")
    form.get_by_role("button", name="Conditions").click()
    form.get_by_label("Only models with open weights").check()
    expect(dry).to_contain_text("Nothing may answer such a call.")
    expect(dry.get_by_role("table")).to_contain_text("whether its weights are published is not known")
    form.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_cannot_be_is_told_in_the_form(studio: Running, page: Page) -> None:
    _open(page, studio)
    page.locator("main .pagehead").get_by_role("button", name="New route").click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="Create route").click()
    expect(form).to_contain_text("Give it a name.")
    form.get_by_role("textbox", name="Name").fill("loop")
    form.get_by_label("Target 1", exact=True).fill("careful")
    form.get_by_role("button", name="Time limits and retries").click()
    form.get_by_label("Longest pause").fill("0.1")
    form.get_by_role("button", name="Create route").click()
    expect(form.get_by_role("alert")).to_contain_text("retrying.most")


def test_a_project_says_what_it_sends(studio: Running, page: Page) -> None:
    _open(page, studio, "routes?tab=projects")
    page.get_by_role("button", name="default", exact=True).click()
    form = page.get_by_role("dialog")
    form.get_by_label("Class of its data").fill("internal")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("row", name="default")).to_contain_text("internal")


def test_a_route_is_removed(studio: Running, page: Page) -> None:
    _open(page, studio)
    page.get_by_role("button", name="careful", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Remove route").click()
    sure = page.get_by_role("dialog").last
    expect(sure).to_contain_text("Calls of careful are refused")
    sure.get_by_role("button", name="Remove route").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("No routes yet")).to_be_visible()
