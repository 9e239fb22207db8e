"""One document: opened by its readers alone. What is hidden and what is not there end in the same words."""

from collections.abc import Sequence
from typing import Protocol

import msgspec
from sqlalchemy import Connection

from counterpoint.control.paging import MOST, Paged, cut
from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge import principals, rights
from counterpoint.knowledge.administering import DocumentView
from counterpoint.knowledge.asker import Asker
from counterpoint.knowledge.documents import Box, Passage
from counterpoint.knowledge.principals import PrincipalView
from counterpoint.storage import accounts, groups
from counterpoint.storage import knowledge as store
from counterpoint.storage import knowledge_readers as readers
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.database import Database
from counterpoint.storage.knowledge import DocumentRow

_LIST = "passages"


class PassageView(msgspec.Struct, frozen=True):
    """A passage, and where it stands on its pages."""

    passage: Passage
    boxes: tuple[Box, ...] = ()


class Why(msgspec.Struct, frozen=True):
    """Whether somebody may see a document. `through`: the readers of it that he is."""

    login: str
    through: tuple[PrincipalView, ...]


class Shelf(Protocol):
    """Where documents lie once they are read."""

    def passages(self, document_id: str, version: str) -> Sequence[Passage]:
        """All, in order, of that version."""

    def boxes(self, passage: Passage) -> tuple[Box, ...]:
        """Where it stands on its document's pages."""

    def content(self, version: str) -> bytes | None:
        """As it was fetched."""

    def page(self, row: DocumentRow, number: int, width: int) -> bytes:
        """A picture (PNG). Raises `Complaint` where there is none."""


class Documents:
    """Those of one organisation."""

    def __init__(self, database: Database, organisation_id: str, shelf: Shelf) -> None:
        self._database = database
        self._organisation_id = organisation_id
        self._shelf = shelf

    def find(self, document_id: str, asker: Asker) -> DocumentView:
        """To its readers, and to who administers sources. Raises `Complaint`."""
        with self._database.read() as connection:
            seen = bool(readers.visible(connection, asker.principals, [document_id]))
            if not seen and not asker.administers:
                raise _unknown(document_id)
            row, name = self._row(connection, document_id)
            return DocumentView(row, name, seen)

    def passages(
        self, document_id: str, asker: Asker, *, cursor: str | None = None, limit: int = 100
    ) -> Paged[PassageView]:
        """In order. Raises `Complaint`."""
        row = self._readable(document_id, asker)
        found = self._shelf.passages(row.id, row.indexed)
        limit = max(1, min(limit, MOST))
        page = cut(_LIST, found, lambda passage: f"{passage.number:09d}", cursor=cursor, limit=limit)
        # Where passages stand is looked up for these alone: a book has thousands.
        views = tuple(PassageView(passage, self._shelf.boxes(passage)) for passage in page.items)
        return Paged(views, page.next)

    def content(self, document_id: str, asker: Asker) -> tuple[str, bytes]:
        """Its name, and what was fetched. Raises `Complaint`."""
        row = self._readable(document_id, asker)
        version = row.indexed or row.version  # what is found now, while the next one is being read
        content = self._shelf.content(version) if version else None
        if content is None:
            raise Complaint("knowledge.documents.not_fetched", kind="unavailable")
        return row.path.rpartition("/")[2] or row.title or row.id, content

    def page(self, document_id: str, number: int, width: int, asker: Asker) -> bytes:
        """A picture (PNG). Raises `Complaint`."""
        row = self._readable(document_id, asker)
        if not 1 <= number <= row.pages:
            raise Complaint("knowledge.documents.no_such_page", kind="not_found", number=number)
        return self._shelf.page(row, number, width)

    def readers(self, document_id: str) -> tuple[PrincipalView, ...]:
        """Who may see it, now. For who administers sources. Raises `Complaint`."""
        with self._database.read() as connection:
            row, _ = self._row(connection, document_id)
            found = readers.of(connection, [row.id]).get(row.id, frozenset())
            return tuple(principals.named(connection, self._organisation_id, found))

    def why(self, document_id: str, account: str) -> Why:
        """Whether somebody (an id or a login) may see it, and through what. Raises `Complaint`."""
        with self._database.read() as connection:
            row, _ = self._row(connection, document_id)
            person = accounts.by_id(connection, account) or accounts.by_login(
                connection, self._organisation_id, account.lower()
            )
            if person is None or person.organisation_id != self._organisation_id:
                raise Complaint("control.accounts.not_found", kind="not_found", id=account[:60])
            mine = rights.asker(self._organisation_id, person.id, groups.of_account(connection, person.id))
            common = mine & readers.of(connection, [row.id]).get(row.id, frozenset())
            return Why(person.login, tuple(principals.named(connection, self._organisation_id, common)))

    def _readable(self, document_id: str, asker: Asker) -> DocumentRow:
        with self._database.read() as connection:
            if not readers.visible(connection, asker.principals, [document_id]):
                raise _unknown(document_id)
            return self._row(connection, document_id)[0]

    def _row(self, connection: Connection, document_id: str) -> tuple[DocumentRow, str]:
        row = store.by_id(connection, document_id)
        source = sources.by_id(connection, row.source_id) if row is not None else None
        if row is None or source is None or row.state == store.GONE:
            raise _unknown(document_id)
        if source.organisation_id != self._organisation_id:
            raise _unknown(document_id)
        return row, source.name


def _unknown(document_id: str) -> Complaint:
    return Complaint("knowledge.documents.unknown", kind="not_found", id=document_id[:60])
