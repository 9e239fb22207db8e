"""Tells when a budget has reached 80, 95 or 100 % of what it allows: once for each of these and each period, however
many processes look, and anew where it allows another amount. What is spent just before a period ends is in the ledger
after that, so the period before is looked at, too, for a while.

The row that says so is inserted together with the messages that go out because of it, in one transaction: whoever
inserts it is the one who tells, and nobody tells without it.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from counterpoint.control.budgets.standing import views
from counterpoint.control.budgets.values import BudgetView
from counterpoint.control.config_notifications import NotificationsSection
from counterpoint.control.notifying.courier import EMAIL, WEBHOOK, Mail, named
from counterpoint.i18n import say
from counterpoint.storage import budget_events as store
from counterpoint.storage import limits, outbox
from counterpoint.storage.budget_events import EventRow
from counterpoint.storage.clock import from_micros, now_micros
from counterpoint.storage.database import Database
from counterpoint.storage.limits import LimitRow

log = logging.getLogger(__name__)

THRESHOLDS = (80, 95, 100)
"""Percent of what is allowed."""
LATE = 3_600_000_000
"""So many microseconds after its end a period is still looked at."""
_MICRO = 6


def reached(spent: int, allowed: int) -> tuple[int, ...]:
    """The thresholds that are. Of a budget of nothing, none: nothing was ever left of it."""
    if allowed <= 0:
        return ()
    return tuple(threshold for threshold in THRESHOLDS if spent * 100 >= threshold * allowed)


class BudgetEvents:
    """Of one organisation. `told`: who is told. `moment`: the time."""

    def __init__(
        self,
        database: Database,
        organisation_id: str,
        told: NotificationsSection,
        moment: Callable[[], int] = now_micros,
    ) -> None:
        self._database = database
        self._organisation_id = organisation_id
        self._told = told
        self._moment = moment

    def look(self) -> int:
        """Tells of what has been reached since the last look; of how many thresholds."""
        now = self._moment()
        with self._database.read() as connection:
            new = self._new(connection, now)
        return sum(self._tell(view, threshold, now) for view, threshold in new)

    def _new(self, connection: Connection, now: int) -> list[tuple[BudgetView, int]]:
        rows = [
            row
            for row in limits.all_of(connection, self._organisation_id)
            if not row.limit.slides and row.measure != "concurrent"
        ]
        running = views(connection, self._organisation_id, rows, now, at=now)
        shown = [*self._over(connection, running, now), *running]
        near = [(view, threshold) for view in shown for threshold in _thresholds(view)]
        if not near:
            return []
        known = store.known(connection, sorted({(view.row.id, view.period) for view, _ in near}))
        return [
            (view, threshold)
            for view, threshold in near
            if (view.row.id, view.period, threshold, _counts(view)[1]) not in known
        ]

    def _over(self, connection: Connection, running: Sequence[BudgetView], now: int) -> Iterator[BudgetView]:
        """The periods that were over lately, of limits that are as they were then."""
        begun: dict[int, list[LimitRow]] = {}
        for view in running:
            if view.begins is not None and now - view.begins < LATE and view.row.updated_at < view.begins:
                begun.setdefault(view.begins, []).append(view.row)
        for moment, rows in begun.items():
            yield from views(connection, self._organisation_id, rows, now, at=moment - 1)

    def _tell(self, view: BudgetView, threshold: int, now: int) -> bool:
        spent, allowed = _counts(view)
        row = EventRow(view.row.id, view.period, threshold, self._organisation_id, now, spent, allowed)
        with self._database.write() as connection:
            if not store.claim(connection, row):
                return False
            for kind, target, body in self._messages(view, threshold, now):
                outbox.add(connection, kind, target, body, now)
        log.warning(
            "the budget of %s %s has reached %d %%: %s of %s %s",
            view.row.scope,
            view.subject.name,
            threshold,
            view.spent,
            view.allowed,
            view.currency or view.row.measure,
        )
        return True

    def _messages(self, view: BudgetView, threshold: int, now: int) -> Sequence[tuple[str, str, bytes]]:
        event = msgspec.json.encode(event_of(view, threshold, now))
        found = [(WEBHOOK, named(hook.url), event) for hook in self._told.webhooks]
        if self._told.email is not None:
            mail = msgspec.json.encode(_mail(view, threshold, self._told.language))
            found += [(EMAIL, address, mail) for address in self._told.email.to]
        return found


def event_of(view: BudgetView, threshold: int, now: int) -> dict[str, Any]:
    """What a webhook is told."""
    return {
        "type": "budget.threshold",
        "timestamp": _iso(now),
        "data": {
            "budget": view.row.id,
            "threshold": threshold,
            "scope": view.row.scope,
            "subject": {"id": view.subject.id, "name": view.subject.name},
            "measure": view.row.measure,
            "per": view.row.per,
            "currency": view.currency or None,
            "spent": f"{view.spent:f}",
            "allowed": f"{view.allowed:f}",
            "begins": None if view.begins is None else _iso(view.begins),
            "ends": None if view.ends is None else _iso(view.ends),
            "on_hit": view.row.on_hit,
        },
    }


def _mail(view: BudgetView, threshold: int, language: str) -> Mail:
    values = {
        "name": view.subject.name,
        "threshold": threshold,
        "spent": f"{view.spent:f}",
        "allowed": f"{view.allowed:f}",
        "unit": view.currency or view.row.measure,
    }
    text = say("control.notifying.text", lang=language, **values)
    if view.ends is not None:
        text += "\n" + say("control.notifying.ends", lang=language, when=_iso(view.ends))
    subject = say("control.notifying.subject", lang=language, name=view.subject.name, threshold=threshold)
    return Mail(subject, text)


def _thresholds(view: BudgetView) -> tuple[int, ...]:
    return reached(*_counts(view))


def _counts(view: BudgetView) -> tuple[int, int]:
    shift = _MICRO if view.row.measure == "money" else 0
    return int(view.spent.scaleb(shift)), int(view.allowed.scaleb(shift))


def _iso(micros: int) -> str:
    return datetime.isoformat(from_micros(micros).astimezone(UTC)).replace("+00:00", "Z")
