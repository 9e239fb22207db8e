"""Texts to vectors, in the body of each maker."""

import json
from typing import Any

import pytest

from counterpoint.canonical import EmbedRequest, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.registry import EMBED

DIALECT = EMBED["bedrock-embed"]
TITAN, COHERE, NOVA = (
    Target(name)
    for name in (
        "amazon.titan-embed-text-v2:0",
        "cohere.embed-v4:0",
        "amazon.nova-2-multimodal-embeddings-v1:0",
    )
)
REQUESTS: list[dict[str, Any]] = [
    {"inputText": "a", "dimensions": 256, "normalize": True},
    {"texts": ["a", "b"], "input_type": "search_query", "output_dimension": 512, "truncate": "END"},
    {
        "taskType": "SINGLE_EMBEDDING",
        "singleEmbeddingParams": {
            "embeddingPurpose": "GENERIC_RETRIEVAL",
            "embeddingDimension": 256,
            "text": {"value": "a", "truncationMode": "NONE"},
        },
    },
]
ANSWERS: list[dict[str, Any]] = [
    {"embedding": [0.5, 1.0], "inputTextTokenCount": 3},
    {"embeddings": [[0.5, 1.0]], "id": "i", "response_type": "embeddings_floats"},
    {"embeddings": {"float": [[0.5, 1.0]]}},
    {"embeddings": [{"embedding": [0.5, 1.0], "embeddingType": "TEXT"}]},
]


@pytest.mark.parametrize("body", REQUESTS)
def test_every_request_comes_back(body: dict[str, Any]) -> None:
    request = DIALECT.decode_request(json.dumps(body).encode())
    assert json.loads(DIALECT.encode_request(request, Target(""), DIALECT.name).body) == body


@pytest.mark.parametrize("body", ANSWERS)
def test_every_answer_is_understood_and_comes_back(body: dict[str, Any]) -> None:
    raw = json.dumps(body).encode()
    response = DIALECT.decode_response(raw)
    assert [item.vector for item in response.data] == [(0.5, 1.0)]
    assert json.loads(DIALECT.encode_response(response, DIALECT.name).body) == body
    assert DIALECT.read(raw).usage == response.usage


def test_counts_are_read_where_there_are_any() -> None:
    assert DIALECT.decode_response(json.dumps(ANSWERS[0]).encode()).usage == Usage(input=3)


def test_each_model_is_asked_in_its_own_words() -> None:
    request = EmbedRequest("m", ("a",), 256)
    bodies = [
        json.loads(DIALECT.encode_request(request, target, "x").body) for target in (TITAN, COHERE, NOVA)
    ]
    assert bodies[0] == {"inputText": "a", "dimensions": 256}
    assert bodies[1] == {"texts": ["a"], "input_type": "search_document", "output_dimension": 256}
    assert bodies[2]["singleEmbeddingParams"]["text"]["value"] == "a"


@pytest.mark.parametrize(("target", "given"), [(TITAN, ("a", "b")), (NOVA, ("a", "b")), (COHERE, ((1, 2),))])
def test_what_a_model_cannot_take_is_refused(target: Target, given: Any) -> None:
    with pytest.raises(Refused) as refused:
        DIALECT.encode_request(EmbedRequest("m", given), target, "x")
    assert refused.value.failure.param == "input"


@pytest.mark.parametrize("body", [b"no json", b"{}", b'{"message": "no"}', b'{"embeddings": [5]}'])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        DIALECT.decode_response(body)


def test_vectors_of_another_host() -> None:
    one = DIALECT.decode_response(b'{"embedding": [0.5]}')
    plain = type(one)("m", one.data, Usage(input=2))
    assert json.loads(DIALECT.encode_response(plain, "x").body) == {
        "embedding": [0.5],
        "inputTextTokenCount": 2,
    }
    two = type(one)("m", one.data * 2)
    assert json.loads(DIALECT.encode_response(two, "x").body)["embeddings"] == [[0.5], [0.5]]


def test_a_relayed_body_stays_as_it_is() -> None:
    assert DIALECT.rewrite(b"{ }", DIALECT.peek(b"{ }"), TITAN) == b"{ }"
    assert DIALECT.peek(b"{}") == Peek("")
