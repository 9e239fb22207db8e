"""The Messages API in Vertex AI's envelope: the same messages, with a version in place of the model."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Asked, Peek, Target
from counterpoint.dialects.registry import CHAT

VERTEX, MESSAGES, OPENAI = CHAT["vertex-anthropic"], CHAT["anthropic-messages"], CHAT["openai-chat"]
PATH = "/v1/projects/p/locations/global/publishers/anthropic/models/claude-opus-4-5@20251101:rawPredict"
BODY = {
    "anthropic_version": "vertex-2023-10-16",
    "max_tokens": 10,
    "messages": [
        {"role": "user", "content": [{"type": "text", "text": "Hi", "cache_control": {"type": "ephemeral"}}]}
    ],
    "system": "Be brief.",
    "new_field": {"a": 1},
}
RAW = json.dumps(BODY).encode()


def test_the_address_says_the_model_and_whether_to_stream() -> None:
    assert VERTEX.peek(RAW, Asked("claude-opus-4-5")) == Peek("claude-opus-4-5", False)
    assert VERTEX.peek(RAW, Asked("claude-opus-4-5", stream=True)).stream
    assert VERTEX.peek(b'{"stream": true}', Asked("claude-opus-4-5")).stream
    assert VERTEX.peek(b'{"model": "claude-opus-4-5", "messages": []}').model == "claude-opus-4-5"
    assert VERTEX.address(PATH, "chat", stream=True).endswith("@20251101:streamRawPredict")
    assert VERTEX.address(PATH, "chat", stream=False) == PATH
    assert VERTEX.address(PATH, "count_tokens", stream=False).endswith("/models/count-tokens:rawPredict")


def test_relayed_every_byte_is_kept() -> None:
    assert VERTEX.rewrite(RAW, Peek("a"), Target("claude-opus-4-5")) == RAW
    counted = b'{"model": "a", "messages": []}'
    assert json.loads(VERTEX.rewrite(counted, Peek("a"), Target("b"))) == {"model": "b", "messages": []}


def test_there_and_back_it_is_the_same() -> None:
    request = VERTEX.decode_request(RAW)
    encoded = VERTEX.encode_request(request, Target("claude-opus-4-5"), VERTEX.name)
    assert json.loads(encoded.body) == BODY
    assert not encoded.losses


def test_to_the_maker_itself_nothing_is_lost_but_the_envelope() -> None:
    encoded = MESSAGES.encode_request(VERTEX.decode_request(RAW), Target("claude-opus-4-5"), VERTEX.name)
    body = json.loads(encoded.body)
    rest = {name: value for name, value in BODY.items() if name != "anthropic_version"}
    assert body == {"model": "claude-opus-4-5", **rest}
    assert not encoded.losses


def test_from_the_maker_it_gets_the_envelope() -> None:
    plain = {
        "model": "x",
        "max_tokens": 5,
        "messages": [{"role": "user", "content": "Hi"}],
        "stream": True,
        "odd": 1,
    }
    request = MESSAGES.decode_request(json.dumps(plain).encode())
    encoded = VERTEX.encode_request(request, Target("claude-opus-4-5"), MESSAGES.name)
    body = json.loads(encoded.body)
    assert body.pop("anthropic_version") == "vertex-2023-10-16"
    assert body == {name: value for name, value in plain.items() if name != "model"}
    assert not encoded.losses


def test_from_another_dialect_losses_are_told_in_its_own_paths() -> None:
    request = VERTEX.decode_request(json.dumps({**BODY, "top_k": 5}).encode())
    losses = OPENAI.encode_request(request, Target("gpt-5"), VERTEX.name).losses
    assert "top_k" in {loss.path for loss in losses}
    assert not any("version" in loss.path for loss in losses)


def test_answers_are_those_of_the_maker() -> None:
    answer = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-opus-4-5",
        "content": [{"type": "text", "text": "Hi"}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 2},
    }
    decoded = VERTEX.decode_response(json.dumps(answer).encode())
    encoded = VERTEX.encode_response(decoded, VERTEX.name)
    assert json.loads(encoded.body) == answer
    assert not encoded.losses


@given(
    st.binary(max_size=60)
    | st.dictionaries(
        st.sampled_from(["model", "stream", "messages"]), st.none() | st.integers() | st.text(max_size=3)
    ).map(lambda value: json.dumps(value).encode())
)
def test_whatever_comes_is_refused_or_understood(body: bytes) -> None:
    for attempt in (lambda: VERTEX.peek(body, Asked("m")), lambda: VERTEX.decode_request(body)):
        with contextlib.suppress(Refused):
            attempt()


@pytest.mark.parametrize("body", [b'{"stream": "yes"}', b"[]", b"{"])
def test_what_is_wrong_is_said(body: bytes) -> None:
    with pytest.raises(Refused):
        VERTEX.peek(body, Asked("m"))
