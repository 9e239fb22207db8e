import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from counterpoint.api.shapes.status import EngineShape, LedgerShape, StatusShape, WorkerShape
from counterpoint.app.observing import Observing, families_of, telemetry_of
from counterpoint.control.config_evidence import TelemetrySection
from counterpoint.control.shipper import Shipper
from counterpoint.directory.health import OfferingHealth, WorkerHealth
from counterpoint.i18n.complaint import Complaint
from counterpoint.ledger.commits import no_waits
from counterpoint.ledger.spool import SpoolWriter
from counterpoint.storage.database import open_database
from counterpoint.telemetry.exposition import Family, exposed
from tests.databases import fresh_url
from tests.entries import make_entry

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(families: list[Family]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(exposed(families)):
        for sample in family.samples:
            found.setdefault(sample.name, {})[" ".join(sample.labels.values())] = sample.value
    return found


def test_the_state_of_the_platform_is_told() -> None:
    status = StatusShape(
        state="degraded",
        version="0",
        gateway="",
        started_at=NOW,
        ledger=LedgerShape(7, 90, failing_since=NOW, error="away"),
        workers=[WorkerShape(name=str(number), state="listening", pid=number) for number in range(2)],
        engines=[
            EngineShape(
                model="tiny",
                state="ready",
                pid=1,
                memory_bytes=5,
                since=NOW,
                calls=1,
                active=0,
                crashes=0,
                failure=None,
            )
        ],
    )
    health = [
        WorkerHealth("w1", 0.0, (OfferingHealth("a/m", "open"),)),
        WorkerHealth("w2", 0.0, (OfferingHealth("a/m"),)),
    ]
    waits = no_waits()
    waits.note(0.003)
    found = read(list(families_of(status, health, waits)))
    assert found["counterpoint_ready"] == {"": 1}
    assert (found["counterpoint_spool_pending_bytes"], found["counterpoint_spool_failing"]) == (
        {"": 90},
        {"": 1},
    )
    assert found["counterpoint_workers"] == {"listening": 2}
    assert found["counterpoint_engines"] == {"tiny ready": 1}
    assert found["counterpoint_breakers"] == {"a/m open": 1, "a/m closed": 1, "a/m half_open": 0}
    assert found["counterpoint_commit_wait_seconds_count"] == {"": 1}
    assert "counterpoint_commit_wait_seconds_count" not in read(list(families_of(status, [], None)))


def test_what_is_shipped_is_counted(tmp_path: Path) -> None:
    with fresh_url("sqlite", tmp_path) as url:
        database = open_database(url)
        shipper, observing = Shipper(database, tmp_path / "spool"), Observing()
        observing.watch(shipper)
        writer = SpoolWriter(tmp_path / "spool", "w0")
        writer.append(make_entry(host="a", model="m"))
        shipper.flush()
        assert read(observing.families())["counterpoint_requests_total"] == {"a m chat 200": 1}
        observing.close()
        database.close()


def test_nothing_is_sent_where_nothing_is_configured(tmp_path: Path) -> None:
    here = TelemetrySection(endpoint="http://127.0.0.1:1")
    assert telemetry_of(TelemetrySection(), tmp_path, {}) is None
    assert telemetry_of(here, tmp_path, {"OTEL_SDK_DISABLED": "true"}) is None
    assert telemetry_of(TelemetrySection(endpoint="x", traces=False, metrics=False), tmp_path, {}) is None


def test_a_missing_library_or_secret_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = TelemetrySection(headers={"authorization": "env:NOWHERE"})
    variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}
    with pytest.raises(Complaint, match="NOWHERE"):
        telemetry_of(section, tmp_path, variables)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    monkeypatch.delitem(sys.modules, "counterpoint.telemetry.otlp", raising=False)
    with pytest.raises(Complaint, match=r"counterpoint\[telemetry\]"):
        telemetry_of(TelemetrySection(), tmp_path, variables)
