"""Rates in headers (https://docs.anthropic.com/en/api/rate-limits#response-headers): the reset is a moment."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime

from counterpoint.dialects.rates import Headers, Rate


def moment_rates(rates: Iterable[Rate], now: float) -> Headers:
    """`anthropic-ratelimit-*`, resets as RFC 3339 in whole seconds."""
    found: Headers = ()
    for rate in rates:
        name = b"anthropic-ratelimit-" + rate.what.encode()
        resets = datetime.fromtimestamp(math.ceil(now + rate.resets), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        found += (
            (name + b"-limit", b"%d" % rate.limit),
            (name + b"-remaining", b"%d" % rate.left),
            (name + b"-reset", resets.encode()),
        )
    return found
