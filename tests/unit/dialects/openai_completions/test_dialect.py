"""What is the chat API's in this dialect: errors, lists, counts."""

import json

from counterpoint.canonical import FailureKind
from counterpoint.dialects.registry import CHAT
from tests.unit.dialects.openai_completions.bodies import DIALECT


def test_it_has_its_door_and_the_chat_apis_errors() -> None:
    assert ("POST", "/v1/completions", "chat") in {(d.method, d.path, d.operation) for d in DIALECT.doors}
    failure = DIALECT.decode_error(429, {}, b'{"error":{"message":"slow down"}}')
    assert failure.kind is FailureKind.rate_limited
    assert json.loads(DIALECT.encode_error(failure, "r").body)["error"]["message"] == "slow down"
    model = {"id": "m", "created": 1, "owner": "o", "name": "M", "context": 5}
    for told in (DIALECT, CHAT["openai-chat"]):
        assert json.loads(told.encode_models([model]))["data"][0]["id"] == "m"
    assert json.loads(DIALECT.encode_model(model))["id"] == "m"
    assert json.loads(DIALECT.encode_token_count(3))["input_tokens"] == 3
