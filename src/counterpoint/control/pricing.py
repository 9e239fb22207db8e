"""What the organisation pays and in which currency it counts: contracts, rates, its own currency, as they are edited
outside the configuration file and declared in it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from counterpoint.catalog.contracts import Contract, UnusableContractError, checked
from counterpoint.control.currencies import rates_at
from counterpoint.control.names import check_patterns
from counterpoint.control.ownership import FILE, STUDIO
from counterpoint.control.projects import every_project
from counterpoint.control.routes import every_route
from counterpoint.directory.routes import Constraints, Project, Route
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import limits, settings
from counterpoint.storage import pricing as store
from counterpoint.storage.database import Database
from counterpoint.storage.pricing import Own, OwnedContract, OwnedRate, Rate

_LETTERS = 3
_MOST = 200
_MICRO = 6
_DEAREST = 10**9
"""Units: of a price, and of what a unit of another currency is worth."""


class PriceBook(msgspec.Struct, frozen=True):
    """All of it. `revision` counts changes."""

    own: Own
    rates: tuple[OwnedRate, ...]
    contracts: tuple[OwnedContract, ...]
    revision: int

    def plain_rates(self) -> list[Rate]:
        """Without their owners."""
        return [each.rate for each in self.rates]

    def plain_contracts(self) -> list[Contract]:
        """Without their owners, in the order in which they count."""
        return [each.contract for each in self.contracts]

    def foreign_rates_at(self, moment: int) -> dict[str, Decimal]:
        """How much of the organisation's currency a unit of each other is at `moment`."""
        found = rates_at(self.own.currency, self.plain_rates(), moment)
        return {name: rate for name, rate in found.items() if name != self.own.currency}


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to stand. `currency`, `zone`: `None`: as they are."""

    currency: str | None = None
    zone: str | None = None
    rates: tuple[Rate, ...] = ()
    contracts: tuple[Contract, ...] = ()


class Pricing:
    """The prices of one organisation. What the file declares comes first, and stays."""

    def __init__(self, database: Database, organisation_id: str) -> None:
        self._database = database
        self._organisation_id = organisation_id

    def book(self) -> PriceBook:
        """All of it."""
        with self._database.read() as connection:
            return read_book(connection, self._organisation_id)

    def replace(self, wanted: Wanted, *, revision: int | None = None) -> PriceBook:
        """What the studio says is this. `revision`: the one that it was made for. Raises `Complaint`."""
        check(wanted)
        with self._database.write() as connection:
            # Counted first: others wait, so that of two with the same revision one is told that it is late.
            after = settings.bump(connection, store.REVISION)
            if revision is not None and revision != after - 1:
                raise Complaint("control.changed_meanwhile", kind="stale")
            own = store.own(connection)
            _refuse_other_currency(connection, self._organisation_id, own, wanted)
            if (wanted.currency or own.currency, wanted.zone or own.zone) != (own.currency, own.zone):
                if own.owner == FILE:
                    raise Complaint("control.declared_in_file.currency", kind="conflict")
                store.put_own(connection, Own(wanted.currency or own.currency, wanted.zone or own.zone))
            store.replace_rates(connection, self._organisation_id, STUDIO, wanted.rates)
            store.replace_contracts(connection, self._organisation_id, STUDIO, wanted.contracts)
            settings.bump(connection)
            return read_book(connection, self._organisation_id)


def read_book(connection: Connection, organisation_id: str) -> PriceBook:
    """All of it, within a transaction."""
    return PriceBook(
        own=store.own(connection),
        rates=tuple(store.rates(connection, organisation_id)),
        contracts=tuple(store.contracts(connection, organisation_id)),
        revision=settings.revision(connection, store.REVISION),
    )


def declare(connection: Connection, organisation_id: str, wanted: Wanted) -> None:
    """The configuration file says this. Raises `Complaint`."""
    check(wanted)
    book = read_book(connection, organisation_id)
    _refuse_other_currency(connection, organisation_id, book.own, wanted)
    own = _declared_own(book.own, wanted)
    rates = [each.rate for each in book.rates if each.owner == FILE]
    contracts = [each.contract for each in book.contracts if each.owner == FILE]
    listed = sorted(wanted.rates, key=lambda rate: (rate.currency, rate.since))
    if (own, rates, contracts) == (book.own, listed, list(wanted.contracts)):
        return
    store.put_own(connection, own)
    store.replace_rates(connection, organisation_id, FILE, listed)
    store.replace_contracts(connection, organisation_id, FILE, wanted.contracts)
    settings.bump(connection, store.REVISION)
    settings.bump(connection)


def _refuse_other_currency(connection: Connection, organisation_id: str, before: Own, wanted: Wanted) -> None:
    """What limits of money allow, what was counted of them, and the ceilings of prices are plain numbers of the
    currency that they were made in."""
    if wanted.currency in (None, before.currency):
        return
    count = sum(row.measure == "money" for row in limits.all_of(connection, organisation_id))
    if count:
        values = {"before": before.currency, "currency": wanted.currency, "count": count}
        raise Complaint("control.pricing.currency_of_budgets", kind="conflict", **values)
    ceilings = [
        item.name for item in _conditional(connection, organisation_id) if _has_ceiling(item.constraints)
    ]
    if ceilings:
        values = {"before": before.currency, "currency": wanted.currency, "names": ", ".join(ceilings)}
        raise Complaint("control.pricing.currency_of_ceilings", kind="conflict", **values)


def _conditional(connection: Connection, organisation_id: str) -> list[Route | Project]:
    """Whatever has conditions that offerings must satisfy."""
    projects = every_project(connection, organisation_id).values()
    return [*every_route(connection, organisation_id), *projects]


def _has_ceiling(constraints: Constraints) -> bool:
    return constraints.max_input_price is not None or constraints.max_output_price is not None


def _declared_own(before: Own, wanted: Wanted) -> Own:
    if wanted.currency is None and wanted.zone is None:
        # What a file said and says no longer stays as it was, and may be changed again.
        return msgspec.structs.replace(before, owner=STUDIO)
    return Own(wanted.currency or before.currency, wanted.zone or before.zone, FILE)


def check(wanted: Wanted) -> None:
    """Raises `Complaint`."""
    if wanted.currency is not None:
        check_currency(wanted.currency)
    if wanted.zone is not None:
        check_zone(wanted.zone)
    for rate in wanted.rates:
        check_currency(rate.currency)
        if not rate.rate.is_finite() or not 0 < rate.rate <= _DEAREST:
            raise Complaint("control.pricing.bad_rate", currency=rate.currency, rate=f"{rate.rate}"[:40])
    seen = [(rate.currency, rate.since) for rate in wanted.rates]
    for pair in seen:
        if seen.count(pair) > 1:
            raise Complaint("control.config.twice", name=pair[0])
    for contract in wanted.contracts:
        check_contract(contract)


def check_currency(code: str) -> str:
    """An ISO 4217 code, as far as its form goes. Raises `Complaint`."""
    if len(code) != _LETTERS or not code.isascii() or not code.isupper():
        raise Complaint("control.pricing.bad_currency", currency=code[:20])
    return code


def check_zone(name: str) -> str:
    """A zone of the IANA database. Raises `Complaint`."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise Complaint("control.pricing.bad_zone", zone=name[:60]) from None
    return name


