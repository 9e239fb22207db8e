"""What stands after the first start: an organisation, a project and a demo key, so that a first call works.

The demo key is the one key that can be shown again, at every start, until it is revoked or rotated: it is
kept encrypted beside its hash. When the environment gives its value, the environment owns it.
"""

import msgspec
from sqlalchemy import Connection

from counterpoint.control.keys import DEFAULT_PROJECT, NewKey, add_key, check_text
from counterpoint.control.ownership import ENVIRONMENT, STUDIO, refuse_if_undeclared
from counterpoint.control.vault import Vault
from counterpoint.directory.keytext import digest_of, hint_of, make_key
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import keys as key_store
from counterpoint.storage import organisations, settings
from counterpoint.storage import secrets as secret_store
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database
from counterpoint.storage.keys import KeyRow

DEFAULT_ORGANISATION = "default"
DEMO_KEY = "demo"
_BEGUN = "begun"


class Beginning(msgspec.Struct, frozen=True):
    """`demo_key`: its text, `None` once it was revoked or rotated. `first`: whether this was the first start."""

    organisation_id: str
    project_id: str
    demo_key: str | None
    first: bool

    def __repr__(self) -> str:
        return f"Beginning(first={self.first})"


def begin(
    database: Database, vault: Vault, *, demo_key: str | None = None, starting: bool = True
) -> Beginning:
    """Makes what is missing. `demo_key`: the value that the environment gives. `starting`: whether this is the
    platform; a command that runs once beside it has another environment, which says nothing about that key.
    Raises `Complaint`."""
    if demo_key is not None:
        _check(demo_key)
    with database.write() as connection:
        vault.check(connection)
        vault.renew(connection)  # the end of a rotation: nothing depends on older master keys from here on
        organisation = organisations.find_organisation(connection, DEFAULT_ORGANISATION)
        if organisation is None:
            organisation = organisations.add_organisation(connection, DEFAULT_ORGANISATION)
        project = organisations.find_project(connection, organisation.id, DEFAULT_PROJECT)
        if project is None:
            project = organisations.add_project(connection, organisation.id, DEFAULT_PROJECT)
        first = settings.get(connection, _BEGUN) is None
        if first:
            settings.put(connection, _BEGUN, now_micros())
        text = _demo_key(connection, vault, project.id, demo_key, first=first, starting=starting)
    return Beginning(organisation.id, project.id, text, first)


def _check(text: str) -> None:
    try:
        check_text(text)
    except Complaint as complaint:
        raise Complaint("control.keys.bad_demo_key", reason=complaint.text()) from None


def _demo_key(
    connection: Connection,
    vault: Vault,
    project_id: str,
    given: str | None,
    *,
    first: bool,
    starting: bool,
) -> str | None:
    row = key_store.by_name(connection, project_id, DEMO_KEY)
    if not starting and not first:
        return None
    if given is not None:
        _declare(connection, project_id, row, given)
        return given
    if row is None:
        if not first:  # it was revoked: by a person, for a reason
            return None
        made = make_key()
        vault.put(connection, "key", _add(connection, project_id, made, STUDIO), DEMO_KEY, made)
        return made
    if row.owner == ENVIRONMENT:
        # The environment no longer gives its value, so that one opens nothing any more.
        made = make_key()
        _replace(connection, row, made, STUDIO)
        vault.put(connection, "key", row.id, DEMO_KEY, made)
        return made
    kept = vault.get(connection, "key", row.id, DEMO_KEY)
    return kept if kept is not None and _opens(connection, row, kept) else None


def _declare(connection: Connection, project_id: str, row: KeyRow | None, given: str) -> None:
    if row is None:
        _add(connection, project_id, given, ENVIRONMENT)
        return
    if row.owner == ENVIRONMENT and _opens(connection, row, given):
        return
    if secret_store.find(connection, "key", row.id, DEMO_KEY) is None:
        # Not the one that the first start made: a person made a key of that name.
        refuse_if_undeclared(row.owner, "key", row.name)
    _replace(connection, row, given, ENVIRONMENT)
    secret_store.drop(connection, "key", row.id)


def _replace(connection: Connection, row: KeyRow, text: str, owner: str) -> None:
    digest = digest_of(text)
    holder = key_store.by_digest(connection, digest)
    if holder is None:
        key_store.add_digest(connection, key_id=row.id, digest=digest, hint=hint_of(text))
    elif holder.id != row.id:
        raise Complaint("control.keys.secret_taken", kind="conflict", name=holder.name)
    key_store.drop_digests(connection, row.id, keep=digest)
    key_store.change(connection, row.id, owner=owner)
    settings.bump(connection)


def _add(connection: Connection, project_id: str, text: str, owner: str) -> str:
    key_id = add_key(
        connection, project_id, NewKey(DEMO_KEY, owner), digest=digest_of(text), hint=hint_of(text)
    )
    settings.bump(connection)
    return key_id


def _opens(connection: Connection, row: KeyRow, text: str) -> bool:
    digests = key_store.valid_digests(connection, now_micros())
    return any(digest.digest == digest_of(text) and key.id == row.id for digest, key in digests)
