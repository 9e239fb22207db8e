"""Keeps the ledger's sums by group and time: written in the transaction that writes the entries, so both say the same.

A page that shows a month of ten million exchanges reads some thousands of sums in place of the entries. Sums of days
are not enough for that, because days begin elsewhere in every time zone: so there are those of hours too, and of
quarters of a day between them. Some zones are half an hour off: of each hour there is the first half; what the other
half has is the difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from operator import add as plus
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from counterpoint.storage import latencies
from counterpoint.storage.tables import usage_groups, usage_sums

HOUR: Final = 3_600_000_000
DAY: Final = 24 * HOUR
HALF: Final = HOUR // 2
SPANS: Final = (DAY, 6 * HOUR, HOUR, HALF)
MICRO: Final = 1_000_000
NAMES: Final = tuple(
    column.name for column in usage_groups.columns if column.name not in {"id", "digest", "failed"}
)
"""By which groups are told apart, besides by whether the exchange failed."""
_PLACE: Final = ("span", "begin", "group_id")
LATENCIES: Final = ("total_latencies", "first_event_latencies")
SUMS: Final = tuple(column.name for column in usage_sums.columns if column.name not in {*_PLACE, *LATENCIES})
_DERIVED: Final = (
    "entries",
    "priced",
    "unreported",
    "cost_micros",
    "cost_picos",
    "first_events",
    "first_event_micros",
)
_TAKEN: Final = tuple(name for name in SUMS if name not in _DERIVED)
_ASKED_AT_ONCE: Final = 500

Group = tuple[Any, ...]
"""Values of `NAMES`, then whether it failed."""
Row = tuple[Any, ...]


class Reader:
    """Takes from a row, whose columns stand in this order, what is summed."""

    def __init__(self, columns: Sequence[str]) -> None:
        place = {name: number for number, name in enumerate(columns)}
        self._names = itemgetter(*map(place.__getitem__, NAMES))
        self._taken = itemgetter(*map(place.__getitem__, _TAKEN))
        self._status, self._failure = place["status"], place["failure"]
        self._at, self._cost, self._reported = place["at"], place["cost"], place["usage_reported"]
        self._total, self._first = place["total_micros"], place["first_event_micros"]

    def group(self, row: Row) -> Group:
        """To which it belongs. A stream that breaks off began with status 200, and has failed."""
        return (*self._names(row), row[self._status] >= 400 or row[self._failure] is not None)

    def gathered(self, rows: Iterable[Row]) -> Mapping[tuple[int, int], list[Row]]:
        """By the half hour in which they began and by their group, which stands at their end."""
        found: defaultdict[tuple[int, int], list[Row]] = defaultdict(list)
        at = self._at
        for row in rows:
            found[row[at] // HALF * HALF, row[-1]].append(row)
        return found

    def sums(self, rows: Sequence[Row]) -> tuple[list[int], list[latencies.Counts]]:
        """Of all of them: `SUMS` and `LATENCIES`."""
        sums = dict(zip(_TAKEN, map(sum, zip(*map(self._taken, rows), strict=True)), strict=True))
        costs = [row[self._cost] for row in rows if row[self._cost] is not None]
        firsts = [row[self._first] for row in rows if row[self._first] is not None]
        whole, rest = divmod(sum(costs), MICRO)
        reported = sum(row[self._reported] for row in rows)
        derived = (len(rows), len(costs), len(rows) - reported, whole, rest, len(firsts), sum(firsts))
        sums.update(zip(_DERIVED, derived, strict=True))
        totals = latencies.counted([row[self._total] for row in rows])
        return [sums[name] for name in SUMS], [totals, latencies.counted(firsts)]


def group_ids(connection: Connection, groups: Iterable[Group]) -> Mapping[Group, int]:
    """The number of each; those that are new get one."""
    digests = {_digest(group): group for group in groups}
    found = _known(connection, list(digests))
    new = sorted(digests.keys() - found.keys())  # in one order for all who write at once, see `add`
    if new:
        build = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        names = ("digest", *NAMES, "failed")
        values = [dict(zip(names, (digest, *digests[digest]), strict=True)) for digest in new]
        connection.execute(build(usage_groups).on_conflict_do_nothing(), values)
        found |= _known(connection, new)
    return {digests[digest]: number for digest, number in found.items()}


def _digest(group: Group) -> bytes:
    """No name has a NUL in it: no database would take it."""
    *names, failed = group
    return blake2b("\0".join((*names, "failed" if failed else "")).encode(), digest_size=16).digest()


def _known(connection: Connection, digests: Sequence[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for start in range(0, len(digests), _ASKED_AT_ONCE):
        some = digests[start : start + _ASKED_AT_ONCE]
        found.update((bytes(row[0]), row[1]) for row in connection.execute(_GROUPS, {"digests": some}))
    return found


_GROUPS: Final = select(usage_groups.c.digest, usage_groups.c.id).where(
    usage_groups.c.digest.in_(bindparam("digests", expanding=True))
)


def add(connection: Connection, reader: Reader, rows: Iterable[Row]) -> None:
    """Adds rows, with the number of their group at their end, to the sums of their times."""
    gathered: dict[tuple[int, int, int], tuple[list[int], list[latencies.Counts]]] = {}
    for (half, group), some in reader.gathered(rows).items():
        sums, histograms = reader.sums(some)
        for span in SPANS if half % HOUR == 0 else SPANS[:-1]:
            key = (span, half // span * span, group)
            before = gathered.get(key)
            if before is None:
                gathered[key] = sums, histograms
            else:
                pairs = zip(before[1], histograms, strict=True)
                gathered[key] = [*map(plus, before[0], sums)], [latencies.added(pair) for pair in pairs]
    dialect = connection.dialect.name
    packed: dict[int, Any] = {}
    # In one order for all, so that two who ship at once wait for each other and not in a circle.
    values = [
        (*key, *gathered[key][0], *(_stored(counts, dialect, packed) for counts in gathered[key][1]))
        for key in sorted(gathered)
    ]
    connection.exec_driver_sql(_addition(dialect), values)


def _stored(counts: latencies.Counts, dialect: str, known: dict[int, Any]) -> Any:
    """The sums of an hour's entries are often those of their day's too."""
    if id(counts) not in known:
        known[id(counts)] = latencies.stored(counts, dialect)
    return known[id(counts)]


@lru_cache(maxsize=2)
def _addition(dialect: str) -> str:
    """Written by hand, because what SQLAlchemy does for each row costs more than the database's part."""
    columns = ", ".join(f'"{name}"' for name in (*_PLACE, *SUMS, *LATENCIES))
    mark = "?" if dialect == "sqlite" else "%s"
    marks = ", ".join([mark] * (len(_PLACE) + len(SUMS) + len(LATENCIES)))
    sums = [f'"{name}" = usage_sums."{name}" + excluded."{name}"' for name in SUMS]
    for name in LATENCIES:
        both = f'usage_sums."{name}"', f'excluded."{name}"'
        total = f"latency_plus({', '.join(both)})" if dialect == "sqlite" else " + ".join(both)
        sums.append(f'"{name}" = {total}')
    return (
        f"INSERT INTO usage_sums ({columns}) VALUES ({marks}) "  # noqa: S608 - of names that stand above
        f'ON CONFLICT (span, "begin", group_id) DO UPDATE SET {", ".join(sums)}'
    )
