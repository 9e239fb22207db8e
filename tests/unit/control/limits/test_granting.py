"""Leases over a real database: exactly once, whoever asks at the same time, whoever dies."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from counterpoint.canonical.ids import new_id
from counterpoint.control.limits.granting import VANISHED, Granting, Question
from counterpoint.directory import Directory
from counterpoint.gateway.purse import Purse
from counterpoint.ledger import Entry
from counterpoint.limits import Charge
from counterpoint.limits.claims import Claim
from counterpoint.storage import ledger
from counterpoint.storage import limits as store
from counterpoint.storage.database import Database
from tests.databases import database, database_url  # noqa: F401 - fixtures
from tests.leasing import BEGIN, House


@pytest.fixture
def house(database: Database) -> House:  # noqa: F811 - the fixture of that name
    return House(database)


def test_an_entry_that_comes_twice_is_counted_once(house: House) -> None:
    limit = house.limit(measure="money", amount=1_000)
    worker = house.worker()
    worker.call(money=100)
    entry = worker.settle(money=70)
    for _ in range(3):
        with house.database.write() as connection:
            ledger.add_entries(connection, [entry, entry])
    assert house.spent(limit) == 70


def test_what_a_dead_worker_held_is_free_once_what_it_wrote_is_stored(house: House) -> None:
    house.limit(measure="money", amount=1_000)
    dead, other = house.worker(), house.worker()
    dead.call(money=400)
    dead.call(money=400)
    dead.settle(money=300)
    house.workers.remove(dead)
    other.call(money=500)
    assert other.held == []
    dead.ship()
    house.granting.close([dead.purse.holder])
    house.pass_time(0.5)
    assert len(other.held) == 1
    other.call(money=250)
    assert len(other.held) == 1  # 300 are spent, 500 held


def test_a_machine_that_vanished_counts_as_having_spent_all_for_an_hour(house: House) -> None:
    limit = house.limit(measure="money", amount=1_000)
    gone, other = house.worker("gone"), house.worker("here")
    gone.call(money=1_000)
    gone.settle(money=600)
    house.workers.remove(gone)
    other.call(money=100)
    house.pass_time(4)
    assert other.denied[-1].reason == "reserved"
    house.time.now += VANISHED / 1e6 + 1
    house.granting.renew([other.purse.holder])
    other.call(money=100)
    assert len(other.held) == 1
    gone.ship()  # its spool comes back all the same
    assert house.spent(limit) == 600


def test_leases_of_the_living_do_not_lapse(house: House) -> None:
    house.limit(measure="money", amount=1_000)
    living = house.worker()
    living.call(money=800)
    for _ in range(10):
        house.time.now += VANISHED / 1e6 / 4
        house.granting.renew([living.purse.holder])
    assert house.granting.holders("machine") == {living.purse.holder}


def test_a_new_day_begins_with_the_whole_budget_and_calls_of_the_old_one_count_there(house: House) -> None:
    limit = house.limit(measure="money", per="day", amount=1_000)
    worker = house.worker()
    worker.call(money=900)
    house.time.now += 86_400
    worker.call(money=900)
    assert len(worker.held) == 2
    worker.settle(money=800)
    worker.settle(money=700)
    worker.ship()
    with house.database.read() as connection:
        query = "SELECT spent FROM limit_counters WHERE limit_id = '" + limit.id + "' ORDER BY period"
        assert [row[0] for row in connection.exec_driver_sql(query)] == [800, 700]


@pytest.mark.parametrize("per", ["day", "week", "month"])
@pytest.mark.parametrize(
    ("before", "after"), [("UTC", "Europe/Paris"), ("Europe/Paris", "UTC"), ("UTC", "America/New_York")]
)
def test_another_zone_forgets_nothing_that_was_spent_or_leased(
    house: House, per: str, before: str, after: str
) -> None:
    zone = [before]
    house.granting = Granting(house.database, lambda: zone[0], lambda _: house.time.moment())
    limit = house.limit(measure="money", amount=1_000, per=per)
    worker, other = house.worker(), house.worker()
    worker.call(money=300)
    worker.settle(money=300)
    worker.ship()
    worker.call(money=300)
    zone[0] = after
    other.call(money=700)
    assert not other.held
    worker.settle(money=200)
    worker.ship()
    worker.call(money=500)
    worker.settle(money=500)
    worker.ship()
    assert house.spent(limit) == 1_000
    house.pass_time(2)
    other.call(money=1)
    assert not other.held


def test_a_day_that_another_zone_makes_longer_goes_on_where_it_stood(house: House) -> None:
    zone = ["UTC"]
    house.granting = Granting(house.database, lambda: zone[0], lambda _: house.time.moment())
    limit = house.limit(measure="money", amount=1_000, per="day")
    day = 86_400_000_000
    house.time.now = ((house.time.moment() // day + 1) * day - BEGIN) / 1e6 - 60.0
    worker, other = house.worker(), house.worker()
    worker.call(money=600)
    worker.settle(money=600)
    worker.ship()
    zone[0] = "America/New_York"
    house.pass_time(300, step=10)  # past midnight in UTC
    worker.call(money=300)
    assert len(worker.held) == 1
    house.pass_time(30, step=10)
    other.call(money=200)
    assert not other.held
    worker.settle(money=300)
    worker.ship()
    assert house.spent(limit) == 900


def test_many_control_processes_and_shippers_at_once_overspend_nothing_and_lock_nobody_out(
    house: House,
) -> None:
    limits = [
        house.limit(measure="money", amount=10_000),
        house.limit(measure="tokens", per="day", amount=9_000),
    ]

    def live(number: int) -> dict[str, int]:
        granting, holder = Granting(house.database), f"holder-{number}"
        got = {limit.id: 0 for limit in limits}
        period: dict[str, int | None] = {limit.id: None for limit in limits}
        for turn in range(1, 16):
            ordered = limits if number % 2 else limits[::-1]
            claims = tuple(
                Claim(each.id, period[each.id], got[each.id], turn, 50, 100, 1) for each in ordered
            )
            charges = []
            for grant in granting.answer([Question(holder, "machine", claims)])[0]:
                got[grant.limit] += grant.amount
                period[grant.limit] = grant.period
                charges.append(Charge(grant.limit, holder, grant.period, grant.amount))
            entry = Entry(new_id(), 1_790_000_000_000_000, "chat", "any", charges=tuple(charges))
            with house.database.write() as connection:
                ledger.add_entries(connection, [entry])
        return got

    with ThreadPoolExecutor(4) as threads:
        everybody = list(threads.map(live, range(4)))
    for limit in limits:
        total = sum(got[limit.id] for got in everybody)
        assert total == house.spent(limit)
        assert limit.amount * 0.5 < total <= limit.amount


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer at a time
def test_looking_after_leases_and_shipping_entries_do_not_wait_for_each_other(house: House) -> None:
    limit = house.limit(measure="money", amount=1_000)
    living, lost = new_id(), new_id()
    for holder in (living, lost):
        house.granting.answer([Question(holder, "machine", (Claim(limit.id, None, 0, 1, 300, 300),))])
    later = Granting(house.database, moment=lambda _: house.time.moment() + VANISHED + 1)
    entry = Entry(new_id(), house.time.moment(), "chat", "any", charges=(Charge(limit.id, living, 0, 5),))
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with ThreadPoolExecutor(1) as threads:
        with house.database.write() as shipping:
            store.locked(shipping, [limit.id])
            renewing = threads.submit(later.renew, [living])
            while not renewing.done():
                with house.database.read() as connection:
                    if connection.exec_driver_sql(waiting).scalar():
                        break
            ledger.add_entries(shipping, [entry])
        renewing.result(10)
    assert house.spent(limit) == 5
    assert house.granting.holders("machine") == {living}


def test_a_clock_that_is_ahead_at_the_end_of_a_period_overspends_nothing(house: House) -> None:
    limit = house.limit(measure="money", amount=1_000, per="day")
    day = 86_400_000_000
    house.time.now = ((house.time.moment() // day + 1) * day - BEGIN) / 1e6 - 1.0
    hasty, other = house.worker(), house.worker()
    hasty.purse = Purse(hasty.claim, house.time.clock, lambda: house.time.moment() + 600_000)
    hasty.purse.publish(Directory(limits=(limit,)))
    hasty.call(money=400)
    hasty.call(money=400)
    hasty.settle(money=400)
    house.pass_time(0.5)  # midnight by the one, not by the other
    hasty.call(money=150)
    house.pass_time(0.2)
    other.call(money=300)
    assert not other.held
    hasty.settle(money=400)
    hasty.ship()
    assert house.spent(limit) == 800
    house.pass_time(1)  # midnight by both
    other.call(money=1_000)
    house.pass_time(1)
    assert [hold.parts[0].amount for hold in (*hasty.held, *other.held)] == [150, 1_000]
