"""Processes of several machines on one database, and the files and batches that they share."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.String(36)
NAME = sa.String(200)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """From one process with a folder of files."""
    op.create_table(
        "processes",
        sa.Column("id", ID, primary_key=True),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("host", NAME, nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", NAME, nullable=False),
        sa.Column("schema", NAME, nullable=False),
        sa.Column("addresses", JSON, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_processes_seen_at", "processes", ["seen_at"])
    op.create_table(
        "claims",
        sa.Column("name", NAME, primary_key=True),
        sa.Column("holder", ID, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "shelf_files",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("project", ID, nullable=False),
        sa.Column("style", NAME, nullable=False),
        sa.Column("expires", sa.BigInteger()),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_shelf_files_project", "shelf_files", ["project"])
    op.create_index("ix_shelf_files_expires", "shelf_files", ["expires"])
    op.create_table(
        "shelf_contents",
        sa.Column("owner", sa.Text(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("piece", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "shelf_batches",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("project", ID, nullable=False),
        sa.Column("style", NAME, nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_shelf_batches_project", "shelf_batches", ["project"])
    op.create_index("ix_shelf_batches_open", "shelf_batches", ["open"])
    op.create_table(
        "shelf_results",
        sa.Column("batch", sa.Text(), primary_key=True),
        sa.Column("line", sa.Text(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
