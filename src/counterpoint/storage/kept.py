"""Rows of answers that clients may come back to, of their events, and of conversations.

Everything is looked up by project: what another project keeps does not exist. `now` and `until` are microseconds
since the epoch.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, func, insert, literal, select, update

from counterpoint.kept import Conversation, Item, Kept
from counterpoint.storage.tables import (
    conversation_items,
    conversations,
    kept_answers,
    kept_events,
    kept_items,
)

_LONGEST_TRAIL = 5_000
_ANSWER = [column for column in kept_answers.columns if column.name not in {"expires_at", "leased_until"}]


def _kept(row: Row[*tuple[Any, ...]]) -> Kept:
    return Kept(
        id=row.id,
        project=row.project_id,
        key=row.key_id,
        host=row.host,
        status=row.status,
        created=row.created,
        input=bytes(row.input),
        answer=bytes(row.answer),
        native=row.native,
        previous=row.previous_id,
        conversation=row.conversation_id,
        background=row.background,
    )


def put(connection: Connection, kept: Kept, until: int, leased_until: int | None) -> None:
    """Keeps an answer, in the place of one with its id. Nobody else can keep it meanwhile."""
    drop(connection, kept.project, kept.id, events=False)
    connection.execute(
        insert(kept_answers).values(
            project_id=kept.project,
            id=kept.id,
            key_id=kept.key,
            host=kept.host,
            status=kept.status,
            created=kept.created,
            native=kept.native,
            previous_id=kept.previous,
            conversation_id=kept.conversation,
            background=kept.background,
            input=kept.input,
            answer=kept.answer,
            expires_at=until,
            leased_until=leased_until,
        )
    )
    _put_items(connection, kept)


def _put_items(connection: Connection, kept: Kept) -> None:
    """An id that a host gives twice means the newest item of that name."""
    ids = list(dict.fromkeys(kept.items))
    if not ids:
        return
    named = and_(kept_items.c.project_id == kept.project, kept_items.c.id.in_(ids))
    connection.execute(delete(kept_items).where(named))
    rows = [{"project_id": kept.project, "id": item, "answer_id": kept.id} for item in ids]
    connection.execute(insert(kept_items), rows)


def _is(project: str, id_: str) -> Any:
    return and_(kept_answers.c.project_id == project, kept_answers.c.id == id_)


def find(connection: Connection, project: str, id_: str) -> Kept | None:
    """One."""
    row = connection.execute(select(*_ANSWER).where(_is(project, id_))).first()
    return _kept(row) if row else None


def state(connection: Connection, project: str, id_: str) -> tuple[str, int | None] | None:
    """Its status, and until when its maker is known to live. Whoever else changes it waits until this ends."""
    columns = (kept_answers.c.status, kept_answers.c.leased_until)
    row = connection.execute(select(*columns).where(_is(project, id_)).with_for_update()).first()
    return (row.status, row.leased_until) if row else None


def find_lease(connection: Connection, project: str, id_: str) -> int | None:
    """Until when its maker is known to live; `None` once nobody makes it."""
    return connection.execute(select(kept_answers.c.leased_until).where(_is(project, id_))).scalar()


def renew(connection: Connection, project: str, id_: str, leased_until: int) -> None:
    """Its maker lives."""
    connection.execute(update(kept_answers).where(_is(project, id_)).values(leased_until=leased_until))


def lapsed(connection: Connection, now: int, limit: int) -> list[Kept]:
    """Answers whose makers have died."""
    query = select(*_ANSWER).where(kept_answers.c.leased_until < now).limit(limit)
    return [_kept(row) for row in connection.execute(query)]


def drop(connection: Connection, project: str, id_: str, *, events: bool = True) -> None:
    """Forgets an answer."""
    connection.execute(
        delete(kept_items).where(kept_items.c.project_id == project, kept_items.c.answer_id == id_)
    )
    if events:
        connection.execute(
            delete(kept_events).where(kept_events.c.project_id == project, kept_events.c.answer_id == id_)
        )
    connection.execute(delete(kept_answers).where(_is(project, id_)))


def _trail(project: str, id_: str) -> Select[Any]:
    """The ids, states and sizes of all answers that lead up to one, it included."""
    rows = kept_answers
    start = select(rows.c.id, rows.c.previous_id, literal(0).label("depth")).where(_is(project, id_))
    trail = start.cte("trail", recursive=True)
    before = select(rows.c.id, rows.c.previous_id, (trail.c.depth + 1).label("depth")).where(
        rows.c.project_id == project, rows.c.id == trail.c.previous_id, trail.c.depth < _LONGEST_TRAIL
    )
    trail = trail.union_all(before)
    return select(trail.c.id, trail.c.previous_id, trail.c.depth)


def trail(connection: Connection, project: str, id_: str, limit: int) -> tuple[list[Kept], str | None, bool]:
    """The answers that lead up to one, it included, oldest first; the id of the one that is missing, if one is;
    whether they have more than `limit` bytes together or are too many."""
    steps = connection.execute(_trail(project, id_)).all()
    if not steps:
        return [], id_, False
    first = max(steps, key=lambda step: step.depth)
    if len(steps) > _LONGEST_TRAIL:
        return [], None, True
    if first.previous_id is not None:
        return [], first.previous_id, False
    ids = [step.id for step in sorted(steps, key=lambda step: -step.depth)]
    mine = and_(kept_answers.c.project_id == project, kept_answers.c.id.in_(ids))
    size = func.sum(func.length(kept_answers.c.input) + func.length(kept_answers.c.answer))
    if (connection.execute(select(size).where(mine)).scalar() or 0) > limit:
        return [], None, True
    found = {row.id: _kept(row) for row in connection.execute(select(*_ANSWER).where(mine))}
    return [found[id_] for id_ in ids], None, False


def prolong(connection: Connection, project: str, id_: str, until: int) -> None:
    """All that leads up to an answer is kept as long as it."""
    ids = [step.id for step in connection.execute(_trail(project, id_))]
    mine = and_(kept_answers.c.project_id == project, kept_answers.c.id.in_(ids))
    connection.execute(update(kept_answers).where(mine).values(expires_at=until))


def named(
    connection: Connection, project: str, ids: Sequence[str], limit: int
) -> tuple[list[Kept], list[Item]]:
    """The answers, and the items of conversations, that item ids name; none where they have more than `limit`
    bytes."""
    if not ids:
        return [], []
    items = select(kept_items.c.answer_id).where(kept_items.c.project_id == project, kept_items.c.id.in_(ids))
    mine = and_(kept_answers.c.project_id == project, kept_answers.c.id.in_(items))
    size = func.sum(func.length(kept_answers.c.input) + func.length(kept_answers.c.answer))
    answers: list[Kept] = []
    if (connection.execute(select(size).where(mine)).scalar() or 0) <= limit:
        answers = [_kept(row) for row in connection.execute(select(*_ANSWER).where(mine))]
    rows = select(conversation_items).where(
        conversation_items.c.project_id == project, conversation_items.c.id.in_(ids)
    )
    return answers, [_item(row) for row in connection.execute(rows.limit(len(ids) * 4))]


# Events


def add_events(connection: Connection, project: str, id_: str, first: int, events: Sequence[bytes]) -> None:
    """More of an answer's stream; what is there already stays."""
    query = select(func.max(kept_events.c.number)).where(
        kept_events.c.project_id == project, kept_events.c.answer_id == id_
    )
    last = connection.execute(query).scalar()
    rows = [
        {"project_id": project, "answer_id": id_, "number": first + place, "body": body}
        for place, body in enumerate(events)
        if last is None or first + place > last
    ]
    if rows:
        connection.execute(insert(kept_events), rows)


