"""Makes the directory: from rows, catalogue and local models to all that a gateway worker must know.

The app calls it when the revision has moved (`current_revision`), and now and then because prices are dated.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from counterpoint.directory.values import Directory, Host, Key, Offering, Rules
from counterpoint.storage import keys as key_store
from counterpoint.storage import rules as rule_store
from counterpoint.storage import settings
from counterpoint.storage.clock import to_micros
from counterpoint.storage.database import Database
from counterpoint.storage.keys import DigestRow, KeyRow
from counterpoint.storage.rules import RuleRow


def current_revision(database: Database) -> int:
    """Counts the changes to what workers must know."""
    with database.read() as connection:
        return settings.revision(connection)


def build_directory(
    database: Database,
    organisation_id: str,
    *,
    hosts: Iterable[Host] = (),
    offerings: Iterable[Offering] = (),
    keys: Mapping[bytes, Key] | None = None,
    when: datetime | None = None,
) -> Directory:
    """The directory as of now, or `when`. `keys`: beside those of the database."""
    moment = to_micros(when or datetime.now(UTC))
    with database.read() as connection:
        revision = settings.revision(connection)
        digests = key_store.valid_digests(connection, moment)
        rows = rule_store.ordered(connection, organisation_id)
    return Directory(
        revision=revision,
        keys={**(keys or {}), **{digest.digest: _key(digest, row) for digest, row in digests}},
        hosts={host.name: host for host in hosts},
        offerings=tuple(offerings),
        rules=rules_from(rows),
    )


def rules_from(rows: Iterable[RuleRow]) -> Rules:
    """The rules as the resolver reads them."""
    aliases: list[tuple[str, str]] = []
    prefer: list[str] = []
    for row in rows:
        if row.kind == "alias":
            aliases.append((row.pattern, row.target))
        elif row.pattern not in prefer:
            prefer.append(row.pattern)
    return Rules(aliases=tuple(aliases), prefer=tuple(prefer))


def _key(digest: DigestRow, row: KeyRow) -> Key:
    ends = [moment for moment in (digest.expires_at, row.expires_at) if moment is not None]
    return Key(
        id=row.id,
        name=row.name,
        project=row.project_id,
        organisation=row.organisation_id,
        expires=min(ends) / 1_000_000 if ends else None,
        models=row.models,
    )
