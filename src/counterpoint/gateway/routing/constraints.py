"""Whether an offering may answer: what a route and a project demand of it, and what the call itself needs.

Conditions fail closed: whatever is not known of an offering counts as not satisfied. What merely follows from the
call (its length, its pictures) counts against an offering only where it is known not to fit. The models in our own
processes are in no other place and under no other law than this gateway itself, which has the call already.
"""

from collections.abc import Iterator
from decimal import Decimal
from fnmatch import fnmatchcase

from counterpoint.canonical.globs import fits
from counterpoint.directory import LOCAL_HOST, Directory, Offering
from counterpoint.directory.places import within
from counterpoint.directory.routes import Constraints
from counterpoint.directory.values import PriceTier
from counterpoint.gateway.routing.plan import Facts

Verdict = tuple[str, dict[str, str]]
"""The id of a sentence below `gateway.explain`, with its values."""

NEEDS = frozenset({"tools", "structured_output", "images", "documents", "audio", "video_input"})
"""Capabilities that a request shows it needs."""


def objection(
    offering: Offering, wanted: Constraints, directory: Directory, operation: str
) -> Verdict | None:
    """The first of the conditions that `offering` does not satisfy, whatever the call."""
    return next(_objections(offering, wanted, directory, operation), None)


def _objections(
    offering: Offering, wanted: Constraints, directory: Directory, operation: str
) -> Iterator[Verdict]:
    yield from _who(offering, wanted)
    yield from _where(offering, wanted)
    yield from _what(offering, wanted)
    yield from _price(offering, wanted, directory, operation)


def _who(offering: Offering, wanted: Constraints) -> Iterator[Verdict]:
    if wanted.hosts and not fits(offering.host, wanted.hosts):
        yield "not_host", {"host": offering.host}
    if fits(offering.host, wanted.not_hosts) or fits(offering.catalogued, wanted.not_hosts):
        yield "excluded_host", {"host": offering.host}
    if (wanted.makers or wanted.not_makers) and not offering.maker:
        yield "unknown_maker", {}
    elif wanted.makers and not fits(offering.maker, wanted.makers):
        yield "not_maker", {"maker": offering.maker}
    elif fits(offering.maker, wanted.not_makers):
        yield "excluded_maker", {"maker": offering.maker}


def _where(offering: Offering, wanted: Constraints) -> Iterator[Verdict]:
    if offering.host == LOCAL_HOST:
        return
    if wanted.residency and not within(offering.residency, wanted.residency):
        allowed = " ".join(wanted.residency)
        if offering.residency:
            yield "residency", {"places": " ".join(offering.residency), "allowed": allowed}
        else:
            yield "unknown_residency", {"allowed": allowed}
    if wanted.jurisdictions and not within(filter(None, (offering.jurisdiction,)), wanted.jurisdictions):
        allowed = " ".join(wanted.jurisdictions)
        if offering.jurisdiction:
            yield "jurisdiction", {"place": offering.jurisdiction, "allowed": allowed}
        else:
            yield "unknown_jurisdiction", {"allowed": allowed}


def _what(offering: Offering, wanted: Constraints) -> Iterator[Verdict]:
    if wanted.capabilities:
        if not offering.capabilities:
            yield "unknown_capabilities", {}
        lacking = wanted.capabilities - offering.capabilities
        if lacking:
            yield "lacks", {"capabilities": ", ".join(sorted(lacking))}
    if wanted.context is not None:
        if offering.context is None:
            yield "unknown_context", {}
        elif offering.context < wanted.context:
            yield "short_context", {"context": str(offering.context), "least": str(wanted.context)}
    if wanted.licences:
        if not offering.licence:
            yield "unknown_licence", {}
        elif not fits(offering.licence, wanted.licences):
            yield "licence", {"licence": offering.licence}
    if wanted.open_weights and offering.open_weights is not True:
        yield ("unknown_weights" if offering.open_weights is None else "closed_weights"), {}


def _price(
    offering: Offering, wanted: Constraints, directory: Directory, operation: str, tokens: int = 0
) -> Iterator[Verdict]:
    if wanted.max_input_price is None and wanted.max_output_price is None:
        return
    price = offering.price
    if price is None or not price.tiers:
        yield "unknown_price", {}
        return
    rate = rate_of(price.currency, directory)
    if rate is None:
        yield "unknown_rate", {"currency": price.currency}
        return
    tier = _reached(price.tiers, tokens)
    output = None if tier.output is None else max(tier.output, tier.reasoning or 0)
    ceilings = [(wanted.max_input_price, tier.input)]
    if operation == "chat":  # nothing else is charged by what comes out
        ceilings.append((wanted.max_output_price, output))
    for ceiling, asked in ceilings:
        if ceiling is None:
            continue
        if asked is None:
            yield "unknown_price", {}
        elif asked * rate > ceiling:
            told = {"price": shown(asked * rate), "most": shown(Decimal(ceiling))}
            yield "too_dear", told | {"currency": directory.currency}


def _reached(tiers: tuple[PriceTier, ...], tokens: int) -> PriceTier:
    return [tiers[0], *(tier for tier in tiers[1:] if tokens > tier.above)][-1]


def rate_of(currency: str, directory: Directory) -> Decimal | None:
    """How much of the organisation's currency one unit is, if that is known."""
    return Decimal(1) if currency == directory.currency else directory.rates.get(currency)


def shown(micros: Decimal) -> str:
    """An amount of micro-units in units, without needless noughts."""
    text = f"{micros / 1_000_000:.6f}".rstrip("0")
    return text.rstrip(".")


def tiered(offering: Offering, wanted: Constraints) -> bool:
    """Whether the length of a call decides if the ceilings of `wanted` hold."""
    several = offering.price is not None and len(offering.price.tiers) > 1
    return several and (wanted.max_input_price is not None or wanted.max_output_price is not None)


def misfit(
    offering: Offering, facts: Facts, wanted: tuple[Constraints, ...], directory: Directory, operation: str
) -> Verdict | None:
    """Why this very call is not for `offering`, as far as that is known."""
    if offering.context is not None:
        room = facts.tokens + (facts.output or 0)
        if room > offering.context:
            return "too_long", {"tokens": str(room), "context": str(offering.context)}
    if offering.capabilities:
        lacking = (facts.needs & NEEDS) - offering.capabilities
        if lacking:
            return "lacks", {"capabilities": ", ".join(sorted(lacking))}
    return too_dear(offering, facts, wanted, directory, operation)


def too_dear(
    offering: Offering, facts: Facts, wanted: tuple[Constraints, ...], directory: Directory, operation: str
) -> Verdict | None:
    """Which ceiling the price goes above that `offering` has for a call of that length."""
    for each in wanted:
        dear = next(_price(offering, each, directory, operation, facts.tokens), None)
        if dear is not None:
            return dear
    return None


def forbidden_data(offering: Offering, data_class: str) -> Verdict | None:
    """Why data of the project's class may not be sent there. Unnamed data is of no class that a list could have."""
    if not offering.data_classes or offering.host == LOCAL_HOST:
        return None
    if any(fnmatchcase(data_class, pattern) for pattern in offering.data_classes):
        return None
    allowed = ", ".join(offering.data_classes)
    if not data_class:
        return "no_data_class", {"allowed": allowed}
    return "data_class", {"data_class": data_class, "allowed": allowed}
