"""One try: what has come of it so far."""

from counterpoint.canonical import FailureKind
from counterpoint.directory.routes import Timeouts
from counterpoint.gateway.routing.plan import Step
from counterpoint.gateway.tries import ERROR_BODY_LIMIT, HELD_LIMIT, Try
from tests.unit.gateway.conversation import ALPHA, NAMES, chat, lead

STEP = Step(NAMES.resolve("gpt-x", "chat", ("openai-chat",)).candidates[0])


def test_times_are_the_routes_or_the_hosts_own() -> None:
    own = Try(0, 0, STEP, Timeouts(), 1.0)
    assert (own.patience, own.idle) == (ALPHA.first_event_timeout, ALPHA.idle_timeout)
    routes = Try(0, 0, STEP, Timeouts(first_event=3.0, idle=2.0), 1.0)
    routes.head(200, {}, 1.5)
    assert routes.deadline == 4.5
    routes.head(500, {}, 1.6)
    assert routes.deadline == 3.6


def test_an_error_is_read_so_far_and_means_what_the_host_says() -> None:
    try_ = Try(0, 0, STEP, Timeouts(), 1.0)
    try_.head(429, {"retry-after": "7"}, 1.1)
    assert try_.refused
    assert try_.more_error(b'{"error": {"message": "slow down", "type": "x"}}')
    failure = try_.error(lead(chat("gpt-x")).call)
    assert (failure.kind, failure.retry_after, failure.message) == (FailureKind.rate_limited, 7, "slow down")
    assert not try_.more_error(b" " * ERROR_BODY_LIMIT)


def test_what_is_held_back_is_bounded_and_comes_in_order() -> None:
    try_ = Try(0, 0, STEP, Timeouts(), 1.0)
    assert try_.hold(b"one")
    assert try_.hold(b"two")
    assert not try_.hold(b" " * HELD_LIMIT)
    assert try_.released().startswith(b"onetwo")
    assert try_.released() == b""


def test_the_ledger_learns_when_it_was_made_and_how_long_it_took() -> None:
    try_ = Try(1, 0, STEP, Timeouts(), 1.5, "fallback")
    try_.first_event = 1.75
    try_.end(2.0)
    try_.end(9.0)
    attempt = try_.attempt(1.0, 9.0)
    assert (attempt.offering, attempt.reason, attempt.after, attempt.first_event_micros, attempt.micros) == (
        "alpha/gpt-x",
        "fallback",
        500_000,
        250_000,
        500_000,
    )
