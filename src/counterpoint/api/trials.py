"""How providers answered when they were last tried, for pages that show their health. Remembered by this process."""

import threading
from datetime import UTC, datetime

import msgspec

from counterpoint.control.probe import Outcome


class Trial(msgspec.Struct, frozen=True):
    """One try, and when it was over."""

    outcome: Outcome
    at: datetime


class Trials:
    """The latest of each provider, by its name."""

    def __init__(self) -> None:
        self._latest: dict[str, Trial] = {}
        self._lock = threading.Lock()

    def put(self, name: str, outcome: Outcome) -> None:
        """It was tried just now."""
        with self._lock:
            self._latest[name] = Trial(outcome, datetime.now(UTC))

    def of(self, name: str) -> Trial | None:
        """`None`: not since the start, or something about it has changed since."""
        return self._latest.get(name)

    def forget(self, name: str) -> None:
        """It is not what it was."""
        with self._lock:
            self._latest.pop(name, None)
