"""What a source has now, against what is known of it: new, changed and gone documents. Nothing is fetched here but what
listing takes; a document is gone only when a look at everything did not find it."""

import logging
from collections.abc import Callable, Iterator

import msgspec
from sqlalchemy import Connection

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.contents import Contents
from counterpoint.knowledge.sources import paths
from counterpoint.knowledge.sources.kinds import KINDS
from counterpoint.knowledge.sources.port import Item, SourceError, Trouble
from counterpoint.knowledge.syncing import state
from counterpoint.knowledge.syncing.means import Means
from counterpoint.knowledge.syncing.state import Sync
from counterpoint.storage import knowledge as documents
from counterpoint.storage import knowledge_readers as readers
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.knowledge_sources import SourceRow
from counterpoint.storage.knowledge_tables import MEDIA_TYPE
from counterpoint.storage.processes import clock

log = logging.getLogger(__name__)
DEFECT = "knowledge.source.defect"
_BATCH = 200
_BYTES = 16 << 20
"""Of what was fetched while listing, in a batch."""


class StoppedError(Exception):
    """The source is going, or we are: what was found so far is kept."""


class Listing:
    """Of one source, once. `stopped`: asked between documents."""

    def __init__(self, means: Means, row: SourceRow, stopped: Callable[[], bool]) -> None:
        self._means = means
        self._row = row
        self._stopped = stopped
        self._troubles: list[Trouble] = []
        self._sync = Sync()
        self._generation = 0

    def run(self) -> Sync:
        """How it went, as the row has it, too. Raises `StoppedError`."""
        self._begin()
        error, values, partly = "", {}, False
        try:
            self._look()
        except SourceError as raised:
            error, values = raised.reason, raised.values
        except Complaint as raised:
            error, values = raised.sentence, raised.values
        except StoppedError:
            raise
        except Exception as raised:
            log.exception("source %s could not be listed", self._row.name)
            error, values = DEFECT, {"reason": f"{type(raised).__name__}: {raised}"[:300]}
        else:
            self._lose()
            if self._troubles:
                error, values, partly = self._troubles[0].reason, self._troubles[0].values, True
        return self._end(error, values, partly=partly)

    def _begin(self) -> None:
        with self._means.database.write() as connection:
            row = self._locked(connection)
            self._generation = clock(connection)
            told = state.begun(state.sync_of(row.content), self._generation)
            self._sync = msgspec.structs.replace(told, found=0, new=0, changed=0, gone=0)
            sources.put_sync(connection, row.id, "content", state.row_of(self._sync))

    def _look(self) -> None:
        source = self._means.opened(self._row)
        try:
            for items in self._batches(source.items()):
                self._see(items)
        finally:
            source.close()

    def _batches(self, found: Iterator[Item | Trouble]) -> Iterator[list[Item]]:
        batch: list[Item] = []
        size = 0
        for each in (_storable(each) for each in found):
            if self._stopped():
                raise StoppedError
            if isinstance(each, Trouble):
                self._troubles.append(each)
                continue
            batch.append(each)
            size += len(each.data or b"")
            if len(batch) >= _BATCH or size >= _BYTES:
                yield batch
                batch, size = [], 0
        yield batch

    def _see(self, items: list[Item]) -> None:
        listed = [listed_of(item, self._means.contents) for item in items]
        with self._means.database.write() as connection:
            row = self._locked(connection)
            reports, now = KINDS[row.kind].reports_rights, clock(connection)
            seen = documents.see(connection, row.id, listed, self._generation, unruled=now if reports else 0)
            self._sync = msgspec.structs.replace(
                self._sync,
                asked_at=state.sync_of(row.content).asked_at,
                next_at=state.sync_of(row.content).next_at,
                found=self._sync.found + len(listed),
                new=self._sync.new + len(seen.new),
                changed=self._sync.changed + seen.changed,
            )
            sources.put_sync(connection, row.id, "content", state.row_of(self._sync))
            if not reports:
                readers.put(connection, dict.fromkeys(seen.new, frozenset(row.readers)))
            elif seen.new or seen.changed:
                ask_rights(connection, row, now)

    def _lose(self) -> None:
        """What is not there any more."""
        if not KINDS[self._row.kind].complete or any(not trouble.path for trouble in self._troubles):
            return
        sparing = [trouble.path for trouble in self._troubles]
        with self._means.database.write() as connection:
            row = self._locked(connection)
            gone = documents.lose(connection, row.id, self._generation, sparing=sparing)
        self._sync = msgspec.structs.replace(self._sync, gone=gone)

    def _end(self, error: str, values: dict[str, str], *, partly: bool) -> Sync:
        with self._means.database.write() as connection:
            row = self._locked(connection)
            now_said = state.sync_of(row.content)
            asked = msgspec.structs.replace(self._sync, asked_at=now_said.asked_at, next_at=now_said.next_at)
            self._sync = state.ended(asked, clock(connection), error, values, partly=partly)
            sources.put_sync(connection, row.id, "content", state.row_of(self._sync))
        return self._sync

    def _locked(self, connection: Connection) -> SourceRow:
        row = sources.by_id(connection, self._row.id, lock=True)
        if row is None or row.removing:
            raise StoppedError
        return row


def _storable(found: Item | Trouble) -> Item | Trouble:
    """What has a path that no row can have is a trouble of its own: the rest is listed all the same."""
    if isinstance(found, Trouble):
        return found
    told = {"path": paths.shown(found.path)}
    if not paths.sayable(found.path):
        return Trouble("knowledge.source.name_unreadable", ascii(found.path), told)
    if paths.too_long(found.path):
        return Trouble("knowledge.source.path_too_long", found.path, told | {"most": str(paths.LONGEST)})
    return found


def listed_of(item: Item, contents: Contents) -> documents.Listed:
    """As its row is told. What was fetched on the way is kept."""
    version = contents.put(item.data) if item.data is not None else ""
    size = len(item.data) if item.data is not None else item.size
    # What is longer is none: the ending of its name says more.
    media_type = item.media_type if len(item.media_type) <= MEDIA_TYPE else ""
    return documents.Listed(item.path, item.mark, size, media_type, item.modified, item.title, version)


def ask_rights(connection: Connection, row: SourceRow, now: int) -> None:
    """New documents are for nobody until the source has said for whom, and what has changed stays what it was."""
    sync = state.sync_of(row.rights)
    sync = msgspec.structs.replace(sync, asked_at=max(now, sync.started_at) + 1)
    sources.put_sync(connection, row.id, "rights", state.row_of(sync))
