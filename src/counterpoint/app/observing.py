"""What is told of the platform to those who watch it: figures for Prometheus, traces and metrics for a collector."""

import importlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from counterpoint.api.shapes.status import StatusShape
from counterpoint.control.config_evidence import TelemetrySection
from counterpoint.control.secretsources import read_secret
from counterpoint.control.shipper import Shipper
from counterpoint.directory.health import WorkerHealth
from counterpoint.i18n.complaint import Complaint
from counterpoint.ledger.commits import BOUNDS, Waits
from counterpoint.telemetry.exposition import Family, Labels, Value
from counterpoint.telemetry.figures import Figures

if TYPE_CHECKING:
    from counterpoint.telemetry.otlp import Collector, Telemetry

_ENDPOINTS = (
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
)
_BREAKERS = ("closed", "half_open", "open")


class Observing:
    """Of one process. What it is told of entries, it is told by the shipper."""

    def __init__(self, telemetry: "Telemetry | None" = None) -> None:
        self.figures = Figures()
        self.waits: Callable[[], Waits | None] = lambda: None
        """How long answers have waited for their entries."""
        self._telemetry = telemetry

    def watch(self, shipper: Shipper) -> None:
        """From now on."""
        shipper.told.append(self.figures.take)
        if self._telemetry is not None:
            shipper.told.append(self._telemetry.take)

    def families(self) -> list[Family]:
        """Of entries."""
        left_out = self._telemetry.left_out if self._telemetry is not None else 0
        return [
            *self.figures.families(),
            _counter("telemetry_left_out", "Entries of which no telemetry was sent.", {(): left_out}),
        ]

    def close(self) -> None:
        """Sends what is there."""
        if self._telemetry is not None:
            self._telemetry.close()


def telemetry_of(
    section: TelemetrySection, folder: Path, environ: Mapping[str, str] = os.environ
) -> "Telemetry | None":
    """What sends to a collector, where one is configured; the libraries are loaded then. Raises `Complaint`."""
    if not _is_sent(section, environ):
        return None
    try:
        module = importlib.import_module("counterpoint.telemetry.otlp")
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("opentelemetry"):
            raise
        raise Complaint("app.telemetry_missing", kind="unavailable") from None
    collector: Collector = module.Collector(
        section.endpoint,
        headers_of(section, folder, environ),
        section.traces,
        section.metrics,
        section.service,
    )
    telemetry: Telemetry = module.Telemetry(collector)
    return telemetry


def _is_sent(section: TelemetrySection, environ: Mapping[str, str]) -> bool:
    named = section.endpoint is not None or any(environ.get(name) for name in _ENDPOINTS)
    wanted = section.traces or section.metrics
    return named and wanted and environ.get("OTEL_SDK_DISABLED", "").lower() != "true"


def headers_of(section: TelemetrySection, folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """For the collector, if there is one. Raises `Complaint`."""
    if not _is_sent(section, environ):
        return {}
    return {name: _header(value, folder, environ) for name, value in section.headers.items()}


def _header(value: str, folder: Path, environ: Mapping[str, str]) -> str:
    return read_secret(value, folder, environ) if value.startswith(("env:", "file:")) else value


def families_of(status: StatusShape, health: Iterable[WorkerHealth], waits: Waits | None) -> Iterator[Family]:
    """How the platform is at this moment."""
    yield _gauge("ready", "Whether calls are answered.", {(): int(status.state != "starting")})
    ledger = status.ledger
    yield _gauge(
        "spool_pending_bytes", "Of ledger entries that are not in the database.", {(): ledger.pending_bytes}
    )
    yield _gauge(
        "spool_failing", "Whether they cannot be stored.", {(): int(ledger.failing_since is not None)}
    )
    yield _counter("ledger_entries_shipped", "Entries that this process has stored.", {(): ledger.shipped})
    yield _gauge("workers", "Gateway workers, by state.", _counted(item.state for item in status.workers))
    yield _gauge(
        "engines",
        "Local models, by state.",
        {(("model", item.model), ("state", item.state)): 1 for item in status.engines},
    )
    yield _gauge(
        "engine_memory_bytes",
        "Of each local model.",
        {(("model", item.model),): item.memory_bytes or 0 for item in status.engines},
    )
    yield _gauge("processes", "Of the platform, on all machines.", {(): len(status.processes)})
    yield from _breakers(health)
    if waits is not None:
        yield Family(
            "counterpoint_commit_wait_seconds",
            "histogram",
            "How long the ends of answers waited for their ledger entry.",
            bounds=[bound / 1e6 for bound in BOUNDS],
            histograms={(): (waits.counts, waits.micros / 1e6)},
        )
        yield _counter("commit_waits_given_up", "Of these, without the entry.", {(): waits.given_up})


def _breakers(health: Iterable[WorkerHealth]) -> Iterator[Family]:
    found: dict[Labels, Value] = {}
    for worker in health:
        for offering in worker.offerings:
            for state in _BREAKERS:
                labels = (("offering", offering.offering), ("state", state))
                found[labels] = found.get(labels, 0) + int(offering.breaker == state)
    yield _gauge("breakers", "Workers whose breaker of an offering is in that state.", found)


def _counted(states: Iterable[str]) -> dict[Labels, Value]:
    found: dict[Labels, Value] = {}
    for state in states:
        labels = (("state", state),)
        found[labels] = found.get(labels, 0) + 1
    return found


def _gauge(name: str, text: str, samples: Mapping[Labels, Value]) -> Family:
    return Family(f"counterpoint_{name}", "gauge", text, samples)


def _counter(name: str, text: str, samples: Mapping[Labels, Value]) -> Family:
    return Family(f"counterpoint_{name}_total", "counter", text, samples)
