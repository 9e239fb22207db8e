"""The dialect as the gateway uses it."""

import json

from counterpoint.canonical import FailureKind
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.registry import CHAT

DIALECT = CHAT["cohere-chat"]
BODY = b'{"model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream": true}'


def test_its_door_and_its_address() -> None:
    assert [door.path for door in DIALECT.doors if door.operation == "chat"] == ["/v2/chat"]
    assert all(door.header for door in DIALECT.doors if door.operation != "chat")
    assert DIALECT.address("/v2/chat", "chat", stream=True) == "/v2/chat"


def test_the_relayed_way() -> None:
    peek = DIALECT.peek(BODY)
    assert peek == Peek("m", stream=True)
    assert DIALECT.rewrite(BODY, peek, Target("other")) == BODY.replace(b'"m"', b'"other"')
    assert not DIALECT.relay(peek).begun
    assert DIALECT.read(b'{"message": {}, "id": "a"}').id == "a"


def test_the_translated_way() -> None:
    request = DIALECT.decode_request(BODY)
    assert json.loads(DIALECT.encode_request(request, Target("x"), DIALECT.name).body)["model"] == "x"
    answer = DIALECT.decode_response(b'{"message": {"content": [{"type": "text", "text": "Hi"}]}}')
    assert b"Hi" in DIALECT.encode_response(answer, DIALECT.name).body
    assert DIALECT.stream_decoder().feed(b"") == []
    assert DIALECT.stream_encoder("m", include_usage=True).losses == ()


def test_errors_and_lists() -> None:
    failure = DIALECT.decode_error(404, {}, b'{"message": "no"}')
    assert failure.kind is FailureKind.not_found
    assert DIALECT.encode_error(failure, "r").status == 404
    assert DIALECT.encode_stream_error(failure, "r").startswith(b"event: message-end")
    model = {"id": "m", "context": 100}
    assert json.loads(DIALECT.encode_models([model]))["models"][0]["name"] == "m"
    assert json.loads(DIALECT.encode_model(model))["context_length"] == 100
    assert json.loads(DIALECT.encode_token_count(3)) == {"tokens": 3}
