"""Sums of the ledger by group and time, made from the entries that are there."""

from bisect import bisect_right
from collections import Counter
from decimal import Decimal
from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NAMES = (
    "organisation",
    "project",
    "key",
    "model",
    "host",
    "maker",
    "offering",
    "operation",
    "client_dialect",
    "currency",
)
_SUMS = (
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
_COUNTS = (
    "entries",
    "priced",
    "unreported",
    "cost_micros",
    "cost_picos",
    "first_events",
    "first_event_micros",
)
_HOUR = 3_600_000_000
_SPANS = (24 * _HOUR, 6 * _HOUR, _HOUR)
_BOUNDS = tuple(round(1000 * 2 ** (step / 6)) for step in range(133))
_FAILED = "(status >= 400 OR failure IS NOT NULL)"


def upgrade() -> None:
    """From a ledger without sums."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "usage_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(16), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _NAMES),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_usage_groups"),
        sa.UniqueConstraint("digest", name="uq_usage_groups_digest"),
    )
    histogram = sa.LargeBinary() if sqlite else sa.Numeric()
    op.create_table(
        "usage_sums",
        sa.Column("span", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("begin", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in (*_COUNTS, *_SUMS)),
        sa.Column("total_latencies", histogram, nullable=False),
        sa.Column("first_event_latencies", histogram, nullable=False),
        sa.PrimaryKeyConstraint("span", "begin", "group_id", name="pk_usage_sums"),
        sqlite_with_rowid=False,
    )
    op.add_column(
        "ledger_entries", sa.Column("usage_group", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.drop_index("ix_ledger_entries_project_at", "ledger_entries")
    op.drop_index("ix_ledger_entries_key_at", "ledger_entries")
    _group()
    op.create_index("ix_ledger_entries_usage_group_at", "ledger_entries", ["usage_group", "at"])
    for span in _SPANS:
        _sum(span, sqlite=sqlite)
        _count_latencies(span, sqlite=sqlite)


def _group() -> None:
    """Numbers each combination of names, and puts the number beside its entries."""
    names = ", ".join(f'"{name}"' for name in _NAMES)
    same = " AND ".join(f'g."{name}" = ledger_entries."{name}"' for name in _NAMES)
    connection = op.get_bind()
    found = connection.execute(sa.text(f"SELECT DISTINCT {names}, {_FAILED} FROM ledger_entries")).all()  # noqa: S608 - of names that stand above
    table = sa.table("usage_groups", *map(sa.column, ("digest", *_NAMES, "failed")))
    rows = []
    for *values, failed in found:
        text = "\0".join((*values, "failed" if failed else ""))
        digest = blake2b(text.encode(), digest_size=16).digest()
        rows.append({"digest": digest, **dict(zip(_NAMES, values, strict=True)), "failed": bool(failed)})
    if rows:
        op.bulk_insert(table, rows)
    op.execute(
        "UPDATE ledger_entries SET usage_group = ("  # noqa: S608 - of names that stand above
        f"SELECT g.id FROM usage_groups AS g WHERE {same} AND g.failed = {_FAILED})"
    )


def _sum(span: int, *, sqlite: bool) -> None:
    # An amount is an integer of pico-units on SQLite and a decimal number of units on PostgreSQL.
    micros = "cost / 1000000" if sqlite else "TRUNC(cost * 1000000)"
    picos = "cost % 1000000" if sqlite else "(cost * 1000000 - TRUNC(cost * 1000000)) * 1000000"
    named = ", ".join(f'"{name}"' for name in (*_COUNTS, *_SUMS))
    counted = (
        "COUNT(*), COUNT(cost), SUM(CASE WHEN usage_reported THEN 0 ELSE 1 END), "
        f"COALESCE(SUM({micros}), 0), COALESCE(SUM({picos}), 0), "
        "COUNT(first_event_micros), COALESCE(SUM(first_event_micros), 0)"
    )
    summed = ", ".join(f'SUM("{name}")' for name in _SUMS)
    nothing = "x''" if sqlite else "0"
    op.execute(
        f'INSERT INTO usage_sums (span, "begin", group_id, {named}, total_latencies, first_event_latencies) '  # noqa: S608
        f"SELECT {span}, at - at % {span}, usage_group, {counted}, {summed}, {nothing}, {nothing} "
        f"FROM ledger_entries GROUP BY at - at % {span}, usage_group"
    )


def _count_latencies(span: int, *, sqlite: bool) -> None:
    for source, target in (
        ("total_micros", "total_latencies"),
        ("first_event_micros", "first_event_latencies"),
    ):
        asked = sa.text(
            f"SELECT at - at % {span}, usage_group, {source} FROM ledger_entries WHERE {source} IS NOT NULL"  # noqa: S608
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
