"""Every maker's own SDK, unmodified, hears from recorded answers of every dialect what they said: real bodies, in the
pieces of the wire, replayed by a host and translated by the gateway."""

import contextlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import anthropic
import boto3
import cohere
import ollama
import openai
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from google import genai
from google.genai import types
from mistralai.client import Mistral

from counterpoint.canonical import ChatResponse, ErrorEvent, Refused, Text, ToolCall, fold
from counterpoint.dialects.registry import CHAT
from counterpoint.directory import Directory, Host, Key
from counterpoint.directory.keytext import digest_of
from counterpoint.directory.routes import Project
from counterpoint.testing.conformance import FILED, decoded_stream
from counterpoint.testing.recordings import Recording, recordings
from counterpoint.testing.replay import ReplayHost, replay
from tests.replaying import Served, serving

pytestmark = pytest.mark.xdist_group("clients")

KEY = "cp-only-for-replayed-answers"
HOSTS = {
    "openai-chat": "/v1/chat/completions",
    "openai-responses": "/v1/responses",
    "anthropic-messages": "/v1/messages",
    "gemini-generate": "/v1beta/models/{model}",
    "bedrock-converse": "/model/{model}/converse",
    "cohere-chat": "/v2/chat",
    "mistral-chat": "/v1/chat/completions",
    "ollama-chat": "/api/chat",
}
"""By dialect, the path at which a host is called in it."""
AT_MOST = 12
"""Recordings of each dialect, whole and streamed, spread over all that there are."""
ASKED: Any = [{"role": "user", "content": "Hello"}]


class Heard(NamedTuple):
    """What an answer says: its text, and the tools that it calls with what."""

    text: str
    calls: list[tuple[str, Any]]


def said(answer: ChatResponse) -> Heard:
    parts = answer.choices[0].parts
    calls = [part for part in parts if isinstance(part, ToolCall)]
    return Heard(
        "".join(part.text for part in parts if isinstance(part, Text)),
        [(call.name, json.loads(call.arguments or "{}")) for call in calls],
    )


def plain(answer: ChatResponse) -> bool:
    """Whether all that it says are words and calls of functions, which every dialect can say."""
    parts = answer.choices[0].parts if len(answer.choices) == 1 else ()
    for part in parts:
        if not isinstance(part, Text | ToolCall):
            return False
        if isinstance(part, ToolCall):
            with contextlib.suppress(ValueError):
                if part.kind == "function" and isinstance(json.loads(part.arguments or "{}"), dict):
                    continue
            return False
    return bool(parts)


def decoded(dialect: str, recording: Recording) -> ChatResponse | None:
    """What it says to us; `None` where it is no plain answer, or one in a form that our gateway asks nobody for."""
    body = recording.response_body.strip()
    if recording.status >= 400 or not body or (recording.stream and body.startswith(b"[")):
        return None
    try:
        if recording.stream:
            events = decoded_stream(CHAT[dialect].stream_decoder(), [recording.response_body])
            answer = None if any(isinstance(each, ErrorEvent) for each in events) else fold(events)
        else:
            answer = CHAT[dialect].decode_response(recording.response_body)
    except Refused:
        return None
    return answer if answer is not None and plain(answer) else None


