"""Whether a value obeys a JSON schema, and where it does not: for answers of hosts that could not be held to one.

The part of JSON Schema (2020-12, https://json-schema.org/draft/2020-12/json-schema-validation) that structured output
is made of. What is not known here is not judged, nor are patterns and formats: a pattern comes from the caller, and
some take for ever. The work is bounded, whatever the schema refers to. `unproven` takes nothing on trust: for whoever
accepts an answer because it obeys.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from counterpoint.canonical.schemas import referred, unreadable

STEPS = 20_000
"""Looks at a schema after which the rest is taken on trust."""
DEEPEST = 100

_KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "number": (int, float),
    "null": (type(None),),
}


def fault(schema: Any, value: Any) -> str | None:
    """The path of the first thing in `value` that the schema forbids, `$` for the whole; `None`: it obeys."""
    try:
        return next(_Look(schema).faults(schema, value, "$", 0), None)
    except RecursionError:  # values to compare with may be nested deeper than is looked
        return None


def unproven(schema: Any, value: Any) -> str | None:
    """The same, but what cannot be judged counts as forbidden: the path of a keyword that is not known here, of one
    that is malformed, or `$` where the steps did not suffice. A `format` is an annotation, as the standard has it."""
    unjudged = unreadable(schema)
    if unjudged is not None:
        return unjudged
    look = _Look(schema)
    try:
        found = next(look.faults(schema, value, "$", 0), None)
    except RecursionError:
        return "$"
    return "$" if found is None and look.trusting else found


class _Look:
    """One look at a value. `left`: steps that may still be taken; `trusting`: whether they did not suffice."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._left = STEPS
        self.trusting = False

    def faults(self, schema: Any, value: Any, path: str, depth: int) -> Iterator[str]:
        """Paths at fault, as they are found."""
        self._left -= 1
        if schema is False:
            yield path
        if self._left < 0 or depth > DEEPEST:
            self.trusting = True
            return
        if not isinstance(schema, Mapping):
            return
        if not _is_kind(schema.get("type"), value) or not _is_listed(schema, value):
            yield path
            return
        if isinstance(schema.get("$ref"), str):
            yield from self.faults(self._referred(schema["$ref"]), value, path, depth + 1)
        yield from self._joined(schema, value, path, depth + 1)
        if isinstance(value, dict):
            yield from self._object(schema, value, path, depth + 1)
        elif isinstance(value, list):
            yield from self._array(schema, value, path, depth + 1)
        elif not _is_within(schema, value):
            yield path

    def _obeys(self, schema: Any, value: Any, depth: int) -> bool:
        return next(self.faults(schema, value, "$", depth), None) is None

    def _referred(self, reference: str) -> Any:
        """What stands at a place of the same schema; what stands elsewhere is not looked for."""
        return referred(self._root, reference, True)

    def _joined(self, schema: Mapping[str, Any], value: Any, path: str, depth: int) -> Iterator[str]:
        for each in _listed(schema.get("allOf")):
            yield from self.faults(each, value, path, depth)
        choices = _listed(schema.get("anyOf"))
        if choices and not any(self._obeys(each, value, depth) for each in choices):
            yield path
        choices = _listed(schema.get("oneOf"))
        if choices and sum(self._obeys(each, value, depth) for each in choices) != 1:
            yield path
        if "not" in schema and self._left > 0 and self._obeys(schema["not"], value, depth):
            yield path

    def _object(
        self, schema: Mapping[str, Any], value: dict[str, Any], path: str, depth: int
    ) -> Iterator[str]:
        properties = schema.get("properties")
        known: Mapping[str, Any] = properties if isinstance(properties, Mapping) else {}
        for name in _listed(schema.get("required")):
            if name not in value:
                yield f"{path}.{name}"
        others = schema.get("additionalProperties", True)
        if schema.get("patternProperties"):
            others = True  # which of them a pattern means is not judged
        for name, item in value.items():
            yield from self.faults(known.get(name, others), item, f"{path}.{name}", depth)
        if not _counts(schema, "Properties", len(value)):
            yield path

    def _array(self, schema: Mapping[str, Any], value: list[Any], path: str, depth: int) -> Iterator[str]:
        first = _listed(schema.get("prefixItems"))
        rest = schema.get("items", True)
        for index, item in enumerate(value):
            inner = first[index] if index < len(first) else rest
            yield from self.faults(inner, item, f"{path}[{index}]", depth)
        if not _counts(schema, "Items", len(value)):
            yield path


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _is_kind(kinds: Any, value: Any) -> bool:
    names = [kinds] if isinstance(kinds, str) else _listed(kinds)
    known = [name for name in names if name in _KINDS or name == "integer"]
    return not known or any(_is_of(name, value) for name in known)


def _is_of(name: str, value: Any) -> bool:
    if name == "integer":
        return not isinstance(value, bool) and isinstance(value, int | float) and value == value // 1
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, _KINDS[name])


def _is_listed(schema: Mapping[str, Any], value: Any) -> bool:
    choices = schema.get("enum")
    if isinstance(choices, list | tuple) and not any(_same(choice, value) for choice in choices):
        return False
    return "const" not in schema or _same(schema["const"], value)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(item, other[name]) for name, item in one.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _is_within(schema: Mapping[str, Any], value: Any) -> bool:
    if isinstance(value, str):
        return _counts(schema, "Length", len(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    return (
        value >= _limit(schema, "minimum", -math.inf)
        and value <= _limit(schema, "maximum", math.inf)
        and value > _limit(schema, "exclusiveMinimum", -math.inf)
        and value < _limit(schema, "exclusiveMaximum", math.inf)
    )


def _counts(schema: Mapping[str, Any], what: str, number: int) -> bool:
    return _limit(schema, f"min{what}", 0) <= number <= _limit(schema, f"max{what}", math.inf)


def _limit(schema: Mapping[str, Any], name: str, without: float) -> float:
    value = schema.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else without
