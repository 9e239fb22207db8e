"""How rates are told in the headers of answers. Clients slow down by them, so each dialect has its maker's names."""

from collections.abc import Callable, Iterable
from functools import cache, lru_cache

import msgspec

Headers = tuple[tuple[bytes, bytes], ...]


class Rate(msgspec.Struct, frozen=True, gc=False):
    """So many of `limit` are `left` of `what` (`requests`, `tokens`); all again in `resets` seconds."""

    what: str
    limit: int
    left: int
    resets: float


RateTeller = Callable[[Iterable[Rate], float], Headers]
"""The second argument: the time, in seconds since the epoch."""


def common_rates(rates: Iterable[Rate], now: float) -> Headers:
    """`x-ratelimit-*`, as most hosts have them (OpenAI, "Rate limits in headers"): the reset is a duration."""
    found: Headers = ()
    for rate in rates:
        limit, left, reset = _names(rate.what)
        found += (
            (limit, b"%d" % rate.limit),
            (left, b"%d" % rate.left),
            (reset, duration(rate.resets)),
        )
    return found


@cache
def _names(what: str) -> tuple[bytes, ...]:
    return tuple(f"x-ratelimit-{part}-{what}".encode() for part in ("limit", "remaining", "reset"))


@lru_cache(1024)
def duration(seconds: float) -> bytes:
    """`6m0s`, `1.5s`, `20ms`."""
    if seconds < 1:
        return b"%dms" % round(seconds * 1000)
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return f"{rest:.3g}s".encode()
    hours, minutes = divmod(int(minutes), 60)
    return (f"{hours}h" if hours else "").encode() + b"%dm%ds" % (minutes, int(rest))
