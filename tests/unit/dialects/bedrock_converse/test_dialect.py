"""The dialect as the gateway sees it."""

import json

import pytest

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Asked, Target
from tests.unit.dialects.bedrock_converse.bodies import CONVERSE


def test_model_and_stream_stand_in_the_address() -> None:
    peek = CONVERSE.peek(b"{}", Asked("m", stream=True))
    assert (peek.model, peek.stream) == ("m", True)
    assert CONVERSE.rewrite(b"{ }", peek, Target("n")) == b"{ }"
    with pytest.raises(Refused):
        CONVERSE.peek(b"[]")


def test_calls_go_where_the_api_takes_them() -> None:
    path = "/model/a%3A0/converse"
    assert CONVERSE.address(path, "chat", stream=False) == path
    assert CONVERSE.address(path, "chat", stream=True) == "/model/a%3A0/converse-stream"
    assert CONVERSE.address(path, "count_tokens", stream=False) == "/model/a%3A0/count-tokens"


def test_lists_and_counts() -> None:
    model = {"id": "m", "name": "M", "owner": "o", "created": 1, "context": None}
    assert json.loads(CONVERSE.encode_models([model]))["modelSummaries"][0]["modelId"] == "m"
    assert json.loads(CONVERSE.encode_model(model))["modelDetails"]["providerName"] == "o"
    assert json.loads(CONVERSE.encode_token_count(5)) == {"inputTokens": 5}
