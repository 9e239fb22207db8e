"""Counts become disjoint classes: no token in two of them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Usage
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.anthropic_messages.usage import (
    decode_tier,
    decode_usage,
    encode_tier,
    encode_usage,
    merged,
)

COUNTS = st.integers(0, 10**6)


@pytest.mark.parametrize(
    ("raw", "usage"),
    [
        ({"input_tokens": 3, "output_tokens": 5}, Usage(3, output=5)),
        (
            {
                "input_tokens": 3,
                "cache_creation_input_tokens": 7,
                "cache_read_input_tokens": 11,
                "output_tokens": 5,
            },
            Usage(3, cache_read=11, cache_write=7, output=5),
        ),
        (
            {
                "input_tokens": 3,
                "cache_creation_input_tokens": 30,
                "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20},
                "output_tokens": 5,
            },
            Usage(3, cache_write=10, cache_write_1h=20, output=5),
        ),
        (
            {"input_tokens": 3, "output_tokens": 50, "output_tokens_details": {"thinking_tokens": 40}},
            Usage(3, output=10, reasoning=40),
        ),
        (
            {"input_tokens": 3, "output_tokens": 5, "server_tool_use": {"web_search_requests": 2}},
            Usage(3, output=5, web_searches=2),
        ),
        ({"input_tokens": None, "output_tokens": -4, "cache_creation": "x"}, Usage()),
        ({}, UNREPORTED),
        (None, UNREPORTED),
        ("none", UNREPORTED),
    ],
)
def test_counts_become_classes(raw: Any, usage: Usage) -> None:
    assert decode_usage(raw) == usage


@given(
    st.builds(
        Usage,
        input=COUNTS,
        cache_read=COUNTS,
        cache_write=COUNTS,
        cache_write_1h=COUNTS,
        output=COUNTS,
        reasoning=COUNTS,
        web_searches=COUNTS,
    )
)
def test_classes_of_this_dialect_come_back(usage: Usage) -> None:
    assert decode_usage(encode_usage(usage)) == usage


@given(st.builds(Usage, *[COUNTS] * 12))
def test_no_token_is_lost_from_the_sums(usage: Usage) -> None:
    back = decode_usage(encode_usage(usage))
    assert (back.input_total, back.output_total) == (usage.input_total, usage.output_total)


def test_a_delta_replaces_what_it_says_and_nothing_else() -> None:
    start = {
        "input_tokens": 9,
        "cache_creation_input_tokens": 20,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 20},
        "output_tokens": 1,
    }
    later = {"input_tokens": None, "cache_creation_input_tokens": 20, "output_tokens": 80}
    assert decode_usage(merged(start, later)) == Usage(9, cache_write_1h=20, output=80)
    assert merged(start, None) == start


@pytest.mark.parametrize(
    ("word", "tier"), [("standard", "default"), ("priority", "priority"), ("batch", "batch"), (None, None)]
)
def test_the_tier_that_served_comes_back(word: str | None, tier: str | None) -> None:
    assert decode_tier({"service_tier": word}) == tier
    usage: dict[str, Any] = {}
    encode_tier(usage, tier)
    assert usage.get("service_tier") == word


def test_a_tier_that_clients_do_not_know_is_not_told() -> None:
    usage: dict[str, Any] = {}
    encode_tier(usage, "flex")
    assert usage == {}
    assert decode_tier(None) is None
