"""Limits as people make, change and remove them. What the configuration file declares is read-only here."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import Connection

from counterpoint.control.budgets import spending, subjects
from counterpoint.control.budgets.standing import views
from counterpoint.control.budgets.values import MICRO, BudgetChange, BudgetView, NewBudget, Spending
from counterpoint.control.limits.service import NewLimit, add_limit
from counterpoint.control.names import check_patterns
from counterpoint.control.ownership import FILE, STUDIO, refuse_if_declared
from counterpoint.control.paging import Paged, cut
from counterpoint.i18n.complaint import Complaint
from counterpoint.limits import Measure, Per, Scope
from counterpoint.storage import limits as store
from counterpoint.storage import settings
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database
from counterpoint.storage.limits import LimitRow

_LIST = "budgets"
_MOST = 10**15
_COUNTED_WHOLE = "total"


class Budgets:
    """The limits of one organisation."""

    def __init__(self, database: Database, organisation_id: str) -> None:
        self._database = database
        self._organisation_id = organisation_id

    def list(
        self,
        *,
        scope: Scope | None = None,
        subject: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Paged[BudgetView]:
        """In the order in which they were made. `subject`: an id. Raises `Complaint`."""
        with self._database.read() as connection:
            rows = [
                row
                for row in store.all_of(connection, self._organisation_id)
                if scope in (None, row.scope) and subject in (None, row.subject)
            ]
            page = cut(_LIST, rows, lambda row: row.id, cursor=cursor, limit=limit)
            shown = views(connection, self._organisation_id, page.items[:limit], now_micros())
        return Paged(tuple(shown), page.next)

    def find(self, budget_id: str) -> BudgetView:
        """By id. Raises `Complaint`."""
        with self._database.read() as connection:
            return self._view(connection, self._required(connection, budget_id))

    def spending(self, budget_id: str) -> Spending:
        """What was taken in the period that runs, step by step, and what it will come to. Raises `Complaint`."""
        with self._database.read() as connection:
            view = self._view(connection, self._required(connection, budget_id))
            return spending.of(connection, self._organisation_id, view, now_micros())

    def add(self, new: NewBudget) -> BudgetView:
        """A new one. Raises `Complaint`."""
        with self._database.write() as connection:
            row = self._added(connection, new, STUDIO)
            settings.bump(connection)
            return self._view(connection, row)

    def change(self, budget_id: str, wanted: BudgetChange, *, revision: int | None = None) -> BudgetView:
        """What is spent of it stays. `revision`: the one that the change was made for. Raises `Complaint`."""
        with self._database.write() as connection:
            row = self._editable(connection, budget_id, revision)
            values = _changes(row, wanted)
            if values:
                store.change(connection, row.id, **values)
                settings.bump(connection)
            return self._view(connection, self._required(connection, budget_id))

    def remove(self, budget_id: str, *, revision: int | None = None) -> None:
        """It binds nobody any more. Raises `Complaint`."""
        with self._database.write() as connection:
            row = self._editable(connection, budget_id, revision)
            store.remove(connection, row.id)
            settings.bump(connection)

    def _editable(self, connection: Connection, budget_id: str, revision: int | None) -> LimitRow:
        row = self._required(connection, budget_id)
        refuse_if_declared(row.owner, "budget", row.id)
        if revision is not None and revision != row.revision:
            raise Complaint("control.changed_meanwhile", kind="stale")
        return row

    def _required(self, connection: Connection, budget_id: str) -> LimitRow:
        row = store.find(connection, self._organisation_id, budget_id)
        if row is None:
            raise Complaint("control.budgets.not_found", kind="not_found", id=budget_id[:60])
        return row

    def _view(self, connection: Connection, row: LimitRow) -> BudgetView:
        (view,) = views(connection, self._organisation_id, [row], now_micros())
        return view

    def _added(self, connection: Connection, new: NewBudget, owner: str) -> LimitRow:
        return add_budget(connection, self._organisation_id, new, owner)


def add_budget(connection: Connection, organisation_id: str, new: NewBudget, owner: str) -> LimitRow:
    """Raises `Complaint`."""
    check(new)
    subject = subjects.find(connection, organisation_id, new.scope, new.subject)
    for row in store.all_of(connection, organisation_id):
        same = (row.scope, row.subject, row.measure, row.per, tuple(row.models))
        if same == (new.scope, subject.id, new.measure, new.per, new.models):
            raise Complaint("control.budgets.twice", kind="conflict", name=subject.name)
    limit = NewLimit(
        scope=new.scope,
        subject=subject.id,
        measure=new.measure,
        per=new.per,
        amount=counted(new.measure, new.amount),
        models=new.models,
        on_hit="downgrade" if new.route else "block",
        route=new.route,
        unpriced=new.unpriced,
    )
    return add_limit(connection, organisation_id, limit, owner)


def declare(connection: Connection, organisation_id: str, wanted: Sequence[NewBudget]) -> None:
    """The configuration file says these. One that was there before keeps what is spent of it. Raises `Complaint`."""
    before = {
        (row.scope, row.subject, row.measure, row.per, tuple(row.models)): row
        for row in store.all_of(connection, organisation_id)
        if row.owner == FILE
    }
    changed = False
    for new in wanted:
        check(new)
        subject = subjects.find(connection, organisation_id, new.scope, new.subject)
        row = before.pop((new.scope, subject.id, new.measure, new.per, new.models), None)
        if row is None:
            add_budget(connection, organisation_id, new, FILE)
            changed = True
            continue
        values = _changes(row, BudgetChange(amount=new.amount, route=new.route, unpriced=new.unpriced))
        if values:
            store.change(connection, row.id, **values)
            changed = True
    for row in before.values():
        store.remove(connection, row.id)
        changed = True
    if changed:
        settings.bump(connection)


def check(new: NewBudget) -> None:
    """Raises `Complaint`."""
    counted(new.measure, new.amount)
    check_patterns(new.models)
    check_period(new.measure, new.per)


def check_period(measure: Measure, per: Per) -> None:
    """Money is budgeted by the calendar; what runs at once has no period. Raises `Complaint`."""
    if measure == "concurrent" and per != _COUNTED_WHOLE:
        raise Complaint("control.budgets.concurrent_period")
    if measure == "money" and per in ("minute", "hour"):
        raise Complaint("control.budgets.money_period")


def counted(measure: Measure, amount: Decimal) -> int:
    """In micro-units, or as a count. Raises `Complaint`."""
    if amount.is_finite() and 0 <= amount <= _MOST:  # what is beyond may be beyond scaling, too
        scaled = amount.scaleb(MICRO) if measure == "money" else amount
        if scaled == scaled.to_integral_value() and scaled <= _MOST:
            return int(scaled)
    raise Complaint(f"control.budgets.bad_amount.{measure}", amount=f"{amount}"[:40])


def _changes(row: LimitRow, wanted: BudgetChange) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if wanted.amount is not None:
        values["amount"] = counted(row.measure, wanted.amount)
    if wanted.models is not None:
        values["models"] = list(check_patterns(wanted.models))
    if wanted.route is not None:
        values |= {"route": wanted.route, "on_hit": "downgrade" if wanted.route else "block"}
    if wanted.unpriced is not None:
        values["unpriced"] = wanted.unpriced
    before = msgspec.structs.asdict(row) | {"models": list(row.models)}
    return {name: value for name, value in values.items() if before[name] != value}
