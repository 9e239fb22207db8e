"""How far a sync is, as its source's row keeps it, and when the next one is due. Pure."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

SECOND = 1_000_000
_FIRST_WAIT = 30 * SECOND
_LONGEST_WAIT = 6 * 3600 * SECOND
RATE_SECONDS = 300
"""Over which it is counted how fast documents are read."""
Standing = Literal["never", "waiting", "running", "done", "failed"]


class Sync(msgspec.Struct, frozen=True, omit_defaults=True):
    """Of a source's content, or of its rights; times in microseconds. `asked_at`: when somebody wanted one last.
    `ended_at`: of the last that ended; `succeeded_at`: of the last that looked at everything there is, but for what
    `error` says: how fresh what we know is. `found`, `new`, `changed`, `gone`: documents, as of the last. `error`: the
    id of a sentence, with its values. `tries`: in a row that failed. `next_at`: when it is wanted before its time; 0:
    it is not."""

    asked_at: int = 0
    started_at: int = 0
    ended_at: int = 0
    succeeded_at: int = 0
    found: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    error: str = ""
    values: dict[str, str] = {}
    tries: int = 0
    next_at: int = 0

    @property
    def running(self) -> bool:
        """It has begun and not ended; whoever did it may have died."""
        return self.started_at > self.ended_at


def sync_of(told: Mapping[str, Any]) -> Sync:
    """As the row has it."""
    return msgspec.convert(told, Sync)


def row_of(sync: Sync) -> dict[str, Any]:
    """For the row."""
    told: dict[str, Any] = msgspec.to_builtins(sync)
    return told


def due(sync: Sync, every: int, now: int) -> bool:
    """Whether it is time. `every`: seconds, 0: when asked only; what failed is tried again earlier, never later."""
    if sync.asked_at > sync.started_at or sync.running:
        return True
    if every > 0 and now - sync.started_at >= every * SECOND:
        return True
    return 0 < sync.next_at <= now


def begun(sync: Sync, now: int) -> Sync:
    """At its start."""
    return msgspec.structs.replace(sync, started_at=max(now, sync.asked_at), next_at=0)


def soon(sync: Sync, now: int) -> Sync:
    """It is wanted again before its time, but not so often that looking takes more than a fifth of it."""
    at = now + max(_FIRST_WAIT, 4 * (sync.ended_at - sync.started_at))
    return msgspec.structs.replace(sync, next_at=min(sync.next_at or at, at))


def ended(
    sync: Sync, now: int, error: str = "", values: Mapping[str, str] | None = None, *, partly: bool = False
) -> Sync:
    """`error`: why it did not look at everything; `partly`: but at all else. Else it is tried again, ever later while
    it fails."""
    failed = bool(error) and not partly
    tries = sync.tries + 1 if failed else 0
    return msgspec.structs.replace(
        sync,
        ended_at=max(now, sync.started_at),
        succeeded_at=sync.succeeded_at if failed else now,
        error=error,
        values=dict(values or {}),
        tries=tries,
        next_at=now + patience(tries) if failed else sync.next_at,
    )


def patience(tries: int) -> int:
    """Microseconds to wait after so many failures in a row."""
    return int(min(_FIRST_WAIT * 2 ** min(tries - 1, 20), _LONGEST_WAIT)) if tries > 0 else 0


def standing(sync: Sync) -> Standing:
    """In a word."""
    if sync.running:
        return "running"
    if sync.asked_at > sync.started_at:
        return "waiting"
    if sync.error:
        return "failed"
    return "done" if sync.ended_at else "never"


def per_minute(read: int, sync: Sync, now: int) -> float | None:
    """Documents a minute, of which `read` were read in the last `RATE_SECONDS`, or since the sync began."""
    seconds = min(RATE_SECONDS, (now - sync.started_at) / SECOND)
    return round(read * 60 / seconds, 1) if read and seconds >= 1 else None


def seconds_left(waiting: int, rate: float | None) -> int | None:
    """An estimate for those that wait."""
    return round(waiting * 60 / rate) if waiting and rate else None
