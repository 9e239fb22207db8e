"""Files and batches in the database: what clients stored with us, and how far their batches are.

In the database because a file that came in at one gateway is asked for at another, and a batch outlives the machine
that began it. Contents lie in pieces, so that nothing has to be held in one value; a result is kept with the count that
it changes, in one transaction.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, Table, delete, insert, select, update

from counterpoint.dialects.shelving import ENDED, Batch, Result, StoredFile
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database
from counterpoint.storage.shared_tables import shelf_batches, shelf_contents, shelf_files, shelf_results

PIECE = 1024 * 1024
_Kind = TypeVar("_Kind", StoredFile, Batch)
_file = msgspec.json.Decoder(StoredFile)
_batch = msgspec.json.Decoder(Batch)
_result = msgspec.json.Decoder(Result)


class Shelf:
    """All of it. Every method is one transaction, and waits for the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Files

    def keep_file(self, file: StoredFile, content: bytes | None) -> None:
        """Adds it. `content`: `None` where a host has it."""
        values = {"project": file.project, "style": file.style, "expires": file.expires}
        with self._database.write() as connection:
            _put(connection, shelf_files, file.id, {**values, "body": msgspec.json.encode(file)})
            if content is not None:
                _put_content(connection, file.id, content)

    def file(self, project: str, id_: str) -> StoredFile | None:
        """A file of that project that has not expired."""
        with self._database.read() as connection:
            file = _one(connection, shelf_files, id_, _file)
        return file if file is not None and file.project == project and _lives(file) else None

    def files(self, project: str, style: str) -> list[StoredFile]:
        """All of that project's, newest first."""
        with self._database.read() as connection:
            mine = _of_project(connection, shelf_files, project, style, _file)
        return sorted(filter(_lives, mine), key=lambda file: (file.created, file.id), reverse=True)

    def content(self, file: StoredFile) -> bytes:
        """What is in it."""
        with self._database.read() as connection:
            return _content(connection, file.id)

    def drop_file(self, file: StoredFile) -> None:
        """It is gone."""
        with self._database.write() as connection:
            _drop(connection, shelf_files, file.id)

    def expire(self) -> int:
        """Drops the files whose time has come; how many."""
        with self._database.write() as connection:
            query = select(shelf_files.c.id).where(shelf_files.c.expires <= now_micros()).limit(100)
            gone = list(connection.execute(query).scalars())
            for id_ in gone:
                _drop(connection, shelf_files, id_)
        return len(gone)

    # Batches

    def keep_batch(self, batch: Batch, lines: bytes | None = None) -> None:
        """Adds it, or writes how far it is."""
        with self._database.write() as connection:
            _put_batch(connection, batch)
            if lines is not None:
                _put_content(connection, batch.id, lines)

    def change_batch(self, id_: str, change: Callable[[Batch], Batch]) -> Batch | None:
        """What `change` makes of the batch as it is now, whoever else changes it; `None` if it is gone."""
        with self._database.write() as connection:
            batch = _locked(connection, id_)
            if batch is None:
                return None
            changed = change(batch)
            if changed != batch:
                _put_batch(connection, changed)
        return changed

    def batch(self, project: str, id_: str) -> Batch | None:
        """A batch of that project."""
        with self._database.read() as connection:
            batch = _one(connection, shelf_batches, id_, _batch)
        return batch if batch is not None and batch.project == project else None

    def batches(self, project: str, style: str) -> list[Batch]:
        """All of that project's, newest first."""
        with self._database.read() as connection:
            mine = _of_project(connection, shelf_batches, project, style, _batch)
        return sorted(mine, key=lambda batch: (batch.created, batch.id), reverse=True)

    def unfinished(self) -> list[Batch]:
        """What we have to go on with."""
        query = select(shelf_batches.c.body).where(shelf_batches.c.open == 1).order_by(shelf_batches.c.id)
        with self._database.read() as connection:
            return [_batch.decode(body) for body in connection.execute(query).scalars()]

    def lines(self, batch: Batch) -> bytes:
        """Its calls."""
        with self._database.read() as connection:
            return _content(connection, batch.id)

    def add_result(self, batch: Batch, result: Result) -> Batch:
        """What came of one call, counted; the batch as it is then. A call that has a result keeps it."""
        table = shelf_results
        with self._database.write() as connection:
            stands = _locked(connection, batch.id)
            if stands is None:
                return batch  # somebody has dropped it meanwhile
            known = select(table.c.line).where(table.c.batch == batch.id, table.c.line == result.id)
            if connection.execute(known).first() is not None:
                return stands
            body = msgspec.json.encode(result)
            row = {"batch": batch.id, "line": result.id, "number": _done(stands), "body": body}
            connection.execute(insert(table).values(row))
            counted = _counted(stands, result)
            _put_batch(connection, counted)
        return counted

    def results(self, batch: Batch) -> list[Result]:
        """What has come so far."""
        table = shelf_results
        query = select(table.c.body).where(table.c.batch == batch.id).order_by(table.c.number, table.c.line)
        with self._database.read() as connection:
            return [_result.decode(body) for body in connection.execute(query).scalars()]

    def drop_batch(self, batch: Batch) -> None:
        """It is gone."""
        with self._database.write() as connection:
            _drop(connection, shelf_batches, batch.id)
            connection.execute(delete(shelf_results).where(shelf_results.c.batch == batch.id))


