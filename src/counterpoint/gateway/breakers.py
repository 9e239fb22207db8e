"""A circuit breaker: an offering that fails and fails is left alone for a while, and then tried by one call at a time.
Pure: the time comes in.

The three states are those of M. Nygard, "Release It!" (2007). A breaker chooses between offerings: where there is no
other one, the offering is asked all the same.
"""

from counterpoint.directory.health import BreakerState

CONSECUTIVE = 5
"""Failures in a row that open it."""
SHARE, FEWEST = 0.5, 20
"""The share of failures that opens it, among at least so many calls of the window."""
OPEN_SECONDS, LONGEST_OPEN = 5.0, 60.0
"""How long it stays open at first; twice as long each time that the trial fails, up to the longest."""
PROBE_SECONDS = 30.0
"""A trial that says nothing for so long counts for nothing: another call may try."""
WINDOW_SECONDS = 60.0
_SLOTS = 6
_SLOT = WINDOW_SECONDS / _SLOTS


class Breaker:
    """Of one offering. `since`: when it came into its state; `until`: when an open one may be tried."""

    __slots__ = (
        "_calls",
        "_failures",
        "_next",
        "_opened",
        "_probe",
        "_slot",
        "consecutive",
        "since",
        "state",
        "until",
    )

    def __init__(self, now: float) -> None:
        self.state: BreakerState = "closed"
        self.since = now
        self.until = 0.0
        self.consecutive = 0
        self._opened = 0
        self._probe: float | None = None
        self._slot = int(now / _SLOT)
        self._next = (self._slot + 1) * _SLOT
        self._calls = [0] * _SLOTS
        self._failures = [0] * _SLOTS

    def closed_off(self, now: float) -> bool:
        """Whether a call should go elsewhere."""
        if self.state == "closed":
            return False
        if self.state == "open":
            return now < self.until
        return self._probe is not None and now - self._probe < PROBE_SECONDS

    def began(self, now: float) -> None:
        """A call goes there; if it was open, it is the trial."""
        if self.state != "closed" and not self.closed_off(now):
            self._become("half_open", now)
            self._probe = now

    def succeeded(self, now: float) -> None:
        """It has answered."""
        if now >= self._next:
            self._turn(now)
        self._calls[self._slot % _SLOTS] += 1
        self.consecutive = 0
        if self.state != "closed":
            self._become("closed", now)
            self._opened = 0
            self._calls = [0] * _SLOTS
            self._failures = [0] * _SLOTS

    def failed(self, now: float) -> None:
        """It has not, and it is to blame."""
        self._turn(now)
        at = self._slot % _SLOTS
        self._calls[at] += 1
        self._failures[at] += 1
        self.consecutive += 1
        if self.state == "half_open" or (self.state == "closed" and self._too_many()):
            self._become("open", now)
            self.until = now + min(LONGEST_OPEN, OPEN_SECONDS * 2.0 ** min(self._opened, 10))
            self._opened += 1

    def let_go(self) -> None:
        """The call came to nothing that says anything of the offering."""
        self._probe = None

    def counts(self, now: float) -> tuple[int, int]:
        """Calls and failures of the window."""
        self._turn(now)
        return sum(self._calls), sum(self._failures)

    def _too_many(self) -> bool:
        calls, failures = sum(self._calls), sum(self._failures)
        return self.consecutive >= CONSECUTIVE or (calls >= FEWEST and failures >= SHARE * calls)

    def _become(self, state: BreakerState, now: float) -> None:
        if state != self.state:
            self.state, self.since = state, now
        self._probe = None

    def _turn(self, now: float) -> None:
        slot = int(now / _SLOT)
        if slot == self._slot:
            return
        for passed in range(self._slot + 1, min(slot, self._slot + _SLOTS) + 1):
            self._calls[passed % _SLOTS] = self._failures[passed % _SLOTS] = 0
        self._slot = slot
        self._next = (slot + 1) * _SLOT
