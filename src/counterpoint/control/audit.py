"""The audit log of one organisation: read in pages, exported, checked; and acts noted that change no row."""

import logging
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from counterpoint.control.paging import MOST, Paged, paged, place_of
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.audit import log
from counterpoint.storage.audit.acting import Act
from counterpoint.storage.audit.chain import Anchor, Verdict, anchor_line, read_anchors, verify
from counterpoint.storage.audit.log import AuditEntry, AuditFilter, Outcome
from counterpoint.storage.clock import now_micros, to_micros
from counterpoint.storage.database import Database

_log = logging.getLogger(__name__)
_LIST = "audit"


class AuditQuery(msgspec.Struct, frozen=True, kw_only=True):
    """`since` is included, `until` is not. `actor`: his kind, or his id; `action`: how it begins; `words`: in the
    kinds, ids and names of what was changed."""

    since: datetime | None = None
    until: datetime | None = None
    actor: str = ""
    action: str = ""
    outcome: Outcome | None = None
    words: str = ""


class Audit:
    """`anchor`: the file that the newest places are written to, if there is one."""

    def __init__(self, database: Database, organisation_id: str, anchor: Path | None = None) -> None:
        self._database = database
        self._organisation_id = organisation_id
        self._anchor = anchor

    def note(self, act: Act, outcome: Outcome = "done") -> None:
        """Something was done that changes no row, or was refused."""
        with self._database.write() as connection:
            place = log.append(connection, act, outcome=outcome)
        if place is not None and self._database.anchor is not None:
            self._database.anchor(place)

    def entries(self, query: AuditQuery, *, cursor: str | None = None, limit: int = 50) -> Paged[AuditEntry]:
        """Newest first. Raises `Complaint`."""
        limit = max(1, min(limit, MOST))
        place = place_of(_LIST, cursor)
        if place is not None and (not place.isascii() or not place.isdigit() or len(place) > 18):
            raise Complaint("control.usage.bad_cursor", cursor=(cursor or "")[:60])
        before = None if place is None else int(place)
        with self._database.read() as connection:
            found = log.page(connection, self._filter(query), before=before, limit=limit + 1)
        return paged(_LIST, found, limit, lambda entry: str(entry.sequence))

    def entry(self, sequence: int) -> AuditEntry:
        """One, by its number. Raises `Complaint`."""
        with self._database.read() as connection:
            found = log.find(connection, self._organisation_id, sequence)
        if found is None:
            raise Complaint("control.audit.no_entry", kind="not_found", number=sequence)
        return found

    def export(self, query: AuditQuery, out: BinaryIO) -> int:
        """Writes every entry as a line of JSON, oldest first; how many. With a filter on anything but time, what is
        left is no chain any more."""
        count = 0
        for line in self._lines(query):
            out.write(line.encode())
            count += 1
        return count

    def verify(self) -> Verdict:
        """Of the log in the database, against its anchors where there are any."""
        anchors = read_anchor_file(self._anchor) if self._anchor is not None and self._anchor.exists() else ()
        own = [anchor for anchor in anchors if anchor.organisation == self._organisation_id]
        return verify(self._lines(AuditQuery()), own)

    def _lines(self, query: AuditQuery) -> Iterator[str]:
        with self._database.read() as connection:
            yield from log.lines(connection, self._filter(query))

    def _filter(self, query: AuditQuery) -> AuditFilter:
        return AuditFilter(
            organisation=self._organisation_id,
            since=None if query.since is None else to_micros(query.since),
            until=None if query.until is None else to_micros(query.until),
            actor=query.actor,
            action=query.action,
            outcome=query.outcome,
            words=query.words,
        )


class AnchorFile:
    """Appends the place of each entry to a file. No act fails because that cannot be written: the log has it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, place: Anchor) -> None:
        """Keeps it."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            try:
                os.write(fd, anchor_line(place, now_micros()).encode())
            finally:
                os.close(fd)
        except OSError as error:
            _log.error("the audit log's anchor %s cannot be written: %s", self._path, error)


def read_anchor_file(path: Path) -> list[Anchor]:
    """Its places. Raises `Complaint`."""
    try:
        with path.open(encoding="utf-8") as lines:
            return list(read_anchors(lines))
    except (OSError, ValueError) as error:
        raise Complaint("control.audit.bad_anchor", path=path, reason=str(error)) from None


def verify_file(lines: Iterable[str | bytes], anchor: Path | None = None) -> Verdict:
    """Of an export; needs nothing but the file, and the anchors where they are. Raises `Complaint`."""
    return verify(lines, read_anchor_file(anchor) if anchor is not None else ())


def note_quietly(audit: Audit, act: Act, outcome: Outcome) -> None:
    """As `Audit.note`, where nobody is left to be told that the database is away; then our own log has it."""
    try:
        audit.note(act, outcome)
    except SQLAlchemyError as error:
        _log.error(
            "not in the audit log, which cannot be written: %s by %s from %s: %s",
            act.action,
            act.actor.name or act.actor.kind,
            act.origin,
            type(error).__name__,
        )
