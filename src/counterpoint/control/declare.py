"""Brings the database in line with what the configuration file declares, at each start: all of it, or nothing of
a section and a complaint that stops the start."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from counterpoint.control import pricing, projects, routes, rules
from counterpoint.control.budgets import service as budgets
from counterpoint.control.config import Configuration, KeySection, LossSection, ProviderSection
from counterpoint.control.config_limits import limits_from
from counterpoint.control.config_pricing import wanted_from
from counterpoint.control.config_routing import projects_from, routes_from
from counterpoint.control.keys import NewKey, account_of, add_key
from counterpoint.control.ownership import FILE, refuse_if_undeclared
from counterpoint.control.providers import NewProvider, Providers
from counterpoint.control.routecheck import Faulty
from counterpoint.control.schema import Path as KeyPath
from counterpoint.control.secretsources import read_secret
from counterpoint.directory.keytext import digest_of, hint_of
from counterpoint.directory.losspolicy import LossPolicy, written
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import keys as key_store
from counterpoint.storage import organisations, settings
from counterpoint.storage.clock import now_micros, to_micros
from counterpoint.storage.database import Database


class Undeclarable(Complaint):
    """What the file declares and this installation does not take. `path`: where it stands in the file, a route or a
    project by its name, as far as it is known."""

    def __init__(self, complaint: Complaint, path: KeyPath) -> None:
        super().__init__(complaint.sentence, kind=complaint.kind, **complaint.values)
        self.place = complaint.place
        self.path = path


def declare(
    configuration: Configuration,
    database: Database,
    providers: Providers,
    organisation_id: str,
    *,
    folder: Path,
    environ: Mapping[str, str],
) -> None:
    """`folder`: of the configuration file. Raises `Complaint`."""
    wanted = [_provider(section) for section in configuration.providers]
    # A provider that is switched off may be declared before its secret is there.
    secrets = {
        section.name: read_secret(section.secret, folder, environ)
        for section in configuration.providers
        if section.secret is not None and section.enabled
    }
    with _told_of("providers"):
        providers.declare(wanted, secrets)
    with database.write() as connection:
        # First: what the file says of ceilings below is in the currency that it says here.
        with _told_of("prices"):
            pricing.declare(connection, organisation_id, wanted_from(configuration))
        aliases = list(configuration.rules.aliases.items())
        losses = [_loss_rule(section) for section in configuration.rules.losses]
        with _told_of("rules"):
            rules.declare(connection, organisation_id, aliases, configuration.rules.prefer, losses)
        known = providers.known(connection)
        with _told_of("routes"):
            routes.declare(connection, organisation_id, routes_from(configuration), known)
        with _told_of("projects"):
            projects.declare(connection, organisation_id, projects_from(configuration), known)
        _declare_keys(connection, organisation_id, configuration.keys, folder, environ)
        with _told_of("limits"):
            budgets.declare(connection, organisation_id, limits_from(configuration))


@contextmanager
def _told_of(*place: str | int) -> Iterator[None]:
    """A complaint within is about this part of the file."""
    try:
        yield
    except Complaint as complaint:
        path = complaint.path if isinstance(complaint, Faulty) else place
        raise Undeclarable(complaint, path) from complaint


def _loss_rule(section: LossSection) -> tuple[str, str]:
    policy = LossPolicy(section.policy, section.severity, section.codes)
    return section.models, written(policy)


def _provider(section: ProviderSection) -> NewProvider:
    return NewProvider(
        name=section.name,
        host=section.host,
        base_url=section.base_url,
        dialects=section.dialects,
        settings=section.settings,
        models=section.models,
        enabled=section.enabled,
        data_classes=section.data_classes,
        residency=section.residency,
        jurisdiction=section.jurisdiction,
    )


def _declare_keys(
    connection: Connection,
    organisation_id: str,
    sections: Sequence[KeySection],
    folder: Path,
    environ: Mapping[str, str],
) -> None:
    wanted = {(section.project, section.name) for section in sections}
    for row in key_store.owned(connection, organisation_id, FILE):
        if (row.project, row.name) not in wanted:
            # Its digest goes too: the same value may be declared again, under this name or another.
            key_store.change(connection, row.id, revoked_at=now_micros())
            key_store.drop_digests(connection, row.id)
            settings.bump(connection)
    for index, section in enumerate(sections):
        project = organisations.find_project(connection, organisation_id, section.project)
        if project is None:
            project = organisations.add_project(connection, organisation_id, section.project)
        with _told_of("keys", index):
            if section.key is not None:
                text = read_secret(section.key, folder, environ)
                _declare_key(connection, project.id, section, digest_of(text), hint_of(text))
            else:
                _declare_key(connection, project.id, section, bytes.fromhex(section.sha256 or ""), "…")


def _declare_key(
    connection: Connection, project_id: str, section: KeySection, digest: bytes, hint: str
) -> None:
    row = key_store.by_name(connection, project_id, section.name)
    if row is None:
        new = NewKey(section.name, FILE, section.models, section.expires, section.user)
        add_key(connection, project_id, new, digest=digest, hint=hint)
        settings.bump(connection)
        return
    refuse_if_undeclared(row.owner, "key", section.name)
    holder = key_store.by_digest(connection, digest)
    if holder is not None and holder.id != row.id:
        raise Complaint("control.keys.secret_taken", kind="conflict", name=holder.name)
    expires = to_micros(section.expires) if section.expires is not None else None
    account = account_of(connection, project_id, section.user)
    if holder is not None and (row.models, row.expires_at, row.account_id) == (
        section.models,
        expires,
        account,
    ):
        return
    key_store.change(connection, row.id, models=list(section.models), expires_at=expires, account_id=account)
    if holder is None:
        key_store.add_digest(connection, key_id=row.id, digest=digest, hint=hint)
    key_store.drop_digests(connection, row.id, keep=digest)
    settings.bump(connection)
