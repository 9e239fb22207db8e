"""What one worker has measured of the offerings that it asks: how soon they answer, how often they fail, who served a
session last, and how many retries there may be. Pure: the time comes in. Plans rest on it; control is told of it.
"""

from collections import OrderedDict

from counterpoint.canonical import Failure
from counterpoint.directory.health import OfferingHealth
from counterpoint.gateway.breakers import Breaker
from counterpoint.gateway.routing.plan import Standings

WEIGHT = 0.2
"""Of the newest measurement in the moving average."""
MOST_REMEMBERED = 20_000
"""Sticky callers; who has been away longest is forgotten first."""
MOST_RECORDS = 4096
"""Offerings; whoever was asked for first is forgotten first."""
MOST_RETRIES = 20.0
TRICKLE = 0.5
"""Retries a second that a worker has in any case: a share of few calls would be none."""
_BLAMELESS = frozenset({401, 403, 408, 409, 425, 429})
"""Statuses that say neither that an offering works nor that it is broken."""
_OURS = frozenset({"answer_too_large", "host_credentials", "host_redirects"})


class Record:
    """Of one offering."""

    __slots__ = ("breaker", "failure")

    def __init__(self, now: float) -> None:
        self.breaker = Breaker(now)
        self.failure = ""


class Health:
    """Of one worker. `changes`: a number that grows with everything that is worth telling."""

    def __init__(self) -> None:
        self.changes = 0
        self._records: dict[str, Record] = {}
        self._first_event: dict[str, float] = {}
        self._last: OrderedDict[str, str] = OrderedDict()
        self._shut: set[str] = set()
        self._calm = Standings(first_event=self._first_event, last=self._last)
        self._retries = MOST_RETRIES
        self._filled = 0.0
        self._calls = 0

    # What plans rest on

    def standings(self, now: float) -> Standings:
        """Its mappings go on changing."""
        if not self._shut:
            return self._calm
        closed = frozenset(name for name in self._shut if self.closed_off(name, now))
        return Standings(closed, self._first_event, self._last)

    def closed_off(self, name: str, now: float) -> bool:
        """Whether an offering should be left alone, if there is another one."""
        return name in self._shut and self._records[name].breaker.closed_off(now)

    # What happens

    def began(self, name: str, now: float) -> None:
        """An offering is asked."""
        self._calls += 1
        if name in self._shut:
            self._records[name].breaker.began(now)
            self.changes += 1

    def answered(self, name: str, seconds: float, now: float) -> None:
        """It has said something, after so many seconds."""
        record = self._records.get(name)
        if record is None or self._shut:
            self._succeeded(name, now)
        else:
            record.breaker.succeeded(now)
            self.changes += 1
        measured = self._first_event
        known = measured.get(name)
        measured[name] = seconds if known is None else known + WEIGHT * (seconds - known)

    def failed(self, name: str, failure: Failure, status: int | None, now: float) -> None:
        """It has failed; whether it is to blame is found out here."""
        if status is not None and 300 < status < 500:
            if status in _BLAMELESS:
                self.let_go(name)
            else:
                self._succeeded(name, now)
        elif not failure.from_upstream or failure.code in _OURS:
            self.let_go(name)
        else:
            record = self._record(name, now)
            record.breaker.failed(now)
            record.failure = failure.kind.value
            if record.breaker.state != "closed":
                self._shut.add(name)
            self.changes += 1

    def let_go(self, name: str) -> None:
        """It was left before it had said anything."""
        if name in self._shut:
            self._records[name].breaker.let_go()

    def _succeeded(self, name: str, now: float) -> None:
        self._record(name, now).breaker.succeeded(now)
        self._shut.discard(name)
        self.changes += 1

    def _record(self, name: str, now: float) -> Record:
        record = self._records.get(name)
        if record is None:
            if len(self._records) >= MOST_RECORDS:  # callers may make names up that a host is asked for
                self._forget(next(iter(self._records)))
            record = self._records[name] = Record(now)
        return record

    def _forget(self, name: str) -> None:
        del self._records[name]
        self._first_event.pop(name, None)
        self._shut.discard(name)
        self.changes += 1

    def remember(self, sticky: str, name: str) -> None:
        """Who served a session, or the beginning of a prompt."""
        self._last[sticky] = name
        self._last.move_to_end(sticky)
        if len(self._last) > MOST_REMEMBERED:
            self._last.popitem(last=False)

    # Retries

    def may_retry(self, share: float, now: float) -> bool:
        """Take one from what there may be: a share of the calls, so that an outage is not made worse."""
        gained = self._calls * share + max(0.0, now - self._filled) * TRICKLE
        self._retries = min(MOST_RETRIES, self._retries + gained)
        self._calls, self._filled = 0, now
        if self._retries < 1.0:
            return False
        self._retries -= 1.0
        return True

    # What is told

    def keep_only(self, names: frozenset[str]) -> None:
        """Forget what is not offered any more."""
        for name in self._records.keys() - names:
            self._forget(name)

    def told(self, now: float, epoch: float) -> tuple[OfferingHealth, ...]:
        """All of it. `epoch`: what the clock of the world says at `now`."""
        return tuple(self._told(name, self._records[name], now, epoch) for name in sorted(self._records))

    def _told(self, name: str, record: Record, now: float, epoch: float) -> OfferingHealth:
        breaker = record.breaker
        calls, failures = breaker.counts(now)
        first = self._first_event.get(name)
        return OfferingHealth(
            name,
            breaker.state,
            calls,
            failures,
            breaker.consecutive,
            None if first is None else round(first, 4),
            record.failure,
            round(epoch - now + breaker.since, 3),
            round(epoch - now + breaker.until, 3) if breaker.state == "open" else 0.0,
        )
