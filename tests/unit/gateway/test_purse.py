"""What callers get of limits that several workers share, over a real database."""

import asyncio
import logging

import pytest

from counterpoint.control.limits.granting import Question
from counterpoint.directory import Directory
from counterpoint.gateway.purse import Purse
from counterpoint.limits import Limit, Wanted
from counterpoint.storage import limits as store
from counterpoint.storage.database import Database
from tests.databases import database, database_url  # noqa: F401 - fixtures
from tests.leasing import House


@pytest.fixture
def house(database: Database) -> House:  # noqa: F811 - the fixture of that name
    return House(database)


def test_a_budget_lets_calls_pass_until_it_is_used_up_and_says_when_there_is_more(house: House) -> None:
    limit = house.limit(measure="money", per="day", amount=1_000)
    worker = house.worker()
    for _ in range(4):
        worker.call(money=250)
        worker.settle(money=250)
    worker.call(money=250)
    assert (worker.held, worker.denied) == ([], [])  # something may come back
    worker.ship()
    house.pass_time(0.5)
    denied = worker.denied[0]
    assert (denied.limit.id, denied.reason) == (limit.id, "spent")
    assert denied.resets is not None
    assert denied.resets > house.time.moment()
    assert house.spent(limit) == 1_000


def test_what_was_held_and_not_used_can_be_used_by_others(house: House) -> None:
    house.limit(measure="money", amount=1_000)
    first, second = house.worker(), house.worker()
    first.call(money=900)
    second.call(money=900)
    assert (len(first.held), len(second.held)) == (1, 0)
    first.settle(money=50)
    house.pass_time(2)
    assert len(second.held) == 1


def test_requests_a_minute_are_neither_exceeded_nor_wasted(house: House) -> None:
    house.limit(measure="requests", per="minute", amount=600)
    workers = [house.worker() for _ in range(4)]
    admitted: list[float] = []
    for _step in range(1850):  # 20 calls at each tenth of a second: twenty times the rate that is allowed
        for worker in workers:
            for _ in range(5):
                worker.call()
            admitted += [house.time.now] * len(worker.held)
            while worker.held:
                worker.settle()
        house.pass_time(0.1)
    per_window = [
        sum(1 for moment in admitted if begin <= moment < begin + 60) for begin in range(1000, 1125)
    ]
    assert max(per_window) <= 606
    assert len(admitted) >= 3 * 600 * 0.99


def test_tokens_that_were_not_used_come_back_to_the_rate(house: House) -> None:
    house.limit(measure="tokens", per="minute", amount=10_000)
    workers = [house.worker() for _ in range(4)]
    used: list[tuple[float, int]] = []
    for _ in range(1250):
        for worker in workers:
            worker.call(tokens=500)
        for worker in workers:
            while worker.held:
                worker.settle(tokens=100)
                used.append((house.time.now, 100))
        house.pass_time(0.1)
    per_window = [
        sum(amount for moment, amount in used if begin <= moment < begin + 60) for begin in range(1000, 1065)
    ]
    assert max(per_window) <= 10_100
    assert sum(amount for _, amount in used) >= 2 * 10_000 * 0.99 - 500


def test_calls_at_a_time_end_with_the_worker_that_made_them(house: House) -> None:
    limit = house.limit(measure="concurrent", amount=2)
    first, second = house.worker(), house.worker()
    first.call()
    first.call()
    second.call()
    assert (len(first.held), len(second.held)) == (2, 0)
    house.granting.end_calls([first.purse.holder], [limit.id])
    house.workers.remove(first)
    house.pass_time(0.5)
    assert len(second.held) == 1


def test_without_control_what_is_leased_goes_on_then_one_more_lease_then_none(house: House) -> None:
    limit = house.limit(measure="money", amount=100_000)
    worker = house.worker()
    worker.call(money=100)
    worker.settle(money=100)
    worker.away = True
    for _ in range(5):
        worker.call(money=100)
        if worker.held:
            worker.settle(money=100)
    assert len(worker.spool) == 2  # the last lease was of one call
    denied = worker.denied[-1]
    assert denied.reason == "away"
    assert denied.retry_after
    worker.away = False
    house.pass_time(2)
    worker.call(money=100)
    worker.settle(money=100)
    worker.ship()
    assert house.spent(limit) == 300
    worker.call(money=100_000 - 300)
    assert len(worker.held) == 1


def test_a_rate_goes_on_at_the_last_share_while_nobody_answers(house: House) -> None:
    house.limit(measure="requests", per="minute", amount=600)
    workers = [house.worker() for _ in range(2)]

    def call_for(seconds: int) -> list[int]:
        admitted = []
        for _ in range(seconds * 10):
            for worker in workers:
                worker.call()
            admitted.append(sum(len(worker.held) for worker in workers))
            for worker in workers:
                while worker.held:
                    worker.settle()
            house.pass_time(0.1)
        return admitted

    call_for(60)
    for worker in workers:
        worker.away = True
    assert 0 < sum(call_for(60)) <= 606
    for worker in workers:
        worker.away = False
    assert 580 <= sum(call_for(60)) <= 606


