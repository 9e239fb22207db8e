"""The dialect as the gateway sees it."""

import json

import pytest

from counterpoint.canonical import FailureKind, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Asked, Target
from counterpoint.dialects.registry import CHAT

INVOKE = CHAT["bedrock-invoke"]


def test_model_and_stream_stand_in_the_address() -> None:
    peek = INVOKE.peek(b"{}", Asked("m", stream=True))
    assert (peek.model, peek.stream) == ("m", True)
    assert INVOKE.rewrite(b"{ }", peek, Target("n")) == b"{ }"
    path = "/model/m/invoke"
    assert INVOKE.address(path, "chat", stream=False) == path
    assert INVOKE.address(path, "chat", stream=True) == "/model/m/invoke-with-response-stream"


def test_a_request_of_one_family_for_a_model_of_another() -> None:
    body = {"prompt": "a", "max_gen_len": 5}
    request = INVOKE.decode_request(json.dumps(body).encode())
    claude = INVOKE.encode_request(request, Target("anthropic.claude-sonnet-4-5"), INVOKE.name)
    assert json.loads(claude.body)["messages"] == [{"role": "user", "content": "a"}]


def test_answers_that_are_no_conversation_are_relayed() -> None:
    assert INVOKE.read(b'{"embedding": [0.5], "inputTextTokenCount": 3}').usage == Usage(input=3)
    assert not INVOKE.read(b'{"images": []}').usage.reported
    assert INVOKE.read(b'{"completion": "a", "stop_reason": "max_tokens"}').finish == "length"


@pytest.mark.parametrize("body", [b"no json", b"[]", b'{"embedding": []}', b'{"message": "it failed"}'])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        INVOKE.decode_response(body)


def test_errors_lists_and_counts() -> None:
    failure = INVOKE.decode_error(429, {"x-amzn-errortype": "ThrottlingException"}, b'{"message": "slow"}')
    assert failure.kind is FailureKind.rate_limited
    assert INVOKE.encode_error(failure, "r").status == 429
    assert INVOKE.encode_stream_error(failure, "r")
    model = {"id": "m", "name": "M", "owner": "o"}
    assert json.loads(INVOKE.encode_models([model]))["modelSummaries"][0]["modelId"] == "m"
    assert json.loads(INVOKE.encode_model(model))["modelDetails"]["modelId"] == "m"
    assert json.loads(INVOKE.encode_token_count(3)) == {"inputTokens": 3}
