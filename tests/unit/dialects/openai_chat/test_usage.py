"""Usage in disjoint classes, whatever the host counts together."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Usage
from counterpoint.dialects.openai_chat.usage import usage_body, usage_from

COUNT = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("body", "usage"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}, Usage(input=9, output=4)),
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 10,
                "total_tokens": 19,
                "prompt_tokens_details": {"cached_tokens": 1, "audio_tokens": 2, "cache_write_tokens": 3},
                "completion_tokens_details": {"reasoning_tokens": 3, "audio_tokens": 4},
            },
            Usage(input=3, cache_read=1, cache_write=3, audio_in=2, output=3, reasoning=3, audio_out=4),
        ),
        # xAI: the total has the reasoning that the completion lacks.
        (
            {
                "prompt_tokens": 307,
                "completion_tokens": 26,
                "total_tokens": 588,
                "completion_tokens_details": {"reasoning_tokens": 255},
            },
            Usage(input=307, output=26, reasoning=255),
        ),
        # More reasoning than completion: it cannot be a part of it.
        (
            {
                "prompt_tokens": 40,
                "completion_tokens": 14,
                "total_tokens": 54,
                "completion_tokens_details": {"reasoning_tokens": 43},
            },
            Usage(input=40, output=14, reasoning=43),
        ),
        # Perplexity: reasoning, citations and searches beside the completion.
        (
            {
                "prompt_tokens": 33,
                "completion_tokens": 7163,
                "total_tokens": 7196,
                "citation_tokens": 100,
                "num_search_queries": 38,
                "reasoning_tokens": 700,
            },
            Usage(input=33, output=7263, reasoning=700, web_searches=38),
        ),
        (
            {"prompt_tokens": 10, "completion_tokens": 1, "prompt_cache_hit_tokens": 4},
            Usage(input=6, cache_read=4, output=1),
        ),
        (
            {"prompt_tokens": 10, "completion_tokens": 1, "cached_tokens": 4},
            Usage(input=6, cache_read=4, output=1),
        ),
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 1,
                "cache_read_input_tokens": 4,
                "cache_creation_input_tokens": 5,
            },
            Usage(input=1, cache_read=4, cache_write=5, output=1),
        ),
        # More cached than read: the host is wrong, the sum stays.
        (
            {"prompt_tokens": 10, "completion_tokens": 213, "prompt_tokens_details": {"cached_tokens": 161}},
            Usage(cache_read=10, output=213),
        ),
        ({"prompt_tokens": 463, "completion_tokens": None, "total_tokens": None}, Usage(input=463)),
        (
            {
                "prompt_tokens": 5,
                "completion_tokens": 1,
                "server_tool_use_details": {"web_search_requests": 3},
            },
            Usage(input=5, output=1, web_searches=3),
        ),
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 1,
                "prompt_tokens_details": {
                    "cached_tokens": 6,
                    "audio_tokens": 5,
                    "cached_tokens_details": {"audio_tokens": 4},
                },
            },
            Usage(input=2, cache_read=2, audio_cache_read=4, audio_in=1, output=1),
        ),
        ({"prompt_tokens": 5.0, "completion_tokens": -3}, Usage(input=5)),
    ],
)
def test_counts_become_classes(body: Any, usage: Usage) -> None:
    assert usage_from(body) == usage


@pytest.mark.parametrize("body", [None, {}, [], 3, {"cost": 1}, {"prompt_tokens": "9"}, {"total_tokens": 3}])
def test_an_unknown_usage_is_a_state(body: Any) -> None:
    assert not usage_from(body).reported


USAGES = st.builds(
    Usage,
    input=COUNT,
    cache_read=COUNT,
    cache_write=COUNT,
    output=COUNT,
    reasoning=COUNT,
    audio_in=COUNT,
    audio_out=COUNT,
    audio_cache_read=COUNT,
    image_out=COUNT,
    web_searches=COUNT,
)


@given(USAGES)
def test_what_a_client_is_shown_reads_the_same(usage: Usage) -> None:
    body = usage_body(usage)
    assert usage_from(body) == usage
    assert body["total_tokens"] == usage.input_total + usage.output_total


DETAILS = st.dictionaries(
    st.sampled_from(
        ["cached_tokens", "audio_tokens", "reasoning_tokens", "cache_write_tokens", "image_tokens"]
    ),
    COUNT,
)


@given(COUNT, COUNT, DETAILS, DETAILS)
def test_no_token_is_in_two_classes(prompt: int, completion: int, inner: Any, outer: Any) -> None:
    usage = usage_from(
        {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "prompt_tokens_details": inner,
            "completion_tokens_details": outer,
        }
    )
    assert usage.input_total == prompt
    assert usage.output_total in {completion, completion + outer.get("reasoning_tokens", 0)}
    assert min(usage.input, usage.cache_read, usage.cache_write, usage.output, usage.audio_in) >= 0


def test_classes_agree_with_the_price_oracle(shared: Path) -> None:
    """Every body of this dialect, read as each provider's extractor of genai-prices reads it.

    Its extractor for xAI always adds reasoning to the output, which is meant for xAI's own answers alone.
    """
    path = shared / "data" / "prices" / "genai-prices" / "tests" / "dataset" / "usages.json.gz"
    compared = 0
    for entry in json.loads(gzip.decompress(path.read_bytes())):
        body = entry["body"].get("usage")
        if not isinstance(body, dict) or "prompt_tokens" not in body:
            continue
        for extracted in entry["extracted"]:
            flavours = {(one["provider_id"], one["api_flavor"]) for one in extracted["extractors"]}
            if any(flavour in {"chat", "default"} and provider != "x-ai" for provider, flavour in flavours):
                compared += 1
                assert extracted["usage"].items() <= _in_their_words(usage_from(body)).items(), entry["body"]
    assert compared > 400


def _in_their_words(usage: Usage) -> dict[str, int]:
    return {
        "input_tokens": usage.input_total,
        "cache_read_tokens": usage.cache_read + usage.audio_cache_read,
        "cache_write_tokens": usage.cache_write,
        "input_audio_tokens": usage.audio_in + usage.audio_cache_read,
        "output_tokens": usage.output_total,
        "output_reasoning_tokens": usage.reasoning,
        "output_audio_tokens": usage.audio_out,
    }
