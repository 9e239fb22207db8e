"""The numbers beside the choices are the numbers of models that choosing finds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from counterpoint.catalog.facets import Facets, facets
from counterpoint.catalog.fitting import Aspect, Query
from counterpoint.catalog.loading import load
from counterpoint.catalog.search import search

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ENDS = ("2027-02-21", "2027-11-21")
HERE = frozenset({"gpt-oss-20b", "claude-sonnet-4-5"})
QUERIES = st.builds(
    Query,
    words=st.sampled_from([(), ("llama",), ("claude", "4")]),
    makers=st.sampled_from([(), ("anthropic",), ("meta", "mistral")]),
    hosts=st.sampled_from([(), ("groq",), ("openrouter", "bedrock")]),
    host_countries=st.sampled_from([(), ("FR",)]),
    licences=st.sampled_from([(), ("Apache-2.0",), ("LicenseRef-Llama-3",)]),
    open_weights=st.sampled_from([None, None, True]),
    capabilities=st.sampled_from([(), ("tools",)]),
    min_context=st.sampled_from([0, 128_000]),
    max_input_price=st.sampled_from([None, 500_000]),
    retires_before=st.sampled_from(["", "2027-02-21"]),
    retired=st.booleans(),
)


def counted(query: Query) -> Facets:
    return facets(load(), query, when=NOW, available=HERE, ends=ENDS)


def number(query: Query) -> int:
    return len(search(load(), query, when=NOW))


def chosen(query: Query, aspect: Aspect, value: str) -> Query:
    """The query with that choice made."""
    match aspect:
        case "maker":
            return replace(query, makers=(value,))
        case "country":
            return replace(query, countries=(value,))
        case "licence":
            return replace(query, licences=(value,))
        case "open_weights":
            return replace(query, open_weights=value == "true")
        case "context":
            return replace(query, min_context=int(value))
        case "retirement":
            return replace(query, retires_before=value)
        case "available":
            return replace(query, among=HERE)
        case "capability":
            return replace(query, capabilities=(*query.capabilities, value))
        case "host":
            return replace(query, hosts=(value,))
        case "host_country":
            return replace(query, host_countries=(value,))
        case _:
            return replace(query, max_input_price=int(value))


@given(query=QUERIES, data=st.data())
@settings(max_examples=20, deadline=None)
def test_a_count_is_what_the_choice_finds(query: Query, data: st.DataObject) -> None:
    found = counted(query)
    assert found.total == number(query)
    for aspect, counts in found.counts.items():
        if counts:
            value = data.draw(st.sampled_from(sorted(counts)))
            assert counts[value] == number(chosen(query, aspect, value)), (aspect, value)


@pytest.mark.parametrize("maker", ["anthropic", "mistral"])
def test_a_filter_does_not_hide_its_own_alternatives(maker: str) -> None:
    makers = counted(Query(makers=(maker,))).counts["maker"]
    assert {"anthropic", "mistral", "openai"} <= set(makers)
