"""Cohere's own SDK, unmodified: chat, embeddings and rerankings, from hosts of each dialect and replayed recordings."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cohere
import pytest
from cohere.core.api_error import ApiError

from counterpoint.testing.recordings import Recording, recordings
from tests.clients.conftest import CHATTY, PING, RANKY, TOOL, WEATHER, WORDY
from tests.hosts import FakeHost
from tests.running import Running

pytestmark = pytest.mark.xdist_group("clients")

LOCAL = "smollm2-135m-instruct"
HOSTS = [RANKY, CHATTY, WORDY]


@pytest.fixture(scope="module")
def client(gateway: Running) -> Iterator[cohere.ClientV2]:
    with cohere.ClientV2(gateway.key, base_url=gateway.gateway, timeout=60) as client:
        yield client


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_a_question_is_answered(client: Any, model: str) -> None:
    answer = client.chat(model=model, messages=PING, max_tokens=20)
    assert answer.message.content
    assert answer.message.content[0].text
    assert answer.finish_reason in ("COMPLETE", "MAX_TOKENS")
    assert answer.usage is not None
    assert answer.usage.tokens is not None
    assert answer.usage.tokens.output_tokens
    if model != LOCAL:
        assert answer.message.content[0].text == "pong"


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_an_answer_is_streamed(client: Any, model: str) -> None:
    events = list(client.chat_stream(model=model, messages=PING, max_tokens=20))
    kinds = [event.type for event in events]
    assert kinds[0] == "message-start"
    assert kinds[-1] == "message-end"
    assert kinds.index("content-start") < kinds.index("content-delta") < kinds.index("content-end")
    words = "".join(event.delta.message.content.text for event in events if event.type == "content-delta")
    assert words
    if model != LOCAL:
        assert words == "pong"


@pytest.mark.parametrize("model", HOSTS)
def test_a_tool_is_called_and_its_result_used(client: Any, model: str) -> None:
    answer = client.chat(model=model, messages=WEATHER, tools=[TOOL])
    assert answer.finish_reason == "TOOL_CALL"
    (call,) = answer.message.tool_calls or []
    assert call.function is not None
    assert json.loads(call.function.arguments or "") == {"city": "Paris"}
    result: Any = {
        "role": "tool",
        "tool_call_id": call.id,
        "content": [{"type": "document", "document": {"data": {"temperature": "21 degrees"}}}],
    }
    said: Any = {"role": "assistant", "tool_calls": [call], "tool_plan": "I will look it up."}
    answer = client.chat(model=model, messages=[*WEATHER, said, result], tools=[TOOL])
    assert answer.message.content
    assert "21" in answer.message.content[0].text


@pytest.mark.parametrize("model", HOSTS)
def test_a_tool_call_is_streamed(client: Any, model: str) -> None:
    events = list(client.chat_stream(model=model, messages=WEATHER, tools=[TOOL]))
    begun = [event for event in events if event.type == "tool-call-start"]
    assert begun[0].delta.message.tool_calls.function.name == "get_weather"
    kinds = ("tool-call-start", "tool-call-delta")
    pieces = [event.delta.message.tool_calls.function for event in events if event.type in kinds]
    assert json.loads("".join(piece.arguments for piece in pieces)) == {"city": "Paris"}
    assert events[-1].delta.finish_reason == "TOOL_CALL"


def test_errors_are_the_sdks_own(gateway: Running, client: Any) -> None:
    with pytest.raises(cohere.NotFoundError, match="smollm2"):
        client.chat(model="smolm2-135m", messages=PING)
    with (
        cohere.ClientV2("wrong-key", base_url=gateway.gateway) as wrong,
        pytest.raises(cohere.UnauthorizedError, match="unknown"),
    ):
        wrong.chat(model=LOCAL, messages=PING)
    broken: Any = [{"role": "user", "content": 5}]
    with pytest.raises(cohere.BadRequestError, match="content"):
        client.chat(model=LOCAL, messages=broken)


def test_models_are_listed_as_the_sdk_reads_them(gateway: Running) -> None:
    with cohere.Client(gateway.key, base_url=gateway.gateway) as client:
        names = [model.name for model in client.models.list().models]
        assert f"local/{LOCAL}" in names
        assert client.models.get(LOCAL).name == f"local/{LOCAL}"


def recorded(shared: Path, dialect: str, path: str, words: bytes = b"") -> Recording:
    found = recordings(shared / "data" / "provider-recordings", dialect)
    return next(
        item for item in found if item.endpoint == path and item.status == 200 and words in item.response_body
    )


def test_citations_of_a_recorded_stream_arrive(client: Any, replayed: FakeHost, shared: Path) -> None:
    recording = recorded(shared, "cohere-v2-chat", "/v2/chat", b"citation-start")
    replayed.answers["POST", "/v2/chat"] = (200, recording.response_body)
    asked = json.loads(recording.request_body)
    events = list(
        client.chat_stream(
            model="replayed/command-a", messages=asked["messages"], documents=asked.get("documents")
        )
    )
    cited = [event.delta.message.citations for event in events if event.type == "citation-start"]
    assert cited
    assert all(item.text and item.sources for item in cited)
    assert replayed.seen[-1][2]["model"] == "command-a"


def test_a_recorded_embedding_arrives(client: Any, replayed: FakeHost, shared: Path) -> None:
    recording = recorded(shared, "cohere-embed", "/v2/embed")
    replayed.answers["POST", "/v2/embed"] = (200, recording.response_body)
    answer = client.embed(
        model="replayed/embed-v4.0", texts=["a"], input_type="search_query", embedding_types=["float"]
    )
    vectors = json.loads(recording.response_body)["embeddings"]["float"]
    assert answer.embeddings.float_ == vectors


@pytest.mark.parametrize(
    "model", ["chatty/text-embedding-3-small", "ranky/embed-v4.0", "local/multilingual-e5-small"]
)
def test_texts_are_embedded_elsewhere(client: Any, model: str) -> None:
    answer = client.embed(
        model=model, texts=["hello", "good day"], input_type="search_document", embedding_types=["float"]
    )
    assert len(answer.embeddings.float_ or []) == 2
    assert answer.texts in (["hello", "good day"], None) or model.startswith("ranky")


def test_documents_are_ranked(client: Any, replayed: FakeHost, shared: Path) -> None:
    recording = recorded(shared, "cohere-rerank", "/v2/rerank")
    replayed.answers["POST", "/v2/rerank"] = (200, recording.response_body)
    asked = json.loads(recording.request_body)
    answer = client.rerank(
        model="replayed/rerank-v3.5", query=asked["query"], documents=asked["documents"], top_n=3
    )
    expected = json.loads(recording.response_body)["results"]
    assert [(item.index, item.relevance_score) for item in answer.results] == [
        (item["index"], item["relevance_score"]) for item in expected
    ]
    assert answer.meta is not None
    assert answer.meta.billed_units is not None
    assert answer.meta.billed_units.search_units == 1


def test_documents_are_ranked_by_a_host_of_another_dialect(
    client: Any, replayed: FakeHost, shared: Path
) -> None:
    recording = recorded(shared, "rerank-other", "/v1/rerank")
    replayed.answers["POST", "/voyage/rerank"] = (200, recording.response_body)
    asked = json.loads(recording.request_body)
    answer = client.rerank(
        model="voyaged/rerank-2-lite",
        query=asked["query"],
        documents=asked["documents"],
        top_n=asked["top_k"],
    )
    assert [item.index for item in answer.results] == [3, 0, 2]
    sent = replayed.seen[-1][2]
    assert (sent["top_k"], sent["model"]) == (3, "rerank-2-lite")


def test_what_no_host_of_ours_can_rank_is_refused(client: Any) -> None:
    with pytest.raises(ApiError, match="rerank"):
        client.rerank(model=LOCAL, query="q", documents=["a"])
