"""Rows of messages that must leave, however often it is tried, whoever of several processes tries."""

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from counterpoint.canonical.ids import new_id
from counterpoint.storage.money_tables import outbox

_o = outbox.c


class Message(msgspec.Struct, frozen=True):
    """`kind`: by what it goes (`webhook`, `email`); `target`: where to, of a webhook
    no more than what its address is known by (`control.notifying.courier.named`). `attempts`: made so far."""

    id: str
    kind: str
    target: str
    body: bytes
    created_at: int
    attempts: int


def add(connection: Connection, kind: str, target: str, body: bytes, now: int) -> str:
    """In the transaction that makes it true."""
    made = new_id()
    values = {"id": made, "kind": kind, "target": target, "body": body, "created_at": now, "due_at": now}
    connection.execute(insert(outbox).values(**values, attempts=0))
    return made


def is_due(connection: Connection, now: int) -> bool:
    """Whether there is any to claim."""
    query = select(_o.id).where(_o.ended_at.is_(None), _o.due_at <= now).limit(1)
    return connection.execute(query).first() is not None


def claim(connection: Connection, now: int, until: int, limit: int) -> list[Message]:
    """Messages that are due, the oldest first; nobody else gets them before `until`. If we die with them, they are due
    again then."""
    query = (
        select(outbox)
        .where(_o.ended_at.is_(None), _o.due_at <= now)
        .order_by(_o.due_at, _o.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = [
        Message(row.id, row.kind, row.target, row.body, row.created_at, row.attempts)
        for row in connection.execute(query)
    ]
    if found:
        mine = _o.id.in_([message.id for message in found])
        connection.execute(update(outbox).where(mine).values(due_at=until, attempts=_o.attempts + 1))
    return found


def ended(connection: Connection, message_id: str, now: int, error: str | None = None) -> None:
    """It is delivered, or given up for that reason."""
    connection.execute(update(outbox).where(_o.id == message_id).values(ended_at=now, error=error))


def again(connection: Connection, message_id: str, due_at: int, error: str) -> None:
    """It failed for that reason, and is tried again later."""
    connection.execute(update(outbox).where(_o.id == message_id).values(due_at=due_at, error=error))


def forget(connection: Connection, before: int) -> int:
    """Removes those that ended before then; how many."""
    return connection.execute(delete(outbox).where(_o.ended_at < before)).rowcount
