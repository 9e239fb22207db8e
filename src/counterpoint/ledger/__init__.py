"""The ledger: one entry per exchange, written before the answer's last byte leaves.

A gateway worker appends each entry to a spool file of its own (one `write`, which survives a `kill -9`);
the control process ships spools to the database, each entry once. So accounting needs no database on the
hot path, goes on while the database is away, and costs the caller no wait.
"""

from counterpoint.ledger.entry import Attempt, Entry

__all__ = ["Attempt", "Entry"]
