"""Sums of the first halves of hours, for readers whose days begin there; each span apart in PostgreSQL.

Most sums are of hours. In one table they lie between those of days, and what reads days reads pages of both.
"""

from alembic import op

from counterpoint.storage.migrations.counting import count_latencies, sum_entries

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_HOUR = 3_600_000_000
_HALF = _HOUR // 2
_PARTS = {"days": 24 * _HOUR, "quarter_days": 6 * _HOUR, "hours": _HOUR, "half_hours": _HALF}


def upgrade() -> None:
    """From sums of days, quarters of a day and hours."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        _part()
    first_halves = f"at % {_HOUR} < {_HALF}"
    sum_entries(_HALF, sqlite=sqlite, only=first_halves)
    count_latencies(_HALF, sqlite=sqlite, only=first_halves)


def _part() -> None:
    op.execute("ALTER TABLE usage_sums RENAME TO usage_sums_whole")
    op.execute("ALTER INDEX pk_usage_sums RENAME TO pk_usage_sums_whole")
    op.execute("CREATE TABLE usage_sums (LIKE usage_sums_whole) PARTITION BY LIST (span)")
    op.execute('ALTER TABLE usage_sums ADD CONSTRAINT pk_usage_sums PRIMARY KEY (span, "begin", group_id)')
    for name, span in _PARTS.items():
        op.execute(f"CREATE TABLE usage_sums_of_{name} PARTITION OF usage_sums FOR VALUES IN ({span})")
    op.execute('INSERT INTO usage_sums SELECT * FROM usage_sums_whole ORDER BY span, "begin", group_id')
    op.execute("DROP TABLE usage_sums_whole")
