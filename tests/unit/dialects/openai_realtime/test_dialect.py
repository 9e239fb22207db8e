"""Usage of every answer, the model in the address, the key where browsers put it."""

import json
from typing import Any

import pytest

from counterpoint.canonical import Usage
from counterpoint.canonical.errors import Refused
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.conversing import Turn
from counterpoint.dialects.openai_realtime import OpenAIRealtime

DIALECT = OpenAIRealtime()


def done(response: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"type": "response.done", "response": response, **more}).encode()


def test_what_is_of_an_answer_under_way() -> None:
    assert DIALECT.answering(b'{"type": "response.created", "response": {"id": "r"}}')
    assert DIALECT.answering(b'{"type":"response.output_audio.delta","delta":"AAAA"}')
    for other in (
        b'{"type": "session.created"}',
        b'{"type": "conversation.item.created", "item": {"text": "\\"response.created\\""}}',
        done({"status": "completed"}),
        b'"response.',
        b'{"type": ["response."]}',
    ):
        assert not DIALECT.answering(other)


def test_an_answer_that_ends() -> None:
    usage = {
        "input_tokens": 200,
        "output_tokens": 30,
        "input_token_details": {
            "text_tokens": 120,
            "audio_tokens": 80,
            "cached_tokens": 90,
            "cached_tokens_details": {"text_tokens": 60, "audio_tokens": 30},
        },
        "output_token_details": {"text_tokens": 10, "audio_tokens": 20},
    }
    turn = DIALECT.turn(done({"status": "completed", "usage": usage}))
    assert turn == Turn(
        Usage(input=60, cache_read=60, audio_in=50, audio_cache_read=30, output=10, audio_out=20)
    )


def test_usage_beside_the_answer() -> None:
    beside = {"input_tokens": 7, "output_tokens": 2}
    assert DIALECT.turn(done({"usage": {}}, usage=beside)) == Turn(Usage(input=7, output=2))
    assert DIALECT.turn(done({"status": "failed"})) == Turn(UNREPORTED, failed=True, whole=False)
    assert DIALECT.turn(done({"status": "cancelled"})) == Turn(UNREPORTED, whole=False)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"{",
        b'{"type":"response.created"}',
        b'{"x":"response.done"}',
        b'{"type":["response.done"]}',
        b"\xff",
    ],
)
def test_everything_else_is_no_turn(message: bytes) -> None:
    assert DIALECT.turn(message) is None


def test_the_address() -> None:
    assert DIALECT.model("x=1&model=a%2Fb") == "a/b"
    assert DIALECT.query("x=1&model=a%2Fb", "theirs") == "x=1&model=theirs"
    for query in ("", "model=", "x=1"):
        with pytest.raises(Refused):
            DIALECT.model(query)


def test_a_key_among_the_subprotocols() -> None:
    headers = {b"sec-websocket-protocol": b"realtime, openai-insecure-api-key.cp-1, beta"}
    assert DIALECT.key(headers, "") == "cp-1"
    assert DIALECT.protocols("realtime, openai-insecure-api-key.cp-1, beta") == "realtime, beta"
    assert DIALECT.key({}, "") is None
