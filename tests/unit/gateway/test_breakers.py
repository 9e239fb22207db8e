"""When an offering is left alone, and when it is tried again."""

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.gateway.breakers import (
    CONSECUTIVE,
    FEWEST,
    LONGEST_OPEN,
    OPEN_SECONDS,
    PROBE_SECONDS,
    WINDOW_SECONDS,
    Breaker,
)


def broken(now: float = 0.0) -> Breaker:
    breaker = Breaker(now)
    for _ in range(CONSECUTIVE):
        assert not breaker.closed_off(now)
        breaker.failed(now)
    return breaker


def test_failures_in_a_row_open_it_and_a_while_later_one_call_may_try() -> None:
    breaker = broken()
    assert breaker.closed_off(OPEN_SECONDS - 0.1)
    assert not breaker.closed_off(OPEN_SECONDS)
    breaker.began(OPEN_SECONDS)
    assert (breaker.state, breaker.closed_off(OPEN_SECONDS + 1)) == ("half_open", True)
    breaker.succeeded(OPEN_SECONDS + 2)
    assert (breaker.state, breaker.closed_off(OPEN_SECONDS + 2), breaker.counts(7.0)) == (
        "closed",
        False,
        (0, 0),
    )


def test_each_trial_that_fails_doubles_the_wait_up_to_the_longest() -> None:
    breaker, now, waits = broken(), 0.0, []
    for _ in range(6):
        waits.append(breaker.until - now)
        now = breaker.until
        breaker.began(now)
        breaker.failed(now)
    assert waits == [5, 10, 20, 40, 60, 60]
    assert waits[-1] == LONGEST_OPEN


def test_a_trial_that_is_let_go_or_silent_makes_room_for_another() -> None:
    breaker = broken()
    breaker.began(6.0)
    breaker.let_go()
    assert not breaker.closed_off(6.1)
    breaker.began(6.2)
    assert breaker.closed_off(6.3)
    assert not breaker.closed_off(6.2 + PROBE_SECONDS)


def test_half_of_many_calls_open_it_though_some_succeed() -> None:
    breaker = Breaker(0.0)
    for number in range(FEWEST):
        (breaker.failed if number % 2 else breaker.succeeded)(float(number) / 10)
    assert breaker.state == "open"


def test_what_is_long_past_does_not_count() -> None:
    breaker = Breaker(0.0)
    for _ in range(CONSECUTIVE - 1):
        breaker.failed(0.0)
    breaker.succeeded(0.1)
    assert breaker.counts(1.0) == (CONSECUTIVE, CONSECUTIVE - 1)
    assert breaker.counts(WINDOW_SECONDS + 11) == (0, 0)


@given(st.lists(st.tuples(st.sampled_from(["ok", "failed", "gone"]), st.floats(0, 40)), max_size=60))
def test_it_is_never_shut_for_ever_and_never_lets_a_crowd_in(steps: list[tuple[str, float]]) -> None:
    breaker, now = Breaker(0.0), 0.0
    for word, passed in steps:
        now += passed
        if breaker.closed_off(now):
            continue
        breaker.began(now)
        assert breaker.state != "open"
        if breaker.state == "half_open":
            assert breaker.closed_off(now)  # nobody else meanwhile
        if word == "gone":
            breaker.let_go()
        else:
            (breaker.succeeded if word == "ok" else breaker.failed)(now)
        calls, failures = breaker.counts(now)
        assert 0 <= failures <= calls
    assert not breaker.closed_off(now + LONGEST_OPEN + PROBE_SECONDS)
