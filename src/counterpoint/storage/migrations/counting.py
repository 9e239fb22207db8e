"""The sums of one span of time, from the entries that are there: as they are made since revision 0003.

For migrations only, which must go on doing what they did; the sums of new entries are made in `storage.rollups`.
"""

from bisect import bisect_right
from collections import Counter
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

SUMS = (
    "input",
    "cache_read",
    "cache_write",
    "cache_write_1h",
    "output",
    "reasoning",
    "audio_in",
    "audio_out",
    "audio_cache_read",
    "image_in",
    "image_out",
    "web_searches",
    "total_micros",
)
COUNTS = (
    "entries",
    "priced",
    "unreported",
    "cost_micros",
    "cost_picos",
    "first_events",
    "first_event_micros",
)
_BOUNDS = tuple(round(1000 * 2 ** (step / 6)) for step in range(133))


def sum_entries(span: int, *, sqlite: bool, only: str = "1 = 1") -> None:
    """`span`: in microseconds. `only`: the condition on the entries that count."""
    # An amount is an integer of pico-units on SQLite and a decimal number of units on PostgreSQL.
    micros = "cost / 1000000" if sqlite else "TRUNC(cost * 1000000)"
    picos = "cost % 1000000" if sqlite else "(cost * 1000000 - TRUNC(cost * 1000000)) * 1000000"
    named = ", ".join(f'"{name}"' for name in (*COUNTS, *SUMS))
    counted = (
        "COUNT(*), COUNT(cost), SUM(CASE WHEN usage_reported THEN 0 ELSE 1 END), "
        f"COALESCE(SUM({micros}), 0), COALESCE(SUM({picos}), 0), "
        "COUNT(first_event_micros), COALESCE(SUM(first_event_micros), 0)"
    )
    summed = ", ".join(f'SUM("{name}")' for name in SUMS)
    nothing = "x''" if sqlite else "0"
    op.execute(
        f'INSERT INTO usage_sums (span, "begin", group_id, {named}, total_latencies, first_event_latencies) '  # noqa: S608
        f"SELECT {span}, at - at % {span}, usage_group, {counted}, {summed}, {nothing}, {nothing} "
        f"FROM ledger_entries WHERE {only} GROUP BY at - at % {span}, usage_group"
    )


def count_latencies(span: int, *, sqlite: bool, only: str = "1 = 1") -> None:
    """Beside those sums; how long exchanges took is counted here, which no SQL of both databases can."""
    for source, target in (
        ("total_micros", "total_latencies"),
        ("first_event_micros", "first_event_latencies"),
    ):
        asked = sa.text(
            f"SELECT at - at % {span}, usage_group, {source} FROM ledger_entries "  # noqa: S608
            f"WHERE {source} IS NOT NULL AND {only}"
        )
        histograms: dict[tuple[int, int], Counter[int]] = {}
        for begin, group, micros in op.get_bind().execute(asked):
            histograms.setdefault((begin, group), Counter())[bisect_right(_BOUNDS, micros)] += 1
        rows = [
            {"begun": begin, "group": group, "counts": _packed(counts) if sqlite else _number(counts)}
            for (begin, group), counts in histograms.items()
        ]
        if rows:
            change = sa.text(
                f'UPDATE usage_sums SET {target} = :counts WHERE span = {span} AND "begin" = :begun '  # noqa: S608
                "AND group_id = :group"
            )
            op.get_bind().execute(change, rows)


def _number(counts: Counter[int]) -> Decimal:
    """Twelve decimal digits for each bucket."""
    return Decimal(sum(count * 10 ** (12 * bucket) for bucket, count in counts.items()))


def _packed(counts: Counter[int]) -> bytes:
    """A mark, the first bucket, the width of a count in bytes, the counts up to the last bucket."""
    first = min(counts)
    width = -(-max(counts.values()).bit_length() // 8)
    fields = (counts[bucket].to_bytes(width, "little") for bucket in range(first, max(counts) + 1))
    return bytes((255, first, width)) + b"".join(fields)
