"""What the browser tests and the screenshots share: the pages, a browser, and a person who signed in."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

PAGES = {
    "home": "/",
    "search": "/search",
    "asked": "/search?q=how+many+days+of+leave",
    "knowledge": "/knowledge",
    "tracing": "/knowledge?tab=trace",
    "receipts": "/knowledge?tab=receipts",
    "playground": "/playground",
    "models": "/models",
    "local": "/models?tab=local",
    "providers": "/providers",
    "routes": "/routes",
    "projects": "/routes?tab=projects",
    "keys": "/keys",
    "budgets": "/budgets",
    "traffic": "/traffic",
    "health": "/health",
    "usage": "/usage",
    "audit": "/audit",
    "members": "/members",
    "groups": "/members?tab=groups",
    "tokens": "/members?tab=tokens",
    "settings": "/settings",
    "account": "/settings/account",
    "rights": "/settings/rights",
    "names": "/settings/names",
    "platform": "/settings/platform",
}
OPENED: dict[str, dict[str, Callable[[Page], None]]] = {
    "home": {
        "palette": lambda page: page.keyboard.press("Control+k"),
        "shortcuts": lambda page: page.keyboard.press("?"),
    },
    "models": {"model": lambda page: page.locator("main table tbody button.plain").first.click()},
    "local": {"pull": lambda page: page.locator("main .card header button").first.click()},
    "providers": {"add": lambda page: page.locator("main .pagehead button").last.click()},
    "routes": {"new": lambda page: page.locator("main .pagehead button").last.click()},
    "keys": {"new": lambda page: page.locator("main .pagehead button").last.click()},
    "budgets": {"new": lambda page: page.locator("main .pagehead button").last.click()},
    "traffic": {"request": lambda page: page.locator("main table tbody tr").first.click()},
    "health": {"offering": lambda page: page.locator("main table tbody tr").first.click()},
    "usage": {"request": lambda page: page.locator("main table").last.locator("tbody tr").first.click()},
    "audit": {"act": lambda page: page.locator("main table tbody tr").first.click()},
    "knowledge": {"add": lambda page: page.locator("main .pagehead button").last.click()},
    "receipts": {"one": lambda page: page.locator("main table tbody button").first.click()},
    "members": {"invite": lambda page: page.locator("main .pagehead button").last.click()},
    "groups": {"new": lambda page: page.locator("main .pagehead button").last.click()},
}
"""What opens on a page: a drawer or a dialog, in whatever language."""
PASSWORD = "four voices in one harmony"
PATIENCE_MS = 60_000
"""As long as a slow machine with other work may take; whoever waits goes on as soon as it has come to that."""
WIDE: ViewportSize = {"width": 1440, "height": 900}
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextlib.contextmanager
def chromium(program: Path) -> Iterator[Browser]:
    """Debian's browser, talking to nobody but us."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=list(SWITCHES))
        yield browser
        browser.close()


@contextlib.contextmanager
def visitor(browser: Browser, **settings: Any) -> Iterator[Page]:
    """A page of somebody whom the platform does not know yet."""
    context = browser.new_context(**{"locale": "en-GB", "viewport": WIDE, **settings})
    try:
        context.set_default_timeout(PATIENCE_MS)
        yield context.new_page()
    finally:
        context.close()


def first_start(page: Page, link: str) -> None:
    """From the link that the first start prints to the owner's home."""
    page.goto(link)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator("input[name=name]").fill("Ada Owner")
    page.get_by_label("E-mail or user name").fill("ada")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=again]").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.get_by_role("heading", name="Home", level=1).wait_for()


def settled(page: Page) -> None:
    """The page shows its data: nothing is busy any more."""
    page.locator("h1").first.wait_for()
    expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=PATIENCE_MS)
    page.evaluate("document.fonts.ready")


def sign_in(page: Page, address: str) -> None:
    """As the owner, by the form that stands before every page."""
    page.goto(address)
    page.locator("input[name=login]").fill("ada")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator("nav.side").wait_for()


def flaws(page: Page, axe: str) -> list[str]:
    """What axe finds against WCAG, one line each."""
    page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(result => result.violations)")
    return [
        f"{each['id']}: {each['help']}: {node['html'][:200]}" for each in found for node in each["nodes"][:3]
    ]
