"""How offerings do: from the ledger and from what workers tell."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from counterpoint.api.services import Services
from counterpoint.api.shapes.standing import Standing, StandingsShape
from counterpoint.api.standing import standings
from counterpoint.app.compose import Control
from counterpoint.directory.health import OfferingHealth, WorkerHealth
from counterpoint.ledger import Attempt
from tests.unit.api.ledger import NOON, write

LATER = NOON + timedelta(minutes=30)
Look = Callable[..., StandingsShape]


@pytest.fixture
def look(services: Services) -> Look:
    """How offerings do half an hour after noon, as workers tell it."""

    def look(*told: tuple[OfferingHealth, ...]) -> StandingsShape:
        workers = tuple(
            WorkerHealth(f"worker-{number}", LATER.timestamp(), offerings)
            for number, offerings in enumerate(told)
        )
        return standings(dataclasses.replace(services, health=lambda: workers), timedelta(hours=2), LATER)

    return look


def test_sums_and_steps_of_those_that_were_asked(control: Control, look: Look) -> None:
    for _ in range(5):
        write(control, at=NOON)
    write(control, at=NOON, purpose="judge", parent="another")
    write(control, at=NOON, host="other", status=500)
    write(control, at=NOON - timedelta(days=2), host="old")
    found = look()
    assert [(host.host, host.standing) for host in found.hosts] == [("host", "well"), ("other", "well")]
    (offering,) = found.hosts[0].offerings
    assert (offering.offering, offering.exchanges, offering.failures) == ("host/small", 6, 0)
    assert [(step.at, step.exchanges) for step in offering.steps] == [(NOON, 6)]
    assert offering.p50_total_ms == pytest.approx(1500, rel=0.1)
    assert offering.p95_first_event_ms == pytest.approx(250, rel=0.1)
    assert found.hosts[1].failures == 1
    assert not found.measured


def test_a_try_that_another_offering_made_good_is_told_of_the_one_that_failed(
    control: Control, look: Look
) -> None:
    failed = Attempt("first/small", status=503, failure="unavailable", micros=1_000_000, after=500_000)
    entry = write(control, at=NOON, attempts=(failed, Attempt("host/small", 200)))
    (first,) = (host for host in look().hosts if host.host == "first")
    (offering,) = first.offerings
    assert (offering.exchanges, offering.standing) == (0, "shaky")
    (mishap,) = offering.mishaps
    assert (mishap.exchange, mishap.status, mishap.failure) == (entry.id, 503, "unavailable")
    assert mishap.at == NOON + timedelta(seconds=1.5)
    assert mishap.answered


OPEN = OfferingHealth("host/small", "open", 4, 4, 4, None, "timeout", NOON.timestamp(), LATER.timestamp())
TRYING = replace(OPEN, breaker="half_open")
FINE = OfferingHealth("host/small", calls=10, first_event=0.25)
FAILING = OfferingHealth("host/small", calls=10, failures=3)
NEVER = OfferingHealth("host/small", calls=2, failures=2)


@pytest.mark.parametrize(
    ("told", "standing"),
    [
        ((), "quiet"),
        ((OPEN,), "out"),
        ((OPEN, OPEN), "out"),
        ((OPEN, FINE), "shaky"),
        ((TRYING,), "shaky"),
        ((FAILING,), "shaky"),
        ((FINE,), "well"),
        ((NEVER,), "shaky"),
    ],
)
def test_what_workers_tell_decides(look: Look, told: tuple[OfferingHealth, ...], standing: Standing) -> None:
    found = look(*((each,) for each in told))
    if not told:
        assert found.hosts == []
        return
    (host,) = found.hosts
    assert host.standing == standing
    assert found.measured
    assert [view.breaker for view in host.offerings[0].workers] == [each.breaker for each in told]


def test_the_worst_comes_first(control: Control, look: Look) -> None:
    for number in range(6):
        write(control, at=NOON)
        write(control, at=NOON, host="shaky", status=500 if number < 3 else 200)
    assert [host.host for host in look((replace(OPEN, offering="out/small"),)).hosts] == [
        "out",
        "shaky",
        "host",
    ]
    first = look((OPEN,)).hosts[0].offerings[0].workers[0]
    assert (first.since, first.until, first.first_event_ms) == (NOON, LATER, None)
