"""A worker that reads documents is killed, again and again; what is found in the end is what it would have been."""

import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from counterpoint.knowledge import rights
from counterpoint.knowledge.index.port import Filter, Index
from counterpoint.storage import knowledge as documents
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage import organisations
from counterpoint.storage.database import Database, open_database
from counterpoint.storage.knowledge import DocumentRow
from tests.databases import database, database_url, fresh_url
from tests.faults.ingesting import worker

__all__ = ["database", "database_url"]
KILLS = 10
PATIENCE = 120.0
"""Seconds that a slow machine with other work may take until a worker is as far as it is to be killed."""
GENERATED = 24
OFFICE = 12
_SMALL = 60_000
"""Bytes: large files are read elsewhere, here many are to be under way."""
Passages = dict[str, list[tuple[int, int, str]]]


def generate(files: Path, shared: Path, generated: int = GENERATED, office_files: int = OFFICE) -> None:
    """Files of one's own, and some that others made."""
    chance = random.Random(6)
    files.mkdir()
    words = [
        "marmot",
        "winter",
        "budget",
        "contract",
        "lunch",
        "train",
        "holiday",
        "invoice",
        "garden",
        "meeting",
    ]
    for number in range(generated):
        sections = [
            f"# Part {part}\n\n" + "\n\n".join(" ".join(chance.choices(words, k=60)) + "." for _ in range(3))
            for part in range(chance.randint(1, 6))
        ]
        (files / f"note-{number}.md").write_text("\n\n".join(sections))
    office = shared / "data" / "office"
    small = sorted(
        path
        for path in office.rglob("*")
        if path.suffix in {".docx", ".xlsx", ".eml", ".pdf"} and path.stat().st_size < _SMALL
    )
    for number, path in enumerate(chance.sample(small, office_files)):
        shutil.copy(path, files / f"{number}-{path.name}")


def added(database: Database, files: Path) -> tuple[str, str]:
    """A source of these files that everybody may see: its id, and who everybody is."""
    with database.write() as connection:
        organisation = organisations.add_organisation(connection, "Example").id
        everybody = rights.everybody(organisation)
        row = sources.add(
            connection,
            organisation,
            name="Files",
            kind="folder",
            settings={"path": str(files)},
            readers=[everybody],
        )
    return row.id, everybody


def rows_of(database: Database, source: str) -> dict[str, DocumentRow]:
    with database.read() as connection:
        return {row.path: row for row in documents.listed(connection, source, limit=1000)}


def progress(database: Database, source: str) -> int:
    """Grows with each document that is listed, read and embedded."""
    rows = rows_of(database, source).values()
    return (
        len(rows) + sum(row.state in {"ready", "skipped"} for row in rows) + sum(row.embedded for row in rows)
    )


def unfinished(database: Database, source: str) -> bool:
    rows = rows_of(database, source).values()
    done = [
        row
        for row in rows
        if row.state == "skipped" or (row.state == "ready" and row.embedded | (not row.passages))
    ]
    return not rows or len(done) < len(rows)


def complete(database: Database, folder: Path, source: str) -> None:
    with worker(database, folder) as (syncing, _):
        syncing.start()
        until = time.monotonic() + 3 * PATIENCE
        while unfinished(database, source) and time.monotonic() < until:
            time.sleep(0.2)
        syncing.stop()


def states_of(rows: dict[str, DocumentRow]) -> dict[str, tuple[str, str]]:
    return {path: (row.state, row.reason) for path, row in rows.items()}


def held_by(index: Index, rows: dict[str, DocumentRow], everybody: str) -> Passages:
    """What the index has of each document, which is all that it has."""
    may = Filter(frozenset({everybody}))
    found = {
        path: [(each.start, each.end, each.text) for each in index.passages(row.id, row.indexed, may)]
        for path, row in rows.items()
        if row.indexed
    }
    assert index.count() == sum(map(len, found.values())), "passages of nothing, or twice"
    by_vector = Counter(
        hit.passage.document
        for place in range(8)
        for hit in index.by_vector([float(number == place) for number in range(8)], may, 5000)
        if hit.score > 0.5
    )
    assert by_vector == {rows[path].id: len(some) for path, some in found.items() if some}
    return {path: some for path, some in found.items() if some}


def kill(url: str, folder: Path, enough: Callable[[], bool], seconds: float, *options: str) -> None:
    """A worker is started; some time after it has done enough it is no more."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.ingesting", url, str(folder), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"begun\n"
        try:
            until = time.monotonic() + PATIENCE
            while not enough():
                assert time.monotonic() < until, "it did not come to that"
                time.sleep(0.02)
            time.sleep(seconds)
        finally:
            child.kill()


@pytest.mark.timeout(1800)
def test_killed_ten_times_the_index_is_whole(
    database: Database, database_url: str, tmp_path: Path, shared: Path
) -> None:
    files = tmp_path / "files"
    generate(files, shared)
    source, everybody = added(database, files)
    chance = random.Random(database.is_sqlite)
    for _ in range(KILLS):
        wanted = progress(database, source) + chance.choice((0, 0, 1, 10))
        kill(
            database_url,
            tmp_path,
            lambda wanted=wanted: reached(database, source, wanted),  # type: ignore[misc]
            chance.uniform(0.0, 0.5),
        )
    assert_whole(database, tmp_path, files, source, everybody)


@pytest.mark.timeout(1800)
def test_killed_whenever_a_document_is_at_hand_nothing_is_left_out(
    database: Database, database_url: str, tmp_path: Path, shared: Path
) -> None:
    """So often that each of them was at hand several times: whoever is killed with a file was not killed by it."""
    files = tmp_path / "files"
    generate(files, shared, 1, 1)
    source, everybody = added(database, files)
    dead: set[str] = set()
    for _ in range(6):
        kill(
            database_url,
            tmp_path,
            lambda dead=frozenset(dead): bool(reading(database, source) - dead),  # type: ignore[misc]
            0.0,
            "--never-done",
        )
        dead |= reading(database, source)
    assert max(row.begun for row in rows_of(database, source).values()) > 2
    assert_whole(database, tmp_path, files, source, everybody)


def reached(database: Database, source: str, wanted: int) -> bool:
    """It has come so far, or to the end: on a quick machine there may not be as much left."""
    return progress(database, source) >= wanted or not unfinished(database, source)


def reading(database: Database, source: str) -> set[str]:
    """Who reads a document, dead or alive."""
    rows = rows_of(database, source).values()
    return {row.holder for row in rows if row.state == "reading" and row.holder is not None}


def assert_whole(database: Database, tmp_path: Path, files: Path, source: str, everybody: str) -> None:
    """In the end, everything is as if nobody had been killed."""
    complete(database, tmp_path, source)
    rows = rows_of(database, source)
    assert len(rows) == len(list(files.iterdir()))
    with worker(database, tmp_path) as (_, index):
        found = held_by(index, rows, everybody)
    assert (states_of(rows), found) == undisturbed(tmp_path, files)


def undisturbed(tmp_path: Path, files: Path) -> tuple[dict[str, tuple[str, str]], Passages]:
    """The same by one that nobody kills, in a database and an index of its own."""
    calm = tmp_path / "calm"
    calm.mkdir()
    with fresh_url("sqlite", calm) as url:
        database = open_database(url)
        source, everybody = added(database, files)
        shutil.copytree(files, calm / "files")
        with database.write() as connection:
            sources.change(connection, source, settings={"path": str(calm / "files")})
        complete(database, calm, source)
        with worker(database, calm) as (_, index):
            found = held_by(index, rows := rows_of(database, source), everybody)
        database.close()
    return states_of(rows), found
