"""Usage of an organisation as FOCUS has it, from its ledger."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import BinaryIO

from sqlalchemy import select

from counterpoint.catalog.catalog import Catalog
from counterpoint.control import focus
from counterpoint.control.currencies import rates_at
from counterpoint.control.export import Format, write_table
from counterpoint.control.focus import COLUMNS, Names, Step
from counterpoint.control.pricing import PriceBook
from counterpoint.control.usage import Usage, UsageQuery
from counterpoint.directory.values import Offering
from counterpoint.ledger.entry import Entry
from counterpoint.storage import usage as store
from counterpoint.storage.database import Database
from counterpoint.storage.pricing import Rate
from counterpoint.storage.tables import organisations


class Focus:
    """`paid`: offerings at what is paid for them now; `listed`: at the list price."""

    def __init__(
        self,
        database: Database,
        organisation_id: str,
        usage: Usage,
        book: PriceBook,
        catalog: Catalog,
        paid: Iterable[Offering],
        listed: Iterable[Offering],
    ) -> None:
        self._database = database
        self._organisation_id = organisation_id
        self._usage = usage
        self._book = book
        self._catalog = catalog
        self.prices = {each.name: each.price for each in paid if each.price is not None}
        self.listed = {each.name: each.price for each in listed if each.price is not None}

    def export(self, query: UsageQuery, kind: Format, step: Step, out: BinaryIO) -> int:
        """Writes every charge, oldest first; how many."""
        return write_table(COLUMNS, focus.rows(self.entries(query), self._names(), step), kind, out)

    def entries(self, query: UsageQuery) -> Iterator[Entry]:
        """All that the ledger has of what was asked for, in time."""
        return self._usage.in_time(query)

    def _names(self) -> Names:
        with self._database.read() as connection:
            mine = select(organisations.c.name).where(organisations.c.id == self._organisation_id)
            name = connection.execute(mine).scalar()
            projects, keys = store.project_names(connection), store.key_names(connection)
        return Names(
            organisation_id=self._organisation_id,
            organisation=name or "",
            currency=self._book.own.currency,
            projects=projects,
            keys=keys,
            hosts={row.name: row.company or row.display for row in self._catalog.hosts.values()},
            makers={name: maker.display for name, maker in self._catalog.makers.items()},
            prices=self.prices,
            listed=self.listed,
            own=Own(self._book).amount,
        )


class Own:
    """Amounts in the organisation's currency, at the rates of their time."""

    def __init__(self, book: PriceBook) -> None:
        self._currency = book.own.currency
        self._rates: list[Rate] = book.plain_rates()
        self._dated = len({rate.since for rate in self._rates}) > 1
        self._now = rates_at(self._currency, self._rates, _last(self._rates))

    def amount(self, amount: Decimal, currency: str, moment: int) -> Decimal | None:
        """`None`: there is no rate for that."""
        if currency == self._currency:
            return amount
        first = min((rate.since for rate in self._rates if rate.currency == currency), default=None)
        if first is None or moment < first:
            return None
        rates = rates_at(self._currency, self._rates, moment) if self._dated else self._now
        rate = rates.get(currency)
        return None if rate is None else amount * rate


def _last(rates: Iterable[Rate]) -> int:
    """When the newest rate begins."""
    return max((rate.since for rate in rates), default=0)
