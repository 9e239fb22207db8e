"""A realtime session under limits, with a real purse over a real database."""

from decimal import Decimal

import pytest

from counterpoint.canonical import Failure, Usage
from counterpoint.dialects.base import Target
from counterpoint.directory import Directory, Host, Key
from counterpoint.directory.values import Offering, Price, PriceTier
from counterpoint.gateway.metering import Metering
from counterpoint.gateway.names import Candidate, Names
from counterpoint.ledger import Entry
from counterpoint.storage.database import Database
from tests.databases import database, database_url  # noqa: F401 - fixtures
from tests.leasing import House

PRICE = Price(tiers=(PriceTier(input=1_000_000, output=1_000_000, audio_in=1_000_000, audio_out=1_000_000),))
OFFERING = Offering("h", "m", "m", price=PRICE, context=900, max_output=100)
MOST = 1_000
"""What an answer may come to, in micro-units."""


@pytest.fixture
def house(database: Database) -> House:  # noqa: F811 - the fixture of that name
    return House(database)


def session(house: House) -> tuple[Metering, list[Failure | None]]:
    worker = house.worker()
    metering = Metering(worker.purse, Names(Directory(limits=tuple(house.limits))), "en")
    key = Key("key", "name", house.project, house.organisation)
    told: list[Failure | None] = []
    metering.begin(key, [Candidate(OFFERING, Host("h"), "h/m", Target("m"))], ("m",), told.append)
    return metering, told


def entry(cost: int) -> Entry:
    usage = Usage(input=cost)
    return Entry("e", 1, "realtime", "any", offering="h/m", usage=usage, cost=Decimal(cost).scaleb(-6))


def test_it_ends_when_the_next_answer_does_not_fit(house: House) -> None:
    house.limit(measure="money", amount=2_500)
    metering, told = session(house)
    assert told == [None]
    assert metering.settle(entry(800), told.append).charges[0].amount == 800
    assert metering.settle(entry(800), told.append).charges[0].amount == 800
    house.pass_time(4)
    assert told[:2] == [None, None]
    assert told[-1] is not None
    assert told[-1].http_status == 429
    late = metering.settle(entry(100), told.append)
    assert late.charges[0].amount == 100  # it was under way


def test_a_session_that_does_not_fit_does_not_begin_and_one_that_ends_leaves_nothing_held(
    house: House,
) -> None:
    house.limit(measure="concurrent", amount=1)
    metering, told = session(house)
    _, others = session(house)
    house.pass_time(4)
    assert told == [None]
    assert others[0] is not None
    metering.end()
    metering.end()
    house.pass_time(2)
    _, third = session(house)
    house.pass_time(1)
    assert third == [None]


def test_who_is_not_limited_is_not_asked_for(house: House) -> None:
    metering, told = session(house)
    assert told == [None]
    assert metering.settle(entry(MOST), told.append).charges == ()


def test_answers_that_end_together_leave_nothing_held_behind_them(house: House) -> None:
    """The second of two comes before anything is held for it: only one more is held for then."""
    house.limit(measure="money", amount=4 * MOST)
    metering, told = session(house)
    house.slow = True
    metering.settle(entry(MOST), told.append)
    metering.settle(entry(MOST), told.append)
    house.slow = False
    worker = house.workers[0]
    while worker.queue:
        worker.claim(*worker.queue.pop(0))
    house.pass_time(1)
    metering.end()
    house.pass_time(3)
    others = [session(house)[1] for _ in range(2)]
    house.pass_time(4)
    assert others == [[None], [None]]


def test_an_answer_that_breaks_off_took_all_that_was_held_for_it(house: House) -> None:
    house.limit(measure="money", amount=2 * MOST)
    metering, _ = session(house)
    unsaid = Entry("e", 1, "realtime", "any", offering="h/m", cost=None)
    assert metering.broken(unsaid).charges[0].amount == MOST
    metering.end()
    house.pass_time(3)
    unlimited = Metering(None, Names(Directory()), "en")
    assert unlimited.broken(unsaid) == unsaid


def test_an_answer_that_ends_after_its_session_frees_nothing_twice(house: House) -> None:
    house.limit(measure="money", amount=3 * MOST)
    metering, told = session(house)
    metering.end()
    assert metering.settle(entry(MOST), told.append).charges[0].amount == MOST
    house.pass_time(3)
    others = [session(house)[1] for _ in range(3)]
    house.pass_time(4)
    assert [said == [None] for said in others] == [True, True, False]
