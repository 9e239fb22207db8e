"""A worker that reads what a platform's sources have, to be killed: `python -m tests.faults.ingesting URL FOLDER`. With
`--never-done` it comes to no end with the document that it has at hand."""

import contextlib
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from counterpoint.knowledge.contents import Contents
from counterpoint.knowledge.embedding import Embedder
from counterpoint.knowledge.index.lance import LanceIndex
from counterpoint.knowledge.index.port import Index, Vector
from counterpoint.knowledge.index.postgresql import PostgresqlIndex
from counterpoint.knowledge.parsing.pool import Parsers
from counterpoint.knowledge.sources.port import Bounds
from counterpoint.knowledge.syncing.means import Means, Reader
from counterpoint.knowledge.syncing.service import Syncing
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.database import Database, open_database

DIMENSIONS = 8
LEASE_SECONDS = 3.0


class ShapeEmbedder:
    """Vectors by the lengths of texts: the same for the same."""

    name = "shape"
    dimensions = DIMENSIONS

    def questions(self, texts: Sequence[str]) -> Sequence[Vector]:
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        return [
            tuple(float(place == len(text) % DIMENSIONS) for place in range(DIMENSIONS)) for text in texts
        ]


class NeverDone:
    """Reads for ever, whatever the machine's speed."""

    def parse(self, name: str, media_type: str, data: bytes) -> NoReturn:
        while True:
            threading.Event().wait()


@contextlib.contextmanager
def index_in(database: Database, folder: Path) -> Iterator[Index]:
    """The only organisation's, of the kind that goes with that kind of database."""
    if database.is_sqlite:
        index: Index = LanceIndex(str(folder / "index"), DIMENSIONS)
    else:
        with database.read() as connection:
            (row,) = sources.listed(connection)
        url = database.engine.url.render_as_string(hide_password=False)
        index = PostgresqlIndex(url, DIMENSIONS, place=row.organisation_id)
    try:
        yield index
    finally:
        index.close()


@contextlib.contextmanager
def worker(database: Database, folder: Path, reader: Reader | None = None) -> Iterator[tuple[Syncing, Index]]:
    """With real parsers in children, or that `reader`, and a real index."""
    with index_in(database, folder) as index, contextlib.closing(Parsers(1)) as parsers:
        yield Syncing(means_of(database, folder, index, reader or parsers), readers=1), index


def means_of(database: Database, folder: Path, index: Index, reader: Reader) -> Means:
    """All that it takes."""
    embedder: Embedder = ShapeEmbedder()
    return Means(
        database=database,
        contents=Contents(str(folder / "contents")),
        reader=reader,
        index=lambda _: index,
        embedder=lambda: embedder,
        secret=lambda _: None,
        bounds=Bounds(folder / "work", folders=(folder,)),
        lease=LEASE_SECONDS,
    )


def main(url: str, folder: Path, reader: Reader | None) -> None:
    """Until its input ends, or it is killed."""
    database = open_database(url)
    with worker(database, folder, reader) as (syncing, _):
        syncing.start()
        print("begun", flush=True)
        sys.stdin.read()
        syncing.stop()
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), NeverDone() if "--never-done" in sys.argv else None)
