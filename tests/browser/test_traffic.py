"""Requests as they come, one of them in full, and how providers do."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from counterpoint.canonical import Loss, Usage
from counterpoint.ledger import Attempt, Entry
from counterpoint.ledger.spool import SpoolWriter
from tests.browser.pages import PATIENCE_MS, flaws, settled
from tests.entries import make_entry
from tests.running import Running

pytestmark = pytest.mark.timeout(900)
CLAUDE, GPT, SMALL = "anthropic/claude-sonnet-4-5", "openai/gpt-5-mini", "gpu-cluster/qwen3-32b"


def told(studio: Running, page: Page) -> list[Entry]:
    """A cascade whose small model was not good enough, with its judge; a request that another host saved; failures."""
    page.goto(studio.studio)
    settled(page)
    key = page.request.get(studio.studio + "/api/v1/keys").json()["items"][0]
    own = {"key": key["id"], "client_dialect": "openai-chat"}

    def entry(offering: str, ago: int, **more: object) -> Entry:
        host, _, model = offering.partition("/")
        at = datetime.now(UTC) - timedelta(seconds=ago)
        usage = Usage(input=1200, cache_read=300, output=250)
        base = {"offering": offering, "host": host, "model": model, "requested": model, "usage": usage}
        times = {"at": int(at.timestamp() * 1e6), "total_micros": 2_400_000, "first_event_micros": 900_000}
        return make_entry(**{**own, **base, **times, "cost": Decimal("0.0042"), "currency": "USD", **more})

    cascade = entry(
        CLAUDE,
        60,
        requested="careful",
        route="careful",
        attempts=(
            Attempt(SMALL, 200, None, 800_000, 0, 200_000, "escalated"),
            Attempt(CLAUDE, 200, None, 1_300_000, 1_050_000, 300_000),
        ),
        losses=(Loss("tool.strict", "tools[0]", "degraded", "no strict tools"),),
    )
    beside = [
        entry(SMALL, 60, purpose="escalated", parent=cascade.id, route="careful"),
        entry(GPT, 59, purpose="judge", parent=cascade.id, route="careful", cost=Decimal("0.0011")),
    ]
    failed = Attempt(GPT, 503, "overloaded", 500_000)
    saved = entry(
        CLAUDE, 50, attempts=(failed, Attempt(CLAUDE, 200, None, 900_000, 600_000, 200_000, "fallback"))
    )
    lost = [
        entry(GPT, 40 - each, status=503, failure="overloaded", attempts=(failed,), cost=None)
        for each in range(6)
    ]
    return [cascade, *beside, saved, *lost, *(entry(CLAUDE, 30 - each) for each in range(6))]


@pytest.fixture(scope="module", autouse=True)
def traffic(studio: Running, browser: Browser, signed_in: StorageState) -> list[Entry]:
    """What a gateway worker would have left, shipped."""
    context = browser.new_context(storage_state=signed_in)
    page = context.new_page()
    entries = told(studio, page)
    writer = SpoolWriter(studio.data / "spool", "seed", max_age=3600, max_bytes=1 << 30)
    for each in entries:
        writer.append(each)
    writer.close()
    deadline = datetime.now(UTC) + timedelta(milliseconds=PATIENCE_MS)
    while page.request.get(studio.studio + "/api/v1/status").json()["ledger"]["shipped"] < len(entries):
        assert datetime.now(UTC) < deadline, "the spool was not shipped"
        page.wait_for_timeout(100)
    context.close()
    return entries


def test_requests_are_listed_and_what_they_did_beside_when_asked_for(studio: Running, page: Page) -> None:
    page.goto(studio.studio + "/traffic")
    rows = page.locator("main table tbody tr")
    expect(rows).to_have_count(14)
    page.get_by_role("button", name="Side calls too").click()
    expect(rows).to_have_count(16)
    expect(page.get_by_text("judge", exact=True)).to_be_visible()
    page.get_by_role("button", name="Failed only").click()
    expect(rows).to_have_count(6)


def test_one_request_in_full(studio: Running, page: Page, traffic: list[Entry], axe: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{studio.studio}/traffic?entry={traffic[0].id}")
    shown = page.get_by_role("dialog")
    expect(shown.get_by_text("not accepted").first).to_be_visible()
    expect(shown.get_by_text("begun after 1.1 s")).to_be_visible()
    beside = shown.locator(".beside li")
    expect(beside).to_have_count(2)
    expect(shown.get_by_text("tool.strict")).to_be_visible()
    shown.get_by_role("button", name="Who could have answered?").click()
    settled(page)
    assert flaws(page, axe) == []
    beside.last.get_by_role("button", name=GPT).click()
    expect(shown.get_by_text("Made by the request")).to_be_visible()
    shown.get_by_role("button", name=traffic[0].id[-12:]).click()
    expect(beside).to_have_count(2)


def test_a_request_appears_while_the_page_is_open(studio: Running, page: Page) -> None:
    page.goto(studio.studio + "/traffic")
    rows = page.locator("main table tbody tr")
    expect(rows).to_have_count(14)
    body = {"model": studio.models[-1], "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 4}
    studio.call("/v1/chat/completions", body)
    expect(rows).to_have_count(15)


def test_how_providers_do(studio: Running, page: Page, axe: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(studio.studio + "/health")
    settled(page)
    first = page.locator("main section.card").first
    expect(first.get_by_role("heading", name="openai")).to_be_visible()
    expect(first.get_by_text("shaky").first).to_be_visible()
    first.locator("tbody tr").first.click()
    shown = page.get_by_role("dialog")
    expect(shown.get_by_text("overloaded").first).to_be_visible()
    expect(shown.get_by_text("another try answered")).to_have_count(0)
    assert flaws(page, axe) == []
    shown.locator(".workers a").first.click()
    expect(page.get_by_role("heading", name="Traffic", level=1)).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text("503").first).to_be_visible()


@pytest.mark.parametrize("path", ["traffic", "health"])
def test_narrow_screens_show_all_of_it(studio: Running, page: Page, path: str, axe: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{studio.studio}/{path}")
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert flaws(page, axe) == []
