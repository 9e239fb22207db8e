"""Anthropic's own SDK, unmodified, by its base URL alone."""

import asyncio
from typing import Any

import anthropic
import pytest

from tests.clients.conftest import CHATTY, WORDY
from tests.running import Running

LOCAL = "smollm2-135m-instruct"
ASK: Any = [{"role": "user", "content": "Say exactly: pong"}]
WEATHER: Any = [{"role": "user", "content": "What is the weather in Paris?"}]
TOOL: Any = {
    "name": "get_weather",
    "description": "The weather in a city",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string", "maxLength": 20}},
        "required": ["city"],
        "additionalProperties": False,
    },
}


@pytest.fixture(scope="module")
def client(gateway: Running) -> anthropic.Anthropic:
    return anthropic.Anthropic(base_url=gateway.gateway, api_key=gateway.key, max_retries=0, timeout=60)


@pytest.mark.parametrize("model", [CHATTY, WORDY, "claude-haiku-4-5", LOCAL])
def test_a_message_is_answered(client: anthropic.Anthropic, model: str) -> None:
    answer = client.messages.create(model=model, max_tokens=20, messages=ASK)
    (block,) = answer.content
    assert block.type == "text"
    assert answer.stop_reason in ("end_turn", "max_tokens")
    assert answer.usage.output_tokens > 0
    assert answer._request_id
    if model != LOCAL:
        assert block.text == "pong"


@pytest.mark.parametrize("model", [CHATTY, WORDY, LOCAL])
def test_a_message_is_streamed(client: anthropic.Anthropic, model: str) -> None:
    with client.messages.stream(model=model, max_tokens=20, system="Be brief.", messages=ASK) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    (block,) = final.content
    assert block.type == "text"
    assert block.text == text != ""
    assert final.usage.output_tokens > 0


def test_many_messages_at_once(gateway: Running) -> None:
    async def one(client: anthropic.AsyncAnthropic, model: str) -> str:
        async with client.messages.stream(model=model, max_tokens=12, messages=ASK) as stream:
            return await stream.get_final_text()

    async def all_of_them() -> list[str]:
        async with anthropic.AsyncAnthropic(base_url=gateway.gateway, api_key=gateway.key) as client:
            return await asyncio.gather(*(one(client, model) for model in (CHATTY, WORDY, LOCAL, LOCAL) * 3))

    answers = asyncio.run(all_of_them())
    assert all(answers)
    assert answers.count("pong") == 6


@pytest.mark.parametrize("model", [CHATTY, WORDY])
@pytest.mark.parametrize("stream", [True, False])
def test_a_tool_is_called_and_its_result_used(client: anthropic.Anthropic, model: str, stream: bool) -> None:
    asked: Any = {"model": model, "max_tokens": 100, "tools": [TOOL]}
    if stream:
        with client.messages.stream(messages=WEATHER, **asked) as streamed:
            answer = streamed.get_final_message()
    else:
        answer = client.messages.create(messages=WEATHER, **asked)
    calls = [block for block in answer.content if block.type == "tool_use"]
    assert answer.stop_reason == "tool_use"
    assert [call.input for call in calls] == [{"city": "Paris"}]
    said: Any = {"role": "assistant", "content": [block.to_dict() for block in answer.content]}
    result: Any = {"type": "tool_result", "tool_use_id": calls[0].id, "content": "21 degrees"}
    answer = client.messages.create(messages=[*WEATHER, said, {"role": "user", "content": [result]}], **asked)
    assert "21" in "".join(block.text for block in answer.content if block.type == "text")


def test_a_local_model_calls_the_tool_that_it_must(client: anthropic.Anthropic) -> None:
    answer = client.messages.create(
        model=LOCAL,
        max_tokens=60,
        messages=WEATHER,
        tools=[TOOL],
        tool_choice={"type": "tool", "name": "get_weather"},
        extra_body={"temperature": 0},
    )
    (call,) = [block for block in answer.content if block.type == "tool_use"]
    assert set(call.input) == {"city"}


@pytest.mark.parametrize("model", [CHATTY, WORDY, LOCAL])
def test_tokens_are_counted(client: anthropic.Anthropic, model: str) -> None:
    few = client.messages.count_tokens(model=model, messages=ASK).input_tokens
    many = client.messages.count_tokens(model=model, messages=ASK * 9, tools=[TOOL]).input_tokens
    assert many >= few > 0


def test_models_are_listed(client: anthropic.Anthropic) -> None:
    assert f"local/{LOCAL}" in {model.id for model in client.models.list()}
    assert "demo" in client.models.retrieve(LOCAL).display_name


def test_errors_are_the_sdks_own(client: anthropic.Anthropic) -> None:
    with pytest.raises(anthropic.NotFoundError, match="smollm2"):
        client.messages.create(model="smolm2-135m", max_tokens=5, messages=ASK)
    with pytest.raises(anthropic.AuthenticationError, match="unknown"):
        client.with_options(api_key="wrong-key").messages.create(model=LOCAL, max_tokens=5, messages=ASK)
    broken: Any = [{"role": "user", "content": 5}]
    with pytest.raises(anthropic.BadRequestError, match="messages"):
        client.messages.create(model=LOCAL, max_tokens=5, messages=broken)
    with pytest.raises(anthropic.BadRequestError, match="context"):
        client.messages.create(
            model=LOCAL, max_tokens=5, messages=[{"role": "user", "content": "word " * 20_000}]
        )
