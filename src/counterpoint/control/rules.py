"""The organisation's rules for bare model names, as they are edited outside the configuration file."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from counterpoint.control.names import check_patterns
from counterpoint.control.ownership import FILE, STUDIO
from counterpoint.directory.losspolicy import parse
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import rules as store
from counterpoint.storage import settings
from counterpoint.storage.database import Database
from counterpoint.storage.rules import RuleKind, RuleRow


class RuleBook(msgspec.Struct, frozen=True):
    """All rules, in the order in which they are tried. `revision` counts changes to them."""

    rows: tuple[RuleRow, ...]
    revision: int


class NameRules:
    """The rules of one organisation. What the file declares comes first, and stays."""

    def __init__(self, database: Database, organisation_id: str) -> None:
        self._database = database
        self._organisation_id = organisation_id

    def book(self) -> RuleBook:
        """All of them."""
        with self._database.read() as connection:
            return self._book(connection)

    def replace(
        self,
        aliases: Sequence[tuple[str, str]],
        preferred: Sequence[str],
        losses: Sequence[tuple[str, str]] | None = None,
        *,
        revision: int | None = None,
    ) -> RuleBook:
        """Those of the studio are these. `losses`: patterns with their policies; `None`: as they are. `revision`: the
        one that they were made for. Raises `Complaint`."""
        with self._database.write() as connection:
            # Counted first: others wait, so that of two with the same revision one is told that it is late.
            after = settings.bump(connection, store.REVISION)
            if revision is not None and revision != after - 1:
                raise Complaint("control.changed_meanwhile", kind="stale")
            self._put(connection, "alias", aliases)
            self._put(connection, "prefer", [(host, "") for host in preferred])
            if losses is not None:
                self._put(connection, "losses", losses)
            settings.bump(connection)
            return self._book(connection)

    def _put(self, connection: Connection, kind: RuleKind, pairs: Sequence[tuple[str, str]]) -> None:
        _check(kind, pairs)
        mine = {pattern for pattern, _ in pairs}
        for row in store.ordered(connection, self._organisation_id):
            if row.owner == FILE and row.kind == kind and row.pattern in mine:
                raise Complaint("control.declared_in_file.rule", kind="conflict", name=row.pattern)
        store.replace(connection, self._organisation_id, kind, STUDIO, pairs)

    def _book(self, connection: Connection) -> RuleBook:
        rows = store.ordered(connection, self._organisation_id)
        return RuleBook(tuple(rows), settings.revision(connection, store.REVISION))


def declare(
    connection: Connection,
    organisation_id: str,
    aliases: Sequence[tuple[str, str]],
    prefer: Sequence[str],
    losses: Sequence[tuple[str, str]] = (),
) -> None:
    """The rules of the configuration file are these. Raises `Complaint`."""
    before = store.ordered(connection, organisation_id)
    wanted: tuple[tuple[RuleKind, Sequence[tuple[str, str]]], ...] = (
        ("alias", aliases),
        ("prefer", [(host, "") for host in prefer]),
        ("losses", losses),
    )
    for kind, pairs in wanted:
        _check(kind, pairs)
        of_kind = [row for row in before if row.kind == kind]
        declared = {pattern for pattern, _ in pairs}
        for row in of_kind:
            if row.owner == STUDIO and row.pattern in declared:
                raise Complaint("control.made_in_studio.rule", kind="conflict", name=row.pattern)
        if [(row.pattern, row.target) for row in of_kind if row.owner == FILE] != list(pairs):
            store.replace(connection, organisation_id, kind, FILE, pairs)
            settings.bump(connection, store.REVISION)
            settings.bump(connection)


def _check(kind: RuleKind, pairs: Sequence[tuple[str, str]]) -> None:
    seen: set[str] = set()
    for pattern, target in pairs:
        check_patterns((pattern, target) if kind == "alias" else (pattern,))
        if kind == "losses":
            check_policy(target)
        if pattern in seen:
            raise Complaint("control.config.twice", name=pattern)
        seen.add(pattern)


def check_policy(text: str) -> None:
    """A policy on losses, as a text. Raises `Complaint`."""
    try:
        parse(text)
    except ValueError as error:
        raise Complaint("control.names.unusable_policy", policy=str(error)) from error
