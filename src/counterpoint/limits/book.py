"""One limit in one period: what is spent, and what is leased to whom. Pure; control keeps it in rows and writes back
what has changed.

A lease's `amount` is all that its holder may spend, `settled` how much of that the ledger has already. Available is
what the limit is, less what is spent, less what is unspent of every lease.
"""

import msgspec

from counterpoint.limits.claims import Claim
from counterpoint.limits.granting import Books, granted, unspent


class Leased(msgspec.Struct, frozen=True):
    """What one holder has. `turn`: of the last claim that counted."""

    holder: str
    amount: int = 0
    settled: int = 0
    turn: int = 0

    @property
    def unspent(self) -> int:
        """What it takes out of what is available."""
        return unspent(self.amount, self.settled)


class Book:
    """See the module. `changed`: the holders whose leases are not as they were."""

    def __init__(self, limit: int, spent: int = 0) -> None:
        self.limit = limit
        self.spent = spent
        self.leases: dict[str, Leased] = {}
        self.changed: set[str] = set()
        self._unspent = 0
        self._wanting: set[str] = set()

    def load(self, lease: Leased) -> None:
        """It was so before."""
        self.leases[lease.holder] = lease
        self._unspent += lease.unspent

    @property
    def left(self) -> int:
        """For anyone; less than nothing where the limit was lowered, or an answer cost more than was held for it."""
        return self.limit - self.spent - self._unspent

    def _put(self, lease: Leased) -> None:
        before = self.leases.get(lease.holder)
        self._unspent += lease.unspent - (before.unspent if before is not None else 0)
        self.leases[lease.holder] = lease
        self.changed.add(lease.holder)

    def holds(self, holder: str, amount: int, turn: int) -> bool:
        """The holder says what it has of this period, used or not. Whether it has not said more since."""
        before = self.leases.get(holder, Leased(holder))
        if turn <= before.turn:
            return False
        self._put(msgspec.structs.replace(before, amount=amount, turn=turn))
        return True

    def held_by(self, holder: str) -> int:
        """As it said last, or was granted since."""
        lease = self.leases.get(holder)
        return 0 if lease is None else lease.amount

    def wants(self, holder: str) -> None:
        """Whoever wants some counts among the holders, so that shares are small enough for all."""
        self._wanting.add(holder)

    def grant(self, holder: str, claim: Claim, held: int) -> int:
        """How much more the holder gets, who has `held`. Nothing for a claim that was overtaken by a later one."""
        before = self.leases.get(holder, Leased(holder))
        if claim.turn < before.turn:
            return 0
        holders = {lease.holder for lease in self.leases.values() if lease.unspent} | self._wanting
        books = Books(self.limit, self.spent, self._unspent, len(holders))
        amount = granted(books, least=claim.least, waiting=claim.waiting, rate=claim.rate)
        if amount:
            self._put(msgspec.structs.replace(before, amount=held + amount, turn=claim.turn))
        return amount

    def charge(self, holder: str, amount: int) -> None:
        """An entry is in the ledger that took so much of that holder's lease."""
        self.spent += amount
        lease = self.leases.get(holder)
        if lease is not None:
            self._put(msgspec.structs.replace(lease, settled=lease.settled + amount))

    def close(self, holder: str) -> None:
        """The holder is no more, and the ledger has all that it wrote."""
        lease = self.leases.pop(holder, None)
        if lease is not None:
            self._unspent -= lease.unspent
