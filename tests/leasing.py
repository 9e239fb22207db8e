"""Workers that share limits over a database, on a clock that only the test moves: real purses, real grants, real
entries. Nothing waits, so minutes pass in a blink."""

from collections.abc import Callable
from typing import Any

import msgspec

from counterpoint.canonical.ids import new_id
from counterpoint.control.limits.granting import Granting, Question
from counterpoint.control.limits.service import NewLimit, add_limit
from counterpoint.directory import Directory
from counterpoint.gateway.purse import Purse
from counterpoint.ledger import Entry
from counterpoint.limits import Denied, Hold, Limit, Wanted
from counterpoint.limits.claims import Claim, Grant
from counterpoint.limits.spending import charges, taken
from counterpoint.storage import ledger, organisations
from counterpoint.storage.database import Database

BEGIN = 1_790_000_000_000_000


class Time:
    """Seconds since the beginning."""

    def __init__(self) -> None:
        self.now = 1000.0

    def clock(self) -> float:
        return self.now

    def moment(self) -> int:
        return BEGIN + int(self.now * 1e6)


class Worker:
    """A purse, what it is asked for, and what it has written."""

    def __init__(self, house: "House", machine: str) -> None:
        self.house = house
        self.machine = machine
        self.purse = Purse(self.claim, house.time.clock, house.time.moment)
        self.held: list[Hold] = []
        self.denied: list[Denied] = []
        self.spool: list[Entry] = []
        self.away = False
        self.queue: list[tuple[tuple[Claim, ...], Callable[[tuple[Grant, ...] | None], None]]] = []

    def claim(self, claims: tuple[Claim, ...], answer: Callable[[tuple[Grant, ...] | None], None]) -> None:
        if self.away:
            answer(None)
        elif self.house.slow:
            self.queue.append((claims, answer))
        else:
            answer(self.house.granting.answer([Question(self.purse.holder, self.machine, claims)])[0])

    def call(self, *, tokens: int = 0, money: int | None = 0, model: str = "host/model") -> None:
        """Ask for so much."""

        def answer(said: Hold | Denied) -> None:
            (self.held if isinstance(said, Hold) else self.denied).append(said)  # type: ignore[arg-type]

        self.purse.reserve(self.house.wanted(tokens, money, model), answer)

    def settle(self, *, tokens: int = 0, money: int = 0) -> Entry:
        """The oldest call under way ends."""
        hold = self.held.pop(0)
        amounts = taken(hold, offering="host/model", names=(), tokens=tokens, money=money)
        entry = Entry(
            id=new_id(),
            at=self.house.time.moment(),
            operation="chat",
            client_dialect="any",
            charges=charges(hold, amounts),
        )
        self.spool.append(entry)
        self.purse.settle(hold, amounts)
        return entry

    def ship(self) -> None:
        """What was written is stored."""
        entries, self.spool = self.spool, []
        with self.house.database.write() as connection:
            ledger.add_entries(connection, entries)


class House:
    """An organisation with some limits."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.time = Time()
        self.granting = Granting(database, moment=lambda _: self.time.moment())
        self.workers: list[Worker] = []
        self.slow = False
        self.limits: list[Limit] = []
        with database.write() as connection:
            self.organisation = organisations.add_organisation(connection, "Acme").id
            self.project = organisations.add_project(connection, self.organisation, "one").id

    def limit(self, **said: Any) -> Limit:
        """One more."""
        with self.database.write() as connection:
            new = NewLimit(**{"scope": "project", "subject": self.project, **said})
            row = add_limit(connection, self.organisation, new, "studio")
        self.limits.append(row.limit)
        for worker in self.workers:
            worker.purse.publish(Directory(limits=tuple(self.limits)))
        return row.limit

    def worker(self, machine: str = "machine") -> Worker:
        """One more."""
        worker = Worker(self, machine)
        worker.purse.publish(Directory(limits=tuple(self.limits)))
        self.workers.append(worker)
        return worker

    def wanted(self, tokens: int, money: int | None, model: str = "host/model") -> Wanted:
        return Wanted(self.organisation, self.project, "key", "user", (model,), (), tokens, money)

    def pass_time(self, seconds: float, step: float = 0.1) -> None:
        """Everybody ticks."""
        until = self.time.now + seconds
        while self.time.now < until - 1e-9:
            self.time.now += step
            for worker in self.workers:
                worker.purse.tick()

    def spent(self, limit: Limit) -> int:
        """By the counters."""
        with self.database.read() as connection:
            query = "SELECT coalesce(sum(spent), 0) FROM limit_counters WHERE limit_id = '" + limit.id + "'"
            return int(connection.exec_driver_sql(query).scalar_one())


def changed(limit: Limit, **values: Any) -> Limit:
    """As workers will be told of it."""
    return msgspec.structs.replace(limit, **values)
