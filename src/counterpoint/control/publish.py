"""Makes the directory: from rows, catalogue and local models to all that a gateway worker must know.

The app calls it when the revision has moved (`current_revision`), and now and then because prices are dated.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from counterpoint.catalog.contracts import contracted
from counterpoint.control.keypairs import Pair, every_pair
from counterpoint.control.pricing import read_book
from counterpoint.control.projects import every_project
from counterpoint.control.routes import every_route
from counterpoint.control.vault import Vault
from counterpoint.directory.keytext import digest_of_pair
from counterpoint.directory.losspolicy import LossRule, parse
from counterpoint.directory.values import Directory, Host, Key, Offering, Rules
from counterpoint.storage import keys as key_store
from counterpoint.storage import limits as limit_store
from counterpoint.storage import rules as rule_store
from counterpoint.storage import settings
from counterpoint.storage.clock import to_micros
from counterpoint.storage.database import Database
from counterpoint.storage.keys import KeyRow
from counterpoint.storage.raises import with_raises
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
    vault: Vault | None = None,
    when: datetime | None = None,
) -> Directory:
    """The directory as of now, or `when`. `keys`: beside those of the database. `vault`: opens the pairs that keys
    sign with; without it none does."""
    moment = to_micros(when or datetime.now(UTC))
    with database.read() as connection:
        revision = settings.revision(connection)
        digests = key_store.valid_digests(connection, moment)
        rows = rule_store.ordered(connection, organisation_id)
        pairs = every_pair(connection, vault, moment) if vault is not None else {}
        book = read_book(connection, organisation_id)
        routes = every_route(connection, organisation_id)
        projects = every_project(connection, organisation_id)
        limits = with_raises(connection, limit_store.all_of(connection, organisation_id), moment)
    contracts = book.plain_contracts()
    holders = {row.id: row for _, row in digests}
    signers = [
        (pair, holders[key_id]) for key_id, each in pairs.items() if key_id in holders for pair in each
    ]
    return Directory(
        revision=revision,
        keys={
            **(keys or {}),
            **{digest.digest: _key(digest.expires_at, row) for digest, row in digests},
            **{digest_of_pair(pair.access_key): _signer(pair, row) for pair, row in signers},
        },
        hosts={host.name: host for host in hosts},
        offerings=tuple(contracted(each, contracts, moment) for each in offerings),
        rules=rules_from(rows),
        routes=routes,
        projects=projects,
        limits=tuple(row.limit for row in limits),
        currency=book.own.currency,
        rates=book.foreign_rates_at(moment),
        zone=book.own.zone,
    )


def rules_from(rows: Iterable[RuleRow]) -> Rules:
    """The rules as the resolver reads them."""
    aliases: list[tuple[str, str]] = []
    prefer: list[str] = []
    losses: list[LossRule] = []
    for row in rows:
        if row.kind == "alias":
            aliases.append((row.pattern, row.target))
        elif row.kind == "losses":
            losses.append(LossRule(row.pattern, parse(row.target)))
        elif row.pattern not in prefer:
            prefer.append(row.pattern)
    return Rules(aliases=tuple(aliases), prefer=tuple(prefer), losses=tuple(losses))


def _signer(pair: Pair, row: KeyRow) -> Key:
    return msgspec.structs.replace(_key(pair.ends, row), pair_secret=pair.secret)


def _key(until: int | None, row: KeyRow) -> Key:
    ends = [moment for moment in (until, row.expires_at) if moment is not None]
    return Key(
        id=row.id,
        name=row.name,
        project=row.project_id,
        organisation=row.organisation_id,
        expires=min(ends) / 1_000_000 if ends else None,
        models=row.models,
        user=row.account_id or "",
    )
