"""Sources of documents as people administer them: made, changed, synced on request, taken away. The work itself is
`knowledge.syncing`'s, which sees in the database what is wanted of it."""

import builtins
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, Literal, Protocol

import msgspec
from sqlalchemy import Connection

from counterpoint.control.names import check_name
from counterpoint.control.paging import MOST, Paged, paged, place_of
from counterpoint.control.vault import Vault
from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge import principals
from counterpoint.knowledge.asker import Asker
from counterpoint.knowledge.principals import PrincipalView
from counterpoint.knowledge.sources import paths
from counterpoint.knowledge.sources.media import media_type_of
from counterpoint.knowledge.syncing import state
from counterpoint.knowledge.syncing.state import Sync
from counterpoint.storage import knowledge as documents
from counterpoint.storage import knowledge_readers as readers
from counterpoint.storage import knowledge_sources as store
from counterpoint.storage.audit import witness
from counterpoint.storage.audit.log import Change
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database
from counterpoint.storage.knowledge import DocumentRow
from counterpoint.storage.knowledge_sources import SourceRow
from counterpoint.storage.processes import SECOND, clock

SECRET = "secret"  # noqa: S105 - the name that a secret has in the vault
OWNER_KIND = "source"
_LIST = "documents"
What = Literal["content", "rights"]


class NewSource(msgspec.Struct, frozen=True, kw_only=True):
    """A source to be. `readers`: as `principals.resolved` takes them."""

    name: str
    kind: str
    settings: dict[str, Any] = {}
    readers: tuple[str, ...] = ()
    content_every: int = 3600
    rights_every: int = 900


class SourceChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of a source; `None`: as it is."""

    name: str | None = None
    settings: dict[str, Any] | None = None
    readers: tuple[str, ...] | None = None
    content_every: int | None = None
    rights_every: int | None = None
    paused: bool | None = None


class SourceView(msgspec.Struct, frozen=True):
    """A source as it is shown. `counts`: of its documents, by state. `readable`: how many have readers. `rate`:
    documents that are read in a minute."""

    row: SourceRow
    readers: tuple[PrincipalView, ...]
    content: Sync
    rights: Sync
    counts: dict[str, int]
    readable: int
    rate: float | None


class DocumentView(msgspec.Struct, frozen=True):
    """A document, the name of its source, and whether whoever asks may read it."""

    row: DocumentRow
    source_name: str
    may_read: bool


class Library(Protocol):
    """What kinds of sources there are, and where contents lie."""

    def checked(self, kind: str, settings: dict[str, Any]) -> dict[str, Any]:
        """Settings as that kind takes them. Raises `Complaint`."""

    def reports_rights(self, row: SourceRow) -> bool:
        """Whether that source says itself who may see what."""

    def site(self, kind: str, settings: dict[str, Any]) -> str:
        """To whom a source of that kind shows its secret: scheme, host and port; empty: to nobody. Raises
        `Complaint`."""

    def keep(self, content: bytes) -> str:
        """Puts the bytes of an upload where contents are, and says their version."""


class Sources:
    """Those of one organisation."""

    def __init__(self, database: Database, vault: Vault, organisation_id: str, library: Library) -> None:
        self._database = database
        self._vault = vault
        self._organisation_id = organisation_id
        self._library = library

    def list(self) -> Sequence[SourceView]:
        """By name."""
        with self._database.read() as connection:
            return [self._view(connection, row) for row in store.listed(connection, self._organisation_id)]

    def find(self, source_id: str) -> SourceView:
        """One. Raises `Complaint`."""
        with self._database.read() as connection:
            return self._view(connection, self._row(connection, source_id))

    def by_name(self, name: str) -> SourceView:
        """One. Raises `Complaint`."""
        with self._database.read() as connection:
            row = store.by_name(connection, self._organisation_id, name)
            if row is None:
                raise _unknown(name)
            return self._view(connection, row)

    def add(self, new: NewSource, *, secret: str | None = None) -> SourceView:
        """A new one, due to be synced. Raises `Complaint`."""
        check_name(new.name)
        settings = self._library.checked(new.kind, new.settings)
        with self._database.write() as connection:
            self._refuse_taken(connection, new.name)
            row = store.add(
                connection,
                self._organisation_id,
                readers=principals.resolved(connection, self._organisation_id, new.readers),
                name=new.name,
                kind=new.kind,
                settings=settings,
                secret=SECRET if secret else None,
                content_every=new.content_every,
                rights_every=new.rights_every,
            )
            if secret:
                self._vault.put(connection, OWNER_KIND, row.id, SECRET, secret)
            return self._view(connection, row)

    def change(
        self,
        source_id: str,
        change: SourceChange,
        *,
        secret: str | None = None,
        revision: int | None = None,
    ) -> SourceView:
        """`secret`: another one. `revision`: the one that the change was made for. Other readers hold at once. Raises
        `Complaint`."""
        with self._database.write() as connection:
            row = self._locked(connection, source_id, revision)
            values = self._values(connection, row, change)
            if secret is not None:
                self._vault.put(connection, OWNER_KIND, row.id, SECRET, secret)
                values["secret"] = SECRET
            elif "settings" in values:
                self._check_move(row, values["settings"])
            if values:
                store.change(connection, row.id, **values)
            if secret is not None or "settings" in values:
                _ask(connection, row, "content")
            if "readers" in values:
                self._put_readers(connection, row, values["readers"])
            return self._view(connection, self._row(connection, source_id))

    def remove(self, source_id: str) -> None:
        """Nobody finds or sees anything of it from now on. Raises `Complaint`."""
        with self._database.write() as connection:
            row = self._locked(connection, source_id, None)
            documents.lose(connection, row.id)
            store.take_away(connection, row.id)

    def sync(self, source_id: str, what: What) -> SourceView:
        """As soon as a worker is free. Raises `Complaint`."""
        with self._database.write() as connection:
            row = self._row(connection, source_id, lock=True)
            _ask(connection, row, what)
            return self._view(connection, self._row(connection, source_id))

    def put_file(self, source_id: str, name: str, content: bytes, asker: Asker) -> DocumentView:
        """Into a source that people upload to, in place of one of that name. Raises `Complaint`."""
        path = _path(name)
        with self._database.read() as connection:
            row = self._row(connection, source_id)
        if row.kind != "upload":
            raise Complaint("knowledge.sources.takes_no_files", kind="conflict", name=row.name)
        if not content:
            raise Complaint("knowledge.sources.empty_file", name=path)
        version = self._library.keep(content)
        with self._database.write() as connection:
            row = self._row(connection, source_id, lock=True)
            if row.removing:
                raise Complaint("knowledge.sources.going", kind="conflict", name=row.name)
            media_type = media_type_of(path)
            listed = documents.Listed(
                path, version, len(content), media_type, modified_at=now_micros(), version=version
            )
            replaced = documents.by_path(connection, row.id, path)
            documents.see(connection, row.id, [listed], now_micros())
            found = documents.by_path(connection, row.id, path)
            if found is None:
                raise _unknown(path)
            readers.put(connection, {found.id: frozenset(row.readers)})
            _tell(connection, row, found.id, path, before=replaced, after=found)
            return self._document(connection, found, row, asker)

    def file(self, source_id: str, path: str, asker: Asker) -> DocumentView:
        """The document that a source has at that path. Raises `Complaint`."""
        with self._database.read() as connection:
            row = self._row(connection, source_id)
            found = documents.by_path(connection, row.id, path)
            if found is None or found.state == documents.GONE:
                raise Complaint(
                    "knowledge.sources.no_such_file", kind="not_found", name=row.name, path=path[:200]
                )
            return self._document(connection, found, row, asker)

    def remove_file(self, document_id: str) -> None:
        """One that was uploaded: nobody finds or sees it from now on. Raises `Complaint`."""
        with self._database.write() as connection:
            found = documents.by_id(connection, document_id)
            row = None if found is None else store.by_id(connection, found.source_id, lock=True)
            if found is None or row is None or row.organisation_id != self._organisation_id:
                raise Complaint("knowledge.documents.unknown", kind="not_found", id=document_id[:100])
            if row.kind != "upload":
                raise Complaint("knowledge.sources.keeps_its_files", kind="conflict", name=row.name)
            documents.lose_one(connection, document_id)
            _tell(connection, row, document_id, found.path, before=found, after=None)

    def documents(
        self,
        source_id: str,
        asker: Asker,
        *,
        standing: str | None = None,
        words: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Paged[DocumentView]:
        """By path. Raises `Complaint`."""
        limit = max(1, min(limit, MOST))
        after = place_of(_LIST, cursor) or ""
        with self._database.read() as connection:
            row = self._row(connection, source_id)
            found = documents.listed(
                connection, row.id, state=standing or "", words=words, after=after, limit=limit + 1
            )
            seen = readers.visible(connection, asker.principals, [each.id for each in found])
            views = [DocumentView(each, row.name, each.id in seen) for each in found]
        return paged(_LIST, views, limit, lambda view: view.row.path)

    def _document(
        self, connection: Connection, found: DocumentRow, row: SourceRow, asker: Asker
    ) -> DocumentView:
        seen = readers.visible(connection, asker.principals, [found.id])
        return DocumentView(found, row.name, found.id in seen)

    def _values(self, connection: Connection, row: SourceRow, change: SourceChange) -> dict[str, Any]:
        values: dict[str, Any] = {
            name: value
            for name in ("content_every", "rights_every", "paused")
            if (value := getattr(change, name)) is not None and value != getattr(row, name)
        }
        if change.name is not None and change.name != row.name:
            check_name(change.name)
            self._refuse_taken(connection, change.name)
            values["name"] = change.name
        if change.settings is not None and change.settings != row.settings:
            values["settings"] = self._library.checked(row.kind, change.settings)
        if change.readers is not None:
            wanted = principals.resolved(connection, self._organisation_id, change.readers)
            if sorted(wanted) != sorted(row.readers):
                values["readers"] = wanted
        return values

    def _check_move(self, row: SourceRow, settings: dict[str, Any]) -> None:
        """That its secret goes to no other site than the one it was entered for, which would give it away to whoever
        changes the address. Raises `Complaint`."""
        there = self._library.site(row.kind, settings)
        if row.secret is not None and there and there != self._library.site(row.kind, row.settings):
            raise Complaint("knowledge.sources.secret_again", name=row.name, site=there)

    def _put_readers(self, connection: Connection, row: SourceRow, wanted: builtins.list[str]) -> None:
        """Whoever is a reader no more sees nothing at once; whom the source itself names, its next sync of rights lets
        see again."""
        if self._library.reports_rights(row):
            readers.withdraw(connection, row.id, frozenset(row.readers) - frozenset(wanted))
            _ask(connection, row, "rights")
        else:
            readers.put_all(connection, row.id, wanted)

    def _row(self, connection: Connection, source_id: str, *, lock: bool = False) -> SourceRow:
        row = store.by_id(connection, source_id, lock=lock)
        if row is None or row.organisation_id != self._organisation_id:
            raise _unknown(source_id)
        return row

    def _locked(self, connection: Connection, source_id: str, revision: int | None) -> SourceRow:
        row = self._row(connection, source_id, lock=True)
        if revision is not None and revision != row.revision:
            raise Complaint("control.changed_meanwhile", kind="stale")
        return row

    def _refuse_taken(self, connection: Connection, name: str) -> None:
        if store.by_name(connection, self._organisation_id, name) is not None:
            raise Complaint("knowledge.sources.name_taken", kind="conflict", name=name)

    def _view(self, connection: Connection, row: SourceRow) -> SourceView:
        named = principals.named(connection, self._organisation_id, row.readers)
        content, now = state.sync_of(row.content), clock(connection)
        since = max(content.started_at, now - state.RATE_SECONDS * SECOND)
        return SourceView(
            row,
            tuple(named),
            content,
            state.sync_of(row.rights),
            documents.counts(connection, row.id),
            readers.with_readers(connection, row.id),
            state.per_minute(documents.read_since(connection, row.id, since), content, now),
        )


def _ask(connection: Connection, row: SourceRow, what: What) -> None:
    """A worker is to sync it."""
    sync = state.sync_of(row.content if what == "content" else row.rights)
    asked = msgspec.structs.replace(sync, asked_at=max(clock(connection), sync.started_at + 1))
    store.put_sync(connection, row.id, what, state.row_of(asked))


def _tell(
    connection: Connection,
    row: SourceRow,
    document_id: str,
    path: str,
    *,
    before: DocumentRow | None,
    after: DocumentRow | None,
) -> None:
    """The audit log is to say who brought or took which file: what people are answered depends on it."""
    old, new = (
        None
        if each is None or each.state == documents.GONE
        else {"source": row.name, "version": each.version, "size": each.size}
        for each in (before, after)
    )
    if old != new:
        witness.tell(connection, Change("document", document_id, path, old, new))


def _path(name: str) -> str:
    """Of an uploaded file: as its person calls it, folders and all, but nothing that leads elsewhere. Raises
    `Complaint`."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in {"/", ".", ".."}]
    if not parts or not name.isprintable():
        raise Complaint("knowledge.sources.unusable_file_name", name=name[:100])
    path = "/".join(parts)
    if paths.too_long(path):
        raise Complaint("knowledge.sources.long_file_name", name=paths.shown(path), most=paths.LONGEST)
    return path


def _unknown(name: str) -> Complaint:
    return Complaint("knowledge.sources.unknown", kind="not_found", name=name[:100])
