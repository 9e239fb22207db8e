"""OpenAI's own SDK, unmodified, in the Responses API: against hosts of each dialect and local models."""

import asyncio
import json
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from tests.clients.conftest import CHATTY, TYPED, WORDY
from tests.running import Running

pytestmark = pytest.mark.xdist_group("clients")

LOCAL = "smollm2-135m-instruct"
HOSTS = [TYPED, CHATTY, WORDY]
PING = "Say exactly: pong"
WEATHER = "What is the weather in Paris?"
TOOL: Any = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather in a city",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": False,
}


class Person(BaseModel):
    name: str
    age: int


@pytest.fixture(scope="module")
def client(gateway: Running) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{gateway.gateway}/v1", api_key=gateway.key, max_retries=0, timeout=60)


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_a_question_is_answered(client: openai.OpenAI, model: str) -> None:
    answer = client.responses.create(
        model=model, input=PING, instructions="Be brief.", max_output_tokens=20, metadata={"order": "7"}
    )
    assert answer.output_text
    assert answer.status in ("completed", "incomplete")
    assert answer.usage is not None
    assert answer.usage.output_tokens > 0
    assert answer._request_id
    if model != LOCAL:
        assert answer.output_text == "pong"
    if model != TYPED:  # that host's own answer is not ours to change
        assert (answer.instructions, answer.metadata) == ("Be brief.", {"order": "7"})


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_an_answer_is_streamed(client: openai.OpenAI, model: str) -> None:
    with client.responses.stream(model=model, input=PING, max_output_tokens=20) as stream:
        kinds = [event.type for event in stream]
    assert kinds[0] == "response.created"
    assert kinds[-1] in ("response.completed", "response.incomplete")
    assert "response.output_text.delta" in kinds
    if kinds[-1] == "response.completed":
        answer = stream.get_final_response()
        assert answer.output_text
        assert answer.usage is not None
        assert answer.usage.output_tokens > 0


def test_many_streams_at_once(gateway: Running) -> None:
    async def one(client: openai.AsyncOpenAI, model: str) -> str:
        stream = await client.responses.create(model=model, input=PING, max_output_tokens=16, stream=True)
        return "".join([event.delta async for event in stream if event.type == "response.output_text.delta"])

    async def all_of_them() -> list[str]:
        async with openai.AsyncOpenAI(base_url=f"{gateway.gateway}/v1", api_key=gateway.key) as client:
            return await asyncio.gather(*(one(client, model) for model in (*HOSTS, LOCAL) * 3))

    answers = asyncio.run(all_of_them())
    assert all(answers)
    assert answers.count("pong") == 9


def only_call(answer: Any) -> Any:
    """The one call of an answer."""
    (call,) = [item for item in answer.output if item.type == "function_call"]
    return call


@pytest.mark.parametrize("model", HOSTS)
def test_a_tool_is_called_and_its_result_used(client: openai.OpenAI, model: str) -> None:
    answer = client.responses.create(model=model, input=WEATHER, tools=[TOOL])
    call = only_call(answer)
    assert json.loads(call.arguments) == {"city": "Paris"}
    said: Any = [item.model_dump(exclude_none=True) for item in answer.output]
    result: Any = {"type": "function_call_output", "call_id": call.call_id, "output": "21 degrees"}
    question: Any = {"role": "user", "content": WEATHER}
    answer = client.responses.create(model=model, input=[question, *said, result], tools=[TOOL])
    assert "21" in answer.output_text


@pytest.mark.parametrize("model", HOSTS)
def test_a_tool_call_is_streamed(client: openai.OpenAI, model: str) -> None:
    with client.responses.stream(model=model, input=WEATHER, tools=[TOOL]) as stream:
        kinds = [event.type for event in stream]
        call = only_call(stream.get_final_response())
    assert json.loads(call.arguments) == {"city": "Paris"}
    assert "response.function_call_arguments.done" in kinds


def test_a_local_model_calls_the_tool_that_it_must(client: openai.OpenAI) -> None:
    forced: Any = {"type": "function", "name": "get_weather"}
    answer = client.responses.create(
        model=LOCAL, input=WEATHER, tools=[TOOL], tool_choice=forced, max_output_tokens=60, temperature=0
    )
    assert set(json.loads(only_call(answer).arguments)) == {"city"}
    assert answer.tool_choice == openai.types.responses.ToolChoiceFunction(
        type="function", name="get_weather"
    )


@pytest.mark.parametrize("model", HOSTS)
def test_an_answer_is_parsed_into_a_type(client: openai.OpenAI, model: str) -> None:
    answer = client.responses.parse(model=model, input="Ada, as JSON", text_format=Person)
    assert answer.output_parsed == Person(name="Ada", age=36)


def test_a_local_models_answer_has_the_shape_that_was_asked_for(client: openai.OpenAI) -> None:
    answer = client.responses.create(
        model=LOCAL,
        input="Ada is 36 years old.",
        text={
            "format": {
                "type": "json_schema",
                "name": "person",
                "strict": True,
                "schema": {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string", "maxLength": 12},
                        "age": {"type": "integer", "maximum": 150},
                    },
                    "required": ["name", "age"],
                    "additionalProperties": False,
                },
            }
        },
        max_output_tokens=80,
        temperature=0,
    )
    assert set(json.loads(answer.output_text)) == {"name", "age"}


def test_errors_are_the_sdks_own(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="smollm2"):
        client.responses.create(model="smolm2-135m", input=PING)
    with pytest.raises(openai.AuthenticationError, match="unknown"):
        client.with_options(api_key="wrong-key").responses.create(model=LOCAL, input=PING)
    broken: Any = [{"role": "user", "content": 5}]
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(model=LOCAL, input=broken)
    assert refused.value.param == "input[0].content"
    with pytest.raises(openai.BadRequestError, match="context"):
        client.responses.create(model=LOCAL, input="word " * 20_000)


def test_what_a_host_cannot_do_is_told_in_a_header(client: openai.OpenAI) -> None:
    search: Any = {"type": "web_search"}
    raw = client.responses.with_raw_response.create(model=WORDY, input=PING, tools=[search])
    assert "tool.web_search;meaning;tools[0]" in raw.headers["x-counterpoint-losses"]
    assert raw.parse().output_text == "pong"
