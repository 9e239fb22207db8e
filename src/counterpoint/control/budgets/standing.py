"""How limits stand at a moment: what is spent of each, lent out, raised, and when its period ends."""

from collections.abc import Sequence

from sqlalchemy import Connection

from counterpoint.control.budgets import subjects
from counterpoint.control.budgets.values import BudgetView, Subject, units
from counterpoint.control.limits.service import standings_of
from counterpoint.storage import pricing, raises
from counterpoint.storage.limits import LimitRow


def views(
    connection: Connection, organisation_id: str, rows: Sequence[LimitRow], now: int, *, at: int | None = None
) -> list[BudgetView]:
    """Of each of these limits. `at`: in the periods of that moment, rather than those of now."""
    own = pricing.own(connection)
    names = subjects.every(connection, organisation_id)
    more = raises.raised(connection, [row.id for row in rows], now if at is None else at) if rows else {}
    waiting = raises.open_counts(connection, organisation_id)
    found = []
    for standing in standings_of(connection, list(rows), own.zone, at):
        row = standing.row
        dated = not row.limit.slides and row.per != "total"
        found.append(
            BudgetView(
                row=row,
                subject=names.get((row.scope, row.subject), Subject(row.scope, row.subject, row.subject)),
                currency=own.currency if row.measure == "money" else "",
                amount=units(row.measure, row.amount),
                raised=units(row.measure, more.get(row.id, 0)),
                spent=units(row.measure, standing.spent),
                leased=units(row.measure, standing.leased),
                begins=standing.begins if dated else None,
                ends=standing.ends if dated else None,
                period=standing.key if dated else 0,
                asked=waiting.get(row.id, 0),
            )
        )
    return found
