"""The proof that no answer goes unaccounted: gateways killed under load, and a database that is away under load. Every
answer that a client has received whole stands in the ledger, once.

`COUNTERPOINT_FAULT_ROUNDS=20 COUNTERPOINT_AWAY_SECONDS=60` runs it as it is published; by default it is shorter."""

import os
import random
import signal
import time
from collections.abc import Iterator

import pytest

from tests.faults.fleet import Fleet, Load, free_port, wait_until

pytestmark = pytest.mark.xdist_group("proof")

ROUNDS = int(os.environ.get("COUNTERPOINT_FAULT_ROUNDS", "4"))
AWAY_SECONDS = float(os.environ.get("COUNTERPOINT_AWAY_SECONDS", "8"))


@pytest.fixture
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    made = Fleet(tmp_path_factory.mktemp("proof"))
    yield made
    made.close()


def accounted(fleet: Fleet, load: Load) -> None:
    """Every whole answer has its entry, none twice, and the sums count exactly the entries."""
    entries = fleet.entries()
    lost = [id_ for id_ in load.whole if id_ not in entries]
    assert lost == [], f"{len(lost)} of {len(load.whole)}"
    assert [id_ for id_, count in entries.items() if count != 1] == []
    assert len(load.whole) == len(set(load.whole))
    assert fleet.counted() == len(entries)


def test_gateways_that_are_killed_lose_no_answer_that_was_received(fleet: Fleet) -> None:
    port = free_port()
    options = ("--port", str(port), "--workers", "2")
    gateway = fleet.start("gateway", "killed", *options)
    load = Load(fleet.background, port)
    chance = random.Random(7)
    with load.going_on():
        for turn in range(ROUNDS):
            load.reach(chance.randrange(40, 120))
            if turn % 2:
                os.kill(chance.choice(gateway.workers()), signal.SIGKILL)
            else:
                gateway.kill()
                gateway = fleet.start("gateway", "killed", *options)
        load.reach(50)
    assert gateway.stop() == 0
    accounted(fleet, load)
    print(f"{ROUNDS} rounds: {len(load.whole)} whole answers, {len(load.failures)} that failed")


def test_while_the_database_is_away_answers_go_on(fleet: Fleet) -> None:
    gateway = fleet.start("gateway", "away", "--port", "0", "--workers", "2")
    load = Load(fleet.background, gateway.port)
    with load.going_on():
        load.reach(100)
        fleet.stop_database()
        before, until = len(load.whole), time.monotonic() + AWAY_SECONDS
        while time.monotonic() < until:
            load.reach(20)
        meanwhile = len(load.whole) - before
        fleet.start_database()
        load.reach(100)
    assert load.failures == []
    assert meanwhile > 20
    wait_until(lambda: len(fleet.entries()) >= len(load.whole))
    accounted(fleet, load)
    assert gateway.stop() == 0
    accounted(fleet, load)
    print(f"{AWAY_SECONDS:g} s without a database: {meanwhile} answers meanwhile, {len(load.whole)} in all")


def test_while_the_database_is_away_a_limit_is_passed_by_no_more_than_a_lease_each(fleet: Fleet) -> None:
    limit = 400
    fleet.config.write_text(
        fleet.config.read_text() + f'[[limits]]\nmeasure = "requests"\nper = "total"\namount = {limit}\n'
    )
    gateways = [fleet.start("gateway", f"away-{number}", "--port", "0") for number in range(2)]
    loads = [Load(fleet.background, gateway.port) for gateway in gateways]
    with loads[0].going_on(), loads[1].going_on():
        for load in loads:
            load.reach(20)
        leases = fleet.leases()
        fleet.stop_database()
        until = time.monotonic() + AWAY_SECONDS
        wait_until(lambda: any(" 503 " in failure for load in loads for failure in load.failures))
        wait_until(lambda: time.monotonic() >= until, AWAY_SECONDS + 1)
        fleet.start_database()
        wait_until(lambda: sum(len(load.whole) for load in loads) >= limit)
        wait_until(lambda: all(" 429 " in load.failures[-1] for load in loads))
    whole = [id_ for load in loads for id_ in load.whole]
    assert limit <= len(whole) <= limit + sum(leases)
    for gateway in gateways:
        assert gateway.stop() == 0
    entries = fleet.entries()
    assert [id_ for id_ in whole if entries.get(id_) != 1] == []
    print(f"{AWAY_SECONDS:g} s without a database: {len(whole)} of {limit} calls, leases then {leases}")
