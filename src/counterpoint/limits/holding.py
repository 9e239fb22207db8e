"""What a worker has of one limit. Pure: time comes in. `now` is the worker's own clock, in seconds, that never jumps;
`moment` is the time of day in microseconds since the epoch.

`Account` is for what is counted for a period, and for calls at a time; `Rate` for what slides.
"""

from collections import deque

from counterpoint.limits.claims import Claim, Grant
from counterpoint.limits.granting import VALID, surplus
from counterpoint.limits.periods import MICROS, WINDOWS
from counterpoint.limits.values import Limit, Part, Reason, Standing

_HALVED_IN, _RATE_HALVED_IN = 10.0, 1.0
"""Seconds in which the measured pace of spending forgets half: of leases that last a minute, of grants that last a
moment."""
AHEAD = 100_000
"""Microseconds for which a period goes on, by a clock for which it is over, when control says that it is not."""
OVER = 60 * MICROS
"""How long after its end a period is remembered of which nothing is held: no clock is so far ahead."""
RECENT = 60
"""Pieces in which a worker remembers its own use of a window."""


class _Pace:
    """What is used a second, lately: an average that forgets."""

    __slots__ = ("_at", "_halved_in", "_value")

    def __init__(self, halved_in: float) -> None:
        self._halved_in = halved_in
        self._value = self._at = 0.0

    def note(self, amount: int, now: float) -> None:
        self._value = self._left(now) + amount * 0.693 / self._halved_in
        self._at = now

    def _left(self, now: float) -> float:
        return self._value * 0.5 ** ((now - self._at) / self._halved_in) if self._value else 0.0

    def at(self, now: float) -> int:
        return max(0, int(self._left(now)))


class _Lease:
    """What is leased for one period: `amount` in all, of which `used` is spent and `held` is for calls under way."""

    __slots__ = ("amount", "held", "period", "until", "used")

    def __init__(self, period: int, until: int | None) -> None:
        self.period = period
        self.until = until
        self.amount = self.held = self.used = 0

    @property
    def free(self) -> int:
        return self.amount - self.used - self.held


