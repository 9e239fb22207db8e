"""Joins what is known to the platform: the database, contents and index, the models behind the gateway.

Opened when it is first needed: a platform without sources carries none of its libraries.
"""

import importlib
import logging
import threading
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from counterpoint.app.compose import Control
from counterpoint.app.modelcalls import (
    QUESTION_SECONDS,
    GatewayCalls,
    GatewayEmbedder,
    GatewayModel,
    vectors_of,
)
from counterpoint.control.calling import CallError
from counterpoint.engines.store import default_model
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import knowledge_readers as readers
from counterpoint.storage import settings

if TYPE_CHECKING:
    from counterpoint.knowledge.contents import Contents
    from counterpoint.knowledge.index.port import Index
    from counterpoint.knowledge.library import Library
    from counterpoint.knowledge.originals import Originals
    from counterpoint.knowledge.service import Knowledge
    from counterpoint.knowledge.sources.port import Bounds
    from counterpoint.knowledge.syncing.means import Means
    from counterpoint.knowledge.syncing.service import Syncing
    from counterpoint.storage.knowledge_sources import SourceRow

log = logging.getLogger(__name__)
VECTORS: Final = "knowledge_vectors"
"""The setting that says which model's vectors the index holds, and how long they are."""
PRIVATE: Final = (".ssh", ".gnupg", ".aws", ".config", ".kube", ".docker")
"""Of a home directory: never documents, whatever is allowed."""


