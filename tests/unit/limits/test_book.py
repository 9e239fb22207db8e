"""The rules of leases, in every order of events: nothing overspends, and what is not spent is available again.

The pure halves on both sides: `Book` as control keeps it, `Account` as workers do. Claims and grants may be lost or
overtaken on their way, workers die, entries come late.
"""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from counterpoint.limits import Limit, Part
from counterpoint.limits.book import Book
from counterpoint.limits.claims import Claim, Grant
from counterpoint.limits.holding import Account

AMOUNT = 1_000


class _Worker:
    def __init__(self, name: str) -> None:
        self.name = name
        self.account = Account(Limit("limit", "organisation", "o", "money", AMOUNT))
        self.turn = self.spent = 0
        self.calls: list[Part] = []
        self.spool: list[int] = []
        self.late: list[Claim] = []  # on their way to control


class Leases(RuleBasedStateMachine):
    """Two workers at a time, one budget."""

    @initialize()
    def begin(self) -> None:
        self.book = Book(AMOUNT)
        self.now = 1.0
        self.made = 0
        self.workers = [self._new() for _ in range(2)]
        self.dead: list[_Worker] = []
        self.spent = 0

    def _new(self) -> _Worker:
        self.made += 1
        return _Worker(f"worker-{self.made}")

    def _worker(self, data: st.DataObject) -> _Worker:
        return data.draw(st.sampled_from(self.workers))

    @rule(seconds=st.floats(0.01, 30))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    def _claims(self, worker: _Worker, least: int, more: int) -> list[Claim]:
        worker.turn += 1
        free = worker.account.free(0)
        waiting = (free + least, free + least + more) if least else (0, 0)
        return worker.account.claim(worker.turn, *waiting, self.now, 0, renewing=True)

    def _granted(self, worker: _Worker, claim: Claim) -> Grant | None:
        if claim.period is not None and not self.book.holds(worker.name, claim.holds, claim.turn):
            return None
        return Grant("limit", 0, self.book.grant(worker.name, claim, claim.holds) if claim.waiting else 0)

    @rule(data=st.data(), least=st.integers(0, 400), more=st.integers(0, 900), scarce=st.booleans())
    def ask(self, data: st.DataObject, least: int, more: int, scarce: bool) -> None:
        """There and back. `least` 0: it only says what it holds, and gives back what is too much."""
        worker = self._worker(data)
        worker.account.scarce = scarce
        for claim in self._claims(worker, least, more):
            grant = self._granted(worker, claim)
            if grant is not None:
                worker.account.granted(grant, self.now, 0)

    @rule(data=st.data(), least=st.integers(1, 400), arrives=st.booleans())
    def ask_in_vain(self, data: st.DataObject, least: int, arrives: bool) -> None:
        """The worker gives up waiting: the grant is lost on its way back, or the claim is late on its way there."""
        worker = self._worker(data)
        for claim in self._claims(worker, least, 0):
            if arrives:
                self._granted(worker, claim)
            else:
                worker.late.append(claim)

    @rule(data=st.data())
    def come_late(self, data: st.DataObject) -> None:
        """Nobody waits for the answer any more."""
        worker = self._worker(data)
        if worker.late:
            self._granted(worker, worker.late.pop(0))

    @rule(data=st.data(), share=st.integers(1, 4))
    def call(self, data: st.DataObject, share: int) -> None:
        worker = self._worker(data)
        part = worker.account.hold(max(1, worker.account.free(0) // share), self.now, 0)
        if part is not None:
            worker.calls.append(part)

    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        worker = self._worker(data)
        if worker.calls:
            part = worker.calls.pop(data.draw(st.integers(0, len(worker.calls) - 1)))
            amount = data.draw(st.integers(0, part.amount))
            worker.spool.append(amount)
            self.spent += amount
            worker.spent += amount
            worker.account.settle(part, amount, self.now)

    @rule(data=st.data())
    def ship(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(self.workers + self.dead))
        if worker.spool:
            self.book.charge(worker.name, worker.spool.pop(0))

    @rule(data=st.data())
    def die(self, data: st.DataObject) -> None:
        worker = self._worker(data)
        self.workers.remove(worker)
        self.dead.append(worker)
        self.workers.append(self._new())

    @precondition(lambda self: any(not worker.spool for worker in self.dead))
    @rule()
    def close(self) -> None:
        for worker in [each for each in self.dead if not each.spool]:
            self.book.close(worker.name)
            self.dead.remove(worker)

    @invariant()
    def nothing_is_overspent(self) -> None:
        if not hasattr(self, "book"):
            return
        under_way = sum(part.amount for worker in self.workers for part in worker.calls)
        assert self.spent + under_way <= AMOUNT
        assert self.book.left >= 0

    @invariant()
    def whatever_a_worker_may_spend_is_leased_to_it(self) -> None:
        if not hasattr(self, "book"):
            return
        for worker in self.workers:
            held = sum(part.amount for part in worker.calls)
            leased = self.book.leases.get(worker.name)
            assert worker.spent + held + worker.account.free(0) <= (leased.amount if leased else 0)

    def teardown(self) -> None:
        """Everything ends, and what nobody spent is there for anyone."""
        if not hasattr(self, "book"):
            return
        for worker in self.workers + self.dead:
            for amount in worker.spool:
                self.book.charge(worker.name, amount)
            self.book.close(worker.name)
        assert self.book.left == AMOUNT - self.spent


TestLeases: Any = Leases.TestCase
TestLeases.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)


def test_what_is_given_back_is_available_without_anybody_dying() -> None:
    worker = _Worker("one")
    book = Book(AMOUNT)
    (claim,) = worker.account.claim(1, 100, 800, 1.0, 0)
    worker.account.granted(Grant("limit", 0, book.grant("one", claim, 0)), 1.0, 0)
    part = worker.account.hold(100, 1.0, 0)
    assert part is not None
    worker.account.settle(part, 40, 1.0)
    worker.account.scarce = True
    (back,) = worker.account.claim(2, 0, 0, 2.0, 0)
    assert book.holds("one", back.holds, 2)
    assert book.left == AMOUNT - 40
    book.charge("one", 40)
    assert (book.left, book.spent) == (AMOUNT - 40, 40)
