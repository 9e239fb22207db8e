"""Keys and providers count their changes, so that an edit can say which one it was made for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From rows that count nothing."""
    for table in ("keys", "providers"):
        op.add_column(table, sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
