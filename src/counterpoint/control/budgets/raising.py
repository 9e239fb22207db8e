"""Requests for more than a limit allows: who is bound by it asks, who may set it decides, and all of it stays on
record.

An approved one adds to the limit from the decision to the moment that was asked for, or to the end of the period in
which it was approved. It then ends by itself.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
from sqlalchemy import Connection

from counterpoint.canonical.ids import new_id
from counterpoint.control.budgets.service import counted
from counterpoint.control.budgets.standing import views
from counterpoint.control.budgets.values import BudgetView, RaiseView
from counterpoint.control.paging import Paged, paged, place_of
from counterpoint.i18n.complaint import Complaint
from counterpoint.limits.periods import period_of
from counterpoint.storage import keys as key_store
from counterpoint.storage import limits as store
from counterpoint.storage import pricing, raises, settings
from counterpoint.storage.clock import now_micros, to_micros
from counterpoint.storage.database import Database
from counterpoint.storage.limits import LimitRow
from counterpoint.storage.raises import APPROVED, OPEN, REFUSED, WITHDRAWN, RaiseRow

_LIST = "raises"
_LONGEST = 2000
_MOST_OPEN = 20
"""Of one who asks."""


class Asker(msgspec.Struct, frozen=True):
    """Who asks or decides. `id`: of his account, or of the key that he holds. `key`: whether it is a key's. `all`:
    whether he may see and ask for everything, as those do who run the installation."""

    id: str
    name: str
    key: bool = False
    all: bool = False


class NewRaise(msgspec.Struct, frozen=True):
    """`amount`: on top of what the limit allows. `until`: `None`: to the end of the limit's period."""

    budget: str
    amount: Decimal
    until: datetime | None = None
    reason: str = ""


class Raising:
    """The requests of one organisation."""

    def __init__(self, database: Database, organisation_id: str) -> None:
        self._database = database
        self._organisation_id = organisation_id

    def binding(self, asker: Asker) -> list[BudgetView]:
        """The limits for which he may ask more: those that bind him."""
        with self._database.read() as connection:
            rows = self._binding(connection, asker)
            return views(connection, self._organisation_id, rows, now_micros())

    def page(
        self, asker: Asker, *, state: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Paged[RaiseView]:
        """Newest first; his own, or all if he may see them. Raises `Complaint`."""
        with self._database.read() as connection:
            found = raises.page(
                connection,
                self._organisation_id,
                before=place_of(_LIST, cursor),
                limit=limit + 1,
                state=state,
                asked_by_id=None if asker.all else asker.id,
            )
            page = paged(_LIST, found, limit, lambda row: row.id)
            return Paged(tuple(self._views(connection, page.items)), page.next)

    def ask(self, asker: Asker, new: NewRaise) -> RaiseView:
        """A new request. Raises `Complaint`."""
        now = now_micros()
        if new.until is not None and to_micros(new.until) <= now:
            raise Complaint("control.raises.until_past")
        if not new.reason.strip() or len(new.reason) > _LONGEST:
            raise Complaint("control.raises.reason", longest=_LONGEST)
        with self._database.write() as connection:
            row = next((each for each in self._binding(connection, asker) if each.id == new.budget), None)
            if row is None:
                raise Complaint("control.budgets.not_found", kind="not_found", id=new.budget[:60])
            amount = counted(row.measure, new.amount)
            if not amount:
                raise Complaint(f"control.budgets.bad_amount.{row.measure}", amount="0")
            mine = raises.page(
                connection,
                self._organisation_id,
                before=None,
                limit=_MOST_OPEN,
                state=OPEN,
                asked_by_id=asker.id,
            )
            if len(mine) >= _MOST_OPEN:
                raise Complaint("control.raises.too_many", kind="conflict", most=_MOST_OPEN)
            asked = RaiseRow(
                id=new_id(),
                limit_id=row.id,
                asked_by=asker.name,
                asked_by_id=asker.id,
                asked_at=now,
                amount=amount,
                until=None if new.until is None else to_micros(new.until),
                reason=new.reason.strip(),
            )
            raises.add(connection, self._organisation_id, asked)
            return self._views(connection, [asked])[0]

    def approve(
        self, raise_id: str, by: Asker, *, note: str = "", amount: Decimal | None = None
    ) -> RaiseView:
        """It holds from now on. `amount`: granted, if another one than was asked for. Raises `Complaint`."""
        now = now_micros()
        with self._database.write() as connection:
            row = self._open(connection, raise_id)
            limit = store.find(connection, self._organisation_id, row.limit_id)
            if limit is None:
                raise Complaint("control.budgets.not_found", kind="not_found", id=row.limit_id)
            until = row.until
            if until is None:
                until = (
                    period_of(limit.per, now, pricing.own(connection).zone).ends
                    if not limit.limit.slides
                    else None
                )
            granted = row.amount if amount is None else counted(limit.measure, amount)
            if not granted or (until is not None and until <= now):
                raise Complaint("control.raises.until_past")
            values = {"since": now, "until": until, "amount": granted}
            return self._decided(connection, row, APPROVED, by, note, **values)

    def refuse(self, raise_id: str, by: Asker, *, note: str = "") -> RaiseView:
        """Nothing changes. Raises `Complaint`."""
        with self._database.write() as connection:
            return self._decided(connection, self._open(connection, raise_id), REFUSED, by, note)

    def withdraw(self, raise_id: str, by: Asker) -> RaiseView:
        """By whoever asked. Raises `Complaint`."""
        with self._database.write() as connection:
            row = self._open(connection, raise_id)
            if row.asked_by_id != by.id:
                raise Complaint("control.raises.not_found", kind="not_found", id=raise_id[:60])
            return self._decided(connection, row, WITHDRAWN, by, "")

    def _decided(
        self, connection: Connection, row: RaiseRow, state: str, by: Asker, note: str, **values: int | None
    ) -> RaiseView:
        if len(note) > _LONGEST:
            raise Complaint("control.raises.reason", longest=_LONGEST)
        now = now_micros()
        raises.decide(
            connection, row.id, state=state, decided_by=by.name, decided_at=now, note=note.strip(), **values
        )
        settings.bump(connection)
        after = raises.find(connection, self._organisation_id, row.id)
        return self._views(connection, [after] if after is not None else [])[0]

    def _open(self, connection: Connection, raise_id: str) -> RaiseRow:
        row = raises.find(connection, self._organisation_id, raise_id, lock=True)
        if row is None:
            raise Complaint("control.raises.not_found", kind="not_found", id=raise_id[:60])
        if row.state != OPEN:
            raise Complaint("control.raises.decided", kind="conflict", state=row.state)
        return row

    def _binding(self, connection: Connection, asker: Asker) -> list[LimitRow]:
        rows = store.all_of(connection, self._organisation_id)
        if asker.all:
            return rows
        subjects = {("organisation", self._organisation_id)}
        if asker.key:
            key = key_store.by_id(connection, asker.id)
            if key is not None:
                subjects |= {("key", key.id), ("project", key.project_id)}
        else:
            subjects.add(("user", asker.id))
        return [row for row in rows if (row.scope, row.subject) in subjects]

    def _views(self, connection: Connection, rows: Sequence[RaiseRow]) -> list[RaiseView]:
        wanted = {row.limit_id for row in rows}
        limits = [row for row in store.all_of(connection, self._organisation_id) if row.id in wanted]
        shown = {view.row.id: view for view in views(connection, self._organisation_id, limits, now_micros())}
        return [RaiseView(row, shown.get(row.limit_id)) for row in rows]
