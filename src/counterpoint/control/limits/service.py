"""Limits as rows: what may be said of one, and how it stands. Who may say it is `control.budgets`'s."""

from typing import Any, Literal

import msgspec
from sqlalchemy import Connection

from counterpoint.control.names import check_name, check_patterns
from counterpoint.i18n.complaint import Complaint
from counterpoint.limits import Measure, Per, Scope
from counterpoint.limits.periods import counted_from, period_of
from counterpoint.storage import accounts, keys, organisations
from counterpoint.storage import limits as store
from counterpoint.storage.limits import LimitRow
from counterpoint.storage.processes import clock

MOST = 2**53
"""Of anything: what every reader of JSON can still tell apart."""


class NewLimit(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a limit. `subject`: the id of what `scope` says; for the organisation it may be empty. `amount`:
    micro-units of the organisation's currency, requests, tokens, or calls at a time."""

    scope: Scope
    subject: str = ""
    measure: Measure
    amount: int
    per: Per = "total"
    models: tuple[str, ...] = ()
    on_hit: Literal["block", "downgrade"] = "block"
    route: str = ""
    unpriced: bool = False


class LimitStanding(msgspec.Struct, frozen=True):
    """How a limit stands. `begins`, `ends`: of its period, microseconds since the epoch (`None`: it has no end); `key`:
    under which that is counted.
    `spent`: by what is in the ledger; of a rate: by what was granted in the window. `leased`: held by workers beside
    that, which may become spent or free again."""

    row: LimitRow
    key: int
    begins: int
    ends: int | None
    spent: int
    leased: int

    @property
    def left(self) -> int:
        """What anyone may still be granted."""
        return max(0, self.row.amount - self.spent - self.leased)


def standings_of(
    connection: Connection, rows: list[LimitRow], zone: str, at: int | None = None
) -> list[LimitStanding]:
    """How these stand, in the view that the transaction has. `at`: in the periods of that moment; else of now."""
    now = clock(connection) if at is None else at
    ids = [row.id for row in rows]
    periods = {row.id: period_of(row.per, now, zone) for row in rows if not row.limit.slides}
    counted = store.counters(connection, [(id_, period.key) for id_, period in periods.items()])
    leased = store.leased_sums(connection, ids)
    since = {row.id: counted_from(row.per, now) for row in rows if row.limit.slides}
    used = store.slots(connection, since)
    found = []
    for row in rows:
        if row.id in periods:
            period = periods[row.id]
            slot = (row.id, period.key)
            spent = counted.get(slot, (0, 0))[0]
            found.append(
                LimitStanding(row, period.key, period.begins, period.ends, spent, leased.get(slot, 0))
            )
        else:
            total = sum(amount for _, amount in used[row.id])
            found.append(LimitStanding(row, since[row.id], since[row.id], now, total, 0))
    return found


def add_limit(connection: Connection, organisation_id: str, new: NewLimit, owner: str) -> LimitRow:
    """In a transaction that counts the change. Raises `Complaint`."""
    check_limit(new)
    subject = _subject(connection, organisation_id, new)
    return store.add(
        connection, organisation_id, owner, **{**_plain(msgspec.structs.asdict(new)), "subject": subject}
    )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if name == "models" else value for name, value in values.items()}


def _subject(connection: Connection, organisation_id: str, new: NewLimit) -> str:
    """The id of whom it binds, who must be there."""
    match new.scope:
        case "organisation":
            return organisation_id
        case "project":
            known = any(
                row.id == new.subject for row in organisations.projects_of(connection, organisation_id)
            )
        case "key":
            key = keys.by_id(connection, new.subject)
            known = key is not None and key.organisation_id == organisation_id
        case _:
            account = accounts.by_id(connection, new.subject)
            known = account is not None and account.organisation_id == organisation_id
    if not known:
        raise Complaint(f"control.limits.nobody.{new.scope}", kind="not_found", id=new.subject[:100])
    return new.subject


def check_limit(new: NewLimit) -> None:
    """What can be judged without looking anything up. Raises `Complaint`."""
    if not 0 <= new.amount <= MOST:
        raise Complaint("control.limits.amount", most=MOST)
    check_patterns(new.models)
    if new.measure == "concurrent" and new.per != "total":
        raise Complaint("control.limits.at_once")
    if new.on_hit == "downgrade":
        check_name(new.route)
    elif new.route:
        raise Complaint("control.limits.route_unused")
    if new.unpriced and new.measure != "money":
        raise Complaint("control.limits.unpriced_unused")
