"""What every browser test needs: the built studio, a browser, a platform of the module's own, and its owner."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

from tests.browser.pages import PATIENCE_MS, WIDE, chromium, first_start, visitor
from tests.browser.replay import ReplayedHost, replayed_host
from tests.running import Running, running

# As long as a slow machine with other work may take; Playwright's own five seconds are for a quick one.
expect.set_options(timeout=PATIENCE_MS)
PROGRAM = Path(sys.executable).with_name("counterpoint")


@pytest.fixture(scope="session")
def built(repository: Path) -> Path:
    folder = repository / "src" / "counterpoint" / "studio"
    if not (folder / "index.html").is_file():
        pytest.skip("the studio is not built: run `make studio`")
    return folder


@pytest.fixture(scope="session")
def axe(repository: Path) -> str:
    return (repository / "studio" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def browser(component: Callable[[str], Path]) -> Iterator[Browser]:
    """Not for the whole run: Playwright keeps an event loop, beside which no other test could run its own."""
    with chromium(component("chromium")) as browser:
        yield browser


@pytest.fixture(scope="module")
def studio(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A platform that nobody used yet."""
    with running([PROGRAM], tmp_path_factory.mktemp("browser") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def signed_in(studio: Running, browser: Browser) -> StorageState:
    """The owner's session, made the way the first start makes it."""
    with visitor(browser) as page:
        first_start(page, studio.sign_in)
        return page.context.storage_state()


@pytest.fixture
def context(browser: Browser, signed_in: StorageState) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=WIDE, locale="en-GB", storage_state=signed_in)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="module")
def host() -> Iterator[ReplayedHost]:
    with replayed_host() as host:
        yield host
