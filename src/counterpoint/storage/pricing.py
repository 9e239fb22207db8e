"""Rows of what contracts say, of what currencies are worth, and of the organisation's own currency."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec
from sqlalchemy import Connection, delete, insert, select

from counterpoint.canonical.ids import new_id
from counterpoint.catalog.contracts import Contract
from counterpoint.storage import settings
from counterpoint.storage.money_tables import contract_prices, currency_rates

REVISION = "prices_revision"
"""The name under which changes to all of this are counted."""
_OWN = "organisation_money"
"""The name of the setting that holds the organisation's currency and zone."""
_FIRST = ("file", "studio")
_c = contract_prices.c
_r = currency_rates.c


class Own(msgspec.Struct, frozen=True):
    """The organisation's currency, and the zone in which its days begin. `owner`: who said so."""

    currency: str = "USD"
    zone: str = "UTC"
    owner: str = "studio"


class Rate(msgspec.Struct, frozen=True):
    """One unit of `currency` is `rate` of the organisation's from `since` on. `source`: who says so."""

    currency: str
    rate: Decimal
    since: int
    source: str = ""


class OwnedContract(msgspec.Struct, frozen=True):
    """A contract, and who declared it."""

    contract: Contract
    owner: str


class OwnedRate(msgspec.Struct, frozen=True):
    """A rate, and who declared it."""

    rate: Rate
    owner: str


def own(connection: Connection) -> Own:
    """The organisation's currency and zone."""
    found = settings.get(connection, _OWN)
    return msgspec.convert(found, Own) if found is not None else Own()


def put_own(connection: Connection, wanted: Own) -> None:
    """It is this."""
    settings.put(connection, _OWN, msgspec.to_builtins(wanted))


def contracts(connection: Connection, organisation_id: str) -> list[OwnedContract]:
    """What the file declares, then what was made in the studio, each in order."""
    rows = connection.execute(select(contract_prices).where(_c.organisation_id == organisation_id))
    return [
        OwnedContract(
            Contract(
                offering=row.offering,
                since=row.since,
                until=row.until,
                prices={name: Decimal(amount) for name, amount in row.prices.items()},
                discount=None if row.discount is None else Decimal(row.discount),
                currency=row.currency,
                reference=row.reference,
            ),
            row.owner,
        )
        for row in sorted(rows, key=lambda row: (_FIRST.index(row.owner), row.position))
    ]


def replace_contracts(
    connection: Connection, organisation_id: str, owner: str, wanted: Sequence[Contract]
) -> None:
    """The contracts of that owner are these."""
    connection.execute(
        delete(contract_prices).where(_c.organisation_id == organisation_id, _c.owner == owner)
    )
    rows = [
        {
            "id": new_id(),
            "organisation_id": organisation_id,
            "owner": owner,
            "position": position,
            "offering": contract.offering,
            "since": contract.since,
            "until": contract.until,
            "prices": {name: f"{amount:f}" for name, amount in contract.prices.items()},
            "discount": None if contract.discount is None else f"{contract.discount:f}",
            "currency": contract.currency,
            "reference": contract.reference,
        }
        for position, contract in enumerate(wanted)
    ]
    if rows:
        connection.execute(insert(contract_prices), rows)


def rates(connection: Connection, organisation_id: str) -> list[OwnedRate]:
    """By currency, in time; where both have one for the same moment, the file's comes last and counts."""
    rows = connection.execute(select(currency_rates).where(_r.organisation_id == organisation_id))
    return [
        OwnedRate(Rate(row.currency, Decimal(row.rate), row.since, row.source), row.owner)
        for row in sorted(rows, key=lambda row: (row.currency, row.since, -_FIRST.index(row.owner)))
    ]


def replace_rates(connection: Connection, organisation_id: str, owner: str, wanted: Sequence[Rate]) -> None:
    """The rates of that owner are these."""
    connection.execute(delete(currency_rates).where(_r.organisation_id == organisation_id, _r.owner == owner))
    rows = [
        {
            "organisation_id": organisation_id,
            "owner": owner,
            "currency": rate.currency,
            "since": rate.since,
            "rate": f"{rate.rate:f}",
            "source": rate.source,
        }
        for rate in wanted
    ]
    if rows:
        connection.execute(insert(currency_rates), rows)
