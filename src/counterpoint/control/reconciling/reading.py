"""Reads a vendor's file: CSV, JSON as its API gives it, or a JSON object a line; and says what its lines are."""

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from counterpoint.control.reconciling.formats import Format
from counterpoint.control.reconciling.matching import COST, Line
from counterpoint.i18n.complaint import Complaint

Row = Mapping[str, str]
_EPOCH_DIGITS = 9
_SQUASHED = re.compile(r"[^a-z0-9]")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_WORDS = re.compile(r"[a-z]+|\d+")
_UNIT = re.compile(r"(\d[\d,]*)\s*(k|m|thousand|million)?\b")
_SCALES = {"k": 1000, "thousand": 1000, "m": 1_000_000, "million": 1_000_000}
_SNAPSHOT = re.compile(r"[-@](20\d{6}|20\d\d-\d\d-\d\d|latest|v\d+(:\d+)?)$")


def rows_of(text: str, whole: Callable[[Collection[str]], bool] = lambda _: False) -> list[Row]:
    """Every line as columns; what is nested has its path for a name. `whole`: whether an object with these columns is a
    line, so that lists in it (of labels, of credits) say something of it and are not lines. Raises `Complaint`."""
    stripped = text.lstrip("\ufeff \t\r\n")
    try:
        if stripped[:1] in ("{", "["):
            return [_flat(item) for item in _items(stripped, whole)]
        return [
            {str(name).strip(): value or "" for name, value in row.items() if isinstance(value, str)}
            for row in csv.DictReader(io.StringIO(stripped))
        ]
    except (ValueError, csv.Error, RecursionError) as error:
        raise Complaint("control.reconciling.unreadable", reason=str(error)[:200]) from error


def _items(text: str, whole: Callable[[Collection[str]], bool]) -> Iterator[dict[str, Any]]:
    try:
        read = [json.loads(text, parse_float=Decimal)]
    except ValueError:
        read = [json.loads(line, parse_float=Decimal) for line in text.splitlines() if line.strip()]
    for item in read:
        yield from _leaves(item, {}, whole)


def _leaves(
    item: Any, above: dict[str, Any], whole: Callable[[Collection[str]], bool]
) -> Iterator[dict[str, Any]]:
    """The innermost objects of lists, each with what stands around it."""
    if isinstance(item, list):
        for each in item:
            yield from _leaves(each, above, whole)
        return
    if not isinstance(item, dict):
        raise ValueError("not a list of objects")
    lists = [
        value for value in item.values() if isinstance(value, list) and value and isinstance(value[0], dict)
    ]
    plain = above | {name: value for name, value in item.items() if not isinstance(value, list)}
    if not lists or whole(_flat(plain).keys()):
        if not any(isinstance(value, list) for name, value in item.items() if name in ("data", "results")):
            yield plain
        return
    for each in lists:
        yield from _leaves(each, plain, whole)


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
    known = sorted({name for name in models if squashed(name)}, key=lambda name: (-len(squashed(name)), name))
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


def _lines(row: Row, kind: Format, known: list[str]) -> Iterator[Line]:
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
        quantity = None if quantity is None else quantity * unit_of(row.get(kind.unit, ""), kind.units)
        yield Line(day, model, name, quantity, cost, currency)


def _class(row: Row, kind: Format) -> str:
    meter = (row.get(kind.meter, "") or row.get(kind.meter_else, "")).lower()
    found = (each.name for each in kind.meters if all(word in meter for word in each.words))
    return next(found, kind.unmetered)


def _model(row: Row, kind: Format, known: list[str]) -> str:
    text = row.get(kind.model, "")
    if kind.model_within:
        return model_within(text, known) or text
    return text.partition(kind.model_ends)[0] if kind.model_ends else text


def model_within(text: str, known: Iterable[str]) -> str:
    """Which of these names, the longest first, stands in a text, if only in another order: `Claude4.6Sonnet` is
    `claude-sonnet-4-6`. Empty: none."""
    inside, words = squashed(text), _WORDS.findall(text.lower())
    for name in known:
        if squashed(name) in inside:
            return name
        wanted = _WORDS.findall(_bare(name))
        size = len(wanted)
        for place in range(len(words) - size + 1):
            if words[place] == wanted[0] and sorted(words[place : place + size]) == sorted(wanted):
                return name
    return ""


def squashed(name: str) -> str:
    """A model's name as it may stand within another text: without its date, and letters and digits only."""
    return _SQUASHED.sub("", _bare(name))


def _bare(name: str) -> str:
    return _SNAPSHOT.sub("", name.rpartition("/")[2].lower())


def unit_of(text: str, units: Mapping[str, int]) -> int:
    """How many of what we count are one of theirs: as these units say, else by the number that it begins with (`1K
    tokens`, `1,000,000 Tokens`), else one."""
    said = text.strip().lower()
    for name, count in units.items():
        if name.lower() == said:
            return count
    found = _UNIT.match(said)
    return int(found[1].replace(",", "")) * _SCALES.get(found[2] or "", 1) if found else 1


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
    cleaned = text.strip().removeprefix("$")
    if not cleaned:
        return None
    if _GROUPED.fullmatch(cleaned):  # any other comma may be a decimal one, and is not guessed at
        cleaned = cleaned.replace(",", "")
    try:
        found = Decimal(cleaned)
    except InvalidOperation:
        raise ValueError(f"no amount: {text}") from None
    if not found.is_finite():
        raise ValueError(f"no amount: {text}")
    return found
