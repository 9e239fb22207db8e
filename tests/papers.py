"""A platform with documents for tests of whoever serves them: people sign in, texts are uploaded and read here and now,
into an exact index or another one."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from counterpoint.api.access import COOKIE
from counterpoint.api.application import create_app
from counterpoint.app.compose import Control
from counterpoint.control.roles import Role
from counterpoint.knowledge.administering import Sources
from counterpoint.knowledge.answers.answering import Answerer
from counterpoint.knowledge.contents import Contents
from counterpoint.knowledge.documents import Box, Line, Parsed
from counterpoint.knowledge.embedding import Embedder
from counterpoint.knowledge.index.port import Index
from counterpoint.knowledge.library import Library
from counterpoint.knowledge.opening import Documents
from counterpoint.knowledge.parsing.outcome import Outcome
from counterpoint.knowledge.questions import Questions
from counterpoint.knowledge.receipts import Receipts
from counterpoint.knowledge.search.searcher import Searcher
from counterpoint.knowledge.service import Knowledge
from counterpoint.knowledge.sources.port import Bounds
from counterpoint.knowledge.syncing.means import Means
from counterpoint.knowledge.syncing.service import Syncing
from counterpoint.storage import knowledge_readers as readers
from counterpoint.testing.exact_index import ExactIndex
from tests.knowing import PlainReader
from tests.unit.api.conftest import BEARER, GOOD, OWN, StillRunning, services_over

BASE = "http://127.0.0.1:8601"


class PagedReader(PlainReader):
    """As if each text were one page, with one line on it."""

    def parse(self, name: str, media_type: str, data: bytes) -> Outcome:
        outcome = super().parse(name, media_type, data)
        if not isinstance(outcome, Parsed) or not name.endswith(".pdf"):
            return outcome
        line = Line(0, len(outcome.text), Box(1, 0.1, 0.1, 0.9, 0.2))
        return Parsed(outcome.text, outcome.blocks, outcome.title, pages=1, lines=(line,))


@dataclass(frozen=True)
class Person:
    """`browser`: where he is signed in."""

    id: str
    name: str
    role: Role
    browser: TestClient


class Papers:
    """`control`: an installation. `embedder`: makes vectors; without one, documents are found by word alone."""

    def __init__(
        self,
        control: Control,
        folder: Path,
        index: Index | None = None,
        embedder: Callable[[], Embedder | None] = lambda: None,
    ) -> None:
        self.control = control
        self.organisation = control.beginning.organisation_id
        self._embedder = embedder
        self.index: Any = index if index is not None else ExactIndex()
        self.contents = Contents(str(folder / "contents"))
        self.means = Means(
            database=control.database,
            contents=self.contents,
            reader=PagedReader(),
            index=lambda _: self.index,
            embedder=embedder,
            secret=lambda _: None,
            bounds=Bounds(work=folder / "work", folders=(folder,)),
        )
        self.syncing = Syncing(self.means)
        self.library = Library(lambda: self.contents)
        self.knowledge = self._served()
        self.services = replace(
            services_over(control, StillRunning(), folder), knowledge=lambda: self.knowledge
        )
        self._app = create_app(self.services)
        self.operator = TestClient(self._app, base_url=BASE, headers=BEARER)

    def _served(self) -> Knowledge:
        database, organisation = self.control.database, self.organisation
        receipts = Receipts(database, organisation)
        asking = Questions(
            database, organisation, self.searcher, Answerer(self.library.whole), self.library.whole, receipts
        )
        sources = Sources(database, self.control.vault, organisation, self.library)
        return Knowledge(sources, Documents(database, organisation, self.library), asking, receipts)

    def searcher(self) -> Searcher:
        """As the platform makes it."""
        return Searcher(self.index, self._embedder(), self.allowed)

    def allowed(self, documents: Collection[str], principals: frozenset[str]) -> set[str]:
        """Now."""
        with self.control.database.read() as connection:
            return readers.visible(connection, principals, documents)

    def person(self, name: str, role: Role = "user") -> Person:
        """Signed in."""
        account = self.control.accounts.create(login=name, name=name, role=role, password=GOOD, actor="owner")
        session = self.services.sign_in.sign_in(name, GOOD, "127.0.0.1") or ""
        return Person(
            account.id,
            name,
            role,
            TestClient(self._app, base_url=BASE, cookies={COOKIE: session}, headers=OWN),
        )

    def group(self, name: str, members: Sequence[Person] = ()) -> str:
        """Its id."""
        made = self.control.groups.add(name)
        return self.control.groups.put_members(made.id, [person.id for person in members]).id

    def source(self, name: str = "Handbook", kind: str = "upload", **told: Any) -> str:
        """Its id."""
        made = self.operator.post("/api/v1/sources", json={"name": name, "kind": kind, **told})
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    def upload(self, source: str, name: str, content: str | bytes) -> str:
        """The document's id."""
        data = content.encode() if isinstance(content, str) else content
        answer = self.operator.post(f"/api/v1/sources/{source}/files", params={"name": name}, content=data)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def read(self) -> None:
        """Everything that is to be fetched, read, indexed or taken away."""
        while self.syncing.work_once():
            pass