class Account:
    """Leases of a budget, or of calls at a time."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.left = self.spent = 0
        self.scarce = False
        self.retry_after: float | None = None
        self.closed = (float("-inf"), 0)
        """Until when nobody need ask for so much."""
        self._lease: _Lease | None = None
        self._past: dict[int, _Lease] = {}
        self._told: dict[int, int] = {}  # what control was told last that we hold
        self._pace = _Pace(_HALVED_IN)
        self._largest = 0
        self._overdrawn = False

    def free(self, moment: int) -> int:
        """What calls may be held for."""
        lease = self._current(moment)
        return 0 if lease is None else lease.free

    def reach(self, moment: int) -> int:
        """The most that a call could get now, with what control has left for anyone."""
        return self.free(moment) + self.left

    def _current(self, moment: int) -> _Lease | None:
        lease = self._lease
        if lease is not None and lease.until is not None and moment >= lease.until:
            self._past[lease.period] = lease
            lease = self._lease = None
        return lease

    def hold(self, need: int, now: float, moment: int, holder: str = "") -> Part | None:
        """So much for a call, if it is there, by the lease of `holder`."""
        lease = self._current(moment)
        if lease is None:
            return None if need else Part(self.limit, holder, 0, 0)
        if lease.free < need:
            return None
        lease.held += need
        return Part(self.limit, holder, lease.period, need)

    def settle(self, part: Part, amount: int, now: float) -> None:
        """A call is over and has taken `amount` of its part."""
        lease = self._lease
        if lease is None or lease.period != part.period:
            lease = self._past.get(part.period)
        if lease is None:
            return
        lease.held -= part.amount
        if amount:
            lease.used += amount
            self._pace.note(amount, now)

    def claim(
        self, turn: int, least: int, waiting: int, now: float, moment: int, *, renewing: bool = False
    ) -> list[Claim]:
        """What to ask control, and to tell it. Nothing where there is nothing new, unless `renewing`: others may lack
        by now what we have. `least`, `waiting`: what calls that wait need in all, free or not."""
        claims = []
        for period, lease in list(self._past.items()):
            lease.amount = lease.used + lease.held
            if self._told.get(period) != lease.amount:
                self._told[period] = lease.amount
                claims.append(Claim(self.limit.id, period, lease.amount, turn))
            # Kept until a later period has begun: by another zone's calendar this one may go on.
            if self._lease is not None and not lease.held and moment > (lease.until or 0) + OVER:
                del self._past[period]
                self._told.pop(period, None)
        current = self._current(moment)
        if not waiting:
            if current is not None:
                current.amount -= surplus(current.free, rate=self._pace.at(now), scarce=self.scarce)
                if self._told.get(current.period) != current.amount or (renewing and current.free):
                    self._told[current.period] = current.amount
                    claims.append(Claim(self.limit.id, current.period, current.amount, turn))
            return claims
        if current is None:
            return [*claims, Claim(self.limit.id, None, 0, turn, least, waiting, self._pace.at(now))]
        free = current.free
        self._told[current.period] = current.amount
        claims.append(
            Claim(
                limit=self.limit.id,
                period=current.period,
                holds=current.amount,
                turn=turn,
                least=max(1, least - free),
                waiting=max(1, waiting - free),
                rate=self._pace.at(now),
            )
        )
        return claims

    def granted(self, grant: Grant, now: float, moment: int) -> None:
        """What control answered."""
        self.left, self.spent, self.scarce = grant.left, grant.spent, grant.scarce
        if (
            grant.until is not None and moment >= grant.until
        ):  # our clock is ahead: there is more when it is not
            self.left = 0
        self.retry_after = grant.retry_after
        self._overdrawn = False
        if not grant.amount:
            return
        lease = self._current(moment)
        if lease is None or lease.period != grant.period:
            if lease is not None:
                self._past[lease.period] = lease
            lease = self._lease = self._past.pop(grant.period, None) or _Lease(grant.period, grant.until)
        lease.amount += grant.amount
        lease.until = None if grant.until is None else max(grant.until, moment + AHEAD)
        self._told[lease.period] = lease.amount
        self._largest = grant.amount

    def unheard(self, now: float) -> None:
        """Nobody answered, and maybe nobody heard: it is all told again."""
        self._told.clear()

    def ages(self, now: float) -> bool:
        """What is leased is good until it is used."""
        return False

    def overdraw(self, need: int, now: float, moment: int) -> bool:
        """Nobody answers: one more lease of the last size, once. Control learns of it with the next claim."""
        lease = self._current(moment)
        if lease is None or self._overdrawn or not self._largest:
            return False
        self._overdrawn = True
        lease.amount += self._largest
        return lease.free >= need

    def reason(self, need: int) -> Reason:
        """Why a call gets nothing, after control has answered."""
        if self.limit.measure == "concurrent":
            return "busy"
        return "spent" if self.spent + need > self.limit.amount else "reserved"

    @property
    def waits(self) -> bool:
        """Whether others may give back what a call needs."""
        return True

    def standing(self, now: float) -> Standing | None:
        """Budgets are nothing that clients slow down for."""
        return None


class Rate:
    """Grants of a rate, each good for a moment."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.left = limit.amount
        self.spent = 0
        self.scarce = False
        self.retry_after: float | None = None
        self.closed = (float("-inf"), 0)
        """Until when nobody need ask for so much."""
        self._slot = 0
        self._free = 0
        self._ends = 0.0
        self._under_way = 0
        self._asked_at = 0.0
        self._back: dict[int, int] = {}
        self._over: list[tuple[float, int]] = []  # used unasked
        self._telling: list[
            tuple[float, int]
        ] = []  # of that, what control has been told and has not answered
        self._window = WINDOWS[limit.per] / MICROS
        self._pace = _Pace(_RATE_HALVED_IN)
        self._recent: deque[tuple[int, int]] = deque()  # own use: (piece of time, amount)
        self._share: int | None = None

    def free(self, moment: int) -> int:
        """As far as it has not run out."""
        return self._free

    def reach(self, moment: int) -> int:
        """As for an account."""
        return self._free + self.left

    def _expire(self, now: float) -> None:
        if self._free and now >= self._ends:
            self._back[self._slot] = self._back.get(self._slot, 0) + self._free
            self._free = 0

    def hold(self, need: int, now: float, moment: int, holder: str = "") -> Part | None:
        """As for an account."""
        self._expire(now)
        if self._free < need:
            return None
        self._free -= need
        self._under_way += need
        self._use(need, now)
        return Part(self.limit, holder, self._slot, need)

    def _use(self, need: int, now: float) -> None:
        self._pace.note(need, now)
        piece = int(now / self._window * RECENT)
        if self._recent and self._recent[-1][0] == piece:
            self._recent[-1] = (piece, self._recent[-1][1] + need)
            return
        self._recent.append((piece, need))
        while self._recent[0][0] < piece - RECENT:
            self._recent.popleft()

    def used(self, now: float) -> int:
        """By this worker in the window."""
        first = int(now / self._window * RECENT) - RECENT
        return sum(amount for piece, amount in self._recent if piece >= first)

    def settle(self, part: Part, amount: int, now: float) -> None:
        """A call is over and took `amount`: the rest can be used again."""
        self._under_way -= part.amount
        rest = part.amount - amount
        if not rest:
            return
        self._use(-rest, now)
        if rest < 0:
            self._over.append((now, -rest))
        elif part.period == self._slot and now < self._ends:
            self._free += rest
        elif part.period:
            self._back[part.period] = self._back.get(part.period, 0) + rest
        elif self._share is None:  # it was used unasked, and control knows of it by now
            self._over.append((now, -rest))

    def claim(
        self, turn: int, least: int, waiting: int, now: float, moment: int, *, renewing: bool = False
    ) -> list[Claim]:
        """What to ask control, and to tell it. What was not used is given back with the next question, or with the
        next `renewing` as long as there is plenty: nobody lacks it."""
        self._expire(now)
        plenty = 2 * self.left > self.limit.amount
        if not waiting and plenty and not renewing:
            return []
        back = [(slot, amount) for slot, amount in self._back.items() if amount]
        back += _told_of(self._over, now, self._window / RECENT)
        if not waiting and not back:
            return []  # nothing of a rate is kept, so there is nothing to renew
        self._back.clear()
        self._telling, self._over = self._over, []
        self._asked_at = now
        free = self._free if waiting else 0
        return [
            Claim(
                limit=self.limit.id,
                period=None,
                holds=0,
                turn=turn,
                least=max(1, least - free) if waiting else 0,
                waiting=max(1, waiting - free) if waiting else 0,
                rate=self._soon(now),
                back=tuple(back),
            )
        ]

    def _soon(self, now: float) -> int:
        """What may be used a second while a grant is good: twice the pace, since calls come unevenly, and once more
        what is held for calls under way, which hold far more than they take."""
        return 2 * self._pace.at(now) + self._under_way * MICROS // VALID

    def granted(self, grant: Grant, now: float, moment: int) -> None:
        """What control answered. The time in which it is good began when it was asked; who waits for it gets it all
        the same."""
        self.left, self.spent, self.retry_after = grant.left, grant.spent, grant.retry_after
        self._share = None
        self._telling = []
        if grant.amount:
            if self._free and self._slot != grant.period:
                self._back[self._slot] = self._back.get(self._slot, 0) + self._free
                self._free = 0
            self._slot = grant.period
            self._free += grant.amount
            self._ends = max(self._asked_at + VALID / MICROS, now + 0.001)

    def unheard(self, now: float) -> None:
        """Nobody answered. What was used unasked is told again as long as it counts; what was given back may have been
        heard, and counts as used."""
        again = self._telling + self._over
        self._telling, self._over = [], [item for item in again if item[0] > now - self._window]

    def ages(self, now: float) -> bool:
        """Whether a question that is asked for another limit anyway had better ask for this one too."""
        return now >= self._ends - VALID / MICROS / 2

    def overdraw(self, need: int, now: float, moment: int) -> bool:
        """Nobody answers: as much as this worker used of the last whole window, and no more in any."""
        self._expire(now)
        if self._share is None:
            self._share = self.used(now)
        if self.used(now) + need > self._share:
            return False
        if self._free:
            self._back[self._slot] = self._back.get(self._slot, 0) + self._free
        self._slot, self._free, self._ends = 0, need, now + 0.001
        self._over.append((now, need))
        return True

    def reason(self, need: int) -> Reason:
        """Why a call gets nothing."""
        return "rate"

    @property
    def waits(self) -> bool:
        """What is used up comes back with time alone."""
        return False

    def standing(self, now: float) -> Standing | None:
        """For the headers of the answer."""
        left = max(0, self.left + self._free)
        resets = self._window if left < self.limit.amount else 0.0
        return Standing(self.limit.measure, self.limit.amount, left, resets)


def _told_of(over: list[tuple[float, int]], now: float, piece: float) -> list[tuple[int, int]]:
    """What was used unasked, by pieces of time, as claims tell it; less what of it was not needed in the end."""
    pieces: dict[int, int] = {}
    for at, amount in over:
        ago = int((now - at) / piece)
        pieces[ago] = pieces.get(ago, 0) + amount
    rest = -sum(amount for amount in pieces.values() if amount < 0)
    found = []
    for ago, amount in sorted(pieces.items()):
        left = max(0, amount - rest)
        rest -= max(0, amount) - left
        if left:
            found.append((int(ago * piece * MICROS), -left))
    return found


Holding = Account | Rate


def holding_of(limit: Limit) -> Holding:
    """Nothing yet."""
    return Rate(limit) if limit.slides else Account(limit)
