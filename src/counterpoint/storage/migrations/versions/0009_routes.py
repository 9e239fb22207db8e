"""Routes, and what projects may send where."""

import sqlalchemy as sa
from alembic import op

from counterpoint.storage.types import Json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From rules for names alone."""
    op.create_table(
        "routes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("definition", Json, nullable=False),
        sa.Column("owner", sa.String(20), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_routes"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_routes_organisation_id_organisations"
        ),
        sa.UniqueConstraint("organisation_id", "name", name="uq_routes_organisation_id_name"),
    )
    op.add_column(
        "projects", sa.Column("data_class", sa.String(200), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("projects", sa.Column("constraints", Json))
    op.add_column(
        "projects",
        sa.Column("constraints_owner", sa.String(20), nullable=False, server_default=sa.text("'studio'")),
    )
    op.add_column("projects", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("providers", sa.Column("data_classes", Json))
    op.add_column("providers", sa.Column("residency", Json))
    op.add_column("providers", sa.Column("jurisdiction", sa.String(20)))
