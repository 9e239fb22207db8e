"""A small platform's knowledge for tests: a migrated database with an organisation, people and a group, an exact index,
contents in a folder, and a reader of plain text that can be told to fail."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from counterpoint.knowledge import rights
from counterpoint.knowledge.contents import Contents
from counterpoint.knowledge.documents import Block, Parsed
from counterpoint.knowledge.embedding import Embedder
from counterpoint.knowledge.index.port import Filter, Index, Vector
from counterpoint.knowledge.parsing.outcome import CRASHED, DAMAGED, Outcome, Unreadable
from counterpoint.knowledge.sources.port import Bounds
from counterpoint.knowledge.syncing.means import Means
from counterpoint.knowledge.syncing.service import Syncing
from counterpoint.knowledge.text import question_terms
from counterpoint.storage import accounts, groups, organisations
from counterpoint.storage import knowledge as documents
from counterpoint.storage import knowledge_readers as readers
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database
from counterpoint.storage.knowledge import DocumentRow
from counterpoint.storage.knowledge_sources import SourceRow
from counterpoint.testing.exact_index import ExactIndex


class PlainReader:
    """Of UTF-8 text. What begins with `BAD` is damaged, with `CRASH` ends the parser. `seen`: names, as they were
    read."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def parse(self, name: str, media_type: str, data: bytes) -> Outcome:
        self.seen.append(name)
        if data.startswith(b"BAD"):
            return Unreadable(DAMAGED)
        if data.startswith(b"CRASH"):
            return Unreadable(CRASHED, lasting=False)
        text = data.decode()
        return Parsed(text, (Block("paragraph", 0, len(text)),), title=text.partition("\n")[0][:60])


class CountingEmbedder:
    """Vectors by the number of `e`s; `away`: it does not answer."""

    name = "counting"
    dimensions = 2

    def __init__(self) -> None:
        self.away = False
        self.calls = 0

    def questions(self, texts: Sequence[str]) -> Sequence[Vector]:
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        self.calls += 1
        if self.away:
            raise ConnectionError("the model is away")
        return [(1.0, 0.0) if text.count("e") % 2 else (0.0, 1.0) for text in texts]


class Knowing:
    """All of it, and how tests look at it."""

    def __init__(self, database: Database, folder: Path, index: Index | None = None) -> None:
        self.database = database
        self.folder = folder
        self.index: Any = index if index is not None else ExactIndex()
        self.reader = PlainReader()
        self.embedder: CountingEmbedder | None = None
        with database.write() as connection:
            self.organisation = organisations.add_organisation(connection, "Example").id
            added = [
                accounts.add(
                    connection,
                    organisation_id=self.organisation,
                    login=f"{name}@example.com",
                    name=name,
                    role="member",
                    password_hash=None,
                )
                for name in ("alice", "bob")
            ]
            self.alice, self.bob = (rights.user(row.id) for row in added)
            self.finance = rights.group(groups.add(connection, self.organisation, "Finance").id)
        self.everybody = rights.everybody(self.organisation)
        self.contents = Contents(str(folder / "contents"))
        self.secrets: dict[str, str] = {}
        self.syncing = Syncing(self.means())

    def means(self, **others: Any) -> Means:
        def embedder() -> Embedder | None:
            return self.embedder

        told: dict[str, Any] = {
            "database": self.database,
            "contents": self.contents,
            "reader": self.reader,
            "index": lambda _: self.index,
            "embedder": embedder,
            "secret": lambda row: self.secrets.get(row.id),
            "bounds": Bounds(self.folder / "work", folders=(self.folder,), networks=("127.0.0.0/8",)),
        }
        return Means(**told | others)

    def source(self, kind: str = "folder", *, name: str = "", **settings: Any) -> SourceRow:
        """A new one that everybody may see, where it says nothing else."""
        with self.database.write() as connection:
            return sources.add(
                connection,
                self.organisation,
                name=name or kind,
                kind=kind,
                settings=settings,
                readers=[self.everybody],
            )

    def work(self, *, steps: int = 30) -> None:
        """Until there is nothing left to do at this moment."""
        for _ in range(steps):
            if not self.syncing.work_once():
                return
        raise AssertionError(f"not at rest after {steps} steps")

    def ask(self, row: SourceRow, what: str = "content") -> None:
        """Somebody wants it synced, after all that was."""
        with self.database.write() as connection:
            found = sources.by_id(connection, row.id)
            assert found is not None
            told = found.content if what == "content" else found.rights
            later = max(told.get("started_at", 0), told.get("asked_at", 0)) + 1
            sources.put_sync(connection, row.id, what, {**told, "asked_at": later})

    def synced(self, row: SourceRow, what: str = "content") -> None:
        """Asked, and done with all that comes of it."""
        self.ask(row, what)
        self.work()

    def documents(self, row: SourceRow) -> dict[str, DocumentRow]:
        """By path, those that are gone among them."""
        with self.database.read() as connection:
            here = documents.listed(connection, row.id, limit=1000)
            gone = documents.listed(connection, row.id, state=documents.GONE, limit=1000)
        return {each.path: each for each in (*here, *gone)}

    def row(self, row: SourceRow) -> SourceRow | None:
        """As it is now."""
        with self.database.read() as connection:
            return sources.by_id(connection, row.id)

    def upload(self, row: SourceRow, path: str, data: bytes) -> None:
        """As the service of sources does it."""
        version = self.contents.put(data)
        with self.database.write() as connection:
            told = documents.Listed(path, version, len(data), version=version)
            documents.see(connection, row.id, [told], now_micros())
            found = documents.by_path(connection, row.id, path)
            assert found is not None
            readers.put(connection, {found.id: frozenset(row.readers)})

    def readers(self, row: SourceRow) -> dict[str, frozenset[str]]:
        """Of its documents, by path."""
        rows = self.documents(row)
        with self.database.read() as connection:
            held = readers.of(connection, [each.id for each in rows.values()])
        return {path: held.get(each.id, frozenset()) for path, each in rows.items()}

    def found(self, question: str, *principals: str) -> list[str]:
        """Texts that these principals find by word."""
        wanted = Filter(frozenset(principals or (self.everybody,)))
        return [hit.passage.text for hit in self.index.by_terms(question_terms(question), wanted, 50)]

    def change_documents(self, change: Callable[[Any], None]) -> None:
        """Past everything that is proven: as a crash or another worker would."""
        with self.database.write() as connection:
            change(connection)
