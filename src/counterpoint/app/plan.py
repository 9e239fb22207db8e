"""What the settings and the configuration file mean for the processes that `up` starts."""

from pathlib import Path

import msgspec

from counterpoint.app.frames import CommitWord
from counterpoint.app.settings import Settings
from counterpoint.control.config import Configuration
from counterpoint.control.kept import KEEP_SECONDS
from counterpoint.control.quantities import parse_bytes, parse_seconds
from counterpoint.engines.running import RunSettings
from counterpoint.serving import Limits

FOR_EVER = -1.0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """`tls`: certificate chain and key files. `models`: the folder of local models; `models_memory`: bytes for all
    that are loaded. `spool`: where workers leave ledger entries. `grace`: seconds that answers in flight get;
    `leave`: seconds before, in which calls are still taken while the gateway says that it is not ready any more.
    `keep_answers`: seconds that answers are kept for their clients. `commit`: what the end of an answer waits for, at
    most `commit_wait` seconds. `keep_entries`: seconds that ledger entries are kept, `None` for ever.
    `private_networks`: private addresses that may be called, `None`: this machine's own."""

    host: str
    port: int
    admin_port: int
    workers: int
    models: Path
    spool: Path
    limits: Limits = Limits()
    cors: tuple[str, ...] = ()
    tls: tuple[str, str] | None = None
    models_memory: int | None = None
    run: RunSettings = RunSettings()
    grace: float = 30.0
    leave: float = 0.0
    keep_answers: float = KEEP_SECONDS
    commit: CommitWord = "spool"
    commit_wait: float = 0.25
    keep_entries: float | None = None
    private_networks: tuple[str, ...] | None = None


def plan_of(settings: Settings, configuration: Configuration) -> Plan:
    """Paths in the configuration file are relative to it; it has been checked before."""
    server, models, ledger = configuration.server, configuration.models, configuration.ledger
    folder = settings.config.parent if settings.config else settings.data
    tls = (str(folder / server.tls.cert), str(folder / server.tls.key)) if server.tls else None
    memory = None if models.memory_limit is None else parse_bytes(models.memory_limit)
    return Plan(
        host=settings.host,
        port=settings.port,
        admin_port=settings.admin_port,
        workers=settings.workers or server.workers or 1,
        models=settings.data / "models",
        spool=settings.data / "spool",
        limits=server.limits,
        cors=server.cors_origins,
        grace=parse_seconds(server.grace) or 0.0,
        leave=parse_seconds(server.leave) or 0.0,
        tls=tls,
        models_memory=memory,
        run=RunSettings(keep_alive=_keep_alive(models.keep_alive)),
        keep_answers=parse_seconds(configuration.state.keep) or KEEP_SECONDS,
        commit=ledger.commit,
        commit_wait=parse_seconds(ledger.commit_wait) or 0.25,
        keep_entries=None if ledger.keep is None else parse_seconds(ledger.keep),
        private_networks=settings.private_networks,
    )


def _keep_alive(value: float | str | None) -> float:
    if value is None:
        return RunSettings().keep_alive
    if value in {-1, "-1"}:
        return FOR_EVER
    seconds = parse_seconds(value)
    return RunSettings().keep_alive if seconds is None else seconds
