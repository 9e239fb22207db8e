"""Reads a vendor's file: CSV, JSON as its API gives it, or a JSON object a line; and says what its lines are."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from counterpoint.control.reconciling.formats import Format
from counterpoint.control.reconciling.matching import COST, Line
from counterpoint.i18n.complaint import Complaint

Row = Mapping[str, str]
_EPOCH_DIGITS = 9
_SQUASHED = re.compile(r"[^a-z0-9]")
_SNAPSHOT = re.compile(r"[-@](20\d{6}|20\d\d-\d\d-\d\d|latest|v\d+(:\d+)?)$")


def rows_of(text: str) -> list[Row]:
    """Every line as columns; what is nested has its path for a name. Raises `Complaint`."""
    stripped = text.lstrip("\ufeff \t\r\n")
    try:
        if stripped[:1] in ("{", "["):
            return [_flat(item) for item in _items(stripped)]
        return [
            {str(name).strip(): value or "" for name, value in row.items() if isinstance(value, str)}
            for row in csv.DictReader(io.StringIO(stripped))
        ]
    except (ValueError, csv.Error, RecursionError) as error:
        raise Complaint("control.reconciling.unreadable", reason=str(error)[:200]) from error


def _items(text: str) -> Iterator[dict[str, Any]]:
    try:
        whole = [json.loads(text, parse_float=Decimal)]
    except ValueError:
        whole = [json.loads(line, parse_float=Decimal) for line in text.splitlines() if line.strip()]
    for item in whole:
        yield from _leaves(item, {})


def _leaves(item: Any, above: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The innermost objects of lists, each with what stands around it."""
    if isinstance(item, list):
        for each in item:
            yield from _leaves(each, above)
        return
    if not isinstance(item, dict):
        raise ValueError("not a list of objects")
    lists = [
        value for value in item.values() if isinstance(value, list) and value and isinstance(value[0], dict)
    ]
    plain = above | {name: value for name, value in item.items() if not isinstance(value, list)}
    if not lists:
        if not any(isinstance(value, list) for name, value in item.items() if name in ("data", "results")):
            yield plain
        return
    for each in lists:
        yield from _leaves(each, plain)


def _flat(item: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in item.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = "" if value is None else str(value)
    return flat


def lines_of(rows: Iterable[Row], kind: Format, models: Iterable[str] = ()) -> list[Line]:
    """What they say. `models`: of ours, for files that name them within a text. Raises `Complaint`."""
    known = sorted(
        {(squashed(name), name) for name in models if squashed(name)}, key=lambda each: -len(each[0])
    )
    found: list[Line] = []
    for number, row in enumerate(rows, start=2):
        if all(row.get(column, "") in values for column, values in kind.where.items()):
            try:
                found.extend(_lines(row, kind, known))
            except (ValueError, InvalidOperation, KeyError) as error:
                raise Complaint(
                    "control.reconciling.bad_line", line=number, reason=str(error)[:200]
                ) from error
    return found


def _lines(row: Row, kind: Format, known: list[tuple[str, str]]) -> Iterator[Line]:
    day = day_of(row[kind.day])
    model = _model(row, kind, known)
    currency = (row.get(kind.currency, "") if kind.currency else kind.currency_is).upper()
    cost = _amount(row.get(kind.cost, "")) if kind.cost else None
    cost = None if cost is None else cost * Decimal(kind.scale)
    if kind.counts:
        for name, columns in kind.counts.items():
            quantity = _difference(row, columns)
            if quantity:
                yield Line(day, model, name, quantity)
        if cost is not None:
            yield Line(day, model, COST, None, cost, currency)
        return
    name = _class(row, kind)
    if name:
        quantity = _amount(row.get(kind.quantity, "")) if kind.quantity else None
        quantity = None if quantity is None else quantity * kind.units.get(row.get(kind.unit, ""), 1)
        yield Line(day, model, name, quantity, cost, currency)


def _class(row: Row, kind: Format) -> str:
    meter = row.get(kind.meter, "").lower()
    found = (each.name for each in kind.meters if all(word in meter for word in each.words))
    return next(found, kind.unmetered)


def _model(row: Row, kind: Format, known: list[tuple[str, str]]) -> str:
    text = row.get(kind.model, "")
    if kind.model_within:
        inside = squashed(text)
        return next((name for short, name in known if short in inside), text)
    return text.partition(kind.model_ends)[0] if kind.model_ends else text


def squashed(name: str) -> str:
    """A model's name as it may stand within another text: without its date, and letters and digits only."""
    bare = name.rpartition("/")[2].lower()
    return _SQUASHED.sub("", _SNAPSHOT.sub("", bare))


def day_of(text: str) -> date:
    """Of a date, a time, or seconds since the epoch; UTC."""
    text = text.strip()
    if text.isdigit() and len(text) >= _EPOCH_DIGITS:
        return datetime.fromtimestamp(int(text), UTC).date()
    if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", text):
        month, day, year = (int(part) for part in text.split("/"))
        return date(year, month, day)
    if re.fullmatch(r"\d{8}", text):
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    moment = datetime.fromisoformat(text.replace(" UTC", "+00:00"))
    return (moment if moment.tzinfo is None else moment.astimezone(UTC)).date()


def _difference(row: Row, columns: str) -> Decimal | None:
    """`a - b - c`; `None` where the first is empty."""
    first, *rest = (part.strip() for part in columns.split(" - "))
    total = _amount(row.get(first, ""))
    if total is None:
        return None
    return total - sum((_amount(row.get(name, "")) or Decimal(0) for name in rest), Decimal(0))


def _amount(text: str) -> Decimal | None:
    cleaned = text.strip().replace(",", "").removeprefix("$")
    if not cleaned:
        return None
    found = Decimal(cleaned)
    if not found.is_finite():
        raise ValueError(f"no amount: {text}")
    return found
