from counterpoint.control.throttle import (
    MOST_FOR_LOGIN,
    MOST_OF_ADDRESS,
    MOST_TOGETHER,
    WINDOW,
    Throttle,
    network_of,
)
from counterpoint.storage.database import Database


def test_guesses_wait_and_other_people_do_not(database: Database) -> None:
    throttle = Throttle(database)
    waits = [throttle.take("ada", "10.0.0.1") for _ in range(MOST_TOGETHER + 1)]
    assert set(waits[:-1]) == {0}
    assert 0 < waits[-1] <= WINDOW.total_seconds() + 1
    assert throttle.take("ada", "10.0.0.2") == 0
    assert throttle.take("bob", "10.0.0.1") == 0
    assert Throttle(database).take("ada", "10.0.0.1") > 0  # a restart forgets nothing


def test_a_good_one_takes_its_count_back(database: Database) -> None:
    throttle = Throttle(database)
    for _ in range(MOST_TOGETHER):
        throttle.take("ada", "10.0.0.1")
    throttle.forget("ada", "10.0.0.1")
    assert throttle.take("ada", "10.0.0.1") == 0


def test_an_address_and_a_login_have_their_own_bounds(database: Database) -> None:
    throttle = Throttle(database)
    assert [throttle.take(f"name{number}", "10.0.0.9") > 0 for number in range(MOST_OF_ADDRESS + 1)][-1]
    assert [throttle.take("eve", f"10.1.0.{number}") > 0 for number in range(MOST_FOR_LOGIN + 1)][-1]


def test_an_office_behind_one_address_may_sign_in_all_day(database: Database) -> None:
    throttle = Throttle(database)
    for number in range(2 * MOST_OF_ADDRESS):
        assert throttle.take(f"name{number}", "10.0.0.9") == 0
        throttle.forget(f"name{number}", "10.0.0.9")


def test_an_account_of_ones_own_buys_no_guesses(database: Database) -> None:
    throttle = Throttle(database)
    waits = []
    for number in range(MOST_OF_ADDRESS + 1):
        waits.append(throttle.take(f"name{number}", "10.0.0.9"))
        throttle.take("mine", "10.0.0.9")
        throttle.forget("mine", "10.0.0.9")
    assert waits[-1] > 0


def test_callers_of_one_network_are_counted_together() -> None:
    assert (
        network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2::7") != network_of("2001:db8:1:3::7")
    )
    assert network_of("::ffff:10.0.0.1") == "::ffff:10.0.0.1"
    assert network_of("10.0.0.1") == "10.0.0.1"
    assert network_of("fe80::1%eth0") == "fe80::/64"
    assert network_of("testclient") == "testclient"
