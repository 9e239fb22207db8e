"""Puts together how offerings do: sums of the ledger, tries that failed, and what workers measure at the moment."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from counterpoint.api.services import Services
from counterpoint.api.shapes.common import instant
from counterpoint.api.shapes.standing import (
    HostStandingShape,
    HourShape,
    MishapShape,
    Standing,
    StandingShape,
    StandingsShape,
    WorkerViewShape,
)
from counterpoint.control.usage import UsageQuery, UsageRow
from counterpoint.directory import Offering
from counterpoint.directory.health import WorkerHealth
from counterpoint.ledger import Entry

MANY = 0.2
"""The share of failures from which an offering is shaky, if there were some."""
FEWEST = 5
_LOOKED_AT = 500
"""Entries in which failed tries are looked for."""
_MISHAPS = 5
_GRAVEST: Mapping[Standing, int] = {"out": 0, "shaky": 1, "well": 2, "quiet": 3}


def standings(services: Services, span: timedelta, now: datetime | None = None) -> StandingsShape:
    """Of all offerings that were asked within `span`."""
    until = now or datetime.now(UTC)
    since = (until - span).replace(minute=0, second=0, microsecond=0)
    query = UsageQuery(since=since, until=until, by=("offering",), period="hour")
    series: dict[str, list[UsageRow]] = {}
    for row in services.usage.report(query).rows:
        series.setdefault(row.group["offering"], []).append(row)
    whole = UsageQuery(since=since, until=until, by=("offering",))
    totals = {row.group["offering"]: row for row in services.usage.report(whole).rows}
    measured = services.health()
    views = _views(measured)
    mishaps = _mishaps(
        view.entry for view in services.usage.entries(UsageQuery(since=since), limit=_LOOKED_AT).items
    )
    offered = {offering.name: offering for offering in services.directory().offerings}
    names = sorted((totals.keys() | views.keys() | mishaps.keys()) - {""})
    found = [
        _standing(
            name,
            offered.get(name),
            totals.get(name),
            series.get(name, ()),
            views.get(name, []),
            mishaps.get(name, []),
        )
        for name in names
    ]
    return StandingsShape(since, until, _by_host(found), bool(measured))


def _views(measured: Iterable[WorkerHealth]) -> dict[str, list[WorkerViewShape]]:
    found: dict[str, list[WorkerViewShape]] = {}
    for worker in measured:
        for each in worker.offerings:
            view = WorkerViewShape(
                worker=worker.worker,
                breaker=each.breaker,
                calls=each.calls,
                failures=each.failures,
                consecutive=each.consecutive,
                first_event_ms=None if each.first_event is None else each.first_event * 1000,
                failure=each.failure,
                since=_moment(each.since),
                until=_moment(each.until),
                at=datetime.fromtimestamp(worker.at, UTC),
            )
            found.setdefault(each.offering, []).append(view)
    return found


def _moment(epoch: float) -> datetime | None:
    return datetime.fromtimestamp(epoch, UTC) if epoch else None


def _mishaps(entries: Iterable[Entry]) -> dict[str, list[MishapShape]]:
    """Tries that failed, by offering, in the order of the entries."""
    found: dict[str, list[MishapShape]] = {}
    for entry in entries:
        answered = entry.status < 400 and entry.failure is None
        for attempt in entry.attempts:
            told = found.setdefault(attempt.offering, []) if attempt.failure else None
            if told is not None and attempt.failure and len(told) < _MISHAPS:
                at = instant(entry.at + attempt.after + attempt.micros)
                told.append(MishapShape(at, entry.id, attempt.status, attempt.failure, answered))
    return found


def _standing(
    name: str,
    offering: Offering | None,
    total: UsageRow | None,
    series: Iterable[UsageRow],
    views: list[WorkerViewShape],
    mishaps: list[MishapShape],
) -> StandingShape:
    exchanges, failures = (total.exchanges + total.side_calls, total.failures) if total else (0, 0)
    host, _, rest = name.partition("/")
    return StandingShape(
        offering=name,
        host=host,
        model=offering.model if offering else rest,
        standing=_judged(exchanges, failures, views, mishaps),
        offered=offering is not None,
        exchanges=exchanges,
        failures=failures,
        p50_total_ms=_ms(total.p50_total) if total else None,
        p95_total_ms=_ms(total.p95_total) if total else None,
        p50_first_event_ms=_ms(total.p50_first_event) if total else None,
        p95_first_event_ms=_ms(total.p95_first_event) if total else None,
        steps=[_step(row) for row in series],
        workers=views,
        mishaps=mishaps,
    )


def _step(row: UsageRow) -> HourShape:
    assert row.at is not None  # noqa: S101 - a series has times
    return HourShape(
        row.at,
        row.exchanges + row.side_calls,
        row.failures,
        _ms(row.p50_total),
        _ms(row.p95_total),
        _ms(row.p50_first_event),
        _ms(row.p95_first_event),
    )


def _judged(
    exchanges: int, failures: int, views: list[WorkerViewShape], mishaps: list[MishapShape]
) -> Standing:
    """What workers say at the moment counts before what was in the ledger's hours. Whom others
    stood in for each time is not well, however few calls there were."""
    away = [view.breaker == "open" for view in views]
    calls, failed = sum(view.calls for view in views), sum(view.failures for view in views)
    if away and all(away):
        return "out"
    if any(view.breaker != "closed" for view in views) or (calls >= FEWEST and failed >= MANY * calls):
        return "shaky"
    if calls >= FEWEST:
        return "well"
    if exchanges >= FEWEST and failures >= MANY * exchanges:
        return "shaky"
    if (calls and failed == calls) or (mishaps and not exchanges):
        return "shaky"
    return "well" if exchanges or calls else "quiet"


def _by_host(found: Iterable[StandingShape]) -> list[HostStandingShape]:
    hosts: dict[str, list[StandingShape]] = {}
    for each in found:
        hosts.setdefault(each.host, []).append(each)
    shapes = [
        HostStandingShape(
            host=host,
            standing=min((each.standing for each in offerings), key=_GRAVEST.__getitem__),
            exchanges=sum(each.exchanges for each in offerings),
            failures=sum(each.failures for each in offerings),
            offerings=sorted(
                offerings, key=lambda each: (_GRAVEST[each.standing], -each.exchanges, each.offering)
            ),
        )
        for host, offerings in hosts.items()
    ]
    return sorted(shapes, key=lambda each: (_GRAVEST[each.standing], -each.exchanges, each.host))


def _ms(micros: float | None) -> float | None:
    return None if micros is None else float(f"{micros / 1000:.4g}")
