"""The time as the database keeps it."""

import time
from datetime import UTC, datetime


def now_micros() -> int:
    """Microseconds since the epoch, UTC."""
    return time.time_ns() // 1000


def to_micros(moment: datetime) -> int:
    """Raises `ValueError` for a time without a zone: guessing one is how hours get lost."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {moment}")
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1_000_000 + moment.microsecond


def from_micros(micros: int) -> datetime:
    """In UTC."""
    return datetime.fromtimestamp(micros // 1_000_000, UTC).replace(microsecond=micros % 1_000_000)
