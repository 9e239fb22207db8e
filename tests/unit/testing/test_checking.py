"""The one word that a recorded exchange comes to."""

import json
from typing import Any

import pytest

from counterpoint.dialects.registry import CHAT
from counterpoint.testing.checking import BUCKETS, NO_MODEL, UNSPOKEN, guarded, journey, outcome, speaks
from counterpoint.testing.conformance import NotHeld
from counterpoint.testing.recordings import Recording

REQUEST = {"model": "m", "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 20}
ANSWER = {
    "id": "a",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 2, "completion_tokens": 1, "total_tokens": 3},
}


def recorded(dialect: str = "openai-chat", **fields: Any) -> Recording:
    request = fields.pop("request", REQUEST)
    answer = fields.pop("answer", ANSWER)
    return Recording(
        file="a.yaml",
        dialect=dialect,
        repo="",
        request_body=json.dumps(request).encode() if request is not None else b"",
        response_body=json.dumps(answer).encode() if answer is not None else b"",
        **fields,
    )


def test_every_other_dialect_is_tried_and_nothing_fails() -> None:
    result = outcome(recorded())
    assert result.bucket in {"exact", "lossy"}
    assert set(result.crossed) == set(CHAT) - {"openai-chat"}
    crossed = dict(result.crossed)
    gaps = crossed.pop("mistral-fim")
    assert (gaps.bucket, gaps.reason.partition(":")[0]) == ("refused", "messages"), "it only fills gaps"
    assert {each.bucket for each in crossed.values()} <= {"exact", "lossy"}


def test_what_others_cannot_say_is_lossy_with_its_codes() -> None:
    result = outcome(recorded(request={**REQUEST, "logit_bias": {"1": 2}}))
    assert result.bucket == "lossy"
    assert "field.logit_bias" in result.codes


def test_vectors_at_the_address_of_conversations_are_proven_as_such() -> None:
    vectors = {"embedding": [0.5, 0.25], "inputTextTokenCount": 1}
    at = "/model/amazon.titan-embed-text-v2%3A0/invoke"
    result = outcome(recorded("bedrock-invoke", request={"inputText": "a"}, answer=vectors, endpoint=at))
    assert (result.dialect, result.bucket) == ("bedrock-embed", "lossy")


def test_what_is_not_spoken_is_refused_with_that_reason() -> None:
    assert outcome(recorded("carrier-pigeon")).reason == UNSPOKEN
    assert outcome(recorded("non-llm")).reason == NO_MODEL


def test_what_is_not_of_its_dialect_is_refused_with_its_path() -> None:
    result = outcome(recorded(request={**REQUEST, "messages": 7}))
    assert (result.bucket, result.crossed) == ("refused", {})
    assert "messages" in result.reason


def test_what_its_host_refused_may_be_refused_here_as_well() -> None:
    error = {"error": {"message": "messages must be a list", "type": "invalid_request_error"}}
    result = outcome(recorded(request={**REQUEST, "messages": 7}, answer=error, status=400))
    assert result.bucket == "exact"


def test_nothing_recorded_is_nothing_proven() -> None:
    result = outcome(recorded(request=None, answer=None))
    assert (result.bucket, result.reason) == ("refused", "it holds neither a request nor an answer")


def test_a_recording_filed_under_another_name_is_taken_for_what_it_is() -> None:
    result = outcome(recorded("anthropic-messages", request=None))
    assert (result.filed, result.dialect) == ("anthropic-messages", "openai-chat")
    assert result.bucket in {"exact", "lossy"}


def test_a_count_of_tokens_is_an_estimate_elsewhere() -> None:
    request = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
    result = outcome(recorded("anthropic-count-tokens", request=request, answer={"input_tokens": 8}))
    assert result.bucket == "lossy"
    assert "count_tokens.estimated" in result.codes


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"[]", b'"x"', b"{", b"[" * 50_000, b'{"choices": 1}', b"null"]
)
@pytest.mark.parametrize("name", sorted(CHAT))
def test_no_body_at_all_ends_the_proof(name: str, body: bytes) -> None:
    whole = Recording(file="a", dialect=name, repo="", request_body=body, response_body=body)
    assert outcome(whole).bucket in BUCKETS


def test_a_defect_is_a_failure_by_name() -> None:
    def broken() -> str:
        raise IndexError("off by one")

    def without() -> str:
        raise NotHeld("no request")

    result = guarded(broken)
    assert result is not None
    assert (result.bucket, result.reason) == ("failed", "IndexError: off by one")
    assert guarded(without) is None


def test_every_pair_has_targets() -> None:
    for home in CHAT:
        for abroad in CHAT:
            assert journey(home, abroad).there.model
    assert speaks("gemini-stream") == "gemini-generate"


def test_packed_vectors_are_the_numbers_that_they_are() -> None:
    answer = {
        "object": "list",
        "model": "m",
        "data": [{"object": "embedding", "index": 0, "embedding": "AAAAPwAAAL8="}],
        "usage": {"prompt_tokens": 1, "total_tokens": 1},
    }
    request = {"model": "m", "input": "Hello", "encoding_format": "base64", "user": "u"}
    result = outcome(recorded("openai-embeddings", request=request, answer=answer))
    assert result.bucket == "lossy"
    assert {each.bucket for each in result.crossed.values()} <= {"exact", "lossy"}
    assert "user" in result.codes
