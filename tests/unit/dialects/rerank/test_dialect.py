"""The dialects as the gateway uses them."""

import pytest

from counterpoint.canonical import RerankRequest, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Target
from counterpoint.dialects.registry import CHAT, RERANK

BODY = b'{"model": "m", "query": "q", "documents": ["a"]}'
ANSWER = b'{"results": [{"index": 0, "relevance_score": 0.5}], "meta": {"billed_units": {"search_units": 1}}}'


@pytest.mark.parametrize("name", ["cohere-rerank", "voyage-rerank"])
def test_each_has_doors_of_its_own_and_a_family(name: str) -> None:
    dialect = RERANK[name]
    assert {door.operation for door in dialect.doors} == {dialect.operation} == {"rerank"}
    assert dialect.family in CHAT


def test_the_relayed_way() -> None:
    dialect = RERANK["cohere-rerank"]
    peek = dialect.peek(BODY)
    assert peek.model == "m"
    assert dialect.rewrite(BODY, peek, Target("x")) == BODY.replace(b'"m"', b'"x"')
    assert dialect.read(ANSWER).usage == Usage(search_units=1)
    assert dialect.read(ANSWER[:-1] + b', "id": 3}').usage == Usage(search_units=1)
    with pytest.raises(Refused):
        dialect.read(b"{}")


def test_the_translated_way() -> None:
    dialect = RERANK["cohere-rerank"]
    request = dialect.decode_request(BODY)
    assert request == RerankRequest("m", "q", ("a",))
    assert b'"query":"q"' in dialect.encode_request(request, Target("m"), dialect.name).body
    response = dialect.decode_response(ANSWER)
    assert b'"relevance_score":0.5' in dialect.encode_response(response, "other", request).body
