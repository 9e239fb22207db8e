"""Sums of the ledger by hour, made from the entries that are there."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_GROUPS = (
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


def upgrade() -> None:
    """From a ledger without sums."""
    op.create_table(
        "usage_hours",
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _GROUPS),
        sa.Column("failed", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in (*_COUNTS, *_SUMS)),
        sa.PrimaryKeyConstraint("hour", *_GROUPS, "failed", name="pk_usage_hours"),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    # An amount is an integer of pico-units on SQLite and a decimal number of units on PostgreSQL.
    micros = "cost / 1000000" if sqlite else "TRUNC(cost * 1000000)"
    picos = "cost % 1000000" if sqlite else "(cost * 1000000 - TRUNC(cost * 1000000)) * 1000000"
    groups = ", ".join(f'SUBSTR("{name}", 1, 200)' for name in _GROUPS)
    named = ", ".join(f'"{name}"' for name in ("hour", *_GROUPS, "failed", *_COUNTS, *_SUMS))
    counted = (
        "COUNT(*), COUNT(cost), SUM(CASE WHEN usage_reported THEN 0 ELSE 1 END), "
        f"COALESCE(SUM({micros}), 0), COALESCE(SUM({picos}), 0), "
        "COUNT(first_event_micros), COALESCE(SUM(first_event_micros), 0)"
    )
    summed = ", ".join(f'SUM("{name}")' for name in _SUMS)
    hours = "at - at % 3600000000"
    failed = "(status >= 400 OR failure IS NOT NULL)"
    op.execute(
        f"INSERT INTO usage_hours ({named}) "  # noqa: S608 - of names that stand above
        f"SELECT {hours}, {groups}, {failed}, {counted}, {summed} "
        f"FROM ledger_entries GROUP BY {hours}, {groups}, {failed}"
    )