def _lives(file: StoredFile) -> bool:
    return file.expires is None or file.expires > now_micros()


def _done(batch: Batch) -> int:
    return batch.succeeded + batch.failed + batch.cancelled + batch.expired


def _counted(batch: Batch, result: Result) -> Batch:
    good = not result.ended and 200 <= result.status < 300
    name = "succeeded" if good else result.ended or "failed"
    return msgspec.structs.replace(batch, **{name: getattr(batch, name) + 1})


def _put(connection: Connection, table: Table, id_: str, values: dict[str, object]) -> None:
    if not connection.execute(update(table).where(table.c.id == id_).values(values)).rowcount:
        connection.execute(insert(table).values(id=id_, **values))


def _put_batch(connection: Connection, batch: Batch) -> None:
    values = {
        "project": batch.project,
        "style": batch.style,
        "open": int(batch.state not in ENDED and not batch.host),
        "body": msgspec.json.encode(batch),
    }
    _put(connection, shelf_batches, batch.id, values)


def _locked(connection: Connection, id_: str) -> Batch | None:
    query = select(shelf_batches.c.body).where(shelf_batches.c.id == id_).with_for_update()
    body = connection.execute(query).scalar()
    return None if body is None else _batch.decode(body)


def _one(
    connection: Connection, table: Table, id_: str, decoder: "msgspec.json.Decoder[_Kind]"
) -> "_Kind | None":
    if "\0" in id_:
        return None  # which no database has in a text
    body = connection.execute(select(table.c.body).where(table.c.id == id_)).scalar()
    return None if body is None else decoder.decode(body)


def _of_project(
    connection: Connection, table: Table, project: str, style: str, decoder: "msgspec.json.Decoder[_Kind]"
) -> "list[_Kind]":
    query = select(table.c.body).where(table.c.project == project, table.c.style == style)
    return [decoder.decode(body) for body in connection.execute(query).scalars()]


def _put_content(connection: Connection, owner: str, content: bytes) -> None:
    connection.execute(delete(shelf_contents).where(shelf_contents.c.owner == owner))
    for number, start in enumerate(range(0, len(content), PIECE)):
        piece = content[start : start + PIECE]
        connection.execute(insert(shelf_contents).values(owner=owner, number=number, piece=piece))


def _content(connection: Connection, owner: str) -> bytes:
    table = shelf_contents
    query = select(table.c.piece).where(table.c.owner == owner).order_by(table.c.number)
    return b"".join(connection.execute(query).scalars())


def _drop(connection: Connection, table: Table, id_: str) -> None:
    connection.execute(delete(shelf_contents).where(shelf_contents.c.owner == id_))
    connection.execute(delete(table).where(table.c.id == id_))
