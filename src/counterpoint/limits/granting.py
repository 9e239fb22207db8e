"""How much of a limit is leased to whom. Pure: what the books say comes in, what is granted comes out.

Of a budget, available is `limit - spent - what is leased and not yet spent`. Whatever happens to a worker, what it
holds counts as taken until its entries are in the ledger: so no order of events can overspend.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec

from counterpoint.limits.periods import MICROS, counted_from, freed_at
from counterpoint.limits.values import Per

LASTS = 60
"""Seconds of spending that a lease is to last."""
VALID = 400_000
"""Microseconds in which what is granted of a rate may be used: so much later than its grant it may be counted. With
the width of a slot it is what a window is too long by, and its limit too low: 0.5 s of a minute."""
MISSED_FOR = 5 * MICROS
"""How long after somebody had to go without, the others keep no more than they use."""


class Books(msgspec.Struct, frozen=True):
    """How a limit stands in a period. `leased`: what holders have and is not in `spent` yet; `holders`: how many."""

    limit: int
    spent: int
    leased: int
    holders: int

    @property
    def left(self) -> int:
        """What anyone may still be granted."""
        return self.limit - self.spent - self.leased


def unspent(amount: int, settled: int) -> int:
    """What a lease takes out of what is available. An answer may have cost more than was held for it: that is spent,
    and there is nothing left of the lease."""
    return max(0, amount - settled)


def granted(books: Books, *, least: int, waiting: int, rate: int) -> int:
    """How much more a holder gets. All that waits at once where there is plenty, and what is used in a minute; never
    more than half of an equal share, so that the others find something; close to the limit one call at a time."""
    left = books.left
    if left <= 0 or left < least:
        return 0
    share = left // (2 * max(1, books.holders))
    return min(left, max(least, min(max(waiting, rate * LASTS), share)))


def surplus(free: int, *, rate: int, scarce: bool) -> int:
    """What a worker gives back of what it does not hold for calls."""
    return max(0, free if scarce else free - 2 * rate * LASTS)


class Window(msgspec.Struct, frozen=True):
    """What was granted of a rate, by slots, the oldest first; those that count no more left out."""

    per: Per
    limit: int
    slots: tuple[tuple[int, int], ...]

    @property
    def used(self) -> int:
        """All of it."""
        return sum(amount for _, amount in self.slots)

    @property
    def left(self) -> int:
        """What may be granted now."""
        return self.limit - self.used

    def wait_for(self, least: int, now: int) -> float:
        """Seconds until so much is left, if nothing more is used."""
        missing = least - self.left
        for slot, amount in self.slots:
            if missing <= 0:
                break
            missing -= amount
            if missing <= 0:
                return max(0.0, (freed_at(self.per, slot) - now) / MICROS)
        return 0.0


def window_of(per: Per, limit: int, slots: Sequence[tuple[int, int]], now: int) -> Window:
    """As it is now."""
    first = counted_from(per, now)
    used: Counter[int] = Counter()
    for slot, amount in slots:
        if slot >= first:
            used[slot] += amount
    return Window(per, limit, tuple(sorted(used.items())))


def granted_of_rate(window: Window, *, least: int, waiting: int, rate: int) -> int:
    """How much of a rate a worker gets for the next moment: all that waits, as far as it goes, and what it will use in
    the time that the grant is good for, as far as that is a small part of what is left."""
    left = window.left
    if left <= 0 or left < least:
        return 0
    soon = min(rate * VALID // MICROS, left // 8)
    return min(left, max(waiting, soon, least))
