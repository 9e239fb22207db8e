"""Texts and vectors there and back."""

import base64
import json
import struct
from typing import Any

import pytest

from counterpoint.canonical import Embedding, EmbedRequest, EmbedResponse, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Target
from counterpoint.dialects.gemini_embed.names import BATCH, SINGLE
from counterpoint.dialects.gemini_embed.translation import (
    decode_request,
    decode_response,
    encode_request,
    encode_response,
    read_usage,
    rewritten,
)


def item(text: str, **fields: Any) -> Any:
    return {"model": "models/m", "content": {"parts": [{"text": text}]}, **fields}


PICTURE = {"content": {"parts": [{"text": "a"}, {"inlineData": {"mimeType": "image/png", "data": ""}}]}}


@pytest.mark.parametrize(
    "body",
    [
        {"requests": [item("a"), item("b")]},
        {"requests": [item("a", taskType="RETRIEVAL_QUERY", outputDimensionality=8)], "beside": 1},
        {"requests": [item("a", title="A"), item("b", title="B")]},
        {"requests": [item("a"), PICTURE]},
        {"content": {"role": "user", "parts": [{"text": "a"}]}, "autoTruncate": True},
        PICTURE,
    ],
)
def test_a_request_comes_back_as_it_was(body: Any) -> None:
    method = BATCH if "requests" in body else SINGLE
    request = decode_request(json.dumps(body).encode())
    encoded = encode_request(request, Target(request.model), method.name, method)
    assert json.loads(encoded.body) == body
    assert encoded.losses == ()


def test_what_a_request_asks() -> None:
    body = {"requests": [item("a", output_dimensionality=8), item("b", outputDimensionality=8)]}
    request = decode_request(json.dumps(body).encode())
    assert (request.model, request.input, request.dimensions) == ("m", ("a", "b"), 8)
    assert decode_request(json.dumps(PICTURE).encode()).input == ()


def test_a_request_of_another_dialect() -> None:
    request = EmbedRequest("m", ("a", "b"), 8, user="u", extensions={"other": {"x": 1}})
    encoded = encode_request(request, Target("n"), "openai-embeddings", BATCH)
    assert json.loads(encoded.body) == {
        "requests": [
            {"model": "models/n", "content": {"parts": [{"text": text}]}, "outputDimensionality": 8}
            for text in "ab"
        ]
    }
    assert [loss.code for loss in encoded.losses] == ["field.x", "user"]


def test_one_text_at_a_time() -> None:
    one = encode_request(EmbedRequest("m", ("a",)), Target("n"), "openai-embeddings", SINGLE)
    assert json.loads(one.body) == {"content": {"parts": [{"text": "a"}]}}
    with pytest.raises(Refused):
        encode_request(EmbedRequest("m", ("a", "b")), Target("n"), "openai-embeddings", SINGLE)


def test_lists_of_tokens_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        encode_request(EmbedRequest("m", ((1, 2),)), Target("n"), "openai-embeddings", BATCH)
    assert refused.value.failure.param == "input[0]"


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "content"),
        ({"requests": []}, "requests"),
        ({"requests": [3]}, "requests[0]"),
        ({"requests": [{"content": {"parts": [{"text": 3}]}}]}, "requests[0].content.parts[0].text"),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(body: Any, param: str) -> None:
    with pytest.raises(Refused) as refused:
        decode_request(json.dumps(body).encode())
    assert refused.value.failure.param == param


def test_the_relay_changes_the_models_name_alone() -> None:
    body = json.dumps({"requests": [item("a"), PICTURE]}).encode()
    assert json.loads(rewritten(body, Target("n"))) == {
        "requests": [{**item("a"), "model": "models/n"}, PICTURE]
    }
    assert rewritten(body, Target("m")) == body


@pytest.mark.parametrize(
    "body",
    [
        {"embeddings": [{"values": [0.5, 1]}, {"values": []}]},
        {"embedding": {"values": [0.5], "statistics": {"tokenCount": 2}}, "usageMetadata": {"x": 1}},
        {"embeddings": [], "beside": 1, "usageMetadata": {"promptTokenCount": 3}},
    ],
)
def test_an_answer_comes_back_as_it_was(body: Any) -> None:
    method = BATCH if "embeddings" in body else SINGLE
    answer = decode_response(json.dumps(body).encode())
    encoded = encode_response(answer, method.name, method)
    assert json.loads(encoded.body) == body
    assert encoded.losses == ()


def test_what_was_used() -> None:
    listed = [{"modality": "TEXT", "tokenCount": 3}]
    body = {"embeddings": [], "usageMetadata": {"promptTokenCount": 3, "promptTokenDetails": listed}}
    assert read_usage(json.dumps(body).encode()) == Usage(input=3)
    assert not read_usage(b'{"embeddings":[]}').reported


def test_an_answer_of_another_dialect() -> None:
    packed = base64.b64encode(struct.pack("<2f", 0.5, 1)).decode()
    answer = EmbedResponse("m", (Embedding(0, packed),), Usage(input=3), {"other": {"x": 1}})
    encoded = encode_response(answer, "openai-embeddings", BATCH)
    assert json.loads(encoded.body) == {
        "embeddings": [{"values": [0.5, 1]}],
        "usageMetadata": {"promptTokenCount": 3},
    }
    assert [loss.code for loss in encoded.losses] == ["field.x"]
    assert "embedding" in json.loads(encode_response(answer, "openai-embeddings", SINGLE).body)
    with pytest.raises(Refused):
        encode_response(EmbedResponse("m", (Embedding(0, "?"),)), "openai-embeddings", BATCH)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"embeddings":[{"values":["a"]}]}', b'{"error":{"code":400,"message":"x"}}']
)
def test_what_is_no_answer(body: bytes) -> None:
    with pytest.raises(Refused):
        decode_response(body)
