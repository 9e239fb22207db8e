"""The dialects as the gateway uses them."""

import json

import pytest

from counterpoint.canonical import FailureKind
from counterpoint.dialects.base import Target
from counterpoint.dialects.registry import CHAT

DIALECT = CHAT["mistral-chat"]
BODY = b'{"model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream": true}'


@pytest.mark.parametrize("name", ["mistral-chat", "mistral-fim"])
def test_its_doors_are_its_own(name: str) -> None:
    assert all(door.path.startswith("/mistral/v1/") for door in CHAT[name].doors)
    assert CHAT[name].address("/x", "chat", stream=True) == "/x"


def test_the_relayed_way() -> None:
    peek = DIALECT.peek(BODY)
    assert (peek.model, peek.stream, peek.include_usage) == ("m", True, True)
    assert DIALECT.rewrite(BODY, peek, Target("x")) == BODY.replace(b'"m"', b'"x"')
    assert not DIALECT.relay(peek).begun
    assert DIALECT.read(b'{"choices": [], "id": "a"}').id == "a"


def test_the_translated_way() -> None:
    request = DIALECT.decode_request(BODY)
    assert json.loads(DIALECT.encode_request(request, Target("x"), DIALECT.name).body)["model"] == "x"
    answer = DIALECT.decode_response(b'{"choices": [{"message": {"content": "Hi"}}]}')
    for source in ("mistral-chat", "mistral-fim", "openai-chat"):
        assert b"Hi" in DIALECT.encode_response(answer, source).body
    assert DIALECT.stream_decoder().feed(b"") == []
    assert DIALECT.stream_encoder("m", include_usage=True).losses == ()


def test_errors_and_lists() -> None:
    failure = DIALECT.decode_error(404, {}, b'{"message": "no"}')
    assert failure.kind is FailureKind.not_found
    assert DIALECT.encode_error(failure, "r").status == 404
    assert DIALECT.encode_stream_error(failure, "r").startswith(b"data: ")
    model = {"id": "m", "context": 100}
    assert json.loads(DIALECT.encode_models([model]))["data"][0]["type"] == "base"
    assert json.loads(DIALECT.encode_model(model))["max_context_length"] == 100
    assert json.loads(DIALECT.encode_token_count(3)) == {"tokens": 3}
