"""The playground as an impatient developer uses it: lanes, tools, links, and code that is run as it was copied."""

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.browser.conftest import PROGRAM
from tests.browser.pages import PATIENCE_MS, flaws, settled, visitor
from tests.browser.replay import ReplayedHost, told
from tests.running import Running, running

pytestmark = pytest.mark.timeout(900)
MODEL = "replayed/gpt-4o"
SAID = "Two voices move against each other."
KEPT = "words => Object.values(sessionStorage).some(kept => words.every(each => kept.includes(each)))"
STILL = """Promise.allSettled(document.getAnimations()
  .filter(each => each.effect.getComputedTiming().iterations !== Infinity)
  .map(each => each.finished)).then(() => null)"""
CONFIGURATION = """
[[providers]]
name = "replayed"
host = "custom"
base_url = "{url}/v1"
dialects = {{ openai-chat = "/chat/completions" }}
secret = {{ env = "REPLAYED_KEY" }}
"""
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture(scope="module")
def studio(built: Path, tmp_path_factory: pytest.TempPathFactory, host: ReplayedHost) -> Iterator[Running]:
    """A platform with a provider."""
    folder = tmp_path_factory.mktemp("playground")
    file = folder / "counterpoint.toml"
    file.write_text(CONFIGURATION.format(url=host.url))
    environment = {**os.environ, "REPLAYED_KEY": host.secret}
    with running([PROGRAM], folder / "data", "--config", str(file), environment=environment) as started:
        yield started


@pytest.fixture(autouse=True)
def as_it_says(host: ReplayedHost) -> Iterator[None]:
    host.events = told(SAID)
    yield
    host.free()


@pytest.fixture
def open_page(studio: Running, page: Page) -> Page:
    page.goto(studio.studio + f"/playground?model={MODEL}")
    settled(page)
    return page


def asked(page: Page, text: str) -> None:
    page.get_by_label("Ask the model…").fill(text)
    page.keyboard.press("Enter")


def answered(page: Page) -> None:
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def last(page: Page, lane: int = 0) -> Locator:
    return page.locator(".lane").nth(lane).locator(".said[data-role=assistant]").last


def called(*calls: tuple[str, str]) -> list[bytes]:
    """The events of an answer that calls tools: their names and arguments."""
    base: dict[str, Any] = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    tools = [
        {"index": at, "id": f"call_{at}", "type": "function", "function": {"name": name, "arguments": given}}
        for at, (name, given) in enumerate(calls)
    ]
    deltas: list[tuple[dict[str, Any], str | None]] = [({"tool_calls": [tool]}, None) for tool in tools]
    chunks = [
        {**base, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
        for delta, finish in [*deltas, ({}, "tool_calls")]
    ]
    return [b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks] + [b"data: [DONE]\n\n"]


def test_one_question_goes_to_all_and_one_failure_stays_alone(studio: Running, page: Page) -> None:
    page.goto(studio.studio + "/playground?model=nobody/nothing")
    settled(page)
    page.get_by_role("button", name="Compare").click()
    page.locator(".lane").nth(1).get_by_role("button", name="Model").click()
    page.get_by_placeholder("Search models…").last.fill(MODEL)
    page.get_by_role("option").first.click()
    asked(page, "What is a counterpoint?")
    expect(last(page, 0).get_by_role("alert")).to_contain_text("nobody/nothing")
    expect(last(page, 1)).to_contain_text(SAID)
    answered(page)
    page.get_by_role("button", name="Remove nobody/nothing").click()
    expect(page.locator(".lane")).to_have_count(1)
    expect(last(page)).to_contain_text(SAID)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".lane")).to_have_count(2)


def test_stopped_edited_and_still_there_after_a_reload(open_page: Page, host: ReplayedHost) -> None:
    page = open_page
    host.hold()
    asked(page, "First")
    host.let(3)
    expect(last(page)).to_contain_text("Two voices move")
    page.keyboard.press("Escape")
    expect(last(page)).to_contain_text("Stopped by you.")
    host.free()
    question = page.locator(".said[data-role=user]").first
    question.hover()
    question.get_by_role("button", name="Edit, and go on from here").click()
    page.get_by_label("Edit, and go on from here").fill("Second")
    page.keyboard.press("Enter")
    expect(last(page)).to_contain_text(SAID)
    answered(page)
    page.wait_for_function(KEPT, arg=["Second", SAID])  # the conversation is kept in the tab a moment later
    page.reload()
    expect(page.locator(".said[data-role=user]")).to_have_text(["Second"])
    expect(last(page)).to_contain_text(SAID)


