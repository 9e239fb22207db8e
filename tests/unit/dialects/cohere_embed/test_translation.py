"""Vectors of Cohere's API, to canonical and back."""

import json
from typing import Any

import pytest

from counterpoint.canonical import Embedding, EmbedRequest, EmbedResponse, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Target
from counterpoint.dialects.cohere_embed.translation import (
    NAME,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
)

TEXT = {"content": [{"type": "text", "text": "a"}]}
PICTURE = {"content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}]}


@pytest.mark.parametrize(
    ("fields", "inputs"),
    [
        ({"texts": ["a", "b"], "embedding_types": ["float"]}, ("a", "b")),
        ({"texts": ["a"], "embedding_types": ["base64"], "output_dimension": 256}, ("a",)),
        ({"texts": ["a"], "embedding_types": ["int8", "float"], "truncate": "END"}, ("a",)),
        ({"texts": ["a"]}, ("a",)),
        ({"inputs": [TEXT, TEXT]}, ("a", "a")),
        ({"inputs": [TEXT, PICTURE]}, ()),
        ({"images": ["data:image/png;base64,AA"]}, ()),
        ({"texts": [], "max_tokens": None}, ()),
    ],
)
def test_a_request_comes_back_as_it_was(fields: dict[str, Any], inputs: tuple[str, ...]) -> None:
    body = {"model": "m", "input_type": "search_query", **fields}
    request = decode_request(json.dumps(body).encode())
    assert request.input == inputs
    encoded = encode_request(request, Target("m"), NAME)
    assert json.loads(encoded.body) == body
    assert encoded.losses == ()


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"texts": "a"}, "texts"),
        ({"texts": [1]}, "texts[0]"),
        ({}, "texts"),
        ({"inputs": [3]}, "inputs[0]"),
        ({"texts": ["a"], "model": ""}, "model"),
        ({"texts": ["a"], "output_dimension": "x"}, "output_dimension"),
    ],
)
def test_a_mistake_is_refused_with_its_path(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as refused:
        decode_request(json.dumps({"model": "m", **fields}).encode())
    assert refused.value.failure.param == path


def test_a_request_of_another_dialect_says_what_it_is_for() -> None:
    request = EmbedRequest("m", ("a",), 8, "base64", "u", {"other": {"x": 1}})
    encoded = encode_request(request, Target("embed-v4.0"), "openai-embeddings")
    assert json.loads(encoded.body) == {
        "model": "embed-v4.0",
        "texts": ["a"],
        "input_type": "search_document",
        "embedding_types": ["base64"],
        "output_dimension": 8,
    }
    assert [loss.code for loss in encoded.losses] == ["field.x", "embed.input_type", "user"]
    with pytest.raises(Refused):
        encode_request(EmbedRequest("m", ((1, 2),)), Target("m"), "openai-embeddings")


META = {"api_version": {"version": "2"}, "billed_units": {"input_tokens": 4, "image_tokens": 3}}


@pytest.mark.parametrize(
    ("embeddings", "vector"),
    [
        ({"float": [[0.5, 1]], "int8": [[1, 2]]}, (0.5, 1)),
        ({"int8": [[1, 2]], "ubinary": [[255]]}, (1, 2)),
        ({"base64": ["AAAA"], "float": None}, "AAAA"),
        ([[0.5]], (0.5,)),
    ],
)
def test_an_answer_comes_back_as_it_was(embeddings: Any, vector: Any) -> None:
    body = {"id": "a", "texts": ["x"], "embeddings": embeddings, "meta": META, "response_type": "t", "new": 1}
    response = decode_response(json.dumps(body).encode())
    assert response.data == (Embedding(0, vector),)
    assert response.usage == Usage(input=4, image_in=3)
    assert json.loads(encode_response(response, NAME, None).body) == body


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"embeddings": {"float": [3]}}', b'{"embeddings": {}}']
)
def test_what_holds_no_vectors_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        decode_response(body)


def test_an_answer_of_another_dialect_repeats_the_texts() -> None:
    response = EmbedResponse("m", (Embedding(1, (2.0,)), Embedding(0, (1.0,))), Usage(input=3))
    body = json.loads(encode_response(response, "local", EmbedRequest("m", ("a", "b"))).body)
    assert body["embeddings"] == {"float": [[1.0], [2.0]]}
    assert (body["texts"], body["meta"]["billed_units"]) == (["a", "b"], {"input_tokens": 3})
    assert body["id"]


def test_another_dialects_request_without_texts_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        encode_request(EmbedRequest("m", ()), Target("m"), "gemini-embed")
    assert refused.value.failure.param == "input"
