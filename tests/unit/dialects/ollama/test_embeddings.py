"""Vectors in both of the API's calls."""

import json

import pytest

from counterpoint.canonical import Embedding, EmbedRequest, EmbedResponse, Refused, Usage
from counterpoint.dialects.base import Target
from counterpoint.dialects.registry import EMBED

NEW, OLD, OPENAI = EMBED["ollama-embed"], EMBED["ollama-embeddings"], EMBED["openai-embeddings"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"model":"m","input":"Hi","truncate":true,"dimensions":9}',
        b'{"model":"m","input":["Hi","Ho"],"options":{},"keep_alive":null}',
        b'{"model":"m","prompt":"Hi"}',
    ],
)
def test_a_request_comes_back_as_it_came(body: bytes) -> None:
    request = NEW.decode_request(body)
    assert json.loads(NEW.encode_request(request, Target("m"), NEW.name).body) == json.loads(body)
    assert NEW.peek(body).model == "m"


def test_requests_cross_over() -> None:
    request = OPENAI.decode_request(b'{"model":"m","input":["Hi"],"keep_alive":"5m","user":"u"}')
    assert json.loads(NEW.encode_request(request, Target("n"), OPENAI.name).body) == {
        "model": "n",
        "input": ["Hi"],
        "keep_alive": "5m",
    }
    assert json.loads(OLD.encode_request(request, Target("n"), OPENAI.name).body)["prompt"] == "Hi"


def test_tokens_and_many_texts_are_refused_where_they_cannot_go() -> None:
    with pytest.raises(Refused, match="tokens"):
        NEW.encode_request(EmbedRequest("m", ((1, 2),)), Target("m"), OPENAI.name)
    with pytest.raises(Refused, match="one text"):
        OLD.encode_request(EmbedRequest("m", ("a", "b")), Target("m"), OPENAI.name)


@pytest.mark.parametrize(
    "body",
    [
        b'{"model":"m","embeddings":[[0.5,1.0],[1.0,0.5]],"total_duration":9,"prompt_eval_count":3}',
        b'{"embedding":[0.5,1.0]}',
    ],
)
def test_an_answer_is_understood(body: bytes) -> None:
    answer = NEW.decode_response(body)
    assert answer.data[0].vector == (0.5, 1.0)
    assert json.loads(NEW.encode_response(answer, NEW.name).body) == json.loads(body)
    assert (NEW.read(body).usage, NEW.read(body).model) == (answer.usage, answer.model)


def test_answers_of_others_are_said_in_both_calls() -> None:
    answer = EmbedResponse("m", (Embedding(0, (0.5, 1.0)),), Usage(input=3))
    assert json.loads(NEW.encode_response(answer, OPENAI.name).body) == {
        "model": "m",
        "embeddings": [[0.5, 1.0]],
        "prompt_eval_count": 3,
    }
    assert json.loads(OLD.encode_response(answer, OPENAI.name).body) == {"embedding": [0.5, 1.0]}


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"embeddings":5}', b'{"embeddings":[["x"]]}'])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        NEW.decode_response(body)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"model":"m"}',
        b'{"model":"","input":"x"}',
        b'{"model":"m","input":[5]}',
        b'{"model":"m","input":5}',
    ],
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        NEW.decode_request(body)


def test_the_older_call_has_one_vector_and_says_what_it_leaves_out() -> None:
    answer = EmbedResponse("m", (Embedding(0, (0.5,)), Embedding(1, (1.0,))), Usage(input=3))
    encoded = OLD.encode_response(answer, OPENAI.name)
    assert json.loads(encoded.body) == {"embedding": [0.5]}
    assert [(loss.code, loss.path, loss.severity) for loss in encoded.losses] == [("n", "data[1]", "meaning")]


def test_a_request_without_texts_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        NEW.encode_request(EmbedRequest("m", ()), Target("m"), "gemini-embed")
    assert refused.value.failure.param == "input"
