"""Rates in headers, as moments."""

from counterpoint.dialects.anthropic_messages.rates import moment_rates
from counterpoint.dialects.rates import Rate


def test_the_reset_is_a_moment_that_is_not_too_early() -> None:
    assert dict(moment_rates([Rate("tokens", 9, 4, 60.0)], 0.2)) == {
        b"anthropic-ratelimit-tokens-limit": b"9",
        b"anthropic-ratelimit-tokens-remaining": b"4",
        b"anthropic-ratelimit-tokens-reset": b"1970-01-01T00:01:01Z",
    }
