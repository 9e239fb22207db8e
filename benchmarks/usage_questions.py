"""What the usage page and its readers ask of the admin API, as paths with parameters."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import get_args

import msgspec

from counterpoint.control.usage import Usage, UsageQuery
from counterpoint.storage.usage import Dimension

USAGE = "/api/v1/usage"
SPANS = {"24 hours": 1, "7 days": 7, "30 days": 30, "90 days": 90}
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
ZONES = {"Paris": 60, "Tokyo": 540, "San Francisco": -480, "Delhi": 330}
"""Minutes ahead of UTC."""
Value = str | int | bool | list[str]
Parameters = Mapping[str, Value]


class Question(msgspec.Struct, frozen=True):
    """`group`: what it is reported under, with others of its kind."""

    group: str
    path: str
    parameters: Parameters


def _since(end: datetime, days: int, offset: int = 0) -> str:
    """From where the page shows: the local midnight that many days ago, for one day the hour."""
    if days == 1:
        return (end - timedelta(days=1)).replace(minute=0).isoformat()
    local = end + timedelta(minutes=offset) - timedelta(days=days - 1)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - timedelta(minutes=offset)).isoformat()


def questions(usage: Usage, end: datetime, days: int) -> Iterator[Question]:
    """Of a ledger that ends at `end` and goes back `days` days."""
    for span, length in SPANS.items():
        since = _since(end, length)
        for name in DIMENSIONS:
            yield Question(f"sums over {span} by each dimension", USAGE, {"since": since, "by": name})
    yield from _series(usage, end)
    yield from _filtered(usage, end)
    yield from _exchanges(usage, end, days)
    yield Question("home", "/api/v1/home", {})


LINES = 6
"""How many groups the page draws a line for; the rest is what the sum of all has besides."""


def _series(usage: Usage, end: datetime) -> Iterator[Question]:
    for name in ("model", "host", "key"):
        largest = _largest(usage, name)
        steps: dict[str, Value] = {"since": _since(end, 1), "period": "hour", "latencies": False}
        yield from _drawn("24 hours by hour", steps, name, largest)
        ahead = {**steps, "offset_minutes": 330}
        yield from _drawn("24 hours by hour, where it is 5:30 h ahead", ahead, name, largest)
        for span in ("7 days", "30 days", "90 days"):
            for offset in (0, *ZONES.values()):
                where = "at UTC or a whole hour from it" if offset % 60 == 0 else "where it is 5:30 h ahead"
                steps = {
                    "since": _since(end, SPANS[span], offset),
                    "period": "day",
                    "offset_minutes": offset,
                    "latencies": False,
                }
                yield from _drawn(f"{span} by day, {where}", steps, name, largest)
    for span in ("7 days", "30 days", "90 days"):
        since = _since(end, SPANS[span], 60)
        asked: dict[str, Value] = {"since": since, "period": "day", "offset_minutes": 60}
        yield Question(f"{span} by day with percentiles", USAGE, asked)
        names = _largest(usage, "model")
        yield Question(
            f"{span} by day with percentiles, six models", USAGE, {**asked, "by": "model", "model": names}
        )
    steps = {"since": _since(end, 7), "period": "hour", "latencies": False}
    yield from _drawn("7 days by hour", steps, "model", _largest(usage, "model"))


def _drawn(group: str, steps: Parameters, name: str, largest: list[str]) -> Iterator[Question]:
    """What one chart asks for."""
    parts = f"{group}: the six largest models, hosts, keys"
    yield Question(parts, USAGE, {**steps, "by": name, name: largest})
    yield Question(f"{group}: everything together", USAGE, steps)


def _largest(usage: Usage, name: Dimension) -> list[str]:
    rows = usage.report(UsageQuery(by=(name,), latencies=False)).rows
    ranked = sorted(rows, key=lambda row: -row.exchanges)
    return [row.group[name] for row in ranked[:LINES]]


def _filtered(usage: Usage, end: datetime) -> Iterator[Question]:
    since = _since(end, 90, 60)
    filters: list[Parameters] = [
        {"key": "key-07"},
        {"host": "host-1", "operation": "chat"},
        {"failed": True},
        {"dialect": "anthropic-messages", "maker": ["maker-1", "maker-2"]},
    ]
    for parameters in filters:
        steps: dict[str, Value] = {
            "since": since,
            "period": "day",
            "offset_minutes": 60,
            "latencies": False,
            **parameters,
        }
        yield from _drawn("90 days by day, filtered", steps, "model", _largest(usage, "model"))


def _exchanges(usage: Usage, end: datetime, days: int) -> Iterator[Question]:
    entries = f"{USAGE}/entries"
    yield Question("newest 50", entries, {"limit": 50})
    rare = _rare(usage)
    common: list[Parameters] = [
        {"key": "key-03"},
        {"host": "host-2"},
        {"failed": True},
        {"model": ["model-01", "model-02"]},
    ]
    few: list[Parameters] = [
        rare,
        {**rare, "failed": True},
        {"key": "of-nobody"},
        {"model": "model-01", "operation": "none"},
    ]
    for group, filters in (
        ("newest 50 of what many match", common),
        ("newest 50 of what few match, or none", few),
    ):
        for parameters in filters:
            yield Question(group, entries, {"limit": 50, **parameters})
    deep = end - timedelta(days=days * 0.7)
    pages: list[Parameters] = [{}, {"key": "key-03"}, {"host": "host-2", "failed": True}, rare]
    for parameters in pages:
        only = {name: (str(value),) for name, value in parameters.items() if name != "failed"}
        before = UsageQuery(until=deep, only=only, failed=True if "failed" in parameters else None)  # type: ignore[arg-type]  # dimensions
        cursor = usage.entries(before, limit=1).next
        if cursor is not None:
            yield Question(
                "a deep page, by its cursor", entries, {"limit": 50, "cursor": cursor, **parameters}
            )
    identifier = usage.entries(UsageQuery(until=deep), limit=1).items[0].entry.id
    yield Question("one exchange", f"{entries}/{identifier}", {})


def _rare(usage: Usage) -> dict[str, Value]:
    """The key and offering with the fewest calls."""
    rows = usage.report(UsageQuery(by=("key", "offering"))).rows
    row = min(rows, key=lambda each: each.exchanges)
    return {"key": row.group["key"], "offering": row.group["offering"]}


def latest(usage: Usage) -> datetime:
    """When the newest exchange began, to the next minute; now if there is none."""
    found = usage.entries(UsageQuery(), limit=1).items
    moment = datetime.now(UTC)
    if found:
        moment = datetime.fromtimestamp(found[0].entry.at / 1e6, UTC)
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
