"""Budgets and limits as values and pure rules, which the gateway spends by and control grants by.

A worker spends from *leases*: slices of a limit that control took from the database in one transaction. So a limit
holds across workers and machines with the database alone, and costs a call nothing while a lease lasts.
"""

from counterpoint.limits.values import (
    Charge,
    Denied,
    Hold,
    Limit,
    Measure,
    Part,
    Per,
    Reason,
    Scope,
    Standing,
    Wanted,
)

__all__ = [
    "Charge",
    "Denied",
    "Hold",
    "Limit",
    "Measure",
    "Part",
    "Per",
    "Reason",
    "Scope",
    "Standing",
    "Wanted",
]
