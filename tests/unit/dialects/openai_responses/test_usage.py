"""Counts across the border: disjoint classes here, nested ones there."""

from typing import Any

import pytest

from counterpoint.canonical import Usage
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.openai_responses.usage import usage_body, usage_from


def test_nested_counts_become_disjoint() -> None:
    body = {
        "input_tokens": 100,
        "input_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 10},
        "output_tokens": 50,
        "output_tokens_details": {"reasoning_tokens": 30},
    }
    usage = usage_from(body)
    assert usage == Usage(input=30, cache_read=60, cache_write=10, output=20, reasoning=30)
    again = usage_body(usage)
    assert again == {**body, "total_tokens": 150}


@pytest.mark.parametrize("body", [None, "x", {}, {"total_tokens": 3}, {"input_tokens": "3"}])
def test_nothing_counted_is_nothing_known(body: Any) -> None:
    assert usage_from(body) == UNREPORTED


def test_a_host_that_claims_more_than_there_is_gets_all_there_is() -> None:
    body = {"input_tokens": 5, "input_tokens_details": {"cached_tokens": 9}, "output_tokens": -1}
    assert usage_from(body) == Usage(cache_read=5)
    assert usage_from({"input_tokens": 5.0, "output_tokens": 2}) == Usage(input=5, output=2)


def test_searches_are_counted_wherever_they_are_told() -> None:
    body = {"input_tokens": 1, "output_tokens": 1}
    assert usage_from(body, {"web_search": {"num_requests": 2}}).web_searches == 2
    inside = {**body, "server_side_tool_usage_details": {"web_search_calls": 3}}
    assert usage_from(inside).web_searches == 3
