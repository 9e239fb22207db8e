"""The studio as people meet it: the first start, a question, a key, its trace; on every screen, in every light."""

import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

from tests.browser.pages import PAGES, chromium, first_start, flaws, settled
from tests.running import Running, running

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def built(repository: Path) -> Path:
    folder = repository / "src" / "counterpoint" / "studio"
    if not (folder / "index.html").is_file():
        pytest.skip("the studio is not built: run `make studio`")
    return folder


@pytest.fixture(scope="module")
def axe(repository: Path) -> str:
    return (repository / "studio" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def studio(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:

    program = Path(sys.executable).with_name("counterpoint")
    with running([program], tmp_path_factory.mktemp("browser") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def browser(component: Callable[[str], Path]) -> Iterator[Browser]:
    with chromium(component("chromium")) as browser:
        yield browser


@pytest.fixture(scope="module")
def signed_in(studio: Running, browser: Browser) -> StorageState:
    """The owner's session, made the way the first start makes it."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    first_start(page, studio.sign_in)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def context(browser: Browser, signed_in: StorageState) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-GB", storage_state=signed_in
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def test_a_question_is_answered_as_it_is_written_and_seen_in_usage(studio: Running, page: Page) -> None:
    page.goto(studio.studio + "/playground")
    page.get_by_label("Ask the model…").fill("Say hello in five words.")
    page.keyboard.press("Enter")
    expect(page.locator(".said[data-role=assistant] .md").first).not_to_be_empty(timeout=60_000)
    expect(page.get_by_role("button", name="Send")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("First token")).to_be_visible()
    page.get_by_role("link", name="Usage").click()
    row = page.get_by_role("row").filter(has_text="smollm2-135m-instruct").filter(has_text="200").first
    expect(row).to_be_visible()
    row.click()
    expect(page.get_by_role("dialog")).to_contain_text("local/smollm2-135m-instruct")


def test_a_key_is_shown_once_and_works(studio: Running, page: Page) -> None:
    page.goto(studio.studio + "/keys")
    page.get_by_role("button", name="New key").click()
    page.get_by_label("Name").fill("browser test")
    page.get_by_role("button", name="Create key").click()
    dialog = page.get_by_role("dialog", name="Your new key")
    secret = dialog.locator("pre").first.inner_text()
    assert studio.call("/v1/models", headers={"Authorization": f"Bearer {secret}"})["data"]
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_role("row").filter(has_text="browser test")).to_contain_text("Active")
    expect(page.get_by_text(secret)).to_have_count(0)


def test_language_and_theme_are_changed_and_kept(studio: Running, page: Page) -> None:
    page.goto(studio.studio + "/settings")
    page.get_by_text("Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.get_by_text("Français", exact=True).click()
    expect(page.get_by_role("heading", name="Réglages", level=1)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.reload()
    expect(page.get_by_role("heading", name="Réglages", level=1)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


def test_everything_is_reached_by_keyboard(studio: Running, page: Page) -> None:
    page.goto(studio.studio + "/")
    settled(page)
    page.keyboard.press("Control+k")
    page.get_by_role("searchbox").or_(page.get_by_placeholder("Pages, models, actions…")).first.fill("prov")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Providers", level=1)).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), list(itertools.product((390, 1440, 2560), ("light", "dark"))))
def test_every_page_is_sound(
    studio: Running, browser: Browser, signed_in: StorageState, axe: str, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        locale="en-GB",
        storage_state=signed_in,
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    found: list[str] = []
    page.on("console", lambda told: found.append(told.text) if told.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    for name, path in PAGES.items():
        page.goto(studio.studio + path)
        settled(page)
        found += [f"{name}: {flaw}" for flaw in flaws(page, axe)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name}: wider than the screen")
    context.close()
    assert found == []
