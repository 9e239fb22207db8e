"""Mistral's own SDK, unmodified: chat, embeddings and fill-in-the-middle, from hosts of each dialect."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mistralai.client import Mistral
from mistralai.client.errors import SDKError

from counterpoint.testing.recordings import recordings
from tests.clients.conftest import CHATTY, PING, TOOL, WEATHER, WINDY, WORDY
from tests.hosts import FakeHost
from tests.running import Running

pytestmark = pytest.mark.xdist_group("clients")

LOCAL = "smollm2-135m-instruct"
HOSTS = [WINDY, CHATTY, WORDY]


@pytest.fixture(scope="module")
def client(gateway: Running) -> Iterator[Mistral]:
    with Mistral(api_key=gateway.key, server_url=f"{gateway.gateway}/mistral", timeout_ms=60_000) as client:
        yield client


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_a_question_is_answered(client: Mistral, model: str) -> None:
    answer = client.chat.complete(model=model, messages=PING, max_tokens=20, random_seed=7)
    message = answer.choices[0].message
    assert message is not None
    assert message.content
    assert answer.usage.completion_tokens
    if model != LOCAL:
        assert message.content == "pong"


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_an_answer_is_streamed(client: Mistral, model: str) -> None:
    with client.chat.stream(model=model, messages=PING, max_tokens=20) as stream:
        chunks = [event.data for event in stream]
    words = "".join(str(chunk.choices[0].delta.content or "") for chunk in chunks)
    assert words
    assert chunks[-1].choices[0].finish_reason in ("stop", "length")
    assert chunks[-1].usage is not None or model == WINDY  # the emulated host sends none
    if model != LOCAL:
        assert words == "pong"


@pytest.mark.parametrize("model", HOSTS)
def test_a_tool_is_called_and_its_result_used(client: Mistral, model: str) -> None:
    answer = client.chat.complete(model=model, messages=WEATHER, tools=[TOOL], tool_choice="any")
    message = answer.choices[0].message
    assert message is not None
    assert answer.choices[0].finish_reason == "tool_calls"
    (call,) = message.tool_calls or []
    assert json.loads(str(call.function.arguments)) == {"city": "Paris"}
    result: Any = {"role": "tool", "tool_call_id": call.id, "name": "get_weather", "content": "21 degrees"}
    said: Any = message.model_dump(exclude_none=True)
    answer = client.chat.complete(model=model, messages=[*WEATHER, said, result], tools=[TOOL])
    assert answer.choices[0].message is not None
    assert "21" in str(answer.choices[0].message.content)


@pytest.mark.parametrize(
    "model", [CHATTY, WORDY]
)  # the emulated host sends calls in pieces, as Mistral does not
def test_a_tool_call_is_streamed(client: Mistral, model: str) -> None:
    with client.chat.stream(model=model, messages=WEATHER, tools=[TOOL]) as stream:
        deltas = [event.data.choices[0].delta for event in stream]
    pieces = [call.function for delta in deltas for call in delta.tool_calls or []]
    assert pieces[0].name == "get_weather"
    assert json.loads("".join(str(piece.arguments) for piece in pieces)) == {"city": "Paris"}


def test_errors_are_the_sdks_own(gateway: Running, client: Mistral) -> None:
    with pytest.raises(SDKError, match="smollm2") as missing:
        client.chat.complete(model="smolm2-135m", messages=PING)
    assert missing.value.raw_response.status_code == 404
    with (
        Mistral(api_key="wrong-key", server_url=f"{gateway.gateway}/mistral") as wrong,
        pytest.raises(SDKError, match="unknown"),
    ):
        wrong.chat.complete(model=LOCAL, messages=PING)


def test_models_are_listed(client: Mistral) -> None:
    listed: Any = client.models.list()
    assert f"local/{LOCAL}" in [model.id for model in listed.data or []]


def test_texts_are_embedded(client: Mistral) -> None:
    answer = client.embeddings.create(model="chatty/text-embedding-3-small", inputs=["hello", "good day"])
    assert len(answer.data) == 2
    assert answer.data[0].embedding


def test_a_gap_is_filled(client: Mistral, replayed: FakeHost, shared: Path) -> None:
    found = recordings(shared / "data" / "provider-recordings", "mistral-chat")
    body = next(item.response_body for item in found if not item.stream and item.status == 200)
    replayed.answers["POST", "/fim"] = (200, body)
    answer = client.fim.complete(model="filled/codestral-latest", prompt="def f(", suffix="return a+b")
    assert answer.choices[0].message is not None
    sent = replayed.seen[-1][2]
    assert (sent["model"], sent["prompt"], sent["suffix"]) == ("codestral-latest", "def f(", "return a+b")
