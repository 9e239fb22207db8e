"""Who may see the documents of a source, brought up to what the source says now. By itself: a right that is withdrawn
waits for no file to be read. The rows change in one transaction, and hold from then on; the index hears of it after."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping

import msgspec
from sqlalchemy import Connection

from counterpoint.control.accounts import fold
from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge import rights
from counterpoint.knowledge.sources.access import NOBODY
from counterpoint.knowledge.sources.port import EVERYBODY, Ruled, SourceError, Trouble
from counterpoint.knowledge.syncing import state
from counterpoint.knowledge.syncing.listing import DEFECT, StoppedError
from counterpoint.knowledge.syncing.means import Means
from counterpoint.knowledge.syncing.state import Sync
from counterpoint.storage import accounts, groups
from counterpoint.storage import knowledge as documents
from counterpoint.storage import knowledge_readers as readers
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.knowledge_sources import SourceRow
from counterpoint.storage.processes import clock

log = logging.getLogger(__name__)

_AT_ONCE = 500


class People:
    """Whom an organisation knows, by the names that sources call them: a login, which is an e-mail address; a group's
    name as it is written; `everybody`."""

    def __init__(self, connection: Connection, organisation_id: str) -> None:
        self._logins = accounts.logins(connection, organisation_id)
        self._groups = {row.name: row.id for row in groups.listed(connection, organisation_id)}
        self._everybody = rights.everybody(organisation_id)

    def principals(self, names: Iterable[str]) -> frozenset[str]:
        """A name that nobody has is nobody."""
        return frozenset(found for name in names if (found := self._principal(name.strip())))

    def _principal(self, name: str) -> str | None:
        if name == EVERYBODY:
            return self._everybody
        account = self._logins.get(fold(name))
        if account is not None:
            return rights.user(account)
        group = self._groups.get(name)
        return rights.group(group) if group is not None else None


class RightsSync:
    """Of one source, once."""

    def __init__(self, means: Means, row: SourceRow, stopped: Callable[[], bool]) -> None:
        self._means = means
        self._row = row
        self._stopped = stopped
        self._troubles: list[Trouble] = []

    def run(self) -> Sync:
        """How it went, as the row has it, too. Raises `StoppedError`."""
        with self._means.database.write() as connection:
            row = self._locked(connection)
            begun = state.begun(state.sync_of(row.rights), clock(connection))
            sources.put_sync(connection, row.id, "rights", state.row_of(begun))
        sync = Sync()
        error, values = "", {}
        try:
            told = self._told()
        except SourceError as raised:
            error, values = raised.reason, raised.values
        except Complaint as raised:
            error, values = raised.sentence, raised.values
        except StoppedError:
            raise
        except Exception as raised:
            log.exception("source %s did not say who may see what", self._row.name)
            error, values = DEFECT, {"reason": f"{type(raised).__name__}: {raised}"[:300]}
        else:
            changed, found = self._put(told, begun.started_at)
            sync = Sync(changed=changed, found=found)
            if self._troubles:
                error, values = self._troubles[0].reason, self._troubles[0].values
        return self._end(sync, error, values)

    def _told(self) -> dict[str, Ruled] | None:
        """What the source says, by path; `None`: nothing at all."""
        source = self._means.opened(self._row)
        try:
            ruled = source.rights()
            if ruled is None:
                return None
            told = {}
            for each in ruled:
                if self._stopped():
                    raise StoppedError
                if isinstance(each, Trouble):
                    self._troubles.append(each)
                else:
                    told[each.path] = each
            return told
        finally:
            source.close()

    def _put(self, told: dict[str, Ruled] | None, since: int) -> tuple[int, int]:
        """All of it or nothing, as of then. How many documents have other readers now, of how many."""
        with self._means.database.write() as connection:
            row = self._locked(connection)
            people = People(connection, row.organisation_id)
            wanted, others = {}, set()
            for path, known in documents.paths(connection, row.id).items():
                ruled = (
                    told.get(path, Ruled(path, NOBODY)) if told is not None else Ruled(path, None, known.mark)
                )
                names = ruled.readers
                wanted[known.id] = frozenset(row.readers) if names is None else people.principals(names)
                same = known.found and ruled.mark and known.mark.startswith(ruled.mark)
                if told is not None and not same:
                    others.add(known.id)
            narrowed = _narrowed(connection, wanted, others, rights.everybody(row.organisation_id))
            documents.ruled(connection, row.id, since, narrowed.keys())
            return readers.put(connection, wanted | narrowed), len(wanted)

    def _end(self, done: Sync, error: str, values: dict[str, str]) -> Sync:
        with self._means.database.write() as connection:
            row = self._locked(connection)
            sync = msgspec.structs.replace(state.sync_of(row.rights), changed=done.changed, found=done.found)
            partly = bool(self._troubles)
            sync = state.ended(sync, clock(connection), error, values, partly=partly)
            sources.put_sync(connection, row.id, "rights", state.row_of(sync))
        return sync

    def _locked(self, connection: Connection) -> SourceRow:
        row = sources.by_id(connection, self._row.id, lock=True)
        if row is None or row.removing:
            raise StoppedError
        return row


def _narrowed(
    connection: Connection, wanted: Mapping[str, frozenset[str]], ids: Collection[str], everyone: str
) -> dict[str, frozenset[str]]:
    """Of these documents another content is found than the one that the source spoke of, which nobody may see who could
    not: a file that is harmless by now was not always. What is withdrawn is withdrawn all the same."""
    before = readers.of(connection, ids)
    fewer = {id_: rights.narrowed(before.get(id_, NOBODY), wanted[id_], everyone) for id_ in ids}
    return {id_: names for id_, names in fewer.items() if names != wanted[id_]}


def tell_index(means: Means) -> int:
    """The index hears of readers that changed. How many documents."""
    with means.database.read() as connection:
        untold = readers.untold(connection, _AT_ONCE)
        if not untold:
            return 0
        held = readers.of(connection, untold)
        owners = {row.id: row.organisation_id for row in sources.listed(connection)}
    by_organisation: dict[str, dict[str, frozenset[str]]] = {}
    for id_, each in untold.items():
        allowed = by_organisation.setdefault(owners[each.source_id], {})
        allowed[id_] = held.get(id_, frozenset())
    for organisation_id, allowed in by_organisation.items():
        means.index(organisation_id).allow(allowed)
    with means.database.write() as connection:
        readers.tell(connection, untold)
    return len(untold)
