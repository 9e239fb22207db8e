from datetime import UTC, datetime, timedelta

from counterpoint.api.homing import home, midnight, running_concerns, usage_concerns
from counterpoint.api.services import Services
from counterpoint.api.shapes.status import EngineShape, LedgerShape, StatusShape, WorkerShape
from counterpoint.app.compose import Control
from counterpoint.control.roles import RIGHTS_OF
from counterpoint.control.usage import UsageQuery
from tests.unit.api.ledger import NOON, write

NOTHING = timedelta()


def test_the_day_begins_where_the_reader_is() -> None:
    now = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert midnight(now, NOTHING) == datetime(2026, 3, 1, tzinfo=UTC)
    assert midnight(now, timedelta(hours=1)) == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert midnight(now, timedelta(hours=-5)) == datetime(2026, 3, 1, 5, tzinfo=UTC)


def test_steps_are_ticked_off_as_they_are_taken(services: Services, control: Control) -> None:
    def done() -> dict[str, bool]:
        return {step.code: step.done for step in home(services, RIGHTS_OF["owner"], "en", NOTHING).steps}

    assert done() == {"ask": False, "add_provider": False, "make_key": False, "call": False, "invite": False}
    control.keys.create("ci")
    write(control)
    for login in ("ada", "bob"):
        control.accounts.create(login=login, name=login, role="user", actor="owner")
    assert done() == {"ask": False, "add_provider": False, "make_key": True, "call": True, "invite": True}


def test_today_and_keys_that_end_soon(services: Services, control: Control) -> None:
    write(control)
    write(control, hours=-24)
    control.keys.create("soon", expires=datetime.now(UTC) + timedelta(days=2))
    shown = home(services, RIGHTS_OF["owner"], "fr", NOTHING, NOON)
    assert shown.today is not None
    assert (shown.today.exchanges, shown.today.cost) == (1, {"USD": "0.5"})
    now = home(services, RIGHTS_OF["owner"], "fr", NOTHING)
    assert "keys_expire" in {concern.code for concern in now.attention}


def test_a_user_sees_what_he_may(services: Services) -> None:
    shown = home(services, RIGHTS_OF["user"], "en", NOTHING)
    assert (shown.today, shown.attention, shown.steps) == (None, [], [])


def test_what_fails_needs_attention() -> None:
    status = StatusShape(
        state="degraded",
        version="0",
        gateway="",
        started_at=NOON,
        ledger=LedgerShape(0, 9, error="disk full"),
        workers=[WorkerShape("worker-1", "starting")],
        engines=[EngineShape("small", "failed", failure="It crashed.")],
    )
    found = running_concerns(status, "en")
    assert [concern.code for concern in found] == ["starting", "ledger_waits", "engine_failed"]
    assert "disk full" in found[1].text


def test_many_failures_and_unknown_prices(services: Services, control: Control) -> None:
    for number in range(20):
        write(control, status=500 if number < 5 else 200, cost=None)
    row = services.usage.report(UsageQuery()).total
    assert [concern.code for concern in usage_concerns(row, "en")] == ["many_failures", "unpriced"]
