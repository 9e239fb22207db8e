"""The tables of money beside the ledger: what contracts say, what currencies are worth, which budgets were told of, and
who asked for more."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from counterpoint.storage.tables import metadata
from counterpoint.storage.types import Json

_ID = String(36)
_NAME = String(200)

contract_prices = Table(
    "contract_prices",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("organisation_id", _ID, ForeignKey("organisations.id"), nullable=False, index=True),
    Column("owner", String(20), nullable=False),
    Column("position", Integer, nullable=False),
    Column("offering", _NAME, nullable=False),
    Column("since", BigInteger),
    Column("until", BigInteger),
    Column("prices", Json, nullable=False),
    Column("discount", String(40)),
    Column("currency", String(3), nullable=False),
    Column("reference", _NAME, nullable=False),
)
"""`prices`: amounts as decimal text by what is priced; `discount`: percent, as decimal text."""

currency_rates = Table(
    "currency_rates",
    metadata,
    Column("organisation_id", _ID, ForeignKey("organisations.id"), primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("since", BigInteger, primary_key=True, autoincrement=False),
    Column("owner", String(20), primary_key=True),
    Column("rate", String(40), nullable=False),
    Column("source", _NAME, nullable=False),
)
"""How much of the organisation's currency one unit is from `since` on, as decimal text."""

budget_events = Table(
    "budget_events",
    metadata,
    Column("limit_id", _ID, primary_key=True),
    Column("period", BigInteger, primary_key=True, autoincrement=False),
    Column("threshold", Integer, primary_key=True, autoincrement=False),
    Column("organisation_id", _ID, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("spent", BigInteger, nullable=False),
    Column("amount", BigInteger, primary_key=True, autoincrement=False),
    Index("ix_budget_events_organisation_id_at", "organisation_id", "at"),
)
"""That a threshold of an amount was reached in a period. Whoever inserts the row is who tells of it."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("target", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("ended_at", BigInteger),
)
"""Messages that must leave, however often it is tried. `due_at`: nobody else takes it before then, so it is also the
end of the claim of whoever is sending it. `ended_at`: sent, or given up if there is an `error`."""

raises = Table(
    "raises",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("organisation_id", _ID, nullable=False, index=True),
    Column("limit_id", _ID, nullable=False),
    Column("asked_by", _NAME, nullable=False),
    Column("asked_by_id", _ID, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("reason", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("decided_by", _NAME),
    Column("decided_at", BigInteger),
    Column("note", Text, nullable=False),
    Column("since", BigInteger),
    Column("revision", Integer, nullable=False),
    Index("ix_raises_limit_id_state", "limit_id", "state"),
)
"""`amount`: what is asked for on top of the limit's. `since`, `until`: while an approved one holds."""
