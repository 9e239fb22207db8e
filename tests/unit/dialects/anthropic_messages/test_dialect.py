"""The dialect keeps what the gateway's contract promises."""

import json

from counterpoint.canonical import Finish, FinishEvent, PartEnd, PartStart, StreamEvent, Text, fold
from counterpoint.dialects.anthropic_messages import AnthropicMessages
from counterpoint.dialects.base import ChatDialect, Target

DIALECT: ChatDialect = AnthropicMessages()
BODY = b'{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"Hi"}],"stream":true}'


def test_the_ways_in() -> None:
    doors = {(door.method, door.path): (door.operation, door.header) for door in DIALECT.doors}
    assert doors["POST", "/v1/messages"] == ("chat", None)
    assert doors["POST", "/v1/messages/count_tokens"] == ("count_tokens", None)
    assert doors["GET", "/v1/models"] == ("models", "anthropic-version")
    assert "anthropic-beta" in DIALECT.forwarded


def test_a_request_through_each_way() -> None:
    peek = DIALECT.peek(BODY)
    assert (peek.model, peek.stream, peek.include_usage) == ("m", True, True)
    assert json.loads(DIALECT.rewrite(BODY, peek, Target("n")))["model"] == "n"
    encoded = DIALECT.encode_request(DIALECT.decode_request(BODY), Target("m"), DIALECT.name)
    assert json.loads(encoded.body) == json.loads(BODY)


def test_a_stream_through_each_way() -> None:
    encoder = DIALECT.stream_encoder("m", include_usage=False)
    events: list[StreamEvent] = [PartStart(0, 0, Text("Hi")), PartEnd(0, 0), FinishEvent(0, Finish("stop"))]
    raw = b"".join(map(encoder.encode, events)) + encoder.close()
    relay = DIALECT.relay(DIALECT.peek(BODY))
    assert relay.feed(raw) + relay.close() == raw
    decoder = DIALECT.stream_decoder()
    answer = fold(decoder.feed(raw) + decoder.close())
    assert decoder.complete
    assert answer.choices[0].parts == (Text("Hi"),)
    whole = DIALECT.encode_response(answer, "local").body
    assert DIALECT.decode_response(whole).choices[0].parts == (Text("Hi"),)
    assert DIALECT.read(whole).finish == "stop"


def test_counts_models_and_errors() -> None:
    assert json.loads(DIALECT.encode_token_count(7)) == {"input_tokens": 7}
    model = {"id": "a", "created": 0, "owner": "o", "name": "A", "context": 9}
    assert json.loads(DIALECT.encode_models([model]))["data"] == [json.loads(DIALECT.encode_model(model))]
    failure = DIALECT.decode_error(404, {}, b"{}")
    assert DIALECT.encode_error(failure, "r").status == 404
    assert DIALECT.encode_stream_error(failure, "r").startswith(b"event: error\n")
