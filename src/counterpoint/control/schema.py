"""Compares plain data with a msgspec type and finds everything that is wrong, not just the first thing.

`msgspec.convert` stops at the first error and words it for programmers. This walks the same type description
and tells each fault with its path, as the id of a sentence and the values that fill it.
"""

import difflib
import re
from collections.abc import Iterator
from datetime import date, datetime, time, tzinfo
from typing import Any

import msgspec
from msgspec import inspect

Path = tuple[str | int, ...]


_EITHER = {
    frozenset({"table", "text"}): "table_or_text",
    frozenset({"integer", "text"}): "integer_or_text",
    frozenset({"integer", "number", "text"}): "number_or_text",
}


class Fault(msgspec.Struct, frozen=True):
    """`path`: of the value at fault, or, when something is missing, of the table that lacks it. `hint`: the
    nearest name that would be right."""

    path: Path
    sentence: str
    values: dict[str, Any]
    hint: str | None = None


def faults(value: Any, expected: type) -> list[Fault]:
    """All that is wrong with `value` as an `expected`."""
    return list(_faults(value, inspect.type_info(expected), ()))


def midnights(value: Any, zone: tzinfo) -> Any:
    """The same, where each date is the moment at which it begins in `zone`. For what has no faults: dates stand in it
    where moments are expected, and nowhere else."""
    match value:
        case dict():
            return {name: midnights(item, zone) for name, item in value.items()}
        case list():
            return [midnights(item, zone) for item in value]
        case date() if not isinstance(value, datetime):
            return datetime.combine(value, time(), zone)
        case _:
            return value


def nearest(word: str, known: list[str]) -> str | None:
    """The known word that was most likely meant."""
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return found[0] if found else None


def _faults(value: Any, expected: inspect.Type, path: Path) -> Iterator[Fault]:
    match expected:
        case inspect.UnionType(types=types):
            yield from _union(value, [kind for kind in types if not isinstance(kind, inspect.NoneType)], path)
        case inspect.StructType(fields=fields):
            yield from _table(value, fields, path)
        case inspect.DictType(value_type=kind):
            if not isinstance(value, dict):
                yield _wrong(value, "table", path)
                return
            for name, item in value.items():
                yield from _faults(item, kind, (*path, name))
        case inspect.VarTupleType(item_type=kind):
            if not isinstance(value, list):
                yield _no_list(value, kind, path)
                return
            for index, item in enumerate(value):
                yield from _faults(item, kind, (*path, index))
        case _:
            yield from _scalar(value, expected, path)


def _union(value: Any, kinds: list[inspect.Type], path: Path) -> Iterator[Fault]:
    """The kind that has the value's own type is meant; if none has, the first one is asked for."""
    for kind in kinds:
        if _fits(value, kind):
            yield from _faults(value, kind, path)
            return
    words = frozenset(_word(kind) for kind in kinds)
    yield _wrong(value, _EITHER[words] if len(words) > 1 else next(iter(words)), path)


def _fits(value: Any, kind: inspect.Type) -> bool:
    match kind:
        case inspect.StructType() | inspect.DictType():
            return isinstance(value, dict)
        case inspect.VarTupleType():
            return isinstance(value, list)
        case inspect.StrType() | inspect.LiteralType():
            return isinstance(value, str)
        case inspect.BoolType():
            return isinstance(value, bool)
        case inspect.IntType():
            return isinstance(value, int) and not isinstance(value, bool)
        case inspect.FloatType():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case inspect.DateTimeType():
            return isinstance(value, date)
        case _:
            raise NotImplementedError(f"no configuration value has the type {kind}")


def _word(kind: inspect.Type) -> str:
    match kind:
        case inspect.StructType() | inspect.DictType():
            return "table"
        case inspect.VarTupleType():
            return "array"
        case inspect.StrType() | inspect.LiteralType():
            return "text"
        case inspect.BoolType():
            return "boolean"
        case inspect.IntType():
            return "integer"
        case inspect.FloatType():
            return "number"
        case _:
            return "moment"


def _table(value: Any, fields: tuple[inspect.Field, ...], path: Path) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield _wrong(value, "table", path)
        return
    known = {field.encode_name: field for field in fields}
    for name, item in value.items():
        if name in known:
            yield from _faults(item, known[name].type, (*path, name))
        else:
            missing = [field for field in known if field not in value]
            hint = nearest(name, missing)
            yield Fault((*path, name), "control.config.unknown_name", {"name": name}, hint)
    for name, field in known.items():
        if field.required and name not in value:
            yield Fault(path, "control.config.missing", {"name": name})


def _scalar(value: Any, expected: inspect.Type, path: Path) -> Iterator[Fault]:
    if not _fits(value, expected):
        yield _wrong(value, _word(expected), path)
        return
    match expected:
        case inspect.StrType(min_length=least, pattern=pattern):
            if least and len(value) < least:
                yield Fault(path, "control.config.empty", {})
            elif pattern and re.search(pattern, value) is None:
                yield Fault(path, "control.config.wrong_form", {"pattern": pattern})
        case inspect.LiteralType(values=known):
            yield from _word_of(value, [word for word in known if isinstance(word, str)], path)
        case inspect.IntType(ge=least, le=most):
            if (least is not None and value < least) or (most is not None and value > most):
                yield Fault(path, "control.config.out_of_range", {"least": least, "most": most})
        case inspect.FloatType(gt=above):
            if above is not None and not value > above:
                yield Fault(path, "control.config.not_above", {"least": above})
        case inspect.DateTimeType():
            if isinstance(value, datetime) and value.tzinfo is None:
                yield Fault(path, "control.config.no_zone", {})


def _word_of(value: str, known: list[str], path: Path) -> Iterator[Fault]:
    if value not in known:
        listed = {"value": value, "known": ", ".join(known)}
        yield Fault(path, "control.config.not_one_of", listed, nearest(value, known))


def _wrong(value: Any, wanted: str, path: Path) -> Fault:
    return Fault(path, f"control.config.wrong_type.{wanted}", {"found": _found(value)})


def _no_list(value: Any, kind: inspect.Type, path: Path) -> Fault:
    """A table alone where TOML wants one of several: brackets are missing."""
    if isinstance(value, dict) and isinstance(kind, inspect.StructType):
        fields = ", ".join(field.encode_name for field in kind.fields if field.required)
        header = "[[" + ".".join(part for part in path if isinstance(part, str)) + "]]"
        return Fault(path, "control.config.one_of_several", {"header": header, "fields": fields})
    return _wrong(value, "array", path)


def _found(value: Any) -> str:
    """The TOML word for the type of a value."""
    for kind, word in (
        (bool, "boolean"),
        (int, "integer"),
        (float, "float"),
        (str, "string"),
        (dict, "table"),
        (list, "array"),
        (datetime, "date-time"),
        (date, "date"),
        (time, "time"),
    ):
        if isinstance(value, kind):
            return word
    return type(value).__name__
