"""Usage in disjoint classes, and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Usage
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.gemini_generate.usage import decode_usage, encode_usage


@pytest.mark.parametrize(
    ("raw", "usage"),
    [
        (None, UNREPORTED),
        ({}, UNREPORTED),
        ({"totalTokenCount": 3}, UNREPORTED),
        ({"promptTokenCount": 5, "candidatesTokenCount": 2}, Usage(input=5, output=2)),
        (
            {"promptTokenCount": 5, "cachedContentTokenCount": 3, "thoughtsTokenCount": 4},
            Usage(input=2, cache_read=3, reasoning=4),
        ),
        ({"promptTokenCount": 5, "toolUsePromptTokenCount": 7}, Usage(input=12)),
        (
            {
                "promptTokenCount": 10,
                "promptTokensDetails": [
                    {"modality": "AUDIO", "tokenCount": 6},
                    {"modality": "TEXT", "tokenCount": 4},
                ],
                "cachedContentTokenCount": 3,
                "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 2}],
            },
            Usage(input=3, cache_read=1, audio_in=4, audio_cache_read=2),
        ),
        (
            {
                "promptTokenCount": 1,
                "candidatesTokenCount": 9,
                "candidatesTokensDetails": [
                    {"modality": "AUDIO", "tokenCount": 3},
                    {"modality": 2, "tokenCount": 4},
                    3,
                ],
            },
            Usage(input=1, output=2, audio_out=3, image_out=4),
        ),
        ({"promptTokenCount": -5, "candidatesTokenCount": "2", "promptTokensDetails": {}}, Usage()),
    ],
)
def test_what_was_used(raw: Any, usage: Usage) -> None:
    assert decode_usage(raw) == usage


COUNTS = st.integers(0, 1000)


@given(st.builds(Usage, COUNTS, COUNTS, output=COUNTS, reasoning=COUNTS, audio_in=COUNTS, audio_out=COUNTS))
def test_there_and_back(usage: Usage) -> None:
    encoded = encode_usage(usage)
    again = decode_usage(encoded)
    assert again == usage
    assert encoded["totalTokenCount"] == usage.input_total + usage.output_total
