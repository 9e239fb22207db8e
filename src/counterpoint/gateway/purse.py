"""What a worker has of the limits that bind its calls. It answers at once from what is leased, and asks control once
for all who wait otherwise.

While nobody answers (control or the database is away) what is leased goes on, then comes one more lease of the last
size of each limit, then calls are refused until somebody does.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from operator import attrgetter

from counterpoint.canonical.ids import new_id
from counterpoint.directory import Directory
from counterpoint.limits import Denied, Hold, Limit, Part, Reason, Standing, Wanted
from counterpoint.limits.binding import Bindings, binding
from counterpoint.limits.claims import Claim, Grant
from counterpoint.limits.holding import Holding, holding_of
from counterpoint.limits.spending import needed

log = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds that a call waits for what others may give back."""
AGAIN = 0.2
"""Seconds between two questions for it."""
TICK = 0.1
RENEW = 1.0
"""Seconds after which control is told what is still held."""
CLOSED = 0.25
"""Seconds for which nobody asks again for as much as there was not: callers who come again and again cost nothing."""
AWAY = 1.0
"""Seconds without a question after one that nobody answered."""
AWAY_AFTER = 2.0
"""Seconds after which a refused caller may come again, when nobody answers."""
MOST_WAITING = 10_000

NOTHING = Hold()

Ask = Callable[[tuple[Claim, ...], Callable[[tuple[Grant, ...] | None], None]], None]
"""Claims to control; the answer is called once, in bounded time, with a grant for each, or `None` where nobody says."""


_left = attrgetter("left")


class _Waiting:
    """A call that does not fit what is at hand."""

    __slots__ = ("answer", "needs", "since")

    def __init__(
        self, needs: list[tuple[Limit, int]], answer: Callable[[Hold | Denied], None], since: float
    ) -> None:
        self.needs = needs
        self.answer = answer
        self.since = since


