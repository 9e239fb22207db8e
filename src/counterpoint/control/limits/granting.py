"""Leases, granted: the claims of all workers that wait, answered in one transaction.

One rule carries it: nobody reads how a limit stands, in order to take of it, without holding its row. So however many
control processes grant at once, they do it one after another for each limit, and the ledger's entries are counted in
between, never halfway.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec
from sqlalchemy import Connection

from counterpoint.limits.book import Book, Leased
from counterpoint.limits.claims import Claim, Grant
from counterpoint.limits.granting import (
    MISSED_FOR,
    VALID,
    granted_of_rate,
    window_of,
)
from counterpoint.limits.periods import MICROS, WINDOWS, counted_from, period_of, slot_of
from counterpoint.storage import limits as store
from counterpoint.storage.database import Database
from counterpoint.storage.limits import LeaseRow, LimitRow
from counterpoint.storage.processes import clock
from counterpoint.storage.raises import with_raises

VANISHED = 3600 * MICROS
"""After so long without a sign of life what a machine holds counts as spent no more. Its spool may still come back."""
CALLS_END = 60 * MICROS
"""The same for calls at a time: they end with the machine."""


class Question(msgspec.Struct, frozen=True):
    """What one worker (`holder`) on a machine claims."""

    holder: str
    machine: str
    claims: tuple[Claim, ...]


class Granting:
    """`zone`: in which the organisation's days begin. `moment`: the time; all who share a database have one."""

    def __init__(
        self,
        database: Database,
        zone: Callable[[], str] = lambda: "UTC",
        moment: Callable[[Connection], int] = clock,
    ) -> None:
        self._database = database
        self._zone = zone
        self._moment = moment

    def answer(self, questions: Sequence[Question]) -> list[tuple[Grant, ...]]:
        """For each question, a grant for each claim. Raises `SQLAlchemyError`."""
        ids = sorted({claim.limit for question in questions for claim in question.claims})
        zone = self._zone()
        with self._database.write() as connection:
            locked = store.locked(connection, ids).values()
            now = self._moment(connection)
            rows = {row.id: row for row in with_raises(connection, locked, now)}
            return _Session(connection, rows, zone, now).answer(questions)

    def close(self, holders: Iterable[str]) -> int:
        """These workers are no more, and all that they wrote is in the ledger."""
        with self._database.write() as connection:
            return store.close(connection, list(holders))

    def end_calls(self, holders: Iterable[str], limits: Iterable[str]) -> int:
        """These workers are no more, and their calls with them. `limits`: on calls at a time."""
        with self._database.write() as connection:
            return store.close(connection, list(holders), only=list(limits))

    def holders(self, machine: str) -> set[str]:
        """Who has leases there."""
        with self._database.read() as connection:
            return store.holders(connection, machine)

    def renew(self, holders: Iterable[str]) -> None:
        """These live, or what they wrote is still to come. And whatever has had no sign of life for long is closed.

        Each in a transaction of its own: who holds limits' rows must not wait for others that come before them."""
        with self._database.write() as connection:
            now = self._moment(connection)
            store.renew(connection, list(holders), now)
        with self._database.write() as connection:
            store.lapse(connection, now - VANISHED)
        with self._database.write() as connection:
            store.lapse(connection, now - CALLS_END, measure="concurrent")
        with self._database.write() as connection:
            store.forget_slots(connection, now - 2 * WINDOWS["hour"])