class Knowing:
    """Of one installation, in this process. `gateway`: the address of one, as of now. Safe between threads."""

    def __init__(self, control: Control, gateway: Callable[[], str]) -> None:
        self._control = control
        tls = None if control.settings.gateway_url else control.plan.tls
        self._calls = GatewayCalls(gateway, control.studio_key.text, tls[0] if tls else None)
        self._section = control.settings.configuration.knowledge
        self._lock = threading.RLock()
        self._contents: Contents | None = None
        self._library: Library | None = None
        self._index: Index | None = None
        self._means: Means | None = None
        self._reader: Any = None
        self._service: Knowledge | None = None
        self._syncing: Syncing | None = None
        self._closed = False

    def start_syncing(self) -> bool:
        """Keep what is known up to its sources, in threads of this process, if there is any source. Whether there is.
        Raises `Complaint`."""
        store = importlib.import_module("counterpoint.storage.knowledge_sources")
        with self._control.database.read() as connection:
            if not store.listed(connection):
                return False
        made = self.syncing()
        with self._lock:
            if self._syncing is None and not self._closed:
                self._syncing = made
                self._syncing.start()
        return True

    def syncing(self) -> "Syncing":
        """What keeps all of it up to its sources. Raises `Complaint`."""
        made = importlib.import_module("counterpoint.knowledge.syncing.service").Syncing
        syncing: Syncing = made(self.means(), readers=self._section.parsers)
        return syncing

    def stop_syncing(self) -> None:
        """What is under way is left to who takes it over."""
        with self._lock:
            self._closed, syncing, self._syncing = True, self._syncing, None
        if syncing is not None:
            syncing.stop()

    def service(self) -> "Knowledge":
        """For whoever serves people."""
        with self._lock:
            if self._service is None:
                self._service = self._composed()
            return self._service

    def means(self) -> "Means":
        """What syncing works with. Raises `Complaint`."""
        with self._lock:
            if self._means is None:
                made = importlib.import_module("counterpoint.knowledge.syncing.means").Means
                self._means = made(
                    database=self._control.database,
                    contents=self.contents(),
                    reader=self._readers(),
                    index=lambda _: self.index(),
                    embedder=self.embedder,
                    secret=self._secret,
                    bounds=self._bounds(),
                )
            return self._means

    def contents(self) -> "Contents":
        """Where documents lie."""
        with self._lock:
            if self._contents is None:
                made = importlib.import_module("counterpoint.knowledge.contents").Contents
                self._contents = made(self._place("contents"))
            return self._contents

    def originals(self) -> "Originals":
        """What a backup has to hold besides rows."""
        made = importlib.import_module("counterpoint.knowledge.originals").Originals
        originals: Originals = made(self.contents)
        return originals

    def index(self) -> "Index":
        """Where passages are found. Raises `Complaint`."""
        with self._lock:
            if self._index is None:
                self._index = self._opened(self.dimensions())
            return self._index

    def embedder(self) -> GatewayEmbedder | None:
        """What makes vectors, behind the gateway."""
        return GatewayEmbedder(self._calls, self._section.embedding, self.dimensions())

    def dimensions(self) -> int:
        """Of the vectors: as the index has them, else as the model is described, else as it makes them. Raises
        `Complaint` where none of these can be told now."""
        model = self._section.embedding
        with self._control.database.read() as connection:
            held = settings.get(connection, VECTORS)
        if held and held["model"] == model:
            return int(held["dimensions"])
        known = default_model(model)
        if known is not None and known.dimensions is not None:
            found = known.dimensions
        else:
            try:
                found = len(vectors_of(self._calls, model, ["?"], "query", QUESTION_SECONDS)[0])
            except CallError as error:
                reason = str(error)
                raise Complaint(
                    "knowledge.embedding_away", kind="unavailable", model=model, reason=reason
                ) from None
        with self._control.database.write() as connection:
            if held:  # vectors of two models cannot be compared: all are made anew
                documents = importlib.import_module("counterpoint.storage.knowledge")
                documents.read_all_again(connection)
                settings.put(connection, VECTORS, {"model": model, "dimensions": found})
            else:  # studios and workers begin at one time
                settings.put_first(connection, VECTORS, {"model": model, "dimensions": found})
        return found

    def close(self) -> None:
        """Gives files, connections and processes back."""
        with self._lock:
            if self._index is not None:
                self._index.close()
            if self._reader is not None:
                self._reader.close()
            self._calls.close()

    def _opened(self, dimensions: int) -> "Index":
        if self._section.index == "postgresql":
            if self._control.database.is_sqlite:
                raise Complaint("knowledge.index_needs_postgresql", kind="unavailable")
            adapter = importlib.import_module("counterpoint.knowledge.index.postgresql").PostgresqlIndex
            url = self._control.settings.database
            place = f"{self._control.beginning.organisation_id}/{_slug(self._section.embedding)}-{dimensions}"
            made: Index = adapter(url, dimensions, place=place)
        else:
            adapter = importlib.import_module("counterpoint.knowledge.index.lance").LanceIndex
            made = adapter(self._place(f"index/{_slug(self._section.embedding)}-{dimensions}"), dimensions)
        return made

    def _composed(self) -> "Knowledge":
        load = importlib.import_module
        database, organisation_id = self._control.database, self._control.beginning.organisation_id
        shelf = self._shelf()
        receipts = load("counterpoint.knowledge.receipts").Receipts(database, organisation_id)
        model = self._section.answering
        answerer = load("counterpoint.knowledge.answers.answering").Answerer(
            shelf.whole,
            model=GatewayModel(self._calls, model) if model else None,
            policy=self._section.unsupported,
        )
        knowledge: Knowledge = load("counterpoint.knowledge.service").Knowledge(
            sources=load("counterpoint.knowledge.administering").Sources(
                database, self._control.vault, organisation_id, shelf
            ),
            documents=load("counterpoint.knowledge.opening").Documents(database, organisation_id, shelf),
            asking=load("counterpoint.knowledge.questions").Questions(
                database, organisation_id, self._searcher, answerer, shelf.whole, receipts
            ),
            receipts=receipts,
        )
        return knowledge

    def _searcher(self) -> Any:
        searcher = importlib.import_module("counterpoint.knowledge.search.searcher").Searcher
        return searcher(self.index(), self.embedder(), self._allowed)

    def _allowed(self, documents: Collection[str], principals: frozenset[str]) -> set[str]:
        with self._control.database.read() as connection:
            return readers.visible(connection, principals, documents)

    def _shelf(self) -> "Library":
        if self._library is None:
            library = importlib.import_module("counterpoint.knowledge.library").Library
            self._library = library(self.contents)
        return self._library

    def _readers(self) -> Any:
        if self._reader is None:
            pool = importlib.import_module("counterpoint.knowledge.parsing.pool")
            self._reader = pool.Parsers(self._section.parsers)
        return self._reader

    def _secret(self, row: "SourceRow") -> str | None:
        administering = importlib.import_module("counterpoint.knowledge.administering")
        if row.secret is None:
            return None
        with self._control.database.read() as connection:
            return self._control.vault.get(connection, administering.OWNER_KIND, row.id, administering.SECRET)

    def _bounds(self) -> "Bounds":
        made = importlib.import_module("counterpoint.knowledge.sources.port").Bounds
        named = self._section.folders
        folder, home = self._control.folder, Path.home()
        folders = (home,) if named is None else tuple(folder / Path(each).expanduser() for each in named)
        store = self._place("")
        kept = () if "://" in store else (Path(store),)  # what everybody's documents say is nobody's document
        bounds: Bounds = made(
            work=self._control.settings.data / "knowledge-work",
            folders=folders,
            apart=(self._control.settings.data, *kept, *(home / each for each in PRIVATE)),
            networks=self._control.plan.private_networks or (),
        )
        return bounds

    def _place(self, below: str) -> str:
        store = self._section.store
        if store is None:
            return str(self._control.settings.data / "knowledge" / below)
        if "://" in store:
            return f"{store.rstrip('/')}/{below}"
        return str(self._control.folder / Path(store).expanduser() / below)


def _slug(name: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in name)[:80]
