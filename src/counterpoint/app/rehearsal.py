"""What a start would say of a configuration file, without starting: the file is declared by the very code that a start
runs, in the database that it would find, and all of it is taken back."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import msgspec
from sqlalchemy.exc import OperationalError

from counterpoint.api.forwarded import networks
from counterpoint.app.observing import headers_of
from counterpoint.app.plan import plan_of
from counterpoint.app.settings import Settings, data_folder, read_settings
from counterpoint.app.tls import context_of
from counterpoint.catalog.catalog import Catalog
from counterpoint.catalog.loading import load
from counterpoint.control.beginning import DEFAULT_ORGANISATION, begin
from counterpoint.control.config import Configuration
from counterpoint.control.config_check import ConfigurationError, Problem, check, placed
from counterpoint.control.declare import Undeclarable, declare
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.providers import Providers
from counterpoint.control.schema import Fault
from counterpoint.control.schema import Path as KeyPath
from counterpoint.control.vault import Vault
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import organisations
from counterpoint.storage.database import Database, open_database, parse_url, sqlite_url
from counterpoint.storage.migrate import migrate, missing_revisions

Rehearse = Callable[[Database, Configuration], list[Fault]]


class Verdict(msgspec.Struct, frozen=True):
    """`problems`: in the order of the file. `alone`: why the file was judged by itself, without the database of the
    installation: what depends on what is there besides, persons for one, is judged at the start."""

    problems: tuple[Problem, ...]
    alone: str = ""


def judge(
    path: Path, *, environ: Mapping[str, str] = os.environ, data: str | None = None, lang: str | None = None
) -> Verdict:
    """All that a start would refuse. Raises `Complaint` for what is wrong beside the file."""
    try:
        settings = read_settings(environ, data=data, config=str(path))
    except ConfigurationError:
        settings = None
    catalog = _catalog(settings.data if settings else data_folder(environ, data))
    problems = check(path, environ=environ, hosts=catalog.hosts, lang=lang)
    if settings is None or problems:
        return Verdict(tuple(problems))

    def rehearse(database: Database, configuration: Configuration) -> list[Fault]:
        return _declared(database, configuration, catalog, path.parent, environ)

    declared, alone = _rehearsed(settings, rehearse)
    found = [placed(path, fault, lang) for fault in (*_means(settings, path.parent, environ), *declared)]
    return Verdict(tuple(sorted(found, key=lambda problem: (problem.line, problem.column))), alone)


def _catalog(data: Path) -> Catalog:
    """With what the operator added to it, where whoever checks may look."""
    try:
        return load(data)
    except OSError:
        return load()


def _means(settings: Settings, folder: Path, environ: Mapping[str, str]) -> Iterator[Fault]:
    """What a start opens and reads besides the database."""
    server, telemetry = settings.configuration.server, settings.configuration.telemetry
    tls = plan_of(settings, settings.configuration).tls
    for place, attempt in (
        (("server", "tls"), lambda: tls and context_of(*tls)),
        (("server", "admin_proxies"), lambda: networks(server.admin_proxies)),
        (("telemetry", "metrics_from"), lambda: networks(telemetry.metrics_from)),
        (("telemetry", "headers"), lambda: headers_of(telemetry, folder, environ)),
    ):
        try:
            attempt()
        except Complaint as complaint:
            yield Fault(place, complaint.sentence, complaint.values)


def _rehearsed(settings: Settings, rehearse: Rehearse) -> tuple[list[Fault], str]:
    """In the database as a start would find it, else in a new one; and why it was a new one."""
    try:
        with closing(_standing(settings)) as database:
            return rehearse(database, settings.configuration), ""
    except Complaint as complaint:
        reason = complaint.text()
    except OperationalError as error:  # it may be looked at, and not written
        reason = str(error.orig)
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_database(sqlite_url(Path(folder)))) as database,
    ):
        migrate(database)
        return rehearse(database, _by_itself(settings.configuration)), reason


def _standing(settings: Settings) -> Database:
    """Raises `Complaint` when there is none of this version, with what a start begins with."""
    url = parse_url(settings.database or sqlite_url(settings.data))
    if url.drivername == "sqlite" and not os.access(url.database or "", os.F_OK):
        raise Complaint("app.rehearsal.none", kind="not_found")
    database = open_database(url.render_as_string(hide_password=False))
    try:
        if missing_revisions(database):
            raise Complaint("app.rehearsal.older", kind="conflict")
        with database.read() as connection:
            if organisations.find_organisation(connection, DEFAULT_ORGANISATION) is None:
                raise Complaint("app.rehearsal.none", kind="not_found")
    except BaseException:
        database.close()
        raise
    return database


def _by_itself(configuration: Configuration) -> Configuration:
    """Without what nothing in the file could make true: persons, and limits of what is made elsewhere."""
    projects = {each.name for each in configuration.projects} | {each.project for each in configuration.keys}
    keys = {name for each in configuration.keys for name in (each.name, f"{each.project}/{each.name}")}
    own = {"organisation": {""}, "project": projects, "key": keys, "user": set()}
    return msgspec.structs.replace(
        configuration,
        keys=tuple(msgspec.structs.replace(each, user="") for each in configuration.keys),
        limits=tuple(each for each in configuration.limits if each.subject in own[each.scope]),
    )


def _declared(
    database: Database,
    configuration: Configuration,
    catalog: Catalog,
    folder: Path,
    environ: Mapping[str, str],
) -> list[Fault]:
    vault = Vault([new_master_key()])  # what a file declares is not encrypted, for it is not kept
    with database.rehearsal() as trial:
        with trial.read() as connection:
            found = organisations.find_organisation(connection, DEFAULT_ORGANISATION)
        organisation_id = found.id if found else begin(trial, vault).organisation_id
        providers = Providers(trial, vault, organisation_id, catalog)
        try:
            declare(configuration, trial, providers, organisation_id, folder=folder, environ=environ)
        except Undeclarable as complaint:
            return [Fault(_place(complaint, configuration), complaint.sentence, complaint.values)]
        except Complaint as complaint:
            return [Fault((), complaint.sentence, complaint.values)]
    return []


def _place(complaint: Undeclarable, configuration: Configuration) -> KeyPath:
    """Where it stands in the file: what has a name there is found by it."""
    section, *rest = complaint.path
    named = {"providers": "name", "routes": "name", "projects": "name", "limits": "subject"}
    if section not in named:
        return complaint.path
    name = rest[0] if rest else complaint.values.get("name")
    for index, item in enumerate(getattr(configuration, str(section))):
        if getattr(item, named[str(section)]) == name:
            return (section, index, *rest[1:])
    return (section,)
