"""How an exchange is held by limits: what it may come to over its whole plan, what its answers took, and how a caller
is told that it does not fit. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import msgspec

from counterpoint.canonical import Failure, FailureKind, Usage
from counterpoint.dialects.rates import Rate, common_rates
from counterpoint.dialects.registry import RATES
from counterpoint.directory import Directory, Key, Offering
from counterpoint.gateway.asking import Asking
from counterpoint.gateway.bounds import Bound, Bounds
from counterpoint.i18n import say
from counterpoint.ledger import Entry
from counterpoint.limits import Charge, Denied, Hold, Limit, Standing, Wanted
from counterpoint.limits.spending import charges, taken

LATER = 60.0
"""Seconds after which to ask again where nobody knows better: calls under way give back what they did not take."""


def wanted_of(
    key: Key,
    asked: Asking,
    most: Bounds,
    offerings: Iterable[Offering],
    names: Iterable[str],
    *,
    all_of_them: bool = False,
) -> Wanted:
    """What a call by `key` may come to at most. `offerings`: that may answer; `all_of_them`: each of them may be paid
    (a cascade's, hedges', shadows'), as often as it is there, not one."""
    offerings = tuple(offerings)
    if len(offerings) == 1:
        each = most.of(asked, offerings[0])
        called: tuple[str, ...] = (offerings[0].name,)
        tokens, money = each.tokens, each.money
    else:
        known = {offering.name: offering for offering in offerings}
        counted = offerings if all_of_them else known.values()
        bounds = [most.of(asked, item) for item in counted]
        sizes = [each.tokens for each in bounds]
        called = tuple(known)
        tokens = sum(sizes) if all_of_them else max(sizes, default=0)
        money = _money(bounds, all_of_them=all_of_them)
    return Wanted(key.organisation, key.project, key.id, key.user, called, tuple(names), tokens, money)


def _money(bounds: list[Bound], *, all_of_them: bool) -> int | None:
    amounts = [each.money for each in bounds if each.money is not None]
    if len(amounts) < len(bounds):
        return None
    return sum(amounts) if all_of_them else max(amounts, default=0)


def spent(
    hold: Hold, offering: str, names: tuple[str, ...], usage: Usage, money: int | None, requests: int = 1
) -> tuple[tuple[Charge, ...], tuple[int, ...]]:
    """What an answer took of limits, for its entry, and how much of each part of the hold. `names`: by which its model
    was called; `money`: in micro-units. A call that may have been charged, nobody knows how much, took all that was
    held for it."""
    if not offering:
        return (), taken(hold, offering="", names=(), tokens=0, money=0, requests=0)
    counted = usage.input_total + usage.output_total
    amounts = taken(
        hold,
        offering=offering,
        names=names,
        tokens=counted if usage.reported or counted or money == 0 else None,
        money=money,
        requests=requests,
    )
    return charges(hold, amounts), amounts


def settled(
    entry: Entry, hold: Hold, most: Bounds, names: tuple[str, ...] = ()
) -> tuple[Entry, tuple[int, ...]]:
    """The entry with what it took of limits, and how much of each part of the hold."""
    charged, amounts = spent(
        hold,
        entry.offering,
        (entry.requested, entry.model, *names),
        entry.usage,
        most.converted(entry.cost, entry.currency),
        requests=0 if entry.purpose else 1,
    )
    return (msgspec.structs.replace(entry, charges=charged) if charged else entry), amounts


# What the caller is told


def refusal(lang: str, denied: Denied, directory: Directory) -> Failure:
    """In words that say which limit, and when there is more."""
    limit, reason = denied.limit, denied.reason
    if reason == "away":
        kind = FailureKind.unavailable
    elif reason in ("unpriced", "too_large"):
        kind = FailureKind.bad_request
    else:
        kind = FailureKind.rate_limited
    message = say(
        f"gateway.limits.{reason}",
        lang=lang,
        limit=described(lang, limit, directory.currency),
        wanted=_amount(limit, denied.wanted, directory.currency),
        when=_when(lang, denied.resets, directory.zone),
    )
    code = _CODES.get(reason, "limit_exceeded")
    retry = denied.retry_after
    if retry is None and kind is not FailureKind.bad_request and denied.resets is None and reason != "spent":
        retry = LATER
    return Failure(
        kind=kind, message=message, code=code, status=429 if code in _EXCEEDED else None, retry_after=retry
    )


_CODES = {
    "spent": "budget_exceeded",
    "reserved": "budget_reserved",
    "rate": "rate_limit_exceeded",
    "busy": "concurrency_exceeded",
    "too_large": "limit_too_small",
    "unpriced": "price_unknown",
    "away": "limits_unavailable",
}
_EXCEEDED = frozenset({"budget_exceeded", "budget_reserved", "rate_limit_exceeded", "concurrency_exceeded"})


def described(lang: str, limit: Limit, currency: str) -> str:
    """`5 USD per day, of the project`."""
    return say(
        f"gateway.limits.per.{limit.per if limit.measure != 'concurrent' else 'at_once'}",
        lang=lang,
        amount=_amount(limit, limit.amount, currency),
        scope=say(f"gateway.limits.scope.{limit.scope}", lang=lang),
        what=say(f"gateway.limits.measure.{limit.measure}", lang=lang),
        models=say("gateway.limits.models", lang=lang, models=", ".join(limit.models))
        if limit.models
        else "",
    )


def _amount(limit: Limit, amount: int, currency: str) -> str:
    if limit.measure != "money":
        return str(amount)
    units = Decimal(amount).scaleb(-6).normalize()
    return f"{units:f} {currency}"


def _when(lang: str, resets: int | None, zone: str) -> str:
    if resets is None:
        return ""
    local = datetime.fromtimestamp(resets / 1e6, UTC).astimezone(_zone(zone))
    return say("gateway.limits.when", lang=lang, moment=local.strftime("%Y-%m-%d %H:%M"), zone=zone)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def rate_headers(standings: Iterable[Standing], dialect: str, now: float) -> tuple[tuple[bytes, bytes], ...]:
    """How the rates stand, as every answer tells it to a key that has some; of each measure the one of which least is
    left. `dialect`: the chat dialect of the answer. `now`: seconds since the epoch."""
    rates: dict[str, Rate] = {}
    for each in standings:
        if each.measure in ("requests", "tokens") and each.measure not in rates:
            rates[each.measure] = Rate(each.measure, each.limit, each.left, each.resets)
    return RATES.get(dialect, common_rates)(rates.values(), now) if rates else ()
