"""Gathers what the home page says, from the services that know it, as far as the reader may see it."""

import shutil
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, tzinfo

from counterpoint.api.services import Services
from counterpoint.api.shapes.home import ConcernShape, HomeShape, StepShape, TodayShape
from counterpoint.api.shapes.status import StatusShape
from counterpoint.api.shapes.usage import plain
from counterpoint.catalog.catalog import Catalog
from counterpoint.control.beginning import DEMO_KEY
from counterpoint.control.localtime import midnight_of
from counterpoint.control.roles import Right
from counterpoint.control.studiokey import STUDIO_KEY
from counterpoint.control.usage import UsageQuery, UsageRow
from counterpoint.i18n import numbers, say
from counterpoint.storage.clock import from_micros

SOON = timedelta(days=14)
"""A key that ends within this time is told."""
RETIRING = timedelta(days=60)
"""A model that its host stops serving within this time is told, if it was asked within `ASKED`."""
ASKED = timedelta(days=30)
JUDGED = timedelta(hours=1)
"""A provider is judged by the calls of this time."""
FEWEST_TO_JUDGE = 20
MANY_FAILURES = 0.2
FULL_DISK = 1_000_000_000
LITTLE_DISK = 5_000_000_000
_MOST_TOLD = 5
_GRAVEST = {"error": 0, "warning": 1, "note": 2}


def home(
    services: Services, rights: frozenset[Right], lang: str, zone: tzinfo, now: datetime | None = None
) -> HomeShape:
    """As it is at `now`. `zone`: by whose clocks the reader's day begins."""
    now = now or datetime.now(UTC)
    status = services.running.status()
    today = (
        services.usage.report(UsageQuery(since=midnight(now, zone))).total if "usage.read" in rights else None
    )
    attention: list[ConcernShape] = []
    if "status.read" in rights:
        attention += running_concerns(status, lang)
        attention += disk_concerns(status.data, lang)
    if "providers.read" in rights:
        attention += provider_concerns(services, lang)
    if today is not None:
        attention += usage_concerns(today, lang)
        attention += host_concerns(services, lang, now)
        attention += retirement_concerns(services, lang, now)
    if "keys.write" in rights:
        attention += key_concerns(services, lang, now)
    return HomeShape(
        state=status.state,
        gateway=status.gateway,
        today=None if today is None else _today(today),
        attention=sorted(attention, key=lambda item: _GRAVEST[item.severity]),
        steps=steps(services, rights),
    )


def midnight(now: datetime, zone: tzinfo) -> datetime:
    """When the reader's day began."""
    return from_micros(midnight_of(now.astimezone(zone).date(), zone))


def _today(row: UsageRow) -> TodayShape:
    return TodayShape(
        exchanges=row.exchanges,
        failures=row.failures,
        unpriced=row.unpriced,
        tokens=sum(row.tokens.values()),
        cost={currency: plain(amount) for currency, amount in row.cost.items()},
    )


def running_concerns(status: StatusShape, lang: str) -> list[ConcernShape]:
    """About processes and the ledger."""
    found = []
    if any(item.state != "listening" for item in status.workers) or not status.workers:
        found.append(ConcernShape("starting", "warning", say("api.concern.starting", lang=lang), "settings"))
    if status.ledger.error is not None:
        text = say("api.concern.ledger_waits", lang=lang, reason=status.ledger.error)
        found.append(ConcernShape("ledger_waits", "error", text, "settings"))
    for engine in status.engines:
        if engine.state == "failed":
            reason = engine.failure or ""
            text = say("api.concern.engine_failed", lang=lang, model=engine.model, reason=reason)
            found.append(ConcernShape("engine_failed", "error", text, "models", engine.model))
    return found


def disk_concerns(folder: str, lang: str) -> list[ConcernShape]:
    """About the disk that holds the ledger and the models."""
    free: int | None = None
    with suppress(OSError):  # a folder that cannot be looked at is told by whoever writes there
        free = shutil.disk_usage(folder).free if folder else None
    if free is None or free >= LITTLE_DISK:
        return []
    text = say("api.concern.disk", lang=lang, free=numbers.size(free, lang=lang), folder=folder)
    return [ConcernShape("disk", "error" if free < FULL_DISK else "warning", text, "settings")]


def provider_concerns(services: Services, lang: str) -> list[ConcernShape]:
    """About providers that no call can use."""
    found = []
    for view in services.providers.list():
        if view.enabled and view.problem is not None:
            text = say("api.concern.provider_unusable", lang=lang, name=view.name, reason=view.problem)
            found.append(ConcernShape("provider_unusable", "error", text, "providers", view.name))
    return found


