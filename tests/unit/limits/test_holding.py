"""What a worker does with what it was granted."""

from counterpoint.limits import Limit
from counterpoint.limits.claims import Grant
from counterpoint.limits.holding import Account, Rate, holding_of

BUDGET = Limit("b", "key", "k", "money", 1_000, "day")
RATE = Limit("r", "key", "k", "requests", 60, "minute")
DAY = 86_400_000_000


def account(amount: int, until: int | None = None) -> Account:
    found = holding_of(BUDGET)
    assert isinstance(found, Account)
    found.granted(Grant("b", 0, amount, until), 1.0, 0)
    return found


def test_what_is_not_used_can_be_held_again() -> None:
    found = account(100)
    part = found.hold(80, 1.0, 0)
    assert part is not None
    assert found.hold(30, 1.0, 0) is None
    found.settle(part, 10, 1.0)
    assert found.free(0) == 90


def test_it_keeps_what_it_will_use_soon_and_gives_back_the_rest() -> None:
    found = account(1_000)
    assert found.claim(1, 0, 0, 1.0, 0)[0].holds == 0  # nothing was ever used
    found = account(100_000)
    for second in range(60):
        part = found.hold(100, second, 0)
        assert part is not None
        found.settle(part, 100, float(second))
    (claim,) = found.claim(1, 0, 0, 60.0, 0)
    kept = claim.holds - 6_000
    assert 5_000 < kept < 20_000
    found.scarce = True
    assert found.claim(2, 0, 0, 60.0, 0)[0].holds == 6_000
    assert found.claim(3, 0, 0, 60.0, 0) == []
    assert len(found.claim(4, 10, 10, 60.0, 0)) == 1


def test_a_period_that_is_over_keeps_only_what_is_under_way() -> None:
    found = account(100, DAY)
    part = found.hold(60, 1.0, 0)
    assert part is not None
    assert found.hold(10, 2.0, DAY) is None
    (old, new) = found.claim(1, 10, 10, 2.0, DAY)
    assert (old.period, old.holds) == (0, 60)
    assert (new.period, new.least) == (None, 10)
    found.settle(part, 50, 3.0)
    (old,) = found.claim(2, 0, 0, 3.0, DAY)
    assert (old.period, old.holds) == (0, 50)
    assert found.claim(3, 0, 0, 4.0, DAY) == []


def test_a_period_that_goes_on_after_all_goes_on_where_it_stood() -> None:
    found = account(100, DAY)
    part = found.hold(60, 1.0, 0)
    assert part is not None
    found.settle(part, 60, 2.0)
    for later in range(
        1, 4
    ):  # idle, beyond the moment to which periods are remembered of which nothing is held
        found.claim(later, 0, 0, 100.0 * later, DAY + later * 100_000_000)
    found.granted(Grant("b", 0, 40, 2 * DAY), 400.0, DAY + 400_000_000)
    (claim,) = found.claim(5, 50, 50, 400.0, DAY + 400_000_000)
    assert (claim.period, claim.holds) == (0, 100)
    found.granted(Grant("b", 1, 10, 3 * DAY), 500.0, 2 * DAY)  # a later one: the other is forgotten
    found.claim(6, 0, 0, 600.0, 2 * DAY + 100_000_000)
    found.granted(Grant("b", 0, 5, 4 * DAY), 700.0, 2 * DAY + 100_000_000)
    (*_, claim) = found.claim(7, 10, 10, 700.0, 2 * DAY + 100_000_000)
    assert (claim.period, claim.holds) == (0, 5)


def test_one_more_lease_when_nobody_answers_and_control_learns_of_it() -> None:
    found = account(100)
    assert found.hold(100, 1.0, 0) is not None
    assert found.overdraw(100, 2.0, 0)
    assert found.hold(100, 2.0, 0) is not None
    assert not found.overdraw(1, 3.0, 0)
    assert found.claim(1, 5, 5, 4.0, 0)[0].holds == 200


def test_what_is_granted_of_a_rate_is_good_for_a_moment() -> None:
    found = holding_of(RATE)
    assert isinstance(found, Rate)
    found.claim(1, 1, 5, 10.0, 0)
    found.granted(Grant("r", 7, 5, left=50), 10.0, 0)
    part = found.hold(1, 10.1, 0)
    assert part is not None
    assert part.period == 7
    assert found.hold(1, 10.5, 0) is None
    assert found.claim(2, 0, 0, 10.5, 0) == []  # there is plenty
    assert found.claim(2, 0, 0, 10.5, 0, renewing=True)[0].back == ((7, 4),)
    found.settle(part, 0, 11.0)  # it was never made
    assert found.claim(3, 0, 0, 11.0, 0, renewing=True)[0].back == ((7, 1),)
    standing = found.standing(11.0)
    assert standing is not None
    assert (standing.limit, standing.left) == (60, 50)


def test_without_control_a_rate_goes_on_as_before_and_tells_of_it_later() -> None:
    found = holding_of(RATE)
    assert isinstance(found, Rate)
    assert not found.overdraw(1, 5.0, 0)  # nothing was used in the last minute
    found.granted(Grant("r", 7, 2, left=50), 10.0, 0)
    assert found.hold(2, 10.0, 0) is not None
    assert not found.overdraw(1, 12.0, 0)  # its share of this minute is used up
    assert found.overdraw(1, 75.0, 0)
    assert found.hold(1, 75.0, 0) is not None
    (claim,) = found.claim(2, 0, 0, 76.0, 0, renewing=True)
    assert claim.back == ((1_000_000, -1),)


def test_a_grant_is_for_what_calls_under_way_hold_too() -> None:
    found = holding_of(Limit("t", "key", "k", "tokens", 1_000_000, "minute"))
    assert isinstance(found, Rate)
    found.granted(Grant("t", 7, 50_000, left=900_000), 10.0, 0)
    part = found.hold(50_000, 10.0, 0)
    assert part is not None
    found.settle(part, 50, 10.1)
    alone = found.claim(1, 1, 50_000, 10.1, 0)[0].rate
    found.granted(Grant("t", 7, 50_000, left=900_000), 10.1, 0)
    assert found.hold(50_000, 10.1, 0) is not None
    assert found.claim(2, 1, 50_000, 10.1, 0)[0].rate >= alone + 125_000  # 0.4 s is what a grant is good for


def test_a_rate_is_asked_for_with_others_before_its_grant_ends() -> None:
    found = holding_of(RATE)
    assert isinstance(found, Rate)
    found.claim(1, 1, 1, 10.0, 0)
    found.granted(Grant("r", 7, 5, left=50), 10.0, 0)
    assert not found.ages(10.1)
    assert found.ages(10.3)
