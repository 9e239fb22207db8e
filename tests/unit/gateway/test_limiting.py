"""What a caller is told who does not fit."""

from typing import get_args

import pytest

from counterpoint.dialects.registry import CHAT
from counterpoint.directory import Directory, Key
from counterpoint.directory.values import Offering, Price, PriceTier
from counterpoint.gateway.asking import asking
from counterpoint.gateway.bounds import Bounds
from counterpoint.gateway.limiting import rate_headers, refusal, wanted_of
from counterpoint.limits import Denied, Limit, Reason, Standing

BUDGET = Limit("l", "project", "p", "money", 5_500_000, "day", ("big-*",))
RATE = Limit("r", "key", "k", "requests", 60, "minute")
RESETS = 1_790_028_000_000_000


def test_a_used_up_budget_says_which_and_when_there_is_more() -> None:
    failure = refusal(
        "en", Denied(BUDGET, "spent", 60.0, RESETS), Directory(zone="Europe/Paris", currency="EUR")
    )
    assert failure.http_status == 429
    assert failure.code == "budget_exceeded"
    assert "5.5 EUR of spending per day of the project for big-*" in failure.message
    assert "2026-09-22 00:00 (Europe/Paris)" in failure.message
    assert failure.retry_after == 60.0


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_has_a_sentence_and_a_status(lang: str, reason: Reason) -> None:
    failure = refusal(lang, Denied(RATE, reason, 2.0), Directory())
    expected = {"too_large": 400, "unpriced": 400, "away": 503}
    assert failure.http_status == expected.get(reason, 429)
    assert "60" in failure.message
    for dialect in CHAT.values():
        reply = dialect.encode_error(failure, "id")
        assert reply.status == failure.http_status
        if reply.status in (429, 503):
            assert ("retry-after", "2") in [(name.lower(), value) for name, value in reply.headers]


def test_rates_are_told_in_the_words_of_the_dialect_the_tightest_of_each() -> None:
    standings = (
        Standing("requests", 60, 10, 60.0),
        Standing("requests", 600, 300, 60.0),
        Standing("tokens", 9, 4, 0.02),
    )
    told = dict(rate_headers(standings, "openai-chat", 0.0))
    assert told[b"x-ratelimit-limit-requests"] == b"60"
    assert told[b"x-ratelimit-remaining-requests"] == b"10"
    assert told[b"x-ratelimit-reset-requests"] == b"1m0s"
    assert told[b"x-ratelimit-reset-tokens"] == b"20ms"
    told = dict(rate_headers(standings, "anthropic-messages", 0.5))
    assert told[b"anthropic-ratelimit-tokens-remaining"] == b"4"
    assert told[b"anthropic-ratelimit-requests-reset"] == b"1970-01-01T00:01:01Z"
    assert rate_headers((), "openai-chat", 0.0) == ()


def test_one_offering_asked_twice_by_a_cascade_is_held_for_twice() -> None:
    price = Price(tiers=(PriceTier(input=1_000_000, output=1_000_000),))
    small = Offering("h", "small", "small", price=price, context=1_000, max_output=100)
    key = Key("k", "name", "p", "o")
    asked, most = asking("chat", "openai-chat", b"{}"), Bounds(Directory())
    once = wanted_of(key, asked, most, [small], ("r",), all_of_them=True)
    twice = wanted_of(key, asked, most, [small, small], ("r",), all_of_them=True)
    assert once.money is not None
    assert (twice.tokens, twice.money) == (2 * once.tokens, 2 * once.money)
    assert twice.offerings == ("h/small",)
    assert wanted_of(key, asked, most, [small, small], ("r",)) == once
