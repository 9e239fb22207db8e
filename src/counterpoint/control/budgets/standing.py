"""How limits stand at a moment: what is spent of each, lent out, raised, and when its period ends."""

from collections.abc import Sequence

from sqlalchemy import Connection

from counterpoint.control.budgets import subjects
from counterpoint.control.budgets.values import BudgetView, Subject, units
from counterpoint.control.limits.service import standings_of
from counterpoint.storage import pricing, raises
from counterpoint.storage.limits import LimitRow


def views(
    connection: Connection, organisation_id: str, rows: Sequence[LimitRow], now: int
) -> list[BudgetView]:
    """Of each of these limits."""
    own = pricing.own(connection)
    names = subjects.every(connection, organisation_id)
    more = raises.raised(connection, [row.id for row in rows], now) if rows else {}
    waiting = raises.open_counts(connection, organisation_id)
    found = []
    for at in standings_of(connection, list(rows), own.zone):
        row = at.row
        dated = not row.limit.slides and row.per != "total"
        found.append(
            BudgetView(
                row=row,
                subject=names.get((row.scope, row.subject), Subject(row.scope, row.subject, row.subject)),
                currency=own.currency if row.measure == "money" else "",
                amount=units(row.measure, row.amount),
                raised=units(row.measure, more.get(row.id, 0)),
                spent=units(row.measure, at.spent),
                leased=units(row.measure, at.leased),
                begins=at.begins if dated else None,
                ends=at.ends if dated else None,
                asked=waiting.get(row.id, 0),
            )
        )
    return found