def events(connection: Connection, project: str, id_: str, first: int, limit: int) -> tuple[bytes, ...]:
    """At most `limit` events, from the number `first` on."""
    query = (
        select(kept_events.c.body)
        .where(
            kept_events.c.project_id == project,
            kept_events.c.answer_id == id_,
            kept_events.c.number >= first,
        )
        .order_by(kept_events.c.number)
        .limit(limit)
    )
    return tuple(bytes(body) for body in connection.execute(query).scalars())


# Conversations


def _conversation_is(project: str, id_: str) -> Any:
    return and_(conversations.c.project_id == project, conversations.c.id == id_)


def find_conversation(connection: Connection, project: str, id_: str) -> Conversation | None:
    """One."""
    row = connection.execute(select(conversations).where(_conversation_is(project, id_))).first()
    if row is None:
        return None
    return Conversation(id=row.id, project=row.project_id, created=row.created, metadata=bytes(row.metadata))


def add_conversation(connection: Connection, conversation: Conversation, until: int) -> None:
    """A new one."""
    connection.execute(
        insert(conversations).values(
            project_id=conversation.project,
            id=conversation.id,
            created=conversation.created,
            metadata=conversation.metadata,
            expires_at=until,
        )
    )


def change_conversation(connection: Connection, project: str, id_: str, **values: Any) -> bool:
    """Sets `metadata` or `expires_at`; whether it was there. Whoever else changes it waits until this ends."""
    changed = connection.execute(update(conversations).where(_conversation_is(project, id_)).values(**values))
    return bool(changed.rowcount)


