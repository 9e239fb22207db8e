"""Puts a vendor's file beside the ledger."""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import msgspec

from counterpoint.control.charges import COUNTED, parts_of
from counterpoint.control.focusing import Focus
from counterpoint.control.reconciling.formats import Format, known, recognised
from counterpoint.control.reconciling.matching import (
    COST,
    Difference,
    Line,
    Tolerance,
    agrees,
    compare,
)
from counterpoint.control.reconciling.reading import lines_of, rows_of, squashed
from counterpoint.control.usage import UsageQuery
from counterpoint.i18n.complaint import Complaint
from counterpoint.ledger.entry import Entry
from counterpoint.storage.clock import from_micros

_FREE = ("search_units", *COUNTED)


class Reconciled(msgspec.Struct, frozen=True):
    """`kind`: of the file. `agrees`: whether all is within the tolerance. `apart`: classes of ours that such a file
    does not count, and that were not compared."""

    kind: str
    differences: tuple[Difference, ...]
    agrees: bool
    apart: tuple[str, ...] = ()


class Reconciling:
    """`focus`: reads the ledger and knows prices. `same`: gives one text for all names of a model. `models`: names of
    all that there are, so that one is not taken for another whose name begins like its own."""

    def __init__(
        self, focus: Focus, same: Callable[[str], str], models: Callable[[], Iterable[str]] = tuple
    ) -> None:
        self._focus = focus
        self._same = same
        self._models = models

    def reconcile(
        self,
        text: str,
        *,
        providers: tuple[str, ...] = (),
        kind: Format | None = None,
        tolerance: Tolerance | None = None,
    ) -> Reconciled:
        """The whole file. `providers`: whose calls of ours count; none: all. Raises `Complaint`."""
        kinds = [kind] if kind else list(known().values())
        rows = rows_of(text, lambda columns: any(_has(columns, each) for each in kinds))
        if not rows:
            raise Complaint("control.reconciling.empty")
        columns = frozenset(name for row in rows for name in row)
        chosen = kind or recognised(columns, known())
        theirs = lines_of(rows, chosen)
        if not theirs:
            raise Complaint("control.reconciling.empty")
        first, last = min(line.day for line in theirs), max(line.day for line in theirs)
        query = UsageQuery(
            since=datetime.combine(first, time(), UTC),
            until=datetime.combine(last + timedelta(days=1), time(), UTC),
            only={"host": providers} if providers else {},
        )
        names = {line.name for line in theirs}
        ours = list(self._ours(self._focus.entries(query), chosen, names))
        ours, apart = _comparable(ours, chosen)
        if chosen.model_within:
            theirs = lines_of(rows, chosen, self._names({line.model for line in ours}))
        # What a file has a class of its own for is not counted as another there.
        merged = {name: other for name, other in chosen.merged.items() if name not in names}
        found = compare(theirs, ours, tolerance or Tolerance(), self._same, merged)
        return Reconciled(chosen.name, tuple(found), agrees(found), apart)

    def _names(self, ours: set[str]) -> set[str]:
        """By which a text may name our models, and those for which it could be mistaken."""
        own = {*ours, *(self._same(name) for name in ours)}
        begun = {squashed(name) for name in own}
        return own | {name for name in self._models() if any(each in squashed(name) for each in begun)}

    def _ours(self, entries: Iterable[Entry], kind: Format, names: set[str]) -> Iterable[Line]:
        """Of every call that a host was paid for. Money apart, where the file has it apart."""
        apart = bool(kind.counts)
        for entry in entries:
            if not entry.host:
                continue
            day, model = from_micros(entry.at).date(), entry.offering.partition("/")[2] or entry.model
            prices = self._focus.prices.get(entry.offering)
            for part in parts_of(entry.usage, entry.cost, prices, None):
                if part.name in _FREE and part.name not in names and not part.cost:
                    continue
                cost = None if apart else part.cost
                named = "" if part.name in kind.modelless else model
                currency = "" if apart else entry.currency
                yield Line(day, named, part.name, Decimal(part.quantity), cost, currency)
            if not entry.usage.reported:
                for name in ("input", "output"):
                    yield Line(day, model, name, Decimal(0), None, "", unreported=1)
            if apart and kind.cost and entry.cost is not None:
                yield Line(day, model, COST, None, entry.cost, entry.currency)


def _has(columns: Collection[str], kind: Format) -> bool:
    """Whether an object with these columns is a line of that kind."""
    needed = kind.columns or (kind.day, kind.model, *([kind.meter] if kind.meter else []))
    return all(name in columns for name in needed)


def _comparable(ours: list[Line], kind: Format) -> tuple[list[Line], tuple[str, ...]]:
    """The lines of classes that a file of counts can speak of, and the names of the other classes: that it does not
    have those says nothing."""
    if not kind.counts:
        return ours, ()
    known = {*kind.counts, COST}
    found = [line for line in ours if kind.merged.get(line.name, line.name) in known]
    return found, tuple(sorted({line.name for line in ours} - {line.name for line in found}))
