"""The dialect keeps what the gateway's contract promises, in both forms of its streams."""

import json

import pytest

from counterpoint.canonical import (
    Failure,
    FailureKind,
    Finish,
    FinishEvent,
    PartEnd,
    PartStart,
    StartEvent,
    StreamEvent,
    Text,
    fold,
)
from counterpoint.dialects.base import SSE, Asked, ChatDialect, Peek, Target
from counterpoint.dialects.gemini_generate import GeminiGenerate, form_of

DIALECT: ChatDialect = GeminiGenerate()
BODY = b'{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}'
PEEK = Peek("m", stream=True)
EVENTS: list[StreamEvent] = [
    StartEvent(),
    PartStart(0, 0, Text("Hi")),
    PartEnd(0, 0),
    FinishEvent(0, Finish("stop")),
]
LOST = Failure(FailureKind.timeout, "It took too long.")


def test_the_ways_in() -> None:
    doors = {(door.method, door.path): (door.operation, door.stream) for door in DIALECT.doors}
    assert doors["POST", "/v1beta/models/{model}:generateContent"] == ("chat", False)
    assert doors["POST", "/v1beta/models/{model}:streamGenerateContent"] == ("chat", True)
    assert doors["POST", "/v1/models/{model}:countTokens"] == ("count_tokens", False)
    assert doors["GET", "/v1beta/models"] == ("models", False)
    assert {
        door.header for door in DIALECT.doors if door.path.startswith("/v1/models/") and door.method == "GET"
    } == {"x-goog-api-key"}


def test_the_address_says_what_the_body_does_not() -> None:
    assert DIALECT.peek(BODY, Asked("m", stream=True)) == PEEK
    assert DIALECT.address("/models/m", "chat", stream=True) == "/models/m:streamGenerateContent?alt=sse"
    assert DIALECT.address("/models/m", "chat", stream=False) == "/models/m:generateContent"
    assert DIALECT.address("/models/m", "count_tokens", stream=False) == "/models/m:countTokens"


def test_a_request_through_each_way() -> None:
    assert DIALECT.rewrite(BODY, PEEK, Target("n")) == BODY
    encoded = DIALECT.encode_request(DIALECT.decode_request(BODY), Target("m"), DIALECT.name)
    assert json.loads(encoded.body) == json.loads(BODY)


def test_the_query_chooses_the_form() -> None:
    assert form_of("alt=sse&key=a").stream_type == SSE
    assert form_of("key=a").stream_type.startswith("application/json")
    assert form_of("").name == DIALECT.name


@pytest.mark.parametrize("query", ["alt=sse", ""])
def test_a_stream_through_each_way(query: str) -> None:
    form: ChatDialect = form_of(query)
    encoder = form.stream_encoder("m", include_usage=False)
    raw = b"".join(map(encoder.encode, EVENTS)) + encoder.close()
    decoder = form.stream_decoder()
    answer = fold(decoder.feed(raw) + decoder.close())
    assert decoder.complete
    assert answer.choices[0].parts == (Text("Hi"),)
    whole = form.encode_response(answer, "local").body
    assert form.decode_response(whole).choices[0].parts == (Text("Hi"),)
    assert form.read(whole).finish == "stop"
    relay = form.relay(PEEK)
    passed = relay.feed(raw) + relay.close()
    assert relay.complete
    again = form.stream_decoder()
    assert fold(again.feed(passed) + again.close()).choices == answer.choices


def test_an_array_is_one() -> None:
    form: ChatDialect = form_of("")
    encoder = form.stream_encoder("m", include_usage=False)
    chunks = json.loads(b"".join(map(encoder.encode, EVENTS)) + encoder.close())
    assert [bool(chunk["candidates"][0].get("finishReason")) for chunk in chunks] == [False, True]
    (error,) = json.loads(form.encode_error(LOST, "r").body)
    assert error["error"]["status"] == "DEADLINE_EXCEEDED"
    begun = b"".join(map(form.stream_encoder("m", include_usage=False).encode, EVENTS))
    assert "error" in json.loads(begun + form.encode_stream_error(LOST, "r"))[-1]


def test_counts_models_and_errors() -> None:
    assert json.loads(DIALECT.encode_token_count(7)) == {"totalTokens": 7}
    model = {"id": "a", "created": 0, "owner": "o", "name": "A", "context": 9}
    assert json.loads(DIALECT.encode_models([model]))["models"] == [json.loads(DIALECT.encode_model(model))]
    failure = DIALECT.decode_error(404, {}, b"{}")
    assert DIALECT.encode_error(failure, "r").status == 404
    assert DIALECT.encode_stream_error(failure, "r").startswith(b"data: ")