class Purse:
    """See the module. `ask`: the way to control. `clock`, `moment`: as in `limits.holding`."""

    def __init__(
        self,
        ask: Ask,
        clock: Callable[[], float] = time.monotonic,
        moment: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        self.holder = new_id()
        self._ask = ask
        self._clock = clock
        self._moment = moment
        self._bindings = Bindings(())
        self._limits: dict[str, Limit] = {}
        self._holdings: dict[str, Holding] = {}
        self._gone: set[str] = set()
        self._waiting: list[_Waiting] = []
        self._asking = False
        self._turn = 0
        self._asked_at = self._renewed_at = float("-inf")
        self._away_since: float | None = None

    def publish(self, directory: Directory) -> None:
        """These limits hold from now on."""
        self._bindings = Bindings(directory.limits)
        self._limits = {limit.id: limit for limit in directory.limits}
        self._gone.clear()
        for id_, limit in self._limits.items():
            holding = self._holdings.get(id_)
            if holding is not None:
                holding.limit = limit

    # The gateway's port

    def reserve(self, wanted: Wanted, answer: Callable[[Hold | Denied], None]) -> None:
        """See the port."""
        limits = self._bindings.of(wanted.organisation, wanted.project, wanted.key, wanted.user)
        if limits:
            limits = binding(limits, wanted)
        if not limits:
            answer(NOTHING)
            return
        needs = []
        for limit in limits:
            need = needed(limit, wanted)
            if need is None or need > limit.amount:
                reason: Reason = "unpriced" if need is None else "too_large" if limit.amount else "spent"
                answer(Denied(limit, reason, wanted=need or 0))
                return
            needs.append((limit, need))
        now = self._clock()
        hold = self._held(needs, now)
        if hold is not None:
            answer(hold)
            return
        waiting = _Waiting(needs, answer, now)
        closed = self._closed(waiting)
        if self._away_since is not None and self._clock() < self._asked_at + AWAY:
            self._without_control(waiting)
        elif closed is not None:
            answer(closed)
        elif len(self._waiting) >= MOST_WAITING:
            answer(self._denied(waiting, needs[0][0], "away", needs[0][1]))
        else:
            self._waiting.append(waiting)
            self._send()

    def settle(self, hold: Hold, amounts: tuple[int, ...]) -> None:
        """See the port."""
        now = self._clock()
        for part, amount in zip(hold.parts, amounts or (0,) * len(hold.parts), strict=True):
            holding = self._holdings.get(part.limit.id)
            if holding is not None:
                holding.settle(part, amount, now)

    # Holding

    def _holding(self, limit: Limit) -> Holding:
        holding = self._holdings.get(limit.id)
        if holding is None:
            holding = self._holdings[limit.id] = holding_of(limit)
        return holding

    def _binding(self, needs: Iterable[tuple[Limit, int]]) -> list[tuple[Holding, int]]:
        """What of `needs` binds still: a limit may be gone before the call that waits for it."""
        return [(self._holding(limit), need) for limit, need in needs if limit.id not in self._gone]

    def _answered(self, waiting: _Waiting) -> bool:
        """Whether the call could be held for."""
        hold = self._held(waiting.needs, self._clock())
        if hold is not None:
            waiting.answer(hold)
        return hold is not None

    def _held(self, needs: list[tuple[Limit, int]], now: float) -> Hold | None:
        """By all of its limits or by none."""
        moment = self._moment()
        parts: list[Part] = []
        standings: list[Standing] = []
        for limit, need in needs:
            if limit.id in self._gone:
                continue
            holding = self._holdings.get(limit.id) or self._holding(limit)
            part = holding.hold(need, now, moment, self.holder)
            if part is None:
                for held in parts:
                    self._holding(held.limit).settle(held, 0, now)
                return None
            parts.append(part)
            standing = holding.standing(now)
            if standing is not None:
                standings.append(standing)
        if len(standings) > 1:
            standings.sort(key=_left)
        return Hold(tuple(parts), tuple(standings))

    def _standings(self, needs: Iterable[tuple[Limit, int]]) -> tuple[Standing, ...]:
        now = self._clock()
        found = [holding.standing(now) for holding, _ in self._binding(needs)]
        return tuple(sorted([item for item in found if item is not None], key=_left))

    def _denied(self, item: _Waiting, limit: Limit, reason: Reason, need: int) -> Denied:
        holding = self._holding(limit)
        retry = holding.retry_after
        resets = None
        if reason == "spent" and retry is not None:
            resets = self._moment() + int(retry * 1e6)
        elif reason in ("reserved", "busy"):
            retry = 1.0
        elif reason == "away":
            retry = AWAY_AFTER
        return Denied(limit, reason, retry, resets, need, self._standings(item.needs))

    # Asking

    def _send(self, *, renewing: bool = False) -> None:
        """Ask for all who wait, and tell what is given back; one question at a time."""
        if self._asking:
            return
        now, moment = self._clock(), self._moment()
        wanting: dict[str, list[int]] = {}
        for waiting in self._waiting:
            for holding, need in self._binding(waiting.needs):
                wanting.setdefault(holding.limit.id, []).append(need)
        self._turn += 1
        claims: list[Claim] = []
        short = any(sum(needs) > self._holdings[id_].free(moment) for id_, needs in wanting.items())
        for id_, holding in list(self._holdings.items()):
            needs = wanting.get(id_)
            if needs is None:
                claims += holding.claim(self._turn, 0, 0, now, moment, renewing=renewing)
            elif sum(needs) > holding.free(moment) or (short and holding.ages(now)):
                claims += holding.claim(self._turn, min(needs), sum(needs), now, moment)
        if not claims:
            return
        self._asking = True
        self._asked_at = now
        self._ask(tuple(claims), self._told)

    def _told(self, grants: tuple[Grant, ...] | None) -> None:
        self._asking = False
        now, moment = self._clock(), self._moment()
        if grants is None:
            if self._away_since is None:
                self._away_since = now
            for holding in self._holdings.values():
                holding.unheard(now)
            waiting, self._waiting = self._waiting, []
            for item in waiting:
                self._without_control(item)
            return
        self._away_since = None
        for grant in grants:
            if grant.gone:
                self._gone.add(grant.limit)
                self._holdings.pop(grant.limit, None)
            elif grant.limit in self._holdings:
                self._holdings[grant.limit].granted(grant, now, moment)
        self._serve()

    def _serve(self) -> None:
        """Everybody who can be served now is; whoever cannot be by anyone is told; the others go on waiting."""
        waiting, self._waiting = self._waiting, []
        before = len(waiting)
        patient = False
        for item in waiting:
            if self._answered(item):
                continue
            denied = self._hopeless(item)
            if denied is not None:
                item.answer(denied)
                continue
            self._waiting.append(item)
            patient = patient or self._must_wait(item)
        if self._waiting and (len(self._waiting) < before or not patient):
            self._send()

    def _must_wait(self, item: _Waiting) -> bool:
        """Whether nobody has enough for it now, but may soon."""
        return any(need > holding.reach(self._moment()) for need, holding in self._short(item))

    def _short(self, item: _Waiting) -> list[tuple[int, Holding]]:
        """What a call lacks, of which limits."""
        moment = self._moment()
        return [(need, holding) for holding, need in self._binding(item.needs) if need > holding.free(moment)]

    def _hopeless(self, item: _Waiting) -> Denied | None:
        """Why a call gets nothing, if it will not."""
        late = self._clock() > item.since + PATIENCE
        for need, holding in self._short(item):
            reason = holding.reason(need)
            never = need > holding.reach(self._moment()) and (reason == "spent" or not holding.waits)
            if never:
                soon = CLOSED if holding.retry_after is None else min(CLOSED, holding.retry_after)
                holding.closed = (self._clock() + soon, need)
            if never or late:
                return self._denied(item, holding.limit, reason, need)
        return None

    def _closed(self, item: _Waiting) -> Denied | None:
        """Whether control has just said that there is not so much."""
        now = self._clock()
        for need, holding in self._short(item):
            until, least = holding.closed
            if now < until and need >= least:
                return self._denied(item, holding.limit, holding.reason(need), need)
        return None

    def _without_control(self, waiting: _Waiting) -> None:
        """Nobody answers."""
        now, moment = self._clock(), self._moment()
        for holding, need in self._binding(waiting.needs):
            if holding.free(moment) < need and not holding.overdraw(need, now, moment):
                waiting.answer(self._denied(waiting, holding.limit, "away", need))
                return
        if not self._answered(waiting):
            limit, need = waiting.needs[0]
            waiting.answer(self._denied(waiting, limit, "away", need))

    # Time

    def tick(self) -> None:
        """Several times a second: give back, ask again for who waits, say what is held."""
        if not self._holdings:
            return
        now = self._clock()
        if self._waiting and now < self._asked_at + AGAIN:
            return
        if self._away_since is not None and now < self._asked_at + AWAY:
            return
        if self._waiting:
            self._serve()
        renewing = now >= self._renewed_at + RENEW
        if renewing:
            self._renewed_at = now
        self._send(renewing=renewing)

    async def run(self) -> None:
        """Tick for ever: whoever waits has nobody else."""
        while True:
            await asyncio.sleep(TICK)
            try:
                self.tick()
            except Exception:
                log.exception("leases could not be looked after; tried again at once")

    def close(self) -> None:
        """The worker ends: whatever is not held for a call is given back."""
        for holding in self._holdings.values():
            holding.scarce = True
        self._asking = False
        self._send(renewing=True)
