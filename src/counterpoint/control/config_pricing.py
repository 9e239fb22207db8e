"""What the configuration file says of prices and currencies, as the service takes it; and what is wrong with it."""

from collections.abc import Iterator

from counterpoint.catalog.contracts import Contract
from counterpoint.control.config import Configuration, PriceSection, RateSection
from counterpoint.control.pricing import Wanted, check, decimal_of, moment_of
from counterpoint.control.schema import Fault, Path
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.clock import to_micros
from counterpoint.storage.pricing import Rate


def wanted_from(configuration: Configuration) -> Wanted:
    """All of it. Raises `Complaint`."""
    own = configuration.organisation
    return Wanted(
        currency=own.currency,
        zone=own.zone,
        rates=tuple(_rate(section) for section in own.rates),
        contracts=tuple(_contract(section) for section in configuration.prices),
    )


def faults(configuration: Configuration) -> Iterator[Fault]:
    """What is wrong, at its place."""
    own = configuration.organisation
    if own.currency is not None:
        yield from _tried(("organisation", "currency"), Wanted(currency=own.currency))
    if own.zone is not None:
        yield from _tried(("organisation", "zone"), Wanted(zone=own.zone))
    for index, section in enumerate(own.rates):
        yield from _read(("organisation", "rates", index), section)
    for index, price in enumerate(configuration.prices):
        yield from _read(("prices", index), price)


def _read(place: Path, section: RateSection | PriceSection) -> Iterator[Fault]:
    try:
        if isinstance(section, RateSection):
            wanted = Wanted(rates=(_rate(section),))
        else:
            wanted = Wanted(contracts=(_contract(section),))
    except Complaint as complaint:
        yield Fault(place, complaint.sentence, complaint.values)
        return
    yield from _tried(place, wanted)


def _tried(place: Path, wanted: Wanted) -> Iterator[Fault]:
    try:
        check(wanted)
    except Complaint as complaint:
        yield Fault(place, complaint.sentence, complaint.values)


def _rate(section: RateSection) -> Rate:
    return Rate(section.currency, decimal_of(section.rate), moment_of(section.since), section.source)


def _contract(section: PriceSection) -> Contract:
    return Contract(
        offering=section.offering,
        since=None if section.since is None else to_micros(section.since),
        until=None if section.until is None else to_micros(section.until),
        prices={name: decimal_of(amount) for name, amount in section.prices.items()},
        discount=None if section.discount is None else decimal_of(section.discount),
        currency=section.currency,
        reference=section.reference,
    )
