"""OpenAI's own SDK, unmodified: answers that are kept, gone on, made in the background; and its Agents SDK."""

import asyncio
import json
import time
from typing import Any

import openai
import pytest

from tests.clients.conftest import CHATTY, TYPED, WORDY
from tests.clients.test_openai_responses import LOCAL, PING, TOOL, WEATHER, only_call
from tests.running import Running

pytestmark = pytest.mark.xdist_group("clients")

HOSTS = [TYPED, CHATTY, WORDY]


@pytest.fixture(scope="module")
def client(gateway: Running) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{gateway.gateway}/v1", api_key=gateway.key, max_retries=0, timeout=60)


def finished(client: openai.OpenAI, response_id: str) -> Any:
    """The answer, once it is made."""
    for _ in range(600):
        answer = client.responses.retrieve(response_id)
        if answer.status not in ("queued", "in_progress"):
            return answer
        time.sleep(0.05)
    raise AssertionError("it is never done")


@pytest.mark.parametrize("model", HOSTS)
def test_a_tools_result_goes_on_an_answer_by_its_id(client: openai.OpenAI, model: str) -> None:
    asked = client.responses.create(model=model, input=WEATHER, tools=[TOOL])
    call = only_call(asked)
    result: Any = {"type": "function_call_output", "call_id": call.call_id, "output": "21 degrees"}
    answer = client.responses.create(model=model, input=[result], previous_response_id=asked.id, tools=[TOOL])
    assert "21" in answer.output_text
    assert answer.previous_response_id == asked.id


def test_a_conversation_changes_hosts_at_every_turn(client: openai.OpenAI) -> None:
    previous: str | None = None
    for model in (CHATTY, LOCAL, TYPED, WORDY, LOCAL):
        stream = client.responses.create(
            model=model, input=PING, previous_response_id=previous, max_output_tokens=16, stream=True
        )
        last: Any = list(stream)[-1]
        assert last.type in ("response.completed", "response.incomplete"), model
        told = client.responses.retrieve(last.response.id)
        assert (told.output_text, told.previous_response_id) == (last.response.output_text, previous)
        previous = told.id
    assert previous is not None
    assert [item.type for item in client.responses.input_items.list(previous)] == ["message"]


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_an_answer_is_retrieved_and_deleted(client: openai.OpenAI, model: str) -> None:
    answer = client.responses.create(model=model, input=PING, max_output_tokens=16)
    found = client.responses.retrieve(answer.id)
    assert found.output_text == answer.output_text
    items = client.responses.input_items.list(answer.id).data
    assert items[0].to_dict()["content"] == [{"type": "input_text", "text": PING}]
    client.responses.delete(answer.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(answer.id)
    with pytest.raises(openai.BadRequestError, match="not found"):
        client.responses.create(model=model, input=PING, previous_response_id=answer.id)


def test_what_was_not_stored_is_not_there(client: openai.OpenAI) -> None:
    answer = client.responses.create(model=CHATTY, input=PING, store=False)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(answer.id)


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_an_answer_is_made_in_the_background(client: openai.OpenAI, model: str) -> None:
    queued = client.responses.create(model=model, input=PING, background=True, max_output_tokens=16)
    assert queued.status == "queued"
    answer = finished(client, queued.id)
    assert answer.status in ("completed", "incomplete")
    assert answer.output_text


@pytest.mark.parametrize("model", [CHATTY, LOCAL])
def test_a_stream_in_the_background_is_taken_up_again(client: openai.OpenAI, model: str) -> None:
    stream = client.responses.create(
        model=model, input=PING, background=True, stream=True, max_output_tokens=16
    )
    first = next(iter(stream))
    stream.close()
    assert first.type == "response.created"
    answer_id, heard = first.response.id, [first.sequence_number]
    again = client.responses.retrieve(answer_id, stream=True, starting_after=first.sequence_number)
    kinds = []
    for event in again:
        heard.append(event.sequence_number)
        kinds.append(event.type)
    assert heard == list(range(len(heard)))
    assert kinds[-1] in ("response.completed", "response.incomplete")
    assert finished(client, answer_id).output_text


def test_an_answer_in_the_background_is_cancelled(client: openai.OpenAI) -> None:
    queued = client.responses.create(
        model=LOCAL, input="Write a very long story.", background=True, max_output_tokens=400
    )
    cancelled = client.responses.cancel(queued.id)
    assert cancelled.status == "cancelled"
    assert client.responses.retrieve(queued.id).status == "cancelled"


@pytest.mark.parametrize("model", [CHATTY, TYPED])
def test_a_conversation_keeps_its_items(client: openai.OpenAI, model: str) -> None:
    conversation = client.conversations.create(metadata={"topic": "demo"})
    client.responses.create(model=model, input=PING, conversation=conversation.id)
    client.responses.create(model=model, input=PING, conversation=conversation.id)
    items: list[Any] = list(client.conversations.items.list(conversation.id, order="asc", limit=2))
    assert [getattr(item, "role", None) for item in items] == ["user", "assistant"] * 2
    client.conversations.items.delete(items[0].id, conversation_id=conversation.id)
    assert client.conversations.update(conversation.id, metadata={"a": "b"}).metadata == {"a": "b"}
    assert client.conversations.delete(conversation.id).deleted


def test_tokens_are_counted(client: openai.OpenAI) -> None:
    for model in (CHATTY, LOCAL):
        assert client.responses.input_tokens.count(model=model, input=PING).input_tokens > 0


@pytest.mark.parametrize("model", HOSTS)
def test_the_agents_sdk_runs_a_tool_and_keeps_a_session(gateway: Running, model: str) -> None:
    agents = pytest.importorskip("agents")
    agents.set_tracing_disabled(True)
    called: list[str] = []

    async def run() -> None:
        async with openai.AsyncOpenAI(base_url=f"{gateway.gateway}/v1", api_key=gateway.key) as client:

            async def weather(_: Any, arguments: str) -> str:
                called.append(json.loads(arguments)["city"])
                return "21 degrees"

            tool = agents.FunctionTool(
                name=TOOL["name"],
                description=TOOL["description"],
                params_json_schema=TOOL["parameters"],
                on_invoke_tool=weather,
                strict_json_schema=False,
            )
            agent = agents.Agent(
                name="Forecaster",
                model=agents.OpenAIResponsesModel(model=model, openai_client=client),
                tools=[tool],
            )
            answer = await agents.Runner.run(agent, WEATHER, auto_previous_response_id=True)
            assert "21" in answer.final_output
            streamed = agents.Runner.run_streamed(agent, PING, previous_response_id=answer.last_response_id)
            async for _ in streamed.stream_events():
                pass
            assert streamed.final_output == "pong"
            session = agents.OpenAIConversationsSession(openai_client=client)
            for _ in range(2):
                told = await agents.Runner.run(agent, PING, session=session)
                assert told.final_output == "pong"
            assert len(await session.get_items()) == 4
            await session.clear_session()

    asyncio.run(run())
    assert called == ["Paris"]
