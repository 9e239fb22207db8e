"""The log's tables. `body` is what was hashed, to the byte; what stands beside it is for finding entries."""

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from counterpoint.storage.tables import metadata

_ID = String(36)
_HASH = String(64)

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("organisation_id", _ID, primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor_kind", String(20), nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("subjects", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", _HASH, nullable=False),
    Index("ix_audit_entries_organisation_id_at", "organisation_id", "at"),
)
"""Rows are added and never changed: the database itself refuses it. `subjects`: kinds, ids and names of what was
changed, lower case, between line breaks."""

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("organisation_id", _ID, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", _HASH, nullable=False),
)
"""Where each chain ends; whoever adds to it holds this row until his transaction ends, so numbers have no gaps."""
