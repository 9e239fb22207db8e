"""Recorded exchanges of one dialect in each other: requests there and back with every difference declared, answers
as the other maker's SDK reads them with nothing of their substance lost."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import anthropic.types
import cohere
import google.genai.types
import mistralai.client.models
import ollama
import openai.types
import openai.types.chat
import openai.types.responses
import pytest
from pydantic import BaseModel, TypeAdapter

from counterpoint.canonical import (
    Audio,
    ChatResponse,
    Choice,
    ErrorEvent,
    Image,
    Part,
    Refusal,
    StreamEvent,
    Text,
    ToolCall,
    fold,
)
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import ChatDialect
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.conformance import FILED
from counterpoint.testing.crossing import JOURNEYS, Crossing, journeys
from counterpoint.testing.recordings import Recording, recordings
from counterpoint.wire.sse import SseReader

OPENAI, ANTHROPIC, RESPONSES = CHAT["openai-chat"], CHAT["anthropic-messages"], CHAT["openai-responses"]
GEMINI, COHERE, MISTRAL = CHAT["gemini-generate"], CHAT["cohere-chat"], CHAT["mistral-chat"]
PAIRS = list(permutations(CHAT.values(), 2))
ENOUGH = ("openai-chat", "anthropic-messages", "openai-responses", "gemini-generate")
"""Dialects of which there are many recordings."""
PROMPTED = ("ollama-generate", "openai-completions-legacy")
"""Dialects of one prompt, which is no conversation and calls no tools."""
NAMES = [f"{home.name} as {abroad.name}" for home, abroad in PAIRS]


@pytest.fixture(scope="module")
def recorded(shared: Path) -> dict[str, list[Recording]]:
    folder = shared / "data" / "provider-recordings"
    return {
        name: [recording for filed in FILED.get(name, (name,)) for recording in recordings(folder, filed)]
        for name in CHAT
    }


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.name)
def test_every_request_comes_home_with_every_loss_declared(shared: Path, journey: Any) -> None:
    found: dict[str, Crossing] = dict(journeys(shared / "data" / "provider-recordings", journey))
    assert {name: crossing.silent for name, crossing in found.items() if crossing.silent} == {}
    outcomes = Counter(crossing.outcome for crossing in found.values())
    if journey.home not in PROMPTED and journey.abroad not in PROMPTED:
        assert outcomes["exact"] + outcomes["cosmetic"] > 0.3 * len(found)
    assert len(found) > 500 or journey.home not in ENOUGH


def answers(every: list[Recording], *, streamed: bool) -> Iterator[tuple[str, bytes]]:
    for recording in every:
        body = recording.response_body
        if (
            recording.status == 200
            and body
            and body.lstrip().startswith((b"data:", b"event:", b":", b"[", b"\x00\x00")) == streamed
        ):
            yield recording.name, body


def said(response: ChatResponse) -> tuple[str, list[tuple[str, str, Any]], tuple[int, int]]:
    """The substance of the first answer: its words, its calls and how many tokens it took."""
    choice = response.choices[0] if response.choices else Choice()
    words = "".join(map(words_of, choice.parts))
    calls = [(part.id, part.name, arguments(part)) for part in choice.parts if isinstance(part, ToolCall)]
    return words, calls, (response.usage.input_total, response.usage.output_total)


def words_of(part: Part) -> str:
    match part:
        case Text(text) | Refusal(text):
            return text
        case Audio(transcript=str(words)):
            return words
        case _:
            return ""


def arguments(call: ToolCall) -> Any:
    if call.kind == "custom":
        return {"input": call.arguments}
    try:
        return json.loads(call.arguments or "{}")
    except ValueError:
        return {"arguments": call.arguments}


WHOLE: dict[ChatDialect, type[BaseModel]] = {
    CHAT["ollama-chat"]: ollama.ChatResponse,
    CHAT["ollama-generate"]: ollama.GenerateResponse,
    CHAT["openai-completions-legacy"]: openai.types.Completion,
    COHERE: cohere.V2ChatResponse,
    MISTRAL: mistralai.client.models.ChatCompletionResponse,
    ANTHROPIC: anthropic.types.Message,
    GEMINI: google.genai.types.GenerateContentResponse,
    OPENAI: openai.types.chat.ChatCompletion,
    RESPONSES: openai.types.responses.Response,
}


def read_whole(dialect: ChatDialect, body: bytes) -> None:
    """As the maker's own SDK does, strictly."""
    if dialect in WHOLE:
        WHOLE[dialect].model_validate_json(body)


EVENTS: dict[ChatDialect, TypeAdapter[Any]] = {
    ANTHROPIC: TypeAdapter(anthropic.types.RawMessageStreamEvent),
    RESPONSES: TypeAdapter(openai.types.responses.ResponseStreamEvent),
    COHERE: TypeAdapter(cohere.V2ChatStreamResponse),
    MISTRAL: TypeAdapter(mistralai.client.models.CompletionChunk),
    GEMINI: TypeAdapter(google.genai.types.GenerateContentResponse),
}


def read_stream(dialect: ChatDialect, body: bytes) -> None:
    """As the maker's own SDK does, strictly."""
    for frame in SseReader().feed(body):
        if dialect in EVENTS and frame.data != b"[DONE]":
            EVENTS[dialect].validate_json(frame.data)
        elif dialect is OPENAI and frame.data != b"[DONE]":
            openai.types.chat.ChatCompletionChunk.model_validate_json(frame.data)


@pytest.mark.parametrize(("home", "abroad"), PAIRS, ids=NAMES)
def test_every_answer_is_one_of_the_other_dialect(
    recorded: dict[str, list[Recording]], home: ChatDialect, abroad: ChatDialect
) -> None:
    told = 0
    for name, body in answers(recorded[home.name], streamed=False):
        try:
            response = home.decode_response(body)
        except Refused:
            continue  # no answer in any dialect; `home`'s own proof names it
        encoded = abroad.encode_response(response, home.name)
        if not any(isinstance(part, Image) for choice in response.choices for part in choice.parts):
            read_whole(abroad, encoded.body)  # the SDKs know no pictures among an answer's words
        if any(loss.severity == "meaning" or loss.code == "audio.transcript" for loss in encoded.losses):
            continue  # there are no words, or not all of them, to compare
        assert said(abroad.decode_response(encoded.body)) == said(response), name
        told += 1
    assert told > (100 if abroad.name in PROMPTED else 300) or home.name not in ENOUGH


def events_of(dialect: ChatDialect, body: bytes) -> list[StreamEvent]:
    decoder = dialect.stream_decoder()
    return decoder.feed(body) + decoder.close()


@pytest.mark.parametrize(("home", "abroad"), PAIRS, ids=NAMES)
def test_every_stream_is_one_of_the_other_dialect(
    recorded: dict[str, list[Recording]], home: ChatDialect, abroad: ChatDialect
) -> None:
    told = 0
    for name, body in answers(recorded[home.name], streamed=True):
        events = events_of(home, body)
        encoder = abroad.stream_encoder("m", include_usage=True)
        again = b"".join(map(encoder.encode, events)) + encoder.close()
        if isinstance(events[-1], ErrorEvent):
            assert isinstance(events_of(abroad, again)[-1], ErrorEvent), name
            continue
        read_stream(abroad, again)
        if any(loss.severity == "meaning" for loss in encoder.losses):
            continue
        assert said(fold(events_of(abroad, again))) == said(fold(events)), name
        told += 1
    assert told > (30 if abroad.name in PROMPTED else 100) or home.name not in ENOUGH
