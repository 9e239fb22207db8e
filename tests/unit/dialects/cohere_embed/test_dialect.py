"""The dialect as the gateway uses it."""

import pytest

from counterpoint.canonical import EmbedRequest, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Target
from counterpoint.dialects.registry import EMBED

DIALECT = EMBED["cohere-embed"]
BODY = b'{"model": "m", "texts": ["a"]}'
ANSWER = b'{"embeddings": {"float": [[1.0]]}, "meta": {"billed_units": {"input_tokens": 2}}}'


def test_the_relayed_way() -> None:
    peek = DIALECT.peek(BODY)
    assert peek.model == "m"
    assert DIALECT.rewrite(BODY, peek, Target("x")) == b'{"model": "x", "texts": ["a"]}'
    assert DIALECT.read(ANSWER).usage == Usage(input=2)
    assert not DIALECT.read(b'{"embeddings": [[1.0]], "meta": 3}').usage.reported
    with pytest.raises(Refused):
        DIALECT.read(b"{}")


def test_the_translated_way() -> None:
    request = DIALECT.decode_request(BODY)
    assert request == EmbedRequest("m", ("a",))
    assert b'"texts":["a"]' in DIALECT.encode_request(request, Target("m"), DIALECT.name).body
    response = DIALECT.decode_response(ANSWER)
    assert b'"float":[[1.0]]' in DIALECT.encode_response(response, "local", request).body
