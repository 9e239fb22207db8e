"""Documents that wait, a few at a time: fetched, kept, read, cut into passages, and found by word.

Each step can be done again: a worker that is killed anywhere leaves a document that another one takes over. One that
cannot be read says why and stops no other.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.index.port import Indexed
from counterpoint.knowledge.parsing.outcome import Unreadable
from counterpoint.knowledge.passages import context, passages_of
from counterpoint.knowledge.sources.kinds import KINDS
from counterpoint.knowledge.sources.port import ChangedError, Source, SourceError, VanishedError
from counterpoint.knowledge.syncing import state
from counterpoint.knowledge.syncing.listing import DEFECT, ask_rights
from counterpoint.knowledge.syncing.means import Held, Means, claimed
from counterpoint.knowledge.text import terms
from counterpoint.storage import knowledge as documents
from counterpoint.storage import knowledge_readers as readers
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.knowledge import DocumentRow
from counterpoint.storage.knowledge_sources import SourceRow
from counterpoint.storage.processes import clock

BATCH = 16
"""Documents in a step of the index: it takes about as long for many as for one."""
_PASSAGES = 2000
_SECONDS = 3.0
"""A batch is found no later than that after its first document was read."""
_CHANCES = 3
"""Tries for a file whose reading came to nothing by chance: out of time, a crash of the child that read it. A worker
that ended while it had the file does not count: what ended it is not known, and a file is not left out for it."""


class Outcome(msgspec.Struct, frozen=True):
    """Of one document. `indexed`: to be found from now on; `None`: see `withdrawn`, whether it is to be found no
    more. `values`: of its row. `changed`: it is not what was listed."""

    row: DocumentRow
    values: dict[str, Any]
    indexed: Indexed | None = None
    withdrawn: bool = False
    changed: bool = False


class Reading:
    """By one thread. `stopped`: asked between documents."""

    def __init__(self, means: Means, held: Held, stopped: Callable[[], bool]) -> None:
        self._means = means
        self._held = held
        self._stopped = stopped
        self._open: dict[str, Source | SourceError | Complaint] = {}
        self._sources: dict[str, SourceRow] = {}

    def some(self, most: int = BATCH) -> int:
        """Reads a few. How many were there to read."""
        rows, self._sources = claimed(self._means, self._held, "read", most)
        if not rows:
            return 0
        with self._held.documents([row.id for row in rows]):
            try:
                self._read(rows)
            finally:
                self._close()
        return len(rows)

    def _read(self, rows: Sequence[DocumentRow]) -> None:
        batch: list[Outcome] = []
        began, passages = time.monotonic(), 0
        for row in rows:
            if self._stopped():
                break
            batch.append(outcome := self._outcome(row))
            passages += len(outcome.indexed.passages) if outcome.indexed is not None else 0
            if passages >= _PASSAGES or time.monotonic() - began >= _SECONDS:
                self._settle(batch)
                batch, began, passages = [], time.monotonic(), 0
        self._settle(batch)

    def _outcome(self, row: DocumentRow) -> Outcome:
        try:
            return self._one(row)
        except VanishedError as error:
            return _failed(row, error.reason, error.values)
        except ChangedError as error:
            return msgspec.structs.replace(_failed(row, error.reason, error.values), changed=True)
        except SourceError as error:
            if error.lasting:
                return _skipped(row, error.reason, error.values)
            return _failed(row, error.reason, error.values)
        except Complaint as error:
            return _failed(row, error.sentence, error.values)
        except Exception as error:  # noqa: BLE001 - whatever one document does, the others are read
            return defect(row, error)

    def _one(self, row: DocumentRow) -> Outcome:
        version = row.version
        data = self._means.contents.get(version) if version else None
        if data is None:
            data = self._source(row).fetch(row.path, row.mark)
            version = self._means.contents.put(data)
        if version == row.indexed and self._means.contents.get_parsed(row.id, version) is not None:
            return Outcome(row, _ready(version))
        parsed = self._means.reader.parse(row.path.rpartition("/")[2], row.media_type, data)
        if isinstance(parsed, Unreadable):
            if not parsed.lasting and row.tries + 1 < _CHANCES:
                return _failed(row, parsed.reason, parsed.values)
            return _skipped(row, parsed.reason, parsed.values, version=version)
        self._means.contents.put_parsed(row.id, version, parsed)
        indexed = indexed_of(row, version, parsed)
        return Outcome(row, _ready(version) | _of(parsed, indexed, row), indexed)

    def _source(self, row: DocumentRow) -> Source:
        if row.source_id not in self._open:
            try:
                self._open[row.source_id] = self._means.opened(self._sources[row.source_id])
            except (SourceError, Complaint) as error:
                self._open[row.source_id] = error
        source = self._open[row.source_id]
        if isinstance(source, SourceError | Complaint):
            raise source
        return source

    def _close(self) -> None:
        for source in self._open.values():
            if not isinstance(source, SourceError | Complaint):
                source.close()
        self._open = {}

    def _settle(self, batch: Sequence[Outcome]) -> None:
        """The index first, the rows after: killed between the two, it is done again."""
        ids = [outcome.row.id for outcome in batch]
        with self._means.database.read() as connection:
            mine = documents.holds(connection, self._held.holder, ids)
            heard = readers.heard(connection, mine)
            allowed = readers.of(connection, mine)
        batch = [outcome for outcome in batch if outcome.row.id in mine]
        if not batch:
            return
        batch = self._put(batch, allowed)
        self._withdraw([outcome.row for outcome in batch if outcome.withdrawn and outcome.row.indexed])
        with self._means.database.write() as connection:
            now = clock(connection)
            self._ask(connection, batch, now)
            for outcome in sorted(batch, key=lambda outcome: outcome.row.id):
                values = dict(outcome.values)
                if outcome.indexed is not None:
                    values["heard"] = heard[outcome.row.id]
                documents.settle(connection, self._held.holder, outcome.row, timed(values, now))
        for outcome in batch:
            if outcome.indexed is not None:
                self._means.contents.forget(outcome.row.id, keep=outcome.indexed.version)

    def _ask(self, connection: Connection, batch: Sequence[Outcome], now: int) -> None:
        """Sources again, where that is what their documents wait for. Before the documents, as everybody does who takes
        both."""
        changed = {outcome.row.source_id for outcome in batch if outcome.changed}
        settled = [each.row for each in batch if each.values["state"] != documents.FAILED]
        ruling = {row.source_id for row in settled if self._reports_rights(row.source_id)}
        rows = {id_: sources.by_id(connection, id_, lock=True) for id_ in sorted(changed | ruling)}
        narrowed = documents.narrowed(connection, [row.id for row in settled if row.source_id in ruling])
        for id_, row in rows.items():
            if row is not None and id_ in narrowed:
                ask_rights(connection, row, now)
            if row is not None and id_ in changed:
                content = state.soon(state.sync_of(row.content), now)
                sources.put_sync(connection, id_, "content", state.row_of(content))

    def _reports_rights(self, source_id: str) -> bool:
        return KINDS[self._sources[source_id].kind].reports_rights

    def _put(self, batch: Sequence[Outcome], allowed: dict[str, frozenset[str]]) -> list[Outcome]:
        """All at once; where that fails, one by one, so that one document keeps no other from being found. Raises what
        the index raises when it takes none of several."""
        found = [outcome for outcome in batch if outcome.indexed is not None]
        try:
            put_all(self._means, self._sources, found, allowed)
        except Exception as error:
            failed = {} if len(found) > 1 else {found[0].row.id: defect(found[0].row, error)}
            for outcome in found if len(found) > 1 else ():
                try:
                    put_all(self._means, self._sources, [outcome], allowed)
                except Exception as its_own:  # noqa: BLE001 - told with the document
                    failed[outcome.row.id] = defect(outcome.row, its_own)
            if len(failed) == len(found) > 1:
                raise
            return [failed.get(outcome.row.id, outcome) for outcome in batch]
        return list(batch)

    def _withdraw(self, rows: Iterable[DocumentRow]) -> None:
        for row in rows:
            self._means.index(self._sources[row.source_id].organisation_id).remove([row.id])


def indexed_of(row: DocumentRow, version: str, parsed: Parsed) -> Indexed:
    """As it is to be found by word, by nobody yet."""
    cut = passages_of(parsed, row.id, version)
    return Indexed(
        source=row.source_id,
        document=row.id,
        version=version,
        readers=frozenset(),
        passages=cut,
        terms=tuple(tuple(terms(context(passage), passage.language)) for passage in cut),
        media_type=row.media_type,
        modified=row.modified_at if row.modified_at is not None else parsed.modified,
    )


def put_all(
    means: Means,
    rows: Mapping[str, SourceRow],
    found: Iterable[Outcome],
    allowed: Mapping[str, frozenset[str]],
) -> None:
    """In the index of each organisation. `rows`: of their sources. `allowed`: by whom they are found."""
    by_organisation: dict[str, list[Indexed]] = {}
    for outcome in found:
        if (indexed := outcome.indexed) is not None:
            told = msgspec.structs.replace(indexed, readers=allowed.get(indexed.document, frozenset()))
            by_organisation.setdefault(rows[indexed.source].organisation_id, []).append(told)
    for organisation_id, some in by_organisation.items():
        means.index(organisation_id).put(some)


def timed(values: dict[str, Any], now: int) -> dict[str, Any]:
    """As the row takes them: what is to wait, waits from now on."""
    told = dict(values)
    if "wait" in told:
        told["next_at"] = now + told.pop("wait")
    if "read" in told:
        told["read_at"] = now
        del told["read"]
    return told


def _ready(version: str) -> dict[str, Any]:
    fresh = {"reason": "", "values": None, "tries": 0, "next_at": 0}
    return {"state": documents.READY, "version": version, "indexed": version, "read": True} | fresh


def _of(parsed: Parsed, indexed: Indexed, row: DocumentRow) -> dict[str, Any]:
    languages = Counter(passage.language for passage in indexed.passages)
    return {
        "title": parsed.title or row.title,
        "language": max(languages, key=lambda each: languages[each], default=parsed.language),
        "pages": parsed.pages,
        "passages": len(indexed.passages),
        "embedded": False,
    }


def defect(row: DocumentRow, error: Exception) -> Outcome:
    """Nobody foresaw it."""
    return _failed(row, DEFECT, {"reason": f"{type(error).__name__}: {error}"[:300]})


def _failed(row: DocumentRow, reason: str, values: dict[str, Any]) -> Outcome:
    """Tried again, ever later. What was found of it stays."""
    told = {"state": documents.FAILED, "reason": reason, "values": dict(values) or None}
    return Outcome(row, told | {"tries": row.tries + 1, "wait": state.patience(row.tries + 1)})


def _skipped(row: DocumentRow, reason: str, values: dict[str, Any], *, version: str = "") -> Outcome:
    """Right and final for this version: of an earlier one nothing is found any more, either."""
    told = {"state": documents.SKIPPED, "reason": reason, "values": dict(values) or None, "version": version}
    gone = {"indexed": "", "embedded": False, "passages": 0, "pages": 0}
    return Outcome(row, told | gone | {"tries": 0, "next_at": 0, "read": True}, withdrawn=True)
