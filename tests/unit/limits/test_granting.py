"""How much is leased at once."""

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.limits.granting import Books, Window, granted, granted_of_rate, window_of

COUNTS = st.integers(0, 10_000)


@given(COUNTS, COUNTS, COUNTS, st.integers(1, 50), st.integers(1, 500), COUNTS, COUNTS)
def test_a_grant_fits_and_is_enough_for_one_call_or_nothing(
    limit: int, spent: int, leased: int, holders: int, least: int, more: int, rate: int
) -> None:
    books = Books(limit, spent, leased, holders)
    amount = granted(books, least=least, waiting=least + more, rate=rate)
    assert amount <= max(0, books.left)
    assert (amount >= least) if books.left >= least else amount == 0


def test_a_lease_lasts_a_minute_where_there_is_plenty() -> None:
    assert granted(Books(10**9, 0, 0, 4), least=10, waiting=10, rate=50) == 3_000


def test_nobody_gets_more_than_half_an_equal_share_unless_one_call_needs_it() -> None:
    assert granted(Books(1_000, 0, 0, 4), least=10, waiting=10, rate=50) == 125
    assert granted(Books(1_000, 0, 0, 4), least=400, waiting=900, rate=50) == 400


def test_close_to_the_limit_it_is_one_call_at_a_time() -> None:
    assert granted(Books(1_000, 900, 60, 4), least=30, waiting=300, rate=50) == 30


@given(st.lists(st.tuples(st.integers(0, 70_000_000), st.integers(0, 50))), st.integers(1, 60), COUNTS)
def test_a_window_gives_what_is_left_of_it_and_says_when_there_is_enough(
    slots: list[tuple[int, int]], least: int, more: int
) -> None:
    now = 70_000_000
    window = window_of("minute", 60, slots, now)
    amount = granted_of_rate(window, least=least, waiting=least + more, rate=0)
    assert amount <= max(0, window.left)
    if not amount:
        seconds = window.wait_for(least, now)
        then = window_of("minute", 60, slots, now + int(seconds * 1e6) + 1)
        assert then.left >= least


def test_of_a_rate_a_small_part_is_given_ahead() -> None:
    assert granted_of_rate(Window("minute", 6_000, ()), least=1, waiting=1, rate=100) == 40
