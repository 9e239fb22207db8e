from counterpoint.control.throttle import MOST_FOR_LOGIN, MOST_OF_ADDRESS, MOST_TOGETHER, WINDOW, Throttle
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
