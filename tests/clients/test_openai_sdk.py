"""OpenAI's own SDK, unmodified, by its base URL alone."""

import asyncio
import json
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from tests.clients.conftest import CHATTY, WORDY
from tests.running import Running

LOCAL = "smollm2-135m-instruct"
ASK: Any = [{"role": "user", "content": "Say exactly: pong"}]
WEATHER: Any = [{"role": "user", "content": "What is the weather in Paris?"}]
TOOL: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "maxLength": 20}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}


class Person(BaseModel):
    name: str
    age: int


def only_call(answer: Any) -> Any:
    """The one tool call of an answer."""
    (call,) = answer.choices[0].message.tool_calls
    assert call.type == "function"
    return call


@pytest.fixture(scope="module")
def client(gateway: Running) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{gateway.gateway}/v1", api_key=gateway.key, max_retries=0, timeout=60)


@pytest.mark.parametrize("model", [CHATTY, WORDY, "gpt-4o-mini", LOCAL])
def test_a_chat_is_answered(client: openai.OpenAI, model: str) -> None:
    answer = client.chat.completions.create(model=model, messages=ASK, max_completion_tokens=20)
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason in ("stop", "length")
    assert answer.usage is not None
    assert answer.usage.completion_tokens > 0
    assert answer._request_id
    if model != LOCAL:
        assert answer.choices[0].message.content == "pong"


@pytest.mark.parametrize("model", [CHATTY, WORDY, LOCAL])
def test_a_chat_is_streamed_with_its_usage(client: openai.OpenAI, model: str) -> None:
    text, usage = "", None
    with client.chat.completions.create(
        model=model, messages=ASK, max_tokens=20, stream=True, stream_options={"include_usage": True}
    ) as stream:
        for chunk in stream:
            text += "".join(choice.delta.content or "" for choice in chunk.choices)
            usage = chunk.usage or usage
    assert text
    assert usage is not None
    assert usage.completion_tokens > 0


def test_many_streams_at_once(gateway: Running) -> None:
    async def one(client: openai.AsyncOpenAI, model: str) -> str:
        stream = await client.chat.completions.create(model=model, messages=ASK, max_tokens=12, stream=True)
        return "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])

    async def all_of_them() -> list[str]:
        async with openai.AsyncOpenAI(base_url=f"{gateway.gateway}/v1", api_key=gateway.key) as client:
            return await asyncio.gather(*(one(client, model) for model in (CHATTY, WORDY, LOCAL, LOCAL) * 3))

    answers = asyncio.run(all_of_them())
    assert all(answers)
    assert answers.count("pong") == 6


@pytest.mark.parametrize("model", [CHATTY, WORDY])
def test_a_tool_is_called_and_its_result_used(client: openai.OpenAI, model: str) -> None:
    answer = client.chat.completions.create(model=model, messages=WEATHER, tools=[TOOL])
    call = only_call(answer)
    assert answer.choices[0].finish_reason == "tool_calls"
    assert json.loads(call.function.arguments) == {"city": "Paris"}
    said: Any = answer.choices[0].message.model_dump(exclude_none=True)
    result: Any = {"role": "tool", "tool_call_id": call.id, "content": "21 degrees"}
    answer = client.chat.completions.create(
        model=model,
        messages=[*WEATHER, said, result],
        tools=[TOOL],
    )
    assert "21" in (answer.choices[0].message.content or "")


@pytest.mark.parametrize("model", [CHATTY, WORDY])
def test_a_tool_call_is_streamed(client: openai.OpenAI, model: str) -> None:
    with client.chat.completions.stream(model=model, messages=WEATHER, tools=[TOOL]) as stream:
        final = stream.get_final_completion()
    call = only_call(final)
    assert json.loads(call.function.arguments) == {"city": "Paris"}


def test_a_local_model_calls_the_tool_that_it_must(client: openai.OpenAI) -> None:
    forced: Any = {"type": "function", "function": {"name": "get_weather"}}
    answer = client.chat.completions.create(
        model=LOCAL,
        messages=WEATHER,
        tools=[TOOL],
        tool_choice=forced,
        max_tokens=60,
        temperature=0,
    )
    call = only_call(answer)
    assert set(json.loads(call.function.arguments)) == {"city"}


@pytest.mark.parametrize("model", [CHATTY, WORDY])
def test_an_answer_is_parsed_into_a_type(client: openai.OpenAI, model: str) -> None:
    asked: Any = [{"role": "user", "content": "Ada, as JSON"}]
    answer = client.chat.completions.parse(model=model, messages=asked, response_format=Person)
    assert answer.choices[0].message.parsed == Person(name="Ada", age=36)


def test_a_local_models_answer_has_the_shape_that_was_asked_for(client: openai.OpenAI) -> None:
    asked: Any = [{"role": "user", "content": "Ada is 36 years old."}]
    schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "maxLength": 12},
            "age": {"type": "integer", "maximum": 150},
        },
        "required": ["name", "age"],
        "additionalProperties": False,
    }
    form: Any = {"type": "json_schema", "json_schema": {"name": "person", "strict": True, "schema": schema}}
    answer = client.chat.completions.create(
        model=LOCAL,
        messages=asked,
        response_format=form,
        max_tokens=80,
        temperature=0,
    )
    assert set(json.loads(answer.choices[0].message.content or "")) == {"name", "age"}


def test_vectors_are_near_what_means_the_same(client: openai.OpenAI) -> None:
    words = ["The cat sleeps on the sofa.", "Le chat dort sur le canapé.", "Quarterly tax return deadlines"]
    answer = client.embeddings.create(model="multilingual-e5-small", input=words)
    first, second, third = (item.embedding for item in answer.data)

    def likeness(one: list[float], other: list[float]) -> float:
        return sum(a * b for a, b in zip(one, other, strict=True))

    assert likeness(first, second) > likeness(first, third)
    assert len(first) == 384


def test_models_are_listed_and_found(client: openai.OpenAI) -> None:
    names = {model.id for model in client.models.list()}
    assert f"local/{LOCAL}" in names
    assert client.models.retrieve(f"local/{LOCAL}").id == f"local/{LOCAL}"


def test_errors_are_the_sdks_own(client: openai.OpenAI, gateway: Running) -> None:
    with pytest.raises(openai.NotFoundError, match="smollm2"):
        client.chat.completions.create(model="smolm2-135m", messages=ASK)
    with pytest.raises(openai.AuthenticationError, match="unknown"):
        client.with_options(api_key="wrong-key").chat.completions.create(model=LOCAL, messages=ASK)
    broken: Any = [{"role": "user", "content": 5}]
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(model=LOCAL, messages=broken)
    assert refused.value.param == "messages[0].content"
    with pytest.raises(openai.BadRequestError, match="context"):
        client.chat.completions.create(model=LOCAL, messages=[{"role": "user", "content": "word " * 20_000}])