def test_tools_are_played_by_the_reader(open_page: Page, host: ReplayedHost) -> None:
    page = open_page
    page.get_by_text("Let the model call a tool").click()
    host.events = called(("get_weather", '{"city":"Paris"}'), ("get_weather", '{"city":"Lyon"}'))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Waits for a result")).to_have_count(2)
    answered(page)
    host.events = told("Both are warm.")
    page.get_by_label("Result").first.fill('{"celsius": 21}')
    with page.expect_request("**/chat/completions") as sent:
        page.get_by_role("button", name="Give the results and go on").click()
    messages = json.loads(sent.value.post_data or "")["messages"]
    assert [each.get("content") for each in messages[-2:]] == ['{"celsius": 21}', '{"ok": true}']
    expect(last(page)).to_contain_text("Both are warm.")


def test_an_answer_is_held_against_its_schema(open_page: Page, host: ReplayedHost) -> None:
    page = open_page
    page.get_by_text("Get an answer as JSON").click()
    host.events = told('{"name": "Ada", "age": "old", "languages": []}')
    page.keyboard.press("Enter")
    expect(page.get_by_text("Does not fit the schema")).to_be_visible()
    expect(last(page)).to_contain_text("$.age")


def test_a_link_opens_what_was_shared(
    studio: Running, open_page: Page, browser: Browser, signed_in: StorageState
) -> None:
    asked(open_page, "Say it again")
    expect(last(open_page)).to_contain_text(SAID)
    answered(open_page)
    open_page.get_by_role("button", name="Share this playground").click()
    link = open_page.get_by_label("Link")
    expect(link).to_have_value(re.compile("#p=.{100,}"))
    with visitor(browser, storage_state=signed_in) as other:
        other.goto(link.input_value())
        expect(last(other)).to_contain_text(SAID)
        expect(other.locator(".picker")).to_contain_text(MODEL)
        assert "#p=" not in other.url


@pytest.mark.parametrize("width", [390, 1440])
def test_a_conversation_is_sound(
    studio: Running, browser: Browser, signed_in: StorageState, axe: str, width: int
) -> None:
    settings = {"viewport": {"width": width, "height": 844}, "color_scheme": "dark"}
    with visitor(browser, storage_state=signed_in, **settings) as page:
        page.set_default_timeout(PATIENCE_MS)
        page.goto(studio.studio + f"/playground?model={MODEL}")
        settled(page)
        page.get_by_role("button", name="Compare").click()
        asked(page, "Is it sound?")
        expect(last(page)).to_contain_text(SAID)
        answered(page)
        found = flaws(page, axe)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        page.get_by_role("button", name="Parameters").click()
        page.get_by_label("System prompt").wait_for()
        page.evaluate(STILL)  # it slides in
        found += flaws(page, axe)
    assert found == []


def test_copied_code_runs(studio: Running, open_page: Page, tmp_path: Path) -> None:
    """Each program is run as it stands, with a key in its environment and the picture beside it."""
    page = open_page
    page.get_by_text("Let the model call a tool").click()
    page.get_by_role("button", name="Parameters").click()
    page.get_by_label("System prompt").fill('Say "it\'s" \\ $HOME `x`.')
    page.get_by_label("Temperature").fill("0.5")
    page.get_by_label("Longest answer").fill("50")
    page.get_by_label("Seed").fill("7")
    page.keyboard.press("Escape")
    (tmp_path / "image-1.png").write_bytes(base64.b64decode(PIXEL))
    page.locator("input[type=file]").set_input_files(tmp_path / "image-1.png")
    page.get_by_role("button", name="Copy as code").click()
    dialog = page.get_by_role("dialog")
    environment = {**os.environ, "COUNTERPOINT_KEY": studio.key, "NO_PROXY": "*"}
    for streamed in (False, True):
        if streamed:
            dialog.get_by_role("switch", name="Print the answer as it is written").click()
        for name, program in (
            ("curl", ["bash", "-c"]),
            ("Python · OpenAI", [sys.executable, "-c"]),
            ("Python · Anthropic", [sys.executable, "-c"]),
        ):
            dialog.get_by_text(name, exact=True).first.click()
            code = dialog.get_by_role("group", name=name).inner_text()
            assert PIXEL not in code
            ran = subprocess.run(
                [*program, code],
                check=False,
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                timeout=60,
            )
            assert ran.returncode == 0, ran.stderr
            heard = ran.stdout
            if name == "curl":
                heard = spoken(heard)
            assert " ".join(heard.split()).startswith(SAID), f"{name}: {ran.stdout}"


def spoken(text: str) -> str:
    """What an answer of the chat completions API says, streamed or not."""
    if not text.startswith("data:"):
        return str(json.loads(text)["choices"][0]["message"]["content"])
    chunks = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]
    return "".join(choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"])