def test_who_is_bound_by_nothing_is_not_held(house: House) -> None:
    house.limit(measure="money", amount=1, models=("other/*",))
    worker = house.worker()
    worker.call(money=10)
    assert worker.held[0].parts == ()


def test_what_has_no_price_fails_closed_unless_the_limit_admits_it(house: House) -> None:
    limit = house.limit(measure="money", amount=1_000)
    worker = house.worker()
    worker.call(money=None)
    assert worker.denied[0].reason == "unpriced"
    house.limits[:] = []
    house.limit(measure="money", amount=1_000, unpriced=True)
    worker.call(money=None)
    assert len(worker.held) == 1
    assert limit.amount == 1_000


def test_a_call_that_can_never_fit_is_told_so_at_once(house: House) -> None:
    house.limit(measure="tokens", per="minute", amount=1_000)
    worker = house.worker()
    worker.call(tokens=1_001)
    assert worker.denied[0].reason == "too_large"


def test_a_limit_that_was_removed_binds_nobody(house: House) -> None:
    limit = house.limit(measure="money", amount=10)
    worker = house.worker()
    with house.database.write() as connection:
        connection.exec_driver_sql(f"DELETE FROM limits WHERE id = '{limit.id}'")
    worker.call(money=10)
    assert len(worker.held) == 1


def test_a_call_that_waits_goes_on_waiting_for_the_rest_when_one_of_its_limits_is_removed(
    house: House,
) -> None:
    gone = house.limit(measure="money", amount=100, per="month", scope="organisation", subject="")
    stays = house.limit(measure="money", amount=100, per="month")
    other, worker = house.worker(), house.worker()
    other.call(money=100)
    house.slow = True
    worker.call(money=50)
    with house.database.write() as connection:
        store.remove(connection, gone.id)
    house.slow = False
    for claims, answer in worker.queue:
        answer(house.granting.answer([Question(worker.purse.holder, "machine", claims)])[0])
    house.pass_time(1)
    for each in (worker, other):
        each.purse.publish(Directory(limits=(stays,)))
    house.pass_time(0.5)
    other.settle(money=10)
    house.pass_time(1)
    assert (len(worker.held), worker.denied) == (1, [])
    worker.call(money=10)
    assert len(worker.held) == 2


def test_a_defect_in_one_tick_does_not_end_the_next_ones(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        asked = asyncio.Event()
        defects = iter((ArithmeticError("no time"),))
        purse = Purse(lambda _, __: None, clock=lambda: 1.0)
        purse.publish(Directory(limits=(Limit("l", "project", "p", "tokens", 1_000, "day"),)))
        purse.reserve(Wanted("o", "p", "k", "u", ("h/m",), (), 10, 0), lambda _: None)

        def broken_once() -> float:
            for defect in defects:
                raise defect
            asked.set()
            return 1.0

        purse._clock = broken_once
        ticking = asyncio.create_task(purse.run())
        async with asyncio.timeout(10):
            await asked.wait()
        ticking.cancel()

    with caplog.at_level(logging.ERROR):
        asyncio.run(run())
    assert "no time" in caplog.text


def test_a_call_holds_all_of_its_limits_or_none(house: House) -> None:
    house.limit(measure="money", amount=1_000)
    house.limit(measure="concurrent", amount=1)
    worker = house.worker()
    worker.call(money=600)
    worker.call(money=100)
    house.pass_time(4)
    assert worker.denied[-1].reason == "busy"
    worker.settle(money=600)
    worker.call(money=400)
    assert len(worker.held) == 1


def test_what_is_given_back_while_nobody_hears_is_given_back_all_the_same(house: House) -> None:
    house.limit(measure="money", amount=1_000, per="day")
    one, other = house.worker(), house.worker()
    one.call(money=600)
    one.settle(money=0)
    one.away = True
    house.pass_time(0.3)
    one.away = False
    house.pass_time(3)
    other.call(money=800)
    house.pass_time(4)
    assert len(other.held) == 1


def test_what_was_used_unasked_is_counted_however_long_nobody_answered(house: House) -> None:
    house.limit(measure="requests", amount=60, per="minute")
    worker = house.worker()
    for _ in range(30):
        worker.call()
        worker.settle()
    house.pass_time(59)
    worker.away = True
    for _ in range(40):
        worker.call()
        house.pass_time(0.2)
    unasked = len(worker.held)
    worker.away = False
    house.pass_time(2)
    before = len(worker.held)
    for _ in range(60):
        worker.call()
    house.pass_time(4)
    assert unasked > 20
    assert unasked + len(worker.held) - before <= 60