def check_contract(contract: Contract) -> Contract:
    """Raises `Complaint`."""
    check_patterns((contract.offering,))
    check_currency(contract.currency)
    if len(contract.reference) > _MOST or not (contract.reference or "-").isprintable():
        raise Complaint("control.pricing.bad_reference", longest=_MOST)
    try:
        return checked(contract)
    except UnusableContractError as error:
        raise Complaint(f"control.pricing.contract.{error.code}", what=error.what) from error


def decimal_of(value: Any) -> Decimal:
    """An amount as people write it: text, or a number that is read as it is written. Raises `Complaint`."""
    try:
        found = Decimal(str(value).strip())
    except ArithmeticError:
        raise Complaint("control.pricing.not_an_amount", value=str(value)[:40]) from None
    if not found.is_finite():
        raise Complaint("control.pricing.not_an_amount", value=str(value)[:40])
    return found


def ceiling_of(value: Any) -> int | None:
    """The most that a million tokens may cost, as people write it, in micro-units. Raises `Complaint`."""
    if value is None:
        return None
    text = str(value).strip()
    try:
        amount = Decimal(text)
        if amount.is_finite() and abs(amount) <= _DEAREST and not amount.scaleb(_MICRO) % 1:
            return int(amount.scaleb(_MICRO))
    except ArithmeticError:
        pass  # told below, like all that is no price
    raise Complaint("control.config.not_a_price", value=text[:40])


def moment_of(when: datetime | None) -> int:
    """From when a rate holds: from ever, if it is not said."""
    return 0 if when is None else int(when.astimezone(UTC).timestamp()) * 1_000_000
