"""Chunks in Amazon's event stream."""

import base64
import json
from typing import Any

import pytest

from counterpoint.canonical import ErrorEvent, Text, Usage, fold
from counterpoint.dialects.base import Peek
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.conformance import decoded_stream
from counterpoint.wire.eventstream import event_message, exception_message

INVOKE = CHAT["bedrock-invoke"]
METRICS = {"amazon-bedrock-invocationMetrics": {"inputTokenCount": 3, "outputTokenCount": 2}}


def chunk(value: Any) -> bytes:
    data = base64.b64encode(json.dumps(value, separators=(",", ":")).encode()).decode()
    return event_message("chunk", json.dumps({"bytes": data, "p": "abc"}, separators=(",", ":")).encode())


CLAUDES = [
    {"type": "message_start", "message": {"id": "i", "model": "m", "usage": {"input_tokens": 3}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hi"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}},
    {"type": "message_stop", **METRICS},
]
NOVAS = [
    {"messageStart": {"role": "assistant"}},
    {"contentBlockDelta": {"delta": {"text": "Hi"}, "contentBlockIndex": 0}},
    {"contentBlockStop": {"contentBlockIndex": 0}},
    {"messageStop": {"stopReason": "end_turn"}},
    {"metadata": {"usage": {"inputTokens": 3, "outputTokens": 2}}, **METRICS},
]
CHATS = [
    {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    for choice in (
        {"index": 0, "delta": {"role": "assistant", "content": "Hi"}},
        {"index": 0, "delta": {}, "finish_reason": "stop"},
    )
]
STREAMS: list[tuple[str, list[Any], dict[str, Any]]] = [
    ("anthropic", CLAUDES, {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 5, "messages": []}),
    ("nova", NOVAS, {"schemaVersion": "messages-v1", "messages": []}),
    (
        "llama",
        [{"generation": "Hi"}, {"generation": "", "stop_reason": "stop", **METRICS}],
        {"prompt": "a", "max_gen_len": 5},
    ),
    ("mistral", [{"outputs": [{"text": "Hi", "stop_reason": "stop"}], **METRICS}], {"prompt": "a"}),
    ("titan", [{"outputText": "Hi", "completionReason": "FINISH", **METRICS}], {"inputText": "a"}),
    (
        "command",
        [{"is_finished": False, "text": "Hi"}, {"is_finished": True, "finish_reason": "COMPLETE", **METRICS}],
        {"prompt": "a", "p": 1},
    ),
    (
        "claude-text",
        [{"completion": "Hi", "stop_reason": "stop_sequence", **METRICS}],
        {"prompt": "a", "max_tokens_to_sample": 5},
    ),
    (
        "command-r",
        [
            {"event_type": "text-generation", "text": "Hi"},
            {"event_type": "stream-end", "response": {"finish_reason": "COMPLETE"}, **METRICS},
        ],
        {"message": "a"},
    ),
]


@pytest.mark.parametrize(("family", "chunks", "asked"), STREAMS)
def test_every_familys_stream_is_understood_relayed_and_said_again(
    family: str, chunks: list[Any], asked: dict[str, Any]
) -> None:
    stream = b"".join(map(chunk, chunks))
    events = decoded_stream(INVOKE.stream_decoder(), [stream])
    one_by_one = [stream[place : place + 1] for place in range(len(stream))]
    assert decoded_stream(INVOKE.stream_decoder(), one_by_one) == events
    answer = fold(events)
    assert answer.choices[0].parts == (Text("Hi"),)
    assert answer.usage == Usage(input=3, output=2)
    relay = INVOKE.relay(Peek("m", stream=True))
    assert b"".join(map(relay.feed, one_by_one)) + relay.close() == stream
    assert (relay.begun, relay.complete, relay.failure) == (True, True, None)
    assert (relay.reading.usage, relay.reading.finish) == (answer.usage, "stop")
    request = INVOKE.decode_request(json.dumps(asked).encode())
    encoder = INVOKE.stream_encoder("m", include_usage=True, asked=request)
    again = b"".join(map(encoder.encode, events)) + encoder.close()
    second = fold(decoded_stream(INVOKE.stream_decoder(), [again]))
    assert (second.choices[0].parts, second.usage) == (answer.choices[0].parts, answer.usage), family
    assert encoder.losses == ()


def test_chat_completions_end_without_a_word_of_their_own() -> None:
    answer = fold(decoded_stream(INVOKE.stream_decoder(), [b"".join(map(chunk, CHATS))]))
    assert answer.choices[0].parts == (Text("Hi"),)


def test_a_guardrail_that_steps_in_is_told() -> None:
    blocked = {"outputText": "Input blocked", "amazon-bedrock-guardrailAction": "INTERVENED", **METRICS}
    answer = fold(decoded_stream(INVOKE.stream_decoder(), [chunk(blocked)]))
    assert answer.choices[0].finish is not None
    assert answer.choices[0].finish.reason == "content_filter"


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"garbage that is no event stream",
        chunk(CLAUDES[0]),
        chunk({"generation": "a"}),
        event_message("chunk", b'{"bytes":"%%"}'),
        event_message("chunk", b'{"bytes":"W10="}'),
        chunk(CLAUDES[0]) + exception_message("modelStreamErrorException", b'{"message":"x"}'),
        chunk(CLAUDES[0]) + b"garbage that is no event stream",
    ],
)
def test_what_breaks_the_grammar_ends_in_an_error(stream: bytes) -> None:
    assert isinstance(decoded_stream(INVOKE.stream_decoder(), [stream])[-1], ErrorEvent)
    relay = INVOKE.relay(Peek("m", stream=True))
    relay.feed(stream)
    relay.close()
    assert relay.failure is not None


def test_a_stream_that_fails_ends_in_an_exception() -> None:
    encoder = INVOKE.stream_encoder("m", include_usage=True)
    said = b"".join(map(encoder.encode, decoded_stream(INVOKE.stream_decoder(), [chunk(CLAUDES[0])])))
    assert b":exception-type" in said + encoder.close()