class _Session:
    """One transaction."""

    def __init__(self, connection: Connection, rows: dict[str, LimitRow], zone: str, now: int) -> None:
        self._connection = connection
        self._rows = rows
        self._now = now
        accounts = {id_: row for id_, row in rows.items() if not row.limit.slides}
        self._periods = {id_: period_of(row.per, now, zone) for id_, row in accounts.items()}
        slots = [(id_, period.key) for id_, period in self._periods.items()]
        self._counters = store.counters(connection, slots) if slots else {}
        self._leases = store.leases(connection, list(accounts)) if accounts else {}
        self._books: dict[tuple[str, int], Book] = {}
        for lease in self._leases.values():
            self._book(lease.limit_id, lease.period).load(
                Leased(lease.holder, lease.amount, lease.settled, lease.turn)
            )
        since = {id_: counted_from(row.per, now) for id_, row in rows.items() if row.limit.slides}
        self._slots = store.slots(connection, since)
        self._added: Counter[tuple[str, int]] = Counter()
        self._machines: dict[str, str] = {}
        self._missed: set[tuple[str, int]] = set()

    def _book(self, limit: str, period: int) -> Book:
        book = self._books.get((limit, period))
        if book is None:
            spent = self._counters.get((limit, period), (0, 0))[0]
            book = self._books[limit, period] = Book(self._rows[limit].amount, spent)
        return book

    def answer(self, questions: Sequence[Question]) -> list[tuple[Grant, ...]]:
        stale = set()
        for question in questions:  # first everything that is given back, for whoever lacks it
            self._machines[question.holder] = question.machine
            for claim in question.claims:
                if claim.limit in self._rows and not self._heard(question.holder, claim):
                    stale.add((question.holder, claim.limit, claim.turn))
        answers = [
            tuple(
                Grant(claim.limit, claim.period or 0)
                if (question.holder, claim.limit, claim.turn) in stale
                else self._grant(question.holder, claim)
                for claim in question.claims
            )
            for question in questions
        ]
        self._write()
        return answers

    def _heard(self, holder: str, claim: Claim) -> bool:
        """What the claim tells. Whether nothing newer was heard."""
        row = self._rows[claim.limit]
        if row.limit.slides:
            for slot, amount in claim.back:
                at = slot_of(row.per, self._now - slot) if amount < 0 else slot
                self._added[claim.limit, at] -= amount
                self._slots[claim.limit].append((at, -amount))
            return True
        if claim.waiting:
            self._book(claim.limit, self._periods[claim.limit].key).wants(holder)
        return claim.period is None or self._book(claim.limit, claim.period).holds(
            holder, claim.holds, claim.turn
        )

    def _grant(self, holder: str, claim: Claim) -> Grant:
        row = self._rows.get(claim.limit)
        if row is None:
            return Grant(claim.limit, claim.period or 0, gone=True)
        if row.limit.slides:
            return self._grant_of_rate(row, claim)
        period = self._periods[claim.limit]
        slot = (claim.limit, period.key)
        book = self._book(*slot)
        missed_at = self._counters.get(slot, (0, 0))[1]
        amount = 0
        if claim.waiting:
            # A clock that is ahead asks for the next period: what it has of this one it has still.
            held = claim.holds if claim.period == period.key else book.held_by(holder)
            amount = book.grant(holder, claim, held)
            if not amount and book.spent + claim.least <= row.amount:
                self._missed.add(slot)
        return Grant(
            limit=claim.limit,
            period=period.key,
            amount=amount,
            until=period.ends,
            left=max(0, book.left),
            spent=book.spent,
            scarce=slot in self._missed or self._now - missed_at < MISSED_FOR,
            retry_after=None if period.ends is None else (period.ends - self._now) / MICROS,
        )

    def _grant_of_rate(self, row: LimitRow, claim: Claim) -> Grant:
        window = window_of(row.per, row.amount, self._slots[row.id], self._now)
        slot = slot_of(row.per, self._now + VALID)
        amount = 0
        if claim.waiting:
            amount = granted_of_rate(window, least=claim.least, waiting=claim.waiting, rate=claim.rate)
        if amount:
            self._added[claim.limit, slot] += amount
            self._slots[claim.limit].append((slot, amount))
        short = claim.waiting and not amount
        return Grant(
            limit=claim.limit,
            period=slot,
            amount=amount,
            until=self._now + VALID,
            left=max(0, window.left - amount),
            spent=window.used + amount,
            retry_after=window.wait_for(claim.least, self._now) if short else None,
        )

    def _write(self) -> None:
        put: list[LeaseRow] = []
        over: list[LeaseRow] = []
        for (limit, period), book in self._books.items():
            for holder in sorted(book.changed):
                lease = book.leases[holder]
                row = LeaseRow(
                    limit,
                    period,
                    holder,
                    self._machines[holder],
                    lease.amount,
                    lease.settled,
                    lease.turn,
                    self._now,
                )
                past = period < self._periods[limit].key and not lease.unspent
                (over if past or not (lease.amount or lease.settled) else put).append(row)
        store.put_leases(self._connection, put)
        store.drop_leases(self._connection, over)
        store.note_missed(self._connection, sorted(self._missed), self._now)
        store.add_to_slots(self._connection, self._added)
