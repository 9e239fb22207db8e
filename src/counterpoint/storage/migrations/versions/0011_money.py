"""Contract prices, rates of currencies, and requests for raises."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from counterpoint.storage.types import Json

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_Kind = sa.types.TypeEngine[Any]
_ID, _NAME, _MOMENT, _WORD = sa.String(36), sa.String(200), sa.BigInteger(), sa.String(20)


def _columns(**kinds: _Kind) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name, kind in kinds.items()]


def _maybe(**kinds: _Kind) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name, kind in kinds.items()]


def _of_organisation(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_organisation_id"
    return sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=name)


def upgrade() -> None:
    """From list prices in one currency."""
    _prices()
    _events()
    op.create_table(
        "raises",
        *_columns(id=_ID, organisation_id=_ID, limit_id=_ID, asked_by=_NAME, asked_by_id=_ID),
        *_columns(asked_at=_MOMENT, amount=_MOMENT, reason=sa.Text(), state=_WORD, note=sa.Text()),
        *_columns(revision=sa.Integer()),
        *_maybe(until=_MOMENT, decided_by=_NAME, decided_at=_MOMENT, since=_MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_raises"),
    )
    op.create_index("ix_raises_organisation_id", "raises", ["organisation_id"])
    op.create_index("ix_raises_limit_id_state", "raises", ["limit_id", "state"])


def _prices() -> None:
    op.create_table(
        "contract_prices",
        *_columns(id=_ID, organisation_id=_ID, owner=_WORD, position=sa.Integer(), offering=_NAME),
        *_columns(prices=Json, currency=sa.String(3), reference=_NAME),
        *_maybe(since=_MOMENT, until=_MOMENT, discount=sa.String(40)),
        sa.PrimaryKeyConstraint("id", name="pk_contract_prices"),
        _of_organisation("contract_prices"),
    )
    op.create_index("ix_contract_prices_organisation_id", "contract_prices", ["organisation_id"])
    op.create_table(
        "currency_rates",
        *_columns(organisation_id=_ID, currency=sa.String(3), since=_MOMENT, owner=_WORD),
        *_columns(rate=sa.String(40), source=_NAME),
        sa.PrimaryKeyConstraint("organisation_id", "currency", "since", "owner", name="pk_currency_rates"),
        _of_organisation("currency_rates"),
    )


def _events() -> None:
    op.create_table(
        "budget_events",
        *_columns(limit_id=_ID, period=_MOMENT, threshold=sa.Integer(), organisation_id=_ID),
        *_columns(at=_MOMENT, spent=_MOMENT, amount=_MOMENT),
        sa.PrimaryKeyConstraint("limit_id", "period", "threshold", "amount", name="pk_budget_events"),
    )
    op.create_index("ix_budget_events_organisation_id_at", "budget_events", ["organisation_id", "at"])
    op.create_table(
        "outbox",
        *_columns(id=_ID, kind=_WORD, target=sa.Text(), body=sa.LargeBinary(), created_at=_MOMENT),
        *_columns(due_at=_MOMENT, attempts=sa.Integer()),
        *_maybe(error=sa.Text(), ended_at=_MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_due_at", "outbox", ["due_at"])
