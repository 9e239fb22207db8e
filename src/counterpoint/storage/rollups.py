"""Keeps the ledger's sums by hour: written in the transaction that writes the entries, so both say the same.

A page that shows a month of a million exchanges reads some ten thousand sums in place of the entries.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from counterpoint.storage.tables import usage_hours
from counterpoint.storage.types import to_pico

HOUR: Final = 3_600_000_000
LONGEST: Final = 200
"""Letters of a name that tell groups apart; PostgreSQL bounds what an index may hold."""
MICRO: Final = 1_000_000
_GROUPS: Final = tuple(
    column.name for column in usage_hours.primary_key.columns if column.name not in {"hour", "failed"}
)
_KEY: Final = tuple(column.name for column in usage_hours.primary_key.columns)
_SUMS: Final = tuple(column.name for column in usage_hours.columns if column.name not in _KEY)
_DERIVED: Final = frozenset({"entries", "priced", "unreported", "cost_micros", "cost_picos", "first_events"})
_TAKEN: Final = tuple(name for name in _SUMS if name not in _DERIVED and name != "first_event_micros")


def add(connection: Connection, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Adds entries, as `ledger.entry_values` gives them for those columns, to the sums of their hours."""
    gathered: dict[tuple[Any, ...], dict[str, int]] = {}
    for values in rows:
        row = dict(zip(columns, values, strict=True))
        at = row["at"]
        names = [row[name][:LONGEST] for name in _GROUPS]
        failed = row["status"] >= 400 or row["failure"] is not None  # a stream that breaks off began with 200
        key = (at - at % HOUR, *names, failed)
        sums = gathered.setdefault(key, dict.fromkeys(_SUMS, 0))
        _count(sums, row)
    if not gathered:
        return
    build = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    adding = build(usage_hours)
    adding = adding.on_conflict_do_update(
        index_elements=list(usage_hours.primary_key.columns),
        set_={name: usage_hours.c[name] + adding.excluded[name] for name in _SUMS},
    )
    # In one order for all, so that two who ship at once wait for each other and not in a circle.
    together = [dict(zip(_ORDER, key, strict=True)) | gathered[key] for key in sorted(gathered)]
    connection.execute(adding, together)


_ORDER: Final = ("hour", *_GROUPS, "failed")


def _count(sums: dict[str, int], row: Mapping[str, Any]) -> None:
    for name in _TAKEN:
        sums[name] += row[name]
    sums["entries"] += 1
    sums["unreported"] += not row["usage_reported"]
    if row["cost"] is not None:
        whole, rest = divmod(to_pico(row["cost"]), MICRO)
        sums["priced"] += 1
        sums["cost_micros"] += whole
        sums["cost_picos"] += rest
    if row["first_event_micros"] is not None:
        sums["first_events"] += 1
        sums["first_event_micros"] += row["first_event_micros"]
