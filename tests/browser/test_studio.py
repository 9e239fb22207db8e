"""The studio as its owner uses it: one person's first hour, from a provider to a request in the ledger."""

import re
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import settled
from tests.browser.replay import ReplayedHost, recorded_stream, text_of
from tests.running import Running

pytestmark = pytest.mark.timeout(900)
MODEL = "replayed/gpt-4o"


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[bytes]:
    return recorded_stream(shared / "data" / "provider-recordings")


@pytest.fixture(autouse=True)
def at_its_own_pace(host: ReplayedHost) -> Iterator[None]:
    yield
    host.free()


def go(page: Page, name: str) -> None:
    page.locator("nav.side").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    settled(page)


def test_a_provider_is_tried_and_added(studio: Running, page: Page, host: ReplayedHost) -> None:
    page.goto(studio.studio + "/providers")
    settled(page)
    page.get_by_role("button", name="Add a provider").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Another server").click()
    dialog.get_by_label("Address").fill(host.url + "/v1")
    dialog.get_by_role("textbox", name="Name").fill("replayed")
    dialog.locator("input[type=password]").fill("sk-wrong")
    dialog.get_by_role("button", name="Test the connection").click()
    expect(dialog.get_by_text("It does not work yet")).to_be_visible()
    dialog.get_by_role("button", name="Change the details").click()
    dialog.locator("input[type=password]").fill(host.secret)
    dialog.get_by_role("button", name="Test the connection").click()
    expect(dialog.get_by_text("It works")).to_be_visible()
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_text("replayed is added")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("replayed").first).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(host.secret)


def test_a_provider_says_where_it_computes_and_routes_go_by_it(studio: Running, page: Page) -> None:
    page.goto(studio.studio + "/providers")
    settled(page)
    page.get_by_role("button", name="Actions: replayed").click()
    page.get_by_role("menuitem", name="Edit").click()
    form = page.get_by_role("dialog")

    def field(label: str) -> Locator:
        return form.locator("input").and_(form.get_by_label(label))  # not the list of what it suggests

    form.get_by_role("button", name="Say where it computes").click()
    for label, value in (
        ("Where it computes", "fr"),
        ("Whose law binds it", "FR"),
        ("Classes of data", "hr-*"),
    ):
        field(label).fill(value)
        field(label).press("Enter")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    (one,) = page.request.get(studio.studio + "/api/v1/providers").json()["items"]
    assert (one["residency"], one["jurisdiction"], one["data_classes"]) == (["FR"], "FR", ["hr-*"])

    page.get_by_role("button", name="Actions: replayed").click()
    page.get_by_role("menuitem", name="Edit").click()
    expect(form).to_contain_text("hr-*")
    field("Where it computes").press("Backspace")
    field("Where it computes").fill("Atlantis")
    field("Where it computes").press("Enter")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("ATLANTIS")
    for label in ("Where it computes", "Whose law binds it", "Classes of data"):
        field(label).press("Backspace")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    (one,) = page.request.get(studio.studio + "/api/v1/providers").json()["items"]
    assert (one["residency"], one["jurisdiction"], one["data_classes"]) == (None, None, None)


def test_an_answer_is_seen_growing_and_its_request_in_usage(
    studio: Running, page: Page, host: ReplayedHost, recorded: list[bytes]
) -> None:
    host.events = recorded
    whole = text_of(recorded).strip()
    host.hold()
    page.goto(studio.studio + f"/playground?model={MODEL}")
    settled(page)
    ask = page.get_by_role("textbox", name="Ask the model…")
    ask.fill("What is the weather in New York?")
    ask.press("Enter")
    answer = page.locator(".md").last
    host.let(8)
    expect(answer).to_contain_text(whole[:18])
    first = answer.inner_text()
    host.let(12)
    expect(answer).to_contain_text(whole[:60])
    second = answer.inner_text()
    assert len(first) < len(second) < len(whole)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    host.free()
    expect(answer).to_have_text(whole)
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    go(page, "Usage")
    row = page.get_by_role("row").filter(has_text="gpt-4o").first
    expect(row).to_be_visible()


def test_a_key_made_here_works_with_the_official_sdk_and_its_request_is_seen_at_once(
    studio: Running, page: Page, host: ReplayedHost
) -> None:
    page.goto(studio.studio + "/keys")
    page.get_by_role("button", name="New key").click()
    page.get_by_label("Name").first.fill("browser test")
    page.get_by_role("button", name="Create key").click()
    dialog = page.get_by_role("dialog").last
    secret = dialog.locator("pre").first.inner_text()
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_role("row").filter(has_text="browser test")).to_contain_text("Active")
    expect(page.get_by_text(secret)).to_have_count(0)

    other = page.context.new_page()
    other.goto(studio.studio + "/usage?only=key:browser%20test")
    settled(other)
    page.goto(studio.studio + "/usage")
    settled(page)
    with openai.OpenAI(base_url=studio.gateway + "/v1", api_key=secret) as client:
        messages = [{"role": "user", "content": "What is a counterpoint?"}]
        # The two seconds that are promised begin when the call has its answer; nobody touches the page. A machine with
        # other work may be late once or twice.
        rows = page.get_by_role("row").filter(has_text="browser test")
        late = 0
        for called in range(1, 4):
            answer = client.chat.completions.create(model=MODEL, messages=messages)  # type: ignore[arg-type]
            assert answer.choices[0].message.content == text_of(host.events)
            try:
                expect(rows).to_have_count(called, timeout=2_000)
                break
            except AssertionError:
                late += 1
                expect(rows).to_have_count(called)
    assert late < 3
    page.get_by_role("row").filter(has_text="browser test").first.click()
    expect(page.get_by_role("dialog")).to_contain_text(MODEL)


def test_language_and_theme_are_changed_and_kept(studio: Running, page: Page) -> None:
    page.goto(studio.studio + "/settings")
    page.get_by_text("Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.get_by_text("Français", exact=True).click()
    expect(page.get_by_role("heading", name="Réglages", level=1)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.reload()
    expect(page.get_by_role("heading", name="Réglages", level=1)).to_be_visible()
    expect(page).to_have_title(re.compile("^Réglages"))
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


def test_everything_is_reached_by_keyboard(studio: Running, page: Page) -> None:
    page.goto(studio.studio + "/")
    settled(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Control+k")
    search = page.get_by_placeholder("Pages, models, actions…")
    search.fill("prov")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Providers", level=1)).to_be_focused()
    page.keyboard.press("Control+k")
    search.fill("new key")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="New key")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Usage", level=1)).to_be_focused()


def test_a_wrong_address_is_said_to_be_one(studio: Running, page: Page) -> None:
    answer = page.goto(studio.studio + "/pricing/old")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="There is no such page", level=1)).to_be_visible()


def test_the_platform_says_which_processes_it_is_made_of(studio: Running, page: Page) -> None:
    page.goto(studio.studio + "/settings/platform")
    settled(page)
    row = page.get_by_role("region", name="Processes").get_by_role("row", name="answers you")
    expect(row).to_contain_text("Gateway, Studio, Worker")
    expect(row).to_contain_text(studio.gateway)
