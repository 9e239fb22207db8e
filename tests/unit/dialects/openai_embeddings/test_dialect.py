"""The embeddings dialect on its way past the hub."""

import json

import pytest

from counterpoint.canonical import Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.openai_embeddings import NAME, OpenAIEmbeddings

DIALECT = OpenAIEmbeddings()
BODY = b'{"model":"m","input":["a", "b"]}'
ANSWER = b'{"data":[{"index":0,"embedding":[0.1]}],"model":"m","usage":{"prompt_tokens":3,"total_tokens":3}}'


def test_a_request_passes_with_the_targets_model() -> None:
    peeked = DIALECT.peek(BODY)
    assert peeked == Peek("m")
    assert DIALECT.rewrite(BODY, peeked, Target("new")) == BODY.replace(b'"m"', b'"new"')


def test_an_answer_is_read_in_passing() -> None:
    reading = DIALECT.read(ANSWER)
    assert (reading.usage, reading.model) == (Usage(input=3), "m")
    odd = DIALECT.read(ANSWER.replace(b'"model":"m"', b'"model":3'))
    assert (odd.usage, odd.model) == (Usage(input=3), "")


@pytest.mark.parametrize("body", [b"", b"{}", b'{"data":3}', b'{"error":{"message":"x"}}', b"<html>"])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        DIALECT.read(body)
    assert caught.value.failure.from_upstream


def test_both_ways_through_the_hub() -> None:
    request = DIALECT.decode_request(BODY)
    assert json.loads(DIALECT.encode_request(request, Target("m"), NAME).body) == json.loads(BODY)
    response = DIALECT.decode_response(ANSWER)
    assert DIALECT.decode_response(DIALECT.encode_response(response, NAME).body) == response
