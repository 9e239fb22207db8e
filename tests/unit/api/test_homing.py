from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from counterpoint.api import homing
from counterpoint.api.homing import (
    disk_concerns,
    home,
    host_concerns,
    midnight,
    provider_concerns,
    retirement,
    retirement_concerns,
    running_concerns,
    usage_concerns,
)
from counterpoint.api.services import Services
from counterpoint.api.shapes.status import EngineShape, LedgerShape, StatusShape, WorkerShape
from counterpoint.app.compose import Control
from counterpoint.control.providers import NewProvider
from counterpoint.control.roles import RIGHTS_OF
from counterpoint.control.usage import UsageQuery
from counterpoint.i18n import numbers
from counterpoint.storage import secrets
from tests.unit.api.ledger import NOON, write

NOTHING = UTC


def test_the_day_begins_where_the_reader_is() -> None:
    now = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert midnight(now, NOTHING) == datetime(2026, 3, 1, tzinfo=UTC)
    assert midnight(now, timezone(timedelta(hours=1))) == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert midnight(now, timezone(timedelta(hours=-5))) == datetime(2026, 3, 1, 5, tzinfo=UTC)
    changed = datetime(2026, 3, 29, 12, tzinfo=UTC)  # two hours ahead by then, and one at midnight
    assert midnight(changed, ZoneInfo("Europe/Paris")) == datetime(2026, 3, 28, 23, tzinfo=UTC)


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


def test_hosts_where_many_calls_fail_are_named(services: Services, control: Control) -> None:
    for number in range(20):
        write(control, status=500 if number < 5 else 200)
    soon = NOON + timedelta(minutes=30)
    (found,) = host_concerns(services, "en", soon)
    assert (found.code, found.page, found.subject) == ("provider_failing", "usage", "host")
    assert "5 of the last hour's 20 calls at host" in found.text
    assert host_concerns(services, "en", NOON + timedelta(hours=3)) == []


def test_a_model_in_use_that_ends_soon_is_told(services: Services, control: Control) -> None:
    catalog = services.catalog()
    listing = next(
        item
        for model in catalog.models
        for item in catalog.listings_of(model.name)
        if item.retires and len(item.retires) == 10
    )
    assert listing.model is not None
    end = retirement(catalog, listing.host, listing.model)
    assert end is not None
    now = datetime(end.year, end.month, end.day, tzinfo=UTC) - timedelta(days=10)
    write(control, host=listing.host, model=listing.model, at=now - timedelta(days=1))
    write(control, at=now - timedelta(days=1))
    (found,) = retirement_concerns(services, "fr", now)
    assert (found.code, found.subject) == ("model_retires", listing.model)
    assert numbers.day(end, lang="fr") in found.text
    assert retirement_concerns(services, "en", now - homing.RETIRING) == []
    assert retirement(catalog, "", "") is None
    assert retirement(catalog, listing.host, "a-model-of-our-own") is None


def test_a_provider_that_cannot_be_used_is_told(services: Services, control: Control) -> None:
    control.providers.add(NewProvider(name="openai"), secret="sk-" + "a" * 40)
    assert provider_concerns(services, "en") == []
    control.providers.lend({})
    with control.database.write() as connection:
        row = control.providers.find("openai")
        secrets.drop(connection, "provider", row.id)
    (found,) = provider_concerns(services, "en")
    assert (found.code, found.severity, found.subject) == ("provider_unusable", "error", "openai")
    control.providers.set_enabled("openai", False)
    assert provider_concerns(services, "en") == []


def test_little_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert disk_concerns("", "en") == disk_concerns(str(tmp_path / "absent"), "en") == []
    monkeypatch.setattr(homing, "LITTLE_DISK", 0)
    assert disk_concerns(str(tmp_path), "en") == []
    monkeypatch.setattr(homing, "LITTLE_DISK", 2**62)
    (found,) = disk_concerns(str(tmp_path), "fr")
    assert (found.code, found.severity) == ("disk", "warning")
    monkeypatch.setattr(homing, "FULL_DISK", 2**62)
    assert disk_concerns(str(tmp_path), "en")[0].severity == "error"
