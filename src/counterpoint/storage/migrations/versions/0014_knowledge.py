"""Groups of people, sources of documents, documents with their readers, receipts of answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.String(36)
NAME = sa.String(200)
WORD = sa.String(40)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """From a platform that knows nothing."""
    _people()
    _sources()
    _documents()
    _receipts()


def _people() -> None:
    op.create_table(
        "groups",
        sa.Column("id", ID, primary_key=True),
        sa.Column("organisation_id", ID, sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
        sa.UniqueConstraint("organisation_id", "name", name="uq_groups_organisation_id_name"),
    )
    op.create_table(
        "group_members",
        sa.Column("group_id", ID, sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_index("ix_group_members_account_id", "group_members", ["account_id"])


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", ID, primary_key=True),
        sa.Column("organisation_id", ID, sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("secret", ID),
        sa.Column("readers", JSON, nullable=False),
        sa.Column("content_every", sa.Integer(), nullable=False),
        sa.Column("rights_every", sa.Integer(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("content", JSON, nullable=False),
        sa.Column("rights", JSON, nullable=False),
        sa.Column("removing", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("owner", sa.String(20), nullable=False, server_default="studio"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
        sa.UniqueConstraint("organisation_id", "name", name="uq_sources_organisation_id_name"),
    )


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", ID, primary_key=True),
        sa.Column("source_id", ID, sa.ForeignKey("sources.id"), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, server_default=""),
        sa.Column("media_type", sa.String(255), nullable=False, server_default=""),
        sa.Column("size", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("mark", sa.Text(), nullable=False, server_default=""),
        sa.Column("version", sa.String(64), nullable=False, server_default=""),
        sa.Column("state", WORD, nullable=False),
        sa.Column("reason", NAME, nullable=False, server_default=""),
        sa.Column("values", JSON),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("begun", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_at", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("holder", ID),
        sa.Column("until", sa.BigInteger()),
        sa.Column("rights", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("told", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("unruled", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("indexed", sa.String(64), nullable=False, server_default=""),
        sa.Column("embedded", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("language", WORD, nullable=False, server_default=""),
        sa.Column("pages", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("passages", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("modified_at", sa.BigInteger()),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("source_id", "path", name="uq_documents_source_id_path"),
    )
    op.create_index("ix_documents_state_next_at", "documents", ["state", "next_at"])
    op.create_table(
        "document_readers",
        sa.Column("document_id", ID, sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("principal", NAME, primary_key=True),
    )
    op.create_index("ix_document_readers_principal", "document_readers", ["principal"])


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", ID, primary_key=True),
        sa.Column("organisation_id", ID, sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("withheld", JSON, nullable=False),
    )
    op.create_index("ix_receipts_account_id", "receipts", ["account_id"])
    op.create_index("ix_receipts_at", "receipts", ["at"])
