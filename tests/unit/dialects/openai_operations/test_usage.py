"""Reported usage of every shape becomes disjoint classes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Usage
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.openai_operations.usage import usage_from


@pytest.mark.parametrize(
    ("body", "usage"),
    [
        (None, UNREPORTED),
        ({"cost_in_usd_ticks": 1}, UNREPORTED),
        ({"type": "duration", "seconds": 3.2}, Usage(audio_seconds=4)),
        (
            {"input_tokens": 37, "input_token_details": {"audio_tokens": 30}, "output_tokens": 12},
            Usage(input=7, audio_in=30, output=12),
        ),
        (
            {
                "prompt_audio_seconds": 3,
                "prompt_tokens": 5,
                "completion_tokens": 20,
                "prompt_tokens_details": {"audio_tokens": 375},
            },
            Usage(input=5, audio_seconds=3, output=20),
        ),
        (
            {
                "input_tokens": 431,
                "input_tokens_details": {"image_tokens": 388, "text_tokens": 43, "cached_tokens": 50},
                "output_tokens": 1364,
                "output_tokens_details": {"image_tokens": 1056, "text_tokens": 308},
            },
            Usage(cache_read=50, image_in=381, image_out=1056, output=308),
        ),
        ({"input_tokens": True, "output_tokens": -1}, UNREPORTED),
    ],
)
def test_classes(body: Any, usage: Usage) -> None:
    assert usage_from(body) == usage


def test_outputs_that_are_not_told_apart() -> None:
    body = {"input_tokens": 1, "output_tokens": 9}
    assert usage_from(body, spoken="audio_out") == Usage(input=1, audio_out=9)
    assert usage_from(body, spoken="image_out") == Usage(input=1, image_out=9)


_counts = st.integers(0, 1000) | st.floats() | st.none() | st.text(max_size=2)
_bodies = st.dictionaries(
    st.sampled_from(["input_tokens", "output_tokens", "seconds", "input_tokens_details"]),
    _counts | st.dictionaries(st.sampled_from(["audio_tokens", "image_tokens", "cached_tokens"]), _counts),
)


@given(_bodies)
def test_nothing_is_negative(body: dict[str, Any]) -> None:
    usage = usage_from(body)
    assert min(usage.input, usage.cache_read, usage.image_in, usage.output, usage.audio_seconds) >= 0
