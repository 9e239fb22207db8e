"""Gathers what the home page says, from the services that know it, as far as the reader may see it."""

from datetime import UTC, datetime, timedelta

from counterpoint.api.services import Services
from counterpoint.api.shapes.home import ConcernShape, HomeShape, StepShape, TodayShape
from counterpoint.api.shapes.status import StatusShape
from counterpoint.api.shapes.usage import plain
from counterpoint.control.beginning import DEMO_KEY
from counterpoint.control.roles import Right
from counterpoint.control.studiokey import STUDIO_KEY
from counterpoint.control.usage import UsageQuery, UsageRow
from counterpoint.i18n import say
from counterpoint.storage.clock import from_micros

SOON = timedelta(days=7)
FEWEST_TO_JUDGE = 20
MANY_FAILURES = 0.2
_GRAVEST = {"error": 0, "warning": 1, "note": 2}


def home(
    services: Services, rights: frozenset[Right], lang: str, offset: timedelta, now: datetime | None = None
) -> HomeShape:
    """As it is at `now`. `offset`: of the reader's local time."""
    now = now or datetime.now(UTC)
    status = services.running.status()
    today = (
        services.usage.report(UsageQuery(since=midnight(now, offset))).total
        if "usage.read" in rights
        else None
    )
    attention: list[ConcernShape] = []
    if "status.read" in rights:
        attention += running_concerns(status, lang)
    if today is not None:
        attention += usage_concerns(today, lang)
    if "keys.write" in rights:
        attention += key_concerns(services, lang, now)
    return HomeShape(
        state=status.state,
        gateway=status.gateway,
        today=None if today is None else _today(today),
        attention=sorted(attention, key=lambda item: _GRAVEST[item.severity]),
        steps=steps(services, rights),
    )


def midnight(now: datetime, offset: timedelta) -> datetime:
    """When the reader's day began."""
    local = now.astimezone(UTC) + offset
    return local.replace(hour=0, minute=0, second=0, microsecond=0) - offset


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
            found.append(ConcernShape("engine_failed", "error", text, "models"))
    return found


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
        latest = services.usage.entries(UsageQuery(), limit=50).items
        found.append(StepShape("call", any(view.entry.key != STUDIO_KEY for view in latest)))
    if "accounts.write" in rights:
        found.append(StepShape("invite", len(services.accounts.list(limit=2).items) > 1))
    return found
