"""Google's own SDK, unmodified: against hosts of each dialect and local models."""

import asyncio
import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anthropic
import httpx
import pytest
from google import genai
from google.genai import errors, types
from google.genai.client import AsyncClient
from pydantic import BaseModel

from counterpoint.testing.recordings import Recording, recordings
from tests.clients.conftest import CHATTY, STARRY, WORDY
from tests.hosts import FakeHost
from tests.running import Running

pytestmark = pytest.mark.xdist_group("clients")

LOCAL, EMBEDDER = "smollm2-135m-instruct", "multilingual-e5-small"
HOSTS = [STARRY, CHATTY, WORDY]
PING = "Say exactly: pong"
WEATHER = "What is the weather in Paris?"
IMAGINED = pytest.mark.filterwarnings("ignore:FUNCTION_CALL is not a valid FinishReason:UserWarning")
"""The emulated host gives a reason to finish that the API does not have."""
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Person(BaseModel):
    name: str
    age: int


def get_weather(city: str) -> str:
    """The weather in a city.

    Args:
        city: Its name.
    """
    return f"21 degrees in {city}"


def client_for(gateway: Running, key: str | None = None) -> genai.Client:
    options = types.HttpOptions(base_url=gateway.gateway, timeout=60_000)
    return genai.Client(api_key=key or gateway.key, http_options=options)


@pytest.fixture(scope="module")
def client(gateway: Running) -> Iterator[genai.Client]:
    with client_for(gateway) as opened:
        yield opened


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_a_question_is_answered(client: genai.Client, model: str) -> None:
    answer = client.models.generate_content(
        model=model,
        contents=PING,
        config=types.GenerateContentConfig(
            system_instruction="Be brief.", max_output_tokens=20, temperature=0, stop_sequences=["\n\n"]
        ),
    )
    assert answer.text
    assert answer.candidates is not None
    assert answer.candidates[0].finish_reason in {types.FinishReason.STOP, types.FinishReason.MAX_TOKENS}
    assert answer.usage_metadata is not None
    assert answer.usage_metadata.candidates_token_count
    if model != LOCAL:
        assert answer.text == "pong"


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_an_answer_is_streamed(client: genai.Client, model: str) -> None:
    chunks = list(
        client.models.generate_content_stream(
            model=model, contents=PING, config=types.GenerateContentConfig(max_output_tokens=20)
        )
    )
    words = "".join(chunk.text or "" for chunk in chunks)
    assert words if model == LOCAL else words == "pong"
    last = chunks[-1]
    assert last.usage_metadata is not None
    assert last.usage_metadata.candidates_token_count
    assert last.candidates is not None
    assert last.candidates[0].finish_reason is not None


def test_many_streams_at_once(gateway: Running) -> None:
    async def one(client: AsyncClient, model: str) -> str:
        stream = await client.models.generate_content_stream(model=model, contents=PING)
        return "".join([chunk.text or "" async for chunk in stream])

    async def all_of_them() -> list[str]:
        async with client_for(gateway).aio as client:
            return await asyncio.gather(*(one(client, model) for model in HOSTS * 3))

    assert asyncio.run(all_of_them()) == ["pong"] * 9


@pytest.mark.parametrize("model", HOSTS)
def test_a_conversation_goes_on(client: genai.Client, model: str) -> None:
    chat = client.chats.create(model=model)
    assert chat.send_message(PING).text == "pong"
    assert "".join(chunk.text or "" for chunk in chat.send_message_stream(PING)) == "pong"
    history = chat.get_history(curated=True)
    assert [content.role for content in history[:3]] == ["user", "model", "user"]
    assert {content.role for content in history[3:]} == {"model"}


@IMAGINED
@pytest.mark.parametrize("model", HOSTS)
def test_a_tool_is_called_by_itself(client: genai.Client, model: str) -> None:
    answer = client.models.generate_content(
        model=model, contents=WEATHER, config=types.GenerateContentConfig(tools=[get_weather])
    )
    assert answer.text is not None
    assert "21" in answer.text
    assert answer.automatic_function_calling_history


@IMAGINED
@pytest.mark.parametrize("model", HOSTS)
def test_a_tool_call_is_streamed(client: genai.Client, model: str) -> None:
    declared = types.FunctionDeclaration.from_callable(client=client._api_client, callable=get_weather)
    chunks = client.models.generate_content_stream(
        model=model,
        contents=WEATHER,
        config=types.GenerateContentConfig(tools=[types.Tool(function_declarations=[declared])]),
    )
    calls = [call for chunk in chunks for call in chunk.function_calls or []]
    assert [(call.name, call.args) for call in calls] == [("get_weather", {"city": "Paris"})]


