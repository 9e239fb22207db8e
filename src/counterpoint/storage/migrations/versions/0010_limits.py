"""Limits, their leases, and what has been spent."""

import sqlalchemy as sa
from alembic import op

from counterpoint.storage.types import Json

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From none."""
    op.add_column("keys", sa.Column("account_id", sa.String(36)))
    op.create_table(
        "limits",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(36), nullable=False),
        sa.Column("measure", sa.String(20), nullable=False),
        sa.Column("per", sa.String(20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("models", Json, nullable=False),
        sa.Column("on_hit", sa.String(20), nullable=False),
        sa.Column("route", sa.String(200), nullable=False),
        sa.Column("unpriced", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.String(20), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_limits_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limits")),
    )
    op.create_index(op.f("ix_limits_scope_subject"), "limits", ["scope", "subject"])
    op.create_table(
        "limit_counters",
        sa.Column("limit_id", sa.String(36), nullable=False),
        sa.Column("period", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("missed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("limit_id", "period", name=op.f("pk_limit_counters")),
    )
    op.create_table(
        "limit_leases",
        sa.Column("limit_id", sa.String(36), nullable=False),
        sa.Column("period", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(36), nullable=False),
        sa.Column("machine", sa.String(36), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("limit_id", "period", "holder", name=op.f("pk_limit_leases")),
    )
    op.create_index(op.f("ix_limit_leases_machine_holder"), "limit_leases", ["machine", "holder"])
    op.create_table(
        "limit_slots",
        sa.Column("limit_id", sa.String(36), nullable=False),
        sa.Column("slot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("limit_id", "slot", name=op.f("pk_limit_slots")),
    )
