"""Sums of the ledger by group and time, made from the entries that are there."""

from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

from counterpoint.storage.migrations.counting import COUNTS, SUMS, count_latencies, sum_entries

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
_HOUR = 3_600_000_000
_SPANS = (24 * _HOUR, 6 * _HOUR, _HOUR)
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
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in (*COUNTS, *SUMS)),
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
        sum_entries(span, sqlite=sqlite)
        count_latencies(span, sqlite=sqlite)


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
