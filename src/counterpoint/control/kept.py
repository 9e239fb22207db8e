"""Keeps answers and conversations for the gateway's workers, who have no database.

An answer that is made in the background has a lease, which its worker renews; where the lease has run out the worker
has died, and the answer is failed: nobody waits for it for ever. What the JSON of an answer says of its state is not
changed here: the state in the row holds, and whoever shows the answer says so.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

import msgspec
from sqlalchemy import Connection

from counterpoint.kept import (
    Ask,
    Drop,
    DropConversation,
    DropItem,
    Find,
    FindConversation,
    Follow,
    Followed,
    Found,
    FoundConversation,
    Items,
    Keep,
    KeepConversation,
    ListItems,
    Nothing,
    Report,
    Reported,
    Stop,
    Tell,
    Trace,
    Trail,
)
from counterpoint.kept.values import LEASE_SECONDS, RUNNING, TRAIL_LIMIT
from counterpoint.storage import kept as rows
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database

log = logging.getLogger(__name__)

KEEP_SECONDS = 30 * 86_400.0
"""Thirty days, unless the configuration says otherwise."""
_EVENTS_AT_A_TIME = 2_000
_AT_A_TIME = 500
_DELETED = Reported("")


class KeptAnswers:
    """`seconds`: how long they are kept after their last use; 0: nothing is kept at all."""

    def __init__(
        self, database: Database, seconds: float = KEEP_SECONDS, now: Callable[[], int] = now_micros
    ) -> None:
        self._database = database
        self._micros = int(seconds * 1_000_000)
        self._now = now

    def answer(self, question: Ask) -> Tell:
        """What comes back for a worker's question. Raises `SQLAlchemyError`."""
        return self._answers[type(question)](self, question)

    @property
    def _until(self) -> int:
        return self._now() + self._micros

    @property
    def _leased(self) -> int:
        return self._now() + int(LEASE_SECONDS * 1_000_000)

    # Answers

    def keep_all(self, questions: Sequence[Keep]) -> list[Tell]:
        """Several at once, in one transaction: under load a commit each would be what everybody waits for."""
        with self._database.write() as connection:
            return [self._keep_in(connection, question) for question in questions]

    def _keep(self, question: Keep) -> Tell:
        return self.keep_all([question])[0]

    def _keep_in(self, connection: Connection, question: Keep) -> Tell:
        kept, until = question.kept, self._until
        running = kept.status in RUNNING
        if not question.new:
            found = rows.state(connection, kept.project, kept.id)
            if found is None:
                return _DELETED
            if found[0] not in RUNNING:
                return Reported(found[0])
        rows.put(connection, kept, until, self._leased if running else None)
        if question.events:
            rows.add_events(connection, kept.project, kept.id, question.first, question.events)
        if kept.previous is not None:
            rows.prolong(connection, kept.project, kept.id, until)
        if (
            kept.conversation is not None
            and question.added
            and rows.change_conversation(connection, kept.project, kept.conversation, expires_at=until)
        ):
            rows.add_items(connection, kept.project, kept.conversation, question.added)
        return Reported(kept.status)

    def _find(self, question: Find) -> Tell:
        self._end_if_lapsed(question.project, question.id)
        with self._database.read() as connection:
            kept = rows.find(connection, question.project, question.id)
        return Nothing() if kept is None else Found(kept)

    def _trace(self, question: Trace) -> Tell:
        project = question.project
        with self._database.read() as connection:
            named, named_items = rows.named(connection, project, question.references, TRAIL_LIMIT)
            told = Trail(named=tuple(named), named_items=tuple(named_items))
            if question.conversation is not None:
                if rows.find_conversation(connection, project, question.conversation) is None:
                    return Trail(missing=question.conversation)
                items = rows.items_of(connection, project, question.conversation, TRAIL_LIMIT)
                if items is None:
                    return Trail(too_long=True)
                return msgspec.structs.replace(told, items=tuple(items))
            if question.previous is None:
                return told
            answers, missing, too_long = rows.trail(connection, project, question.previous, TRAIL_LIMIT)
        if missing is not None or too_long:
            return Trail(missing=missing, too_long=too_long)
        return msgspec.structs.replace(told, answers=tuple(answers))

    def _drop(self, question: Drop) -> Tell:
        with self._database.write() as connection:
            kept = rows.find(connection, question.project, question.id)
            if kept is None:
                return Nothing()
            rows.drop(connection, question.project, question.id)
        return Found(kept)

    def _stop(self, question: Stop) -> Tell:
        with self._database.write() as connection:
            found = rows.state(connection, question.project, question.id)
            kept = rows.find(connection, question.project, question.id)
            if found is None or kept is None:
                return Nothing()
            if kept.background and found[0] in RUNNING:
                kept = msgspec.structs.replace(kept, status="cancelled")
                rows.put(connection, kept, self._until, None)
        return Found(kept)

    # Answers in the background

    def _report(self, question: Report) -> Tell:
        with self._database.write() as connection:
            found = rows.state(connection, question.project, question.id)
            if found is None:
                return _DELETED
            if found[0] not in RUNNING:
                return Reported(found[0])
            if question.events:
                rows.add_events(connection, question.project, question.id, question.first, question.events)
            rows.renew(connection, question.project, question.id, self._leased)
        return Reported(found[0])

    def _follow(self, question: Follow) -> Tell:
        self._end_if_lapsed(question.project, question.id)
        with self._database.read() as connection:
            kept = rows.find(connection, question.project, question.id)
            if kept is None:
                return Nothing()
            events = rows.events(connection, question.project, question.id, question.first, _EVENTS_AT_A_TIME)
        full = len(events) == _EVENTS_AT_A_TIME
        return Followed("in_progress" if full else kept.status, events)

    def _end_if_lapsed(self, project: str, id_: str) -> None:
        with self._database.read() as connection:
            found = rows.find_lease(connection, project, id_)
        if found is not None and found < self._now():
            self.end_lapsed()

    def end_lapsed(self) -> int:
        """Fails what nobody makes any more; how many answers."""
        with self._database.write() as connection:
            lapsed = rows.lapsed(connection, self._now(), _AT_A_TIME)
            for kept in lapsed:
                rows.put(connection, msgspec.structs.replace(kept, status="failed"), self._until, None)
        if lapsed:
            log.warning("%d answers were being made in the background by workers that died", len(lapsed))
        return len(lapsed)

    def abandon(self, answers: Iterable[tuple[str, str]]) -> None:
        """Whoever made these, by project and id, has died."""
        with self._database.write() as connection:
            for project, id_ in answers:
                found = rows.state(connection, project, id_)
                kept = rows.find(connection, project, id_)
                if found is not None and kept is not None and found[0] in RUNNING:
                    rows.put(connection, msgspec.structs.replace(kept, status="failed"), self._until, None)

    def expire(self) -> int:
        """Forgets what was kept long enough, some at a time; how many."""
        with self._database.write() as connection:
            return rows.expire(connection, self._now(), _AT_A_TIME)

    # Conversations

    def _keep_conversation(self, question: KeepConversation) -> Tell:
        conversation, until = question.conversation, self._until
        project, id_ = conversation.project, conversation.id
        with self._database.write() as connection:
            if question.new:
                rows.add_conversation(connection, conversation, until)
            else:
                values: dict[str, Any] = {"expires_at": until}
                if question.metadata:
                    values["metadata"] = conversation.metadata
                if not rows.change_conversation(connection, project, id_, **values):
                    return Nothing()
            rows.add_items(connection, project, id_, question.items)
            found = rows.find_conversation(connection, project, id_)
        return Nothing() if found is None else FoundConversation(found)

    def _find_conversation(self, question: FindConversation) -> Tell:
        with self._database.read() as connection:
            found = rows.find_conversation(connection, question.project, question.id)
        return Nothing() if found is None else FoundConversation(found)

    def _drop_conversation(self, question: DropConversation) -> Tell:
        with self._database.write() as connection:
            found = rows.find_conversation(connection, question.project, question.id)
            if found is None:
                return Nothing()
            rows.drop_conversation(connection, question.project, question.id)
        return FoundConversation(found)

    def _list_items(self, question: ListItems) -> Tell:
        project, id_ = question.project, question.conversation
        with self._database.read() as connection:
            if rows.find_conversation(connection, project, id_) is None:
                return Nothing()
            if question.only is not None:
                item = rows.find_item(connection, project, id_, question.only)
                return Items() if item is None else Items((item,))
            found = rows.page_of_items(
                connection,
                project,
                id_,
                after=question.after,
                limit=question.limit + 1,
                ascending=question.ascending,
            )
        return Items(tuple(found))

    def _drop_item(self, question: DropItem) -> Tell:
        project, id_ = question.project, question.conversation
        with self._database.write() as connection:
            found = rows.find_conversation(connection, project, id_)
            if found is None or not rows.drop_item(connection, project, id_, question.id):
                return Nothing()
        return FoundConversation(found)

    _answers: ClassVar[dict[type[Any], Callable[..., Tell]]] = {
        Keep: _keep,
        Find: _find,
        Trace: _trace,
        Drop: _drop,
        Stop: _stop,
        Report: _report,
        Follow: _follow,
        KeepConversation: _keep_conversation,
        FindConversation: _find_conversation,
        DropConversation: _drop_conversation,
        ListItems: _list_items,
        DropItem: _drop_item,
    }
