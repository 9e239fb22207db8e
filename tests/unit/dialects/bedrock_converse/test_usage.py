"""Tokens by disjoint class."""

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Usage
from counterpoint.dialects.bedrock_converse.usage import decode_usage, encode_usage

COUNTS = st.integers(0, 10**6)


@given(st.builds(Usage, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS))
def test_every_class_comes_back(usage: Usage) -> None:
    encoded = encode_usage(usage)
    assert decode_usage(encoded) == usage
    assert encoded["totalTokens"] == usage.input_total + usage.output_total


def test_caches_are_told_by_their_lifetime() -> None:
    raw = {
        "inputTokens": 3,
        "outputTokens": 2,
        "cacheReadInputTokens": 5,
        "cacheWriteInputTokens": 10,
        "cacheDetails": [{"ttl": "5m", "inputTokens": 4}, {"ttl": "1h", "inputTokens": 6}],
    }
    assert decode_usage(raw) == Usage(3, 5, 4, 6, 2)


def test_what_is_no_usage_is_unknown() -> None:
    nothing: tuple[object, ...] = (None, {}, [], {"totalTokens": 5})
    assert not any(decode_usage(raw).reported for raw in nothing)
    assert decode_usage({"inputTokens": "x", "outputTokens": -1, "cacheDetails": 5}) == Usage()
