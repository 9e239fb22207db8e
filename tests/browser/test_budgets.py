"""Budgets: made, spent, seen burning down, changed; more is asked for by who is bound and granted by who may."""

import sqlite3
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from counterpoint.canonical import Usage
from counterpoint.storage import ledger
from counterpoint.storage.database import open_database, sqlite_url
from tests.browser.pages import flaws, settled, visitor
from tests.browser.test_people import arrive, invite
from tests.entries import make_entry
from tests.running import Running

pytestmark = pytest.mark.timeout(900)
DAY = 86_400 * 1_000_000


def spent(studio: Running, days: int) -> None:
    """Something every day until now, as the ledger has it."""
    with sqlite3.connect(studio.data / "counterpoint.sqlite3") as found:
        ((organisation,),) = found.execute("SELECT id FROM organisations")
        ((key, project),) = found.execute("SELECT id, project_id FROM keys LIMIT 1").fetchall()
    now = time.time_ns() // 1000
    database = open_database(sqlite_url(studio.data))
    with database.write() as connection:
        ledger.add_entries(
            connection,
            [
                make_entry(
                    at=now - ago * DAY,
                    organisation=organisation,
                    project=project,
                    key=key,
                    offering="host/large",
                    host="host",
                    model="large",
                    usage=Usage(input=1000, output=100),
                )
                for ago in range(days)
            ],
        )
    database.close()


def add(page: Page, amount: str, **choices: str) -> None:
    page.get_by_role("button", name="New budget").first.click()
    dialog = page.get_by_role("dialog", name="New budget")
    for label, value in choices.items():
        dialog.get_by_label(label, exact=True).click()
        page.get_by_role("option", name=value, exact=True).click()
    dialog.get_by_label("Amount").fill(amount)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)


def chosen(page: Page) -> Locator:
    return page.locator("section.card").nth(1)


def test_a_budget_is_made_changed_raised_and_removed(studio: Running, browser: Browser, page: Page) -> None:
    spent(studio, 16)
    page.goto(studio.studio + "/budgets")
    add(page, "500")
    add(page, "20000", Limits="Tokens", Per="month")
    expect(page.locator("button.budget")).to_have_count(2)
    page.locator("button.budget").filter(has_text="Tokens").click()
    expect(chosen(page).get_by_role("img")).to_be_visible()
    expect(chosen(page).get_by_text("each day taken as that weekday was")).to_be_visible()
    page.locator("button.budget").filter(has_text="Money").click()
    chosen(page).get_by_role("button", name="Change").click()
    dialog = page.get_by_role("dialog", name="Change")
    dialog.get_by_label("Amount").fill("800")
    dialog.get_by_role("button", name="Save").click()
    expect(chosen(page)).to_contain_text("800")
    link = invite(page, studio, "Dora", "dora", "User")
    with visitor(browser) as theirs:
        arrive(theirs, link)
        theirs.goto(studio.studio + "/budgets")
        expect(theirs.locator("button.budget")).to_have_count(2)
        theirs.locator("button.budget").filter(has_text="Money").click()
        theirs.get_by_role("button", name="Ask for more").click()
        asking = theirs.get_by_role("dialog", name="Ask for more")
        asking.get_by_label("How much more").fill("200")
        asking.get_by_label("Why").fill("The launch is next week")
        asking.get_by_role("button", name="Ask for more").click()
        expect(theirs.get_by_role("row").filter(has_text="The launch")).to_contain_text("Open")
        page.goto(studio.studio + "/budgets")
        row = page.get_by_role("row").filter(has_text="The launch")
        expect(row).to_contain_text("dora")
        row.get_by_role("button", name="Approve").click()
        dialog = page.get_by_role("dialog", name="Approve the request")
        dialog.get_by_label("Amount granted").fill("150")
        dialog.get_by_role("button", name="Approve").click()
        expect(row).to_contain_text("Approved")
        page.locator("button.budget").filter(has_text="Money").click()
        expect(chosen(page)).to_contain_text("950")
        theirs.reload()
        expect(theirs.get_by_role("row").filter(has_text="The launch")).to_contain_text("Approved")
    page.locator("button.budget").filter(has_text="Money").click()
    chosen(page).get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.locator("button.budget")).to_have_count(1)


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1440, "dark")])
def test_the_page_is_sound_with_budgets_on_it(
    studio: Running,
    browser: Browser,
    signed_in: StorageState,
    axe: str,
    tmp_path: Path,
    width: int,
    scheme: str,
) -> None:
    settings = {
        "viewport": {"width": width, "height": 900},
        "color_scheme": scheme,
        "reduced_motion": "reduce",
    }
    with visitor(browser, storage_state=signed_in, **settings) as page:
        page.goto(studio.studio + "/budgets")
        settled(page)
        expect(page.locator("button.budget").first).to_be_visible()
        page.screenshot(path=tmp_path / f"budgets-{width}.png", full_page=True)
        assert list(flaws(page, axe)) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