def host_concerns(services: Services, lang: str, now: datetime) -> list[ConcernShape]:
    """About hosts where many of the last hour's calls failed."""
    found = []
    for row in services.usage.report(
        UsageQuery(since=now - JUDGED, until=now, by=("host",), latencies=False)
    ).rows:
        host = row.group["host"]
        if host and row.exchanges >= FEWEST_TO_JUDGE and row.failures / row.exchanges >= MANY_FAILURES:
            text = say(
                "api.concern.provider_failing",
                lang=lang,
                name=host,
                failures=numbers.number(row.failures, lang=lang),
                exchanges=numbers.number(row.exchanges, lang=lang),
            )
            found.append(ConcernShape("provider_failing", "warning", text, "usage", host))
    return found


def retirement_concerns(services: Services, lang: str, now: datetime) -> list[ConcernShape]:
    """About models in use that their host stops serving, the first to go first."""
    report = services.usage.report(
        UsageQuery(since=now - ASKED, until=now, by=("host", "model"), latencies=False)
    )
    catalog = services.catalog()
    going = []
    for row in report.rows:
        host, model = row.group["host"], row.group["model"]
        end = retirement(catalog, host, model)
        if end is not None and now.date() <= end <= (now + RETIRING).date():
            going.append((end, model, host, row.exchanges))
    return [
        ConcernShape(
            "model_retires",
            "warning",
            say(
                "api.concern.model_retires",
                lang=lang,
                model=model,
                host=host,
                day=numbers.day(end, lang=lang),
                count=numbers.number(count, lang=lang),
            ),
            "models",
            model,
        )
        for end, model, host, count in sorted(going)[:_MOST_TOLD]
    ]


def retirement(catalog: Catalog, host: str, name: str) -> date | None:
    """When that host stops serving that model: as its listing says, or, where the maker serves it himself, as the
    model's row does."""
    model = catalog.model(name) if host and name else None
    if model is None:
        return None
    told = [item.retires for item in catalog.listings_of(model.name) if item.host == host and item.retires]
    if host == model.maker and model.retires:
        told.append(model.retires)
    days = []
    for text in told:
        with suppress(ValueError):  # some are known to the month only
            days.append(date.fromisoformat(text))
    return min(days, default=None)


def usage_concerns(today: UsageRow, lang: str) -> list[ConcernShape]:
    """About today's calls."""
    found = []
    if today.exchanges >= FEWEST_TO_JUDGE and today.failures / today.exchanges >= MANY_FAILURES:
        text = say("api.concern.many_failures", lang=lang, failures=today.failures, exchanges=today.exchanges)
        found.append(ConcernShape("many_failures", "warning", text, "usage"))
    unpriced = today.unpriced - today.failures
    if unpriced > 0:
        text = say("api.concern.unpriced", lang=lang, count=unpriced)
        found.append(ConcernShape("unpriced", "note", text, "usage"))
    return found


def key_concerns(services: Services, lang: str, now: datetime) -> list[ConcernShape]:
    """About keys whose end is near."""
    soon = [
        key.name
        for key in services.keys.list(limit=500).items
        if key.expires_at is not None and now < from_micros(key.expires_at) < now + SOON
    ]
    if not soon:
        return []
    text = say("api.concern.keys_expire", lang=lang, names=", ".join(soon[:5]), count=len(soon))
    return [ConcernShape("keys_expire", "warning", text, "keys")]


def steps(services: Services, rights: frozenset[Right]) -> list[StepShape]:
    """What whoever is new does first."""
    found = []
    if "usage.read" in rights and "playground.use" in rights:
        asked = services.usage.entries(UsageQuery(only={"key": (STUDIO_KEY,)}), limit=1).items
        found.append(StepShape("ask", bool(asked)))
    if "providers.write" in rights:
        found.append(StepShape("add_provider", bool(services.providers.list())))
    if "keys.write" in rights:
        made = [key for key in services.keys.list(include_revoked=True).items if key.name != DEMO_KEY]
        found.append(StepShape("make_key", bool(made)))
    if "usage.read" in rights:
        callers = services.usage.report(UsageQuery(by=("key",), latencies=False)).rows
        found.append(StepShape("call", any(row.group["key"] != STUDIO_KEY for row in callers)))
    if "accounts.write" in rights:
        found.append(StepShape("invite", len(services.accounts.list(limit=2).items) > 1))
    return found
