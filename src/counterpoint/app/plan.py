"""What the settings and the configuration file mean for the processes that `up` starts."""

from pathlib import Path

import msgspec

from counterpoint.app.settings import Settings
from counterpoint.control.config import Configuration
from counterpoint.control.kept import KEEP_SECONDS
from counterpoint.control.quantities import parse_bytes, parse_seconds
from counterpoint.engines.running import RunSettings
from counterpoint.serving import Limits

FOR_EVER = -1.0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """`tls`: certificate chain and key files. `models`: the folder of local models; `models_memory`: bytes for all
    that are loaded. `spool`: where workers leave ledger entries. `grace`: seconds that answers in flight get.
    `keep_answers`: seconds that answers are kept for their clients."""

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
    keep_answers: float = KEEP_SECONDS


def plan_of(settings: Settings, configuration: Configuration) -> Plan:
    """Paths in the configuration file are relative to it; it has been checked before."""
    server, models = configuration.server, configuration.models
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
        tls=tls,
        models_memory=memory,
        run=RunSettings(keep_alive=_keep_alive(models.keep_alive)),
        keep_answers=parse_seconds(configuration.state.keep) or KEEP_SECONDS,
    )


def _keep_alive(value: float | str | None) -> float:
    if value is None:
        return RunSettings().keep_alive
    if value in {-1, "-1"}:
        return FOR_EVER
    seconds = parse_seconds(value)
    return RunSettings().keep_alive if seconds is None else seconds
