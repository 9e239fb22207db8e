"""Rows of limits and of what is taken of them, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from counterpoint.limits import Charge
from counterpoint.storage import limits
from counterpoint.storage.database import Database, open_database
from counterpoint.storage.limits import LeaseRow
from tests.databases import fresh_url
from tests.leasing import House


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def test_a_charge_moves_what_was_leased_to_what_is_spent(house: House) -> None:
    limit = house.limit(measure="money", amount=1_000)
    with house.database.write() as connection:
        limits.put_leases(connection, [LeaseRow(limit.id, 0, "one", "here", 500, 0, 1, 1)])
        limits.charge(connection, [Charge(limit.id, "one", 0, 120), Charge(limit.id, "gone", 0, 30)])
        assert limits.counters(connection, [(limit.id, 0)]) == {(limit.id, 0): (150, 0)}
        assert limits.leased_sums(connection, [limit.id]) == {(limit.id, 0): 380}
        limits.put_leases(connection, [LeaseRow(limit.id, 0, "one", "here", 200, 999, 2, 2)])
        (row,) = limits.leases(connection, [limit.id]).values()
    assert (row.amount, row.settled, row.turn) == (200, 120, 2)  # what is settled is the ledger's to say


def test_slots_add_up_and_give_back(house: House) -> None:
    limit = house.limit(measure="requests", per="minute", amount=60)
    with house.database.write() as connection:
        limits.add_to_slots(connection, {(limit.id, 100): 5, (limit.id, 200): 7})
        limits.add_to_slots(connection, {(limit.id, 200): -3, (limit.id, 300): 0})
        assert sorted(limits.slots(connection, {limit.id: 100})[limit.id]) == [(100, 5), (200, 4)]
        assert limits.slots(connection, {limit.id: 150}) == {limit.id: [(200, 4)]}
        limits.forget_slots(connection, 150)
        assert limits.slots(connection, {limit.id: 0}) == {limit.id: [(200, 4)]}


def test_what_nobody_renews_lapses_and_calls_at_a_time_sooner(house: House) -> None:
    money = house.limit(measure="money", amount=1_000)
    calls = house.limit(measure="concurrent", amount=5)
    with house.database.write() as connection:
        for limit in (money, calls):
            rows = [LeaseRow(limit.id, 0, name, "here", 1, 0, 1, 10) for name in ("old", "new")]
            limits.put_leases(connection, rows)
        limits.renew(connection, ["new"], 100)
        assert limits.lapse(connection, 50, measure="concurrent") == 1
        assert limits.holders(connection, "here") == {"old", "new"}
        assert limits.lapse(connection, 50) == 1
        assert limits.holders(connection, "here") == {"new"}
        assert limits.close(connection, ["new"], only=[calls.id]) == 1
        assert limits.close(connection, ["new"]) == 1
        assert limits.close(connection, ["new"]) == 0


def test_who_had_to_go_without_is_remembered_and_a_limit_goes_with_all_of_it(house: House) -> None:
    limit = house.limit(measure="money", amount=1_000)
    with house.database.write() as connection:
        limits.note_missed(connection, [(limit.id, 0)], 5)
        limits.charge(connection, [Charge(limit.id, "one", 0, 1)])
        assert limits.counters(connection, [(limit.id, 0)]) == {(limit.id, 0): (1, 5)}
        limits.change(connection, limit.id, amount=2_000)
        row = limits.find(connection, house.organisation, limit.id)
        assert row is not None
        assert (row.amount, row.revision, row.limit.measure) == (2_000, 2, "money")
        limits.remove(connection, limit.id)
        assert limits.counters(connection, [(limit.id, 0)]) == {}
        assert limits.all_of(connection, house.organisation) == []


def test_who_renews_and_who_grants_never_wait_for_one_another(tmp_path: Path) -> None:
    """On PostgreSQL, which locks rows. Leases are written in whatever order they come, under their limits' rows."""
    with fresh_url("postgresql", tmp_path) as url:
        database = open_database(url)
        house = House(database)
        first, last = (house.limit(measure="money", amount=1_000) for _ in range(2))
        rows = [LeaseRow(limit.id, 0, "one", "here", 500, 0, 1, 1) for limit in (first, last)]
        with database.write() as connection:
            limits.put_leases(connection, rows)

        def renew() -> None:
            with database.write() as connection:
                limits.renew(connection, ["one"], 7)

        with ThreadPoolExecutor(1) as pool:
            with database.write() as granting:
                limits.locked(granting, [first.id, last.id])
                limits.put_leases(granting, rows[1:])
                renewing = pool.submit(renew)
                _until_somebody_waits(database)
                limits.put_leases(granting, rows[:1])
            renewing.result(30)
        with database.read() as connection:
            held = limits.leases(connection, [first.id, last.id])
        assert {row.seen_at for row in held.values()} == {7}
        database.close()


def _until_somebody_waits(database: Database) -> None:
    with database.engine.connect() as connection:
        while not connection.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE NOT granted").scalar():
            pass