def drop_conversation(connection: Connection, project: str, id_: str) -> None:
    """Forgets it with its items."""
    mine = and_(conversation_items.c.project_id == project, conversation_items.c.conversation_id == id_)
    connection.execute(delete(conversation_items).where(mine))
    connection.execute(delete(conversations).where(_conversation_is(project, id_)))


def _item(row: Row[*tuple[Any, ...]]) -> Item:
    return Item(row.id, bytes(row.body), row.host, row.native)


def _items_of(project: str, id_: str) -> Any:
    return and_(conversation_items.c.project_id == project, conversation_items.c.conversation_id == id_)


def add_items(connection: Connection, project: str, id_: str, items: Sequence[Item]) -> None:
    """A conversation grows. To be called after `change_conversation`, which keeps others out."""
    if not items:
        return
    query = select(func.max(conversation_items.c.position)).where(_items_of(project, id_))
    last = connection.execute(query).scalar()
    first = 0 if last is None else last + 1
    rows = [
        {
            "project_id": project,
            "conversation_id": id_,
            "position": first + place,
            "id": item.id,
            "host": item.host,
            "native": item.native,
            "body": item.body,
        }
        for place, item in enumerate(items)
    ]
    connection.execute(insert(conversation_items), rows)


def items_of(connection: Connection, project: str, id_: str, limit: int) -> list[Item] | None:
    """All items of a conversation, oldest first; `None` if they have more than `limit` bytes."""
    size = func.sum(func.length(conversation_items.c.body))
    if (connection.execute(select(size).where(_items_of(project, id_))).scalar() or 0) > limit:
        return None
    query = select(conversation_items).where(_items_of(project, id_)).order_by(conversation_items.c.position)
    return [_item(row) for row in connection.execute(query)]


def page_of_items(
    connection: Connection, project: str, id_: str, *, after: str | None, limit: int, ascending: bool
) -> list[Item]:
    """A page of them, newest first unless they are `ascending`; none if there is no item `after`."""
    rows = conversation_items
    query = select(rows).where(_items_of(project, id_))
    if after is not None:
        place = select(rows.c.position).where(_items_of(project, id_), rows.c.id == after).limit(1)
        position = connection.execute(place).scalar()
        if position is None:
            return []
        query = query.where(rows.c.position > position if ascending else rows.c.position < position)
    order = rows.c.position.asc() if ascending else rows.c.position.desc()
    return [_item(row) for row in connection.execute(query.order_by(order).limit(limit))]


def find_item(connection: Connection, project: str, id_: str, item: str) -> Item | None:
    """One item of a conversation."""
    query = select(conversation_items).where(_items_of(project, id_), conversation_items.c.id == item)
    row = connection.execute(query.limit(1)).first()
    return _item(row) if row else None


def drop_item(connection: Connection, project: str, id_: str, item: str) -> bool:
    """Whether it was there."""
    gone = delete(conversation_items).where(_items_of(project, id_), conversation_items.c.id == item)
    return bool(connection.execute(gone).rowcount)


# Retention


def expire(connection: Connection, now: int, limit: int) -> int:
    """Forgets what was kept long enough, at most `limit` of each kind; how many."""
    old = select(kept_answers.c.project_id, kept_answers.c.id).where(kept_answers.c.expires_at < now)
    answers = connection.execute(old.limit(limit)).all()
    for project, id_ in answers:
        drop(connection, project, id_)
    done = select(conversations.c.project_id, conversations.c.id).where(conversations.c.expires_at < now)
    ended = connection.execute(done.limit(limit)).all()
    for project, id_ in ended:
        drop_conversation(connection, project, id_)
    return len(answers) + len(ended)