def test_a_local_model_calls_the_tool_that_it_must(client: genai.Client) -> None:
    declared: Any = {
        "name": "get_weather",
        "parameters": {"type": "OBJECT", "properties": {"city": {"type": "STRING"}}, "required": ["city"]},
    }
    forced: Any = {"function_calling_config": {"mode": "ANY", "allowed_function_names": ["get_weather"]}}
    answer = client.models.generate_content(
        model=LOCAL,
        contents=WEATHER,
        config=types.GenerateContentConfig(
            tools=[types.Tool(function_declarations=[declared])],
            tool_config=forced,
            max_output_tokens=60,
            temperature=0,
        ),
    )
    (call,) = answer.function_calls or []
    assert call.name == "get_weather"
    assert set(call.args or {}) == {"city"}


@pytest.mark.parametrize("model", HOSTS)
def test_an_answer_is_parsed_into_a_type(client: genai.Client, model: str) -> None:
    answer = client.models.generate_content(
        model=model,
        contents="Ada, as JSON",
        config=types.GenerateContentConfig(response_mime_type="application/json", response_schema=Person),
    )
    assert answer.parsed == Person(name="Ada", age=36)


def test_a_local_models_answer_has_the_shape_that_was_asked_for(client: genai.Client) -> None:
    shape = {
        "type": "OBJECT",
        "properties": {
            "name": {"type": "STRING", "max_length": 12},
            "age": {"type": "INTEGER", "maximum": 150},
        },
        "required": ["name", "age"],
    }
    answer = client.models.generate_content(
        model=LOCAL,
        contents="Ada is 36 years old.",
        config=types.GenerateContentConfig(
            response_mime_type="application/json", response_schema=shape, max_output_tokens=80, temperature=0
        ),
    )
    assert isinstance(answer.parsed, dict)
    assert {"name", "age"} <= set(answer.parsed)


@pytest.mark.parametrize("model", HOSTS)
def test_pictures_thinking_and_safety_are_taken(client: genai.Client, model: str) -> None:
    contents: Any = [types.Part.from_bytes(data=PIXEL, mime_type="image/png"), PING]
    answer = client.models.generate_content(
        model=model,
        contents=contents,
        config=types.GenerateContentConfig(
            thinking_config=types.ThinkingConfig(thinking_budget=1024, include_thoughts=True),
            safety_settings=[
                types.SafetySetting(
                    category=types.HarmCategory.HARM_CATEGORY_HARASSMENT,
                    threshold=types.HarmBlockThreshold.BLOCK_NONE,
                )
            ],
        ),
    )
    assert answer.text == "pong"


def test_what_a_host_cannot_do_is_told_in_a_header(client: genai.Client) -> None:
    answer = client.models.generate_content(
        model=WORDY,
        contents=PING,
        config=types.GenerateContentConfig(tools=[types.Tool(google_search=types.GoogleSearch())]),
    )
    assert answer.sdk_http_response is not None
    headers = answer.sdk_http_response.headers or {}
    assert "tool.googleSearch;meaning;tools[0].googleSearch" in headers["x-counterpoint-losses"]
    assert answer.text == "pong"


@pytest.mark.parametrize("model", [CHATTY, WORDY, LOCAL])
def test_tokens_are_counted(client: genai.Client, model: str) -> None:
    counted = client.models.count_tokens(model=model, contents=PING)
    assert counted.total_tokens is not None
    assert counted.total_tokens > 0


@pytest.mark.parametrize("model", ["chatty/text-embedding-3-small", EMBEDDER])
def test_texts_are_embedded_elsewhere(client: genai.Client, model: str) -> None:
    texts: Any = ["Bonjour", "Good morning"]
    answer = client.models.embed_content(
        model=model,
        contents=texts,
        config=types.EmbedContentConfig(task_type="RETRIEVAL_QUERY"),
    )
    vectors = [item.values for item in answer.embeddings or []]
    assert len(vectors) == 2
    assert all(vectors)
    assert vectors[0] != vectors[1]


@pytest.fixture
def recorded(shared: Path) -> Callable[[str, str], Recording]:
    """A recording by its dialect and a piece of its name."""

    def find(dialect: str, name: str) -> Recording:
        folder = shared / "data" / "provider-recordings"
        return next(one for one in recordings(folder, dialect) if name in one.name)

    return find


def test_many_texts_are_embedded_at_once(
    client: genai.Client, replayed: FakeHost, recorded: Callable[[str, str], Recording]
) -> None:
    body = recorded("gemini-embed", "test_embedding_batch").response_body
    replayed.answers["POST", "/v1beta/models/gemini-embedding-2:batchEmbedContents"] = (200, body)
    texts: Any = ["First text", "Second text"]
    answer = client.models.embed_content(
        model="recalled/gemini-embedding-2",
        contents=texts,
        config=types.EmbedContentConfig(output_dimensionality=768),
    )
    assert [len(item.values or []) for item in answer.embeddings or []] == [768, 768]
    sent = replayed.seen[-1][2]["requests"]
    assert {item["model"] for item in sent} == {"models/gemini-embedding-2"}
    assert {item["outputDimensionality"] for item in sent} == {768}


