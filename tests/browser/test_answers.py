"""A model answers from documents, through the gateway: what quotations carry is shown, what they do not is marked."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.conftest import PROGRAM
from tests.browser.pages import settled, visitor
from tests.browser.test_knowledge import add_source, ask, drop, found_by_meaning
from tests.hosts import FakeHost, fake_host
from tests.running import Running, running

pytestmark = pytest.mark.timeout(900)
QUESTION = "How long is the notice period for managers?"
NOTICE = "# Notice\n\nThe notice period for managers is three months. For everybody else it is one month.\n"
RIGHT = "The notice period for managers is three months."
WRONG = "The notice period for managers is four months."
CONFIGURATION = """
[[providers]]
name = "scripted"
host = "custom"
base_url = "{url}/v1"

[knowledge]
answering = "scripted/writer"
unsupported = "mark"
"""


@pytest.fixture(scope="module")
def writer() -> Iterator[FakeHost]:
    """A model that makes one sentence of what it quotes, and one that the quotation does not carry."""
    quotes = [{"passage": 1, "text": RIGHT}]
    draft = {
        "sentences": [{"text": RIGHT, "quotes": quotes}, {"text": WRONG, "quotes": quotes}],
        "not_found": [],
    }
    with fake_host() as host:
        host.lists("writer")
        host.answers["POST", "/v1/chat/completions"] = (
            200,
            {
                "id": "c-1",
                "object": "chat.completion",
                "created": 1,
                "model": "writer",
                "choices": [
                    {
                        "index": 0,
                        "finish_reason": "stop",
                        "message": {"role": "assistant", "content": json.dumps(draft)},
                    }
                ],
                "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18},
            },
        )
        yield host


@pytest.fixture(scope="module")
def studio(built: Path, tmp_path_factory: pytest.TempPathFactory, writer: FakeHost) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("answers")
    file = folder / "counterpoint.toml"
    file.write_text(CONFIGURATION.format(url=writer.url))
    with running([PROGRAM], folder / "data", "--config", str(file)) as started:
        yield started


def test_what_a_model_says_is_shown_as_far_as_its_quotations_carry_it(
    studio: Running, browser: Browser, signed_in: StorageState, writer: FakeHost
) -> None:
    with visitor(browser, storage_state=signed_in) as page:
        add_source(page, studio, "Handbook", "Everybody who can sign in here")
        drop(page, [("notice.md", NOTICE.encode())])
        found_by_meaning(page, "notice.md")
        ask(page, studio, QUESTION)
        answer = page.get_by_role("region", name="Answer")
        right, wrong = answer.locator(".claim").all()
        expect(right).to_contain_text(RIGHT)
        expect(right.locator(".doubt")).to_have_count(0)
        expect(wrong).to_contain_text(WRONG)
        expect(wrong.locator(".doubt")).to_be_visible()
        right.get_by_role("button", name="Source 1").click()
        settled(page)
        expect(page.get_by_role("complementary", name="Document").locator("mark").first).to_contain_text(
            "three months"
        )
        opens_the_receipt(page)
    asked = [body for method, path, body in writer.seen if path == "/v1/chat/completions"]
    assert asked, "the model was asked"
    assert RIGHT in asked[-1]["messages"][-1]["content"]


def opens_the_receipt(page: Page) -> None:
    page.get_by_role("region", name="Answer").get_by_role("button", name="Receipt").click()
    receipt = page.get_by_role("dialog", name="Receipt")
    expect(receipt).to_contain_text("scripted/writer")
    expect(receipt).to_contain_text("Seen through: Everybody here")
