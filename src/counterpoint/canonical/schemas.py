"""Which JSON schemas are judged whole by `obeying`: those whose every keyword is known there and well formed.

An unknown keyword may forbid anything, so whoever must be sure that a value obeys asks here first.
"""

from collections.abc import Mapping
from typing import Any

_ONE = frozenset({"items", "additionalProperties", "not"})
_LISTS = frozenset({"prefixItems", "anyOf", "oneOf", "allOf"})
_MAPS = frozenset({"properties", "$defs", "definitions"})
_NUMBERS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}) | {
    f"{bound}{what}" for bound in ("min", "max") for what in ("Length", "Items", "Properties")
}
_KINDS = frozenset({"object", "array", "string", "boolean", "number", "integer", "null"})
_ANNOTATIONS = frozenset(
    [
        "title",
        "description",
        "default",
        "examples",
        "example",
        "$comment",
        "$schema",
        "deprecated",
        "readOnly",
        "writeOnly",
        "format",
        "const",
    ]
)
"""`const` may be anything, so nothing in it is malformed. `format` asserts nothing unless a validator chooses to
(JSON Schema 2020-12, validation, section 7.2.1)."""
_MOST = 20_000


def unreadable(schema: Any) -> str | None:
    """The path of the first keyword that is not judged; `None`: all are."""
    waiting: list[tuple[str, Any]] = [("$", schema)]
    seen = 0
    while waiting:
        path, inner = waiting.pop()
        seen += 1
        if seen > _MOST:
            return path
        if isinstance(inner, bool):
            continue
        if not isinstance(inner, Mapping):
            return path
        for name, value in inner.items():
            where = f"{path}.{name}"
            if name in _ONE | _LISTS | _MAPS:
                found = _inner(name, value, where)
                if found is None:
                    return where
                waiting.extend(found)
            elif name not in _ANNOTATIONS and not _is_plain(name, value, schema):
                return where
    return None


def _inner(name: str, value: Any, where: str) -> list[tuple[str, Any]] | None:
    """The schemas that stand in a keyword; `None`: it is malformed."""
    if name in _ONE:
        return [(where, value)]
    if name in _LISTS:
        items = list(enumerate(value)) if isinstance(value, list | tuple) and value else None
        return None if items is None else [(f"{where}[{index}]", item) for index, item in items]
    return [(f"{where}.{key}", item) for key, item in value.items()] if isinstance(value, Mapping) else None


def _is_plain(name: str, value: Any, root: Any) -> bool:
    """Whether a keyword without schemas in it is known and well formed."""
    if name in _NUMBERS:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if name == "type":
        kinds = [value] if isinstance(value, str) else value
        return isinstance(kinds, list | tuple) and bool(kinds) and all(map(_is_kind, kinds))
    if name == "enum":
        return isinstance(value, list | tuple)
    if name == "required":
        return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    return name == "$ref" and isinstance(value, str) and _is_judged(value, root)


def _is_kind(kind: Any) -> bool:
    return isinstance(kind, str) and kind in _KINDS


def _is_judged(reference: str, root: Any) -> bool:
    """Whether a reference leads to a schema that is walked over: the whole, or one of its definitions."""
    pieces = reference.split("/")
    walked = reference == "#" or (len(pieces) == 3 and pieces[:2] in (["#", "$defs"], ["#", "definitions"]))
    return walked and referred(root, reference, None) is not None


def referred(root: Any, reference: str, without: Any) -> Any:
    """What stands at a place of the same schema; `without` if nothing does, or if it stands elsewhere."""
    found = root
    if not reference.startswith("#"):
        return without
    for piece in filter(None, reference[1:].split("/")):
        name = piece.replace("~1", "/").replace("~0", "~")
        found = found.get(name, without) if isinstance(found, Mapping) else without
    return found
