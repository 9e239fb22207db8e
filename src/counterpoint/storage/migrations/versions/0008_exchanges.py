"""Entries tell what an exchange was for, which route it went, and what it took of limits; in PostgreSQL, each day of
them is a partition, so that old ones can go at once.

What is there becomes the first partition as it stands: nothing is copied.
"""

import time
from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
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
_GROUPED = ("user", "route", "purpose")
_DAY = 86_400_000_000


def upgrade() -> None:
    """From entries without."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in (*_GROUPED, "parent", "trace"):
        op.add_column("ledger_entries", _text(name))
    json = sa.JSON() if sqlite else sa.dialects.postgresql.JSONB()
    op.add_column("ledger_entries", sa.Column("charges", json, nullable=False, server_default="[]"))
    for name in _GROUPED:
        op.add_column("usage_groups", _text(name))
    _name_groups()
    if not sqlite:
        _part()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def _name_groups() -> None:
    """A group is found by the digest of all its names, of which there are more now."""
    names = ", ".join(f'"{name}"' for name in _NAMES)
    found = op.get_bind().execute(sa.text(f"SELECT id, {names}, failed FROM usage_groups")).all()  # noqa: S608 - of names that stand above
    rows = []
    for number, *values, failed in found:
        text = "\0".join((*values, *("" for _ in _GROUPED), "failed" if failed else ""))
        rows.append({"number": number, "digest": blake2b(text.encode(), digest_size=16).digest()})
    if rows:
        op.get_bind().execute(sa.text("UPDATE usage_groups SET digest = :digest WHERE id = :number"), rows)


def _part() -> None:
    """By days from the next one on; the partition before them has all that there is."""
    latest = op.get_bind().execute(sa.text("SELECT MAX(at) FROM ledger_entries")).scalar() or 0
    tomorrow = (max(latest, time.time_ns() // 1000) // _DAY + 1) * _DAY
    op.execute("ALTER TABLE ledger_entries RENAME TO ledger_entries_before")
    op.execute("ALTER TABLE ledger_entries_before DROP CONSTRAINT pk_ledger_entries")
    for name in ("ix_ledger_entries_at", "ix_ledger_entries_usage_group_at"):
        op.execute(f"ALTER INDEX {name} RENAME TO {name}_before")
    op.execute(
        "CREATE TABLE ledger_entries (LIKE ledger_entries_before INCLUDING DEFAULTS) PARTITION BY RANGE (at)"
    )
    op.execute("ALTER TABLE ledger_entries ADD CONSTRAINT pk_ledger_entries PRIMARY KEY (id, at)")
    op.create_index("ix_ledger_entries_at", "ledger_entries", ["at"])
    op.create_index("ix_ledger_entries_usage_group_at", "ledger_entries", ["usage_group", "at"])
    op.execute(
        "ALTER TABLE ledger_entries ATTACH PARTITION ledger_entries_before "
        f"FOR VALUES FROM (MINVALUE) TO ({tomorrow})"
    )
    op.execute("CREATE TABLE ledger_entries_beyond PARTITION OF ledger_entries DEFAULT")