@pytest.mark.parametrize("streamed", [True, False])
def test_what_only_the_maker_can_read_goes_back_to_it(
    client: genai.Client,
    replayed: FakeHost,
    recorded: Callable[[str, str], Recording],
    streamed: bool,
) -> None:
    """A recorded answer, its thought signed: the SDK sends the signature back, and it arrives."""
    recording = recorded("gemini-stream", "test_tools_with_gemini_3_thought_signatures.yaml#0")
    chunks = json.loads(recording.response_body)
    path = "/v1beta/models/gemini-3-flash-preview"
    events = b"".join(b"data: " + json.dumps(chunk).encode() + b"\r\n\r\n" for chunk in chunks)
    replayed.answers["POST", f"{path}:streamGenerateContent?alt=sse"] = (200, events)
    replayed.answers["POST", f"{path}:generateContent"] = (200, chunks[0])
    chat = client.chats.create(model="recalled/gemini-3-flash-preview")
    for _ in range(2):
        if streamed:
            list(chat.send_message_stream("What is the weather?"))
        else:
            chat.send_message("What is the weather?")
    signatures = [
        part["thoughtSignature"]
        for content in replayed.seen[-1][2]["contents"]
        for part in content["parts"]
        if "thoughtSignature" in part
    ]
    given = chunks[0]["candidates"][0]["content"]["parts"][0]["thoughtSignature"]
    assert [_bytes(one) for one in signatures] == [_bytes(given)]


def _bytes(text: str) -> bytes:
    """As the SDK writes them, base64 has letters for addresses."""
    return base64.urlsafe_b64decode(text.replace("+", "-").replace("/", "_"))


def test_tokens_are_counted_by_the_host_itself(
    client: genai.Client, gateway: Running, replayed: FakeHost
) -> None:
    """Also for clients of another dialect."""
    path = "/v1beta/models/gemini-2.5-flash:countTokens"
    replayed.answers["POST", path] = (200, {"totalTokens": 12})
    model = "recalled/gemini-2.5-flash"
    assert client.models.count_tokens(model=model, contents=PING).total_tokens == 12
    with anthropic.Anthropic(base_url=gateway.gateway, api_key=gateway.key) as other:
        messages: Any = [{"role": "user", "content": PING}]
        assert other.messages.count_tokens(model=model, messages=messages, system="s").input_tokens == 12
    wrapped = replayed.seen[-1][2]["generateContentRequest"]
    assert wrapped["model"] == "models/gemini-2.5-flash"
    assert wrapped["systemInstruction"] == {"parts": [{"text": "s"}]}


def test_models_are_listed(client: genai.Client) -> None:
    listed = {model.name: model for model in client.models.list()}
    local = listed[f"models/local/{LOCAL}"]
    assert local.supported_actions is not None
    assert "generateContent" in local.supported_actions
    assert local.input_token_limit
    assert "embedContent" in (listed[f"models/local/{EMBEDDER}"].supported_actions or [])
    assert client.models.get(model=LOCAL).name == f"models/local/{LOCAL}"


def test_errors_are_the_sdks_own(gateway: Running, client: genai.Client) -> None:
    with pytest.raises(errors.ClientError, match="smollm2") as unknown:
        client.models.generate_content(model="smolm2-135m", contents=PING)
    assert (unknown.value.code, unknown.value.status) == (404, "NOT_FOUND")
    other = client_for(gateway, "wrong-key")
    with pytest.raises(errors.ClientError) as stranger:
        other.models.generate_content(model=LOCAL, contents=PING)
    assert (stranger.value.code, stranger.value.status) == (401, "UNAUTHENTICATED")
    with pytest.raises(errors.ClientError) as long:
        list(client.models.generate_content_stream(model=LOCAL, contents="word " * 20_000))
    assert (long.value.code, long.value.status) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_without_events_a_stream_is_an_array(gateway: Running, model: str) -> None:
    """As clients get it that speak to the API without an SDK, with their key in the address."""
    address = f"{gateway.gateway}/v1beta/models/{model}:streamGenerateContent?key={gateway.key}"
    body = {"contents": [{"parts": [{"text": PING}]}], "generationConfig": {"maxOutputTokens": 10}}
    answer = httpx.post(address, json=body, timeout=60)
    assert answer.headers["content-type"].startswith("application/json")
    chunks = answer.json()
    said = "".join(part["text"] for chunk in chunks for part in _parts(chunk) if "text" in part)
    assert said if model == LOCAL else said == "pong"
    assert chunks[-1]["candidates"][0]["finishReason"] in {"STOP", "MAX_TOKENS"}
    refused = httpx.post(address.replace(model, "no-such-model"), json=body, timeout=60)
    assert refused.json()[0]["error"]["status"] == "NOT_FOUND"


def _parts(chunk: Any) -> list[Any]:
    return [
        part
        for candidate in chunk.get("candidates", [])
        for part in candidate.get("content", {}).get("parts", [])
    ]
