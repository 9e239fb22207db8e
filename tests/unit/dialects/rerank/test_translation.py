"""Rankings in the words of either API."""

import json
from typing import Any

import pytest

from counterpoint.canonical import Ranked, RerankRequest, RerankResponse, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Target
from counterpoint.dialects.rerank.translation import (
    decode_request,
    decode_response,
    encode_request,
    encode_response,
)
from counterpoint.dialects.rerank.words import COHERE, VOYAGE, Words

BOTH = pytest.mark.parametrize("words", [COHERE, VOYAGE], ids=lambda words: words.name)
ASKED = {"model": "m", "query": "q", "documents": ["a", "b"]}


@BOTH
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"top_n": 1},
        {"top_k": 2, "truncation": True},
        {"top_n": 1, "top_k": 2},
        {"documents": [{"text": "a"}, {"title": "b"}], "rank_fields": ["title"]},
        {"return_documents": False, "max_tokens_per_doc": None},
    ],
)
def test_a_request_comes_back_as_it_was(words: Words, fields: dict[str, Any]) -> None:
    body = {**ASKED, **fields}
    request = decode_request(json.dumps(body).encode(), words)
    encoded = encode_request(request, Target("m"), words.name, words)
    assert json.loads(encoded.body) == body
    assert encoded.losses == ()


def test_a_request_without_a_model_comes_back_without() -> None:
    request = decode_request(b'{"query": "q", "documents": []}', COHERE)
    assert json.loads(encode_request(request, Target(""), COHERE.name, COHERE).body) == {
        "query": "q",
        "documents": [],
    }


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"query": 3}, "query"),
        ({"query": None}, "query"),
        ({"documents": "a"}, "documents"),
        ({"documents": ["a", 3]}, "documents[1]"),
        ({"top_n": "x"}, "top_n"),
        ({"model": ""}, "model"),
    ],
)
def test_a_mistake_is_refused_with_its_path(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as refused:
        decode_request(json.dumps({**ASKED, **fields}).encode(), COHERE)
    assert refused.value.failure.param == path


def test_each_is_said_in_the_others_words() -> None:
    request = RerankRequest("m", "q", ({"text": "a"}, {"t": "b"}, "c"), 2, True, {COHERE.name: {"x": 1}})
    encoded = encode_request(request, Target("v"), COHERE.name, VOYAGE)
    assert json.loads(encoded.body) == {
        "model": "v",
        "query": "q",
        "documents": ["a", '{"t":"b"}', "c"],
        "top_k": 2,
        "return_documents": True,
    }
    assert [(loss.code, loss.path) for loss in encoded.losses] == [
        ("field.x", "x"),
        ("document.fields", "documents[1]"),
    ]


@BOTH
@pytest.mark.parametrize(
    ("fields", "usage"),
    [
        ({"meta": {"billed_units": {"search_units": 2}}}, Usage(search_units=2)),
        ({"usage": {"total_tokens": 7}, "object": "list"}, Usage(input=7)),
        ({"usage": {"prompt_tokens": 7, "total_tokens": 8}}, Usage(input=7)),
        ({"meta": {"billed_units": {"input_tokens": 3.0}}}, Usage(input=3)),
        ({"meta": {}}, Usage(reported=False)),
        ({}, Usage(reported=False)),
    ],
)
def test_an_answer_comes_back_as_it_was(words: Words, fields: dict[str, Any], usage: Usage) -> None:
    results = [{"index": 1, "relevance_score": 0.5, "document": {"text": "b"}, "new": 1}]
    for name in ("results", "data"):
        body = {name: results, "id": "a", "model": "m", "provider": "p", **fields}
        if words is VOYAGE:
            body.pop("id")
        response = decode_response(json.dumps(body).encode(), words)
        assert response.usage == usage
        assert (response.results[0].index, response.results[0].score) == (1, 0.5)
        assert json.loads(encode_response(response, words.name, None, words).body) == body


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"results": [3]}', b'{"results": [{"index": 0}]}'])
def test_what_is_no_ranking_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        decode_response(body, COHERE)


def test_a_client_gets_back_the_documents_that_he_asked_for() -> None:
    response = RerankResponse((Ranked(1, 0.9), Ranked(5, 0.1)), usage=Usage(search_units=1))
    asked = RerankRequest("m", "q", ("a", "b"), documents_back=True)
    body = json.loads(encode_response(response, "elsewhere", asked, COHERE).body)
    assert [item.get("document") for item in body["results"]] == [{"text": "b"}, None]
    assert body["meta"]["billed_units"] == {"search_units": 1}
    assert body["id"]
    voyage = json.loads(encode_response(response, "elsewhere", asked, VOYAGE).body)
    assert [item.get("document") for item in voyage["data"]] == ["b", None]
    assert (voyage["object"], voyage["model"], voyage["usage"]) == ("list", "m", {"total_tokens": 0})
    tokens = RerankResponse((), usage=Usage(input=4))
    told = json.loads(encode_response(tokens, "elsewhere", None, COHERE).body)
    assert told["meta"]["billed_units"] == {"input_tokens": 4}
