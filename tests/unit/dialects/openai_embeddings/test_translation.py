"""Embeddings: inputs of every shape, vectors as they come."""

import json
from typing import Any

import pytest

from counterpoint.canonical import Embedding, EmbedRequest, EmbedResponse, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Target
from counterpoint.dialects.openai_embeddings.names import MISTRAL, VOYAGE, Words
from counterpoint.dialects.openai_embeddings.translation import (
    decode_request,
    decode_response,
    encode_request,
    encode_response,
)

NAME = "openai-embeddings"


def asked(**fields: Any) -> bytes:
    return json.dumps({"model": "m", "input": "x", **fields}).encode()


@pytest.mark.parametrize(
    ("written", "inputs"),
    [
        ("x", ("x",)),
        (["x"], ("x",)),
        (["x", "y"], ("x", "y")),
        ([1, 2], ((1, 2),)),
        ([[1, 2], [3]], ((1, 2), (3,))),
        (["x", [1]], ("x", (1,))),
        ("", ("",)),
    ],
)
def test_inputs_of_every_shape_come_and_go(written: Any, inputs: Any) -> None:
    request = decode_request(asked(input=written))
    assert request.input == inputs
    assert json.loads(encode_request(request, Target("m"), NAME).body) == json.loads(asked(input=written))


@pytest.mark.parametrize(
    "fields",
    [
        {"dimensions": 3, "encoding_format": "base64", "user": "u"},
        {"encoding_format": "float"},
        {"encoding_format": "int8"},
        {"encoding_format": None, "dimensions": None, "input_type": "query"},
    ],
)
def test_settings_come_and_go(fields: Any) -> None:
    request = decode_request(asked(**fields))
    encoded = encode_request(request, Target("m"), NAME)
    assert json.loads(encoded.body) == json.loads(asked(**fields))
    assert encoded.losses == ()
    assert request.encoding == ("base64" if fields["encoding_format"] == "base64" else "float")


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"model": None}, "model"),
        ({"model": ""}, "model"),
        ({"input": None}, "input"),
        ({"input": []}, "input"),
        ({"input": 3}, "input"),
        ({"input": {"text": "x"}}, "input"),
        ({"input": ["x", 3]}, "input[1]"),
        ({"input": [1, "x"]}, "input[1]"),
        ({"input": [[1, "x"]]}, "input[0][1]"),
        ({"input": [[1], [True]]}, "input[1][0]"),
        ({"dimensions": "3"}, "dimensions"),
        ({"encoding_format": 3}, "encoding_format"),
        ({"user": 3}, "user"),
    ],
)
def test_what_is_wrong_is_named(fields: Any, param: str) -> None:
    with pytest.raises(Refused) as caught:
        decode_request(asked(**fields))
    assert caught.value.failure.param == param


def test_an_answer_comes_and_goes() -> None:
    body = {
        "object": "list",
        "data": [
            {"object": "embedding", "index": 0, "embedding": [0.5, 1]},
            {"object": "embedding", "index": 1, "embedding": "AACAPw=="},
        ],
        "model": "m",
        "usage": {"prompt_tokens": 3, "total_tokens": 3, "cost": 0.1},
        "provider": "P",
    }
    response = decode_response(json.dumps(body).encode())
    assert response.data == (Embedding(0, (0.5, 1)), Embedding(1, "AACAPw=="))
    assert response.usage == Usage(input=3)
    assert json.loads(encode_response(response, NAME).body) == body


def test_an_answer_of_an_engine_has_the_official_fields() -> None:
    response = EmbedResponse("m", (Embedding(0, (0.5,)),), Usage(input=3))
    assert json.loads(encode_response(response, "local").body) == {
        "object": "list",
        "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}],
        "model": "m",
        "usage": {"prompt_tokens": 3, "total_tokens": 3},
    }
    unknown = EmbedResponse("m", (), Usage(reported=False))
    assert "usage" not in json.loads(encode_response(unknown, "local").body)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"data":[3]}', b'{"data":[{"embedding":{}}]}', b'{"error":{"message":"x"}}']
)
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        decode_response(body)
    assert caught.value.failure.from_upstream


def test_fields_of_another_dialect_are_declared() -> None:
    request = EmbedRequest("m", ("x",), extensions={"elsewhere": {"truncate": True}})
    encoded = encode_request(request, Target("m"), "elsewhere")
    assert [loss.path for loss in encoded.losses] == ["truncate"]
    response = EmbedResponse("m", (), extensions={"elsewhere": {"meta": 1}})
    assert [loss.path for loss in encode_response(response, "elsewhere").losses] == ["meta"]


@pytest.mark.parametrize("words", [MISTRAL, VOYAGE], ids=lambda words: words.name)
def test_other_makers_words(words: Words) -> None:
    body = {"model": "m", "input": ["a"], "output_dimension": 8, "input_type": "query", "user": None}
    request = decode_request(json.dumps(body).encode(), words)
    assert request.dimensions == 8
    assert json.loads(encode_request(request, Target("m"), words.name, words).body) == body
    foreign = encode_request(EmbedRequest("m", ("a",), 8, user="u"), Target("x"), NAME, words)
    assert json.loads(foreign.body) == {"model": "x", "input": ["a"], "output_dimension": 8}
    assert [loss.code for loss in foreign.losses] == ["user"]


def test_a_total_alone_is_what_went_in() -> None:
    body = {"object": "list", "data": [], "model": "m", "usage": {"total_tokens": 7}}
    response = decode_response(json.dumps(body).encode(), VOYAGE)
    assert response.usage == Usage(input=7)
    assert json.loads(encode_response(response, VOYAGE.name, VOYAGE).body) == body


def test_some_clients_want_an_id() -> None:
    body = json.loads(encode_response(EmbedResponse("m", ()), NAME, MISTRAL).body)
    assert body["id"]
    assert body["usage"] == {}


def test_a_request_without_texts_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        encode_request(EmbedRequest("m", ()), Target("m"), "gemini-embed")
    assert refused.value.failure.param == "input"
