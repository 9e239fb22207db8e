"""Answers that clients may come back to, and conversations."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_Kind = sa.types.TypeEngine[Any]
_PROJECT = ("project_id", sa.String(36))


def _column(name: str, kind: _Kind, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null)


def _key(*columns: tuple[str, _Kind]) -> list[sa.Column[Any]]:
    return [
        sa.Column(name, kind, primary_key=True, autoincrement=False) for name, kind in (_PROJECT, *columns)
    ]


def upgrade() -> None:
    """From an installation that keeps nothing."""
    given, name, number, octets = sa.String(200), sa.String(200), sa.BigInteger(), sa.LargeBinary()
    op.create_table(
        "kept_answers",
        *_key(("id", given)),
        _column("key_id", sa.String(36)),
        _column("host", name),
        _column("status", sa.String(20)),
        _column("created", number),
        _column("native", sa.Boolean()),
        _column("previous_id", given, null=True),
        _column("conversation_id", given, null=True),
        _column("background", sa.Boolean()),
        _column("input", octets),
        _column("answer", octets),
        _column("expires_at", number),
        _column("leased_until", number, null=True),
        sa.PrimaryKeyConstraint("project_id", "id", name="pk_kept_answers"),
    )
    op.create_index("ix_kept_answers_expires_at", "kept_answers", ["expires_at"])
    op.create_table(
        "kept_items",
        *_key(("id", given)),
        _column("answer_id", given),
        sa.PrimaryKeyConstraint("project_id", "id", name="pk_kept_items"),
    )
    op.create_index("ix_kept_items_project_id_answer_id", "kept_items", ["project_id", "answer_id"])
    op.create_table(
        "kept_events",
        *_key(("answer_id", given), ("number", sa.Integer())),
        _column("body", octets),
        sa.PrimaryKeyConstraint("project_id", "answer_id", "number", name="pk_kept_events"),
    )
    op.create_table(
        "conversations",
        *_key(("id", given)),
        _column("created", number),
        _column("metadata", octets),
        _column("expires_at", number),
        sa.PrimaryKeyConstraint("project_id", "id", name="pk_conversations"),
    )
    op.create_index("ix_conversations_expires_at", "conversations", ["expires_at"])
    op.create_table(
        "conversation_items",
        *_key(("conversation_id", given), ("position", sa.Integer())),
        _column("id", given),
        _column("host", name),
        _column("native", sa.Boolean()),
        _column("body", octets),
        sa.PrimaryKeyConstraint("project_id", "conversation_id", "position", name="pk_conversation_items"),
    )
    op.create_index("ix_conversation_items_project_id_id", "conversation_items", ["project_id", "id"])
