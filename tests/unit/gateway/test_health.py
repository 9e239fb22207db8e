"""What a worker has measured of offerings."""

import pytest

from counterpoint.canonical import Failure, FailureKind
from counterpoint.gateway.breakers import CONSECUTIVE
from counterpoint.gateway.health import MOST_RECORDS, MOST_REMEMBERED, MOST_RETRIES, Health

LOST = Failure(FailureKind.upstream_error, "m", from_upstream=True)


def test_what_fails_and_fails_is_closed_off_until_it_has_answered() -> None:
    health = Health()
    for _ in range(CONSECUTIVE):
        health.failed("a/x", LOST, None, 1.0)
    assert health.standings(1.0).closed_off == {"a/x"}
    assert health.standings(7.0).closed_off == frozenset()
    health.began("a/x", 7.0)
    assert health.standings(7.1).closed_off == {"a/x"}
    health.answered("a/x", 0.3, 7.3)
    assert health.standings(7.3).closed_off == frozenset()
    assert health.standings(7.3).first_event == {"a/x": 0.3}


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (LOST, 429),
        (LOST, 401),
        (LOST, 400),
        (Failure(FailureKind.bad_request, "m"), None),
        (Failure(FailureKind.upstream_error, "m", code="answer_too_large", from_upstream=True), None),
    ],
)
def test_what_is_no_fault_of_its_own_does_not_close_it_off(failure: Failure, status: int | None) -> None:
    health = Health()
    for _ in range(50):
        health.failed("a/x", failure, status, 1.0)
    assert health.standings(1.0).closed_off == frozenset()


def test_the_newest_first_event_weighs_a_fifth() -> None:
    health = Health()
    health.answered("a/x", 1.0, 1.0)
    health.answered("a/x", 2.0, 2.0)
    assert health.standings(2.0).first_event["a/x"] == pytest.approx(1.2)


def test_retries_are_a_share_of_calls_and_a_trickle() -> None:
    health = Health()
    assert sum(health.may_retry(0.2, 0.0) for _ in range(100)) == MOST_RETRIES
    for _ in range(50):
        health.began("a/x", 0.0)
    assert sum(health.may_retry(0.2, 0.0) for _ in range(100)) == 10
    assert [health.may_retry(0.2, 4.0) for _ in range(3)] == [True, True, False]


def test_who_has_been_away_longest_is_forgotten_first() -> None:
    health = Health()
    for number in range(MOST_REMEMBERED):
        health.remember(str(number), "a/x")
    health.remember("0", "b/y")
    health.remember("new", "a/x")
    last = health.standings(0.0).last
    assert (last.get("0"), last.get("1"), last.get("new")) == ("b/y", None, "a/x")


def test_what_is_told_is_in_the_worlds_time_and_only_of_what_is_offered() -> None:
    health = Health()
    health.answered("a/x", 0.25, 10.0)
    for _ in range(CONSECUTIVE):
        health.failed("b/y", LOST, 503, 12.0)
    one, other = health.told(12.0, 1000.0)
    assert (one.offering, one.breaker, one.calls, one.first_event, one.failure) == (
        "a/x",
        "closed",
        1,
        0.25,
        "",
    )
    assert (other.breaker, other.failures, other.failure, other.since, other.until) == (
        "open",
        CONSECUTIVE,
        "upstream_error",
        1000.0,
        1005.0,
    )
    changes = health.changes
    health.keep_only(frozenset({"a/x"}))
    assert [each.offering for each in health.told(12.0, 1000.0)] == ["a/x"]
    assert health.changes > changes
    assert health.standings(12.0).closed_off == frozenset()


def test_names_that_callers_make_up_do_not_fill_the_memory() -> None:
    health = Health()
    for number in range(MOST_RECORDS + 50):
        health.answered(f"a/{number}", 0.1, 1.0)
    assert len(health.told(1.0, 1.0)) == len(health.standings(1.0).first_event) == MOST_RECORDS
