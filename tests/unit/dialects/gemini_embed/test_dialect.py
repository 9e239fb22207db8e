"""Both methods keep what the gateway's contract promises."""

import json

import pytest

from counterpoint.canonical import EmbedRequest
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import EmbedDialect, Peek, Target
from counterpoint.dialects.gemini_embed import BATCH, SINGLE, GeminiEmbed

MANY: EmbedDialect = GeminiEmbed()
ONE: EmbedDialect = GeminiEmbed(SINGLE)
ANSWER = b'{"embeddings":[{"values":[0.5,1]}],"usageMetadata":{"promptTokenCount":4}}'


def test_the_ways_in() -> None:
    assert (MANY.name, ONE.name, MANY.family) == (BATCH.name, SINGLE.name, "gemini-generate")
    assert MANY.doors[0].path == "/v1beta/models/{model}:batchEmbedContents"
    assert ONE.doors[0].path == "/v1beta/models/{model}:embedContent"
    assert {door.operation for door in (*MANY.doors, *ONE.doors)} == {"embed"}


def test_the_model_is_in_the_address() -> None:
    assert MANY.peek(b"{}") == Peek("")
    with pytest.raises(Refused):
        MANY.peek(b"[]")
    assert MANY.rewrite(b'{"requests": []}', Peek("m"), Target("n")) == b'{"requests": []}'


def test_a_call_through_each_way() -> None:
    request = EmbedRequest("m", ("a",), 8)
    for dialect in (MANY, ONE):
        sent = dialect.encode_request(request, Target("m"), "openai-embeddings")
        assert sent.losses == ()
        assert dialect.decode_request(sent.body).input == ("a",)
        answer = dialect.decode_response(ANSWER)
        assert dialect.read(ANSWER).usage == answer.usage
        again = dialect.encode_response(answer, dialect.name)
        assert json.loads(again.body)
