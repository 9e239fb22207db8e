"""A page that stays open while the platform goes, comes back, or becomes another version."""

import itertools
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PROGRAM
from tests.browser.pages import first_start, settled, visitor
from tests.running import Running, running

pytestmark = pytest.mark.timeout(900)
LOST = "Counterpoint cannot be reached."
SLOW = 60_000
LAST = "performance.getEntriesByType('resource').some(entry => entry.name.includes('/assets/Settings-'))"
"""The last page's part was fetched ahead: no part is missing any more."""


class Restarted:
    """A platform that can be stopped, and started again on the same ports with the same data."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._ports: tuple[str, ...] = ()
        self._running = ExitStack()
        self.now = self.start()

    def start(self) -> Running:
        self.now = self._running.enter_context(running([PROGRAM], self._data, *self._ports))
        gateway, admin = (url.rpartition(":")[2] for url in (self.now.gateway, self.now.studio))
        self._ports = ("--port", gateway, "--admin-port", admin)
        return self.now

    def stop(self) -> None:
        self._running.close()


@pytest.fixture(scope="module")
def platform(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restarted]:
    started = Restarted(tmp_path_factory.mktemp("connection") / "data")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def page(platform: Restarted, browser: Browser) -> Iterator[Page]:
    """One page, open from the first test to the last."""
    with visitor(browser) as page:
        first_start(page, platform.now.sign_in)
        fetched_ahead(page)
        yield page


def fetched_ahead(page: Page) -> None:
    end = time.monotonic() + SLOW / 1000
    while not page.evaluate(
        LAST
    ):  # the page allows nobody to evaluate words within it, as waiting there would
        assert time.monotonic() < end, "the parts of the other pages were not fetched"
        page.wait_for_timeout(100)


def ask(platform: Restarted) -> None:
    body = {
        "model": platform.now.models[-1],
        "messages": [{"role": "user", "content": "Hi"}],
        "max_tokens": 5,
    }
    platform.now.call("/v1/chat/completions", body)


def test_a_lost_network_is_said_and_forgotten(platform: Restarted, page: Page) -> None:
    settled(page)
    page.context.set_offline(True)
    expect(page.get_by_text(LOST)).to_be_visible(timeout=SLOW)
    page.context.set_offline(False)
    expect(page.get_by_text(LOST)).to_have_count(0, timeout=SLOW)


def test_a_restart_costs_nothing_but_the_wait(platform: Restarted, page: Page) -> None:
    """The page is not reloaded: what it said before is still there, and what happens next is shown."""
    page.get_by_role("link", name="Usage", exact=True).first.click()
    settled(page)
    page.evaluate("window.untouched = true")
    fetched_ahead(page)
    platform.stop()
    expect(page.get_by_text(LOST)).to_be_visible(timeout=SLOW)
    page.get_by_role("link", name="Keys", exact=True).first.click()
    expect(page.get_by_role("heading", name="Keys", level=1)).to_be_visible()
    page.get_by_role("link", name="Usage", exact=True).first.click()
    platform.start()
    expect(page.get_by_text(LOST)).to_have_count(0, timeout=SLOW)
    rows = page.locator("main table tbody tr")
    before = rows.count()
    ask(platform)
    expect(rows).not_to_have_count(before, timeout=SLOW)
    assert page.evaluate("window.untouched") is True
    expect(page.get_by_text("Counterpoint has been updated.")).to_have_count(0)


def test_another_studio_is_offered_and_its_missing_parts_lead_to_it(
    platform: Restarted, page: Page, built: Path
) -> None:
    """An upgrade seen from an old page: the entry and the parts have other names. Played by the page's network, so
    that the studio that all tests share stays as it is."""
    entry = re.search(r"assets/index-[\w-]+\.js", (built / "index.html").read_text("utf-8"))
    assert entry is not None
    upgraded = (built / "index.html").read_text("utf-8").replace(entry[0], "assets/index-NextVersion.js")
    page.evaluate("window.untouched = true")
    page.route(
        platform.now.studio + "/", lambda route: route.fulfill(body=upgraded, content_type="text/html")
    )
    platform.stop()
    expect(page.get_by_text(LOST)).to_be_visible(timeout=SLOW)
    platform.start()
    expect(page.get_by_text("Counterpoint has been updated.")).to_be_visible(timeout=SLOW)
    page.unroute(platform.now.studio + "/")
    page.get_by_role("button", name="Reload").click()
    settled(page)
    assert page.evaluate("window.untouched") is None


def test_a_part_that_is_gone_reloads_the_page(
    platform: Restarted, page: Page, browser: Browser, built: Path
) -> None:
    state = page.context.storage_state()
    text = (built / "index.html").read_text("utf-8")
    upgraded = re.sub(r"assets/index-[\w-]+\.js", "assets/index-NextVersion.js", text)
    with visitor(browser, storage_state=state) as old:
        parts = itertools.count()
        gone = re.compile(r"/assets/Keys-[\w-]+\.js")
        old.route(gone, lambda route: (next(parts), route.fulfill(status=404))[1])
        old.route(
            platform.now.studio + "/",
            lambda route: (
                route.fulfill(body=upgraded, content_type="text/html")
                if route.request.resource_type == "fetch"
                else route.continue_()
            ),
        )
        old.goto(platform.now.studio + "/usage")
        settled(old)
        old.evaluate("window.untouched = true")
        with old.expect_navigation(timeout=SLOW):
            old.get_by_role("link", name="Keys", exact=True).first.click()
            old.unroute(gone)
        expect(old.get_by_role("heading", name="Keys", level=1)).to_be_visible(timeout=SLOW)


def test_a_part_that_cannot_be_had_now_is_had_later(
    platform: Restarted, page: Page, browser: Browser
) -> None:
    """The platform is away while a page is gone to that was never loaded: said, and mended when it is back."""
    with visitor(browser, storage_state=page.context.storage_state()) as other:
        gone = re.compile(r"/assets/Keys-[\w-]+\.js")
        other.route(gone, lambda route: route.abort())
        other.goto(platform.now.studio + "/usage")
        settled(other)
        away = platform.now.studio + "/healthz"
        other.route(away, lambda route: route.abort())
        # The page looks by itself, once, whether the platform is there; from then on it waits to be told.
        with other.expect_event("requestfailed", lambda request: request.url == away):
            other.get_by_role("link", name="Keys", exact=True).first.click()
        expect(other.get_by_role("alert")).to_contain_text("Counterpoint cannot be reached")
        other.unroute(gone)
        other.unroute(away)
        other.get_by_role("button", name="Try again").click()
        expect(other.get_by_role("heading", name="Keys", level=1)).to_be_visible(timeout=SLOW)


def test_an_ended_session_asks_for_the_password_again(platform: Restarted, page: Page) -> None:
    page.goto(platform.now.studio + "/usage")
    settled(page)
    page.context.clear_cookies()
    page.evaluate("fetch('api/v1/session')")
    ask(platform)
    expect(page.get_by_text("Your session has ended")).to_be_visible(timeout=SLOW)
