"""Rates in headers as most hosts have them."""

import pytest

from counterpoint.dialects.rates import Rate, common_rates, duration


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0.0, b"0ms"),
        (0.0204, b"20ms"),
        (1.5, b"1.5s"),
        (60.0, b"1m0s"),
        (90.4, b"1m30s"),
        (3_600.0, b"1h0m0s"),
    ],
)
def test_durations_are_written_as_clients_read_them(seconds: float, written: bytes) -> None:
    assert duration(seconds) == written


def test_each_measure_has_its_three_headers() -> None:
    told = common_rates([Rate("requests", 60, 59, 60.0), Rate("tokens", 1_000, 0, 1.0)], 0.0)
    assert dict(told) == {
        b"x-ratelimit-limit-requests": b"60",
        b"x-ratelimit-remaining-requests": b"59",
        b"x-ratelimit-reset-requests": b"1m0s",
        b"x-ratelimit-limit-tokens": b"1000",
        b"x-ratelimit-remaining-tokens": b"0",
        b"x-ratelimit-reset-tokens": b"1s",
    }
