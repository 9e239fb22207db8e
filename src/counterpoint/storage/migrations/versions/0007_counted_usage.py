"""Entries count what is charged by the piece: pictures, seconds of sound, characters, rerankings."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From entries of tokens and searches."""
    for name in ("images", "audio_seconds", "characters", "search_units"):
        op.add_column(
            "ledger_entries", sa.Column(name, sa.BigInteger(), nullable=False, server_default=sa.text("0"))
        )