def spread(found: list[tuple[Recording, Heard]]) -> list[tuple[Recording, Heard]]:
    ordered = sorted(found, key=lambda each: each[0].request_hash)
    return ordered[:: max(1, len(ordered) // AT_MOST)][:AT_MOST]


@pytest.fixture(scope="module")
def answers(shared: Path) -> Mapping[tuple[str, bool], Mapping[str, tuple[Recording, Heard]]]:
    """By dialect and whether it is a stream; the name is a model's."""
    folder = shared / "data" / "provider-recordings"
    found: dict[tuple[str, bool], dict[str, tuple[Recording, Heard]]] = {}
    for dialect in HOSTS:
        filed = FILED.get(dialect, (dialect,))
        every = list(itertools.chain.from_iterable(recordings(folder, name) for name in filed))
        for stream in (False, True):
            pairs = ((each, decoded(dialect, each)) for each in every if each.stream == stream)
            some = spread([(each, said(answer)) for each, answer in pairs if answer is not None])
            kind = "stream" if stream else "whole"
            found[dialect, stream] = {f"{dialect}-{kind}-{number}": one for number, one in enumerate(some)}
    return found


@pytest.fixture(scope="module")
def host(answers: Any) -> Iterator[ReplayHost]:
    known = {name: recording for some in answers.values() for name, (recording, _) in some.items()}
    with replay(known) as running:
        yield running


@pytest.fixture(scope="module")
def served(host: ReplayHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    hosts = {name: Host(name, host.url, {name: path}) for name, path in HOSTS.items()}
    directory = Directory(
        1, {digest_of(KEY): Key("k", "replayed", "p", "o")}, hosts, projects={"p": Project("p", "p")}
    )
    with serving(directory, tmp_path_factory.mktemp("replayed")) as running:
        yield running


def openai_chat(url: str, model: str, *, stream: bool) -> Heard:
    with openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0) as client:
        if not stream:
            message = client.chat.completions.create(model=model, messages=ASKED).choices[0].message
            return Heard(message.content or "", called(enumerate(message.tool_calls or [])))
        chunks = client.chat.completions.create(model=model, messages=ASKED, stream=True)
        deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    calls = [(call.index, call) for delta in deltas for call in delta.tool_calls or []]
    return Heard("".join(delta.content or "" for delta in deltas), called(calls))


def called(pieces: Iterable[tuple[int, Any]]) -> list[tuple[str, Any]]:
    """Calls of functions, of which each piece says which it belongs to."""
    calls: dict[int, tuple[str, list[str]]] = {}
    for place, call in pieces:
        _, arguments = calls.setdefault(place, (call.function.name, []))
        more = call.function.arguments or ""
        arguments.append(more if isinstance(more, str) else json.dumps(more))
    return [(name, json.loads("".join(arguments) or "{}")) for name, arguments in calls.values()]


def openai_responses(url: str, model: str, *, stream: bool) -> Heard:
    with openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0) as client:
        answer: Any
        if stream:
            *_, last = client.responses.create(model=model, input="Hello", store=False, stream=True)
            assert last.type in ("response.completed", "response.incomplete")
            answer = last.response
        else:
            answer = client.responses.create(model=model, input="Hello", store=False)
        calls = [item for item in answer.output if item.type == "function_call"]
        return Heard(answer.output_text, [(call.name, json.loads(call.arguments or "{}")) for call in calls])


def anthropic_messages(url: str, model: str, *, stream: bool) -> Heard:
    with anthropic.Anthropic(base_url=url, api_key=KEY, max_retries=0) as client:
        if stream:
            with client.messages.stream(model=model, messages=ASKED, max_tokens=1000) as events:
                blocks: Any = events.get_final_message().content
        else:
            blocks = client.messages.create(model=model, messages=ASKED, max_tokens=1000).content
        return Heard(
            "".join(block.text for block in blocks if block.type == "text"),
            [(block.name, block.input) for block in blocks if block.type == "tool_use"],
        )


def google_genai(url: str, model: str, *, stream: bool) -> Heard:
    options = types.HttpOptions(base_url=url, timeout=60_000)
    with genai.Client(api_key=KEY, http_options=options) as client:
        if stream:
            chunks = list(client.models.generate_content_stream(model=model, contents="Hello"))
        else:
            chunks = [client.models.generate_content(model=model, contents="Hello")]
    contents = [chunk.candidates[0].content for chunk in chunks if chunk.candidates]
    parts = [part for content in contents if content is not None for part in content.parts or []]
    return Heard(
        "".join(part.text or "" for part in parts if not part.thought),
        [
            (part.function_call.name or "", part.function_call.args)
            for part in parts
            if part.function_call is not None
        ],
    )


def bedrock(url: str, model: str, *, stream: bool) -> Heard:
    config = Config(retries={"max_attempts": 0}, read_timeout=60, signature_version=UNSIGNED)
    client = boto3.Session(region_name="eu-central-1").client(
        "bedrock-runtime", endpoint_url=url, config=config
    )
    client.meta.events.register(
        "before-send.bedrock-runtime",
        lambda request, **_: request.headers.update({"Authorization": f"Bearer {KEY}"}),
    )
    asked = {"modelId": model, "messages": [{"role": "user", "content": [{"text": "Hello"}]}]}
    if not stream:
        content = client.converse(**asked)["output"]["message"]["content"]
        uses = [block["toolUse"] for block in content if "toolUse" in block]
        # What is cited stands in a block of its own kind.
        words = [block.get("citationsContent", {}).get("content", [block]) for block in content]
        text = "".join(each.get("text", "") for each in itertools.chain.from_iterable(words))
        return Heard(text, [(use["name"], use["input"]) for use in uses])
    texts: list[str] = []
    calls: dict[int, tuple[str, list[str]]] = {}
    for event in client.converse_stream(**asked)["stream"]:
        begun, grown = event.get("contentBlockStart", {}), event.get("contentBlockDelta", {})
        if "toolUse" in begun.get("start", {}):
            calls[begun["contentBlockIndex"]] = begun["start"]["toolUse"]["name"], []
        delta = grown.get("delta", {})
        texts.append(delta.get("text", ""))
        if "toolUse" in delta:
            calls[grown["contentBlockIndex"]][1].append(delta["toolUse"]["input"])
    named = [(name, json.loads("".join(pieces) or "{}")) for name, pieces in calls.values()]
    return Heard("".join(texts), named)


def cohere_chat(url: str, model: str, *, stream: bool) -> Heard:
    with cohere.ClientV2(KEY, base_url=url, timeout=60) as client:
        if not stream:
            message = client.chat(model=model, messages=ASKED).message
            words = [each.text for each in message.content or [] if each.type == "text"]
            return Heard("".join(words), called(enumerate(message.tool_calls or [])))
        texts: list[str] = []
        calls: list[tuple[str, list[str]]] = []
        events: Any = client.chat_stream(model=model, messages=ASKED)
        for event in events:
            if event.type == "content-delta":
                texts.append(event.delta.message.content.text or "")
            elif event.type == "tool-call-start":
                function = event.delta.message.tool_calls.function
                calls.append((function.name, [function.arguments or ""]))
            elif event.type == "tool-call-delta":
                calls[-1][1].append(event.delta.message.tool_calls.function.arguments or "")
        return Heard("".join(texts), [(name, json.loads("".join(more) or "{}")) for name, more in calls])


def mistral_chat(url: str, model: str, *, stream: bool) -> Heard:
    with Mistral(api_key=KEY, server_url=f"{url}/mistral", timeout_ms=60_000) as client:
        if stream:
            with client.chat.stream(model=model, messages=ASKED) as events:
                messages: list[Any] = [event.data.choices[0].delta for event in events if event.data.choices]
        else:
            messages = [client.chat.complete(model=model, messages=ASKED).choices[0].message]
    texts: list[str] = []
    for message in messages:
        if isinstance(message.content, str):
            texts.append(message.content)
        elif message.content:
            texts += [piece.text for piece in message.content if piece.type == "text"]
    calls = [call for message in messages for call in message.tool_calls or []]
    pieces = [(call.index if stream else place, call) for place, call in enumerate(calls)]
    return Heard("".join(texts), called(pieces))


def ollama_chat(url: str, model: str, *, stream: bool) -> Heard:
    with ollama.Client(url, headers={"authorization": f"Bearer {KEY}"}, timeout=60) as client:
        if stream:
            messages = [piece.message for piece in client.chat(model, ASKED, stream=True)]
        else:
            messages = [client.chat(model, ASKED).message]
    calls = [call for message in messages for call in message.tool_calls or []]
    return Heard(
        "".join(message.content or "" for message in messages),
        [(call.function.name, dict(call.function.arguments)) for call in calls],
    )


SDKS: Mapping[str, Callable[..., Heard]] = {
    "openai chat": openai_chat,
    "openai responses": openai_responses,
    "anthropic": anthropic_messages,
    "google-genai": google_genai,
    "boto3": bedrock,
    "cohere": cohere_chat,
    "mistralai": mistral_chat,
    "ollama": ollama_chat,
}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("dialect", HOSTS)
@pytest.mark.parametrize("sdk", SDKS)
def test_it_hears_what_the_host_said(
    served: Served, answers: Any, sdk: str, dialect: str, *, stream: bool
) -> None:
    some = answers[dialect, stream]
    for name, (recording, expected) in some.items():
        heard = SDKS[sdk](served.url, f"{dialect}/{name}", stream=stream)
        assert heard == expected, recording.name


def test_there_is_enough_of_each_dialect(answers: Any) -> None:
    held = {key: len(some) for key, some in answers.items()}
    assert sum(held.values()) > 100
    assert not [dialect for dialect in HOSTS if held[dialect, False] + held[dialect, True] < 2], held
