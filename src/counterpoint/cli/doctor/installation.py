"""This installation: its configuration, folder, keys, database, models, ports, and whether it runs."""

import hashlib
import os
import socket
import stat
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from counterpoint import __version__
from counterpoint.app.compose import Control, open_control
from counterpoint.app.listening import url_of
from counterpoint.app.plan import Plan
from counterpoint.app.presence import running_address
from counterpoint.app.rehearsal import judge
from counterpoint.app.runtime import is_running, runtime_folder
from counterpoint.app.settings import Settings
from counterpoint.canonical.errors import Refused
from counterpoint.cli.doctor.findings import Finding, doubtful, fine, told, wrong
from counterpoint.control.masterkey import FILE_NAME as MASTER_KEY
from counterpoint.control.masterkey import load_master_keys
from counterpoint.engines.manifest import Manifest, weights_of
from counterpoint.engines.store import ModelStore
from counterpoint.i18n import numbers
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import processes
from counterpoint.storage.database import Database, open_database, sqlite_url
from counterpoint.storage.migrate import missing_revisions

_PATIENCE = 3.0


def configuration(path: Path | None, data: str | None = None) -> Finding:
    """What `config check` says of the file."""
    if path is None:
        return fine("config", "cli.doctor.config.none")
    problems = judge(path, data=data).problems
    if problems:
        return wrong("config", "config.wrong", file=path, count=len(problems), first=problems[0])
    return fine("config", "cli.doctor.config.fine", file=path)


def data_folder(data: Path) -> Finding:
    """It can be written, by its owner alone."""
    if not data.exists():
        return _creatable(data)
    if not data.is_dir() or not os.access(data, os.W_OK | os.X_OK):
        return wrong("data", "data.closed", folder=data)
    if data.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return doubtful("data", "data.open", folder=data)
    return fine("data", "cli.doctor.data.fine", folder=data)


def _creatable(data: Path) -> Finding:
    parent = next(folder for folder in data.parents if folder.exists())
    if parent.is_dir() and os.access(parent, os.W_OK | os.X_OK):
        return fine("data", "cli.doctor.data.to_come", folder=data)
    return wrong("data", "data.closed", folder=data)


def socket_folder(data: Path) -> Finding:
    """A private place for sockets whose path is short enough."""
    try:
        folder = runtime_folder(data)
    except Complaint as complaint:
        return told("sockets", "fail", complaint.text())
    with suppress(OSError):
        folder.rmdir()  # it was made just now, or a platform's sockets are in it
    return fine("sockets", "cli.doctor.sockets.fine", folder=folder)


def master_key(settings: Settings) -> Finding:
    """It is there where it is needed, and nobody else reads it."""
    path = settings.data / MASTER_KEY
    if not settings.master_key and not path.exists():
        return fine("master_key", "cli.doctor.master_key.to_come")
    try:
        load_master_keys(settings.data, settings.master_key)
    except Complaint as complaint:
        return told("master_key", "fail", complaint.text())
    except OSError as error:
        return wrong("master_key", "master_key.closed", file=path, reason=error.strerror or error)
    if settings.master_key:
        return fine("master_key", "cli.doctor.master_key.environment")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return wrong("master_key", "master_key.open", file=path)
    return fine("master_key", "cli.doctor.master_key.fine", file=path)


def database_url(settings: Settings) -> str:
    """Of this installation."""
    return settings.database or sqlite_url(settings.data)


def database(settings: Settings) -> Finding:
    """It can be reached, is sound, and of which version it is."""
    file = settings.data / "counterpoint.sqlite3"
    if settings.database is None and not file.exists():
        return fine("database", "cli.doctor.database.to_come")
    try:
        opened = open_database(database_url(settings))
        try:
            return _sound(opened)
        finally:
            opened.close()
    except Complaint as complaint:
        return told("database", "fail", complaint.text())


def _sound(opened: Database) -> Finding:
    where = opened.engine.url.render_as_string(hide_password=True)
    if opened.is_sqlite:
        with opened.read() as connection:
            verdict = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
        if verdict != "ok":
            return wrong("database", "database.damaged", where=where, reason=verdict)
    others = _others(opened)
    if others:
        return doubtful("database", "database.mixed", where=where, versions=", ".join(others))
    missing = missing_revisions(opened)
    if missing:
        return doubtful("database", "database.behind", where=where, count=len(missing))
    return fine("database", "cli.doctor.database.fine", where=where)


def _others(opened: Database) -> list[str]:
    """Other versions than this one that work on the same database now."""
    with opened.read() as connection:
        if not inspect(connection).has_table("processes"):
            return []
        return sorted({row.version for row in processes.listed(connection, living=True)} - {__version__})


def models(plan: Plan) -> Iterator[Finding]:
    """Each has its weights, unchanged."""
    store = ModelStore(plan.models)
    manifests = store.list() if plan.models.is_dir() else ()
    if not manifests:
        yield doubtful("models", "models.none")
    for manifest in manifests:
        yield _model(manifest, plan.models / manifest.name)


def _model(manifest: Manifest, folder: Path) -> Finding:
    try:
        path = weights_of(manifest, folder)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, Refused, msgspec.DecodeError) as error:
        return wrong("models", "models.lost", name=manifest.name, reason=error)
    if digest != manifest.sha256:
        return wrong("models", "models.changed", name=manifest.name, file=path)
    return fine("models", "cli.doctor.models.fine", name=manifest.name, size=numbers.size(manifest.size))


def ports(plan: Plan, data: Path, database: str | None = None) -> Iterator[Finding]:
    """They are free, or ours. `database`: where those that run say at which address."""
    running = is_running(data)
    for check_, port in (("gateway", plan.port), ("studio", plan.admin_port)):
        if running:
            yield _answers(check_, _signed(database, data, check_) or _planned(check_, plan, port))
        elif port and not _is_free(plan.host, port):
            yield wrong(check_, "port.taken", host=plan.host, port=port)
        else:
            yield fine(check_, "cli.doctor.port.free", host=plan.host, port=port)


def _signed(url: str | None, data: Path, what: str) -> str:
    if url is None:
        return ""
    try:
        database = open_database(url)
    except Complaint:  # told by itself
        return ""
    try:
        return running_address(database, data, what, here=True)
    except SQLAlchemyError:  # of another version
        return ""
    finally:
        database.close()


def _planned(check_: str, plan: Plan, port: int) -> str:
    return url_of("https" if plan.tls is not None and check_ == "gateway" else "http", (plan.host, port))


def _answers(check_: str, address: str) -> Finding:
    url = f"{address.rstrip('/')}/healthz"
    try:
        with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:  # noqa: S310 - our own address
            answer.read()
    except (OSError, urllib.error.URLError) as error:
        return doubtful(check_, "port.silent", url=url, reason=error)
    return fine(check_, "cli.doctor.port.answers", url=url)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
        except OSError:
            return False
    return True


def providers(settings: Settings) -> Iterator[Finding]:
    """Each is called for real."""
    if not settings.data.is_dir():
        yield fine("providers", "cli.doctor.providers.none")
        return
    with open_control(settings) as control:
        listed = control.providers.list()
        if not listed:
            yield fine("providers", "cli.doctor.providers.none")
        for view in listed:
            if view.enabled:
                yield _provider(control, view.name)


def _provider(control: Control, name: str) -> Finding:
    try:
        outcome = control.providers.test(name)
    except Complaint as complaint:
        return told("providers", "fail", f"{name}: {complaint.text()}")
    return told("providers", "ok" if outcome.ok else "fail", f"{name}: {outcome.sentence()}")
