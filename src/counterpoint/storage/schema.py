"""Every table there is, for whoever must know them all: wherever a table is defined, it is in this `metadata`."""

from counterpoint.storage import knowledge_tables, money_tables, shared_tables
from counterpoint.storage.audit import tables as audit_tables
from counterpoint.storage.tables import metadata

__all__ = ["audit_tables", "knowledge_tables", "metadata", "money_tables", "shared_tables"]
